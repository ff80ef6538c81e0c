-- The segment language: from a definition to SQL. What the names mean comes as arguments, so that these are pure functions.

CREATE FUNCTION cdp._segment_sql(
    definition text, as_of timestamptz, time_zone text, attribute_names text[], attribute_types text[],
    attribute_places text[], kind_names text[], kind_ids int[], property_kinds text[], property_names text[],
    property_types text[], segment_names text[], segment_ids int[], purposes text[])
RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000
AS 'MODULE_PATHNAME', 'cdp_segment_sql';
COMMENT ON FUNCTION cdp._segment_sql(text, timestamptz, text, text[], text[], text[], text[], int[], text[], text[], text[], text[], int[], text[]) IS
'Internal. A definition as plain SQL: one row per active person, is_member true, false or NULL (unknown). Errors point into the definition: 42601 syntax, 42703 unknown name, 42804 wrong type, 54000 over a bound.';

CREATE FUNCTION cdp._segment_waterfall_sql(
    definition text, as_of timestamptz, time_zone text, attribute_names text[], attribute_types text[],
    attribute_places text[], kind_names text[], kind_ids int[], property_kinds text[], property_names text[],
    property_types text[], segment_names text[], segment_ids int[], purposes text[])
RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000
AS 'MODULE_PATHNAME', 'cdp_segment_waterfall_sql';
COMMENT ON FUNCTION cdp._segment_waterfall_sql(text, timestamptz, text, text[], text[], text[], text[], int[], text[], text[], text[], text[], int[], text[]) IS
'Internal. As _segment_sql, with a column c1_is, c2_is … for each condition joined by "and" at the top.';

CREATE FUNCTION cdp._segment_conditions(definition text) RETURNS TABLE ("position" int, condition text)
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 500 ROWS 5
AS 'MODULE_PATHNAME', 'cdp_segment_conditions';
COMMENT ON FUNCTION cdp._segment_conditions(text) IS
'Internal. The conditions that a definition joins by "and" at its top, in order.';

CREATE FUNCTION cdp._segment_references(definition text) RETURNS TABLE (kind text, name text)
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 500 ROWS 10
AS 'MODULE_PATHNAME', 'cdp_segment_references';
COMMENT ON FUNCTION cdp._segment_references(text) IS
'Internal. What a definition refers to: attributes, events, segments, purposes, each once.';
