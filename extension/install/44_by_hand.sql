-- Whole people merged and split by hand, at once. Facts hang on records and addresses, never on profiles, so that moving
-- records moves their events and consents along; what hangs on a profile (segment membership, aliases) is seen to here.

CREATE FUNCTION cdp._lock_identity() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM cdp._require_store();
    -- In the order of cdp._resolve().
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('resolve'));
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('records'));
    PERFORM cdp._lock_decisions();
END
$$;
COMMENT ON FUNCTION cdp._lock_identity() IS 'Internal. Waits until nothing else changes who is who.';

CREATE FUNCTION cdp._withdraw_between(a bigint[], b bigint[], decision text) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    withdrawn bigint[];
BEGIN
    WITH gone AS (
        UPDATE cdp_data.match_decision k SET withdrawn_at = clock_timestamp(), withdrawn_by = current_user, is_applied = false
        WHERE k.withdrawn_at IS NULL AND k.decision = $3
          AND ((k.record_a = ANY (a) AND k.record_b = ANY (b)) OR (k.record_a = ANY (b) AND k.record_b = ANY (a)))
        RETURNING k.decision_id)
    SELECT coalesce(array_agg(g.decision_id ORDER BY g.decision_id), '{}') INTO withdrawn FROM gone g;
    RETURN withdrawn;
END
$$;
COMMENT ON FUNCTION cdp._withdraw_between(bigint[], bigint[], text) IS 'Internal. Withdraws the decisions of a kind between two sets of records; returns their numbers.';

-- Marks the pairs across two sets of records. Looks up |a| x |b| pairs.
CREATE FUNCTION cdp._mark_edges(a bigint[], b bigint[], are_merged boolean) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    UPDATE cdp_data.match_edge e SET is_merged = are_merged
    FROM unnest(a) x, unnest(b) y
    WHERE e.record_a = least(x, y) AND e.record_b = greatest(x, y) AND e.is_merged <> are_merged
$$;
COMMENT ON FUNCTION cdp._mark_edges(bigint[], bigint[], boolean) IS 'Internal. Notes for the pairs across two sets of records whether they are one person now.';

