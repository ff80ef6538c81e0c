-- The match engine on any table: what is compared, clusters, links, measures against naive enumeration, every error.
CREATE EXTENSION cdp;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET extra_float_digits = 0;
SET timezone = 'UTC';

-- A table as people have them; there is no store.
CREATE SCHEMA crm;
CREATE TABLE crm."Contacts" ("Id" int, "First Name" text, "Last Name" text, mail text, "E-Mail 2" text, telephone text, born text, house_no text,
    street text, town text, zip text, country text, "Customer No" text, device_id text, note text, person text);
INSERT INTO crm."Contacts" VALUES
  (1, 'Katharina', 'Featherstone', 'k.featherstone@example.com', NULL, '01904 555 001', '03/02/1980', '12', 'Mill Lane', 'York', 'YO1 7HH', 'GB', NULL, 'd1', 'x', 'a'),
  (2, 'KATHARINA J', 'Fetherstone', NULL, 'K.Featherstone@Example.com', '', '3.2.1980', '', '', '', '', '', NULL, NULL, 'x', 'a'),
  (3, 'Dr. Katharina', 'Featherstone', NULL, NULL, '+44 1904 555001', '1980-02-03', NULL, '12 Mill Ln', 'York', 'yo17hh', 'United Kingdom', NULL, NULL, NULL, 'a'),
  (4, 'George', 'Ashworth', NULL, NULL, '01904 555 002', '07/06/1955', '3', 'High Street', 'Leeds', 'LS1 4AP', 'GB', NULL, 'd2', NULL, 'b'),
  (5, 'Margaret', 'Ashworth', NULL, NULL, '01904 555 002', '30/01/1957', '3', 'High Street', 'Leeds', 'LS1 4AP', 'GB', NULL, 'd2', NULL, 'c'),
  (6, 'George', 'Ashworth', NULL, NULL, '01904 555 002', '12/11/1984', '3', 'High Street', 'Leeds', 'LS1 4AP', 'GB', NULL, 'd2', NULL, 'd'),
  (7, 'Ian', 'McKay', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'C-77', NULL, NULL, 'e'),
  (8, NULL, NULL, 'shop@example.org', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ' C-77 ', NULL, NULL, 'e'),
  (9, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'f');
-- Strangers, so that the model knows how rare what is.
INSERT INTO crm."Contacts"
SELECT 100 + i, (ARRAY['Anna', 'Peter', 'Julia', 'Martin', 'Laura', 'Simon', 'Clara', 'Oscar', 'Nina', 'Felix', 'Ruth', 'Hugo', 'Ines', 'Karl', 'Vera'])[1 + i % 15],
       (ARRAY['Baker', 'Cooper', 'Draper', 'Fletcher', 'Glover', 'Harper', 'Mercer', 'Porter', 'Sawyer', 'Tanner', 'Walker'])[1 + i % 11] || chr(97 + i / 15 % 7) || 'n',
       'user' || i || '@example.net', NULL, '01904 6' || lpad((i * 7919 % 100000)::text, 5, '0'), to_char(date '1950-01-01' + i * 7919 % 18000, 'DD/MM/YYYY'), (1 + i % 90)::text,
       (ARRAY['Station Road', 'Church Lane', 'Park Avenue', 'Castle Street'])[1 + i % 4], 'Hull', 'HU' || 1 + i % 9 || ' ' || i % 10 || 'AB', 'GB', NULL, NULL, NULL, 'p' || i
FROM generate_series(1, 300) AS i;

SELECT * FROM cdp.preview_dedupe('crm."Contacts"', 'Id', ignore => '{person}');
CREATE TABLE result AS SELECT * FROM cdp.dedupe('crm."Contacts"', 'Id', ignore => '{person}', country => 'GB');
SELECT record_key, cluster_id, round(match_probability::numeric, 2) AS probability FROM result WHERE record_key::int < 103;
-- One row per row, in the order of the key; clusters are counted from 1 without a gap, in the order of their first key.
SELECT count(*), count(DISTINCT record_key), count(DISTINCT cluster_id) = max(cluster_id) AS without_gap,
       bool_and(cluster_id <= 1 + coalesce(before, 0)) AS in_order
