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

CREATE FUNCTION cdp._revise_model() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('cdp.resolving', true) IS DISTINCT FROM 'on' THEN
        UPDATE cdp_data.match_model m SET revision = nextval('cdp_data.match_revision'), is_indexed = false WHERE m.is_active AND m.revision IS NOT NULL;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._revise_model() IS 'Internal. Trigger: after a change of the model by hand the next resolution looks at all records.';

CREATE FUNCTION cdp._match_query(OUT all_records text, OUT some_records text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $q$
        SELECT r.record_id, pg_catalog.hashtextextended(s.name || ':' || r.source_key, 0) AS order_key,
               cdp.fold(r.given_name) AS given_name, cdp.fold(r.family_name) AS family_name, r.birth_date, cdp.email_key(r.email) AS email_key,
               cdp.phone_key(r.phone) AS phone_key, cdp.address_key(r.street, r.country) AS street, cdp.fold(r.city) AS city,
               cdp.fold(r.postal_code) AS postal_code, cdp.fold(r.national_id) AS national_id, r.gender,
               CASE WHEN r.national_id IS NOT NULL AND cdp.national_id_type(r.national_id, s.country) IS NOT NULL
                    THEN pg_catalog.array_append(i.identifiers, 'national_id:' || cdp.fold(r.national_id)) ELSE i.identifiers END AS identifiers
        FROM cdp_data.record r
        JOIN cdp_data.source s USING (source_id)
        LEFT JOIN (SELECT d.record_id, pg_catalog.array_agg(d.kind || ':' || d.value ORDER BY d.kind, d.value) AS identifiers
                   FROM cdp_data.record_identifier d JOIN cdp_data.attribute a ON a.attribute = d.kind AND a.identifies = 'person'
                   GROUP BY d.record_id) i USING (record_id)
        WHERE i.identifiers IS NOT NULL OR r.email IS NOT NULL OR r.phone IS NOT NULL OR r.family_name IS NOT NULL
           OR r.given_name IS NOT NULL OR r.national_id IS NOT NULL OR r.birth_date IS NOT NULL OR r.street IS NOT NULL
           OR r.record_id IN (SELECT record_id FROM cdp._records_decided_same())
    $q$, $q$
        SELECT r.record_id, pg_catalog.hashtextextended(s.name || ':' || r.source_key, 0) AS order_key,
               cdp.fold(r.given_name) AS given_name, cdp.fold(r.family_name) AS family_name, r.birth_date, cdp.email_key(r.email) AS email_key,
               cdp.phone_key(r.phone) AS phone_key, cdp.address_key(r.street, r.country) AS street, cdp.fold(r.city) AS city,
               cdp.fold(r.postal_code) AS postal_code, cdp.fold(r.national_id) AS national_id, r.gender,
               CASE WHEN r.national_id IS NOT NULL AND cdp.national_id_type(r.national_id, s.country) IS NOT NULL
                    THEN pg_catalog.array_append(i.identifiers, 'national_id:' || cdp.fold(r.national_id)) ELSE i.identifiers END AS identifiers
        FROM cdp_data.record r
        JOIN cdp_data.source s USING (source_id)
        LEFT JOIN LATERAL (
            SELECT pg_catalog.array_agg(d.kind || ':' || d.value ORDER BY d.kind, d.value) AS identifiers
            FROM cdp_data.record_identifier d JOIN cdp_data.attribute a ON a.attribute = d.kind AND a.identifies = 'person'
            WHERE d.record_id = r.record_id) i ON true
        WHERE r.record_id = ANY ($1) AND (i.identifiers IS NOT NULL OR r.email IS NOT NULL OR r.phone IS NOT NULL OR r.family_name IS NOT NULL
           OR r.given_name IS NOT NULL OR r.national_id IS NOT NULL OR r.birth_date IS NOT NULL OR r.street IS NOT NULL
           OR EXISTS (SELECT FROM cdp_data.match_decision k WHERE k.record_a = r.record_id AND k.decision = 'same' AND k.withdrawn_at IS NULL)
           OR EXISTS (SELECT FROM cdp_data.match_decision k WHERE k.record_b = r.record_id AND k.decision = 'same' AND k.withdrawn_at IS NULL))
    $q$
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

-- Of all records (NULL), or some.
CREATE FUNCTION cdp._refresh_match_records(record_ids bigint[], model_id int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    query CONSTANT record := cdp._match_query();
BEGIN
    IF record_ids IS NULL THEN
        -- An index is made ten times faster than it grows.
        TRUNCATE cdp_data.match_record;
        DROP INDEX cdp_data.match_record_keys;
        INSERT INTO cdp_data.match_record SELECT * FROM cdp._match_rows(query.all_records, NULL, model_id);
        CREATE INDEX match_record_keys ON cdp_data.match_record USING gin (keys) WITH (fastupdate = off);
        ANALYZE cdp_data.match_record;
    ELSE
        DELETE FROM cdp_data.match_record r WHERE r.record_id = ANY (record_ids);
        INSERT INTO cdp_data.match_record SELECT * FROM cdp._match_rows(query.some_records, record_ids, model_id);
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._refresh_match_records(bigint[], int) IS 'Internal. Cleans records, or all (NULL), anew for the match engine and computes their keys under a model.';
