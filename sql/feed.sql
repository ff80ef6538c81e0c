-- Feeds: when they fall due, in which order they run, what a failure stops, and what tells of it. The clock is given: as_of.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SET intervalstyle = 'postgres';
SET client_min_messages = warning; -- the notices tell seconds
-- Nothing is wrong, and nothing said, where there are no feeds.
CALL cdp.run_due(as_of => '2026-01-05 09:00Z');
SELECT * FROM cdp.feeds();
SELECT * FROM cdp.alerts();
SELECT count(*) FROM cdp.health() WHERE "check" IN ('feeds', 'scheduler', 'runner', 'alerts');

-- When: the instants around one. Elapsed time, whole days by the clock on the wall, times of day.
CREATE FUNCTION near(what text, instant timestamptz, every interval DEFAULT NULL, at time[] DEFAULT NULL, on_days text[] DEFAULT NULL, zone text DEFAULT 'UTC', anchor timestamptz DEFAULT '2026-01-01')
RETURNS TABLE (what_it_shows text, last_due text, next_due text) LANGUAGE sql AS $$
    SELECT what, to_char(d.last_due AT TIME ZONE zone, 'Dy YYYY-MM-DD HH24:MI'), to_char(d.next_due AT TIME ZONE zone, 'Dy YYYY-MM-DD HH24:MI')
           || ' = ' || to_char(d.next_due AT TIME ZONE 'UTC', 'DD HH24:MI') || ' UTC'
    FROM cdp._due_near(every, at, on_days, zone, anchor, instant) d $$;
SELECT * FROM near('every hour', '2026-01-05 09:31Z', every => '1 hour')
UNION ALL SELECT * FROM near('at the instant itself', '2026-01-05 09:00Z', every => '1 hour')
UNION ALL SELECT * FROM near('before the anchor', '2025-12-31 23:50Z', every => '15 minutes')
UNION ALL SELECT * FROM near('every 36 hours', '2026-01-05 09:31Z', every => '36 hours')
UNION ALL SELECT * FROM near('daily, Santiago, summer', '2026-01-05 09:31Z', at => '{06:00}', zone => 'America/Santiago')
UNION ALL SELECT * FROM near('daily, Santiago, winter', '2026-07-05 09:31Z', at => '{06:00}', zone => 'America/Santiago')
UNION ALL SELECT * FROM near('summer ends in the night: still at six', '2026-04-04 12:00Z', at => '{06:00}', zone => 'America/Santiago')
UNION ALL SELECT * FROM near('every day: the same time on the wall', '2026-04-04 12:00Z', every => '1 day', zone => 'America/Santiago', anchor => '2026-01-01 09:00Z')
UNION ALL SELECT * FROM near('a time that does not exist', '2026-09-05 12:00Z', at => '{00:30}', zone => 'America/Santiago')
UNION ALL SELECT * FROM near('a time that exists twice: once', '2026-10-24 12:00Z', at => '{02:30}', zone => 'Europe/Madrid')
UNION ALL SELECT * FROM near('and not again after it', '2026-10-25 01:30Z', at => '{02:30}', zone => 'Europe/Madrid')
UNION ALL SELECT * FROM near('workdays', '2026-01-09 19:00Z', at => '{06:00,18:00}', on_days => '{mon,tue,wed,thu,fri}')
UNION ALL SELECT * FROM near('the last of the month', '2026-02-10 00:00Z', at => '{23:00}', on_days => '{last}')
UNION ALL SELECT * FROM near('the 31st', '2026-02-01 00:00Z', at => '{23:00}', on_days => '{31}')
UNION ALL SELECT * FROM near('the 29th of February is not waited for', '2027-01-30 00:00Z', at => '{12:00}', on_days => '{29}');
-- Against a search by the minute: each instant of a schedule is the next one of all those before it, in zones that change their clocks.
SELECT zone, count(*) AS instants, count(*) FILTER (WHERE next_due IS DISTINCT FROM expected) AS wrong
FROM unnest('{America/Santiago,Europe/Madrid,Australia/Lord_Howe,UTC}'::text[]) zone
CROSS JOIN LATERAL (SELECT t.t, (cdp._due_near(NULL, '{00:15,06:00,23:45}', NULL, zone, '2026-01-01', t.t)).next_due,
                           (SELECT min(c.c) FROM generate_series(-1, 2) k, unnest('{00:15,06:00,23:45}'::time[]) w, LATERAL (SELECT ((t.t AT TIME ZONE zone)::date + k + w) AT TIME ZONE zone AS c) c WHERE c.c > t.t) AS expected
                    FROM generate_series('2026-01-01 00:07Z'::timestamptz, '2026-12-31Z', '97 minutes') t) AS x
