-- From records to people. The first run trains a model on all records; later ones resolve what has changed, under that model
-- and with the same result as if all had been resolved at once.

CREATE FUNCTION cdp._active_decisions(OUT cannot_a bigint[], OUT cannot_b bigint[], OUT must_a bigint[], OUT must_b bigint[], OUT made bigint[], OUT withdrawn bigint[])
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(k.record_a) FILTER (WHERE k.decision = 'different' AND k.withdrawn_at IS NULL), '{}'),
           coalesce(array_agg(k.record_b) FILTER (WHERE k.decision = 'different' AND k.withdrawn_at IS NULL), '{}'),
           coalesce(array_agg(k.record_a) FILTER (WHERE k.decision = 'same' AND k.withdrawn_at IS NULL), '{}'),
           coalesce(array_agg(k.record_b) FILTER (WHERE k.decision = 'same' AND k.withdrawn_at IS NULL), '{}'),
           array_agg(k.decision_id) FILTER (WHERE NOT k.is_applied AND k.withdrawn_at IS NULL),
           array_agg(k.decision_id) FILTER (WHERE NOT k.is_applied AND k.withdrawn_at IS NOT NULL)
    FROM cdp_data.match_decision k
$$;
COMMENT ON FUNCTION cdp._active_decisions() IS 'Internal. The decisions in force as pairs of records, as cdp._resolve_records wants them, and the numbers of those that no run has heard yet.';

CREATE FUNCTION cdp._store_model(threshold float8, OUT model_id int)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    UPDATE cdp_data.match_model SET is_active = false WHERE is_active;
    INSERT INTO cdp_data.match_model (threshold, revision, records, prior_match, prior_household, national_ids_trusted, split_blocks)
    SELECT threshold, nextval('cdp_data.match_revision'), max(n.amount) FILTER (WHERE n.value = 'records'), max(n.amount) FILTER (WHERE n.value = 'prior_match'),
           max(n.amount) FILTER (WHERE n.value = 'prior_household'), max(n.amount) FILTER (WHERE n.value = 'national_ids_trusted') = 1,
           coalesce(array_agg(n.record_a) FILTER (WHERE n.row_kind = 'split'), '{}')
    FROM pg_temp.cdp_resolution n WHERE n.row_kind IN ('stat', 'split')
    RETURNING match_model.model_id INTO model_id;
    INSERT INTO cdp_data.match_level (model_id, comparison, level, label, m, household, u, weight)
    SELECT model_id, n.comparison, n.level, n.label, n.m, n.household, n.u, n.weight FROM pg_temp.cdp_resolution n WHERE n.row_kind = 'level';
    INSERT INTO cdp_data.match_term (model_id, comparison, value, share)
    SELECT model_id, n.comparison, n.value, n.amount FROM pg_temp.cdp_resolution n WHERE n.row_kind = 'term';
END
$$;
COMMENT ON FUNCTION cdp._store_model(float8) IS 'Internal. Makes the model of a training run the active one.';

