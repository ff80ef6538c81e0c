-- Refused values and rows: corrected in SQL, read again by the same rules, kept correct until the source changes.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'America/Santiago'; -- another than the source's, on purpose
SET datestyle = 'SQL, DMY';
SET client_min_messages = warning;

CREATE SCHEMA crm;
CREATE TABLE crm.contact (id text, mail text, mail2 text, tel text, born date, city text, noted text, changed timestamptz, card text);
INSERT INTO crm.contact VALUES
    ('1', 'ana at example.com', NULL, '+1 212 555 0101', '1980-05-03', 'Lima', 'x', '2026-01-01 10:00+00', NULL),
    ('2', 'bo@example.com', 'bo at home', '12', '1981-01-01', 'Lima', 'x', '2026-01-01 10:00+00', NULL),
    ('', 'carl@example.com', NULL, NULL, NULL, 'Quito', 'x', '2026-01-01 10:00+00', NULL),
    ('4', 'dora@example.com', NULL, NULL, NULL, 'Quito', 'x', '2026-01-01 10:00+00', NULL),
    ('4', 'doro@example.com', NULL, NULL, NULL, 'Quito', 'x', '2026-01-02 10:00+00', NULL),
    ('5', 'eve@@example.com', NULL, NULL, '2999-01-01', 'Rome', 'x', '2026-01-01 10:00+00', '4111 1111 1111 1112');
SELECT count(target) FROM cdp.add_source('crm', 'crm.contact', key => 'id', country => 'US', time_zone => 'Europe/Madrid',
    mapping => '{"mail": "email", "mail2": "email", "tel": "phone", "born": "birth_date", "city": "city", "changed": "updated_at"}');
SELECT * FROM cdp.ingest('crm');
CREATE VIEW crm.refused AS SELECT j.reject_id AS id, j.source_key AS key, j.rule, j.attribute, j.value, j.reason, j.corrected, j.resolved_at IS NULL AS is_open FROM cdp_data.reject j ORDER BY 1;
SELECT * FROM crm.refused;
SELECT reject_id, original FROM cdp_data.reject WHERE original IS NOT NULL ORDER BY 1;
CREATE VIEW crm.stored AS SELECT r.source_key AS key, r.email, r.phone, to_char(r.birth_date, 'YYYY-MM-DD') AS born, r.city FROM cdp_data.record r WHERE r.deleted_at IS NULL ORDER BY 1;
SELECT * FROM crm.stored;

-- One by one, in bulk, and by editing the row as it came.
SELECT cdp.fix_reject(j.reject_id, 'ana@example.com') IS NOT NULL AS fixed FROM cdp_data.reject j WHERE j.value = 'ana at example.com';
SELECT f.* FROM cdp_data.reject j, cdp.fix_reject(j.reject_id, '{"id": "3"}') f WHERE j.rule = 'missing_key';
UPDATE cdp_data.reject SET corrected = replace(value, ' at home', '@home.example') WHERE attribute = 'email' AND value LIKE '% at home';
UPDATE cdp_data.reject SET original = replace(original, '4-not-there', '4') WHERE rule = 'duplicate_key';
UPDATE cdp_data.reject SET original = jsonb_set(original::jsonb, '{city}', '"Cuzco"')::text WHERE rule = 'duplicate_key';
SELECT cdp.fix_reject(j.reject_id, 'eve(at)example') IS NOT NULL AS fixed FROM cdp_data.reject j WHERE j.value = 'eve@@example.com';
SELECT * FROM crm.refused;
-- What would come of it: nothing changes.
SELECT * FROM cdp.replay_rejects('crm', dry_run => true);
SELECT count(*) AS corrections FROM cdp_data.correction;
SELECT * FROM crm.stored;
SELECT reject_id, key, outcome, reason FROM cdp.replay_rejects('crm') r(reject_id, key, attribute, refused, corrected, outcome, reason);
SELECT * FROM crm.stored;
SELECT * FROM crm.refused WHERE is_open;
SELECT source_key, original, corrected, reason, lapsed_at IS NULL AS holds FROM cdp_data.correction ORDER BY correction_id;
-- Another key makes another row of the one that was too many.
SELECT f.corrected_to FROM cdp_data.reject j, cdp.fix_reject(j.reject_id, '{"id": "40"}') f WHERE j.rule = 'duplicate_key' AND j.resolved_at IS NULL;
SELECT reject_id, key, outcome, reason FROM cdp.replay_rejects('crm') r(reject_id, key, attribute, refused, corrected, outcome, reason);
SELECT * FROM crm.stored;

