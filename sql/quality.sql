-- Rules of quality: what may be said, what is found, what is refused and cured, and what stops a source.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SET client_min_messages = warning;

CREATE SCHEMA crm;
CREATE TABLE crm.shops (id text, city text);
INSERT INTO crm.shops VALUES ('S1', 'Lima'), ('S2', 'Quito');
CREATE TABLE crm.people (id int, name text, email text, shop text, points text, born date, card text, seen timestamptz);
INSERT INTO crm.people
SELECT n, 'Person ' || chr(64 + n), 'p' || n || '@example.com', 'S' || 1 + n % 2, (n * 10)::text, '1980-01-01'::date + n, NULL, now() - interval '1 hour' FROM generate_series(1, 20) n;
SELECT cdp.add_attribute('points', 'number');
SELECT count(target) FROM cdp.add_source('crm', 'crm.people', key => 'id', mapping => '{"name": "full_name", "email": "email", "points": "points", "born": "birth_date"}');

-- A rule that makes no sense is an error when it is made.
SELECT cdp.add_quality_rule('crn', 'email');
SELECT cdp.add_quality_rule('crm', 'emial');
SELECT cdp.add_quality_rule('crm', 'email', rule => 'notnull');
SELECT cdp.add_quality_rule('crm', 'email', severity => 'refuse');
SELECT cdp.add_quality_rule('crm', 'email', attribute => 'email');
SELECT cdp.add_quality_rule('crm', attribute => 'phone');
SELECT cdp.add_quality_rule('crm', rule => 'not_null');
SELECT cdp.add_quality_rule('crm', 'email', rule => 'domain');
SELECT cdp.add_quality_rule('crm', 'email', rule => 'pattern', pattern => '^(a');
SELECT cdp.add_quality_rule('crm', 'email', rule => 'pattern', pattern => 'a', min_value => '3');
SELECT cdp.add_quality_rule('crm', 'born', rule => 'range', min_value => '7');
SELECT cdp.add_quality_rule('crm', 'points', rule => 'range', min_value => 'many');
SELECT cdp.add_quality_rule('crm', 'points', rule => 'range', min_value => '0', max_value => '2020-01-01');
SELECT cdp.add_quality_rule('crm', 'points', rule => 'range', min_value => '10', max_value => '1');
SELECT cdp.add_quality_rule('crm', 'shop', rule => 'referential', referenced_relation => 'crm.shop', referenced_column => 'id');
SELECT cdp.add_quality_rule('crm', 'shop', rule => 'referential', referenced_relation => 'crm.shops', referenced_column => 'idd');
SELECT cdp.add_quality_rule('crm', 'seen', rule => 'freshness');
SELECT cdp.add_quality_rule('crm', 'seen', rule => 'freshness', max_age => '2 days', severity => 'reject');
SELECT cdp.add_quality_rule('crm', 'seen', rule => 'freshness', max_age => '-2 days');
SELECT cdp.add_quality_rule('crm', 'id', rule => 'volume');
SELECT cdp.add_quality_rule('crm', 'id', tolerance => 1);
-- SQL: one boolean expression over a row, without side effects; nothing of it runs.
SELECT cdp.add_quality_rule('crm', rule => 'sql', condition => 'length(name)');
SELECT cdp.add_quality_rule('crm', rule => 'sql', condition => 'nme IS NOT NULL');
SELECT cdp.add_quality_rule('crm', rule => 'sql', condition => 'name IS NOT');
SELECT cdp.add_quality_rule('crm', rule => 'sql', condition => 'true) AS ok FROM crm.people s; DROP TABLE crm.people; SELECT (true');
SELECT cdp.add_quality_rule('crm', rule => 'sql', condition => 'true) AS ok FROM crm.shops UNION SELECT (true');
SELECT cdp.add_quality_rule('crm', rule => 'sql', condition => 'true, false');
SELECT cdp.add_quality_rule('crm', rule => 'sql', condition => 'EXISTS (SELECT FROM crm.shops)');
SELECT cdp.add_quality_rule('crm', rule => 'sql', condition => 'count(*) > 3');
SELECT cdp.add_quality_rule('crm', rule => 'sql', condition => 'random() > 0.5');
SELECT cdp.add_quality_rule('crm', rule => 'sql', condition => 'pg_sleep(1) IS NULL');
SELECT cdp.add_quality_rule('crm', rule => 'sql', condition => 'set_config(''a.b'', name, false) = name');
SELECT cdp.add_quality_rule('crm', rule => 'sql', condition => 'generate_series(1, 2) > 1');
INSERT INTO cdp_data.quality_rule (source_id, name, rule, condition) SELECT source_id, 'straight in', 'sql', 'pg_sleep(1) IS NULL' FROM cdp_data.source;
SELECT count(*) FROM cdp_data.quality_rule;

