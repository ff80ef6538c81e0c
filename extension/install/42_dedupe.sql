-- The match engine on any table of the user's; no store is needed. What a column means is found out as for a source.

-- The relation's columns and what becomes of each: used_as comparison, identifier or ignored; field is what it feeds.
CREATE FUNCTION cdp._dedupe_columns(relation regclass, key text, columns text[], ignore text[], country text)
RETURNS TABLE (column_position int, column_name text, attribute text, semantic_type text, confidence numeric, used_as text, reason text,
    date_order text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH field AS (
        SELECT a.attnum::int AS n, a.attname::text AS name, p.semantic_type, p.date_order_found, p.column_name IS NULL AS is_hidden,
               -- Two meanings that matter here and feed no attribute of the store.
               CASE WHEN p.attribute IS NULL AND simple.name ~ '^(street|house|building)(no|nr|num|number)$|^(numero|numeroexterior|altura|hausnummer)$'
                    THEN 'house_number'
                    WHEN p.attribute IS NULL AND simple.name ~ '^(birthplace|placeofbirth|cityofbirth|birthcity|lugar(de)?nacimiento)$'
                    THEN 'birth_place' ELSE p.attribute END AS attribute,
               p.attribute IS NULL AS is_by_name, p.confidence, p.reason
        FROM pg_attribute a
        -- What is left out is not even read.
        LEFT JOIN cdp._profile_relation(relation, ARRAY(
            SELECT u.attname::text FROM pg_attribute u
            WHERE u.attrelid = relation AND u.attnum > 0 AND u.attname <> ALL (key || coalesce(ignore, '{}')) AND (columns IS NULL OR u.attname = ANY (columns))),
            20000, false, country, NULL, 1) p ON p.column_name = a.attname
        CROSS JOIN LATERAL (SELECT regexp_replace(lower(a.attname), '[^a-z]', '', 'g')) AS simple(name)
        WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped),
    judged AS (
        SELECT f.*,
               CASE WHEN f.attribute IN ('house_number', 'birth_place') AND f.is_by_name THEN 0.8 ELSE coalesce(f.confidence, 0) END AS sure,
               CASE
                   WHEN f.name = key THEN 'the key'
                   WHEN f.name = ANY (ignore) THEN 'left out by ignore'
                   WHEN columns IS NOT NULL AND f.name <> ALL (columns) THEN 'not among columns'
                   WHEN f.is_hidden THEN format('the role %I may not read it', current_user)
                   WHEN f.attribute IS NULL THEN coalesce(nullif(f.reason, 'nothing fits') || '; ', '') || 'nothing to compare people by'
                   WHEN f.attribute = 'device_id' THEN 'a device may have several users'
                   WHEN f.attribute NOT IN ('given_name', 'family_name', 'full_name', 'birth_date', 'email', 'phone', 'street', 'house_number', 'city',
                                            'birth_place', 'postal_code', 'national_id', 'gender', 'country', 'user_id', 'loyalty_id')
                       THEN format('people are not compared by %s', f.attribute)
                   -- One wrong identifier joins strangers, whatever the rest says.
                   WHEN f.attribute IN ('user_id', 'loyalty_id') AND f.confidence < 0.9 THEN f.reason || '; too unsure for an identifier'
                   -- Whether a number exists cannot be told without its country; it is the same on two records all the same.
                   WHEN f.attribute = 'phone' AND (SELECT g.attribute = 'phone' AND g.confidence >= 0.9 FROM cdp._guess_attribute(f.name) g) THEN NULL
                   -- What the user names is used, however unsure its meaning.
                   WHEN f.confidence < 0.5 AND columns IS NULL AND NOT f.is_by_name THEN f.reason || '; too unsure'
               END AS why_not
        FROM field f),
    ranked AS (
        SELECT j.*,
               first_value(j.name) OVER best AS best_name, first_value(j.sure) OVER best AS best_sure, row_number() OVER best AS rank,
               bool_or(j.attribute = 'city') OVER (PARTITION BY j.why_not IS NULL) AND j.why_not IS NULL AS has_city,
               bool_or(j.attribute = 'street') OVER (PARTITION BY j.why_not IS NULL) AND j.why_not IS NULL AS has_street
        FROM judged j
        WINDOW best AS (PARTITION BY j.attribute, j.why_not IS NULL ORDER BY j.sure DESC, j.n)),
    decided AS (
        SELECT r.*, r.attribute IN ('user_id', 'loyalty_id') AS is_identifier,
               CASE WHEN r.why_not IS NOT NULL THEN r.why_not
                    WHEN r.attribute = 'birth_place' AND r.has_city THEN 'people are compared by their city'
                    WHEN r.attribute = 'house_number' AND NOT r.has_street THEN 'there is no street'
                    -- Of what only the content tells, nothing is needed where a name says more.
                    WHEN r.rank > 1 AND (r.sure < 0.9 AND r.best_sure >= 0.9 OR r.attribute IN ('country', 'house_number', 'birth_place'))
                        THEN format('%s; %I fits better', r.reason, r.best_name)
               END AS no_use
        FROM ranked r)
    SELECT d.n, d.name, d.attribute, d.semantic_type, CASE WHEN d.attribute IS NOT NULL THEN round(d.sure::numeric, 2) END,
           CASE WHEN d.no_use IS NOT NULL THEN 'ignored' WHEN d.is_identifier THEN 'identifier' ELSE 'comparison' END,
           CASE
               WHEN d.no_use IS NOT NULL THEN d.no_use
               WHEN d.attribute = 'house_number' THEN 'by its name; joined with the street'
               WHEN d.attribute = 'birth_place' THEN 'by its name; compared as a city'
               WHEN d.attribute = 'country' THEN d.reason || '; says how phone numbers and addresses are read'
               WHEN d.rank > 1 AND NOT d.is_identifier THEN format('%s; used where %I is empty', d.reason, d.best_name)
               ELSE d.reason
           END,
           coalesce(d.date_order_found, CASE country WHEN 'US' THEN 'mdy' ELSE 'dmy' END)
    FROM decided d ORDER BY d.n
$$;
COMMENT ON FUNCTION cdp._dedupe_columns(regclass, text, text[], text[], text) IS
'Internal. What cdp.dedupe() makes of every column of a relation.';

-- Finds and checks relation, key and lists of columns; the errors are the user's.
CREATE FUNCTION cdp._dedupe_relation(relation text, key text, columns text[], ignore text[]) RETURNS regclass
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    result regclass;
    names text[];
    missing text;
BEGIN
    -- An unqualified name is looked for in public, a quoted one too.
    IF relation ~ '^"([^"]|"")+"$' AND to_regclass(relation) IS NULL THEN relation := 'public.' || relation; END IF;
    result := cdp._relation_to_profile(relation);
    SELECT coalesce(array_agg(a.attname::text ORDER BY a.attnum), '{}') INTO names
    FROM pg_attribute a WHERE a.attrelid = result AND a.attnum > 0 AND NOT a.attisdropped;
    IF key IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'which column identifies a row?',
            DETAIL = format('The columns of %s are %s.', result, array_to_string(names, ', ')),
            HINT = format('Say it: key => %L.', names[1]);
    END IF;
    SELECT u INTO missing FROM unnest(key || columns || ignore) AS u WHERE u <> ALL (names) OR u IS NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_column',
            MESSAGE = format('the column %I does not exist in %s', coalesce(missing, 'NULL'), result),
            DETAIL = format('Its columns are %s.', array_to_string(names, ', ')),
            HINT = cdp._did_you_mean(coalesce(missing, ''), names) || format('See all: SELECT * FROM cdp.profile_table(%L);', result);
    END IF;
    SELECT u INTO missing FROM unnest(key || columns) AS u WHERE NOT has_column_privilege(result, u, 'SELECT') LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = format('the role %I may not read the column %I of %s', current_user, missing, result),
            HINT = format('As its owner run: GRANT SELECT (%I) ON %s TO %I;', missing, result, current_user);
    END IF;
    RETURN result;
END
$$;
COMMENT ON FUNCTION cdp._dedupe_relation(text, text, text[], text[]) IS
'Internal. The relation to resolve; errors (42P01, 42703, 42501, 22023) name what is wrong and the nearest name.';

CREATE FUNCTION cdp.preview_dedupe(relation text, key text, columns text[] DEFAULT NULL, ignore text[] DEFAULT NULL, country text DEFAULT NULL)
RETURNS TABLE (column_name text, attribute text, semantic_type text, confidence numeric, used_as text, reason text)
LANGUAGE plpgsql STABLE ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    country_used CONSTANT text := cdp._profile_country(NULL, country, NULL);
    found CONSTANT regclass := cdp._dedupe_relation(relation, key, columns, ignore);
BEGIN
    RETURN QUERY
    SELECT c.column_name, c.attribute, c.semantic_type, c.confidence, c.used_as, c.reason
    FROM cdp._dedupe_columns(found, key, columns, ignore, country_used) c ORDER BY c.column_position;
END
$$;
COMMENT ON FUNCTION cdp.preview_dedupe(text, text, text[], text[], text) IS
'What cdp.dedupe() would make of each column: one row per column, in their order. attribute and semantic_type: what it probably means, by its name and a sample of its values, with confidence from 0 to 1. used_as: comparison (weighed by the model), identifier (an equal value joins records for certain) or ignored; reason says why. Changes nothing. Arguments and errors as for cdp.dedupe(). Example: SELECT * FROM cdp.preview_dedupe(''crm.contacts'', ''id'');';

-- SQL text: the first of some columns that is filled and can be cleaned.
CREATE FUNCTION cdp._first_filled(columns jsonb, pattern text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    -- What cleans a value trims it, and gives NULL where nothing is left.
    SELECT coalesce('coalesce(' || string_agg(CASE WHEN pattern = '%s' THEN format('nullif(btrim(%s), %L)', c.value ->> 0, '')
                                                   ELSE format(pattern, c.value ->> 0) END, ', ' ORDER BY c.n) || ')', 'NULL::text')
    FROM jsonb_array_elements(columns) WITH ORDINALITY c(value, n)
$$;
COMMENT ON FUNCTION cdp._first_filled(jsonb, text) IS 'Internal. SQL that gives the first of some columns that is filled; NULL without columns.';

-- Only the people, for those who need neither the pairs nor the model.
CREATE FUNCTION cdp._resolve_keys(query text, threshold float8 DEFAULT 0.5,
    OUT record_key text, OUT cluster_id bigint, OUT match_probability float8)
RETURNS SETOF record
LANGUAGE c VOLATILE STRICT COST 1000000 ROWS 100000
AS 'MODULE_PATHNAME', 'cdp_resolve_keys';
COMMENT ON FUNCTION cdp._resolve_keys(text, float8) IS
'Internal. As cdp._resolve_records, for a query that returns two columns more: record_key text, and sort_number bigint or NULL. One row per record, in the order of sort_number or, where it is null, of the bytes of the key: record_key, cluster_id, counted from 1 in that order, and match_probability, that of the strongest pair that ties the record to its cluster (1 for an identifier in common, NULL without any). Records are ordered by order_key alone, record_id does not count. Errors: 42804 wrong columns, 22004 a key or an order_key that is null, 22023 an order_key twice or a threshold outside (0, 1), 53200 over cdp.memory_limit.';

CREATE FUNCTION cdp._resolve_rows(query text, fields text[], date_orders text[], as_of date, country text DEFAULT '', threshold float8 DEFAULT 0.5,
    OUT record_key text, OUT cluster_id bigint, OUT match_probability float8)
RETURNS SETOF record
LANGUAGE c VOLATILE STRICT COST 1000000 ROWS 100000
AS 'MODULE_PATHNAME', 'cdp_resolve_rows';
COMMENT ON FUNCTION cdp._resolve_rows(text, text[], text[], date, text, float8) IS
'Internal. As cdp._resolve_keys, but the rows are cleaned on the way in, by cdp.workers threads, as the records of cdp._dedupe_query are in SQL. The query returns record_key text, sort_number bigint or NULL, and a text for each of fields (given_name, family_name, full_name, birth_date, email, phone, street, house_number, city, postal_code, national_id, gender, country, loyalty_id, user_id; of several with one name the first that is filled counts). date_orders: dmy, mdy or ymd for each field; only that of birth dates counts, which are not after as_of. country: alpha-2, of rows that do not say it, or empty. The order_key of a record is hashtextextended(record_key, 0). Errors: 42804 wrong columns, 22004 a key that is null, 22023 a key twice, an unknown field or a threshold outside (0, 1), 53200 over cdp.memory_limit.';

CREATE FUNCTION cdp._clean_row("values" text[], fields text[], date_orders text[], as_of date, country text DEFAULT '') RETURNS text[]
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000
AS 'MODULE_PATHNAME', 'cdp_clean_row';
COMMENT ON FUNCTION cdp._clean_row(text[], text[], text[], date, text) IS
'Internal. One row as cdp._resolve_rows cleans it, to look at and to test: given_name, family_name, birth_date, email_key, phone_key, street, city, postal_code, national_id and gender, NULL where unknown, then the identifiers. values has one text or NULL for each of fields. Errors: 22023 an unknown field or order, 2202E arrays of different length.';

-- SQL for one relation: the records for cdp._resolve_records, and only their keys; with_keys: the records for cdp._resolve_keys.
-- The same as it is, for cdp._resolve_rows: rows, fields, date_orders. `side` tells two relations apart.
CREATE FUNCTION cdp._dedupe_query(relation regclass, key text, columns text[], ignore text[], country text, side text, seed bigint,
    with_keys boolean DEFAULT false, OUT keys text, OUT records text, OUT rows text, OUT fields text[], OUT date_orders text[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    place CONSTANT text := (SELECT format('%I.%I', n.nspname, c.relname)
                            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation);
    record_id CONSTANT text := format('hashtextextended(%L || s.%I::text, %s)', side, key, seed);
    -- By what rows are ordered: numbers by value, anything else by bytes.
    sort_key CONSTANT text := (SELECT format(CASE WHEN a.atttypid = ANY ('{int2,int4,int8,numeric,date,timestamp,timestamptz}'::regtype[])
                                                  THEN 's.%I' ELSE 's.%I::text COLLATE "C"' END, key)
                               FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = key);
    -- The same for the engine: NULL means by bytes.
    sort_number CONSTANT text := (SELECT format(CASE WHEN a.atttypid = ANY ('{int2,int4,int8}'::regtype[]) THEN 's.%1$I::bigint'
                                                     WHEN a.atttypid = ANY ('{numeric,date,timestamp,timestamptz}'::regtype[])
                                                         THEN 'row_number() OVER (ORDER BY s.%1$I, s.%1$I::text COLLATE "C")'
                                                     ELSE 'NULL::bigint' END, key)
                                  FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = key);
    used jsonb;
    looked_at text;
    row_country text;
    street text;
    raw_columns text;
BEGIN
    SELECT jsonb_object_agg(coalesce(c.attribute, ''), c.cleaned), string_agg(c.said, '; ' ORDER BY c.n) INTO used, looked_at
    FROM (SELECT u.attribute, min(u.column_position) AS n,
                 string_agg(format('%I: %s', u.column_name, u.reason), '; ' ORDER BY u.column_position)
                     FILTER (WHERE u.reason NOT IN ('the key', 'not among columns')) AS said,
                 jsonb_agg(jsonb_build_array(format('s.%I::text', u.column_name), u.date_order) ORDER BY u.confidence DESC, u.column_position)
                     FILTER (WHERE u.used_as <> 'ignored') AS cleaned
          FROM cdp._dedupe_columns(relation, key, columns, ignore, country) u
          GROUP BY u.attribute) AS c;
    SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') INTO used FROM jsonb_each(used) e WHERE jsonb_typeof(e.value) = 'array';
    IF NOT used ?| '{given_name,family_name,full_name,birth_date,email,phone,street,city,birth_place,postal_code,national_id,user_id,loyalty_id}' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s has no column to compare people by', relation),
            DETAIL = coalesce('Looked at ' || looked_at || '.', 'There is no column besides the key to look at.'),
            HINT = 'Name a column after what it holds (first_name, email, birth_date, …), in a view if need be, or say which to use: columns => ARRAY[…].';
    END IF;
    SELECT string_agg(', ' || (c.value ->> 0), '' ORDER BY e.key, c.n),
           array_agg(CASE e.key WHEN 'birth_place' THEN 'city' ELSE e.key END ORDER BY e.key, c.n),
           array_agg(c.value ->> 1 ORDER BY e.key, c.n)
    INTO raw_columns, fields, date_orders
    FROM jsonb_each(used) e CROSS JOIN jsonb_array_elements(e.value) WITH ORDINALITY c(value, n)
    -- Of the country and the house number there is one column; a place of birth counts where there is no city.
    WHERE (c.n = 1 OR e.key NOT IN ('country', 'house_number')) AND NOT (e.key = 'birth_place' AND used ? 'city');
    rows := format('SELECT s.%I::text, %s%s FROM %s AS s', key, sort_number, raw_columns, place);
    row_country := CASE WHEN used ? 'country' THEN format('coalesce(cdp.normalize_country(%s), %L)', used -> 'country' -> 0 ->> 0, country)
                        ELSE format('%L::text', country) END;
    street := cdp._first_filled(used -> 'street', '%s');
    -- A number is not repeated where the street has one.
    IF used ? 'house_number' THEN
        street := format($q$CASE WHEN %1$s ~ '[0-9]' THEN %1$s ELSE concat_ws(' ', %1$s, %2$s) END$q$, street, used -> 'house_number' -> 0 ->> 0);
    END IF;
    keys := format('SELECT s.%I::text AS record_key, %s AS record_id, %s AS sort_key FROM %s AS s', key, record_id, sort_key, place);
    -- OFFSET keeps what is cleaned from being cleaned again wherever it is named. In quotes it is a bigint to the parser already: with
    -- a cast the planner, which looks before it folds constants, would not let several processes do the work above it.
    records := format($q$
        SELECT r.record_id, r.record_id, %1$s, %2$s, r.birth_date,
               -- What is no address or number for lack of a sign or a country is still the same on two records.
               coalesce(cdp.email_key(r.email), CASE WHEN strpos(r.email, '@') > 0 AND cdp.junk_reason(r.email, 'email') IS NULL THEN cdp.fold(r.email) END),
               cdp.phone_key(coalesce(cdp.normalize_phone(r.phone, r.country), CASE WHEN cdp.junk_reason(r.phone, 'phone') IS NULL THEN r.phone END)),
               cdp.address_key(r.street, r.country), cdp.fold(r.city),
               cdp.fold(cdp.normalize_postal_code(r.postal_code, r.country)),
               cdp.fold(coalesce(CASE WHEN r.country IS NOT NULL THEN cdp.normalize_national_id(r.national_id, r.country) END, cdp.normalize_identifier(r.national_id))),
               cdp.normalize_gender(r.gender), r.identifiers%21$s
        FROM (SELECT n.record_id, %18$s AS given_name, %19$s AS family_name, n.birth_date, n.email, n.phone, n.street, n.city, n.postal_code,
                     n.national_id, n.gender, n.country, n.identifiers%22$s
              FROM (SELECT %3$s AS record_id, %4$s AS given_name, %5$s AS family_name, %6$s AS full_name, %7$s AS birth_date, %8$s AS email,
                           %9$s AS phone, %10$s AS street, %11$s AS city, %12$s AS postal_code, %13$s AS national_id, %14$s AS gender,
                           %15$s AS country, %16$s AS identifiers%23$s
                    FROM %17$s AS s OFFSET '0') AS n %20$s
              OFFSET '0') AS r
        $q$,
        cdp._comparable_name('r.given_name'), cdp._comparable_name('r.family_name'),
        record_id,
        cdp._first_filled(used -> 'given_name', 'cdp.fold(cdp.normalize_name(%s))'),
        cdp._first_filled(used -> 'family_name', 'cdp.fold(cdp.normalize_name(%s))'),
        cdp._first_filled(used -> 'full_name', 'cdp.normalize_text(%s)'),
        coalesce((SELECT 'coalesce(' || string_agg(format('cdp.normalize_birth_date(%s, %L, current_date)', b.value ->> 0, b.value ->> 1), ', ' ORDER BY b.n) || ')'
                  FROM jsonb_array_elements(used -> 'birth_date') WITH ORDINALITY b(value, n)), 'NULL::date'),
        cdp._first_filled(used -> 'email', '%s'), cdp._first_filled(used -> 'phone', '%s'), street,
        cdp._first_filled(coalesce(used -> 'city', used -> 'birth_place'), 'cdp.normalize_text(%s)'), cdp._first_filled(used -> 'postal_code', '%s'),
        cdp._first_filled(used -> 'national_id', '%s'), cdp._first_filled(used -> 'gender', '%s'), row_country,
        coalesce((SELECT format('ARRAY[%s]::text[]', string_agg(format('%L || cdp.normalize_identifier(%s)', t.kind || ':', i.value ->> 0), ', ' ORDER BY t.kind, i.n))
                  FROM unnest('{loyalty_id,user_id}'::text[]) AS t(kind) CROSS JOIN jsonb_array_elements(used -> t.kind) WITH ORDINALITY i(value, n)),
                 'NULL::text[]'),
        place,
        CASE WHEN used ? 'full_name' THEN 'coalesce(n.given_name, cdp.fold(f.given_name))' ELSE 'n.given_name' END,
        CASE WHEN used ? 'full_name' THEN 'coalesce(n.family_name, cdp.fold(f.family_name))' ELSE 'n.family_name' END,
        CASE WHEN used ? 'full_name' THEN
            'LEFT JOIN LATERAL cdp.split_name(CASE WHEN n.given_name IS NULL OR n.family_name IS NULL THEN n.full_name END) AS f ON true' END,
        CASE WHEN with_keys THEN ', r.record_key, r.sort_number' END, CASE WHEN with_keys THEN ', n.record_key, n.sort_number' END,
        CASE WHEN with_keys THEN format(', s.%I::text AS record_key, %s AS sort_number', key, sort_number) END);
END
$$;
COMMENT ON FUNCTION cdp._dedupe_query(regclass, text, text[], text[], text, text, bigint, boolean) IS
'Internal. The queries that give the keys (record_key, record_id, sort_key) and the records of a relation, as cdp._resolve_records wants them or, with_keys, cdp._resolve_keys; and its rows with their fields and date_orders, for cdp._resolve_rows. Error 22023 when no column can be compared.';

-- Keys must be there and differ; what is found is told with an example.
CREATE FUNCTION cdp._check_keys(relation regclass, key text, keys text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    is_wrong boolean;
    duplicate text;
    times bigint;
BEGIN
    EXECUTE format('SELECT count(*) <> count(DISTINCT k.record_id) FROM (%s) k', keys) INTO is_wrong;
    IF NOT is_wrong THEN RETURN; END IF;
    EXECUTE format('SELECT count(*) FROM (%s) k WHERE k.record_key IS NULL', keys) INTO times;
    IF times > 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed',
            MESSAGE = format('the key %I of %s is null in %s rows', key, relation, times),
            DETAIL = 'Every row needs a key, or its answer could not be told.',
            HINT = format('Look at them: SELECT * FROM %s WHERE %I IS NULL; or leave them out with a view.', relation, key);
    END IF;
    EXECUTE format('SELECT k.record_key, count(*) FROM (%s) k GROUP BY 1 HAVING count(*) > 1 ORDER BY k.record_key COLLATE "C" LIMIT 1', keys) INTO duplicate, times;
    RAISE EXCEPTION USING ERRCODE = 'cardinality_violation',
        MESSAGE = format('the key %I of %s is not unique', key, relation),
        DETAIL = CASE WHEN duplicate IS NULL THEN 'Two different keys have the same hash of 64 bits.' ELSE format('%L is in %s rows.', duplicate, times) END,
        HINT = format('Choose a column that is different in every row: SELECT column_name FROM cdp.profile_table(%L) WHERE uniqueness = 1 AND completeness = 1;', relation);
END
$$;
COMMENT ON FUNCTION cdp._check_keys(regclass, text, text) IS 'Internal. Errors (22004, 21000) when a key is null or not unique.';

CREATE FUNCTION cdp._check_threshold(threshold float8) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (threshold > 0 AND threshold < 1) IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('the threshold %s is no probability between 0 and 1, both excluded', coalesce(threshold::text, 'NULL')),
            HINT = '0.5 joins what is likelier the same person than not; 0.75 is cautious.';
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._check_threshold(float8) IS 'Internal. Errors (22023) unless the threshold lies between 0 and 1.';

-- Whole tables are joined: plans for a handful of rows would never end.
CREATE FUNCTION cdp.dedupe(relation text, key text, columns text[] DEFAULT NULL, ignore text[] DEFAULT NULL, threshold float8 DEFAULT 0.5,
    country text DEFAULT NULL)
RETURNS TABLE (record_key text, cluster_id bigint, match_probability double precision)
LANGUAGE plpgsql STABLE COST 1000000 ROWS 100000 SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off SET max_parallel_workers_per_gather = 0
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET timezone = 'UTC' AS $$
#variable_conflict use_variable
DECLARE
    country_used CONSTANT text := cdp._profile_country(NULL, country, NULL);
    found CONSTANT regclass := cdp._dedupe_relation(relation, key, columns, ignore);
    query record;
    keys text;
BEGIN
    PERFORM cdp._check_threshold(threshold);
    query := cdp._dedupe_query(found, key, columns, ignore, country_used, '', 0);
    keys := query.keys;
    RETURN QUERY SELECT r.record_key, r.cluster_id, r.match_probability
    FROM cdp._resolve_rows(query.rows, query.fields, query.date_orders, current_date, coalesce(country_used, ''), threshold) r;
EXCEPTION WHEN null_value_not_allowed OR invalid_parameter_value THEN
    -- The engine has seen a key that is null or there twice: here it is said which.
    IF keys IS NOT NULL THEN PERFORM cdp._check_keys(found, key, keys); END IF;
    RAISE;
END
$$;
COMMENT ON FUNCTION cdp.dedupe(text, text, text[], text[], float8, text) IS
$$Which rows of a table, view or foreign table are the same person: one row per row of the relation, in the order of its key. Needs no
store, no labels and no configuration, and changes nothing: what columns mean is found out from their names and content (see
cdp.preview_dedupe()), values are cleaned, and the model is learnt from the data itself.
key: a column that is different in every row. columns: compare only these. ignore: leave these out, a label for example. threshold:
the probability (above 0, below 1) from which two records are joined. country: of phone numbers and addresses where no column says it
(default: the setting country).
record_key is the key as text; cluster_id counts from 1 in the order of each cluster's first key; match_probability is that of the
strongest pair that ties the record to its cluster: 1 where an identifier (a login, a loyalty card) is in common, NULL for a record
that is alone. Same rows, same answer. Uses at most cdp.memory_limit, some 600 bytes a row, and cdp.workers threads.
Errors: 42P01 unknown relation, 42703 unknown column, 42501 not readable, 22004 and 21000 a key that is null or not unique, 22023
options, or no column to compare by. Example: SELECT * FROM cdp.dedupe('crm.contacts', 'id');$$;

-- A name in columns or ignore must be of a column of one of both relations.
CREATE FUNCTION cdp._check_link_columns(left_relation regclass, right_relation regclass, columns text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    names text[];
    missing text;
BEGIN
    SELECT coalesce(array_agg(DISTINCT a.attname::text), '{}') INTO names
    FROM pg_attribute a WHERE a.attrelid IN (left_relation, right_relation) AND a.attnum > 0 AND NOT a.attisdropped;
    SELECT u INTO missing FROM unnest(columns) AS u WHERE u <> ALL (names) OR u IS NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_column',
            MESSAGE = format('neither %s nor %s has a column %I', left_relation, right_relation, coalesce(missing, 'NULL')),
            DETAIL = format('Their columns are %s.', array_to_string(names, ', ')),
            HINT = cdp._did_you_mean(coalesce(missing, ''), names) || format('See all: SELECT * FROM cdp.profile_table(%L);', left_relation);
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._check_link_columns(regclass, regclass, text[]) IS 'Internal. Errors (42703) unless one of two relations has each of the columns.';

CREATE FUNCTION cdp.link(left_relation text, left_key text, right_relation text, right_key text, one_to_one boolean DEFAULT false,
    columns text[] DEFAULT NULL, ignore text[] DEFAULT NULL, threshold float8 DEFAULT 0.5, country text DEFAULT NULL)
RETURNS TABLE (left_record text, right_record text, match_probability double precision)
LANGUAGE plpgsql STABLE COST 1000000 ROWS 100000 SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off
SET max_parallel_workers_per_gather = 0 SET parallel_setup_cost = 0 SET parallel_tuple_cost = 0 SET min_parallel_table_scan_size = '1MB'
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET timezone = 'UTC' AS $$
#variable_conflict use_variable
DECLARE
    country_used CONSTANT text := cdp._profile_country(NULL, country, NULL);
    left_found CONSTANT regclass := cdp._dedupe_relation(left_relation, left_key, NULL, NULL);
    right_found CONSTANT regclass := cdp._dedupe_relation(right_relation, right_key, NULL, NULL);
    left_query record;
    right_query record;
BEGIN
    PERFORM cdp._check_threshold(threshold);
    -- Cleaning is most of reading, and whatever rows arrive first, the answer is the same. As it was when the function ends.
    PERFORM set_config('max_parallel_workers_per_gather', (current_setting('cdp.workers')::int - 1)::text, true);
    PERFORM cdp._check_link_columns(left_found, right_found, columns || ignore);
    left_query := cdp._dedupe_query(left_found, left_key, columns, ignore, country_used, 'left ', 0);
    right_query := cdp._dedupe_query(right_found, right_key, columns, ignore, country_used, 'right ', 0);
    PERFORM cdp._check_keys(left_found, left_key, left_query.keys);
    PERFORM cdp._check_keys(right_found, right_key, right_query.keys);
    RETURN QUERY EXECUTE format($q$
        WITH RECURSIVE answer AS MATERIALIZED (
            SELECT a.row_kind, a.record_a, a.record_b, CASE a.reason WHEN 'identifier' THEN 1 ELSE a.probability END AS probability
            FROM cdp._resolve_records($1, $2) a WHERE a.row_kind IN ('cluster', 'edge')),
        edge AS MATERIALIZED (
            SELECT a.record_a, a.record_b, a.probability FROM answer a WHERE a.row_kind = 'edge'
            UNION ALL SELECT a.record_b, a.record_a, a.probability FROM answer a WHERE a.row_kind = 'edge'),
        strongest AS MATERIALIZED (SELECT e.record_a AS record_id, max(e.probability) AS probability FROM edge e GROUP BY e.record_a),
        left_row AS MATERIALIZED (
            SELECT k.record_id, k.record_key, row_number() OVER (ORDER BY k.sort_key) AS position, c.record_b AS head, s.probability
            FROM (%s) AS k JOIN answer c ON c.row_kind = 'cluster' AND c.record_a = k.record_id JOIN strongest s ON s.record_id = k.record_id),
        right_row AS MATERIALIZED (
            SELECT k.record_id, k.record_key, row_number() OVER (ORDER BY k.sort_key) AS position, c.record_b AS head, s.probability
            FROM (%s) AS k JOIN answer c ON c.row_kind = 'cluster' AND c.record_a = k.record_id JOIN strongest s ON s.record_id = k.record_id),
        pair AS MATERIALIZED (
            SELECT l.head, l.position AS left_position, r.position AS right_position, l.record_key AS left_record, r.record_key AS right_record,
                   coalesce(e.probability, least(l.probability, r.probability)) AS probability
            FROM left_row l JOIN right_row r USING (head)
            LEFT JOIN (SELECT record_a, record_b, max(probability) AS probability FROM edge GROUP BY record_a, record_b) AS e
                   ON e.record_a = l.record_id AND e.record_b = r.record_id),
        %s
        SELECT p.left_record, p.right_record, p.probability FROM chosen p ORDER BY p.left_position, p.right_position
    $q$, left_query.keys, right_query.keys,
    CASE WHEN one_to_one THEN $q$
        -- Each pair in turn, in all clusters at once: taken unless one of its records is.
        ranked AS MATERIALIZED (
            SELECT p.*, row_number() OVER (PARTITION BY p.head ORDER BY p.probability DESC, p.left_position, p.right_position) AS rank FROM pair p),
        turn AS (
            SELECT r.head, r.rank, true AS is_taken, ARRAY[r.left_position] AS used_left, ARRAY[r.right_position] AS used_right
            FROM ranked r WHERE r.rank = 1
            UNION ALL
            SELECT r.head, r.rank, f.is_free, CASE WHEN f.is_free THEN t.used_left || r.left_position ELSE t.used_left END,
                   CASE WHEN f.is_free THEN t.used_right || r.right_position ELSE t.used_right END
            FROM turn t JOIN ranked r ON r.head = t.head AND r.rank = t.rank + 1
            CROSS JOIN LATERAL (SELECT r.left_position <> ALL (t.used_left) AND r.right_position <> ALL (t.used_right)) AS f(is_free)),
        chosen AS (SELECT r.* FROM ranked r JOIN turn t ON t.head = r.head AND t.rank = r.rank WHERE t.is_taken)$q$
    ELSE 'chosen AS (SELECT p.* FROM pair p)' END)
    USING left_query.records || ' UNION ALL ' || right_query.records, threshold;
END
$$;
COMMENT ON FUNCTION cdp.link(text, text, text, text, boolean, text[], text[], float8, text) IS
$$Which rows of two tables, views or foreign tables are the same person: one row per pair of a left and a right key, in the order of the
keys. As cdp.dedupe() over both together, and with its errors. one_to_one: every key is in one pair at most; the likeliest pair goes first,
then by left and right key. columns, ignore: names that either relation has; ignore customer numbers that each counts on its own. match_probability is that of the pair, or, where other
records tie the two together, of the weaker of the strongest pairs of each. Example:
SELECT * FROM cdp.link('crm.contacts', 'id', 'shop.customers', 'customer_no', one_to_one => true);$$;

-- Every cell of predicted against true clusters once; all figures are sums over cells, clusters and records.
CREATE FUNCTION cdp._measure_resolution(predicted text, truth text) RETURNS TABLE (measure text, value float8)
LANGUAGE plpgsql STABLE ROWS 20 SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
#variable_conflict use_variable
DECLARE
    example text;
    times bigint;
BEGIN
    EXECUTE format('SELECT u.said, u.times FROM (
        SELECT format(''%%L of the truth'', t.key) AS said, count(*) AS times FROM (%1$s) t GROUP BY t.key HAVING count(*) > 1
        UNION ALL SELECT format(''%%L of the prediction'', p.key), count(*) FROM (%2$s) p GROUP BY p.key HAVING count(*) > 1) u
        ORDER BY u.said COLLATE "C" LIMIT 1', truth, predicted) INTO example, times;
    IF example IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'cardinality_violation', MESSAGE = 'a key is in several rows',
            DETAIL = format('The key %s is in %s rows.', example, times), HINT = 'Give one row per record, with its one label or cluster.';
    END IF;
    RETURN QUERY EXECUTE format($q$
        WITH record AS MATERIALIZED (
            -- A record that is not predicted is a cluster of its own.
            SELECT t.label, p.cluster, CASE WHEN p.cluster IS NULL THEN t.key END AS alone, count(*) AS n
            FROM (%1$s) AS t LEFT JOIN (%2$s) AS p ON p.key = t.key
            WHERE t.label IS NOT NULL AND t.key IS NOT NULL
            GROUP BY 1, 2, 3),
        cell AS MATERIALIZED (
            SELECT r.n, r.label, r.cluster, r.alone, sum(r.n) OVER (PARTITION BY r.label) AS true_size,
                   sum(r.n) OVER (PARTITION BY r.cluster, r.alone) AS predicted_size
            FROM record r),
        true_cluster AS (SELECT sum(c.n) AS n FROM cell c GROUP BY c.label),
        predicted_cluster AS (SELECT sum(c.n) AS n FROM cell c GROUP BY c.cluster, c.alone),
        figure AS MATERIALIZED (
            SELECT c.*, t.*, p.* FROM
            (SELECT coalesce(sum(n), 0) AS records, coalesce(sum(n::numeric * (n - 1) / 2), 0) AS correct_pairs,
                    sum(n::numeric * n / predicted_size) / nullif(sum(n), 0) AS bcubed_precision,
                    sum(n::numeric * n / true_size) / nullif(sum(n), 0) AS bcubed_recall FROM cell) AS c,
            (SELECT coalesce(sum(n * (n - 1) / 2), 0) AS true_pairs, count(*) AS true_clusters, coalesce(max(n), 0) AS largest_true FROM true_cluster) AS t,
            (SELECT coalesce(sum(n * (n - 1) / 2), 0) AS predicted_pairs, count(*) AS predicted_clusters, coalesce(max(n), 0) AS largest_predicted,
                    count(*) FILTER (WHERE n > (SELECT max(n) FROM true_cluster)) AS too_large FROM predicted_cluster) AS p)
        SELECT m.measure, m.value::float8
        FROM figure f CROSS JOIN LATERAL (VALUES
            (1, 'precision', CASE WHEN f.predicted_pairs = 0 THEN 1 ELSE f.correct_pairs / f.predicted_pairs END),
            (2, 'recall', CASE WHEN f.true_pairs = 0 THEN 1 ELSE f.correct_pairs / f.true_pairs END),
            (3, 'f1', CASE WHEN f.predicted_pairs + f.true_pairs = 0 THEN 1 ELSE 2 * f.correct_pairs / (f.predicted_pairs + f.true_pairs) END),
            (4, 'bcubed_precision', f.bcubed_precision), (5, 'bcubed_recall', f.bcubed_recall),
            (6, 'bcubed_f1', 2 * f.bcubed_precision * f.bcubed_recall / nullif(f.bcubed_precision + f.bcubed_recall, 0)),
            (7, 'correct_pairs', f.correct_pairs), (8, 'predicted_pairs', f.predicted_pairs), (9, 'true_pairs', f.true_pairs),
            (10, 'records', f.records), (11, 'predicted_clusters', f.predicted_clusters), (12, 'true_clusters', f.true_clusters),
            (13, 'largest_predicted_cluster', f.largest_predicted), (14, 'largest_true_cluster', f.largest_true),
            (15, 'clusters_larger_than_any_true', f.too_large)) AS m(n, measure, value)
        ORDER BY m.n
    $q$, truth, predicted);
END
$$;
COMMENT ON FUNCTION cdp._measure_resolution(text, text) IS
'Internal. Measures of what a query predicts (key, cluster) against one that tells the truth (key, label); texts all. Error 21000 when a key is repeated.';

-- SQL that reads two columns of a relation as texts, after checking that they are there.
CREATE FUNCTION cdp._pair_query(relation text, key text, value text, value_name text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    place CONSTANT regclass := cdp._dedupe_relation(relation, key, ARRAY[value], NULL);
BEGIN
    RETURN (SELECT format('SELECT s.%I::text AS key, s.%I::text AS %I FROM %I.%I AS s', key, value, value_name, n.nspname, c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = place);
END
$$;
COMMENT ON FUNCTION cdp._pair_query(text, text, text, text) IS 'Internal. SQL for two columns of a relation; errors name what is missing.';

CREATE FUNCTION cdp.evaluate_resolution(predicted text, truth text, key text DEFAULT 'record_key', cluster text DEFAULT 'cluster_id',
    label text DEFAULT 'label', truth_key text DEFAULT NULL)
RETURNS TABLE (measure text, value float8)
LANGUAGE sql STABLE ROWS 20 SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $$
    SELECT m.measure, m.value
    FROM cdp._measure_resolution(cdp._pair_query(predicted, key, cluster, 'cluster'),
                                 cdp._pair_query(truth, coalesce(truth_key, key), label, 'label')) m
$$;
COMMENT ON FUNCTION cdp.evaluate_resolution(text, text, text, text, text, text) IS
$$How good clusters are, from labels: one row per measure. predicted: a table or view with the columns key and cluster, such as a result
of cdp.dedupe(); truth: one with truth_key (default: the same name) and label, the same for records that are the same person.
precision, recall and f1 count pairs of records: of the pairs put together the share that belongs together, of those that belong together
the share found, and their harmonic mean (each 1 where there are no pairs). bcubed_*: the same averaged over records. Then counts:
correct_pairs, predicted_pairs, true_pairs, records, clusters of both, the largest of both, and predicted clusters larger than any true one.
Records without a label do not count; those that are not predicted are clusters of their own. Errors: 42P01, 42703 unknown names, 21000 a key in
several rows. Example: SELECT * FROM cdp.evaluate_resolution('result', 'contacts', truth_key => 'id', label => 'person');$$;

CREATE FUNCTION cdp.evaluate_resolution(truth text) RETURNS TABLE (measure text, value float8)
LANGUAGE plpgsql STABLE ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    place regclass;
BEGIN
    PERFORM cdp._require_store();
    place := cdp._dedupe_relation(truth, 'key', '{source,label}', NULL);
    RETURN QUERY SELECT m.measure, m.value FROM cdp._measure_resolution(
        $q$SELECT s.name || ':' || r.source_key AS key, r.profile_id::text AS cluster FROM cdp_data.record r JOIN cdp_data.source s USING (source_id)$q$,
        (SELECT format('SELECT s.source::text || '':'' || s.key::text AS key, s.label::text AS label FROM %I.%I AS s', n.nspname, c.relname)
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = place)) m;
END
$$;
COMMENT ON FUNCTION cdp.evaluate_resolution(text) IS
'How good the profiles of the store are, from labels: truth is a table or view with the columns source, key (of the record in that source) and label, which is the same for records of one person. Measures as in the form for two relations. Errors: 55000 without a store, 42703 unknown columns, 21000 a record in several rows. Example: SELECT * FROM cdp.evaluate_resolution(''labelled_people'');';
