-- What is deleted at a source: it stops counting, and is not forgotten.

-- The refusals of a deleted record hold for the other addresses of the person: who said no stays a no.
CREATE FUNCTION cdp._keep_refusals(record_ids bigint[]) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    kept bigint;
BEGIN
    WITH refused AS (
        SELECT l.profile_id, l.channel, l.purpose, min(l.record_id) AS record_id
        FROM (SELECT DISTINCT ON (c.anchor_kind, c.anchor_value, c.channel, c.purpose, r.record_id) r.profile_id, r.record_id, c.channel, c.purpose, c.is_granted
              FROM unnest(record_ids) AS n(id) JOIN cdp_data.record r ON r.record_id = n.id
              CROSS JOIN LATERAL (VALUES ('email', r.email), ('phone', r.phone), ('record', r.record_id::text)) AS a(kind, value)
              JOIN cdp_data.consent c ON c.anchor_kind = a.kind AND c.anchor_value = a.value
              WHERE r.profile_id IS NOT NULL
              ORDER BY c.anchor_kind, c.anchor_value, c.channel, c.purpose, r.record_id, c.decided_at DESC, c.is_granted, c.consent_id DESC) AS l
        WHERE NOT l.is_granted GROUP BY l.profile_id, l.channel, l.purpose),
    other AS (
        SELECT DISTINCT a.kind, a.value, f.channel, f.purpose, f.record_id
        FROM refused f
        JOIN cdp_data.record r ON r.profile_id = f.profile_id AND r.deleted_at IS NULL AND NOT EXISTS (SELECT FROM unnest(record_ids) n WHERE n = r.record_id)
        CROSS JOIN LATERAL (SELECT 'email' AS kind, r.email AS value WHERE f.channel = 'email' AND r.email IS NOT NULL
                            UNION ALL SELECT 'phone', r.phone WHERE f.channel IN ('sms', 'phone') AND r.phone IS NOT NULL
                            UNION ALL SELECT 'record', r.record_id::text WHERE f.channel = 'post') AS a)
    INSERT INTO cdp_data.consent (anchor_kind, anchor_value, channel, purpose, is_granted, decided_at, evidence)
    SELECT o.kind, o.value, o.channel, o.purpose, false, clock_timestamp(), 'refused by record ' || o.record_id || ' of the same person, which its source deleted'
    FROM other o
    LEFT JOIN LATERAL (SELECT c.is_granted FROM cdp_data.consent c WHERE c.anchor_kind = o.kind AND c.anchor_value = o.value AND c.channel = o.channel AND c.purpose = o.purpose
                       ORDER BY c.decided_at DESC, c.is_granted, c.consent_id DESC LIMIT 1) AS l ON true
    WHERE l.is_granted IS DISTINCT FROM false
    ORDER BY o.kind, o.value, o.channel, o.purpose;
    GET DIAGNOSTICS kept = ROW_COUNT;
    RETURN kept;
END
$$;
COMMENT ON FUNCTION cdp._keep_refusals(bigint[]) IS 'Internal. Before records are deleted: what they refused is refused by the other records of the person, too; returns how many refusals that adds.';

-- The values go to deleted_values, so that nothing that looks at records (matching, golden records, look-ups, lists) can count
-- them; events and the profile stay with the record, as with one that is known by its events alone.
CREATE FUNCTION cdp._delete_records(record_ids bigint[]) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    deleted bigint;
BEGIN
    PERFORM cdp._keep_refusals(record_ids);
    UPDATE cdp_data.record r SET
        deleted_at = clock_timestamp(), updated_at = clock_timestamp(),
        deleted_values = jsonb_strip_nulls(jsonb_build_object('given_name', r.given_name, 'family_name', r.family_name, 'birth_date', r.birth_date, 'gender', r.gender,
            'email', r.email, 'phone', r.phone, 'street', r.street, 'city', r.city, 'region', r.region, 'postal_code', r.postal_code, 'country', r.country,
            'national_id', r.national_id, 'company', r.company, 'details', nullif(r.details, '{}'), 'source_updated_at', r.source_updated_at,
            'identifiers', (SELECT jsonb_agg(jsonb_build_object('kind', d.kind, 'value', d.value) ORDER BY d.kind, d.value) FROM cdp_data.record_identifier d WHERE d.record_id = r.record_id))),
        given_name = NULL, family_name = NULL, birth_date = NULL, gender = NULL, email = NULL, phone = NULL, street = NULL, city = NULL, region = NULL, postal_code = NULL,
        country = NULL, national_id = NULL, company = NULL, details = '{}', content_hash = NULL, source_updated_at = NULL
    FROM unnest(record_ids) AS n(id) WHERE r.record_id = n.id AND r.deleted_at IS NULL;
    GET DIAGNOSTICS deleted = ROW_COUNT;
    DELETE FROM cdp_data.record_identifier d USING unnest(record_ids) AS n(id) WHERE d.record_id = n.id;
    UPDATE cdp_data.reject j SET resolved_at = clock_timestamp()
    FROM unnest(record_ids) AS n(id) JOIN cdp_data.record r ON r.record_id = n.id WHERE j.source_id = r.source_id AND j.source_key = r.source_key AND j.attribute IS NOT NULL AND j.resolved_at IS NULL;
    -- Its profile, if it has no more to tell, is of nobody: said at once, not only after the next resolution.
    UPDATE cdp_data.profile f SET status = 'deleted', built_at = '-infinity'
    FROM (SELECT DISTINCT r.profile_id FROM unnest(record_ids) AS n(id) JOIN cdp_data.record r ON r.record_id = n.id) AS t
    WHERE f.profile_id = t.profile_id AND f.status <> 'deleted' AND NOT EXISTS (SELECT FROM cdp_data.record o WHERE o.profile_id = f.profile_id AND o.deleted_at IS NULL);
    RETURN deleted;
