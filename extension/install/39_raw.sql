-- Raw intake: every row as it came, kept when its content is new. Readings are numbered, so that the order of versions is known.

CREATE FUNCTION cdp._raw_key(value text, salt uuid) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN m.masked = value THEN value ELSE m.masked || '~' || left(md5(salt::text || value), 16) END FROM (SELECT cdp.mask_payment_cards(value)) AS m(masked)
$$;
COMMENT ON FUNCTION cdp._raw_key(text, uuid) IS 'Internal. A key or identifier as raw rows hold it: itself, or masked with a salted hash where it looks like a payment card, so that two stay two.';

CREATE FUNCTION cdp._mask_raw_row(row_key text, content jsonb, key_columns text[], salt uuid, OUT masked_key text, OUT masked jsonb)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    masked := (SELECT jsonb_object_agg(e.key, CASE WHEN e.key = ANY (key_columns) THEN cdp._raw_key(e.value, salt) ELSE cdp.mask_payment_cards(e.value) END) FROM jsonb_each_text(content) e);
    -- A hash of the content would give the number away as the content did.
    masked_key := CASE WHEN cardinality(key_columns) = 0 THEN 'masked~' || md5(masked::text) ELSE cdp._raw_key(row_key, salt) END;
END
$$;
COMMENT ON FUNCTION cdp._mask_raw_row(text, jsonb, text[], uuid) IS 'Internal. A raw row in which something looks like a payment card, and its key, masked. key_columns: those whose values must stay different; none: the content is the key.';

CREATE FUNCTION cdp._keeps_raw(source_id int) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT EXISTS (SELECT FROM cdp_data.raw_source r WHERE r.source_id = $1 AND r.is_kept) $$;
COMMENT ON FUNCTION cdp._keeps_raw(int) IS 'Internal. Whether the raw rows of a source are to be kept.';

CREATE FUNCTION cdp._raw_columns(source_id int) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT array_agg(DISTINCT c) FROM (SELECT unnest(cdp._columns_read($1)) UNION SELECT s.watermark_column FROM cdp_data.source s WHERE s.source_id = $1 AND s.watermark_column IS NOT NULL) AS n(c)
$$;
COMMENT ON FUNCTION cdp._raw_columns(int) IS 'Internal. The columns of a source that its raw rows hold: what is mapped, the key, the watermark.';

