-- Where people are and who they are: a gazetteer, stores, ages, households.

CREATE FUNCTION cdp._place_key(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT nullif(btrim(regexp_replace(cdp.fold(value), '[^[:alnum:]]+', ' ', 'g')), '')
$$;
COMMENT ON FUNCTION cdp._place_key(text) IS 'Internal. The name of a place as places are compared.';

CREATE FUNCTION cdp._relation_has(relation text, columns text[], OUT relation_name text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known text[];
    missing text;
BEGIN
    SELECT array_agg(c.column_name), min(c.relation_name) INTO known, relation_name FROM cdp._relation_columns(relation) c;
    SELECT u INTO missing FROM unnest(columns) u WHERE u IS NOT NULL AND u <> ALL (known) LIMIT 1;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_column', MESSAGE = format('the column %I does not exist in %s', missing, relation_name),
            DETAIL = 'Its columns are ' || array_to_string(known, ', ') || '.', HINT = cdp._did_you_mean(missing, known) || 'Name the column that holds it, for example latitude => ''lat''.';
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._relation_has(text, text[]) IS 'Internal. The qualified name of a relation; errors unless it has the columns.';

CREATE FUNCTION cdp._declare_numbers(names text[], descriptions text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    FOR i IN 1 .. cardinality(names) LOOP
        IF NOT EXISTS (SELECT FROM cdp_data.attribute a WHERE a.attribute = names[i]) THEN PERFORM cdp.add_attribute(names[i], 'number', description => descriptions[i]); END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp._declare_numbers(text[], text[]) IS 'Internal. Declares attributes that are numbers, unless they exist.';

CREATE FUNCTION cdp.add_gazetteer(
    relation text, kind text DEFAULT 'city', name text DEFAULT 'name', latitude text DEFAULT 'latitude', longitude text DEFAULT 'longitude',
    region text DEFAULT NULL, country text DEFAULT NULL, population text DEFAULT NULL, default_country text DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    qualified text;
    loaded bigint;
BEGIN
    PERFORM cdp._require_store();
    IF kind IS NULL OR kind NOT IN ('postal_code', 'city', 'region') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('unknown kind of place %L', kind), HINT = 'Say kind => ''postal_code'', ''city'' or ''region''.';
    ELSIF default_country IS NOT NULL AND cdp.normalize_country(default_country) IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('unknown country %L', default_country), HINT = 'For example: default_country => ''CL''.';
    END IF;
    qualified := cdp._relation_has(relation, ARRAY[name, latitude, longitude, region, country, population]);
    DELETE FROM cdp_data.gazetteer g WHERE g.gazetteer = qualified AND g.kind = add_gazetteer.kind;
    EXECUTE format($q$
        INSERT INTO cdp_data.gazetteer (gazetteer, kind, name, name_key, region, region_key, country, latitude, longitude, population)
        SELECT DISTINCT %1$L, %2$L, l.name, l.key, l.region, cdp._place_key(l.region), coalesce(cdp.normalize_country(l.country), %3$L), l.latitude, l.longitude, l.population
        FROM (SELECT %4$I::text AS name, %5$s AS key, %6$s AS region, %7$s AS country, %8$I::float8 AS latitude, %9$I::float8 AS longitude, %10$s AS population FROM %11$s) AS l
        WHERE l.key IS NOT NULL AND l.latitude BETWEEN -90 AND 90 AND l.longitude BETWEEN -180 AND 180
    $q$, qualified, kind, cdp.normalize_country(default_country), name, format(CASE kind WHEN 'postal_code' THEN 'cdp.lookup_key(%I::text)' ELSE 'cdp._place_key(%I::text)' END, name),
        CASE WHEN region IS NULL THEN 'NULL::text' ELSE format('%I::text', region) END, CASE WHEN country IS NULL THEN 'NULL::text' ELSE format('%I::text', country) END,
        latitude, longitude, CASE WHEN population IS NULL THEN 'NULL::bigint' ELSE format('%I::bigint', population) END, qualified);
    GET DIAGNOSTICS loaded = ROW_COUNT;
    IF NOT EXISTS (SELECT FROM cdp_data.enrichment e WHERE e.name = 'geocode') THEN
        PERFORM cdp._declare_numbers(ARRAY['latitude', 'longitude'], ARRAY['Where the person lives, degrees north', 'Where the person lives, degrees east']);
        PERFORM cdp.add_enrichment('geocode', 'cdp.geocode(city => city, postal_code => postal_code, region => region, country => country)',
            gives => '{"latitude": "latitude", "longitude": "longitude", "place_kind": "geo_precision"}', inputs => ARRAY['profile_id']);
    ELSE
        UPDATE cdp_data.enrichment e SET last_run_at = NULL WHERE e.name = 'geocode';
    END IF;
    RETURN loaded;
END
$$;
COMMENT ON FUNCTION cdp.add_gazetteer(text, text, text, text, text, text, text, text, text) IS
$$Loads the places of a table with coordinates (GeoNames, a postal service's list): kind is postal_code, city or region; name, latitude,
longitude, region, country and population are names of its columns. Loaded again, it replaces itself. From then on people have the
attributes latitude, longitude and geo_precision (the enrichment geocode). Returns the number of places; rows without a name or with coordinates that
are out of range are left out. Example:
SELECT cdp.add_gazetteer('geo.communes', name => 'commune', latitude => 'lat', longitude => 'lon', region => 'region', default_country => 'CL');$$;

CREATE FUNCTION cdp.geocode(city text DEFAULT NULL, postal_code text DEFAULT NULL, region text DEFAULT NULL, country text DEFAULT NULL,
    OUT latitude float8, OUT longitude float8, OUT place text, OUT place_kind text, OUT confidence numeric)
LANGUAGE plpgsql STABLE COST 2000 SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    wanted_country CONSTANT text := coalesce(cdp.normalize_country(country), nullif(cdp._setting('country'), ''));
    wanted_region CONSTANT text := cdp._place_key(region);
    entry record;
    best record;
    rivals float8;
BEGIN
    -- The narrowest first: a postal code, then the city, then the region.
    FOR entry IN SELECT * FROM (VALUES (1, 'postal_code', cdp.lookup_key(postal_code), 0.95), (2, 'city', cdp._place_key(city), 0.9), (3, 'region', wanted_region, 0.5)) AS v(n, kind, key, confidence) WHERE v.key IS NOT NULL ORDER BY v.n LOOP
        -- Of several of one name: the one of the region and country that is said; of those left, the most populous.
        SELECT g.*, g.region_key IS NOT DISTINCT FROM wanted_region AND wanted_region IS NOT NULL AS is_region, g.country IS NOT DISTINCT FROM wanted_country AND wanted_country IS NOT NULL AS is_country INTO best
        FROM cdp_data.gazetteer g
        WHERE g.name_key = entry.key AND g.kind = entry.kind AND (wanted_country IS NULL OR g.country IS NULL OR g.country = wanted_country)
          AND (entry.kind = 'postal_code' OR wanted_region IS NULL OR g.region_key IS NULL OR g.region_key = wanted_region OR entry.kind = 'city')
        ORDER BY is_country DESC, is_region DESC, g.population DESC NULLS LAST, g.place_id LIMIT 1;
        CONTINUE WHEN best.place_id IS NULL;
        -- Others that are as good and lie elsewhere (beyond 20 km) make it a guess: its share of their people, or of their number.
        SELECT CASE WHEN bool_and(coalesce(g.population, 0) > 0) THEN sum(g.population) / nullif(best.population, 0)::float8 ELSE count(*) END INTO rivals
        FROM cdp_data.gazetteer g
        WHERE g.name_key = entry.key AND g.kind = entry.kind AND g.place_id <> best.place_id AND (wanted_country IS NULL OR g.country IS NULL OR g.country = wanted_country)
          AND (g.region_key IS NOT DISTINCT FROM wanted_region AND wanted_region IS NOT NULL) = best.is_region
          AND cdp.geo_distance(g.latitude, g.longitude, best.latitude, best.longitude) > 20000;
        latitude := best.latitude; longitude := best.longitude; place := concat_ws(', ', best.name, best.region, best.country); place_kind := entry.kind;
        confidence := round((entry.confidence / (1 + coalesce(rivals, 0)))::numeric
            -- A region is said, and the place is known to be in another.
            * CASE WHEN wanted_region IS NOT NULL AND best.region_key <> wanted_region AND entry.kind = 'city' THEN 0.5 ELSE 1 END, 3);
        RETURN;
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp.geocode(text, text, text, text) IS
'Coordinates of a place by the gazetteers that were loaded: of the postal code, else the city, else the region. Of several of one name the one of the region and country that are given, else the most populous; confidence is lower the more there are (those within 20 km are one). NULLs when none is known. Example: SELECT * FROM cdp.geocode(city => ''Ñuñoa'', country => ''CL'');';

CREATE FUNCTION cdp.add_stores(relation text, chain text DEFAULT 'store', name text DEFAULT 'name', latitude text DEFAULT 'latitude', longitude text DEFAULT 'longitude') RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    qualified text;
    loaded bigint;
BEGIN
    PERFORM cdp._require_store();
    IF chain IS NULL OR chain !~ '^[a-z][a-z0-9_]{0,40}$' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%L cannot be the name of a chain of stores', chain), DETAIL = 'It has small letters, digits and underscores and begins with a letter.', HINT = 'For example: chain => ''store''.';
    END IF;
    qualified := cdp._relation_has(relation, ARRAY[name, latitude, longitude]);
    PERFORM cdp._declare_numbers(ARRAY['latitude', 'longitude', chain || '_distance_km'], ARRAY['Where the person lives, degrees north', 'Where the person lives, degrees east', 'Kilometres to the nearest ' || chain]);
    DELETE FROM cdp_data.store s WHERE s.chain = add_stores.chain;
    EXECUTE format('INSERT INTO cdp_data.store (chain, name, latitude, longitude)
        SELECT DISTINCT ON (l.name) %L, l.name, l.latitude, l.longitude FROM (SELECT %I::text AS name, %I::float8 AS latitude, %I::float8 AS longitude FROM %s) AS l
        WHERE l.name IS NOT NULL AND l.latitude BETWEEN -90 AND 90 AND l.longitude BETWEEN -180 AND 180 ORDER BY l.name, l.latitude, l.longitude', chain, name, latitude, longitude, qualified);
    GET DIAGNOSTICS loaded = ROW_COUNT;
    IF NOT EXISTS (SELECT FROM cdp_data.enrichment e WHERE e.name = 'nearest_' || chain) THEN
        PERFORM cdp.add_enrichment('nearest_' || chain, format('cdp.nearest_store(latitude::float8, longitude::float8, %L)', chain),
            gives => jsonb_build_object('name', 'nearest_' || chain, 'kilometres', chain || '_distance_km'), inputs => ARRAY['latitude', 'longitude']);
    ELSE
        UPDATE cdp_data.enrichment e SET last_run_at = NULL WHERE e.name = 'nearest_' || chain;
    END IF;
    RETURN loaded;
END
$$;
COMMENT ON FUNCTION cdp.add_stores(text, text, text, text, text) IS
'Loads the stores of a table with coordinates; name, latitude and longitude are names of its columns. Loaded again, they replace those of the chain. From then on people whose latitude and longitude are known (from a source, or cdp.add_gazetteer()) have the attributes nearest_store and store_distance_km, or nearest_CHAIN and CHAIN_distance_km. Returns the number of stores. Example: SELECT cdp.add_stores(''shop.branches'', latitude => ''lat'', longitude => ''lon'');';

CREATE FUNCTION cdp.nearest_store(latitude float8, longitude float8, chain text DEFAULT 'store', OUT name text, OUT kilometres numeric)
LANGUAGE plpgsql STABLE COST 1000 SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    first record;
    best record;
BEGIN
    IF latitude IS NULL OR longitude IS NULL OR latitude NOT BETWEEN -90 AND 90 OR longitude NOT BETWEEN -180 AND 180 THEN RETURN; END IF;
    -- A store near in latitude bounds the search: no store is nearer than its difference of latitude alone (111.19 km a degree).
    SELECT cdp.geo_distance(latitude, longitude, n.latitude, n.longitude) AS metres INTO first FROM (
        (SELECT s.latitude, s.longitude FROM cdp_data.store s WHERE s.chain = chain AND s.latitude >= latitude ORDER BY s.latitude LIMIT 5)
        UNION ALL (SELECT s.latitude, s.longitude FROM cdp_data.store s WHERE s.chain = chain AND s.latitude < latitude ORDER BY s.latitude DESC LIMIT 5)) AS n ORDER BY 1 LIMIT 1;
    SELECT s.name, cdp.geo_distance(latitude, longitude, s.latitude, s.longitude) AS metres INTO best FROM cdp_data.store s
    WHERE s.chain = chain AND s.latitude BETWEEN latitude - first.metres / 111194 - 1e-6 AND latitude + first.metres / 111194 + 1e-6
    ORDER BY 2, 1 LIMIT 1;
    name := best.name; kilometres := round((best.metres / 1000)::numeric, 1);
END
$$;
COMMENT ON FUNCTION cdp.nearest_store(float8, float8, text) IS 'The nearest store of a chain and how far it is, as the crow flies, in kilometres. NULLs without coordinates or stores. Example: SELECT * FROM cdp.nearest_store(-33.45, -70.66);';

CREATE FUNCTION cdp.age_band(birth_date date, at date DEFAULT NULL, bounds int[] DEFAULT ARRAY[18, 25, 35, 45, 55, 65]) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN a.age IS NULL OR a.age < 0 THEN NULL
                WHEN a.age < (SELECT min(b) FROM unnest(bounds) b) THEN 'under ' || (SELECT min(b) FROM unnest(bounds) b)
                ELSE (SELECT coalesce(max(b) FILTER (WHERE b <= a.age) || ' to ' || (min(b) FILTER (WHERE b > a.age) - 1), max(b) || ' and over') FROM unnest(bounds) b) END
    FROM (SELECT date_part('year', age(coalesce(at, current_date), birth_date))::int AS age) AS a
$$;
COMMENT ON FUNCTION cdp.age_band(date, date, int[]) IS 'The group of ages that somebody born on a day is in today, or at another day: under 18, 18 to 24, 25 to 34, 35 to 44, 45 to 54, 55 to 64, 65 and over, or between other bounds. NULL without a date or before birth. Example: SELECT cdp.age_band(''1980-02-03'');';

CREATE FUNCTION cdp.household_size(profile_id bigint) RETURNS int
LANGUAGE sql STABLE COST 500 SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*)::int FROM cdp_data.household_member m JOIN cdp_data.household_member o ON o.household_id = m.household_id AND o.until IS NULL
    WHERE m.profile_id = $1 AND m.until IS NULL HAVING count(*) > 0
$$;
COMMENT ON FUNCTION cdp.household_size(bigint) IS 'How many people live in the household of a person, as far as is known; NULL for one who is known to live with nobody. Example: SELECT cdp.household_size(42);';

CREATE FUNCTION cdp.add_demographics() RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    added text[] := '{}';
BEGIN
    PERFORM cdp._require_store();
    IF NOT EXISTS (SELECT FROM cdp_data.enrichment e WHERE e.name = 'age_band') THEN
        added := added || cdp.add_enrichment('age_band', 'cdp.age_band(birth_date)', attribute => 'age_band');
    END IF;
    IF NOT EXISTS (SELECT FROM cdp_data.enrichment e WHERE e.name = 'household_size') THEN
        added := added || cdp.add_enrichment('household_size', 'cdp.household_size(profile_id)', attribute => 'household_size', inputs => ARRAY['profile_id']);
    END IF;
    RETURN added;
END
$$;
COMMENT ON FUNCTION cdp.add_demographics() IS 'Gives people the attributes age_band and household_size, kept up to date by cdp.enrich(). Returns the enrichments added. Example: SELECT cdp.add_demographics();';
