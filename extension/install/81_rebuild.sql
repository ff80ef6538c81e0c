-- The store built again from raw rows, the id map, decisions and the model; and hashes to compare it by.

CREATE FUNCTION cdp._hash_lines(query text, OUT rows_found bigint, OUT hash text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' SET timezone = 'UTC' SET extra_float_digits = 1 AS $$
BEGIN
    -- Sums do not depend on the order of rows, and do not cancel repeated ones.
    EXECUTE format($q$
        SELECT count(*), md5(concat_ws(' ', count(*), sum(hashtextextended(h.line, 0)::numeric), sum(hashtextextended(h.line, 1)::numeric)))
        FROM (SELECT (ROW(l.*)::text) COLLATE "C" AS line FROM (%s) AS l) AS h
    $q$, query) INTO rows_found, hash;
END
$$;
COMMENT ON FUNCTION cdp._hash_lines(text) IS 'Internal. Number of the rows of a query and a hash of them that does not depend on their order.';

-- Records are named by source and key, what hangs on them by theirs; times of processing are left out.
CREATE FUNCTION cdp.store_hash() RETURNS TABLE (table_name text, rows_found bigint, hash text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM cdp._require_store();
    RETURN QUERY
    SELECT t.name, h.rows_found, h.hash
    FROM (VALUES
        (1, 'record', $q$SELECT s.name, r.source_key, r.profile_id, r.given_name, r.family_name, r.birth_date, r.gender, r.email, r.phone, r.street, r.city, r.region, r.postal_code, r.country,
            r.national_id, r.company, r.details, r.source_updated_at, r.is_delivered, r.deleted_at IS NOT NULL, r.deleted_values - 'source_updated_at'
            FROM cdp_data.record r JOIN cdp_data.source s USING (source_id)$q$),
        (2, 'record_identifier', $q$SELECT s.name, r.source_key, d.kind, d.value, d.first_seen_at, d.last_seen_at
            FROM cdp_data.record_identifier d JOIN cdp_data.record r USING (record_id) JOIN cdp_data.source s USING (source_id)$q$),
        (3, 'event', $q$SELECT s.name, e.event_key, p.name, r.source_key, k.name, e.occurred_at, e.amount, e.currency, e.latitude, e.longitude, e.properties
            FROM cdp_data.event e JOIN cdp_data.event_kind k USING (kind_id) JOIN cdp_data.source s ON s.source_id = e.source_id
            JOIN cdp_data.record r USING (record_id) JOIN cdp_data.source p ON p.source_id = r.source_id$q$),
        (4, 'consent', $q$SELECT c.anchor_kind, CASE WHEN c.anchor_kind = 'record' THEN concat(a.source_id, ':', a.source_key) ELSE c.anchor_value END, c.channel, c.purpose, c.is_granted, c.decided_at,
            s.name, r.source_key, CASE WHEN c.source_id IS NOT NULL THEN c.evidence END
            FROM cdp_data.consent c LEFT JOIN cdp_data.source s USING (source_id) LEFT JOIN cdp_data.record r USING (record_id)
            LEFT JOIN cdp_data.record a ON c.anchor_kind = 'record' AND a.record_id::text = c.anchor_value$q$),
        (5, 'reject', $q$SELECT s.name, j.relation, j.source_key, j.line_number, j.attribute, j.rule, j.value, j.reason, j.suggestion, j.original, j.corrected
            FROM cdp_data.reject j LEFT JOIN cdp_data.source s USING (source_id) WHERE j.resolved_at IS NULL$q$),
        (6, 'profile', $q$SELECT f.profile_id, f.status, f.given_name, f.family_name, f.birth_date, f.gender, f.email, f.phone, f.street, f.city, f.region, f.postal_code, f.country, f.national_id,
            f.company, f.details, f.record_count, f.source_count FROM cdp_data.profile f$q$),
        (7, 'household', $q$SELECT h.members, m.profile_id, round(m.probability::numeric, 6), m.since, m.until FROM cdp_data.household_member m
            JOIN (SELECT household_id, array_agg(profile_id ORDER BY profile_id) AS members FROM cdp_data.household_member WHERE until IS NULL GROUP BY household_id) AS h USING (household_id)$q$),
        (8, 'enriched_value', $q$SELECT v.profile_id, v.attribute, v.enrichment, v.input, v.value, v.is_used FROM cdp_data.enriched_value v$q$),
        (9, 'dossier', $q$SELECT d.profile_id, md5(d.content), d.event_count FROM cdp_data.dossier d$q$),
        (10, 'segment_member', $q$SELECT g.name, m.profile_id FROM cdp_data.segment_member m JOIN cdp_data.segment g USING (segment_id)$q$)) AS t(n, name, query)
    CROSS JOIN LATERAL cdp._hash_lines(t.query) h
    ORDER BY t.n;
END
$$;
COMMENT ON FUNCTION cdp.store_hash() IS
'One row per table that is derived from what sources deliver, with the number of its rows and a hash of what they say: the same for the same content, whatever the order of rows, the numbers given anew and the times of processing. Of rejects those that are open count. Two calls tell whether anything changed in between. Reads everything. Example: SELECT * FROM cdp.store_hash();';

-- While the store is built again: records get the ids that they had.
CREATE FUNCTION cdp._keep_ids() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
BEGIN
    SELECT i.record_id, i.profile_id, i.created_at INTO known FROM pg_temp.cdp_ids i WHERE i.source_id = NEW.source_id AND i.source_key = NEW.source_key;
    IF FOUND THEN
        NEW.record_id := known.record_id;
        NEW.profile_id := known.profile_id;
        NEW.created_at := known.created_at;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION cdp._keep_ids() IS 'Internal. Trigger, only while cdp.rebuild_store() works: the ids of a record are those of cdp_data.id_map.';

CREATE FUNCTION cdp._check_rebuild() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wanting record;
BEGIN
    SELECT string_agg(format('%I: %s', s.name, coalesce(r.gap, 'its rows are not kept')), '; ' ORDER BY s.name COLLATE "C") AS gaps, min(s.name) AS first, count(*) AS number INTO wanting
    FROM cdp_data.source s LEFT JOIN cdp_data.raw_source r USING (source_id)
    WHERE r.is_complete IS NOT TRUE
      AND (EXISTS (SELECT FROM cdp_data.source_read t WHERE t.source_id = s.source_id) OR EXISTS (SELECT FROM cdp_data.record t WHERE t.source_id = s.source_id AND t.is_delivered)
           OR EXISTS (SELECT FROM cdp_data.event t WHERE t.source_id = s.source_id) OR s.reading IS NOT NULL);
    IF wanting.number > 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = format('the store cannot be built from raw rows: %s of its sources %s not complete there', wanting.number, CASE wanting.number WHEN 1 THEN 'is' ELSE 'are' END),
            DETAIL = wanting.gaps || '. Nothing was changed.',
            HINT = format('Raw rows have to be kept from before the first reading on: SELECT * FROM cdp.add_source(…), cdp.keep_raw(%L); see cdp_data.raw_source.', wanting.first);
    ELSIF NOT EXISTS (SELECT FROM cdp_data.raw_reading) THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = 'there are no raw rows to build the store from',
            DETAIL = 'No source has been read while its rows were kept.', HINT = 'Keep them: SELECT * FROM cdp.keep_raw(''crm''); before the first CALL cdp.refresh();';
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._check_rebuild() IS 'Internal. Errors (55000), with the sources, unless everything that was ever delivered is in cdp_data.raw_row.';

CREATE FUNCTION cdp._masked_attributes(source_id int) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT a.attribute), '{}') FROM cdp_data.mapping m JOIN cdp_data.attribute a ON a.attribute = m.target JOIN cdp_data.source s USING (source_id)
    WHERE m.source_id = $1 AND s.kind = 'people' AND a.semantic_type IN ('payment_card', 'iban')
