-- Any relation is a source: tables, views, materialized views, partitioned tables, foreign tables of a server and of a file.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET client_min_messages = warning;

CREATE SCHEMA crm;
CREATE TABLE crm."Table 1" (id int PRIMARY KEY, "E-Mail" text, city text, changed timestamptz NOT NULL);
INSERT INTO crm."Table 1" SELECT i, 'p' || i || '@example.com', 'Rome', timestamptz '2026-01-01' + i * interval '1 day' FROM generate_series(1, 5) i;
CREATE VIEW crm.view AS SELECT id, "E-Mail", upper(city) AS city, changed FROM crm."Table 1";
CREATE MATERIALIZED VIEW crm.matview AS SELECT * FROM crm."Table 1";
CREATE TABLE crm.partitioned (LIKE crm."Table 1") PARTITION BY RANGE (changed);
CREATE TABLE crm.part_1 PARTITION OF crm.partitioned FOR VALUES FROM ('2026-01-01') TO ('2026-01-04');
CREATE TABLE crm.part_2 PARTITION OF crm.partitioned FOR VALUES FROM ('2026-01-04') TO ('2026-02-01');
INSERT INTO crm.partitioned SELECT * FROM crm."Table 1";

-- A table of another server, which is this one.
CREATE EXTENSION postgres_fdw;
DO $$ BEGIN
    EXECUTE format('CREATE SERVER away FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host %L, port %L, dbname %L)',
                   split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port'), current_database());
    EXECUTE format('CREATE USER MAPPING FOR CURRENT_USER SERVER away OPTIONS (user %L)', current_user);
END $$;
CREATE SCHEMA far;
IMPORT FOREIGN SCHEMA crm LIMIT TO ("Table 1") FROM SERVER away INTO far;
-- A file, as another program leaves it.
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE TABLE crm.line (n int, line text);
INSERT INTO crm.line SELECT id, format('%s;%s;%s;%s', id, "E-Mail", city, to_char(changed AT TIME ZONE 'UTC', 'DD.MM.YYYY')) FROM crm."Table 1";
CREATE PROCEDURE crm.write_file() LANGUAGE plpgsql AS $$ BEGIN
    EXECUTE format('COPY (SELECT line FROM (SELECT 0 AS n, ''id;mail;city;changed'' AS line UNION ALL SELECT * FROM crm.line) l ORDER BY n) TO %L', current_setting('data_directory') || '/cdp_source_relation.csv');
END $$;
CALL crm.write_file();
DO $$ BEGIN
    EXECUTE format('CREATE FOREIGN TABLE far.file (id text, mail text, city text, changed text) SERVER files OPTIONS (filename %L, format ''csv'', delimiter '';'', header ''true'')', current_setting('data_directory') || '/cdp_source_relation.csv');
END $$;

SELECT r.name, count(a.target) AS columns
FROM (VALUES (1, 'tab', 'crm."Table 1"', 'changed'), (2, 'view', 'crm.view', 'changed'), (3, 'matview', 'crm.matview', NULL), (4, 'parted', 'crm.partitioned', 'changed'),
             (5, 'distant', 'far."Table 1"', 'changed')) AS r(n, name, relation, watermark)
CROSS JOIN LATERAL cdp.add_source(r.name, r.relation, key => 'id', watermark => r.watermark, deletes => 'snapshot', mapping => '{"E-Mail": "email", "city": "city", "changed": "updated_at"}') a
GROUP BY r.n, r.name ORDER BY r.n;
SELECT count(target) FROM cdp.add_source('file', 'far.file', key => 'id', deletes => 'snapshot', date_order => 'dmy', mapping => '{"mail": "email", "city": "city", "changed": "updated_at"}');
CALL cdp.refresh();
SELECT step, status, rows_read, rows_new, rows_changed, rows_rejected FROM cdp_data.run_step WHERE step LIKE 'ingest%' ORDER BY step_number;
-- One table, six ways: the same values.
SELECT r.source_key, r.email, lower(r.city) AS city, to_char(r.source_updated_at, 'YYYY-MM-DD') AS changed, count(*) AS sources FROM cdp_data.record r GROUP BY 1, 2, 3, 4 ORDER BY 1;

-- Changes, new rows, a deleted one; a column nobody asked for.
UPDATE crm."Table 1" SET "E-Mail" = 'two@example.com', changed = '2026-01-10' WHERE id = 2;
DELETE FROM crm."Table 1" WHERE id = 3;
INSERT INTO crm."Table 1" VALUES (6, 'p6@example.com', 'Oslo', '2026-01-11');
ALTER TABLE crm."Table 1" ADD note text DEFAULT 'x';
REFRESH MATERIALIZED VIEW crm.matview;
DELETE FROM crm.partitioned;
INSERT INTO crm.partitioned SELECT id, "E-Mail", city, changed FROM crm."Table 1";
DELETE FROM crm.line;
INSERT INTO crm.line SELECT id, format('%s;%s;%s;%s', id, "E-Mail", city, to_char(changed AT TIME ZONE 'UTC', 'DD.MM.YYYY')) FROM crm."Table 1";
CALL crm.write_file();
CALL cdp.refresh();
SELECT step, status, rows_read, rows_new, rows_changed, rows_rejected FROM cdp_data.run_step WHERE run_id = 2 AND step LIKE 'ingest%' ORDER BY step_number;
SELECT r.source_key, r.email, lower(r.city) AS city, to_char(r.source_updated_at, 'YYYY-MM-DD') AS changed, r.deleted_at IS NOT NULL AS is_deleted, count(*) AS sources FROM cdp_data.record r GROUP BY 1, 2, 3, 4, 5 ORDER BY 1;
CALL cdp.ingest_source('distant', batch_rows => 2);
-- The other server is asked for what is due, not for everything.
CREATE FUNCTION crm.asked(source text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    FOR line IN EXECUTE (SELECT 'EXPLAIN (VERBOSE, COSTS OFF) SELECT id FROM ' || cdp._source_query(s.source_id) || ' AS s' FROM cdp_data.source s WHERE s.name = source) LOOP
        IF line ~ 'Remote SQL' THEN RETURN NEXT regexp_replace(line, '^.*WHERE', 'WHERE'); END IF;
    END LOOP;
END $$;
SELECT * FROM crm.asked('distant');

-- A source that has gone: it says so, and the others go on.
DROP FOREIGN TABLE far.file;
DROP MATERIALIZED VIEW crm.matview;
ALTER SERVER away OPTIONS (SET dbname 'nowhere');
\set VERBOSITY terse
CALL cdp.refresh();
\set VERBOSITY default
SELECT step, status FROM cdp_data.run_step WHERE run_id = 3 ORDER BY step_number;
SELECT count(*) FILTER (WHERE deleted_at IS NULL) AS live FROM cdp_data.record;
DO $$ BEGIN EXECUTE format('ALTER SERVER away OPTIONS (SET dbname %L)', current_database()); END $$;
SELECT rows_read FROM cdp.ingest('distant');
-- Another relation with the same columns takes its place.
SELECT * FROM cdp.change_source('matview', relation => 'crm.view') WHERE setting = 'relation';
SELECT * FROM cdp.ingest('matview');
SELECT cdp.change_source('matview', relation => 'crm.line');
