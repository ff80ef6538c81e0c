-- The quality of a table's columns: how full, how different, what they mean, what is wrong.

CREATE FUNCTION cdp._profile_query(query text, column_names text[], country text, date_order text, listed int)
RETURNS TABLE (column_position int, column_name text, rows bigint, filled bigint, distinct_values bigint, distinct_is_exact boolean,
    semantic_type text, validity float8, suspicious float8, junk float8, min_length bigint, max_length bigint, total_length bigint,
    min_value text, max_value text, p05 float8, median float8, p95 float8, patterns text[], pattern_rows bigint[],
    pattern_examples text[], top_values text[], top_rows bigint[], outliers text[], examples text[], date_order_found text,
    is_order_needed boolean, decimal_separator text, attribute text, confidence float8, reason text)
LANGUAGE c STABLE COST 1000000 ROWS 20
AS 'MODULE_PATHNAME', 'cdp_profile_columns';
COMMENT ON FUNCTION cdp._profile_query(text, text[], text, text, int) IS
'Internal. Profiles what a query returns, one row per column; column_names are what its columns are called. country and date_order as in cdp.profile_table(), NULL where unknown; listed is the length of the lists. Uses at most cdp.memory_limit.';

-- The relation's oid: named as for cdp.add_source(), temporary relations too.
CREATE FUNCTION cdp._relation_to_profile(relation text) RETURNS regclass
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found regclass;
    kind "char";
BEGIN
    BEGIN
        found := to_regclass(relation);
    EXCEPTION WHEN syntax_error OR invalid_name OR feature_not_supported THEN
        found := NULL;
    END;
    IF found IS NULL AND relation !~ '\.' THEN found := to_regclass('public.' || quote_ident(relation)); END IF;
    SELECT c.relkind INTO kind FROM pg_class c WHERE c.oid = found;
    IF kind IS NOT NULL AND kind NOT IN ('r', 'v', 'm', 'f', 'p') THEN
        RAISE EXCEPTION USING ERRCODE = 'wrong_object_type',
            MESSAGE = format('%s is no table or view', relation),
            DETAIL = 'Tables, views, materialised views and foreign tables have columns to profile.',
            HINT = 'List them with: \d *.*';
    END IF;
    IF kind IS NULL OR NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = found AND c.relpersistence = 't') THEN
        -- Says what is wrong, with the nearest name.
        PERFORM FROM cdp._relation_columns(relation);
    END IF;
    RETURN found;
END
$$;
COMMENT ON FUNCTION cdp._relation_to_profile(text) IS 'Internal. Finds a relation by its name; errors (42P01, 42501, 42809) name the nearest one.';

-- The end of the FROM clause: a sample of about so many rows, the same one every time. VOLATILE, or it could not EXPLAIN.
CREATE FUNCTION cdp._sample_clause(relation regclass, sample_rows bigint, is_head boolean) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- With fewer pages than this a sample of pages would be of few places.
    fewest_pages CONSTANT numeric := 500;
    affordable_pages CONSTANT numeric := 50000;
    plan json;
    expected numeric;
    pages numeric;
    share numeric;
    is_table boolean;
    is_analysed boolean;
BEGIN
    IF sample_rows IS NULL THEN RETURN ''; END IF;
    SELECT c.relkind IN ('r', 'm', 'p') AND NOT EXISTS (
               SELECT FROM pg_partition_tree(c.oid) t JOIN pg_class p ON p.oid = t.relid WHERE p.relkind = 'f')
           AND (c.relkind = 'p' OR NOT c.relhassubclass)
    INTO is_table FROM pg_class c WHERE c.oid = relation;
    IF is_head OR NOT is_table THEN RETURN format(' LIMIT %s', sample_rows); END IF;
    SELECT coalesce(sum(pg_relation_size(c.oid)), 0) / current_setting('block_size')::numeric, bool_and(c.reltuples >= 0)
    INTO pages, is_analysed
    FROM pg_class c
    WHERE c.oid IN (SELECT relation::oid UNION SELECT p.relid::oid FROM pg_partition_tree(relation) p) AND c.relkind <> 'p';
    IF pages = 0 THEN RETURN format(' LIMIT %s', 2 * sample_rows); END IF;
    IF is_analysed THEN
        EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM %s', relation) INTO plan;
        expected := (plan -> 0 -> 'Plan' ->> 'Plan Rows')::numeric;
    ELSE
        -- Without statistics the planner only guesses how many rows a page has: look at some 200 pages.
        share := least(1, 200 / pages);
        EXECUTE format('SELECT count(*) FROM %s TABLESAMPLE system (%s) REPEATABLE (1)', relation, round(100 * share, 6)) INTO expected;
        expected := expected / share;
    END IF;
    IF expected <= 1.2 * sample_rows THEN RETURN format(' LIMIT %s', 2 * sample_rows); END IF;
    share := sample_rows / expected;
    -- The limit is for statistics that are wrong.
    RETURN format(' TABLESAMPLE %s (%s) REPEATABLE (1) LIMIT %s',
                  CASE WHEN pages * share >= fewest_pages OR pages > affordable_pages THEN 'system' ELSE 'bernoulli' END,
                  round(100 * share, 6), 2 * sample_rows);