$$;
COMMENT ON FUNCTION cdp._masked_attributes(int) IS 'Internal. The attributes of a source of people whose columns raw rows hold masked, always.';

-- SQL text: rows of raw content, w, as the relation of the source has them.
CREATE FUNCTION cdp._raw_select(source_id int) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    source record;
    columns CONSTANT text[] := cdp._raw_columns(source_id);
    has_masked CONSTANT boolean := EXISTS (SELECT FROM cdp_data.raw_row w WHERE w.source_id = _raw_select.source_id AND w.is_masked) AND EXISTS (SELECT FROM pg_temp.cdp_unmasked);
    hidden text[];
    relation_id oid;
BEGIN
    SELECT s.* INTO source FROM cdp_data.source s WHERE s.source_id = _raw_select.source_id;
    PERFORM cdp._check_mapping(source.source_id);
    relation_id := to_regclass(source.relation);
    -- Half a number is none: such values are taken from the store, where it has them.
    hidden := ARRAY(SELECT m.column_name FROM cdp_data.mapping m WHERE m.source_id = source.source_id AND m.target = ANY (cdp._masked_attributes(source.source_id)));
    RETURN (SELECT string_agg(format(CASE WHEN a.attname = ANY (hidden) THEN 'NULL::%2$s AS %3$I'
                                          WHEN has_masked THEN '(coalesce((SELECT u.value FROM pg_temp.cdp_unmasked u WHERE u.masked = w.content ->> %1$L), w.content ->> %1$L))::%2$s AS %3$I'
                                          ELSE '(w.content ->> %1$L)::%2$s AS %3$I' END, a.attname, format_type(a.atttypid, a.atttypmod), a.attname), ', ')
            FROM pg_attribute a WHERE a.attrelid = relation_id AND a.attname = ANY (columns) AND NOT a.attisdropped);
