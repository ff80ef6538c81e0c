-- Reading a source of people: clean each value or say why not, and write only what is new or changed.
-- Functions take the source's id, not its row: the extension must install before the store exists.

CREATE FUNCTION cdp._check_mapping(source_id int) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    source cdp_data.source;
    columns text[];
    missing text;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _check_mapping.source_id;
    SELECT array_agg(c.column_name) INTO columns FROM cdp._relation_columns(source.relation) c;
    SELECT u INTO missing
    FROM (SELECT m.column_name FROM cdp_data.mapping m WHERE m.source_id = source.source_id
          UNION ALL SELECT source.key_column WHERE source.key_column <> '*'
          UNION ALL SELECT source.watermark_column WHERE source.watermark_column IS NOT NULL) AS used(u)
    WHERE u <> ALL (columns) LIMIT 1;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_column',
            MESSAGE = format('the column %I of the source %I no longer exists in %s', missing, source.name, source.relation),
            DETAIL = 'Its columns are ' || array_to_string(columns, ', ') || '.',
            HINT = cdp._did_you_mean(missing, columns)
                   || CASE WHEN missing = source.watermark_column THEN format('Say where readings begin now: SELECT * FROM cdp.change_source(%L, watermark => %L);', source.name, coalesce(cdp._nearest(missing, columns), ''))
                   ELSE format('Correct the mapping: UPDATE cdp_data.mapping SET column_name = %L WHERE source_id = %s AND column_name = %L;',
                             coalesce(cdp._nearest(missing, columns), columns[1]), source.source_id, missing) END;
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._check_mapping(int) IS 'Internal. Errors when a source has lost a column that its mapping uses.';

CREATE FUNCTION cdp._reject_hash(source_id int, source_key text, attribute text, content text) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT md5(ROW(source_id, source_key, attribute, content)::text)::uuid
$$;
COMMENT ON FUNCTION cdp._reject_hash(int, text, text, text) IS 'Internal. What makes two refusals the same.';

CREATE FUNCTION cdp._reading_rules() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$ SELECT ARRAY['cleaning', 'missing_key', 'duplicate_key', 'outdated', 'csv'] $$;
COMMENT ON FUNCTION cdp._reading_rules() IS 'Internal. What reading itself refuses rows and values by; every other rule of a reject is a quality rule.';

