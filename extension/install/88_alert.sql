-- Alerts: what is wrong is computed when it is asked for; rows keep when it began, who knows of it, and when it was over.

CREATE FUNCTION cdp._describe_schedule(every interval, at_times time[], on_days text[], time_zone text, needs text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN every IS NOT NULL THEN
                    (SELECT 'every ' || CASE WHEN n = 1 THEN u.name ELSE n || ' ' || u.name || 's' END
                     FROM (VALUES (86400, 'day'), (3600, 'hour'), (60, 'minute'), (1, 'second')) AS u(seconds, name) CROSS JOIN LATERAL (SELECT trim_scale(extract(epoch FROM every) / u.seconds) AS n) AS c
                     WHERE n = trunc(n) ORDER BY u.seconds DESC LIMIT 1)
                WHEN at_times IS NOT NULL THEN 'at ' || (SELECT string_agg(to_char(t, CASE WHEN extract(second FROM t) = 0 THEN 'HH24:MI' ELSE 'HH24:MI:SS' END), ', ' ORDER BY t) FROM unnest(at_times) t)
                     || coalesce(' on ' || array_to_string(on_days, ', '), '') || ' ' || time_zone
                ELSE 'after ' || needs END
$$;
COMMENT ON FUNCTION cdp._describe_schedule(interval, time[], text[], text, text) IS 'Internal. When a feed runs, in words.';

-- From when on a feed counts as late, unless it succeeds before; NULL: never, as things are.
CREATE FUNCTION cdp._late_at(feed_id int, instant timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN cdp._is_paused(f.feed_id) THEN NULL
                WHEN f.fresh_within IS NOT NULL THEN least(coalesce(f.last_ok_at, f.created_at), instant) + f.fresh_within
                WHEN f.every IS NULL AND f.at_times IS NULL THEN f.unseen_since + interval '1 hour'
                ELSE (cdp._due_near(f.every, f.at_times, f.on_days, f.time_zone, f.anchor_at, least(coalesce(f.last_ok_due_at, f.created_at), instant))).next_due
                     + greatest(f.every, interval '1 hour') END
    FROM cdp_data.feed f WHERE f.feed_id = $1
$$;
COMMENT ON FUNCTION cdp._late_at(int, timestamptz) IS 'Internal. When a feed becomes late.';

CREATE FUNCTION cdp.feeds(as_of timestamptz DEFAULT NULL)
RETURNS TABLE (feed text, work text, schedule text, status text, last_success timestamptz, next_due timestamptz, message text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    instant CONSTANT timestamptz := coalesce(as_of, now());
BEGIN
    PERFORM cdp._require_store();
    RETURN QUERY
    SELECT f.name, CASE f.work WHEN 'ingest' THEN 'ingest ' || s.name ELSE f.work END,
           cdp._describe_schedule(f.every, f.at_times, f.on_days, f.time_zone, n.names),
           CASE t.state WHEN 'open' THEN 'circuit open' WHEN 'ready' THEN 'due'
                        WHEN 'never' THEN CASE WHEN l.is_late THEN 'late' ELSE 'new' END
                        WHEN 'idle' THEN CASE WHEN l.is_late THEN 'late' WHEN f.next_due_at <= instant THEN 'due' ELSE 'ok' END
                        ELSE t.state END,
           f.last_ok_at, coalesce(f.circuit_open_until, CASE WHEN t.state = 'retrying' THEN r.not_before END, f.next_due_at),
           CASE t.state
               WHEN 'running' THEN format('attempt %s%s', r.attempt, (SELECT ': ' || g.stage FROM cdp_data.feed_run_stage g WHERE g.feed_run_id = r.feed_run_id AND g.attempt = r.attempt AND g.status = 'running'))
               WHEN 'waiting' THEN format('waits for %s%s', t.blocker, CASE t.outcome WHEN 'failed' THEN ', which has not succeeded' ELSE '' END)
               WHEN 'open' THEN format('%s failures in a row: %s', f.failures, e.error)
               WHEN 'failed' THEN e.error WHEN 'retrying' THEN e.error
               WHEN 'paused' THEN coalesce('since ' || to_char(f.paused_at, 'YYYY-MM-DD HH24:MI'), 'its source is not active')
               ELSE concat_ws('; ', CASE WHEN l.is_late THEN 'since ' || to_char(l.late_at, 'YYYY-MM-DD HH24:MI TZ') END,
                              CASE WHEN t.blocker IS NOT NULL AND t.outcome = 'failed' THEN format('waits for %s, which has not succeeded', t.blocker) END,
                              CASE WHEN t.state = 'idle' THEN concat_ws(', ', e.rows_read || ' read', e.rows_new || ' new', e.rows_changed || ' changed', nullif(e.rows_rejected, 0) || ' rejected') END) END
    FROM cdp._feed_states(instant) t
    JOIN cdp_data.feed f USING (feed_id)
    LEFT JOIN cdp_data.source s ON s.source_id = f.source_id
    LEFT JOIN cdp_data.feed_run r ON r.feed_run_id = t.feed_run_id
    LEFT JOIN LATERAL (SELECT k.* FROM cdp_data.feed_run k WHERE k.feed_id = f.feed_id AND k.since IS NULL AND k.attempt > 0 ORDER BY k.feed_run_id DESC LIMIT 1) AS e ON true
    CROSS JOIN LATERAL (SELECT a.late_at, a.late_at < instant AS is_late FROM cdp._late_at(f.feed_id, instant) AS a(late_at)) AS l
    CROSS JOIN LATERAL (SELECT string_agg(p.name, ', ' ORDER BY p.name COLLATE "C") AS names FROM cdp_data.feed_dependency d JOIN cdp_data.feed p ON p.feed_id = d.depends_on WHERE d.feed_id = f.feed_id) AS n
    ORDER BY t."position";
END
$$;
COMMENT ON FUNCTION cdp.feeds(timestamptz) IS
'One row per feed, those that others depend on first: when it runs, how it is (ok, due, running, waiting, retrying, failed, late, circuit open, paused, or new, which is not due yet), when its newest successful run began, when it is due or tried next, and what is to be said of it: the stage that runs, what it waits for, its error, or what the last run did. Example: SELECT * FROM cdp.feeds();';

-- Medians, because one bad day must not make the next one look normal.
CREATE FUNCTION cdp._volume_off(feed_id int, OUT what text, OUT now_is numeric, OUT usual numeric, OUT deviations numeric)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH run AS (
        SELECT r.rows_read::numeric AS read, coalesce(r.rows_new, 0)::numeric + coalesce(r.rows_changed, 0) AS new, row_number() OVER (ORDER BY r.feed_run_id DESC) AS age
        FROM (SELECT * FROM cdp_data.feed_run k WHERE k.feed_id = $1 AND k.since IS NULL AND k.status = 'ok' AND k.rows_read IS NOT NULL ORDER BY k.feed_run_id DESC LIMIT 31) AS r),
    figure AS (SELECT 'rows read' AS what, read AS value, age FROM run UNION ALL SELECT 'rows new or changed', new, age FROM run),
    middle AS (SELECT what, percentile_cont(0.5) WITHIN GROUP (ORDER BY value)::numeric AS median FROM figure WHERE age > 1 GROUP BY what HAVING count(*) >= 7),
    spread AS (SELECT f.what, percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(f.value - m.median))::numeric AS mad FROM figure f JOIN middle m USING (what) WHERE f.age > 1 GROUP BY f.what)
    SELECT f.what, f.value, round(m.median, 1), round(abs(f.value - m.median) / greatest(1.4826 * s.mad, 0.05 * m.median, 1), 1)
    FROM figure f JOIN middle m USING (what) JOIN spread s USING (what) WHERE f.age = 1
    ORDER BY 4 DESC, 1 LIMIT 1
$$;
COMMENT ON FUNCTION cdp._volume_off(int) IS 'Internal. By how many robust standard deviations (1.4826 × MAD, at least 5 % of the median) the last run of a feed differs from the 30 before; NULL with fewer than 7.';

CREATE FUNCTION cdp._alert_conditions(instant timestamptz)
RETURNS TABLE (kind text, subject text, severity text, message text, next_statement text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH found AS (
        SELECT CASE WHEN f.last_ok_at IS NULL THEN 'never run' ELSE 'late' END AS kind, f.name AS subject, NULL::numeric AS measure,
               CASE WHEN f.last_ok_at IS NULL THEN format('has not succeeded yet; it should have by %s', to_char(a.late_at, 'YYYY-MM-DD HH24:MI TZ'))
                    ELSE format('late since %s; it last succeeded at %s', to_char(a.late_at, 'YYYY-MM-DD HH24:MI TZ'), to_char(f.last_ok_at, 'YYYY-MM-DD HH24:MI TZ')) END AS message,
               'CALL cdp.run_due();' AS next_statement
        FROM cdp_data.feed f CROSS JOIN LATERAL cdp._late_at(f.feed_id, instant) AS a(late_at) WHERE a.late_at < instant
        UNION ALL
        SELECT 'failed', f.name, NULL, CASE WHEN f.circuit_open_until IS NOT NULL
                   THEN format('failed %s times in a row, not tried before %s: %s', f.failures, to_char(f.circuit_open_until, 'YYYY-MM-DD HH24:MI TZ'), r.error)
                   ELSE format('failed in attempt %s of run %s: %s', r.attempt, r.feed_run_id, r.error) END,
               format('SELECT cdp.resume_feed(%L); CALL cdp.run_due();', f.name)
        FROM cdp_data.feed f CROSS JOIN LATERAL (
            SELECT * FROM cdp_data.feed_run k WHERE k.feed_id = f.feed_id AND k.since IS NULL AND k.status IN ('ok', 'failed') ORDER BY k.feed_run_id DESC LIMIT 1) AS r
        WHERE r.status = 'failed' AND NOT cdp._is_paused(f.feed_id)
        UNION ALL
        SELECT 'failed', f.name || ' (back-fill)', NULL, format('%s windows of a back-fill failed, the first from %s to %s: %s', count(*), min(r.since), min(r.until), min(r.error)),
               format('SELECT * FROM cdp.backfill_feed(%L, since => %L, until => %L); CALL cdp.run_due();', f.name, min(r.since), max(r.until))
        FROM cdp_data.feed f JOIN cdp_data.feed_run r USING (feed_id)
        WHERE r.since IS NOT NULL AND r.status = 'failed'
          AND NOT EXISTS (SELECT FROM cdp_data.feed_run k WHERE k.feed_id = r.feed_id AND k.feed_run_id > r.feed_run_id AND k.since <= r.since AND k.until >= r.until)
        GROUP BY f.name
        UNION ALL
        SELECT 'rejects', f.name, r.percent, format('%s values and rows of %s were refused, %s %%', r.rows_rejected, r.looked_at, round(r.percent, 1)),
               'SELECT relation, attribute, reason, count(*) FROM cdp_data.reject WHERE resolved_at IS NULL GROUP BY 1, 2, 3 ORDER BY 4 DESC;'
        FROM cdp_data.feed f CROSS JOIN LATERAL (
            SELECT k.rows_rejected, k.looked_at, 100.0 * k.rows_rejected / k.looked_at AS percent
            FROM (SELECT o.*, greatest(CASE WHEN o.rows_new + o.rows_changed > 0 THEN o.rows_new + o.rows_changed ELSE o.rows_read END, o.rows_rejected, 1) AS looked_at
                  FROM cdp_data.feed_run o WHERE o.feed_id = f.feed_id AND o.since IS NULL AND o.status = 'ok' ORDER BY o.feed_run_id DESC LIMIT 1) AS k) AS r
        WHERE f.work IN ('ingest', 'refresh') AND NOT cdp._is_paused(f.feed_id) AND r.rows_rejected >= 10
        UNION ALL
        SELECT 'volume', f.name, v.deviations, format('%s %s, usually %s', v.now_is, v.what, v.usual), format('SELECT * FROM cdp_data.feed_run WHERE feed_id = %s ORDER BY feed_run_id DESC LIMIT 10;', f.feed_id)
        FROM cdp_data.feed f CROSS JOIN LATERAL cdp._volume_off(f.feed_id) v WHERE v.what IS NOT NULL AND f.work IN ('ingest', 'refresh') AND NOT cdp._is_paused(f.feed_id)
        UNION ALL
        SELECT 'segment empty', g.name, NULL, 'has lost all of its members', format('SELECT * FROM cdp_data.segment_version WHERE segment_id = %s ORDER BY version DESC;', g.segment_id)
        FROM cdp_data.segment g WHERE g.status = 'active' AND g.member_count = 0 AND EXISTS (SELECT FROM cdp_data.segment_size z WHERE z.segment_id = g.segment_id AND z.members > 0)
        UNION ALL
        SELECT 'segment jumped', g.name, 100.0 * abs(g.member_count - z.members) / z.members, format('%s members, %s a day before', g.member_count, z.members),
               format('SELECT * FROM cdp_data.segment_size WHERE segment_id = %s ORDER BY counted_at DESC LIMIT 30;', g.segment_id)
        FROM cdp_data.segment g CROSS JOIN LATERAL (
            -- Of a segment that is younger, its first size.
            SELECT coalesce((SELECT s.members FROM cdp_data.segment_size s WHERE s.segment_id = g.segment_id AND s.counted_at <= instant - interval '1 day' ORDER BY s.counted_at DESC LIMIT 1),
                            (SELECT s.members FROM cdp_data.segment_size s WHERE s.segment_id = g.segment_id ORDER BY s.counted_at LIMIT 1)) AS members) AS z
        WHERE g.status = 'active' AND g.member_count > 0 AND z.members >= 20
        UNION ALL
        SELECT 'runner gone', 'run_due', NULL,
               CASE WHEN l.works IS FALSE THEN format('backend %s, which ran the feeds, has ended in the middle of %s', l.backend_pid, coalesce(w.feeds, 'its work'))
                    ELSE format('backend %s works on %s, and its lease has run out at %s', l.backend_pid, coalesce(w.feeds, 'nothing'), to_char(l.expires_at, 'YYYY-MM-DD HH24:MI TZ')) END,
               CASE WHEN l.works IS FALSE THEN 'CALL cdp.run_due();' ELSE format('SELECT pg_cancel_backend(%s);', l.backend_pid) END
        FROM (SELECT r.*, cdp._runner_works() AS works FROM cdp_data.runner r WHERE r.backend_pid IS NOT NULL) AS l
        CROSS JOIN LATERAL (SELECT string_agg(quote_literal(f.name), ', ') AS feeds FROM cdp_data.feed_run r JOIN cdp_data.feed f USING (feed_id) WHERE r.status = 'running') AS w
        WHERE l.works IS FALSE OR l.expires_at < clock_timestamp()
        UNION ALL
        SELECT 'not called', 'run_due', extract(epoch FROM instant - d.since) / 60,
               format('%s fallen due at %s, and cdp.run_due() was %s', CASE WHEN d.feeds = 1 THEN quote_literal(d.feed) || ' has' ELSE d.feeds || ' feeds have' END, to_char(d.since, 'YYYY-MM-DD HH24:MI TZ'),
                      CASE WHEN l.last_call_at IS NULL THEN 'never called' ELSE 'last called at ' || to_char(l.last_call_at, 'YYYY-MM-DD HH24:MI TZ') END),
               'SELECT cdp.schedule();'
        FROM cdp_data.runner l CROSS JOIN (
            SELECT min(f.next_due_at) AS since, count(*) AS feeds, min(f.name) AS feed FROM cdp_data.feed f WHERE f.next_due_at <= instant AND NOT cdp._is_paused(f.feed_id)) AS d
        WHERE d.feeds > 0 AND (l.last_call_at BETWEEN d.since AND instant + interval '15 minutes') IS NOT TRUE AND l.backend_pid IS NULL)
    SELECT f.kind, f.subject, u.severity, f.message, f.next_statement
    FROM found f
    CROSS JOIN LATERAL (SELECT * FROM cdp_data.alert_rule a WHERE a.kind = f.kind AND a.subject IN (f.subject, '*') ORDER BY a.subject = '*' LIMIT 1) AS u
    WHERE u.is_active AND (f.measure IS NULL OR f.measure > u.threshold)
$$;
COMMENT ON FUNCTION cdp._alert_conditions(timestamptz) IS 'Internal. What the rules of cdp_data.alert_rule find wrong at an instant.';

CREATE FUNCTION cdp.alerts(as_of timestamptz DEFAULT NULL)
RETURNS TABLE (alert_id bigint, kind text, subject text, severity text, message text, first_seen timestamptz, is_acknowledged boolean, note text, next_statement text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    instant CONSTANT timestamptz := coalesce(as_of, now());
BEGIN
    PERFORM cdp._require_store();
    RETURN QUERY
    SELECT a.alert_id, c.kind, c.subject, c.severity, c.message, coalesce(a.first_seen_at, instant), a.acknowledged_at IS NOT NULL, a.note, c.next_statement
    FROM cdp._alert_conditions(instant) c
    LEFT JOIN cdp_data.alert a ON a.kind = c.kind AND a.subject = c.subject AND a.resolved_at IS NULL
    ORDER BY a.acknowledged_at IS NOT NULL, c.severity, c.kind COLLATE "C", c.subject COLLATE "C";
END
$$;
COMMENT ON FUNCTION cdp.alerts(timestamptz) IS
'What is wrong with the feeds at this moment, one row per thing, by the rules of cdp_data.alert_rule: late, never run, failed, rejects, volume, segment empty, segment jumped, runner gone, not called. Computed now, so that it tells the truth also when nothing runs any more. alert_id is NULL until cdp.run_due() or cdp.check_alerts() has noted it. cdp_data.alert keeps those that are over. Example: SELECT * FROM cdp.alerts();';

-- A name of a feed and a message are the user's: the payload is cut well below the 8000 bytes that NOTIFY allows.
CREATE FUNCTION cdp._announce_alert(alert_id bigint, event text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    alert record;
BEGIN
    SELECT * INTO alert FROM cdp_data.alert a WHERE a.alert_id = _announce_alert.alert_id;
    PERFORM pg_notify('cdp_alert', jsonb_build_object('alert_id', alert.alert_id, 'event', event, 'kind', alert.kind, 'subject', alert.subject,
        'severity', alert.severity, 'message', left(alert.message, 500))::text);
    RAISE LOG USING MESSAGE = format('cdp alert %s %s: %s %s: %s', alert.alert_id, event, alert.kind, quote_literal(alert.subject), left(alert.message, 500));
END
$$;
COMMENT ON FUNCTION cdp._announce_alert(bigint, text) IS 'Internal. Tells of an alert on the channel cdp_alert and in the log of the server.';

CREATE FUNCTION cdp.check_alerts(as_of timestamptz DEFAULT NULL, OUT raised int, OUT resolved int, OUT still_open int)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    instant CONSTANT timestamptz := coalesce(as_of, clock_timestamp());
    item record;
    noted record;
    kept bigint[] := '{}';
BEGIN
    PERFORM cdp._require_store();
    raised := 0; resolved := 0;
    -- Another session is at it; who waited for its end might wait long.
    IF NOT pg_try_advisory_xact_lock(cdp._advisory_key('alerts')) THEN RETURN; END IF;
    FOR item IN SELECT * FROM cdp._alert_conditions(instant) c ORDER BY c.severity, c.kind COLLATE "C", c.subject COLLATE "C" LOOP
        INSERT INTO cdp_data.alert AS a (kind, subject, severity, message, next_statement, first_seen_at, last_seen_at)
        VALUES (item.kind, item.subject, item.severity, item.message, item.next_statement, instant, instant)
        ON CONFLICT (kind, subject) WHERE resolved_at IS NULL
        DO UPDATE SET last_seen_at = EXCLUDED.last_seen_at, times_seen = a.times_seen + 1, severity = EXCLUDED.severity, message = EXCLUDED.message, next_statement = EXCLUDED.next_statement
        RETURNING a.alert_id, a.times_seen = 1 AS is_new INTO noted;
        kept := kept || noted.alert_id;
        IF noted.is_new THEN
            raised := raised + 1;
            PERFORM cdp._announce_alert(noted.alert_id, 'raised');
        END IF;
    END LOOP;
    FOR noted IN UPDATE cdp_data.alert a SET resolved_at = instant WHERE a.resolved_at IS NULL AND a.alert_id <> ALL (kept) RETURNING a.alert_id LOOP
        resolved := resolved + 1;
        PERFORM cdp._announce_alert(noted.alert_id, 'resolved');
    END LOOP;
    still_open := cardinality(kept);
END
$$;
COMMENT ON FUNCTION cdp.check_alerts(timestamptz) IS
'Notes in cdp_data.alert what is wrong now and what no longer is, and tells of either: NOTIFY cdp_alert with a small JSON object (alert_id, event: raised or resolved, kind, subject, severity, message) and a line in the log. An alert that goes on is told once. Does nothing (still_open is NULL) while another session does it. cdp.run_due() does this at its begin and end; a monitor can do it too, in case nothing runs. Example: SELECT * FROM cdp.check_alerts();';

-- Feeds are run even where something keeps alerts from being noted.
CREATE FUNCTION cdp._note_alerts(as_of timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM cdp.check_alerts(as_of);
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING USING MESSAGE = format('alerts could not be noted: %s', SQLERRM), DETAIL = 'Feeds are run all the same.', HINT = 'Try: SELECT * FROM cdp.check_alerts();';
END
$$;
COMMENT ON FUNCTION cdp._note_alerts(timestamptz) IS 'Internal. cdp.check_alerts(), whose failure is a warning.';

CREATE FUNCTION cdp.acknowledge_alert(alert_id bigint, note text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    alert record;
BEGIN
    PERFORM cdp._require_store();
    UPDATE cdp_data.alert a SET acknowledged_at = clock_timestamp(), acknowledged_by = current_user, note = coalesce(acknowledge_alert.note, a.note)
    WHERE a.alert_id = acknowledge_alert.alert_id AND a.resolved_at IS NULL RETURNING * INTO alert;
    IF alert.alert_id IS NULL THEN
        SELECT * INTO alert FROM cdp_data.alert a WHERE a.alert_id = acknowledge_alert.alert_id;
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('there is no open alert %s', coalesce(acknowledge_alert.alert_id::text, 'NULL')),
            DETAIL = CASE WHEN alert.alert_id IS NULL THEN 'No alert has that number.' ELSE format('It was over at %s.', to_char(alert.resolved_at, 'YYYY-MM-DD HH24:MI')) END,
            HINT = 'See what is open: SELECT * FROM cdp.alerts();';
    END IF;
    RETURN format('alert %s is acknowledged: %s %s', alert.alert_id, alert.kind, quote_literal(alert.subject));
END
$$;
COMMENT ON FUNCTION cdp.acknowledge_alert(bigint, text) IS 'Says that somebody knows of an open alert and sees to it; cdp.health() no longer counts it as an error. It resolves by itself when what it tells of is over. Example: SELECT cdp.acknowledge_alert(7, ''the shop is down until noon'');';
