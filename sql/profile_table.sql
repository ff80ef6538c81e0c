-- The profile of a table: counts against plain SQL, what columns mean, what is wrong with them, every error.
CREATE EXTENSION cdp;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';

-- A table of everything, with a bit of dirt; no store is needed.
CREATE SCHEMA crm;
CREATE TABLE crm.contacts AS
SELECT i AS id,
       (ARRAY['Ana', 'Juan', 'María', 'Pedro', 'Luis', 'Carmen', 'Rosa', 'Jorge', 'Elena', 'Pablo'])[1 + i % 10]
           || CASE WHEN i % 97 = 0 THEN ' 2' ELSE '' END AS "First Name",
       CASE WHEN i % 50 = 0 THEN 'n/a' WHEN i % 33 = 0 THEN 'ana@gmial.com' WHEN i % 31 = 0 THEN 'no address'
            WHEN i % 7 = 0 THEN NULL ELSE 'user' || i % 700 || '@example.com' END AS mail,
       to_char(date '1950-01-01' + (i * 37) % 20000, 'MM/DD/YYYY') AS born,
       CASE i % 4 WHEN 0 THEN 'yes' WHEN 1 THEN 'no' WHEN 2 THEN ' ' END AS newsletter,
       '+56 9 ' || 6100 + i % 400 || ' ' || 1000 + i AS col6,
       (ARRAY['Santiago', 'Valparaíso', 'Concepción', E'La\tSerena'])[1 + i / 7 % 4] AS city,
       CASE WHEN i = 17 THEN 1000000.5 ELSE round((i * 7919) % 1000 / 100.0, 2) END AS total,
       i % 3 = 0 AS vip, date '2020-01-01' + i % 400 AS seen, timestamptz '2024-01-01' + i * interval '1 hour' AS updated_at,
       ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid AS token,
       jsonb_build_object('i', i % 5) AS extra, ARRAY[i % 3, 1] AS list, decode(lpad(to_hex(i), 8, '0'), 'hex') AS raw,
       repeat('long text ', i % 30) AS remarks
FROM generate_series(1, 3000) AS i;
\x
SELECT * FROM cdp.profile_table('crm.contacts');
\x

