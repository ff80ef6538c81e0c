-- Sources of events and of messages: every kind of row, delivered once, twice, changed, too early and broken.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
CREATE VIEW stored AS
SELECT s.name AS source, e.event_key AS key, r.source_key AS person, k.name AS kind, e.occurred_at, e.amount, e.currency, e.properties
FROM cdp_data.event e JOIN cdp_data.record r USING (record_id) JOIN cdp_data.event_kind k USING (kind_id) JOIN cdp_data.source s ON s.source_id = e.source_id;
CREATE VIEW refused AS
SELECT s.name AS source, j.source_key AS key, j.attribute, j.value, j.reason, j.resolved_at IS NOT NULL AS resolved, j.original
FROM cdp_data.reject j JOIN cdp_data.source s USING (source_id);

CREATE TABLE people (id int PRIMARY KEY, email text);
INSERT INTO people VALUES (1, 'ana@example.com'), (2, 'bo@example.com');
CREATE TABLE orders (nr text, customer int, at timestamptz, total numeric, ccy text, shop text, items int, gift boolean);

-- Errors first: what an event source must say.
SELECT cdp.add_source('orders', 'orders', key => 'nr', kind => 'events', event_kind => 'purchase', person_source => 'people',
                      mapping => '{"customer": "person_key", "at": "occurred_at"}');
SELECT count(*) FROM cdp.add_source('people', 'people');
SELECT cdp.add_source('orders', 'orders', key => 'nr', kind => 'events', event_kind => 'purchase', mapping => '{"customer": "person_key", "at": "occurred_at"}');
SELECT cdp.add_source('orders', 'orders', key => 'nr', kind => 'events', event_kind => 'purchase', person_source => 'peple', mapping => '{"customer": "person_key", "at": "occurred_at"}');
SELECT cdp.add_source('orders', 'orders', key => 'nr', kind => 'events', event_kind => 'purchase', person_source => 'people', mapping => '{"customer": "person_key"}');
SELECT cdp.add_source('orders', 'orders', key => 'nr', kind => 'events', event_kind => 'purchase', person_source => 'people', mapping => '{"total": "amount"}');
SELECT cdp.add_source('orders', 'orders', key => 'nr', kind => 'events', person_source => 'people', mapping => '{"customer": "person_key", "at": "occurred_at"}');
SELECT cdp.add_source('orders', 'orders', key => 'nr', kind => 'events', event_kind => ' ', person_source => 'people', mapping => '{"customer": "person_key", "at": "occurred_at"}');
SELECT cdp.add_source('orders', 'orders', key => 'nr', kind => 'events', event_kind => 'purchase', person_source => 'people', mapping => '{"customer": "person_key", "at": "occurred_at", "shop": "event_kind"}');
SELECT cdp.add_source('orders', 'orders', key => 'nr', kind => 'events', event_kind => 'purchase', person_source => 'people', mapping => '{"customer": "person_key", "at": "occurred_at", "shop": "Shop Name"}');
SELECT cdp.add_source('orders', 'orders', key => 'nr', kind => 'events', event_kind => 'purchase', person_source => 'people', mapping => '{"customer": "person_key", "at": "occurred_at", "shop": "where", "ccy": "where"}');
SELECT cdp.add_source('orders', 'orders', kind => 'events', event_kind => 'purchase', person_source => 'people', mapping => '{"customer": "person_key", "at": "occurred_at"}');
SELECT name FROM cdp_data.source;

-- People that other sources refer to stay.
BEGIN;
SELECT count(*) FROM cdp.add_source('orders', 'orders', key => 'nr', kind => 'events', event_kind => 'purchase', person_source => 'people', mapping => '{"customer": "person_key", "at": "occurred_at"}');
SELECT cdp.remove_source('people');
ROLLBACK;

-- A suggested mapping.
CREATE TABLE bookings (booking_id int PRIMARY KEY, customer_id int, created_at timestamptz, total numeric, currency text, type text, channel text);
SELECT column_name, target, confidence, reason FROM cdp.suggest_mapping('bookings', 'events');
BEGIN;
SELECT * FROM cdp.add_source('bookings', 'bookings', kind => 'events', event_kind => 'booking', person_source => 'people');
SELECT * FROM cdp.add_source('bookings2', 'bookings', kind => 'events', person_source => 'people');
ROLLBACK;

-- Typed columns.
SELECT * FROM cdp.add_source('orders', 'orders', key => 'nr', kind => 'events', event_kind => 'purchase', person_source => 'people',
    mapping => '{"customer": "person_key", "at": "occurred_at", "total": "amount", "ccy": "currency", "shop": "shop", "items": "items", "gift": "gift"}');
