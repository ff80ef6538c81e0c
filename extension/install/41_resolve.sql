-- From records to people: runs the engine, then gives every cluster of records its profile.

CREATE FUNCTION cdp._match_query() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $q$
        SELECT r.record_id, pg_catalog.hashtextextended(s.name || ':' || r.source_key, 0),
               cdp.fold(r.given_name), cdp.fold(r.family_name), r.birth_date, cdp.email_key(r.email), cdp.phone_key(r.phone),
               cdp.address_key(r.street, r.country), cdp.fold(r.city), cdp.fold(r.postal_code), cdp.fold(r.national_id), r.gender,
               i.identifiers
        FROM cdp_data.record r
        JOIN cdp_data.source s USING (source_id)
        LEFT JOIN (SELECT d.record_id, pg_catalog.array_agg(d.kind || ':' || d.value ORDER BY d.kind, d.value) AS identifiers
                   FROM cdp_data.record_identifier d JOIN cdp_data.attribute a ON a.attribute = d.kind AND a.identifies = 'person'
                   GROUP BY d.record_id) i USING (record_id)
        WHERE i.identifiers IS NOT NULL OR r.email IS NOT NULL OR r.phone IS NOT NULL OR r.family_name IS NOT NULL
           OR r.given_name IS NOT NULL OR r.national_id IS NOT NULL OR r.birth_date IS NOT NULL OR r.street IS NOT NULL
           OR r.record_id IN (SELECT record_id FROM cdp._records_decided_same())
    $q$
$$;
COMMENT ON FUNCTION cdp._match_query() IS 'Internal. The records as the match engine wants them; those that carry nothing to match by, nor are decided to be somebody, are left out.';

CREATE FUNCTION cdp._records_decided_same() RETURNS TABLE (record_id bigint)
LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.record_a FROM cdp_data.match_decision k WHERE k.decision = 'same' AND k.withdrawn_at IS NULL
    UNION SELECT k.record_b FROM cdp_data.match_decision k WHERE k.decision = 'same' AND k.withdrawn_at IS NULL
$$;
COMMENT ON FUNCTION cdp._records_decided_same() IS 'Internal. The records that a steward has decided to be the same person as another.';