GROUP BY zone ORDER BY zone COLLATE "C";

-- What cannot be a feed.
SELECT cdp.add_feed('x', 'ingets', every => '1 hour');
SELECT cdp.add_feed('x', 'ingest', every => '1 hour');
SELECT cdp.add_feed('x', 'resolve');
SELECT cdp.add_feed('x', 'resolve', every => '10 seconds');
SELECT cdp.add_feed('x', 'resolve', every => '1 month');
SELECT cdp.add_feed('x', 'resolve', every => '1 hour', at => '{06:00}');
SELECT cdp.add_feed('x', 'resolve', at => '{06:00}', on_days => '{monday}');
SELECT cdp.add_feed('x', 'resolve', every => '1 hour', on_days => '{mon}');
SELECT cdp.add_feed('x', 'resolve', at => '{06:00}', time_zone => 'CLT');
SELECT cdp.add_feed('x', 'sql', every => '1 hour');
SELECT cdp.add_feed('x', 'resolve', every => '1 hour', statement => 'SELECT 1');
SELECT cdp.add_feed('x', 'resolve', every => '1 hour', source => 'crm');
SELECT cdp.add_feed('x', 'resolve', every => '1 hour', on_failure => 'ignore');
SELECT cdp.add_feed('x', 'resolve', every => '1 hour', max_attempts => 0);
SELECT cdp.add_feed('x', 'resolve', every => '1 hour', fresh_within => '0');
SELECT cdp.add_feed(' ', 'resolve', every => '1 hour');
SELECT cdp.add_feed('x', 'resolve', every => '1 hour', depends_on => '{y}');
SELECT cdp.pause_feed('x');
SELECT count(*) FROM cdp_data.feed;

-- A small shop whose feeds are made by one call.
CREATE SCHEMA landing;
CREATE TABLE landing.people (id text, name text, email text);
INSERT INTO landing.people SELECT i, 'Ana Rojas', 'a' || i || '@example.com' FROM generate_series(1, 50) i;
CREATE TABLE landing.buys (nr text, person text, day text, amount text);
INSERT INTO landing.buys SELECT i, i, '2026-01-0' || 1 + i % 5, '10' FROM generate_series(1, 40) i;
SELECT count(target) FROM cdp.add_source('people', 'landing.people', key => 'id', mapping => '{"name": "full_name", "email": "email"}');
SELECT count(target) FROM cdp.add_source('buys', 'landing.buys', key => 'nr', kind => 'events', person_source => 'people', event_kind => 'purchase',
    mapping => '{"person": "person_key", "day": "occurred_at", "amount": "amount"}');
SELECT cdp.define_segment('buyers', 'did purchase in last 30 days');
SELECT * FROM cdp.add_default_feeds(every => '1 hour', as_of => '2026-01-05 09:30Z');
SELECT note, count(*) FROM cdp.add_default_feeds(every => '2 hours', as_of => '2026-01-05 09:30Z') GROUP BY note;
CALL cdp.run_due(as_of => '2026-01-05 09:31Z');
SELECT feed, work, schedule, status, next_due, message FROM cdp.feeds('2026-01-05 09:31Z');
CALL cdp.run_due(as_of => '2026-01-05 10:01Z');
CREATE VIEW history AS SELECT f.name, r.status, r.cause, to_char(r.due_at, 'DD HH24:MI') AS due, r.missed, r.attempt, r.rows_read AS read, r.rows_new AS new, r.rows_changed AS changed, r.rows_rejected AS rejected,
    coalesce(r.message, r.error) AS message, r.feed_run_id FROM cdp_data.feed_run r JOIN cdp_data.feed f USING (feed_id);
