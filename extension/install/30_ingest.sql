-- Readers: delimited text, and what a column's name says.

CREATE FUNCTION cdp.parse_csv(content text, delimiter text DEFAULT NULL, has_header boolean DEFAULT true)
RETURNS TABLE (row_number bigint, line_number bigint, fields text[], problem text, original text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 10000 ROWS 1000
AS 'MODULE_PATHNAME', 'cdp_parse_csv';
COMMENT ON FUNCTION cdp.parse_csv(text, text, boolean) IS
$$Reads delimited text (CSV) without stopping at broken lines. One row per row of the file, in its order, blank lines
left out; the header is row 0 when has_header, data rows count from 1, broken ones too. A good row has fields (the
empty string for an empty field); a broken one has problem and original, its text, and fields is NULL: "unbalanced quote
starting in line 7", "expected 18 fields, found 17". The number of fields is the header's, without a header the first
good row's. delimiter: one character or 'tab'; NULL detects comma, semicolon, tab or |. Errors: 22023 for a delimiter
that cannot be one.$$;

CREATE FUNCTION cdp._guess_attribute(column_name text, OUT attribute text, OUT confidence float8)
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100
AS 'MODULE_PATHNAME', 'cdp_guess_attribute';
COMMENT ON FUNCTION cdp._guess_attribute(text) IS
$$Internal. What a column most likely holds, by its name in English, Spanish or, of what says who a person is, German, French, Italian, Portuguese or Dutch: an attribute such as email or
birth_date, NULL when nothing is known; confidence from 0 (no idea) to 1 (the name says it).$$;

CREATE FUNCTION cdp._event_name(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT nullif(btrim(regexp_replace(cdp.fold(name), '[^a-z0-9]+', '_', 'g'), '_'), '')
$$;
COMMENT ON FUNCTION cdp._event_name(text) IS 'Internal. "Order Completed" as a name that needs no quotes: order_completed.';

-- Not parallel safe: a subtransaction cannot begin in a parallel operation.
CREATE FUNCTION cdp._try_jsonb(value text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN value::jsonb;
EXCEPTION WHEN data_exception OR program_limit_exceeded OR statement_too_complex THEN
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._try_jsonb(text) IS 'Internal. The value as JSON, or NULL when it is not JSON.';
