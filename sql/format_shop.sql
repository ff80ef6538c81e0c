-- Shopify's exports of orders and customers, with the traps of real ones: line-item rows, apostrophes, cancelled and
-- refunded orders, exports that overlap.
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
SELECT * FROM cdp.load_csv('landing.orders', $csv$Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Billing Address1,Billing City,Billing Zip,Billing Country,Billing Phone,Cancelled at,Payment Method,Refunded Amount,Vendor,Id,Tags,Source
#1001,Ana@Example.com,paid,2026-01-05 10:30:00 -0300,fulfilled,2026-01-06 09:00:00 -0300,yes,CLP,20000,3000,3800,23000,VERANO,2000,2026-01-05 10:22:33 -0300,1,Jam,5000,'0001,Ana Rojas,Calle Uno 1,Santiago,'8320000,CL,'+56961234567,,card,0,Dulce,'8779761975521,vip,web
#1001,Ana@Example.com,,,,,,,,,,,,,,2,Honey,7500,'0002,,,,,,,,,,Dulce,,,
#1001,Ana@Example.com,,,,,,,,,,,,,,2,Honey,7500,'0002,,,,,,,,,,Dulce,,,
#1002,,paid,2026-01-07 12:00:00 -0300,,,no,CLP,1000,0,0,1000,,,2026-01-07 11:59:00 -0300,1,Tea,1000,T1,Bo Li,,,,CL,'+56 9 6123 4568,,cash,0,,'8779761975522,,pos
#1003,carl@example.com,partially_refunded,2026-02-01 10:00:00 -0300,fulfilled,2026-02-02 10:00:00 -0300,no,CLP,50000,0,0,50000,,,2026-02-01 09:59:00 -0300,1,Coat,50000,C1,Carl Marsh,,Quito,,EC,,,card,20000,,'8779761975523,,web
#1004,dora@example.com,voided,,,,no,CLP,8000,0,0,8000,,,2026-02-03 08:00:00 -0300,1,Hat,8000,H1,Dora Diaz,,,,CL,,2026-03-15 08:00:00 -0300,card,0,,'8779761975524,,web
#1005,dora@example.com,refunded,2026-02-04 08:10:00 -0300,,,yes,CLP,6000,0,0,6000,,,2026-02-04 08:00:00 -0300,1,Belt,6000,B1,Dora Diaz,,,,CL,,2026-02-10 08:00:00 -0300,card,6000,,'8779761975525,,web
$csv$);
SELECT * FROM cdp.connect_source('shop', 'landing.orders', format => 'shopify_orders', country => 'CL', time_zone => 'America/Santiago');
SELECT name, format, relation, time_zone, currency, date_order, decimal_mark FROM cdp_data.connection;
SELECT * FROM cdp.ingest('shop');
SELECT * FROM cdp.ingest('shop_events');
SELECT r.source_key, r.given_name, r.family_name, r.email, r.phone, r.street, r.city, r.postal_code, r.country, r.source_updated_at FROM cdp_data.record r ORDER BY r.source_key COLLATE "C";
-- Only yes is a decision.
SELECT anchor_value, channel, is_granted, decided_at, evidence FROM cdp_data.consent ORDER BY anchor_value;
SELECT key, kind, sign, person, at, amount, currency FROM happened ORDER BY at, key;
SELECT key, properties FROM happened WHERE key ~ '#1001' ORDER BY kind, key;
-- Net of what was given back: by order it comes to what was kept.
SELECT order_id, sum(net_amount) FROM cdp_data.event_money GROUP BY order_id ORDER BY order_id;
SELECT event_kind, order_id, occurred_at::date, counted_at::date, order_event_id IS NOT NULL AS has_order, net_amount FROM cdp_data.event_money WHERE money_sign = -1 ORDER BY occurred_at, event_kind;
-- The same file again, and a later export in which #1003 was refunded further and #1002 is unchanged: nothing twice.
SELECT * FROM cdp.ingest('shop_events');
INSERT INTO landing.orders SELECT * FROM landing.orders;
SELECT * FROM cdp.ingest('shop_events');
SELECT * FROM cdp.load_csv('landing.orders', $csv$Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Cancelled at,Refunded Amount,Id
#1003,carl@example.com,refunded,2026-02-01 10:00:00 -0300,fulfilled,2026-02-02 10:00:00 -0300,no,CLP,50000,50000,2026-02-01 09:59:00 -0300,1,Coat,50000,C1,Carl Marsh,,50000,'8779761975523
,,,,,,,,,,,1,Nobody's line,1,X1,,,,
#9999,,,,,,,,,,,1,A line without its order,1,X2,,,,
$csv$);
SELECT * FROM cdp.ingest('shop_events');
SELECT key, kind, amount, properties ->> 'financial_status' AS status FROM happened WHERE properties ->> 'order_id' = '#1003' ORDER BY kind;
SELECT properties ->> 'product' AS product, properties -> 'quantity' AS quantity FROM happened WHERE kind = 'item_purchased' AND properties ->> 'order_id' = '#1001' ORDER BY 1;
SELECT reason, original FROM cdp_data.reject WHERE resolved_at IS NULL ORDER BY original;