SELECT name, status, cause, due, attempt, read, new, changed, rejected, message FROM history ORDER BY feed_run_id;
SELECT count(*) AS buyers FROM cdp.segment_members('buyers');
CALL cdp.run_due(as_of => '2026-01-05 10:06Z');

-- Nobody calls for days: alerts tell, and one run makes up for all that were missed.
SELECT kind, subject, severity, message FROM cdp.alerts('2026-01-08 10:30Z');
SELECT count(*) AS noted FROM cdp_data.alert;
SELECT "check", status, message, next_statement FROM cdp.health('2026-01-08 10:30Z') WHERE "check" NOT IN ('library', 'store', 'objects', 'normaliser', 'sources', 'rejects', 'match model', 'segments');
CALL cdp.run_due(as_of => '2026-01-08 10:30Z');
SELECT name, status, due, missed FROM history WHERE due LIKE '08%' ORDER BY feed_run_id;
SELECT kind, subject, times_seen, resolved_at FROM cdp_data.alert ORDER BY alert_id;
SELECT count(*) AS open FROM cdp.alerts('2026-01-08 10:31Z');

-- The clock leaps ten days ahead and back again: one run each, and the next ones when they are due.
CALL cdp.run_due(as_of => '2026-01-18 11:02Z');
CALL cdp.run_due(as_of => '2026-01-08 11:02Z');
CALL cdp.run_due(as_of => '2026-01-08 11:05Z');
SELECT name, due, missed FROM history WHERE name = 'people' ORDER BY feed_run_id;
SELECT feed, status, next_due FROM cdp.feeds('2026-01-08 11:06Z');
-- A minute back is no reason to run again.
CALL cdp.run_due(as_of => '2026-01-08 12:00:30Z');
CALL cdp.run_due(as_of => '2026-01-08 11:59:30Z');
CALL cdp.run_due(as_of => '2026-01-08 12:01Z');
SELECT name, due, missed FROM history WHERE name = 'people' AND due >= '08 12' AND due < '09' ORDER BY feed_run_id;

-- A source disappears: attempts with growing pauses, then the circuit opens; others go on; what depends on it waits.
SELECT cdp.add_feed('report', 'sql', statement => 'INSERT INTO landing.report SELECT count(*) FROM cdp_data.event', every => '1 hour', depends_on => '{buys}', as_of => '2026-01-08 12:30Z');
SELECT cdp.add_feed('careless', 'sql', statement => 'SELECT 1', every => '1 hour', depends_on => '{buys}', on_failure => 'go_on', as_of => '2026-01-08 12:30Z');
CREATE TABLE landing.report (events bigint);
SELECT cdp.change_feed('buys', break_after => 4, as_of => '2026-01-08 12:30Z');
ALTER TABLE landing.buys RENAME TO moved;
INSERT INTO landing.people VALUES (51, 'Eva Mena', 'eva@example.com');
CALL cdp.run_due(as_of => '2026-01-08 13:00Z');
SELECT feed, status, next_due, message FROM cdp.feeds('2026-01-08 13:00Z');
SELECT count(*) AS eva_is_there FROM cdp_data.profile WHERE given_name = 'Eva';
CALL cdp.run_due(as_of => '2026-01-08 13:00:30Z');
CALL cdp.run_due(as_of => '2026-01-08 13:10Z');
CALL cdp.run_due(as_of => '2026-01-08 13:20Z');
SELECT kind, subject, message, next_statement FROM cdp.alerts('2026-01-08 13:20Z');
CALL cdp.run_due(as_of => '2026-01-08 14:00Z');
SELECT feed, status, next_due, message FROM cdp.feeds('2026-01-08 14:00Z') WHERE feed IN ('buys', 'report', 'careless');
CALL cdp.run_due(as_of => '2026-01-08 14:30Z');
-- One attempt after the pause, and a longer one.
CALL cdp.run_due(as_of => '2026-01-08 15:00Z');
SELECT feed, status, next_due, message FROM cdp.feeds('2026-01-08 15:00Z') WHERE feed = 'buys';
SELECT alert_id, kind, subject, is_acknowledged FROM cdp.alerts('2026-01-08 15:01Z');
SELECT cdp.acknowledge_alert((SELECT alert_id FROM cdp.alerts('2026-01-08 15:01Z') WHERE kind = 'failed'), 'the shop moves its tables');
SELECT kind, subject, is_acknowledged, note FROM cdp.alerts('2026-01-08 15:01Z') WHERE kind = 'failed';
SELECT cdp.acknowledge_alert(4711);
-- It comes back.
ALTER TABLE landing.moved RENAME TO buys;
SELECT cdp.resume_feed('buys', as_of => '2026-01-08 15:02Z');
CALL cdp.run_due(as_of => '2026-01-08 15:02Z');
SELECT name, status, cause, due, missed, attempt, read FROM history WHERE name IN ('buys', 'report') AND due > '08 12:30' AND due < '09' ORDER BY feed_run_id;
SELECT * FROM landing.report;
SELECT a.kind, a.subject, a.times_seen, a.resolved_at, a.note FROM cdp_data.alert a WHERE a.first_seen_at > '2026-01-08 12:30Z' AND a.first_seen_at < '2026-01-09' ORDER BY a.alert_id;
SELECT * FROM cdp.resume_feed('buys', as_of => '2026-01-08 15:03Z');

