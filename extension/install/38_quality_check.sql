-- Evaluating rules: one pass over the rows for all of them, results as rows, refused rows with their reason.

-- The three smallest texts: examples that do not depend on the order of rows, in bounded memory.
CREATE FUNCTION cdp._keep_three(so_far text[], value text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF value IS NULL OR cardinality(so_far) = 3 AND value COLLATE "C" >= so_far[3] COLLATE "C" OR value = ANY (so_far) THEN RETURN so_far; END IF;
    RETURN ARRAY(SELECT v FROM unnest(so_far || value) v ORDER BY v COLLATE "C" LIMIT 3);
END
$$;
COMMENT ON FUNCTION cdp._keep_three(text[], text) IS 'Internal. The three smallest of four texts.';
CREATE AGGREGATE cdp._examples(value text) (SFUNC = cdp._keep_three, STYPE = text[], INITCOND = '{}');
COMMENT ON AGGREGATE cdp._examples(text) IS 'Internal. The three smallest different values.';

-- What was expected of a source's volume by its own history: median and spread of the last 60 readings, those of the same
-- weekday where there are five of them. No history: NULL.
CREATE FUNCTION cdp._expected_volume(source_id int, at timestamptz, OUT expected numeric, OUT spread numeric, OUT readings bigint, OUT is_by_weekday boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    zone text;
    day int;
BEGIN
    SELECT s.time_zone INTO zone FROM cdp_data.source s WHERE s.source_id = _expected_volume.source_id;
    day := date_part('isodow', _expected_volume.at AT TIME ZONE zone);
    WITH past AS MATERIALIZED (
        SELECT c.rows_read::numeric AS n, date_part('isodow', c.checked_at AT TIME ZONE zone) = day AS same_day
        FROM cdp_data.quality_check c
        WHERE c.source_id = _expected_volume.source_id AND c.rows_read IS NOT NULL AND c.verdict <> 'stopped' AND c.checked_at < _expected_volume.at
        ORDER BY c.check_id DESC LIMIT 60),
    chosen AS MATERIALIZED (
        SELECT p.n, (SELECT count(*) FILTER (WHERE q.same_day) >= 5 FROM past q) AS by_day FROM past p
        WHERE p.same_day OR (SELECT count(*) FILTER (WHERE q.same_day) < 5 FROM past q)),
    middle AS (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY c.n::float8)::numeric AS m FROM chosen c)
    SELECT m.m, -- 1.4826: so that the median of absolute deviations estimates the standard deviation of a normal distribution.
           -- Never less than 2 % of the median, nor than one row: a source that was always the same may grow.
           greatest(1.4826 * percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(c.n - m.m)::float8)::numeric, 0.02 * m.m, 1), count(*), bool_or(c.by_day)
    INTO expected, spread, readings, is_by_weekday FROM chosen c, middle m GROUP BY m.m;
    IF coalesce(readings, 0) < 5 THEN expected := NULL; spread := NULL; END IF;
    readings := coalesce(readings, 0);
END
$$;
COMMENT ON FUNCTION cdp._expected_volume(int, timestamptz) IS 'Internal. How many rows a source is expected to deliver, by its history (five readings and more), and the robust standard deviation.';

