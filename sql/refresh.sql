-- The whole chain in one call, what it leaves behind when something fails, and CSV files that are half broken.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SET client_min_messages = warning; -- the notices tell seconds

-- Nothing to do is no error.
CALL cdp.refresh();
SELECT run_id, status, finished_at IS NOT NULL AS finished FROM cdp_data.run;
SELECT step_number, step, status, rows_read, rows_new, rows_changed, rows_rejected, message FROM cdp_data.run_step ORDER BY run_id, step_number;
SELECT "check", status, message FROM cdp.health() WHERE "check" NOT IN ('library', 'normaliser');

-- A small shop: files, people, purchases, a segment, a list.
CREATE SCHEMA landing;
SELECT * FROM cdp.load_csv('landing.people', E'id,name,email,consent,city\n1,Ana Rojas,ana@example.com,yes,Lima\n2,Bo Li,bo@example.com,no,Lima\n3,Carl Marsh,carl@example.com,yes,Quito\n4,broken "line,\n5,Dora\n');
SELECT * FROM landing.people ORDER BY id;
SELECT relation, line_number, reason, original, resolved_at IS NULL AS is_open FROM cdp_data.reject ORDER BY line_number;
SELECT * FROM cdp.load_csv('landing.purchases', E'nr;person;day;amount\na;1;2026-01-01;12,50\nb;2;2026-01-02;3\nc;3;2026-01-03;7\nd;1;2026-02-01;99\n');
SELECT * FROM landing.purchases ORDER BY nr;
SELECT count(target) FROM cdp.add_source('people', 'landing.people', key => 'id', mapping => '{"name": "full_name", "email": "email", "consent": "consent_email", "city": "city"}');
SELECT count(target) FROM cdp.add_source('purchases', 'landing.purchases', key => 'nr', kind => 'events', person_source => 'people', event_kind => 'purchase',
    mapping => '{"person": "person_key", "day": "occurred_at", "amount": "amount"}');
CALL cdp.refresh(as_of => '2026-01-15');
SELECT cdp.define_segment('buyers', 'did purchase in last 30 days');
CALL cdp.refresh(as_of => '2026-01-15');
SELECT step_number, step, status, rows_read, rows_new, rows_changed, rows_rejected, message FROM cdp_data.run_step WHERE run_id = 2 ORDER BY step_number;
SELECT step_number, step, status, rows_read, rows_new, rows_changed, rows_rejected, message FROM cdp_data.run_step WHERE run_id = 3 ORDER BY step_number;
SELECT given_name, entered_at FROM cdp.segment_members('buyers') ORDER BY given_name;
SELECT given_name, address FROM cdp.audience('buyers', channel => 'email') ORDER BY given_name;
-- Two weeks on, some have left.
CALL cdp.refresh(as_of => '2026-02-15');
SELECT f.given_name, c.change, c.changed_at FROM cdp_data.segment_change c JOIN cdp_data.profile f USING (profile_id) ORDER BY c.changed_at, f.given_name;
SELECT "check", status, message, next_statement FROM cdp.health() WHERE "check" NOT IN ('library', 'normaliser');
SELECT run_id, as_of, status FROM cdp_data.run WHERE run_id > 1 ORDER BY run_id;

-- A source that fails does not keep the others from being read.
SELECT count(target) FROM cdp.add_source('club', 'landing.people', key => 'id', priority => 1, mapping => '{"email": "email"}');
CREATE VIEW landing.failing AS SELECT id, name, 1 / (length(email) - 15) AS n FROM landing.people;
SELECT count(target) FROM cdp.add_source('failing', 'landing.failing', key => 'id', priority => 2, mapping => '{"name": "full_name", "n": "loyalty_id"}');
UPDATE cdp_data.source SET relation = 'landing.gone' WHERE name = 'club';
INSERT INTO landing.people VALUES ('6', 'Eva Stone', 'eva@example.com', 'yes', 'Lima');
CALL cdp.refresh(as_of => '2026-02-15');
SELECT step_number, step, status, rows_read, rows_new, rows_changed, rows_rejected, message FROM cdp_data.run_step WHERE run_id = 5 ORDER BY step_number;
SELECT status FROM cdp_data.run WHERE run_id = 5;
SELECT "check", status, message, next_statement FROM cdp.health() WHERE status <> 'ok' AND "check" <> 'normaliser';
SELECT count(*) AS eva_is_there FROM cdp_data.profile WHERE given_name = 'Eva';
-- Repaired, or told not to be read, everything is well again.
UPDATE cdp_data.source SET is_active = false WHERE name IN ('club', 'failing');
CALL cdp.refresh(as_of => '2026-02-15');
SELECT step_number, step, status, message FROM cdp_data.run_step WHERE run_id = 6 ORDER BY step_number;
SELECT "check", status, message FROM cdp.health() WHERE "check" IN ('last run', 'sources');
-- Nothing has changed: nothing is resolved again, nothing built.
CALL cdp.refresh(as_of => '2026-02-15');
SELECT step, status, rows_read, rows_new, rows_changed, rows_rejected, message FROM cdp_data.run_step WHERE run_id = 7 ORDER BY step_number;
-- An interrupted run is marked by the next one.
INSERT INTO cdp_data.run (as_of, backend_pid) VALUES ('2026-02-15', 0);
INSERT INTO cdp_data.run_step (run_id, step_number, step) VALUES (8, 1, 'resolve');
SELECT "check", status, message, next_statement FROM cdp.health() WHERE "check" = 'last run';
CALL cdp.refresh(as_of => '2026-02-15');
SELECT r.status, s.status AS step_status, s.finished_at IS NOT NULL AS finished FROM cdp_data.run r JOIN cdp_data.run_step s USING (run_id) WHERE run_id = 8;
-- Another threshold resolves again.
UPDATE cdp_data.setting SET value = '0.6' WHERE name = 'match_threshold';
CALL cdp.refresh(as_of => '2026-02-15');
SELECT message FROM cdp_data.run_step WHERE run_id = 10 AND step = 'resolve';
SELECT threshold FROM cdp_data.match_model WHERE is_active;

