-- Sources of people: registering them, every error of that, and what an ingest stores, refuses and leaves alone.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';

-- A record as text, without ids and times; and what is refused at present.
CREATE VIEW seen AS
SELECT s.name AS source, r.source_key AS key, r.given_name, r.family_name, r.birth_date AS born, r.email, r.phone, r.city, r.details
FROM cdp_data.record r JOIN cdp_data.source s USING (source_id);
CREATE VIEW refused AS
SELECT s.name AS source, j.source_key AS key, j.attribute, j.value, j.reason, j.suggestion, j.resolved_at IS NOT NULL AS resolved
FROM cdp_data.reject j JOIN cdp_data.source s USING (source_id);

-- A suggested mapping.
CREATE SCHEMA crm;
CREATE TABLE crm.contacts (id int PRIMARY KEY, "First Name" text, last_name text, mail text, mobile text, "BirthDate" date,
    city text, remarks text, updated_at timestamptz);
INSERT INTO crm.contacts VALUES
    (1, 'Ana', 'Rojas', 'Ana.Rojas@Example.com', '+56 9 6123 4567', '1980-02-03', 'Santiago', 'a', '2026-01-01 10:00+00'),
    (2, 'Bo', 'Li', 'bo@example.com', '+56 9 6123 4568', '1975-12-31', 'Lima', 'b', '2026-01-02 10:00+00');
SELECT column_name, target, confidence, reason FROM cdp.suggest_mapping('crm.contacts');
SELECT * FROM cdp.add_source('crm', 'crm.contacts');
SELECT kind, relation, key_column, date_order, time_zone, priority, is_active FROM cdp_data.source;
SELECT * FROM cdp.ingest('crm');
SELECT * FROM seen;
SELECT * FROM cdp.ingest('crm');
-- The same rows look the same from every session, whatever its settings.
SET timezone = 'Asia/Tokyo';
SET datestyle = 'German';
SELECT * FROM cdp.ingest('crm');
SET datestyle = 'ISO, YMD';
SET timezone = 'UTC';
-- One changes, one is new.
UPDATE crm.contacts SET city = 'Valparaíso' WHERE id = 1;
INSERT INTO crm.contacts (id, "First Name") VALUES (3, 'Carl');
SELECT * FROM cdp.ingest('crm');
SELECT key, given_name, city FROM seen ORDER BY key;

-- A given mapping: two columns to one attribute, one column to two, full_name, an attribute of one's own.
SELECT cdp.add_attribute('plan');
SELECT cdp.add_attribute('visits', 'number');
CREATE TABLE public.shop (nr bigint, person text, mail1 text, mail2 text, login text, plan text, visits text, born text);
INSERT INTO shop VALUES
    (10, 'Rojas, Ana', NULL, 'ana@example.com', 'ana1', 'gold', '12', '03/02/1980'),
    (11, 'Bo Li', 'bo@example.com', 'li@example.com', 'bo1', NULL, NULL, NULL),
    (12, 'Dr. Eva María Pérez Soto', 'not an address', 'eva@example.com', NULL, NULL, '1.234,5', '31.12.1999');
SELECT * FROM cdp.add_source('shop', 'shop', key => 'nr', priority => 5, mapping =>
    '{"person": "full_name", "mail1": "email", "mail2": "email", "login": ["user_id", "loyalty_id"], "plan": "plan", "visits": "visits", "born": "birth_date"}');
SELECT * FROM cdp.ingest('shop');
SELECT * FROM seen WHERE source = 'shop' ORDER BY key;
SELECT r.source_key, d.kind, d.value FROM cdp_data.record_identifier d JOIN cdp_data.record r USING (record_id) ORDER BY 1, 2, 3;
SELECT * FROM refused ORDER BY key, attribute;