SELECT * FROM cdp.ingest('orders');
INSERT INTO orders VALUES
    ('a1', 1, '2026-01-03 10:00+00', 19.999, 'eur', 'North', 2, true),
    ('a2', 1, '2026-01-04 23:30-03', 5, NULL, NULL, NULL, NULL),
    ('a3', 2, '2026-01-05 12:00+00', NULL, 'EUR', 'South', 1, false),
    ('a3', 2, '2026-01-05 12:00+00', NULL, 'EUR', 'South', 1, false);
SELECT * FROM cdp.ingest('orders');
SELECT key, person, kind, occurred_at, amount, currency, properties FROM stored ORDER BY key;
SELECT * FROM cdp.ingest('orders');
-- One is changed, one comes before its person, who is known later.
UPDATE orders SET total = 6 WHERE nr = 'a2';
INSERT INTO orders VALUES ('a4', 3, '2026-01-06', 7, NULL, 'West', 1, NULL);
SELECT * FROM cdp.ingest('orders');
SELECT source_key, email, content_hash IS NULL AS is_placeholder FROM cdp_data.record ORDER BY source_key;
INSERT INTO people VALUES (3, 'carl@example.com');
SELECT * FROM cdp.ingest('people');
SELECT source_key, email, content_hash IS NULL AS is_placeholder FROM cdp_data.record ORDER BY source_key;
SELECT key, person, amount FROM stored ORDER BY key;
-- An event that turns out to be somebody else's moves.
UPDATE orders SET customer = 3 WHERE nr = 'a2';
SELECT * FROM cdp.ingest('orders');
SELECT key, person, amount FROM stored WHERE key = 'a2';

-- What cannot be an event, or not with this amount.
TRUNCATE orders;
INSERT INTO orders VALUES
    (NULL, 1, '2026-01-01', 1), ('b1', NULL, '2026-01-01', 1), ('b2', 1, NULL, 1), ('b3', 1, 'infinity', 1), ('b4', 1, '-infinity', 1),
    ('b5', 1, '2926-01-01', 1), ('b6', 1, '1815-06-18', 1), ('b7', 1, '2026-01-01', 'NaN'), ('b8', 1, '2026-01-01', 1e14),
    ('b9', 1, '2026-01-01', 99999999999999.99996), ('b10', 1, '2026-01-01', 'Infinity'), ('b11', 1, '2026-01-01', -99999999999999.9999),
    ('b12', 1, '2026-01-01', 1e300);
SELECT * FROM cdp.ingest('orders');
SELECT key, amount FROM stored WHERE key LIKE 'b%';
SELECT key, attribute, reason, resolved FROM refused ORDER BY key COLLATE "C", reason;
SELECT original FROM refused WHERE key = 'b3';
-- Corrected, they are stored and no longer refused; again faulty, they are again.
UPDATE orders SET at = '2026-01-07', total = 2 WHERE nr IN ('b2', 'b3');
SELECT * FROM cdp.ingest('orders');
SELECT count(*), count(*) FILTER (WHERE resolved) AS resolved FROM refused;
UPDATE orders SET at = 'infinity' WHERE nr = 'b3';
SELECT * FROM cdp.ingest('orders');
SELECT reason, resolved FROM refused WHERE key = 'b3' ORDER BY original;

-- Text columns, the content as key, kinds from a column; nothing depends on the session.
CREATE TABLE log (who text, "when" text, what text, value text, "Page Title" text, seen timestamptz, score float8);
INSERT INTO log VALUES
    ('1', '2026-02-01 10:00', 'Visit', '1.234,50', 'Home', '2026-02-01 10:00+00', 0.1),
    ('1', '2026-02-01 10:00', 'Visit', '1.234,50', 'Home', '2026-02-01 10:00+00', 0.1),
    (' 2 ', '03/02/2026 08:15', 'call', NULL, NULL, NULL, NULL),
    ('2', 'yesterday', 'call', NULL, NULL, NULL, NULL),
    ('2', '2026-02-05', 'call', 'a lot', NULL, NULL, NULL),
    ('2', '2026-02-06', ' ', '1', NULL, NULL, NULL);
SELECT column_name, target, confidence, reason FROM cdp.suggest_mapping('log', 'events');
SELECT * FROM cdp.add_source('log', 'log', key => '*', kind => 'events', person_source => 'people', time_zone => 'America/Santiago', mapping =>
    '{"who": "person_key", "when": "occurred_at", "what": "event_kind", "value": "amount", "Page Title": "title", "seen": "seen", "score": "score"}');
