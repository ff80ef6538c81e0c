-- Google Analytics' export, and messages of the Segment specification in a table.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
CREATE SCHEMA landing;

CREATE VIEW happened AS
SELECT s.name AS source, e.event_key AS key, k.name AS kind, k.money_sign AS sign, r.source_key AS person, e.occurred_at AS at, e.amount, e.currency, e.properties
FROM cdp_data.event e JOIN cdp_data.event_kind k USING (kind_id) JOIN cdp_data.record r USING (record_id) JOIN cdp_data.source s ON s.source_id = e.source_id;

-- An order of three lines, one of a guest by telephone, one refunded in part, one cancelled before it was paid, one cancelled and refunded.

CREATE TABLE landing.ga4 (message text);
INSERT INTO landing.ga4 VALUES
 ('{"event_date":"20260105","event_timestamp":"1767607200000000","event_name":"page_view","user_pseudo_id":"111.222","event_params":[{"key":"page_location","value":{"string_value":"https://shop.example/"}},{"key":"ga_session_id","value":{"int_value":"1767607100"}},{"key":"engagement_time_msec","value":{"int_value":"1200"}}],"geo":{"country":"Chile","city":"Santiago"},"device":{"category":"mobile","web_info":{"browser":"Chrome"}},"traffic_source":{"source":"firsttouch"},"collected_traffic_source":{"manual_source":"news","manual_medium":"email","manual_campaign_name":"summer"},"batch_page_id":"1","batch_ordering_id":"1","batch_event_index":"1"}'),
 ('{"event_date":"20260105","event_timestamp":"1767607200000000","event_name":"page_view","user_pseudo_id":"111.222","event_params":[{"key":"page_location","value":{"string_value":"https://shop.example/"}}],"batch_page_id":"1","batch_ordering_id":"1","batch_event_index":"2"}'),
 ('{"event_timestamp":"1767607260000001","event_name":"purchase","user_pseudo_id":"111.222","user_id":"u1","event_params":[{"key":"currency","value":{"string_value":"eur"}},{"key":"value","value":{"double_value":59.9}},{"key":"transaction_id","value":{"string_value":"T-1"}}],"ecommerce":{"transaction_id":"T-1","purchase_revenue":54.9,"total_item_quantity":2,"shipping_value":5},"items":[{"item_id":"A","item_name":"Jam","price":27.45,"quantity":2}]}'),
 ('{"event_timestamp":"1767607320000000","event_name":"purchase","user_pseudo_id":"111.222","user_id":"u1","event_params":[{"key":"transaction_id","value":{"string_value":"T-1"}}],"ecommerce":{"transaction_id":"T-1","purchase_revenue":54.9}}'),
 ('{"event_timestamp":"1767607380000000","event_name":"refund","user_pseudo_id":"111.222","user_id":"u1","event_params":[{"key":"currency","value":{"string_value":"EUR"}}],"ecommerce":{"transaction_id":"T-1","refund_value":10}}'),
 ('{"event_timestamp":"1767607380000000","event_name":"purchase","user_pseudo_id":"333.444","event_params":[],"ecommerce":{"transaction_id":"(not set)","purchase_revenue":1}}'),
 ('{"event_timestamp":"1767607380000000","event_name":"add_to_cart","user_pseudo_id":"333.444","event_params":[{"key":"value","value":{"float_value":12.5}}, {"key":"flag","value":{}}, "junk", {"value":{"int_value":"1"}}]}'),
 ('{"event_timestamp":"1767607380000000","event_name":"page_view","privacy_info":{"analytics_storage":"No"}}'),
 ('{"event_timestamp":"never","event_name":"page_view","user_pseudo_id":"5.5"}'),
 ('{"event_name": "cut off'),
 ('[1]'), ('');
SELECT * FROM cdp.connect_source('ga4', 'landing.ga4', format => 'ga4');
SELECT * FROM cdp.ingest('ga4');
SELECT kind, sign, person, at, amount, currency, properties FROM happened ORDER BY at, kind, person, properties;
SELECT r.source_key, i.kind, i.value FROM cdp_data.record_identifier i JOIN cdp_data.record r USING (record_id) ORDER BY 1, 2, 3;
SELECT reason, left(original, 100) AS original FROM cdp_data.reject ORDER BY 2;
SELECT order_id, sum(net_amount) FROM cdp_data.event_money WHERE currency = 'EUR' GROUP BY 1;
-- Delivered again by the table of the day, with more in it: the same events.
INSERT INTO landing.ga4 SELECT replace(message, '"event_name"', '"is_active_user":true,"event_name"') FROM landing.ga4 WHERE message ~ '^\{.*\}$';
SELECT rows_new, rows_rejected FROM cdp.ingest('ga4');
-- Rows in columns, nested ones as JSON.
CREATE TABLE landing.ga4_columns (event_date text, event_timestamp bigint, event_name text, user_pseudo_id text, event_params text, items jsonb, ecommerce text);
INSERT INTO landing.ga4_columns VALUES ('20260106', 1767693600000000, 'page_view', '9.9', '[{"key":"page_title","value":{"string_value":"Home"}}]', NULL, NULL), ('20260106', 1767693660000000, 'purchase', '9.9', 'not json', '[]', '{"transaction_id":"T-9","purchase_revenue":"7.5"}');
SELECT * FROM cdp.connect_source('ga4_columns', 'landing.ga4_columns', format => 'ga4');
SELECT * FROM cdp.ingest('ga4_columns');
SELECT kind, person, at, amount, properties FROM happened WHERE source = 'ga4_columns' ORDER BY at;
CREATE TABLE landing.nothing (n int);
SELECT * FROM cdp.connect_source('nothing', 'landing.nothing', format => 'ga4');

-- Messages in a table: the column is found, the time of receipt is the receiver's.
CREATE TABLE landing.segment (id int, payload jsonb, received_at timestamptz);
INSERT INTO landing.segment VALUES
    (1, '{"type": "identify", "userId": "u7", "messageId": "i1", "timestamp": "2026-01-05T10:00:00Z", "traits": {"email": "ana@example.com", "firstName": "Ana"}}', '2026-01-05 10:00+00'),
    (2, '{"type": "track", "userId": "u7", "messageId": "t1", "event": "Order Completed", "originalTimestamp": "2026-01-05T09:00:00Z", "sentAt": "2026-01-05T09:05:00Z", "properties": {"revenue": 5, "currency": "EUR"}}', '2026-01-05 10:05+00');
SELECT * FROM cdp.connect_source('seg', 'landing.segment', format => 'segment');
SELECT * FROM cdp.ingest('seg');
SELECT kind, person, at, amount, currency FROM happened WHERE source = 'seg';
