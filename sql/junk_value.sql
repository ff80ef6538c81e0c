-- Values that stand for nothing in a company's own data.
CREATE EXTENSION cdp;
\pset footer off
SET client_min_messages = warning;
SELECT cdp.install() LIKE 'store installed%' AS installed;
CREATE TABLE shop (id int PRIMARY KEY, name text, email text, phone text, joined date);
INSERT INTO shop VALUES
    (1, 'Venta  Web', 'ana@mail.example', '+56 2 2222 0000', '2020-01-01'),
    (2, 'Luis Soto', 'caja@tienda.example', '(56) 2-2222 0000', '2020-01-02'),
    (3, 'VENTA WEB', 'eva@mail.example', '+56 9 8765 4321', '2020-01-03'),
    (4, 'Paz Rey', 'bodega@TIENDA.example', '+56 9 1234 5678', '2020-01-04');
SELECT count(*) FROM cdp.add_source('shop', 'shop', country => 'CL', mapping => '{"name": "full_name", "email": "email", "phone": "phone"}');
SELECT * FROM cdp.ingest('shop');
SELECT source_key, given_name, family_name, email, phone FROM cdp_data.record ORDER BY 1;

-- Seen before it is said; in any spelling; a whole domain.
SELECT * FROM cdp.add_junk_value('56222220000', 'phone', dry_run => true);
SELECT count(*) FROM cdp_data.junk_value;
SELECT * FROM cdp.add_junk_value('+56 2 2222-0000', 'phone', reason => 'our switchboard');
SELECT * FROM cdp.add_junk_value('@tienda.example', 'email');
SELECT * FROM cdp.add_junk_value('venta web');
SELECT * FROM cdp.ingest('shop');
SELECT source_key, given_name, family_name, email, phone FROM cdp_data.record ORDER BY 1;
SELECT attribute, value, reason FROM cdp_data.reject ORDER BY 1, 2;
-- Nothing is read again when nothing changed; taking a row away brings the values back.
SELECT * FROM cdp.ingest('shop');
DELETE FROM cdp_data.junk_value WHERE semantic_type = 'email';
SELECT * FROM cdp.ingest('shop');
SELECT source_key, email FROM cdp_data.record ORDER BY 1;

\set VERBOSITY default
SELECT * FROM cdp.add_junk_value(' ');
SELECT * FROM cdp.add_junk_value(repeat('x', 501));
SELECT * FROM cdp.add_junk_value('x', 'fone');
INSERT INTO cdp_data.junk_value (semantic_type, value) VALUES ('adress', 'x');
SELECT value, semantic_type, reason FROM cdp_data.junk_value ORDER BY 1;
