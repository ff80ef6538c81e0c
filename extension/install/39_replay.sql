-- Refused rows and values: corrected in SQL, read again by the same rules, and kept correct until the source changes.

-- A correction says what is read instead of certain values of a row. It says nothing any more once the row is gone or holds
-- other values. Of a part of the source only rows that were read can tell.
CREATE FUNCTION cdp._lapse_corrections(source_id int, rows_from text, is_complete boolean) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET bytea_output = 'hex' SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    source record;
    key CONSTANT text := cdp._key_expression(source_id);
    comparisons text;
    lapsed bigint;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _lapse_corrections.source_id;
    SELECT string_agg(format('%L, %s', c.column_name, cdp._stable_text(c.column_name, c.column_type)), ', ') INTO comparisons
    FROM cdp._relation_columns(source.relation) c
    WHERE c.column_name IN (SELECT jsonb_object_keys(k.original) FROM cdp_data.correction k WHERE k.source_id = source.source_id AND k.lapsed_at IS NULL);
    IF comparisons IS NULL THEN RETURN 0; END IF;
    IF source.kind = 'people' THEN PERFORM set_config('timezone', cdp._settable_zone(source.time_zone), true); END IF;
    EXECUTE format($q$
        UPDATE cdp_data.correction c SET lapsed_at = clock_timestamp()
        WHERE c.source_id = $1 AND c.lapsed_at IS NULL AND %s
          AND c.correction_id NOT IN (SELECT k.correction_id FROM %s AS s JOIN cdp_data.correction k ON k.source_id = $1 AND k.lapsed_at IS NULL
                                      AND k.source_key = coalesce(%s, '') AND jsonb_build_object(%s) @> k.original)
    $q$, CASE WHEN is_complete THEN 'true' ELSE format('c.source_key IN (SELECT %s FROM %s AS s)', key, rows_from) END, source.relation, key, comparisons) USING source.source_id;
    GET DIAGNOSTICS lapsed = ROW_COUNT;
    RETURN lapsed;
END
$$;
COMMENT ON FUNCTION cdp._lapse_corrections(int, text, boolean) IS 'Internal. Ends the corrections whose rows have changed or gone; returns how many.';

-- Trigger on cdp_data.reject (attached by cdp.install()): the original is what came; an edit of it is a correction.
CREATE FUNCTION cdp._keep_original() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    edited CONSTANT jsonb := cdp._try_jsonb(NEW.original);
    before CONSTANT jsonb := cdp._try_jsonb(OLD.original);
BEGIN
    IF jsonb_typeof(edited) = 'object' AND jsonb_typeof(before) = 'object' THEN
        NEW.corrected := (SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(edited) e WHERE before -> e.key IS DISTINCT FROM e.value)::text;
    ELSE
        NEW.corrected := NEW.original;
    END IF;
    NEW.original := OLD.original;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION cdp._keep_original() IS 'Internal. Trigger: an edit of the original of a refused row goes to the column corrected.';

