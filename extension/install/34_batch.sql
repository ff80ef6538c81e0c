-- A large source in batches, each a transaction of its own. The rows are read once, in one statement, into a temporary table; a
-- batch holds all rows of its keys. Who goes on after a crash reads the source again and skips what is stored: no place has to
-- be remembered, and nothing is lost or doubled.

CREATE FUNCTION cdp._begin_batches(source text, batch_rows int, check_deletes boolean, max_deleted float8) RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET bytea_output = 'hex' SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    started CONSTANT timestamptz := clock_timestamp();
    chosen record;
    plan record;
    token CONSTANT uuid := gen_random_uuid();
BEGIN
    PERFORM cdp._require_store();
    SELECT * INTO chosen FROM cdp_data.source s WHERE s.source_id = cdp._source_id(_begin_batches.source);
    IF cdp._in_transaction_block() THEN
        RAISE EXCEPTION USING ERRCODE = 'active_sql_transaction', MESSAGE = 'cdp.ingest_source() cannot run inside a transaction block',
            DETAIL = 'It commits each batch.', HINT = format('Run it by itself, or in one transaction: SELECT * FROM cdp.ingest(%L);', chosen.name);
    ELSIF batch_rows IS NULL OR batch_rows < 1 THEN
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
    -- Of messages the latest word on each trait counts: they are one batch.
    IF chosen.kind = 'people' THEN PERFORM cdp._use_zone(chosen.time_zone); END IF;
    EXECUTE format('CREATE TEMP TABLE cdp_batch AS SELECT %s AS cdp_batch_number, %s FROM %s AS s',
                   CASE chosen.kind WHEN 'messages' THEN '0' ELSE format('((dense_rank() OVER (ORDER BY %s COLLATE "C") - 1) / %s)::int', cdp._key_expression(chosen.source_id), batch_rows) END,
                   (SELECT string_agg(format('s.%I', c), ', ' ORDER BY n) FROM unnest(cdp._readable_columns(chosen.relation)) WITH ORDINALITY u(c, n)), plan.rows_from);
    CREATE INDEX ON pg_temp.cdp_batch (cdp_batch_number);
    ANALYZE pg_temp.cdp_batch;
    UPDATE cdp_data.source s SET reading = token WHERE s.source_id = chosen.source_id;
    CREATE TEMP TABLE cdp_batch_plan AS
    SELECT chosen.source_id AS source_id, token, started, max_deleted, plan.reading AS reading, plan.rows_from AS rows_from, plan.is_complete AS is_complete, plan.watermark_from AS watermark_from,
           plan.watermark_to AS watermark_to, plan.deletes_checked AS deletes_checked, 0::bigint AS rows_read, 0::bigint AS rows_new, 0::bigint AS rows_changed, 0::bigint AS rows_rejected, 0 AS batches;
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
    IF plan.deletes_checked THEN
        PERFORM cdp._find_gone(id, plan.max_deleted);
        deleted := cdp._delete_found(id);
    END IF;
    IF plan.is_complete THEN
        -- What was refused before and did not come again.
        UPDATE cdp_data.reject j SET resolved_at = clock_timestamp()
        WHERE j.source_id = id AND j.resolved_at IS NULL AND j.line_number IS NULL AND j.last_seen_at < plan.started
          AND j.rule IN ('cleaning', 'missing_key', 'duplicate_key', 'outdated')
          AND (j.attribute IS NULL OR (j.attribute = 'amount' AND (SELECT s.kind FROM cdp_data.source s WHERE s.source_id = id) = 'events'));
    END IF;
    PERFORM cdp._finish_reading(id, plan, plan, deleted, plan.batches, plan.started);
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
    batches := cdp._begin_batches(source, batch_rows, check_deletes, max_deleted);
    COMMIT;
    FOR number IN 1 .. batches LOOP
        PERFORM cdp._report_progress(pg_catalog.format('reading %s: batch %s of %s', source, number, batches));
        PERFORM cdp._ingest_batch(number - 1);
        COMMIT;
    END LOOP;
    SELECT e.rows_read, e.rows_new, e.rows_changed, e.rows_rejected INTO rows_read, rows_new, rows_changed, rows_rejected FROM cdp._end_batches() e;
    PERFORM cdp._report_progress('');
    COMMIT;
END
$$;
COMMENT ON PROCEDURE cdp.ingest_source(text, int, boolean, float8, bigint, bigint, bigint, bigint) IS
'Reads a large source in batches of about batch_rows rows, each committed by itself: other sessions see the progress, a failure loses no more than one batch, and calling it again goes on. The rows are those of one moment. The watermark moves, and deletes are made, with the end of the last batch. Otherwise as cdp.ingest(). Cannot run inside a transaction block. Example: CALL cdp.ingest_source(''crm'', batch_rows => 100000);';