-- Every later reading of the faulty rows keeps them correct, in other sessions too, whole and in batches.
SELECT * FROM cdp.ingest('crm');
SET timezone = 'Asia/Tokyo';
SET datestyle = 'ISO, YMD';
SELECT * FROM cdp.ingest('crm');
CALL cdp.ingest_source('crm', batch_rows => 2);
UPDATE cdp_data.record SET content_hash = NULL;
SELECT rows_read, rows_new FROM cdp.ingest('crm');
SELECT * FROM crm.stored;
-- What is not wrong about the row may change.
UPDATE crm.contact SET city = 'Oslo', noted = 'y' WHERE id = '1';
SELECT * FROM cdp.ingest('crm');
SELECT email, city FROM crm.stored WHERE key = '1';
-- When the source changes the value, its word counts again; when it changes the row that was wrong as a whole, too.
UPDATE crm.contact SET mail = 'ana.maria@example.com' WHERE id = '1';
UPDATE crm.contact SET mail = 'carl.2@example.com' WHERE id = '';
SELECT * FROM cdp.ingest('crm');
SELECT * FROM crm.stored;
SELECT source_key, corrected, lapsed_at IS NULL AS holds FROM cdp_data.correction ORDER BY correction_id;
SELECT * FROM crm.refused WHERE is_open;
-- A correction that was a mistake is taken back.
UPDATE cdp_data.correction SET lapsed_at = now() WHERE corrected ? 'mail2';
SELECT * FROM cdp.ingest('crm');
SELECT * FROM crm.refused WHERE is_open;

-- With a watermark, too: rows below it are read by the replay, and a correction does not lapse because its row was not read.
SELECT count(*) FROM cdp.change_source('crm', watermark => 'changed');
SELECT rows_read FROM cdp.ingest('crm');
INSERT INTO crm.contact VALUES ('6', 'fay at example.com', NULL, NULL, NULL, 'Bern', 'x', '2026-02-01 10:00+00'), ('7', 'gus@example.com', NULL, NULL, NULL, 'Bern', 'x', '2026-02-02 10:00+00');
SELECT rows_read, rows_new, rows_rejected FROM cdp.ingest('crm');
SELECT cdp.fix_reject(j.reject_id, 'fay@example.com') IS NOT NULL AS fixed FROM cdp_data.reject j WHERE j.value = 'fay at example.com';
SELECT key, outcome FROM cdp.replay_rejects('crm') r(reject_id, key, attribute, refused, corrected, outcome, reason) WHERE corrected IS NOT NULL AND key = '6';
SELECT rows_read, rows_changed FROM cdp.ingest('crm');
SELECT rows_changed FROM cdp.ingest('crm', since => '2026-02-01');
SELECT email FROM crm.stored WHERE key = '6';
SELECT count(*) AS hold FROM cdp_data.correction WHERE lapsed_at IS NULL AND source_key = '6';
UPDATE crm.contact SET mail = 'fay.new@example.com', changed = '2026-02-03 10:00+00' WHERE id = '6';
SELECT rows_read, rows_changed FROM cdp.ingest('crm');
SELECT email FROM crm.stored WHERE key = '6';
SELECT count(*) AS hold FROM cdp_data.correction WHERE lapsed_at IS NULL AND source_key = '6';
-- Without a correction: read again by the rules of today.
UPDATE crm.contact SET tel = '020 7946 0018' WHERE id = '7';
SELECT rows_read FROM cdp.ingest('crm', since => '2026-02-02');
SELECT key, attribute, value FROM crm.refused WHERE is_open AND key = '7';
UPDATE cdp_data.source SET country = 'GB' WHERE name = 'crm';
SELECT key, attribute, outcome, reason FROM cdp.replay_rejects('crm') r(reject_id, key, attribute, refused, corrected, outcome, reason) WHERE key = '7';