END
$$;
COMMENT ON FUNCTION cdp._raw_select(int) IS 'Internal. The columns of a source out of the content of its raw rows.';

CREATE FUNCTION cdp._reread_raw() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET bytea_output = 'hex' SET timezone = 'UTC' SET jit = off AS $$
#variable_conflict use_column
DECLARE
    reading record;
    last_consent bigint;
    readings bigint := 0;
    keys text[];
    started CONSTANT timestamptz := clock_timestamp();
    kept_from bigint;
BEGIN
    FOR reading IN
        SELECT g.raw_reading_id, g.source_id, g.kind, g.is_complete, g.read_at, s.kind AS source_kind, s.name, q.columns,
               g.is_complete AND g.raw_reading_id = max(g.raw_reading_id) FILTER (WHERE g.is_complete) OVER (PARTITION BY g.source_id) AS is_last
        FROM cdp_data.raw_reading g JOIN cdp_data.source s USING (source_id)
        JOIN (SELECT r.source_id, cdp._raw_select(r.source_id) AS columns FROM cdp_data.raw_source r WHERE r.is_complete) AS q USING (source_id)
        ORDER BY g.raw_reading_id
    LOOP
        -- What brought nothing new changed nothing. Only the last look at all rows of a source says what is no longer refused.
        CONTINUE WHEN NOT reading.is_last AND NOT EXISTS (SELECT FROM cdp_data.raw_row w WHERE w.raw_reading_id = reading.raw_reading_id);
        readings := readings + 1;
        PERFORM cdp._report_progress(format('reading %s again, as of %s', reading.name, to_char(reading.read_at, 'YYYY-MM-DD HH24:MI')));
        IF reading.kind = 'deletes' THEN
            keys := ARRAY(SELECT coalesce(u.value, w.source_key) FROM cdp_data.raw_row w LEFT JOIN pg_temp.cdp_unmasked u ON u.masked = w.source_key WHERE w.raw_reading_id = reading.raw_reading_id);
            IF reading.source_kind = 'people' THEN
                PERFORM cdp._delete_records(ARRAY(SELECT r.record_id FROM unnest(keys) k JOIN cdp_data.record r ON r.source_id = reading.source_id AND r.source_key = k WHERE r.is_delivered AND r.deleted_at IS NULL));
                UPDATE cdp_data.record r SET deleted_at = reading.read_at FROM unnest(keys) k WHERE r.source_id = reading.source_id AND r.source_key = k AND r.deleted_at >= started;
            ELSE
                DELETE FROM cdp_data.event e USING unnest(keys) AS k WHERE e.source_id = reading.source_id AND e.event_key = k;
                UPDATE cdp_data.reject j SET resolved_at = clock_timestamp() FROM unnest(keys) AS k WHERE j.source_id = reading.source_id AND j.source_key = k AND j.resolved_at IS NULL;
            END IF;
            CONTINUE;
        END IF;
        DROP TABLE IF EXISTS pg_temp.cdp_raw_read;
        -- Of messages the latest word counts, of all that were read together.
        EXECUTE format('CREATE TEMP TABLE cdp_raw_read ON COMMIT DROP AS SELECT %s FROM cdp_data.raw_row w WHERE w.content IS NOT NULL AND w.source_id = %s AND ', reading.columns, reading.source_id)
            || CASE WHEN reading.is_last OR reading.is_complete AND reading.source_kind = 'messages'
                    THEN format('w.raw_reading_id <= %1$s AND (w.replaced_reading_id IS NULL OR w.replaced_reading_id > %1$s)', reading.raw_reading_id)
                    ELSE format('w.raw_reading_id = %s', reading.raw_reading_id) END
            || ' ORDER BY w.raw_row_id';
        last_consent := (SELECT coalesce(max(c.consent_id), 0) FROM cdp_data.consent c);
        PERFORM cdp._store_rows(reading.source_id, 'pg_temp.cdp_raw_read', reading.is_last OR reading.is_complete AND reading.source_kind = 'messages');
        PERFORM cdp._date_consents(reading.source_id, last_consent, reading.read_at);
    END LOOP;
    DROP TABLE IF EXISTS pg_temp.cdp_raw_read;
    RETURN readings;
