-- The golden record: per attribute the best value among the records of a person.

CREATE FUNCTION cdp._build_profiles(only_profiles bigint[] DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = auto SET enable_seqscan = on SET enable_mergejoin = on AS $$
#variable_conflict use_column
DECLARE
    built bigint := 0;
    stale bigint[];
    part bigint[];
    part_built bigint;
    at_once int;
BEGIN
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('records'));
    -- As in cdp._resolve(): a few are built in less time than a plan is made, and by index.
    PERFORM set_config('plan_cache_mode', CASE WHEN cardinality(only_profiles) <= 100 THEN 'force_generic_plan' ELSE 'force_custom_plan' END, true);
    IF only_profiles IS NOT NULL THEN
        PERFORM set_config('enable_seqscan', 'off', true), set_config('enable_mergejoin', 'off', true);
    END IF;
    IF only_profiles IS NULL THEN
        stale := ARRAY(
            SELECT f.profile_id FROM cdp_data.profile f
            JOIN (SELECT r.profile_id, max(r.updated_at) AS updated_at FROM cdp_data.record r GROUP BY r.profile_id) AS r USING (profile_id)
            WHERE r.updated_at > f.built_at);
    ELSE
        stale := ARRAY(
            SELECT f.profile_id FROM unnest(only_profiles) AS n(profile_id) JOIN cdp_data.profile f USING (profile_id)
            CROSS JOIN LATERAL (SELECT max(r.updated_at) AS updated_at FROM cdp_data.record r WHERE r.profile_id = f.profile_id) AS u
            WHERE u.updated_at > f.built_at);
    END IF;
    -- A thousand are looked up by index; for some thousand the planner would read all records.
    at_once := CASE WHEN only_profiles IS NULL THEN cardinality(stale) ELSE 1000 END;
    FOR n IN 1 .. cardinality(stale) BY greatest(at_once, 1) LOOP
        part := stale[n : n + at_once - 1];
        -- Rank of a record: priority of its source, then how recent it is, then its id. The parts of an address belong
        -- together and come from one record.
        UPDATE cdp_data.profile f SET
            given_name = g.given_name, family_name = g.family_name, birth_date = g.birth_date, gender = g.gender, email = g.email,
            phone = g.phone, street = g.address[1], city = g.address[2], region = g.address[3], postal_code = g.address[4],
            country = g.address[5], national_id = g.national_id, company = g.company,
            details = coalesce(d.details, '{}'), record_count = g.record_count, source_count = g.source_count, built_at = clock_timestamp()
        FROM (
            SELECT r.profile_id, count(*) FILTER (WHERE r.deleted_at IS NULL) AS record_count, count(DISTINCT r.source_id) FILTER (WHERE r.deleted_at IS NULL) AS source_count,
                (array_agg(r.given_name ORDER BY r.rank) FILTER (WHERE r.given_name IS NOT NULL))[1] AS given_name,
                (array_agg(r.family_name ORDER BY r.rank) FILTER (WHERE r.family_name IS NOT NULL))[1] AS family_name,
                (array_agg(r.birth_date ORDER BY r.rank) FILTER (WHERE r.birth_date IS NOT NULL))[1] AS birth_date,
                (array_agg(r.gender ORDER BY r.rank) FILTER (WHERE r.gender IS NOT NULL))[1] AS gender,
                (array_agg(r.email ORDER BY r.rank) FILTER (WHERE r.email IS NOT NULL))[1] AS email,
                (array_agg(r.phone ORDER BY r.rank) FILTER (WHERE r.phone IS NOT NULL))[1] AS phone,
                (array_agg(r.national_id ORDER BY r.rank) FILTER (WHERE r.national_id IS NOT NULL))[1] AS national_id,
                (array_agg(r.company ORDER BY r.rank) FILTER (WHERE r.company IS NOT NULL))[1] AS company,
                string_to_array((array_agg(concat_ws(E'\x01', coalesce(r.street, E'\x02'), coalesce(r.city, E'\x02'), coalesce(r.region, E'\x02'),
                                                    coalesce(r.postal_code, E'\x02'), coalesce(r.country, E'\x02'))
                           ORDER BY (r.street IS NULL), (r.postal_code IS NULL AND r.city IS NULL), r.rank))[1], E'\x01', E'\x02') AS address
            FROM (SELECT r.*, row_number() OVER (PARTITION BY r.profile_id
                         ORDER BY s.priority, coalesce(r.source_updated_at, r.updated_at) DESC, r.record_id) AS rank
                  FROM cdp_data.record r JOIN cdp_data.source s USING (source_id) JOIN unnest(part) AS t(profile_id) USING (profile_id)) AS r
            GROUP BY r.profile_id) AS g
        LEFT JOIN (
            SELECT v.profile_id, jsonb_object_agg(v.key, v.value) AS details
            FROM (SELECT DISTINCT ON (r.profile_id, e.key) r.profile_id, e.key, e.value
                  FROM cdp_data.record r JOIN cdp_data.source s USING (source_id) JOIN unnest(part) AS t(profile_id) USING (profile_id),
                       jsonb_each(r.details) e
                  ORDER BY r.profile_id, e.key, s.priority, coalesce(r.source_updated_at, r.updated_at) DESC, r.record_id) AS v
            GROUP BY v.profile_id) AS d ON d.profile_id = g.profile_id
        WHERE f.profile_id = g.profile_id;
        GET DIAGNOSTICS part_built = ROW_COUNT;
        built := built + part_built;
    END LOOP;
    IF EXISTS (SELECT FROM cdp_data.enrichment) THEN PERFORM cdp._enrich(NULL, stale, true); END IF;
    RETURN built;
