-- Events in many batches, and an event table that others touch: whatever happens to it, an event counts once.
CREATE EXTENSION cdp;
\pset footer off
\set VERBOSITY default
SET client_min_messages = warning;
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
\set SHOW_CONTEXT never
SELECT cdp.install() LIKE 'store installed%' AS installed;
CREATE TABLE people (id int PRIMARY KEY, email text);
SELECT count(*) FROM cdp.add_source('people', 'people');
CREATE TABLE visit (nr text, who int, at timestamptz, page text, value numeric, lat float8, lon text);
SELECT count(*) FROM cdp.add_source('visits', 'visit', key => 'nr', kind => 'events', event_kind => 'visit', person_source => 'people', mapping =>
    '{"who": "person_key", "at": "occurred_at", "page": "page", "value": "amount", "lat": "latitude", "lon": "longitude"}');
SELECT source_id AS visits FROM cdp_data.source WHERE name = 'visits' \gset
CREATE VIEW stored AS SELECT e.event_key, r.source_key::int AS who, e.occurred_at, e.properties ->> 'page' AS page, e.amount, e.latitude, e.longitude, e.batch_id
FROM cdp_data.event e JOIN cdp_data.record r USING (record_id) WHERE e.source_id = :visits;
-- What must be there: of each key the latest row.
CREATE VIEW wanted AS SELECT DISTINCT ON (nr) nr, who, at, page, value, lat, lon::float8 AS lon FROM visit ORDER BY nr, at DESC;
CREATE FUNCTION differences() RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM wanted w FULL JOIN stored s ON s.event_key = w.nr
    WHERE (w.who, w.at, w.page, w.value, w.lat, w.lon) IS DISTINCT FROM (s.who, s.occurred_at, s.page, s.amount, s.latitude, s.longitude) $$;

-- With the least memory a batch has some 8,000 rows; a third of the keys come again, later or earlier, in another batch.
SET cdp.memory_limit = '16MB';
INSERT INTO visit SELECT 'k' || i % 20000, i % 500, timestamptz '2026-01-01' + (abs(hashint4(i)) % 1000000) * interval '1 second', 'page ' || i % 7, i % 100, i % 90, -(i % 180) FROM generate_series(1, 30000) i;
SELECT * FROM cdp.ingest('visits');
SELECT differences(), count(*), count(DISTINCT batch_id) AS batches FROM stored;
SELECT rows_new, rows_changed FROM cdp.ingest('visits');
SELECT differences();
SELECT b.state, b.rows_read, b.rows_new, b.rows_changed, b.first_occurred_at = (SELECT min(occurred_at) FROM stored) AS first, b.last_occurred_at = (SELECT max(occurred_at) FROM stored) AS last FROM cdp_data.event_batch b ORDER BY 1;
SELECT sum(r.entries) >= 20000 AS keys_known, (SELECT bool_and(length(b.entries) % 14 = 0) FROM cdp_data.event_key_block b) AS whole FROM cdp_data.event_key_run r;

-- Unchanged again, the last batches first.
CREATE TABLE again AS SELECT * FROM visit;
TRUNCATE visit;
INSERT INTO visit SELECT * FROM again ORDER BY nr DESC, at DESC;
SELECT rows_new, rows_changed FROM cdp.ingest('visits');
SELECT differences();
-- A change of every thousandth.
UPDATE visit SET value = value + 1, at = '2026-02-01' WHERE nr ~ '000$' AND (nr, at) IN (SELECT nr, max(at) FROM visit GROUP BY nr);
SELECT rows_new, rows_changed FROM cdp.ingest('visits');
SELECT differences();
-- Many small deliveries: few runs.
TRUNCATE visit;
DO $$ BEGIN
    FOR i IN 1..40 LOOP
        TRUNCATE public.visit;
        INSERT INTO public.visit SELECT 'small' || i || '/' || k, 1, timestamptz '2026-01-01' + k * interval '1 minute', 'x', 1, 0, 0 FROM generate_series(1, 25) k;
        PERFORM cdp.ingest('visits');
    END LOOP;
END $$;
SELECT count(*) < 8 AS few_runs FROM cdp_data.event_key_run;
SELECT count(*) FROM stored WHERE event_key ~ '^small';
SELECT rows_new, rows_changed FROM cdp.ingest('visits');