SELECT * FROM cdp.ingest('log');
SELECT person, kind, occurred_at, amount, currency, properties FROM stored WHERE source = 'log' ORDER BY occurred_at;
SELECT attribute, value, reason, resolved FROM refused WHERE source = 'log' ORDER BY reason COLLATE "C";
SET timezone = 'Asia/Tokyo';
SET extra_float_digits = 0;
SELECT * FROM cdp.ingest('log');
RESET extra_float_digits;
SET timezone = 'UTC';
UPDATE log SET value = '3' WHERE value = 'a lot';
SELECT * FROM cdp.ingest('log');
SELECT attribute, value, resolved FROM refused WHERE source = 'log' AND attribute IS NOT NULL;

-- Properties declare themselves; a number that turns out to be text becomes text.
SELECT k.name, p.property, p.value_type FROM cdp_data.event_property p JOIN cdp_data.event_kind k USING (kind_id) ORDER BY 1, 2;
ALTER TABLE orders ALTER items TYPE text;
TRUNCATE orders;
INSERT INTO orders VALUES ('c1', 1, '2026-03-01', 1, NULL, 'North', 'a dozen', NULL);
SELECT rows_new FROM cdp.ingest('orders');
SELECT p.property, p.value_type FROM cdp_data.event_property p JOIN cdp_data.event_kind k USING (kind_id) WHERE k.name = 'purchase' ORDER BY 1;
SELECT s.name, k.name AS kind, c.loaded_from, c.fresh_through FROM cdp_data.coverage c JOIN cdp_data.source s USING (source_id) JOIN cdp_data.event_kind k USING (kind_id) ORDER BY 1, 2;
-- Independent check: the span is that of the events.
SELECT count(*) AS wrong_spans
FROM cdp_data.coverage c JOIN (SELECT source_id, kind_id, min(occurred_at) AS first, max(occurred_at) AS last FROM cdp_data.event GROUP BY 1, 2) AS e USING (source_id, kind_id)
WHERE c.loaded_from > e.first OR c.fresh_through < e.last;

-- Segment-spec messages.
CREATE TABLE web (line int, message text);
SELECT cdp.add_source('web', 'web', kind => 'messages', mapping => '{"line": "message", "message": "message"}');
SELECT cdp.add_source('web', 'web', kind => 'messages', mapping => '{"message": "email"}');
SELECT cdp.add_source('web', 'orders', kind => 'messages');
SELECT * FROM cdp.add_source('web', 'web', kind => 'messages');
SELECT * FROM cdp.ingest('web');
INSERT INTO web VALUES
    -- two identify messages of one person, the later one in the first row
    (1, '{"type":"identify","messageId":"m1","userId":"u1","anonymousId":"d1","timestamp":"2026-01-02T00:00:00Z","traits":{"firstName":"Ana","lastName":"Rojas","email":"Ana@Example.com","address":{"city":"Santiago"},"company":{"name":"Acme"}}}'),
    (2, '{"type":"identify","messageId":"m2","userId":"u1","timestamp":"2026-01-01T00:00:00Z","traits":{"firstName":"Anna","phone":"+56 9 6123 4567","email":null}}'),
    -- the clock of the client is five minutes slow: receivedAt - (sentAt - originalTimestamp)
    (3, '{"type":"track","messageId":"m3","userId":"u1","event":"Order Completed","originalTimestamp":"2026-01-03T09:54:50Z","sentAt":"2026-01-03T09:55:00Z","receivedAt":"2026-01-03T10:00:00Z","properties":{"revenue":"12.50","currency":"clp","category":"books","nested":{"a":1},"empty":null}}'),
    (4, '{"type":"page","messageId":"m4","anonymousId":"d1","name":"Home","timestamp":"2026-01-01T12:00:00Z","properties":{"path":"/"}}'),
    (5, '{"type":"page","messageId":"m4","anonymousId":"d1","name":"Home","timestamp":"2026-01-01T12:00:00Z","properties":{"path":"/"}}'),
    (6, '{"type":"screen","anonymousId":"d9","timestamp":"2026-01-01T13:00:00+01:00"}'),
    (7, 'not JSON'), (8, '[1, 2]'), (9, '{"type":"track"'), (10, '{"userId":"u1"}'), (11, '{"type":"dance","userId":"u1"}'),
    (12, '{"type":"page","timestamp":"2026-01-01"}'), (13, '{"type":"page","userId":"u1"}'), (14, '{"type":"track","userId":"u1","timestamp":"2026-01-01"}'),
    (15, '{"type":"page","userId":"u1","timestamp":"2926-01-01"}'), (16, '"\u0000"'), (17, ''), (18, NULL), (19, '{"type":"identify","userId":"u2","timestamp":"2026-01-01","traits":[1]}'),
    (20, '{"type":"identify","userId":"u3","timestamp":"2026-01-01","traits":{"email":"nonsense","address":"a street","company":3,"firstName":{"x":1}}}'),
    (21, '{"type":"alias","userId":"u1","previousId":"d1","timestamp":"2026-01-01"}'),
    (22, '{"type":7,"userId":"u1","timestamp":"2026-01-01"}'),
    (23, '{"type":"page","userId":{"a":[]},"timestamp":"2026-01-01"}'),
    (24, '{"type":"identify","userId":"u1","timestamp":"2926-01-01","traits":{"firstName":"Future"}}'),
    (25, '{"type":"page","userId":42,"timestamp":"2026-01-05"}');
