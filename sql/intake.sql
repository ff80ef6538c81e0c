-- Messages by SQL: one by one, in bulk, as webhooks; ids, repetitions, faults.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
CREATE VIEW happened AS
SELECT s.name AS source, e.event_key AS key, k.name AS kind, r.source_key AS person, e.occurred_at AS at, e.amount, e.currency, e.properties
FROM cdp_data.event e JOIN cdp_data.event_kind k USING (kind_id) JOIN cdp_data.record r USING (record_id) JOIN cdp_data.source s ON s.source_id = e.source_id;

-- The source is made on first use.
SELECT cdp.identify('u1', '{"email": "Ana@Example.com", "firstName": "Ana", "phone": "+56 9 6123 4567"}', message_id => 'm1', at => '2026-01-05 10:00+00');
SELECT cdp.track('u1', 'Order Completed', '{"order_id": "A-7", "revenue": 49.90, "currency": "EUR"}', message_id => 'm2', at => '2026-01-05 10:05+00', context => '{"ip": "10.0.0.1"}');
SELECT cdp.track('u1', 'Order Completed', '{"order_id": "A-7", "revenue": 49.90, "currency": "EUR"}', message_id => 'm2', at => '2026-01-05 10:05+00');
SELECT cdp.page(NULL, 'Home', '{"url": "https://example.com/"}', anonymous_id => 'browser-7', message_id => 'm3', at => '2026-01-05 09:00+00');
SELECT cdp.screen('u1', 'Basket', message_id => 'm4', at => '2026-01-05 09:30+00');
SELECT cdp.group_user('u1', 'acme', '{"name": "Acme Ltd"}', message_id => 'm5', at => '2026-01-05 09:40+00');
SELECT cdp.alias('u1', 'browser-7', message_id => 'm6', at => '2026-01-05 09:50+00');
-- Without an id each call is a message of its own.
SELECT cdp.track('u1', 'Ping', at => '2026-01-05 11:00+00') ~ '^sql-[0-9a-f-]{36}$', cdp.track('u1', 'Ping', at => '2026-01-05 11:00+00') ~ '^sql-';
SELECT c.name, c.format, s.kind, s.relation FROM cdp_data.connection c JOIN cdp_data.source s USING (name);
SELECT message_key, body FROM cdp_data.message WHERE message_key ~ '^m' ORDER BY message_key;
SELECT message FROM cdp_data.from_messages WHERE message ~ '"m3"' AND message !~ 'receivedAt';
SELECT rows_new, rows_changed, rows_rejected FROM cdp.ingest('messages');
SELECT kind, person, at, amount, currency FROM happened ORDER BY at, kind;
SELECT source_key, given_name, email FROM cdp_data.record ORDER BY 1;

-- In bulk: an object, an array, a batch with what its messages share.
SELECT * FROM cdp.ingest_messages('{"type": "track", "userId": "u2", "messageId": "b0", "event": "Visited", "timestamp": "2026-01-06T10:00:00Z"}');
SELECT * FROM cdp.ingest_messages('[{"type": "track", "userId": "u2", "messageId": "b0", "event": "Visited", "timestamp": "2026-01-06T10:00:00Z"},
    {"type": "track", "userId": "u2", "event": "Visited", "timestamp": "2026-01-06T11:00:00Z"}, {"timestamp": "2026-01-06T11:00:00Z", "type": "track", "event": "Visited", "userId": "u2"},
    5, null, "text", {"userId": "u2"}, {"type": 7, "userId": "u2"}, {"type": "track", "event": "Nobody"}]');
SELECT * FROM cdp.ingest_messages('{"sentAt": "2026-01-06T12:05:00Z", "context": {"ip": "1.2.3.4", "locale": "es"}, "writeKey": "secret", "batch": [
    {"type": "track", "userId": "u3", "messageId": "c1", "event": "Visited", "originalTimestamp": "2026-01-06T12:00:00Z", "context": {"ip": "9.9.9.9"}},
    {"type": "track", "userId": "u3", "messageId": "c2", "event": "Visited", "sentAt": "2026-01-06T13:00:00Z", "originalTimestamp": "2026-01-06T13:00:00Z"}]}', source => 'app');
SELECT message_key, body FROM cdp_data.message WHERE message_key ~ '^c' ORDER BY message_key;
SELECT * FROM cdp.ingest_messages('[]');
SELECT s.name, j.reason, j.original FROM cdp_data.reject j JOIN cdp_data.source s USING (source_id) ORDER BY j.original COLLATE "C";
-- They stay open when the source is read.
SELECT rows_new FROM cdp.ingest('messages');
SELECT count(*) FROM cdp_data.reject WHERE resolved_at IS NULL;
-- Large ones.
SELECT * FROM cdp.ingest_messages(jsonb_build_object('type', 'track', 'userId', 'u2', 'event', 'Big', 'properties', jsonb_build_object('document', (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 40000) n))));
SELECT reason, suggestion, length(original) FROM cdp_data.reject WHERE reason ~ 'larger';
SELECT cdp.track('u2', 'Big', jsonb_build_object('document', (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 40000) n)));
-- A batch of ten thousand in one call.
SELECT * FROM cdp.ingest_messages((SELECT jsonb_agg(jsonb_build_object('type', 'track', 'userId', 'bulk' || n % 100, 'messageId', 'bulk-' || n % 9000, 'event', 'Pinged', 'timestamp', '2026-01-07T10:00:00Z')) FROM generate_series(1, 10000) n), source => 'bulk');

-- Errors.
SELECT cdp.track('', 'Visited');
SELECT cdp.track(NULL, 'Visited', anonymous_id => ' ');
SELECT cdp.track('u1', '');
SELECT cdp.track('u1', 'Visited', '[1]');
SELECT cdp.track('u1', 'Visited', message_id => repeat('x', 301));
SELECT cdp.identify('u1', '"ana"');
SELECT cdp.group_user('u1', NULL);
SELECT cdp.alias('u1', NULL);
SELECT cdp.track('u1', 'Visited', source => 'Bad Name');
SELECT * FROM cdp.ingest_messages('5');
SELECT * FROM cdp.ingest_messages(NULL);
SELECT view_name FROM cdp.connect_source('hook', format => 'sendgrid_webhook');
SELECT cdp.track('u1', 'Visited', source => 'hook');
SELECT * FROM cdp.receive_webhook('app', '{"type": "track", "userId": "u3", "messageId": "c3", "event": "Visited"}');
SELECT * FROM cdp.receive_webhook('app', 'type=track');
CREATE TABLE landing (id int PRIMARY KEY, email text);
SELECT count(*) FROM cdp.add_source('crm', 'landing');
SELECT cdp.track('u1', 'Visited', source => 'crm');

-- What was stored long ago is deleted, what was not read never.
SELECT cdp.purge_messages('1 day', 'app');
UPDATE cdp_data.message SET received_at = clock_timestamp() - interval '100 days';
SELECT cdp.purge_messages(source => 'app'), cdp.purge_messages(source => 'messages') > 5 AS purged;
SELECT cdp.purge_messages(source => 'hook');
SELECT cdp.purge_messages('-1 day');
-- Without a store.
SET client_min_messages = warning;
SELECT cdp.uninstall(confirm => 'cdp_data');
SELECT cdp.track('u1', 'Visited');
SELECT * FROM cdp.receive_webhook('hook', '[]');
SELECT * FROM cdp.connect_source('x', format => 'segment');
SELECT cdp.convert_money(1, 'EUR');
SELECT * FROM cdp.check_tracking_plan();