-- Circles.
SELECT cdp.change_feed('buys', depends_on => '{buys}');
SELECT cdp.change_feed('buys', depends_on => '{segments}');
SELECT cdp.change_feed('people', depends_on => '{report}');
SELECT cdp.change_feed('buys', depends_on => '{people,segmets}');
SELECT count(*) FROM cdp_data.feed_dependency;

-- Pausing.
SELECT cdp.pause_feed('report');
CALL cdp.run_due(as_of => '2026-01-09 16:00Z');
SELECT feed, status FROM cdp.feeds('2026-01-09 16:00Z');
SELECT count(*) AS about_the_paused FROM cdp.alerts('2026-01-12 16:00Z') WHERE subject = 'report';
SELECT cdp.resume_feed('report', as_of => '2026-01-09 16:30Z');
CALL cdp.run_due(as_of => '2026-01-09 16:30Z');
SELECT due, missed FROM history WHERE name = 'report' ORDER BY feed_run_id DESC LIMIT 1;
-- A source that is switched off is not read.
UPDATE cdp_data.source SET is_active = false WHERE name = 'buys';
CALL cdp.run_due(as_of => '2026-01-09 16:40Z');
SELECT feed, status, message FROM cdp.feeds('2026-01-12 16:30Z') WHERE feed = 'buys';
SELECT count(*) AS about_it FROM cdp.alerts('2026-01-12 16:30Z') WHERE subject = 'buys';
UPDATE cdp_data.source SET is_active = true WHERE name = 'buys';
SELECT cdp.remove_feed('resolve');
SELECT cdp.remove_feed('careless');

-- A statement runs only where the role that wrote it runs the feeds; whoever changes it owns it.
CREATE ROLE cdp_feed_writer;
GRANT USAGE ON SCHEMA cdp_data TO cdp_feed_writer;
GRANT SELECT, INSERT, UPDATE ON cdp_data.feed TO cdp_feed_writer;
SET ROLE cdp_feed_writer;
UPDATE cdp_data.feed SET statement = 'ALTER ROLE cdp_feed_writer SUPERUSER', statement_owner = 'postgres' WHERE name = 'report';
RESET ROLE;
SELECT statement_owner FROM cdp_data.feed WHERE name = 'report';
UPDATE cdp_data.feed SET statement_owner = 'postgres' WHERE name = 'report';
CALL cdp.run_due(as_of => '2026-01-09 17:00Z');
SELECT rolsuper FROM pg_roles WHERE rolname = 'cdp_feed_writer';
SELECT cdp.change_feed('report', statement => 'SELECT nothing()', as_of => '2026-01-09 17:00Z');
CALL cdp.run_due(as_of => '2026-01-09 17:10Z');
SELECT cdp.change_feed('report', statement => 'COMMIT', as_of => '2026-01-09 17:10Z');
CALL cdp.run_due(as_of => '2026-01-09 17:30Z');
SELECT error, error_code FROM cdp_data.feed_run WHERE status = 'failed' ORDER BY feed_run_id DESC LIMIT 1;
SELECT cdp.change_feed('report', statement => 'SET ROLE cdp_feed_writer', as_of => '2026-01-09 17:10Z');
SELECT cdp.resume_feed('report', as_of => '2026-01-09 17:31Z');
CALL cdp.run_due(as_of => '2026-01-09 17:31Z');
SELECT current_user = session_user AS still_the_runner;
DROP OWNED BY cdp_feed_writer;
DROP ROLE cdp_feed_writer;
SELECT cdp.remove_feed('report');

