-- What is deleted at a source: it stops counting everywhere, is kept, and comes back.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET client_min_messages = warning;

CREATE SCHEMA crm;
CREATE TABLE crm.contact (id int PRIMARY KEY, name text, mail text, tel text, may_mail text, card text, is_gone boolean NOT NULL DEFAULT false);
INSERT INTO crm.contact VALUES
    (1, 'Ana Rojas', 'ana@example.com', '+1 212 555 0101', 'yes', 'L1'), (2, 'Bo Lindqvist', 'bo@example.com', NULL, 'yes', NULL),
    (3, 'Carl Marsh', 'carl@example.com', NULL, 'no', 'L3'), (4, 'Dora Dale', 'dora@example.com', NULL, 'yes', NULL);
CREATE TABLE crm.shop (id int PRIMARY KEY, name text, mail text, may_mail text, card text);
INSERT INTO crm.shop VALUES (1, 'Ana Rojas', 'ana.shop@example.com', 'yes', 'L1'), (3, 'Carl Marsh', 'carl.shop@example.com', 'yes', 'L3'), (9, 'Eve Stone', 'eve@example.com', 'yes', NULL);
CREATE TABLE crm.sale (nr int PRIMARY KEY, contact int, at date, total numeric);
INSERT INTO crm.sale VALUES (1, 1, '2026-01-05', 10), (2, 2, '2026-01-06', 20), (3, 3, '2026-01-07', 30), (4, 4, '2026-01-08', 40);
SELECT count(target) FROM cdp.add_source('crm', 'crm.contact', deletes => 'snapshot', priority => 1, mapping => '{"name": "full_name", "mail": "email", "tel": "phone", "may_mail": "consent_email", "card": "loyalty_id"}');
SELECT count(target) FROM cdp.add_source('shop', 'crm.shop', deletes => 'snapshot', mapping => '{"name": "full_name", "mail": "email", "may_mail": "consent_email", "card": "loyalty_id"}');
SELECT count(target) FROM cdp.add_source('sales', 'crm.sale', kind => 'events', person_source => 'crm', event_kind => 'purchase', deletes => 'snapshot', mapping => '{"contact": "person_key", "at": "occurred_at", "total": "amount"}');
CALL cdp.refresh(as_of => '2026-01-10');
SELECT cdp.define_segment('buyers', 'did purchase in last 30 days') IS NOT NULL AS defined;
CALL cdp.refresh(as_of => '2026-01-10');
CREATE VIEW crm.people AS
SELECT f.status, f.given_name, f.email, f.phone, f.record_count, (SELECT string_agg(s.name || ' ' || r.source_key || CASE WHEN r.deleted_at IS NULL THEN '' ELSE ' (deleted)' END, ', ' ORDER BY s.name, r.source_key)
       FROM cdp_data.record r JOIN cdp_data.source s USING (source_id) WHERE r.profile_id = f.profile_id) AS records,
       (SELECT count(*) FROM cdp_data.event e JOIN cdp_data.record r USING (record_id) WHERE r.profile_id = f.profile_id) AS events,
       (SELECT string_agg(a.channel || ' ' || a.address, ', ') FROM cdp_data.reachable a WHERE a.profile_id = f.profile_id) AS reachable,
       EXISTS (SELECT FROM cdp.segment_members('buyers') m WHERE m.profile_id = f.profile_id) AS buyer
FROM cdp_data.profile f;
-- Ana and Carl are two records each; Carl has said no in the CRM.
SELECT * FROM crm.people ORDER BY records COLLATE "C";
CREATE TABLE crm.before AS SELECT r.source_id, r.source_key, r.profile_id FROM cdp_data.record r;

-- Four rows go.
DELETE FROM crm.contact WHERE id IN (1, 2, 3);
DELETE FROM crm.sale WHERE nr = 4;
SELECT * FROM cdp.ingest('crm');
SELECT * FROM cdp.ingest('sales');
SELECT s.name, r.reading, r.rows_read, r.rows_deleted, r.deletes_checked FROM cdp_data.source_read r JOIN cdp_data.source s USING (source_id) ORDER BY r.read_id DESC LIMIT 2;
-- At once: nothing that is deleted grants anything, and what it refused is refused.
SELECT records, status, reachable FROM crm.people ORDER BY records COLLATE "C";
-- After the chain the live record keeps the profile; the deleted one stands by itself, with its purchases and a profile that no list looks at.
CALL cdp.refresh(as_of => '2026-01-10');
SELECT * FROM crm.people ORDER BY records COLLATE "C";
SELECT r.source_key, r.profile_id = b.profile_id AS same_profile FROM cdp_data.record r JOIN crm.before b USING (source_id, source_key) JOIN cdp_data.source s USING (source_id) ORDER BY s.name COLLATE "C", r.source_key;
SELECT source_key, num_nonnulls(given_name, family_name, email, phone) AS values_left, deleted_values FROM cdp_data.record WHERE deleted_at IS NOT NULL ORDER BY source_key;
SELECT count(*) FROM cdp_data.record_identifier i JOIN cdp_data.record r USING (record_id) WHERE r.deleted_at IS NOT NULL;
SELECT * FROM cdp.find_profile('ana@example.com');
SELECT source_key, anchor_value, is_granted, evidence FROM cdp_data.consent c LEFT JOIN cdp_data.record r USING (record_id) WHERE anchor_value LIKE 'carl%' ORDER BY consent_id;
SELECT cdp.profile_of('shop', '3') = f.profile_id AS is_carl, c.is_granted, c.anchor FROM cdp_data.profile f, cdp.consent_state(f.profile_id) c WHERE f.given_name = 'Carl' ORDER BY c.anchor;
-- The same from a run over everything.
CALL cdp.resolve(mode => 'full');
SELECT status, count(*) FROM cdp_data.profile GROUP BY 1 ORDER BY 1;
-- A steward's decision does not hold a deleted record in.
SELECT cdp.confirm_match(a.record_id, b.record_id) IS NOT NULL AS decided FROM cdp_data.record a, cdp_data.record b WHERE a.source_key = '2' AND a.deleted_at IS NOT NULL AND b.source_key = '9';
CALL cdp.resolve();
SELECT records, status, given_name FROM crm.people WHERE records ~ '(crm 2|shop 9)' ORDER BY records COLLATE "C";