-- Errors of add_source: what, which, and the next statement.
SELECT cdp.add_source('Bad Name', 'crm.contacts');
SELECT cdp.add_source(NULL, 'crm.contacts');
SELECT cdp.add_source('crm', 'crm.contacts');
SELECT cdp.add_source('x', 'crm.contcts');
SELECT cdp.add_source('x', 'crm.contacts; DROP TABLE crm.contacts');
SELECT cdp.add_source('x', NULL);
SELECT cdp.add_source('x', 'a.b.c.d');
SELECT cdp.add_source('x', 'crm.contacts', kind => 'persons');
SELECT cdp.add_source('x', 'crm.contacts', kind => NULL);
SELECT cdp.add_source('x', 'crm.contacts', date_order => 'european');
SELECT cdp.add_source('x', 'crm.contacts', time_zone => 'America/Santago');
SELECT cdp.add_source('x', 'crm.contacts', country => 'Narnia');
SELECT count(*) FROM cdp.add_source('chile', 'crm.contacts', country => 'Chile');
SELECT name, country FROM cdp_data.source WHERE name = 'chile';
SELECT cdp.remove_source('chile');
SELECT cdp.add_source('x', 'shop');
SELECT cdp.add_source('x', 'crm.contacts', key => 'idd');
SELECT cdp.add_source('x', 'crm.contacts', key => '*');
SELECT cdp.add_source('x', 'crm.contacts', mapping => '{"mial": "email"}');
SELECT cdp.add_source('x', 'crm.contacts', mapping => '{"mail": "e-mail"}');
SELECT cdp.add_source('x', 'crm.contacts', mapping => '{"mail": 1}');
SELECT cdp.add_source('x', 'crm.contacts', mapping => '{"mail": ["email", null]}');
SELECT cdp.add_source('x', 'crm.contacts', mapping => '{"city": "city", "mail": []}');
SELECT cdp.add_source('x', 'crm.contacts', mapping => '["mail"]');
SELECT cdp.add_source('x', 'crm.contacts', mapping => '{}');
CREATE TABLE numbers (id int PRIMARY KEY, n int);
SELECT cdp.add_source('x', 'numbers');
CREATE TEMP TABLE fleeting (id int PRIMARY KEY, email text);
SELECT cdp.add_source('x', 'fleeting');
CREATE ROLE ingest_guest;
GRANT USAGE ON SCHEMA cdp, cdp_data TO ingest_guest;
GRANT SELECT ON ALL TABLES IN SCHEMA cdp_data TO ingest_guest;
SET ROLE ingest_guest;
SELECT cdp.add_source('x', 'public.shop');
RESET ROLE;
SELECT * FROM cdp.ingest('crn');
SELECT * FROM cdp.ingest(NULL);
SELECT name FROM cdp_data.source ORDER BY name;

-- The same attribute twice for a column is once.
SELECT count(*) FROM cdp.add_source('twice', 'crm.contacts', mapping => '{"mail": ["email", "email"]}') WHERE target IS NOT NULL;
SELECT cdp.remove_source('twice');
SELECT cdp.remove_source('crm');

-- Attributes of one's own.
SELECT cdp.add_attribute('Favourite Colour');
SELECT cdp.add_attribute(NULL);
SELECT cdp.add_attribute('age');
SELECT cdp.add_attribute('plan', 'json');
SELECT cdp.add_attribute('plan', data_kind => 'secret');
SELECT cdp.add_attribute('email');
SELECT cdp.add_attribute('plan', 'number');
SELECT cdp.add_attribute('plan', description => 'Tariff');
SELECT description FROM cdp_data.attribute WHERE attribute = 'plan';

-- Empty tables, tables of NULLs, missing keys.
CREATE TABLE bare (id text, name text, email text, updated_at text);
SELECT count(*) FROM cdp.add_source('bare', 'bare', key => 'id', mapping => '{"name": "given_name", "email": "email", "updated_at": "updated_at"}');
SELECT * FROM cdp.ingest('bare');
INSERT INTO bare SELECT NULL FROM generate_series(1, 3);
INSERT INTO bare VALUES (' ', 'Blank', NULL, NULL), ('7', NULL, NULL, NULL);
SELECT * FROM cdp.ingest('bare');
SELECT * FROM seen WHERE source = 'bare';
SELECT * FROM refused WHERE source = 'bare' ORDER BY key, reason;
SELECT j.original FROM cdp_data.reject j JOIN cdp_data.source USING (source_id) WHERE name = 'bare' ORDER BY 1;
-- Read again, the faults are the same ones; taken away, they are resolved.
SELECT * FROM cdp.ingest('bare');
SELECT count(*), count(*) FILTER (WHERE resolved) AS resolved FROM refused WHERE source = 'bare';
DELETE FROM bare WHERE nullif(btrim(id), '') IS NULL;
SELECT * FROM cdp.ingest('bare');
SELECT count(*), count(*) FILTER (WHERE resolved) AS resolved FROM refused WHERE source = 'bare';

