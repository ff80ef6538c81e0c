-- Reading events: from a relation of events, or out of Segment-spec messages.

CREATE FUNCTION cdp._load_events(source_id int, person_source_id int, batch_id bigint, query text, roles text[], originals int, key_prefix text,
    event_kind text, time_zone text, date_order text, currency text, relation text, decimal_mark text,
    OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint, OUT people_new bigint,
    OUT first_occurred_at timestamptz, OUT last_occurred_at timestamptz)
LANGUAGE c VOLATILE COST 100000 AS 'MODULE_PATHNAME', 'cdp_load_events';
COMMENT ON FUNCTION cdp._load_events(int, int, bigint, text, text[], int, text, text, text, text, text, text, text) IS 'Internal. Stores the events that a query gives. roles: what each of its columns is: event_key (without one, the hash of the original is the key), person_key, occurred_at, event_kind, amount, currency, latitude, longitude, "=name" for a property, "" for nothing. The first `originals` columns are the row as it came.';

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
        key_prefix, source.event_kind, source.time_zone, source.date_order, cdp._setting('currency'), source.relation, source.decimal_mark);
    rows_read := loaded.rows_read;
    rows_new := loaded.rows_new;
    rows_changed := loaded.rows_changed;
    rows_rejected := loaded.rows_rejected;
    UPDATE cdp_data.reject j SET resolved_at = clock_timestamp()
    WHERE j.source_id = source.source_id AND j.line_number IS NULL AND j.rule = ANY (cdp._reading_rules()) AND j.resolved_at IS NULL AND j.last_seen_at < started;
    PERFORM cdp._end_event_batch(batch, rows_read, rows_new, rows_changed, rows_rejected, loaded.first_occurred_at, loaded.last_occurred_at);
END
$$;
COMMENT ON FUNCTION cdp._ingest_events(int, text) IS 'Internal. Reads one source of events from rows_from, what stands after FROM.';