-- The table is rewritten, vacuumed, emptied in part, written by others.
VACUUM FULL cdp_data.event;
SELECT rows_new, rows_changed FROM cdp.ingest('visits');
SELECT rows_new, rows_changed FROM cdp.ingest('visits');
DELETE FROM cdp_data.event WHERE event_key ~ '^small40/[0-9]$';
VACUUM cdp_data.event;
SELECT rows_new, rows_changed FROM cdp.ingest('visits');
INSERT INTO cdp_data.event (record_id, kind_id, occurred_at, properties, source_id, event_key)
SELECT e.record_id, e.kind_id, '2026-05-05', '{"page": "by hand"}', e.source_id, 'by hand' FROM cdp_data.event e WHERE e.event_key = 'small1/1';
INSERT INTO visit VALUES ('by hand', 1, '2026-05-05', 'by hand', NULL, NULL, NULL);
SELECT rows_new, rows_changed FROM cdp.ingest('visits');
UPDATE cdp_data.event SET event_key = 'renamed' WHERE event_key = 'by hand';
UPDATE visit SET nr = 'renamed' WHERE nr = 'by hand';
SELECT rows_new, rows_changed FROM cdp.ingest('visits');
-- Versions of one row, in one page.
UPDATE visit SET page = 'second' WHERE nr = 'renamed';
SELECT rows_new, rows_changed FROM cdp.ingest('visits');
UPDATE visit SET page = 'third' WHERE nr = 'renamed';
SELECT rows_new, rows_changed FROM cdp.ingest('visits');
UPDATE cdp_data.event SET received_at = received_at WHERE event_key = 'renamed';
UPDATE visit SET page = 'fourth' WHERE nr = 'renamed';
SELECT rows_new, rows_changed FROM cdp.ingest('visits');
SELECT event_key, properties FROM cdp_data.event WHERE event_key = 'renamed';
TRUNCATE cdp_data.event;
SELECT rows_new, rows_changed FROM cdp.ingest('visits');
SELECT event_key, count(*) FROM cdp_data.event GROUP BY 1 HAVING count(*) > 1;
-- A damaged block is an error that says what to do.
BEGIN;
UPDATE cdp_data.event_key_block SET entries = '\x00';
SELECT cdp.ingest('visits');
ROLLBACK;
-- An aborted ingestion leaves nothing.
BEGIN;
INSERT INTO visit VALUES ('aborted', 1, '2026-05-05', 'x', NULL, NULL, NULL);
SELECT rows_new FROM cdp.ingest('visits');
ROLLBACK;
SELECT rows_new FROM cdp.ingest('visits');

-- Places that are none, a card's number in a row that is refused.
INSERT INTO visit VALUES ('p1', 1, '2026-05-05', 'x', NULL, 91, '0'), ('p2', 1, '2026-05-05', 'x', NULL, 9, 'east'), ('p3', 1, '2026-05-05', 'x', NULL, 9, NULL),
    ('p4', NULL, '2026-05-05', 'paid with 4111 1111 1111 1111', NULL, NULL, NULL), ('p5', 1, '2026-05-05', 'x', NULL, -33.45, '-70,66');
SELECT rows_new, rows_rejected FROM cdp.ingest('visits');
SELECT source_key, attribute, value, reason, original FROM cdp_data.reject ORDER BY source_key;
SELECT event_key, latitude, longitude FROM cdp_data.event WHERE event_key ~ '^p' ORDER BY 1;

-- Who may not write events may not have them written.
CREATE ROLE cdp_test_clerk;
GRANT USAGE ON SCHEMA cdp, cdp_data, public TO cdp_test_clerk;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA cdp_data TO cdp_test_clerk;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA cdp_data TO cdp_test_clerk;
GRANT SELECT ON visit TO cdp_test_clerk;
INSERT INTO visit VALUES ('clerk', 1, '2026-05-05', 'x', NULL, NULL, NULL);
SET ROLE cdp_test_clerk;
SELECT rows_new FROM cdp.ingest('visits');
RESET ROLE;
REVOKE UPDATE ON cdp_data.event FROM cdp_test_clerk;
SET ROLE cdp_test_clerk;
SELECT rows_new FROM cdp.ingest('visits');
RESET ROLE;
-- What the writer would pass by is refused.
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER of_rows BEFORE INSERT ON cdp_data.event FOR EACH ROW EXECUTE FUNCTION nothing();
INSERT INTO visit VALUES ('trigger', 1, '2026-05-05', 'x', NULL, NULL, NULL);
SELECT rows_new FROM cdp.ingest('visits');
DROP TRIGGER of_rows ON cdp_data.event;
CREATE TRIGGER of_rows AFTER INSERT ON cdp_data.event FOR EACH ROW EXECUTE FUNCTION nothing();
SELECT rows_new FROM cdp.ingest('visits');
ALTER TABLE cdp_data.event DISABLE TRIGGER of_rows, ADD CONSTRAINT small CHECK (amount < 1000000);
SELECT rows_new FROM cdp.ingest('visits');
ALTER TABLE cdp_data.event DROP CONSTRAINT small, ADD upper text GENERATED ALWAYS AS (upper(event_key)) STORED;
SELECT rows_new FROM cdp.ingest('visits');
ALTER TABLE cdp_data.event DROP upper, ADD checked boolean NOT NULL DEFAULT false;
SELECT rows_new FROM cdp.ingest('visits');
ALTER TABLE cdp_data.event DROP checked, ADD note text;
SELECT rows_new FROM cdp.ingest('visits');
DROP TRIGGER of_rows ON cdp_data.event;
-- A record is not deleted while a source is read, or its new events would hang on nothing.
BEGIN;
DELETE FROM cdp_data.record WHERE source_key = 'nobody';
SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
    AND (classid::bigint << 32 | objid::bigint) = cdp._advisory_key('records');
