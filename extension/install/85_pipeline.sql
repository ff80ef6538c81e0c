-- The whole chain in one call. Procedures that COMMIT cannot fix their search_path: every name here is qualified.

-- Still at the statement that opened the run: a backend that was cancelled is idle or does something else, and the
-- number of one that is gone may be another's by now. What this role may not see counts as working.
CREATE FUNCTION cdp._is_working(backend_pid int, since timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM pg_stat_activity a
                   WHERE a.pid = backend_pid AND coalesce(a.state NOT LIKE 'idle%' AND a.query_start <= since, true))
$$;
COMMENT ON FUNCTION cdp._is_working(int, timestamptz) IS 'Internal. Whether a backend still executes the statement that it began before an instant.';

CREATE FUNCTION cdp._start_run(as_of timestamptz) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    running record;
    new_run_id bigint;
BEGIN
    PERFORM cdp._require_store();
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('run'));
    FOR running IN SELECT * FROM cdp_data.run r WHERE r.status = 'running' LOOP
        IF running.backend_pid <> pg_backend_pid() AND cdp._is_working(running.backend_pid, running.started_at) THEN
            RAISE EXCEPTION USING ERRCODE = 'object_in_use', MESSAGE = 'a refresh is already running',
                DETAIL = format('Run %s was started by %s at %s, in backend %s.', running.run_id, running.started_by, to_char(running.started_at, 'YYYY-MM-DD HH24:MI:SS'), running.backend_pid),
                HINT = format('Watch it: SELECT * FROM cdp_data.run_step WHERE run_id = %s; or stop it: SELECT pg_cancel_backend(%s);', running.run_id, running.backend_pid);
        END IF;
        UPDATE cdp_data.run_step s SET status = 'interrupted', finished_at = clock_timestamp() WHERE s.run_id = running.run_id AND s.status = 'running';
        UPDATE cdp_data.run r SET status = 'interrupted', finished_at = clock_timestamp() WHERE r.run_id = running.run_id;
    END LOOP;
    INSERT INTO cdp_data.run (as_of) VALUES (as_of) RETURNING run_id INTO new_run_id;
    RETURN new_run_id;
END
$$;
COMMENT ON FUNCTION cdp._start_run(timestamptz) IS 'Internal. Opens a run; errors while another one works.';