SELECT * FROM cdp.ingest('web');
SELECT r.source_key, r.given_name, r.family_name, r.email, r.phone, r.city, r.company FROM cdp_data.record r JOIN cdp_data.source USING (source_id) WHERE name = 'web' ORDER BY 1;
SELECT r.source_key, d.kind, d.value FROM cdp_data.record_identifier d JOIN cdp_data.record r USING (record_id) ORDER BY 1, 2, 3;
SELECT CASE WHEN key ~ '^[0-9a-f]{32}$' THEN 'a hash' ELSE key END AS key, person, kind, occurred_at, amount, currency, properties FROM stored WHERE source = 'web' ORDER BY occurred_at, person;
SELECT attribute, reason, left(coalesce(value, original), 60) AS original FROM refused WHERE source = 'web' AND NOT resolved ORDER BY reason COLLATE "C", original;
SELECT * FROM cdp.ingest('web');
-- A later message adds to what is known and leaves the rest.
INSERT INTO web VALUES (30, '{"type":"identify","messageId":"m30","userId":"u1","timestamp":"2026-02-01T00:00:00Z","traits":{"city":"x","address":{"city":"Lima"},"gender":"f"}}');
SELECT * FROM cdp.ingest('web');
SELECT given_name, family_name, email, phone, city, gender FROM cdp_data.record WHERE source_key = 'user:u1';
-- The landing table keeps the last day only: nobody forgets what was said before.
DELETE FROM web WHERE line < 30;
SELECT * FROM cdp.ingest('web');
SELECT given_name, family_name, email, phone, city, gender FROM cdp_data.record WHERE source_key = 'user:u1';
SELECT count(*), count(*) FILTER (WHERE resolved) AS resolved FROM refused WHERE source = 'web' AND attribute IS NULL;

-- Events of other sources find the users of a message source by their userId.
CREATE TABLE calls (id int PRIMARY KEY, "user" text, at timestamptz);
INSERT INTO calls VALUES (1, 'u1', '2026-02-02'), (2, 'u77', '2026-02-02');
SELECT count(*) FROM cdp.add_source('calls', 'calls', kind => 'events', event_kind => 'call', person_source => 'web', mapping => '{"user": "person_key", "at": "occurred_at"}');
SELECT * FROM cdp.ingest('calls');
SELECT person, kind FROM stored WHERE source = 'calls' ORDER BY person;

-- A device of one user is that user; a device of two users, or of nobody, stays a visitor of its own.
TRUNCATE web;
INSERT INTO web VALUES
    (1, '{"type":"page","messageId":"n1","anonymousId":"shared","timestamp":"2026-01-01T12:00:00Z"}'),
    (2, '{"type":"identify","messageId":"n2","userId":"u5","anonymousId":"shared","timestamp":"2026-01-01T12:01:00Z","traits":{"email":"five@example.com"}}'),
    (3, '{"type":"identify","messageId":"n3","userId":"u6","anonymousId":"shared","timestamp":"2026-01-01T12:02:00Z","traits":{"email":"six@example.com"}}');
SELECT * FROM cdp.ingest('web');
CALL cdp.resolve();
SELECT cdp.profile_of('web', 'device:d1') = cdp.profile_of('web', 'user:u1') AS device_of_one_user,
       cdp.profile_of('web', 'device:shared') IN (cdp.profile_of('web', 'user:u5'), cdp.profile_of('web', 'user:u6')) AS device_of_two_users,
       cdp.profile_of('web', 'user:u5') = cdp.profile_of('web', 'user:u6') AS two_users;
SELECT r.source_key, f.status FROM cdp_data.profile f JOIN cdp_data.record r USING (profile_id) JOIN cdp_data.source s USING (source_id) WHERE s.name = 'web' ORDER BY 1;
SELECT event, occurred_at, source FROM cdp.timeline(cdp.profile_of('web', 'user:u1'));
