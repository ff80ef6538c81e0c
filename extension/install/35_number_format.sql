-- Whether point or comma separates decimals is a matter of the column: one value often does not say.

CREATE FUNCTION cdp.read_number(value text, decimal_mark text) RETURNS numeric
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50
AS 'MODULE_PATHNAME', 'cdp_read_number';
COMMENT ON FUNCTION cdp.read_number(text, text) IS
'A number as cdp.normalize_number(value) reads it, but of a column whose decimals are known to be separated by decimal_mark, comma or point: with '','' both ''1.234'' and ''1.234,00'' are 1234 and ''1,234'' is 1.234; with ''.'' the other way round. A value that cannot be meant that way (''12.50'' with '','') is read by itself. decimal_mark NULL: each value by itself. cdp.infer_decimal_mark() says which a column has. Example: SELECT cdp.read_number(''1.234'', '','');';

CREATE FUNCTION cdp.infer_decimal_mark(relation text, columns text[] DEFAULT NULL, OUT decimal_mark text, OUT is_open boolean, OUT detail text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    field record;
    sure_comma bigint := 0;
    sure_point bigint := 0;
    unsure bigint := 0;
    found record;
BEGIN
    FOR field IN
        SELECT c.column_name, c.relation_name FROM cdp._relation_columns(relation) c
        WHERE (infer_decimal_mark.columns IS NULL OR c.column_name = ANY (infer_decimal_mark.columns)) AND c.column_type IN ('text', 'character varying')
    LOOP
        EXECUTE format($q$
            SELECT count(*) FILTER (WHERE v ~ '^[0-9]+,([0-9]{1,2}|[0-9]{4,})$' OR v ~ '^[0-9]{1,3}(\.[0-9]{3})+,[0-9]*$' OR v ~ '^[0-9]{1,3}(\.[0-9]{3}){2,}$' OR v ~ '^0+,[0-9]+$' OR v ~ '^[0-9]{4,},[0-9]+$') AS comma,
                   count(*) FILTER (WHERE v ~ '^[0-9]+\.([0-9]{1,2}|[0-9]{4,})$' OR v ~ '^[0-9]{1,3}(,[0-9]{3})+\.[0-9]*$' OR v ~ '^[0-9]{1,3}(,[0-9]{3}){2,}$' OR v ~ '^0+\.[0-9]+$' OR v ~ '^[0-9]{4,}\.[0-9]+$') AS point,
                   count(*) FILTER (WHERE v ~ '^[1-9][0-9]{0,2}[.,][0-9]{3}$') AS unsure, min(v) FILTER (WHERE v ~ '[.,]') AS example
            FROM (SELECT regexp_replace(s.%I, '^[^0-9.,]+|[^0-9.,]+$', '', 'g') AS v FROM (SELECT %1$I FROM %s LIMIT 10000) AS s) AS x
        $q$, field.column_name, field.relation_name) INTO found;
        sure_comma := sure_comma + found.comma;
        sure_point := sure_point + found.point;
        unsure := unsure + found.unsure;
        IF found.comma + found.point + found.unsure > 0 THEN
            detail := concat_ws('; ', detail, format('%I: %s with a comma, %s with a point, %s that could be either, for example %s', field.column_name, found.comma, found.point, found.unsure, found.example));
        END IF;
    END LOOP;
    IF sure_comma > 0 AND sure_point = 0 THEN decimal_mark := ','; END IF;
    IF sure_point > 0 AND sure_comma = 0 THEN decimal_mark := '.'; END IF;
    is_open := decimal_mark IS NULL AND (unsure > 0 OR sure_comma > 0 AND sure_point > 0);
END
$$;
COMMENT ON FUNCTION cdp.infer_decimal_mark(text, text[]) IS
'Whether comma or point separates decimals in the text columns of a table, judged by the first 10,000 values of each: ''12,5'' and ''1.234,50'' say comma, ''12.5'' and ''1,234.50'' point, ''1.234'' says nothing. decimal_mark is NULL when they do not say or contradict each other; is_open when that matters. Give the columns that hold numbers. Example: SELECT * FROM cdp.infer_decimal_mark(''landing.orders'', ARRAY[''total'']);';

CREATE FUNCTION cdp._cleaning_expression(semantic_type text, value text, country text, date_order text, time_zone text, decimal_mark text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN semantic_type IN ('number', 'money') AND decimal_mark IS NOT NULL THEN format('cdp.read_number(%s, %L)', value, decimal_mark)
                ELSE cdp._cleaning_expression(semantic_type, value, country, date_order, time_zone) END
$$;
COMMENT ON FUNCTION cdp._cleaning_expression(text, text, text, text, text, text) IS 'Internal. The SQL that cleans a value of a semantic type in a source whose decimals are separated by decimal_mark.';

-- Called when a source was added: what its numbers show.
CREATE FUNCTION cdp._keep_decimal_mark(source_id int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    source record;
    numbers text[];
    marks record;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _keep_decimal_mark.source_id;
    SELECT array_agg(DISTINCT m.column_name) INTO numbers FROM cdp_data.mapping m LEFT JOIN cdp_data.attribute a ON a.attribute = m.target
    WHERE m.source_id = source.source_id
      AND CASE source.kind WHEN 'people' THEN a.semantic_type IN ('number', 'money') WHEN 'events' THEN m.target IN ('amount', 'latitude', 'longitude') ELSE false END;
    IF numbers IS NULL THEN RETURN; END IF;
    SELECT * INTO marks FROM cdp.infer_decimal_mark(source.relation, numbers);
    UPDATE cdp_data.source s SET decimal_mark = marks.decimal_mark WHERE s.source_id = source.source_id AND marks.decimal_mark IS NOT NULL;
    IF marks.is_open THEN
        RAISE NOTICE USING MESSAGE = format('the numbers of %s do not say whether point or comma separates decimals: each is read by itself', source.relation),
            DETAIL = marks.detail,
            HINT = format('If it is the comma: UPDATE cdp_data.source SET decimal_mark = '','' WHERE name = %L;', source.name);
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._keep_decimal_mark(int) IS 'Internal. Finds out what separates decimals in a new source and keeps it.';

CREATE FUNCTION cdp._reread_numbers() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE cdp_data.record r SET content_hash = NULL WHERE r.source_id = NEW.source_id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._reread_numbers() IS 'Internal. Trigger: after a change of the decimal mark of a source its rows are cleaned again.';