-- Equal to plain SQL: rows, filled, different values, lengths, the most frequent values.
CREATE FUNCTION check_column(relation regclass, name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    p record;
    q record;
    top text[];
BEGIN
    SELECT * INTO p FROM cdp.profile_table(relation::text, sample_rows => NULL) t WHERE t.column_name = name;
    EXECUTE format($q$
        SELECT count(*) AS rows, count(v) AS filled, count(DISTINCT v) AS different, coalesce(min(length(v)), 0) AS shortest,
               coalesce(max(length(v)), 0) AS longest, round(avg(length(v)), 2) AS mean
        FROM (SELECT CASE WHEN %1$I::text ~ '[^[:space:]]' THEN %1$I::text END AS v FROM %2$s) s
    $q$, name, relation) INTO q;
    EXECUTE format($q$
        SELECT array_agg(shown || ' (' || n || ')' ORDER BY n DESC, v COLLATE "C")
        FROM (SELECT v, count(*) AS n, CASE WHEN length(btrim(v)) > 60 THEN left(v, 59) || '…' ELSE regexp_replace(v, '\s', ' ', 'g') END AS shown
              FROM (SELECT %1$I::text AS v FROM %2$s WHERE %1$I::text ~ '[^[:space:]]') s
              GROUP BY v ORDER BY n DESC, v COLLATE "C" LIMIT 5) s
    $q$, name, relation) INTO top;
    IF (p.rows, p.filled, p.distinct_values, p.min_length, p.max_length, p.avg_length)
       IS DISTINCT FROM (q.rows, q.filled, q.different, q.shortest, q.longest, q.mean) THEN
        RETURN format('%s: %s is not %s', name, p, q);
    END IF;
    IF (SELECT array_agg(regexp_replace(u, ' \(', '(') ORDER BY n) FROM unnest(p.top_values) WITH ORDINALITY x(u, n))
       IS DISTINCT FROM (SELECT array_agg(regexp_replace(u, ' +\(', '(') ORDER BY n) FROM unnest(top) WITH ORDINALITY x(u, n)) THEN
        RETURN format('%s: %s is not %s', name, p.top_values, top);
    END IF;
    IF NOT p.distinct_is_exact THEN RETURN name || ': not exact'; END IF;
    RETURN NULL;
END
$$;
-- raw is shown as it is stored, but its length is in bytes.
SELECT attname, check_column('crm.contacts', attname) AS difference FROM pg_attribute
WHERE attrelid = 'crm.contacts'::regclass AND attnum > 0 AND attname NOT IN ('raw', 'remarks') ORDER BY attnum;
SELECT p.distinct_values = (SELECT count(DISTINCT remarks) FROM crm.contacts WHERE remarks <> '') AS same_remarks
FROM cdp.profile_table('crm.contacts') p WHERE column_name = 'remarks';
-- Quantiles are those of percentile_disc; the shares those of the cleaner.
SELECT ARRAY[p.p05, p.median, p.p95] = (SELECT percentile_disc(ARRAY[0.05, 0.5, 0.95]) WITHIN GROUP (ORDER BY total) FROM crm.contacts) AS same_quantiles
FROM cdp.profile_table('crm.contacts') p WHERE column_name = 'total';
SELECT p.validity = q.validity AND p.suspicious = q.suspicious AND p.junk = q.junk AS same_shares
FROM cdp.profile_table('crm.contacts') p,
     (SELECT round(count(*) FILTER (WHERE (c).status IN ('ok', 'corrected', 'suspicious'))::numeric / count(*), 4) AS validity,
             round(count(*) FILTER (WHERE (c).status = 'suspicious')::numeric / count(*), 4) AS suspicious,
             round(count(*) FILTER (WHERE (c).status = 'missing')::numeric / count(*), 4) AS junk
      FROM (SELECT cdp.clean_email(mail) AS c FROM crm.contacts WHERE mail IS NOT NULL) s) q
WHERE column_name = 'mail';

-- One column in depth.
SELECT * FROM cdp.profile_patterns('crm.contacts', 'mail');
SELECT * FROM cdp.profile_values('crm.contacts', 'city');
SELECT * FROM cdp.profile_values('crm.contacts', 'newsletter', max_rows => 1);
SELECT sum(rows), sum(share) FROM cdp.profile_patterns('crm.contacts', 'total', max_rows => NULL);

-- A sample: the same one every time, of about the size asked for; shares close to those of all rows.
CREATE TABLE big AS SELECT i AS id, 'value ' || i % 100 AS v, CASE WHEN i % 4 > 0 THEN i END AS n FROM generate_series(1, 200000) AS i;
ANALYZE big;
SELECT column_name, rows BETWEEN 9000 AND 11000 AS size, round(completeness, 1) AS completeness, distinct_values > 9000 AS many
FROM cdp.profile_table('big', 10000);
SELECT count(*) FROM (SELECT p::text FROM cdp.profile_table('big', 10000) p EXCEPT SELECT p::text FROM cdp.profile_table('big', 10000) p) d;
-- Without statistics too.
CREATE TABLE fresh AS SELECT repeat('x', 500) || i AS t FROM generate_series(1, 30000) AS i;
SELECT rows BETWEEN 800 AND 1200 AS size FROM cdp.profile_table('fresh', 1000);
CREATE VIEW big_view AS SELECT * FROM big;
SELECT column_name, rows FROM cdp.profile_table('big_view', 1000);
SELECT column_name, rows, distinct_values, distinct_is_exact FROM cdp.profile_table('big', NULL) WHERE column_name = 'v';
-- More different values than fit into little memory: an estimate, and it says so.
SET cdp.memory_limit = '16MB';
SELECT column_name, distinct_is_exact, abs(distinct_values - 200000) < 6000 AS close, min_value, max_value FROM cdp.profile_table('big', NULL) WHERE column_name = 'id';
RESET cdp.memory_limit;

-- Shapes of relations: empty, without columns, dropped columns, odd names, temporary, partitioned, domains, enums.
CREATE TABLE bare (email text, born date);
SELECT column_name, semantic_type, rows, filled, completeness, distinct_values, validity, patterns, suggested_attribute, confidence, reason FROM cdp.profile_table('bare');
INSERT INTO bare SELECT NULL FROM generate_series(1, 3);
SELECT column_name, semantic_type, rows, filled, completeness, uniqueness, reason FROM cdp.profile_table('bare');
CREATE TABLE nothing ();
INSERT INTO nothing DEFAULT VALUES;
SELECT count(*) FROM cdp.profile_table('nothing');
CREATE SCHEMA "Odd ""Schema""";
CREATE TABLE "Odd ""Schema"""."T; DROP TABLE bare --" ("a""b" text, gone int, "SELECT 1" text);
ALTER TABLE "Odd ""Schema"""."T; DROP TABLE bare --" DROP COLUMN gone;
INSERT INTO "Odd ""Schema"""."T; DROP TABLE bare --" VALUES ('x', 'y');
SELECT column_name, data_type, rows FROM cdp.profile_table('"Odd ""Schema"""."T; DROP TABLE bare --"');
CREATE TEMP TABLE fleeting AS SELECT 'a@example.com' AS mail;
SELECT column_name, semantic_type, suggested_attribute FROM cdp.profile_table('fleeting');
CREATE TABLE parted (k int, v char(8)) PARTITION BY LIST (k);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
INSERT INTO parted VALUES (1, 'abc'), (1, 'de');
SELECT column_name, data_type, rows, distinct_values, min_length, max_length, top_values FROM cdp.profile_table('parted');
CREATE TYPE colour AS ENUM ('red', 'green');
CREATE DOMAIN short_text AS text CHECK (length(value) < 9);
CREATE TABLE typed (c colour, d short_text, m money, i interval, t time, b bit(3), f float8, n name, p point);
INSERT INTO typed VALUES ('red', 'abc', 12.5, '1 day', '10:00', B'101', 'NaN', 'x', '(1,2)'), ('green', 'n/a', 1000, '2 hours', '11:00', B'111', 1e300, 'y', NULL);
SELECT column_name, data_type, semantic_type, distinct_values, min_value, max_value, examples, reason FROM cdp.profile_table('typed');
CREATE MATERIALIZED VIEW frozen AS SELECT 1 AS one;
SELECT column_name, rows FROM cdp.profile_table('frozen');

-- Hostile values: a megabyte, controls, every blank, malformed shapes; 1,600 columns.
CREATE TABLE hostile (v text);
INSERT INTO hostile VALUES (repeat('x', 1000000)), (repeat('x', 1000000)), (repeat('x', 1000000) || 'y'), (repeat('9', 5000)), (E'\u00a0\u200b\u3000'), (E'\t\n'),
    (E'a\u0001b\nc'), (repeat('@', 300)), ('+' || repeat('1', 400)), (E'\U0001F600'), ('99/99/9999'), ('1e400'), ('-'), (repeat(E'\u0301', 300));
SELECT rows, filled, distinct_values, max_length, top_values[1:2], array_length(patterns, 1) FROM cdp.profile_table('hostile');
DO $$ BEGIN EXECUTE 'CREATE TABLE wide (' || (SELECT string_agg(format('c%s int', i), ', ') FROM generate_series(1, 1600) i) || ')'; END $$;
INSERT INTO wide (c1, c1600) SELECT i, i * i FROM generate_series(1, 10) i;
SELECT count(*), sum(filled), sum(rows) FROM cdp.profile_table('wide');
SET cdp.memory_limit = '16MB';
SELECT count(*), sum(filled), sum(rows) FROM cdp.profile_table('wide');
RESET cdp.memory_limit;

-- Errors: what, which, and the next statement.
SELECT * FROM cdp.profile_table('crm.contcts');
SELECT * FROM cdp.profile_table(NULL);
SELECT * FROM cdp.profile_table('a.b.c.d');
SELECT * FROM cdp.profile_table('crm.contacts; DROP TABLE crm.contacts');
SELECT * FROM cdp.profile_table('crm.contacts', 0);
SELECT * FROM cdp.profile_table('crm.contacts', country => 'Narnia');
SELECT * FROM cdp.profile_table('crm.contacts', date_order => 'european');
CREATE SEQUENCE counter;
SELECT * FROM cdp.profile_table('counter');
SELECT * FROM cdp.profile_values('crm.contacts', 'cty');
SELECT * FROM cdp.profile_values('crm.contacts', NULL);
SELECT * FROM cdp.profile_patterns('crm.contacts', 'city', max_rows => 0);
CREATE VIEW broken AS SELECT 1 / (id - id) AS x FROM crm.contacts;
SELECT * FROM cdp.profile_table('broken');
CREATE ROLE profile_guest;
GRANT USAGE ON SCHEMA cdp, crm TO profile_guest;
SET ROLE profile_guest;
SELECT * FROM cdp.profile_table('crm.contacts');
RESET ROLE;
GRANT SELECT (id, city) ON crm.contacts TO profile_guest;
SET ROLE profile_guest;
SELECT column_name, rows, reason FROM cdp.profile_table('crm.contacts') LIMIT 3;
SELECT * FROM cdp.profile_values('crm.contacts', 'mail');
SELECT count(*) FROM cdp.profile_values('crm.contacts', 'city');
RESET ROLE;
SET statement_timeout = '100ms';
CREATE VIEW endless AS SELECT 'x' || i AS v FROM generate_series(1, 1000000000) AS i;
SELECT * FROM cdp.profile_table('endless', NULL);
RESET statement_timeout;

-- Registering a source: the order of day and month is taken from the dates.
SELECT cdp.install() LIKE 'store installed%' AS installed;
CREATE TABLE orders_us (id int PRIMARY KEY, email text, dob text);
INSERT INTO orders_us SELECT i, 'u' || i || '@example.com', to_char(date '1960-01-01' + i * 100, 'MM/DD/YYYY') FROM generate_series(1, 50) i;
SELECT * FROM cdp.add_source('us', 'orders_us');
CREATE TABLE orders_eu AS SELECT id, email, to_char(to_date(dob, 'MM/DD/YYYY'), 'DD/MM/YYYY') AS dob FROM orders_us;
SELECT * FROM cdp.add_source('eu', 'orders_eu', key => 'id');
CREATE TABLE orders_iso AS SELECT id, email, to_char(to_date(dob, 'MM/DD/YYYY'), 'YYYY-MM-DD') AS dob FROM orders_us;
SELECT count(*) FROM cdp.add_source('iso', 'orders_iso', key => 'id');
CREATE TABLE orders_open AS SELECT id, email, '03/0' || 1 + id % 9 || '/1980' AS dob FROM orders_us;
SELECT count(*) FROM cdp.add_source('open', 'orders_open', key => 'id');
SELECT count(*) FROM cdp.add_source('told', 'orders_us', date_order => 'dmy');
SELECT count(*) FROM cdp.add_source('told_right', 'orders_us', date_order => 'mdy', mapping => '{"dob": "birth_date"}');
CREATE TABLE visits AS SELECT id, id % 50 + 1 AS customer_id, dob || ' 10:00' AS visited_at FROM orders_us;
SELECT * FROM cdp.add_source('visits', 'visits', key => 'id', kind => 'events', event_kind => 'visit', person_source => 'us',
    mapping => '{"customer_id": "person_key", "visited_at": "occurred_at"}');
SELECT name, date_order FROM cdp_data.source ORDER BY name;
SELECT count(*) FROM cdp.ingest('us');
SELECT source_key, birth_date FROM cdp_data.record ORDER BY source_key::int LIMIT 3;
-- What contradicts its name is not mapped, what merges people only when the name leaves no doubt.
CREATE TABLE mixed (id int PRIMARY KEY, phone text, birth_date text, login uuid, notes text);
INSERT INTO mixed SELECT i, 'p' || i || '@example.com', (ARRAY['red', 'green'])[1 + i % 2], ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, 'x' FROM generate_series(1, 20) i;
SELECT column_name, target, confidence, reason FROM cdp.suggest_mapping('mixed');
SELECT * FROM cdp.add_source('mixed', 'mixed');

SET client_min_messages = warning;
DROP SCHEMA crm CASCADE;
DROP OWNED BY profile_guest;
DROP ROLE profile_guest;
SELECT cdp.uninstall('cdp_data');
DROP EXTENSION cdp;