END
$$;
COMMENT ON FUNCTION cdp._reread_raw() IS 'Internal. Stores all raw rows, reading by reading; returns how many readings brought something.';

CREATE FUNCTION cdp._empty_store() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    DROP TABLE IF EXISTS pg_temp.cdp_ids, pg_temp.cdp_unmasked, pg_temp.cdp_kept_decision, pg_temp.cdp_kept_consent, pg_temp.cdp_kept_reject, pg_temp.cdp_kept_correction, pg_temp.cdp_kept_record,
        pg_temp.cdp_kept_identifier, pg_temp.cdp_kept_event, pg_temp.cdp_masked_source;
    PERFORM cdp._note_ids();
    CREATE TEMP TABLE cdp_ids ON COMMIT DROP AS SELECT m.* FROM cdp_data.id_map m;
    CREATE UNIQUE INDEX ON pg_temp.cdp_ids (source_id, source_key);
    ANALYZE pg_temp.cdp_ids;
    -- Keys and identifiers that raw rows hold masked.
    CREATE TEMP TABLE cdp_unmasked (masked text PRIMARY KEY, value text NOT NULL) ON COMMIT DROP;
    INSERT INTO pg_temp.cdp_unmasked (masked, value)
    SELECT cdp._raw_key(v.value, r.key_salt), v.value
    FROM (SELECT m.source_key AS value FROM cdp_data.id_map m UNION SELECT d.value FROM cdp_data.record_identifier d UNION SELECT e.event_key FROM cdp_data.event e) AS v,
         (SELECT key_salt FROM cdp_data.raw_source LIMIT 1) AS r
    WHERE cdp.mask_payment_cards(v.value) <> v.value ON CONFLICT DO NOTHING;
    -- What people decided, and what links to it.
    CREATE TEMP TABLE cdp_kept_decision ON COMMIT DROP AS SELECT * FROM cdp_data.match_decision;
    CREATE TEMP TABLE cdp_kept_consent ON COMMIT DROP AS SELECT * FROM cdp_data.consent c WHERE c.source_id IS NULL;
    CREATE TEMP TABLE cdp_kept_reject ON COMMIT DROP AS SELECT j.reject_hash, j.corrected, j.first_seen_at, j.last_seen_at, j.resolved_at FROM cdp_data.reject j;
    CREATE TEMP TABLE cdp_kept_correction ON COMMIT DROP AS SELECT k.correction_id, j.reject_hash FROM cdp_data.correction k JOIN cdp_data.reject j USING (reject_id);
    -- What raw rows hold masked.
    CREATE TEMP TABLE cdp_masked_source ON COMMIT DROP AS
    SELECT s.source_id, s.key_column, cdp._masked_attributes(s.source_id) AS attributes FROM cdp_data.source s JOIN cdp_data.raw_source r USING (source_id)
    WHERE r.is_complete AND (cdp._masked_attributes(s.source_id) <> '{}' OR EXISTS (SELECT FROM cdp_data.raw_row w WHERE w.source_id = s.source_id AND w.is_masked));
    CREATE TEMP TABLE cdp_kept_record ON COMMIT DROP AS SELECT r.* FROM cdp_data.record r JOIN pg_temp.cdp_masked_source USING (source_id);
    CREATE TEMP TABLE cdp_kept_identifier ON COMMIT DROP AS
    SELECT d.* FROM cdp_data.record_identifier d JOIN cdp_data.record r USING (record_id) JOIN pg_temp.cdp_masked_source m USING (source_id)
    WHERE d.kind = ANY (m.attributes) OR cdp.mask_payment_cards(d.value) <> d.value;
    CREATE TEMP TABLE cdp_kept_event ON COMMIT DROP AS
    SELECT e.source_id, e.event_key, e.record_id, e.kind_id, e.occurred_at, e.amount, e.properties, cdp.mask_payment_cards(e.properties::text)::jsonb AS masked
    FROM cdp_data.event e JOIN pg_temp.cdp_masked_source USING (source_id) WHERE cdp.mask_payment_cards(e.properties::text) <> e.properties::text;
    TRUNCATE cdp_data.record, cdp_data.record_identifier, cdp_data.match_decision, cdp_data.consent, cdp_data.event, cdp_data.event_key_run, cdp_data.event_key_block, cdp_data.event_batch,
             cdp_data.stale_record, cdp_data.match_pending;
    DELETE FROM cdp_data.reject j
    WHERE j.source_id IN (SELECT r.source_id FROM cdp_data.raw_source r WHERE r.is_complete) AND j.line_number IS NULL AND j.rule = ANY (cdp._reading_rules()) AND j.attribute IS DISTINCT FROM 'message'
      AND NOT EXISTS (SELECT FROM pg_temp.cdp_masked_source m WHERE m.source_id = j.source_id AND j.attribute = ANY (m.attributes));
    -- No id is given twice.
    PERFORM setval('cdp_data.record_record_id_seq', greatest((SELECT max(i.record_id) FROM pg_temp.cdp_ids i), (SELECT last_value FROM cdp_data.record_record_id_seq))),
            setval('cdp_data.profile_profile_id_seq', greatest((SELECT max(i.profile_id) FROM pg_temp.cdp_ids i), (SELECT last_value FROM cdp_data.profile_profile_id_seq)));
    INSERT INTO cdp_data.profile (profile_id, created_at) SELECT i.profile_id, min(i.created_at) FROM pg_temp.cdp_ids i WHERE i.profile_id IS NOT NULL GROUP BY i.profile_id ON CONFLICT DO NOTHING;
    UPDATE cdp_data.profile f SET built_at = '-infinity';
    INSERT INTO cdp_data.consent OVERRIDING SYSTEM VALUE SELECT * FROM pg_temp.cdp_kept_consent;
    DROP TRIGGER IF EXISTS keep_ids ON cdp_data.record;
    CREATE TRIGGER keep_ids BEFORE INSERT ON cdp_data.record FOR EACH ROW EXECUTE FUNCTION cdp._keep_ids();