END
$$;
COMMENT ON FUNCTION cdp._delete_records(bigint[]) IS 'Internal. Marks records as deleted by their source and takes their values out of all that counts; returns how many.';

CREATE FUNCTION cdp._check_mass_deletion(source_id int, gone bigint, stored bigint, is_empty boolean, max_deleted float8) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    source record;
    allowed float8;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _check_mass_deletion.source_id;
    allowed := coalesce(max_deleted, source.max_deleted);
    IF gone = 0 OR allowed >= 1 THEN RETURN; END IF;
    IF is_empty OR gone > 100 AND gone > allowed * stored THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation',
            MESSAGE = CASE WHEN is_empty THEN format('%s is empty: the source %I would lose all of its %s %s', source.relation, source.name, stored, CASE source.kind WHEN 'events' THEN 'events' ELSE 'records' END)
                           ELSE format('the source %I would lose %s of its %s %s', source.name, gone, stored, CASE source.kind WHEN 'events' THEN 'events' ELSE 'records' END) END,
            DETAIL = CASE WHEN is_empty THEN 'That is more often a load that failed than the truth. ' ELSE format('max_deleted allows %s. ', trunc(allowed * stored)) END || 'Nothing was changed, and the source was not read.',
            HINT = format('If they are deleted indeed: SELECT * FROM cdp.ingest(%L, max_deleted => %s%s);', source.name,
                          CASE WHEN is_empty THEN 1 ELSE trim_scale(ceil(least(1, gone::numeric / stored) * 100) / 100) END, CASE WHEN source.watermark_column IS NOT NULL THEN ', check_deletes => true' ELSE '' END);
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._check_mass_deletion(int, bigint, bigint, boolean, float8) IS 'Internal. Errors (23514) when more would be deleted than a reading may.';

-- The keys that are gone, in pg_temp.cdp_gone (key): those stored that the whole relation has not, or those that it marks. Errors
-- when they are too many. Those that it has stay in pg_temp.cdp_present.
CREATE FUNCTION cdp._find_gone(source_id int, max_deleted float8) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
-- Keys by the million, whatever statistics say of tables that have just been filled.
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET bytea_output = 'hex' SET timezone = 'UTC' SET enable_nestloop = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    source record;
    key CONSTANT text := cdp._key_expression(source_id);
    stored text;
    present bigint;
    gone bigint;
    total bigint;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _find_gone.source_id;
    IF source.kind = 'people' THEN PERFORM set_config('timezone', cdp._settable_zone(source.time_zone), true); END IF; -- as its keys are read
    stored := CASE source.kind WHEN 'people' THEN 'SELECT r.source_key AS key FROM cdp_data.record r WHERE r.source_id = $1 AND r.is_delivered AND r.deleted_at IS NULL'
                               ELSE 'SELECT e.event_key AS key FROM cdp_data.event e WHERE e.source_id = $1' END;
    DROP TABLE IF EXISTS pg_temp.cdp_present, pg_temp.cdp_gone;
    CREATE TEMP TABLE cdp_gone (key text NOT NULL) ON COMMIT DROP;
    IF source.deletes = 'tombstone' THEN
        EXECUTE format('INSERT INTO pg_temp.cdp_gone SELECT k.key FROM (SELECT DISTINCT %s AS key FROM %s AS s) AS d JOIN (%s) AS k USING (key)', key, cdp._source_rows(source.source_id, 'marked'), stored)
        USING source.source_id;
        -- A key that one row marks and another does not is there.
        IF FOUND THEN EXECUTE format('DELETE FROM pg_temp.cdp_gone g USING %s AS s WHERE %s = g.key', cdp._source_rows(source.source_id, 'all'), key); END IF;
        present := 1;
    ELSE
        -- What is there, whether or not it could be stored.
        EXECUTE format('CREATE TEMP TABLE cdp_present ON COMMIT DROP AS SELECT DISTINCT %s AS key FROM %s AS s', key, cdp._source_rows(source.source_id, 'all'));
        GET DIAGNOSTICS present = ROW_COUNT;
        ANALYZE pg_temp.cdp_present;
        EXECUTE format('INSERT INTO pg_temp.cdp_gone SELECT k.key FROM (%s) AS k WHERE NOT EXISTS (SELECT FROM pg_temp.cdp_present p WHERE p.key = k.key)', stored) USING source.source_id;
    END IF;
    gone := (SELECT count(*) FROM pg_temp.cdp_gone);
    IF gone > 0 THEN
        EXECUTE format('SELECT count(*) FROM (%s) AS k', stored) INTO total USING source.source_id;
        PERFORM cdp._check_mass_deletion(source.source_id, gone, total, present = 0, max_deleted);
    END IF;
    RETURN gone;
