-- The contract of src/pg/bridge (CONTRIBUTING.md, "Errors"): every failure of C++ or of the server ends as an error with
-- the right SQLSTATE, every destructor runs, and the backend lives on.
CREATE FUNCTION cdp_test_throw(kind text) RETURNS void LANGUAGE c STRICT AS '$libdir/cdp_bridge_test';
CREATE FUNCTION cdp_test_nested(depth int, kind text) RETURNS bigint LANGUAGE c STRICT AS '$libdir/cdp_bridge_test';
CREATE FUNCTION cdp_test_spin() RETURNS void LANGUAGE c STRICT AS '$libdir/cdp_bridge_test';
CREATE FUNCTION cdp_test_spend(megabytes bigint) RETURNS bigint LANGUAGE c STRICT AS '$libdir/cdp_bridge_test';
CREATE FUNCTION cdp_test_rows(n bigint, OUT i bigint, OUT square bigint) RETURNS SETOF record
    LANGUAGE c STRICT AS '$libdir/cdp_bridge_test';
CREATE FUNCTION cdp_test_live_objects() RETURNS bigint LANGUAGE c STRICT AS '$libdir/cdp_bridge_test';
CREATE FUNCTION cdp_test_running_sum(value bigint) RETURNS bigint LANGUAGE c STRICT AS '$libdir/cdp_bridge_test';
CREATE FUNCTION cdp_test_refusing(refuse boolean) RETURNS boolean LANGUAGE c STRICT AS '$libdir/cdp_bridge_test';
CREATE FUNCTION cdp_test_sum_step(internal, bigint) RETURNS internal LANGUAGE c AS '$libdir/cdp_bridge_test';
CREATE FUNCTION cdp_test_sum_final(internal) RETURNS bigint LANGUAGE c AS '$libdir/cdp_bridge_test';
CREATE AGGREGATE cdp_test_sum(bigint) (SFUNC = cdp_test_sum_step, STYPE = internal, FINALFUNC = cdp_test_sum_final);
CREATE FUNCTION cdp_test_private_kb() RETURNS bigint LANGUAGE c STRICT AS '$libdir/cdp_bridge_test';

SELECT pg_backend_pid() AS pid \gset

CREATE FUNCTION report(statement text, OUT state text, OUT message text, OUT detail text, OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    state := 'no error';
EXCEPTION WHEN OTHERS OR QUERY_CANCELED THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
                            detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
END
$$;

-- every class of failure
\x on
SELECT kind, r.*
FROM unnest(ARRAY['invalid_input', 'syntax', 'undefined_name', 'wrong_type', 'limit_exceeded', 'out_of_memory',
                  'data_corrupted', 'internal', 'message_only', 'percent', 'check', 'bad_alloc', 'runtime_error',
                  'int', 'division_by_zero', 'missing_relation', 'caught_by_catch_all', 'nothing'])
     WITH ORDINALITY AS k(kind, position),
     report(format('SELECT cdp_test_throw(%L)', kind)) AS r
ORDER BY position;
\x off
SELECT r.state FROM report('SELECT cdp_test_throw(''length_error'')') AS r;
SELECT cdp_test_live_objects();

-- uncaught, in a transaction that goes on through a savepoint
BEGIN;
SAVEPOINT s;
SELECT cdp_test_throw('limit_exceeded');
ROLLBACK TO s;
SELECT 1 AS alive;
COMMIT;

-- long texts are clipped at a character: 511, 2047 and 1023 bytes of two-byte characters
SELECT state, octet_length(message) AS message, octet_length(detail) AS detail, octet_length(hint) AS hint,
       replace(message || detail || hint, 'ñ', '') = '' AS whole_characters
FROM report('SELECT cdp_test_throw(''long'')');

-- sandwiches in sandwiches: the innermost error arrives unchanged
SELECT cdp_test_nested(5, 'nothing');
SELECT depth, kind, state, message, detail, hint
FROM generate_series(0, 4, 2) AS depth, unnest(ARRAY['limit_exceeded', 'division_by_zero', 'int']) AS kind,
     report(format('SELECT cdp_test_nested(%s, %L)', depth, kind))
ORDER BY depth, kind COLLATE "C";
SELECT cdp_test_live_objects();

-- cancellation
SET statement_timeout = '200ms';
SELECT cdp_test_spin();
SELECT * FROM report('SELECT cdp_test_spin()');
RESET statement_timeout;
SELECT cdp_test_live_objects();

-- the memory budget
SELECT cdp_test_spend(10);
SELECT * FROM report('SELECT cdp_test_spend(20)');
SELECT cdp_test_spend(10);

-- result sets
SELECT count(*), sum(square) FROM cdp_test_rows(1000);
SELECT i FROM cdp_test_rows(1000) LIMIT 1;
SELECT state, message FROM report('SELECT count(*) FROM cdp_test_rows(1001)');
SELECT cdp_test_live_objects();

-- an object in fn_extra lives as long as the query, whatever its end
SELECT max(cdp_test_running_sum(i)) FROM generate_series(1, 100) AS i;
SELECT cdp_test_live_objects();
SELECT state, message FROM report('SELECT cdp_test_running_sum(3 - i) FROM generate_series(1, 100) AS i');
SELECT cdp_test_live_objects();
SELECT cdp_test_refusing(false);
SELECT state, message FROM report('SELECT cdp_test_refusing(true)');
SELECT cdp_test_live_objects();

-- an aggregate's state
SELECT cdp_test_sum(i) FROM generate_series(1, 1000) AS i;
SELECT count(*), sum(total) FROM (SELECT cdp_test_sum(i) AS total FROM generate_series(1, 1000) AS i GROUP BY i % 100) AS t;
SELECT cdp_test_sum(i) FROM generate_series(1, 0) AS i;
SELECT i, cdp_test_sum(i) OVER (ORDER BY i ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM generate_series(1, 3) AS i;
SELECT state, message FROM report('SELECT cdp_test_sum(500 - i) FROM generate_series(1, 1000) AS i GROUP BY i % 100');
SELECT cdp_test_live_objects();

-- nothing leaks: after a warm-up, 20,000 failures grow the backend by less than 2 MB
CREATE FUNCTION fail_often(times int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    kinds text[] := ARRAY['invalid_input', 'internal', 'bad_alloc', 'runtime_error', 'int', 'division_by_zero', 'long',
                          'missing_relation'];
BEGIN
    FOR i IN 1..times LOOP
        BEGIN
            PERFORM cdp_test_throw(kinds[1 + i % 8]);
            RAISE EXCEPTION 'did not fail';
        EXCEPTION WHEN OTHERS THEN
            IF SQLERRM = 'did not fail' THEN RAISE; END IF;
        END;
    END LOOP;
END
$$;
SELECT fail_often(4000);
SELECT cdp_test_private_kb() AS before \gset
SELECT fail_often(20000);
SELECT cdp_test_private_kb() - :before < 2048 AS within_2_mb;
SELECT cdp_test_live_objects();

-- all of it in one and the same backend
SELECT pg_backend_pid() = :pid AS same_backend;
