-- Dossiers: what is known of a person, packed into one value (docs/dossier.md).

CREATE FUNCTION cdp._pack_people(
    people text, attribute_ids int[], attribute_types text[], attribute_dictionaries int[], records text, events text,
    property_kinds int[], property_names text[], property_types text[], property_columns int[], property_dictionaries int[],
    symbols text, currency_dictionary int, max_events int, old text)
RETURNS TABLE (profile_id bigint, content bytea, event_count int, dictionary_id int, symbol int, value text)
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE COST 100000 ROWS 100000
AS 'MODULE_PATHNAME', 'cdp_pack_people';
COMMENT ON FUNCTION cdp._pack_people(text, int[], text[], int[], text, text, int[], text[], text[], int[], int[], text, int, int, text) IS
'Internal. Packs the people that a query returns. First one row per text that has got a number (dictionary_id, symbol, value) and per dictionary that is full (dictionary_id), then one row per person (profile_id, content, event_count), without content where there are more than max_events. old: the dossiers that the events are added to; a person in them of whom an old and a new event are of the same instant comes back without event_count: to be packed from all events.';

CREATE FUNCTION cdp._dossier_problem(content bytea) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100
AS 'MODULE_PATHNAME', 'cdp_dossier_problem';
COMMENT ON FUNCTION cdp._dossier_problem(bytea) IS 'Internal. What is wrong with the bytes of a dossier; NULL when nothing is.';

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