-- Ranges of the BRIN indexes over what was appended; VACUUM does the same when it comes.
CREATE FUNCTION cdp._summarize_events() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM brin_summarize_new_values(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
    WHERE i.indrelid = 'cdp_data.event'::regclass AND a.amname = 'brin' AND pg_has_role(c.relowner, 'USAGE');
END
$$;
COMMENT ON FUNCTION cdp._summarize_events() IS 'Internal. After events were appended: lets the indexes of cdp_data.event know their ranges, where the role owns them.';

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

CREATE FUNCTION cdp._load_messages(source_id int, batch_id bigint, query text, time_zone text, currency text, relation text,
    OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint, OUT people_new bigint,
    OUT first_occurred_at timestamptz, OUT last_occurred_at timestamptz)
LANGUAGE c VOLATILE COST 100000 AS 'MODULE_PATHNAME', 'cdp_load_messages';
COMMENT ON FUNCTION cdp._load_messages(int, bigint, text, text, text, text) IS 'Internal. Stores the events among the messages that a query gives, one text each; what they say of people goes to pg_temp.cdp_message_trait and cdp_message_seen, who is new to cdp_people_created.';

-- Segment spec (https://segment.com/docs/connections/spec): identify and group messages describe people, track, page and
-- screen messages are events, alias says that a visitor or user was somebody. The true time of a message is
-- timestamp, or receivedAt - (sentAt - originalTimestamp) where the client's clock was off.
CREATE FUNCTION cdp._ingest_messages(source_id int, rows_from text, OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    source cdp_data.source;
    started CONSTANT timestamptz := clock_timestamp();
    message_column text;
    counts record;
    loaded record;
    batch bigint;
    placeholders bigint;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _ingest_messages.source_id;
    PERFORM cdp._check_mapping(source.source_id);
    SELECT m.column_name INTO message_column FROM cdp_data.mapping m WHERE m.source_id = source.source_id;
    DROP TABLE IF EXISTS pg_temp.cdp_message_trait, pg_temp.cdp_message_seen, pg_temp.cdp_people_created, pg_temp.cdp_message_people, pg_temp.cdp_mapping;
    CREATE TEMP TABLE cdp_message_trait (person_key text, occurred_at timestamptz, original text, key text, value text) ON COMMIT DROP;
    CREATE TEMP TABLE cdp_message_seen (person_key text, user_id text, kind text, value text, first_at timestamptz, last_at timestamptz) ON COMMIT DROP;
    CREATE TEMP TABLE cdp_people_created (person_key text) ON COMMIT DROP;
    batch := cdp._begin_event_batch(source.source_id);
    SELECT * INTO loaded FROM cdp._load_messages(source.source_id, batch, format('SELECT s.%I::text FROM %s AS s', message_column, rows_from),
        source.time_zone, cdp._setting('currency'), source.relation);
    rows_read := loaded.rows_read;
    UPDATE cdp_data.reject j SET resolved_at = clock_timestamp()
    WHERE j.source_id = source.source_id AND j.attribute IS NULL AND j.line_number IS NULL AND j.rule = ANY (cdp._reading_rules()) AND j.resolved_at IS NULL AND j.last_seen_at < started;

    IF loaded.rows_read > 10000 THEN
        ANALYZE pg_temp.cdp_message_seen, pg_temp.cdp_message_trait;
    END IF;
    -- People without events, until something is said of them.
    WITH made AS (
        INSERT INTO cdp_data.record (source_id, source_key)
        SELECT source.source_id, p.person_key FROM (SELECT DISTINCT s.person_key FROM pg_temp.cdp_message_seen s) AS p
        WHERE NOT EXISTS (SELECT FROM cdp_data.record r WHERE r.source_id = source.source_id AND r.source_key = p.person_key)
        ORDER BY 2
        ON CONFLICT DO NOTHING RETURNING source_key)
    INSERT INTO pg_temp.cdp_people_created SELECT m.source_key FROM made m;
    GET DIAGNOSTICS placeholders = ROW_COUNT;
    placeholders := placeholders + loaded.people_new;

    -- What messages say of people, the latest word on each trait winning.
    CREATE TEMP TABLE cdp_message_people ON COMMIT DROP AS
    WITH trait AS (
        SELECT DISTINCT ON (m.person_key, m.key) m.person_key, m.key, m.value FROM pg_temp.cdp_message_trait m
        ORDER BY m.person_key, m.key, m.occurred_at DESC, m.original)
    SELECT t.person_key, CASE WHEN t.person_key LIKE 'user:%' THEN substr(t.person_key, 6) END AS user_id,
           t.traits ->> 'firstName' AS given_name, t.traits ->> 'lastName' AS family_name, t.traits ->> 'name' AS full_name,
           t.traits ->> 'email' AS email, t.traits ->> 'phone' AS phone, t.traits ->> 'birthday' AS birth_date, t.traits ->> 'gender' AS gender,
           t.traits ->> 'address.street' AS street, t.traits ->> 'address.city' AS city, t.traits ->> 'address.state' AS region,
           t.traits ->> 'address.postalCode' AS postal_code, t.traits ->> 'address.country' AS country, t.traits ->> 'company.name' AS company,
           t.traits ->> 'company.id' AS company_id, t.traits ->> 'company.industry' AS company_industry,
           t.traits ->> 'company.employees' AS company_employees, t.traits ->> 'company.plan' AS company_plan
    FROM (SELECT t.person_key, jsonb_object_agg(t.key, t.value) AS traits FROM trait t GROUP BY t.person_key) AS t;
    CREATE TEMP TABLE cdp_mapping ON COMMIT DROP AS
    SELECT (row_number() OVER (ORDER BY c))::int AS position, c AS column_name, c AS target
    FROM unnest(ARRAY['user_id', 'given_name', 'family_name', 'full_name', 'email', 'phone', 'birth_date', 'gender', 'street', 'city',
                      'region', 'postal_code', 'country', 'company', 'company_id', 'company_industry', 'company_employees', 'company_plan']) AS c;
    SELECT * INTO counts FROM cdp._ingest_relation(source.source_id, 'pg_temp.cdp_message_people', 'person_key', true);
    -- Who was new a moment ago is not changed now.
    rows_new := loaded.rows_new + placeholders + counts.rows_new;
    rows_changed := loaded.rows_changed + counts.rows_changed
        - (SELECT count(*) FROM pg_temp.cdp_people_created c JOIN pg_temp.cdp_message_people p USING (person_key));
    rows_rejected := loaded.rows_rejected + counts.rows_rejected;

    -- Logins of those of whom nothing is said and who did nothing.
    INSERT INTO cdp_data.record_identifier (record_id, kind, value)
    SELECT r.record_id, 'user_id', p.user_id
    FROM (SELECT DISTINCT s.person_key, s.user_id FROM pg_temp.cdp_message_seen s WHERE s.user_id IS NOT NULL) AS p
    JOIN cdp_data.record r ON r.source_id = source.source_id AND r.source_key = p.person_key
    WHERE r.content_hash IS NULL
    ON CONFLICT DO NOTHING;
    -- The devices that a person, or a visitor without a name, was seen with; what an alias names was a user, where one of
    -- that name is known, or else a device. A new one may join people.
    WITH named AS (
        SELECT s.person_key, s.value, s.first_at, s.last_at,
               CASE WHEN s.kind = 'previous' AND EXISTS (SELECT FROM cdp_data.record u WHERE u.source_id = source.source_id AND u.source_key = 'user:' || s.value)
                    THEN 'user_id' ELSE 'device_id' END AS kind
        FROM pg_temp.cdp_message_seen s WHERE s.value IS NOT NULL),
    seen AS (
        INSERT INTO cdp_data.record_identifier AS d (record_id, kind, value, first_seen_at, last_seen_at)
        SELECT r.record_id, m.kind, m.value, min(m.first_at), max(m.last_at)
        FROM named m JOIN cdp_data.record r ON r.source_id = source.source_id AND r.source_key = m.person_key
        GROUP BY r.record_id, m.kind, m.value
        ON CONFLICT (record_id, kind, value) DO UPDATE SET first_seen_at = least(d.first_seen_at, EXCLUDED.first_seen_at), last_seen_at = greatest(d.last_seen_at, EXCLUDED.last_seen_at)
        WHERE d.kind = 'device_id' AND (d.first_seen_at > EXCLUDED.first_seen_at OR d.last_seen_at < EXCLUDED.last_seen_at OR d.first_seen_at IS NULL)
        RETURNING d.record_id, d.xmax = 0 AS is_new)
    UPDATE cdp_data.record r SET updated_at = clock_timestamp() FROM (SELECT DISTINCT s.record_id FROM seen s WHERE s.is_new) AS n WHERE n.record_id = r.record_id;
    PERFORM cdp._end_event_batch(batch, rows_read, loaded.rows_new, loaded.rows_changed, loaded.rows_rejected, loaded.first_occurred_at, loaded.last_occurred_at);
    DROP TABLE pg_temp.cdp_message_trait, pg_temp.cdp_message_seen, pg_temp.cdp_people_created, pg_temp.cdp_message_people, pg_temp.cdp_mapping;
END
$$;
COMMENT ON FUNCTION cdp._ingest_messages(int, text) IS 'Internal. Reads one source of Segment-spec messages from rows_from, what stands after FROM.';