FROM (SELECT *, max(cluster_id) OVER (ORDER BY record_key::int ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM result) AS r;
-- A probability where there is company, and only there.
SELECT bool_and((match_probability IS NULL) = (n = 1)) AS only_with_company
FROM (SELECT match_probability, count(*) OVER (PARTITION BY cluster_id) AS n FROM result) AS r;
SELECT * FROM cdp.evaluate_resolution('result', 'crm."Contacts"', truth_key => 'Id', label => 'person');

-- The same rows elsewhere and in another order: a view, a temporary table, partitions; the same answer.
CREATE VIEW crm.contact_view AS SELECT * FROM crm."Contacts" ORDER BY person DESC, "Id" DESC;
CREATE TEMP TABLE "some contacts" AS SELECT * FROM crm.contact_view ORDER BY md5("Id"::text);
CREATE TABLE parts (LIKE crm."Contacts") PARTITION BY HASH ("Id");
CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parts TABLE crm."Contacts";
SELECT r.relation, count(d.record_key) AS differences
FROM (VALUES ('crm.contact_view'), ('"some contacts"'), ('parts')) AS r(relation)
LEFT JOIN LATERAL (
    (SELECT * FROM cdp.dedupe(r.relation, 'Id', ignore => '{person}', country => 'GB') EXCEPT TABLE result)
    UNION ALL (TABLE result EXCEPT SELECT * FROM cdp.dedupe(r.relation, 'Id', ignore => '{person}', country => 'GB'))) AS d ON true
GROUP BY r.relation ORDER BY r.relation COLLATE "C";
-- In a transaction that may not write.
BEGIN READ ONLY;
SELECT count(*) AS records, max(cluster_id) AS people FROM cdp.dedupe('crm."Contacts"', 'Id', ignore => '{person}', threshold => 0.9);
COMMIT;
-- Only some columns: without an identifier, 7 and 8 are strangers. What is named is used.
SELECT column_name, used_as, reason FROM cdp.preview_dedupe('crm."Contacts"', 'Id', columns => ARRAY['mail', 'E-Mail 2', 'First Name', 'Last Name', 'born']) WHERE used_as <> 'ignored';
SELECT record_key, cluster_id FROM cdp.dedupe('crm."Contacts"', 'Id', columns => ARRAY['mail', 'E-Mail 2', 'First Name', 'Last Name', 'born']) WHERE record_key::int < 9;
-- Whole names, typed columns, keys of text, no rows, one row.
CREATE TABLE typed (key uuid, name text, birthday date, phone bigint, customer_id int);
SELECT * FROM cdp.dedupe('typed', 'key');
INSERT INTO typed VALUES ('00000000-0000-4000-8000-000000000002', 'Rojas, Ana', '1990-01-31', 34911234567, 5);
SELECT * FROM cdp.dedupe('typed', 'key');
INSERT INTO typed VALUES ('00000000-0000-4000-8000-000000000001', 'Ana Rojas', '1990-01-31', 34911234567, 6), ('00000000-0000-4000-8000-00000000000a', 'Juan Perez', '1961-07-06', NULL, 7);
SELECT column_name, attribute, used_as, reason FROM cdp.preview_dedupe('typed', 'key');
SELECT record_key, cluster_id FROM cdp.dedupe('typed', 'key');

-- Two tables.
CREATE TABLE shop (no text, full_name text, email text, dob date, customer_number text);
INSERT INTO shop VALUES ('s1', 'Katharina Featherstone', 'k.featherstone@example.com', '1980-02-03', NULL), ('s2', 'George Ashworth', NULL, '1984-11-12', NULL),
    ('s3', 'Nobody Known', 'nobody@example.com', '1971-05-05', NULL), ('s4', 'I McKay', NULL, NULL, 'C-77');
INSERT INTO shop SELECT 't' || "Id", "First Name" || ' ' || "Last Name", mail, NULL, NULL FROM crm."Contacts" WHERE "Id" BETWEEN 101 AND 130;
CREATE TABLE linked AS SELECT * FROM cdp.link('shop', 'no', 'crm."Contacts"', 'Id', ignore => '{person}', country => 'GB');
SELECT left_record, right_record, round(match_probability::numeric, 2) AS probability FROM linked WHERE left_record LIKE 's%';
SELECT count(*) AS pairs, count(*) FILTER (WHERE left_record = 't' || right_record) AS correct FROM linked WHERE left_record LIKE 't%';
-- One to one: the pairs that taking the likeliest first leaves, one after the other.
CREATE TABLE one_to_one AS SELECT * FROM cdp.link('shop', 'no', 'crm."Contacts"', 'Id', one_to_one => true, ignore => '{person}', country => 'GB');
DO $$
DECLARE
    pair record;
BEGIN
    CREATE TEMP TABLE naive (LIKE linked);
    FOR pair IN SELECT * FROM linked ORDER BY match_probability DESC, left_record COLLATE "C", right_record::int LOOP
        INSERT INTO naive SELECT pair.left_record, pair.right_record, pair.match_probability WHERE NOT EXISTS (SELECT FROM naive n WHERE n.left_record = pair.left_record OR n.right_record = pair.right_record);
    END LOOP;
END
$$;
SELECT (SELECT count(*) FROM naive) AS pairs, count(*) AS differences
FROM ((TABLE naive EXCEPT TABLE one_to_one) UNION ALL (TABLE one_to_one EXCEPT TABLE naive)) AS d;
SELECT left_record, right_record FROM one_to_one WHERE left_record LIKE 's%';

-- Measures against the enumeration of all pairs, on random clusterings; some labels are unknown, some records not predicted.
CREATE TABLE truth (round int, record_key text, label text);
CREATE TABLE guess (round int, record_key text, cluster_id int);
INSERT INTO truth SELECT r, i::text, CASE WHEN i % 17 <> 0 THEN (hashint4(r * 1000 + i) & 65535) % (3 + r * 4) END FROM generate_series(1, 6) AS r, generate_series(1, 60) AS i;
INSERT INTO guess SELECT r, i::text, (hashint4(r * 7777 + i) & 65535) % (2 + r * r) FROM generate_series(1, 6) AS r, generate_series(1, 60) AS i WHERE i % 13 <> 0;
CREATE VIEW pairs AS
SELECT t.round, t.label = u.label AS belongs, coalesce(g.cluster_id = h.cluster_id, false) AS is_put, t.record_key < u.record_key AS is_once, t.record_key
FROM truth t JOIN truth u ON u.round = t.round AND u.label IS NOT NULL
LEFT JOIN guess g ON g.round = t.round AND g.record_key = t.record_key LEFT JOIN guess h ON h.round = u.round AND h.record_key = u.record_key
WHERE t.label IS NOT NULL AND t.record_key <> u.record_key;
CREATE VIEW naive_measure AS
WITH pairwise AS (
    SELECT round, count(*) FILTER (WHERE belongs AND is_put)::float8 AS correct, count(*) FILTER (WHERE is_put)::float8 AS put, count(*) FILTER (WHERE belongs)::float8 AS belong
    FROM pairs WHERE is_once GROUP BY round),
bcubed AS (
    SELECT round, avg(precision) AS precision, avg(recall) AS recall
    FROM (SELECT round, record_key, (1.0 + count(*) FILTER (WHERE belongs AND is_put)) / (1 + count(*) FILTER (WHERE is_put)) AS precision,
                 (1.0 + count(*) FILTER (WHERE belongs AND is_put)) / (1 + count(*) FILTER (WHERE belongs)) AS recall
          FROM pairs GROUP BY round, record_key) AS r GROUP BY round)
SELECT p.round, m.measure, m.value::float8 AS value FROM pairwise p JOIN bcubed b USING (round) CROSS JOIN LATERAL (VALUES
    ('precision', p.correct / p.put), ('recall', p.correct / p.belong), ('f1', 2 * (p.correct / p.put) * (p.correct / p.belong) / (p.correct / p.put + p.correct / p.belong)),
    ('bcubed_precision', b.precision), ('bcubed_recall', b.recall), ('bcubed_f1', 2 * b.precision * b.recall / (b.precision + b.recall)),
    ('correct_pairs', p.correct), ('predicted_pairs', p.put), ('true_pairs', p.belong)) AS m(measure, value);
CREATE TABLE measured (round int, measure text, value float8);
DO $$
BEGIN
    FOR r IN 1..6 LOOP
        EXECUTE format('CREATE OR REPLACE VIEW one_truth AS SELECT record_key, label FROM truth WHERE round = %s', r);
        EXECUTE format('CREATE OR REPLACE VIEW one_guess AS SELECT record_key, cluster_id FROM guess WHERE round = %s', r);
        INSERT INTO measured SELECT r, m.measure, m.value FROM cdp.evaluate_resolution('one_guess', 'one_truth') m;
    END LOOP;
END
$$;
SELECT count(*) AS compared, count(*) FILTER (WHERE abs(m.value - n.value) < 1e-12) AS equal, count(DISTINCT round(n.value::numeric, 6)) > 40 AS differ_among_themselves
FROM naive_measure n LEFT JOIN measured m USING (round, measure);
SELECT m.round, m.measure, m.value FROM measured m WHERE m.round IN (1, 6) AND m.measure ~ 'cluster|records' ORDER BY 1, 2;
-- No pairs, no rows.
CREATE TABLE nothing (record_key text, cluster_id int, label text);
SELECT string_agg(measure || ' ' || coalesce(value::text, 'unknown'), ', ') FROM cdp.evaluate_resolution('nothing', 'nothing');

-- Errors say what to do.
SELECT * FROM cdp.dedupe('crm.contact', 'Id');
SELECT * FROM cdp.dedupe('crm."Contacts"', 'id');
SELECT * FROM cdp.dedupe('crm."Contacts"', NULL);
SELECT * FROM cdp.dedupe('crm."Contacts"', 'Id', columns => '{mial}');
SELECT * FROM cdp.dedupe('crm."Contacts"', 'Id', ignore => '{persons}');
SELECT * FROM cdp.dedupe('crm."Contacts"', 'Id', threshold => 1);
SELECT * FROM cdp.dedupe('crm."Contacts"', 'Id', country => 'Utopia');
SELECT * FROM cdp.dedupe('crm."Contacts"', 'town');
SELECT * FROM cdp.dedupe('crm."Contacts"', 'Last Name');
CREATE VIEW all_named AS SELECT * FROM crm."Contacts" WHERE town IS NOT NULL;
SELECT * FROM cdp.dedupe('all_named', 'town');
SELECT * FROM cdp.dedupe('crm."Contacts"', 'Id', columns => '{note,device_id}');
SELECT * FROM cdp.dedupe('result', 'record_key');
SELECT * FROM cdp.preview_dedupe('crm."Contacts"', 'Nr');
SELECT * FROM cdp.link('shop', 'no', 'crm."Contacts"', 'Id', ignore => '{persona}');
SELECT * FROM cdp.link('shop', 'email', 'crm."Contacts"', 'Id');
SELECT * FROM cdp.evaluate_resolution('result', 'crm."Contacts"');
SELECT * FROM cdp.evaluate_resolution('result', 'shop', truth_key => 'no', label => 'labl');
SELECT * FROM cdp.evaluate_resolution('result', 'truth');
SELECT * FROM cdp.evaluate_resolution('truth');
CREATE ROLE dedupe_reader;
GRANT USAGE ON SCHEMA crm TO dedupe_reader;
GRANT SELECT ("Id", mail, "Last Name") ON crm."Contacts" TO dedupe_reader;
GRANT USAGE ON SCHEMA cdp TO dedupe_reader;
SET ROLE dedupe_reader;
SELECT column_name, used_as, reason FROM cdp.preview_dedupe('crm."Contacts"', 'Id') WHERE column_name IN ('Id', 'mail', 'born');
SELECT count(*) FROM cdp.dedupe('crm."Contacts"', 'Id');
SELECT * FROM cdp.dedupe('crm."Contacts"', 'Id', columns => '{born}');
RESET ROLE;
-- A name that is SQL stays a name.
CREATE TABLE "drop table result; --" ("'; DROP TABLE result; --" int, "first ""name""" text, "'e$q$mail%I" text);
INSERT INTO "drop table result; --" VALUES (1, 'Ana', 'ana@example.com'), (2, 'Ana', 'ana@example.com'), (3, E'\\''; DROP', '%L $1 $q$');
SELECT * FROM cdp.preview_dedupe('"drop table result; --"', '''; DROP TABLE result; --');
SELECT record_key, cluster_id FROM cdp.dedupe('"drop table result; --"', '''; DROP TABLE result; --');

-- The store's own records.
SELECT cdp.install() IS NOT NULL AS installed;
SELECT count(*) FROM cdp.add_source('crm', 'crm."Contacts"', key => 'Id', country => 'GB', date_order => 'dmy',
    mapping => '{"First Name": "given_name", "Last Name": "family_name", "mail": "email", "born": "birth_date", "Customer No": "user_id"}');
SET client_min_messages = warning;
CALL cdp.refresh();
CREATE VIEW labelled AS SELECT 'crm' AS source, "Id" AS key, person AS label FROM crm."Contacts";
SELECT * FROM cdp.evaluate_resolution('labelled') WHERE measure IN ('precision', 'records', 'true_pairs');
SELECT * FROM cdp.evaluate_resolution('shop');
REVOKE ALL ON SCHEMA crm, cdp FROM dedupe_reader;
REVOKE ALL ON crm."Contacts" FROM dedupe_reader;
DROP ROLE dedupe_reader;
