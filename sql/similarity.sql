-- Similarities from SQL. The algorithms are tested against plain ones in test/unit/similarity.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS cdp;
SET client_encoding = 'UTF8';

-- Published figures.
SELECT a, b, round(cdp.jaro_winkler(a, b)::numeric, 4) AS jaro_winkler
FROM (VALUES (1, 'MARTHA', 'MARHTA'), (2, 'DWAYNE', 'DUANE'), (3, 'DIXON', 'DICKSONX')) AS v(n, a, b) ORDER BY n;
SELECT a, b, cdp.levenshtein(a, b), cdp.osa(a, b), round(cdp.levenshtein_similarity(a, b)::numeric, 4) AS similarity
FROM (VALUES (1, 'kitten', 'sitting'), (2, 'gmial', 'gmail'), (3, 'CA', 'ABC'), (4, 'ñandú', 'nandu'), (5, '', ''),
    (6, '', 'abc'), (7, '漢字', '漢')) AS v(n, a, b) ORDER BY n;

SELECT a, b, cdp.damerau(a, b), cdp.indel(a, b), cdp.hamming(a, b), cdp.lcs(a, b), cdp.common_substring(a, b) AS substring,
    cdp.common_prefix(a, b) AS prefix, round(cdp.jaro(a, b)::numeric, 4) AS jaro, round(cdp.ratio(a, b)::numeric, 4) AS ratio,
    round(cdp.partial_ratio(a, b)::numeric, 4) AS partial
FROM (VALUES (1, 'kitten', 'sitting'), (2, 'gmial', 'gmail'), (3, 'CA', 'ABC'), (4, 'ñandú', 'nandu'), (5, '', ''),
    (6, '', 'abc'), (7, '漢字', '漢'), (8, 'ABCBDAB', 'BDCABA'), (9, 'this is a test', 'this is a test!'), (10, 'MARTHA', 'MARHTA'),
    (11, 'karolin', 'kathrin')) AS v(n, a, b) ORDER BY n;
SELECT round(cdp.osa_similarity('gmial', 'gmail')::numeric, 4) AS osa, round(cdp.damerau_similarity('CA', 'ABC')::numeric, 4) AS damerau,
    round(cdp.hamming_similarity('karolin', 'kathrin')::numeric, 4) AS hamming, round(cdp.lcs_similarity('ABCBDAB', 'BDCABA')::numeric, 4) AS lcs,
    cdp.levenshtein_weighted('kitten', 'sitting', substitute_cost => 2) AS weighted, cdp.levenshtein_weighted('', 'abc', 5, 7, 9) AS inserted;
-- The examples of rapidfuzz's documentation, in per cent there.
SELECT a, b, round(cdp.token_sort(a, b)::numeric, 4) AS token_sort, round(cdp.token_set(a, b)::numeric, 4) AS token_set
FROM (VALUES (1, 'fuzzy wuzzy was a bear', 'wuzzy fuzzy was a bear'), (2, 'fuzzy was a bear', 'fuzzy fuzzy was a bear'),
    (3, 'fuzzy was a bear but not a dog', 'fuzzy was a bear but not a cat'), (4, ' ', ''), (5, 'a', ' '),
    (6, E'Anna\u00A0Rossi', 'Rossi  Anna ')) AS v(n, a, b) ORDER BY n;
SELECT round(cdp.monge_elkan('Niall', 'Neal')::numeric, 4) AS published, round(cdp.monge_elkan('Jon', 'John Smith')::numeric, 4) AS one_way,
    round(cdp.monge_elkan('Jon', 'John Smith', both_ways => true)::numeric, 4) AS both_ways;
SELECT round(cdp.qgram_jaccard('night', 'nacht', 2)::numeric, 4) AS jaccard, cdp.qgram_dice('night', 'nacht', 2) AS dice,
    cdp.qgram_cosine('night', 'nacht', 2) AS cosine, cdp.qgram_overlap('night', 'nightly') AS overlap,
    round(cdp.qgram_jaccard('night', 'nacht', 2, padded => true)::numeric, 4) AS padded, cdp.qgram_dice('ab', 'ab') AS short;