-- Errors.
SELECT * FROM cdp.connect_source('shop', 'landing.orders', format => 'shopify_customers');
SELECT * FROM cdp.connect_source('Shop', 'landing.orders', format => 'shopify_orders');
SELECT * FROM cdp.connect_source('shop2', 'landing.orders', format => 'shopify_order');
SELECT * FROM cdp.connect_source('shop2', 'landing.orders');
SELECT * FROM cdp.connect_source('shop2', 'landing.odrers', format => 'shopify_orders');
SELECT * FROM cdp.connect_source('shop2', format => 'shopify_orders');
SELECT * FROM cdp.connect_source('shop2', 'landing.orders', format => 'shopify_orders', people => 'shop');
SELECT * FROM cdp.connect_source('shop2', 'landing.orders', format => 'shopify_orders', currency => 'pesos');
SELECT * FROM cdp.connect_source('shop2', 'landing.orders', format => 'shopify_orders', decimal_mark => ';');
SELECT * FROM cdp.connect_source('shop2', 'landing.orders', format => 'shopify_orders', time_zone => 'America/Santago');
CREATE TABLE landing.other (nam text, "Created-At" text, totals text);
SELECT * FROM cdp.connect_source('shop2', 'landing.other', format => 'shopify_orders');
CREATE TABLE cdp_data.from_taken_events (x int PRIMARY KEY);
COMMENT ON TABLE cdp_data.from_taken_events IS 'One row per test.';
SELECT * FROM cdp.connect_source('taken', 'landing.orders', format => 'shopify_orders');
DROP TABLE cdp_data.from_taken_events;
SELECT count(*) FROM cdp.add_source('busy', 'landing.orders', key => 'Id', mapping => '{"Email": "email"}');
SELECT * FROM cdp.connect_source('busy', 'landing.orders', format => 'shopify_orders');
SELECT cdp.disconnect_source('shop');
SELECT cdp.disconnect_source('shap');
SELECT name FROM cdp_data.connection;

-- The table is dropped and loaded again: the same call makes the views again.
DROP TABLE landing.orders CASCADE;
SELECT count(*) FROM cdp.load_csv('landing.orders', E'Name,Email,Created at,Total\n#2001,eva@example.com,2026-03-01 10:00:00 +0000,12.50\n');
SELECT * FROM cdp.ingest('shop_events');
SELECT * FROM cdp.connect_source('shop');
SELECT * FROM cdp.ingest('shop_events');
SELECT key, kind, amount, currency FROM happened WHERE person = 'eva@example.com';

-- Customers, of the present export and of the older one.
SELECT count(*) FROM cdp.load_csv('landing.customers', $csv$Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,Default Address City,Default Address Province Code,Default Address Country Code,Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags
'7100000000001,Ana,Rojas,ana@example.com,yes,,Calle Uno 1,Santiago,RM,CL,'8320000,'+56961234567,,no,23000.00,1,Likes jam,no,"vip, news"
'7100000000002,Dora,Diaz,dora@example.com,no,,,,,CL,,,'+56961234569,yes,0.00,2,,no,
$csv$);
SELECT * FROM cdp.connect_source('customers', 'landing.customers', format => 'shopify_customers', country => 'CL');
SELECT * FROM cdp.ingest('customers');
SELECT r.source_key, r.given_name, r.email, r.phone, r.street, r.postal_code, r.region, r.details FROM cdp_data.record r JOIN cdp_data.source s USING (source_id) WHERE s.name = 'customers' ORDER BY 1;
SELECT c.anchor_value, c.channel, c.is_granted FROM cdp_data.consent c JOIN cdp_data.source s USING (source_id) WHERE s.name = 'customers' ORDER BY 1, 2;
SELECT attribute, data_kind FROM cdp_data.attribute WHERE attribute IN ('note_about', 'total_spent', 'shopify_id') ORDER BY 1;
SELECT count(*) FROM cdp.load_csv('landing.old_customers', $csv$First Name,Last Name,Email,Company,Address1,Address2,City,Province,Province Code,Country,Country Code,Zip,Phone,Accepts Marketing,Total Spent,Total Orders,Tags,Note,Tax Exempt
Eva,Soto,eva@example.com,Acme,Main St 1,,Lima,Lima,LIM,Peru,PE,'15001,'+5111234567,yes,1,1,,,no
$csv$);
SELECT * FROM cdp.connect_source('old_customers', 'landing.old_customers', format => 'shopify_customers');
SELECT cdp.disconnect_source('old_customers');
SELECT to_regclass('cdp_data.from_old_customers');
SELECT source FROM cdp.connect_source('old_customers', 'landing.old_customers', format => 'shopify_customers');
DROP TABLE landing.old_customers CASCADE;
SELECT cdp.disconnect_source('old_customers');
-- DROP EXTENSION takes the views along, cdp.install() makes them again.
SET client_min_messages = warning;
DROP EXTENSION cdp CASCADE;
SELECT to_regclass('cdp_data.from_shop_events'), (SELECT count(*) FROM cdp_data.connection);
CREATE EXTENSION cdp;
SELECT cdp.install();
SELECT * FROM cdp.ingest('shop_events');
DROP TABLE landing.orders CASCADE;
SELECT cdp.install();
