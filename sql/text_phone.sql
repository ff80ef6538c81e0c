-- SPDX-License-Identifier: PostgreSQL
-- Telephone numbers: cleaning, kind, country and format.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
\pset null NULL
CREATE EXTENSION cdp;
RESET client_min_messages;

-- One number, many spellings.
SELECT input, country, c.value, c.status, c.reason, c.suggestion
FROM (VALUES (1, '+56 9 8765 4321', NULL), (2, '0056 9 8765-4321', NULL), (3, '(9) 8765.4321', 'CL'), (4, '56987654321', 'Chile'),
    (5, '''+56987654321', 'US'), (6, '011 56 9 8765 4321', 'US'), (7, '987654321.0', 'CL'), (8, '９８７６５４３２１', 'CL'),
    (9, '+56 9 8765 4321 (casa)', NULL), (10, 'Cel: 9 8765 4321', 'CL'), (11, '987654321', NULL), (12, '56987654321', NULL),
    (13, '98765432', 'CL'), (14, '9876543210', 'CL'), (15, '1111111', 'CL'), (16, '9,87654E+08', 'CL'), (17, NULL, 'CL')) AS v(n, input, country),
    LATERAL cdp.clean_phone(input, country) AS c
ORDER BY n;

-- National habits: trunk prefixes, mobile prefixes, leading zeros that stay, letters.
SELECT input, country, c.value, c.status, c.reason, cdp.phone_type(input, country) AS type, cdp.phone_country(input, country) AS "in"
FROM (VALUES (1, '011 15-2345-6789', 'AR'), (2, '(011) 4321-1234', 'AR'), (3, '0 31 11 91234 5678', 'BR'), (4, '55 1234 5678', 'MX'),
    (5, '+52 55 1234 5678', NULL), (6, '06 698 12345', 'IT'), (7, '347 123 4567', 'IT'), (8, '8 (912) 345-67-89', 'RU'),
    (9, '8 701 234 5678', 'KZ'), (10, '07400 123456', 'GB'), (11, '07781 123456', 'GB'), (12, '0800 1111', 'GB'),
    (13, '1-800-FLOWERS', 'US'), (14, '(604) 250-1234', 'US'), (15, '1 876 210 1234', 'US'), (16, '+800 1234 5678', NULL),
    (17, '900 123 4567', 'US'), (18, '112', 'DE'), (19, '+49 30 123456', NULL), (20, '612 34 56 78', 'ES')) AS v(n, input, country),
    LATERAL cdp.clean_phone(input, country) AS c
ORDER BY n;

SELECT style, cdp.format_phone('+56987654321', style) AS chile, cdp.format_phone('001 (212) 555-0123', style) AS usa,
    cdp.format_phone('+390669812345', style) AS vatican, cdp.format_phone('2125550123', style) AS no_country
FROM unnest(ARRAY['international', 'national', 'e164', 'rfc3966']) WITH ORDINALITY AS s(style, n) ORDER BY n;
SELECT cdp.format_phone('+56987654321'), cdp.format_phone(NULL), cdp.phone_type(NULL), cdp.phone_country(NULL), cdp.phone_type('x', 'CL'),
    cdp.phone_country('12', 'CL'), cdp.phone_type('987654321', NULL), cdp.phone_type('987654321', 'Chile');

-- What is written in a usual form is read again as the same number, and in the national form as the same for its country.
WITH number(value) AS (
    SELECT cdp.normalize_phone(prefix || lpad((n * 7919 % 10000000)::text, 7, '0'))
    FROM unnest(ARRAY['+1212', '+1416', '+1787', '+1876', '+5622', '+5698', '+55113', '+551199', '+52551', '+54114', '+57310']) AS p(prefix),
        generate_series(1, 200) AS n)
SELECT count(value) > 1000 AS many, count(*) FILTER (WHERE cdp.normalize_phone(cdp.format_phone(value, style)) IS DISTINCT FROM value) AS moved
FROM number, unnest(ARRAY['international', 'e164', 'rfc3966']) AS style
WHERE value IS NOT NULL;
WITH number(value) AS (
    SELECT cdp.normalize_phone(prefix || lpad((n * 7919 % 10000000)::text, 7, '0'))
    FROM unnest(ARRAY['+1212', '+1416', '+1787', '+1876', '+5622', '+5698', '+55113', '+551199', '+52551', '+54114', '+57310']) AS p(prefix),
        generate_series(1, 200) AS n)
SELECT count(*) FILTER (WHERE cdp.normalize_phone(cdp.format_phone(value, 'national'), cdp.phone_country(value)) IS DISTINCT FROM value) AS moved
FROM number
WHERE value IS NOT NULL;

\set VERBOSITY terse
\set ON_ERROR_STOP off
SELECT cdp.format_phone('+56987654321', 'local');

SELECT count(*) AS functions, bool_and(provolatile = 'i') AS immutable, bool_and(proparallel = 's') AS parallel_safe,
    bool_and(obj_description(oid, 'pg_proc') IS NOT NULL) AS commented
FROM pg_proc
WHERE pronamespace = 'cdp'::regnamespace AND proname IN ('phone_type', 'phone_country', 'format_phone');
