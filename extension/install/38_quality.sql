-- Rules that the rows of a source must keep: checked when they are defined, evaluated in one pass when the source is read.

-- What an expression calls and asks for, from the stored tree of a view over it: the server does not say it otherwise.
-- Errors unless it is one boolean expression over a row of the relation, without side effects.
CREATE FUNCTION cdp._check_row_expression(relation text, expression text, what text, wanted_type text DEFAULT 'boolean') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
    probe refcursor;
    tree text;
    found_type text;
    culprit text;
    problem text;
    state text;
    -- A row of no named type is no column of a view; as JSON it is.
    wrapped CONSTANT text := CASE WHEN wanted_type IS NULL THEN format(E'to_jsonb((%s\n))', expression) ELSE format(E'(%s\n)', expression) END;
BEGIN
    BEGIN
        -- A cursor takes one statement only, and runs nothing before it has been read to its end.
        OPEN probe FOR EXECUTE format('SELECT %s AS ok FROM %s AS s LIMIT 0', wrapped, relation);
        CLOSE probe;
        DROP VIEW IF EXISTS pg_temp.cdp_expression;
        EXECUTE format('CREATE TEMP VIEW cdp_expression AS SELECT %s AS ok FROM %s AS s', wrapped, relation);
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT, state = RETURNED_SQLSTATE;
        RAISE EXCEPTION USING ERRCODE = CASE WHEN state LIKE '42%' AND state <> '42501' THEN state ELSE '22023' END,
            MESSAGE = format('%s is no expression over a row of %s: %s', what, relation, problem),
            DETAIL = format('It is: %s', left(expression, 500)),
            HINT = 'Columns are written as they are called, functions with their schema: amount >= 0 AND public.is_open(shop).';
    END;
    SELECT r.ev_action::text INTO tree FROM pg_rewrite r WHERE r.ev_class = 'pg_temp.cdp_expression'::regclass;
    SELECT string_agg(format_type(a.atttypid, NULL), ', ') INTO found_type FROM pg_attribute a WHERE a.attrelid = 'pg_temp.cdp_expression'::regclass AND a.attnum > 0;
    SELECT format('%s()', p.oid::regproc) INTO culprit
    FROM regexp_matches(tree, ':(?:funcid|opfuncid|hashfuncid) (\d+)', 'g') m JOIN pg_proc p ON p.oid = m[1]::oid
    WHERE p.provolatile = 'v' ORDER BY 1 LIMIT 1;
    problem := CASE
        WHEN tree ~ '\{SETOPERATIONSTMT' OR tree ~ '\{SUBLINK' THEN 'it contains a query'
        WHEN tree ~ '\{AGGREF' OR tree ~ '\{WINDOWFUNC' THEN 'it looks at several rows'
        WHEN tree ~ ':(funcretset|opretset) true' THEN 'it returns a set'
        WHEN culprit IS NOT NULL THEN format('it calls %s, which is not free of side effects', culprit)
        WHEN found_type IS DISTINCT FROM wanted_type AND wanted_type IS NOT NULL THEN format('it is of type %s, not %s', found_type, wanted_type)
    END;
    DROP VIEW pg_temp.cdp_expression;
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s cannot be used: %s', what, problem),
            DETAIL = format('It is: %s', left(expression, 500)),
            HINT = 'It must be one expression over a single row, of functions that are STABLE or IMMUTABLE, for example: amount >= 0 OR kind = ''refund''.';
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._check_row_expression(text, text, text, text) IS 'Internal. Errors unless an SQL expression is one over a row of a relation, of a type, and without side effects.';