END
$$;
COMMENT ON FUNCTION cdp._build_profiles(bigint[]) IS 'Internal. Puts the golden record of every profile with changed records together, or of those named that have; returns how many.';

CREATE FUNCTION cdp._survivor(profile_id bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT a.survivor_id FROM cdp_data.profile_alias a WHERE a.profile_id = $1), $1)
$$;
COMMENT ON FUNCTION cdp._survivor(bigint) IS 'Internal. The profile that an id stands for now: itself, or the one it was merged into.';

CREATE FUNCTION cdp.profile_records(profile_id bigint)
RETURNS TABLE (source text, source_key text, record_id bigint, given_name text, family_name text, birth_date date, email text, phone text,
               street text, city text, postal_code text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM cdp._require_store();
    RETURN QUERY
    SELECT s.name, r.source_key, r.record_id, r.given_name, r.family_name, r.birth_date, r.email, r.phone, r.street, r.city, r.postal_code
    FROM cdp_data.record r JOIN cdp_data.source s USING (source_id)
    WHERE r.profile_id = cdp._survivor($1) ORDER BY s.priority, s.name COLLATE "C", r.record_id;
END
$$;
COMMENT ON FUNCTION cdp.profile_records(bigint) IS 'The records that a person is made of, best source first. Example: SELECT * FROM cdp.profile_records(42);';

CREATE FUNCTION cdp.timeline(profile_id bigint)
RETURNS TABLE (occurred_at timestamptz, event text, amount numeric, currency text, properties jsonb, source text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM cdp._require_store();
    RETURN QUERY
    SELECT e.occurred_at, k.name, e.amount, e.currency, e.properties, s.name
    FROM cdp_data.record r JOIN cdp_data.event e USING (record_id) JOIN cdp_data.event_kind k USING (kind_id)
    JOIN cdp_data.source s ON s.source_id = e.source_id
    WHERE r.profile_id = cdp._survivor($1) ORDER BY e.occurred_at, s.name COLLATE "C", e.event_key COLLATE "C";
END
$$;
COMMENT ON FUNCTION cdp.timeline(bigint) IS 'Everything one person did, in order. Example: SELECT * FROM cdp.timeline(42) ORDER BY occurred_at DESC LIMIT 20;';
