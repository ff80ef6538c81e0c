-- SPDX-License-Identifier: PostgreSQL
-- How alike two names, dates, numbers or places are, by what goes wrong when people write them. All symmetric, 0 to 1.
-- The rules in full are in src/core/similarity/name_similarity.hpp, date_similarity.hpp and geography.hpp.

CREATE FUNCTION cdp.name_similarity(a text, b text) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_name_similarity';
COMMENT ON FUNCTION cdp.name_similarity(text, text) IS
'How likely two full names are one person''s: 0 to 1, from 0.85 on take them for the same. Words are paired in any order: equal, typing errors, nicknames and abbreviations (Bob, Fco.), initials, joined words (Maryann); titles and particles do not count; a missing second surname or middle name costs little; Jr and Sr, María and Mario are two persons. (''J. Smith'', ''John Smith'') gives 0.9, (''García Juan'', ''Juan García'') 0.97. cdp.explain_name_similarity says why.';

CREATE FUNCTION cdp.explain_name_similarity(a text, b text)
RETURNS TABLE (part_a text, part_b text, relation text, score float8)
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 200 ROWS 4 AS 'MODULE_PATHNAME', 'cdp_explain_name_similarity';
COMMENT ON FUNCTION cdp.explain_name_similarity(text, text) IS
'The pairs of words behind cdp.name_similarity, in the order of the first name: the folded words, NULL when missing on that side, their relation (equal, joined, nickname, typo, initial, abbreviation, gender, sound, conflict, missing, suffix) and score. No rows for a name without words or of more than 12.';

CREATE FUNCTION cdp.date_similarity(a date, b date) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 5 AS 'MODULE_PATHNAME', 'cdp_date_similarity';
COMMENT ON FUNCTION cdp.date_similarity(date, date) IS
'How likely two dates are one, miswritten (birth dates): 1 equal, 0.95 day and month swapped, 0.9 one digit wrong or two neighbours swapped, 0.9 one day apart, 0.85 the year off by 1, 10 or 100, 0.7 up to 7 days apart, 0.6 another year or the same month, 0.2 the same year, else 0. NULL when one is missing: NULL, infinite or a default date (1900-01-01, 1970-01-01, …). cdp.date_difference_kind names the rule.';

CREATE FUNCTION cdp.date_difference_kind(a date, b date) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 5 AS 'MODULE_PATHNAME', 'cdp_date_difference_kind';
COMMENT ON FUNCTION cdp.date_difference_kind(date, date) IS
'The rule behind cdp.date_similarity: equal, swapped_day_month, typo, near, other_year, same_month or different; (''1985-03-04'', ''1985-04-03'') gives ''swapped_day_month''. NULL when one date is missing or a default date.';

CREATE FUNCTION cdp.number_similarity(a float8, b float8, tolerance float8 DEFAULT NULL) RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'cdp_number_similarity';
COMMENT ON FUNCTION cdp.number_similarity(float8, float8, float8) IS
'1 - |a - b| / max(|a|, |b|), 0 for opposite signs: (100, 90) gives 0.9. With a tolerance, in the unit of the numbers, instead 0.5 at that difference and half as much for each further one: (10, 12, tolerance => 2) gives 0.5. NULL for NULL or NaN. Errors: 22023 for a tolerance that is not positive and finite.';

CREATE FUNCTION cdp.geo_distance(latitude_a float8, longitude_a float8, latitude_b float8, longitude_b float8) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_geo_distance';
COMMENT ON FUNCTION cdp.geo_distance(float8, float8, float8, float8) IS
'Metres between two places in decimal degrees, as the crow flies on a sphere (within 0.6 %): (40.6, -73.8, 51.6, -0.5) gives 5.54e6. Errors: 22023 for a latitude beyond 90 or a longitude beyond 180 degrees. cdp.geo_distance_ellipsoid is exact.';

CREATE FUNCTION cdp.geo_distance_ellipsoid(latitude_a float8, longitude_a float8, latitude_b float8, longitude_b float8)
RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_geo_distance_ellipsoid';
COMMENT ON FUNCTION cdp.geo_distance_ellipsoid(float8, float8, float8, float8) IS
'Metres between two places in decimal degrees on the ellipsoid WGS 84, within a millimetre: (40.6, -73.8, 51.6, -0.5) gives 5551759.400. Errors: 22023 for a latitude beyond 90 or a longitude beyond 180 degrees.';

CREATE FUNCTION cdp.geo_similarity(latitude_a float8, longitude_a float8, latitude_b float8, longitude_b float8,
    scale_metres float8 DEFAULT 1000) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_geo_similarity';
COMMENT ON FUNCTION cdp.geo_similarity(float8, float8, float8, float8, float8) IS
'1 for one place, 0.5 at a distance of scale_metres (cdp.geo_distance), half as much for each further one. Errors: 22023 for a place out of range or a scale that is not positive and finite.';