-- The profiles are put together again from the records they have now; a visitor is one of whom only devices are known.
CREATE FUNCTION cdp._rebuild(profile_ids bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE cdp_data.profile f SET built_at = '-infinity',
        status = CASE WHEN EXISTS (SELECT FROM cdp_data.record r WHERE r.profile_id = f.profile_id AND cdp._is_matchable(r.record_id)) THEN 'active' ELSE 'anonymous' END
    WHERE f.profile_id = ANY (profile_ids);
    PERFORM cdp._build_profiles(profile_ids);
END
$$;
COMMENT ON FUNCTION cdp._rebuild(bigint[]) IS 'Internal. Builds profiles anew after records have moved by hand.';

CREATE FUNCTION cdp._merge_by_hand(survivor bigint, gone bigint, reason text, OUT decision_id bigint, OUT moved bigint, OUT withdrawn bigint[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    records_stay CONSTANT bigint[] := ARRAY(SELECT r.record_id FROM cdp_data.record r WHERE r.profile_id = survivor ORDER BY r.record_id);
    records_come CONSTANT bigint[] := ARRAY(SELECT r.record_id FROM cdp_data.record r WHERE r.profile_id = gone ORDER BY r.record_id);
    pair record;
BEGIN
    withdrawn := cdp._withdraw_between(records_stay, records_come, 'different');
    -- One decision, about the likeliest pair, joins the two: the rest of each holds together by itself.
    SELECT x AS a, y AS b INTO pair FROM unnest(records_stay) x, unnest(records_come) y
    LEFT JOIN LATERAL (SELECT e.probability FROM cdp_data.match_edge e WHERE e.record_a = least(x, y) AND e.record_b = greatest(x, y)) AS e ON true
    ORDER BY e.probability DESC NULLS LAST, x, y LIMIT 1;
    IF pair.a IS NOT NULL THEN decision_id := cdp._decide(pair.a, pair.b, 'same', reason, 'merge_profiles'); END IF;
    moved := cardinality(records_come);
    INSERT INTO cdp_data.identity_change (change, profile_id, other_profile_id, record_ids, evidence, reason)
    VALUES ('merged', survivor, gone, records_come, 'by hand', reason);
    INSERT INTO cdp_data.profile_alias (profile_id, survivor_id) VALUES (gone, survivor)
    ON CONFLICT (profile_id) DO UPDATE SET survivor_id = EXCLUDED.survivor_id, merged_at = now();
    UPDATE cdp_data.profile_alias a SET survivor_id = survivor WHERE a.survivor_id = gone;
    UPDATE cdp_data.record r SET profile_id = survivor WHERE r.profile_id = gone;
    INSERT INTO cdp_data.segment_change (segment_id, profile_id, change, changed_at)
    SELECT m.segment_id, m.profile_id, 'left', now() FROM cdp_data.segment_member m WHERE m.profile_id = gone ORDER BY m.segment_id;
    DELETE FROM cdp_data.profile f WHERE f.profile_id = gone;
    PERFORM cdp._mark_edges(records_stay, records_come, true);
    PERFORM cdp._rebuild(ARRAY[survivor]);
    PERFORM cdp._refresh_few_households(ARRAY[survivor, gone]);
END
$$;
COMMENT ON FUNCTION cdp._merge_by_hand(bigint, bigint, text) IS 'Internal. The merge itself.';

CREATE FUNCTION cdp.merge_profiles(profile_a bigint, profile_b bigint, reason text DEFAULT NULL, dry_run boolean DEFAULT false,
    OUT profile_id bigint, OUT merged_id bigint, OUT records_moved bigint, OUT decision_id bigint, OUT withdrawn bigint[], OUT effect text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    PERFORM cdp._lock_identity();
    profile_id := least(cdp._require_profile(profile_a), cdp._require_profile(profile_b));
    merged_id := greatest(cdp._require_profile(profile_a), cdp._require_profile(profile_b));
    IF profile_id = merged_id THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s and %s are the same person already', profile_a, profile_b),
            DETAIL = format('Both are profile %s.', profile_id), HINT = format('See how it came to be: SELECT * FROM cdp.identity_history(%s);', profile_id);
    END IF;
    -- A dry run does everything and takes it back.
    BEGIN
        SELECT d.decision_id, d.moved, d.withdrawn INTO decision_id, records_moved, withdrawn FROM cdp._merge_by_hand(profile_id, merged_id, reason) d;
        effect := format('profile %s is part of profile %s now%s', merged_id, profile_id,
                         CASE WHEN cardinality(withdrawn) > 0 THEN format(', %s decisions that they are two people are withdrawn', cardinality(withdrawn)) ELSE '' END);
        IF dry_run THEN RAISE EXCEPTION USING ERRCODE = 'CDPDR'; END IF;
    EXCEPTION WHEN SQLSTATE 'CDPDR' THEN
        decision_id := NULL;
        effect := format('dry run, nothing was changed: profile %s would become part of profile %s, with %s records', merged_id, profile_id, records_moved);
    END;
END
$$;
COMMENT ON FUNCTION cdp.merge_profiles(bigint, bigint, text, boolean) IS
'Makes two people one, at once and in every later resolution. The older id lives, the other becomes its alias; the golden record is built anew, the vanished profile leaves its segments, the other''s are looked at by the next refresh. withdrawn: decisions that the two were different, which this call replaces. dry_run shows what would happen. Undo: cdp.unmerge_profile(). Waits for a running resolution. Errors: P0002 no such profile, 22023 the same person already, 23000 decisions about other records contradict it (named in DETAIL). Example: SELECT * FROM cdp.merge_profiles(42, 97, reason => ''same passport'');';

-- The former profile that most of a part came from by a merge, when it is free to live again.
CREATE FUNCTION cdp._former_profile(profile_id bigint, part bigint[], rest bigint[]) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.profile_id
    FROM cdp_data.profile_alias a
    JOIN cdp_data.identity_change h ON h.other_profile_id = a.profile_id AND h.change = 'merged',
    LATERAL (SELECT count(*) FILTER (WHERE n = ANY (part)) AS here, count(*) FILTER (WHERE n = ANY (rest)) AS there FROM unnest(h.record_ids) n) AS v
    WHERE a.survivor_id = _former_profile.profile_id AND v.here > v.there
      AND NOT EXISTS (SELECT FROM cdp_data.profile f WHERE f.profile_id = a.profile_id)
    ORDER BY v.here DESC, h.change_id DESC LIMIT 1
$$;
COMMENT ON FUNCTION cdp._former_profile(bigint, bigint[], bigint[]) IS 'Internal. Which alias of a profile a part of its records was before, NULL when none.';

CREATE FUNCTION cdp._unmerge_by_hand(profile_id bigint, part bigint[], rest bigint[], reason text, OUT kept_by_part boolean, OUT new_id bigint, OUT withdrawn bigint[], OUT decisions bigint[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    chain bigint[];
    leaving bigint[];
BEGIN
    withdrawn := cdp._withdraw_between(part, rest, 'same');
    SELECT g.path INTO chain FROM cdp._records_decided_same() d CROSS JOIN LATERAL cdp._decided_group(d.record_id) g
    WHERE d.record_id = ANY (part) AND g.member_id = ANY (rest) ORDER BY cardinality(g.path), g.path LIMIT 1;
    IF chain IS NOT NULL THEN
        PERFORM cdp._refuse_decision('the two parts are one person by decisions about records outside of the profile', chain);
    END IF;
    WITH made AS (
        INSERT INTO cdp_data.match_decision (record_a, record_b, decision, made_with, action_id, reason)
        SELECT least(x, y), greatest(x, y), 'different', 'unmerge_profile', 0, reason FROM unnest(part) x, unnest(rest) y ORDER BY 1, 2
        ON CONFLICT (record_a, record_b) WHERE withdrawn_at IS NULL DO NOTHING
        RETURNING match_decision.decision_id)
    SELECT array_agg(m.decision_id ORDER BY m.decision_id) INTO decisions FROM made m;
    UPDATE cdp_data.match_decision k SET action_id = decisions[1] WHERE k.decision_id = ANY (decisions);
    -- A part that was a profile of its own becomes that again; else the larger part keeps the id, of equal ones the older.
    new_id := cdp._former_profile(profile_id, part, rest);
    kept_by_part := false;
    IF new_id IS NULL THEN
        new_id := cdp._former_profile(profile_id, rest, part);
        kept_by_part := new_id IS NOT NULL OR cardinality(part) > cardinality(rest) OR (cardinality(part) = cardinality(rest) AND part[1] < rest[1]);
    END IF;
    leaving := CASE WHEN kept_by_part THEN rest ELSE part END;
    IF new_id IS NULL THEN
        new_id := nextval('cdp_data.profile_profile_id_seq');
    ELSE
        -- With the ids that were its aliases.
        WITH RECURSIVE older AS (
            SELECT new_id AS id
            UNION SELECT h.other_profile_id FROM older o JOIN cdp_data.identity_change h ON h.profile_id = o.id AND h.change = 'merged')
        UPDATE cdp_data.profile_alias a SET survivor_id = new_id
        FROM older o WHERE a.profile_id = o.id AND a.survivor_id = profile_id AND a.profile_id <> new_id;
        DELETE FROM cdp_data.profile_alias a WHERE a.profile_id = new_id;
    END IF;
    INSERT INTO cdp_data.profile (profile_id) VALUES (new_id);
    INSERT INTO cdp_data.identity_change (change, profile_id, other_profile_id, record_ids, evidence, reason)
    VALUES ('split', profile_id, new_id, leaving, 'by hand', reason);
    UPDATE cdp_data.record r SET profile_id = new_id WHERE r.record_id = ANY (leaving);
    PERFORM cdp._mark_edges(part, rest, false);
    PERFORM cdp._rebuild(ARRAY[profile_id, new_id]);
    PERFORM cdp._refresh_few_households(ARRAY[profile_id, new_id]);
END
$$;
COMMENT ON FUNCTION cdp._unmerge_by_hand(bigint, bigint[], bigint[], text) IS 'Internal. The split itself.';

CREATE FUNCTION cdp.unmerge_profile(profile bigint, records bigint[], reason text DEFAULT NULL, dry_run boolean DEFAULT false,
    OUT profile_id bigint, OUT new_profile_id bigint, OUT records_moved bigint, OUT decisions bigint, OUT withdrawn bigint[], OUT effect text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    part CONSTANT bigint[] := ARRAY(SELECT DISTINCT n FROM unnest(records) n ORDER BY n);
    rest bigint[];
    strange bigint;
    done record;
BEGIN
    PERFORM cdp._lock_identity();
    profile_id := cdp._require_profile(profile);
    rest := ARRAY(SELECT r.record_id FROM cdp_data.record r WHERE r.profile_id = unmerge_profile.profile_id AND r.record_id <> ALL (part) ORDER BY r.record_id);
    SELECT n INTO strange FROM unnest(part) n
    WHERE NOT EXISTS (SELECT FROM cdp_data.record r WHERE r.record_id = n AND r.profile_id = unmerge_profile.profile_id) LIMIT 1;
    IF cardinality(part) = 0 OR FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = CASE WHEN cardinality(part) = 0 THEN 'no records were named' ELSE format('record %s is none of profile %s', coalesce(strange::text, 'NULL'), profile_id) END,
            DETAIL = format('Profile %s has %s records.', profile_id, (SELECT count(*) FROM cdp_data.record r WHERE r.profile_id = unmerge_profile.profile_id)),
            HINT = format('See its records: SELECT * FROM cdp.profile_records(%s);', profile_id);
    ELSIF cardinality(rest) = 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('profile %s has no other records', profile_id),
            DETAIL = format('It has %s, and all of them were named.', cardinality(part)),
            HINT = 'Name only those of them that are somebody else.';
    ELSIF cardinality(part)::bigint * cardinality(rest) > 100000 THEN
        RAISE EXCEPTION USING ERRCODE = 'program_limit_exceeded', MESSAGE = format('%s records cannot be split from %s others by hand', cardinality(part), cardinality(rest)),
            DETAIL = 'Every pair across the two becomes a decision, 100,000 at most.',
            HINT = 'A person of so many records has a value that many people share. Find it: SELECT email, phone, count(*) FROM cdp.profile_records(…) GROUP BY 1, 2 ORDER BY 3 DESC; and say so: SELECT cdp.add_junk_value(…);';
    END IF;
    BEGIN
        SELECT * INTO done FROM cdp._unmerge_by_hand(profile_id, part, rest, reason);
        new_profile_id := done.new_id;
        withdrawn := done.withdrawn;
        decisions := coalesce(cardinality(done.decisions), 0);
        records_moved := cardinality(CASE WHEN done.kept_by_part THEN rest ELSE part END);
        effect := format('the records named are profile %s now, the %s others profile %s%s', CASE WHEN done.kept_by_part THEN profile_id ELSE new_profile_id END,
                         cardinality(rest), CASE WHEN done.kept_by_part THEN new_profile_id ELSE profile_id END,
                         CASE WHEN cardinality(withdrawn) > 0 THEN format('; %s decisions that they are the same person are withdrawn', cardinality(withdrawn)) ELSE '' END);
        IF dry_run THEN RAISE EXCEPTION USING ERRCODE = 'CDPDR'; END IF;
    EXCEPTION WHEN SQLSTATE 'CDPDR' THEN
        effect := format('dry run, nothing was changed: %s records would leave profile %s, with %s decisions', records_moved, profile_id, decisions);
        new_profile_id := NULL;
    END;
END
$$;
COMMENT ON FUNCTION cdp.unmerge_profile(bigint, bigint[], text, boolean) IS
'Splits the records named off into a person of their own, at once and in every later resolution. A part that was merged into the profile before gets its old id back; else the larger part keeps the id and the other gets a new one. Both golden records are built anew; segments are looked at by the next refresh. decisions: how many were stored, one for each pair across the parts (cdp.withdraw_decision() of one takes all back); withdrawn: decisions that they were the same person, which this call replaces. dry_run shows what would happen. Events go with their records, consents with their address or record. Waits for a running resolution. Errors: P0002 no such profile, 22023 records of another profile or all of them, 23000 decisions about other records contradict it, 54000 more than 100,000 pairs. Example: SELECT * FROM cdp.unmerge_profile(42, ARRAY[17, 18], reason => ''father and son'');';
