-- External services: questions are queued in the database, a worker outside takes, answers or fails them.

CREATE FUNCTION cdp.add_enrichment_service(
    name text, inputs text[], gives jsonb, lasts interval DEFAULT '180 days', cost_per_request numeric DEFAULT 0, daily_budget numeric DEFAULT NULL, max_attempts int DEFAULT 5,
    lease interval DEFAULT '10 minutes', per_record boolean DEFAULT false, confidence numeric DEFAULT 0.9, beats_sources boolean DEFAULT false)
RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    place int := cdp._new_enrichment(name, lasts, confidence);
BEGIN
    PERFORM cdp._subject_inputs(inputs);
    IF gives IS NULL OR jsonb_typeof(gives) <> 'object' OR gives = '{}' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'a service gives something', DETAIL = 'gives names the keys of its answers and the attributes that they become.', HINT = 'For example: gives => ''{"owner": "vehicle_owner"}''.';
    ELSIF cost_per_request IS NULL OR cost_per_request < 0 OR daily_budget < 0 OR max_attempts IS NULL OR max_attempts < 1 OR lease IS NULL OR lease <= interval '0' OR lasts IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'costs and budgets cannot be negative; a service needs an attempt, a lease and a time that answers last', HINT = 'For example: cost_per_request => 0.05, daily_budget => 100, max_attempts => 5, lease => ''10 minutes''.';
    END IF;
    PERFORM cdp._refuse_circle(name, inputs, gives, per_record);
    PERFORM cdp._enrichment_attributes(name, gives, '{}');
    INSERT INTO cdp_data.enrichment (name, kind, position, inputs, per_record, gives, confidence, beats_sources, lasts, cost_per_request, daily_budget, max_attempts, lease)
    VALUES (name, 'service', place, inputs, per_record, gives, confidence, beats_sources, lasts, cost_per_request, daily_budget, max_attempts, lease);
    RETURN name;
END
$$;
COMMENT ON FUNCTION cdp.add_enrichment_service(text, text[], jsonb, interval, numeric, numeric, int, interval, boolean, numeric, boolean) IS
$$Declares an external service: cdp.enrich() queues a question for every different input of people (cdp_data.enrichment_request), a worker
takes and answers them. gives: {"key of the answer": "attribute"}. lasts: how long an answer holds before it is asked for again.
cost_per_request, daily_budget: no more is handed to workers on a day than that; in the currency of the installation. A failed
question is tried max_attempts times, after 1, 2, 4 … minutes, and when the lease of a worker that died runs out. Example:
SELECT cdp.add_enrichment_service('registry', inputs => '{license_plate}', gives => '{"owner": "vehicle_owner"}', cost_per_request => 0.05, daily_budget => 100);$$;