-- One look at the rows, so that what is kept is what is stored.
CREATE FUNCTION cdp._take_raw(source_id int, rows_from text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DROP TABLE IF EXISTS pg_temp.cdp_raw_read;
    EXECUTE format('CREATE TEMP TABLE cdp_raw_read ON COMMIT DROP AS SELECT %s FROM %s AS s', (SELECT string_agg(format('s.%I', c), ', ') FROM unnest(cdp._raw_columns(source_id)) c), rows_from);
END
$$;
COMMENT ON FUNCTION cdp._take_raw(int, text) IS 'Internal. Reads the rows of a source into pg_temp.cdp_raw_read.';

-- A key is compared as a whole: of repeated keys, which row is kept depends on the others.
CREATE FUNCTION cdp._keep_raw(source_id int, rows_from text, is_complete boolean, read_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET bytea_output = 'hex' SET timezone = 'UTC' SET jit = off SET enable_nestloop = off AS $$
#variable_conflict use_column
DECLARE
    source record;
    salt uuid;
    key CONSTANT text := cdp._key_expression(source_id);
    key_columns text[] := '{}';
    pairs text;
    reading bigint;
    kept bigint;
BEGIN
    SELECT s.* INTO source FROM cdp_data.source s WHERE s.source_id = _keep_raw.source_id;
    SELECT r.key_salt INTO salt FROM cdp_data.raw_source r WHERE r.source_id = source.source_id;
    IF source.kind = 'people' THEN PERFORM set_config('timezone', cdp._settable_zone(source.time_zone), true); END IF; -- as its keys are read
    -- Numbers of cards and accounts are masked wherever a column is known to hold them, right or wrong.
    SELECT string_agg(format('%L, ', c) || CASE
               WHEN 'payment_card' = ANY (t.types) THEN format($m$regexp_replace(s.%I::text, '[0-9](?=.*[0-9]{4})', '*', 'g')$m$, c)
               WHEN 'iban' = ANY (t.types) THEN format($m$regexp_replace(s.%I::text, '[[:alnum:]](?=.*[[:alnum:]]{4})', '*', 'g')$m$, c)
               ELSE format('s.%I::text', c) END, ', ')
    INTO pairs
    FROM unnest(cdp._raw_columns(source.source_id)) c
    CROSS JOIN LATERAL (SELECT array_agg(a.semantic_type) AS types FROM cdp_data.mapping m JOIN cdp_data.attribute a ON a.attribute = m.target
                        WHERE m.source_id = source.source_id AND m.column_name = c AND source.kind = 'people') AS t;
    IF source.key_column <> '*' THEN
        key_columns := source.key_column || ARRAY(SELECT m.column_name FROM cdp_data.mapping m LEFT JOIN cdp_data.attribute a ON a.attribute = m.target
            WHERE m.source_id = source.source_id AND (m.target = 'person_key' AND source.kind = 'events' OR a.place = 'identifier' AND source.kind = 'people'));
    END IF;
    DROP TABLE IF EXISTS pg_temp.cdp_raw_now, pg_temp.cdp_raw_new;
    EXECUTE format($q$
        CREATE TEMP TABLE cdp_raw_now ON COMMIT DROP AS
        SELECT DISTINCT k.source_key, k.content, md5(k.content::text)::uuid AS content_hash, k.is_masked
        FROM (SELECT CASE WHEN i.is_masked THEN r.masked_key ELSE i.source_key END AS source_key, CASE WHEN i.is_masked THEN r.masked ELSE i.content END AS content, i.is_masked
              FROM (SELECT i.*, cdp.mask_payment_cards(i.content::text || i.source_key) <> i.content::text || i.source_key AS is_masked
                    FROM (SELECT coalesce(%s, '') AS source_key, jsonb_strip_nulls(jsonb_build_object(%s)) AS content FROM %s AS s OFFSET 0) AS i OFFSET 0) AS i
              LEFT JOIN LATERAL cdp._mask_raw_row(i.source_key, i.content, $1, $2) AS r ON i.is_masked) AS k
    $q$, key, pairs, rows_from) USING key_columns, salt;
    ANALYZE pg_temp.cdp_raw_now;
    CREATE TEMP TABLE cdp_raw_new ON COMMIT DROP AS
    WITH repeated AS (
        SELECT n.source_key, md5(string_agg(n.content_hash::text, ' ' ORDER BY n.content_hash))::uuid AS key_hash
        FROM pg_temp.cdp_raw_now n GROUP BY n.source_key HAVING count(*) > 1),
    known AS (
        SELECT DISTINCT w.source_key, w.key_hash FROM cdp_data.raw_row w WHERE w.source_id = source.source_id AND w.replaced_reading_id IS NULL AND w.content IS NOT NULL)
    SELECT n.*, coalesce(r.key_hash, n.content_hash) AS key_hash
    FROM pg_temp.cdp_raw_now n LEFT JOIN repeated r USING (source_key) LEFT JOIN known k USING (source_key)
    WHERE k.key_hash IS DISTINCT FROM coalesce(r.key_hash, n.content_hash);
    GET DIAGNOSTICS kept = ROW_COUNT;
    INSERT INTO cdp_data.raw_reading (source_id, kind, is_complete, rows_kept, read_at) VALUES (source.source_id, 'rows', _keep_raw.is_complete, kept, _keep_raw.read_at)
    RETURNING raw_reading_id INTO reading;
    IF kept > 0 THEN
        ANALYZE pg_temp.cdp_raw_new;
        UPDATE cdp_data.raw_row w SET replaced_reading_id = reading, last_read_at = _keep_raw.read_at
        FROM (SELECT DISTINCT n.source_key FROM pg_temp.cdp_raw_new n) AS n
        WHERE w.source_id = source.source_id AND w.source_key = n.source_key AND w.replaced_reading_id IS NULL;
    END IF;
    IF _keep_raw.is_complete THEN
        UPDATE cdp_data.raw_row w SET replaced_reading_id = reading, last_read_at = _keep_raw.read_at
        WHERE w.source_id = source.source_id AND w.replaced_reading_id IS NULL AND w.content IS NOT NULL
          AND NOT EXISTS (SELECT FROM pg_temp.cdp_raw_now n WHERE n.source_key = w.source_key);
    END IF;
    INSERT INTO cdp_data.raw_row (source_id, source_key, raw_reading_id, content_hash, key_hash, content, is_masked, first_read_at)
    SELECT source.source_id, n.source_key, reading, n.content_hash, n.key_hash, n.content, n.is_masked, _keep_raw.read_at
    FROM pg_temp.cdp_raw_new n ORDER BY n.source_key COLLATE "C", n.content_hash;
    DROP TABLE pg_temp.cdp_raw_now, pg_temp.cdp_raw_new;
    RETURN kept;
END
$$;
COMMENT ON FUNCTION cdp._keep_raw(int, text, boolean, timestamptz) IS 'Internal. Keeps the rows of a reading whose content is new; is_complete: what it does not have is gone. Returns how many are new.';

CREATE FUNCTION cdp._keep_raw_deletes(source_id int, keys text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    read_at CONSTANT timestamptz := clock_timestamp();
    reading bigint;
BEGIN
    IF coalesce(cardinality(keys), 0) = 0 OR NOT cdp._keeps_raw(source_id) THEN RETURN; END IF;
    INSERT INTO cdp_data.raw_reading (source_id, kind, is_complete, rows_kept, read_at) VALUES (_keep_raw_deletes.source_id, 'deletes', false, cardinality(keys), read_at)
    RETURNING raw_reading_id INTO reading;
    keys := ARRAY(SELECT cdp._raw_key(k, r.key_salt) FROM unnest(keys) k, cdp_data.raw_source r WHERE r.source_id = _keep_raw_deletes.source_id);
    UPDATE cdp_data.raw_row w SET replaced_reading_id = reading, last_read_at = read_at
    FROM unnest(keys) AS k WHERE w.source_id = _keep_raw_deletes.source_id AND w.source_key = k AND w.replaced_reading_id IS NULL;
    INSERT INTO cdp_data.raw_row (source_id, source_key, raw_reading_id, first_read_at)
    SELECT _keep_raw_deletes.source_id, k, reading, read_at FROM unnest(keys) k ORDER BY k COLLATE "C";
END
$$;
COMMENT ON FUNCTION cdp._keep_raw_deletes(int, text[]) IS 'Internal. Notes among raw rows that the source has deleted some; nothing where they are not kept.';

CREATE FUNCTION cdp._note_ids() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    noted bigint;
BEGIN
    INSERT INTO cdp_data.id_map (source_id, source_key, record_id, profile_id, created_at, updated_at)
    SELECT r.source_id, r.source_key, r.record_id, r.profile_id, r.created_at, r.updated_at
    FROM cdp_data.record r LEFT JOIN cdp_data.id_map m USING (source_id, source_key)
    WHERE (m.record_id, m.profile_id, m.created_at, m.updated_at) IS DISTINCT FROM (r.record_id, r.profile_id, r.created_at, r.updated_at)
      AND EXISTS (SELECT FROM cdp_data.raw_source w WHERE w.source_id = r.source_id)
    ON CONFLICT (source_id, source_key) DO UPDATE SET record_id = EXCLUDED.record_id, profile_id = EXCLUDED.profile_id, created_at = EXCLUDED.created_at, updated_at = EXCLUDED.updated_at;
    GET DIAGNOSTICS noted = ROW_COUNT;
    RETURN noted;
END
$$;
COMMENT ON FUNCTION cdp._note_ids() IS 'Internal. Brings cdp_data.id_map up to date; returns how many records were new or had changed.';

CREATE FUNCTION cdp.keep_raw(source text, retention interval DEFAULT NULL, keep boolean DEFAULT true, OUT is_kept boolean, OUT can_rebuild boolean, OUT effect text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    chosen record;
    problem text;
BEGIN
    PERFORM cdp._require_store();
    SELECT s.* INTO chosen FROM cdp_data.source s WHERE s.source_id = cdp._source_id(keep_raw.source);
    IF retention <= interval '0' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('retention cannot be %s', retention),
            DETAIL = 'It is how long a raw row is kept after it was last read.',
            HINT = format('For example: SELECT * FROM cdp.keep_raw(%L, retention => ''90 days''); to keep none: SELECT * FROM cdp.keep_raw(%1$L, keep => false);', chosen.name);
    ELSIF keep IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'keep cannot be NULL', HINT = 'Say keep => true or keep => false.';
    END IF;
    -- Not while it is being read.
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('ingest ' || chosen.source_id));
    problem := CASE WHEN NOT keep THEN 'not all of its readings were kept'
                    WHEN EXISTS (SELECT FROM cdp_data.source_read r WHERE r.source_id = chosen.source_id) OR chosen.reading IS NOT NULL
                         OR EXISTS (SELECT FROM cdp_data.record r WHERE r.source_id = chosen.source_id AND r.is_delivered) OR EXISTS (SELECT FROM cdp_data.event e WHERE e.source_id = chosen.source_id)
                    THEN 'it had been read before its rows were kept' END;
    INSERT INTO cdp_data.raw_source AS r (source_id, is_kept, is_complete, gap, retention, key_salt)
    VALUES (chosen.source_id, keep, problem IS NULL, problem, keep_raw.retention, coalesce((SELECT o.key_salt FROM cdp_data.raw_source o LIMIT 1), gen_random_uuid()))
    ON CONFLICT (source_id) DO UPDATE SET is_kept = keep, retention = keep_raw.retention,
        gap = CASE WHEN keep THEN r.gap ELSE coalesce(r.gap, EXCLUDED.gap) END, is_complete = CASE WHEN keep THEN r.is_complete ELSE false END
    RETURNING r.is_complete, r.gap INTO can_rebuild, problem;
    is_kept := keep;
    effect := CASE WHEN NOT keep THEN 'nothing is kept from now on; what was kept stays for as long as its retention says'
                   ELSE format('the rows of %I are kept as they come, %s', chosen.name, CASE WHEN keep_raw.retention IS NULL THEN 'for good' ELSE format('for %s after they were last read', keep_raw.retention) END) END
        || CASE WHEN can_rebuild THEN '' ELSE format('; the store cannot be built from them: %s', problem) END;
END
$$;
COMMENT ON FUNCTION cdp.keep_raw(text, interval, boolean) IS
'From now on every row that a source delivers is kept as it came in cdp_data.raw_row, once per content: the mapped columns, the key and the watermark, with payment cards and bank accounts masked; deletes are marked. retention: how long after it was last read (NULL: for good); applied by cdp.purge_raw() and every refresh. keep => false ends it. can_rebuild: whether the source had delivered nothing before, so that cdp.rebuild_store() can build it again. Waits while the source is being read. Errors: 42704 no such source, 22023 a retention of nothing. Example: SELECT * FROM cdp.keep_raw(''crm'');';

CREATE FUNCTION cdp.purge_raw(dry_run boolean DEFAULT false) RETURNS TABLE (source text, rows_purged bigint, rows_left bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    chosen record;
BEGIN
    PERFORM cdp._require_store();
    FOR chosen IN
        SELECT r.source_id, s.name, clock_timestamp() - r.retention AS oldest,
               -- What a reading of all rows found is as old as that reading.
               coalesce((SELECT max(g.read_at) FROM cdp_data.raw_reading g WHERE g.source_id = r.source_id AND g.is_complete), '-infinity') AS seen_at
        FROM cdp_data.raw_source r JOIN cdp_data.source s USING (source_id) WHERE r.retention IS NOT NULL ORDER BY s.name COLLATE "C"
    LOOP
        source := chosen.name;
        IF dry_run THEN
            SELECT count(*) FILTER (WHERE w.is_old), count(*) FILTER (WHERE NOT w.is_old) INTO rows_purged, rows_left
            FROM (SELECT coalesce(w.last_read_at, CASE WHEN w.content IS NULL THEN w.first_read_at ELSE greatest(w.first_read_at, chosen.seen_at) END) < chosen.oldest AS is_old
                  FROM cdp_data.raw_row w WHERE w.source_id = chosen.source_id) AS w;
        ELSE
            PERFORM pg_advisory_xact_lock(cdp._advisory_key('ingest ' || chosen.source_id));
            DELETE FROM cdp_data.raw_row w
            WHERE w.source_id = chosen.source_id
              AND coalesce(w.last_read_at, CASE WHEN w.content IS NULL THEN w.first_read_at ELSE greatest(w.first_read_at, chosen.seen_at) END) < chosen.oldest;
            GET DIAGNOSTICS rows_purged = ROW_COUNT;
            rows_left := (SELECT count(*) FROM cdp_data.raw_row w WHERE w.source_id = chosen.source_id);
            IF rows_purged > 0 THEN
                UPDATE cdp_data.raw_source r SET purged_at = clock_timestamp(), is_complete = false, gap = coalesce(r.gap, 'rows were purged by its retention') WHERE r.source_id = chosen.source_id;
            END IF;
            DELETE FROM cdp_data.raw_reading g
            WHERE g.source_id = chosen.source_id AND g.read_at < chosen.oldest AND NOT (g.is_complete AND g.read_at = chosen.seen_at)
              AND NOT EXISTS (SELECT FROM cdp_data.raw_row w WHERE w.raw_reading_id = g.raw_reading_id);
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp.purge_raw(boolean) IS
'Deletes the raw rows that are kept longer than the retention of their source says, counted from when they were last read: of what the source still delivers in every reading none. A source that lost rows so can no longer be built again by cdp.rebuild_store(). One row per source with a retention. dry_run: only count. Every refresh does it. Example: SELECT * FROM cdp.purge_raw(dry_run => true);';
