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

-- NULL in, NULL out.
SELECT cdp.jaro_winkler(NULL, 'a') IS NULL AND cdp.jaro_winkler('a', NULL) IS NULL
    AND cdp.levenshtein(NULL, 'a') IS NULL AND cdp.levenshtein('a', NULL) IS NULL
    AND cdp.osa(NULL, 'a') IS NULL AND cdp.osa('a', NULL) IS NULL
    AND cdp.levenshtein_similarity(NULL, 'a') IS NULL AND cdp.levenshtein_similarity('a', NULL) IS NULL AS all_null;

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
SELECT cdp.jaro_winkler(repeat('ab', 32000), repeat('cd', 32000));
ROLLBACK;
SELECT cdp.osa('still', 'alive');