-- One key in several rows: the same row twice is one row; of different rows the newest wins, in every order of rows.
TRUNCATE bare;
INSERT INTO bare VALUES ('1', 'Same', 'same@example.com', '2026-01-01'), ('1', 'Same', 'same@example.com', '2026-01-01'),
    ('1', 'Same', 'same@example.com', '2026-01-01'),
    ('2', 'Old', NULL, '2026-01-01'), ('2', 'New', NULL, '2026-02-01'), ('2', 'Undated', NULL, NULL), ('2', 'New', NULL, '2026-02-01'),
    ('3', 'Tie A', NULL, NULL), ('3', 'Tie B', NULL, NULL);
SELECT * FROM cdp.ingest('bare');
SELECT key, given_name FROM seen WHERE source = 'bare' ORDER BY key;
SELECT key, reason, suggestion, resolved FROM refused WHERE source = 'bare' AND NOT resolved ORDER BY key;
CREATE TABLE first_reading AS SELECT * FROM seen WHERE source = 'bare';
CREATE TABLE shuffled AS SELECT * FROM bare ORDER BY name DESC, email;
TRUNCATE bare;
INSERT INTO bare SELECT * FROM shuffled;
SELECT * FROM cdp.ingest('bare');
SELECT count(*) FROM (SELECT * FROM first_reading EXCEPT SELECT * FROM seen) AS d;
-- Into an empty store the shuffled rows give the same as well.
BEGIN;
SELECT count(*) FROM cdp.add_source('bare2', 'bare', key => 'id', mapping => '{"name": "given_name", "email": "email", "updated_at": "updated_at"}');
SELECT rows_read, rows_new, rows_changed, rows_rejected FROM cdp.ingest('bare2');
SELECT key, given_name FROM seen WHERE source = 'bare2' ORDER BY key;
ROLLBACK;

-- Faulty values: the row is kept, the value is explained; corrected, the explanation is resolved.
CREATE TABLE faulty (id int PRIMARY KEY, name text, mail text, phone text, born text, visits text, consent text, zip text);
INSERT INTO faulty VALUES
    (1, 'Good', 'good@example.com', '+56961234567', '1980-02-03', '3', 'yes', '8320000'),
    (2, 'Bad', 'bad@', '12', '1980-02-31', 'many', 'perhaps', NULL),
    (3, 'Sparse', NULL, '', '  ', NULL, NULL, NULL);
SELECT count(*) FROM cdp.add_source('faulty', 'faulty', country => 'CL', mapping =>
    '{"name": "given_name", "mail": "email", "phone": "phone", "born": "birth_date", "visits": "visits", "consent": "consent_email", "zip": "postal_code"}');
SELECT * FROM cdp.ingest('faulty');
SELECT key, given_name, born, email, phone, details FROM seen WHERE source = 'faulty' ORDER BY key;
SELECT key, attribute, value, reason, suggestion, resolved FROM refused WHERE source = 'faulty' ORDER BY key, attribute;
SELECT * FROM cdp.ingest('faulty');
UPDATE faulty SET mail = 'bad@example.com', born = '1980-02-28' WHERE id = 2;
SELECT * FROM cdp.ingest('faulty');
SELECT key, given_name, born, email FROM seen WHERE source = 'faulty' AND key = '2';
SELECT attribute, resolved FROM refused WHERE source = 'faulty' ORDER BY attribute;

-- Typed columns, names that need quotes, and names that try to be more than names.
CREATE SCHEMA "Odd ""Schema""";
CREATE TABLE "Odd ""Schema""".":t; DROP TABLE x --" (
    "Id" int PRIMARY KEY, "first name" text, "a""; DROP TABLE crm.contacts; --" text, "born'on" date, "$$x$$" timestamptz,
    "%s%I" numeric, "paid?" boolean, "v1" varchar(20), "select" uuid);
