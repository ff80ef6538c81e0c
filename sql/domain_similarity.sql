-- Comparisons of names, dates, numbers and places from SQL. The rules are tested in test/unit/similarity.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS cdp;
SET client_encoding = 'UTF8';

-- Names.
SELECT a, b, round(cdp.name_similarity(a, b)::numeric, 4) AS similarity
FROM (VALUES (1, 'José García', 'JOSE GARCIA'), (2, 'García, Juan', 'Juan García'), (3, 'García Juan', 'Juan García'),
    (4, 'J. Smith', 'John Smith'), (5, 'Bob Smith', 'Robert Smith'), (6, 'Juan García López', 'Juan García'),
    (7, 'Mary Ann Jones', 'Maryann Jones'), (8, 'Jhon Smith', 'John Smith'), (9, 'Анна Иванова', 'Anna Ivanova'),
    (10, 'John Smith Jr', 'John Smith Sr'), (11, 'Mario López', 'María López'), (12, 'Juan', 'Juan García'),
    (13, 'John Smith', 'Mary Jones'), (14, '', '')) AS v(n, a, b) ORDER BY n;
SELECT * FROM cdp.explain_name_similarity('Dr. Bob J. Smyth', 'Smith, Robert James, Jr.');
SELECT * FROM cdp.explain_name_similarity('Ana', '');
SELECT cdp.name_similarity(NULL, 'a') IS NULL AND cdp.name_similarity('a', NULL) IS NULL AS nulls;
SELECT count(*) AS pairs, count(*) FILTER (WHERE cdp.name_similarity(a, b) <> cdp.name_similarity(b, a)) AS not_symmetric,
    count(*) FILTER (WHERE cdp.name_similarity(a, b) NOT BETWEEN 0 AND 1) AS out_of_range,
    count(*) FILTER (WHERE cdp.name_similarity(a, cdp.fold(a)) <> 1) AS not_one
FROM (SELECT concat_ws(CASE i % 5 WHEN 0 THEN ', ' ELSE ' ' END, given[1 + i % 8], family[1 + i * 7 % 6]) AS a,
        concat_ws(' ', family[1 + i * 5 % 6], given[1 + i * 3 % 8]) AS b
    FROM generate_series(1, 500) AS i, (VALUES (ARRAY['José', 'Pepe', 'J.', 'Ana María', 'Anamaria', 'Dr. Bob', 'Robert', '李'],
        ARRAY['García', 'Garcia López', 'de la Cruz', 'Delacruz', 'Smith Jr', 'O''Brien'])) AS words(given, family)) AS names;

-- Dates.
SELECT a, b, cdp.date_similarity(a, b), cdp.date_difference_kind(a, b)
FROM (VALUES (1, date '1985-03-04', date '1985-03-04'), (2, '1985-03-04', '1985-04-03'), (3, '1985-03-04', '1985-03-14'),
    (4, '1985-03-04', '1958-03-04'), (5, '1985-03-09', '1985-03-10'), (6, '1985-02-27', '1985-03-01'), (7, '1989-03-04', '1990-03-04'),
    (8, '1962-03-04', '1985-03-04'), (9, '1985-03-04', '1985-03-27'), (10, '1985-03-04', '1985-11-27'),
    (11, '1985-03-04', '1962-11-27'), (12, '1985-03-04', '1900-01-01'), (13, '1970-01-01', '1970-01-01'),
    (14, 'infinity', '1985-03-04'), (15, '1985-03-04', NULL), (16, '0044-03-15 BC', '0044-03-15 BC'),
    (17, '5874897-12-31', '5874897-12-30'), (18, '4713-01-01 BC', '5874897-12-30')) AS v(n, a, b) ORDER BY n;

-- Numbers.
SELECT a, b, cdp.number_similarity(a, b), round(cdp.number_similarity(a, b, tolerance => 2)::numeric, 4) AS within_2
FROM (VALUES (1, 100::float8, 90::float8), (2, 0, 0), (3, -5, 5), (4, 10, 12), (5, 'Infinity', 'Infinity'), (6, 'Infinity', 1),
    (7, 'NaN', 1), (8, NULL, 1), (9, 1e308, -1e308)) AS v(n, a, b) ORDER BY n;
SELECT cdp.number_similarity(12.5::numeric, 10);
SELECT cdp.number_similarity(1, 2, 0);
SELECT cdp.number_similarity(1, 2, 'NaN');

-- Places: Flinders Peak to Buninyong (54972.271 m), JFK to LHR (5551759.400 m), nearly opposite (19989832.828 m).
SELECT round(cdp.geo_distance_ellipsoid(a, b, c, d)::numeric, 3) AS ellipsoid, round(cdp.geo_distance(a, b, c, d)::numeric) AS sphere
FROM (VALUES (1, -37.9510334166667::float8, 144.424867888889::float8, -37.6528211388889::float8, 143.926495527778::float8),
    (2, 40.6, -73.8, 51.6, -0.5), (3, -30, 0, 29.9, 179.8), (4, 90, 0, -90, 0), (5, 1, 2, 1, 2)) AS v(n, a, b, c, d) ORDER BY n;
SELECT round(cdp.geo_similarity(52.52, 13.405, 52.52, 13.405)::numeric, 4) AS here,
    round(cdp.geo_similarity(52.52, 13.405, 52.53, 13.405)::numeric, 4) AS near,
    round(cdp.geo_similarity(52.52, 13.405, 52.53, 13.405, scale_metres => 100)::numeric, 4) AS finer,
    round(cdp.geo_similarity(52.52, 13.405, -33.45, -70.67)::numeric, 4) AS far;
SELECT cdp.geo_distance(-70.67, -33.45, 113.4, 52.5);
SELECT cdp.geo_distance_ellipsoid(0, 0, 0, 180.5);
SELECT cdp.geo_distance(0, 'NaN', 0, 0);
SELECT cdp.geo_similarity(0, 0, 0, 0, 0);
