-- What the match engine compares of each record, kept beside the records, and what has changed since the last run.

CREATE FUNCTION cdp._note_records() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Before the first resolution everything is new.
    IF EXISTS (SELECT FROM cdp_data.match_model m WHERE m.is_active) THEN
        INSERT INTO cdp_data.match_pending (record_id) SELECT t.record_id FROM touched t;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._note_records() IS 'Internal. Trigger: notes the records of new, changed or deleted rows for the next resolution.';

CREATE FUNCTION cdp._note_changed_record() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO cdp_data.match_pending (record_id) VALUES (NEW.record_id);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._note_changed_record() IS 'Internal. Trigger: notes a record that is not what it was.';

CREATE FUNCTION cdp._note_details() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO cdp_data.match_pending (record_id, is_compared) VALUES (NEW.record_id, false);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._note_details() IS 'Internal. Trigger: notes a record of whom nothing changed but attributes that people are not compared by.';

CREATE FUNCTION cdp._note_gone_records() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM cdp_data.match_record r USING touched t WHERE r.record_id = t.record_id;
    INSERT INTO cdp_data.match_pending (record_id, profile_id) SELECT t.record_id, t.profile_id FROM touched t;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._note_gone_records() IS 'Internal. Trigger: takes a deleted record''s values out of the match engine at once and notes whom it may have held together.';

CREATE FUNCTION cdp._note_refused() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM cdp_data.match_model m WHERE m.is_active) THEN
        INSERT INTO cdp_data.match_pending (record_id)
        SELECT r.record_id FROM touched t JOIN cdp_data.record r ON r.source_id = t.source_id AND r.source_key = t.source_key
        WHERE t.attribute IN ('email', 'phone', 'postal_code', 'national_id');
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._note_refused() IS 'Internal. Trigger: notes records of whom a value was refused that they are compared by all the same.';

CREATE FUNCTION cdp._note_refused_again() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO cdp_data.match_pending (record_id) SELECT r.record_id FROM cdp_data.record r WHERE r.source_id = NEW.source_id AND r.source_key = NEW.source_key;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._note_refused_again() IS 'Internal. Trigger: notes the record of a refused value that came back or went.';

CREATE FUNCTION cdp._revise_model() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- A resolution that adds to its own model says afterwards that the index is complete.
    UPDATE cdp_data.match_model m SET revision = nextval('cdp_data.match_revision'), is_indexed = false WHERE m.is_active AND m.revision IS NOT NULL;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._revise_model() IS 'Internal. Trigger: after a change of the model by hand the next resolution looks at all records.';