CREATE FUNCTION cdp._run_step(run_id bigint, step_number int, as_of timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    item cdp_data.run_step;
    result record;
    problem text;
    detail text;
    hint text;
BEGIN
    SELECT * INTO item FROM cdp_data.run_step s WHERE s.run_id = _run_step.run_id AND s.step_number = _run_step.step_number;
    BEGIN
        IF item.step LIKE 'ingest %' THEN
            SELECT * INTO result FROM cdp.ingest(substr(item.step, 8));
            UPDATE cdp_data.run_step s SET status = 'ok', finished_at = clock_timestamp(), rows_read = result.rows_read, rows_new = result.rows_new,
                rows_changed = result.rows_changed, rows_rejected = result.rows_rejected
            WHERE s.run_id = item.run_id AND s.step_number = item.step_number;
        ELSIF item.step = 'resolve' THEN
            -- Nothing new means nothing to find out.
            IF EXISTS (SELECT FROM cdp_data.record r WHERE r.profile_id IS NULL)
               OR EXISTS (SELECT FROM cdp_data.match_model m WHERE m.is_active AND m.threshold <> cdp._setting('match_threshold')::float8)
               OR (SELECT max(r.updated_at) FROM cdp_data.record r) > coalesce((SELECT max(m.trained_at) FROM cdp_data.match_model m WHERE m.is_active), '-infinity') THEN
                SELECT * INTO result FROM cdp._resolve();
                UPDATE cdp_data.run_step s SET rows_read = result.records, rows_new = result.created, rows_changed = result.moved,
                    message = format('%s records are %s people', result.records, result.profiles)
                WHERE s.run_id = item.run_id AND s.step_number = item.step_number;
            ELSE
                UPDATE cdp_data.run_step s SET message = 'no record has changed' WHERE s.run_id = item.run_id AND s.step_number = item.step_number;
            END IF;
            UPDATE cdp_data.run_step s SET status = 'ok', finished_at = clock_timestamp() WHERE s.run_id = item.run_id AND s.step_number = item.step_number;
        ELSIF item.step = 'profiles' THEN
            SELECT cdp._build_profiles() AS built INTO result;
            UPDATE cdp_data.run_step s SET status = 'ok', finished_at = clock_timestamp(), rows_changed = result.built
            WHERE s.run_id = item.run_id AND s.step_number = item.step_number;
        ELSE
            SELECT count(*) AS segments, coalesce(sum(g.entered), 0) AS entered, coalesce(sum(g."left"), 0) AS gone, count(g.problem) AS broken,
                   string_agg(format('segment %L: %s', g.segment, g.problem), '; ') FILTER (WHERE g.problem IS NOT NULL) AS problems
            INTO result FROM cdp.refresh_segments(as_of) g;
            UPDATE cdp_data.run_step s SET status = CASE WHEN result.broken > 0 THEN 'failed' ELSE 'ok' END, finished_at = clock_timestamp(),
                rows_read = result.segments, rows_new = result.entered, rows_changed = result.gone, message = result.problems
            WHERE s.run_id = item.run_id AND s.step_number = item.step_number;
        END IF;
    -- A source that fails must not keep the others from being read. Cancelling is not caught.
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
        UPDATE cdp_data.run_step s SET status = 'failed', finished_at = clock_timestamp(), message = concat_ws(' ', problem, nullif(detail, ''), nullif(hint, ''))
        WHERE s.run_id = item.run_id AND s.step_number = item.step_number;
        RAISE WARNING USING MESSAGE = format('%s failed: %s', item.step, problem),
            DETAIL = coalesce(nullif(detail, ''), 'The other steps go on.'),
            HINT = coalesce(nullif(hint, ''), format('See: SELECT * FROM cdp_data.run_step WHERE run_id = %s;', item.run_id));
    END;
END
$$;
COMMENT ON FUNCTION cdp._run_step(bigint, int, timestamptz) IS 'Internal. Does one step of a run; a failure is written to its row and warned about.';

CREATE PROCEDURE cdp.refresh(as_of timestamptz DEFAULT NULL)
LANGUAGE plpgsql AS $$
DECLARE
    new_run_id bigint;
    item record;
    number int;
    steps text[];
    failed int;
BEGIN
    as_of := coalesce(as_of, pg_catalog.now());
    new_run_id := cdp._start_run(as_of);
    COMMIT;
    -- People before the events that refer to them.
    SELECT pg_catalog.array_agg('ingest ' || s.name ORDER BY s.kind OPERATOR(pg_catalog.=) 'events', s.priority, s.source_id)
    INTO steps FROM cdp_data.source s WHERE s.is_active;
    steps := coalesce(steps, '{}'::text[]) || ARRAY['resolve', 'profiles', 'segments'];
    FOR number IN 1 .. pg_catalog.cardinality(steps) LOOP
        INSERT INTO cdp_data.run_step (run_id, step_number, step) VALUES (new_run_id, number, steps[number]);
        COMMIT;
        PERFORM cdp._run_step(new_run_id, number, as_of);
        COMMIT;
        SELECT * INTO item FROM cdp_data.run_step s WHERE s.run_id OPERATOR(pg_catalog.=) new_run_id AND s.step_number OPERATOR(pg_catalog.=) number;
        RAISE NOTICE '% %', pg_catalog.rpad(item.step || ':', 24), pg_catalog.concat_ws(', ',
            item.rows_read || ' read', item.rows_new || ' new', item.rows_changed || ' changed', item.rows_rejected || ' rejected', item.message,
            pg_catalog.round(pg_catalog.date_part('epoch', item.finished_at OPERATOR(pg_catalog.-) item.started_at)::numeric, 1) || ' s');
    END LOOP;
    SELECT pg_catalog.count(*) INTO failed FROM cdp_data.run_step s WHERE s.run_id OPERATOR(pg_catalog.=) new_run_id AND s.status OPERATOR(pg_catalog.=) 'failed';
    UPDATE cdp_data.run SET status = CASE WHEN failed OPERATOR(pg_catalog.>) 0 THEN 'failed' ELSE 'ok' END, finished_at = pg_catalog.clock_timestamp()
    WHERE run_id OPERATOR(pg_catalog.=) new_run_id;
    COMMIT;
    IF failed OPERATOR(pg_catalog.>) 0 THEN
        RAISE WARNING USING MESSAGE = pg_catalog.format('%s of %s steps failed', failed, pg_catalog.cardinality(steps)),
            HINT = pg_catalog.format('See why: SELECT step, message FROM cdp_data.run_step WHERE run_id = %s AND status = ''failed'';', new_run_id);
    END IF;
END
$$;
COMMENT ON PROCEDURE cdp.refresh(timestamptz) IS
'The whole chain: read every active source, resolve people, build profiles, refresh segments. Each step is committed by itself and recorded in cdp_data.run_step, readable from other connections meanwhile; a failing source is reported and the rest goes on. Cannot run inside a transaction block. as_of: the instant that segments look at, default now. Example: CALL cdp.refresh();';

CREATE FUNCTION cdp.health()
RETURNS TABLE ("check" text, status text, message text, next_statement text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    now_uses CONSTANT text := cdp._icu_version() || ' / Unicode ' || cdp._unicode_version();
    objects_missing boolean;
BEGIN
    RETURN QUERY SELECT 'library', CASE WHEN cdp._library_version() = cdp.version() THEN 'ok' ELSE 'error' END,
        format('library %s, extension %s', cdp._library_version(), cdp.version()),
        CASE WHEN cdp._library_version() <> cdp.version() THEN 'ALTER EXTENSION cdp UPDATE;' END;
    IF cdp._store_version() IS DISTINCT FROM (SELECT max(t.version) FROM cdp._store_tables() t) THEN
        RETURN QUERY SELECT 'store', 'error', format('version %s, needed %s', cdp._store_version(), (SELECT max(t.version) FROM cdp._store_tables() t)),
            CASE WHEN cdp._store_version() > (SELECT max(t.version) FROM cdp._store_tables() t) THEN 'ALTER EXTENSION cdp UPDATE;' ELSE 'SELECT cdp.install();' END;
        RETURN;
    END IF;
    RETURN QUERY SELECT 'store', 'ok', format('version %s', cdp._store_version()), NULL;
    objects_missing := to_regclass('cdp_data.reachable') IS NULL OR to_regclass('cdp_bi.dim_profile') IS NULL
        OR (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = to_regclass('cdp_data.segment') AND NOT t.tgisinternal AND t.tgname IN ('check_segment', 'keep_segment_version', 'refuse_when_used')) < 3;
    RETURN QUERY SELECT 'objects',
        CASE WHEN objects_missing THEN 'error' ELSE 'ok' END,
        CASE WHEN objects_missing THEN 'views or triggers of the store are missing, as after DROP EXTENSION' ELSE 'views and triggers are in place' END,
        CASE WHEN objects_missing THEN 'SELECT cdp.install();' END;
    RETURN QUERY SELECT 'normaliser', CASE WHEN s.value = now_uses THEN 'ok' ELSE 'warning' END,
        CASE WHEN s.value = now_uses THEN 'ICU ' || s.value ELSE format('stored values were cleaned with ICU %s, this server has %s', s.value, now_uses) END,
        CASE WHEN s.value <> now_uses THEN format('UPDATE cdp_data.record SET content_hash = NULL; UPDATE cdp_data.setting SET value = %L WHERE name = ''normaliser''; CALL cdp.refresh();', now_uses) END
    FROM cdp_data.setting s WHERE s.name = 'normaliser';
    RETURN QUERY SELECT 'last run', CASE WHEN r.status = 'ok' THEN 'ok' WHEN r.status <> 'running' THEN 'error' WHEN r.is_working THEN 'ok' ELSE 'error' END,
        format('run %s: %s', r.run_id, CASE WHEN r.status = 'running' AND NOT r.is_working THEN 'interrupted' ELSE r.status END),
        CASE WHEN r.status = 'running' AND NOT r.is_working THEN 'CALL cdp.refresh();' WHEN r.status IN ('failed', 'interrupted') THEN format('SELECT step, message FROM cdp_data.run_step WHERE run_id = %s AND status <> ''ok'';', r.run_id) END
    FROM (SELECT t.*, cdp._is_working(t.backend_pid, t.started_at) AS is_working FROM cdp_data.run t ORDER BY t.run_id DESC LIMIT 1) AS r;
    RETURN QUERY SELECT 'sources', CASE WHEN count(*) FILTER (WHERE s.ingested_at IS NULL) = 0 AND count(*) > 0 THEN 'ok' ELSE 'warning' END,
        format('%s sources, %s never read', count(*), count(*) FILTER (WHERE s.ingested_at IS NULL)),
        CASE WHEN count(*) = 0 THEN 'SELECT * FROM cdp.add_source(''crm'', ''crm.contacts'');' WHEN count(*) FILTER (WHERE s.ingested_at IS NULL) > 0 THEN 'CALL cdp.refresh();' END
    FROM cdp_data.source s WHERE s.is_active;
    RETURN QUERY SELECT 'rejects', CASE WHEN count(*) = 0 THEN 'ok' ELSE 'warning' END, format('%s values and rows are refused at present', count(*)),
        CASE WHEN count(*) > 0 THEN 'SELECT relation, attribute, reason, count(*) FROM cdp_data.reject WHERE resolved_at IS NULL GROUP BY 1, 2, 3 ORDER BY 4 DESC;' END
    FROM cdp_data.reject j WHERE j.resolved_at IS NULL;
    RETURN QUERY SELECT 'segments', CASE WHEN count(*) = 0 THEN 'ok' ELSE 'error' END, format('%s broken', count(*)),
        CASE WHEN count(*) > 0 THEN 'SELECT name, problem FROM cdp_data.segment WHERE status = ''broken'';' END
    FROM cdp_data.segment g WHERE g.status = 'broken';
END
$$;
COMMENT ON FUNCTION cdp.health() IS 'One row per check: ok, warning or error, what was found, and the statement to run next. Example: SELECT * FROM cdp.health();';
