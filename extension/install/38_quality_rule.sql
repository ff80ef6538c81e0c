-- The verbs of quality rules: add, try, suggest, remove, check.

CREATE FUNCTION cdp.add_quality_rule(
    source text, "column" text DEFAULT NULL, rule text DEFAULT 'not_null', attribute text DEFAULT NULL, severity text DEFAULT 'warn', name text DEFAULT NULL,
    allowed_values text[] DEFAULT NULL, min_value text DEFAULT NULL, max_value text DEFAULT NULL, pattern text DEFAULT NULL, referenced_relation text DEFAULT NULL,
    referenced_column text DEFAULT NULL, max_age interval DEFAULT NULL, max_deviation numeric DEFAULT NULL, condition text DEFAULT NULL, tolerance numeric DEFAULT 0)
RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    chosen_name text;
    chosen_source int;
BEGIN
    PERFORM cdp._require_store();
    chosen_source := cdp._source_id(source);
    IF "column" IS NOT NULL AND attribute IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'a rule is about a column or an attribute, not both',
            DETAIL = 'A column is looked at as it was delivered, an attribute as it was cleaned.', HINT = format('Say either "column" => %L or attribute => %L.', "column", attribute);
    ELSIF tolerance IS NULL OR tolerance < 0 OR tolerance >= 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('a tolerance cannot be %s', coalesce(tolerance::text, 'NULL')), DETAIL = 'It is the share of rows that may fail, from 0 to below 1.', HINT = 'For one per cent: tolerance => 0.01.';
    ELSIF max_age <= interval '0' OR max_deviation <= 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'max_age and max_deviation must be greater than zero', HINT = 'For example: max_age => ''2 days'', or max_deviation => 3.5.';
    END IF;
    chosen_name := coalesce(btrim(name), concat_ws(' ', coalesce("column", attribute), replace(rule, '_', ' ')));
    IF EXISTS (SELECT FROM cdp_data.quality_rule q WHERE q.source_id = chosen_source AND q.name = chosen_name) THEN
        RAISE EXCEPTION USING ERRCODE = 'duplicate_object', MESSAGE = format('the source %I has a rule %L already', source, chosen_name),
            HINT = format('Give this one a name (name => ''…''), or remove the other: SELECT cdp.remove_quality_rule(%L, %L);', source, chosen_name);
    END IF;
    INSERT INTO cdp_data.quality_rule (source_id, name, rule, column_name, attribute, allowed_values, min_value, max_value, pattern, referenced_relation, referenced_column, max_age, max_deviation, condition, tolerance, severity)
    VALUES (chosen_source, chosen_name, rule, "column", attribute, allowed_values, min_value, max_value, pattern, referenced_relation, referenced_column, max_age, max_deviation, condition, tolerance, severity);
    RETURN chosen_name;
END
$$;
COMMENT ON FUNCTION cdp.add_quality_rule(text, text, text, text, text, text, text[], text, text, text, text, text, interval, numeric, text, numeric) IS
$$A rule that the rows of a source must keep, checked each time that the source is read; a rule that makes no sense is an
error now. Returns its name (default: column and rule).
"column": a column of the source, as delivered; or attribute: the cleaned value of the columns that feed it. Missing values break
only not_null.
rule: not_null; domain (allowed_values); range (min_value, max_value: numbers or dates, as text); pattern (a regular expression);
unique; referential (referenced_relation, referenced_column hold the value); freshness (the newest value is no older than max_age);
volume (the number of rows is within max_deviation robust standard deviations, default 3.5, of the median of earlier readings, on
the same weekday where five are known; five readings are needed); sql (condition: a boolean expression over one row, free of side effects;
a row for which it is false fails).
severity: warn; reject (the rows go to cdp_data.reject, the others are read); stop (nothing is read). tolerance: the share of rows
that may fail before warn and stop count. Example:
SELECT cdp.add_quality_rule('crm', 'email', rule => 'not_null', severity => 'reject');$$;