CREATE FUNCTION cdp._is_matchable(record_id bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.email IS NOT NULL OR r.phone IS NOT NULL OR r.family_name IS NOT NULL OR r.given_name IS NOT NULL OR r.national_id IS NOT NULL
        OR r.birth_date IS NOT NULL OR r.street IS NOT NULL
        OR EXISTS (SELECT FROM cdp_data.record_identifier d JOIN cdp_data.attribute a ON a.attribute = d.kind AND a.identifies = 'person' WHERE d.record_id = r.record_id)
    FROM cdp_data.record r WHERE r.record_id = $1
$$;
COMMENT ON FUNCTION cdp._is_matchable(bigint) IS 'Internal. Whether a record carries anything to match by: as the last condition of cdp._match_query(). One that does not is an anonymous visitor.';

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

CREATE FUNCTION cdp._resolve(OUT records bigint, OUT profiles bigint, OUT created bigint, OUT merged bigint, OUT moved bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
#variable_conflict use_column
DECLARE
    threshold CONSTANT float8 := cdp._setting('match_threshold')::float8;
    new_model_id int;
    decided record;
    last_change_id bigint;
    splits bigint;
BEGIN
    -- One resolution at a time; readers go on.
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('resolve'));
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('records'));
    DROP TABLE IF EXISTS pg_temp.cdp_resolution, pg_temp.cdp_cluster, pg_temp.cdp_person;
    -- What stewards have decided by now; who decides while this runs is heard by the next run.
    decided := cdp._active_decisions();
    CREATE TEMP TABLE cdp_resolution ON COMMIT DROP AS
    SELECT * FROM cdp._resolve_records(cdp._match_query(), threshold, decided.cannot_a, decided.cannot_b, decided.must_a, decided.must_b);
    UPDATE cdp_data.match_decision k SET is_applied = true
    WHERE k.decision_id = ANY (decided.made) AND k.withdrawn_at IS NULL OR k.decision_id = ANY (decided.withdrawn);

    -- The model and the evidence, as rows.
    UPDATE cdp_data.match_model SET is_active = false WHERE is_active;
    INSERT INTO cdp_data.match_model (threshold) VALUES (threshold) RETURNING model_id INTO new_model_id;
    INSERT INTO cdp_data.match_level (model_id, comparison, level, label, m, household, u, weight)
    SELECT new_model_id, n.comparison, n.level, n.label, n.m, n.household, n.u, n.weight
    FROM pg_temp.cdp_resolution n WHERE n.row_kind = 'level';
    INSERT INTO cdp_data.match_statistic (model_id, name, value)
    SELECT new_model_id, n.value, n.amount FROM pg_temp.cdp_resolution n WHERE n.row_kind = 'stat';
    DELETE FROM cdp_data.match_edge;
    INSERT INTO cdp_data.match_edge (record_a, record_b, weight, probability, term_weight, levels, reason, is_merged)
    SELECT DISTINCT ON (1, 2) least(n.record_a, n.record_b), greatest(n.record_a, n.record_b), n.weight, n.probability, n.term_weight,
           n.levels, n.reason, n.row_kind = 'edge'
    FROM pg_temp.cdp_resolution n WHERE n.row_kind IN ('edge', 'review')
    ORDER BY 1, 2, n.row_kind, n.reason;

    -- Every record in one cluster. A record that only a device is known of belongs to the one person who logged in on
    -- that device; where there are several, or none, it stays a visitor of its own.
    CREATE TEMP TABLE cdp_cluster ON COMMIT DROP AS
    SELECT r.record_id, coalesce(n.record_b, r.record_id) AS cluster_id, r.profile_id, n.record_a IS NULL AS is_alone
    FROM cdp_data.record r LEFT JOIN pg_temp.cdp_resolution n ON n.row_kind = 'cluster' AND n.record_a = r.record_id;
    -- Known by nothing but a decision: still a visitor, but one whose place is fixed.
    UPDATE pg_temp.cdp_cluster c SET is_alone = true
    FROM cdp._records_decided_same() d WHERE d.record_id = c.record_id AND NOT cdp._is_matchable(c.record_id);
    CREATE INDEX ON pg_temp.cdp_cluster (record_id);
    ANALYZE pg_temp.cdp_cluster;
    UPDATE pg_temp.cdp_cluster c SET cluster_id = owner.cluster_id, is_alone = false
    FROM (SELECT v.record_id, min(o.cluster_id) AS cluster_id
          FROM pg_temp.cdp_cluster v
          JOIN cdp_data.record_identifier d ON d.record_id = v.record_id
          JOIN cdp_data.attribute a ON a.attribute = d.kind AND a.identifies = 'device'
          JOIN cdp_data.record_identifier other ON other.kind = d.kind AND other.value = d.value AND other.record_id <> d.record_id
          JOIN pg_temp.cdp_cluster o ON o.record_id = other.record_id AND NOT o.is_alone
          WHERE v.is_alone AND v.record_id NOT IN (SELECT s.record_id FROM cdp._records_decided_same() s)
          GROUP BY v.record_id HAVING count(DISTINCT o.cluster_id) = 1) AS owner
    WHERE owner.record_id = c.record_id
      AND NOT EXISTS (SELECT FROM cdp_data.match_decision k JOIN pg_temp.cdp_cluster o ON o.record_id = k.record_a + k.record_b - c.record_id
                      WHERE k.decision = 'different' AND k.withdrawn_at IS NULL AND (k.record_a = c.record_id OR k.record_b = c.record_id)
                        AND o.cluster_id = owner.cluster_id);

    -- Ids are stable: an old profile stays with the cluster that has most of its records (then with the oldest record),
    -- and of several old profiles in a cluster the oldest lives on.
    CREATE TEMP TABLE cdp_person ON COMMIT DROP AS
    WITH vote AS (
        SELECT c.profile_id, c.cluster_id, count(*) AS votes, min(c.record_id) AS oldest
        FROM pg_temp.cdp_cluster c WHERE c.profile_id IS NOT NULL GROUP BY c.profile_id, c.cluster_id),
    home AS (SELECT DISTINCT ON (v.profile_id) v.profile_id, v.cluster_id FROM vote v ORDER BY v.profile_id, v.votes DESC, v.oldest),
    cluster AS (SELECT c.cluster_id, min(c.record_id) AS oldest, bool_and(c.is_alone) AS is_anonymous FROM pg_temp.cdp_cluster c GROUP BY c.cluster_id)
    SELECT k.cluster_id, k.is_anonymous, min(h.profile_id) AS profile_id, false AS is_new
    FROM cluster k LEFT JOIN home h ON h.cluster_id = k.cluster_id
    GROUP BY k.cluster_id, k.is_anonymous, k.oldest ORDER BY k.oldest;
    UPDATE pg_temp.cdp_person p SET profile_id = nextval('cdp_data.profile_profile_id_seq'), is_new = true WHERE p.profile_id IS NULL;
    INSERT INTO cdp_data.profile (profile_id, status)
    SELECT p.profile_id, CASE WHEN p.is_anonymous THEN 'anonymous' ELSE 'active' END FROM pg_temp.cdp_person p WHERE p.is_new ORDER BY p.profile_id;
    GET DIAGNOSTICS created = ROW_COUNT;
    UPDATE cdp_data.profile f SET status = CASE WHEN p.is_anonymous THEN 'anonymous' ELSE 'active' END, built_at = '-infinity'
    FROM pg_temp.cdp_person p
    WHERE f.profile_id = p.profile_id AND f.status <> CASE WHEN p.is_anonymous THEN 'anonymous' ELSE 'active' END;

    last_change_id := coalesce((SELECT max(h.change_id) FROM cdp_data.identity_change h), 0);
    -- What that changes, then the change itself. A merge empties a profile; anything else that moves is a split.
    INSERT INTO cdp_data.identity_change (change, profile_id, other_profile_id, record_ids)
    SELECT CASE WHEN EXISTS (SELECT FROM pg_temp.cdp_person k WHERE k.profile_id = c.profile_id AND NOT k.is_new) THEN 'split' ELSE 'merged' END,
           CASE WHEN EXISTS (SELECT FROM pg_temp.cdp_person k WHERE k.profile_id = c.profile_id AND NOT k.is_new) THEN c.profile_id ELSE p.profile_id END,
           CASE WHEN EXISTS (SELECT FROM pg_temp.cdp_person k WHERE k.profile_id = c.profile_id AND NOT k.is_new) THEN p.profile_id ELSE c.profile_id END,
           array_agg(c.record_id ORDER BY c.record_id)
    FROM pg_temp.cdp_cluster c JOIN pg_temp.cdp_person p USING (cluster_id)
    WHERE c.profile_id <> p.profile_id
    GROUP BY c.profile_id, p.profile_id ORDER BY c.profile_id, p.profile_id;
    SELECT count(*) INTO splits FROM cdp_data.identity_change h
    WHERE h.change = 'split' AND h.change_id > last_change_id;
    INSERT INTO cdp_data.profile_alias AS a (profile_id, survivor_id)
    SELECT DISTINCT ON (c.profile_id) c.profile_id, p.profile_id
    FROM pg_temp.cdp_cluster c JOIN pg_temp.cdp_person p USING (cluster_id)
    WHERE c.profile_id IS NOT NULL AND NOT EXISTS (SELECT FROM pg_temp.cdp_person k WHERE k.profile_id = c.profile_id)
    ORDER BY c.profile_id, count(*) OVER (PARTITION BY c.profile_id, p.profile_id) DESC, p.profile_id
    ON CONFLICT (profile_id) DO UPDATE SET survivor_id = EXCLUDED.survivor_id, merged_at = now();
    GET DIAGNOSTICS merged = ROW_COUNT;
    -- Profiles that lost a record without gaining one are put together anew as well.
    UPDATE cdp_data.profile f SET built_at = '-infinity'
    FROM pg_temp.cdp_cluster c JOIN pg_temp.cdp_person p USING (cluster_id)
    WHERE c.profile_id IS DISTINCT FROM p.profile_id AND f.profile_id IN (c.profile_id, p.profile_id);
    UPDATE cdp_data.record r SET profile_id = p.profile_id
    FROM pg_temp.cdp_cluster c JOIN pg_temp.cdp_person p USING (cluster_id)
    WHERE r.record_id = c.record_id AND r.profile_id IS DISTINCT FROM p.profile_id;
    GET DIAGNOSTICS moved = ROW_COUNT;
    UPDATE cdp_data.profile_alias a SET survivor_id = b.survivor_id
    FROM cdp_data.profile_alias b WHERE b.profile_id = a.survivor_id;
    INSERT INTO cdp_data.segment_change (segment_id, profile_id, change, changed_at)
    SELECT m.segment_id, m.profile_id, 'left', now() FROM cdp_data.segment_member m
    WHERE m.profile_id IN (SELECT f.profile_id FROM cdp_data.profile f WHERE NOT EXISTS (SELECT FROM pg_temp.cdp_person p WHERE p.profile_id = f.profile_id))
    ORDER BY 1, 2;
    DELETE FROM cdp_data.profile f WHERE NOT EXISTS (SELECT FROM pg_temp.cdp_person p WHERE p.profile_id = f.profile_id);
    DELETE FROM cdp_data.profile_alias a USING cdp_data.profile f WHERE f.profile_id = a.profile_id;
    SELECT count(*), count(DISTINCT c.cluster_id) INTO records, profiles FROM pg_temp.cdp_cluster c;
    INSERT INTO cdp_data.match_statistic (model_id, name, value)
    VALUES (new_model_id, 'profiles', profiles), (new_model_id, 'profiles_created', created), (new_model_id, 'profiles_merged', merged),
           (new_model_id, 'profiles_split', splits), (new_model_id, 'records_moved', moved);
    DROP TABLE pg_temp.cdp_resolution, pg_temp.cdp_cluster, pg_temp.cdp_person;
