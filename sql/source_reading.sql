-- Which rows of a source are read: by watermark with lateness, in windows, again from the beginning.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SET client_min_messages = warning;

CREATE SCHEMA crm;
CREATE TABLE crm.contact (id int PRIMARY KEY, mail text, city text, changed timestamptz);
INSERT INTO crm.contact SELECT i, 'p' || i || '@example.com', 'Rome', timestamptz '2026-01-01 10:00+00' + i * interval '1 minute' FROM generate_series(1, 10) i;
INSERT INTO crm.contact VALUES (11, 'p11@example.com', 'Rome', NULL);
SELECT count(target) FROM cdp.add_source('crm', 'crm.contact', watermark => 'changed', mapping => '{"mail": "email", "city": "city"}');
CREATE VIEW crm.readings AS SELECT s.name, r.reading, r.watermark_from, r.watermark_to, r.rows_read, r.rows_new, r.rows_changed, r.rows_deleted, r.deletes_checked AS checked FROM cdp_data.source_read r JOIN cdp_data.source s USING (source_id) ORDER BY r.read_id DESC LIMIT 1;
-- All at first; then what the watermark leaves: the last row again, and those without one.
SELECT * FROM cdp.ingest('crm');
SELECT * FROM crm.readings;
SELECT * FROM cdp.ingest('crm');
INSERT INTO crm.contact VALUES (12, 'p12@example.com', 'Oslo', '2026-01-01 10:20+00');
UPDATE crm.contact SET city = 'Oslo', changed = '2026-01-01 10:21+00' WHERE id = 3;
UPDATE crm.contact SET city = 'Oslo' WHERE id = 4; -- says nothing of it
UPDATE crm.contact SET city = 'Oslo' WHERE id = 11;
SELECT * FROM cdp.ingest('crm');
SELECT * FROM crm.readings;
SELECT string_agg(source_key, ',' ORDER BY source_key::int) AS in_oslo FROM cdp_data.record WHERE city = 'Oslo';

-- A row that is committed late, with an earlier time, is missed without lateness.
INSERT INTO crm.contact VALUES (13, 'p13@example.com', 'Late', '2026-01-01 10:19+00');
SELECT * FROM cdp.ingest('crm');
SELECT setting, value FROM cdp.change_source('crm', lateness => '5 minutes') WHERE setting IN ('watermark', 'lateness', 'read up to');
SELECT * FROM cdp.ingest('crm');
SELECT * FROM crm.readings;
-- A month of late data: one window read again. The watermark stays.
INSERT INTO crm.contact SELECT i, 'p' || i || '@example.com', 'Back', timestamptz '2025-12-01 00:00+00' + (i - 100) * interval '1 day' FROM generate_series(100, 130) i;
SELECT * FROM cdp.ingest('crm');
SELECT * FROM cdp.ingest('crm', since => '2025-12-01', until => '2025-12-11');
SELECT * FROM crm.readings;
SELECT * FROM cdp.ingest('crm', until => '2026-01-01');
SELECT watermark_value FROM cdp_data.source WHERE name = 'crm';
SELECT * FROM cdp.ingest('crm', since => 'last week');
-- Times of a window are those of the source's zone.
UPDATE cdp_data.source SET time_zone = 'America/Santiago' WHERE name = 'crm';
SELECT * FROM cdp.ingest('crm');
SELECT * FROM cdp.ingest('crm', since => '2025-12-01 12:00');
SELECT * FROM crm.readings;

-- A date in the far future is read, and does not silence the source.
INSERT INTO crm.contact VALUES (14, 'p14@example.com', 'Future', '2999-01-01'), (15, 'p15@example.com', 'Future', 'infinity'), (16, 'p16@example.com', 'Now', '2026-01-02 00:00+00');
SELECT * FROM cdp.ingest('crm');
SELECT * FROM crm.readings;
INSERT INTO crm.contact VALUES (17, 'p17@example.com', 'Next', '2026-01-02 00:01+00');
SELECT * FROM cdp.ingest('crm');

