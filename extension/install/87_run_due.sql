-- Running what is due: one runner at a time by a lease, a queue, stages that commit by themselves.

-- How each feed is at an instant, those that others depend on first. state: running, paused, open (the circuit), retrying, waiting
-- (for blocker), ready, failed, never or idle. outcome, which is what those that depend on it ask: ok, pending or failed.
CREATE FUNCTION cdp._feed_states(instant timestamptz)
RETURNS TABLE (feed_id int, "position" int, state text, outcome text, blocker text, feed_run_id bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    item record;
    ids int[] := '{}';
    outcomes text[] := '{}';
    pending text;
    failing text;
BEGIN
    "position" := 0;
    FOR item IN
        WITH RECURSIVE depth(feed_id, depth) AS (
            SELECT f.feed_id, 0 FROM cdp_data.feed f
            UNION SELECT d.feed_id, p.depth + 1 FROM depth p JOIN cdp_data.feed_dependency d ON d.depends_on = p.feed_id WHERE p.depth < 1000)
        SELECT f.*, o.feed_run_id AS open_run, o.status AS open_status, o.not_before, o.attempt,
               (SELECT l.status FROM cdp_data.feed_run l WHERE l.feed_id = f.feed_id AND l.since IS NULL AND l.status IN ('ok', 'failed') ORDER BY l.feed_run_id DESC LIMIT 1) AS last_status,
               ARRAY(SELECT d.depends_on FROM cdp_data.feed_dependency d WHERE d.feed_id = f.feed_id ORDER BY 1) AS needs, cdp._is_paused(f.feed_id) AS is_paused
        FROM cdp_data.feed f
        LEFT JOIN cdp_data.feed_run o ON o.feed_id = f.feed_id AND o.since IS NULL AND o.status IN ('queued', 'running')
        ORDER BY (SELECT max(p.depth) FROM depth p WHERE p.feed_id = f.feed_id), f.feed_id
    LOOP
        SELECT min(f.name) FILTER (WHERE outcomes[array_position(ids, n)] = 'pending'), min(f.name) FILTER (WHERE outcomes[array_position(ids, n)] = 'failed')
        INTO pending, failing FROM unnest(item.needs) n JOIN cdp_data.feed f ON f.feed_id = n;
        IF item.on_failure = 'go_on' THEN failing := NULL; END IF;
        feed_id := item.feed_id; "position" := "position" + 1; blocker := NULL; feed_run_id := item.open_run;
        outcome := CASE WHEN item.last_status = 'ok' THEN 'ok' ELSE 'failed' END;
        IF item.open_status = 'running' THEN
            state := 'running'; outcome := 'pending';
        ELSIF item.is_paused THEN
            state := 'paused';
        ELSIF item.circuit_open_until > instant THEN
            state := 'open'; outcome := 'failed';
        ELSIF item.open_run IS NOT NULL AND item.not_before > instant THEN
            state := 'retrying'; outcome := 'failed';
        ELSIF item.open_run IS NOT NULL AND failing IS NOT NULL THEN
            state := 'waiting'; outcome := 'failed'; blocker := failing;
        ELSIF item.open_run IS NOT NULL AND pending IS NOT NULL THEN
            state := 'waiting'; outcome := 'pending'; blocker := pending;
        ELSIF item.open_run IS NOT NULL THEN
            state := 'ready'; outcome := 'pending';
        ELSE
            state := CASE item.last_status WHEN 'ok' THEN 'idle' WHEN 'failed' THEN 'failed' ELSE 'never' END;
            -- It runs after what it depends on, and has not yet.
            IF item.every IS NULL AND item.at_times IS NULL THEN
                IF failing IS NOT NULL THEN outcome := 'failed'; blocker := failing;
                ELSIF pending IS NOT NULL THEN outcome := 'pending'; blocker := pending; END IF;
            END IF;
        END IF;
        ids := ids || item.feed_id;
        outcomes := outcomes || outcome;
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp._feed_states(timestamptz) IS 'Internal. Whether each feed can run, or what it waits for.';

-- Whether the runner of the lease is still at it: false when its backend is gone or does something else, NULL when this role may not see that.
CREATE FUNCTION cdp._runner_works() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN l.backend_pid IS NULL OR a.pid IS NULL THEN false
                WHEN a.backend_start IS NULL THEN NULL
                ELSE a.backend_start = l.backend_started_at AND coalesce(a.state NOT LIKE 'idle%' AND a.query_start <= l.statement_started_at, true) END
    FROM cdp_data.runner l LEFT JOIN pg_stat_activity a ON a.pid = l.backend_pid
$$;
COMMENT ON FUNCTION cdp._runner_works() IS 'Internal. Whether the holder of the lease still executes its statement; NULL where that cannot be seen.';

CREATE FUNCTION cdp._check_call() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM cdp._require_store();
    IF cdp._in_transaction_block() THEN
        RAISE EXCEPTION USING ERRCODE = 'active_sql_transaction', MESSAGE = 'cdp.run_due() cannot run inside a transaction block',
            DETAIL = 'It commits each stage, so that others see the progress and a failure does not lose what was done.',
            HINT = 'Run it by itself: COMMIT; CALL cdp.run_due();';
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._check_call() IS 'Internal. Errors where cdp.run_due() cannot run.';

CREATE FUNCTION cdp._take_lease(instant timestamptz) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    lease record;
    works boolean;
BEGIN
    SELECT * INTO lease FROM cdp_data.runner l FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RAISE NOTICE 'another runner is at work; nothing was done';
        RETURN NULL;
    END IF;
    UPDATE cdp_data.runner SET last_call_at = instant;
    works := lease.backend_pid IS NOT NULL AND lease.backend_pid <> pg_backend_pid() AND cdp._runner_works() IS NOT FALSE;
    -- What cannot be seen counts as working until its lease is over; then the lease is taken from it, and it can commit nothing more. An
    -- instant of renewal that is still to come was written before the clock was set back.
    IF works AND (cdp._runner_works() OR lease.expires_at > clock_timestamp() AND lease.renewed_at <= clock_timestamp() + interval '1 minute') THEN
        RAISE NOTICE USING MESSAGE = format('another runner is at work, backend %s of %s, since %s; nothing was done', lease.backend_pid, lease.role_name, to_char(lease.taken_at, 'YYYY-MM-DD HH24:MI:SS')),
            DETAIL = coalesce((SELECT format('It works on %s.', string_agg(quote_literal(f.name), ', ')) FROM cdp_data.feed_run r JOIN cdp_data.feed f USING (feed_id) WHERE r.status = 'running'), 'It is between two runs.'),
            HINT = format('Watch it: SELECT * FROM cdp.feeds(); or stop it: SELECT pg_cancel_backend(%s);', lease.backend_pid);
        RETURN NULL;
    END IF;
    UPDATE cdp_data.runner SET runner = lease.runner + 1, backend_pid = pg_backend_pid(),
        backend_started_at = (SELECT a.backend_start FROM pg_stat_activity a WHERE a.pid = pg_backend_pid()), role_name = current_user,
        statement_started_at = statement_timestamp(), taken_at = clock_timestamp(), renewed_at = clock_timestamp(),
        expires_at = clock_timestamp() + cdp._setting('runner_lease')::interval;
    RETURN lease.runner + 1;
END
$$;
COMMENT ON FUNCTION cdp._take_lease(timestamptz) IS 'Internal. Makes this session the runner and returns its number; NULL, with a notice, when another one works.';

CREATE FUNCTION cdp._hold_lease(runner bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE cdp_data.runner l SET renewed_at = clock_timestamp(), expires_at = clock_timestamp() + cdp._setting('runner_lease')::interval
    WHERE l.runner = _hold_lease.runner AND l.backend_pid = pg_backend_pid();
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = 'another runner has taken over',
            DETAIL = format('The lease of runner %s had run out. What this stage did is undone; the other runner does it.', _hold_lease.runner),
            HINT = 'Where one stage takes longer than the lease, make it longer: UPDATE cdp_data.setting SET value = ''1 hour'' WHERE name = ''runner_lease'';';
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._hold_lease(bigint) IS 'Internal. Renews the lease in the transaction of the caller; errors (55000) when it is another''s by now.';

CREATE FUNCTION cdp._release_lease(runner bigint) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    UPDATE cdp_data.runner l SET backend_pid = NULL, backend_started_at = NULL, statement_started_at = NULL, expires_at = NULL, last_finished_at = clock_timestamp()
    WHERE l.runner = $1 AND l.backend_pid = pg_backend_pid()
$$;
COMMENT ON FUNCTION cdp._release_lease(bigint) IS 'Internal. Gives the lease back.';

-- Up to a quarter more or less, always the same for one attempt.
CREATE FUNCTION cdp._retry_pause(retry_after interval, attempt int, seed text) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT make_interval(secs => round(extract(epoch FROM least(retry_after * (2 ^ least(attempt - 1, 20)), interval '6 hours'))
        * (0.75 + 0.5 * ('x' || substr(md5(seed || ' ' || attempt), 1, 7))::bit(28)::int / 268435456.0))::float8)
$$;
COMMENT ON FUNCTION cdp._retry_pause(interval, int, text) IS 'Internal. How long to wait after a failed attempt.';

-- An attempt is over: well, or with its error in the row of the run. may_pause: an attempt whose session died is made again at once.
CREATE FUNCTION cdp._finish_attempt(feed_run_id bigint, instant timestamptz, may_pause boolean DEFAULT true) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    item record;
    feed record;
    new_status text := 'ok';
    resume_at timestamptz := instant;
    opens boolean;
BEGIN
    SELECT * INTO item FROM cdp_data.feed_run r WHERE r.feed_run_id = _finish_attempt.feed_run_id;
    SELECT * INTO feed FROM cdp_data.feed f WHERE f.feed_id = item.feed_id FOR UPDATE;
    IF EXISTS (SELECT FROM cdp_data.feed_run_stage s WHERE s.feed_run_id = item.feed_run_id AND s.attempt = item.attempt AND s.status <> 'ok') THEN
        opens := item.since IS NULL AND (feed.failures + 1 >= feed.break_after OR feed.circuit_opened_at IS NOT NULL);
        new_status := CASE WHEN opens OR item.attempt >= feed.max_attempts THEN 'failed' ELSE 'queued' END;
        IF new_status = 'queued' AND may_pause THEN resume_at := instant + cdp._retry_pause(feed.retry_after, item.attempt, feed.name || ' ' || item.due_at::date); END IF;
        -- A window that fails is no reason to stop the regular runs.
        IF item.since IS NULL THEN
            UPDATE cdp_data.feed f SET failures = f.failures + 1, unseen_since = CASE WHEN item.cause = 'dependency' THEN coalesce(f.unseen_since, item.due_at) END,
                circuit_opened_at = CASE WHEN opens THEN coalesce(f.circuit_opened_at, instant) END,
                circuit_open_until = CASE WHEN opens THEN instant + least(f.break_for * (2 ^ least(f.circuit_trials, 10)), greatest(f.break_for, interval '1 day')) END,
                circuit_trials = CASE WHEN opens THEN f.circuit_trials + 1 ELSE 0 END
            WHERE f.feed_id = item.feed_id;
        END IF;
    ELSE
        UPDATE cdp_data.feed f SET completions = f.completions + 1 WHERE f.feed_id = item.feed_id;
        UPDATE cdp_data.feed d SET unseen_since = coalesce(d.unseen_since, instant)
        WHERE d.feed_id IN (SELECT p.feed_id FROM cdp_data.feed_dependency p WHERE p.depends_on = item.feed_id);
        IF item.since IS NULL THEN
            UPDATE cdp_data.feed f SET failures = 0, circuit_opened_at = NULL, circuit_open_until = NULL, circuit_trials = 0, last_ok_at = item.started_at, last_ok_due_at = item.due_at
            WHERE f.feed_id = item.feed_id;
        END IF;
    END IF;
    UPDATE cdp_data.feed_run r SET status = new_status, finished_at = CASE WHEN new_status <> 'queued' THEN instant END, not_before = resume_at,
        seconds = s.seconds, rows_read = s.rows_read, rows_new = s.rows_new, rows_changed = s.rows_changed, rows_rejected = s.rows_rejected, message = s.message
    FROM (SELECT coalesce(sum(t.seconds), 0) AS seconds, sum(t.rows_read) FILTER (WHERE t.counts) AS rows_read, sum(t.rows_new) FILTER (WHERE t.counts) AS rows_new,
                 sum(t.rows_changed) FILTER (WHERE t.counts) AS rows_changed, sum(t.rows_rejected) FILTER (WHERE t.counts) AS rows_rejected,
                 string_agg(t.message, '; ' ORDER BY t.attempt, t.stage_number) FILTER (WHERE t.status = 'ok') AS message
          -- Of the whole chain, what was read; the other stages count people.
          FROM (SELECT x.*, x.status = 'ok' AND (feed.work <> 'refresh' OR x.stage LIKE 'ingest %') AS counts FROM cdp_data.feed_run_stage x
                WHERE x.feed_run_id = item.feed_run_id) AS t) AS s
    WHERE r.feed_run_id = item.feed_run_id;
    RETURN new_status;
END
$$;
COMMENT ON FUNCTION cdp._finish_attempt(bigint, timestamptz, boolean) IS 'Internal. Closes an attempt of a run: done, to be tried again, or failed, perhaps with the circuit open.';

-- Whatever still seems to run was left by a runner that is gone.
CREATE FUNCTION cdp._recover_runs(instant timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    item record;
    new_status text;
BEGIN
    FOR item IN SELECT r.*, f.name, f.work FROM cdp_data.feed_run r JOIN cdp_data.feed f USING (feed_id) WHERE r.status = 'running' ORDER BY r.feed_run_id FOR UPDATE OF r LOOP
        UPDATE cdp_data.feed_run_stage s SET status = 'interrupted', finished_at = instant, message = 'the session that did it has ended'
        WHERE s.feed_run_id = item.feed_run_id AND s.status = 'running';
        -- It died between two stages, or before the first.
        IF NOT FOUND THEN
            INSERT INTO cdp_data.feed_run_stage (feed_run_id, attempt, stage_number, stage, status, started_at, finished_at, message)
            VALUES (item.feed_run_id, item.attempt, 0, 'between stages', 'interrupted', item.started_at, instant, 'the session that did it has ended') ON CONFLICT DO NOTHING;
        END IF;
        UPDATE cdp_data.feed_run r SET error = 'the session that ran it has ended',
            detail = format('Backend %s was cancelled, terminated or killed. What the stage had done was undone.', item.backend_pid),
            hint = 'The log of the server tells why.', error_code = '57P01'
        WHERE r.feed_run_id = item.feed_run_id;
        new_status := cdp._finish_attempt(item.feed_run_id, instant, false);
        RAISE WARNING USING MESSAGE = format('feed %s: the session that ran it has ended', quote_literal(item.name)),
            DETAIL = format('Run %s, attempt %s, in backend %s. It is %s.', item.feed_run_id, item.attempt, item.backend_pid,
                            CASE new_status WHEN 'queued' THEN 'tried again' ELSE 'given up' END);
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp._recover_runs(timestamptz) IS 'Internal. Queues again what a runner left that is gone.';

CREATE FUNCTION cdp._plan_runs(instant timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    item record;
    near record;
    first_due timestamptz;
BEGIN
    -- The clock was set back: what was to be later than any pause can be is not to wait for that day.
    UPDATE cdp_data.feed_run r SET not_before = instant WHERE r.status = 'queued' AND r.not_before > instant + interval '8 hours';
    UPDATE cdp_data.feed f SET circuit_open_until = instant + f.break_for WHERE f.circuit_open_until > instant + greatest(f.break_for, interval '1 day');
    UPDATE cdp_data.feed f SET unseen_since = instant WHERE f.unseen_since > instant;
    UPDATE cdp_data.feed f SET last_ok_at = instant, last_ok_due_at = least(f.last_ok_due_at, instant) WHERE f.last_ok_at > instant + interval '15 minutes';
    FOR item IN SELECT f.* FROM cdp_data.feed f WHERE NOT cdp._is_paused(f.feed_id) ORDER BY f.feed_id FOR UPDATE SKIP LOCKED LOOP
        IF item.every IS NULL AND item.at_times IS NULL THEN
            IF cdp._completions_before(item.feed_id) <> item.seen_completions
               AND NOT EXISTS (SELECT FROM cdp_data.feed_run r WHERE r.feed_id = item.feed_id AND r.since IS NULL AND r.status IN ('queued', 'running')) THEN
                PERFORM cdp._queue_run(item.feed_id, 'dependency', coalesce(item.unseen_since, instant), 0, NULL, NULL, instant);
            END IF;
            CONTINUE;
        END IF;
        -- A clock that is set back by some minutes does not make due again what was done.
        near := cdp._due_near(item.every, item.at_times, item.on_days, item.time_zone, item.anchor_at,
            CASE WHEN item.last_due_at > instant AND item.last_due_at <= instant + interval '15 minutes' THEN item.last_due_at ELSE instant END);
        first_due := least(item.next_due_at, near.next_due);
        IF first_due > instant THEN
            UPDATE cdp_data.feed f SET next_due_at = first_due WHERE f.feed_id = item.feed_id AND f.next_due_at IS DISTINCT FROM first_due;
            CONTINUE;
        END IF;
        -- However many were missed, one run makes up for them.
        PERFORM cdp._queue_run(item.feed_id, 'schedule', greatest(near.last_due, first_due),
            greatest(cdp._count_due(item.every, item.at_times, item.on_days, item.time_zone, first_due, near.last_due) - 1, 0), NULL, NULL, instant);
        UPDATE cdp_data.feed f SET last_due_at = greatest(near.last_due, first_due), next_due_at = near.next_due WHERE f.feed_id = item.feed_id;
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp._plan_runs(timestamptz) IS 'Internal. Queues what has fallen due.';

CREATE FUNCTION cdp._begin_run(runner bigint, instant timestamptz) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    chosen bigint;
BEGIN
    PERFORM cdp._hold_lease(runner);
    -- Windows of a back-fill come after what is due.
    SELECT r.feed_run_id INTO chosen
    FROM cdp_data.feed_run r JOIN cdp_data.feed f USING (feed_id) JOIN cdp._feed_states(instant) s USING (feed_id)
    WHERE r.status = 'queued' AND r.not_before <= instant
      AND (s.feed_run_id = r.feed_run_id AND s.state = 'ready'
           OR r.since IS NOT NULL AND NOT cdp._is_paused(f.feed_id) AND (f.circuit_open_until > instant) IS NOT TRUE)
    ORDER BY r.since IS NOT NULL, s."position", r.since, r.feed_run_id
    LIMIT 1 FOR UPDATE OF r SKIP LOCKED;
    IF chosen IS NULL THEN RETURN NULL; END IF;
    UPDATE cdp_data.feed_run r SET status = 'running', attempt = r.attempt + 1, started_at = instant, runner = _begin_run.runner, backend_pid = pg_backend_pid()
    WHERE r.feed_run_id = chosen;
    UPDATE cdp_data.feed f SET seen_completions = cdp._completions_before(f.feed_id), unseen_since = NULL
    FROM cdp_data.feed_run r WHERE r.feed_run_id = chosen AND f.feed_id = r.feed_id AND r.since IS NULL;
    RETURN chosen;
END
$$;
COMMENT ON FUNCTION cdp._begin_run(bigint, timestamptz) IS 'Internal. Takes the next run off the queue; NULL when none can run.';

-- The stages of the whole chain are those of cdp.refresh(). A stage that an earlier attempt did well is done again only when one before it was.
CREATE FUNCTION cdp._begin_stage(feed_run_id bigint, runner bigint, instant timestamptz) RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    item record;
    chosen record;
BEGIN
    PERFORM cdp._hold_lease(runner);
    SELECT r.feed_run_id, r.attempt, f.work, s.name AS source INTO item
    FROM cdp_data.feed_run r JOIN cdp_data.feed f USING (feed_id) LEFT JOIN cdp_data.source s USING (source_id) WHERE r.feed_run_id = _begin_stage.feed_run_id;
    SELECT p.stage, p.number INTO chosen
    FROM unnest(CASE item.work WHEN 'ingest' THEN ARRAY['ingest ' || item.source] WHEN 'refresh' THEN cdp._planned_steps() ELSE ARRAY[item.work] END)
        WITH ORDINALITY AS p(stage, number)
    WHERE NOT EXISTS (SELECT FROM cdp_data.feed_run_stage d WHERE d.feed_run_id = item.feed_run_id AND d.stage = p.stage
                      AND (d.attempt = item.attempt OR d.status = 'ok'
                           AND (p.stage LIKE 'ingest %' OR NOT EXISTS (SELECT FROM cdp_data.feed_run_stage e WHERE e.feed_run_id = item.feed_run_id AND e.attempt = item.attempt))))
    ORDER BY p.number LIMIT 1;
    IF chosen.stage IS NULL THEN RETURN NULL; END IF;
    INSERT INTO cdp_data.feed_run_stage (feed_run_id, attempt, stage_number, stage, started_at) VALUES (item.feed_run_id, item.attempt, chosen.number, chosen.stage, instant);
    RETURN chosen.number;
END
$$;
COMMENT ON FUNCTION cdp._begin_stage(bigint, bigint, timestamptz) IS 'Internal. Opens the row of the next stage of a run; NULL when all are done.';

-- A large source is read in batches, each a transaction of its own: the lease is renewed with each, and what was stored stays.
CREATE FUNCTION cdp._stage_has_batches(feed_run_id bigint, stage_number int) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF to_regprocedure('cdp._wants_batches(text)') IS NULL THEN RETURN false; END IF;
    RETURN (SELECT r.since IS NULL AND cdp._wants_batches(s.stage) FROM cdp_data.feed_run r JOIN cdp_data.feed_run_stage s USING (feed_run_id, attempt)
            WHERE r.feed_run_id = $1 AND s.stage_number = $2);
END
$$;
COMMENT ON FUNCTION cdp._stage_has_batches(bigint, int) IS 'Internal. Whether a stage is better done in batches.';

CREATE FUNCTION cdp._run_stage(feed_run_id bigint, stage_number int, runner bigint, instant timestamptz, phase text DEFAULT 'whole', batch int DEFAULT NULL) RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    item record;
    result record;
    batches int := 0;
    touched bigint;
    problem text;
    problem_detail text;
    problem_hint text;
    code text;
    carried text;
    role_before CONSTANT name := current_user;
    begun CONSTANT timestamptz := clock_timestamp();
BEGIN
    SELECT s.stage, s.attempt, r.since, r.until, f.feed_id, f.name, f.work, f.statement, f.statement_owner INTO item
    FROM cdp_data.feed_run r JOIN cdp_data.feed f USING (feed_id) JOIN cdp_data.feed_run_stage s USING (feed_run_id, attempt)
    WHERE r.feed_run_id = _run_stage.feed_run_id AND s.stage_number = _run_stage.stage_number;
    BEGIN
        IF phase = 'begin' THEN
            batches := cdp._begin_batches(substr(item.stage, 8), 100000, NULL, NULL);
        ELSIF phase = 'batch' THEN
            PERFORM cdp._ingest_batch(batch - 1);
            UPDATE cdp_data.feed_run_stage s SET rows_read = p.rows_read, rows_new = p.rows_new, rows_changed = p.rows_changed, rows_rejected = p.rows_rejected
            FROM pg_temp.cdp_batch_plan p WHERE s.feed_run_id = _run_stage.feed_run_id AND s.attempt = item.attempt AND s.stage_number = _run_stage.stage_number;
        ELSIF item.work = 'sql' THEN
            -- It runs with the rights of the runner: nobody else may have written it.
            IF item.statement_owner <> current_user THEN
                RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = format('the statement of feed %s was written by %s, and %s runs the feeds', quote_literal(item.name), item.statement_owner, current_user),
                    DETAIL = 'A statement is executed only by the role that wrote it, for it would have the rights of the runner.',
                    HINT = format('When it is right, as %s: SELECT cdp.change_feed(%L, statement => …); to run with the rights of %s, call a function of it that is SECURITY DEFINER.', current_user, item.name, item.statement_owner);
            END IF;
            EXECUTE item.statement;
            GET DIAGNOSTICS touched = ROW_COUNT;
            IF current_user <> role_before THEN
                RAISE EXCEPTION USING ERRCODE = 'invalid_role_specification', MESSAGE = format('the statement of feed %s changed the role to %s', quote_literal(item.name), current_user),
                    DETAIL = 'The other feeds would run as that role.', HINT = 'Take SET ROLE out of it; what has to run as another role can be a function of that role that is SECURITY DEFINER.';
            END IF;
            UPDATE cdp_data.feed_run_stage s SET status = 'ok', rows_changed = touched
            WHERE s.feed_run_id = _run_stage.feed_run_id AND s.attempt = item.attempt AND s.stage_number = _run_stage.stage_number;
        ELSE
            IF phase = 'end' THEN
                SELECT e.*, NULL::text AS message, false AS has_failed INTO result FROM cdp._end_batches() e;
                ANALYZE cdp_data.record, cdp_data.event, cdp_data.record_identifier, cdp_data.consent;
                PERFORM cdp._summarize_events();
            ELSE
                result := cdp._do_step(item.stage, instant, item.since, item.until);
            END IF;
            UPDATE cdp_data.feed_run_stage s SET status = CASE WHEN result.has_failed THEN 'failed' ELSE 'ok' END, rows_read = result.rows_read, rows_new = result.rows_new,
                rows_changed = result.rows_changed, rows_rejected = result.rows_rejected, message = result.message
            WHERE s.feed_run_id = _run_stage.feed_run_id AND s.attempt = item.attempt AND s.stage_number = _run_stage.stage_number;
            IF result.has_failed THEN
                problem := result.message; code := 'P0001';
                IF item.stage = 'segments' THEN problem_hint := 'SELECT name, problem FROM cdp_data.segment WHERE status = ''broken'';'; END IF;
            END IF;
        END IF;
    -- Cancelling is not caught: the next runner finds the stage interrupted.
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT, problem_detail = PG_EXCEPTION_DETAIL, problem_hint = PG_EXCEPTION_HINT, code = RETURNED_SQLSTATE, carried = PG_DATATYPE_NAME;
        PERFORM cdp._keep_what_stopped(carried);
        UPDATE cdp_data.feed_run_stage s SET status = 'failed', message = problem
        WHERE s.feed_run_id = _run_stage.feed_run_id AND s.attempt = item.attempt AND s.stage_number = _run_stage.stage_number;
    END;
    UPDATE cdp_data.feed_run_stage s SET finished_at = CASE WHEN s.status <> 'running' THEN instant END,
        seconds = coalesce(s.seconds, 0) + round(extract(epoch FROM clock_timestamp() - begun), 3)
    WHERE s.feed_run_id = _run_stage.feed_run_id AND s.attempt = item.attempt AND s.stage_number = _run_stage.stage_number;
    IF problem IS NOT NULL THEN
        UPDATE cdp_data.feed_run r SET error = problem, detail = nullif(problem_detail, ''), hint = nullif(problem_hint, ''), error_code = code
        WHERE r.feed_run_id = _run_stage.feed_run_id;
        RAISE WARNING USING MESSAGE = format('feed %s, %s failed: %s', quote_literal(item.name), item.stage, problem),
            DETAIL = coalesce(nullif(problem_detail, ''), format('Attempt %s of run %s.', item.attempt, _run_stage.feed_run_id)),
            HINT = coalesce(nullif(problem_hint, ''), format('See: SELECT * FROM cdp_data.feed_run_stage WHERE feed_run_id = %s;', _run_stage.feed_run_id));
    END IF;
    -- Last, in the transaction of the work: without the lease nothing of it is kept.
    PERFORM cdp._hold_lease(runner);
    RETURN CASE WHEN problem IS NULL THEN batches END;
END
$$;
COMMENT ON FUNCTION cdp._run_stage(bigint, int, bigint, timestamptz, text, int) IS 'Internal. Does one stage of a run, whole, or a part of one in batches: begin, which returns their number, batch, end. NULL after a failure, which is written to its row and warned about.';

CREATE FUNCTION cdp._describe_run(feed_run_id bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT rpad(f.name || ':', 24) || ' ' || concat_ws(', ', r.rows_read || ' read', r.rows_new || ' new', r.rows_changed || ' changed', r.rows_rejected || ' rejected',
               nullif(r.missed, 0) || ' missed before',
               CASE r.status WHEN 'ok' THEN r.message WHEN 'failed' THEN format('failed in attempt %s', r.attempt) || CASE WHEN f.circuit_open_until IS NOT NULL AND r.since IS NULL
                        THEN format(', not tried before %s', to_char(f.circuit_open_until, 'YYYY-MM-DD HH24:MI:SS TZ')) ELSE '' END
                    ELSE format('failed, attempt %s after %s', r.attempt + 1, to_char(r.not_before, 'YYYY-MM-DD HH24:MI:SS TZ')) END,
               round(r.seconds, 1) || ' s')
    FROM cdp_data.feed_run r JOIN cdp_data.feed f USING (feed_id) WHERE r.feed_run_id = $1
$$;
COMMENT ON FUNCTION cdp._describe_run(bigint) IS 'Internal. What a run did, in a line.';

CREATE FUNCTION cdp._forget_old_runs(instant timestamptz) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    -- The last hundred of a feed stay however old they seem, for the clock may be wrong; a bit at a time.
    DELETE FROM cdp_data.feed_run d USING (
        SELECT o.feed_run_id FROM cdp_data.feed f
        CROSS JOIN LATERAL (SELECT k.feed_run_id FROM cdp_data.feed_run k WHERE k.feed_id = f.feed_id ORDER BY k.feed_run_id DESC OFFSET 99 LIMIT 1) AS kept
        CROSS JOIN LATERAL (SELECT k.feed_run_id, k.finished_at FROM cdp_data.feed_run k WHERE k.feed_id = f.feed_id ORDER BY k.feed_run_id LIMIT 100) AS o
        WHERE o.feed_run_id < kept.feed_run_id AND o.finished_at < $1 - cdp._setting('keep_runs')::interval) AS x
    WHERE d.feed_run_id = x.feed_run_id;
    DELETE FROM cdp_data.segment_size z USING cdp_data.segment g WHERE z.segment_id = g.segment_id AND z.counted_at < least($1, g.refreshed_at) - cdp._setting('keep_runs')::interval
$$;
COMMENT ON FUNCTION cdp._forget_old_runs(timestamptz) IS 'Internal. Deletes runs that ended longer ago than the setting keep_runs.';

CREATE FUNCTION cdp._is_over(begun timestamptz, max_seconds int) RETURNS boolean
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(clock_timestamp() >= begun + max_seconds * interval '1 second', false)
$$;
COMMENT ON FUNCTION cdp._is_over(timestamptz, int) IS 'Internal. Whether so many seconds have passed.';

CREATE FUNCTION cdp._finish_run_due(run bigint, instant timestamptz, INOUT runs int, INOUT failed int)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    runs := runs + 1;
    failed := failed + (cdp._finish_attempt(run, instant) <> 'ok')::int;
    PERFORM cdp._plan_runs(instant);
END
$$;
COMMENT ON FUNCTION cdp._finish_run_due(bigint, timestamptz, int, int) IS 'Internal. Closes an attempt, counts it, and queues what has fallen due through it.';

-- A procedure that COMMITs cannot fix its search_path: here are only qualified calls; what computes is in the functions above.
CREATE PROCEDURE cdp.run_due(INOUT runs int DEFAULT NULL, INOUT failed int DEFAULT NULL, INOUT is_busy boolean DEFAULT NULL, max_seconds int DEFAULT NULL, as_of timestamptz DEFAULT NULL)
LANGUAGE plpgsql AS $$
DECLARE
    begun pg_catalog.timestamptz := pg_catalog.clock_timestamp();
    runner bigint;
    run bigint;
    stage int;
    batches int;
    done int;
    counts pg_catalog.record;
BEGIN
    runs := 0;
    failed := 0;
    PERFORM cdp._check_call();
    -- Before anything runs, so that it is on record what stood still.
    PERFORM cdp._note_alerts(as_of);
    COMMIT;
    runner := cdp._take_lease(coalesce(as_of, pg_catalog.clock_timestamp()));
    is_busy := runner IS NULL;
    COMMIT;
    IF is_busy THEN RETURN; END IF;
    PERFORM cdp._recover_runs(coalesce(as_of, pg_catalog.clock_timestamp()));
    PERFORM cdp._plan_runs(coalesce(as_of, pg_catalog.clock_timestamp()));
    COMMIT;
    LOOP
        EXIT WHEN cdp._is_over(begun, max_seconds);
        run := cdp._begin_run(runner, coalesce(as_of, pg_catalog.clock_timestamp()));
        COMMIT;
        EXIT WHEN run IS NULL;
        LOOP
            stage := cdp._begin_stage(run, runner, coalesce(as_of, pg_catalog.clock_timestamp()));
            COMMIT;
            EXIT WHEN stage IS NULL;
            IF cdp._stage_has_batches(run, stage) THEN
                done := cdp._run_stage(run, stage, runner, coalesce(as_of, pg_catalog.clock_timestamp()), 'begin');
                batches := done;
                COMMIT;
                IF batches IS NULL THEN CONTINUE; END IF;
                FOR batch IN 1 .. batches LOOP
                    done := cdp._run_stage(run, stage, runner, coalesce(as_of, pg_catalog.clock_timestamp()), 'batch', batch);
                    COMMIT;
                    EXIT WHEN done IS NULL;
                END LOOP;
                IF done IS NULL THEN CONTINUE; END IF;
                PERFORM cdp._run_stage(run, stage, runner, coalesce(as_of, pg_catalog.clock_timestamp()), 'end');
            ELSE
                PERFORM cdp._run_stage(run, stage, runner, coalesce(as_of, pg_catalog.clock_timestamp()));
            END IF;
            COMMIT;
        END LOOP;
        counts := cdp._finish_run_due(run, coalesce(as_of, pg_catalog.clock_timestamp()), runs, failed);
        runs := counts.runs;
        failed := counts.failed;
        COMMIT;
        RAISE NOTICE '%', cdp._describe_run(run);
    END LOOP;
    PERFORM cdp._note_alerts(as_of);
    PERFORM cdp._forget_old_runs(coalesce(as_of, pg_catalog.clock_timestamp()));
    PERFORM cdp._release_lease(runner);
    COMMIT;
END
$$;
COMMENT ON PROCEDURE cdp.run_due(int, int, boolean, int, timestamptz) IS
'Runs the feeds that are due, in the order of what depends on what, each stage in a transaction of its own. Shows how many runs were tried and how many of them failed, and whether another runner was at work, in which case nothing is done. To be called every few minutes: by pg_cron (cdp.schedule), any cron (cdp run-due), or by hand. What a runner left that died is done again. max_seconds: begins no further run after that time. as_of: pretends that it is another time. Cannot run inside a transaction block. Example: CALL cdp.run_due(max_seconds => 240);';
