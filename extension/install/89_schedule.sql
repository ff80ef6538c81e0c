-- Who calls cdp.run_due(): pg_cron, where it is installed, or any cron through the program cdp.

-- Whether the server has loaded pg_cron, and for which database; 'unknown' where this role may not see it.
CREATE FUNCTION cdp._cron_database() RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN current_setting('cron.database_name', true);
EXCEPTION WHEN insufficient_privilege THEN
    RETURN 'unknown';
END
$$;
COMMENT ON FUNCTION cdp._cron_database() IS 'Internal. The database that pg_cron keeps its jobs in; NULL when the server has not loaded it.';

-- The jobs of pg_cron that run the feeds of this database, newest run first; none where pg_cron is in another database.
CREATE FUNCTION cdp._cron_jobs() RETURNS TABLE (job_id bigint, job_name text, schedule text, is_active boolean, last_status text, last_message text, last_run timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF to_regclass('cron.job') IS NULL OR NOT has_schema_privilege('cron', 'USAGE') OR NOT has_table_privilege('cron.job', 'SELECT') THEN RETURN; END IF;
    RETURN QUERY EXECUTE $q$
        SELECT j.jobid, j.jobname::text, j.schedule, j.active, d.status, d.return_message, d.start_time
        FROM cron.job j LEFT JOIN LATERAL (SELECT * FROM cron.job_run_details r WHERE r.jobid = j.jobid ORDER BY r.runid DESC LIMIT 1) AS d ON true
        WHERE j.database = current_database() AND j.command LIKE '%cdp.run_due(%' ORDER BY j.jobid $q$;
END
$$;
COMMENT ON FUNCTION cdp._cron_jobs() IS 'Internal. The jobs of pg_cron that run the feeds of this database.';

CREATE FUNCTION cdp._require_cron(call text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    place CONSTANT text := cdp._cron_database();
    client CONSTANT text := format('With any other cron: */5 * * * * cdp run-due -d %s', current_database());
BEGIN
    PERFORM cdp._require_store();
    IF EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') THEN
        IF NOT has_schema_privilege('cron', 'USAGE') THEN
            RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = format('the role %I may not use pg_cron', current_user),
                DETAIL = 'Jobs run as the role that makes them.', HINT = format('As a superuser run: GRANT USAGE ON SCHEMA cron TO %I;', current_user);
        END IF;
        RETURN;
    ELSIF NOT EXISTS (SELECT FROM pg_available_extensions a WHERE a.name = 'pg_cron') THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = 'pg_cron is not installed on this server',
            DETAIL = 'It is the package postgresql-' || current_setting('server_version_num')::int / 10000 || '-cron of Debian and of apt.postgresql.org.', HINT = client;
    ELSIF place IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = 'the server has not loaded pg_cron',
            DETAIL = 'It is installed, but not among shared_preload_libraries.',
            HINT = format('Run: ALTER SYSTEM SET shared_preload_libraries = %s; ALTER SYSTEM SET cron.database_name = %L; restart the server, then run: CREATE EXTENSION pg_cron; %s %s.',
                          concat_ws(', ', nullif(CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE') THEN current_setting('shared_preload_libraries') END, ''), 'pg_cron'), current_database(), call, client);
    ELSIF place IN (current_database(), 'unknown') THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = 'the extension pg_cron is not in this database',
            DETAIL = CASE place WHEN 'unknown' THEN 'This role may not see which database pg_cron works in.' ELSE 'The server has loaded pg_cron for this database.' END,
            HINT = format('Run: CREATE EXTENSION pg_cron; %s %s.', call, client);
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = format('pg_cron keeps its jobs in the database %I', place),
        DETAIL = format('This is the database %I.', current_database()),
        HINT = format('Connected to %I, run: CREATE EXTENSION IF NOT EXISTS pg_cron; SELECT cron.schedule_in_database(%L, ''*/5 * * * *'', ''CALL cdp.run_due()'', %L);', place, 'cdp run_due ' || current_database(), current_database());
END
$$;
COMMENT ON FUNCTION cdp._require_cron(text) IS 'Internal. Errors, with what to do, unless pg_cron can be used from this database.';

CREATE FUNCTION cdp.schedule(every_minutes int DEFAULT 5, max_seconds int DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    times text;
    command text;
BEGIN
    IF every_minutes IS NULL OR every_minutes <> ALL ('{1,2,3,4,5,6,10,12,15,20,30,60}'::int[]) OR max_seconds < 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('cdp.run_due() cannot be called every %s minutes', every_minutes),
            DETAIL = 'every_minutes divides an hour: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 or 60; max_seconds is a number above 0.',
            HINT = 'Run: SELECT cdp.schedule(every_minutes => 5);';
    END IF;
    PERFORM cdp._require_cron(format('SELECT cdp.schedule(every_minutes => %s);', every_minutes));
    PERFORM cdp.unschedule();
    times := CASE every_minutes WHEN 1 THEN '* * * * *' WHEN 60 THEN '0 * * * *' ELSE format('*/%s * * * *', every_minutes) END;
    command := format('CALL cdp.run_due(%s)', coalesce('max_seconds => ' || max_seconds, ''));
    EXECUTE 'SELECT cron.schedule_in_database($1, $2, $3, $4)' USING 'cdp run_due ' || current_database(), times, command, current_database()::text;
    RETURN format('pg_cron runs %s as %I in the database %I, at %s', command, current_user, current_database(), times);
END
$$;
COMMENT ON FUNCTION cdp.schedule(int, int) IS
'Has pg_cron call cdp.run_due() every so many minutes, as the role that calls this; again, with other arguments, it replaces the job. max_seconds: begin no further run after that time. Errors that tell what to do where pg_cron is not installed, not loaded, or in another database. cdp.health() tells how the job fares. Example: SELECT cdp.schedule(every_minutes => 5);';

CREATE FUNCTION cdp.unschedule() RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    jobs bigint[];
BEGIN
    PERFORM cdp._require_cron('SELECT cdp.unschedule();');
    jobs := ARRAY(SELECT j.job_id FROM cdp._cron_jobs() j);
    EXECUTE 'SELECT count(cron.unschedule(j)) FROM unnest($1) j' USING jobs;
    RETURN CASE cardinality(jobs) WHEN 0 THEN 'pg_cron had no job for the feeds of this database' ELSE 'pg_cron runs the feeds of this database no longer' END;
END
$$;
COMMENT ON FUNCTION cdp.unschedule() IS 'Removes the jobs of pg_cron that call cdp.run_due() in this database. Feeds stay as they are. Example: SELECT cdp.unschedule();';

-- Nothing where there are no feeds: cdp.refresh() may be all that somebody wants.
CREATE FUNCTION cdp._pipeline_health(as_of timestamptz DEFAULT NULL)
RETURNS TABLE ("check" text, status text, message text, next_statement text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    feeds CONSTANT int := (SELECT count(*) FROM cdp_data.feed);
    job record;
    lease record;
    works boolean;
BEGIN
    IF feeds = 0 AND NOT EXISTS (SELECT FROM cdp.alerts(as_of)) THEN RETURN; END IF;
    RETURN QUERY SELECT 'feeds', CASE WHEN count(*) FILTER (WHERE f.status IN ('failed', 'circuit open', 'late')) > 0 THEN 'error'
                                      WHEN count(*) FILTER (WHERE f.status IN ('paused', 'retrying')) > 0 THEN 'warning' ELSE 'ok' END,
        concat_ws(', ', feeds || ' feeds', (SELECT string_agg(g.n || ' ' || g.status, ', ' ORDER BY g.status COLLATE "C") FROM (SELECT x.status, count(*) AS n FROM cdp.feeds(as_of) x WHERE x.status NOT IN ('ok', 'new') GROUP BY x.status) AS g)),
        CASE WHEN count(*) FILTER (WHERE f.status NOT IN ('ok', 'new')) > 0 THEN 'SELECT * FROM cdp.feeds() WHERE status <> ''ok'';' WHEN feeds = 0 THEN 'SELECT * FROM cdp.add_default_feeds(every => ''1 hour'');' END
    FROM cdp.feeds(as_of) f;
    RETURN QUERY SELECT 'feed ' || f.feed, CASE WHEN f.status IN ('failed', 'circuit open', 'late') THEN 'error' ELSE 'warning' END, concat_ws(': ', f.status, f.message),
        CASE f.status WHEN 'late' THEN 'CALL cdp.run_due();' WHEN 'retrying' THEN format('SELECT * FROM cdp_data.feed_run_stage JOIN cdp_data.feed_run USING (feed_run_id) JOIN cdp_data.feed USING (feed_id) WHERE name = %L ORDER BY feed_run_id DESC LIMIT 10;', f.feed)
                      WHEN 'paused' THEN format('SELECT cdp.resume_feed(%L);', f.feed) ELSE format('SELECT cdp.resume_feed(%L); CALL cdp.run_due();', f.feed) END
    FROM cdp.feeds(as_of) f WHERE f.status IN ('failed', 'circuit open', 'late', 'paused', 'retrying');
    SELECT * INTO lease FROM cdp_data.runner;
    SELECT * INTO job FROM cdp._cron_jobs() j ORDER BY j.is_active DESC, j.last_run DESC NULLS LAST LIMIT 1;
    RETURN QUERY SELECT 'scheduler',
        CASE WHEN EXISTS (SELECT FROM cdp.alerts(as_of) a WHERE a.kind = 'not called') OR job.job_id IS NOT NULL AND (NOT job.is_active OR job.last_status = 'failed') THEN 'error'
             WHEN lease.last_call_at IS NULL THEN 'warning' ELSE 'ok' END,
        concat_ws('; ', CASE WHEN lease.last_call_at IS NULL THEN 'cdp.run_due() was never called' ELSE 'cdp.run_due() was last called at ' || to_char(lease.last_call_at, 'YYYY-MM-DD HH24:MI TZ') END,
                  CASE WHEN job.job_id IS NOT NULL THEN concat_ws(', ', format('pg_cron job %s (%s)', job.job_id, job.schedule), CASE WHEN NOT job.is_active THEN 'not active' END,
                       CASE WHEN job.last_status = 'failed' THEN format('failed: %s', btrim(job.last_message)) ELSE job.last_status END) END),
        CASE WHEN job.job_id IS NOT NULL AND job.last_status = 'failed' THEN format('SELECT start_time, status, return_message FROM cron.job_run_details WHERE jobid = %s ORDER BY runid DESC LIMIT 10;', job.job_id)
             WHEN job.job_id IS NOT NULL AND NOT job.is_active OR EXISTS (SELECT FROM cdp.alerts(as_of) a WHERE a.kind = 'not called') OR lease.last_call_at IS NULL THEN 'SELECT cdp.schedule();' END;
    works := cdp._runner_works();
    RETURN QUERY SELECT 'runner', CASE WHEN lease.backend_pid IS NULL THEN 'ok' WHEN works IS FALSE THEN 'error' WHEN lease.expires_at < clock_timestamp() THEN 'warning' ELSE 'ok' END,
        CASE WHEN lease.backend_pid IS NULL THEN 'nobody runs feeds now'
             WHEN works IS FALSE THEN format('backend %s ended in the middle of its work; the next cdp.run_due() takes it up', lease.backend_pid)
             WHEN lease.expires_at < clock_timestamp() THEN format('backend %s has been in one stage for longer than its lease', lease.backend_pid)
             ELSE format('backend %s of %s works', lease.backend_pid, lease.role_name) END,
        CASE WHEN lease.backend_pid IS NULL THEN NULL WHEN works IS FALSE THEN 'CALL cdp.run_due();' WHEN lease.expires_at < clock_timestamp() THEN 'SELECT * FROM cdp.progress();' END;
    RETURN QUERY SELECT 'alerts', CASE WHEN count(*) FILTER (WHERE a.severity = 'error' AND NOT a.is_acknowledged) > 0 THEN 'error' WHEN count(*) > 0 THEN 'warning' ELSE 'ok' END,
        format('%s open, %s of them acknowledged', count(*), count(*) FILTER (WHERE a.is_acknowledged)),
        CASE WHEN count(*) > 0 THEN 'SELECT * FROM cdp.alerts();' END
    FROM cdp.alerts(as_of) a;
END
$$;
COMMENT ON FUNCTION cdp._pipeline_health(timestamptz) IS 'Internal. What cdp.health() says of feeds, their scheduler, their runner and alerts.';