-- The whole chain as one feed: a failing source does not keep the others from being read, and is tried again by itself.
DELETE FROM cdp_data.feed;
SELECT cdp.add_feed('all', 'refresh', at => '{06:00}', time_zone => 'America/Santiago', as_of => '2026-02-01Z');
ALTER TABLE landing.buys RENAME TO moved;
INSERT INTO landing.people VALUES (52, 'Carl Marsh', 'carl@example.com');
CALL cdp.run_due(as_of => '2026-02-01 09:00Z');
SELECT attempt, stage_number, stage, status, rows_read, rows_new FROM cdp_data.feed_run_stage ORDER BY 1, 2;
ALTER TABLE landing.moved RENAME TO buys;
CALL cdp.run_due(as_of => '2026-02-01 09:05Z');
SELECT attempt, stage_number, stage, status, rows_read, rows_new FROM cdp_data.feed_run_stage WHERE attempt = 2 ORDER BY 1, 2;
SELECT name, status, attempt, read, new, message FROM history;

-- A runner that died: its stage is done again, and given up after so many times.
SELECT cdp.change_feed('all', max_attempts => 2, retry_after => '0', as_of => '2026-02-01 09:05Z');
SELECT cdp.queue_feed('all', as_of => '2026-02-01 10:00Z') > 0 AS queued;
UPDATE cdp_data.runner SET backend_pid = 0, backend_started_at = now(), statement_started_at = now(), taken_at = now(), renewed_at = now(), expires_at = now() + interval '1 hour';
UPDATE cdp_data.feed_run SET status = 'running', attempt = 1, started_at = '2026-02-01 10:00Z', backend_pid = 0 WHERE status = 'queued';
INSERT INTO cdp_data.feed_run_stage (feed_run_id, attempt, stage_number, stage, started_at) SELECT feed_run_id, 1, 1, 'ingest people', started_at FROM cdp_data.feed_run WHERE status = 'running';
SELECT kind, subject, message, next_statement FROM cdp.alerts('2026-02-01 10:01Z');
SELECT feed, status, message FROM cdp.feeds('2026-02-01 10:01Z');
SELECT "check", status, message, next_statement FROM cdp.health('2026-02-01 10:01Z') WHERE "check" = 'runner';
CALL cdp.run_due(as_of => '2026-02-01 10:02Z');
SELECT attempt, stage_number, stage, status, message FROM cdp_data.feed_run_stage WHERE feed_run_id = (SELECT max(feed_run_id) FROM cdp_data.feed_run) ORDER BY 1, 2;
SELECT kind, subject, resolved_at FROM cdp_data.alert ORDER BY alert_id DESC LIMIT 1;
SELECT cdp.queue_feed('all', as_of => '2026-02-01 11:00Z') > 0 AS queued;
UPDATE cdp_data.feed_run SET status = 'running', attempt = 2, started_at = '2026-02-01 11:00Z', backend_pid = 0 WHERE status = 'queued';
CALL cdp.run_due(as_of => '2026-02-01 11:02Z');
SELECT kind, subject, message FROM cdp.alerts('2026-02-01 11:02Z');

