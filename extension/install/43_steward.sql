-- What a data steward decides: which records are the same person whatever the engine thinks. Decisions bind every later
-- resolution; merges and splits of whole profiles by hand take effect at once.

CREATE FUNCTION cdp._require_record(record_id bigint) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF record_id IS NULL OR NOT EXISTS (SELECT FROM cdp_data.record r WHERE r.record_id = $1) THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('there is no record %s', coalesce(record_id::text, 'NULL')),
            DETAIL = 'Matches are between two records of the store.',
            HINT = 'Records of a person: SELECT record_id FROM cdp.profile_records(…); pairs that wait for a decision: SELECT * FROM cdp_data.match_review;';
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._require_record(bigint) IS 'Internal. Errors (P0002) unless the record exists.';

CREATE FUNCTION cdp._require_profile(profile_id bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    survivor CONSTANT bigint := cdp._survivor(profile_id);
BEGIN
    IF survivor IS NULL OR NOT EXISTS (SELECT FROM cdp_data.profile f WHERE f.profile_id = survivor) THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('there is no profile %s', coalesce(profile_id::text, 'NULL')),
            DETAIL = 'Neither a person nor one that was merged into another has this id.',
            HINT = 'Find the person: SELECT * FROM cdp.find_profile(email => ''…'');';
    END IF;
    RETURN survivor;
END
$$;
COMMENT ON FUNCTION cdp._require_profile(bigint) IS 'Internal. The profile that an id stands for now; errors (P0002) when there is none.';

-- Breadth first, so that the way to every record is a shortest one; `path` are the decisions on it.
CREATE FUNCTION cdp._decided_group(record_id bigint) RETURNS TABLE (member_id bigint, path bigint[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    members bigint[] := ARRAY[record_id];
    paths jsonb := jsonb_build_object(record_id::text, '[]'::jsonb);
    frontier bigint[] := members;
    step record;
    following bigint[];
BEGIN
    WHILE cardinality(frontier) > 0 LOOP
        following := '{}';
        FOR step IN
            SELECT DISTINCT ON (n.other_id) n.other_id, n.decision_id, n.near_id
            FROM (SELECT k.record_b AS other_id, k.record_a AS near_id, k.decision_id FROM cdp_data.match_decision k
                  WHERE k.record_a = ANY (frontier) AND k.decision = 'same' AND k.withdrawn_at IS NULL
                  UNION ALL
                  SELECT k.record_a, k.record_b, k.decision_id FROM cdp_data.match_decision k
                  WHERE k.record_b = ANY (frontier) AND k.decision = 'same' AND k.withdrawn_at IS NULL) AS n
            ORDER BY n.other_id, n.decision_id
        LOOP
            CONTINUE WHEN paths ? step.other_id::text;
            paths := paths || jsonb_build_object(step.other_id::text, (paths -> step.near_id::text) || to_jsonb(step.decision_id));
            following := following || step.other_id;
        END LOOP;
        members := members || following;
        frontier := following;
    END LOOP;
    RETURN QUERY SELECT m, ARRAY(SELECT v::bigint FROM jsonb_array_elements_text(paths -> m::text) v) FROM unnest(members) m;
END
$$;
COMMENT ON FUNCTION cdp._decided_group(bigint) IS 'Internal. The records that are decided to be one person with a record, itself first, and the decisions that lead to each.';

CREATE FUNCTION cdp._describe_decisions(decision_ids bigint[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT string_agg(format('decision %s: records %s and %s are %s%s', k.decision_id, k.record_a, k.record_b,
                             CASE k.decision WHEN 'same' THEN 'the same person' ELSE 'two people' END,
                             coalesce(' (' || k.reason || ')', '')), '; ' ORDER BY d.n) || '.'
    FROM unnest(decision_ids) WITH ORDINALITY AS d(decision_id, n) JOIN cdp_data.match_decision k USING (decision_id)
$$;
COMMENT ON FUNCTION cdp._describe_decisions(bigint[]) IS 'Internal. Decisions in words, for an error.';

CREATE FUNCTION cdp._refuse_decision(message text, decision_ids bigint[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = message,
        DETAIL = initcap(left(cdp._describe_decisions(decision_ids), 1)) || substr(cdp._describe_decisions(decision_ids), 2),
        HINT = format('Withdraw %s first: SELECT * FROM cdp.withdraw_decision(%s);', CASE WHEN cardinality(decision_ids) = 1 THEN 'it' ELSE 'one of them' END,
                      decision_ids[cardinality(decision_ids)]);
END
$$;
COMMENT ON FUNCTION cdp._refuse_decision(text, bigint[]) IS 'Internal. The error (23000) for a decision that contradicts others.';

CREATE FUNCTION cdp._lock_decisions() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM cdp._require_store();
    IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
        RAISE EXCEPTION USING ERRCODE = 'active_sql_transaction', MESSAGE = 'a decision needs the isolation level READ COMMITTED',
            DETAIL = format('This transaction is %s: it does not see what others have decided since it began, and could contradict it.', upper(current_setting('transaction_isolation'))),
            HINT = 'End the transaction and start another: BEGIN ISOLATION LEVEL READ COMMITTED;';
    END IF;
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('decisions'));
END
$$;
COMMENT ON FUNCTION cdp._lock_decisions() IS 'Internal. One decision at a time, so that each sees those it may contradict.';

-- Checks what the decision contradicts, then keeps it; the id of the one that says so already when there is one.
CREATE FUNCTION cdp._decide(record_a bigint, record_b bigint, decision text, reason text, made_with text, action_id bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    a CONSTANT bigint := least(record_a, record_b);
    b CONSTANT bigint := greatest(record_a, record_b);
    standing record;
    chain bigint[];
    new_id bigint;
BEGIN
    SELECT k.* INTO standing FROM cdp_data.match_decision k WHERE k.record_a = a AND k.record_b = b AND k.withdrawn_at IS NULL;
    IF standing.decision = decision THEN RETURN standing.decision_id; END IF;
    IF standing.decision IS NOT NULL THEN
        PERFORM cdp._refuse_decision(format('records %s and %s are decided to be %s', a, b, CASE standing.decision WHEN 'same' THEN 'the same person' ELSE 'two people' END),
                                     ARRAY[standing.decision_id]);
    END IF;
    IF decision = 'different' THEN
        SELECT g.path INTO chain FROM cdp._decided_group(a) g WHERE g.member_id = b;
        IF chain IS NOT NULL THEN
            PERFORM cdp._refuse_decision(format('records %s and %s are the same person by other decisions', a, b), chain);
        END IF;
    ELSE
        SELECT x.path || k.decision_id || y.path INTO chain
        FROM cdp._decided_group(a) x
        JOIN cdp_data.match_decision k ON k.decision = 'different' AND k.withdrawn_at IS NULL AND x.member_id IN (k.record_a, k.record_b)
        JOIN cdp._decided_group(b) y ON y.member_id = k.record_a + k.record_b - x.member_id
        ORDER BY cardinality(x.path) + cardinality(y.path), k.decision_id LIMIT 1;
        IF chain IS NOT NULL THEN
            PERFORM cdp._refuse_decision(format('records %s and %s are two people by other decisions', a, b), chain);
        END IF;
    END IF;
    INSERT INTO cdp_data.match_decision (record_a, record_b, decision, made_with, action_id, reason)
    VALUES (a, b, decision, made_with, coalesce(action_id, 0), reason) RETURNING decision_id INTO new_id;
    IF action_id IS NULL THEN
        UPDATE cdp_data.match_decision k SET action_id = new_id WHERE k.decision_id = new_id;
    END IF;
    RETURN new_id;
END
$$;
COMMENT ON FUNCTION cdp._decide(bigint, bigint, text, text, text, bigint) IS 'Internal. Keeps one decision; errors (23000) when it contradicts others.';

CREATE FUNCTION cdp._check_pair(record_a bigint, record_b bigint) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM cdp._require_record(record_a);
    PERFORM cdp._require_record(record_b);
    IF record_a = record_b THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('record %s was given twice', record_a),
            DETAIL = 'A match is between two different records.', HINT = 'Pairs that wait for a decision: SELECT * FROM cdp_data.match_review;';
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._check_pair(bigint, bigint) IS 'Internal. Errors unless these are two records.';

CREATE FUNCTION cdp.confirm_match(record_a bigint, record_b bigint, reason text DEFAULT NULL, OUT decision_id bigint, OUT effect text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    profile_a bigint;
    profile_b bigint;
BEGIN
    PERFORM cdp._lock_decisions();
    PERFORM cdp._check_pair(record_a, record_b);
    decision_id := cdp._decide(record_a, record_b, 'same', reason, 'confirm_match');
    SELECT r.profile_id INTO profile_a FROM cdp_data.record r WHERE r.record_id = record_a;
    SELECT r.profile_id INTO profile_b FROM cdp_data.record r WHERE r.record_id = record_b;
    effect := CASE
        WHEN profile_a IS NULL OR profile_b IS NULL THEN 'the next refresh gives both records to one person'
        WHEN profile_a = profile_b THEN format('they are profile %s already and stay together', profile_a)
        ELSE format('the next refresh merges profile %s (%s records) into profile %s (%s records)', greatest(profile_a, profile_b),
                    (SELECT count(*) FROM cdp_data.record r WHERE r.profile_id = greatest(profile_a, profile_b)), least(profile_a, profile_b),
                    (SELECT count(*) FROM cdp_data.record r WHERE r.profile_id = least(profile_a, profile_b))) END;
END
$$;
COMMENT ON FUNCTION cdp.confirm_match(bigint, bigint, text) IS
'Decides that two records are the same person, whatever the match engine thinks: every resolution from now on keeps them together. Gives the number of the decision and what the next refresh will do. To take effect at once: cdp.merge_profiles(). Errors: P0002 no such record, 23000 other decisions say that they are two people (named in DETAIL). Example: SELECT * FROM cdp.confirm_match(17, 4711, reason => ''called her'');';

CREATE FUNCTION cdp.reject_match(record_a bigint, record_b bigint, reason text DEFAULT NULL, OUT decision_id bigint, OUT effect text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    shared_profile bigint;
BEGIN
    PERFORM cdp._lock_decisions();
    PERFORM cdp._check_pair(record_a, record_b);
    decision_id := cdp._decide(record_a, record_b, 'different', reason, 'reject_match');
    SELECT x.profile_id INTO shared_profile FROM cdp_data.record x JOIN cdp_data.record y ON y.profile_id = x.profile_id
    WHERE x.record_id = record_a AND y.record_id = record_b;
    effect := CASE WHEN shared_profile IS NULL THEN 'they stay two people'
                   ELSE format('the next refresh splits profile %s (%s records): each of its records goes to the one it fits better', shared_profile,
                               (SELECT count(*) FROM cdp_data.record r WHERE r.profile_id = shared_profile)) END;
END
$$;
COMMENT ON FUNCTION cdp.reject_match(bigint, bigint, text) IS
'Decides that two records are two people, whatever the match engine thinks: no resolution puts them together again. Gives the number of the decision and what the next refresh will do. To take effect at once, or to say which records go: cdp.unmerge_profile(). Errors: P0002 no such record, 23000 other decisions say that they are the same person (named in DETAIL). Example: SELECT * FROM cdp.reject_match(17, 4711, reason => ''father and son'');';

CREATE FUNCTION cdp.withdraw_decision(decision_id bigint)
RETURNS TABLE (withdrawn_id bigint, record_a bigint, record_b bigint, decision text, decided_by text, reason text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    found record;
BEGIN
    PERFORM cdp._lock_decisions();
    SELECT k.* INTO found FROM cdp_data.match_decision k WHERE k.decision_id = $1;
    IF found.decision_id IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('there is no decision %s', coalesce($1::text, 'NULL')),
            DETAIL = 'Decisions vanish only with one of their records.',
            HINT = 'See those in force: SELECT * FROM cdp_data.match_decision WHERE withdrawn_at IS NULL;';
    ELSIF found.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = format('decision %s is withdrawn already', $1),
            DETAIL = format('By %s, on %s.', found.withdrawn_by, to_char(found.withdrawn_at, 'YYYY-MM-DD')),
            HINT = 'See those in force: SELECT * FROM cdp_data.match_decision WHERE withdrawn_at IS NULL;';
    END IF;
    RETURN QUERY
    UPDATE cdp_data.match_decision k SET withdrawn_at = clock_timestamp(), withdrawn_by = current_user, is_applied = false
    WHERE k.action_id = found.action_id AND k.withdrawn_at IS NULL
    RETURNING k.decision_id, k.record_a, k.record_b, k.decision, k.decided_by, k.reason;
END
$$;
COMMENT ON FUNCTION cdp.withdraw_decision(bigint) IS
'Takes a decision back, together with the others of the same call (cdp.unmerge_profile() makes several). From the next refresh the match engine is free again. One row per decision withdrawn; the rows of cdp_data.match_decision stay, marked. Errors: P0002 no such decision, 55000 withdrawn already. Example: SELECT * FROM cdp.withdraw_decision(3);';