END
$$;
COMMENT ON FUNCTION cdp._find_gone(int, float8) IS 'Internal. Finds what is deleted at a source but stored, into pg_temp.cdp_gone; returns how much.';

-- With a watermark: rows that are there but not stored, as they came later than their watermark says, or back with an old one.
-- The keys of the relation are known, from cdp._find_gone().
CREATE FUNCTION cdp._read_missing(source_id int, OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET bytea_output = 'hex' SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    source record;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _read_missing.source_id;
    SELECT 0, 0, 0, 0 INTO rows_read, rows_new, rows_changed, rows_rejected;
    IF source.watermark_column IS NULL OR source.deletes <> 'snapshot' THEN RETURN; END IF;
    DROP TABLE IF EXISTS pg_temp.cdp_missing;
    PERFORM set_config('enable_nestloop', 'off', true); -- as in cdp._find_gone()
    EXECUTE format($q$
        CREATE TEMP TABLE cdp_missing ON COMMIT DROP AS
        SELECT p.key FROM pg_temp.cdp_present p
        WHERE p.key IS NOT NULL AND NOT EXISTS (%s)
          AND NOT EXISTS (SELECT FROM cdp_data.reject j WHERE j.source_id = %s AND j.source_key = p.key AND j.attribute IS NULL AND j.resolved_at IS NULL)
    $q$, CASE source.kind WHEN 'people' THEN format('SELECT FROM cdp_data.record r WHERE r.source_id = %s AND r.source_key = p.key AND r.is_delivered AND r.deleted_at IS NULL', source.source_id)
                          ELSE format('SELECT FROM cdp_data.event e WHERE e.source_id = %s AND e.event_key = p.key', source.source_id) END, source.source_id);
    PERFORM set_config('enable_nestloop', 'on', true);
    IF EXISTS (SELECT FROM pg_temp.cdp_missing) THEN
        SELECT * INTO rows_read, rows_new, rows_changed, rows_rejected
        FROM cdp._read_rows(source.source_id, cdp._apply_quality_rules(source.source_id, format('(SELECT %s FROM %s AS s WHERE %s IN (SELECT m.key FROM pg_temp.cdp_missing m))',
            (SELECT string_agg(format('s.%I', c), ', ') FROM unnest(cdp._readable_columns(source.relation)) c), cdp._source_rows(source.source_id, 'all'), cdp._key_expression(source.source_id)), false, true), false);
    END IF;
    DROP TABLE pg_temp.cdp_missing, pg_temp.cdp_present;
END
$$;
COMMENT ON FUNCTION cdp._read_missing(int) IS 'Internal. After cdp._find_gone() and a reading by watermark: reads the rows that are in the relation and still not stored.';

CREATE FUNCTION cdp._delete_found(source_id int) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    deleted bigint;
BEGIN
    IF (SELECT s.kind FROM cdp_data.source s WHERE s.source_id = _delete_found.source_id) = 'people' THEN
        deleted := cdp._delete_records(ARRAY(SELECT r.record_id FROM pg_temp.cdp_gone g JOIN cdp_data.record r ON r.source_id = _delete_found.source_id AND r.source_key = g.key
                                             WHERE r.is_delivered AND r.deleted_at IS NULL));
    ELSE
        DELETE FROM cdp_data.event e USING pg_temp.cdp_gone g WHERE e.source_id = _delete_found.source_id AND e.event_key = g.key;
        GET DIAGNOSTICS deleted = ROW_COUNT;
        UPDATE cdp_data.reject j SET resolved_at = clock_timestamp() FROM pg_temp.cdp_gone g
        WHERE j.source_id = _delete_found.source_id AND j.source_key = g.key AND j.resolved_at IS NULL;
    END IF;
    PERFORM cdp._keep_raw_deletes(source_id, ARRAY(SELECT g.key FROM pg_temp.cdp_gone g));
    DROP TABLE pg_temp.cdp_gone;
    RETURN deleted;
END
$$;
COMMENT ON FUNCTION cdp._delete_found(int) IS 'Internal. Deletes what cdp._find_gone() found: records are kept without their values, events are removed; returns how many.';
