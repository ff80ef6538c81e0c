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

CREATE FUNCTION cdp.resolve_preview(threshold float8 DEFAULT NULL)
RETURNS TABLE (change text, records bigint, parts int, profile_ids bigint[], names text[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    at_threshold CONSTANT float8 := coalesce(resolve_preview.threshold, cdp._setting('match_threshold')::float8);
    decided record;
BEGIN
    PERFORM cdp._require_store();
    decided := cdp._active_decisions();
    RETURN QUERY
    WITH future AS MATERIALIZED (
        SELECT n.record_a AS record_id, n.record_b AS cluster_id
        FROM cdp._resolve_records(cdp._match_query(), at_threshold, decided.cannot_a, decided.cannot_b, decided.must_a, decided.must_b) n
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
COMMENT ON FUNCTION cdp.resolve_preview(float8) IS
'What a resolution would change now, with another threshold (a probability; default the setting match_threshold): one row per person that several of today''s profiles would become (merge: parts profiles, with so many records together) and per profile that would come apart (split: into parts people), biggest first, with the names on the records. Decisions of stewards hold. Changes nothing; takes as long as a resolution. To keep it: UPDATE cdp_data.setting SET value = ''0.75'' WHERE name = ''match_threshold''; Errors: 22023 not between 0 and 1. Example: SELECT * FROM cdp.resolve_preview(0.75) LIMIT 20;';

CREATE FUNCTION cdp.resolution_report(model_id int DEFAULT NULL)
RETURNS TABLE (measure text, value text, note text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    chosen CONSTANT int := coalesce($1, (SELECT m.model_id FROM cdp_data.match_model m WHERE m.is_active));
BEGIN
    PERFORM cdp._require_store();
    IF NOT EXISTS (SELECT FROM cdp_data.match_model m WHERE m.model_id = chosen) AND $1 IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('there is no match model %s', $1),
            DETAIL = 'Every resolution leaves one.', HINT = 'See them: SELECT model_id, trained_at, is_active FROM cdp_data.match_model ORDER BY 1;';
    END IF;
    RETURN QUERY
    SELECT 'model', m.model_id::text, format('trained %s, threshold %s%s', to_char(m.trained_at, 'YYYY-MM-DD HH24:MI:SS'), m.threshold, CASE WHEN m.is_active THEN ', active' ELSE '' END)
    FROM cdp_data.match_model m WHERE m.model_id = chosen;
    RETURN QUERY
    SELECT replace(s.name, '_', ' '),
           CASE WHEN s.name LIKE 'seconds%' THEN round(s.value::numeric, 3)::text WHEN s.value = trunc(s.value) THEN s.value::numeric::text
                ELSE round(s.value::numeric, 9)::text END,
           n.note
    FROM cdp_data.match_statistic s
    LEFT JOIN (VALUES
        (1, 'records', 'records that carry something to match by'), (2, 'profiles', 'people and visitors after the run, one profile each'),
        (3, 'profiles_created', 'new ids'), (4, 'profiles_merged', 'ids that became aliases of another'), (5, 'profiles_split', 'parts that left a profile'),
        (6, 'records_moved', 'records that changed their profile'), (7, 'clusters', 'people that the engine found'),
        (8, 'largest_cluster', 'records of the largest person; look at it when it is over some dozens: SELECT * FROM cdp_data.profile ORDER BY record_count DESC LIMIT 5;'),
        (9, 'must_links', 'decisions "same person" applied'), (10, 'cannot_links', 'decisions "two people" applied'),
        (11, 'guard_cannot_link', 'merges stopped by a decision'), (12, 'guard_national_id', 'merges stopped by two national ids'),
        (13, 'guard_evidence', 'merges stopped by what the other records of the two say'), (14, 'review_pairs', 'pairs left for a steward: SELECT * FROM cdp_data.match_review;'),
        (15, 'shared_values', 'values that too many people use to identify anybody'), (16, 'identifiers_shared', 'identifiers on more than 20 records, ignored'),
        (17, 'pairs_compared', 'pairs of records that share a blocking key'), (18, 'pairs_scored', 'of them, those not ruled out at once'), (19, 'edges', 'pairs that hold people together'),
        (20, 'blocks', 'groups of records with a blocking key in common'), (21, 'blocks_split', 'too large, split by further keys'),
        (22, 'blocks_oversized', 'still too large: not every pair in them was compared'), (23, 'records_in_oversized_blocks', 'what that concerns'),
        (24, 'national_ids_trusted', '1, or 0 where the ids of one person often differ and only weigh'), (25, 'prior_match', 'share of all pairs that are one person'),
        (26, 'prior_household', 'share of all pairs that are two people of one household'), (27, 'patterns', 'different combinations of levels'), (28, 'em_rounds', 'rounds of training'),
        (29, 'em_converged', '1 when training settled'), (30, 'seconds_sample', 'drawing random pairs'), (31, 'seconds_block', 'making blocks'), (32, 'seconds_compare', 'comparing'),
        (33, 'seconds_train', 'training'), (34, 'seconds_score', 'scoring'), (35, 'seconds_cluster', 'clustering'), (36, 'peak_bytes', 'memory at its highest')) AS n(position, name, note) USING (name)
    WHERE s.model_id = chosen ORDER BY n.position, s.name;
    RETURN QUERY
    SELECT 'decisions waiting', count(*)::text, 'made or withdrawn since the last resolution; the next refresh applies them'
    FROM cdp_data.match_decision k WHERE NOT k.is_applied;
END
$$;
COMMENT ON FUNCTION cdp.resolution_report(int) IS
'What a resolution found and how long it took, one row per measure, the most telling first: people, merges and splits, largest cluster, decisions applied, what guards stopped, pairs left for review, shared values, blocks, seconds per phase. Default: the last run. Only the row of waiting decisions when nothing was resolved yet. Errors: P0002 no such model. Example: SELECT * FROM cdp.resolution_report();';
