-- The tracking plan: what was agreed about events, and what arrives against it.

CREATE FUNCTION cdp.plan_event(
    event_kind text, property text DEFAULT NULL, value_type text DEFAULT NULL, is_required boolean DEFAULT false, allowed_values text[] DEFAULT NULL,
    minimum numeric DEFAULT NULL, maximum numeric DEFAULT NULL, pattern text DEFAULT NULL, severity text DEFAULT 'warn', description text DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    PERFORM cdp._require_store();
    IF event_kind IS NULL OR btrim(event_kind) = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'a plan is about a kind of event',
            HINT = 'For example: SELECT cdp.plan_event(''purchase'', property => ''amount'', value_type => ''number'', is_required => true);';
    END IF;
    IF value_type NOT IN ('text', 'number', 'boolean', 'date', 'timestamp', 'list', 'object') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('unknown value type %L', value_type),
            DETAIL = 'Value types are text, number, boolean, date, timestamp, list and object.',
            HINT = cdp._did_you_mean(value_type, ARRAY['text', 'number', 'boolean', 'date', 'timestamp', 'list', 'object']) || 'For example: value_type => ''number''.';
    END IF;
    IF severity IS NULL OR severity NOT IN ('note', 'warn', 'error') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('unknown severity %L', severity),
            DETAIL = 'Severities are note, warn and error.', HINT = 'For example: severity => ''warn''.';
    END IF;
    IF minimum > maximum THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('the minimum %s is above the maximum %s', minimum, maximum),
            DETAIL = 'No value could keep to it.', HINT = format('For example: minimum => %s, maximum => %s.', maximum, minimum);
    END IF;
    IF pattern IS NOT NULL THEN
        BEGIN
            PERFORM '' ~ pattern;
        EXCEPTION WHEN invalid_regular_expression THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_regular_expression', MESSAGE = format('%L is no regular expression', pattern), DETAIL = SQLERRM,
                HINT = 'For example: pattern => ''^[A-Z]{2}-[0-9]+$''.';
        END;
    END IF;
    IF coalesce(property, '') IN ('', '*') AND (value_type, allowed_values, minimum, maximum, pattern) IS DISTINCT FROM (NULL::text, NULL::text[], NULL::numeric, NULL::numeric, NULL::text)
       OR coalesce(property, '') IN ('', '*') AND is_required THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'which property is that about?',
            DETAIL = 'A kind of event as a whole has no type and no values.', HINT = format('Name it: SELECT cdp.plan_event(%L, property => ''amount'', value_type => ''number'');', event_kind);
    END IF;
    -- A planned property plans its kind.
    INSERT INTO cdp_data.tracking_plan (event_kind, severity) VALUES (event_kind, severity) ON CONFLICT ON CONSTRAINT tracking_plan_pkey DO NOTHING;
    INSERT INTO cdp_data.tracking_plan AS p (event_kind, property, value_type, is_required, allowed_values, minimum, maximum, pattern, severity, description)
    VALUES (event_kind, coalesce(property, ''), value_type, coalesce(is_required, false), allowed_values, minimum, maximum, pattern, severity, description)
    ON CONFLICT ON CONSTRAINT tracking_plan_pkey DO UPDATE SET value_type = EXCLUDED.value_type, is_required = EXCLUDED.is_required, allowed_values = EXCLUDED.allowed_values,
        minimum = EXCLUDED.minimum, maximum = EXCLUDED.maximum, pattern = EXCLUDED.pattern, severity = EXCLUDED.severity,
        description = coalesce(EXCLUDED.description, p.description);
    RETURN event_kind || coalesce('.' || property, '');
END
$$;
COMMENT ON FUNCTION cdp.plan_event(text, text, text, boolean, text[], numeric, numeric, text, text, text) IS
'Puts a kind of event, or a property of one, into the tracking plan (cdp_data.tracking_plan), or changes what was planned. value_type: text, number, boolean, date, timestamp, list or object. The properties amount and currency are the event''s own; property ''*'' allows any that is not named. severity (note, warn, error) is what a violation will be reported with. Nothing is refused because of it: see cdp.check_tracking_plan(). Returns what was planned. Example: SELECT cdp.plan_event(''purchase'', property => ''channel'', allowed_values => ''{web,store}'', is_required => true);';

-- A value as a plan's type: NULL when it fits. Texts count as what they say where a source knows texts only (a CSV file).
CREATE FUNCTION cdp._plan_type_problem(value jsonb, value_type text, reads_text boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN CASE value_type
        WHEN 'text' THEN jsonb_typeof(value) = 'string'
        WHEN 'number' THEN jsonb_typeof(value) = 'number' OR reads_text AND jsonb_typeof(value) = 'string' AND cdp.normalize_number(value #>> '{}') IS NOT NULL
        WHEN 'boolean' THEN jsonb_typeof(value) = 'boolean' OR reads_text AND jsonb_typeof(value) = 'string' AND cdp.normalize_boolean(value #>> '{}') IS NOT NULL
        WHEN 'date' THEN jsonb_typeof(value) = 'string' AND cdp.normalize_date(value #>> '{}') IS NOT NULL
        WHEN 'timestamp' THEN jsonb_typeof(value) = 'string' AND cdp.normalize_timestamp(value #>> '{}') IS NOT NULL
        WHEN 'list' THEN jsonb_typeof(value) = 'array'
        WHEN 'object' THEN jsonb_typeof(value) = 'object'
        ELSE true END THEN NULL
    ELSE format('planned as %s, but it is %s', value_type, CASE jsonb_typeof(value) WHEN 'string' THEN 'a text' WHEN 'array' THEN 'a list' WHEN 'object' THEN 'an object' ELSE 'a ' || jsonb_typeof(value) END) END
$$;
COMMENT ON FUNCTION cdp._plan_type_problem(jsonb, text, boolean) IS 'Internal. Why a value is not of the planned type, or NULL.';

-- What the events of one source that come after an event, or were received since an instant, do against the plan.
CREATE FUNCTION cdp._plan_violations(source_id int, after_event_id bigint, since timestamptz)
RETURNS TABLE (event_kind text, property text, reason text, severity text, events bigint, first_seen_at timestamptz, last_seen_at timestamptz, example text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH seen AS MATERIALIZED (
        SELECT e.event_id, e.event_key, e.received_at, k.name AS kind, s.kind <> 'messages' AS reads_text,
               e.properties || jsonb_strip_nulls(jsonb_build_object('amount', e.amount, 'currency', e.currency)) AS properties
        FROM cdp_data.event e JOIN cdp_data.event_kind k USING (kind_id) JOIN cdp_data.source s ON s.source_id = e.source_id
        WHERE e.source_id = _plan_violations.source_id AND e.event_id > after_event_id AND e.received_at >= since),
    found AS (
        SELECT v.kind, '' AS property, 'the kind is not in the plan' AS reason, 'warn' AS severity, v.received_at, v.event_id, v.event_key AS example
        FROM seen v WHERE NOT EXISTS (SELECT FROM cdp_data.tracking_plan p WHERE p.event_kind = v.kind)
        UNION ALL
        SELECT v.kind, p.property, 'required, but missing', p.severity, v.received_at, v.event_id, v.event_key
        FROM seen v JOIN cdp_data.tracking_plan p ON p.event_kind = v.kind AND p.is_required
        WHERE coalesce(v.properties -> p.property, 'null') IN ('null', '""')
        UNION ALL
        SELECT v.kind, w.key, CASE WHEN p.property IS NULL THEN 'the property is not in the plan' ELSE problem.reason END,
               coalesce(p.severity, any_kind.severity), v.received_at, v.event_id, w.value #>> '{}'
        FROM seen v
        JOIN cdp_data.tracking_plan any_kind ON any_kind.event_kind = v.kind AND any_kind.property = ''
        CROSS JOIN LATERAL jsonb_each(v.properties) w
        LEFT JOIN cdp_data.tracking_plan p ON p.event_kind = v.kind AND p.property = w.key
        CROSS JOIN LATERAL (SELECT w.value #>> '{}' AS text, CASE WHEN p.minimum IS NOT NULL OR p.maximum IS NOT NULL THEN cdp.normalize_number(w.value #>> '{}') END AS number) AS plain
        CROSS JOIN LATERAL (SELECT coalesce(
            cdp._plan_type_problem(w.value, p.value_type, v.reads_text),
            CASE WHEN plain.text <> ALL (p.allowed_values) THEN 'not among the allowed values'
                 WHEN plain.number < p.minimum THEN 'less than ' || p.minimum
                 WHEN plain.number > p.maximum THEN 'more than ' || p.maximum
                 WHEN plain.number IS NULL AND (p.minimum IS NOT NULL OR p.maximum IS NOT NULL) THEN 'not a number, which its range asks for'
                 WHEN plain.text !~ p.pattern THEN 'does not match the pattern' END) AS reason) AS problem
        WHERE w.value NOT IN ('null', '""')
          AND CASE WHEN p.property IS NOT NULL THEN problem.reason IS NOT NULL
                   ELSE w.key NOT IN ('amount', 'currency') AND NOT EXISTS (SELECT FROM cdp_data.tracking_plan o WHERE o.event_kind = v.kind AND o.property = '*') END)
    SELECT f.kind, f.property, f.reason, min(f.severity), count(*), min(f.received_at), max(f.received_at),
           left(cdp.mask_payment_cards((array_agg(f.example ORDER BY f.event_id DESC))[1]), 200)
    FROM found f GROUP BY f.kind, f.property, f.reason
$$;
COMMENT ON FUNCTION cdp._plan_violations(int, bigint, timestamptz) IS 'Internal. The violations of the tracking plan among the events of one source.';

CREATE FUNCTION cdp.check_tracking_plan(source text DEFAULT NULL, since timestamptz DEFAULT NULL)
RETURNS TABLE (source_name text, event_kind text, property text, reason text, severity text, events bigint, example text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    chosen record;
    last_event_id bigint;
    checked_through bigint;
BEGIN
    PERFORM cdp._require_store();
    IF source IS NOT NULL THEN PERFORM cdp._source_id(source); END IF;
    -- Without a plan nothing is checked; one made later looks at what has come before, once.
    IF NOT EXISTS (SELECT FROM cdp_data.tracking_plan) THEN RETURN; END IF;
    FOR chosen IN
        SELECT s.source_id, s.name FROM cdp_data.source s
        WHERE s.kind <> 'people' AND (s.name = check_tracking_plan.source OR check_tracking_plan.source IS NULL) ORDER BY s.source_id
    LOOP
        -- Its events do not grow meanwhile, so that the last number is the last.
        PERFORM pg_advisory_xact_lock(cdp._advisory_key('ingest ' || chosen.source_id));
        SELECT c.checked_event_id INTO checked_through FROM cdp_data.plan_check c WHERE c.source_id = chosen.source_id;
        SELECT max(e.event_id) INTO last_event_id FROM cdp_data.event e
        WHERE e.source_id = chosen.source_id AND e.event_id > CASE WHEN check_tracking_plan.since IS NULL THEN coalesce(checked_through, 0) ELSE 0 END;
        IF check_tracking_plan.since IS NOT NULL THEN
            DELETE FROM cdp_data.plan_violation v WHERE v.source_id = chosen.source_id;
        END IF;
        CONTINUE WHEN last_event_id IS NULL;
        RETURN QUERY
        WITH found AS (
            SELECT v.* FROM cdp._plan_violations(chosen.source_id, CASE WHEN check_tracking_plan.since IS NULL THEN coalesce(checked_through, 0) ELSE 0 END,
                                                 coalesce(check_tracking_plan.since, '-infinity')) v),
        kept AS (
            INSERT INTO cdp_data.plan_violation AS o (source_id, event_kind, property, reason, severity, events, first_seen_at, last_seen_at, example)
            SELECT chosen.source_id, f.event_kind, f.property, f.reason, f.severity, f.events, f.first_seen_at, f.last_seen_at, f.example FROM found f
            ORDER BY f.event_kind, f.property, f.reason
            ON CONFLICT ON CONSTRAINT plan_violation_pkey DO UPDATE SET severity = EXCLUDED.severity, events = o.events + EXCLUDED.events,
                last_seen_at = greatest(o.last_seen_at, EXCLUDED.last_seen_at), example = EXCLUDED.example)
        SELECT chosen.name, f.event_kind, f.property, f.reason, f.severity, f.events, f.example
        FROM found f ORDER BY f.event_kind COLLATE "C", f.property COLLATE "C", f.reason COLLATE "C";
        INSERT INTO cdp_data.plan_check AS c (source_id, checked_event_id, checked_at) VALUES (chosen.source_id, last_event_id, clock_timestamp())
        ON CONFLICT ON CONSTRAINT plan_check_pkey DO UPDATE SET checked_event_id = greatest(c.checked_event_id, EXCLUDED.checked_event_id), checked_at = EXCLUDED.checked_at;
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp.check_tracking_plan(text, timestamptz) IS
'Compares the events that came since the last check with the tracking plan and returns what is against it, one row per source, kind, property and reason; the totals are added to cdp_data.plan_violation. cdp.ingest() does this at its end, as long as there is a plan. source: only this one. since: forget what was counted and count anew over the events received since then (-infinity: all of them), for example after a change of the plan. Kinds without any row in the plan are reported; a text of a CSV file counts as the number or date it reads as, a text in a message does not. Example: SELECT * FROM cdp.check_tracking_plan(since => ''-infinity'');';