INSERT INTO "Odd ""Schema""".":t; DROP TABLE x --" VALUES
    (1, 'Ana', 'ana@example.com', '1980-02-03', '2026-01-01 12:00+03', 12.50, true, 'x', NULL),
    (2, '''; DROP TABLE crm.contacts; --', '$$bo@example.com', NULL, NULL, 'NaN', false, NULL, NULL);
SELECT cdp.add_attribute('seen_at', 'timestamp'), cdp.add_attribute('spent', 'number'), cdp.add_attribute('paid', 'boolean');
SELECT * FROM cdp.add_source('odd', '"Odd ""Schema""".":t; DROP TABLE x --"', mapping =>
    '{"first name": "given_name", "a\"; DROP TABLE crm.contacts; --": "email", "born''on": "birth_date", "$$x$$": ["seen_at", "updated_at"],
      "%s%I": "spent", "paid?": "paid", "v1": "plan"}');
SELECT * FROM cdp.ingest('odd');
SELECT key, given_name, born, email, details FROM seen WHERE source = 'odd' ORDER BY key;
SELECT key, attribute, value, reason FROM refused WHERE source = 'odd' ORDER BY key, attribute;
SELECT cdp.add_source('x', 'crm.contacts', mapping => '{"mail": "email''; DROP TABLE crm.contacts; --"}');
SELECT cdp.add_source('x''; DROP TABLE crm.contacts; --', 'crm.contacts');
SELECT cdp.add_source('x', 'crm.contacts', kind => 'people''; DROP TABLE crm.contacts; --');
SELECT cdp.ingest('$$; DROP TABLE crm.contacts; --');
SELECT count(*) FROM crm.contacts;

-- Views and materialized views are sources too.
CREATE VIEW crm.young AS SELECT id, mail FROM crm.contacts WHERE id > 1;
CREATE MATERIALIZED VIEW crm.copy AS SELECT id, mail FROM crm.contacts;
SELECT count(*) FROM cdp.add_source('young', 'crm.young', key => 'id');
SELECT count(*) FROM cdp.add_source('copy', 'crm.copy', key => 'id');
SELECT * FROM cdp.ingest('young');
SELECT * FROM cdp.ingest('copy');
-- So is a foreign table (where the server has file_fdw; elsewhere a table stands in for it).
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'file_fdw') THEN
        CREATE EXTENSION file_fdw;
        CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
        CREATE FOREIGN TABLE crm.elsewhere (id int, mail text) SERVER files OPTIONS (program 'echo 1,far@example.com', format 'csv');
    ELSE
        CREATE TABLE crm.elsewhere AS SELECT 1 AS id, 'far@example.com'::text AS mail;
    END IF;
END
$$;
SELECT * FROM cdp.add_source('elsewhere', 'crm.elsewhere', key => 'id');
SELECT * FROM cdp.ingest('elsewhere');
SELECT key, email FROM seen WHERE source = 'elsewhere';

-- The day of an instant is that of the source's zone.
CREATE TABLE instants (id int PRIMARY KEY, born timestamptz);
INSERT INTO instants VALUES (1, '1980-02-03 01:00+00'), (2, '1980-02-03 23:30+00');
SELECT count(*) FROM cdp.add_source('instants', 'instants', time_zone => 'America/Santiago', date_order => 'ymd', mapping => '{"born": "birth_date"}');
SELECT count(*) FROM cdp.add_source('instants_cest', 'instants', time_zone => 'CEST', date_order => 'ymd', mapping => '{"born": "birth_date"}');
SELECT rows_new, rows_rejected FROM cdp.ingest('instants');
SELECT rows_new, rows_rejected FROM cdp.ingest('instants_cest');
SELECT source, key, born FROM seen WHERE source LIKE 'instants%' ORDER BY source, key;
SHOW timezone;

-- A source that loses a column, or goes away.
ALTER TABLE crm.contacts RENAME "First Name" TO first_names;
SELECT * FROM cdp.ingest('crm');
UPDATE cdp_data.mapping SET column_name = 'first_names' WHERE column_name = 'First Name';
SELECT rows_read, rows_new, rows_changed FROM cdp.ingest('crm');
DROP MATERIALIZED VIEW crm.copy;
SELECT * FROM cdp.ingest('copy');

-- Independent check: every mapped value that is not empty is stored or explained.
SELECT count(*) AS neither_stored_nor_explained
FROM faulty f JOIN cdp_data.record r ON r.source_key = f.id::text JOIN cdp_data.source s ON s.source_id = r.source_id AND s.name = 'faulty'
CROSS JOIN LATERAL (VALUES ('email', f.mail, r.email), ('phone', f.phone, r.phone), ('birth_date', f.born, r.birth_date::text),
                           ('visits', f.visits, r.details ->> 'visits')) AS v(attribute, original, stored)
WHERE btrim(v.original) <> '' AND v.stored IS NULL
  AND NOT EXISTS (SELECT FROM cdp_data.reject j WHERE j.source_id = s.source_id AND j.source_key = r.source_key
                  AND j.attribute = v.attribute AND j.resolved_at IS NULL);
DROP OWNED BY ingest_guest;
DROP ROLE ingest_guest;