-- Good ones.
SELECT cdp.add_quality_rule('crm', 'email', severity => 'reject');
SELECT cdp.add_quality_rule('crm', 'shop', rule => 'domain', allowed_values => ARRAY['S1', 'S2']);
SELECT cdp.add_quality_rule('crm', 'shop', rule => 'referential', referenced_relation => 'crm.shops', referenced_column => 'id', severity => 'reject');
SELECT cdp.add_quality_rule('crm', 'points', rule => 'range', min_value => '0', max_value => '500');
SELECT cdp.add_quality_rule('crm', 'born', rule => 'range', min_value => '1900-01-01', name => 'born in a past that people live in');
SELECT cdp.add_quality_rule('crm', 'id', rule => 'pattern', pattern => '^[0-9]+$');
SELECT cdp.add_quality_rule('crm', 'email', rule => 'unique');
SELECT cdp.add_quality_rule('crm', 'seen', rule => 'freshness', max_age => '2 days');
SELECT cdp.add_quality_rule('crm', rule => 'sql', condition => 'born < now() OR name IS NULL -- a comment', name => 'nobody is born tomorrow');
SELECT cdp.add_quality_rule('crm', attribute => 'points', rule => 'range', max_value => '1000', name => 'cleaned points');
SELECT cdp.add_quality_rule('crm', 'email', severity => 'warn');
SELECT * FROM cdp.ingest('crm');
SELECT name, rows_checked, rows_failed, verdict, message FROM cdp_data.quality_result ORDER BY result_id;
SELECT rows_read, rows_refused, verdict FROM cdp_data.quality_check;

-- Faults, one by one.
UPDATE crm.people SET email = NULL, card = '4111 1111 1111 1111' WHERE id = 3;
UPDATE crm.people SET shop = 'S9' WHERE id IN (3, 4);
UPDATE crm.people SET points = '-1' WHERE id = 5;
UPDATE crm.people SET points = 'many' WHERE id = 6;
UPDATE crm.people SET points = '900,5' WHERE id = 7;
UPDATE crm.people SET born = '1801-01-01' WHERE id = 8;
UPDATE crm.people SET born = now() + interval '3 years' WHERE id = 9;
UPDATE crm.people SET email = 'p10@example.com' WHERE id = 11;
SELECT * FROM cdp.check_quality('crm') WHERE verdict <> 'ok';
SELECT * FROM cdp.ingest('crm');
-- The same counts by plain SQL.
SELECT count(*) FILTER (WHERE email IS NULL) AS not_null, count(*) FILTER (WHERE shop NOT IN ('S1', 'S2')) AS domain, count(*) FILTER (WHERE NOT EXISTS (SELECT FROM crm.shops t WHERE t.id = p.shop)) AS referential,
       count(*) FILTER (WHERE born < '1900-01-01') AS born, count(*) FILTER (WHERE email IN (SELECT email FROM crm.people GROUP BY email HAVING count(*) > 1)) AS not_unique, count(*) FILTER (WHERE born >= now()) AS tomorrow FROM crm.people p;
