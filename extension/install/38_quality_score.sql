-- Scores from 0 to 1. The formula is in docs/quality.md: the mean of the parts that can be told.

-- One pass over the records of all sources; the rest is arithmetic over one row per source.
CREATE FUNCTION cdp._attribute_counts()
RETURNS TABLE (source_id int, attribute text, records bigint, filled bigint, different bigint, fresh bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '64MB' AS $$
DECLARE
    columns text[];
    details text[];
    identifying CONSTANT text[] := ARRAY['email', 'phone', 'national_id'];
BEGIN
    SELECT array_agg(a.attribute ORDER BY a.attribute) INTO columns FROM cdp_data.attribute a WHERE a.place = 'column';
    SELECT coalesce(array_agg(a.attribute ORDER BY a.attribute), '{}') INTO details FROM cdp_data.attribute a
    WHERE a.place = 'details' AND EXISTS (SELECT FROM cdp_data.mapping m WHERE m.target = a.attribute);
    RETURN QUERY EXECUTE format($q$
        WITH counted AS MATERIALIZED (
            SELECT r.source_id, count(*) AS records, count(*) FILTER (WHERE coalesce(r.source_updated_at, r.updated_at) >= now() - make_interval(days => %1$s)) AS fresh, %2$s
            FROM cdp_data.record r WHERE r.content_hash IS NOT NULL GROUP BY r.source_id),
        different AS MATERIALIZED (%3$s),
        identifier AS MATERIALIZED (SELECT r.source_id, d.kind, count(DISTINCT d.record_id) AS filled, count(DISTINCT d.value) AS different
                                    FROM cdp_data.record_identifier d JOIN cdp_data.record r USING (record_id) WHERE r.content_hash IS NOT NULL GROUP BY r.source_id, d.kind)
        SELECT DISTINCT ON (c.source_id, m.target) c.source_id, m.target, c.records,
               coalesce(v.filled, i.filled, 0), coalesce(x.different, i.different), c.fresh
        FROM counted c
        -- A whole name feeds two attributes.
        JOIN (SELECT g.source_id, unnest(CASE g.target WHEN 'full_name' THEN ARRAY['given_name', 'family_name'] ELSE ARRAY[g.target] END) AS target
              FROM cdp_data.mapping g JOIN cdp_data.source s USING (source_id) WHERE s.kind = 'people') AS m ON m.source_id = c.source_id
        JOIN cdp_data.attribute a ON a.attribute = m.target AND a.place IN ('column', 'details', 'identifier')
        LEFT JOIN LATERAL (VALUES %4$s) AS v(attribute, filled) ON v.attribute = m.target
        LEFT JOIN identifier i ON i.source_id = c.source_id AND i.kind = m.target
        LEFT JOIN different x ON x.source_id = c.source_id AND x.attribute = m.target
    $q$, coalesce(cdp._setting('quality_fresh_days')::int, 365), (SELECT string_agg(x, ', ') FROM (SELECT format('count(r.%I) AS n_%1$s', c) AS x FROM unnest(columns) c
             UNION ALL SELECT format('count(*) FILTER (WHERE r.details ? %L) AS n_%1$s', d) FROM unnest(details) d) AS u),
         (SELECT string_agg(format('SELECT g.source_id, %L::text AS attribute, count(*) AS different FROM (SELECT DISTINCT r.source_id, hashtextextended(r.%1$I, 0) AS h FROM cdp_data.record r WHERE r.%1$I IS NOT NULL AND r.content_hash IS NOT NULL) AS g GROUP BY g.source_id', c), ' UNION ALL ') FROM unnest(identifying) c),
         (SELECT string_agg(format('(%L, c.n_%1$s)', c), ', ') FROM unnest(columns || details) c));
END
$$;
COMMENT ON FUNCTION cdp._attribute_counts() IS 'Internal. Per source of people and attribute that it feeds: records, those that have it, different values (of what identifies), and records that are current.';

CREATE FUNCTION cdp._mean_of(parts numeric[]) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$ SELECT round(avg(p), 3) FROM unnest(parts) p $$;
COMMENT ON FUNCTION cdp._mean_of(numeric[]) IS 'Internal. The mean of the parts that are known.';

CREATE FUNCTION cdp.profile_quality(profile_id bigint)
RETURNS TABLE (part text, score numeric, explanation text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    person record;
    fresh_days CONSTANT int := coalesce(cdp._setting('quality_fresh_days')::int, 365);
    known text[];
    lacking text[];
    given bigint;
    refused bigint;
    compared bigint;
    contradicted text[];
    newest timestamptz;
    parts numeric[] := '{}';
BEGIN
    PERFORM cdp._require_store();
    SELECT * INTO person FROM cdp_data.profile f WHERE f.profile_id = cdp._survivor($1);
    IF person.profile_id IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('there is no profile %s', coalesce($1::text, 'NULL')), HINT = 'Find one: SELECT * FROM cdp.find_profile(email => ''ana@example.com'');';
    END IF;
    SELECT array_agg(v.what ORDER BY v.n) FILTER (WHERE v.is_known), array_agg(v.what ORDER BY v.n) FILTER (WHERE NOT v.is_known) INTO known, lacking
    FROM (VALUES (1, 'name', person.given_name IS NOT NULL AND person.family_name IS NOT NULL), (2, 'birth date', person.birth_date IS NOT NULL), (3, 'e-mail', person.email IS NOT NULL), (4, 'phone', person.phone IS NOT NULL),
                 (5, 'street', person.street IS NOT NULL), (6, 'city or postal code', person.city IS NOT NULL OR person.postal_code IS NOT NULL), (7, 'country', person.country IS NOT NULL), (8, 'gender', person.gender IS NOT NULL)) AS v(n, what, is_known);
    part := 'completeness'; score := round(coalesce(cardinality(known), 0) / 8.0, 3); explanation := coalesce('missing: ' || array_to_string(lacking, ', '), 'everything is known');
    parts := parts || score; RETURN NEXT;

    SELECT count(*) INTO given FROM cdp_data.record r, LATERAL jsonb_object_keys(jsonb_strip_nulls(to_jsonb(r) - ARRAY['record_id', 'source_id', 'source_key', 'profile_id', 'details', 'content_hash', 'is_delivered', 'deleted_at', 'deleted_values', 'source_updated_at', 'created_at', 'updated_at']) || r.details) k
    WHERE r.profile_id = person.profile_id;
    SELECT count(DISTINCT (j.source_id, j.source_key, j.attribute)) INTO refused FROM cdp_data.record r JOIN cdp_data.reject j ON j.source_id = r.source_id AND j.source_key = r.source_key
    WHERE r.profile_id = person.profile_id AND j.resolved_at IS NULL AND j.attribute IS NOT NULL;
    part := 'validity'; score := CASE WHEN given + refused > 0 THEN round(given::numeric / (given + refused), 3) END; explanation := format('%s values kept, %s refused', given, refused);
    parts := parts || score; RETURN NEXT;

    WITH value AS (SELECT r.source_id, e.key, cdp.fold(e.value) AS value FROM cdp_data.record r,
                       LATERAL jsonb_each_text(jsonb_strip_nulls(jsonb_build_object('given_name', r.given_name, 'family_name', r.family_name, 'birth_date', r.birth_date, 'gender', r.gender, 'email', cdp.email_key(r.email), 'phone', cdp.phone_key(r.phone),
                                                                  'city', r.city, 'postal_code', r.postal_code, 'country', r.country, 'national_id', r.national_id))) e
                   WHERE r.profile_id = person.profile_id),
    agreement AS (SELECT v.key, count(DISTINCT v.value) AS n FROM value v GROUP BY v.key HAVING count(DISTINCT v.source_id) > 1)
    SELECT count(*), array_agg(a.key ORDER BY a.key) FILTER (WHERE a.n > 1) INTO compared, contradicted FROM agreement a;
    part := 'consistency'; score := CASE WHEN compared > 0 THEN round(1 - coalesce(cardinality(contradicted), 0)::numeric / compared, 3) END;
    explanation := CASE WHEN compared = 0 THEN 'no attribute comes from two sources' ELSE coalesce('sources differ in ' || array_to_string(contradicted, ', '), 'all sources agree') END;
    parts := parts || score; RETURN NEXT;

    SELECT max(coalesce(r.source_updated_at, r.updated_at)) INTO newest FROM cdp_data.record r WHERE r.profile_id = person.profile_id;
    part := 'timeliness'; score := CASE WHEN newest IS NOT NULL THEN round(least(1, greatest(0, 1 - (date_part('epoch', clock_timestamp() - newest) / 86400 - fresh_days) / fresh_days))::numeric, 3) END;
    explanation := coalesce(format('last updated %s', (newest AT TIME ZONE coalesce(cdp._setting('time_zone'), 'UTC'))::date), 'never updated');
    parts := parts || score; RETURN NEXT;
    part := 'score'; score := cdp._mean_of(parts); explanation := 'the mean of the parts that can be told'; RETURN NEXT;
END
$$;
COMMENT ON FUNCTION cdp.profile_quality(bigint) IS
'How good the data of one person is, from 0 to 1, part by part with the reason: completeness (of eight things worth knowing), validity (values kept against values refused), consistency (attributes in which two sources agree), timeliness (1 until quality_fresh_days after the last update, 0 from twice that on), and score, their mean. Example: SELECT * FROM cdp.profile_quality(42);';