-- A reading that fails leaves everything where it was.
INSERT INTO crm.contact VALUES (18, 'p18@example.com', 'Trap', '2026-01-03 00:00+00');
CREATE FUNCTION crm.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.city = 'Trap' THEN RAISE EXCEPTION 'the disk is full'; END IF; RETURN NEW; END $$;
CREATE TRIGGER refuse BEFORE INSERT ON cdp_data.record FOR EACH ROW EXECUTE FUNCTION crm.refuse();
SELECT * FROM cdp.ingest('crm');
SELECT watermark_value FROM cdp_data.source WHERE name = 'crm';
DROP TRIGGER refuse ON cdp_data.record;
SELECT * FROM cdp.ingest('crm');
SELECT watermark_value FROM cdp_data.source WHERE name = 'crm';

-- What was read by other rules is read again, from the beginning.
INSERT INTO cdp_data.mapping (source_id, position, column_name, target) SELECT source_id, 9, 'city', 'company' FROM cdp_data.source WHERE name = 'crm';
SELECT * FROM cdp.ingest('crm');
SELECT reading, rows_read FROM crm.readings;
SELECT * FROM cdp.add_junk_value('Rome', 'text');
SELECT * FROM cdp.add_junk_value('p1@example.com', 'email');
SELECT * FROM cdp.ingest('crm');
SELECT reading, rows_read, rows_changed FROM crm.readings;
SELECT count(*) FROM cdp.change_source('crm', reread => true);
SELECT * FROM cdp.ingest('crm');
-- Also when some of the records are no longer at the source (deletes are ignored here): once, not for ever.
DELETE FROM crm.contact WHERE id = 2;
UPDATE cdp_data.record SET content_hash = NULL;
SELECT rows_read > 30 AS all FROM cdp.ingest('crm');
SELECT rows_read < 10 AS few FROM cdp.ingest('crm');
SELECT email FROM cdp_data.record WHERE source_key = '2';

-- Deletes beside a watermark: the keys of the whole relation are compared, each time or once in a while.
SELECT setting, value FROM cdp.change_source('crm', deletes => 'snapshot', check_deletes_every => 3) WHERE setting ~ 'delete';
SELECT rows_read FROM cdp.ingest('crm');
SELECT rows_deleted, checked FROM crm.readings;
SELECT rows_read FROM cdp.ingest('crm');
SELECT rows_read FROM cdp.ingest('crm');
SELECT rows_deleted, checked FROM crm.readings;
DELETE FROM crm.contact WHERE id = 5;
SELECT rows_read FROM cdp.ingest('crm', check_deletes => true);
SELECT rows_deleted, checked FROM crm.readings;
DELETE FROM crm.contact WHERE id = 6;
SELECT rows_read FROM cdp.ingest('crm', since => '2026-01-01');
SELECT rows_deleted, checked FROM crm.readings;

-- That look at the keys finds what a watermark cannot: rows that are back with their old time, and rows that came too late.
INSERT INTO crm.contact VALUES (5, 'p5@example.com', 'Back again', '2026-01-01 10:05+00'), (19, 'p19@example.com', 'Too late', '2025-06-01');
SELECT rows_read, rows_new, rows_changed FROM cdp.ingest('crm', check_deletes => false);
SELECT rows_read, rows_new, rows_changed FROM cdp.ingest('crm', check_deletes => true);
SELECT rows_deleted, checked FROM crm.readings;
SELECT source_key, city, deleted_at FROM cdp_data.record WHERE source_key IN ('5', '19') ORDER BY 1;
DELETE FROM crm.contact WHERE id = 19;
INSERT INTO crm.contact VALUES (20, 'p20@example.com', 'Too late', '2025-06-01');
CALL cdp.ingest_source('crm', batch_rows => 2, check_deletes => true);
SELECT rows_deleted, checked FROM crm.readings;

