-- SPDX-License-Identifier: PostgreSQL
-- How alike two texts are, character by character, word by word and by their parts. Letters are compared as they are:
-- compare keys where case and accents do not count, as in cdp.jaro_winkler(cdp.fold(a), cdp.fold(b)).
--
-- One rule for all: a similarity (0 to 1) that is less than `cutoff` is 0; a distance of more than `max_distance` is
-- max_distance + 1. Both can save time. NULL in any argument gives NULL.

CREATE FUNCTION cdp.jaro(a text, b text, cutoff float8 DEFAULT 0) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_jaro';
COMMENT ON FUNCTION cdp.jaro(text, text, float8) IS
'Jaro similarity, 0 (nothing in common) to 1 (equal), the same both ways: (''MARTHA'', ''MARHTA'') gives 0.9444. Characters match when equal and no further apart than half the longer length less one; the mean of the shares of both texts that match and of the matches in order. Below cutoff it is 0. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.jaro_winkler(a text, b text, cutoff float8 DEFAULT 0) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_jaro_winkler';
COMMENT ON FUNCTION cdp.jaro_winkler(text, text, float8) IS
'Jaro-Winkler similarity, 0 (nothing in common) to 1 (equal), the same both ways: (''MARTHA'', ''MARHTA'') gives 0.9611. Bonus of 0.1 of what is missing for each of up to 4 equal leading characters when the Jaro similarity is over 0.7. Below cutoff it is 0. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.levenshtein(a text, b text, max_distance integer DEFAULT 2147483647) RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_levenshtein';
COMMENT ON FUNCTION cdp.levenshtein(text, text, integer) IS
'Levenshtein distance in characters: the fewest insertions, deletions and substitutions; (''kitten'', ''sitting'') gives 3. More than max_distance is max_distance + 1. Errors: 54000 over 65536 characters, 22023 for a negative max_distance.';

CREATE FUNCTION cdp.levenshtein_similarity(a text, b text, cutoff float8 DEFAULT 0) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_levenshtein_similarity';
COMMENT ON FUNCTION cdp.levenshtein_similarity(text, text, float8) IS
'1 - Levenshtein distance / length of the longer text: 0 to 1, 1 for two empty texts; (''kitten'', ''sitting'') gives 0.5714. Below cutoff it is 0. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.levenshtein_weighted(a text, b text, insert_cost integer DEFAULT 1, delete_cost integer DEFAULT 1,
    substitute_cost integer DEFAULT 1) RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 500 AS 'MODULE_PATHNAME', 'cdp_levenshtein_weighted';
COMMENT ON FUNCTION cdp.levenshtein_weighted(text, text, integer, integer, integer) IS
'What it costs to make b of a, character by character, with a cost for each insertion, deletion and substitution (0 to 10000); (''kitten'', ''sitting'', substitute_cost => 2) gives 5. Time grows with the product of the lengths. Errors: 54000 over 65536 characters, 22023 for a cost out of range.';

CREATE FUNCTION cdp.osa(a text, b text, max_distance integer DEFAULT 2147483647) RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_osa';
COMMENT ON FUNCTION cdp.osa(text, text, integer) IS
'Optimal string alignment distance in characters: Levenshtein with swaps of neighbours, no part edited twice; (''gmial'', ''gmail'') gives 1, (''CA'', ''ABC'') 3. More than max_distance is max_distance + 1. Errors: 54000 over 65536 characters, 22023 for a negative max_distance.';

CREATE FUNCTION cdp.osa_similarity(a text, b text, cutoff float8 DEFAULT 0) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_osa_similarity';
COMMENT ON FUNCTION cdp.osa_similarity(text, text, float8) IS
'1 - optimal string alignment distance / length of the longer text: 0 to 1, 1 for two empty texts; (''gmial'', ''gmail'') gives 0.8. Below cutoff it is 0. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.damerau(a text, b text, max_distance integer DEFAULT 2147483647) RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_damerau';
COMMENT ON FUNCTION cdp.damerau(text, text, integer) IS
'Damerau-Levenshtein distance in characters: insertions, deletions, substitutions and swaps, also of characters between which something is inserted or deleted; (''CA'', ''ABC'') gives 2. Some ten times as dear as cdp.osa, which differs from it rarely. More than max_distance is max_distance + 1. Errors: 54000 over 65536 characters, 22023 for a negative max_distance.';

