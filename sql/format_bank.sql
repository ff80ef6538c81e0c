-- Card transactions: local time, merchant categories, signs, reversals, places, numbers that must not be kept.
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

-- Categories: spans do not overlap but where a narrower one is meant, and well-known codes are where one looks for them.
SELECT code, cdp.merchant_category(code) FROM unnest(ARRAY['5812', '5814', '5411', '5541', '3012', '3750', '4511', '7011', '6011', '742', '0742', '8011', '9399', '1', '99999', 'food', NULL]) code;
SELECT count(*) AS wrong FROM generate_series(0, 9999) code
WHERE cdp.merchant_category(code::text) IS DISTINCT FROM (SELECT category FROM cdp_data.merchant_category WHERE code BETWEEN first_code AND last_code ORDER BY last_code - first_code LIMIT 1);
SELECT a.first_code, b.first_code FROM cdp_data.merchant_category a JOIN cdp_data.merchant_category b ON a.first_code < b.first_code AND a.last_code >= b.first_code
WHERE NOT (b.last_code <= a.last_code AND b.last_code - b.first_code < a.last_code - a.first_code);

-- The clock of the terminal, with and without leading zeros, with and without its zone; on the days when clocks change.
SELECT day, clock, zone, (t).at, (t).local FROM (VALUES ('2026-01-08', '20:15', NULL), ('2026-01-08', '2015', NULL), ('2026-01-08', '93005', NULL), ('2026-01-08', '930', NULL), ('08/01/2026', '20:15:30', 'Europe/Madrid'),
    ('2026-01-08 20:15', NULL, 'Not/AZone'), ('2026-01-08T20:15:00Z', NULL, NULL), ('2026-03-29', '02:30', 'Europe/Madrid'), ('2026-10-25', '02:30', 'Europe/Madrid'), ('yesterday', NULL, NULL), (NULL, '10:00', NULL)) AS v(day, clock, zone),
    LATERAL (SELECT cdp._local_time(day, clock, zone, 'America/Santiago', 'dmy') AS t) AS x;

-- A bank of Chile: decimal commas, day first, debit and credit in a column.
SELECT * FROM cdp.load_csv('landing.cards', $csv$transaction_id;fecha;hora;monto;moneda;tipo;debito_credito;mcc;comercio;ciudad;pais;latitud;longitud;id_cliente;codigo_respuesta;id_original;zona_horaria
t1;08/01/2026;201530;45.000,00;CLP;compra;D;5812;LA MAR;Santiago;CL;-33,4378;-70,6504;C1;00;;
t2;15/01/2026;211000;38.500,50;CLP;compra;D;5812;LA MAR;Santiago;CL;-33,4378;-70,6504;C1;00;;
t3;16/01/2026;100000;38.500,50;CLP;reversa;C;5812;LA MAR;Santiago;CL;;;C1;00;t2;
t4;22/01/2026;213000;120,00;EUR;compra;D;5812;CASA LUCIO;Madrid;ES;40,4128;-3,7086;C1;00;;Europe/Madrid
t5;23/01/2026;90500;50.000,00;CLP;giro;D;6011;ATM;Santiago;CL;0;0;C2;00;;
t6;24/01/2026;120000;10.000,00;CLP;compra;D;742;VET;Lima;PE;95,0;10,0;C2;51;;
t7;25/01/2026;120000;1.234;CLP;devolución;C;5651;ROPA;Santiago;CL;;;C2;00;t6;
t8;26/01/2026;120000;mucho;CLP;compra;D;5651;ROPA;Santiago;CL;;;C2;00;;
t9;31/02/2026;120000;10,00;CLP;compra;D;5651;ROPA;Santiago;CL;;;C2;00;;
t10;27/01/2026;120000;10,00;CLP;compra;D;5651;ROPA;Santiago;CL;;;;00;;
$csv$);
SELECT * FROM cdp.connect_source('bank', 'landing.cards', format => 'card_transactions', country => 'CL', time_zone => 'America/Santiago', currency => 'CLP');
SELECT date_order, decimal_mark, debit_sign FROM cdp_data.connection;
SELECT * FROM cdp.ingest('bank');
SELECT * FROM cdp.ingest('bank_events');
SELECT key, kind, sign, person, at, amount, currency, properties ->> 'category' AS category, properties ->> 'local_time' AS local_time, properties ->> 'local_weekday' AS weekday, properties ->> 'order_id' AS order_id
FROM happened ORDER BY key COLLATE "C";
SELECT key, properties - 'local_time' - 'local_weekday' AS properties FROM happened WHERE key IN ('t1', 't5') ORDER BY key;
SELECT source_key, attribute, value, reason FROM cdp_data.reject WHERE resolved_at IS NULL ORDER BY source_key COLLATE "C", attribute;
SELECT i.kind, i.value FROM cdp_data.record_identifier i ORDER BY 2;
-- Net of what was given back.
SELECT event_kind, order_id, net_amount, counted_at::date FROM cdp_data.event_money WHERE currency = 'CLP' ORDER BY occurred_at;

-- The people of another source; amounts signed, no column for debit and credit, the majority is negative.
CREATE TABLE landing.crm (id text PRIMARY KEY, email text);
INSERT INTO landing.crm VALUES ('C1', 'ana@example.com'), ('C2', 'bo@example.com');
SELECT count(*) FROM cdp.add_source('crm', 'landing.crm');
CREATE TABLE landing.ledger (txn_id text, date text, transaction_amount numeric, customer text, merchant text, mcc int, lat float8, lng float8);
INSERT INTO landing.ledger VALUES ('a', '2026-01-08 20:00', -10.50, 'C1', 'Bar', 5813, 51.5, -0.1), ('b', '2026-01-09 20:00', -20, 'C2', 'Shop', 5411, NULL, NULL), ('c', '2026-01-10 20:00', 5, 'C2', 'Shop', 5411, NULL, NULL);
SELECT * FROM cdp.connect_source('ledger', 'landing.ledger', format => 'card_transactions', people => 'crm', currency => 'GBP');
SELECT * FROM cdp.ingest('crm');
SELECT * FROM cdp.ingest('ledger_events');
SELECT key, kind, person, at, amount, currency, properties ->> 'category' AS category FROM happened WHERE source = 'ledger_events' ORDER BY key;
-- The other way round.
UPDATE cdp_data.connection SET debit_sign = 1 WHERE name = 'ledger';
SELECT source FROM cdp.connect_source('ledger');
SELECT * FROM cdp.ingest('ledger_events');
SELECT key, kind FROM happened WHERE source = 'ledger_events' ORDER BY key;

-- Tokens; a card's number in their place is not kept.
CREATE TABLE landing.tokens (transaction_id text, datetime text, amount text, card_token text, merchant_name text);
INSERT INTO landing.tokens VALUES ('x1', '2026-01-08 20:00', '10.50', 'tok_8f3a', 'Bar'), ('x2', '2026-01-08 21:00', '10.50', '4111 1111 1111 1111', 'Bar 4111111111111111');
SELECT source FROM cdp.connect_source('tokens', 'landing.tokens', format => 'card_transactions');
SELECT * FROM cdp.ingest('tokens');
SELECT * FROM cdp.ingest('tokens_events');
SELECT key, person FROM happened WHERE source = 'tokens_events';
SELECT i.kind, i.value FROM cdp_data.record_identifier i WHERE i.kind = 'card_token';
SELECT count(*) FROM cdp_data.record WHERE source_key ~ '4111';
