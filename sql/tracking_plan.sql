-- The tracking plan: what is agreed, what breaks it, counted once.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
CREATE VIEW violation AS SELECT s.name AS source, v.event_kind, v.property, v.reason, v.severity, v.events, v.example FROM cdp_data.plan_violation v JOIN cdp_data.source s USING (source_id);

-- Without a plan there is nothing to break.
SELECT * FROM cdp.ingest_messages('[{"type": "track", "userId": "u1", "messageId": "m0", "event": "Purchase", "timestamp": "2026-01-05T10:00:00Z", "properties": {"total": 5, "channel": "fax"}}]');
SELECT rows_new FROM cdp.ingest('messages');
SELECT * FROM cdp.check_tracking_plan();
SELECT cdp.plan_event('purchase', property => 'amount', value_type => 'number', is_required => true, minimum => 0.01, maximum => 10000);
SELECT cdp.plan_event('purchase', property => 'channel', value_type => 'text', allowed_values => '{web,store}', is_required => true, severity => 'error', description => 'Where it was bought');
SELECT cdp.plan_event('purchase', property => 'coupon', pattern => '^[A-Z]{2}-[0-9]+$');
SELECT cdp.plan_event('purchase', property => 'gift', value_type => 'boolean');
SELECT cdp.plan_event('purchase', property => 'delivery', value_type => 'date');
SELECT cdp.plan_event('purchase', property => 'total', value_type => 'number');
SELECT cdp.plan_event('purchase', property => 'products', value_type => 'list');
SELECT cdp.plan_event('page_viewed', property => '*');
SELECT * FROM cdp_data.tracking_plan ORDER BY 1, 2 LIMIT 0;
SELECT event_kind, property, value_type, is_required, allowed_values, minimum, maximum, pattern, severity FROM cdp_data.tracking_plan ORDER BY 1, 2;
-- Made later, it looks at what came before, once.
SELECT * FROM cdp.check_tracking_plan();
SELECT * FROM cdp.check_tracking_plan();
SELECT * FROM violation;

SELECT * FROM cdp.ingest_messages('[
 {"type": "track", "userId": "u1", "messageId": "m1", "event": "Purchase", "timestamp": "2026-01-05T10:00:00Z", "properties": {"total": 5, "channel": "web", "coupon": "AB-1", "gift": true, "delivery": "2026-01-07", "products": []}},
 {"type": "track", "userId": "u1", "messageId": "m2", "event": "Purchase", "timestamp": "2026-01-05T10:01:00Z", "properties": {"total": 0, "channel": "phone", "coupon": "x", "gift": "yes", "delivery": "soon", "products": {"a": 1}, "colour": "red"}},
 {"type": "track", "userId": "u1", "messageId": "m3", "event": "Purchase", "timestamp": "2026-01-05T10:02:00Z", "properties": {"total": 20000, "channel": "", "coupon": null, "colour": "paid with 4111111111111111"}},
 {"type": "track", "userId": "u1", "messageId": "m4", "event": "Purchase", "timestamp": "2026-01-05T10:03:00Z", "properties": {"channel": "web"}},
 {"type": "track", "userId": "u1", "messageId": "m5", "event": "Mystery", "timestamp": "2026-01-05T10:04:00Z"},
 {"type": "page", "userId": "u1", "messageId": "m6", "name": "Home", "timestamp": "2026-01-05T10:05:00Z", "properties": {"anything": 1}}]');
SELECT rows_new, rows_rejected FROM cdp.ingest('messages');
SELECT * FROM violation ORDER BY event_kind, property COLLATE "C", reason;
-- Nothing new, nothing counted twice.
SELECT rows_new FROM cdp.ingest('messages');
SELECT sum(events) FROM violation;
-- The plan is changed, and all is counted anew: an independent count by plain SQL.
SELECT cdp.plan_event('purchase', property => 'colour', value_type => 'text');
SELECT count(*) FROM cdp.check_tracking_plan(since => '-infinity');
SELECT * FROM violation WHERE property = 'colour';
SELECT (SELECT events FROM violation WHERE property = 'channel' AND reason ~ 'allowed') =
       (SELECT count(*) FROM cdp_data.event e JOIN cdp_data.event_kind k USING (kind_id) WHERE k.name = 'purchase' AND e.properties ->> 'channel' NOT IN ('web', 'store', '')) AS same_channel,
       (SELECT events FROM violation WHERE property = 'channel' AND reason ~ 'missing') =
       (SELECT count(*) FROM cdp_data.event e JOIN cdp_data.event_kind k USING (kind_id) WHERE k.name = 'purchase' AND coalesce(e.properties ->> 'channel', '') = '') AS same_missing;
-- Kinds and properties declare themselves all the same.
SELECT k.name FROM cdp_data.event_kind k ORDER BY 1;

-- A file of texts: a text that reads as a number is one.
CREATE TABLE people (id text PRIMARY KEY, email text);
INSERT INTO people VALUES ('1', 'ana@example.com');
CREATE TABLE visit (nr text PRIMARY KEY, who text, day text, minutes text, cheerful text);
INSERT INTO visit VALUES ('a', '1', '2026-01-05', '12', 'yes'), ('b', '1', '2026-01-06', 'many', 'perhaps');
SELECT count(*) FROM cdp.add_source('people', 'people');
SELECT count(*) FROM cdp.add_source('visits', 'visit', kind => 'events', person_source => 'people', event_kind => 'visit',
    mapping => '{"who": "person_key", "day": "occurred_at", "minutes": "minutes", "cheerful": "cheerful"}');
SELECT cdp.plan_event('visit', property => 'minutes', value_type => 'number', minimum => 0), cdp.plan_event('visit', property => 'cheerful', value_type => 'boolean');
SELECT rows_new FROM cdp.ingest('visits');
SELECT * FROM violation WHERE source = 'visits' ORDER BY property;

-- Errors.
SELECT cdp.plan_event('');
SELECT cdp.plan_event('purchase', property => 'x', value_type => 'money');
SELECT cdp.plan_event('purchase', property => 'x', severity => 'fatal');
SELECT cdp.plan_event('purchase', property => 'x', minimum => 2, maximum => 1);
SELECT cdp.plan_event('purchase', property => 'x', pattern => '(');
SELECT cdp.plan_event('purchase', value_type => 'number');
SELECT cdp.plan_event('purchase', property => '*', is_required => true);
SELECT * FROM cdp.check_tracking_plan('messagges');
\set VERBOSITY terse
INSERT INTO cdp_data.tracking_plan (event_kind, property, minimum, maximum) VALUES ('purchase', 'y', 2, 1);