END
$$;
COMMENT ON FUNCTION cdp._empty_store() IS 'Internal. Sets aside what is decided, empties what is derived, and prepares the ids.';

CREATE FUNCTION cdp._unmask_values(masked jsonb, stored jsonb, attributes text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(masked || (SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(stored) e
                               WHERE e.key = ANY (attributes) OR masked -> e.key <> e.value AND cdp.mask_payment_cards(e.value::text) = (masked -> e.key)::text), masked)
$$;
COMMENT ON FUNCTION cdp._unmask_values(jsonb, jsonb, text[]) IS 'Internal. Values with those of the named attributes, and those that are the same but for what is masked, as they were stored.';

CREATE FUNCTION cdp._restore_masked() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    texts CONSTANT text[] := ARRAY['given_name', 'family_name', 'gender', 'email', 'phone', 'street', 'city', 'region', 'postal_code', 'country', 'national_id', 'company'];
BEGIN
    IF NOT EXISTS (SELECT FROM pg_temp.cdp_masked_source) THEN RETURN; END IF;
    EXECUTE format($q$
        UPDATE cdp_data.record r SET details = cdp._unmask_values(r.details, o.details, m.attributes), %s,
            deleted_values = CASE WHEN r.deleted_values ? 'details' OR o.deleted_values ? 'details'
                THEN jsonb_set(cdp._unmask_values(r.deleted_values, o.deleted_values, '{}'), '{details}', cdp._unmask_values(coalesce(r.deleted_values -> 'details', '{}'), o.deleted_values -> 'details', m.attributes))
                ELSE cdp._unmask_values(r.deleted_values, o.deleted_values, '{}') END
        FROM pg_temp.cdp_kept_record o JOIN pg_temp.cdp_masked_source m USING (source_id)
        WHERE r.record_id = o.record_id AND r.is_delivered AND (r.deleted_at IS NULL) = (o.deleted_at IS NULL)
    $q$, (SELECT string_agg(format('%1$s = CASE WHEN r.%1$s <> o.%1$s AND cdp.mask_payment_cards(o.%1$s) = r.%1$s THEN o.%1$s ELSE r.%1$s END', t), ', ') FROM unnest(texts) t));
    -- The source is not read again for what was masked.
    EXECUTE format('UPDATE cdp_data.record r SET content_hash = o.content_hash FROM pg_temp.cdp_kept_record o
                    WHERE r.record_id = o.record_id AND r.content_hash IS NOT NULL AND o.content_hash IS NOT NULL AND ROW(r.details, r.birth_date, r.source_updated_at, %s) IS NOT DISTINCT FROM ROW(o.details, o.birth_date, o.source_updated_at, %s)',
                   (SELECT string_agg('r.' || t, ', ') FROM unnest(texts) t), (SELECT string_agg('o.' || t, ', ') FROM unnest(texts) t));
    -- An identifier that came in another spelling than it is stored in.
    WITH half AS (
        DELETE FROM cdp_data.record_identifier d USING pg_temp.cdp_kept_identifier k
        WHERE k.record_id = d.record_id AND k.kind = d.kind AND d.value ~* '^[*]+[0-9]{4}~[0-9a-f]{16}$' AND cdp.mask_payment_cards(k.value) = split_part(d.value, '~', 1)
        RETURNING d.record_id, d.kind, k.value)
    INSERT INTO cdp_data.record_identifier
    SELECT d.* FROM pg_temp.cdp_kept_identifier d JOIN cdp_data.record r USING (record_id) JOIN pg_temp.cdp_masked_source m USING (source_id)
    WHERE r.deleted_at IS NULL AND (d.kind = ANY (m.attributes) OR (d.record_id, d.kind, d.value) IN (SELECT h.record_id, h.kind, h.value FROM half h)) ON CONFLICT DO NOTHING;
    IF EXISTS (SELECT FROM pg_temp.cdp_kept_event) THEN
        -- Where the content is the key, the key is another one for what is masked; it is what was stored.
        WITH now AS (
            SELECT e.event_id, e.event_key, e.source_id, e.record_id, e.kind_id, e.occurred_at, e.amount, e.properties, s.key_column = '*' AS by_content,
                   CASE WHEN s.key_column = '*' THEN row_number() OVER (PARTITION BY e.source_id, e.record_id, e.kind_id, e.occurred_at, e.amount, e.properties ORDER BY e.event_key) END AS n
            FROM cdp_data.event e JOIN pg_temp.cdp_masked_source s USING (source_id)
            WHERE EXISTS (SELECT FROM pg_temp.cdp_kept_event k WHERE k.source_id = e.source_id AND k.masked = e.properties)),
        stored AS (SELECT k.*, row_number() OVER (PARTITION BY k.source_id, k.record_id, k.kind_id, k.occurred_at, k.amount, k.masked ORDER BY k.event_key) AS n FROM pg_temp.cdp_kept_event k)
        UPDATE cdp_data.event e SET event_key = k.event_key, properties = k.properties
        FROM now JOIN stored k ON k.source_id = now.source_id AND k.record_id = now.record_id AND k.kind_id = now.kind_id AND k.occurred_at = now.occurred_at AND k.amount IS NOT DISTINCT FROM now.amount
            AND k.masked = now.properties AND (k.event_key = now.event_key OR now.by_content AND k.n = now.n)
        WHERE e.event_id = now.event_id AND e.source_id = now.source_id;
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._restore_masked() IS 'Internal. What raw rows hold masked is taken from the store as it was, where all the rest is the same.';

CREATE FUNCTION cdp._fill_store() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    last_consent bigint;
BEGIN
    last_consent := nextval('cdp_data.consent_consent_id_seq');
    PERFORM cdp._reread_raw();
    DROP TRIGGER keep_ids ON cdp_data.record;
    -- Refusals that were carried along are among those set aside.
    DELETE FROM cdp_data.consent c WHERE c.consent_id > last_consent AND c.source_id IS NULL;
    UPDATE cdp_data.record r SET updated_at = i.updated_at FROM pg_temp.cdp_ids i WHERE i.record_id = r.record_id;
    PERFORM cdp._restore_masked();
    INSERT INTO cdp_data.match_decision OVERRIDING SYSTEM VALUE
    SELECT k.* FROM pg_temp.cdp_kept_decision k
    WHERE EXISTS (SELECT FROM cdp_data.record r WHERE r.record_id = k.record_a) AND EXISTS (SELECT FROM cdp_data.record r WHERE r.record_id = k.record_b);
    UPDATE cdp_data.reject j SET corrected = coalesce(j.corrected, k.corrected), first_seen_at = k.first_seen_at, last_seen_at = k.last_seen_at,
        resolved_at = CASE WHEN EXISTS (SELECT FROM pg_temp.cdp_masked_source m WHERE m.source_id = j.source_id AND j.attribute = ANY (m.attributes)) THEN k.resolved_at
                           WHEN j.resolved_at IS NOT NULL THEN coalesce(k.resolved_at, j.resolved_at) END
    FROM pg_temp.cdp_kept_reject k WHERE k.reject_hash = j.reject_hash;
    UPDATE cdp_data.correction c SET reject_id = j.reject_id FROM pg_temp.cdp_kept_correction k JOIN cdp_data.reject j USING (reject_hash) WHERE c.correction_id = k.correction_id;
    PERFORM cdp._apply_erasures();
    -- The events have new numbers, and are not new.
    UPDATE cdp_data.plan_check p SET checked_event_id = (SELECT coalesce(max(e.event_id), 0) FROM cdp_data.event e WHERE e.source_id = p.source_id);
    ANALYZE cdp_data.record, cdp_data.record_identifier, cdp_data.event, cdp_data.consent;
    PERFORM cdp._report_progress('resolving');
    IF EXISTS (SELECT FROM cdp_data.match_model m WHERE m.is_active) THEN
        PERFORM cdp._resolve('full');
        ANALYZE cdp_data.profile;
        PERFORM cdp._report_progress('building golden records');
        PERFORM cdp._build_profiles();
    END IF;
    IF (SELECT s.refreshed_at IS NOT NULL FROM cdp_data.dossier_state s) THEN
        PERFORM cdp._report_progress('building dossiers');
        PERFORM cdp.rebuild_dossiers();
    END IF;
    IF EXISTS (SELECT FROM cdp_data.segment g WHERE g.refreshed_at IS NOT NULL) THEN
        PERFORM cdp._report_progress('refreshing segments');
        PERFORM cdp.refresh_segments((SELECT max(g.refreshed_at) FROM cdp_data.segment g));
    END IF;
    PERFORM cdp._note_ids();
    PERFORM cdp._report_progress('');
END
$$;
COMMENT ON FUNCTION cdp._fill_store() IS 'Internal. Reads the raw rows again and derives everything from them.';

-- Who was erased stays erased, whatever raw rows say: the place where the ledger of erasures is heard.
CREATE FUNCTION cdp._apply_erasures() RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$ SELECT $$;
COMMENT ON FUNCTION cdp._apply_erasures() IS 'Internal. Called by a rebuild between reading raw rows and resolving; does nothing as long as there is no ledger of erasures.';

CREATE FUNCTION cdp.rebuild_store(dry_run boolean DEFAULT true) RETURNS TABLE (table_name text, rows_before bigint, rows_after bigint, is_equal boolean)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
#variable_conflict use_column
DECLARE
    before jsonb;
    after jsonb;
BEGIN
    PERFORM cdp._require_store();
    IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
        RAISE EXCEPTION USING ERRCODE = 'active_sql_transaction', MESSAGE = 'a rebuild needs the isolation level READ COMMITTED',
            DETAIL = format('This transaction is %s: it does not see what others have stored since it began.', upper(current_setting('transaction_isolation'))),
            HINT = 'End the transaction and start another: BEGIN ISOLATION LEVEL READ COMMITTED;';
    END IF;
    -- Nobody reads a source, resolves, decides or refreshes meanwhile; in the order in which these take their locks.
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('ingest ' || s.source_id)) FROM (SELECT s.source_id FROM cdp_data.source s ORDER BY s.source_id) AS s;
    PERFORM cdp._lock_identity();
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('dossiers'));
    PERFORM cdp._check_rebuild();
    before := (SELECT jsonb_agg(h) FROM cdp.store_hash() h);
    -- A dry run does everything and takes it back.
    BEGIN
        PERFORM cdp._empty_store();
        PERFORM cdp._fill_store();
        after := (SELECT jsonb_agg(h) FROM cdp.store_hash() h);
        IF dry_run THEN RAISE EXCEPTION USING ERRCODE = 'CDPDR'; END IF;
    EXCEPTION WHEN SQLSTATE 'CDPDR' THEN
        NULL;
    END;
    RETURN QUERY
    SELECT b.table_name, b.rows_found, a.rows_found, a.hash = b.hash
    FROM jsonb_to_recordset(before) AS b(table_name text, rows_found bigint, hash text)
    JOIN jsonb_to_recordset(after) AS a(table_name text, rows_found bigint, hash text) USING (table_name)
    ORDER BY array_position(ARRAY(SELECT e ->> 'table_name' FROM jsonb_array_elements(before) WITH ORDINALITY o(e, n) ORDER BY n), b.table_name);
END
$$;
COMMENT ON FUNCTION cdp.rebuild_store(boolean) IS
'Builds records, identifiers, events, consents, rejects, profiles, households, dossiers and segments again from cdp_data.raw_row, in the order in which its rows came, under the mappings and the match model of now; with the ids of cdp_data.id_map, the decisions of stewards, the consents recorded by hand and the corrections that there are. One row per table: its rows before and after, and whether it says the same (cdp.store_hash()). One transaction: others wait with what they write and, once tables are emptied, with what they read. dry_run (the default): all is taken back. Errors: 55000 when a source was read without keeping its rows (named in DETAIL). Example: SELECT * FROM cdp.rebuild_store(dry_run => true);';
