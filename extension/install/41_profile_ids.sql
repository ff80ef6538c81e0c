-- From clusters of records to profiles with stable ids: what one resolution changes, whether it looked at all records or a few.

-- Visitors (known only by devices) belong to the one person who logged in on their devices. Returns the universe again, with
-- what each record is.
CREATE FUNCTION cdp._place_visitors(record_ids bigint[], cluster_ids bigint[], OUT cluster_of bigint[], OUT are_alone boolean[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    span CONSTANT interval := cdp._device_window();
    model CONSTANT int := (SELECT m.model_id FROM cdp_data.match_model m WHERE m.is_active);
BEGIN
    WITH decided AS (
        SELECT k.record_a AS record_id FROM unnest(record_ids) n JOIN cdp_data.match_decision k ON k.record_a = n AND k.decision = 'same' AND k.withdrawn_at IS NULL
        UNION SELECT k.record_b FROM unnest(record_ids) n JOIN cdp_data.match_decision k ON k.record_b = n AND k.decision = 'same' AND k.withdrawn_at IS NULL),
    u AS MATERIALIZED (
        SELECT u.n, u.record_id, coalesce(u.cluster_id, u.record_id) AS cluster_id,
               -- Known by nothing but a decision: still a visitor, but one whose place is fixed.
               u.cluster_id IS NULL OR (d.record_id IS NOT NULL AND NOT cdp._is_matchable(u.record_id)) AS is_alone, d.record_id IS NOT NULL AS is_decided
        FROM unnest(record_ids, cluster_ids) WITH ORDINALITY AS u(record_id, cluster_id, n)
        LEFT JOIN decided d ON d.record_id = u.record_id),
    -- Shared devices left out first: all pairs of the records on one would be too many.
    seen AS MATERIALIZED (
        SELECT v.record_id, d.kind, d.value, d.first_seen_at, d.last_seen_at
        FROM u v
        JOIN cdp_data.record_identifier d ON d.record_id = v.record_id
        JOIN cdp_data.attribute a ON a.attribute = d.kind AND a.identifies = 'device'
        WHERE v.is_alone AND NOT v.is_decided
          AND NOT EXISTS (SELECT FROM cdp_data.match_shared_value b WHERE b.kind = d.kind AND b.value = d.value AND (b.model_id IS NULL OR b.model_id = model))),
    owner AS (
        SELECT s.record_id, min(o.cluster_id) AS cluster_id
        FROM seen s
        JOIN cdp_data.record_identifier other ON other.kind = s.kind AND other.value = s.value AND other.record_id <> s.record_id
        JOIN u o ON o.record_id = other.record_id AND NOT o.is_alone
        WHERE (s.first_seen_at - span <= other.last_seen_at AND other.first_seen_at - span <= s.last_seen_at) IS NOT FALSE
        GROUP BY s.record_id HAVING count(DISTINCT o.cluster_id) = 1),
    allowed AS (
        SELECT w.record_id, w.cluster_id FROM owner w
        WHERE NOT EXISTS (SELECT FROM cdp_data.match_decision k JOIN u o ON o.record_id = k.record_a + k.record_b - w.record_id
                          WHERE k.decision = 'different' AND k.withdrawn_at IS NULL AND (k.record_a = w.record_id OR k.record_b = w.record_id)
                            AND o.cluster_id = w.cluster_id))
    SELECT array_agg(coalesce(w.cluster_id, u.cluster_id) ORDER BY u.n), array_agg(u.is_alone AND w.record_id IS NULL ORDER BY u.n) INTO cluster_of, are_alone
    FROM u LEFT JOIN allowed w USING (record_id);
END
$$;
COMMENT ON FUNCTION cdp._place_visitors(bigint[], bigint[]) IS
'Internal. For records with their clusters (NULL: the match engine knows nothing of it), the cluster of each and whether it stays an anonymous visitor. A device is evidence only where one person used it at about the time of the visits (setting device_window), and no more records than its kind allows.';

-- Ids are stable: an old profile stays with the cluster that has most of its records that are not deleted (then with the oldest record), and of
-- several old profiles in a cluster the oldest lives on.
CREATE FUNCTION cdp._choose_profiles(record_ids bigint[], cluster_of bigint[], are_alone boolean[],
    OUT old_of bigint[], OUT new_of bigint[], OUT new_ids bigint[], OUT surviving bigint[], OUT anonymous bigint[])
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    WITH u AS MATERIALIZED (
        SELECT u.n, u.record_id, u.cluster_id, u.is_alone, r.profile_id, r.deleted_at
        FROM unnest(record_ids, cluster_of, are_alone) WITH ORDINALITY AS u(record_id, cluster_id, is_alone, n)
        JOIN cdp_data.record r USING (record_id)),
    vote AS (
        SELECT u.profile_id, u.cluster_id, count(*) FILTER (WHERE u.deleted_at IS NULL) AS votes, min(u.record_id) AS oldest
        FROM u WHERE u.profile_id IS NOT NULL GROUP BY u.profile_id, u.cluster_id),
    home AS (SELECT DISTINCT ON (v.profile_id) v.profile_id, v.cluster_id FROM vote v ORDER BY v.profile_id, v.votes DESC, v.oldest),
    cluster AS (
        SELECT u.cluster_id, min(u.record_id) AS oldest, bool_and(u.is_alone) AS is_anonymous FROM u GROUP BY u.cluster_id),
    heir AS (SELECT h.cluster_id, min(h.profile_id) AS profile_id FROM home h GROUP BY h.cluster_id),
    person AS MATERIALIZED (
        SELECT k.cluster_id, k.is_anonymous, h.profile_id IS NULL AS is_new,
               coalesce(h.profile_id, nextval('cdp_data.profile_profile_id_seq')) AS profile_id
        FROM (SELECT * FROM cluster ORDER BY oldest) AS k LEFT JOIN heir h USING (cluster_id)),
    record AS (SELECT array_agg(u.profile_id ORDER BY u.n) AS before, array_agg(p.profile_id ORDER BY u.n) AS after FROM u JOIN person p USING (cluster_id))
    SELECT r.before, r.after,
           (SELECT coalesce(array_agg(p.profile_id), '{}') FROM person p WHERE p.is_new),
           (SELECT coalesce(array_agg(p.profile_id), '{}') FROM person p WHERE NOT p.is_new),
           (SELECT coalesce(array_agg(p.profile_id), '{}') FROM person p WHERE p.is_anonymous)
    INTO old_of, new_of, new_ids, surviving, anonymous
    FROM record r;
END
$$;
COMMENT ON FUNCTION cdp._choose_profiles(bigint[], bigint[], boolean[]) IS
'Internal. The profile that each record had and gets; new_ids are drawn for new people, surviving are ids that live on, anonymous those of visitors.';

CREATE FUNCTION cdp._apply_clusters(record_ids bigint[], cluster_ids bigint[], left_profiles bigint[],
    OUT people bigint, OUT created bigint, OUT merged bigint, OUT split bigint, OUT moved bigint, OUT changed_hands bigint, OUT touched bigint[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    placed record;
    chosen record;
    moves record;
BEGIN
    SELECT * INTO placed FROM cdp._place_visitors(record_ids, cluster_ids) p;
    SELECT * INTO chosen FROM cdp._choose_profiles(record_ids, placed.cluster_of, placed.are_alone) c;
    created := cardinality(chosen.new_ids);
    people := created + cardinality(chosen.surviving);
    IF created > 0 THEN
        INSERT INTO cdp_data.profile (profile_id) SELECT n FROM unnest(chosen.new_ids) n;
    END IF;
    -- A person who was a visitor, or the other way round.
    IF cardinality(chosen.anonymous) > 0 THEN
        -- Or one whose sources have deleted all they knew.
        WITH gone AS (
            SELECT c.new AS profile_id FROM unnest(record_ids, chosen.new_of) AS c(record_id, new) JOIN unnest(chosen.anonymous) n ON n = c.new JOIN cdp_data.record r ON r.record_id = c.record_id
            WHERE EXISTS (SELECT FROM cdp_data.record d WHERE d.deleted_at IS NOT NULL)
            GROUP BY c.new HAVING bool_and(r.deleted_at IS NOT NULL)),
        status AS (SELECT n AS profile_id, CASE WHEN g.profile_id IS NULL THEN 'anonymous' ELSE 'deleted' END AS status FROM unnest(chosen.anonymous) n LEFT JOIN gone g ON g.profile_id = n)
        UPDATE cdp_data.profile f SET status = s.status, built_at = '-infinity' FROM status s WHERE f.profile_id = s.profile_id AND f.status <> s.status;
    END IF;
    UPDATE cdp_data.profile f SET status = 'active', built_at = '-infinity'
    FROM (SELECT n FROM unnest(chosen.new_of) n EXCEPT SELECT n FROM unnest(chosen.anonymous) n) AS a(n)
    WHERE f.profile_id = a.n AND f.status <> 'active';

    -- Of every move: from where, to where, and whether the former profile lives on.
    SELECT array_agg(m.record_id ORDER BY m.record_id) AS record_id, array_agg(m.old ORDER BY m.record_id) AS old, array_agg(m.new ORDER BY m.record_id) AS new,
           array_agg(s.id IS NOT NULL ORDER BY m.record_id) AS survives INTO moves
    FROM unnest(record_ids, chosen.old_of, chosen.new_of) AS m(record_id, old, new) LEFT JOIN unnest(chosen.surviving) AS s(id) ON s.id = m.old
    WHERE m.old IS DISTINCT FROM m.new;
    moved := coalesce(cardinality(moves.record_id), 0);
    changed_hands := (SELECT count(*) FROM unnest(moves.old) n WHERE n IS NOT NULL);
    merged := 0;
    split := 0;
    IF moved > 0 THEN
        -- What that changes, then the change itself. A merge empties a profile; anything else that moves is a split.
        WITH made AS (
            INSERT INTO cdp_data.identity_change (change, profile_id, other_profile_id, record_ids)
            SELECT CASE WHEN m.survives THEN 'split' ELSE 'merged' END, CASE WHEN m.survives THEN m.old ELSE m.new END,
                   CASE WHEN m.survives THEN m.new ELSE m.old END, array_agg(m.record_id ORDER BY m.record_id)
            FROM unnest(moves.record_id, moves.old, moves.new, moves.survives) AS m(record_id, old, new, survives)
            WHERE m.old IS NOT NULL GROUP BY m.old, m.new, m.survives ORDER BY m.old, m.new
            RETURNING change)
        SELECT count(*) FILTER (WHERE change = 'split') INTO split FROM made;
        INSERT INTO cdp_data.profile_alias AS a (profile_id, survivor_id)
        SELECT DISTINCT ON (m.old) m.old, m.new
        FROM unnest(moves.old, moves.new, moves.survives) AS m(old, new, survives)
        WHERE m.old IS NOT NULL AND NOT m.survives
        GROUP BY m.old, m.new ORDER BY m.old, count(*) DESC, m.new
        ON CONFLICT (profile_id) DO UPDATE SET survivor_id = EXCLUDED.survivor_id, merged_at = now();
        GET DIAGNOSTICS merged = ROW_COUNT;
        UPDATE cdp_data.record r SET profile_id = m.new FROM unnest(moves.record_id, moves.new) AS m(record_id, new) WHERE r.record_id = m.record_id;
        UPDATE cdp_data.profile_alias a SET survivor_id = b.survivor_id
        FROM cdp_data.profile_alias b, (SELECT DISTINCT n FROM unnest(moves.old) n WHERE n IS NOT NULL) AS o(n)
        WHERE b.profile_id = o.n AND a.survivor_id = o.n AND a.profile_id <> b.survivor_id;
    END IF;
    -- Profiles whose records came or went are put together anew.
    SELECT coalesce(array_agg(DISTINCT n), '{}') INTO touched
    FROM (SELECT unnest(moves.new) AS n UNION ALL SELECT unnest(moves.old) UNION ALL SELECT unnest(left_profiles)) AS t WHERE n IS NOT NULL;
    IF cardinality(touched) > 0 THEN
        UPDATE cdp_data.profile f SET built_at = '-infinity' FROM unnest(touched) n WHERE f.profile_id = n AND f.built_at > '-infinity';
        WITH empty AS (
            SELECT n AS profile_id FROM unnest(touched) n WHERE NOT EXISTS (SELECT FROM cdp_data.record r WHERE r.profile_id = n)),
        noted AS (
            INSERT INTO cdp_data.segment_change (segment_id, profile_id, change, changed_at)
            SELECT m.segment_id, m.profile_id, 'left', now() FROM cdp_data.segment_member m JOIN empty e USING (profile_id) ORDER BY 1, 2)
        DELETE FROM cdp_data.profile f USING empty e WHERE f.profile_id = e.profile_id;
        DELETE FROM cdp_data.profile_alias a USING unnest(touched) n WHERE a.profile_id = n AND EXISTS (SELECT FROM cdp_data.profile f WHERE f.profile_id = n);
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._apply_clusters(bigint[], bigint[], bigint[]) IS
'Internal. Gives every record of record_ids the profile of its cluster (cluster_ids, NULL: not known to the match engine), keeping ids stable, and notes merges and splits. The records must be whole profiles: none of theirs may be missing. left_profiles: profiles that lost records otherwise. touched: profiles to be built anew.';

CREATE FUNCTION cdp._apply_few_clusters(record_ids bigint[], cluster_ids bigint[], left_profiles bigint[],
    OUT people bigint, OUT created bigint, OUT merged bigint, OUT split bigint, OUT moved bigint, OUT changed_hands bigint, OUT touched bigint[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_mergejoin = off SET random_page_cost = 1.1 AS $$
#variable_conflict use_variable
BEGIN
    SELECT * INTO people, created, merged, split, moved, changed_hands, touched FROM cdp._apply_clusters(record_ids, cluster_ids, left_profiles) a;
END
$$;
COMMENT ON FUNCTION cdp._apply_few_clusters(bigint[], bigint[], bigint[]) IS 'Internal. As cdp._apply_clusters(), planned for records that are few among all.';