-- They come back, with other values or the same: the old ids, the old consent.
INSERT INTO crm.contact VALUES (1, 'Ana Rojas', 'ana@example.com', '+1 212 555 0101', 'yes', 'L1'), (3, 'Carl Marsh', 'carl.new@example.com', NULL, 'no', 'L3');
SELECT * FROM cdp.ingest('crm');
CALL cdp.refresh(as_of => '2026-01-10');
SELECT * FROM crm.people ORDER BY records COLLATE "C";
SELECT count(*) AS deleted FROM cdp_data.record WHERE deleted_at IS NOT NULL OR deleted_values IS NOT NULL;

-- Another event of a deleted person is kept, and changes nothing.
INSERT INTO crm.sale VALUES (5, 2, '2026-01-09', 50);
CALL cdp.refresh(as_of => '2026-01-10');
SELECT records, status, events, buyer FROM crm.people WHERE records LIKE '%crm 2%';

-- Tombstones: the row is there, and says that it is not.
SELECT setting, value FROM cdp.change_source('crm', deleted_when => 'is_gone') WHERE setting LIKE 'delete%';
UPDATE crm.contact SET is_gone = true WHERE id = 4;
SELECT * FROM cdp.ingest('crm');
SELECT source_key, deleted_at IS NOT NULL AS is_deleted FROM cdp_data.record JOIN cdp_data.source s USING (source_id) WHERE s.name = 'crm' ORDER BY source_key;
-- What is merely not there any more stays now.
DELETE FROM crm.contact WHERE id = 3;
SELECT * FROM cdp.ingest('crm');
UPDATE crm.contact SET is_gone = false WHERE id = 4;
SELECT * FROM cdp.ingest('crm');
SELECT source_key, deleted_at IS NOT NULL AS is_deleted, email FROM cdp_data.record JOIN cdp_data.source s USING (source_id) WHERE s.name = 'crm' ORDER BY source_key;

-- A mass deletion stops the run; nothing is read.
CREATE TABLE crm.many AS SELECT i AS id, 'p' || i || '@example.com' AS mail FROM generate_series(1, 1500) i;
SELECT count(target) FROM cdp.add_source('many', 'crm.many', key => 'id', deletes => 'snapshot', mapping => '{"mail": "email"}');
SELECT * FROM cdp.ingest('many');
-- A hundred are no mass.
DELETE FROM crm.many WHERE id <= 100;
SELECT * FROM cdp.ingest('many');
DELETE FROM crm.many WHERE id <= 400;
INSERT INTO crm.many VALUES (2000, 'new@example.com');
SELECT * FROM cdp.ingest('many');
SELECT count(*) FILTER (WHERE deleted_at IS NULL) AS live, count(*) FILTER (WHERE source_key = '2000') AS read FROM cdp_data.record JOIN cdp_data.source s USING (source_id) WHERE s.name = 'many';
-- A refresh says it, and goes on with the others.
CALL cdp.refresh(as_of => '2026-01-10');
SELECT step, status, message FROM cdp_data.run_step WHERE run_id = (SELECT max(run_id) FROM cdp_data.run) ORDER BY step_number;
-- What the hint says.
SELECT * FROM cdp.ingest('many', max_deleted => 0.22);
SELECT rows_deleted FROM cdp_data.source_read ORDER BY read_id DESC LIMIT 1;
-- It was for once.
DELETE FROM crm.many WHERE id <= 800;
SELECT * FROM cdp.ingest('many');
SELECT * FROM cdp.change_source('many', max_deleted => 0.5) WHERE setting = 'max_deleted';
SELECT * FROM cdp.ingest('many');
-- An empty relation is a load that failed, however few there were.
TRUNCATE crm.many;
SELECT * FROM cdp.ingest('many');
TRUNCATE crm.shop;
SELECT * FROM cdp.ingest('shop');
SELECT * FROM cdp.ingest('shop', max_deleted => 1);
SELECT count(*) FILTER (WHERE deleted_at IS NULL) AS live FROM cdp_data.record JOIN cdp_data.source s USING (source_id) WHERE s.name = 'shop';
-- Also in batches, before anything is stored.
CALL cdp.ingest_source('many');
TRUNCATE crm.sale;
SELECT * FROM cdp.ingest('sales');

-- What cannot be.
SELECT cdp.change_source('crm', deletes => 'sometimes');
SELECT cdp.change_source('crm', deletes => 'ignore', deleted_when => 'is_gone');
SELECT cdp.change_source('shop', deletes => 'tombstone');
SELECT cdp.change_source('crm', deleted_when => 'is_gnoe');
SELECT cdp.change_source('crm', deleted_when => 'true); DROP TABLE crm.contact; SELECT (true');
SELECT cdp.change_source('crm', deleted_when => 'name');
SELECT cdp.change_source('many', max_deleted => 10);
SELECT cdp.change_source('many', check_deletes_every => 0);
SELECT setting, value FROM cdp.change_source('crm', deleted_when => '') WHERE setting LIKE 'delete%';
SELECT * FROM cdp.ingest('crm', check_deletes => true);
CREATE TABLE crm.message (message text);
SELECT cdp.add_source('messages', 'crm.message', kind => 'messages', deletes => 'snapshot');
