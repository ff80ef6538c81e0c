-- SPDX-License-Identifier: PostgreSQL
-- How alike two texts are, character by character. For names, compare keys: cdp.jaro_winkler(cdp.fold(a), cdp.fold(b)).

CREATE FUNCTION cdp.jaro_winkler(a text, b text) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_jaro_winkler';
COMMENT ON FUNCTION cdp.jaro_winkler(text, text) IS
'Jaro-Winkler similarity, 0 (nothing in common) to 1 (equal), the same both ways: (''MARTHA'', ''MARHTA'') gives 0.9611. Bonus of 0.1 of what is missing for each of up to 4 equal leading characters when the Jaro similarity is over 0.7. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.levenshtein(a text, b text) RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_levenshtein';
COMMENT ON FUNCTION cdp.levenshtein(text, text) IS
'Levenshtein distance in characters: the fewest insertions, deletions and substitutions; (''kitten'', ''sitting'') gives 3. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.osa(a text, b text) RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_osa';
COMMENT ON FUNCTION cdp.osa(text, text) IS
'Optimal string alignment distance in characters: Levenshtein with swaps of neighbours, no part edited twice; (''gmial'', ''gmail'') gives 1, (''CA'', ''ABC'') 3. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.levenshtein_similarity(a text, b text) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_levenshtein_similarity';
COMMENT ON FUNCTION cdp.levenshtein_similarity(text, text) IS
'1 - Levenshtein distance / length of the longer text: 0 to 1, 1 for two empty texts. Errors: 54000 over 65536 characters.';
