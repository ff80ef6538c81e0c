-- The whole chain in one call, step by step.

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
    IF cdp._in_transaction_block() THEN
        RAISE EXCEPTION USING ERRCODE = 'active_sql_transaction', MESSAGE = 'cdp.refresh() cannot run inside a transaction block',
            DETAIL = 'It commits each step, so that others see the progress and a failure does not lose what was done.',
            HINT = 'Run it by itself: COMMIT; CALL cdp.refresh(); or, inside a transaction, step by step: SELECT * FROM cdp.ingest(...); CALL cdp.resolve(); SELECT * FROM cdp.refresh_segments();';
    END IF;
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

-- The window of a back-fill is one of cdp.ingest(source, since => …, until => …).
CREATE FUNCTION cdp._ingest_window(source text, since timestamptz, until timestamptz,
    OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $$
DECLARE
    since_type text;
BEGIN
    SELECT format_type(p.proargtypes[array_position(p.proargnames, 'since') - 1], NULL) INTO since_type
    FROM pg_proc p WHERE p.pronamespace = 'cdp'::regnamespace AND p.proname = 'ingest' AND p.proargnames @> ARRAY['since', 'until'];
    IF since_type IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'feature_not_supported', MESSAGE = 'this version of cdp cannot read a window of a source',
            DETAIL = 'cdp.ingest() has no arguments since and until.',
            HINT = format('Read the whole source: SELECT * FROM cdp.ingest(%L);', source);
    END IF;
    EXECUTE format('SELECT i.rows_read, i.rows_new, i.rows_changed, i.rows_rejected FROM cdp.ingest($1, since => $2::%1$s, until => $3::%1$s) i', since_type)
    INTO rows_read, rows_new, rows_changed, rows_rejected USING source, since, until;
END
$$;
COMMENT ON FUNCTION cdp._ingest_window(text, timestamptz, timestamptz) IS 'Internal. Reads the rows of a source from an instant up to another.';

-- Where a rule of quality stopped a source, what it had found is carried by the error and outlives what was undone.
CREATE FUNCTION cdp._keep_what_stopped(carried text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF carried <> '' AND to_regprocedure('cdp._keep_stopped_results(text)') IS NOT NULL THEN PERFORM cdp._keep_stopped_results(carried); END IF;
END
$$;
COMMENT ON FUNCTION cdp._keep_what_stopped(text) IS 'Internal. Writes the results of the rules that stopped a source.';

CREATE FUNCTION cdp._do_step(step text, as_of timestamptz, since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL,
    OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint, OUT message text, OUT has_failed boolean)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    result record;
BEGIN
    has_failed := false;
    IF step LIKE 'ingest %' AND since IS NOT NULL THEN
        SELECT w.* INTO rows_read, rows_new, rows_changed, rows_rejected FROM cdp._ingest_window(substr(step, 8), since, until) w;
    ELSIF step LIKE 'ingest %' THEN
        SELECT * INTO result FROM cdp.ingest(substr(step, 8));
        rows_read := result.rows_read; rows_new := result.rows_new; rows_changed := result.rows_changed; rows_rejected := result.rows_rejected;
    ELSIF step = 'resolve' THEN
        -- Nothing new means nothing to find out.
        IF cdp._must_resolve() THEN
            SELECT * INTO result FROM cdp._resolve();
            rows_read := result.records; rows_new := result.created; rows_changed := result.moved;
            message := format(CASE result.done WHEN 'changes' THEN 'looked at %s records of %s people' ELSE '%s records are %s people' END, result.records, result.profiles)
                || CASE result.done WHEN 'train' THEN ', under a new model' ELSE '' END;
        ELSE
            message := 'no record has changed';
        END IF;
    ELSIF step = 'profiles' THEN
        rows_changed := cdp._build_profiles();
    ELSIF step = 'enrich' THEN
        SELECT coalesce(sum(e.people), 0) AS people, coalesce(sum(e.asked), 0) AS asked, string_agg(format('%s: %s', e.enrichment, e.problem), '; ') FILTER (WHERE e.problem IS NOT NULL) AS problems
        INTO result FROM cdp.enrich() e;
        rows_changed := result.people; has_failed := result.problems IS NOT NULL;
        message := coalesce(result.problems, CASE WHEN result.asked > 0 THEN format('%s questions asked', result.asked) END);
    ELSIF step = 'segments' THEN
        SELECT count(*) AS segments, coalesce(sum(g.entered), 0) AS entered, coalesce(sum(g."left"), 0) AS gone, count(g.problem) AS broken,
               string_agg(format('segment %L: %s', g.segment, g.problem), '; ') FILTER (WHERE g.problem IS NOT NULL) AS problems
        INTO result FROM cdp.refresh_segments(as_of) g;
        rows_read := result.segments; rows_new := result.entered; rows_changed := result.gone; message := result.problems; has_failed := result.broken > 0;
        INSERT INTO cdp_data.segment_size (segment_id, counted_at, members)
        SELECT g.segment_id, as_of, g.member_count FROM cdp_data.segment g WHERE g.status = 'active' AND g.member_count IS NOT NULL
        ON CONFLICT ON CONSTRAINT segment_size_pkey DO UPDATE SET members = EXCLUDED.members;
    ELSIF step = 'raw rows' THEN
        SELECT coalesce(sum(r.rows_left), 0) AS rows_left, coalesce(sum(r.rows_purged), 0) AS purged INTO result FROM cdp.purge_raw() r;
        rows_changed := cdp._note_ids();
        message := CASE WHEN result.purged > 0 THEN format('%s purged', result.purged) END;
    ELSE
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('there is no step %L', step),
            DETAIL = 'Steps are ingest and the name of a source, resolve, profiles, segments and raw rows.', HINT = 'Run the whole chain: CALL cdp.refresh();';
    END IF;
    -- Here and not where the rows are written: ANALYZE holds a lock until the end of its transaction, which is this one.
    IF step NOT IN ('profiles', 'enrich', 'segments', 'raw rows') THEN
        ANALYZE cdp_data.record, cdp_data.event, cdp_data.record_identifier, cdp_data.consent;
        PERFORM cdp._summarize_events();
    ELSIF step = 'profiles' THEN
        ANALYZE cdp_data.profile;
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._do_step(text, timestamptz, timestamptz, timestamptz) IS 'Internal. Does one step of the chain in the transaction of the caller. has_failed: something of it did not work and is told in message; the rest was done.';

CREATE FUNCTION cdp._run_step(run_id bigint, step_number int, as_of timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    item cdp_data.run_step;
    result record;
    problem text;
    detail text;
    hint text;
    carried text;
BEGIN
    SELECT * INTO item FROM cdp_data.run_step s WHERE s.run_id = _run_step.run_id AND s.step_number = _run_step.step_number;
    BEGIN
        result := cdp._do_step(item.step, as_of);
        UPDATE cdp_data.run_step s SET status = CASE WHEN result.has_failed THEN 'failed' ELSE 'ok' END, finished_at = clock_timestamp(), rows_read = result.rows_read,
            rows_new = result.rows_new, rows_changed = result.rows_changed, rows_rejected = result.rows_rejected, message = result.message
        WHERE s.run_id = item.run_id AND s.step_number = item.step_number;
    -- A source that fails must not keep the others from being read. Cancelling is not caught.
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, carried = PG_DATATYPE_NAME;
        PERFORM cdp._keep_what_stopped(carried);
        UPDATE cdp_data.run_step s SET status = 'failed', finished_at = clock_timestamp(), message = concat_ws(' ', problem, nullif(detail, ''), nullif(hint, ''))
        WHERE s.run_id = item.run_id AND s.step_number = item.step_number;
        RAISE WARNING USING MESSAGE = format('%s failed: %s', item.step, problem),
            DETAIL = coalesce(nullif(detail, ''), 'The other steps go on.'),
            HINT = coalesce(nullif(hint, ''), format('See: SELECT * FROM cdp_data.run_step WHERE run_id = %s;', item.run_id));
    END;
END
$$;
COMMENT ON FUNCTION cdp._run_step(bigint, int, timestamptz) IS 'Internal. Does one step of a run; a failure is written to its row and warned about.';

-- People before the events that refer to them.
CREATE FUNCTION cdp._planned_steps() RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg('ingest ' || s.name ORDER BY s.kind = 'events', s.priority, s.source_id), '{}') || ARRAY['resolve', 'profiles']
        || CASE WHEN EXISTS (SELECT FROM cdp_data.enrichment) THEN ARRAY['enrich'] ELSE '{}' END || ARRAY['segments']
        || CASE WHEN EXISTS (SELECT FROM cdp_data.raw_source) THEN ARRAY['raw rows'] ELSE '{}' END
    FROM cdp_data.source s WHERE s.is_active
$$;
COMMENT ON FUNCTION cdp._planned_steps() IS 'Internal. The steps of a run, in order.';

CREATE FUNCTION cdp._begin_step(run_id bigint, step_number int, step text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO cdp_data.run_step (run_id, step_number, step) VALUES ($1, $2, $3)
$$;
COMMENT ON FUNCTION cdp._begin_step(bigint, int, text) IS 'Internal. Opens the row of a step.';

CREATE FUNCTION cdp._describe_step(run_id bigint, step_number int) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT rpad(s.step || ':', 24) || ' ' || concat_ws(', ', s.rows_read || ' read', s.rows_new || ' new', s.rows_changed || ' changed',
               s.rows_rejected || ' rejected', CASE s.status WHEN 'failed' THEN 'failed' ELSE s.message END,
               round(date_part('epoch', s.finished_at - s.started_at)::numeric, 1) || ' s')
    FROM cdp_data.run_step s WHERE s.run_id = $1 AND s.step_number = $2
$$;
COMMENT ON FUNCTION cdp._describe_step(bigint, int) IS 'Internal. What a finished step did, in a line.';

CREATE FUNCTION cdp._finish_run(run_id bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    steps bigint;
    failed bigint;
BEGIN
    SELECT count(*), count(*) FILTER (WHERE s.status = 'failed') INTO steps, failed FROM cdp_data.run_step s WHERE s.run_id = _finish_run.run_id;
    UPDATE cdp_data.run r SET status = CASE WHEN failed > 0 THEN 'failed' ELSE 'ok' END, finished_at = clock_timestamp()
    WHERE r.run_id = _finish_run.run_id;
    IF failed > 0 THEN
        RAISE WARNING USING MESSAGE = format('%s of %s steps failed', failed, steps),
            HINT = format('See why: SELECT step, message FROM cdp_data.run_step WHERE run_id = %s AND status = ''failed'';', _finish_run.run_id);
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._finish_run(bigint) IS 'Internal. Closes a run and warns of failed steps.';

-- A procedure that COMMITs cannot fix its search_path, and an operator found through the caller's could be anybody's:
-- here are only qualified calls; what computes is in the functions above.
CREATE PROCEDURE cdp.refresh(as_of timestamptz DEFAULT NULL)
LANGUAGE plpgsql AS $$
DECLARE
    instant timestamptz := coalesce(as_of, pg_catalog.now());
    new_run_id bigint;
    steps text[];
BEGIN
    new_run_id := cdp._start_run(instant);
    COMMIT;
    steps := cdp._planned_steps();
    FOR number IN 1 .. pg_catalog.cardinality(steps) LOOP
        PERFORM cdp._begin_step(new_run_id, number, steps[number]);
        COMMIT;
        IF cdp._wants_batches(steps[number]) THEN
            CALL cdp._run_batches(new_run_id, number);
        ELSE
            PERFORM cdp._run_step(new_run_id, number, instant);
        END IF;
        COMMIT;
        RAISE NOTICE '%', cdp._describe_step(new_run_id, number);
    END LOOP;
    PERFORM cdp._finish_run(new_run_id);
    COMMIT;
END
$$;
COMMENT ON PROCEDURE cdp.refresh(timestamptz) IS
'The whole chain: read every active source, resolve people, build profiles, refresh segments. Each step is committed by itself and recorded in cdp_data.run_step, readable from other connections meanwhile; a failing source is reported and the rest goes on. Cannot run inside a transaction block. as_of: the instant that segments look at, default now. Example: CALL cdp.refresh();';

CREATE FUNCTION cdp.health(as_of timestamptz DEFAULT NULL)
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
    IF cdp._store_version() IS DISTINCT FROM cdp._newest_store_version() THEN
        RETURN QUERY SELECT 'store', 'error', format('version %s, needed %s', cdp._store_version(), cdp._newest_store_version()),
            CASE WHEN cdp._store_version() > cdp._newest_store_version() THEN 'ALTER EXTENSION cdp UPDATE;' ELSE 'SELECT cdp.install();' END;
        RETURN;
    END IF;
    RETURN QUERY SELECT 'store', 'ok', format('version %s', cdp._store_version()), NULL;
    objects_missing := to_regclass('cdp_data.reachable') IS NULL OR to_regclass('cdp_bi.dim_profile') IS NULL
        OR to_regclass('cdp_data.open_alert') IS NULL OR to_regclass('cdp_data.source_quality') IS NULL OR to_regclass('cdp_data.attribute_quality') IS NULL OR NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = to_regclass('cdp_data.feed') AND t.tgname = 'keep_statement_owner')
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
    RETURN QUERY SELECT 'match model', h.status, h.message, h.next_statement FROM cdp._model_health() h;
    RETURN QUERY SELECT 'segments', CASE WHEN count(*) = 0 THEN 'ok' ELSE 'error' END, format('%s broken', count(*)),
        CASE WHEN count(*) > 0 THEN 'SELECT name, problem FROM cdp_data.segment WHERE status = ''broken'';' END
    FROM cdp_data.segment g WHERE g.status = 'broken';
    RETURN QUERY SELECT h."check", h.status, h.message, h.next_statement FROM cdp._pipeline_health(as_of) h;
END
$$;
COMMENT ON FUNCTION cdp.health(timestamptz) IS 'One row per check: ok, warning or error, what was found, and the statement to run next; of feeds, their scheduler, runner and alerts where there are feeds. as_of: whether feeds were late at another time. Example: SELECT * FROM cdp.health();';
