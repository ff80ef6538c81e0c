-- Semantic types from the mapping to the record: each value is cleaned by its own rules, or refused with the reason.
CREATE EXTENSION cdp;
\pset footer off
\pset null '(null)'
SET client_min_messages = warning;
SELECT cdp.install() LIKE 'store installed%' AS installed;
SELECT cdp.add_attribute('account', semantic_type => 'iban'), cdp.add_attribute('card', semantic_type => 'payment_card'),
       cdp.add_attribute('plate', semantic_type => 'license_plate'), cdp.add_attribute('spent', semantic_type => 'money');
SELECT attribute, semantic_type, value_type FROM cdp_data.attribute WHERE attribute IN ('account', 'card', 'plate', 'spent', 'birth_date', 'national_id') ORDER BY 1;
CREATE TABLE members (id int PRIMARY KEY, rut text, born text, company text, street text, account text, card text, plate text, spent text, seen text);
INSERT INTO members VALUES
    (1, '30.686.957-4', '02/13/85', 'ACME CHILE SOCIEDAD ANONIMA', 'AVDA PROVIDENCIA N° 1234 DPTO 56', 'gb29 nwbk 6016 1331 9268 19', '4111 1111 1111 1111', 'bb-cl 12', '$12.990', '02/13/2026 10:00'),
    (2, '30.686.957-5', '01/30/2099', '"acme"', 's/n', 'GB29 NWBK 6016 1331 9268 18', '4111 1111 1111 1112', '????', 'free', '30/02/2026'),
    (3, '11.111.111-1', '01/01/1900', 'n/a', NULL, NULL, NULL, NULL, NULL, NULL);
SELECT * FROM cdp.add_source('members', 'members', country => 'CL', mapping => '{"rut": "national_id", "born": "birth_date", "company": "company", "street": "street",
    "account": "account", "card": "card", "plate": "plate", "spent": "spent", "seen": "updated_at"}');
-- The dates tell that the month is first, of days and of points in time.
SELECT date_order FROM cdp_data.source;
SELECT * FROM cdp.ingest('members');
SELECT source_key, national_id, birth_date, company, street, details, source_updated_at AT TIME ZONE 'UTC' AS seen FROM cdp_data.record ORDER BY 1;
SELECT source_key, attribute, value, reason, suggestion FROM cdp_data.reject ORDER BY 1, 2;
-- Without a country nobody's rules are known: kept as it is.
UPDATE cdp_data.source SET country = NULL;
SELECT * FROM cdp.ingest('members');
SELECT source_key, national_id FROM cdp_data.record ORDER BY 1;

\set VERBOSITY default
SELECT cdp.add_attribute('odd', semantic_type => 'shoe');
SELECT cdp.add_attribute('odd', 'number', semantic_type => 'iban');
SELECT cdp.add_attribute('account', semantic_type => 'text');
