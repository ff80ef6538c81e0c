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
          UNION ALL SELECT source.key_column WHERE source.key_column <> '*') AS used(u)
    WHERE u <> ALL (columns) LIMIT 1;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_column',
            MESSAGE = format('the column %I of the source %I no longer exists in %s', missing, source.name, source.relation),
            DETAIL = 'Its columns are ' || array_to_string(columns, ', ') || '.',
            HINT = cdp._did_you_mean(missing, columns)
                   || format('Correct the mapping: UPDATE cdp_data.mapping SET column_name = %L WHERE source_id = %s AND column_name = %L;',
                             coalesce(cdp._nearest(missing, columns), columns[1]), source.source_id, missing);
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._check_mapping(int) IS 'Internal. Errors when a source has lost a column that its mapping uses.';

CREATE FUNCTION cdp._reject_hash(source_id int, source_key text, attribute text, content text) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT md5(ROW(source_id, source_key, attribute, content)::text)::uuid
$$;
COMMENT ON FUNCTION cdp._reject_hash(int, text, text, text) IS 'Internal. What makes two refusals the same.';

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

CREATE FUNCTION cdp._ingest_people(source_id int, OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    source cdp_data.source;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _ingest_people.source_id;
    PERFORM cdp._check_mapping(source.source_id);
    CREATE TEMP TABLE cdp_mapping ON COMMIT DROP AS
    SELECT m.position, m.column_name, m.target FROM cdp_data.mapping m WHERE m.source_id = source.source_id;
    SELECT * INTO rows_read, rows_new, rows_changed, rows_rejected
    FROM cdp._ingest_relation(source.source_id, source.relation, source.key_column, false);
    DROP TABLE pg_temp.cdp_mapping;
END
$$;
COMMENT ON FUNCTION cdp._ingest_people(int) IS 'Internal. Reads one source of people.';

-- Reads `relation` by the mapping in pg_temp.cdp_mapping (position, column_name, target). When `is_partial`, attributes
-- that the relation does not know keep their stored value (messages speak of what they know only).
CREATE FUNCTION cdp._ingest_relation(source_id int, relation text, key_column text, is_partial boolean,
    OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
-- Typed columns become the same text in every session, or all of their rows would look changed.
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET bytea_output = 'hex' SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    source cdp_data.source;
    started CONSTANT timestamptz := clock_timestamp();
    raw_columns text;
    updated_at_column text;
    field record;
    column_names text[] := '{}';
    column_values text[] := '{}';
    detail_pairs text[] := '{}';
    full_name text;
    target_list text;
    assignments text;
    duplicates bigint;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _ingest_relation.source_id;
    -- The day of an instant is that of the source's zone.
    BEGIN
        PERFORM set_config('timezone', source.time_zone, true);
    EXCEPTION WHEN invalid_parameter_value THEN
        NULL; -- an abbreviation such as CEST converts times but cannot be set; then it is the day in UTC
    END;
    DROP TABLE IF EXISTS pg_temp.cdp_intake, pg_temp.cdp_changed, pg_temp.cdp_written, pg_temp.cdp_before;

    -- 1. The mapped columns as text, a key and a hash of what was read.
    SELECT string_agg(format('s.%I::text AS v%s', m.column_name, m.position), ', ' ORDER BY m.position),
           min('v' || m.position) FILTER (WHERE m.target = 'updated_at')
    INTO raw_columns, updated_at_column FROM pg_temp.cdp_mapping m;
    EXECUTE format($q$
        CREATE TEMP TABLE cdp_intake ON COMMIT DROP AS
        SELECT i.*, md5(ROW(i.*)::text)::uuid AS content_hash
        FROM (SELECT nullif(btrim(s.%I::text, E' \t\r\n\u00a0''"'), '') AS source_key, %s FROM %s AS s) AS i
    $q$, key_column, raw_columns, relation);
    GET DIAGNOSTICS rows_read = ROW_COUNT;

    -- 2. Rows that cannot be kept: no key, or the key of another row that is newer (or, when neither says, has the
    --    greater hash: the choice must not depend on the order of rows). Repeated identical rows are one row.
    EXECUTE format($q$
        CREATE TEMP TABLE cdp_changed ON COMMIT DROP AS
        SELECT i.*, coalesce(i.source_key IS NOT NULL AND i.rank = 1, false) AS is_kept
        FROM (SELECT DISTINCT ON (i.source_key, i.content_hash) i.*,
                     dense_rank() OVER (PARTITION BY i.source_key ORDER BY %s i.content_hash DESC) AS rank
              FROM pg_temp.cdp_intake i) AS i
        LEFT JOIN cdp_data.record r ON r.source_id = %s AND r.source_key = i.source_key
        WHERE r.content_hash IS DISTINCT FROM i.content_hash OR i.source_key IS NULL OR i.rank > 1
    $q$, CASE WHEN updated_at_column IS NOT NULL
              THEN format('cdp.normalize_timestamp(i.%I, %L, %L) DESC NULLS LAST,', updated_at_column, source.time_zone, source.date_order) END,
         source.source_id);
    INSERT INTO cdp_data.reject AS j (reject_hash, source_id, relation, source_key, reason, suggestion, original, last_seen_at)
    SELECT cdp._reject_hash(source.source_id, c.source_key, NULL, c.content_hash::text), source.source_id, source.relation, c.source_key,
           CASE WHEN c.source_key IS NULL THEN format('the key %I is missing', key_column)
                ELSE format('another row with the key %s was kept', c.source_key) END,
           CASE WHEN c.source_key IS NOT NULL THEN 'Map a key that is unique, or remove the row that is out of date.' END,
           cdp.mask_payment_cards((SELECT jsonb_object_agg(m.column_name, to_jsonb(c) -> ('v' || m.position))::text FROM pg_temp.cdp_mapping m)), clock_timestamp()
    FROM pg_temp.cdp_changed c
    -- A repeated row that is the same to the letter is no fault.
    WHERE NOT c.is_kept
      AND (c.source_key IS NULL OR NOT EXISTS (SELECT FROM pg_temp.cdp_changed k WHERE k.source_key = c.source_key AND k.content_hash = c.content_hash AND k.is_kept))
    ON CONFLICT (reject_hash) DO UPDATE SET last_seen_at = clock_timestamp(), resolved_at = NULL;
    GET DIAGNOSTICS rows_rejected = ROW_COUNT;
    UPDATE cdp_data.reject j SET resolved_at = clock_timestamp()
    WHERE j.source_id = source.source_id AND j.attribute IS NULL AND j.resolved_at IS NULL AND j.line_number IS NULL
      AND j.last_seen_at < started AND NOT is_partial;
    DELETE FROM pg_temp.cdp_changed c WHERE NOT c.is_kept;

    -- Values that stand for nothing in this company's data are missing.
    FOR field IN
        SELECT m.position, cdp._junk_condition(a.semantic_type, format('c.v%s', m.position), source.country, source.date_order, source.time_zone) AS is_junk
        FROM pg_temp.cdp_mapping m JOIN cdp_data.attribute a ON a.attribute = m.target
        WHERE EXISTS (SELECT FROM cdp_data.junk_value j
                      WHERE j.semantic_type IN ('any', CASE a.semantic_type WHEN 'full_name' THEN 'name' ELSE a.semantic_type END))
    LOOP
        EXECUTE format('UPDATE pg_temp.cdp_changed c SET v%1$s = NULL WHERE c.v%1$s IS NOT NULL AND %2$s', field.position, field.is_junk);
    END LOOP;

    -- 3. Values that cannot be kept, with the reason; the rest of the row is.
    UPDATE cdp_data.reject j SET resolved_at = clock_timestamp()
    FROM pg_temp.cdp_changed c
    WHERE j.source_id = source.source_id AND j.source_key = c.source_key AND j.attribute IS NOT NULL AND j.resolved_at IS NULL;
    FOR field IN
        SELECT m.position, m.target, a.semantic_type, a.place,
               cdp._cleaning_expression(a.semantic_type, format('c.v%s', m.position), source.country, source.date_order, source.time_zone) AS cleaned,
               cdp._verdict_expression(a.semantic_type, format('c.v%s', m.position), source.country, source.date_order, source.time_zone) AS verdict
        FROM pg_temp.cdp_mapping m JOIN cdp_data.attribute a ON a.attribute = m.target
        ORDER BY m.position
    LOOP
        EXECUTE format($q$
            INSERT INTO cdp_data.reject AS j (reject_hash, source_id, relation, source_key, attribute, value, reason, suggestion)
            SELECT cdp._reject_hash($1, c.source_key, $3, c.v%1$s), $1, $2, c.source_key, $3, left(%4$s, 200), v.reason, nullif(v.suggestion, '')
            FROM pg_temp.cdp_changed c
            CROSS JOIN LATERAL %2$s v
            WHERE c.v%1$s IS NOT NULL AND %3$s IS NULL AND v.status = 'invalid'
            ON CONFLICT (reject_hash) DO UPDATE SET last_seen_at = clock_timestamp(), resolved_at = NULL
        $q$, field.position, field.verdict, field.cleaned,
             -- A card's number is never kept, not even a wrong one.
             CASE WHEN field.semantic_type = 'payment_card' THEN format($m$regexp_replace(c.v%s, '[0-9](?=.*[0-9]{4})', '*', 'g')$m$, field.position)
                  ELSE format('cdp.mask_payment_cards(c.v%s)', field.position) END)
        USING source.source_id, source.relation, field.target;
        GET DIAGNOSTICS duplicates = ROW_COUNT;
        rows_rejected := rows_rejected + duplicates;
    END LOOP;

    -- 4. One expression per attribute: the first of its columns that can be cleaned.
    FOR field IN
        SELECT a.attribute, a.place, a.value_type,
               format(CASE WHEN count(*) > 1 THEN 'coalesce(%s)' ELSE '%s' END,
                      string_agg(cdp._cleaning_expression(a.semantic_type, format('c.v%s', m.position), source.country,
                                                          source.date_order, source.time_zone), ', ' ORDER BY m.position)) AS cleaned
        FROM pg_temp.cdp_mapping m JOIN cdp_data.attribute a ON a.attribute = m.target
        GROUP BY a.attribute, a.place, a.value_type
        ORDER BY a.attribute
    LOOP
        CASE field.place
            WHEN 'column' THEN
                column_names := column_names || field.attribute;
                column_values := column_values || field.cleaned;
            WHEN 'details' THEN
                detail_pairs := detail_pairs || format('%L, %s', field.attribute, field.cleaned);
            WHEN 'input' THEN
                IF field.attribute = 'full_name' THEN full_name := field.cleaned; END IF;
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
    IF updated_at_column IS NOT NULL THEN
        column_names := column_names || 'source_updated_at'::text;
        column_values := column_values || format('cdp.normalize_timestamp(c.%I, %L, %L)', updated_at_column, source.time_zone, source.date_order);
    END IF;

    -- 5. Write them.
    SELECT string_agg(format(CASE WHEN NOT is_partial THEN '%1$I = EXCLUDED.%1$I'
                                  WHEN n = 'details' THEN '%1$I = r.%1$I || EXCLUDED.%1$I'
                                  ELSE '%1$I = coalesce(EXCLUDED.%1$I, r.%1$I)' END, n), ', '),
           string_agg(quote_ident(n), ', ')
    INTO assignments, target_list FROM unnest(column_names) n;
    CREATE TEMP TABLE cdp_before ON COMMIT DROP AS
    SELECT r.record_id, r.email, r.phone FROM cdp_data.record r JOIN pg_temp.cdp_changed c ON r.source_id = source.source_id AND r.source_key = c.source_key
    WHERE r.email IS NOT NULL OR r.phone IS NOT NULL;
    CREATE TEMP TABLE cdp_written (record_id bigint, source_key text, is_new boolean) ON COMMIT DROP;
    EXECUTE format($q$
        WITH written AS (
            INSERT INTO cdp_data.record AS r (source_id, source_key, content_hash %1$s)
            SELECT $1, c.source_key, c.content_hash %2$s
            FROM pg_temp.cdp_changed c %3$s
            ORDER BY c.source_key COLLATE "C"
            ON CONFLICT (source_id, source_key) DO UPDATE
                SET content_hash = EXCLUDED.content_hash, updated_at = clock_timestamp() %4$s
            RETURNING r.record_id, r.source_key, r.xmax = 0)
        INSERT INTO pg_temp.cdp_written SELECT * FROM written
    $q$, ', ' || target_list, ', ' || nullif(array_to_string(column_values, ', '), ''),
         CASE WHEN full_name IS NOT NULL THEN format('CROSS JOIN LATERAL cdp.split_name(%s) n', full_name) END,
         ', ' || assignments)
    USING source.source_id;
    SELECT count(*) FILTER (WHERE w.is_new), count(*) FILTER (WHERE NOT w.is_new) INTO rows_new, rows_changed FROM pg_temp.cdp_written w;

    -- 6. Identifiers and consents hang on the records.
    IF NOT is_partial THEN
        DELETE FROM cdp_data.record_identifier d USING pg_temp.cdp_written w WHERE d.record_id = w.record_id;
    END IF;
    FOR field IN
        SELECT m.position, a.attribute, a.place,
               cdp._cleaning_expression(a.semantic_type, format('c.v%s', m.position), source.country, source.date_order, source.time_zone) AS cleaned
        FROM pg_temp.cdp_mapping m JOIN cdp_data.attribute a ON a.attribute = m.target
        WHERE a.place IN ('identifier', 'consent') ORDER BY m.position
    LOOP
        IF field.place = 'identifier' THEN
            EXECUTE format($q$
                INSERT INTO cdp_data.record_identifier (record_id, kind, value)
                SELECT w.record_id, %L, %s FROM pg_temp.cdp_changed c JOIN pg_temp.cdp_written w USING (source_key)
                WHERE %2$s IS NOT NULL
                ON CONFLICT DO NOTHING
            $q$, field.attribute, field.cleaned);
        ELSE
            -- Not having opted out is no consent: a flag of refusal can only refuse.
            EXECUTE format($q$
                SELECT cdp._record_consents(array_agg(w.record_id), array_agg(%s), array_agg(w.is_new), %L, 'marketing', 'the column ' || %L || ' of the source')
                FROM pg_temp.cdp_changed c JOIN pg_temp.cdp_written w USING (source_key)
                WHERE %s
            $q$, CASE WHEN field.attribute LIKE 'refuses%' THEN 'false' ELSE field.cleaned END, split_part(field.attribute, '_', 2),
                 (SELECT m.column_name FROM pg_temp.cdp_mapping m WHERE m.position = field.position),
                 field.cleaned || CASE WHEN field.attribute LIKE 'refuses%' THEN '' ELSE ' IS NOT NULL' END);
        END IF;
    END LOOP;
    PERFORM cdp._carry_refusals();
    DROP TABLE pg_temp.cdp_intake, pg_temp.cdp_changed, pg_temp.cdp_written, pg_temp.cdp_before;
END
$$;
COMMENT ON FUNCTION cdp._ingest_relation(int, text, text, boolean) IS 'Internal. Reads a relation of people by the mapping in pg_temp.cdp_mapping.';

CREATE FUNCTION cdp.ingest(source text, OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
    chosen record; -- not a row of cdp_data.source: without a store that would be an error without a hint
BEGIN
    PERFORM cdp._require_store();
    SELECT * INTO chosen FROM cdp_data.source s WHERE s.source_id = cdp._source_id(source);
    -- One reader per source; another waits for the end of this transaction.
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('ingest ' || chosen.source_id));
    -- Readers of several sources go on together, but none while people are resolved and built: what it changes meanwhile,
    -- invisible until it commits, would look older than the profiles.
    PERFORM pg_advisory_xact_lock_shared(cdp._advisory_key('records'));
    CASE chosen.kind
        WHEN 'people' THEN SELECT * INTO rows_read, rows_new, rows_changed, rows_rejected FROM cdp._ingest_people(chosen.source_id);
        WHEN 'events' THEN SELECT * INTO rows_read, rows_new, rows_changed, rows_rejected FROM cdp._ingest_events(chosen.source_id, chosen.relation);
        WHEN 'messages' THEN SELECT * INTO rows_read, rows_new, rows_changed, rows_rejected FROM cdp._ingest_messages(chosen.source_id, chosen.relation);
    END CASE;
    UPDATE cdp_data.source s SET ingested_at = clock_timestamp() WHERE s.source_id = chosen.source_id;
END
$$;
COMMENT ON FUNCTION cdp.ingest(text) IS
'Reads one source now: new and changed rows are cleaned and stored, unchanged ones skipped, faulty values and rows explained in cdp_data.reject. Returns the counts. cdp.refresh() does this for every source. Example: SELECT * FROM cdp.ingest(''crm'');';
