-- SPDX-License-Identifier: PostgreSQL
-- Dates of birth, and the spellings of dates.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
\pset null NULL
CREATE EXTENSION cdp;
RESET client_min_messages;
SET datestyle = 'ISO, DMY';

SELECT input, c.value, c.status, c.reason, c.suggestion
FROM (VALUES (1, '2021-03-05'), (2, '5/3/2021'), (3, '20210305'), (4, 'March 5th, 2021'), (5, '5 de marzo de 2021'),
    (6, '5. März 2021'), (7, '1er août 2021'), (8, '5 de março de 2021'), (9, '05-Mar-21'), (10, '2021.03.05'), (11, '5/3/85'),
    (12, '44260'), (13, '2021-W09-5'), (14, '2021-064'), (15, '2021-03'), (16, '01/01/01'), (17, '2021年3月5日')) AS v(n, input),
    LATERAL cdp.clean_date(input) AS c
ORDER BY n;

SELECT input, c.value, c.status, c.reason, asked.value AS value_in_2026, asked.status AS status_in_2026, asked.reason AS reason_in_2026
FROM (VALUES (1, '5/3/1985'), (2, '5/3/85'), (3, '5/3/28'), (4, '5/3/2028'), (5, '3/5/1905'), (6, '1/1/2000'), (7, '1/1/1900'),
    (8, '1899-05-03'), (9, '2101-05-03'), (10, NULL)) AS v(n, input),
    LATERAL cdp.clean_birth_date(input) AS c,
    LATERAL cdp.clean_birth_date(input, as_of => '2026-06-15') AS asked
ORDER BY n;

SELECT cdp.normalize_birth_date('3/5/85', 'mdy') AS mdy, cdp.normalize_birth_date('5/3/28', as_of => '2026-06-15') AS two_digits,
    cdp.normalize_birth_date('5/3/28', as_of => 'infinity') AS infinite, cdp.normalize_birth_date('5/3/28', as_of => '4713-01-01 BC') AS early,
    cdp.normalize_birth_date(NULL) AS none, cdp.normalize_birth_date('1/1/1900') AS missing, (cdp.clean_value('birth_date', '1/1/2000')).status AS by_name;

-- The server's own reading of the same day, for every day of some years.
SELECT count(*) AS days, count(*) FILTER (WHERE cdp.normalize_date(to_char(day, 'DD/MM/YYYY')) IS DISTINCT FROM day) AS other,
    count(*) FILTER (WHERE cdp.normalize_birth_date(day::text) IS DISTINCT FROM day) AS other_birth,
    count(*) FILTER (WHERE (cdp.clean_date(to_char(day, 'IYYY-"W"IW-ID'))).suggestion IS DISTINCT FROM day::text) AS other_week
FROM (SELECT day::date FROM generate_series('1971-01-01'::date, '2099-12-31', '1 day') AS day) AS d;
SELECT cdp.normalize_date('0001-02-03') AS first_year, cdp.normalize_date('9999-12-30') AS last_year;

\set VERBOSITY terse
\set ON_ERROR_STOP off
SELECT cdp.normalize_birth_date('5/3/85', 'myd');

SELECT count(*) AS functions, bool_and(provolatile = 'i') AS immutable, bool_and(proparallel = 's') AS parallel_safe,
    bool_and(obj_description(oid, 'pg_proc') IS NOT NULL) AS commented
FROM pg_proc
WHERE pronamespace = 'cdp'::regnamespace AND proname ~ 'birth_date$';