CREATE FUNCTION cdp.fix_reject(reject_id bigint, corrected text, OUT source text, OUT source_key text, OUT attribute text, OUT refused text, OUT corrected_to text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    fault record;
BEGIN
    PERFORM cdp._require_store();
    SELECT j.*, s.name, s.kind INTO fault FROM cdp_data.reject j LEFT JOIN cdp_data.source s USING (source_id) WHERE j.reject_id = fix_reject.reject_id;
    IF fault.reject_id IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('there is no refusal %s', coalesce(fix_reject.reject_id::text, 'NULL')),
            HINT = 'See them: SELECT reject_id, source_key, attribute, value, reason FROM cdp_data.reject WHERE resolved_at IS NULL;';
    ELSIF fault.source_id IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = format('refusal %s is a line of a file that could not be read', reject_id),
            DETAIL = format('It was to be loaded into %s.', fault.relation), HINT = format('Add the row by hand: INSERT INTO %s …;', fault.relation);
    ELSIF fault.kind = 'messages' AND fault.attribute IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'feature_not_supported', MESSAGE = 'a single value of a message cannot be corrected',
            DETAIL = 'Several messages may have told it.', HINT = format('Send a message with the right value, or insert one: INSERT INTO %s …;', fault.relation);
    ELSIF fault.attribute IS NULL AND fault.kind <> 'messages' AND jsonb_typeof(cdp._try_jsonb(fix_reject.corrected)) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'a whole row is corrected by a JSON object of the columns that change',
            DETAIL = format('The row is: %s', left(fault.original, 300)), HINT = format('For example: SELECT * FROM cdp.fix_reject(%s, ''{"column": "value"}'');', reject_id);
    END IF;
    UPDATE cdp_data.reject j SET corrected = fix_reject.corrected WHERE j.reject_id = fault.reject_id;
    source := fault.name;
    source_key := fault.source_key;
    attribute := fault.attribute;
    refused := coalesce(fault.value, fault.original);
    corrected_to := fix_reject.corrected;
END
$$;
COMMENT ON FUNCTION cdp.fix_reject(bigint, text) IS
'Says what should have come instead of a refused value or row: of a value the value itself, of a whole row a JSON object of the columns that change. Nothing is read yet; cdp.replay_rejects() does that, for many at once. In bulk: UPDATE cdp_data.reject SET corrected = …. NULL takes it back. Example: SELECT * FROM cdp.fix_reject(17, ''ana@example.com'');';

CREATE FUNCTION cdp._columns_read(source_id int) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT array_agg(DISTINCT c) FROM (SELECT m.column_name FROM cdp_data.mapping m WHERE m.source_id = $1
                                       UNION SELECT s.key_column FROM cdp_data.source s WHERE s.source_id = $1 AND s.key_column <> '*') AS n(c)
$$;
COMMENT ON FUNCTION cdp._columns_read(int) IS 'Internal. The columns of a source that are read: the key and what is mapped.';

-- The rows at the source that pg_temp.cdp_replayed speaks of, as they are now and as far as they are corrected already, into
-- pg_temp.cdp_refused: their key, what they are known as (the corrected key; the content of a message), and their values.
CREATE FUNCTION cdp._load_refused(source_id int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET bytea_output = 'hex' SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    source record;
    key CONSTANT text := cdp._key_expression(source_id);
    known_as text;
    stable text;
    shown text;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _load_refused.source_id;
    IF source.kind = 'people' THEN PERFORM set_config('timezone', cdp._settable_zone(source.time_zone), true); END IF;
    SELECT string_agg(format('%L, %s', c.column_name, cdp._stable_text(c.column_name, c.column_type)), ', '), string_agg(format('%L, s.%I::text', c.column_name, c.column_name), ', ')
    INTO stable, shown
    FROM cdp._relation_columns(source.relation) c WHERE c.column_name = ANY (cdp._columns_read(source.source_id));
    known_as := CASE WHEN source.kind = 'messages' THEN (SELECT format('md5(s.%I::text)', m.column_name) FROM cdp_data.mapping m WHERE m.source_id = source.source_id)
                     WHEN source.key_column = '*' THEN key ELSE format($q$coalesce(nullif(btrim(c.corrected ->> %L), ''), %s, '')$q$, source.key_column, key) END;
    DROP TABLE IF EXISTS pg_temp.cdp_refused;
    EXECUTE format($q$
        CREATE TEMP TABLE cdp_refused ON COMMIT DROP AS
        SELECT coalesce(%1$s, '') AS key, %2$s AS known_as, jsonb_build_object(%3$s) AS stable, jsonb_build_object(%4$s) || coalesce(c.corrected, '{}') AS shown
        FROM %5$s AS s %6$s
        WHERE %2$s IN (SELECT %7$s FROM pg_temp.cdp_replayed p JOIN cdp_data.reject j USING (reject_id))
    $q$, key, known_as, stable, shown, source.relation,
        CASE WHEN EXISTS (SELECT FROM cdp_data.correction k WHERE k.source_id = source.source_id AND k.lapsed_at IS NULL) THEN cdp._correction_join(source.source_id)
             ELSE 'CROSS JOIN (SELECT NULL::jsonb AS corrected) AS c' END,
        CASE source.kind WHEN 'messages' THEN 'md5(j.original)' ELSE 'coalesce(j.source_key, '''')' END);
    CREATE INDEX ON pg_temp.cdp_refused (known_as);
    ANALYZE pg_temp.cdp_refused;
END
$$;
COMMENT ON FUNCTION cdp._load_refused(int) IS 'Internal. Looks the refused rows of a source up, all in one go.';

-- The correction that a fixed refusal asks for: which row of the source, which of its values, what instead. problem: why there is none.
CREATE FUNCTION cdp._correction_of(reject_id bigint, OUT source_key text, OUT original jsonb, OUT corrected jsonb, OUT problem text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET bytea_output = 'hex' SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    fault record;
    relation_columns text[];
    row_now record;
    rows_found int := 0;
    wrong text[];
    typed record;
BEGIN
    SELECT j.*, s.kind, s.key_column, s.time_zone, s.relation AS read_from INTO fault FROM cdp_data.reject j JOIN cdp_data.source s USING (source_id) WHERE j.reject_id = _correction_of.reject_id;
    relation_columns := cdp._columns_read(fault.source_id);
    IF fault.attribute IS NULL AND fault.kind = 'messages' THEN
        corrected := jsonb_build_object((SELECT m.column_name FROM cdp_data.mapping m WHERE m.source_id = fault.source_id), fault.corrected);
    ELSIF fault.attribute IS NULL THEN
        corrected := cdp._try_jsonb(fault.corrected);
        IF jsonb_typeof(corrected) IS DISTINCT FROM 'object' OR corrected = '{}' THEN
            problem := 'the correction is not a JSON object of columns';
            RETURN;
        END IF;
        SELECT min(k) INTO problem FROM jsonb_object_keys(corrected) k WHERE k <> ALL (relation_columns);
        IF problem IS NOT NULL THEN
            problem := format('the source has no column %I that is read', problem);
            RETURN;
        END IF;
    END IF;
    FOR row_now IN
        SELECT r.key, r.stable, r.shown FROM pg_temp.cdp_refused r
        WHERE r.known_as = CASE fault.kind WHEN 'messages' THEN md5(fault.original) ELSE coalesce(fault.source_key, '') END
        LIMIT 2000
    LOOP
        IF fault.attribute IS NOT NULL THEN
            -- The columns that hold what was refused.
            SELECT array_agg(DISTINCT m.column_name) INTO wrong FROM cdp_data.mapping m LEFT JOIN cdp_data.attribute a ON a.attribute = m.target
            WHERE m.source_id = fault.source_id AND m.target = fault.attribute
              AND left(CASE WHEN a.semantic_type = 'payment_card' THEN regexp_replace(row_now.shown ->> m.column_name, '[0-9](?=.*[0-9]{4})', '*', 'g')
                            ELSE cdp.mask_payment_cards(row_now.shown ->> m.column_name) END, 200) = fault.value;
            CONTINUE WHEN wrong IS NULL;
            corrected := (SELECT jsonb_object_agg(w, fault.corrected) FROM unnest(wrong) w);
        ELSIF fault.kind <> 'messages' AND fault.rule <> ALL (cdp._reading_rules()) THEN
            -- Quality rules keep every column with its type; times are written by the zone of the session.
            CONTINUE WHEN EXISTS (SELECT FROM cdp._relation_columns(fault.read_from) c
                                  WHERE c.column_name = ANY (relation_columns) AND c.column_type IN ('text', 'character varying', 'smallint', 'integer', 'bigint', 'numeric', 'boolean')
                                    AND cdp._try_jsonb(fault.original) ? c.column_name
                                    AND cdp._try_jsonb(fault.original) ->> c.column_name IS DISTINCT FROM cdp.mask_payment_cards(row_now.shown ->> c.column_name));
            wrong := relation_columns;
        ELSIF fault.kind = 'people' THEN
            CONTINUE WHEN fault.original IS DISTINCT FROM cdp.mask_payment_cards(
                (SELECT jsonb_object_agg(m.column_name, row_now.shown -> m.column_name) FROM cdp_data.mapping m WHERE m.source_id = fault.source_id)::text);
            wrong := relation_columns;
        ELSE
            wrong := relation_columns;
        END IF;
        source_key := row_now.key;
        original := (SELECT jsonb_object_agg(w, row_now.stable -> w) FROM unnest(wrong) w);
        rows_found := rows_found + 1;
        EXIT;
    END LOOP;
    IF rows_found = 0 THEN
        problem := 'the source no longer delivers it';
        RETURN;
    END IF;
    -- What a typed column cannot hold would stop every reading.
    FOR typed IN SELECT c.column_name, CASE c.column_type WHEN 'character' THEN 'bpchar' ELSE c.column_type END AS column_type, corrected ->> c.column_name AS value
                 FROM cdp._relation_columns(fault.read_from) c WHERE corrected ? c.column_name
    LOOP
        BEGIN
            EXECUTE format('SELECT %L::%s', typed.value, typed.column_type);
        EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
            problem := format('%L is no value for the column %I of type %s', left(typed.value, 60), typed.column_name, typed.column_type);
            RETURN;
        END;
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp._correction_of(bigint) IS 'Internal. What a corrected refusal changes in which row of its source.';

CREATE FUNCTION cdp._replay(source_id int) RETURNS TABLE (reject_id bigint, problem text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    started CONSTANT timestamptz := clock_timestamp();
    source record;
    fault record;
    found record;
    plan record;
    counts record;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _replay.source_id;
    PERFORM cdp._check_mapping(source.source_id);
    DROP TABLE IF EXISTS pg_temp.cdp_replayed;
    CREATE TEMP TABLE cdp_replayed ON COMMIT DROP AS
    SELECT j.reject_id, j.source_key AS key, NULL::text AS problem FROM cdp_data.reject j
    WHERE j.source_id = source.source_id AND j.resolved_at IS NULL AND j.line_number IS NULL;
    PERFORM cdp._load_refused(source.source_id);
    FOR fault IN SELECT j.* FROM cdp_data.reject j JOIN pg_temp.cdp_replayed p USING (reject_id) WHERE j.corrected IS NOT NULL ORDER BY j.reject_id LOOP
        found := cdp._correction_of(fault.reject_id);
        IF found.problem IS NOT NULL THEN
            UPDATE pg_temp.cdp_replayed p SET problem = found.problem WHERE p.reject_id = fault.reject_id;
        ELSE
            INSERT INTO cdp_data.correction AS c (source_id, source_key, original, original_hash, corrected, reject_id, reason)
            VALUES (source.source_id, found.source_key, found.original, md5(found.original::text)::uuid, found.corrected, fault.reject_id, fault.reason)
            ON CONFLICT (source_id, source_key, original_hash) WHERE lapsed_at IS NULL DO UPDATE
                SET corrected = c.corrected || EXCLUDED.corrected, reject_id = EXCLUDED.reject_id, reason = EXCLUDED.reason, corrected_at = clock_timestamp(), corrected_by = current_user;
            -- Where the content is the key, another content would be another event beside the faulty one.
            IF source.key_column = '*' AND source.kind = 'events' THEN
                DELETE FROM cdp_data.event e WHERE e.source_id = source.source_id AND e.event_key = fault.source_key;
                PERFORM cdp._keep_raw_deletes(source.source_id, ARRAY[fault.source_key]);
            END IF;
            -- With another key it is another row.
            INSERT INTO pg_temp.cdp_replayed (reject_id, key) SELECT NULL, btrim(found.corrected ->> source.key_column, E' \t\r\n\u00a0''"') WHERE found.corrected ? source.key_column;
        END IF;
    END LOOP;
    UPDATE cdp_data.record r SET content_hash = NULL FROM pg_temp.cdp_replayed p
    WHERE source.kind = 'people' AND r.source_id = source.source_id AND r.source_key = p.key AND r.content_hash IS NOT NULL;
    SELECT 'replay' AS reading, false AS is_complete, NULL::text AS watermark_from, source.watermark_value AS watermark_to, false AS deletes_checked,
           CASE WHEN source.kind = 'messages' OR source.key_column = '*' THEN cdp._source_rows(source.source_id, 'all')
                ELSE format('(SELECT %3$s FROM %1$s AS s WHERE %2$s IN (SELECT p.key FROM pg_temp.cdp_replayed p) OR %2$s IS NULL)', cdp._source_rows(source.source_id, 'all'), cdp._key_expression(source.source_id),
                            (SELECT string_agg(format('s.%I', c), ', ') FROM unnest(cdp._readable_columns(source.relation)) c)) END AS rows_from
    INTO plan;
    plan.is_complete := source.kind = 'messages' OR source.key_column = '*';
    counts := cdp._read_rows(source.source_id, cdp._apply_quality_rules(source.source_id, plan.rows_from, plan.is_complete, true), plan.is_complete);
    UPDATE cdp_data.source s SET reading = NULL WHERE s.source_id = source.source_id; -- what is being read in batches does not know the corrections
    -- A row without a key is known by its content only: what was read and not refused again is no longer refused.
    UPDATE cdp_data.reject j SET resolved_at = clock_timestamp()
    WHERE source.kind = 'people' AND j.source_id = source.source_id AND j.attribute IS NULL AND j.source_key IS NULL AND j.rule = 'missing_key'
      AND j.resolved_at IS NULL AND j.line_number IS NULL AND j.last_seen_at < started;
    INSERT INTO cdp_data.source_read (source_id, reading, watermark_to, rows_read, rows_new, rows_changed, rows_rejected, started_at)
    VALUES (source.source_id, 'replay', source.watermark_value, counts.rows_read, counts.rows_new, counts.rows_changed, counts.rows_rejected, started);
    RETURN QUERY SELECT p.reject_id, p.problem FROM pg_temp.cdp_replayed p WHERE p.reject_id IS NOT NULL;
    DROP TABLE pg_temp.cdp_replayed, pg_temp.cdp_refused;
END
$$;
COMMENT ON FUNCTION cdp._replay(int) IS 'Internal. Makes the corrections that were asked for and reads the refused rows of a source again; returns the refusals that were open, with a problem where a correction could not be made.';

CREATE FUNCTION cdp.replay_rejects(source text, dry_run boolean DEFAULT false)
RETURNS TABLE (reject_id bigint, source_key text, attribute text, refused text, corrected text, outcome text, reason text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
#variable_conflict use_column
DECLARE
    id int;
    replayed jsonb;
    results jsonb;
BEGIN
    PERFORM cdp._require_store();
    id := cdp._source_id(replay_rejects.source);
    PERFORM cdp._lock_source(id);
    BEGIN
        SELECT jsonb_agg(p) INTO replayed FROM cdp._replay(id) p;
        SELECT jsonb_agg(jsonb_build_object('reject_id', j.reject_id, 'source_key', j.source_key, 'attribute', j.attribute, 'refused', coalesce(j.value, j.original), 'corrected', j.corrected,
                   'outcome', CASE WHEN p.problem IS NOT NULL THEN 'not possible' WHEN j.resolved_at IS NULL OR n.reason IS NOT NULL THEN 'refused' ELSE 'accepted' END,
                   'reason', CASE WHEN p.problem IS NOT NULL THEN p.problem WHEN j.resolved_at IS NULL THEN j.reason ELSE n.reason END)
                   ORDER BY j.reject_id)
        INTO results
        FROM jsonb_to_recordset(replayed) AS p(reject_id bigint, problem text) JOIN cdp_data.reject j USING (reject_id)
        -- What came instead may be wrong in another way.
        LEFT JOIN LATERAL (SELECT min(o.reason) AS reason FROM cdp_data.reject o WHERE o.source_id = id AND o.source_key = j.source_key AND o.attribute IS NOT DISTINCT FROM j.attribute
                           AND o.resolved_at IS NULL AND o.reject_id <> j.reject_id AND j.corrected IS NOT NULL) AS n ON true;
        IF dry_run THEN RAISE SQLSTATE 'CDP00'; END IF;
    EXCEPTION WHEN SQLSTATE 'CDP00' THEN
        NULL; -- all of it is undone but the results
    END;
    RETURN QUERY SELECT r.* FROM jsonb_to_recordset(results) AS r(reject_id bigint, source_key text, attribute text, refused text, corrected text, outcome text, reason text);
END
$$;
COMMENT ON FUNCTION cdp.replay_rejects(text, boolean) IS
'Reads the refused rows and values of a source again, with the corrections made by cdp.fix_reject() or in cdp_data.reject.corrected, by the same rules as any other row. One row per refusal: accepted, refused (again) or not possible (the source no longer delivers it, or the correction does not fit), and why. A correction holds for every later reading, until the source changes or loses the row (cdp_data.correction). dry_run: show the outcome, change nothing. Example: SELECT * FROM cdp.replay_rejects(''crm'', dry_run => true);';