END
$$;
COMMENT ON FUNCTION cdp._resolve() IS 'Internal. Resolves all records and gives every person a profile.';

CREATE PROCEDURE cdp.resolve(INOUT records bigint DEFAULT NULL, INOUT profiles bigint DEFAULT NULL, INOUT created bigint DEFAULT NULL,
    INOUT merged bigint DEFAULT NULL, INOUT moved bigint DEFAULT NULL)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM cdp._require_store();
    SELECT * INTO records, profiles, created, merged, moved FROM cdp._resolve();
    PERFORM cdp._build_profiles();
END
$$;
COMMENT ON PROCEDURE cdp.resolve(bigint, bigint, bigint, bigint, bigint) IS
'Finds out which records are the same person and builds one profile per person. Shows how many records and profiles there are, how many profiles are new or were merged into another, and how many records changed their profile. cdp.refresh() does this as one of its steps. Example: CALL cdp.resolve();';

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
    SELECT ARRAY[cdp.fold(r.given_name), cdp.fold(r.family_name), to_char(r.birth_date, 'YYYY-MM-DD'), cdp.email_key(r.email), cdp.phone_key(r.phone),
                 cdp.address_key(r.street, r.country), cdp.fold(r.city), cdp.fold(r.postal_code), cdp.fold(r.national_id), r.gender]
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