SELECT name, rows_failed, examples, verdict FROM cdp_data.quality_result WHERE check_id = 2 ORDER BY result_id;
SELECT source_key, attribute, reason, rule, original::jsonb - 'seen' AS original, resolved_at IS NULL AS is_open FROM cdp_data.reject ORDER BY source_key, attribute;
SELECT count(*), count(*) FILTER (WHERE email IS NULL) AS without_email FROM cdp_data.record;
-- Read again, nothing is added; mended, they are cured and read.
SELECT * FROM cdp.ingest('crm');
SELECT count(*), count(*) FILTER (WHERE resolved_at IS NULL) AS open FROM cdp_data.reject WHERE rule <> 'cleaning';
UPDATE crm.people SET shop = 'S1' WHERE id = 4;
UPDATE crm.people SET email = 'p3@example.com' WHERE id = 3;
SELECT * FROM cdp.ingest('crm');
SELECT source_key, rule, resolved_at IS NULL AS is_open FROM cdp_data.reject WHERE rule <> 'cleaning' ORDER BY source_key, rule;
-- Without its rule nothing is refused.
SELECT cdp.remove_quality_rule('crm', 'shop referentail');
SELECT cdp.remove_quality_rule('crm', 'shop referential');
SELECT rows_rejected FROM cdp.ingest('crm');
SELECT source_key, rule, resolved_at IS NULL AS is_open FROM cdp_data.reject WHERE rule <> 'cleaning' ORDER BY source_key, rule;

-- A preview changes nothing.
SELECT * FROM cdp.preview_quality_rule('crm', 'points', rule => 'range', max_value => '100', severity => 'stop', tolerance => 0.1);
SELECT * FROM cdp.preview_quality_rule('crm', 'points', rule => 'range', max_value => '100', severity => 'reject');
SELECT * FROM cdp.preview_quality_rule('crm', rule => 'sql', condition => 'id <> 7', tolerance => 0.1);
SELECT * FROM cdp.preview_quality_rule('crm', 'pints', rule => 'range', max_value => '100');
SELECT count(*) FROM cdp_data.quality_rule WHERE name LIKE 'preview%';

-- stop: nothing is read, and what was found can be seen afterwards.
SELECT cdp.add_quality_rule('crm', rule => 'sql', condition => 'id < 21', severity => 'stop', name => 'known numbers');
INSERT INTO crm.people (id, email) VALUES (21, 'p21@example.com');
SELECT * FROM cdp.ingest('crm');
CALL cdp.refresh();
SELECT step, status, message FROM cdp_data.run_step WHERE step LIKE 'ingest%' ORDER BY run_id DESC LIMIT 1;
SELECT verdict, rows_read FROM cdp_data.quality_check ORDER BY check_id DESC LIMIT 1;
SELECT r.name, r.rows_failed, r.examples, r.verdict FROM cdp_data.quality_result r WHERE r.verdict = 'stopped';
SELECT count(*) FROM cdp_data.record;
UPDATE cdp_data.quality_rule SET tolerance = 0.1 WHERE name = 'known numbers';
SELECT rows_read, rows_new FROM cdp.ingest('crm');
-- A rule whose column is gone, or whose condition fails, says so, and can be switched off.
ALTER TABLE crm.people RENAME COLUMN seen TO seen_at;
SELECT * FROM cdp.ingest('crm');
UPDATE cdp_data.quality_rule SET is_active = false WHERE name = 'seen freshness';
SELECT rows_read FROM cdp.ingest('crm');

