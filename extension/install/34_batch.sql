-- A large source in batches, each a transaction of its own. The rows are read once, in one statement, into a temporary table; a
-- batch holds all rows of its keys. Who goes on after a crash reads the source again and skips what is stored: no place has to
-- be remembered, and nothing is lost or doubled.

CREATE FUNCTION cdp._check_alone(source text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF cdp._in_transaction_block() THEN
        RAISE EXCEPTION USING ERRCODE = 'active_sql_transaction', MESSAGE = 'cdp.ingest_source() cannot run inside a transaction block',
            DETAIL = 'It commits each batch.', HINT = format('Run it by itself, or in one transaction: SELECT * FROM cdp.ingest(%L);', source);
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._check_alone(text) IS 'Internal. Errors between BEGIN and COMMIT.';

CREATE FUNCTION cdp._begin_batches(source text, batch_rows int, check_deletes boolean, max_deleted float8) RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET bytea_output = 'hex' SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    started CONSTANT timestamptz := clock_timestamp();
    chosen record;
    plan record;
    token CONSTANT uuid := gen_random_uuid();
    kept text;
    refused bigint;
BEGIN
    PERFORM cdp._require_store();
    SELECT * INTO chosen FROM cdp_data.source s WHERE s.source_id = cdp._source_id(_begin_batches.source);
    IF batch_rows IS NULL OR batch_rows < 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('batch_rows cannot be %s', coalesce(batch_rows::text, 'NULL')),
            DETAIL = 'It is how many rows are stored in one transaction, 1 at least.', HINT = format('For example: CALL cdp.ingest_source(%L, batch_rows => 100000);', chosen.name);
    END IF;
    PERFORM cdp._lock_source(chosen.source_id);
    plan := cdp._plan_reading(chosen.source_id, NULL, NULL, check_deletes);
    IF plan.deletes_checked THEN
        PERFORM cdp._find_gone(chosen.source_id, max_deleted);
        DROP TABLE pg_temp.cdp_gone;
    END IF;
    DROP TABLE IF EXISTS pg_temp.cdp_batch, pg_temp.cdp_batch_plan;
    kept := cdp._apply_quality_rules(chosen.source_id, plan.rows_from, plan.is_complete);
    refused := coalesce((SELECT sum(c.rows_refused) FROM cdp_data.quality_check c WHERE c.source_id = chosen.source_id AND c.checked_at >= started), 0);
    -- Of messages the latest word on each trait counts: they are one batch.
    IF chosen.kind = 'people' THEN PERFORM set_config('timezone', cdp._settable_zone(chosen.time_zone), true); END IF;
    EXECUTE format('CREATE TEMP TABLE cdp_batch AS SELECT %s AS cdp_batch_number, %s FROM %s AS s',
                   CASE chosen.kind WHEN 'messages' THEN '0' ELSE format('((dense_rank() OVER (ORDER BY %s COLLATE "C") - 1) / %s)::int', cdp._key_expression(chosen.source_id), batch_rows) END,
                   (SELECT string_agg(format('s.%I', c), ', ' ORDER BY n) FROM unnest(cdp._readable_columns(chosen.relation)) WITH ORDINALITY u(c, n)), kept);
    CREATE INDEX ON pg_temp.cdp_batch (cdp_batch_number);
    ANALYZE pg_temp.cdp_batch;
    UPDATE cdp_data.source s SET reading = token WHERE s.source_id = chosen.source_id;
    CREATE TEMP TABLE cdp_batch_plan AS
    SELECT chosen.source_id AS source_id, token, started, max_deleted, plan.reading AS reading, plan.rows_from AS rows_from, plan.is_complete AS is_complete, plan.watermark_from AS watermark_from,
           plan.watermark_to AS watermark_to, plan.deletes_checked AS deletes_checked, refused AS rows_read, 0::bigint AS rows_new, 0::bigint AS rows_changed, refused AS rows_rejected, 0 AS batches;
    RETURN (SELECT coalesce(max(b.cdp_batch_number) + 1, 0) FROM pg_temp.cdp_batch b);
END
$$;
COMMENT ON FUNCTION cdp._begin_batches(text, int, boolean, float8) IS 'Internal. Reads a source into pg_temp.cdp_batch; returns how many batches that are.';

-- Each batch is a new transaction: another reading may have come in between, and what it stored is newer.
CREATE FUNCTION cdp._lock_batches() RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    plan record;
    chosen record;
BEGIN
    SELECT * INTO plan FROM pg_temp.cdp_batch_plan;
    PERFORM cdp._lock_source(plan.source_id);
    SELECT s.name, s.reading INTO chosen FROM cdp_data.source s WHERE s.source_id = plan.source_id;
    IF chosen.reading IS DISTINCT FROM plan.token THEN
        RAISE EXCEPTION USING ERRCODE = 'object_in_use', MESSAGE = format('the source %I has been read by another session meanwhile', chosen.name),
            DETAIL = format('%s batches were stored; the rest is older than what the other has read.', plan.batches),
            HINT = format('Nothing is lost. To be sure: CALL cdp.ingest_source(%L);', chosen.name);
    END IF;
    RETURN plan.source_id;
END
$$;
COMMENT ON FUNCTION cdp._lock_batches() IS 'Internal. Locks the source that is read in batches for one of them; errors when somebody else has read it.';

CREATE FUNCTION cdp._ingest_batch(number int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
    id CONSTANT int := cdp._lock_batches();
    counts record;
BEGIN
    counts := cdp._read_rows(id, format('(SELECT * FROM pg_temp.cdp_batch AS b WHERE b.cdp_batch_number = %s)', number), false);
    UPDATE pg_temp.cdp_batch_plan p SET rows_read = p.rows_read + counts.rows_read, rows_new = p.rows_new + counts.rows_new, rows_changed = p.rows_changed + counts.rows_changed,
        rows_rejected = p.rows_rejected + counts.rows_rejected, batches = p.batches + 1;
END
$$;
COMMENT ON FUNCTION cdp._ingest_batch(int) IS 'Internal. Cleans and stores one batch.';

CREATE FUNCTION cdp._end_batches(OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
#variable_conflict use_column
DECLARE
    id CONSTANT int := cdp._lock_batches();
    plan record;
    deleted bigint := 0;
BEGIN
    SELECT * INTO plan FROM pg_temp.cdp_batch_plan;
    -- The batches together were all that the source has.
    IF plan.is_complete AND cdp._keeps_raw(id) THEN PERFORM cdp._keep_raw(id, 'pg_temp.cdp_batch', true, clock_timestamp()); END IF;
    IF plan.deletes_checked THEN
        PERFORM cdp._find_gone(id, plan.max_deleted);
        SELECT p.rows_read + m.rows_read, p.rows_new + m.rows_new, p.rows_changed + m.rows_changed, p.rows_rejected + m.rows_rejected
        INTO plan.rows_read, plan.rows_new, plan.rows_changed, plan.rows_rejected
        FROM pg_temp.cdp_batch_plan p, cdp._read_missing(id) m;
        deleted := cdp._delete_found(id);
    END IF;
    IF plan.is_complete THEN
        -- What was refused before and did not come again.
        UPDATE cdp_data.reject j SET resolved_at = clock_timestamp()
        WHERE j.source_id = id AND j.resolved_at IS NULL AND j.line_number IS NULL AND j.last_seen_at < plan.started
          AND j.rule = ANY (cdp._reading_rules())
          AND (j.attribute IS NULL OR (SELECT s.kind FROM cdp_data.source s WHERE s.source_id = id) = 'events');
    END IF;
    PERFORM cdp._note_reading(id, plan.rows_from, plan.rows_read, plan.rows_new + plan.rows_changed, plan.started);
    PERFORM cdp._finish_reading(id, plan, plan, deleted, plan.batches, plan.started);
    PERFORM cdp._check_plan_of(id);
    rows_read := plan.rows_read;
    rows_new := plan.rows_new;
    rows_changed := plan.rows_changed;
    rows_rejected := plan.rows_rejected;
    DROP TABLE pg_temp.cdp_batch, pg_temp.cdp_batch_plan;
END
$$;
COMMENT ON FUNCTION cdp._end_batches() IS 'Internal. After the last batch: deletes, the watermark, the report.';

-- A procedure that COMMITs cannot fix its search_path: here are only qualified calls.
CREATE PROCEDURE cdp.ingest_source(source text, batch_rows int DEFAULT 100000, check_deletes boolean DEFAULT NULL, max_deleted float8 DEFAULT NULL,
    INOUT rows_read bigint DEFAULT NULL, INOUT rows_new bigint DEFAULT NULL, INOUT rows_changed bigint DEFAULT NULL, INOUT rows_rejected bigint DEFAULT NULL)
LANGUAGE plpgsql AS $$
DECLARE
    batches int;
BEGIN
    PERFORM cdp._check_alone(source);
    batches := cdp._begin_batches(source, batch_rows, check_deletes, max_deleted);
    COMMIT;
    FOR number IN 1 .. batches LOOP
        PERFORM cdp._report_progress(pg_catalog.format('reading %s: batch %s of %s', source, number, batches));
        PERFORM cdp._ingest_batch(number OPERATOR(pg_catalog.-) 1);
        COMMIT;
    END LOOP;
    SELECT e.rows_read, e.rows_new, e.rows_changed, e.rows_rejected INTO rows_read, rows_new, rows_changed, rows_rejected FROM cdp._end_batches() e;
    PERFORM cdp._report_progress('');
    COMMIT;
END
$$;
COMMENT ON PROCEDURE cdp.ingest_source(text, int, boolean, float8, bigint, bigint, bigint, bigint) IS
'Reads a large source in batches of about batch_rows rows, each committed by itself: other sessions see the progress, a failure loses no more than one batch, and calling it again goes on. The rows are those of one moment. The watermark moves, and deletes are made, with the end of the last batch. Otherwise as cdp.ingest(). Cannot run inside a transaction block. Example: CALL cdp.ingest_source(''crm'', batch_rows => 100000);';

-- In cdp.refresh(): when a source is large and all of it is due.
CREATE FUNCTION cdp._wants_batches(step text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    chosen record;
BEGIN
    IF step NOT LIKE 'ingest %' THEN RETURN false; END IF;
    SELECT * INTO chosen FROM cdp_data.source s WHERE s.name = substr(step, 8);
    RETURN chosen.kind <> 'messages'
        AND coalesce((SELECT c.reltuples > 200000 FROM pg_class c WHERE c.oid = to_regclass(chosen.relation)), false)
        AND (chosen.watermark_column IS NULL OR cdp._watermark_floor(chosen.source_id) IS NULL);
END
$$;
COMMENT ON FUNCTION cdp._wants_batches(text) IS 'Internal. Whether a step of a run is better done in batches.';

CREATE FUNCTION cdp._run_batch(run_id bigint, step_number int, phase text, number int DEFAULT NULL) RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    item record;
    counts record;
    problem text;
    detail text;
    hint text;
    carried text;
BEGIN
    SELECT * INTO item FROM cdp_data.run_step s WHERE s.run_id = _run_batch.run_id AND s.step_number = _run_batch.step_number;
    BEGIN
        CASE phase
            WHEN 'begin' THEN
                RETURN cdp._begin_batches(substr(item.step, 8), 100000, NULL, NULL);
            WHEN 'batch' THEN
                PERFORM cdp._ingest_batch(number);
                UPDATE cdp_data.run_step s SET rows_read = p.rows_read, rows_new = p.rows_new, rows_changed = p.rows_changed, rows_rejected = p.rows_rejected
                FROM pg_temp.cdp_batch_plan p WHERE s.run_id = item.run_id AND s.step_number = item.step_number;
            WHEN 'end' THEN
                SELECT * INTO counts FROM cdp._end_batches();
                UPDATE cdp_data.run_step s SET status = 'ok', finished_at = clock_timestamp(), rows_read = counts.rows_read, rows_new = counts.rows_new, rows_changed = counts.rows_changed,
                    rows_rejected = counts.rows_rejected
                WHERE s.run_id = item.run_id AND s.step_number = item.step_number;
                ANALYZE cdp_data.record, cdp_data.event, cdp_data.record_identifier, cdp_data.consent;
                PERFORM cdp._summarize_events();
        END CASE;
        RETURN 0;
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, carried = PG_DATATYPE_NAME;
        PERFORM cdp._keep_stopped_results(carried);
        UPDATE cdp_data.run_step s SET status = 'failed', finished_at = clock_timestamp(), message = concat_ws(' ', problem, nullif(detail, ''), nullif(hint, ''))
        WHERE s.run_id = item.run_id AND s.step_number = item.step_number;
        RAISE WARNING USING MESSAGE = format('%s failed: %s', item.step, problem),
            DETAIL = coalesce(nullif(detail, ''), 'The other steps go on.'),
            HINT = coalesce(nullif(hint, ''), format('See: SELECT * FROM cdp_data.run_step WHERE run_id = %s;', item.run_id));
        RETURN -1;
    END;
END
$$;
COMMENT ON FUNCTION cdp._run_batch(bigint, int, text, int) IS 'Internal. Does a part of a step of a run in batches: begin (returns the number of batches), batch, end; -1 after a failure, which is written to the row of the step and warned about.';

CREATE PROCEDURE cdp._run_batches(run_id bigint, step_number int)
LANGUAGE plpgsql AS $$
DECLARE
    batches int;
BEGIN
    batches := cdp._run_batch(run_id, step_number, 'begin');
    COMMIT;
    FOR number IN 1 .. batches LOOP
        IF cdp._run_batch(run_id, step_number, 'batch', number OPERATOR(pg_catalog.-) 1) OPERATOR(pg_catalog.<) 0 THEN
            batches := -1;
            EXIT;
        END IF;
        COMMIT;
    END LOOP;
    IF batches OPERATOR(pg_catalog.>=) 0 THEN
        PERFORM cdp._run_batch(run_id, step_number, 'end');
    END IF;
    COMMIT;
END
$$;
COMMENT ON PROCEDURE cdp._run_batches(bigint, int) IS 'Internal. A step of a run that reads a large source.';