-- Cutoffs and limits: one rule for all.
SELECT cdp.jaro_winkler('MARTHA', 'MARHTA', 0.97) AS jaro_winkler, round(cdp.ratio('abcd', 'abce', 0.75)::numeric, 4) AS at_it,
    cdp.ratio('abcd', 'abce', 0.76) AS ratio, cdp.token_set('ab cd', 'ef', cutoff => 0.5) AS token_set,
    cdp.levenshtein('kitten', 'sitting', 2) AS levenshtein, cdp.levenshtein('kitten', 'sitting', max_distance => 3) AS enough,
    cdp.osa('CA', 'ABC', 0) AS osa, cdp.damerau('CA', 'ABC', 1) AS damerau, cdp.indel('ab', 'cd', 1) AS indel, cdp.hamming('ab', 'cd', 1) AS hamming;
SELECT cdp.levenshtein('a', 'b', -1);
SELECT cdp.qgram_dice('a', 'b', 0);
SELECT cdp.levenshtein_weighted('a', 'b', 1, 1, -2);

-- NULL in, NULL out.
SELECT cdp.jaro_winkler(NULL, 'a') IS NULL AND cdp.jaro_winkler('a', NULL) IS NULL
    AND cdp.levenshtein(NULL, 'a') IS NULL AND cdp.levenshtein('a', NULL) IS NULL
    AND cdp.osa(NULL, 'a') IS NULL AND cdp.osa('a', NULL) IS NULL
    AND cdp.levenshtein_similarity(NULL, 'a') IS NULL AND cdp.levenshtein_similarity('a', NULL) IS NULL
    AND cdp.levenshtein('a', 'b', NULL) IS NULL AND cdp.token_set('a', NULL) IS NULL AND cdp.qgram_dice('a', 'b', NULL) IS NULL AS all_null;
-- Every function of this file is strict, immutable, parallel safe and described.
SELECT count(*) AS functions, count(*) FILTER (WHERE NOT proisstrict OR provolatile <> 'i' OR proparallel <> 's'
    OR obj_description(oid, 'pg_proc') IS NULL) AS wrong
FROM pg_proc WHERE pronamespace = 'cdp'::regnamespace AND proname ~
    '^(jaro|levenshtein|osa|damerau|hamming|indel|(partial_)?ratio|lcs|common_|token_s|monge_elkan|qgram_)';

-- The two ways are the same, over pairs of generated words.
SELECT count(*) AS pairs,
    count(*) FILTER (WHERE cdp.jaro_winkler(a, b) <> cdp.jaro_winkler(b, a) OR cdp.levenshtein(a, b) <> cdp.levenshtein(b, a)
        OR cdp.osa(a, b) > cdp.levenshtein(a, b) OR (cdp.levenshtein(a, b) = 0) <> (a = b)) AS wrong
FROM (SELECT translate(left(md5(i::text), 1 + i % 9), '0123456789', 'abcñéabcñé') AS a,
        translate(left(md5((i * 7)::text), 1 + i % 11), '0123456789', 'abcñéabcñé') AS b
    FROM generate_series(1, 2000) AS i) AS words;

-- Long texts: exact up to the bound, refused beyond, cancellable.
SELECT cdp.levenshtein(repeat('ab', 5000), repeat('ba', 5000)), cdp.levenshtein(repeat('ñ', 500), repeat('n', 300));
SELECT cdp.levenshtein(repeat('a', 70000), 'b');
SELECT cdp.osa('b', repeat('ñ', 70000));
SELECT cdp.jaro_winkler(repeat('a', 70000), 'b');
BEGIN;
SET LOCAL statement_timeout = '50ms';
SELECT cdp.osa(repeat('ab', 32000), repeat('cd', 32000));
ROLLBACK;
BEGIN;
SET LOCAL statement_timeout = '50ms';
SELECT cdp.damerau(repeat('ab', 32000), repeat('cd', 32000));
ROLLBACK;
BEGIN;
SET LOCAL statement_timeout = '50ms';
SELECT cdp.partial_ratio(repeat('abcdefgh', 4000), repeat('hgfedcba', 8000));
ROLLBACK;
-- Linear in time, so there is nothing to cancel.
SELECT cdp.jaro_winkler(repeat('ab', 32000), repeat('cd', 32000)) AS nothing, cdp.jaro_winkler(repeat('ab', 32000), repeat('ab', 32000)) AS all;
SELECT cdp.osa('still', 'alive');