-- Questions nobody has answered or asked: one per input, not per person.
CREATE FUNCTION cdp._ask_service(name text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
#variable_conflict use_column
DECLARE
    item record;
    asked bigint;
BEGIN
    SELECT * INTO item FROM cdp_data.enrichment e WHERE e.name = _ask_service.name;
    EXECUTE format($q$
        INSERT INTO cdp_data.enrichment_request (enrichment, input_hash, input)
        SELECT $1, s.input_hash, s.input
        FROM (SELECT DISTINCT ON (s.input_hash) s.input_hash, s.input FROM %s AS s ORDER BY s.input_hash) AS s
        WHERE NOT EXISTS (SELECT FROM cdp_data.enrichment_answer a WHERE a.enrichment = $1 AND a.input_hash = s.input_hash AND coalesce(a.expires_at > clock_timestamp(), true))
          -- What failed for good is not asked again before an answer would have run out.
          AND NOT EXISTS (SELECT FROM cdp_data.enrichment_request q WHERE q.enrichment = $1 AND q.input_hash = s.input_hash
                          AND (q.status IN ('queued', 'taken') OR q.status = 'failed' AND q.finished_at > clock_timestamp() - $2))
        ORDER BY s.input::text COLLATE "C"
        ON CONFLICT (enrichment, input_hash) WHERE status IN ('queued', 'taken') DO NOTHING
    $q$, cdp._subject_query(item.inputs, item.per_record, false)) USING item.name, item.lasts;
    GET DIAGNOSTICS asked = ROW_COUNT;
    RETURN asked;
END
$$;
COMMENT ON FUNCTION cdp._ask_service(text) IS 'Internal. Queues the questions of a service that are neither answered nor open; returns how many.';

CREATE FUNCTION cdp._spent_today(name text) RETURNS numeric
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(sum(q.cost), 0) FROM cdp_data.enrichment_request q
    WHERE q.enrichment = name AND q.taken_at >= date_trunc('day', clock_timestamp() AT TIME ZONE cdp._setting('time_zone')) AT TIME ZONE cdp._setting('time_zone')
$$;
COMMENT ON FUNCTION cdp._spent_today(text) IS 'Internal. What a service cost today, questions that are taken included.';

CREATE FUNCTION cdp.take_enrichment_requests(worker text, "limit" int DEFAULT 10, enrichment text DEFAULT NULL)
RETURNS TABLE (request_id bigint, service text, input jsonb, attempt int, lease_expires_at timestamptz)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    item record;
    room bigint;
    taken bigint := 0;
    got bigint;
BEGIN
    PERFORM cdp._require_store();
    IF coalesce(btrim(worker), '') = '' OR "limit" IS NULL OR "limit" < 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'a worker has a name and takes one question at least', HINT = 'For example: SELECT * FROM cdp.take_enrichment_requests(''worker 1'', 10);';
    ELSIF take_enrichment_requests.enrichment IS NOT NULL AND NOT EXISTS (SELECT FROM cdp_data.enrichment e WHERE e.name = take_enrichment_requests.enrichment AND e.kind = 'service') THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = format('there is no service %L', take_enrichment_requests.enrichment),
            HINT = cdp._did_you_mean(take_enrichment_requests.enrichment, (SELECT coalesce(array_agg(e.name), '{}') FROM cdp_data.enrichment e WHERE e.kind = 'service')) || 'List them: SELECT name FROM cdp_data.enrichment WHERE kind = ''service'';';
    END IF;
    FOR item IN SELECT * FROM cdp_data.enrichment e WHERE e.kind = 'service' AND e.is_active AND (take_enrichment_requests.enrichment IS NULL OR e.name = take_enrichment_requests.enrichment) ORDER BY e.position LOOP
        -- Leases that ran out: the worker died, or was too slow. What it was to cost may have been spent.
        UPDATE cdp_data.enrichment_request q SET status = CASE WHEN q.attempts >= item.max_attempts THEN 'failed' ELSE 'queued' END, problem = format('the lease of %s ran out', q.taken_by),
            finished_at = CASE WHEN q.attempts >= item.max_attempts THEN clock_timestamp() END
        WHERE q.request_id IN (SELECT x.request_id FROM cdp_data.enrichment_request x WHERE x.enrichment = item.name AND x.status = 'taken' AND x.lease_expires_at <= clock_timestamp() FOR UPDATE SKIP LOCKED);
        room := "limit" - taken;
        IF item.daily_budget IS NOT NULL AND item.cost_per_request > 0 THEN
            -- Two workers must not spend the same money.
            PERFORM pg_advisory_xact_lock(cdp._advisory_key('budget ' || item.name));
            room := least(room, floor((item.daily_budget - cdp._spent_today(item.name)) / item.cost_per_request)::bigint);
        END IF;
        CONTINUE WHEN room <= 0;
        RETURN QUERY
        WITH chosen AS MATERIALIZED (
            SELECT q.request_id FROM cdp_data.enrichment_request q
            WHERE q.enrichment = item.name AND q.status = 'queued' AND q.next_attempt_at <= clock_timestamp()
            ORDER BY q.next_attempt_at, q.request_id LIMIT room FOR UPDATE SKIP LOCKED)
        UPDATE cdp_data.enrichment_request q SET status = 'taken', attempts = q.attempts + 1, taken_by = worker, taken_at = clock_timestamp(), lease_expires_at = clock_timestamp() + item.lease,
            cost = q.cost + coalesce(item.cost_per_request, 0), problem = NULL
        FROM chosen c WHERE q.request_id = c.request_id
        RETURNING q.request_id, q.enrichment, q.input, q.attempts, q.lease_expires_at;
        GET DIAGNOSTICS got = ROW_COUNT;
        taken := taken + got;
        EXIT WHEN taken >= "limit";
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp.take_enrichment_requests(text, int, text) IS
'For a worker: takes up to so many questions of services, or of one, and leases them to it. Workers do not wait for each other and never get the same question; a budget of the day is not exceeded. Answer each with cdp.answer_enrichment_request() or cdp.fail_enrichment_request() before its lease runs out, and commit in between. Example: SELECT * FROM cdp.take_enrichment_requests(''worker 1'', 10);';

-- The open request that a worker speaks of.
CREATE FUNCTION cdp._taken_request(request_id bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    item record;
BEGIN
    PERFORM cdp._require_store();
    SELECT * INTO item FROM cdp_data.enrichment_request q WHERE q.request_id = $1 FOR UPDATE;
    IF item.request_id IS NULL OR item.attempts = 0 OR item.status IN ('done', 'failed') THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = CASE WHEN item.request_id IS NULL THEN format('there is no request %s', coalesce($1::text, 'NULL')) WHEN item.attempts = 0 THEN format('request %s has not been taken', $1) ELSE format('request %s is %s already', $1, item.status) END,
            HINT = 'Take some: SELECT * FROM cdp.take_enrichment_requests(''worker 1'', 10);';
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._taken_request(bigint) IS 'Internal. Locks a request; errors unless a worker took it and it is still open.';

CREATE FUNCTION cdp.answer_enrichment_request(request_id bigint, "values" jsonb, confidence numeric DEFAULT NULL, cost numeric DEFAULT NULL, expires_at timestamptz DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    item record;
    stranger text;
BEGIN
    PERFORM cdp._taken_request($1);
    SELECT q.*, e.gives, e.lasts, e.confidence AS usual_confidence, e.cost_per_request INTO item FROM cdp_data.enrichment_request q JOIN cdp_data.enrichment e ON e.name = q.enrichment WHERE q.request_id = $1;
    IF $2 IS NULL OR jsonb_typeof($2) <> 'object' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'an answer is a JSON object', DETAIL = 'An empty one says that the service knows nothing.', HINT = format('For example: "values" => ''{"%s": "…"}''.', (SELECT min(k) FROM jsonb_object_keys(item.gives) k));
    END IF;
    SELECT k INTO stranger FROM jsonb_object_keys($2) k WHERE NOT item.gives ? k ORDER BY k LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_column', MESSAGE = format('the service %I does not give %L', item.enrichment, stranger),
            DETAIL = 'It gives ' || (SELECT string_agg(k, ', ' ORDER BY k) FROM jsonb_object_keys(item.gives) k) || '.', HINT = cdp._did_you_mean(stranger, ARRAY(SELECT jsonb_object_keys(item.gives))) || 'Leave out what it does not give.';
    ELSIF $3 <= 0 OR $3 > 1 OR $4 < 0 OR $5 <= clock_timestamp() THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'an answer has a confidence above 0 and up to 1, a cost that is not negative, and runs out in the future', HINT = 'For example: confidence => 0.9, cost => 0.05.';
    END IF;
    UPDATE cdp_data.enrichment_request q SET status = 'done', finished_at = clock_timestamp(), lease_expires_at = NULL, problem = NULL,
        cost = q.cost + coalesce($4 - coalesce(item.cost_per_request, 0), 0) WHERE q.request_id = $1;
    INSERT INTO cdp_data.enrichment_answer AS a (enrichment, input_hash, answer, confidence, cost, request_id, expires_at)
    SELECT item.enrichment, item.input_hash, jsonb_strip_nulls($2), coalesce($3, item.usual_confidence), q.cost, $1, coalesce($5, clock_timestamp() + item.lasts) FROM cdp_data.enrichment_request q WHERE q.request_id = $1
    ON CONFLICT ON CONSTRAINT enrichment_answer_pkey DO UPDATE SET answer = EXCLUDED.answer, confidence = EXCLUDED.confidence, cost = EXCLUDED.cost, request_id = EXCLUDED.request_id,
        obtained_at = clock_timestamp(), expires_at = EXCLUDED.expires_at;
    RETURN 'done';
END
$$;
COMMENT ON FUNCTION cdp.answer_enrichment_request(bigint, jsonb, numeric, numeric, timestamptz) IS
'For a worker: the answer to a question it took. "values" is a JSON object with keys that the service gives; an empty one says that it knows nothing, which is not asked again before it runs out. cost: what it really cost (default: the usual), expires_at: until when it holds (default: as the service lasts). The next cdp.enrich() puts it into profiles. Example: SELECT cdp.answer_enrichment_request(7, ''{"owner": "Ana Rojas"}'', confidence => 0.95);';

CREATE FUNCTION cdp.fail_enrichment_request(request_id bigint, problem text, retry boolean DEFAULT true, cost numeric DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    new_status text;
BEGIN
    PERFORM cdp._taken_request($1);
    -- Twice as long after each attempt: 1, 2, 4 … minutes, a day at most.
    UPDATE cdp_data.enrichment_request q SET status = CASE WHEN retry AND q.attempts < e.max_attempts THEN 'queued' ELSE 'failed' END, problem = coalesce($2, 'no reason given'), lease_expires_at = NULL,
        next_attempt_at = clock_timestamp() + least(interval '1 minute' * 2 ^ least(q.attempts - 1, 20), interval '1 day'),
        finished_at = CASE WHEN retry AND q.attempts < e.max_attempts THEN NULL ELSE clock_timestamp() END,
        cost = greatest(0, q.cost + coalesce($4, 0) - coalesce(e.cost_per_request, 0))
    FROM cdp_data.enrichment e WHERE e.name = q.enrichment AND q.request_id = $1
    RETURNING q.status INTO new_status;
    RETURN new_status;
END
$$;
COMMENT ON FUNCTION cdp.fail_enrichment_request(bigint, text, boolean, numeric) IS
'For a worker: a question that it took could not be answered, and why. It is tried again after 1, 2, 4 … minutes until max_attempts, unless retry => false. cost: what the attempt cost all the same (default: nothing). Returns queued or failed. Example: SELECT cdp.fail_enrichment_request(7, ''the service is down'');';