ROLLBACK;

-- Messages in one: what they lack is said around them.
CREATE TABLE web (message jsonb);
SELECT count(*) FROM cdp.add_source('web', 'web', kind => 'messages');
INSERT INTO web VALUES
    ('{"sentAt": "2026-01-01T10:00:10Z", "receivedAt": "2026-01-01T10:05:10Z", "anonymousId": "d1", "batch": [
        {"type": "page", "messageId": "b1", "name": "Home", "originalTimestamp": "2026-01-01T10:00:00Z"},
        {"type": "identify", "userId": "u1", "timestamp": "2026-01-01T11:00:00Z", "traits": {"email": "u1@example.com"}},
        {"type": "track", "userId": "u1", "event": "Order Completed", "timestamp": "2026-01-01T12:00:00Z", "properties": {"revenue": 5, "latitude": -33.4, "longitude": -70.6}},
        {"type": "track", "userId": "u1", "event": "Order Completed", "timestamp": "2026-01-01T12:00:00Z", "properties": {"revenue": 6}}, 7]}'),
    ('{"batch": 7}'), ('{"batch": []}'),
    ('{"type": "group", "userId": "u1", "groupId": "g7", "timestamp": "2026-01-02T00:00:00Z", "traits": {"name": "Acme", "industry": "Tools", "employees": 329, "plan": "gold", "website": "x"}}'),
    ('{"type": "alias", "userId": "u1", "previousId": "d2", "timestamp": "2026-01-03T00:00:00Z"}'),
    ('{"type": "page", "anonymousId": "d2", "timestamp": "2026-01-02T09:00:00Z"}'),
    ('{"type": "page", "userId": "old", "timestamp": "2026-01-02T09:00:00Z"}'),
    ('{"type": "alias", "userId": "u1", "previousId": "old", "timestamp": "2026-01-03T00:00:00Z"}');
SELECT * FROM cdp.ingest('web');
SELECT * FROM cdp.ingest('web');
SELECT r.source_key, k.name, e.occurred_at, e.amount, e.latitude, e.properties FROM cdp_data.event e JOIN cdp_data.record r USING (record_id) JOIN cdp_data.event_kind k USING (kind_id) JOIN cdp_data.source s ON s.source_id = e.source_id
WHERE s.name = 'web' ORDER BY e.occurred_at, e.amount, r.source_key;
SELECT reason, left(original, 60) AS original FROM cdp_data.reject j JOIN cdp_data.source s USING (source_id) WHERE s.name = 'web' ORDER BY 1;
SELECT source_key, email, company, details FROM cdp_data.record JOIN cdp_data.source USING (source_id) WHERE name = 'web' ORDER BY 1;
SELECT r.source_key, d.kind, d.value FROM cdp_data.record_identifier d JOIN cdp_data.record r USING (record_id) ORDER BY 1, 2, 3;
CALL cdp.resolve();
SELECT cdp.profile_of('web', 'device:d2') = cdp.profile_of('web', 'user:u1') AS visitor_is_user, cdp.profile_of('web', 'user:old') = cdp.profile_of('web', 'user:u1') AS old_name_is_user;
-- Depth, size, and what no JSON is.
TRUNCATE web;
ALTER TABLE web ALTER message TYPE text;
INSERT INTO web SELECT repeat('{"a":', n) || '1' || repeat('}', n) FROM unnest(ARRAY[2000, 100000]) n;
INSERT INTO web VALUES ('{"type":"page","userId":"u1","timestamp":"2026-01-05","properties":{"a":1,}}'), ('{"type":"page","userId":"u1","timestamp":"2026-01-05","properties":{"a":01}}'),
    ('{"type":"page","userId":"u1","timestamp":"2026-01-05","properties":{"a":1e400}}'), ('{"type":"page","userId":"u1","timestamp":"2026-01-05","properties":{"a":"\udc00"}}'),
    ('{"type":"page","userId":"u1","timestamp":"2026-01-05"}{}'), ('{"type":"page","userId":"u1","timestamp":"2026-01-05","properties":{"a":tru}}'), ('{'), ('{"a":"'), (E'{"a":"\t"}'),
    (E' {"type":"page","userId":"u1","messageId":"good","timestamp":"2026-01-05","properties":{"a":"\\u0041\\/","b":[[]],"c":{}}}\n ');
SELECT rows_read, rows_new, rows_rejected FROM cdp.ingest('web');
SELECT properties FROM cdp_data.event WHERE event_key = 'good';
DROP OWNED BY cdp_test_clerk;
DROP ROLE cdp_test_clerk;