-- What a rule looks at, as SQL over a row `s`: the delivered text, and whether columns of a class can be compared natively.
CREATE FUNCTION cdp._rule_value(source_id int, column_name text, attribute text, OUT value text, OUT value_class text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    source record;
    declared text;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _rule_value.source_id;
    IF _rule_value.attribute IS NULL AND _rule_value.column_name IS NULL THEN
        RETURN;
    ELSIF _rule_value.attribute IS NOT NULL THEN
        SELECT format(CASE WHEN count(*) > 1 THEN 'coalesce(%s)' ELSE '%s' END,
                      string_agg(cdp._cleaning_expression(a.semantic_type, format('s.%I::text', m.column_name), source.country, source.date_order, source.time_zone), ', ' ORDER BY m.position)),
               min(CASE a.value_type WHEN 'timestamp' THEN 'time' WHEN 'date' THEN 'time' WHEN 'number' THEN 'number' ELSE 'text' END)
        INTO value, value_class
        FROM cdp_data.mapping m JOIN cdp_data.attribute a ON a.attribute = m.target
        WHERE m.source_id = source.source_id AND m.target = _rule_value.attribute;
        RETURN;
    END IF;
    SELECT c.column_type INTO declared FROM cdp._relation_columns(source.relation) c WHERE c.column_name = _rule_value.column_name;
    value := format('s.%I', _rule_value.column_name);
    value_class := CASE WHEN declared IN ('smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision') THEN 'number'
                        WHEN declared IN ('date', 'timestamp without time zone', 'timestamp with time zone') THEN 'time' ELSE 'text' END;
END
$$;
COMMENT ON FUNCTION cdp._rule_value(int, text, text) IS 'Internal. The SQL over a row s of the value that a rule looks at, and its class: number, time or text.';

-- The value as a number or an instant; from text by the rules of the source.
CREATE FUNCTION cdp._rule_number(value text, value_class text, wanted text, time_zone text, date_order text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN value_class = 'number' THEN format('%s::numeric', value)
                WHEN value_class = 'time' THEN format('%s::timestamptz', value)
                WHEN wanted = 'number' THEN format('cdp.normalize_number(%s::text)', value)
                ELSE format('cdp.normalize_timestamp(%s::text, %L, %L)', value, time_zone, date_order) END
$$;
COMMENT ON FUNCTION cdp._rule_number(text, text, text, text, text) IS 'Internal. The SQL of a rule''s value as a number or an instant.';

-- The trigger behind INSERT and UPDATE of cdp_data.quality_rule (attached by cdp.install()).
CREATE FUNCTION cdp._check_quality_rule() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' SET timezone = 'UTC' AS $$
DECLARE
    rules CONSTANT text[] := ARRAY['not_null', 'domain', 'range', 'pattern', 'unique', 'referential', 'freshness', 'volume', 'sql'];
    source record;
    columns text[];
    given text[];
    field record;
    bound text;
    wanted text;
    missing text;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = NEW.source_id;
    IF NOT NEW.rule = ANY (rules) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('unknown rule %L', NEW.rule),
            DETAIL = 'Rules are ' || array_to_string(rules, ', ') || '.',
            HINT = cdp._did_you_mean(NEW.rule, rules) || format('For example: SELECT cdp.add_quality_rule(%L, ''email'', rule => ''not_null'');', source.name);
    ELSIF NOT NEW.severity = ANY (ARRAY['warn', 'reject', 'stop']) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('unknown severity %L', NEW.severity),
            DETAIL = 'warn tells it, reject keeps the rows out, stop reads nothing of the source.', HINT = 'Say severity => ''warn'', ''reject'' or ''stop''.';
    ELSIF NEW.name = ANY (cdp._reading_rules()) THEN
        RAISE EXCEPTION USING ERRCODE = 'reserved_name', MESSAGE = format('a quality rule cannot be called %L', NEW.name),
            DETAIL = 'Rejects with that rule come from reading itself.', HINT = format('For example: name => %L.', 'my ' || NEW.name);
    ELSIF NEW.severity = 'reject' AND NEW.rule IN ('freshness', 'volume') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('a rule of %s cannot reject rows', NEW.rule),
            DETAIL = 'It is about the source as a whole.', HINT = 'Say severity => ''warn'' or ''stop''.';
    END IF;
    SELECT array_agg(c.column_name) INTO columns FROM cdp._relation_columns(source.relation) c;
    IF NEW.rule IN ('volume', 'sql') THEN
        IF NEW.column_name IS NOT NULL OR NEW.attribute IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('a rule of %s is about no single column', CASE NEW.rule WHEN 'sql' THEN 'SQL' ELSE NEW.rule END),
                HINT = 'Leave the column out.';
        END IF;
    ELSIF NEW.attribute IS NOT NULL THEN
        IF NOT EXISTS (SELECT FROM cdp_data.mapping m WHERE m.source_id = NEW.source_id AND m.target = NEW.attribute) OR source.kind <> 'people' THEN
            RAISE EXCEPTION USING ERRCODE = 'undefined_column', MESSAGE = format('no column of the source %I feeds the attribute %s', source.name, NEW.attribute),
                DETAIL = coalesce('Attributes that it feeds are ' || (SELECT string_agg(DISTINCT m.target, ', ') FROM cdp_data.mapping m WHERE m.source_id = NEW.source_id AND source.kind = 'people') || '.', 'Only sources of people feed attributes.'),
                HINT = cdp._did_you_mean(NEW.attribute, (SELECT coalesce(array_agg(m.target), '{}') FROM cdp_data.mapping m WHERE m.source_id = NEW.source_id)) || 'Or name a column of the source.';
        END IF;
    ELSIF NEW.column_name IS NULL OR NOT NEW.column_name = ANY (columns) THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_column',
            MESSAGE = CASE WHEN NEW.column_name IS NULL THEN format('a rule of %s needs a column', NEW.rule) ELSE format('the column %I does not exist in %s', NEW.column_name, source.relation) END,
            DETAIL = 'Its columns are ' || array_to_string(columns, ', ') || '.',
            HINT = cdp._did_you_mean(coalesce(NEW.column_name, ''), columns) || format('For example: SELECT cdp.add_quality_rule(%L, %L, rule => %L);', source.name, columns[1], NEW.rule);
    END IF;
    -- What a rule needs, and nothing else.
    missing := CASE NEW.rule WHEN 'domain' THEN CASE WHEN coalesce(cardinality(NEW.allowed_values), 0) = 0 THEN 'allowed_values => ARRAY[''a'', ''b'']' END
        WHEN 'range' THEN CASE WHEN NEW.min_value IS NULL AND NEW.max_value IS NULL THEN 'min_value => ''0'' or max_value => ''100''' END
        WHEN 'pattern' THEN CASE WHEN NEW.pattern IS NULL THEN 'pattern => ''^[0-9]+$''' END
        WHEN 'referential' THEN CASE WHEN NEW.referenced_relation IS NULL OR NEW.referenced_column IS NULL THEN 'referenced_relation => ''crm.shops'', referenced_column => ''id''' END
        WHEN 'freshness' THEN CASE WHEN NEW.max_age IS NULL THEN 'max_age => ''2 days''' END
        WHEN 'sql' THEN CASE WHEN NEW.condition IS NULL THEN 'condition => ''amount >= 0''' END END;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('a rule of %s lacks what it compares with', NEW.rule), HINT = format('Give it: %s.', missing);
    END IF;
    given := ARRAY(SELECT t FROM (VALUES ('allowed_values', NEW.allowed_values IS NOT NULL, 'domain'), ('min_value', NEW.min_value IS NOT NULL, 'range'),
        ('max_value', NEW.max_value IS NOT NULL, 'range'), ('pattern', NEW.pattern IS NOT NULL, 'pattern'), ('referenced_relation', NEW.referenced_relation IS NOT NULL, 'referential'),
        ('max_age', NEW.max_age IS NOT NULL, 'freshness'), ('max_deviation', NEW.max_deviation IS NOT NULL, 'volume'), ('condition', NEW.condition IS NOT NULL, 'sql')) AS v(t, is_given, of_rule)
        WHERE v.is_given AND v.of_rule <> NEW.rule);
    IF cardinality(given) > 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('a rule of %s has no use for %s', NEW.rule, array_to_string(given, ', ')), HINT = 'Leave it out, or choose the rule that it belongs to.';
    END IF;
    IF NEW.rule NOT IN ('volume', 'sql') THEN SELECT * INTO field FROM cdp._rule_value(NEW.source_id, NEW.column_name, NEW.attribute); END IF;
    CASE NEW.rule
        WHEN 'range' THEN
            FOREACH bound IN ARRAY ARRAY[NEW.min_value, NEW.max_value] LOOP
                CONTINUE WHEN bound IS NULL;
                wanted := coalesce(nullif(field.value_class, 'text'), CASE WHEN bound ~ '^\s*[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?\s*$' THEN 'number' ELSE 'time' END);
                BEGIN
                    IF wanted = 'number' THEN PERFORM bound::numeric; ELSE PERFORM bound::timestamptz; END IF;
                EXCEPTION WHEN data_exception THEN
                    RAISE EXCEPTION USING ERRCODE = 'datatype_mismatch', MESSAGE = format('the bound %L is no %s', bound, CASE wanted WHEN 'number' THEN 'number' ELSE 'date or time' END),
                        DETAIL = format('%s holds %s.', coalesce(NEW.column_name, NEW.attribute), CASE field.value_class WHEN 'number' THEN 'numbers' WHEN 'time' THEN 'dates or times' ELSE 'text; bounds are numbers (''100'') or dates (''2026-01-31'')' END),
                        HINT = CASE wanted WHEN 'number' THEN 'For example: min_value => ''0'', max_value => ''100''.' ELSE 'For example: min_value => ''1900-01-01''.' END;
                END;
            END LOOP;
            -- Both are of one kind, and in order.
            IF NEW.min_value IS NOT NULL AND NEW.max_value IS NOT NULL AND field.value_class = 'text'
               AND (NEW.min_value ~ '^\s*[-+]?[0-9.]+([eE][-+]?[0-9]+)?\s*$') <> (NEW.max_value ~ '^\s*[-+]?[0-9.]+([eE][-+]?[0-9]+)?\s*$') THEN
                RAISE EXCEPTION USING ERRCODE = 'datatype_mismatch', MESSAGE = format('%L and %L are not of one kind', NEW.min_value, NEW.max_value), HINT = 'Give two numbers or two dates.';
            ELSIF (CASE WHEN wanted = 'number' THEN NEW.min_value::numeric > NEW.max_value::numeric ELSE NEW.min_value::timestamptz > NEW.max_value::timestamptz END) THEN
                RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('no value lies between %s and %s', NEW.min_value, NEW.max_value), HINT = 'Exchange min_value and max_value.';
            END IF;
        WHEN 'pattern' THEN
            BEGIN
                PERFORM '' ~ NEW.pattern;
            EXCEPTION WHEN invalid_regular_expression THEN
                RAISE EXCEPTION USING ERRCODE = 'invalid_regular_expression', MESSAGE = format('%L is no regular expression: %s', NEW.pattern, regexp_replace(SQLERRM, '^invalid regular expression: ', '')),
                    HINT = 'Brackets that are meant as they stand have a backslash before them: ''^\([0-9]+\)$''.';
            END;
        WHEN 'referential' THEN
            SELECT array_agg(c.column_name), min(c.relation_name) INTO columns, NEW.referenced_relation FROM cdp._relation_columns(NEW.referenced_relation) c;
            IF NOT NEW.referenced_column = ANY (columns) THEN
                RAISE EXCEPTION USING ERRCODE = 'undefined_column', MESSAGE = format('the column %I does not exist in %s', NEW.referenced_column, NEW.referenced_relation),
                    DETAIL = 'Its columns are ' || array_to_string(columns, ', ') || '.', HINT = cdp._did_you_mean(NEW.referenced_column, columns) || 'Name the column that holds the values.';
            END IF;
        WHEN 'sql' THEN
            PERFORM cdp._check_row_expression(source.relation, NEW.condition, 'the condition');
        WHEN 'volume' THEN
            NEW.max_deviation := coalesce(NEW.max_deviation, 3.5);
        ELSE NULL;
    END CASE;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION cdp._check_quality_rule() IS 'Internal. Trigger: a rule must make sense for its source before it is kept.';
