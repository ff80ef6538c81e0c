-- Rows that a quality rule refused, and refused values of events, when only part of a source is read.
CREATE EXTENSION cdp;
\pset footer off
\set VERBOSITY default
SET client_min_messages = warning;
SET timezone = 'UTC';
\set SHOW_CONTEXT never
SELECT cdp.install() LIKE 'store installed%' AS installed;
CREATE SCHEMA crm;
CREATE TABLE crm.contact (id int PRIMARY KEY, name text, mail text, points numeric, updated timestamptz);
INSERT INTO crm.contact VALUES (1, 'Ana Rojas', 'ana@example.com', 1, '2026-01-01 10:00Z'), (2, NULL, 'bo@example.com', 2.50, '2026-01-01 11:00+02'), (3, 'Cy Dale', NULL, 3, '2026-01-01 12:00Z');
SELECT count(target) FROM cdp.add_source('crm', 'crm.contact', time_zone => 'America/Santiago', mapping => '{"name": "full_name", "mail": "email", "updated": "updated_at"}');
SELECT cdp.add_quality_rule('crm', 'name', rule => 'not_null', severity => 'reject');

-- A row that a rule refused is corrected and replayed like any other.
SELECT * FROM cdp.ingest('crm');
SELECT source_key, rule FROM cdp_data.reject WHERE resolved_at IS NULL;
UPDATE cdp_data.reject SET corrected = '{"name": "Bo Lund"}' WHERE source_key = '2';
SELECT source_key, corrected, outcome, reason FROM cdp.replay_rejects('crm');
SELECT source_key, given_name, family_name FROM cdp_data.record ORDER BY 1;
SELECT * FROM cdp.ingest('crm');
-- Not when the source delivers something else by now.
UPDATE crm.contact SET name = ' ', updated = '2026-01-02' WHERE id = 3;
SELECT rows_rejected FROM cdp.ingest('crm');
UPDATE crm.contact SET mail = 'cy@example.com' WHERE id = 3;
UPDATE cdp_data.reject SET corrected = '{"name": "Cy Dahl"}' WHERE source_key = '3';
SELECT source_key, outcome, reason FROM cdp.replay_rejects('crm') WHERE source_key = '3';

-- The same of events, with a key and without.
CREATE TABLE crm.visit (nr int, who int, at timestamptz, page text, lat text, lon text, note text);
INSERT INTO crm.visit VALUES (1, 1, '2026-01-01', 'home', '1', '2', 'a'), (2, 1, '2026-01-02', NULL, '1', '2', 'b'), (3, 1, '2026-01-03', 'x', '91', '2', 'c'), (4, 1, '2026-01-04', 'y', '1', '2', 'd');
SELECT count(target) FROM cdp.add_source('visits', 'crm.visit', key => 'nr', kind => 'events', person_source => 'crm', event_kind => 'visit',
    mapping => '{"who": "person_key", "at": "occurred_at", "page": "page", "lat": "latitude", "lon": "longitude"}');
SELECT count(target) FROM cdp.add_source('visits2', 'crm.visit', key => '*', kind => 'events', person_source => 'crm', event_kind => 'visit',
    mapping => '{"nr": "nr", "who": "person_key", "at": "occurred_at", "page": "page"}');
SELECT cdp.add_quality_rule('visits', 'page', rule => 'not_null', severity => 'reject'), cdp.add_quality_rule('visits2', 'page', rule => 'not_null', severity => 'reject');
SELECT * FROM cdp.ingest('visits');
SELECT * FROM cdp.ingest('visits2');
UPDATE cdp_data.reject SET corrected = '{"page": "start"}' WHERE rule = 'page not null';
SELECT attribute, corrected, outcome, reason FROM cdp.replay_rejects('visits') ORDER BY reject_id;
SELECT attribute, corrected, outcome, reason FROM cdp.replay_rejects('visits2') ORDER BY reject_id;
SELECT s.name, e.properties ->> 'page' AS page FROM cdp_data.event e JOIN cdp_data.source s USING (source_id) ORDER BY 1, e.occurred_at;
SELECT rows_new, rows_rejected FROM cdp.ingest('visits');
SELECT rows_new, rows_rejected FROM cdp.ingest('visits2');

-- A place that was refused stays refused while other rows are read: in batches, and past a watermark.
CREATE VIEW crm.open AS SELECT j.source_key, j.attribute, j.value FROM cdp_data.reject j JOIN cdp_data.source s USING (source_id) WHERE s.name = 'visits' AND j.resolved_at IS NULL ORDER BY 1, 2;
SELECT * FROM crm.open;
CALL cdp.ingest_source('visits', batch_rows => 1);
SELECT * FROM crm.open;
SELECT count(*) FROM cdp.change_source('visits', watermark => 'at');
SELECT rows_read FROM cdp.ingest('visits');
SELECT rows_read, rows_rejected FROM cdp.ingest('visits');
SELECT * FROM crm.open;
UPDATE crm.visit SET lat = '90', at = '2026-01-05' WHERE nr = 3;
SELECT rows_read, rows_changed, rows_rejected FROM cdp.ingest('visits');
SELECT * FROM crm.open;
-- So does a row without a key.
ALTER TABLE crm.visit ALTER nr TYPE text;
SELECT count(*) FROM cdp.change_source('visits', reread => true);
INSERT INTO crm.visit VALUES ('', 1, '2026-01-06', 'z', '1', '1');
SELECT rows_read, rows_new, rows_rejected FROM cdp.ingest('visits');
UPDATE crm.visit SET at = '2026-01-07', lat = '80' WHERE nr = '3';
SELECT rows_read, rows_changed, rows_rejected FROM cdp.ingest('visits');
CALL cdp.ingest_source('visits', batch_rows => 1);
SELECT * FROM crm.open;
DELETE FROM crm.visit WHERE nr = '';
SELECT count(*) FROM cdp.change_source('visits', reread => true);
CALL cdp.ingest_source('visits', batch_rows => 2);
SELECT * FROM crm.open;