-- Freshness and volume.
UPDATE cdp_data.quality_rule SET is_active = false;
SELECT cdp.add_quality_rule('crm', 'seen_at', rule => 'freshness', max_age => '2 days');
UPDATE crm.people SET seen_at = '2026-01-05 10:00+00' WHERE seen_at IS NOT NULL;
SELECT verdict, message FROM cdp.check_quality('crm');
UPDATE cdp_data.quality_rule SET is_active = false;
SELECT cdp.add_quality_rule('crm', rule => 'volume', name => 'as many as ever');
DELETE FROM cdp_data.quality_check;
SELECT verdict, message FROM cdp.check_quality('crm');
-- The same number for ten weeks: a few more are no anomaly (2 %, one row at least), ten less are.
INSERT INTO cdp_data.quality_check (source_id, checked_at, rows_read, verdict) SELECT source_id, now() - interval '7 days' * n, 21, 'ok' FROM cdp_data.source, generate_series(10, 1, -1) n;
SELECT verdict, message FROM cdp.check_quality('crm');
INSERT INTO crm.people (id) SELECT generate_series(31, 33);
SELECT verdict, message FROM cdp.check_quality('crm');
DELETE FROM crm.people WHERE id > 10;
SELECT verdict, message FROM cdp.check_quality('crm');
-- Median and deviation as computed by hand; outliers hardly move them.
TRUNCATE cdp_data.quality_check CASCADE;
INSERT INTO cdp_data.quality_check (source_id, checked_at, rows_read, verdict)
SELECT source_id, '2026-01-01'::timestamptz + interval '1 day' * o, n, 'ok' FROM cdp_data.source, unnest(ARRAY[100, 110, 90, 105, 95, 5000]) WITH ORDINALITY u(n, o);
SELECT * FROM cdp._expected_volume(1, '2026-01-08');
-- Each weekday has its own level once it has five readings.
TRUNCATE cdp_data.quality_check CASCADE;
INSERT INTO cdp_data.quality_check (source_id, checked_at, rows_read, verdict)
SELECT source_id, d, CASE WHEN date_part('isodow', d) = 7 THEN 10 ELSE 1000 END, 'ok' FROM cdp_data.source, generate_series('2026-01-01'::timestamptz, '2026-02-20', '1 day') d;
SELECT d, e.expected, e.spread, e.readings, e.is_by_weekday FROM unnest(ARRAY['2026-02-21', '2026-02-22']::timestamptz[]) d, cdp._expected_volume(1, d) e;

-- Suggested: what the data keeps already.
CREATE TABLE crm.orders (nr int PRIMARY KEY, person int, state text, amount numeric, day date);
INSERT INTO crm.orders SELECT n, 1 + n % 10, (ARRAY['open', 'paid'])[1 + n % 2], 10 + n % 90, '2026-01-01'::date + n % 30 FROM generate_series(1, 500) n;
SELECT count(target) FROM cdp.add_source('orders', 'crm.orders', kind => 'events', person_source => 'crm', event_kind => 'purchase', mapping => '{"nr": "order_number", "person": "person_key", "day": "occurred_at", "amount": "amount", "state": "state"}');
SELECT rule, "column", reason, rows_failed FROM cdp.suggest_quality_rules('orders');
SELECT statement FROM cdp.suggest_quality_rules('orders') \gexec
SELECT * FROM cdp.ingest('orders');
SELECT "column", rule FROM cdp.suggest_quality_rules('orders');
-- Events are refused alike, also those without a key.
SELECT cdp.add_quality_rule('orders', rule => 'sql', condition => 'amount < 200', severity => 'reject', name => 'no great sums');
INSERT INTO crm.orders VALUES (501, 1, 'paid', 1000, '2026-01-05');
SELECT rows_read, rows_new, rows_rejected FROM cdp.ingest('orders');
SELECT source_key, reason, rule, resolved_at IS NULL AS is_open FROM cdp_data.reject WHERE relation = 'crm.orders';
UPDATE crm.orders SET amount = 100 WHERE nr = 501;
SELECT rows_read, rows_new, rows_rejected FROM cdp.ingest('orders');
SELECT source_key, resolved_at IS NULL AS is_open FROM cdp_data.reject WHERE relation = 'crm.orders';
