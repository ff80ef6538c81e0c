-- The reader of events in C++ against one in SQL that is simple and slow: on random rows, junk among them, both must store
-- the same, refuse the same and count the same; when rows come again, changed or not; and whatever a batch holds.
CREATE EXTENSION cdp;
\pset footer off
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT cdp.install() LIKE 'store installed%' AS installed;
CREATE SCHEMA reference;
-- What it relies on; the writer maintains whatever indexes there are.
CREATE UNIQUE INDEX ON cdp_data.event (source_id, event_key);
CREATE INDEX ON cdp_data.event (lower(currency)) WHERE amount IS NOT NULL;

CREATE FUNCTION reference._event_name(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT nullif(btrim(regexp_replace(cdp.fold(name), '[^a-z0-9]+', '_', 'g'), '_'), '')
$$;

CREATE FUNCTION reference._ingest_events(source_id int, OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
-- The content of a row may be its key: it must be the same text in every session.
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET bytea_output = 'hex' SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    source cdp_data.source;
    started CONSTANT timestamptz := clock_timestamp();
    refused_amounts bigint;
    key_prefix text;
    expressions jsonb;
    properties text;
    all_columns text;
    amount_text text;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _ingest_events.source_id;
    -- The people of a message source are known by their userId.
    SELECT CASE s.kind WHEN 'messages' THEN 'user:' ELSE '' END INTO key_prefix FROM cdp_data.source s WHERE s.source_id = source.person_source_id;
    PERFORM cdp._check_mapping(source.source_id);
    DROP TABLE IF EXISTS pg_temp.cdp_event_intake;
    -- Native types are kept; text is cleaned.
    SELECT jsonb_object_agg(m.target, CASE
               WHEN m.target = 'occurred_at' AND c.column_type = 'timestamp with time zone' THEN format('s.%I', m.column_name)
               WHEN m.target = 'occurred_at' AND c.column_type IN ('timestamp without time zone', 'date') THEN format('s.%I::timestamp AT TIME ZONE %L', m.column_name, source.time_zone)
               WHEN m.target = 'occurred_at' THEN format('cdp.normalize_timestamp(s.%I::text, %L, %L)', m.column_name, source.time_zone, source.date_order)
               WHEN m.target = 'amount' AND c.column_type IN ('smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision') THEN format('s.%I::numeric', m.column_name)
               WHEN m.target = 'amount' THEN format('cdp.normalize_number(s.%I::text)', m.column_name)
               WHEN m.target = 'person_key' THEN format('%L || nullif(btrim(s.%I::text, E'' \t\r\n\u00a0''''"''), '''')', key_prefix, m.column_name)
               ELSE format('nullif(btrim(s.%I::text), '''')', m.column_name) END),
           string_agg(format('%L, s.%I', m.target, m.column_name), ', ' ORDER BY m.position) FILTER (WHERE m.target <> ALL (cdp._event_targets())),
           string_agg(format('s.%I', m.column_name), ', ' ORDER BY m.position),
           coalesce(min(format('s.%I::text', m.column_name)) FILTER (WHERE m.target = 'amount'), 'NULL::text')
    INTO expressions, properties, all_columns, amount_text
    FROM cdp_data.mapping m
    JOIN cdp._relation_columns(source.relation) c ON c.column_name = m.column_name
    WHERE m.source_id = source.source_id;
    EXECUTE format($q$
        CREATE TEMP TABLE cdp_event_intake ON COMMIT DROP AS
        SELECT %s AS event_key, %s AS person_key, %s AS occurred_at, %s AS event_kind, %s AS amount, %s AS currency,
               %s AS properties, NULL::text AS problem, %s AS original, %s AS amount_text
        FROM %s AS s
    $q$,
        CASE WHEN source.key_column = '*' THEN format('md5(ROW(%s)::text)', all_columns)
             ELSE format('nullif(btrim(s.%I::text), '''')', source.key_column) END,
        expressions ->> 'person_key', expressions ->> 'occurred_at',
        coalesce(expressions ->> 'event_kind', quote_literal(source.event_kind)),
        coalesce(expressions ->> 'amount', 'NULL::numeric'), coalesce(expressions ->> 'currency', 'NULL::text'),
        CASE WHEN properties IS NULL THEN '''{}''::jsonb' ELSE format('jsonb_strip_nulls(jsonb_build_object(%s))', properties) END,
        format('ROW(%s)::text', all_columns), amount_text, source.relation);
    -- An event whose amount cannot be read is kept without it.
    INSERT INTO cdp_data.reject AS j (reject_hash, source_id, relation, source_key, attribute, value, reason, suggestion, last_seen_at)
    SELECT DISTINCT ON (1) cdp._reject_hash(source.source_id, i.event_key, 'amount', i.amount_text), source.source_id, source.relation, i.event_key,
           'amount', left(i.amount_text, 200), v.reason, nullif(v.suggestion, ''), clock_timestamp()
    FROM pg_temp.cdp_event_intake i CROSS JOIN LATERAL cdp.clean_value('number', i.amount_text) v
    WHERE i.amount IS NULL AND i.amount_text IS NOT NULL AND v.status = 'invalid'
    ON CONFLICT (reject_hash) DO UPDATE SET last_seen_at = clock_timestamp(), resolved_at = NULL;
    GET DIAGNOSTICS refused_amounts = ROW_COUNT;
    UPDATE cdp_data.reject j SET resolved_at = clock_timestamp()
    WHERE j.source_id = source.source_id AND j.attribute = 'amount' AND j.resolved_at IS NULL AND j.last_seen_at < started;
    SELECT * INTO rows_read, rows_new, rows_changed, rows_rejected
    FROM reference._store_events(source.source_id, source.person_source_id);
    rows_rejected := rows_rejected + refused_amounts;
END
$$;

-- Stores what pg_temp.cdp_event_intake holds: (event_key, person_key, occurred_at, event_kind, amount, currency,
-- properties, problem, original). A row with a problem, or that lacks something, becomes a reject.
CREATE FUNCTION reference._store_events(source_id int, person_source_id int,
    OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    source cdp_data.source;
    default_currency CONSTANT text := cdp._setting('currency');
    started CONSTANT timestamptz := clock_timestamp();
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _store_events.source_id;
    SELECT count(*) INTO rows_read FROM pg_temp.cdp_event_intake;
    UPDATE pg_temp.cdp_event_intake i SET problem = CASE
        WHEN i.event_key IS NULL THEN 'the key of the event is missing'
        WHEN i.person_key IS NULL THEN 'it does not say whose event it is'
        WHEN i.event_kind IS NULL THEN 'it does not say what happened'
        WHEN i.occurred_at IS NULL THEN 'the time is missing or cannot be read'
        WHEN NOT isfinite(i.occurred_at) OR i.occurred_at < '1900-01-01' THEN 'the time is impossible'
        WHEN i.occurred_at > clock_timestamp() + interval '1 day' THEN 'the time lies in the future'
        WHEN i.amount IN ('NaN', 'Infinity', '-Infinity') OR round(abs(i.amount), 4) >= 1e14 THEN 'the amount is out of range'
        END
    WHERE i.problem IS NULL AND (i.event_key IS NULL OR i.person_key IS NULL OR i.event_kind IS NULL OR i.occurred_at IS NULL
        OR NOT isfinite(i.occurred_at) OR i.occurred_at < '1900-01-01' OR i.occurred_at > clock_timestamp() + interval '1 day'
        OR i.amount IN ('NaN', 'Infinity', '-Infinity') OR round(abs(i.amount), 4) >= 1e14);
    INSERT INTO cdp_data.reject AS j (reject_hash, source_id, relation, source_key, reason, original, last_seen_at)
    SELECT DISTINCT ON (1) cdp._reject_hash(source.source_id, i.event_key, NULL, i.original), source.source_id, source.relation, i.event_key, i.problem, i.original, clock_timestamp()
    FROM pg_temp.cdp_event_intake i WHERE i.problem IS NOT NULL
    ORDER BY 1, i.problem
    ON CONFLICT (reject_hash) DO UPDATE SET last_seen_at = clock_timestamp(), resolved_at = NULL;
    GET DIAGNOSTICS rows_rejected = ROW_COUNT;
    UPDATE cdp_data.reject j SET resolved_at = clock_timestamp()
    WHERE j.source_id = source.source_id AND j.attribute IS NULL AND j.line_number IS NULL AND j.resolved_at IS NULL AND j.last_seen_at < started;

    -- Kinds and properties declare themselves; a property of several types is text.
    INSERT INTO cdp_data.event_kind (name)
    SELECT DISTINCT i.event_kind FROM pg_temp.cdp_event_intake i WHERE i.problem IS NULL
    EXCEPT SELECT k.name FROM cdp_data.event_kind k ORDER BY 1
    ON CONFLICT DO NOTHING;

    -- Only what is not stored already, letter for letter; of several rows with one key, one, whatever their order.
    DROP TABLE IF EXISTS pg_temp.cdp_event_new;
    CREATE TEMP TABLE cdp_event_new ON COMMIT DROP AS
    SELECT DISTINCT ON (i.event_key) i.event_key, i.person_key, k.kind_id, i.occurred_at, i.amount::numeric(18, 4) AS amount,
           CASE WHEN i.amount IS NOT NULL THEN coalesce(upper(i.currency), default_currency) END AS currency, i.properties
    FROM pg_temp.cdp_event_intake i
    JOIN cdp_data.event_kind k ON k.name = i.event_kind
    WHERE i.problem IS NULL
    ORDER BY i.event_key, i.occurred_at DESC, md5(i.original);
    INSERT INTO cdp_data.record (source_id, source_key)
    SELECT DISTINCT person_source_id, n.person_key FROM pg_temp.cdp_event_new n
    WHERE NOT EXISTS (SELECT FROM cdp_data.record r WHERE r.source_id = person_source_id AND r.source_key = n.person_key)
    ORDER BY 2
    ON CONFLICT DO NOTHING;
    DELETE FROM pg_temp.cdp_event_new n USING cdp_data.event e, cdp_data.record r
    WHERE e.source_id = source.source_id AND e.event_key = n.event_key AND r.record_id = e.record_id
      AND r.source_id = person_source_id AND r.source_key = n.person_key
      AND (e.kind_id, e.occurred_at, e.properties) = (n.kind_id, n.occurred_at, n.properties)
      AND e.amount IS NOT DISTINCT FROM n.amount AND e.currency IS NOT DISTINCT FROM n.currency;

    INSERT INTO cdp_data.event_property AS p (kind_id, property, value_type)
    SELECT t.kind_id, t.key, CASE WHEN min(t.type) = max(t.type) THEN min(t.type) ELSE 'text' END
    FROM (SELECT DISTINCT n.kind_id, v.key, CASE jsonb_typeof(v.value) WHEN 'number' THEN 'number' WHEN 'boolean' THEN 'boolean' ELSE 'text' END AS type
          FROM pg_temp.cdp_event_new n, jsonb_each(n.properties) v
          WHERE v.value <> 'null' AND jsonb_typeof(v.value) NOT IN ('object', 'array')) AS t
    GROUP BY t.kind_id, t.key ORDER BY t.kind_id, t.key
    ON CONFLICT (kind_id, property) DO UPDATE SET value_type = 'text' WHERE p.value_type <> EXCLUDED.value_type AND p.value_type <> 'text';

    WITH written AS (
        INSERT INTO cdp_data.event AS e (record_id, kind_id, occurred_at, amount, currency, properties, source_id, event_key)
        SELECT r.record_id, n.kind_id, n.occurred_at, n.amount, n.currency, n.properties, source.source_id, n.event_key
        FROM pg_temp.cdp_event_new n JOIN cdp_data.record r ON r.source_id = person_source_id AND r.source_key = n.person_key
        ORDER BY r.record_id, n.occurred_at
        ON CONFLICT (source_id, event_key) DO UPDATE SET record_id = EXCLUDED.record_id, kind_id = EXCLUDED.kind_id,
            occurred_at = EXCLUDED.occurred_at, amount = EXCLUDED.amount, currency = EXCLUDED.currency,
            properties = EXCLUDED.properties, received_at = clock_timestamp()
        RETURNING e.xmax = 0 AS is_new)
    SELECT count(*) FILTER (WHERE w.is_new), count(*) FILTER (WHERE NOT w.is_new) INTO rows_new, rows_changed FROM written w;

    INSERT INTO cdp_data.coverage AS c (source_id, kind_id, loaded_from, fresh_through)
    SELECT source.source_id, n.kind_id, min(n.occurred_at), max(n.occurred_at) FROM pg_temp.cdp_event_new n GROUP BY n.kind_id
    ON CONFLICT (source_id, kind_id) DO UPDATE SET loaded_from = least(c.loaded_from, EXCLUDED.loaded_from),
        fresh_through = greatest(c.fresh_through, EXCLUDED.fresh_through);
    DROP TABLE pg_temp.cdp_event_new, pg_temp.cdp_event_intake;
END
$$;

-- Not parallel safe: a subtransaction cannot begin in a parallel operation.
CREATE FUNCTION reference._try_jsonb(value text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN value::jsonb;
EXCEPTION WHEN data_exception OR program_limit_exceeded OR statement_too_complex THEN
    RETURN NULL;
END
$$;

-- Segment spec (https://segment.com/docs/connections/spec): identify messages describe people, track, page and screen
-- messages are events. Fields: see the design notes on input formats; the true time of a message is
-- timestamp, or receivedAt - (sentAt - originalTimestamp) where the client's clock was off.
CREATE FUNCTION reference._ingest_messages(source_id int, OUT rows_read bigint, OUT rows_new bigint, OUT rows_changed bigint, OUT rows_rejected bigint)
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
                    WHEN m.type = 'track' AND reference._event_name(m.body ->> 'event') IS NULL THEN 'a track message without the name of the event'
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
              FROM (SELECT s.%2$I::text AS original, reference._try_jsonb(s.%2$I::text) AS body FROM %3$s AS s WHERE btrim(s.%2$I::text) <> '') AS j) AS m
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
           CASE m.type WHEN 'track' THEN reference._event_name(m.body ->> 'event') ELSE m.type || '_viewed' END AS event_kind,
           cdp.normalize_number(coalesce(m.body #>> '{properties,revenue}', m.body #>> '{properties,total}', m.body #>> '{properties,value}')) AS amount,
           m.body #>> '{properties,currency}' AS currency,
           CASE WHEN jsonb_typeof(m.body -> 'properties') = 'object' THEN jsonb_strip_nulls(m.body -> 'properties') ELSE '{}' END
             || CASE WHEN m.type IN ('page', 'screen') AND m.body ->> 'name' IS NOT NULL THEN jsonb_build_object('name', m.body ->> 'name') ELSE '{}' END AS properties,
           m.problem, m.original
    FROM pg_temp.cdp_message m WHERE m.problem IS NOT NULL OR m.type IN ('track', 'page', 'screen');
    SELECT * INTO counts FROM reference._store_events(source.source_id, source.source_id);
    rows_new := rows_new + counts.rows_new;
    rows_changed := rows_changed + counts.rows_changed;
    rows_rejected := rows_rejected + counts.rows_rejected;
    DROP TABLE pg_temp.cdp_message, pg_temp.cdp_message_people, pg_temp.cdp_mapping;
END
$$;

-- Some value of a list, always the same for the same numbers.
CREATE FUNCTION pick(seed text, VARIADIC list text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT list[1 + abs(hashtext(seed)) % cardinality(list)] $$;
CREATE FUNCTION stored(source text) RETURNS TABLE (key text, person text, kind text, occurred_at timestamptz, amount numeric, currency text, properties jsonb) LANGUAGE sql AS $$
    SELECT e.event_key, r.source_key, k.name, e.occurred_at, e.amount, e.currency, e.properties
    FROM cdp_data.event e JOIN cdp_data.record r USING (record_id) JOIN cdp_data.event_kind k USING (kind_id) JOIN cdp_data.source s ON s.source_id = e.source_id WHERE s.name = $1 $$;
CREATE FUNCTION refused(source text) RETURNS TABLE (key text, attribute text, value text, reason text, suggestion text, original text, resolved boolean) LANGUAGE sql AS $$
    SELECT j.source_key, j.attribute, j.value, j.reason, j.suggestion, j.original,
           -- What is wrong with a person's value is settled when somebody says something else of the person, not when nobody does.
           j.resolved_at IS NOT NULL AND (s.kind <> 'messages' OR j.attribute IS NULL) FROM cdp_data.reject j JOIN cdp_data.source s USING (source_id) WHERE s.name = $1 $$;
CREATE FUNCTION spans(source text) RETURNS TABLE (kind text, loaded_from timestamptz, fresh_through timestamptz) LANGUAGE sql AS $$
    SELECT k.name, c.loaded_from, c.fresh_through FROM cdp_data.coverage c JOIN cdp_data.event_kind k USING (kind_id) JOIN cdp_data.source s USING (source_id) WHERE s.name = $1 $$;
CREATE FUNCTION known(source text) RETURNS TABLE (person text, email text, given_name text, identifiers text) LANGUAGE sql AS $$
    SELECT r.source_key, r.email, r.given_name, (SELECT string_agg(concat_ws('|', d.kind, d.value, d.first_seen_at, d.last_seen_at), ',' ORDER BY d.kind, d.value) FROM cdp_data.record_identifier d WHERE d.record_id = r.record_id)
    FROM cdp_data.record r JOIN cdp_data.source s USING (source_id) WHERE s.name = $1 $$;
CREATE FUNCTION differences(one text, other text) RETURNS TABLE (events bigint, rejects bigint, spans bigint) LANGUAGE sql AS $$
    WITH a AS (SELECT * FROM stored(one)), b AS (SELECT * FROM stored(other)), c AS (SELECT * FROM refused(one)), d AS (SELECT * FROM refused(other)),
         e AS (SELECT * FROM spans(one)), f AS (SELECT * FROM spans(other))
    SELECT (SELECT count(*) FROM ((TABLE a EXCEPT ALL TABLE b) UNION ALL (TABLE b EXCEPT ALL TABLE a)) AS t),
           (SELECT count(*) FROM ((TABLE c EXCEPT ALL TABLE d) UNION ALL (TABLE d EXCEPT ALL TABLE c)) AS t),
           (SELECT count(*) FROM ((TABLE e EXCEPT ALL TABLE f) UNION ALL (TABLE f EXCEPT ALL TABLE e)) AS t)
    FROM (SELECT 1) AS one_row $$;

CREATE TABLE people (id int PRIMARY KEY, email text);
SELECT count(*) FROM cdp.add_source('people', 'people');
SELECT count(*) FROM cdp.add_source('people_reference', 'people');

-- Texts.
CREATE TABLE log (nr text, who text, "when" text, what text, value text, ccy text, "Page Title" text, level int, price numeric, gift boolean, seen timestamptz, score float8, tags jsonb, day date);
CREATE PROCEDURE add_rows(round int, n int) LANGUAGE sql AS $$
    INSERT INTO log
    SELECT pick('key' || s, 'k' || i, ' k' || i, 'k' || i / 2, 'k' || i, NULL, '', ' '),
           pick('who' || s, 'p' || i % 7, ' "p' || i % 7 || '" ', E'\u00a0p1', i::text, '', NULL, 'Ñandú', 'p' || i),
           pick('when' || s, '2026-03-' || 10 + i % 20, '2026-03-04 05:06:07.123456+02', '2026-03-04T05:06:07Z', '04/03/2026 10:00', '1772600000', 'yesterday', '2926-01-01', NULL, '', '1900-01-01', '2026-02-30', '2026-03-29 02:30', '12 de marzo de 2026'),
           pick('what' || s, 'visit', 'Visit', ' buy', 'árbol', '', ' ', NULL, 'visit', 'buy', 'buy'),
           pick('value' || s, '1.234,50', '12', '-3.999996', 'a lot', '12%', NULL, '', 'n/a', '1e5', '99999999999999.99996', '(7)', '0', '-0', '$ 5', '100000000000000'),
           pick('ccy' || s, 'eur', 'USD', NULL, '', ' clp ', 'ñ'),
           pick('title' || s, 'Home', E'a "quoted" \\ line\nbreak', '', NULL, 'Ñuñoa, (1)'),
           nullif(abs(hashtext('level' || s)) % 5, 0), round((abs(hashtext('price' || s)) % 1000000)::numeric / 1000, abs(hashtext('scale' || s)) % 5),
           pick('gift' || s, 'true', 'false', NULL)::boolean, pick('seen' || s, '2026-01-01 00:00:00+00', NULL, 'infinity')::timestamptz,
           pick('score' || s, '0.1', 'NaN', NULL, '-1e300')::float8, pick('tags' || s, '{"b": [1, null, {"x": null}], "a": null}', '[]', 'null', '"x"', '1.50', NULL)::jsonb,
           pick('day' || s, '2026-05-05', NULL)::date
    FROM (SELECT i, 'r' || round || ' ' || i AS s FROM generate_series(1, n) i) AS t $$;
CALL add_rows(1, 400);
SELECT count(*) FROM (VALUES ('log', 'people'), ('log_reference', 'people_reference')) AS v(source, person_source),
    cdp.add_source(v.source, 'log', key => 'nr', kind => 'events', person_source => v.person_source, time_zone => 'America/Santiago', date_order => 'dmy', mapping =>
    '{"who": "person_key", "when": "occurred_at", "what": "event_kind", "value": "amount", "ccy": "currency", "Page Title": "title", "level": "level", "price": "price", "gift": "gift", "seen": "seen", "score": "score", "tags": "tags", "day": "day"}');
SELECT count(*) FROM (VALUES ('content', 'people'), ('content_reference', 'people_reference')) AS v(source, person_source),
    cdp.add_source(v.source, 'log', key => '*', kind => 'events', person_source => v.person_source, time_zone => 'UTC', date_order => 'mdy', mapping =>
    '{"who": "person_key", "when": "occurred_at", "what": "event_kind", "price": "amount", "level": ["level", "grade"]}');
SELECT (SELECT source_id FROM cdp_data.source WHERE name = 'log_reference') AS log_reference, (SELECT source_id FROM cdp_data.source WHERE name = 'content_reference') AS content_reference \gset
SELECT * FROM cdp.ingest('log');
SELECT * FROM reference._ingest_events(:log_reference);
SELECT * FROM differences('log', 'log_reference');
SELECT count(*) > 50 AS events, count(DISTINCT kind) AS kinds, count(DISTINCT person) > 20 AS people FROM stored('log');
SELECT count(*) FILTER (WHERE attribute IS NULL) > 50 AS rows, count(*) FILTER (WHERE attribute IS NOT NULL) > 10 AS values, count(DISTINCT reason) AS reasons FROM refused('log');
SELECT * FROM cdp.ingest('content');
SELECT * FROM reference._ingest_events(:content_reference);
SELECT * FROM differences('content', 'content_reference');
-- The same again.
SELECT * FROM cdp.ingest('log');
SELECT * FROM reference._ingest_events(:log_reference);
SELECT * FROM differences('log', 'log_reference');
-- Some go, some change, some are new.
DELETE FROM log WHERE abs(hashtext(ctid::text)) % 3 = 0;
UPDATE log SET value = '77', who = 'p1' WHERE abs(hashtext(nr)) % 5 = 0;
UPDATE log SET "when" = '2026-03-05' WHERE abs(hashtext(nr)) % 7 = 0;
CALL add_rows(2, 300);
SELECT * FROM cdp.ingest('log');
SELECT * FROM reference._ingest_events(:log_reference);
SELECT * FROM differences('log', 'log_reference');
SELECT * FROM cdp.ingest('content');
SELECT * FROM reference._ingest_events(:content_reference);
SELECT * FROM differences('content', 'content_reference');
-- The types of properties are those of the values that are stored.
SELECT count(*) AS wrong_types
FROM (SELECT k.kind_id, v.key, CASE WHEN min(t.type) = max(t.type) THEN min(t.type) ELSE 'text' END AS type
      FROM cdp_data.event k, jsonb_each(k.properties) v, LATERAL (SELECT CASE jsonb_typeof(v.value) WHEN 'number' THEN 'number' WHEN 'boolean' THEN 'boolean' ELSE 'text' END) AS t(type)
      WHERE jsonb_typeof(v.value) NOT IN ('object', 'array') GROUP BY k.kind_id, v.key) AS a
FULL JOIN cdp_data.event_property p ON p.kind_id = a.kind_id AND p.property = a.key
WHERE a.type IS DISTINCT FROM p.value_type AND p.value_type IS DISTINCT FROM 'text';
-- What is packed here is packed as the server would.
SELECT count(*) AS packed_otherwise FROM cdp_data.event e WHERE e.properties::text::jsonb::text <> e.properties::text OR pg_column_size(e.properties::text::jsonb) <> pg_column_size(e.properties || '{}');

-- Messages.
CREATE TABLE web (line int GENERATED ALWAYS AS IDENTITY, message text);
CREATE PROCEDURE add_messages(round int, n int) LANGUAGE sql AS $$
    INSERT INTO web (message)
    SELECT pick('whole' || s, m, m, m, m, m, m, m, m, m, left(m, -3), m || ' x', '[' || m || ']', '', ' ', replace(m, '"event"', '"Event"'), 'null', replace(m, 'Home', 'a\u0000b'), replace(m, 'Home', 'a\ud800b'), replace(m, 'Home', '\ud83d\ude00\n\u00e1'))
    FROM (SELECT i, s, format('{"type": %s, %s "userId": %s, "anonymousId": %s, %s "event": %s, "name": %s, %s "properties": %s, "traits": %s}',
                 pick('type' || s, '"track"', '"track"', '"page"', '"screen"', '"identify"', '" Track "', '"dance"', 'null', '7'),
                 pick('id' || s, '"messageId": "m' || i || '",', '"messageId": "m' || i / 2 || '",', '', '"messageId": ' || i || ',', '"messageId": null,'),
                 pick('user' || s, '"u' || i % 9 || '"', 'null', i::text, '{"a": 1}', '""', '"u1"'),
                 pick('device' || s, '"d' || i % 5 || '"', 'null', '12.50', 'true'),
                 pick('time' || s, '"timestamp": "2026-01-' || 10 + i % 20 || 'T10:00:00Z",', '"timestamp": "2026-01-05",', '"timestamp": "never",', '', '"timestamp": "2926-01-01T00:00:00Z",',
                      '"receivedAt": "2026-01-05T00:00:00Z", "sentAt": "2026-01-04T00:00:10Z", "originalTimestamp": "2026-01-04T00:00:00.5Z",',
                      '"timestamp": "2026-01-06T00:00:00Z", "receivedAt": "2026-01-05T00:00:00Z", "sentAt": "2026-01-04T00:00:10Z", "originalTimestamp": "2025-10-04T00:00:00.5Z",'),
                 pick('event' || s, '"Order Completed"', '"Añadir  al carro!"', '"!"', 'null', '5', '"order_completed"'),
                 pick('name' || s, '"Home"', 'null', '3'),
                 pick('twice' || s, '', '', '"name": "Second",'),
                 pick('properties' || s, '{"revenue": "12.50", "currency": "clp", "z": null, "nested": {"a": null, "b": [null, 1.10, "x"]}}', '{"total": 3, "value": 9, "long name of a property": true, "b": false}',
                      'null', '[]', '"x"', '{}', '{"revenue": {"a": 1}, "n": 12345678901234567890123456789.1230, "e": 1.5e3, "m": -0.0, "s": 1e-7}', '{"revenue": "many", "value": "1.234,5", "name": "own", "name": "own again"}', '{"revenue": 1e15}'),
                 pick('traits' || s, '{"email": "A' || i % 9 || '@Example.com", "firstName": "Ana"}', '{"address": {"city": "Lima", "street": null}, "company": {"name": "Acme"}}', 'null', '[1]', '{"email": 7, "firstName": null}')) AS m
          FROM (SELECT i, 'm' || round || ' ' || i AS s FROM generate_series(1, n) i) AS t) AS t $$;
CALL add_messages(1, 600);
SELECT count(*) FROM (VALUES ('web'), ('web_reference')) AS v(source), cdp.add_source(v.source, 'web', kind => 'messages', mapping => '{"message": "message"}', time_zone => 'Europe/Madrid');
SELECT source_id AS web_reference FROM cdp_data.source WHERE name = 'web_reference' \gset
SELECT rows_read, rows_rejected FROM cdp.ingest('web');
SELECT rows_read, rows_rejected FROM reference._ingest_messages(:web_reference);
SELECT * FROM differences('web', 'web_reference');
SELECT count(*) > 100 AS events, count(DISTINCT kind) AS kinds, count(DISTINCT person) > 5 AS people FROM stored('web');
SELECT reason, count(*) > 3 AS several FROM refused('web') GROUP BY reason ORDER BY reason COLLATE "C";
SELECT count(*) AS people_known_otherwise FROM ((SELECT * FROM known('web') EXCEPT ALL SELECT * FROM known('web_reference')) UNION ALL (SELECT * FROM known('web_reference') EXCEPT ALL SELECT * FROM known('web'))) AS t;
DELETE FROM web WHERE abs(hashtext(message)) % 3 = 0;
CALL add_messages(2, 300);
SELECT rows_read, rows_rejected FROM cdp.ingest('web');
SELECT rows_read, rows_rejected FROM reference._ingest_messages(:web_reference);
SELECT * FROM differences('web', 'web_reference');
SELECT count(*) AS people_known_otherwise FROM ((SELECT * FROM known('web') EXCEPT ALL SELECT * FROM known('web_reference')) UNION ALL (SELECT * FROM known('web_reference') EXCEPT ALL SELECT * FROM known('web'))) AS t;
SELECT count(*) AS packed_otherwise FROM cdp_data.event e WHERE e.properties::text::jsonb::text <> e.properties::text OR pg_column_size(e.properties::text::jsonb) <> pg_column_size(e.properties || '{}');