-- Packs the people of a query (profile_id) and stores their dossiers; all their events, or the new ones added to what they had.
CREATE FUNCTION cdp._store_dossiers(chosen text, event_filter text, old text DEFAULT '') RETURNS TABLE (stored bigint, unclear bigint[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    attributes record;
    properties record;
BEGIN
    SELECT coalesce(array_agg(a.attribute_id), '{}') AS ids, coalesce(array_agg(a.value_type), '{}') AS types,
           coalesce(array_agg(coalesce(a.dictionary_id, 0)), '{}') AS dictionaries, coalesce(string_agg(', ' || a.expression, ''), '') AS expressions
    INTO attributes FROM cdp._dossier_attributes() a WHERE a.value_type <> 'text' OR a.dictionary_id IS NOT NULL;
    SELECT coalesce(array_agg(p.kind_id), '{}') AS kinds, coalesce(array_agg(p.property), '{}') AS names, coalesce(array_agg(p.value_type), '{}') AS types,
           coalesce(array_agg(p.column_id::int), '{}') AS columns, coalesce(array_agg(coalesce(d.dictionary_id::int, 0)), '{}') AS dictionaries
    INTO properties
    FROM cdp_data.event_property p LEFT JOIN cdp_data.dictionary d USING (property)
    WHERE p.column_id IS NOT NULL AND (p.value_type <> 'text' OR d.is_complete);
    RETURN QUERY EXECUTE format($q$
        WITH packed AS MATERIALIZED (SELECT * FROM cdp._pack_people($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)),
        texts AS (
            INSERT INTO cdp_data.symbol (dictionary_id, symbol, value)
            SELECT k.dictionary_id, k.symbol, k.value FROM packed k WHERE k.symbol IS NOT NULL),
        full_ones AS (
            UPDATE cdp_data.dictionary d SET is_complete = false FROM packed k
            WHERE k.dictionary_id = d.dictionary_id AND k.symbol IS NULL AND d.is_complete),
        people AS (
            INSERT INTO cdp_data.dossier AS o (profile_id, content, event_count, record_hash)
            SELECT k.profile_id, k.content, k.event_count, h.record_hash
            FROM packed k JOIN (SELECT r.profile_id, cdp._record_hash(r.record_id) AS record_hash FROM cdp_data.record r WHERE r.profile_id IN (%1$s) GROUP BY r.profile_id) AS h USING (profile_id)
            WHERE k.event_count IS NOT NULL
            ON CONFLICT (profile_id) DO UPDATE SET content = EXCLUDED.content, event_count = EXCLUDED.event_count,
                record_hash = EXCLUDED.record_hash, built_at = EXCLUDED.built_at
            RETURNING 1)
        SELECT (SELECT count(*) FROM people), (SELECT array_agg(k.profile_id) FROM packed k WHERE k.profile_id IS NOT NULL AND k.event_count IS NULL)
        $q$, chosen)
    USING format('SELECT p.profile_id%s FROM cdp_data.profile AS p WHERE p.status = ''active'' AND p.profile_id IN (%s)', attributes.expressions, chosen),
        attributes.ids, attributes.types, attributes.dictionaries,
        format('SELECT r.record_id, r.profile_id FROM cdp_data.record AS r WHERE r.profile_id IN (%s)', chosen),
        'SELECT e.record_id, e.kind_id, e.occurred_at, e.amount, e.currency, e.latitude, e.longitude, e.source_id, e.event_key, e.properties FROM cdp_data.event AS e ' || event_filter,
        properties.kinds, properties.names, properties.types, properties.columns, properties.dictionaries,
        'SELECT s.dictionary_id::int, s.symbol, s.value FROM cdp_data.symbol AS s',
        (SELECT d.dictionary_id::int FROM cdp_data.dictionary d WHERE d.attribute IS NULL AND d.property IS NULL),
        cdp._setting('dossier_max_events')::int, old;
END
$$;
COMMENT ON FUNCTION cdp._store_dossiers(text, text, text) IS 'Internal. Packs the people of a query and stores their dossiers; returns how many, and who must be packed from all events.';

-- Of a set of records, whatever their order: the exclusive or of their hashes.
CREATE FUNCTION cdp._add_record_hash(state bigint, record_id bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$ SELECT state OPERATOR(pg_catalog.#) pg_catalog.hashint8extended(record_id, 20260101) $$;
COMMENT ON FUNCTION cdp._add_record_hash(bigint, bigint) IS 'Internal. A step of cdp._record_hash().';
CREATE FUNCTION cdp._add_hashes(a bigint, b bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$ SELECT a OPERATOR(pg_catalog.#) b $$;
COMMENT ON FUNCTION cdp._add_hashes(bigint, bigint) IS 'Internal. Joins two states of cdp._record_hash().';
CREATE AGGREGATE cdp._record_hash(bigint) (SFUNC = cdp._add_record_hash, STYPE = bigint, INITCOND = '0', COMBINEFUNC = cdp._add_hashes, PARALLEL = SAFE);
COMMENT ON AGGREGATE cdp._record_hash(bigint) IS 'Internal. A hash of a set of record ids.';

CREATE FUNCTION cdp._note_content() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM nextval('cdp_data.content_version');
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._note_content() IS 'Internal. Trigger: dossiers no longer say what profiles and events say.';

CREATE FUNCTION cdp._touch_profile() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.built_at := clock_timestamp();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION cdp._touch_profile() IS 'Internal. Trigger: a profile changed by hand was built now.';

CREATE FUNCTION cdp._drop_dossier() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM cdp_data.dossier d WHERE d.profile_id = OLD.profile_id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._drop_dossier() IS 'Internal. Trigger: who is gone, or no longer active, has no dossier.';

CREATE FUNCTION cdp._note_stale_records() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO cdp_data.stale_record (record_id) SELECT DISTINCT e.record_id FROM events e;
    PERFORM nextval('cdp_data.content_version');
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._note_stale_records() IS 'Internal. Trigger: events were changed by hand.';

CREATE FUNCTION cdp._dossier_layout() RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(l.name, l.held), '{}') FROM (
        SELECT 'attribute ' || a.attribute AS name, concat_ws(' ', a.attribute_id, a.value_type, coalesce(d.is_complete, true)) AS held
        FROM cdp._dossier_attributes() a LEFT JOIN cdp_data.dictionary d USING (attribute)
        UNION ALL
        SELECT format('property %s %s', p.kind_id, p.property), concat_ws(' ', p.column_id, p.value_type, CASE p.value_type WHEN 'text' THEN coalesce(d.is_complete, false) ELSE true END)
        FROM cdp_data.event_property p LEFT JOIN cdp_data.dictionary d USING (property) WHERE p.column_id IS NOT NULL
        UNION ALL SELECT 'max_events', cdp._setting('dossier_max_events')) AS l
$$;
COMMENT ON FUNCTION cdp._dossier_layout() IS 'Internal. The attributes and properties that dossiers hold, and how.';

CREATE FUNCTION cdp._dossiers_are_fresh() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(s.content_version = v.last_value, false) FROM cdp_data.dossier_state s, cdp_data.content_version v
$$;
COMMENT ON FUNCTION cdp._dossiers_are_fresh() IS 'Internal. Whether dossiers say what profiles and events say now.';

-- To be called under the locks of records and dossiers, which nobody who changes them holds then.
CREATE FUNCTION cdp._mark_dossiers(batches bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE cdp_data.event_batch b SET state = 'merged' WHERE b.batch_id = ANY (batches);
    UPDATE cdp_data.dossier_state s SET layout = cdp._dossier_layout(), refreshed_at = clock_timestamp(),
        last_record_id = coalesce((SELECT max(r.record_id) FROM cdp_data.record r), 0),
        content_version = (SELECT v.last_value FROM cdp_data.content_version v);
END
$$;
COMMENT ON FUNCTION cdp._mark_dossiers(bigint[]) IS 'Internal. Notes what dossiers have been built from.';

CREATE FUNCTION cdp.rebuild_dossiers() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
#variable_conflict use_column
DECLARE
    batches bigint[];
    events bigint;
    slices int;
    slice record;
    built bigint := 0;
BEGIN
    PERFORM cdp._require_store(), cdp._library_version(); -- which loads the module and with it the setting
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('records'));
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('dossiers'));
    batches := ARRAY(SELECT b.batch_id FROM cdp_data.event_batch b WHERE b.state = 'stored');
    PERFORM cdp._number_properties();
    TRUNCATE cdp_data.dossier, cdp_data.stale_record;
    SELECT count(*) INTO events FROM cdp_data.event;
    -- Events wait in memory, some 60 bytes each: as many people at a time as half of it holds.
    slices := 1 + events * 60 / (pg_size_bytes(current_setting('cdp.memory_limit')) / 2);
    FOR slice IN
        SELECT min(t.profile_id) AS first, max(t.profile_id) AS last
        FROM (SELECT p.profile_id, ntile(slices) OVER (ORDER BY p.profile_id) AS n FROM cdp_data.profile p WHERE p.status = 'active') AS t
        GROUP BY t.n ORDER BY t.n
    LOOP
        built := built + (SELECT s.stored FROM cdp._store_dossiers(
            format('SELECT c.profile_id FROM cdp_data.profile AS c WHERE c.profile_id BETWEEN %s AND %s', slice.first, slice.last), '') s);
    END LOOP;
    PERFORM cdp._mark_dossiers(batches);
    RETURN built;
END
$$;
COMMENT ON FUNCTION cdp.rebuild_dossiers() IS 'Builds the dossier of every active person again, from profiles and events; returns how many. Dossiers are derived: for the same dictionary the bytes are the same. Readers wait meanwhile. Example: SELECT cdp.rebuild_dossiers();';

-- Only the people who changed. Whose events are new gets them added; whose records changed hands, or whose events were
-- changed, is packed from all of them.
CREATE FUNCTION cdp.refresh_dossiers() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
#variable_conflict use_column
DECLARE
    state record;
    batches bigint[];
    result record;
    built bigint := 0;
    n bigint;
BEGIN
    PERFORM cdp._require_store(), cdp._library_version();
    IF cdp._dossiers_are_fresh() THEN RETURN 0; END IF;
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('records'));
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('dossiers'));
    SELECT * INTO state FROM cdp_data.dossier_state;
    PERFORM cdp._number_properties();
    -- What dossiers hold of old is held otherwise now, or an attribute has come or gone.
    IF state.content_version IS NULL OR NOT cdp._dossier_layout() @> state.layout
       OR EXISTS (SELECT FROM jsonb_object_keys(cdp._dossier_layout()) k WHERE k LIKE 'attribute %' AND NOT state.layout ? k) THEN
        RETURN cdp.rebuild_dossiers();
    END IF;
    batches := ARRAY(SELECT b.batch_id FROM cdp_data.event_batch b WHERE b.state = 'stored');
    DROP TABLE IF EXISTS pg_temp.cdp_stale;
    CREATE TEMP TABLE cdp_stale ON COMMIT DROP AS
    WITH written AS (SELECT DISTINCT e.record_id, e.batch_id FROM cdp_data.event e WHERE e.batch_id = ANY (batches)),
    touched AS (
        SELECT w.record_id, bool_or(b.rows_changed > 0) AS is_whole FROM written w JOIN cdp_data.event_batch b USING (batch_id) GROUP BY w.record_id
        UNION ALL SELECT t.record_id, true FROM cdp_data.stale_record t),
    people AS (
        SELECT r.profile_id, bool_or(t.is_whole) AS is_whole FROM touched t JOIN cdp_data.record r USING (record_id) WHERE r.profile_id IS NOT NULL GROUP BY r.profile_id
        UNION ALL SELECT f.profile_id, false FROM cdp_data.profile f WHERE f.built_at >= state.refreshed_at),
    -- Records that came later than the dossiers brought all their events later too.
    chosen AS (
        SELECT p.profile_id, bool_or(p.is_whole) AS is_whole FROM people p JOIN cdp_data.profile f USING (profile_id) WHERE f.status = 'active' GROUP BY p.profile_id)
    SELECT c.profile_id,
           c.is_whole OR h.before IS DISTINCT FROM coalesce(d.record_hash, 0) OR d.profile_id IS NOT NULL AND d.content IS NULL AS is_whole
    FROM chosen c LEFT JOIN cdp_data.dossier d USING (profile_id)
    CROSS JOIN LATERAL (SELECT coalesce(cdp._record_hash(r.record_id) FILTER (WHERE r.record_id <= state.last_record_id), 0) AS before
                        FROM cdp_data.record r WHERE r.profile_id = c.profile_id) AS h;
    ANALYZE pg_temp.cdp_stale;
    IF EXISTS (SELECT FROM pg_temp.cdp_stale s WHERE NOT s.is_whole) THEN
        SELECT * INTO result FROM cdp._store_dossiers('SELECT c.profile_id FROM pg_temp.cdp_stale AS c WHERE NOT c.is_whole',
            format('WHERE e.batch_id = ANY (%L::bigint[])', batches),
            'SELECT d.profile_id, d.content FROM cdp_data.dossier AS d JOIN pg_temp.cdp_stale AS c USING (profile_id) WHERE NOT c.is_whole');
        built := result.stored;
        UPDATE pg_temp.cdp_stale s SET is_whole = true WHERE s.profile_id = ANY (result.unclear);
    END IF;
    SELECT count(*) INTO n FROM pg_temp.cdp_stale s WHERE s.is_whole;
    IF n > 0 THEN
        SELECT * INTO result FROM cdp._store_dossiers('SELECT c.profile_id FROM pg_temp.cdp_stale AS c WHERE c.is_whole',
            'WHERE e.record_id IN (SELECT r.record_id FROM cdp_data.record AS r JOIN pg_temp.cdp_stale AS c USING (profile_id) WHERE c.is_whole)');
        built := built + result.stored;
    END IF;
    -- A dictionary that could not take all texts changes how everybody is held.
    IF NOT cdp._dossier_layout() @> state.layout THEN RETURN cdp.rebuild_dossiers(); END IF;
    DELETE FROM cdp_data.stale_record;
    PERFORM cdp._mark_dossiers(batches);
    DROP TABLE pg_temp.cdp_stale;
    RETURN built;
END
$$;
COMMENT ON FUNCTION cdp.refresh_dossiers() IS 'Brings the dossiers up to date with profiles and events: only those of people who changed; returns how many were built. cdp.refresh() does it before it looks at segments. Example: SELECT cdp.refresh_dossiers();';

CREATE FUNCTION cdp.verify_dossiers() RETURNS TABLE (profile_id bigint, problem text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM cdp._require_store();
    RETURN QUERY
    SELECT coalesce(d.profile_id, f.profile_id),
           CASE WHEN d.profile_id IS NULL THEN 'an active person without a dossier: SELECT cdp.rebuild_dossiers();'
                WHEN f.profile_id IS NULL THEN 'a dossier of nobody who is active: SELECT cdp.rebuild_dossiers();'
                ELSE v.problem END
    FROM cdp_data.dossier d
    FULL JOIN (SELECT p.profile_id FROM cdp_data.profile p WHERE p.status = 'active') AS f USING (profile_id)
    LEFT JOIN LATERAL (SELECT cdp._dossier_problem(d.content) AS problem) AS v ON true
    WHERE d.profile_id IS NULL OR f.profile_id IS NULL OR v.problem IS NOT NULL
    ORDER BY 1;
END
$$;
COMMENT ON FUNCTION cdp.verify_dossiers() IS 'One row per dossier that is damaged, missing or left over, with what is wrong; none when all is well. Looks at every byte. Example: SELECT * FROM cdp.verify_dossiers();';
