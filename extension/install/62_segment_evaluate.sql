-- Segments over dossiers: the native evaluation. Its answers are those of the SQL rendering (sql/segment_native.sql).

CREATE FUNCTION cdp._count_people(definition text, as_of timestamptz, time_zone text)
RETURNS TABLE (step int, condition text, people bigint, unknown bigint)
LANGUAGE c STABLE STRICT PARALLEL UNSAFE COST 100000 ROWS 5
AS 'MODULE_PATHNAME', 'cdp_count_people';
COMMENT ON FUNCTION cdp._count_people(text, timestamptz, text) IS 'Internal. cdp.preview() over dossiers: how many people are left after each condition, and of how many it is not known.';

CREATE FUNCTION cdp._find_people(definitions text[], as_of timestamptz, time_zones text[])
RETURNS TABLE (number int, profile_id bigint, is_member boolean)
LANGUAGE c STABLE STRICT PARALLEL UNSAFE COST 100000 ROWS 100000
AS 'MODULE_PATHNAME', 'cdp_find_people';
COMMENT ON FUNCTION cdp._find_people(text[], timestamptz, text[]) IS 'Internal. Evaluates definitions over all dossiers in one pass: one row per definition (numbered from 1) and person who is in it, is_member true, or of whom it is not known, NULL.';