CREATE FUNCTION cdp.damerau_similarity(a text, b text, cutoff float8 DEFAULT 0) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_damerau_similarity';
COMMENT ON FUNCTION cdp.damerau_similarity(text, text, float8) IS
'1 - Damerau-Levenshtein distance / length of the longer text: 0 to 1, 1 for two empty texts; (''CA'', ''ABC'') gives 0.3333. Below cutoff it is 0. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.hamming(a text, b text, max_distance integer DEFAULT 2147483647) RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_hamming';
COMMENT ON FUNCTION cdp.hamming(text, text, integer) IS
'Number of places at which two texts differ; what one is longer counts as different. (''karolin'', ''kathrin'') gives 3. More than max_distance is max_distance + 1. Errors: 54000 over 65536 characters, 22023 for a negative max_distance.';

CREATE FUNCTION cdp.hamming_similarity(a text, b text, cutoff float8 DEFAULT 0) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_hamming_similarity';
COMMENT ON FUNCTION cdp.hamming_similarity(text, text, float8) IS
'1 - Hamming distance / length of the longer text: 0 to 1, 1 for two empty texts; (''karolin'', ''kathrin'') gives 0.5714. Below cutoff it is 0. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.indel(a text, b text, max_distance integer DEFAULT 2147483647) RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_indel';
COMMENT ON FUNCTION cdp.indel(text, text, integer) IS
'Fewest insertions and deletions, in characters, that make one text of the other; a substitution counts 2. (''kitten'', ''sitting'') gives 5. More than max_distance is max_distance + 1. Errors: 54000 over 65536 characters, 22023 for a negative max_distance.';

CREATE FUNCTION cdp.ratio(a text, b text, cutoff float8 DEFAULT 0) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_ratio';
COMMENT ON FUNCTION cdp.ratio(text, text, float8) IS
'1 - cdp.indel / sum of both lengths: 0 to 1, 1 for two empty texts; (''this is a test'', ''this is a test!'') gives 0.9655. The same as fuzz.ratio of rapidfuzz divided by 100. Below cutoff it is 0. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.partial_ratio(a text, b text, cutoff float8 DEFAULT 0) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_partial_ratio';
COMMENT ON FUNCTION cdp.partial_ratio(text, text, float8) IS
'The best cdp.ratio of the shorter text with a part of the longer one that is as long (or shorter, at its ends): 1 when it is contained in it, as in (''Acme'', ''Acme Ltd''). The same as fuzz.partial_ratio of rapidfuzz divided by 100. Below cutoff it is 0. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.lcs(a text, b text) RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_lcs';
COMMENT ON FUNCTION cdp.lcs(text, text) IS
'Length of the longest common subsequence in characters: those that both have in the same order, not necessarily side by side; (''ABCBDAB'', ''BDCABA'') gives 4. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.lcs_similarity(a text, b text, cutoff float8 DEFAULT 0) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_lcs_similarity';
COMMENT ON FUNCTION cdp.lcs_similarity(text, text, float8) IS
'Length of the longest common subsequence / length of the longer text: 0 to 1, 1 for two empty texts. Below cutoff it is 0. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.common_substring(a text, b text) RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_common_substring';
COMMENT ON FUNCTION cdp.common_substring(text, text) IS
'Length of the longest part, side by side, that both texts have, in characters; (''ABABC'', ''BABCA'') gives 4. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.common_prefix(a text, b text) RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 5 AS 'MODULE_PATHNAME', 'cdp_common_prefix';
COMMENT ON FUNCTION cdp.common_prefix(text, text) IS
'Length of the beginning that both texts have, in characters; (''Johnson'', ''Johnston'') gives 5. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.token_sort(a text, b text, cutoff float8 DEFAULT 0) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_token_sort';
COMMENT ON FUNCTION cdp.token_sort(text, text, float8) IS
'cdp.ratio of the texts with their words sorted, so that the order of words does not count; words are divided by white space and compared as they are. (''Anna Maria Rossi'', ''Rossi Anna Maria'') gives 1. The same as fuzz.token_sort_ratio of rapidfuzz divided by 100. Below cutoff it is 0. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.token_set(a text, b text, cutoff float8 DEFAULT 0) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 25 AS 'MODULE_PATHNAME', 'cdp_token_set';
COMMENT ON FUNCTION cdp.token_set(text, text, float8) IS
'Likeness of the sets of words: 1 when all words of one text are among those of the other, else the best cdp.ratio of the common words, of these with the rest of a, and of these with the rest of b. (''Acme Ltd'', ''Acme Trading Ltd'') gives 1. The same as fuzz.token_set_ratio of rapidfuzz divided by 100, but two texts without a word give 1. Below cutoff it is 0. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.monge_elkan(a text, b text, both_ways boolean DEFAULT false, cutoff float8 DEFAULT 0) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 40 AS 'MODULE_PATHNAME', 'cdp_monge_elkan';
COMMENT ON FUNCTION cdp.monge_elkan(text, text, boolean, float8) IS
'Monge-Elkan similarity: the mean over the words of a of the best Jaro-Winkler similarity with a word of b, 0 to 1; with both_ways => true the mean of that and of the same from b to a. (''Niall'', ''Neal'') gives 0.805. Two texts without a word give 1. Below cutoff it is 0. Errors: 54000 over 65536 characters.';

