-- Which rows of a source are read: all, those past a watermark, a window; with corrections in place of what is known to be wrong.

CREATE FUNCTION cdp._watermark_kind(column_type text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN column_type IN ('timestamp with time zone', 'timestamp without time zone', 'date') THEN 'time'
                WHEN column_type IN ('smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision') THEN 'number'
                WHEN column_type IN ('text', 'character varying', 'character') THEN 'text' END
$$;
COMMENT ON FUNCTION cdp._watermark_kind(text) IS 'Internal. time, number or text: how a watermark of a column type is compared; NULL: it cannot be one.';

-- The columns of a relation that this role may read: of some relations it may read only some.
CREATE FUNCTION cdp._readable_columns(relation text) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT array_agg(a.attname::text ORDER BY a.attnum)
    FROM pg_attribute a
    WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
      AND (has_table_privilege(a.attrelid, 'SELECT') OR has_column_privilege(a.attrelid, a.attnum, 'SELECT'))
$$;
COMMENT ON FUNCTION cdp._readable_columns(text) IS 'Internal. The columns of a relation that the current role may read.';

-- SQL text: a column as text that does not depend on the session's time zone.
CREATE FUNCTION cdp._stable_text(column_name text, column_type text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format(CASE column_type WHEN 'timestamp with time zone' THEN '(date_part(''epoch'', s.%I)::numeric)::text' ELSE 's.%I::text' END, column_name)
$$;
COMMENT ON FUNCTION cdp._stable_text(text, text) IS 'Internal. SQL that compares a column of a row with what is kept of it in cdp_data.correction.';

CREATE FUNCTION cdp._key_expression(source_id int) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN s.key_column = '*' THEN (SELECT format('md5(ROW(%s)::text)', string_agg(format('s.%I', m.column_name), ', ' ORDER BY m.position))
                                              FROM cdp_data.mapping m WHERE m.source_id = s.source_id)
                WHEN s.kind = 'people' THEN format($q$nullif(btrim(s.%I::text, E' \t\r\n\u00a0''"'), '')$q$, s.key_column)
                ELSE format($q$nullif(btrim(s.%I::text), '')$q$, s.key_column) END
    FROM cdp_data.source s WHERE s.source_id = $1
$$;
COMMENT ON FUNCTION cdp._key_expression(int) IS 'Internal. SQL text: the key of a row s of a source, as records and events keep it.';

-- A row may have several corrections; the latest of a column counts. Only rows whose key has one are looked at more closely.
CREATE FUNCTION cdp._correction_join(source_id int) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    key CONSTANT text := format('coalesce(%s, '''')', cdp._key_expression(source_id));
    relation CONSTANT text := (SELECT s.relation FROM cdp_data.source s WHERE s.source_id = _correction_join.source_id);
    comparisons text;
BEGIN
    SELECT string_agg(format('%L, %s', c.column_name, cdp._stable_text(c.column_name, c.column_type)), ', ') INTO comparisons
    FROM cdp._relation_columns(relation) c
    WHERE c.column_name IN (SELECT jsonb_object_keys(k.original) FROM cdp_data.correction k WHERE k.source_id = _correction_join.source_id AND k.lapsed_at IS NULL);
    RETURN format($q$LEFT JOIN LATERAL (
        SELECT jsonb_object_agg(e.key, e.value ORDER BY k.corrected_at, k.correction_id) AS corrected
        FROM cdp_data.correction k CROSS JOIN LATERAL jsonb_each(k.corrected) e
        WHERE %1$s IN (SELECT f.source_key FROM cdp_data.correction f WHERE f.source_id = %2$s AND f.lapsed_at IS NULL)
          AND k.source_id = %2$s AND k.lapsed_at IS NULL AND k.source_key = %1$s AND jsonb_build_object(%3$s) @> k.original) AS c ON true$q$, key, source_id, comparisons);
END
$$;
COMMENT ON FUNCTION cdp._correction_join(int) IS 'Internal. SQL text that joins c.corrected, the corrections that hold for it (NULL: none), to a row s of a source.';

CREATE FUNCTION cdp._corrected_rows(source_id int) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    relation CONSTANT text := (SELECT s.relation FROM cdp_data.source s WHERE s.source_id = _corrected_rows.source_id);
    corrected text[];
    columns text;
BEGIN
    corrected := ARRAY(SELECT DISTINCT jsonb_object_keys(c.corrected) FROM cdp_data.correction c WHERE c.source_id = _corrected_rows.source_id AND c.lapsed_at IS NULL);
    IF cardinality(corrected) = 0 THEN RETURN relation; END IF;
    SELECT string_agg(CASE WHEN c.column_name = ANY (corrected)
                           THEN format('CASE WHEN c.corrected ? %1$L THEN (c.corrected ->> %1$L)::%2$s ELSE s.%1$I END AS %1$I', c.column_name, CASE c.column_type WHEN 'character' THEN 'bpchar' ELSE c.column_type END)
                           ELSE format('s.%I', c.column_name) END, ', ' ORDER BY p.n)
    INTO columns
    FROM cdp._relation_columns(relation) c JOIN unnest(cdp._readable_columns(relation)) WITH ORDINALITY p(column_name, n) USING (column_name);
    RETURN format('(SELECT %s FROM %s AS s %s)', columns, relation, cdp._correction_join(source_id));
END
$$;
COMMENT ON FUNCTION cdp._corrected_rows(int) IS 'Internal. SQL text that can stand after FROM, without an alias: all rows of a source, corrected where corrections are known.';

-- SQL text: the watermark of a row s, and its type. Texts are compared byte by byte.
CREATE FUNCTION cdp._watermark_place(source_id int, OUT place text, OUT type text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    SELECT format(CASE cdp._watermark_kind(c.column_type) WHEN 'text' THEN 's.%I::text COLLATE "C"' ELSE 's.%I' END, c.column_name),
           CASE cdp._watermark_kind(c.column_type) WHEN 'text' THEN 'text' ELSE c.column_type END
    INTO place, type
    FROM cdp_data.source s CROSS JOIN LATERAL cdp._relation_columns(s.relation) c
    WHERE s.source_id = $1 AND c.column_name = s.watermark_column;
END
$$;
COMMENT ON FUNCTION cdp._watermark_place(int) IS 'Internal. SQL text of the watermark of a row s of a source, and its type; NULL when it has none.';

-- What comes before the watermark by the lateness of the source, as text; NULL: read from the beginning.
CREATE FUNCTION cdp._watermark_floor(source_id int) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    source record;
    type text;
    result text;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _watermark_floor.source_id;
    -- Records that are to be cleaned again are read again, wherever the watermark is.
    IF source.watermark_value IS NULL
       OR EXISTS (SELECT FROM cdp_data.record r WHERE r.source_id = source.source_id AND r.content_hash IS NULL AND r.is_delivered AND r.deleted_at IS NULL) THEN
        RETURN NULL;
    END IF;
    IF source.lateness IS NULL THEN RETURN source.watermark_value; END IF;
    type := (SELECT w.type FROM cdp._watermark_place(source.source_id) w);
    EXECUTE format('SELECT (%1$L::%2$s - %3$L::%4$s)::%2$s::text', source.watermark_value, type, source.lateness, CASE cdp._watermark_kind(type) WHEN 'time' THEN 'interval' ELSE 'numeric' END) INTO result;
    RETURN result;
END
$$;
COMMENT ON FUNCTION cdp._watermark_floor(int) IS 'Internal. The least watermark that the next reading of a source reads, NULL when it reads all rows.';

-- The greatest watermark there is now. A date in the far future would silence the source until then: it does not count, and
-- its row is read every time.
CREATE FUNCTION cdp._watermark_now(source_id int, floor text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' SET timezone = 'UTC' SET extra_float_digits = 1 AS $$
#variable_conflict use_column
DECLARE
    source record;
    mark record;
    result text;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _watermark_now.source_id;
    mark := cdp._watermark_place(source.source_id);
    IF mark.place IS NULL THEN RETURN NULL; END IF;
    EXECUTE format('SELECT greatest(max(%1$s), %3$L::%2$s)::text FROM %4$s AS s WHERE true', mark.place, mark.type, source.watermark_value, source.relation)
        || CASE WHEN floor IS NULL THEN '' ELSE format(' AND %s >= %L::%s', mark.place, floor, mark.type) END
        || CASE WHEN cdp._watermark_kind(mark.type) = 'time'
                THEN format(' AND %1$s <= %2$L::%3$s AND %1$s > ''-infinity''::%3$s', mark.place, clock_timestamp() + interval '1 day', mark.type)
                WHEN mark.type IN ('numeric', 'real', 'double precision') THEN format(' AND %1$s > ''-Infinity''::%2$s AND %1$s < ''Infinity''::%2$s', mark.place, mark.type) ELSE '' END
    INTO result;
    RETURN result;
END
$$;
COMMENT ON FUNCTION cdp._watermark_now(int, text) IS 'Internal. The watermark of a source after a reading that begins now at a floor.';

-- scope: due (past the watermark), window (since, until), all; without rows that are marked as deleted, or only those that are due
-- (marked).
CREATE FUNCTION cdp._source_rows(source_id int, scope text, since text DEFAULT NULL, until text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    source record;
    mark record;
    conditions text[] := '{}';
    rows_from text;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _source_rows.source_id;
    rows_from := cdp._corrected_rows(source.source_id);
    mark := cdp._watermark_place(source.source_id);
    IF scope IN ('due', 'marked') AND mark.place IS NOT NULL THEN
        since := cdp._watermark_floor(source.source_id);
        IF since IS NOT NULL THEN conditions := conditions || format('(%s >= %L::%s OR s.%I IS NULL)', mark.place, since, mark.type, source.watermark_column); END IF;
    ELSIF scope = 'window' THEN
        IF since IS NOT NULL THEN conditions := conditions || format('%s >= %L::%s', mark.place, since, mark.type); END IF;
        IF until IS NOT NULL THEN conditions := conditions || format('%s < %L::%s', mark.place, until, mark.type); END IF;
    END IF;
    IF source.deleted_when IS NOT NULL THEN conditions := conditions || format(E'(\n%s\n) IS %s', source.deleted_when, CASE scope WHEN 'marked' THEN 'TRUE' ELSE 'NOT TRUE' END); END IF;
    IF cardinality(conditions) = 0 THEN RETURN rows_from; END IF;
    RETURN format('(SELECT %s FROM %s AS s WHERE %s)',
                  (SELECT string_agg(format('s.%I', c), ', ' ORDER BY n) FROM unnest(cdp._readable_columns(source.relation)) WITH ORDINALITY u(c, n)),
                  rows_from, array_to_string(conditions, ' AND '));
END
$$;
COMMENT ON FUNCTION cdp._source_rows(int, text, text, text) IS 'Internal. SQL text that can stand after FROM, without an alias: the rows of a source that are due, in a window, or all; with corrections, without what is marked as deleted.';

CREATE FUNCTION cdp._source_query(source_id int) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT cdp._source_rows($1, 'due') $$;
COMMENT ON FUNCTION cdp._source_query(int) IS 'Internal. SQL text that can stand after FROM, without an alias: the rows of a source that the next reading reads.';

-- A time of the user, in the zone of the source, as the text that the functions above understand.
CREATE FUNCTION cdp._window_edge(source_id int, name text, edge text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    source record;
    type text;
    result text;
BEGIN
    IF edge IS NULL THEN RETURN NULL; END IF;
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _window_edge.source_id;
    IF source.watermark_column IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = format('the source %I has no watermark, so no part of it can be read', source.name),
            DETAIL = 'since and until are values of the column that tells when a row came or changed.',
            HINT = format('Say which it is: SELECT * FROM cdp.change_source(%L, watermark => ''updated_at''); or read all of it: SELECT * FROM cdp.ingest(%1$L);', source.name);
    END IF;
    type := (SELECT w.type FROM cdp._watermark_place(source.source_id) w);
    PERFORM set_config('timezone', cdp._settable_zone(source.time_zone), true);
    BEGIN
        EXECUTE format('SELECT %L::%s::text', edge, type) INTO result;
    EXCEPTION WHEN data_exception THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s cannot be %L', name, edge),
            DETAIL = format('The watermark of %I is the column %I, of type %s.', source.name, source.watermark_column, type),
            HINT = format('For example: SELECT * FROM cdp.ingest(%L, %s => %L);', source.name, name,
                          coalesce(source.watermark_value, CASE cdp._watermark_kind(type) WHEN 'time' THEN '2026-01-01' ELSE '1' END));
    END;
    RETURN result;
END
$$;
COMMENT ON FUNCTION cdp._window_edge(int, text, text) IS 'Internal. Checks the beginning or end of a window of a source.';

-- An abbreviation such as CEST converts times but cannot be set; then it is UTC. What is set here ends with the function.
CREATE FUNCTION cdp._settable_zone(time_zone text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('timezone', time_zone, true);
    RETURN time_zone;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN 'UTC';
END
$$;
COMMENT ON FUNCTION cdp._settable_zone(text) IS 'Internal. The time zone as the setting timezone takes it.';
