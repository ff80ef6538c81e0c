-- Reading events: from a relation of events, or out of Segment-spec messages.

CREATE FUNCTION cdp._event_name(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT nullif(btrim(regexp_replace(cdp.fold(name), '[^a-z0-9]+', '_', 'g'), '_'), '')
$$;
COMMENT ON FUNCTION cdp._event_name(text) IS 'Internal. "Order Completed" as a name that needs no quotes: order_completed.';

CREATE FUNCTION cdp._load_events(source_id int, person_source_id int, batch_id bigint, query text, roles text[], originals int, key_prefix text,
    event_kind text, time_zone text, date_order text, currency text, relation text,
    OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint, OUT people_new bigint,
    OUT first_occurred_at timestamptz, OUT last_occurred_at timestamptz)
LANGUAGE c VOLATILE COST 100000 AS 'MODULE_PATHNAME', 'cdp_load_events';
COMMENT ON FUNCTION cdp._load_events(int, int, bigint, text, text[], int, text, text, text, text, text, text) IS 'Internal. Stores the events that a query gives. roles: what each of its columns is: event_key (without one, the hash of the original is the key), person_key, occurred_at, event_kind, amount, currency, latitude, longitude, "=name" for a property, "" for nothing. The first `originals` columns are the row as it came.';

-- What begins and ends an ingestion of events.
CREATE FUNCTION cdp._begin_event_batch(source_id int) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO cdp_data.event_batch (source_id) VALUES (source_id) RETURNING batch_id
$$;
COMMENT ON FUNCTION cdp._begin_event_batch(int) IS 'Internal. A row of cdp_data.event_batch for what is to be read.';

CREATE FUNCTION cdp._end_event_batch(batch_id bigint, rows_read bigint, rows_new bigint, rows_changed bigint, rows_rejected bigint,
    first_occurred_at timestamptz, last_occurred_at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF rows_new + rows_changed = 0 THEN
        DELETE FROM cdp_data.event_batch b WHERE b.batch_id = _end_event_batch.batch_id;
    ELSE
        UPDATE cdp_data.event_batch b
        SET (rows_read, rows_new, rows_changed, rows_rejected, first_occurred_at, last_occurred_at, finished_at) =
            (_end_event_batch.rows_read, _end_event_batch.rows_new, _end_event_batch.rows_changed, _end_event_batch.rows_rejected,
             _end_event_batch.first_occurred_at, _end_event_batch.last_occurred_at, clock_timestamp())
        WHERE b.batch_id = _end_event_batch.batch_id;
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._end_event_batch(bigint, bigint, bigint, bigint, bigint, timestamptz, timestamptz) IS 'Internal. What an ingestion brought; one that brought nothing leaves no row.';

CREATE FUNCTION cdp._ingest_events(source_id int, rows_from text, OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
-- The content of a row may be its key: it must be the same text in every session.
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET bytea_output = 'hex' SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    source cdp_data.source;
    started CONSTANT timestamptz := clock_timestamp();
    numbers CONSTANT text[] := ARRAY['smallint', 'integer', 'bigint', 'numeric'];
    field record;
    key_prefix text;
    originals text[] := '{}';
    roles text[] := '{}';
    more text[] := '{}';
    more_roles text[] := '{}';
    cast_as text;
    loaded record;
    batch bigint;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _ingest_events.source_id;
    -- The people of a message source are known by their userId.
    SELECT CASE s.kind WHEN 'messages' THEN 'user:' ELSE '' END INTO key_prefix FROM cdp_data.source s WHERE s.source_id = source.person_source_id;
    PERFORM cdp._check_mapping(source.source_id);
    -- Each mapped column as it is, for the original; what is not of a type that is read natively, cast as well.
    FOR field IN
        SELECT m.target, c.column_type AS type, format('s.%I', m.column_name) AS name
        FROM cdp_data.mapping m JOIN cdp._relation_columns(source.relation) c ON c.column_name = m.column_name
        WHERE m.source_id = source.source_id ORDER BY m.position
    LOOP
        cast_as := CASE
            WHEN field.target = 'occurred_at' THEN
                CASE WHEN field.type IN ('timestamp with time zone', 'text') THEN NULL
                     WHEN field.type IN ('timestamp without time zone', 'date') THEN format('%s::timestamp AT TIME ZONE %L', field.name, source.time_zone)
                     ELSE field.name || '::text' END
            WHEN field.target = 'amount' THEN
                CASE WHEN field.type IN ('numeric', 'text') THEN NULL
                     WHEN field.type = ANY (numbers) OR field.type IN ('real', 'double precision') THEN field.name || '::numeric'
                     ELSE field.name || '::text' END
            WHEN field.target IN ('latitude', 'longitude') THEN
                CASE WHEN field.type IN ('double precision', 'text') THEN NULL
                     WHEN field.type = ANY (numbers) OR field.type = 'real' THEN field.name || '::double precision'
                     ELSE field.name || '::text' END
            WHEN field.target = ANY (cdp._event_targets()) THEN
                CASE WHEN field.type IN ('text', 'character varying', 'smallint', 'integer', 'bigint') THEN NULL ELSE field.name || '::text' END
            WHEN field.type IN ('text', 'character varying', 'boolean') OR field.type = ANY (numbers) THEN NULL
            ELSE format('jsonb_strip_nulls(to_jsonb(%s))', field.name) END;
        originals := originals || field.name;
        IF cast_as IS NULL THEN
            roles := roles || CASE WHEN field.target = ANY (cdp._event_targets()) THEN field.target ELSE '=' || field.target END;
        ELSE
            roles := roles || ''::text;
            more := more || cast_as;
            more_roles := more_roles || CASE WHEN field.target = ANY (cdp._event_targets()) THEN field.target ELSE '=' || field.target END;
        END IF;
    END LOOP;
    IF source.key_column <> '*' THEN
        more := more || format(CASE WHEN (SELECT c.column_type FROM cdp._relation_columns(source.relation) c WHERE c.column_name = source.key_column)
                                         IN ('text', 'character varying', 'smallint', 'integer', 'bigint') THEN 's.%I' ELSE 's.%I::text' END, source.key_column);
        more_roles := more_roles || 'event_key'::text;
    END IF;
    batch := cdp._begin_event_batch(source.source_id);
    SELECT * INTO loaded FROM cdp._load_events(source.source_id, source.person_source_id, batch,
        format('SELECT %s FROM %s AS s', array_to_string(originals || more, ', '), rows_from), roles || more_roles, cardinality(originals),
        key_prefix, source.event_kind, source.time_zone, source.date_order, cdp._setting('currency'), source.relation);
    rows_read := loaded.rows_read;
    rows_new := loaded.rows_new;
    rows_changed := loaded.rows_changed;
    rows_rejected := loaded.rows_rejected;
    UPDATE cdp_data.reject j SET resolved_at = clock_timestamp()
    WHERE j.source_id = source.source_id AND j.line_number IS NULL AND j.resolved_at IS NULL AND j.last_seen_at < started;
    PERFORM cdp._end_event_batch(batch, rows_read, rows_new, rows_changed, rows_rejected, loaded.first_occurred_at, loaded.last_occurred_at);
END
$$;
COMMENT ON FUNCTION cdp._ingest_events(int, text) IS 'Internal. Reads one source of events from rows_from, what stands after FROM.';

-- Events that others write, or whose keys they change: the next ingestion reads the keys of their sources anew.
CREATE FUNCTION cdp._forget_event_keys() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    written int[];
    one int;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT w.source_id ORDER BY w.source_id) INTO written FROM written_events w;
    ELSE
        SELECT array_agg(s.source_id ORDER BY s.source_id) INTO written FROM cdp_data.source s WHERE s.kind <> 'people';
    END IF;
    FOREACH one IN ARRAY coalesce(written, '{}') LOOP
        -- Not while an ingestion adds to them.
        PERFORM pg_advisory_xact_lock(cdp._advisory_key('ingest ' || one));
        DELETE FROM cdp_data.event_key_run r WHERE r.source_id = one;
    END LOOP;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._forget_event_keys() IS 'Internal. Trigger: keys of events that were not written by ingestion are read from the table by the next one.';

-- Not parallel safe: a subtransaction cannot begin in a parallel operation.
CREATE FUNCTION cdp._try_jsonb(value text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN value::jsonb;
EXCEPTION WHEN data_exception OR program_limit_exceeded OR statement_too_complex THEN
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._try_jsonb(text) IS 'Internal. The value as JSON, or NULL when it is not JSON.';

-- Segment spec (https://segment.com/docs/connections/spec): identify messages describe people, track, page and screen
-- messages are events. Fields: see the design notes on input formats; the true time of a message is
-- timestamp, or receivedAt - (sentAt - originalTimestamp) where the client's clock was off.
CREATE FUNCTION cdp._ingest_messages(source_id int, OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $$
#variable_conflict use_column
DECLARE
    source cdp_data.source;
    message_column text;
    counts record;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _ingest_messages.source_id;
    PERFORM cdp._check_mapping(source.source_id);
    SELECT m.column_name INTO message_column FROM cdp_data.mapping m WHERE m.source_id = source.source_id;
    DROP TABLE IF EXISTS pg_temp.cdp_message, pg_temp.cdp_message_people, pg_temp.cdp_mapping, pg_temp.cdp_event_intake;
    EXECUTE format($q$
        CREATE TEMP TABLE cdp_message ON COMMIT DROP AS
        SELECT m.*, coalesce('user:' || m.user_id, 'device:' || m.device_id) AS person_key,
               CASE WHEN m.body IS NULL OR jsonb_typeof(m.body) <> 'object' THEN 'not a JSON object'
                    WHEN m.type IS NULL THEN 'the message has no type'
                    WHEN m.type NOT IN ('identify', 'track', 'page', 'screen', 'group', 'alias') THEN format('unknown type of message %%L', left(m.type, 40))
                    WHEN m.user_id IS NULL AND m.device_id IS NULL THEN 'neither userId nor anonymousId is given'
                    WHEN m.occurred_at IS NULL THEN 'the time is missing or cannot be read'
                    -- Its traits would win for ever.
                    WHEN m.occurred_at > clock_timestamp() + interval '1 day' THEN 'the time lies in the future'
                    WHEN m.type = 'track' AND cdp._event_name(m.body ->> 'event') IS NULL THEN 'a track message without the name of the event'
               END AS problem
        FROM (SELECT j.original, j.body, lower(btrim(j.body ->> 'type')) AS type,
                     cdp.normalize_identifier(j.body ->> 'messageId') AS message_id,
                     CASE WHEN jsonb_typeof(j.body -> 'userId') IN ('string', 'number') THEN cdp.normalize_identifier(j.body ->> 'userId') END AS user_id,
                     CASE WHEN jsonb_typeof(j.body -> 'anonymousId') IN ('string', 'number') THEN cdp.normalize_identifier(j.body ->> 'anonymousId') END AS device_id,
                     coalesce(CASE WHEN abs(date_part('epoch', cdp.normalize_timestamp(j.body ->> 'sentAt', %1$L)
                                                         - cdp.normalize_timestamp(j.body ->> 'originalTimestamp', %1$L))) < 86400 * 60
                                   THEN cdp.normalize_timestamp(j.body ->> 'receivedAt', %1$L)
                                          - (cdp.normalize_timestamp(j.body ->> 'sentAt', %1$L) - cdp.normalize_timestamp(j.body ->> 'originalTimestamp', %1$L)) END,
                              cdp.normalize_timestamp(j.body ->> 'timestamp', %1$L),
                              cdp.normalize_timestamp(j.body ->> 'receivedAt', %1$L)) AS occurred_at
              FROM (SELECT s.%2$I::text AS original, cdp._try_jsonb(s.%2$I::text) AS body FROM %3$s AS s WHERE btrim(s.%2$I::text) <> '') AS j) AS m
    $q$, source.time_zone, message_column, source.relation);
    SELECT count(*) INTO rows_read FROM pg_temp.cdp_message;

    -- People: every person key that identify messages speak of, the latest word on each trait winning.
    CREATE TEMP TABLE cdp_message_people ON COMMIT DROP AS
    WITH trait AS (
        SELECT DISTINCT ON (m.person_key, t.key) m.person_key, t.key, t.value
        FROM pg_temp.cdp_message m
        CROSS JOIN LATERAL (
            SELECT e.key, e.value #>> '{}' FROM jsonb_each(m.body -> 'traits') e WHERE jsonb_typeof(e.value) NOT IN ('object', 'array')
            UNION ALL SELECT 'address.' || a.key, a.value #>> '{}' FROM jsonb_each(CASE WHEN jsonb_typeof(m.body #> '{traits,address}') = 'object' THEN m.body #> '{traits,address}' END) a
            UNION ALL SELECT 'company.name', m.body #>> '{traits,company,name}'
        ) AS t(key, value)
        WHERE m.problem IS NULL AND m.type = 'identify' AND jsonb_typeof(m.body -> 'traits') = 'object' AND t.value IS NOT NULL
        ORDER BY m.person_key, t.key, m.occurred_at DESC, m.original)
    SELECT p.person_key, p.user_id, coalesce(t.traits, '{}') AS traits
    FROM (SELECT m.person_key, min(m.user_id) AS user_id FROM pg_temp.cdp_message m WHERE m.problem IS NULL GROUP BY m.person_key) AS p
    LEFT JOIN (SELECT t.person_key, jsonb_object_agg(t.key, t.value) AS traits FROM trait t GROUP BY t.person_key) AS t USING (person_key);
    ALTER TABLE pg_temp.cdp_message_people
        ADD given_name text, ADD family_name text, ADD full_name text, ADD email text, ADD phone text, ADD birth_date text, ADD gender text,
        ADD street text, ADD city text, ADD region text, ADD postal_code text, ADD country text, ADD company text;
    UPDATE pg_temp.cdp_message_people p SET
        given_name = p.traits ->> 'firstName', family_name = p.traits ->> 'lastName', full_name = p.traits ->> 'name',
        email = p.traits ->> 'email', phone = p.traits ->> 'phone', birth_date = p.traits ->> 'birthday', gender = p.traits ->> 'gender',
        street = p.traits ->> 'address.street', city = p.traits ->> 'address.city', region = p.traits ->> 'address.state',
        postal_code = p.traits ->> 'address.postalCode', country = p.traits ->> 'address.country', company = p.traits ->> 'company.name';
    CREATE TEMP TABLE cdp_mapping ON COMMIT DROP AS
    SELECT (row_number() OVER (ORDER BY c))::int AS position, c AS column_name, c AS target
    FROM unnest(ARRAY['user_id', 'given_name', 'family_name', 'full_name', 'email', 'phone', 'birth_date', 'gender', 'street', 'city',
                      'region', 'postal_code', 'country', 'company']) AS c;
    SELECT * INTO counts FROM cdp._ingest_relation(source.source_id, 'pg_temp.cdp_message_people', 'person_key', true);
    rows_new := counts.rows_new;
    rows_changed := counts.rows_changed;
    rows_rejected := counts.rows_rejected;
    -- The devices that a person, or a visitor without a name, was seen with. A new one may join people.
    WITH seen AS (
        INSERT INTO cdp_data.record_identifier AS d (record_id, kind, value, first_seen_at, last_seen_at)
        SELECT r.record_id, 'device_id', m.device_id, min(m.occurred_at), max(m.occurred_at)
        FROM pg_temp.cdp_message m JOIN cdp_data.record r ON r.source_id = source.source_id AND r.source_key = m.person_key
        WHERE m.problem IS NULL AND m.device_id IS NOT NULL
        GROUP BY r.record_id, m.device_id
        ON CONFLICT (record_id, kind, value) DO UPDATE SET first_seen_at = least(d.first_seen_at, EXCLUDED.first_seen_at), last_seen_at = greatest(d.last_seen_at, EXCLUDED.last_seen_at)
        WHERE d.first_seen_at > EXCLUDED.first_seen_at OR d.last_seen_at < EXCLUDED.last_seen_at OR d.first_seen_at IS NULL
        RETURNING d.record_id, d.xmax = 0 AS is_new)
    UPDATE cdp_data.record r SET updated_at = clock_timestamp() FROM (SELECT DISTINCT s.record_id FROM seen s WHERE s.is_new) AS n WHERE n.record_id = r.record_id;

    -- Events.
    CREATE TEMP TABLE cdp_event_intake ON COMMIT DROP AS
    SELECT coalesce(m.message_id, md5(m.original)) AS event_key, m.person_key, m.occurred_at,
           CASE m.type WHEN 'track' THEN cdp._event_name(m.body ->> 'event') ELSE m.type || '_viewed' END AS event_kind,
           cdp.normalize_number(coalesce(m.body #>> '{properties,revenue}', m.body #>> '{properties,total}', m.body #>> '{properties,value}')) AS amount,
           m.body #>> '{properties,currency}' AS currency,
           CASE WHEN jsonb_typeof(m.body -> 'properties') = 'object' THEN jsonb_strip_nulls(m.body -> 'properties') ELSE '{}' END
             || CASE WHEN m.type IN ('page', 'screen') AND m.body ? 'name' THEN jsonb_build_object('name', m.body ->> 'name') ELSE '{}' END AS properties,
           m.problem, m.original
    FROM pg_temp.cdp_message m WHERE m.problem IS NOT NULL OR m.type IN ('track', 'page', 'screen');
    SELECT * INTO counts FROM cdp._store_events(source.source_id, source.source_id);
    rows_new := rows_new + counts.rows_new;
    rows_changed := rows_changed + counts.rows_changed;
    rows_rejected := rows_rejected + counts.rows_rejected;
    DROP TABLE pg_temp.cdp_message, pg_temp.cdp_message_people, pg_temp.cdp_mapping;
END
$$;
COMMENT ON FUNCTION cdp._ingest_messages(int) IS 'Internal. Reads one source of Segment-spec messages.';