-- Names no value twice: a value may be blocked and shared.
CREATE FUNCTION cdp._extend_model(model_id int, kinds text[], shared text[], splits bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    was_indexed boolean;
BEGIN
    IF cardinality(kinds) = 0 AND cardinality(splits) = 0 THEN RETURN; END IF;
    SELECT m.is_indexed INTO was_indexed FROM cdp_data.match_model m WHERE m.model_id = model_id;
    IF cardinality(kinds) > 0 THEN
        INSERT INTO cdp_data.match_shared_value (model_id, kind, value, reason)
        SELECT DISTINCT model_id, s.kind, s.value, 'found by a resolution' FROM unnest(kinds, shared) AS s(kind, value)
        ON CONFLICT DO NOTHING;
    END IF;
    -- The caller sees to the keys.
    UPDATE cdp_data.match_model m SET revision = nextval('cdp_data.match_revision'), split_blocks = m.split_blocks || splits, is_indexed = was_indexed
    WHERE m.model_id = model_id;
END
$$;
COMMENT ON FUNCTION cdp._extend_model(int, text[], text[], bigint[]) IS 'Internal. Adds values that turned out to be shared and blocks that grew too large to a model version.';

-- All records; trains a model, or takes model_id.
CREATE FUNCTION cdp._resolve_all(INOUT model_id int, threshold float8, cannot_a bigint[], cannot_b bigint[], must_a bigint[], must_b bigint[],
    OUT pairs bigint, OUT record_ids bigint[], OUT cluster_ids bigint[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    kinds text[];
    limits bigint[];
    found record;
    blocked record;
    devices record;
    trained CONSTANT boolean := model_id IS NULL;
BEGIN
    DROP TABLE IF EXISTS pg_temp.cdp_resolution;
    SELECT array_agg(a.attribute), array_agg(a.max_records::bigint) INTO kinds, limits FROM cdp_data.attribute a WHERE a.identifies = 'person';
    blocked := cdp._blocked_evidence();
    CREATE TEMP TABLE cdp_resolution ON COMMIT DROP AS
    SELECT * FROM cdp._resolve_records(
        (cdp._match_query()).all_records,
        threshold, cannot_a, cannot_b, must_a, must_b, coalesce(model_id, 0), kinds, limits, blocked.kinds, blocked.values, blocked.rules, true);
    ANALYZE pg_temp.cdp_resolution;
    IF trained THEN model_id := (SELECT s.model_id FROM cdp._store_model(threshold) s); END IF;
    SELECT array_agg(n.comparison) FILTER (WHERE n.row_kind = 'shared') AS kinds, array_agg(n.value) FILTER (WHERE n.row_kind = 'shared') AS shared,
           array_agg(n.record_a) FILTER (WHERE n.row_kind = 'split' AND NOT trained) AS splits, max(n.amount) FILTER (WHERE n.value = 'pairs_compared') AS pairs INTO found
    FROM pg_temp.cdp_resolution n WHERE n.row_kind IN ('shared', 'split', 'stat');
    devices := cdp._crowded_devices(model_id);
    PERFORM cdp._extend_model(model_id, coalesce(found.kinds, '{}') || devices.kinds, coalesce(found.shared, '{}') || devices.values, coalesce(found.splits, '{}'));
    PERFORM cdp._store_rules(model_id);
    pairs := found.pairs;
    DELETE FROM cdp_data.match_statistic t WHERE t.model_id = model_id;
    INSERT INTO cdp_data.match_statistic (model_id, name, value)
    SELECT model_id, n.value, n.amount FROM pg_temp.cdp_resolution n WHERE n.row_kind = 'stat';
    PERFORM cdp._report_progress('indexing');
    PERFORM cdp._refresh_match_records(NULL, model_id);
    PERFORM cdp._report_progress('storing links');
    UPDATE cdp_data.match_model m SET is_indexed = true, threshold = threshold WHERE m.model_id = model_id;
    TRUNCATE cdp_data.match_edge;
    INSERT INTO cdp_data.match_edge (record_a, record_b, weight, probability, term_weight, levels, reason, is_merged, is_candidate, household)
    SELECT DISTINCT ON (1, 2) least(n.record_a, n.record_b), greatest(n.record_a, n.record_b), n.weight, n.probability, n.term_weight,
           n.levels, n.reason, n.row_kind = 'edge', n.level = 1, n.household
    FROM pg_temp.cdp_resolution n WHERE n.row_kind IN ('edge', 'review', 'weak')
    ORDER BY 1, 2, n.row_kind, n.reason;
    ANALYZE cdp_data.match_edge;
    TRUNCATE cdp_data.household_edge;
    INSERT INTO cdp_data.household_edge (record_a, record_b, probability, levels)
    SELECT least(n.record_a, n.record_b), greatest(n.record_a, n.record_b), n.household, n.levels FROM pg_temp.cdp_resolution n WHERE n.row_kind = 'household';
    ANALYZE cdp_data.household_edge;
    IF trained THEN TRUNCATE cdp_data.crowded_home; END IF;
    SELECT array_agg(r.record_id), array_agg(n.record_b) INTO record_ids, cluster_ids
    FROM cdp_data.record r LEFT JOIN pg_temp.cdp_resolution n ON n.row_kind = 'cluster' AND n.record_a = r.record_id;
    DROP TABLE pg_temp.cdp_resolution;
END
$$;
COMMENT ON FUNCTION cdp._resolve_all(int, float8, bigint[], bigint[], bigint[], bigint[]) IS 'Internal. Clusters of all records of the store (NULL: the match engine knows nothing of it), under a model or a new one (NULL).';

-- Changed records get new keys and meet their neighbours. Where that makes a block too large or a value too common, those
-- concerned count as changed as well. Returns all that count as changed, and who was linked with one of them before.
CREATE FUNCTION cdp._link_changes(model_id int, threshold float8, INOUT changed bigint[], OUT former bigint[], OUT pairs bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    todo bigint[] := changed;
    found record;
    common record;
    ends bigint[];
    more bigint[];
BEGIN
    former := '{}';
    LOOP
        PERFORM cdp._refresh_match_records(todo, model_id);
        WITH gone AS (DELETE FROM cdp_data.match_edge e WHERE e.record_a = ANY (todo) OR e.record_b = ANY (todo) RETURNING e.record_a, e.record_b)
        SELECT array_agg(g.record_a) || array_agg(g.record_b) INTO ends FROM gone g;
        former := former || coalesce(ends, '{}');
        DELETE FROM cdp_data.household_edge e WHERE e.record_a = ANY (todo) OR e.record_b = ANY (todo);
        -- Identifiers of too many records.
        SELECT array_agg(c.kind) AS kinds, array_agg(c.value) AS shared INTO common
        FROM (SELECT DISTINCT d.kind, d.value, a.max_records FROM cdp_data.record_identifier d JOIN cdp_data.attribute a ON a.attribute = d.kind
              WHERE d.record_id = ANY (todo)) AS c
        WHERE (SELECT count(*) FROM (SELECT FROM cdp_data.record_identifier o WHERE o.kind = c.kind AND o.value = c.value LIMIT c.max_records + 1) AS few) > c.max_records
          AND NOT EXISTS (SELECT FROM cdp_data.match_shared_value s WHERE s.kind = c.kind AND s.value = c.value AND (s.model_id = model_id OR s.model_id IS NULL));
        WITH n AS MATERIALIZED (SELECT * FROM cdp._find_neighbours(changed, model_id, threshold)),
        linked AS (
            INSERT INTO cdp_data.match_edge (record_a, record_b, weight, probability, term_weight, levels, reason, is_merged, is_candidate, household)
            -- What is likely is merged as a rule: so nearly no row is written twice.
            SELECT least(n.record_a, n.record_b), greatest(n.record_a, n.record_b), n.weight, n.probability, n.term_weight, n.levels, n.reason, n.probability >= threshold, true, n.household
            FROM n WHERE n.row_kind = 'link' AND common.kinds IS NULL),
        home AS (
            INSERT INTO cdp_data.household_edge (record_a, record_b, probability, levels)
            SELECT least(n.record_a, n.record_b), greatest(n.record_a, n.record_b), n.household, n.levels
            FROM n WHERE n.row_kind = 'household' AND common.kinds IS NULL)
        SELECT coalesce(array_agg(n.comparison) FILTER (WHERE n.row_kind = 'shared'), '{}') AS kinds, coalesce(array_agg(n.value) FILTER (WHERE n.row_kind = 'shared'), '{}') AS shared,
               coalesce(array_agg(n.record_a) FILTER (WHERE n.row_kind = 'split'), '{}') AS splits, coalesce(array_agg(n.record_a) FILTER (WHERE n.row_kind = 'stale'), '{}') AS stale,
               max(n.amount) FILTER (WHERE n.row_kind = 'stat') AS pairs INTO found
        FROM n WHERE n.row_kind NOT IN ('link', 'household');
        EXIT WHEN cardinality(found.stale) = 0 AND common.kinds IS NULL;
        PERFORM cdp._extend_model(model_id, found.kinds || coalesce(common.kinds, '{}'), found.shared || coalesce(common.shared, '{}'), found.splits);
        SELECT array_agg(o.record_id) INTO more
        FROM (SELECT k.record_id FROM cdp_data.match_record k WHERE k.keys && found.stale
              UNION SELECT d.record_id FROM cdp_data.record_identifier d JOIN unnest(common.kinds, common.shared) AS c(kind, value) USING (kind, value)) AS o
        WHERE NOT EXISTS (SELECT FROM unnest(changed) c WHERE c = o.record_id);
        -- Those that had the key but count as changed already get new ones, too.
        SELECT array_agg(DISTINCT n) INTO todo FROM unnest(changed || coalesce(more, '{}')) n;
        changed := todo;
    END LOOP;
    pairs := found.pairs;
END
$$;
COMMENT ON FUNCTION cdp._link_changes(int, float8, bigint[]) IS 'Internal. Links changed records with all others under a model; edges of cdp_data.match_edge with one of them are made anew.';

-- From some records along links, identifiers, decisions, profiles and devices to all that they could be one person with.
CREATE FUNCTION cdp._reachable_records(record_ids bigint[], model_id int, threshold float8) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
-- Whatever statistics say of tables that have just been filled: from few records, by indexes.
SET enable_seqscan = off SET enable_mergejoin = off SET random_page_cost = 1.1 AS $$
#variable_conflict use_variable
DECLARE
    reached bigint[] := '{}';
    frontier bigint[] := record_ids;
BEGIN
    WHILE frontier IS NOT NULL LOOP
        reached := reached || frontier;
        SELECT array_agg(n.id) INTO frontier
        FROM (
            (SELECT e.record_b AS id FROM unnest(frontier) AS f(id) JOIN cdp_data.match_edge e ON e.record_a = f.id
             WHERE e.probability >= threshold OR e.reason IN ('identifier', 'decision')
             UNION
             SELECT e.record_a FROM unnest(frontier) AS f(id) JOIN cdp_data.match_edge e ON e.record_b = f.id
             WHERE e.probability >= threshold OR e.reason IN ('identifier', 'decision')
             UNION
             SELECT k.record_b FROM unnest(frontier) AS f(id) JOIN cdp_data.match_decision k ON k.record_a = f.id AND k.decision = 'same' AND k.withdrawn_at IS NULL
             UNION
             SELECT k.record_a FROM unnest(frontier) AS f(id) JOIN cdp_data.match_decision k ON k.record_b = f.id AND k.decision = 'same' AND k.withdrawn_at IS NULL
             UNION
             -- Every value and every profile once, however many of its records are at the frontier.
             SELECT o.record_id
             FROM (SELECT DISTINCT d.kind, d.value, a.max_records FROM unnest(frontier) AS f(id)
                   JOIN cdp_data.record_identifier d ON d.record_id = f.id JOIN cdp_data.attribute a ON a.attribute = d.kind) AS d
             CROSS JOIN LATERAL (SELECT array_agg(o.record_id) AS record_ids
                                 FROM (SELECT o.record_id FROM cdp_data.record_identifier o WHERE o.kind = d.kind AND o.value = d.value LIMIT d.max_records + 1) AS o) AS owner
             CROSS JOIN LATERAL unnest(owner.record_ids) AS o(record_id)
             WHERE cardinality(owner.record_ids) <= d.max_records
               AND NOT EXISTS (SELECT FROM cdp_data.match_shared_value s WHERE s.kind = d.kind AND s.value = d.value AND (s.model_id = model_id OR s.model_id IS NULL))
             UNION
             -- A national id with the right check digits joins like an identifier.
             SELECT o.record_id
             FROM (SELECT DISTINCT x.national_id FROM unnest(frontier) AS f(id) JOIN cdp_data.match_record x ON x.record_id = f.id
                   WHERE x.national_id IS NOT NULL AND 'national_id:' || x.national_id = ANY (x.identifiers)) AS v
             JOIN cdp_data.match_record o ON o.national_id = v.national_id
             WHERE NOT EXISTS (SELECT FROM cdp_data.match_shared_value s WHERE s.kind = 'national_id' AND s.value = v.national_id AND (s.model_id = model_id OR s.model_id IS NULL))
             UNION
             SELECT o.record_id FROM (SELECT DISTINCT r.profile_id FROM unnest(frontier) AS f(id) JOIN cdp_data.record r ON r.record_id = f.id) AS p
             JOIN cdp_data.record o ON o.profile_id = p.profile_id)
            EXCEPT SELECT unnest(reached)) AS n;
    END LOOP;
    RETURN reached;
END
$$;
COMMENT ON FUNCTION cdp._reachable_records(bigint[], int, float8) IS 'Internal. The records whose people can change when the given records do: beyond them no evidence leads.';

CREATE FUNCTION cdp._resolve_changes(model_id int, threshold float8, INOUT changed bigint[],
    OUT pairs bigint, OUT record_ids bigint[], OUT cluster_ids bigint[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_mergejoin = off SET random_page_cost = 1.1 AS $$
#variable_conflict use_variable
DECLARE
    linked record;
    links record;
    decided record;
BEGIN
    linked := cdp._link_changes(model_id, threshold, changed);
    changed := linked.changed;
    pairs := linked.pairs;
    -- A record that went is no longer there to be reached; whom it was linked with is.
    record_ids := cdp._reachable_records(
        ARRAY(SELECT r.record_id FROM cdp_data.record r WHERE r.record_id = ANY (ARRAY(SELECT DISTINCT n FROM unnest(changed || linked.former) n))), model_id, threshold);
    SELECT coalesce(array_agg(k.record_a) FILTER (WHERE k.decision = 'different'), '{}') AS cannot_a, coalesce(array_agg(k.record_b) FILTER (WHERE k.decision = 'different'), '{}') AS cannot_b,
           coalesce(array_agg(k.record_a) FILTER (WHERE k.decision = 'same'), '{}') AS must_a, coalesce(array_agg(k.record_b) FILTER (WHERE k.decision = 'same'), '{}') AS must_b INTO decided
    FROM unnest(record_ids) AS n(id) JOIN cdp_data.match_decision k ON k.record_a = n.id WHERE k.withdrawn_at IS NULL;
    SELECT coalesce(array_agg(e.record_a), '{}') AS a, coalesce(array_agg(e.record_b), '{}') AS b INTO links
    FROM unnest(record_ids) AS n(id) JOIN cdp_data.match_edge e ON e.record_a = n.id WHERE e.is_candidate;
    WITH answer AS MATERIALIZED (
        SELECT * FROM cdp._resolve_links(record_ids, links.a, links.b, model_id, threshold, decided.cannot_a, decided.cannot_b, decided.must_a, decided.must_b)),
    edge AS MATERIALIZED (
        SELECT DISTINCT ON (1, 2) least(n.record_a, n.record_b) AS record_a, greatest(n.record_a, n.record_b) AS record_b, n.weight, n.probability, n.term_weight,
               n.levels, n.reason, n.row_kind = 'edge' AS is_merged, n.level = 1 AS is_candidate, n.household
        FROM answer n WHERE n.row_kind IN ('edge', 'review', 'weak')
        ORDER BY 1, 2, n.row_kind, n.reason),
    -- Most are what they were.
    gone AS (
        DELETE FROM cdp_data.match_edge e USING unnest(record_ids) AS n(id)
        WHERE e.record_a = n.id AND (e.probability >= threshold OR e.reason IN ('identifier', 'decision'))
          AND NOT EXISTS (SELECT FROM edge k WHERE k.record_a = e.record_a AND k.record_b = e.record_b)),
    kept AS (
        INSERT INTO cdp_data.match_edge AS e (record_a, record_b, weight, probability, term_weight, levels, reason, is_merged, is_candidate, household)
        SELECT k.* FROM edge k LEFT JOIN cdp_data.match_edge h ON h.record_a = k.record_a AND h.record_b = k.record_b
        WHERE (h.reason, h.is_merged, h.is_candidate) IS DISTINCT FROM (k.reason, k.is_merged, k.is_candidate)
        ON CONFLICT (record_a, record_b) DO UPDATE SET reason = EXCLUDED.reason, is_merged = EXCLUDED.is_merged, is_candidate = EXCLUDED.is_candidate)
    SELECT array_agg(n.id), array_agg(c.record_b) INTO record_ids, cluster_ids
    FROM unnest(record_ids) AS n(id) LEFT JOIN answer c ON c.row_kind = 'cluster' AND c.record_a = n.id;
END
$$;
COMMENT ON FUNCTION cdp._resolve_changes(int, float8, bigint[]) IS 'Internal. As cdp._resolve_all(), for changed records and whoever their evidence reaches.';

-- Takes the notes of what has changed; what changes from here on is for the next run. Decisions made or withdrawn change their
-- two records.
CREATE FUNCTION cdp._take_changes(OUT changed bigint[], OUT stale bigint[], OUT left_profiles bigint[], OUT made bigint[], OUT withdrawn bigint[])
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    WITH noted AS (DELETE FROM cdp_data.match_pending p RETURNING p.record_id, p.profile_id, p.is_compared),
    decision AS MATERIALIZED (SELECT k.decision_id, k.record_a, k.record_b, k.withdrawn_at FROM cdp_data.match_decision k WHERE NOT k.is_applied),
    change AS (
        SELECT n.record_id, n.profile_id, n.is_compared FROM noted n
        UNION ALL SELECT k.record_a, NULL, true FROM decision k UNION ALL SELECT k.record_b, NULL, true FROM decision k)
    SELECT coalesce(array_agg(DISTINCT c.record_id) FILTER (WHERE c.is_compared), '{}'), coalesce(array_agg(DISTINCT c.record_id), '{}'), coalesce(array_agg(DISTINCT c.profile_id) FILTER (WHERE c.profile_id IS NOT NULL), '{}'),
           (SELECT array_agg(k.decision_id) FROM decision k WHERE k.withdrawn_at IS NULL), (SELECT array_agg(k.decision_id) FROM decision k WHERE k.withdrawn_at IS NOT NULL)
    INTO changed, stale, left_profiles, made, withdrawn
    FROM change c;
END
$$;
COMMENT ON FUNCTION cdp._take_changes() IS 'Internal. The records that changed since the last resolution, those whose golden record is stale (they and others), the profiles that deleted records left, and the decisions that no run has heard yet.';

-- What a resolution has to do, and why. model_id: under which version, NULL when there is none that could be used.
CREATE FUNCTION cdp._plan_resolution(mode text, changed bigint[], OUT chosen text, OUT why text, OUT model_id int)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    model cdp_data.match_model;
    growth CONSTANT float8 := cdp._setting('match_retrain_growth')::float8;
    changes CONSTANT bigint := cardinality(changed);
BEGIN
    SELECT * INTO model FROM cdp_data.match_model m WHERE m.is_active;
    IF model.revision IS NOT NULL THEN model_id := model.model_id; END IF;
    IF mode = 'train' THEN
        chosen := 'train'; why := 'asked for';
    ELSIF model.model_id IS NULL THEN
        chosen := 'train'; why := 'there was no model';
    ELSIF model.revision IS NULL THEN
        chosen := 'train'; why := 'the model was made by an earlier release';
    -- Counting takes longer than a run over a few changes: only when an estimate comes near.
    ELSIF mode = 'auto' AND growth > 0
          AND (SELECT c.reltuples FROM pg_class c WHERE c.oid = 'cdp_data.match_record'::regclass) + changes >= 0.8 * growth * model.records
          -- Visitors teach a model nothing.
          AND (SELECT count(*) FROM cdp_data.match_record)
              + (SELECT count(*) FROM unnest(changed) n WHERE NOT EXISTS (SELECT FROM cdp_data.match_record m WHERE m.record_id = n) AND cdp._is_matchable(n)) >= growth * model.records THEN
        chosen := 'train'; why := format('the model was trained on %s records', model.records);
    ELSIF mode = 'full' THEN
        chosen := 'full'; why := 'asked for';
    ELSIF NOT model.is_indexed THEN
        chosen := 'full'; why := 'the model was changed by hand, or changes went by unseen';
    ELSIF model.threshold <> cdp._setting('match_threshold')::float8 THEN
        chosen := 'full'; why := format('the threshold was %s', model.threshold);
    ELSIF changes > greatest(1000, model.records / 5) THEN
        chosen := 'full'; why := format('%s records have changed', changes);
    ELSE
        chosen := 'changes'; why := format('%s records have changed', changes);
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._plan_resolution(text, bigint[]) IS 'Internal. Chooses between training, a full run under the active model and a run over what has changed.';

CREATE FUNCTION cdp._resolve(mode text DEFAULT 'auto', max_churn float8 DEFAULT NULL,
    OUT records bigint, OUT profiles bigint, OUT created bigint, OUT merged bigint, OUT moved bigint, OUT touched bigint[], OUT done text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning SET plan_cache_mode = auto AS $$
#variable_conflict use_variable
DECLARE
    started CONSTANT timestamptz := clock_timestamp();
    threshold CONSTANT float8 := cdp._setting('match_threshold')::float8;
    decided record;
    taken record;
    plan record;
    answer record;
    effect record;
BEGIN
    IF mode NOT IN ('auto', 'full', 'train') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('there is no mode %L of a resolution', mode),
            DETAIL = 'auto: what has changed; full: all records under the active model; train: all records, with a new model.',
            HINT = 'Run: CALL cdp.resolve(); or CALL cdp.resolve(mode => ''full'');';
    END IF;
    -- One resolution at a time; readers go on.
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('resolve'));
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('records'));
    taken := cdp._take_changes();
    plan := cdp._plan_resolution(mode, taken.changed);
    done := plan.chosen;
    -- A handful of records is resolved in less time than plans are made; many deserve plans of their own.
    PERFORM set_config('plan_cache_mode', CASE WHEN plan.chosen = 'changes' AND cardinality(taken.changed) <= 100 THEN 'force_generic_plan' ELSE 'force_custom_plan' END, true);
    IF plan.chosen = 'full' THEN PERFORM cdp._check_model(plan.model_id); END IF;
    IF plan.chosen = 'changes' THEN
        PERFORM cdp._report_progress('resolving changes');
        answer := cdp._resolve_changes(plan.model_id, threshold, taken.changed);
    ELSE
        -- What stewards have decided by now; who decides while this runs is heard by the next run.
        decided := cdp._active_decisions();
        taken.made := decided.made;
        taken.withdrawn := decided.withdrawn;
        answer := cdp._resolve_all(CASE WHEN plan.chosen = 'full' THEN plan.model_id END, threshold, decided.cannot_a, decided.cannot_b, decided.must_a, decided.must_b);
        plan.model_id := answer.model_id;
        taken.left_profiles := ARRAY(SELECT f.profile_id FROM cdp_data.profile f WHERE NOT EXISTS (SELECT FROM cdp_data.record r WHERE r.profile_id = f.profile_id));
    END IF;
    IF taken.made IS NOT NULL OR taken.withdrawn IS NOT NULL THEN
        UPDATE cdp_data.match_decision k SET is_applied = true
        WHERE k.decision_id = ANY (taken.made) AND k.withdrawn_at IS NULL OR k.decision_id = ANY (taken.withdrawn);
    END IF;
    PERFORM cdp._report_progress('giving people their profiles');
    IF plan.chosen = 'changes' THEN
        effect := cdp._apply_few_clusters(coalesce(answer.record_ids, '{}'), coalesce(answer.cluster_ids, '{}'), taken.left_profiles);
        PERFORM cdp._refresh_few_households(ARRAY(
            SELECT unnest(effect.touched) UNION SELECT r.profile_id FROM cdp_data.record r WHERE r.record_id = ANY (answer.changed || taken.stale)));
    ELSE
        effect := cdp._apply_clusters(coalesce(answer.record_ids, '{}'), coalesce(answer.cluster_ids, '{}'), taken.left_profiles);
        PERFORM cdp._report_progress('finding households');
        PERFORM cdp._refresh_households(NULL);
    END IF;
    created := effect.created;
    merged := effect.merged;
    moved := effect.moved;
    records := coalesce(cardinality(answer.record_ids), 0);
    profiles := effect.people;
    IF plan.chosen = 'changes' THEN
        touched := ARRAY(SELECT unnest(effect.touched) UNION SELECT r.profile_id FROM cdp_data.record r WHERE r.record_id = ANY (taken.stale));
    END IF;
    IF max_churn IS NOT NULL AND effect.changed_hands > max_churn * records THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation',
            MESSAGE = format('the resolution would give %s of %s records to another profile', effect.changed_hands, records),
            DETAIL = format('max_churn allows %s. Nothing was changed.', trunc(max_churn * records)),
            HINT = 'Look at what would change: SELECT * FROM cdp.resolve_preview(retrain => true) LIMIT 20; and allow more with max_churn => …, or leave it out.';
    END IF;
    INSERT INTO cdp_data.match_run (mode, model_id, revision, why, started_at, changed_records, records, profiles, pairs_compared,
        profiles_created, profiles_merged, profiles_split, records_moved)
    SELECT plan.chosen, plan.model_id, m.revision, plan.why, started, cardinality(taken.changed), records, profiles, coalesce(answer.pairs, 0),
           created, merged, effect.split, moved
    FROM cdp_data.match_model m WHERE m.model_id = plan.model_id;
END
$$;
COMMENT ON FUNCTION cdp._resolve(text, float8) IS 'Internal. Resolves the records and gives every person a profile. touched: the profiles to be built anew, NULL: any may be.';

CREATE FUNCTION cdp._must_resolve() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM cdp_data.match_pending) OR EXISTS (SELECT FROM cdp_data.match_decision k WHERE NOT k.is_applied)
        OR (EXISTS (SELECT FROM cdp_data.record)
            AND NOT EXISTS (SELECT FROM cdp_data.match_model m WHERE m.is_active AND m.revision IS NOT NULL AND m.is_indexed AND m.threshold = cdp._setting('match_threshold')::float8))
$$;
COMMENT ON FUNCTION cdp._must_resolve() IS 'Internal. Whether a resolution could find anything new.';

CREATE PROCEDURE cdp.resolve(INOUT records bigint DEFAULT NULL, INOUT profiles bigint DEFAULT NULL, INOUT created bigint DEFAULT NULL,
    INOUT merged bigint DEFAULT NULL, INOUT moved bigint DEFAULT NULL, mode text DEFAULT 'auto', max_churn float8 DEFAULT NULL)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result record;
BEGIN
    PERFORM cdp._require_store();
    result := cdp._resolve(mode, max_churn);
    records := result.records;
    profiles := result.profiles;
    created := result.created;
    merged := result.merged;
    moved := result.moved;
    PERFORM cdp._report_progress('building golden records');
    PERFORM cdp._build_profiles(result.touched);
    PERFORM cdp._report_progress('');
END
$$;
COMMENT ON PROCEDURE cdp.resolve(bigint, bigint, bigint, bigint, bigint, text, float8) IS
'Finds out which records are the same person and builds one profile per person. The first run trains a match model on all records; later runs look at what has changed and whoever that touches, under the same model, with the same result as a run over everything. Shows how many records were looked at and how many people they are, how many profiles are new or were merged into another, and how many records changed their profile; cdp_data.match_run keeps the figures of every run. mode: auto, full (all records under the active model) or train (all records, with a new model; auto does so when the records have become match_retrain_growth times as many). max_churn: the share of the records that may change from one profile to another; when it would be more, nothing is changed and an error (23514) says so. cdp.refresh() resolves as one of its steps. Example: CALL cdp.resolve();';

CREATE FUNCTION cdp.profile_of(source text, key text) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM cdp._require_store();
    RETURN (SELECT r.profile_id FROM cdp_data.record r WHERE r.source_id = cdp._source_id(source) AND r.source_key = key);
END
$$;
COMMENT ON FUNCTION cdp.profile_of(text, text) IS 'The profile of a record, NULL when the source has no such key or it is not resolved yet. Example: SELECT cdp.profile_of(''crm'', ''1234'');';

CREATE FUNCTION cdp.identity_history(profile_id bigint)
RETURNS TABLE (changed_at timestamptz, change text, with_profile_id bigint, record_ids bigint[], evidence text, reason text, changed_by text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM cdp._require_store();
    RETURN QUERY
    SELECT c.changed_at, c.change, CASE WHEN c.profile_id = $1 THEN c.other_profile_id ELSE c.profile_id END, c.record_ids, c.evidence, c.reason, c.changed_by
    FROM cdp_data.identity_change c WHERE $1 IN (c.profile_id, c.other_profile_id)
    ORDER BY c.change_id;
END
$$;
COMMENT ON FUNCTION cdp.identity_history(bigint) IS 'One row per merge or split that a profile took part in: when, with which other profile, which records moved, whether the match engine did it (resolution) or a steward (by hand), and why and who.';

CREATE FUNCTION cdp._comparable_fields(record_id bigint) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(
        (SELECT ARRAY[m.given_name, m.family_name, to_char(m.birth_date, 'YYYY-MM-DD'), m.email_key, m.phone_key, m.street, m.city, m.postal_code, m.national_id, m.gender]
         FROM cdp_data.match_record m WHERE m.record_id = r.record_id),
        -- Not resolved yet.
        ARRAY[cdp.fold(r.given_name), cdp.fold(r.family_name), to_char(r.birth_date, 'YYYY-MM-DD'), cdp.email_key(r.email), cdp.phone_key(r.phone),
              cdp.address_key(r.street, r.country), cdp.fold(r.city), cdp.fold(r.postal_code), cdp.fold(r.national_id), r.gender])
    FROM cdp_data.record r WHERE r.record_id = _comparable_fields.record_id
$$;
COMMENT ON FUNCTION cdp._comparable_fields(bigint) IS 'Internal. What the match engine compares of a record.';

CREATE FUNCTION cdp.explain_match(record_a bigint, record_b bigint)
RETURNS TABLE (comparison text, value_a text, value_b text, level text, m double precision, u double precision, bits numeric)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    a text[];
    b text[];
    levels smallint[];
    edge record;
BEGIN
    PERFORM cdp._require_store();
    a := cdp._comparable_fields(explain_match.record_a);
    b := cdp._comparable_fields(explain_match.record_b);
    IF a IS NULL OR b IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found',
            MESSAGE = format('there is no record %L', CASE WHEN a IS NULL THEN explain_match.record_a ELSE explain_match.record_b END),
            HINT = 'Records of a person: SELECT record_id FROM cdp_data.record WHERE profile_id = …;';
    END IF;
    levels := cdp._compare_records(a, b);
    SELECT * INTO edge FROM cdp_data.match_edge e
    WHERE e.record_a = least(explain_match.record_a, explain_match.record_b) AND e.record_b = greatest(explain_match.record_a, explain_match.record_b);
    IF edge.levels IS NOT NULL THEN levels := edge.levels; END IF;
    RETURN QUERY
    SELECT 'decision', NULL, NULL, format('%s by %s on %s%s', CASE k.decision WHEN 'same' THEN 'same person' ELSE 'two people' END, k.decided_by,
               to_char(k.decided_at, 'YYYY-MM-DD'), coalesce(': ' || k.reason, '')), NULL::float8, NULL::float8, NULL::numeric
    FROM cdp_data.match_decision k
    WHERE k.record_a = least(explain_match.record_a, explain_match.record_b) AND k.record_b = greatest(explain_match.record_a, explain_match.record_b)
      AND k.withdrawn_at IS NULL;
    RETURN QUERY
    SELECT 'identifier in common', x.kind || ' ' || x.value, y.kind || ' ' || y.value, 'joins the records', NULL::float8, NULL::float8, NULL::numeric
    FROM cdp_data.record_identifier x JOIN cdp_data.record_identifier y USING (kind, value) JOIN cdp_data.attribute t ON t.attribute = x.kind
    WHERE x.record_id = explain_match.record_a AND y.record_id = explain_match.record_b AND t.identifies = 'person'
    ORDER BY x.kind, x.value;
    RETURN QUERY
    SELECT 'verified id in common', 'national_id ' || x.national_id, 'national_id ' || y.national_id, 'joins the records unless their names differ', NULL::float8, NULL::float8, NULL::numeric
    FROM cdp_data.match_record x JOIN cdp_data.match_record y USING (national_id)
    WHERE x.record_id = explain_match.record_a AND y.record_id = explain_match.record_b AND 'national_id:' || x.national_id = ANY (x.identifiers) AND 'national_id:' || x.national_id = ANY (y.identifiers);
    RETURN QUERY
    SELECT c.name, CASE c.name WHEN 'address' THEN concat_ws(', ', a[6], a[8], a[7]) ELSE a[c.field] END,
           CASE c.name WHEN 'address' THEN concat_ws(', ', b[6], b[8], b[7]) ELSE b[c.field] END,
           coalesce(l.label, 'missing'), l.m, l.u, round(coalesce(l.weight, 0)::numeric, 2)
    FROM (VALUES (1, 'given_name', 1), (2, 'family_name', 2), (3, 'birth_date', 3), (4, 'email', 4), (5, 'phone', 5), (6, 'address', 6),
                 (7, 'national_id', 9), (8, 'gender', 10)) AS c(n, name, field)
    LEFT JOIN cdp_data.match_level l ON l.comparison = c.name AND l.level = levels[c.n]
        AND l.model_id = (SELECT k.model_id FROM cdp_data.match_model k WHERE k.is_active)
    ORDER BY c.n;
    IF edge.term_weight IS NOT NULL THEN
        RETURN QUERY SELECT 'how rare the values are', NULL, NULL, 'against the average value', NULL::float8, NULL::float8, round(edge.term_weight::numeric, 2);
    END IF;
    IF edge.reason = 'identifier' THEN
        RETURN QUERY SELECT 'together', NULL, NULL, 'same person by the identifier in common, whatever the rest says', NULL::float8, NULL::float8, NULL::numeric;
    ELSIF edge.probability IS NOT NULL THEN
        RETURN QUERY SELECT 'together', NULL, NULL,
               CASE WHEN edge.reason = 'decision' THEN 'same person by decision; the model says probability ' WHEN edge.is_merged THEN 'same person, probability '
                    WHEN edge.reason = 'guard' THEN 'kept apart by a decision or by what their other records say, probability '
                    ELSE 'not merged, probability ' END || round(edge.probability::numeric, 4),
               NULL::float8, NULL::float8, round(edge.weight::numeric, 2);
    END IF;
END
$$;
COMMENT ON FUNCTION cdp.explain_match(bigint, bigint) IS
'Why two records are, or are not, the same person: one row per comparison with both values, the level of agreement, how often that level is seen between records of one person (m) and of strangers (u), and the weight in bits (positive speaks for one person); a decision of a steward comes first. Example: SELECT * FROM cdp.explain_match(17, 4711);';