-- Other kinds of watermarks.
CREATE TABLE crm.day (id int, mail text, at date);
CREATE TABLE crm.num (id int, mail text, nr numeric);
CREATE TABLE crm.real (id int, mail text, nr float8);
CREATE TABLE crm.txt (id int, mail text, at text);
CREATE TABLE crm.loc (id int, mail text, at timestamp);
INSERT INTO crm.day VALUES (1, 'd1@example.com', '2026-01-01'), (2, 'd2@example.com', '2026-01-02');
INSERT INTO crm.num VALUES (1, 'n1@example.com', 1.5), (2, 'n2@example.com', 2.5), (3, 'n3@example.com', 'NaN');
INSERT INTO crm.real VALUES (1, 'r1@example.com', 1.5), (2, 'r2@example.com', 2.5), (3, 'r3@example.com', 'Infinity');
INSERT INTO crm.txt VALUES (1, 't1@example.com', '2026-01-01T00:00'), (2, 't2@example.com', '2026-01-01T09:00'), (3, 't3@example.com', '');
INSERT INTO crm.loc VALUES (1, 'l1@example.com', '2026-01-01 00:00'), (2, 'l2@example.com', '2026-01-01 09:00');
SELECT t.t, count(a.target) FROM (VALUES ('day', 'at', '1 day'), ('num', 'nr', '0.5'), ('real', 'nr', NULL), ('txt', 'at', NULL), ('loc', 'at', '1 hour')) t(t, w, l),
    LATERAL cdp.add_source(t.t, 'crm.' || t.t, key => 'id', watermark => t.w, lateness => t.l, mapping => '{"mail": "email"}') a GROUP BY 1 ORDER BY 1;
SELECT s, i.* FROM unnest(ARRAY['day', 'num', 'real', 'txt', 'loc']) s, cdp.ingest(s) i;
INSERT INTO crm.day VALUES (3, 'd3@example.com', '2026-01-01');
INSERT INTO crm.num VALUES (4, 'n4@example.com', 2), (5, 'n5@example.com', 1.9);
INSERT INTO crm.real VALUES (4, 'r4@example.com', 2.6);
INSERT INTO crm.txt VALUES (4, 't4@example.com', '2026-01-01T10:00'), (5, 't5@example.com', '2026-01-01T08:59');
INSERT INTO crm.loc VALUES (3, 'l3@example.com', '2026-01-01 08:30'), (4, 'l4@example.com', '2026-01-01 07:30');
SELECT s, i.rows_read, i.rows_new FROM unnest(ARRAY['day', 'num', 'real', 'txt', 'loc']) s, cdp.ingest(s) i;
SELECT name, watermark_value FROM cdp_data.source WHERE name IN ('day', 'num', 'real', 'txt', 'loc') ORDER BY source_id;
SELECT rows_new FROM cdp.ingest('num', since => '1.8', until => '2');
SELECT rows_new FROM cdp.ingest('txt', since => '2026-01-01T08');

-- Newer values are not overwritten by older ones, whatever order rows come in.
CREATE TABLE crm.log (id text, mail text, at timestamptz, seq int);
SELECT count(target) FROM cdp.add_source('log', 'crm.log', key => 'id', watermark => 'seq', mapping => '{"mail": "email", "at": "updated_at"}');
INSERT INTO crm.log VALUES ('a', 'a2@example.com', '2026-01-02', 1), ('a', 'a1@example.com', '2026-01-01', 2), ('b', 'b1@example.com', '2026-01-01', 3);
SELECT * FROM cdp.ingest('log');
INSERT INTO crm.log VALUES ('a', 'a0@example.com', '2025-12-31', 4), ('b', 'b2@example.com', '2026-01-05', 5), ('c', 'c1@example.com', NULL, 6);
SELECT * FROM cdp.ingest('log');
SELECT source_key, email, source_updated_at FROM cdp_data.record JOIN cdp_data.source s USING (source_id) WHERE s.name = 'log' ORDER BY source_key;
SELECT source_key, rule, reason, suggestion IS NOT NULL AS has_hint, original FROM cdp_data.reject JOIN cdp_data.source s USING (source_id) WHERE s.name = 'log' AND resolved_at IS NULL ORDER BY reject_id;
-- Is the source right, all the same?
DELETE FROM crm.log WHERE id = 'a' AND seq < 4;
UPDATE cdp_data.record r SET source_updated_at = NULL FROM cdp_data.source s WHERE s.source_id = r.source_id AND s.name = 'log' AND r.source_key = 'a';
SELECT rows_changed FROM cdp.ingest('log', since => '4', until => '5');
SELECT email FROM cdp_data.record JOIN cdp_data.source s USING (source_id) WHERE s.name = 'log' AND source_key = 'a';
SELECT rule, count(*) FROM cdp_data.reject JOIN cdp_data.source s USING (source_id) WHERE s.name = 'log' AND resolved_at IS NULL GROUP BY rule;