-- SQL text: a folded name without title, "Jr." and initials after it.
CREATE FUNCTION cdp._comparable_name(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format($q$CASE WHEN strpos(%1$s, ' ') = 0 THEN %1$s
                          WHEN split_part(%1$s, ' ', 1) IN ('mr', 'mrs', 'ms', 'miss', 'dr', 'prof') THEN substr(%1$s, strpos(%1$s, ' ') + 1)
                          WHEN %1$s LIKE '%% _' THEN left(%1$s, -2)
                          WHEN right(%1$s, 3) IN (' jr', ' sr', ' ii', ' iv') THEN left(%1$s, -3)
                          WHEN right(%1$s, 4) = ' iii' THEN left(%1$s, -4)
                          ELSE %1$s END$q$, name)
$$;
COMMENT ON FUNCTION cdp._comparable_name(text) IS 'Internal. SQL that takes titles, suffixes and a last initial off a folded name.';

-- What is no address or number for lack of a sign or a country is still the same on two records: what was refused counts, too.
CREATE FUNCTION cdp._match_query(OUT all_records text, OUT some_records text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    WITH part AS (
        SELECT cdp._comparable_name('r.folded_given') AS given, cdp._comparable_name('r.folded_family') AS family,
               $q$SELECT d.record_id, pg_catalog.array_agg(d.kind || ':' || d.value ORDER BY d.kind, d.value) AS identifiers
            FROM cdp_data.record_identifier d JOIN cdp_data.attribute a ON a.attribute = d.kind AND a.identifies = 'person'$q$ AS identifiers,
               $q$SELECT j.source_id, j.source_key, max(j.value) FILTER (WHERE j.attribute = 'email') AS email, max(j.value) FILTER (WHERE j.attribute = 'phone') AS phone,
                   max(j.value) FILTER (WHERE j.attribute = 'postal_code') AS postal_code, max(j.value) FILTER (WHERE j.attribute = 'national_id') AS national_id
            FROM cdp_data.reject j WHERE j.resolved_at IS NULL AND j.attribute IN ('email', 'phone', 'postal_code', 'national_id')$q$ AS refused,
               $q$
        SELECT r.record_id, r.order_key, %1$s, %2$s, r.birth_date, coalesce(cdp.email_key(r.email), CASE WHEN cdp.junk_reason(j.email, 'email') IS NULL THEN cdp.fold(j.email) END),
               cdp.phone_key(coalesce(r.phone, CASE WHEN cdp.junk_reason(j.phone, 'phone') IS NULL THEN j.phone END)), cdp.address_key(r.street, r.country), cdp.fold(r.city),
               cdp.fold(coalesce(r.postal_code, j.postal_code)), cdp.fold(coalesce(r.national_id, CASE WHEN cdp.junk_reason(j.national_id, 'national_id') IS NULL THEN cdp.normalize_identifier(j.national_id) END)),
               r.gender, CASE WHEN r.is_verified THEN pg_catalog.array_append(i.identifiers, 'national_id:' || cdp.fold(r.national_id)) ELSE i.identifiers END
        FROM (SELECT r.*, cdp.fold(r.given_name) AS folded_given, cdp.fold(r.family_name) AS folded_family, pg_catalog.hashtextextended(s.name || ':' || r.source_key, 0) AS order_key,
                     r.national_id IS NOT NULL AND cdp.national_id_type(r.national_id, s.country) IS NOT NULL AS is_verified
              FROM cdp_data.record r JOIN cdp_data.source s USING (source_id)
              %3$s OFFSET 0) AS r
        LEFT JOIN %4$s
        LEFT JOIN %5$s
        WHERE i.identifiers IS NOT NULL OR r.email IS NOT NULL OR r.phone IS NOT NULL OR r.family_name IS NOT NULL
           OR r.given_name IS NOT NULL OR r.national_id IS NOT NULL OR r.birth_date IS NOT NULL OR r.street IS NOT NULL OR %6$s
$q$ AS query)
    SELECT format(p.query, p.given, p.family, 'WHERE r.deleted_at IS NULL',
               '(' || p.identifiers || ' GROUP BY d.record_id) AS i ON i.record_id = r.record_id',
               '(' || p.refused || ' GROUP BY j.source_id, j.source_key) AS j ON j.source_id = r.source_id AND j.source_key = r.source_key',
               'r.record_id IN (SELECT record_id FROM cdp._records_decided_same())'),
           format(p.query, p.given, p.family, 'WHERE r.record_id = ANY ($1) AND r.deleted_at IS NULL',
               'LATERAL (' || p.identifiers || ' AND d.record_id = r.record_id GROUP BY d.record_id) AS i ON true',
               'LATERAL (' || p.refused || ' AND j.source_id = r.source_id AND j.source_key = r.source_key GROUP BY j.source_id, j.source_key) AS j ON true',
               $q$EXISTS (SELECT FROM cdp_data.match_decision k WHERE k.record_a = r.record_id AND k.decision = 'same' AND k.withdrawn_at IS NULL)
           OR EXISTS (SELECT FROM cdp_data.match_decision k WHERE k.record_b = r.record_id AND k.decision = 'same' AND k.withdrawn_at IS NULL)$q$)
    INTO all_records, some_records FROM part p;
END
$$;
COMMENT ON FUNCTION cdp._match_query() IS 'Internal. The records as the match engine wants them, all or those whose ids are $1; those that carry nothing to match by, nor are decided to be somebody, are left out.';

CREATE FUNCTION cdp._records_decided_same() RETURNS TABLE (record_id bigint)
LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.record_a FROM cdp_data.match_decision k WHERE k.decision = 'same' AND k.withdrawn_at IS NULL
    UNION SELECT k.record_b FROM cdp_data.match_decision k WHERE k.decision = 'same' AND k.withdrawn_at IS NULL
$$;
COMMENT ON FUNCTION cdp._records_decided_same() IS 'Internal. The records that a steward has decided to be the same person as another.';

CREATE FUNCTION cdp._is_matchable(record_id bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.email IS NOT NULL OR r.phone IS NOT NULL OR r.family_name IS NOT NULL OR r.given_name IS NOT NULL OR r.national_id IS NOT NULL
        OR r.birth_date IS NOT NULL OR r.street IS NOT NULL
        OR EXISTS (SELECT FROM cdp_data.record_identifier d JOIN cdp_data.attribute a ON a.attribute = d.kind AND a.identifies = 'person' WHERE d.record_id = r.record_id)
    FROM cdp_data.record r WHERE r.record_id = $1
$$;
COMMENT ON FUNCTION cdp._is_matchable(bigint) IS 'Internal. Whether a record carries anything to match by: as the last condition of cdp._match_query(). One that does not is an anonymous visitor.';

-- The server gathers keys in a tree of this size before it writes them; one that is larger than the processor's cache is half as
-- fast (a million records: 28 s with 32 MB, 50 s with 1 GB).
CREATE FUNCTION cdp._index_match_keys() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET maintenance_work_mem = '32MB' AS $$
BEGIN
    CREATE INDEX match_record_keys ON cdp_data.match_record USING gin (keys) WITH (fastupdate = off);
END
$$;
COMMENT ON FUNCTION cdp._index_match_keys() IS 'Internal. Makes the index of the keys.';

-- Of all records (NULL), or some.
CREATE FUNCTION cdp._refresh_match_records(record_ids bigint[], model_id int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    query CONSTANT record := cdp._match_query();
BEGIN
    IF record_ids IS NULL THEN
        -- An index is made ten times faster than it grows.
        TRUNCATE cdp_data.match_record;
        DROP INDEX IF EXISTS cdp_data.match_record_keys, cdp_data.match_record_home, cdp_data.match_record_names, cdp_data.match_record_birth_date, cdp_data.match_record_national_id;
        INSERT INTO cdp_data.match_record SELECT * FROM cdp._match_rows(query.all_records, NULL, model_id);
        PERFORM cdp._index_match_keys();
        CREATE INDEX match_record_home ON cdp_data.match_record (hashtextextended(street || E'\n' || coalesce(postal_code, city, ''), 0)) WHERE street IS NOT NULL;
        CREATE INDEX match_record_names ON cdp_data.match_record (family_name, given_name);
        CREATE INDEX match_record_birth_date ON cdp_data.match_record (birth_date);
        CREATE INDEX match_record_national_id ON cdp_data.match_record (national_id);
        ANALYZE cdp_data.match_record;
    ELSE
        DELETE FROM cdp_data.match_record r WHERE r.record_id = ANY (record_ids);
        INSERT INTO cdp_data.match_record SELECT * FROM cdp._match_rows(query.some_records, record_ids, model_id);
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._refresh_match_records(bigint[], int) IS 'Internal. Cleans records, or all (NULL), anew for the match engine and computes their keys under a model.';
