-- Looking before deciding: the score of a pair, what another threshold would do, who somebody is, what a run found.

CREATE FUNCTION cdp.match_score(record_a bigint, record_b bigint, OUT probability float8, OUT bits float8, OUT basis text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    levels smallint[];
    model int;
    sums record;
BEGIN
    PERFORM cdp._require_store();
    PERFORM cdp._check_pair(record_a, record_b);
    SELECT e.probability, e.weight, 'last run' INTO probability, bits, basis FROM cdp_data.match_edge e
    WHERE e.record_a = least(match_score.record_a, match_score.record_b) AND e.record_b = greatest(match_score.record_a, match_score.record_b);
    IF FOUND THEN RETURN; END IF;
    SELECT m.model_id INTO model FROM cdp_data.match_model m WHERE m.is_active;
    IF model IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = 'there is no trained match model',
            DETAIL = 'A resolution trains it.', HINT = 'Run: CALL cdp.resolve();';
    END IF;
    levels := cdp._compare_records(cdp._comparable_fields(least(record_a, record_b)), cdp._comparable_fields(greatest(record_a, record_b)));
    -- As the engine adds up: the gender of two people with one given name says nothing more.
    SELECT coalesce(sum(ln(l.m)), 0) / ln(2) AS m, coalesce(sum(ln(l.household)), 0) / ln(2) AS household, coalesce(sum(ln(l.u)), 0) / ln(2) AS u INTO sums
    FROM unnest(ARRAY['given_name', 'family_name', 'birth_date', 'email', 'phone', 'address', 'national_id', 'gender'], levels) AS c(comparison, level)
    JOIN cdp_data.match_level l ON l.model_id = model AND l.comparison = c.comparison AND l.level = c.level
    WHERE c.level > 0 AND l.m > 0 AND l.household > 0 AND l.u > 0 AND NOT (c.comparison = 'gender' AND levels[1] = 1);
    bits := sums.m - sums.u;
    SELECT 1 / (1 + (p.household * 2 ^ greatest(least(sums.household - sums.m, 500), -500) + (1 - p.match - p.household) * 2 ^ greatest(least(sums.u - sums.m, 500), -500)) / p.match)
    INTO probability
    FROM (SELECT greatest(coalesce(max(t.value) FILTER (WHERE t.name = 'prior_match'), 0), 1e-12) AS match,
                 coalesce(max(t.value) FILTER (WHERE t.name = 'prior_household'), 0) AS household
          FROM cdp_data.match_statistic t WHERE t.model_id = model) AS p;
    basis := 'model';
END
$$;
COMMENT ON FUNCTION cdp.match_score(bigint, bigint) IS
'How likely two records are the same person: probability, and bits (positive speaks for one person). basis: last run for a pair that the last resolution linked or left for review, with the frequency of its values; model for any other, computed now from the levels of the active model, where every value counts as an average one. Decisions do not change it. cdp.explain_match() says why. Errors: P0002 no such record, 55000 nothing was resolved yet. Example: SELECT * FROM cdp.match_score(17, 4711);';

CREATE FUNCTION cdp.resolve_preview(threshold float8 DEFAULT NULL, retrain boolean DEFAULT false)
RETURNS TABLE (change text, records bigint, parts int, profile_ids bigint[], names text[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    at_threshold CONSTANT float8 := coalesce(resolve_preview.threshold, cdp._setting('match_threshold')::float8);
    model CONSTANT int := CASE WHEN NOT retrain THEN (SELECT m.model_id FROM cdp_data.match_model m WHERE m.is_active AND m.revision IS NOT NULL) END;
    kinds CONSTANT text[] := ARRAY(SELECT a.attribute FROM cdp_data.attribute a WHERE a.identifies = 'person' ORDER BY 1);
    limits CONSTANT bigint[] := ARRAY(SELECT a.max_records FROM cdp_data.attribute a WHERE a.identifies = 'person' ORDER BY a.attribute);
    decided record;
    blocked record;
BEGIN
    PERFORM cdp._require_store();
    decided := cdp._active_decisions();
    blocked := cdp._blocked_evidence();
    IF model IS NOT NULL THEN PERFORM cdp._check_model(model); END IF;
    RETURN QUERY
    WITH future AS MATERIALIZED (
        SELECT n.record_a AS record_id, n.record_b AS cluster_id
        FROM cdp._resolve_records((cdp._match_query()).all_records, at_threshold, decided.cannot_a, decided.cannot_b, decided.must_a, decided.must_b, coalesce(model, 0), kinds, limits, blocked.kinds, blocked.values, blocked.rules) n
        WHERE n.row_kind = 'cluster'),
    placed AS MATERIALIZED (
        SELECT f.record_id, f.cluster_id, r.profile_id, concat_ws(' ', r.given_name, r.family_name) AS name
        FROM future f JOIN cdp_data.record r USING (record_id) WHERE r.profile_id IS NOT NULL),
    found AS (
        SELECT 'merge' AS change, count(*) AS records, count(DISTINCT b.profile_id)::int AS parts,
               array_agg(DISTINCT b.profile_id) AS profile_ids, array_agg(DISTINCT b.name) AS names
        FROM placed b GROUP BY b.cluster_id HAVING count(DISTINCT b.profile_id) > 1
        UNION ALL
        SELECT 'split', count(*), count(DISTINCT b.cluster_id)::int, array_agg(DISTINCT b.profile_id), array_agg(DISTINCT b.name)
        FROM placed b GROUP BY b.profile_id HAVING count(DISTINCT b.cluster_id) > 1)
    SELECT f.change, f.records, f.parts, f.profile_ids, array_remove(f.names, '') FROM found f ORDER BY f.records DESC, f.change, f.profile_ids;
END
$$;
COMMENT ON FUNCTION cdp.resolve_preview(float8, boolean) IS
'What a resolution would change now, with another threshold (a probability; default the setting match_threshold) or a newly trained model (retrain): one row per person that several of today''s profiles would become (merge: parts profiles, with so many records together) and per profile that would come apart (split: into parts people), biggest first, with the names on the records. Decisions of stewards hold. Changes nothing; takes as long as a resolution. To keep it: UPDATE cdp_data.setting SET value = ''0.75'' WHERE name = ''match_threshold''; Errors: 22023 not between 0 and 1. Example: SELECT * FROM cdp.resolve_preview(0.75) LIMIT 20;';

CREATE FUNCTION cdp.resolution_report(run_id bigint DEFAULT NULL)
RETURNS TABLE (measure text, value text, note text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    run cdp_data.match_run;
BEGIN
    PERFORM cdp._require_store();
    SELECT * INTO run FROM cdp_data.match_run r WHERE $1 IS NULL OR r.run_id = $1 ORDER BY r.run_id DESC LIMIT 1;
    IF run.run_id IS NULL AND $1 IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('there is no resolution %s', $1),
            DETAIL = 'Every resolution is a row of cdp_data.match_run.', HINT = 'See them: SELECT run_id, mode, why, finished_at FROM cdp_data.match_run ORDER BY 1;';
    END IF;
    RETURN QUERY
    SELECT v.measure, v.value, v.note
    FROM (VALUES
        (1, 'run', run.run_id::text, format('%s to %s, by %s', to_char(run.started_at, 'YYYY-MM-DD HH24:MI:SS'), to_char(run.finished_at, 'HH24:MI:SS'), run.run_by)),
        (2, 'mode', run.mode, run.why),
        (3, 'model', run.model_id::text, format('revision %s', run.revision)),
        (4, 'records changed', run.changed_records::text, 'new, changed or gone since the run before, or decided about'),
        (5, 'records', run.records::text, CASE run.mode WHEN 'changes' THEN 'records that changes could touch, clustered again' ELSE 'all' END),
        (6, 'profiles', run.profiles::text, 'people and visitors that these are'),
        (7, 'profiles created', run.profiles_created::text, 'new ids'),
        (8, 'profiles merged', run.profiles_merged::text, 'ids that became aliases of another'),
        (9, 'profiles split', run.profiles_split::text, 'parts that left a profile'),
        (10, 'records moved', run.records_moved::text, 'records that changed their profile, new ones included'),
        (11, 'pairs compared', run.pairs_compared::text, 'pairs of records that share a blocking key'),
        (12, 'seconds', round(extract(epoch FROM run.finished_at - run.started_at), 3)::text, 'all together')) AS v(n, measure, value, note)
    WHERE run.run_id IS NOT NULL ORDER BY v.n;
    -- What only a look at all records can count.
    RETURN QUERY
    SELECT replace(s.name, '_', ' '),
           CASE WHEN s.name LIKE 'seconds%' THEN round(s.value::numeric, 3)::text WHEN s.value = trunc(s.value) THEN s.value::numeric::text
                ELSE round(s.value::numeric, 9)::text END,
           n.note
    FROM cdp_data.match_statistic s
    JOIN (VALUES
        (1, 'clusters', 'people that the engine found'),
        (2, 'largest_cluster', 'records of the largest person; look at it when it is over some dozens: SELECT * FROM cdp_data.profile ORDER BY record_count DESC LIMIT 5;'),
        (3, 'must_links', 'decisions "same person" applied'), (4, 'cannot_links', 'decisions "two people" applied'),
        (5, 'guard_cannot_link', 'merges stopped by a decision'), (6, 'guard_national_id', 'merges stopped by two national ids'),
        (7, 'guard_evidence', 'merges stopped by what the other records of the two say'), (8, 'review_pairs', 'pairs left for a steward: SELECT * FROM cdp_data.match_review;'),
        (9, 'shared_values', 'values that too many people use to identify anybody'), (10, 'identifiers_shared', 'identifiers on too many records, ignored'),
        (11, 'pairs_scored', 'pairs not ruled out at once'), (12, 'edges', 'pairs that hold people together'),
        (13, 'blocks', 'groups of records with a blocking key in common'), (14, 'blocks_split', 'too large, split by further keys'),
        (15, 'blocks_oversized', 'still too large: not every pair in them was compared'), (16, 'records_in_oversized_blocks', 'what that concerns'),
        (17, 'national_ids_trusted', '1, or 0 where the ids of one person often differ and only weigh'), (18, 'prior_match', 'share of all pairs that are one person'),
        (19, 'prior_household', 'share of all pairs that are two people of one household'), (20, 'patterns', 'different combinations of levels'), (21, 'em_rounds', 'rounds of training'),
        (22, 'em_converged', '1 when training settled'), (23, 'seconds_sample', 'drawing random pairs'), (24, 'seconds_block', 'making blocks'), (25, 'seconds_compare', 'comparing'),
        (26, 'seconds_train', 'training'), (27, 'seconds_score', 'scoring'), (28, 'seconds_cluster', 'clustering'), (29, 'peak_bytes', 'memory at its highest')) AS n(position, name, note) USING (name)
    WHERE s.model_id = run.model_id AND run.mode <> 'changes' ORDER BY n.position, s.name;
    RETURN QUERY
    SELECT 'decisions waiting', count(*)::text, 'made or withdrawn since the last resolution; the next refresh applies them'
    FROM cdp_data.match_decision k WHERE NOT k.is_applied;
END
$$;
COMMENT ON FUNCTION cdp.resolution_report(bigint) IS
'What a resolution did and found, one row per measure, the most telling first: why it ran and how, people, merges and splits, and for a run over all records also the largest cluster, decisions applied, what guards stopped, pairs left for review, shared values, blocks, seconds per phase. Default: the last run; others are rows of cdp_data.match_run. Only the row of waiting decisions when nothing was resolved yet. Errors: P0002 no such run. Example: SELECT * FROM cdp.resolution_report();';