CREATE FUNCTION cdp.qgram_jaccard(a text, b text, q integer DEFAULT 3, padded boolean DEFAULT false,
    cutoff float8 DEFAULT 0) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_qgram_jaccard';
COMMENT ON FUNCTION cdp.qgram_jaccard(text, text, integer, boolean, float8) IS
'Jaccard index of the sets of q-grams (parts of q characters): common / in either, 0 to 1; (''night'', ''nacht'', 2) gives 0.1429. A text shorter than q is one gram; padded => true puts q - 1 marks before and after the texts, so that their ends count more. Below cutoff it is 0. Errors: 54000 over 65536 characters, 22023 when q is not 1 to 16.';

CREATE FUNCTION cdp.qgram_dice(a text, b text, q integer DEFAULT 3, padded boolean DEFAULT false,
    cutoff float8 DEFAULT 0) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_qgram_dice';
COMMENT ON FUNCTION cdp.qgram_dice(text, text, integer, boolean, float8) IS
'Dice coefficient of the sets of q-grams (parts of q characters): 2 * common / (those of a + those of b), 0 to 1; (''night'', ''nacht'', 2) gives 0.25. A text shorter than q is one gram; padded => true puts q - 1 marks before and after the texts, so that their ends count more. Below cutoff it is 0. Errors: 54000 over 65536 characters, 22023 when q is not 1 to 16.';

CREATE FUNCTION cdp.qgram_cosine(a text, b text, q integer DEFAULT 3, padded boolean DEFAULT false,
    cutoff float8 DEFAULT 0) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_qgram_cosine';
COMMENT ON FUNCTION cdp.qgram_cosine(text, text, integer, boolean, float8) IS
'Cosine of the sets of q-grams (parts of q characters): common / square root of (those of a * those of b), 0 to 1; (''night'', ''nacht'', 2) gives 0.25. A text shorter than q is one gram; padded => true puts q - 1 marks before and after the texts, so that their ends count more. Below cutoff it is 0. Errors: 54000 over 65536 characters, 22023 when q is not 1 to 16.';

CREATE FUNCTION cdp.qgram_overlap(a text, b text, q integer DEFAULT 3, padded boolean DEFAULT false,
    cutoff float8 DEFAULT 0) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_qgram_overlap';
COMMENT ON FUNCTION cdp.qgram_overlap(text, text, integer, boolean, float8) IS
'Overlap of the sets of q-grams (parts of q characters): common / those of the text that has fewer, 0 to 1; (''night'', ''nightly'', 2) gives 1. A text shorter than q is one gram; padded => true puts q - 1 marks before and after the texts, so that their ends count more. Below cutoff it is 0. Errors: 54000 over 65536 characters, 22023 when q is not 1 to 16.';