-- Evaluates rules over rows. Leaves pg_temp.cdp_quality_rows (the rows, and cdp_rule_N: whether it failed rule N) behind when
-- keep_rows; else the rows stream through.
CREATE FUNCTION cdp._evaluate_quality(source_id int, rows_from text, only_rules int[], keep_rows boolean)
RETURNS TABLE (rule_id int, name text, rule text, severity text, rows_checked bigint, rows_failed bigint, measured text, examples text[], verdict text, message text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    source record;
    item record;
    field record;
    failing text;
    wanted text;
    flags text := '';
    joins text := '';
    counts text[] := '{}';
    shown text[] := '{}';
    newest text[] := '{}';
    ids int[] := '{}';
    inner_query text;
    total bigint;
    failed bigint[];
    kept text[];
    instants timestamptz[];
    position int := 0;
    volume record;
    instant timestamptz;
    key_text text;
    is_broken boolean;
    problem text;
    state text;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _evaluate_quality.source_id;
    key_text := CASE WHEN source.key_column = '*' THEN quote_literal('row') ELSE format('coalesce(s.%I::text, ''no key'')', source.key_column) END;
    FOR item IN SELECT * FROM cdp_data.quality_rule q WHERE q.source_id = source.source_id
                AND CASE WHEN only_rules IS NULL THEN q.is_active ELSE q.rule_id = ANY (only_rules) END ORDER BY q.rule_id
    LOOP
        SELECT * INTO field FROM cdp._rule_value(source.source_id, item.column_name, item.attribute);
        IF item.rule NOT IN ('volume', 'sql') AND field.value IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'undefined_column', MESSAGE = format('the rule %L of the source %I looks at %s, which nothing feeds any longer', item.name, source.name, item.attribute),
                HINT = format('Remove it: SELECT cdp.remove_quality_rule(%L, %L);', source.name, item.name);
        END IF;
        failing := NULL;
        CASE item.rule
            WHEN 'not_null' THEN failing := format('coalesce(btrim(%s::text, E'' \t\r\n\u00a0''), '''') = ''''', field.value);
            WHEN 'domain' THEN failing := format('btrim(%s::text) <> '''' AND btrim(%1$s::text) <> ALL (%L::text[])', field.value, item.allowed_values);
            WHEN 'pattern' THEN failing := format('btrim(%s::text) <> '''' AND %1$s::text !~ %L', field.value, item.pattern);
            WHEN 'range' THEN
                wanted := coalesce(nullif(field.value_class, 'text'), CASE WHEN coalesce(item.min_value, item.max_value) ~ '^\s*[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?\s*$' THEN 'number' ELSE 'time' END);
                -- What cannot be read as a number or a date lies in no range.
                failing := format('btrim(%s::text) <> '''' AND (%s) IS NOT TRUE', field.value, concat_ws(' AND ',
                    CASE WHEN item.min_value IS NOT NULL THEN format('%s >= %L::%s', cdp._rule_number(field.value, field.value_class, wanted, source.time_zone, source.date_order), item.min_value, CASE wanted WHEN 'number' THEN 'numeric' ELSE 'timestamptz' END) END,
                    CASE WHEN item.max_value IS NOT NULL THEN format('%s <= %L::%s', cdp._rule_number(field.value, field.value_class, wanted, source.time_zone, source.date_order), item.max_value, CASE wanted WHEN 'number' THEN 'numeric' ELSE 'timestamptz' END) END));
            WHEN 'unique' THEN failing := format('btrim(%s::text) <> '''' AND count(*) OVER (PARTITION BY %1$s::text) > 1', field.value);
            WHEN 'referential' THEN
                joins := joins || format(' LEFT JOIN (SELECT DISTINCT btrim(r.%I::text) AS cdp_value_%s FROM %s AS r WHERE r.%1$I IS NOT NULL) AS cdp_ref_%2$s ON cdp_ref_%2$s.cdp_value_%2$s = btrim(%4$s::text)',
                    item.referenced_column, item.rule_id, item.referenced_relation, field.value);
                failing := format('btrim(%s::text) <> '''' AND cdp_ref_%s.cdp_value_%2$s IS NULL', field.value, item.rule_id);
            WHEN 'sql' THEN failing := format(E'(%s\n) IS FALSE', item.condition);
            WHEN 'freshness' THEN
                newest := newest || format('max(s.cdp_time_%s)', item.rule_id);
                flags := flags || format(', %s AS cdp_time_%s', cdp._rule_number(field.value, field.value_class, 'time', source.time_zone, source.date_order), item.rule_id);
            ELSE NULL;
        END CASE;
        IF failing IS NOT NULL THEN
            ids := ids || item.rule_id;
            flags := flags || format(', coalesce(%s, false) AS cdp_rule_%s', failing, item.rule_id);
            counts := counts || format('count(*) FILTER (WHERE s.cdp_rule_%s)', item.rule_id);
            shown := shown || format('cdp._examples(left(%s%s, 120)) FILTER (WHERE s.cdp_rule_%s)', key_text,
                CASE WHEN item.rule = 'sql' THEN '' WHEN item.attribute IS NOT NULL THEN format(' || '': '' || coalesce(cdp._short_value(%s::text), ''NULL'')', field.value)
                     ELSE format(' || '': '' || coalesce(cdp._short_value(s.%I::text), ''NULL'')', item.column_name) END, item.rule_id);
        END IF;
    END LOOP;
    inner_query := format('SELECT s.*%s FROM %s AS s%s', flags, rows_from, joins);
    BEGIN
        IF keep_rows THEN
            DROP TABLE IF EXISTS pg_temp.cdp_quality_rows;
            EXECUTE 'CREATE TEMP TABLE cdp_quality_rows ON COMMIT DROP AS ' || inner_query;
            inner_query := 'SELECT * FROM pg_temp.cdp_quality_rows';
        END IF;
        EXECUTE format('SELECT count(*), ARRAY[%s]::bigint[], ARRAY[%s]::text[], ARRAY[%s]::timestamptz[] FROM (%s) AS s',
                       array_to_string(counts, ', '), (SELECT string_agg('(' || x || ')::text', ', ' ORDER BY n) FROM unnest(shown) WITH ORDINALITY u(x, n)), array_to_string(newest, ', '), inner_query)
        INTO total, failed, kept, instants;
    EXCEPTION WHEN data_exception OR raise_exception OR undefined_column OR undefined_function OR undefined_table OR datatype_mismatch OR insufficient_privilege THEN
        GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT, state = RETURNED_SQLSTATE;
        RAISE EXCEPTION USING ERRCODE = state, MESSAGE = format('the quality rules of the source %I cannot be evaluated: %s', source.name, problem),
            DETAIL = 'Nothing of the source was read.',
            HINT = format('Look at its conditions: SELECT name, condition FROM cdp_data.quality_rule WHERE source_id = %s; and switch one off: UPDATE cdp_data.quality_rule SET is_active = false WHERE source_id = %1$s AND name = …;', source.source_id);
    END;
    PERFORM set_config('intervalstyle', 'postgres', true); -- for people, until the end of this function
    FOR item IN SELECT * FROM cdp_data.quality_rule q WHERE q.source_id = source.source_id
                AND CASE WHEN only_rules IS NULL THEN q.is_active ELSE q.rule_id = ANY (only_rules) END ORDER BY q.rule_id
    LOOP
        rule_id := item.rule_id; name := item.name; rule := item.rule; severity := item.severity;
        rows_checked := total; rows_failed := 0; measured := NULL; examples := '{}'; message := NULL;
        IF item.rule = 'freshness' THEN
            position := position + 1;
            -- A reading past a watermark sees only what is new.
            instant := greatest(instants[position], (SELECT max(r.measured::timestamptz) FROM (
                SELECT r.measured FROM cdp_data.quality_result r WHERE r.source_id = source.source_id AND r.rule_id = item.rule_id ORDER BY r.result_id DESC LIMIT 1) AS r));
            measured := to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
            is_broken := (instant >= clock_timestamp() - item.max_age) IS NOT TRUE;
            IF is_broken THEN message := CASE WHEN instant IS NULL THEN 'no time is known' ELSE format('the newest is of %s, allowed are %s', to_char(instant AT TIME ZONE source.time_zone, 'YYYY-MM-DD HH24:MI'), item.max_age) END; END IF;
        ELSIF item.rule = 'volume' THEN
            SELECT * INTO volume FROM cdp._expected_volume(source.source_id, clock_timestamp());
            measured := round(volume.expected)::text;
            is_broken := coalesce(abs(total - volume.expected) > item.max_deviation * volume.spread, false);
            message := CASE WHEN volume.expected IS NULL THEN format('%s earlier readings are too few to judge by (5)', volume.readings)
                            WHEN is_broken THEN format('%s rows, expected are some %s (%s to %s)%s', total, round(volume.expected), greatest(0, ceil(volume.expected - item.max_deviation * volume.spread)),
                                                       floor(volume.expected + item.max_deviation * volume.spread), CASE WHEN volume.is_by_weekday THEN ' on this weekday' ELSE '' END) END;
        ELSE
            rows_failed := failed[array_position(ids, item.rule_id)];
            examples := ARRAY(SELECT cdp.mask_payment_cards(e) FROM unnest(kept[array_position(ids, item.rule_id)]::text[]) e);
            is_broken := rows_failed > item.tolerance * total;
            message := CASE WHEN rows_failed > 0 THEN format('%s of %s rows%s', rows_failed, total, CASE WHEN is_broken THEN '' ELSE format(', tolerated are %s %%', trim_scale(100 * item.tolerance)) END) END;
        END IF;
        verdict := CASE WHEN item.severity = 'reject' AND rows_failed > 0 THEN 'rejected' WHEN NOT is_broken THEN 'ok' WHEN item.severity = 'stop' THEN 'stopped' ELSE 'warned' END;
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp._evaluate_quality(int, text, int[], boolean) IS 'Internal. Evaluates the active rules of a source, or those named, over rows; one result per rule.';

CREATE FUNCTION cdp._short_value(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN length(value) > 60 THEN left(value, 60) || '…' ELSE value END
$$;
COMMENT ON FUNCTION cdp._short_value(text) IS 'Internal. A value as an example.';

CREATE FUNCTION cdp._worst_verdict(verdicts text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((ARRAY['ok', 'warned', 'rejected', 'stopped'])[max(array_position(ARRAY['ok', 'warned', 'rejected', 'stopped'], v))], 'ok') FROM unnest(verdicts) v
$$;
COMMENT ON FUNCTION cdp._worst_verdict(text[]) IS 'Internal. The worst of some verdicts.';

-- is_whole: the rows are all that the source has. is_extra: rows read besides, which only rules that refuse rows look at.
CREATE FUNCTION cdp._apply_quality_rules(source_id int, rows_from text, is_whole boolean, is_extra boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET bytea_output = 'hex' SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    source record;
    started CONSTANT timestamptz := clock_timestamp();
    is_rejecting boolean;
    has_rules boolean;
    extra_rules int[];
    new_check_id bigint;
    worst text;
    broken text;
    carried jsonb;
    refused bigint := 0;
    total bigint;
    columns text;
    original text;
    reason text;
    rules text;
    any_failed text;
    source_key text;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _apply_quality_rules.source_id;
    SELECT count(*) > 0, coalesce(bool_or(q.severity = 'reject'), false) INTO has_rules, is_rejecting
    FROM cdp_data.quality_rule q WHERE q.source_id = source.source_id AND q.is_active;
    IF is_extra THEN
        extra_rules := ARRAY(SELECT q.rule_id FROM cdp_data.quality_rule q WHERE q.source_id = source.source_id AND q.is_active AND q.severity = 'reject' ORDER BY q.rule_id);
        IF NOT is_rejecting THEN RETURN rows_from; END IF;
    END IF;
    IF NOT has_rules THEN
        -- The rules that refused them are gone; what a reading past a watermark does not see is for cdp.replay_rejects().
        UPDATE cdp_data.reject j SET resolved_at = clock_timestamp()
        WHERE j.source_id = source.source_id AND j.rule <> ALL (cdp._reading_rules()) AND j.resolved_at IS NULL AND is_whole;
        RETURN rows_from;
    END IF;
    DROP TABLE IF EXISTS pg_temp.cdp_quality_found;
    CREATE TEMP TABLE cdp_quality_found ON COMMIT DROP AS SELECT * FROM cdp._evaluate_quality(source.source_id, rows_from, extra_rules, is_rejecting);
    SELECT cdp._worst_verdict(array_agg(f.verdict)), max(f.rows_checked),
           string_agg(format('%s: %s', f.name, f.message), '; ' ORDER BY f.rule_id) FILTER (WHERE f.verdict = 'stopped'),
           jsonb_build_object('source_id', source.source_id, 'checked_at', started, 'rows_read', max(f.rows_checked), 'results', jsonb_agg(to_jsonb(f) ORDER BY f.rule_id))
    INTO worst, total, broken, carried FROM pg_temp.cdp_quality_found f;
    IF worst = 'stopped' THEN
        -- The error takes every row of this transaction with it. It carries the results: whoever catches it keeps them.
        RAISE EXCEPTION USING ERRCODE = 'data_exception',
            MESSAGE = format('the source %I was not read: it breaks %s', source.name, (SELECT CASE count(*) WHEN 1 THEN 'a rule that stops it' ELSE count(*) || ' rules that stop it' END FROM pg_temp.cdp_quality_found f WHERE f.verdict = 'stopped')),
            DETAIL = broken, DATATYPE = carried::text,
            HINT = format('See the rows: SELECT * FROM cdp.check_quality(%L); mend the source, or let it pass: UPDATE cdp_data.quality_rule SET severity = ''warn'' WHERE source_id = %s AND name = %L;', source.name, source.source_id,
                          (SELECT f.name FROM pg_temp.cdp_quality_found f WHERE f.verdict = 'stopped' ORDER BY f.rule_id LIMIT 1));
    END IF;
    IF is_rejecting THEN
        SELECT string_agg(format('i.%I', c.column_name), ', ' ORDER BY c.n), string_agg(format('%L, to_jsonb(i.%I)', c.column_name, c.column_name), ', ' ORDER BY c.n)
        INTO columns, original FROM (SELECT a.attname::text AS column_name, a.attnum AS n FROM pg_attribute a
              WHERE a.attrelid = 'pg_temp.cdp_quality_rows'::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attname !~ '^cdp_(rule|time)_[0-9]+$') AS c;
        SELECT string_agg(format('i.cdp_rule_%s', f.rule_id), ' OR '),
               string_agg(format('CASE WHEN i.cdp_rule_%s THEN %L END', f.rule_id, format('breaks the rule %L', f.name)), ', ' ORDER BY f.rule_id),
               string_agg(format('CASE WHEN i.cdp_rule_%s THEN %L END', f.rule_id, f.name), ', ' ORDER BY f.rule_id)
        INTO any_failed, reason, rules FROM pg_temp.cdp_quality_found f WHERE f.severity = 'reject';
        -- As records, events and corrections know the row.
        source_key := format('(SELECT %s FROM (SELECT i.*) AS s)', cdp._key_expression(source.source_id));
        EXECUTE format($q$
            INSERT INTO cdp_data.reject AS j (reject_hash, source_id, relation, source_key, reason, rule, original, last_seen_at)
            SELECT DISTINCT ON (1) cdp._reject_hash($1, %1$s, NULL, md5(ROW(%2$s)::text)::uuid::text), $1, $2, %1$s, concat_ws('; ', %3$s), concat_ws('; ', %4$s),
                   cdp.mask_payment_cards(jsonb_build_object(%5$s)::text), clock_timestamp()
            FROM pg_temp.cdp_quality_rows i WHERE %6$s
            ORDER BY 1
            ON CONFLICT (reject_hash) DO UPDATE SET reason = EXCLUDED.reason, rule = EXCLUDED.rule, last_seen_at = clock_timestamp(), resolved_at = NULL
        $q$, source_key, columns, reason, rules,
             original, any_failed) USING source.source_id, source.relation;
        EXECUTE format('SELECT count(*) FROM pg_temp.cdp_quality_rows i WHERE %s', any_failed) INTO refused;
    END IF;
    -- Cured: not refused this time. A reading of a part tells only of the rows that it saw.
    IF is_whole OR NOT is_rejecting THEN
        UPDATE cdp_data.reject j SET resolved_at = clock_timestamp()
        WHERE j.source_id = source.source_id AND j.rule <> ALL (cdp._reading_rules()) AND j.resolved_at IS NULL AND j.last_seen_at < started AND is_whole;
    ELSE
        EXECUTE format($q$
            UPDATE cdp_data.reject j SET resolved_at = clock_timestamp()
            WHERE j.source_id = $1 AND j.rule <> ALL (cdp._reading_rules()) AND j.resolved_at IS NULL AND j.last_seen_at < $2
              AND j.source_key IN (SELECT %s FROM pg_temp.cdp_quality_rows i)
        $q$, source_key) USING source.source_id, started;
    END IF;
    IF NOT is_extra THEN
    INSERT INTO cdp_data.quality_check (source_id, checked_at, rows_read, rows_refused, verdict) VALUES (source.source_id, started, total, refused, worst) RETURNING check_id INTO new_check_id;
    INSERT INTO cdp_data.quality_result (check_id, source_id, rule_id, name, rule, severity, rows_checked, rows_failed, measured, examples, verdict, message)
    SELECT new_check_id, source.source_id, f.rule_id, f.name, f.rule, f.severity, f.rows_checked, f.rows_failed, f.measured, f.examples, f.verdict, f.message
    FROM pg_temp.cdp_quality_found f ORDER BY f.rule_id;
    END IF;
    DROP TABLE pg_temp.cdp_quality_found;
    IF NOT is_rejecting THEN RETURN rows_from; END IF;
    RETURN format('(SELECT %s FROM pg_temp.cdp_quality_rows i WHERE NOT (%s))', columns, any_failed);
END
$$;
COMMENT ON FUNCTION cdp._apply_quality_rules(int, text, boolean, boolean) IS 'Internal. Evaluates the rules of a source over the rows that are to be read, keeps results and rejects, and returns the rows without those refused, as SQL after FROM. Raises (22000) when a rule of severity stop is broken; the error''s data type field carries the results for cdp._keep_stopped_results().';

-- For whoever catches the error of a source that was stopped: the results that went with its transaction.
CREATE FUNCTION cdp._keep_stopped_results(carried text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    content jsonb;
    new_check_id bigint;
BEGIN
    IF coalesce(carried, '') !~ '^\{.*"results"' THEN RETURN NULL; END IF;
    content := cdp._try_jsonb(carried);
    INSERT INTO cdp_data.quality_check (source_id, checked_at, rows_read, verdict)
    SELECT s.source_id, (content ->> 'checked_at')::timestamptz, (content ->> 'rows_read')::bigint, 'stopped' FROM cdp_data.source s WHERE s.source_id = (content ->> 'source_id')::int
    RETURNING check_id INTO new_check_id;
    INSERT INTO cdp_data.quality_result (check_id, source_id, rule_id, name, rule, severity, rows_checked, rows_failed, measured, examples, verdict, message)
    SELECT new_check_id, (content ->> 'source_id')::int, f.rule_id, f.name, f.rule, f.severity, f.rows_checked, f.rows_failed, f.measured, f.examples, f.verdict, f.message
    FROM jsonb_to_recordset(content -> 'results') AS f(rule_id int, name text, rule text, severity text, rows_checked bigint, rows_failed bigint, measured text, examples text[], verdict text, message text)
    WHERE new_check_id IS NOT NULL ORDER BY f.rule_id;
    RETURN new_check_id;
END
$$;
COMMENT ON FUNCTION cdp._keep_stopped_results(text) IS 'Internal. Keeps the results that the error of cdp._apply_quality_rules() carries (PG_DATATYPE_NAME); any other text is passed over. Returns the check.';

-- After a source was read: its volume where no rule counted it, and what its columns look like.
CREATE FUNCTION cdp._note_reading(source_id int, rows_from text, rows_read bigint, rows_changed bigint, since timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT FROM cdp_data.quality_check c WHERE c.source_id = _note_reading.source_id AND c.checked_at >= since) THEN
        INSERT INTO cdp_data.quality_check (source_id, rows_read, verdict) VALUES (_note_reading.source_id, _note_reading.rows_read, 'ok');
    END IF;
    IF _note_reading.rows_changed > 0 THEN
        -- What was read is read: values that no statistics can be made of must not undo it.
        BEGIN
            PERFORM cdp._measure_columns(_note_reading.source_id, rows_from);
        EXCEPTION WHEN data_exception OR invalid_text_representation OR insufficient_privilege OR program_limit_exceeded THEN
            RAISE WARNING USING MESSAGE = format('the columns of the source were not measured: %s', SQLERRM), HINT = 'Nothing else is affected; to keep no statistics: UPDATE cdp_data.setting SET value = ''0'' WHERE name = ''quality_sample_rows'';';
        END;
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._note_reading(int, text, bigint, bigint, timestamptz) IS 'Internal. The history of a source: how many rows it delivered, and statistics of its columns when something was new.';
