-- Loading a CSV text without stopping at broken lines.

CREATE FUNCTION cdp.load_csv(relation text, content text, delimiter text DEFAULT NULL, OUT rows_loaded bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
#variable_conflict use_column
DECLARE
    parts text[];
    header text[];
    names text[] := '{}';
    base text;
    column_name text;
    copy int;
    refused record;
    existing text[];
    qualified text;
    started CONSTANT timestamptz := clock_timestamp();
BEGIN
    PERFORM cdp._require_store();
    BEGIN
        parts := parse_ident(relation);
    EXCEPTION WHEN invalid_parameter_value THEN
        parts := '{}';
    END;
    IF coalesce(cardinality(parts), 0) NOT IN (1, 2) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_name', MESSAGE = format('%L is not the name of a table', relation),
            HINT = 'For example: relation => ''crm.contacts''.';
    END IF;
    IF cardinality(parts) = 1 THEN parts := ARRAY['public', parts[1]]; END IF;
    IF parts[1] IN ('cdp', 'cdp_data', 'cdp_bi', 'pg_catalog') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_schema_name', MESSAGE = format('files are not loaded into the schema %I', parts[1]),
            HINT = 'Make one for them: CREATE SCHEMA landing;';
    END IF;
    IF to_regnamespace(quote_ident(parts[1])) IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_schema_name', MESSAGE = format('there is no schema %I', parts[1]),
            HINT = format('Create it first: CREATE SCHEMA %I;', parts[1]);
    END IF;
    qualified := format('%I.%I', parts[1], parts[2]);
    DROP TABLE IF EXISTS pg_temp.cdp_csv;
    CREATE TEMP TABLE cdp_csv ON COMMIT DROP AS SELECT * FROM cdp.parse_csv(content, delimiter, true);
    SELECT c.fields INTO header FROM pg_temp.cdp_csv c WHERE c.row_number = 0 AND c.problem IS NULL;
    IF header IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'the file has no readable header',
            DETAIL = coalesce('Its first line is: ' || (SELECT left(c.original, 200) FROM pg_temp.cdp_csv c ORDER BY c.line_number LIMIT 1), 'It is empty.'),
            HINT = 'The first line must name the columns, for example: id,name,email';
    END IF;
    -- Column names as in the file; empty ones get a number, repeated ones too. Longer than a name may be, they are cut.
    FOR i IN 1 .. cardinality(header) LOOP
        base := coalesce(nullif(btrim(header[i]), ''), 'column_' || i)::name::text;
        column_name := base;
        copy := 1;
        WHILE column_name = ANY (names) LOOP
            copy := copy + 1;
            column_name := left(base, CASE WHEN octet_length(base) > 56 THEN 14 ELSE 56 END) || '_' || copy;
        END LOOP;
        names := names || column_name;
    END LOOP;
    IF to_regclass(qualified) IS NULL THEN
        EXECUTE format('CREATE TABLE %s (%s)', qualified, (SELECT string_agg(format('%I text', u.n), ', ') FROM unnest(names) u(n)));
    ELSE
        SELECT array_agg(c.column_name) INTO existing FROM cdp._relation_columns(qualified) c;
        IF NOT existing @> names THEN
            RAISE EXCEPTION USING ERRCODE = 'undefined_column',
                MESSAGE = format('the file has columns that %s has not', qualified),
                DETAIL = 'They are ' || (SELECT string_agg(quote_ident(u.n), ', ') FROM unnest(names) u(n) WHERE u.n <> ALL (existing)) || '.',
                HINT = 'Load it into a table of another name, or add the columns.';
        END IF;
        SELECT * INTO refused FROM cdp._relation_columns(qualified) c
        WHERE c.column_name = ANY (names) AND c.column_type NOT IN ('text', 'character varying') LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'datatype_mismatch',
                MESSAGE = format('the column %I of %s has the type %s, not text', refused.column_name, qualified, refused.column_type),
                DETAIL = 'A file is loaded as it is; its values are cleaned when the source is read.',
                HINT = format('Load it into a table of another name, or run: ALTER TABLE %s ALTER COLUMN %I TYPE text;', qualified, refused.column_name);
        END IF;
    END IF;
    EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM pg_temp.cdp_csv c WHERE c.row_number > 0 AND c.problem IS NULL ORDER BY c.row_number', qualified,
                   (SELECT string_agg(format('%I', u.n), ', ' ORDER BY u.i) FROM unnest(names) WITH ORDINALITY u(n, i)),
                   (SELECT string_agg(format('c.fields[%s]', i), ', ' ORDER BY i) FROM generate_series(1, cardinality(names)) i));
    GET DIAGNOSTICS rows_loaded = ROW_COUNT;
    INSERT INTO cdp_data.reject AS j (reject_hash, relation, line_number, rule, reason, original, last_seen_at)
    SELECT cdp._reject_hash(NULL, c.line_number::text, qualified, c.original), qualified, c.line_number, 'csv', c.problem, c.original, clock_timestamp()
    FROM pg_temp.cdp_csv c WHERE c.problem IS NOT NULL
    ORDER BY c.line_number
    ON CONFLICT (reject_hash) DO UPDATE SET last_seen_at = clock_timestamp(), resolved_at = NULL;
    GET DIAGNOSTICS rows_rejected = ROW_COUNT;
    UPDATE cdp_data.reject j SET resolved_at = clock_timestamp()
    WHERE j.relation = qualified AND j.line_number IS NOT NULL AND j.resolved_at IS NULL AND j.last_seen_at < started;
    DROP TABLE pg_temp.cdp_csv;
END
$$;
COMMENT ON FUNCTION cdp.load_csv(text, text, text) IS
'Loads the text of a CSV file, header first, into a table; makes the table (all columns text) when there is none. Lines that cannot be read are not fatal: they are kept in cdp_data.reject with line number, reason and text. delimiter: detected when not given. Returns the counts. In psql: \set file `cat contacts.csv`  then  SELECT * FROM cdp.load_csv(''landing.contacts'', :''file'');';
