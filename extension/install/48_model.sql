-- The match model as rows that can be changed, whether it still fits, and how far a resolution is.

CREATE FUNCTION cdp._weigh_level() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- What cannot be a probability is told by the next resolution, with all that is wrong.
    IF NEW.m > 0 AND NEW.u > 0 AND NEW.m <= 1 AND NEW.u <= 1 THEN NEW.weight := ln(NEW.m / NEW.u) / ln(2::float8); END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION cdp._weigh_level() IS 'Internal. Trigger: the weight follows m and u.';

CREATE FUNCTION cdp._revise_itself() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.revision := nextval('cdp_data.match_revision');
    NEW.is_indexed := false;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION cdp._revise_itself() IS 'Internal. Trigger: after a change of a model''s own row the next resolution looks at all records.';

CREATE FUNCTION cdp._check_model(model_id int) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    faults text[];
BEGIN
    SELECT array_agg(f.fault ORDER BY f.rank, f.fault COLLATE "C") INTO faults
    FROM (
        SELECT 1 AS rank, format('%s, level %s: %s = %s is no probability', l.comparison, l.level, p.name, p.value) AS fault
        FROM cdp_data.match_level l CROSS JOIN LATERAL (VALUES ('m', l.m), ('household', l.household), ('u', l.u)) AS p(name, value)
        WHERE l.model_id = model_id AND NOT (p.value > 0 AND p.value <= 1)
        UNION ALL
        -- The comparisons of the engine and how many levels they have.
        SELECT 2, format('%s, level %s is missing', c.comparison, n)
        FROM (VALUES ('given_name', 5), ('family_name', 5), ('birth_date', 5), ('email', 4), ('phone', 3), ('address', 8), ('national_id', 3), ('gender', 2)) AS c(comparison, levels)
        CROSS JOIN LATERAL generate_series(1, c.levels) AS n
        WHERE NOT EXISTS (SELECT FROM cdp_data.match_level l WHERE l.model_id = model_id AND l.comparison = c.comparison AND l.level = n)
        UNION ALL
        SELECT 3, format('the share of values that are not common is missing for %s', t)
        FROM unnest(ARRAY['given_name', 'family_name', 'email', 'phone', 'birth_date']) AS t
        WHERE NOT EXISTS (SELECT FROM cdp_data.match_term k WHERE k.model_id = model_id AND k.comparison = t AND k.value = '')
        UNION ALL
        SELECT 4, format('prior_match = %s and prior_household = %s are no shares of all pairs', coalesce(m.prior_match::text, 'NULL'), coalesce(m.prior_household::text, 'NULL'))
        FROM cdp_data.match_model m
        WHERE m.model_id = model_id AND (m.prior_match > 0 AND m.prior_household >= 0 AND m.prior_match + m.prior_household < 1) IS NOT TRUE
        UNION ALL
        SELECT 5, 'national_ids_trusted is NULL' FROM cdp_data.match_model m WHERE m.model_id = model_id AND m.national_ids_trusted IS NULL
        UNION ALL
        SELECT 6, 'all blocking rules are switched off: no two records would be compared' FROM cdp_data.match_rule u WHERE u.model_id = model_id HAVING count(*) > 0 AND NOT bool_or(u.is_used)) AS f;
    IF faults IS NULL THEN RETURN; END IF;
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
        MESSAGE = format('the match model %s cannot be used', model_id),
        DETAIL = array_to_string(faults[1:10], '; ') || CASE WHEN cardinality(faults) > 10 THEN format('; and %s more', cardinality(faults) - 10) ELSE '' END || '. Nothing was changed.',
        HINT = format('Probabilities are above 0 and at most 1. Correct the rows of model_id %s in cdp_data.match_level, match_term, match_rule or match_model, or train a new model: CALL cdp.resolve(mode => ''train'');', model_id);