CREATE FUNCTION cdp.remove_quality_rule(source text, name text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    chosen_source int;
    names text[];
BEGIN
    PERFORM cdp._require_store();
    chosen_source := cdp._source_id(source);
    DELETE FROM cdp_data.quality_rule q WHERE q.source_id = chosen_source AND q.name = name;
    IF NOT FOUND THEN
        SELECT coalesce(array_agg(q.name ORDER BY q.name), '{}') INTO names FROM cdp_data.quality_rule q WHERE q.source_id = chosen_source;
        RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = format('the source %I has no rule %L', source, name),
            DETAIL = CASE WHEN names = '{}' THEN 'It has none.' ELSE 'Its rules are ' || array_to_string(names, ', ') || '.' END,
            HINT = cdp._did_you_mean(name, names) || format('List them: SELECT name, rule, severity FROM cdp_data.quality_rule WHERE source_id = %s;', chosen_source);
    END IF;
    RETURN name;
END
$$;
COMMENT ON FUNCTION cdp.remove_quality_rule(text, text) IS 'Removes a rule; its results stay, and what only it refused is read again. Returns its name. To switch one off for a while: UPDATE cdp_data.quality_rule SET is_active = false.';

CREATE FUNCTION cdp.preview_quality_rule(
    source text, "column" text DEFAULT NULL, rule text DEFAULT 'not_null', attribute text DEFAULT NULL, severity text DEFAULT 'warn',
    allowed_values text[] DEFAULT NULL, min_value text DEFAULT NULL, max_value text DEFAULT NULL, pattern text DEFAULT NULL, referenced_relation text DEFAULT NULL,
    referenced_column text DEFAULT NULL, max_age interval DEFAULT NULL, max_deviation numeric DEFAULT NULL, condition text DEFAULT NULL, tolerance numeric DEFAULT 0,
    OUT rows_checked bigint, OUT rows_failed bigint, OUT share numeric, OUT verdict text, OUT message text, OUT examples text[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    added text;
    found record;
    chosen record;
BEGIN
    PERFORM cdp._require_store();
    -- The rule is added, tried and taken back; variables outlive that.
    BEGIN
        added := cdp.add_quality_rule(source, "column", rule, attribute, severity, 'preview ' || gen_random_uuid(), allowed_values, min_value, max_value, pattern, referenced_relation, referenced_column,
                                      max_age, max_deviation, condition, tolerance);
        SELECT s.source_id, s.relation, q.rule_id INTO chosen FROM cdp_data.source s JOIN cdp_data.quality_rule q USING (source_id) WHERE q.name = added;
        SELECT * INTO found FROM cdp._evaluate_quality(chosen.source_id, chosen.relation, ARRAY[chosen.rule_id], false);
        RAISE EXCEPTION USING ERRCODE = 'CDP00', MESSAGE = 'taken back';
    EXCEPTION WHEN SQLSTATE 'CDP00' THEN
        NULL;
    END;
    rows_checked := found.rows_checked; rows_failed := found.rows_failed; verdict := found.verdict; message := found.message; examples := found.examples;
    share := round(rows_failed::numeric / nullif(rows_checked, 0), 4);
END
$$;
COMMENT ON FUNCTION cdp.preview_quality_rule(text, text, text, text, text, text[], text, text, text, text, text, interval, numeric, text, numeric) IS
'What a rule would find in the source as it is now: rows that fail, their share, three examples, and what would happen (ok, warned, rejected, stopped). Changes nothing. Arguments as for cdp.add_quality_rule(). Example: SELECT * FROM cdp.preview_quality_rule(''crm'', ''age'', rule => ''range'', min_value => ''0'', max_value => ''120'');';

CREATE FUNCTION cdp.check_quality(source text)
RETURNS TABLE (name text, rule text, severity text, rows_checked bigint, rows_failed bigint, verdict text, message text, examples text[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    chosen record;
BEGIN
    PERFORM cdp._require_store();
    SELECT * INTO chosen FROM cdp_data.source s WHERE s.source_id = cdp._source_id(check_quality.source);
    RETURN QUERY SELECT f.name, f.rule, f.severity, f.rows_checked, f.rows_failed, f.verdict, f.message, f.examples
    FROM cdp._evaluate_quality(chosen.source_id, chosen.relation, NULL, false) f ORDER BY f.rule_id;
END
$$;
COMMENT ON FUNCTION cdp.check_quality(text) IS 'Looks at a source by its rules now, without reading it and without keeping anything: one row per rule. Example: SELECT * FROM cdp.check_quality(''crm'') WHERE verdict <> ''ok'';';

CREATE FUNCTION cdp.suggest_quality_rules(source text, sample_rows int DEFAULT 100000)
RETURNS TABLE (rule text, "column" text, reason text, rows_failed bigint, statement text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    chosen record;
    field record;
    entry record;
    found record;
BEGIN
    PERFORM cdp._require_store();
    SELECT * INTO chosen FROM cdp_data.source s WHERE s.source_id = cdp._source_id(suggest_quality_rules.source);
    PERFORM cdp._profile_country(sample_rows, NULL, NULL);
    FOR field IN
        SELECT p.*, p.column_name = chosen.key_column AS is_key, a.atttypid::regtype::text AS column_type
        FROM cdp._profile_relation(chosen.relation::regclass, NULL, sample_rows, false, chosen.country, chosen.date_order, 20) p
        JOIN pg_attribute a ON a.attrelid = chosen.relation::regclass AND a.attname = p.column_name
        WHERE p.filled > 0 AND (p.column_name = chosen.key_column OR EXISTS (SELECT FROM cdp_data.mapping m WHERE m.source_id = chosen.source_id AND m.column_name = p.column_name))
        ORDER BY p.column_position
    LOOP
        FOR entry IN
            SELECT * FROM (VALUES
                (1, 'not_null', field.is_key OR field.filled >= 0.99 * field.rows AND field.rows >= 100,
                 CASE WHEN field.is_key THEN 'it is the key of the source' ELSE format('%s of %s rows have it', field.filled, field.rows) END, format('severity => %L', CASE WHEN field.is_key THEN 'reject' ELSE 'warn' END)),
                (2, 'unique', field.is_key OR field.distinct_is_exact AND field.distinct_values >= 0.999 * field.filled AND field.filled >= 100 AND field.semantic_type IN ('email', 'phone', 'national_id', 'identifier'),
                 CASE WHEN field.is_key THEN 'it is the key of the source' ELSE format('%s different values in %s rows', field.distinct_values, field.filled) END, NULL),
                (3, 'domain', NOT field.is_key AND field.distinct_is_exact AND field.distinct_values BETWEEN 1 AND 12 AND field.filled >= 50 * field.distinct_values AND field.semantic_type IN ('text', 'gender', 'boolean', 'country')
                    -- Shown values may be shortened.
                    AND NOT EXISTS (SELECT FROM unnest(field.top_values) v WHERE length(v) >= 60),
                 format('it has only %s values', field.distinct_values), format('allowed_values => %L', (SELECT array_agg(v ORDER BY v COLLATE "C") FROM unnest(field.top_values) v))),
                (4, 'range', field.p05 IS NOT NULL AND field.semantic_type IN ('number', 'money') AND field.filled >= 100 AND NOT field.is_key,
                 format('nine in ten values lie between %s and %s', trim_scale(field.p05::numeric), trim_scale(field.p95::numeric)),
                 -- The span of the middle nine tenths, twice over on either side; what is never negative stays so.
                 format('min_value => %L, max_value => %L',
                    CASE WHEN field.p05 >= 0 AND field.min_value !~ '^-' THEN '0' ELSE trim_scale(round(field.p05::numeric - 2 * (field.p95 - field.p05)::numeric, 2))::text END,
                    trim_scale(round(greatest(field.p95::numeric, field.p95::numeric + 2 * (field.p95 - field.p05)::numeric), 2))::text)),
                (5, 'range', field.column_type IN ('date', 'timestamp without time zone', 'timestamp with time zone') AND field.semantic_type = 'date' OR field.attribute = 'birth_date',
                 'dates before 1900 are typing errors', 'min_value => ''1900-01-01'''),
                (6, 'pattern', field.pattern_rows[1] >= 0.98 * field.filled AND field.filled >= 100 AND field.semantic_type IN ('identifier', 'postal_code', 'national_id') AND field.patterns[1] ~ '^[Aa9 ./_-]+$' AND NOT field.is_key,
                 format('%s of %s values have the shape %s', field.pattern_rows[1], field.filled, field.patterns[1]),
                 format('pattern => %L', '^' || replace(replace(replace(replace(regexp_replace(field.patterns[1], '([./-])', '\\\1', 'g'), 'A', E'\x01'), 'a', '[[:lower:]]+'), E'\x01', '[[:upper:]]+'), '9', '[0-9]') || '$'))
            ) AS v(n, rule, holds, reason, more) WHERE v.holds ORDER BY v.n
        LOOP
            statement := format('SELECT cdp.add_quality_rule(%L, %L, rule => %L%s);', chosen.name, field.column_name, entry.rule, ', ' || entry.more);
            EXECUTE format('SELECT * FROM cdp.preview_quality_rule(%L, %L, rule => %L%s)', chosen.name, field.column_name, entry.rule, ', ' || entry.more) INTO found;
            -- A rule that many rows break is no rule of this data.
            CONTINUE WHEN found.rows_failed > 0.02 * found.rows_checked;
            CONTINUE WHEN EXISTS (SELECT FROM cdp_data.quality_rule q WHERE q.source_id = chosen.source_id AND q.column_name = field.column_name AND q.rule = entry.rule);
            rule := entry.rule; "column" := field.column_name; reason := entry.reason; rows_failed := found.rows_failed;
            RETURN NEXT;
        END LOOP;
    END LOOP;
    IF NOT EXISTS (SELECT FROM cdp_data.quality_rule q WHERE q.source_id = chosen.source_id AND q.rule = 'volume') THEN
        rule := 'volume'; "column" := NULL; reason := 'half a file is worse than none'; rows_failed := 0;
        statement := format('SELECT cdp.add_quality_rule(%L, rule => ''volume'', severity => ''stop'');', chosen.name);
        RETURN NEXT;
    END IF;
END
$$;
COMMENT ON FUNCTION cdp.suggest_quality_rules(text, int) IS
'Rules that the data of a source keeps already, or nearly (at most 2 % of the rows break them), with the reason and the statement that adds each. Looks at a sample and counts over all rows; changes nothing. Example: SELECT * FROM cdp.suggest_quality_rules(''crm'');';