-- Events: a row that did not say when, an amount that could not be read; with a key and without.
CREATE TABLE crm.sale (nr int, who text, at text, total text);
INSERT INTO crm.sale VALUES (1, '1', '2026-01-05', '10'), (2, '2', 'yesterday', '20'), (3, '1', '2026-01-07', 'ten'), (4, NULL, '2026-01-08', '5');
SELECT count(target) FROM cdp.add_source('sales', 'crm.sale', key => 'nr', kind => 'events', person_source => 'crm', event_kind => 'purchase', mapping => '{"who": "person_key", "at": "occurred_at", "total": "amount"}');
SELECT count(target) FROM cdp.add_source('sales2', 'crm.sale', key => '*', kind => 'events', person_source => 'crm', event_kind => 'purchase', mapping => '{"nr": "number", "who": "person_key", "at": "occurred_at", "total": "amount"}');
SELECT * FROM cdp.ingest('sales');
SELECT * FROM cdp.ingest('sales2');
UPDATE cdp_data.reject SET corrected = '{"at": "2026-01-06"}' WHERE reason LIKE 'the time is missing%';
UPDATE cdp_data.reject SET corrected = '{"who": "2"}' WHERE reason LIKE 'it does not say whose%';
UPDATE cdp_data.reject SET corrected = '10' WHERE attribute = 'amount';
SELECT attribute, corrected, outcome, reason FROM cdp.replay_rejects('sales') ORDER BY attribute, corrected;
SELECT attribute, corrected, outcome, reason FROM cdp.replay_rejects('sales2') ORDER BY attribute, corrected;
SELECT s.name, r.source_key AS who, to_char(e.occurred_at AT TIME ZONE 'America/Santiago', 'YYYY-MM-DD') AS at, e.amount FROM cdp_data.event e JOIN cdp_data.record r USING (record_id) JOIN cdp_data.source s ON s.source_id = e.source_id ORDER BY 1, 3, 2;
SELECT * FROM cdp.ingest('sales');
SELECT * FROM cdp.ingest('sales2');
SELECT count(*) FROM cdp_data.reject j JOIN cdp_data.source s USING (source_id) WHERE s.name LIKE 'sales%' AND resolved_at IS NULL;
-- A message that was no JSON.
CREATE TABLE crm.hook (body text);
INSERT INTO crm.hook VALUES ('{"type": "track", "event": "Opened", "userId": "u1", "messageId": "m1", "timestamp": "2026-01-01T00:00:00Z"'), ('{"type": "identify", "userId": "u1", "traits": {"email": "u at example.com"}, "timestamp": "2026-01-01T00:00:00Z"}');
SELECT count(target) FROM cdp.add_source('hooks', 'crm.hook', kind => 'messages', mapping => '{"body": "message"}');
SELECT * FROM cdp.ingest('hooks');
UPDATE cdp_data.reject SET corrected = original || '}' WHERE reason = 'not a JSON object';
SELECT outcome, reason FROM cdp.replay_rejects('hooks') WHERE attribute IS NULL;
SELECT * FROM cdp.ingest('hooks');
SELECT event_key FROM cdp_data.event JOIN cdp_data.source s USING (source_id) WHERE s.name = 'hooks';

-- What cannot be.
SELECT cdp.fix_reject(999999, 'x');
SELECT cdp.fix_reject((SELECT min(reject_id) FROM cdp_data.reject WHERE rule = 'duplicate_key'), 'x');
SELECT cdp.fix_reject(j.reject_id, 'u@example.com') FROM cdp_data.reject j WHERE j.value = 'u at example.com';
SELECT * FROM cdp.load_csv('crm.file', E'a,b\n1,2\n3\n');
SELECT cdp.fix_reject(j.reject_id, '{"a": "3"}') FROM cdp_data.reject j WHERE j.line_number IS NOT NULL;
SELECT rule, line_number, reason FROM cdp_data.reject WHERE line_number IS NOT NULL;
INSERT INTO crm.contact (id, mail, born) VALUES (NULL, 'hal@example.com', NULL), (NULL, 'ida@example.com', NULL), ('8', 'jo at example.com', NULL);
SELECT rows_rejected > 0 AS refused FROM cdp.ingest('crm');
UPDATE cdp_data.reject SET corrected = '{"id": "9", "born": "no date"}' WHERE original LIKE '%hal@%';
UPDATE cdp_data.reject SET corrected = '{"id": "9", "birthday": "1980-01-01"}' WHERE original LIKE '%ida@%';
UPDATE cdp_data.reject SET corrected = 'jo@example.com' WHERE value LIKE 'jo at%';
DELETE FROM crm.contact WHERE id = '8';
SELECT corrected, outcome, reason FROM cdp.replay_rejects('crm') WHERE corrected IS NOT NULL AND (refused LIKE '%hal@%' OR refused LIKE '%ida@%' OR refused LIKE 'jo at%') ORDER BY reject_id;
SELECT cdp.replay_rejects('cmr');