END
$$;
COMMENT ON FUNCTION cdp._check_model(int) IS 'Internal. Errors (23514), with all that is wrong, unless a model is complete.';

-- After a run over all records.
CREATE FUNCTION cdp._store_rules(model_id int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    INSERT INTO cdp_data.match_rule AS u (model_id, rule, description, is_used, blocks, pairs)
    SELECT model_id, n.level, n.label, n.record_a IS NOT NULL, n.record_a, n.record_b FROM pg_temp.cdp_resolution n WHERE n.row_kind = 'rule'
    ON CONFLICT ON CONSTRAINT match_rule_pkey DO UPDATE SET description = EXCLUDED.description, blocks = EXCLUDED.blocks, pairs = EXCLUDED.pairs;
END
$$;
COMMENT ON FUNCTION cdp._store_rules(int) IS 'Internal. Keeps what each blocking rule brought up, from pg_temp.cdp_resolution.';

CREATE FUNCTION cdp._model_health(OUT status text, OUT message text, OUT next_statement text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    model cdp_data.match_model;
    records bigint;
    shared record;
    growth float8;
    has_grown boolean;
BEGIN
    SELECT * INTO model FROM cdp_data.match_model m WHERE m.is_active;
    IF model.revision IS NULL THEN
        status := 'ok';
        message := 'none yet; the next resolution trains one';
        RETURN;
    END IF;
    records := (SELECT count(*) FROM cdp_data.match_record);
    growth := records::float8 / greatest(model.records, 1);
    SELECT count(*) AS all_of_them, count(*) FILTER (WHERE s.noticed_at > model.trained_at) AS new INTO shared
    FROM cdp_data.match_shared_value s WHERE s.model_id = model.model_id;
    has_grown := growth NOT BETWEEN 0.5 AND 2;
    -- Names and addresses are as common as they were; what has changed is how much one of them tells.
    status := CASE WHEN has_grown OR shared.new >= 20 AND shared.new > 0.25 * shared.all_of_them THEN 'warning' ELSE 'ok' END;
    message := format('model %s was trained on %s records, there are %s; %s of %s values that identify nobody were found since',
                      model.model_id, model.records, records, shared.new, shared.all_of_them);
    IF status = 'warning' THEN next_statement := 'SELECT * FROM cdp.resolve_preview(retrain => true) LIMIT 20;'; END IF;
END
$$;
COMMENT ON FUNCTION cdp._model_health() IS 'Internal. Whether the active match model still fits the records: a warning when there are twice or half as many as it was trained on, or when a quarter of the shared values are new.';

CREATE FUNCTION cdp._report_progress(phase text) RETURNS void
LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'cdp_report_progress';
COMMENT ON FUNCTION cdp._report_progress(text) IS 'Internal. Says in pg_stat_activity what the session is doing; the empty text: nothing special any more.';

CREATE FUNCTION cdp.progress()
RETURNS TABLE (backend_pid int, role_name text, phase text, percent int, running_for interval, statement text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.pid, a.usename::text, p.parts[1], p.parts[2]::int, clock_timestamp() - a.query_start, left(p.parts[3], 100)
    FROM pg_stat_activity a CROSS JOIN LATERAL (SELECT regexp_match(a.query, '^/\* cdp: ([^,*]+)(?:, (\d+) %)? \*/ (.*)$') AS parts) AS p
    WHERE a.datname = current_database() AND a.state = 'active' AND p.parts IS NOT NULL
    ORDER BY a.pid
$$;
COMMENT ON FUNCTION cdp.progress() IS
'One row per session of this database that resolves people now: its phase (reading, sampling, blocking, comparing, training, scoring, clustering, handing over, indexing, storing links, giving people their profiles, building golden records, or resolving changes), how much of it is done where that is known, and since when the statement runs. Seen by superusers, members of pg_read_all_stats and the session''s own role. Stop it with SELECT pg_cancel_backend(…): nothing is changed then. Example: SELECT * FROM cdp.progress();';