-- It commits as it goes, so it cannot be part of a transaction.
BEGIN;
CALL cdp.refresh();
ROLLBACK;
SELECT count(*) FROM cdp_data.run;

-- Cleaned by another ICU: health() says how to clean anew, and that is then done.
UPDATE cdp_data.setting SET value = '1.0 / Unicode 1' WHERE name = 'normaliser';
SELECT status FROM cdp.health() WHERE "check" = 'normaliser';
DO $$
DECLARE
    statement text;
BEGIN
    FOR statement IN SELECT t FROM cdp.health() h, regexp_split_to_table(h.next_statement, '; *') t WHERE h."check" = 'normaliser' AND t LIKE 'UPDATE %' LOOP
        EXECUTE statement;
    END LOOP;
END
$$;
CALL cdp.refresh(as_of => '2026-02-15');
SELECT status FROM cdp.health() WHERE "check" = 'normaliser';
SELECT step, rows_changed FROM cdp_data.run_step WHERE run_id = (SELECT max(run_id) FROM cdp_data.run) AND step = 'ingest people';

-- Whatever the search_path of the caller holds.
CREATE SCHEMA trap;
CREATE FUNCTION trap.concat_ws(text, VARIADIC text[]) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE FUNCTION trap.now() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE TABLE trap.run (x int);
SET search_path = trap, pg_catalog;
CALL cdp.refresh(as_of => '2026-02-15');
SELECT * FROM cdp.ingest('people');
CALL cdp.resolve();
RESET search_path;

-- CSV: what cannot be a file, a table or a column.
SELECT cdp.load_csv('landing.x', '');
SELECT cdp.load_csv('landing.x', NULL);
SELECT cdp.load_csv('landing.x', E'"a,b\n1,2\n');
SELECT cdp.load_csv('nowhere.x', E'a\n1\n');
SELECT cdp.load_csv('cdp_data.x', E'a\n1\n');
SELECT cdp.load_csv('a.b.c', E'a\n1\n');
SELECT cdp.load_csv('a b', E'a\n1\n');
SELECT cdp.load_csv('', E'a\n1\n');
SELECT cdp.load_csv(NULL, E'a\n1\n');
SELECT cdp.load_csv('landing.x; DROP TABLE landing.people', E'a\n1\n');
SELECT cdp.load_csv('landing.x', E'a\n1\n', delimiter => 'xx');
SELECT to_regclass('landing.x') IS NULL AS nothing_was_made;
-- A header only; names that need quotes, are empty, repeated, long or not ASCII.
SELECT * FROM cdp.load_csv('landing.header', E'a,b\n');
SELECT * FROM cdp.load_csv('landing."Odd ""Name"";"', E'"a""; DROP TABLE landing.people; --",,a,a,a_2,%s,ÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁ,A\n1,2,3,4,5,6,7,8\n');
SELECT column_name FROM information_schema.columns WHERE table_name = 'Odd "Name";' ORDER BY ordinal_position;
SELECT * FROM cdp.load_csv('landing."Odd ""Name"";"', E'"a""; DROP TABLE landing.people; --",,a,a,a_2,%s,ÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁ,A\n8,7,6,5,4,3,2,1\n');
SELECT count(*), min(a), max("a_2"), max("a_2_2"), min(column_2) FROM landing."Odd ""Name"";";
-- An existing table: fewer columns are fine, others are not, nor are those that hold no text.
SELECT * FROM cdp.load_csv('landing.people', E'name,id\nFay,7\n');
SELECT id, name, email FROM landing.people WHERE id = '7';
SELECT cdp.load_csv('landing.people', E'id,phone\n7,1\n');
CREATE TABLE landing.typed (id int, name varchar(20));
SELECT cdp.load_csv('landing.typed', E'id,name\n1,x\n');
-- A file that is corrected: its faults are resolved.
SELECT * FROM cdp.load_csv('landing.people', E'id,name\n8,Gus\n');
SELECT relation, count(*), count(resolved_at) AS resolved FROM cdp_data.reject WHERE line_number IS NOT NULL GROUP BY relation;
SELECT count(*) FROM landing.people;
