-- Dossiers: what is known of a person, packed into one value (docs/dossier.md).

CREATE FUNCTION cdp._pack_people(
    people text, attribute_ids int[], attribute_types text[], attribute_dictionaries int[], records text, events text,
    property_kinds int[], property_names text[], property_types text[], property_columns int[], property_dictionaries int[],
    symbols text, currency_dictionary int, max_events int)
RETURNS TABLE (profile_id bigint, content bytea, event_count int, dictionary_id int, symbol int, value text)
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE COST 100000 ROWS 100000
AS 'MODULE_PATHNAME', 'cdp_pack_people';
COMMENT ON FUNCTION cdp._pack_people(text, int[], text[], int[], text, text, int[], text[], text[], int[], int[], text, int, int) IS
'Internal. Packs the people that a query returns. First one row per text that has got a number (dictionary_id, symbol, value) and per dictionary that is full (dictionary_id), then one row per person (profile_id, content, event_count), without content where there are more than max_events.';

CREATE FUNCTION cdp._numeric_units(value numeric) RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cdp_numeric_units';
COMMENT ON FUNCTION cdp._numeric_units(numeric) IS 'Internal. A number in units of 1/10,000, rounded half away from zero; NULL beyond 64 bits and for NaN.';

CREATE FUNCTION cdp._stored_number(value jsonb) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN jsonb_typeof(value) = 'number' AND abs((value #>> '{}')::numeric) < 900000000000000 THEN round((value #>> '{}')::numeric, 4) END
$$;
COMMENT ON FUNCTION cdp._stored_number(jsonb) IS 'Internal. A JSON number as segments see it: with four decimals, unknown from 900,000,000,000,000 on; NULL for what is no number.';

-- Not what identifies a person, but for the date of birth, which age is asked of.
CREATE FUNCTION cdp._dossier_attributes()
RETURNS TABLE (attribute_id int, attribute text, value_type text, dictionary_id int, expression text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.attribute_id::int, a.attribute, a.value_type, d.dictionary_id::int,
           CASE WHEN a.place = 'column' THEN format('p.%I', a.attribute)
                WHEN a.value_type = 'text' THEN format('p.details ->> %L', a.attribute)
                WHEN a.value_type = 'number' THEN format('cdp._stored_number(p.details -> %L)', a.attribute)
                WHEN a.value_type = 'boolean' THEN format('CASE WHEN jsonb_typeof(p.details -> %1$L) = ''boolean'' THEN (p.details ->> %1$L)::boolean END', a.attribute)
                WHEN a.value_type = 'date' THEN format('cdp.normalize_date(p.details ->> %L, ''ymd'')', a.attribute)
                ELSE format('cdp.normalize_timestamp(p.details ->> %L, ''UTC'')', a.attribute) END
    FROM cdp_data.attribute a LEFT JOIN cdp_data.dictionary d USING (attribute)
    WHERE a.place IN ('column', 'details') AND (NOT a.is_personal OR a.attribute = 'birth_date')
    ORDER BY a.attribute_id
$$;
COMMENT ON FUNCTION cdp._dossier_attributes() IS 'Internal. The attributes that dossiers hold, and the SQL of each over cdp_data.profile AS p.';

CREATE FUNCTION cdp._number_properties() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE cdp_data.event_property p SET column_id = n.column_id
    FROM (SELECT q.kind_id, q.property,
                 coalesce((SELECT max(o.column_id) FROM cdp_data.event_property o WHERE o.kind_id = q.kind_id), 15)
                   + row_number() OVER (PARTITION BY q.kind_id ORDER BY q.property COLLATE "C") AS column_id
          FROM cdp_data.event_property q WHERE q.column_id IS NULL) AS n
    WHERE p.kind_id = n.kind_id AND p.property = n.property AND n.column_id <= 32767;
    INSERT INTO cdp_data.dictionary (attribute)
    SELECT a.attribute FROM cdp._dossier_attributes() a WHERE a.value_type = 'text' AND a.dictionary_id IS NULL ORDER BY a.attribute COLLATE "C";
    INSERT INTO cdp_data.dictionary (property)
    SELECT DISTINCT p.property COLLATE "C" FROM cdp_data.event_property p
    WHERE p.value_type = 'text' AND p.column_id IS NOT NULL AND NOT EXISTS (SELECT FROM cdp_data.dictionary d WHERE d.property = p.property)
    ORDER BY 1 LIMIT 32000 - (SELECT count(*) FROM cdp_data.dictionary);
END
$$;
COMMENT ON FUNCTION cdp._number_properties() IS 'Internal. Gives new properties their number in dossiers, and texts a dictionary.';

-- Packs the people of a condition over p.profile_id and stores their dossiers.
CREATE FUNCTION cdp._store_dossiers(chosen text, event_filter text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    attributes record;
    properties record;
    stored bigint;
BEGIN
    SELECT coalesce(array_agg(a.attribute_id), '{}') AS ids, coalesce(array_agg(a.value_type), '{}') AS types,
           coalesce(array_agg(coalesce(a.dictionary_id, 0)), '{}') AS dictionaries, coalesce(string_agg(', ' || a.expression, ''), '') AS expressions
    INTO attributes FROM cdp._dossier_attributes() a WHERE a.value_type <> 'text' OR a.dictionary_id IS NOT NULL;
    SELECT coalesce(array_agg(p.kind_id), '{}') AS kinds, coalesce(array_agg(p.property), '{}') AS names, coalesce(array_agg(p.value_type), '{}') AS types,
           coalesce(array_agg(p.column_id::int), '{}') AS columns, coalesce(array_agg(coalesce(d.dictionary_id::int, 0)), '{}') AS dictionaries
    INTO properties
    FROM cdp_data.event_property p LEFT JOIN cdp_data.dictionary d USING (property)
    WHERE p.column_id IS NOT NULL AND (p.value_type <> 'text' OR d.is_complete);
    WITH packed AS MATERIALIZED (
        SELECT * FROM cdp._pack_people(
            format('SELECT p.profile_id%s FROM cdp_data.profile AS p WHERE p.status = ''active'' AND %s', attributes.expressions, chosen),
            attributes.ids, attributes.types, attributes.dictionaries,
            format('SELECT p.record_id, p.profile_id FROM cdp_data.record AS p WHERE p.profile_id IS NOT NULL AND %s', chosen),
            'SELECT e.record_id, e.kind_id, e.occurred_at, e.amount, e.currency, NULL::float8, NULL::float8, e.source_id, e.event_key, e.properties FROM cdp_data.event AS e ' || event_filter,
            properties.kinds, properties.names, properties.types, properties.columns, properties.dictionaries,
            'SELECT s.dictionary_id::int, s.symbol, s.value FROM cdp_data.symbol AS s',
            (SELECT d.dictionary_id FROM cdp_data.dictionary d WHERE d.attribute IS NULL AND d.property IS NULL),
            cdp._setting('dossier_max_events')::int)),
    texts AS (
        INSERT INTO cdp_data.symbol (dictionary_id, symbol, value)
        SELECT k.dictionary_id, k.symbol, k.value FROM packed k WHERE k.symbol IS NOT NULL),
    full_ones AS (
        UPDATE cdp_data.dictionary d SET is_complete = false FROM packed k
        WHERE k.dictionary_id = d.dictionary_id AND k.symbol IS NULL),
    people AS (
        INSERT INTO cdp_data.dossier AS o (profile_id, content, event_count)
        SELECT k.profile_id, k.content, k.event_count FROM packed k WHERE k.profile_id IS NOT NULL
        ON CONFLICT (profile_id) DO UPDATE SET content = EXCLUDED.content, event_count = EXCLUDED.event_count, built_at = EXCLUDED.built_at
        RETURNING 1)
    SELECT count(*) INTO stored FROM people;
    RETURN stored;
END
$$;
COMMENT ON FUNCTION cdp._store_dossiers(text, text) IS 'Internal. Packs the people that a condition over p.profile_id chooses, and stores their dossiers; returns how many.';

CREATE FUNCTION cdp.rebuild_dossiers() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    events bigint;
    slices int;
    slice record;
    stored bigint := 0;
BEGIN
    PERFORM cdp._require_store(), cdp._library_version(); -- which loads the module and with it the setting
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('records'));
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('dossiers'));
    PERFORM cdp._number_properties();
    TRUNCATE cdp_data.dossier;
    SELECT count(*) INTO events FROM cdp_data.event;
    -- Events wait in memory, some 60 bytes each: as many people at a time as half of it holds.
    slices := 1 + events * 60 / (pg_size_bytes(current_setting('cdp.memory_limit')) / 2);
    IF slices = 1 THEN RETURN cdp._store_dossiers('true', ''); END IF;
    FOR slice IN
        SELECT min(t.profile_id) AS first, max(t.profile_id) AS last
        FROM (SELECT p.profile_id, ntile(slices) OVER (ORDER BY p.profile_id) AS n FROM cdp_data.profile p WHERE p.status = 'active') AS t
        GROUP BY t.n ORDER BY t.n
    LOOP
        stored := stored + cdp._store_dossiers(format('p.profile_id BETWEEN %s AND %s', slice.first, slice.last), '');
    END LOOP;
    RETURN stored;
END
$$;
COMMENT ON FUNCTION cdp.rebuild_dossiers() IS 'Builds the dossier of every active person again, from profiles and events; returns how many. Dossiers are derived: for the same dictionary the bytes are the same. Readers wait meanwhile. Example: SELECT cdp.rebuild_dossiers();';
