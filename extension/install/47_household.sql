-- People who live together: from pairs of records to links between people, and from links to households. Nobody is merged
-- because of it, and nothing of what one person decided (consent) is another's.

CREATE FUNCTION cdp._group_households(profile_a bigint[], profile_b bigint[], order_a bigint[], order_b bigint[], log_odds float8[], max_people int,
    OUT profile_id bigint, OUT first_id bigint)
RETURNS SETOF record
LANGUAGE c IMMUTABLE STRICT COST 10000 ROWS 100
AS 'MODULE_PATHNAME', 'cdp_group_households';
COMMENT ON FUNCTION cdp._group_households(bigint[], bigint[], bigint[], bigint[], float8[], int) IS
'Internal. Groups people by the links between them (profile_a[i], profile_b[i], bits log_odds[i]), the surest first; order_a[i] and order_b[i] are a hash of each that decides between equals. Two groups are joined only when more than half of the pairs across them are linked and no more than max_people become one. One row per person of a group of two and more. Errors: 2202E arrays of different length, 53200 over cdp.memory_limit.';

-- Of all people (NULL), or of those named.
CREATE FUNCTION cdp._home_pairs(profiles bigint[], OUT a bigint[], OUT b bigint[], OUT probability float8[], OUT by_address boolean[], OUT by_phone boolean[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET enable_hashjoin = on AS $$
#variable_conflict use_column
BEGIN
    -- By index; the planner would rather read all pairs several times.
    IF cardinality(profiles) <= 50000 THEN PERFORM set_config('enable_hashjoin', 'off', true); END IF;
    IF profiles IS NULL THEN
        SELECT array_agg(e.record_a), array_agg(e.record_b), array_agg(e.probability), array_agg(e.levels[6] IN (1, 2)), array_agg(e.levels[5] = 1)
        INTO a, b, probability, by_address, by_phone
        FROM (SELECT h.record_a, h.record_b, h.probability, h.levels FROM cdp_data.household_edge h
              UNION ALL SELECT m.record_a, m.record_b, m.household, m.levels FROM cdp_data.match_edge m WHERE m.household >= 0.5 AND NOT m.is_merged) AS e;
    ELSE
        SELECT array_agg(e.record_a), array_agg(e.record_b), array_agg(e.probability), array_agg(e.levels[6] IN (1, 2)), array_agg(e.levels[5] = 1)
        INTO a, b, probability, by_address, by_phone
        FROM (WITH own AS MATERIALIZED (SELECT r.record_id FROM unnest(profiles) AS n(id) JOIN cdp_data.record r ON r.profile_id = n.id)
              SELECT h.record_a, h.record_b, h.probability, h.levels FROM own o JOIN cdp_data.household_edge h ON h.record_a = o.record_id
              UNION SELECT h.record_a, h.record_b, h.probability, h.levels FROM own o JOIN cdp_data.household_edge h ON h.record_b = o.record_id
              UNION SELECT m.record_a, m.record_b, m.household, m.levels FROM own o JOIN cdp_data.match_edge m ON m.record_a = o.record_id WHERE m.household >= 0.5 AND NOT m.is_merged
              UNION SELECT m.record_a, m.record_b, m.household, m.levels FROM own o JOIN cdp_data.match_edge m ON m.record_b = o.record_id WHERE m.household >= 0.5 AND NOT m.is_merged) AS e;
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._home_pairs(bigint[]) IS 'Internal. Pairs of records that share a home and are no link between records of one person, of all people or with one of those named.';

-- Addresses of too many people. Returns whom else the new ones concern.
CREATE FUNCTION cdp._note_crowded_homes(profiles bigint[], max_people int) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_hashjoin = on AS $$
#variable_conflict use_column
DECLARE
    homes bigint[];
    more bigint[];
BEGIN
    IF profiles IS NULL THEN
        DELETE FROM cdp_data.crowded_home c WHERE c.people <= max_people; -- The limit was raised.
        INSERT INTO cdp_data.crowded_home (home, people)
        SELECT h.home, count(DISTINCT r.profile_id)
        FROM (SELECT hashtextextended(m.street || E'\n' || coalesce(m.postal_code, m.city, ''), 0) AS home
              FROM cdp_data.match_record m WHERE m.street IS NOT NULL GROUP BY 1 HAVING count(*) > max_people) AS h
        JOIN cdp_data.match_record m ON m.street IS NOT NULL AND hashtextextended(m.street || E'\n' || coalesce(m.postal_code, m.city, ''), 0) = h.home
        JOIN cdp_data.record r ON r.record_id = m.record_id
        GROUP BY h.home HAVING count(DISTINCT r.profile_id) > max_people
        ON CONFLICT DO NOTHING;
        RETURN NULL;
    END IF;
    -- How few records have a home is beyond the planner's statistics.
    PERFORM set_config('enable_hashjoin', 'off', true);
    WITH home AS MATERIALIZED (
        SELECT DISTINCT hashtextextended(m.street || E'\n' || coalesce(m.postal_code, m.city, ''), 0) AS home
        FROM unnest(profiles) AS n(id) JOIN cdp_data.record r ON r.profile_id = n.id JOIN cdp_data.match_record m ON m.record_id = r.record_id WHERE m.street IS NOT NULL),
    known AS (
        -- Records are counted by the index before people are.
        SELECT h.home FROM home h
        WHERE NOT EXISTS (SELECT FROM cdp_data.crowded_home c WHERE c.home = h.home)
          AND (SELECT count(*) FROM (SELECT FROM cdp_data.match_record m WHERE m.street IS NOT NULL
                                       AND hashtextextended(m.street || E'\n' || coalesce(m.postal_code, m.city, ''), 0) = h.home LIMIT max_people + 1) AS few) > max_people),
    noted AS (
        INSERT INTO cdp_data.crowded_home (home, people)
        SELECT h.home, count(DISTINCT r.profile_id)
        FROM known h JOIN cdp_data.match_record m ON m.street IS NOT NULL AND hashtextextended(m.street || E'\n' || coalesce(m.postal_code, m.city, ''), 0) = h.home
        JOIN cdp_data.record r ON r.record_id = m.record_id
        GROUP BY h.home HAVING count(DISTINCT r.profile_id) > max_people
        RETURNING home)
    SELECT array_agg(n.home) INTO homes FROM noted n;
    IF homes IS NULL THEN RETURN '{}'; END IF;
    RETURN ARRAY(SELECT DISTINCT r.profile_id FROM unnest(homes) AS h(home)
                 JOIN cdp_data.match_record m ON m.street IS NOT NULL AND hashtextextended(m.street || E'\n' || coalesce(m.postal_code, m.city, ''), 0) = h.home
                 JOIN cdp_data.record r ON r.record_id = m.record_id WHERE r.profile_id IS NOT NULL);
END
$$;
COMMENT ON FUNCTION cdp._note_crowded_homes(bigint[], int) IS 'Internal. Adds the addresses of the people named, or of all (NULL), that more than max_people people have to cdp_data.crowded_home; returns everybody at the new ones.';

-- Odds are pooled as the mean over all pairs of records of the two that know a home, those that were not found likely at
-- nothing: a mean of likelihood ratios is one whatever their dependence, and one weak pair among many says little.
CREATE FUNCTION cdp._link_people(a bigint[], b bigint[], probability float8[], by_address boolean[], by_phone boolean[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    any_crowded CONSTANT boolean := EXISTS (SELECT FROM cdp_data.crowded_home);
BEGIN
    WITH pair AS MATERIALIZED (
        SELECT least(x.profile_id, y.profile_id) AS profile_a, greatest(x.profile_id, y.profile_id) AS profile_b,
               CASE WHEN x.profile_id < y.profile_id THEN p.a ELSE p.b END AS record_a, CASE WHEN x.profile_id < y.profile_id THEN p.b ELSE p.a END AS record_b,
               p.probability, p.by_phone,
               p.by_address AND NOT (any_crowded AND EXISTS (
                   SELECT FROM cdp_data.match_record m JOIN cdp_data.crowded_home c ON c.home = hashtextextended(m.street || E'\n' || coalesce(m.postal_code, m.city, ''), 0)
                   WHERE m.record_id IN (p.a, p.b) AND m.street IS NOT NULL)) AS by_address,
               CASE WHEN x.profile_id < y.profile_id THEN coalesce(x.source_updated_at, x.created_at) ELSE coalesce(y.source_updated_at, y.created_at) END AS time_a,
               CASE WHEN x.profile_id < y.profile_id THEN coalesce(y.source_updated_at, y.created_at) ELSE coalesce(x.source_updated_at, x.created_at) END AS time_b
        FROM unnest(_link_people.a, _link_people.b, _link_people.probability, _link_people.by_address, _link_people.by_phone) AS p(a, b, probability, by_address, by_phone)
        JOIN cdp_data.record x ON x.record_id = p.a JOIN cdp_data.record y ON y.record_id = p.b
        WHERE x.profile_id <> y.profile_id),
    link AS MATERIALIZED (
        SELECT p.profile_a, p.profile_b, count(*) AS record_pairs,
               sum(p.probability / greatest(1 - p.probability, 1e-6) ORDER BY p.probability) AS odds,
               bool_or(p.by_address) AS by_address, bool_or(p.by_phone) AS by_phone, min(greatest(p.time_a, p.time_b)) AS since,
               max(p.time_a) AS last_a, max(p.time_b) AS last_b,
               (array_agg(p.record_a ORDER BY p.time_a DESC, p.record_a DESC) FILTER (WHERE p.by_address))[1] AS home_a,
               (array_agg(p.record_b ORDER BY p.time_b DESC, p.record_b DESC) FILTER (WHERE p.by_address))[1] AS home_b
        FROM pair p WHERE p.by_address OR p.by_phone GROUP BY p.profile_a, p.profile_b),
    person AS MATERIALIZED (
        SELECT r.profile_id, count(*) AS records
        FROM (SELECT l.profile_a AS id FROM link l UNION SELECT l.profile_b FROM link l) AS n
        JOIN cdp_data.record r ON r.profile_id = n.id JOIN cdp_data.match_record m ON m.record_id = r.record_id
        WHERE m.street IS NOT NULL OR m.phone_key IS NOT NULL GROUP BY r.profile_id),
    side AS (
        SELECT l.profile_a, l.profile_b, l.profile_a AS profile_id, l.home_a AS home, l.last_a AS last FROM link l WHERE l.home_a IS NOT NULL
        UNION ALL SELECT l.profile_a, l.profile_b, l.profile_b, l.home_b, l.last_b FROM link l WHERE l.home_b IS NOT NULL),
    -- Who was known at another address later has left; another spelling is no other address.
    elsewhere AS MATERIALIZED (
        SELECT d.profile_a, d.profile_b, min(d.at) AS at, bool_or(d.profile_id = d.profile_a) AS left_by_a, bool_or(d.profile_id = d.profile_b) AS left_by_b
        FROM (SELECT s.profile_a, s.profile_b, s.profile_id, s.home, r.record_id, coalesce(r.source_updated_at, r.created_at) AS at
              FROM side s JOIN cdp_data.record r ON r.profile_id = s.profile_id AND coalesce(r.source_updated_at, r.created_at) > s.last) AS d
        JOIN cdp_data.match_record m ON m.record_id = d.record_id AND m.street IS NOT NULL
        JOIN cdp_data.match_record h ON h.record_id = d.home
        WHERE (cdp._compare_records(ARRAY[NULL, NULL, NULL, NULL, NULL, h.street, h.city, h.postal_code, NULL, NULL],
                                    ARRAY[NULL, NULL, NULL, NULL, NULL, m.street, m.city, m.postal_code, NULL, NULL]))[6] IN (4, 7, 8)
        GROUP BY d.profile_a, d.profile_b)
    INSERT INTO cdp_data.household_link (profile_a, profile_b, probability, record_pairs, by_address, by_phone, since, until, left_by_a, left_by_b)
    SELECT l.profile_a, l.profile_b, l.odds / (l.odds + x.records * y.records), l.record_pairs, l.by_address, l.by_phone, l.since,
           greatest(e.at, CASE WHEN e.at IS NOT NULL THEN l.since END), coalesce(e.left_by_a, false), coalesce(e.left_by_b, false)
    FROM link l JOIN person x ON x.profile_id = l.profile_a JOIN person y ON y.profile_id = l.profile_b
    LEFT JOIN elsewhere e ON e.profile_a = l.profile_a AND e.profile_b = l.profile_b
    WHERE l.odds >= x.records * y.records;
END
$$;
COMMENT ON FUNCTION cdp._link_people(bigint[], bigint[], float8[], boolean[], boolean[]) IS 'Internal. Makes rows of cdp_data.household_link from pairs of records; those that are there already must be gone.';

-- Along links to everybody whose household can change when those of the people given do.
CREATE FUNCTION cdp._reachable_people(profiles bigint[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
#variable_conflict use_variable
DECLARE
    reached bigint[] := '{}';
    frontier bigint[] := profiles;
BEGIN
    WHILE frontier IS NOT NULL LOOP
        reached := reached || frontier;
        SELECT array_agg(n.id) INTO frontier
        FROM (SELECT l.profile_b AS id FROM unnest(frontier) AS f(id) JOIN cdp_data.household_link l ON l.profile_a = f.id
              UNION SELECT l.profile_a FROM unnest(frontier) AS f(id) JOIN cdp_data.household_link l ON l.profile_b = f.id
              EXCEPT SELECT unnest(reached)) AS n;
    END LOOP;
    RETURN reached;
END
$$;
COMMENT ON FUNCTION cdp._reachable_people(bigint[]) IS 'Internal. The people given and all that links connect them with.';

-- The households of all people (NULL), or of those named, which must be all that links connect. Ids are stable: a household
-- stays with most of its people (then with the oldest), and of several in one group the oldest lives on.
CREATE FUNCTION cdp._apply_households(profiles bigint[], max_people int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    link record;
    current record;
    member record;
    chosen record;
BEGIN
    IF profiles IS NULL THEN
        SELECT array_agg(l.profile_a) AS a, array_agg(l.profile_b) AS b, array_agg(l.probability) AS probability, array_agg(l.since) AS since, array_agg(l.until) AS until,
               array_agg(l.left_by_a) AS left_by_a, array_agg(l.left_by_b) AS left_by_b, array_agg(l.until IS NULL) AS is_current INTO link FROM cdp_data.household_link l;
    ELSE
        SELECT array_agg(l.profile_a) AS a, array_agg(l.profile_b) AS b, array_agg(l.probability) AS probability, array_agg(l.since) AS since, array_agg(l.until) AS until,
               array_agg(l.left_by_a) AS left_by_a, array_agg(l.left_by_b) AS left_by_b, array_agg(l.until IS NULL) AS is_current INTO link
        FROM unnest(profiles) AS n(id) JOIN cdp_data.household_link l ON l.profile_a = n.id;
    END IF;
    WITH l AS MATERIALIZED (
        SELECT l.profile_a, l.profile_b, ln(l.probability / greatest(1 - l.probability, 1e-12)) AS odds
        FROM unnest(link.a, link.b, link.probability, link.is_current) AS l(profile_a, profile_b, probability, is_current) WHERE l.is_current),
    person AS MATERIALIZED (
        SELECT r.profile_id, min(m.order_key) AS first_order
        FROM (SELECT l.profile_a AS id FROM l UNION SELECT l.profile_b FROM l) AS n
        JOIN cdp_data.record r ON r.profile_id = n.id JOIN cdp_data.match_record m ON m.record_id = r.record_id GROUP BY r.profile_id)
    SELECT coalesce(array_agg(l.profile_a), '{}') AS a, coalesce(array_agg(l.profile_b), '{}') AS b, coalesce(array_agg(l.odds), '{}') AS odds,
           coalesce(array_agg(x.first_order), '{}') AS order_a, coalesce(array_agg(y.first_order), '{}') AS order_b
    INTO current
    FROM l JOIN person x ON x.profile_id = l.profile_a JOIN person y ON y.profile_id = l.profile_b;
    SELECT coalesce(array_agg(g.profile_id), '{}') AS id, coalesce(array_agg(g.first_id), '{}') AS first INTO member
    FROM cdp._group_households(current.a, current.b, current.order_a, current.order_b, current.odds, max_people) g;
    -- Which household each group is.
    WITH g AS MATERIALIZED (SELECT u.id, u.first FROM unnest(member.id, member.first) AS u(id, first)),
    vote AS (
        SELECT m.household_id, g.first, count(*) AS votes, min(g.id) AS oldest
        FROM g JOIN cdp_data.household_member m ON m.profile_id = g.id AND m.until IS NULL GROUP BY m.household_id, g.first),
    home AS (SELECT DISTINCT ON (v.household_id) v.household_id, v.first FROM vote v ORDER BY v.household_id, v.votes DESC, v.oldest),
    heir AS (SELECT h.first, min(h.household_id) AS household_id FROM home h GROUP BY h.first),
    household AS MATERIALIZED (
        SELECT k.first, h.household_id IS NULL AS is_new, coalesce(h.household_id, nextval('cdp_data.household_household_id_seq')) AS household_id
        FROM (SELECT g.first, min(g.id) AS oldest FROM g GROUP BY g.first ORDER BY 2) AS k LEFT JOIN heir h USING (first))
    SELECT coalesce(array_agg(k.first), '{}') AS first, coalesce(array_agg(k.household_id), '{}') AS id, coalesce(array_agg(k.household_id) FILTER (WHERE k.is_new), '{}') AS created
    INTO chosen FROM household k;
    IF profiles IS NULL THEN
        DELETE FROM cdp_data.household_member;
        DELETE FROM cdp_data.household h WHERE NOT EXISTS (SELECT FROM unnest(chosen.id) AS k(id) WHERE k.id = h.household_id);
    ELSE
        WITH gone AS (DELETE FROM cdp_data.household_member m USING unnest(profiles) AS n(id) WHERE m.profile_id = n.id RETURNING m.household_id)
        DELETE FROM cdp_data.household h USING (SELECT DISTINCT g.household_id FROM gone g) AS g
        WHERE h.household_id = g.household_id AND h.household_id <> ALL (chosen.id);
    END IF;
    INSERT INTO cdp_data.household (household_id) SELECT n FROM unnest(chosen.created) n;
    WITH lives AS MATERIALIZED (
        SELECT k.household_id, u.id AS profile_id FROM unnest(member.id, member.first) AS u(id, first) JOIN unnest(chosen.first, chosen.id) AS k(first, household_id) USING (first)),
    l AS MATERIALIZED (
        SELECT * FROM unnest(link.a, link.b, link.probability, link.since, link.until, link.left_by_a, link.left_by_b) AS l(a, b, probability, since, until, left_by_a, left_by_b)),
    side AS MATERIALIZED (
        SELECT l.a AS profile_id, l.b AS other_id, l.probability, l.since, l.until, l.left_by_a AS has_left FROM l
        UNION ALL SELECT l.b, l.a, l.probability, l.since, l.until, l.left_by_b FROM l)
    INSERT INTO cdp_data.household_member (household_id, profile_id, probability, since, until)
    SELECT o.household_id, s.profile_id, max(s.probability), min(s.since), NULL
    FROM side s JOIN lives v USING (profile_id) JOIN lives o ON o.profile_id = s.other_id AND o.household_id = v.household_id
    WHERE s.until IS NULL GROUP BY o.household_id, s.profile_id
    UNION ALL
    -- Who has left it.
    SELECT o.household_id, s.profile_id, max(s.probability), min(s.since), max(s.until)
    FROM side s JOIN lives o ON o.profile_id = s.other_id
    WHERE s.has_left AND s.until IS NOT NULL AND NOT EXISTS (SELECT FROM lives v WHERE v.profile_id = s.profile_id AND v.household_id = o.household_id)
    GROUP BY o.household_id, s.profile_id;
END
$$;
COMMENT ON FUNCTION cdp._apply_households(bigint[], int) IS 'Internal. Groups people by the links between them and gives every group its household.';

-- Households of the people named, or of all (NULL).
CREATE FUNCTION cdp._refresh_households(profiles bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off AS $$
#variable_conflict use_variable
DECLARE
    max_people CONSTANT int := cdp._setting('household_max_people')::int;
    touched bigint[] := profiles;
    partners bigint[];
    pair record;
BEGIN
    IF profiles IS NULL THEN
        -- Whose profiles have just been given; without it the planner takes them for unknown.
        ANALYZE cdp_data.record (profile_id);
        PERFORM cdp._note_crowded_homes(NULL, max_people);
        TRUNCATE cdp_data.household_link;
    ELSE
        touched := ARRAY(SELECT n FROM unnest(profiles || cdp._note_crowded_homes(profiles, max_people)) n WHERE n IS NOT NULL GROUP BY n);
        WITH gone AS (DELETE FROM cdp_data.household_link l WHERE l.profile_a = ANY (touched) OR l.profile_b = ANY (touched) RETURNING l.profile_a, l.profile_b)
        SELECT array_agg(g.profile_a) || array_agg(g.profile_b) INTO partners FROM gone g;
    END IF;
    pair := cdp._home_pairs(touched);
    IF pair.a IS NOT NULL THEN
        PERFORM cdp._link_people(pair.a, pair.b, pair.probability, pair.by_address, pair.by_phone);
    ELSIF profiles IS NOT NULL AND partners IS NULL AND NOT EXISTS (SELECT FROM cdp_data.household_member m WHERE m.profile_id = ANY (touched)) THEN
        RETURN; -- They live alone, and did before.
    END IF;
    IF profiles IS NULL THEN
        ANALYZE cdp_data.household_link;
        PERFORM cdp._apply_households(NULL, max_people);
        ANALYZE cdp_data.household_member;
    ELSE
        PERFORM cdp._apply_households(cdp._reachable_people(ARRAY(SELECT n FROM unnest(touched || partners) n GROUP BY n)), max_people);
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._refresh_households(bigint[]) IS 'Internal. Who lives with whom now, for the people named (also those who are gone) and everybody they live or lived with, or for all (NULL). Resolution calls it when it knows who is who.';

CREATE FUNCTION cdp.household_of(profile_id bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM cdp._require_store();
    RETURN (SELECT m.household_id FROM cdp_data.household_member m WHERE m.profile_id = cdp._require_profile($1) AND m.until IS NULL);
END
$$;
COMMENT ON FUNCTION cdp.household_of(bigint) IS
'The household that a person lives in as far as the records tell, NULL when nobody is known to live with them. Ids are stable: a household keeps its id with most of its people. An id that was merged into another stands for that person. Nothing that one member agreed to, or refused, holds for another. Error: P0002 no such profile. Example: SELECT cdp.household_of(42);';

CREATE FUNCTION cdp.household_members(profile bigint DEFAULT NULL, household bigint DEFAULT NULL)
RETURNS TABLE (household_id bigint, profile_id bigint, probability numeric, since timestamptz, until timestamptz, why text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    home bigint := $2;
BEGIN
    PERFORM cdp._require_store();
    IF ($1 IS NULL) = ($2 IS NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'household_members wants a person or a household',
            DETAIL = CASE WHEN $1 IS NULL THEN 'Neither was given.' ELSE 'Both were given.' END,
            HINT = 'For example: SELECT * FROM cdp.household_members(42); or SELECT * FROM cdp.household_members(household => 7);';
    ELSIF $1 IS NOT NULL THEN
        home := cdp.household_of($1);
    ELSIF NOT EXISTS (SELECT FROM cdp_data.household h WHERE h.household_id = home) THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('there is no household %s', home),
            DETAIL = 'A household exists while two people or more are known to live together.',
            HINT = 'Ask for that of a person: SELECT cdp.household_of(42);';
    END IF;
    RETURN QUERY
    SELECT m.household_id, m.profile_id, round(m.probability::numeric, 4), m.since, m.until,
           (SELECT string_agg(format('%s with %s (%s %s of records)', concat_ws(' and ', CASE WHEN l.by_address THEN 'address' END, CASE WHEN l.by_phone THEN 'phone' END),
                                     o.profile_id, l.record_pairs, CASE l.record_pairs WHEN 1 THEN 'pair' ELSE 'pairs' END), ', ' ORDER BY o.profile_id)
            FROM cdp_data.household_member o JOIN cdp_data.household_link l ON l.profile_a = least(o.profile_id, m.profile_id) AND l.profile_b = greatest(o.profile_id, m.profile_id)
            WHERE o.household_id = m.household_id AND o.until IS NULL AND (m.until IS NOT NULL OR l.until IS NULL))
    FROM cdp_data.household_member m WHERE m.household_id = home
    ORDER BY m.until IS NOT NULL, m.profile_id;
END
$$;
COMMENT ON FUNCTION cdp.household_members(bigint, bigint) IS
'The people of a household, or of the household that a person lives in: one row per member, with the probability of the strongest link to another member, since when both are known at the shared address or phone, until when (NULL: lives there; else has been seen at another address since), and why: what is shared with which member, and by how many pairs of their records. No rows for a person who lives with nobody known. Members are people of their own: consent is asked of each. Errors: 22023 neither or both given, P0002 no such person or household. Example: SELECT * FROM cdp.household_members(42);';

CREATE FUNCTION cdp._refresh_few_households(profiles bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_mergejoin = off SET random_page_cost = 1.1 AS $$
BEGIN
    PERFORM cdp._refresh_households(profiles);
END
$$;
COMMENT ON FUNCTION cdp._refresh_few_households(bigint[]) IS 'Internal. As cdp._refresh_households(), planned for people who are few among all.';