END
$$;
COMMENT ON FUNCTION cdp._sample_clause(regclass, bigint, boolean) IS 'Internal. SQL that limits a query over a relation to a sample: of pages or rows of a table, the first rows of anything else.';

CREATE FUNCTION cdp._profile_relation(relation regclass, only_columns text[], sample_rows bigint, is_head boolean, country text,
    date_order text, listed int)
RETURNS TABLE (column_position int, column_name text, rows bigint, filled bigint, distinct_values bigint, distinct_is_exact boolean,
    semantic_type text, validity float8, suspicious float8, junk float8, min_length bigint, max_length bigint, total_length bigint,
    min_value text, max_value text, p05 float8, median float8, p95 float8, patterns text[], pattern_rows bigint[],
    pattern_examples text[], top_values text[], top_rows bigint[], outliers text[], examples text[], date_order_found text,
    is_order_needed boolean, decimal_separator text, attribute text, confidence float8, reason text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
-- The same rows in the same order and the same text of typed columns, in every session.
SET synchronize_seqscans = off SET max_parallel_workers_per_gather = 0 SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601'
SET extra_float_digits = 1 SET timezone = 'UTC' AS $$
DECLARE
    columns text[];
BEGIN
    SELECT array_agg(a.attname::text ORDER BY a.attnum) INTO columns
    FROM pg_attribute a
    WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
      AND (only_columns IS NULL OR a.attname = ANY (only_columns)) AND has_column_privilege(relation, a.attnum, 'SELECT');
    IF columns IS NULL THEN RETURN; END IF;
    RETURN QUERY SELECT * FROM cdp._profile_query(
        format('SELECT %s FROM %s%s', (SELECT string_agg(quote_ident(c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY u(c, n)),
               relation, cdp._sample_clause(relation, sample_rows, is_head)),
        columns, country, date_order, listed);
END
$$;
COMMENT ON FUNCTION cdp._profile_relation(regclass, text[], bigint, boolean, text, text, int) IS
'Internal. Profiles the columns of a relation that the role may read, or some of them.';

-- The arguments that all profiles share; the country by default is the one of the store.
CREATE FUNCTION cdp._profile_country(sample_rows bigint, country text, date_order text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    setting text;
BEGIN
    IF sample_rows <= 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('a sample of %s rows says nothing', sample_rows),
            HINT = 'Say sample_rows => 100000, or sample_rows => NULL for all rows.';
    END IF;
    IF date_order NOT IN ('dmy', 'mdy', 'ymd') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('unknown date order %L', date_order),
            HINT = 'Say date_order => ''dmy'', ''mdy'' or ''ymd'', or leave it away: it is inferred.';
    END IF;
    IF country <> '' AND cdp.normalize_country(country) IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('unknown country %L', country),
            DETAIL = 'A country is an ISO 3166 code of two or three letters, or a name.',
            HINT = 'For example: country => ''CL''.';
    END IF;
    IF country IS NULL AND to_regclass('cdp_data.setting') IS NOT NULL AND has_schema_privilege('cdp_data', 'USAGE')
       AND has_table_privilege('cdp_data.setting', 'SELECT') THEN
        setting := cdp._setting('country');
    END IF;
    RETURN coalesce(cdp.normalize_country(nullif(country, '')), nullif(setting, ''));
END
$$;
COMMENT ON FUNCTION cdp._profile_country(bigint, text, text) IS 'Internal. Checks the options of a profile and returns the country to use, NULL when none is known.';

CREATE FUNCTION cdp._with_shares(names text[], counts bigint[], total bigint) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(u.name || ' (' || round(100.0 * u.count / total, 1) || ' %)' ORDER BY u.n), '{}')
    FROM unnest(names, counts) WITH ORDINALITY u(name, count, n)
$$;
COMMENT ON FUNCTION cdp._with_shares(text[], bigint[], bigint) IS 'Internal. Lists names with their share of a total: "Aa Aa (63.0 %)".';

CREATE FUNCTION cdp._with_counts(names text[], counts bigint[], is_exact boolean) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(u.name || ' (' || CASE WHEN is_exact THEN '' ELSE 'at least ' END || u.count || ')' ORDER BY u.n), '{}')
    FROM unnest(names, counts) WITH ORDINALITY u(name, count, n)
$$;
COMMENT ON FUNCTION cdp._with_counts(text[], bigint[], boolean) IS 'Internal. Lists names with their counts: "Santiago (1204)".';

CREATE FUNCTION cdp.profile_table(relation text, sample_rows int DEFAULT 100000, country text DEFAULT NULL, date_order text DEFAULT NULL)
RETURNS TABLE (column_name text, data_type text, semantic_type text, rows bigint, filled bigint, completeness numeric,
    distinct_values bigint, distinct_is_exact boolean, uniqueness numeric, validity numeric, suspicious numeric, junk numeric,
    min_length bigint, max_length bigint, avg_length numeric, min_value text, max_value text,
    p05 numeric, median numeric, p95 numeric, patterns text[], top_values text[], outliers text[], examples text[],
    date_format text, decimal_separator text, suggested_attribute text, confidence numeric, reason text)
LANGUAGE plpgsql STABLE ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    found regclass;
    country_used text;
BEGIN
    country_used := cdp._profile_country(sample_rows, profile_table.country, profile_table.date_order);
    found := cdp._relation_to_profile(relation);
    RETURN QUERY
    SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), p.semantic_type, p.rows, p.filled,
           round(p.filled::numeric / nullif(p.rows, 0), 4), p.distinct_values, p.distinct_is_exact,
           round(p.distinct_values::numeric / nullif(p.filled, 0), 4),
           CASE WHEN p.filled > 0 THEN round(p.validity::numeric, 4) END,
           CASE WHEN p.filled > 0 THEN round(p.suspicious::numeric, 4) END,
           CASE WHEN p.filled > 0 THEN round(p.junk::numeric, 4) END,
           p.min_length, p.max_length, round(p.total_length::numeric / nullif(p.filled, 0), 2), p.min_value, p.max_value,
           p.p05::numeric, p.median::numeric, p.p95::numeric,
           cdp._with_shares(p.patterns, p.pattern_rows, p.filled), cdp._with_counts(p.top_values, p.top_rows, p.distinct_is_exact),
           p.outliers, p.examples, p.date_order_found, p.decimal_separator, p.attribute,
           round(p.confidence::numeric, 2),
           coalesce(p.reason, format('the role %I may not read it', current_user))
    FROM pg_attribute a
    LEFT JOIN cdp._profile_relation(found, NULL, sample_rows, false, country_used, profile_table.date_order, 5) p
           ON p.column_name = a.attname
    WHERE a.attrelid = found AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum;
END
$$;
COMMENT ON FUNCTION cdp.profile_table(text, int, text, text) IS
$$The quality of every column of a table, view or foreign table: one row per column, in their order; best read with \x.
Changes nothing, needs no store. Columns the role may not read have NULLs and a reason.
sample_rows: about how many rows are looked at, NULL for all; of a table the same random sample every time, of a view or foreign
table the first rows. country: of phone numbers and postal codes (default: the setting country; else it is inferred from the
numbers). date_order: dmy, mdy or ymd, how dates are read (default: as the values show).
rows, filled (neither NULL nor blank), completeness = filled / rows; distinct_values of the filled ones, exact or, when
distinct_is_exact is false, an estimate (1 %); uniqueness = distinct_values / filled. All shares are from 0 to 1.
semantic_type, by name and content: email, phone, name, date, timestamp, boolean, number, money, postal_code, country, gender,
national_id, iban, address, identifier or text; NULL when nothing is filled. validity, suspicious, junk: shares of the filled rows
that the cleaner of the type accepts, of those with doubts, and that it takes for placeholders ("n/a", 1900-01-01); what is neither
valid nor junk is invalid.
Beyond 2,000 different values they are estimated from the frequent ones and 2,000 others.
Lengths in characters. min_value, max_value: by value for numbers and dates, else by bytes. p05, median, p95: of numbers.
patterns: the five most frequent shapes, A a run of capitals, a of other letters, 9 a digit. top_values with their rows. outliers:
refused, suspicious, far off or of a rare shape, and why. date_format: the order of day, month and year that the values show.
suggested_attribute: what cdp.add_source() could map the column to, with confidence (0 to 1) and the reason.
Errors: 42P01 unknown relation, 42501 not readable, 22023 options. Example: SELECT * FROM cdp.profile_table('crm.contacts');$$;

CREATE FUNCTION cdp._profile_one_column(relation text, column_name text, sample_rows int, max_rows int)
RETURNS TABLE (filled bigint, patterns text[], pattern_rows bigint[], pattern_examples text[], top_values text[], top_rows bigint[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    found regclass;
    columns text[];
BEGIN
    PERFORM cdp._profile_country(sample_rows, NULL, NULL);
    IF max_rows <= 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'max_rows must be at least 1', HINT = 'For example: max_rows => 100.';
    END IF;
    found := cdp._relation_to_profile(relation);
    SELECT array_agg(a.attname::text ORDER BY a.attnum) INTO columns
    FROM pg_attribute a WHERE a.attrelid = found AND a.attnum > 0 AND NOT a.attisdropped;
    IF _profile_one_column.column_name = ANY (columns) IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_column',
            MESSAGE = format('the column %I does not exist in %s', coalesce(_profile_one_column.column_name, 'NULL'), found),
            DETAIL = coalesce('Its columns are ' || array_to_string(columns, ', ') || '.', 'It has no columns.'),
            HINT = cdp._did_you_mean(coalesce(_profile_one_column.column_name, ''), coalesce(columns, '{}')) || format('See all: SELECT * FROM cdp.profile_table(%L);', found);
    END IF;
    IF NOT has_column_privilege(found, _profile_one_column.column_name, 'SELECT') THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = format('the role %I may not read the column %I of %s', current_user, _profile_one_column.column_name, found),
            HINT = format('As its owner run: GRANT SELECT (%I) ON %s TO %I;', _profile_one_column.column_name, found, current_user);
    END IF;
    RETURN QUERY
    SELECT p.filled, p.patterns, p.pattern_rows, p.pattern_examples, p.top_values, p.top_rows
    FROM cdp._profile_relation(found, ARRAY[_profile_one_column.column_name], sample_rows, false, NULL, NULL, coalesce(max_rows, 2147483647)) p;
END
$$;
COMMENT ON FUNCTION cdp._profile_one_column(text, text, int, int) IS 'Internal. Shapes and values of one column.';

CREATE FUNCTION cdp.profile_patterns(relation text, column_name text, sample_rows int DEFAULT 100000, max_rows int DEFAULT 100)
RETURNS TABLE (pattern text, rows bigint, share numeric, example text)
LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp AS $$
    SELECT u.pattern, u.rows, round(u.rows::numeric / p.filled, 4), u.example
    FROM cdp._profile_one_column(relation, column_name, sample_rows, max_rows) p,
         unnest(p.patterns, p.pattern_rows, p.pattern_examples) WITH ORDINALITY u(pattern, rows, example, n)
    ORDER BY u.n
$$;
COMMENT ON FUNCTION cdp.profile_patterns(text, text, int, int) IS
'The shapes of a column''s values, the most frequent first: A stands for a run of capitals, a for a run of other letters, 9 for a digit. share of the filled rows, and one example each. sample_rows as in cdp.profile_table(); max_rows limits the list (NULL: all). Errors: 42703 unknown column. Example: SELECT * FROM cdp.profile_patterns(''crm.contacts'', ''phone'');';

CREATE FUNCTION cdp.profile_values(relation text, column_name text, sample_rows int DEFAULT 100000, max_rows int DEFAULT 100)
RETURNS TABLE (value text, rows bigint, share numeric)
LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp AS $$
    SELECT u.value, u.rows, round(u.rows::numeric / p.filled, 4)
    FROM cdp._profile_one_column(relation, column_name, sample_rows, max_rows) p,
         unnest(p.top_values, p.top_rows) WITH ORDINALITY u(value, rows, n)
    ORDER BY u.n
$$;
COMMENT ON FUNCTION cdp.profile_values(text, text, int, int) IS
'A column''s most frequent values with their rows and share of the filled rows; values are shown up to 60 characters, on one line. With more different values than can be remembered the counts are lower bounds. sample_rows as in cdp.profile_table(); max_rows limits the list (NULL: all that are remembered). Errors: 42703 unknown column. Example: SELECT * FROM cdp.profile_values(''crm.contacts'', ''city'');';