-- Rejects and volumes against the feed's own past; segments that empty or jump.
DELETE FROM cdp_data.feed;
SELECT cdp.add_feed('people', 'ingest', every => '1 day', as_of => '2026-03-01Z');
DO $$
BEGIN
    FOR day IN 2 .. 10 LOOP
        INSERT INTO cdp_data.feed_run (feed_id, status, cause, due_at, not_before, queued_at, started_at, finished_at, attempt, rows_read, rows_new, rows_changed, rows_rejected)
        SELECT f.feed_id, 'ok', 'schedule', t, t, t, t, t, 1, 1000 + day, 100 + day % 3, 0, 0 FROM cdp_data.feed f, (SELECT '2026-03-01Z'::timestamptz + day * interval '1 day') AS d(t);
    END LOOP;
END
$$;
UPDATE cdp_data.feed SET last_ok_at = '2026-03-11Z', last_ok_due_at = '2026-03-11Z', last_due_at = '2026-03-11Z', next_due_at = '2026-03-12Z';
SELECT kind, subject, message FROM cdp.alerts('2026-03-11 12:00Z');
CALL cdp.run_due(as_of => '2026-03-12Z');
SELECT kind, subject, severity, message FROM cdp.alerts('2026-03-12 00:01Z');
UPDATE cdp_data.alert_rule SET is_active = false WHERE kind = 'volume';
INSERT INTO landing.people SELECT NULL, 'Nobody ' || i FROM generate_series(1, 12) i;
CALL cdp.run_due(as_of => '2026-03-13Z');
SELECT kind, subject, severity, message FROM cdp.alerts('2026-03-13 00:01Z');
INSERT INTO cdp_data.alert_rule (kind, subject, threshold) VALUES ('rejects', 'people', 90);
SELECT count(*) FROM cdp.alerts('2026-03-13 00:01Z');
DELETE FROM landing.people WHERE id IS NULL;
SELECT count(*) FROM cdp.refresh_segments('2026-03-13Z');
SELECT z.counted_at, z.members FROM cdp_data.segment_size z WHERE z.counted_at > '2026-02-01' ORDER BY 1;
SELECT kind, subject, severity, message FROM cdp.alerts('2026-03-13 00:01Z');
SELECT * FROM cdp_data.open_alert WHERE kind = 'no such kind';
SELECT cdp.define_segment('everybody', 'email is known');
SELECT segment, members FROM cdp.refresh_segments('2026-03-13Z') WHERE segment = 'everybody';
INSERT INTO cdp_data.segment_size (segment_id, counted_at, members) SELECT segment_id, t::timestamptz, n FROM cdp_data.segment, (VALUES ('2026-03-10Z', 50), ('2026-03-11Z', 30), ('2026-03-12 12:00Z', 5)) AS v(t, n) WHERE name = 'everybody';
SELECT kind, subject, severity, message FROM cdp.alerts('2026-03-13 00:01Z') WHERE subject = 'everybody';
SELECT kind, subject, severity, message FROM cdp.alerts('2026-03-10 12:00Z') WHERE subject = 'everybody';

-- Windows.
SELECT * FROM cdp.backfill_feed('people', '2026-01-02', '2026-01-01');
SELECT cdp.add_feed('after', 'resolve', depends_on => '{people}');
SELECT * FROM cdp.backfill_feed('after', '2026-01-01', '2026-01-02');

-- It commits as it goes, so it cannot be part of a transaction.
BEGIN;
CALL cdp.run_due();
ROLLBACK;
-- pg_cron that is not there.
SELECT cdp.schedule(every_minutes => 7);

-- Whatever the search_path of the caller holds.
CREATE SCHEMA trap;
CREATE FUNCTION trap.eq(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.eq);
CREATE FUNCTION trap.ge(int, int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE OPERATOR trap.>= (LEFTARG = int, RIGHTARG = int, FUNCTION = trap.ge);
CREATE FUNCTION trap.clock_timestamp() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE TABLE trap.record (x int);
SET search_path = trap, pg_catalog;
CALL cdp.run_due(max_seconds => 100, as_of => '2026-03-14Z');
SELECT count(*) > 0 AS there_are_feeds FROM cdp.feeds('2026-03-14Z');
RESET search_path;
