-- Scores of attributes, sources and people, and what changed in the columns of a source.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SET client_min_messages = warning;

-- The index: by the formula, symmetric, nothing for equal shares.
SELECT round(cdp.population_stability(ARRAY[50, 50], ARRAY[40, 60])::numeric, 6) AS index, round(((0.4 - 0.5) * ln(0.4 / 0.5) + (0.6 - 0.5) * ln(0.6 / 0.5))::numeric, 6) AS by_hand,
       cdp.population_stability(ARRAY[1, 2, 3], ARRAY[10, 20, 30]) AS same, cdp.population_stability(ARRAY[1], ARRAY[0]) AS nothing,
       round(cdp.population_stability(ARRAY[100, 0], ARRAY[50, 50])::numeric, 4) AS from_nothing;
SELECT bool_and(abs(cdp.population_stability(a, b) - cdp.population_stability(b, a)) < 1e-12 AND cdp.population_stability(a, b) >= 0) AS symmetric
FROM (SELECT setseed(0.5)) s, LATERAL (SELECT ARRAY[random(), random(), random()] AS a, ARRAY[random(), random(), random()] AS b FROM generate_series(1, 1000)) r;
SELECT cdp.population_stability(ARRAY[1, 2], ARRAY[1]);
SELECT cdp.population_stability(ARRAY[1, -2], ARRAY[1, 1]);
-- Shares between deciles: of a distribution between its own, a tenth each.
SELECT cdp._decile_shares(ARRAY[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], ARRAY[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) AS own,
       cdp._decile_shares(ARRAY[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], ARRAY[5, 5.5, 6, 6.5, 7, 7.5, 8, 8.5, 9, 9.5, 10]) AS of_another,
       cdp._decile_shares(ARRAY[0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3], ARRAY[0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]) AS with_ties;

CREATE SCHEMA crm;
CREATE TABLE crm.people (id int PRIMARY KEY, given text, family text, email text, city text, points text, updated timestamptz);
INSERT INTO crm.people SELECT n, 'Ana', 'Person ' || chr(65 + n % 26), CASE WHEN n % 4 > 0 THEN 'p' || n || '@example.com' WHEN n % 8 = 0 THEN 'nonsense' END,
    (ARRAY['Lima', 'Quito', 'Santiago'])[1 + n % 3], (n % 100)::text, now() - interval '2 years' * (n % 5 / 4) FROM generate_series(1, 1000) n;
SELECT cdp.add_attribute('points', 'number');
SELECT count(target) FROM cdp.add_source('crm', 'crm.people', key => 'id', mapping => '{"given": "given_name", "family": "family_name", "email": "email", "city": "city", "points": "points", "updated": "updated_at"}');
SELECT * FROM cdp.ingest('crm');
SELECT source, attribute, records, filled, refused, completeness, validity, uniqueness, timeliness, score FROM cdp_data.attribute_quality ORDER BY attribute;
-- The same by plain SQL over the source.
SELECT round(avg((coalesce(email, '') LIKE '%@%')::int), 3) AS completeness, round(count(*) FILTER (WHERE email LIKE '%@%')::numeric / count(email), 3) AS validity,
       round(count(DISTINCT email) FILTER (WHERE email LIKE '%@%')::numeric / count(*) FILTER (WHERE email LIKE '%@%'), 3) AS uniqueness,
       round(avg((updated > now() - interval '365 days')::int), 3) AS timeliness FROM crm.people;
SELECT cdp.add_quality_rule('crm', 'email', tolerance => 0.01);
SELECT cdp.add_quality_rule('crm', 'city', rule => 'domain', allowed_values => '{Lima,Quito,Santiago}');
SELECT rows_read FROM cdp.ingest('crm');
SELECT source, records, rows_refused, completeness, validity, uniqueness, timeliness, rules, broken, rules_kept, score FROM cdp_data.source_quality;

-- Nothing new was read: nothing was measured.
SELECT count(DISTINCT measured_at) FROM cdp_data.column_statistics;
SELECT column_name, sampled_rows, filled, distinct_values, semantic_type, round(mean::numeric, 2) AS mean, deciles, top_values[1:3], top_rows[1:3] FROM cdp_data.column_statistics WHERE column_name IN ('city', 'email', 'points') ORDER BY 1;
SELECT * FROM cdp.quality_drift('crm');
-- A small change is none; then the cities move, points grow, e-mails are missing.
UPDATE crm.people SET city = 'Lima' WHERE id = 5;
SELECT rows_changed FROM cdp.ingest('crm');
SELECT * FROM cdp.quality_drift('crm');
SELECT "column", measure, drift FROM cdp.quality_drift('crm', only_significant => false) WHERE "column" IN ('city', 'points') ORDER BY 1, 2;
UPDATE crm.people SET city = 'Lima' WHERE id % 2 = 0;
UPDATE crm.people SET points = ((id % 100) * 3)::text, email = CASE WHEN id % 3 = 0 THEN email END;
SELECT rows_changed > 900 AS changed FROM cdp.ingest('crm');
SELECT * FROM cdp.quality_drift('crm');
-- The index of the cities by hand: the shares of three cities before and after.
SELECT round(sum((a - b) * ln(a / b)), 3) AS by_hand
FROM (SELECT count(*) FILTER (WHERE city = c) / 1000.0 AS a, count(*) FILTER (WHERE CASE WHEN id = 5 THEN 'Lima' ELSE (ARRAY['Lima', 'Quito', 'Santiago'])[1 + id % 3] END = c) / 1000.0 AS b
      FROM crm.people, unnest(ARRAY['Lima', 'Quito', 'Santiago']) c GROUP BY c) s;
SELECT count(*) FROM cdp.quality_drift('crm', since => now() + interval '1 day');
SELECT "column", measure FROM cdp.quality_drift('crm', since => '2020-01-01') ORDER BY 1, 2;
SELECT * FROM cdp.quality_drift('crn');
UPDATE cdp_data.setting SET value = '0' WHERE name = 'quality_sample_rows';
UPDATE crm.people SET city = 'Quito';
SELECT rows_changed > 500 AS changed FROM cdp.ingest('crm');
SELECT count(DISTINCT measured_at) FROM cdp_data.column_statistics;

-- One person.
CREATE TABLE crm.club (id int PRIMARY KEY, given text, family text, email text, city text, born date);
INSERT INTO crm.club VALUES (1, 'Ana', 'Person Q', 'p3@example.com', 'Lima', '1990-01-01'), (2, 'Bo', 'Li', NULL, NULL, NULL);
SELECT count(target) FROM cdp.add_source('club', 'crm.club', mapping => '{"given": "given_name", "family": "family_name", "email": "email", "city": "city", "born": "birth_date"}');
SELECT rows_read FROM cdp.ingest('club');
UPDATE cdp_data.record SET profile_id = NULL;
INSERT INTO cdp_data.profile (given_name, family_name, email, birth_date, city) VALUES ('Ana', 'Person D', 'p3@example.com', '1990-01-01', 'Quito');
UPDATE cdp_data.record r SET profile_id = f.profile_id FROM cdp_data.profile f WHERE (r.source_id, r.source_key) IN ((1, '3'), (2, '1'));
SELECT part, score, CASE WHEN part <> 'timeliness' THEN explanation END AS explanation FROM cdp.profile_quality((SELECT max(profile_id) FROM cdp_data.profile));
SELECT * FROM cdp.profile_quality(4711);