-- The expression that cleans one column for one attribute. `value` is SQL text.
CREATE FUNCTION cdp._cleaning_expression(semantic_type text, value text, country text, date_order text, time_zone text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        -- The parts of a full name are names; they are cleaned after the split.
        WHEN semantic_type = 'full_name' THEN format('cdp.normalize_text(%s)', value)
        WHEN semantic_type = 'birth_date' THEN format('cdp.normalize_birth_date(%s, %L, current_date)', value, date_order)
        WHEN semantic_type = 'date' THEN format('cdp.normalize_date(%s, %L)', value, date_order)
        WHEN semantic_type = 'timestamp' THEN format('cdp.normalize_timestamp(%s, %L, %L)', value, time_zone, date_order)
        -- Masked: a card's number is never kept.
        WHEN semantic_type = 'payment_card' THEN format('(cdp.clean_payment_card(%s)).value', value)
        -- Which country's rules hold is not known: kept as it is, unchecked.
        WHEN semantic_type = 'national_id' AND coalesce(country, '') = '' THEN format('cdp.normalize_identifier(%s)', value)
        WHEN semantic_type IN ('phone', 'address', 'postal_code', 'currency', 'money', 'national_id', 'license_plate')
            THEN format('cdp.normalize_%s(%s, %L)', semantic_type, value, country)
        ELSE format('cdp.normalize_%s(%s)', semantic_type, value)
    END
$$;
COMMENT ON FUNCTION cdp._cleaning_expression(text, text, text, text, text) IS 'Internal. The SQL that cleans a value of a semantic type.';

-- The same with the verdict: a row (value, status, reason, suggestion).
CREATE FUNCTION cdp._verdict_expression(semantic_type text, value text, country text, date_order text, time_zone text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN semantic_type = 'birth_date' THEN format('cdp.clean_birth_date(%s, %L, current_date)', value, date_order)
        ELSE format('cdp.clean_value(%L, %s, %L, %L, %L)',
                    CASE WHEN semantic_type = 'full_name' THEN 'text' WHEN semantic_type = 'national_id' AND coalesce(country, '') = '' THEN 'identifier' ELSE semantic_type END,
                    value, country, date_order, time_zone)
    END
$$;
COMMENT ON FUNCTION cdp._verdict_expression(text, text, text, text, text) IS 'Internal. The SQL that says why a value of a semantic type is what cdp._cleaning_expression makes of it.';

CREATE FUNCTION cdp._ingest_people(source_id int, rows_from text, is_complete boolean,
    OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    source cdp_data.source;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _ingest_people.source_id;
    DROP TABLE IF EXISTS pg_temp.cdp_mapping;
    CREATE TEMP TABLE cdp_mapping ON COMMIT DROP AS
    SELECT m.position, m.column_name, m.target FROM cdp_data.mapping m WHERE m.source_id = source.source_id;
    SELECT * INTO rows_read, rows_new, rows_changed, rows_rejected
    FROM cdp._ingest_relation(source.source_id, rows_from, source.key_column, false, is_complete);
    DROP TABLE pg_temp.cdp_mapping;
END
$$;
COMMENT ON FUNCTION cdp._ingest_people(int, text, boolean) IS 'Internal. Reads rows of a source of people.';

-- Reads `relation`, anything that can stand after FROM without an alias, by the mapping in pg_temp.cdp_mapping (position,
-- column_name, target). When `is_partial`, attributes that the relation does not know keep their stored value (messages speak
-- of what they know only). When not `is_complete`, it is not the whole source: what it does not hold may still be there.
CREATE FUNCTION cdp._ingest_relation(source_id int, relation text, key_column text, is_partial boolean, is_complete boolean DEFAULT true,
    OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
-- Typed columns become the same text in every session, or all of their rows would look changed. Compiling the statements takes
-- longer than it saves.
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET bytea_output = 'hex' SET timezone = 'UTC' SET jit = off AS $$
#variable_conflict use_column
DECLARE
    source cdp_data.source;
    started CONSTANT timestamptz := clock_timestamp();
    raw_columns text;
    updated_at text := 'NULL::timestamptz';
    field record;
    cleaned text[] := '{}';
    junk text[] := '{}';
    kept text[] := '{}';
    column_names text[] := '{}';
    column_values text[] := '{}';
    detail_pairs text[] := '{}';
    full_name text;
    target_list text;
    assignments text;
    refused bigint;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _ingest_relation.source_id;
    -- The day of an instant is that of the source's zone.
    PERFORM set_config('timezone', cdp._settable_zone(source.time_zone), true);
    DROP TABLE IF EXISTS pg_temp.cdp_intake, pg_temp.cdp_changed, pg_temp.cdp_clean, pg_temp.cdp_written, pg_temp.cdp_before;

    -- 1. The mapped columns as text, a key and a hash of what was read.
    SELECT string_agg(format('s.%I::text AS v%s', m.column_name, m.position), ', ' ORDER BY m.position),
           coalesce(min(format('cdp.normalize_timestamp(i.v%s, %L, %L)', m.position, source.time_zone, source.date_order)) FILTER (WHERE m.target = 'updated_at'), updated_at)
    INTO raw_columns, updated_at FROM pg_temp.cdp_mapping m;
    EXECUTE format($q$
        CREATE TEMP TABLE cdp_intake ON COMMIT DROP AS
        SELECT i.*, md5(ROW(i.*)::text)::uuid AS content_hash
        FROM (SELECT nullif(btrim(s.%I::text, E' \t\r\n\u00a0''"'), '') AS source_key, %s FROM %s AS s) AS i
    $q$, key_column, raw_columns, relation);
    GET DIAGNOSTICS rows_read = ROW_COUNT;

    -- 2. Rows that cannot be kept: no key, older than what is stored, or the key of another row that is newer (or, when neither
    --    says, has the greater hash: the choice must not depend on the order of rows). Repeated identical rows are one row.
    EXECUTE format($q$
        CREATE TEMP TABLE cdp_changed ON COMMIT DROP AS
        SELECT i.*, coalesce(r.source_updated_at > i.updated_at, false) AS is_outdated, r.source_updated_at AS stored_at,
               coalesce(i.source_key IS NOT NULL AND i.rank = 1 AND (r.source_updated_at > i.updated_at) IS NOT TRUE, false) AS is_kept
        FROM (SELECT i.*, dense_rank() OVER (PARTITION BY i.source_key ORDER BY i.updated_at DESC NULLS LAST, i.content_hash DESC) AS rank
              FROM (SELECT DISTINCT ON (i.source_key, i.content_hash) i.*, %s AS updated_at FROM pg_temp.cdp_intake i) AS i) AS i
        LEFT JOIN cdp_data.record r ON r.source_id = %s AND r.source_key = i.source_key
        WHERE r.content_hash IS DISTINCT FROM i.content_hash OR i.source_key IS NULL OR i.rank > 1
    $q$, updated_at, source.source_id);
    INSERT INTO cdp_data.reject AS j (reject_hash, source_id, relation, source_key, rule, reason, suggestion, original, last_seen_at)
    SELECT cdp._reject_hash(source.source_id, c.source_key, NULL, c.content_hash::text), source.source_id, source.relation, c.source_key,
           CASE WHEN c.source_key IS NULL THEN 'missing_key' WHEN c.is_outdated AND c.rank = 1 THEN 'outdated' ELSE 'duplicate_key' END,
           CASE WHEN c.source_key IS NULL THEN format('the key %I is missing', key_column)
                WHEN c.is_outdated AND c.rank = 1 THEN format('it is older than the row that is stored, of %s', to_char(c.stored_at, 'YYYY-MM-DD HH24:MI:SS'))
                ELSE format('another row with the key %s was kept', c.source_key) END,
           CASE WHEN c.source_key IS NULL THEN NULL
                WHEN c.is_outdated AND c.rank = 1 THEN format('If the source is right: UPDATE cdp_data.record SET source_updated_at = NULL WHERE source_id = %s AND source_key = %L;', source.source_id, c.source_key)
                ELSE 'Map a key that is unique, or remove the row that is out of date.' END,
           cdp.mask_payment_cards((SELECT jsonb_object_agg(m.column_name, to_jsonb(c) -> ('v' || m.position))::text FROM pg_temp.cdp_mapping m)), clock_timestamp()
    FROM pg_temp.cdp_changed c
    -- A repeated row that is the same to the letter is no fault.
    WHERE NOT c.is_kept
      AND (c.source_key IS NULL OR NOT EXISTS (SELECT FROM pg_temp.cdp_changed k WHERE k.source_key = c.source_key AND k.content_hash = c.content_hash AND k.is_kept))
    ON CONFLICT (reject_hash) DO UPDATE SET last_seen_at = clock_timestamp(), resolved_at = NULL;
    GET DIAGNOSTICS rows_rejected = ROW_COUNT;
    IF NOT is_partial THEN
        UPDATE cdp_data.reject j SET resolved_at = clock_timestamp()
        WHERE j.source_id = source.source_id AND j.attribute IS NULL AND j.resolved_at IS NULL AND j.line_number IS NULL AND j.last_seen_at < started
          AND j.rule = ANY (cdp._reading_rules())
          -- Of a part of the source: when a row with its key was good this time.
          AND (is_complete OR EXISTS (SELECT FROM pg_temp.cdp_intake i WHERE i.source_key = j.source_key
                                      AND NOT EXISTS (SELECT FROM pg_temp.cdp_changed c WHERE c.source_key = i.source_key AND c.content_hash = i.content_hash AND NOT c.is_kept)));
    END IF;

    -- 3. Every value is cleaned once; values that stand for nothing in this company's data are missing.
    FOR field IN
        SELECT m.position, a.semantic_type,
               cdp._cleaning_expression(a.semantic_type, format('c.v%s', m.position), source.country, source.date_order, source.time_zone, source.decimal_mark) AS cleaned,
               CASE WHEN EXISTS (SELECT FROM cdp_data.junk_value j WHERE j.semantic_type IN ('any', CASE a.semantic_type WHEN 'full_name' THEN 'name' ELSE a.semantic_type END))
                    THEN cdp._junk_condition(a.semantic_type, format('c.v%s', m.position), source.country, source.date_order, source.time_zone, format('c.t%s', m.position)) END AS is_junk
        FROM pg_temp.cdp_mapping m JOIN cdp_data.attribute a ON a.attribute = m.target
        ORDER BY m.position
    LOOP
        cleaned := cleaned || format('%s AS t%s', field.cleaned, field.position);
        IF field.is_junk IS NOT NULL THEN junk := junk || format('c.v%1$s IS NOT NULL AND %2$s AS j%1$s', field.position, field.is_junk); END IF;
        kept := kept || format(CASE WHEN field.is_junk IS NULL THEN 'c.v%1$s, c.t%1$s' ELSE 'CASE WHEN c.j%1$s THEN NULL ELSE c.v%1$s END AS v%1$s, CASE WHEN c.j%1$s THEN NULL ELSE c.t%1$s END AS t%1$s' END, field.position);
    END LOOP;
    -- OFFSET 0: or the server would put the expressions of t wherever t is used, and compute them there.
    EXECUTE format('CREATE TEMP TABLE cdp_clean ON COMMIT DROP AS SELECT c.source_key, c.content_hash, %s FROM (SELECT c.*%s FROM (SELECT c.*, %s FROM pg_temp.cdp_changed c WHERE c.is_kept OFFSET 0) AS c OFFSET 0) AS c',
                   array_to_string(kept, ', '), CASE WHEN cardinality(junk) > 0 THEN ', ' || array_to_string(junk, ', ') ELSE '' END, array_to_string(cleaned, ', '));

    -- 4. Values that cannot be kept, with the reason; the rest of the row is.
    UPDATE cdp_data.reject j SET resolved_at = clock_timestamp()
    FROM pg_temp.cdp_clean c
    WHERE j.source_id = source.source_id AND j.source_key = c.source_key AND j.attribute IS NOT NULL AND j.rule = 'cleaning' AND j.resolved_at IS NULL;
    FOR field IN
        SELECT m.position, m.target, a.semantic_type,
               cdp._verdict_expression(a.semantic_type, format('c.v%s', m.position), source.country, source.date_order, source.time_zone) AS verdict
        FROM pg_temp.cdp_mapping m JOIN cdp_data.attribute a ON a.attribute = m.target
        ORDER BY m.position
    LOOP
        EXECUTE format($q$
            INSERT INTO cdp_data.reject AS j (reject_hash, source_id, relation, source_key, attribute, value, reason, suggestion)
            SELECT cdp._reject_hash($1, c.source_key, $3, c.v%1$s), $1, $2, c.source_key, $3, left(%3$s, 200), v.reason, nullif(v.suggestion, '')
            FROM (SELECT c.source_key, c.v%1$s FROM pg_temp.cdp_clean c WHERE c.v%1$s IS NOT NULL AND c.t%1$s IS NULL) AS c
            CROSS JOIN LATERAL %2$s v
            WHERE v.status = 'invalid'
            ON CONFLICT (reject_hash) DO UPDATE SET last_seen_at = clock_timestamp(), resolved_at = NULL
        $q$, field.position, field.verdict,
             -- A card's number is never kept, not even a wrong one.
             CASE WHEN field.semantic_type = 'payment_card' THEN format($m$regexp_replace(c.v%s, '[0-9](?=.*[0-9]{4})', '*', 'g')$m$, field.position)
                  ELSE format('cdp.mask_payment_cards(c.v%s)', field.position) END)
        USING source.source_id, source.relation, field.target;
        GET DIAGNOSTICS refused = ROW_COUNT;
        rows_rejected := rows_rejected + refused;
    END LOOP;

    -- 5. One value per attribute: the first of its columns that could be cleaned.
    FOR field IN
        SELECT a.attribute, a.place,
               format(CASE WHEN count(*) > 1 THEN 'coalesce(%s)' ELSE '%s' END, string_agg(format('c.t%s', m.position), ', ' ORDER BY m.position)) AS value
        FROM pg_temp.cdp_mapping m JOIN cdp_data.attribute a ON a.attribute = m.target
        GROUP BY a.attribute, a.place
        ORDER BY a.attribute
    LOOP
        CASE field.place
            WHEN 'column' THEN
                column_names := column_names || field.attribute;
                column_values := column_values || field.value;
            WHEN 'details' THEN
                detail_pairs := detail_pairs || format('%L, %s', field.attribute, field.value);
            WHEN 'input' THEN
                IF field.attribute = 'full_name' THEN full_name := field.value; END IF;
                IF field.attribute = 'updated_at' THEN
                    column_names := column_names || 'source_updated_at'::text;
                    column_values := column_values || field.value;
                END IF;
            ELSE NULL;
        END CASE;
    END LOOP;
    IF full_name IS NOT NULL THEN
        FOREACH target_list IN ARRAY ARRAY['given_name', 'family_name'] LOOP
            IF target_list = ANY (column_names) THEN
                column_values[array_position(column_names, target_list)] := format('coalesce(%s, cdp.normalize_name(n.%s))',
                    column_values[array_position(column_names, target_list)], target_list);
            ELSE
                column_names := column_names || target_list;
                column_values := column_values || format('cdp.normalize_name(n.%s)', target_list);
            END IF;
        END LOOP;
    END IF;
    IF cardinality(detail_pairs) > 0 THEN
        column_names := column_names || 'details'::text;
        column_values := column_values || format('jsonb_strip_nulls(jsonb_build_object(%s))', array_to_string(detail_pairs, ', '));
    END IF;

    -- 6. Write them. A record that had been deleted is there again.
    SELECT string_agg(format(CASE WHEN NOT is_partial THEN '%1$I = EXCLUDED.%1$I'
                                  WHEN n = 'details' THEN '%1$I = r.%1$I || EXCLUDED.%1$I'
                                  ELSE '%1$I = coalesce(EXCLUDED.%1$I, r.%1$I)' END, n), ', '),
           string_agg(quote_ident(n), ', ')
    INTO assignments, target_list FROM unnest(column_names) n;
    CREATE TEMP TABLE cdp_before ON COMMIT DROP AS
    SELECT r.record_id, r.email, r.phone FROM cdp_data.record r JOIN pg_temp.cdp_clean c ON r.source_id = source.source_id AND r.source_key = c.source_key
    WHERE r.email IS NOT NULL OR r.phone IS NOT NULL;
    INSERT INTO pg_temp.cdp_before (record_id, email, phone)
    SELECT r.record_id, r.deleted_values ->> 'email', r.deleted_values ->> 'phone'
    FROM cdp_data.record r JOIN pg_temp.cdp_clean c ON r.source_id = source.source_id AND r.source_key = c.source_key
    WHERE r.deleted_at IS NOT NULL;
    CREATE TEMP TABLE cdp_written (record_id bigint, source_key text, is_new boolean) ON COMMIT DROP;
    EXECUTE format($q$
        WITH written AS (
            INSERT INTO cdp_data.record AS r (source_id, source_key, content_hash, is_delivered %1$s)
            SELECT $1, c.source_key, c.content_hash, true %2$s
            FROM pg_temp.cdp_clean c %3$s
            ORDER BY c.source_key COLLATE "C"
            ON CONFLICT (source_id, source_key) DO UPDATE
                SET content_hash = EXCLUDED.content_hash, is_delivered = true, deleted_at = NULL, deleted_values = NULL, updated_at = clock_timestamp() %4$s
            RETURNING r.record_id, r.source_key, r.xmax = 0)
        INSERT INTO pg_temp.cdp_written SELECT * FROM written
    $q$, ', ' || target_list, ', ' || nullif(array_to_string(column_values, ', '), ''),
         CASE WHEN full_name IS NOT NULL THEN format('CROSS JOIN LATERAL cdp.split_name(%s) n', full_name) END,
         ', ' || assignments)
    USING source.source_id;
    SELECT count(*) FILTER (WHERE w.is_new), count(*) FILTER (WHERE NOT w.is_new) INTO rows_new, rows_changed FROM pg_temp.cdp_written w;

    -- 7. Identifiers and consents hang on the records.
    IF NOT is_partial AND rows_changed > 0 THEN
        DELETE FROM cdp_data.record_identifier d USING pg_temp.cdp_written w WHERE d.record_id = w.record_id AND NOT w.is_new;
    END IF;
    FOR field IN
        SELECT m.position, m.column_name, a.attribute, a.place FROM pg_temp.cdp_mapping m JOIN cdp_data.attribute a ON a.attribute = m.target
        WHERE a.place IN ('identifier', 'consent') ORDER BY m.position
    LOOP
        IF field.place = 'identifier' THEN
            EXECUTE format($q$
                INSERT INTO cdp_data.record_identifier (record_id, kind, value)
                SELECT w.record_id, %L, c.t%s FROM pg_temp.cdp_clean c JOIN pg_temp.cdp_written w USING (source_key)
                WHERE c.t%2$s IS NOT NULL
                ON CONFLICT DO NOTHING
            $q$, field.attribute, field.position);
        ELSE
            -- Not having opted out is no consent: a flag of refusal can only refuse.
            EXECUTE format($q$
                SELECT cdp._record_consents(array_agg(w.record_id), array_agg(%s), array_agg(w.is_new), %L, 'marketing', 'the column ' || %L || ' of the source')
                FROM pg_temp.cdp_clean c JOIN pg_temp.cdp_written w USING (source_key)
                WHERE c.t%s%s
            $q$, CASE WHEN field.attribute LIKE 'refuses%' THEN 'false' ELSE format('c.t%s', field.position) END, split_part(field.attribute, '_', 2),
                 field.column_name, field.position, CASE WHEN field.attribute LIKE 'refuses%' THEN '' ELSE ' IS NOT NULL' END);
        END IF;
    END LOOP;
    PERFORM cdp._carry_refusals();
    DROP TABLE pg_temp.cdp_intake, pg_temp.cdp_changed, pg_temp.cdp_clean, pg_temp.cdp_written, pg_temp.cdp_before;
END
$$;
COMMENT ON FUNCTION cdp._ingest_relation(int, text, text, boolean, boolean) IS 'Internal. Reads a relation of people by the mapping in pg_temp.cdp_mapping.';

-- When only part of a source was read, what was refused of the rest is still refused: readers of events resolve all that they
-- did not see.
CREATE FUNCTION cdp._reopen_rejects(source_id int, rows_from text, since timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET bytea_output = 'hex' SET timezone = 'UTC' AS $$
#variable_conflict use_variable
DECLARE
    message_column text;
BEGIN
    IF NOT EXISTS (SELECT FROM cdp_data.reject j WHERE j.source_id = source_id AND j.resolved_at >= since AND j.line_number IS NULL) THEN RETURN; END IF;
    SELECT m.column_name INTO message_column FROM cdp_data.mapping m JOIN cdp_data.source s USING (source_id) WHERE s.source_id = _reopen_rejects.source_id AND s.kind = 'messages';
    -- Every value of an event that was refused; those that messages tell of people are not resolved by reading others. What has
    -- no key is refused until all is read.
    EXECUTE format($q$
        UPDATE cdp_data.reject j SET resolved_at = NULL
        WHERE j.source_id = $1 AND j.resolved_at >= $2 AND j.line_number IS NULL AND j.rule = ANY (cdp._reading_rules()) AND (j.attribute IS NULL OR %s)
          AND (j.%s IN (SELECT k.key FROM (SELECT %s AS key FROM %s AS s) AS k WHERE k.key IS NOT NULL)) IS NOT TRUE
    $q$, CASE WHEN message_column IS NULL THEN 'true' ELSE 'false' END, CASE WHEN message_column IS NULL THEN 'source_key' ELSE 'original' END,
         CASE WHEN message_column IS NULL THEN cdp._key_expression(source_id) ELSE format('s.%I::text', message_column) END, rows_from)
    USING source_id, since;
END
$$;
COMMENT ON FUNCTION cdp._reopen_rejects(int, text, timestamptz) IS 'Internal. Takes back that refusals were resolved whose rows have not been read.';

CREATE FUNCTION cdp._store_rows(source_id int, rows_from text, is_complete boolean,
    OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    started CONSTANT timestamptz := clock_timestamp();
BEGIN
    CASE (SELECT s.kind FROM cdp_data.source s WHERE s.source_id = _store_rows.source_id)
        WHEN 'people' THEN
            SELECT * INTO rows_read, rows_new, rows_changed, rows_rejected FROM cdp._ingest_people(source_id, rows_from, is_complete);
            RETURN;
        WHEN 'events' THEN SELECT * INTO rows_read, rows_new, rows_changed, rows_rejected FROM cdp._ingest_events(source_id, rows_from);
        WHEN 'messages' THEN SELECT * INTO rows_read, rows_new, rows_changed, rows_rejected FROM cdp._ingest_messages(source_id, rows_from);
    END CASE;
    IF NOT is_complete THEN PERFORM cdp._reopen_rejects(source_id, rows_from, started); END IF;
END
$$;
COMMENT ON FUNCTION cdp._store_rows(int, text, boolean) IS 'Internal. Cleans and stores rows of a source; is_complete: they are all it has.';

-- Where raw rows are kept, decisions that a source dates by no time of its own are of the time of the reading: a rebuild knows it.
CREATE FUNCTION cdp._date_consents(source_id int, since_id bigint, read_at timestamptz) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    UPDATE cdp_data.consent c SET decided_at = least(c.decided_at, $3), recorded_at = $3 WHERE c.consent_id > $2 AND c.source_id = $1
$$;
COMMENT ON FUNCTION cdp._date_consents(int, bigint, timestamptz) IS 'Internal. Decisions that a reading recorded after since_id are no later than the reading.';

CREATE FUNCTION cdp._read_rows(source_id int, rows_from text, is_complete boolean,
    OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    read_at CONSTANT timestamptz := clock_timestamp();
    last_consent bigint;
BEGIN
    IF NOT cdp._keeps_raw(source_id) THEN
        SELECT * INTO rows_read, rows_new, rows_changed, rows_rejected FROM cdp._store_rows(source_id, rows_from, is_complete);
        RETURN;
    END IF;
    PERFORM cdp._take_raw(source_id, rows_from);
    PERFORM cdp._keep_raw(source_id, 'pg_temp.cdp_raw_read', is_complete, read_at);
    last_consent := (SELECT coalesce(max(c.consent_id), 0) FROM cdp_data.consent c);
    SELECT * INTO rows_read, rows_new, rows_changed, rows_rejected FROM cdp._store_rows(source_id, 'pg_temp.cdp_raw_read', is_complete);
    PERFORM cdp._date_consents(source_id, last_consent, read_at);
    DROP TABLE pg_temp.cdp_raw_read;
END
$$;
COMMENT ON FUNCTION cdp._read_rows(int, text, boolean) IS 'Internal. Keeps raw rows of a source where that is asked for, and stores them.';

CREATE FUNCTION cdp._add_counts(a record, b record, OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    rows_read := a.rows_read + b.rows_read;
    rows_new := a.rows_new + b.rows_new;
    rows_changed := a.rows_changed + b.rows_changed;
    rows_rejected := a.rows_rejected + b.rows_rejected;
END
$$;
COMMENT ON FUNCTION cdp._add_counts(record, record) IS 'Internal. What two readings did, together.';

-- One reader per source; another waits for the end of this transaction. Readers of several sources go on together, but none
-- while people are resolved and built: what it changes meanwhile, invisible until it commits, would look older than the profiles.
CREATE FUNCTION cdp._lock_source(source_id int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('ingest ' || source_id));
    PERFORM pg_advisory_xact_lock_shared(cdp._advisory_key('records'));
END
$$;
COMMENT ON FUNCTION cdp._lock_source(int) IS 'Internal. Waits until nobody else reads a source or resolves people, to the end of the transaction.';

-- Ingestion looks records up and writes their events past the executor: none may be deleted in between.
CREATE FUNCTION cdp._wait_for_readers() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('records'));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._wait_for_readers() IS 'Internal. Trigger: records are deleted while no source is read.';

CREATE FUNCTION cdp._check_plan_of(source_id int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    chosen record;
BEGIN
    SELECT s.name, s.kind INTO chosen FROM cdp_data.source s WHERE s.source_id = _check_plan_of.source_id;
    IF chosen.kind <> 'people' THEN PERFORM cdp.check_tracking_plan(chosen.name); END IF;
END
$$;
COMMENT ON FUNCTION cdp._check_plan_of(int) IS 'Internal. After a reading: compares the new events of a source with the tracking plan.';

-- What a reading is about to read, before it does.
CREATE FUNCTION cdp._plan_reading(source_id int, since text, until text, check_deletes boolean,
    OUT reading text, OUT rows_from text, OUT is_complete boolean, OUT watermark_from text, OUT watermark_to text, OUT deletes_checked boolean)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    source record;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _plan_reading.source_id;
    PERFORM cdp._check_mapping(source.source_id);
    IF since IS NOT NULL OR until IS NOT NULL THEN
        reading := 'window';
        watermark_from := cdp._window_edge(source.source_id, 'since', since);
        watermark_to := cdp._window_edge(source.source_id, 'until', until);
        rows_from := cdp._source_rows(source.source_id, 'window', watermark_from, watermark_to);
        is_complete := false;
    ELSE
        IF source.watermark_column IS NOT NULL THEN watermark_from := cdp._watermark_floor(source.source_id); END IF;
        -- Before the rows are: what is committed in between is read now, and again by the next reading.
        watermark_to := cdp._watermark_now(source.source_id, watermark_from);
        is_complete := watermark_from IS NULL;
        reading := CASE WHEN is_complete THEN 'full' ELSE 'watermark' END;
        rows_from := cdp._source_query(source.source_id);
    END IF;
    IF check_deletes AND source.deletes = 'ignore' THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = format('deletes of the source %I are ignored', source.name),
            DETAIL = 'Nothing says how deleted rows are to be noticed.',
            HINT = format('For rows that are no longer there: SELECT * FROM cdp.change_source(%L, deletes => ''snapshot'');', source.name);
    END IF;
    deletes_checked := source.deletes = 'tombstone'
        OR source.deletes = 'snapshot' AND coalesce(check_deletes, reading = 'full' OR reading = 'watermark' AND source.reads_unchecked + 1 >= source.check_deletes_every);
END
$$;
COMMENT ON FUNCTION cdp._plan_reading(int, text, text, boolean) IS 'Internal. What a reading of a source reads: the rows, whether they are all, from and up to which watermark, and whether it looks for deletes.';

CREATE FUNCTION cdp._finish_reading(source_id int, plan record, counts record, deleted bigint, batches int, started timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM cdp._lapse_corrections(source_id, plan.rows_from, plan.is_complete);
    IF plan.is_complete THEN
        -- Records that were to be cleaned again and are not there any more do not ask for it for ever.
        UPDATE cdp_data.record r SET content_hash = '00000000-0000-0000-0000-000000000000'
        WHERE r.source_id = _finish_reading.source_id AND r.content_hash IS NULL AND r.is_delivered AND r.deleted_at IS NULL;
    END IF;
    UPDATE cdp_data.source s SET ingested_at = clock_timestamp(), reading = NULL,
        watermark_value = CASE WHEN plan.reading <> 'window' THEN plan.watermark_to ELSE s.watermark_value END,
        reads_unchecked = CASE WHEN plan.deletes_checked THEN 0 WHEN plan.reading = 'window' THEN s.reads_unchecked ELSE s.reads_unchecked + 1 END
    WHERE s.source_id = _finish_reading.source_id;
    INSERT INTO cdp_data.source_read (source_id, reading, watermark_from, watermark_to, batches, rows_read, rows_new, rows_changed, rows_rejected, rows_deleted, deletes_checked, started_at)
    VALUES (source_id, plan.reading, plan.watermark_from, plan.watermark_to, batches, counts.rows_read, counts.rows_new, counts.rows_changed, counts.rows_rejected, deleted, plan.deletes_checked, started);
END
$$;
COMMENT ON FUNCTION cdp._finish_reading(int, record, record, bigint, int, timestamptz) IS 'Internal. Writes down what a reading did, and moves the watermark.';

CREATE FUNCTION cdp.ingest(source text, since text DEFAULT NULL, until text DEFAULT NULL, check_deletes boolean DEFAULT NULL, max_deleted float8 DEFAULT NULL,
    OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
    started CONSTANT timestamptz := clock_timestamp();
    id int;
    plan record;
    counts record;
    kept text;
    refused bigint;
    deleted bigint := 0;
BEGIN
    PERFORM cdp._require_store();
    id := cdp._source_id(source);
    PERFORM cdp._lock_source(id);
    plan := cdp._plan_reading(id, since, until, check_deletes);
    -- Before anything is read: a mass deletion says that there is nothing good to read.
    IF plan.deletes_checked THEN PERFORM cdp._find_gone(id, max_deleted); END IF;
    kept := cdp._apply_quality_rules(id, plan.rows_from, plan.is_complete);
    counts := cdp._read_rows(id, kept, plan.is_complete);
    -- Rows that a rule refused were not read.
    refused := coalesce((SELECT sum(c.rows_refused) FROM cdp_data.quality_check c WHERE c.source_id = id AND c.checked_at >= started), 0);
    counts.rows_read := counts.rows_read + refused;
    counts.rows_rejected := counts.rows_rejected + refused;
    PERFORM cdp._note_reading(id, kept, counts.rows_read, counts.rows_new + counts.rows_changed, started);
    IF plan.deletes_checked THEN
        counts := cdp._add_counts(counts, cdp._read_missing(id));
        deleted := cdp._delete_found(id);
    END IF;
    PERFORM cdp._finish_reading(id, plan, counts, deleted, 1, started);
    PERFORM cdp._check_plan_of(id);
    rows_read := counts.rows_read;
    rows_new := counts.rows_new;
    rows_changed := counts.rows_changed;
    rows_rejected := counts.rows_rejected;
END
$$;
COMMENT ON FUNCTION cdp.ingest(text, text, text, boolean, float8) IS
'Reads one source now: new and changed rows are cleaned and stored, unchanged ones skipped, faulty values and rows explained in cdp_data.reject. Returns the counts; cdp_data.source_read keeps them, with the rows deleted. A source with a watermark is read from there on; since and until read one span of it again (since included, until not, either may be left out) and leave the watermark where it is. check_deletes: look for rows that are deleted at the source now, or not. max_deleted: for this reading, the share of the stored rows that may be deleted (1: all). cdp.refresh() does this for every source. Example: SELECT * FROM cdp.ingest(''crm'');';