-- Events and messages by watermark: what was refused and is not read again stays refused.
CREATE TABLE crm.visit (nr int, who text, at text, seq bigint);
INSERT INTO crm.visit VALUES (1, 'a', '2026-01-01', 1), (2, 'a', 'when?', 2), (3, NULL, '2026-01-01', 3);
SELECT count(target) FROM cdp.add_source('visits', 'crm.visit', key => 'nr', kind => 'events', person_source => 'log', event_kind => 'visit', watermark => 'seq', mapping => '{"who": "person_key", "at": "occurred_at"}');
SELECT * FROM cdp.ingest('visits');
INSERT INTO crm.visit VALUES (4, 'b', '2026-01-04', 4);
SELECT * FROM cdp.ingest('visits');
SELECT * FROM cdp.ingest('visits');
SELECT source_key, reason, resolved_at IS NULL AS is_open FROM cdp_data.reject JOIN cdp_data.source s USING (source_id) WHERE s.name = 'visits' ORDER BY source_key;
UPDATE crm.visit SET at = '2026-01-02', seq = 5 WHERE nr = 2;
SELECT * FROM cdp.ingest('visits');
SELECT source_key, reason, resolved_at IS NULL AS is_open FROM cdp_data.reject JOIN cdp_data.source s USING (source_id) WHERE s.name = 'visits' ORDER BY source_key;
CREATE TABLE crm.hook (seq bigint, body jsonb);
INSERT INTO crm.hook VALUES (1, '{"type": "track", "event": "Opened", "userId": "u1", "messageId": "m1", "timestamp": "2026-01-01T00:00:00Z"}'), (2, '{"type": "nonsense", "userId": "u1"}');
SELECT count(target) FROM cdp.add_source('hooks', 'crm.hook', kind => 'messages', watermark => 'seq', mapping => '{"body": "message"}');
SELECT * FROM cdp.ingest('hooks');
INSERT INTO crm.hook VALUES (3, '{"type": "track", "event": "Opened", "userId": "u2", "messageId": "m2", "timestamp": "2026-01-02T00:00:00Z"}');
SELECT * FROM cdp.ingest('hooks');
INSERT INTO crm.hook VALUES (4, '{"type": "track", "event": "Opened", "userId": "u3", "messageId": "m3", "timestamp": "2026-01-03T00:00:00Z"}');
SELECT * FROM cdp.ingest('hooks');
SELECT reason, resolved_at IS NULL AS is_open FROM cdp_data.reject JOIN cdp_data.source s USING (source_id) WHERE s.name = 'hooks';

-- What cannot be.
SELECT cdp.ingest('log2');
SELECT cdp.change_source('crm', watermark => 'chagned');
CREATE TABLE crm.odd (id int PRIMARY KEY, mail text, flag boolean);
SELECT cdp.add_source('odd', 'crm.odd', watermark => 'flag', mapping => '{"mail": "email"}');
SELECT cdp.add_source('odd', 'crm.odd', lateness => '1 day', mapping => '{"mail": "email"}');
SELECT cdp.add_source('odd', 'crm.odd', watermark => 'id', lateness => '1 day', mapping => '{"mail": "email"}');
SELECT cdp.change_source('crm', lateness => '-1 day');
SELECT cdp.change_source('txt', lateness => '1');
SELECT count(target) FROM cdp.add_source('odd', 'crm.odd', mapping => '{"mail": "email"}');
SELECT cdp.ingest('odd', since => '1');
SELECT count(*) FROM cdp_data.source WHERE name = 'odd' AND watermark_column IS NULL;
ALTER TABLE crm.num DROP COLUMN nr;
SELECT cdp.ingest('num');
-- Back to reading everything.
SELECT setting, value FROM cdp.change_source('crm', watermark => '') WHERE setting IN ('watermark', 'read up to', 'lateness');
