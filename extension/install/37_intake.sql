-- Messages that arrive one by one or in bulk, by SQL. They are kept as they came; the next ingest stores what they say.

-- Bytes that are no UTF-8 are read as Windows-1252, as browsers do; what text cannot hold is left out.
CREATE FUNCTION cdp._decode_percent(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    bytes bytea;
BEGIN
    IF value !~ '[%+]' THEN RETURN value; END IF;
    SELECT string_agg(CASE WHEN length(p.part[1]) = 3 AND p.part[1] ~ '^%[0-9A-Fa-f]{2}$' THEN decode(substr(p.part[1], 2), 'hex') ELSE convert_to(p.part[1], 'UTF8') END, ''::bytea ORDER BY p.n)
    INTO bytes
    FROM regexp_matches(replace(value, '+', ' '), '%[0-9A-Fa-f]{2}|[^%]+|%', 'g') WITH ORDINALITY p(part, n)
    WHERE p.part[1] <> '%00';
    BEGIN
        RETURN convert_from(bytes, 'UTF8');
    EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
        RETURN convert_from(bytes, 'LATIN1');
    END;
END
$$;
COMMENT ON FUNCTION cdp._decode_percent(text) IS 'Internal. A value of a form without its percent signs and pluses.';

CREATE FUNCTION cdp.form_to_jsonb(body text) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL UNSAFE COST 1000 SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_object_agg(f.name, f.value ORDER BY f.n) -- the last of a repeated name counts
    FROM (SELECT cdp._decode_percent(split_part(p.pair, '=', 1)) AS name,
                 CASE WHEN strpos(p.pair, '=') > 0 THEN cdp._decode_percent(substr(p.pair, strpos(p.pair, '=') + 1)) ELSE '' END AS value, p.n
          FROM string_to_table(btrim(body, E' \t\r\n'), '&') WITH ORDINALITY p(pair, n) WHERE p.pair <> '') AS f
    -- Neither JSON nor a sentence: a form has a name, and names have no blanks in them.
    WHERE btrim(body, E' \t\r\n') ~ '^[^=&\s{<]+='
$$;
COMMENT ON FUNCTION cdp.form_to_jsonb(body text) IS
'The fields of a form-encoded body (application/x-www-form-urlencoded) as a flat JSON object of texts: ''type=subscribe&data%5Bemail%5D=ana%40example.com'' gives {"type": "subscribe", "data[email]": "ana@example.com"}. Of a repeated name the last value counts; bytes that are no UTF-8 are read as Latin-1; NULL for what is no form.';

-- The connection that messages of a name go to; made on first use.
CREATE FUNCTION cdp._message_connection(name text) RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    found record;
BEGIN
    -- Called for every message: the whole check only when something is missing.
    IF to_regclass('cdp_data.connection') IS NULL THEN PERFORM cdp._require_store(); END IF;
    SELECT c.connection_id, c.format, c.relation INTO found FROM cdp_data.connection c WHERE c.name = _message_connection.name;
    IF found.connection_id IS NULL THEN
        PERFORM pg_advisory_xact_lock(cdp._advisory_key('connect ' || coalesce(name, '')));
        SELECT c.connection_id, c.format, c.relation INTO found FROM cdp_data.connection c WHERE c.name = _message_connection.name;
        IF found.connection_id IS NULL THEN
            PERFORM cdp.connect_source(_message_connection.name, format => 'segment');
            SELECT c.connection_id, c.format, c.relation INTO found FROM cdp_data.connection c WHERE c.name = _message_connection.name;
        END IF;
    END IF;
    IF found.format <> 'segment' OR found.relation IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = format('%I takes no messages', name),
            DETAIL = format('It reads %s in the format %s.', coalesce(found.relation, 'what cdp.receive_webhook() is given'), found.format),
            HINT = 'Give another source; it is made on first use: source => ''messages''.';
    END IF;
    RETURN found.connection_id;
END
$$;
COMMENT ON FUNCTION cdp._message_connection(text) IS 'Internal. Where the messages of a source are kept; made on first use.';

-- Keeps a set of messages: (ordinality, body jsonb) in $1 as an array. Faulty ones become rejects.
CREATE FUNCTION cdp._keep_messages(connection_id int, bodies jsonb[], OUT messages_kept bigint, OUT messages_repeated bigint, OUT messages_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    connection record;
BEGIN
    SELECT c.*, s.source_id INTO connection FROM cdp_data.connection c LEFT JOIN cdp_data.source s ON s.name = c.name WHERE c.connection_id = _keep_messages.connection_id;
    WITH given AS MATERIALIZED (
        SELECT b.body, b.n, b.body::text AS content,
               CASE WHEN b.body IS NULL OR jsonb_typeof(b.body) <> 'object' THEN 'not a JSON object'
                    WHEN pg_column_size(b.body) > 1048576 THEN 'the message is larger than 1 MB'
                    WHEN connection.format = 'segment' AND coalesce(jsonb_typeof(b.body -> 'type'), '') <> 'string' THEN 'the message has no type'
                    WHEN connection.format = 'segment' AND coalesce(b.body ->> 'userId', b.body ->> 'anonymousId', '') = '' THEN 'neither userId nor anonymousId is given'
               END AS problem
        FROM unnest(_keep_messages.bodies) WITH ORDINALITY b(body, n)),
    refused AS (
        -- Of the attribute message: a later ingest of the source does not say that it is resolved.
        INSERT INTO cdp_data.reject AS j (reject_hash, source_id, relation, attribute, reason, suggestion, original, last_seen_at)
        SELECT DISTINCT ON (1) cdp._reject_hash(connection.source_id, NULL, 'message', g.content), connection.source_id, 'cdp_data.message', 'message', g.problem,
               CASE WHEN g.problem LIKE '%larger%' THEN 'Send what is long, such as a document, by its address.' ELSE 'Send it again, complete.' END,
               cdp.mask_payment_cards(left(coalesce(g.content, 'null'), 10000)), clock_timestamp()
        FROM given g WHERE g.problem IS NOT NULL ORDER BY 1
        ON CONFLICT (reject_hash) DO UPDATE SET last_seen_at = clock_timestamp(), resolved_at = NULL
        RETURNING 1),
    kept AS (
        INSERT INTO cdp_data.message (connection_id, message_key, body)
        SELECT connection.connection_id,
               CASE WHEN octet_length(i.id) <= 300 THEN i.id ELSE 'md5:' || md5(coalesce(i.id, g.content)) END, g.body
        FROM given g
        CROSS JOIN LATERAL (SELECT nullif(g.body ->> CASE connection.format WHEN 'segment' THEN 'messageId' WHEN 'sendgrid_webhook' THEN 'sg_event_id' END, '') AS id) AS i
        WHERE g.problem IS NULL ORDER BY g.n
        ON CONFLICT (connection_id, message_key) DO NOTHING
        RETURNING 1)
    SELECT (SELECT count(*) FROM kept), (SELECT count(*) FROM given g WHERE g.problem IS NULL) - (SELECT count(*) FROM kept),
           (SELECT count(*) FROM given g WHERE g.problem IS NOT NULL)
    INTO messages_kept, messages_repeated, messages_rejected;
END
$$;
COMMENT ON FUNCTION cdp._keep_messages(int, jsonb[]) IS 'Internal. Appends messages to cdp_data.message.';

CREATE FUNCTION cdp.ingest_messages(messages jsonb, source text DEFAULT 'messages',
    OUT messages_kept bigint, OUT messages_repeated bigint, OUT messages_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    connection int;
    batch jsonb := messages;
    shared jsonb := '{}';
    bodies jsonb[];
BEGIN
    connection := cdp._message_connection(source);
    IF jsonb_typeof(messages) = 'object' AND jsonb_typeof(messages -> 'batch') = 'array' THEN
        -- What a batch says holds for each of its messages that does not say it itself.
        batch := messages -> 'batch';
        shared := messages - 'batch' - 'integrations' - 'writeKey';
    END IF;
    IF batch IS NULL OR jsonb_typeof(batch) NOT IN ('object', 'array') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'messages are a JSON object, an array of objects, or a batch',
            DETAIL = format('It is: %s', coalesce(left(messages::text, 200), 'NULL')),
            HINT = 'For example: SELECT * FROM cdp.ingest_messages(''{"type": "track", "userId": "u1", "event": "Visited"}'');';
    END IF;
    SELECT array_agg(CASE WHEN jsonb_typeof(e.value) <> 'object' OR shared = '{}' THEN e.value
                          ELSE shared || e.value || CASE WHEN jsonb_typeof(shared -> 'context') = 'object' AND jsonb_typeof(e.value -> 'context') = 'object'
                                                         THEN jsonb_build_object('context', (shared -> 'context') || (e.value -> 'context')) ELSE '{}' END END ORDER BY e.n)
    INTO bodies
    FROM jsonb_array_elements(CASE jsonb_typeof(batch) WHEN 'array' THEN batch ELSE jsonb_build_array(batch) END) WITH ORDINALITY e(value, n);
    SELECT * INTO messages_kept, messages_repeated, messages_rejected FROM cdp._keep_messages(connection, coalesce(bodies, '{}'));
END
$$;
COMMENT ON FUNCTION cdp.ingest_messages(jsonb, text) IS
'Takes messages of the Segment specification: one object, an array of them, or a batch ({"batch": [...], "sentAt": ..., "context": ...}). They are kept in cdp_data.message; the next cdp.ingest() or cdp.refresh() stores what they say. source: the message source, registered on first use. A message whose messageId was there already counts as repeated, one without an id is known by its content; one that is no object, has no type or names nobody, or is larger than 1 MB, becomes a row of cdp_data.reject. Returns the counts. Example: SELECT * FROM cdp.ingest_messages(''[{"type": "identify", "userId": "u1", "traits": {"email": "ana@example.com"}}]'');';

CREATE FUNCTION cdp._send_message(type text, user_id text, anonymous_id text, fields jsonb, context jsonb, at timestamptz, message_id text, source text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    connection int;
    body jsonb;
    id CONSTANT text := coalesce(nullif(message_id, ''), 'sql-' || gen_random_uuid());
BEGIN
    connection := cdp._message_connection(source);
    IF coalesce(nullif(btrim(user_id), ''), nullif(btrim(anonymous_id), '')) IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'whose message is it?',
            DETAIL = 'Neither user_id nor anonymous_id is given.', HINT = format('For example: SELECT cdp.%s(''u1'', …) or anonymous_id => ''browser-7''.', type);
    END IF;
    IF octet_length(id) > 300 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('the message id has %s bytes', octet_length(id)),
            DETAIL = 'It may have 300.', HINT = 'Leave message_id out for one that is made up.';
    END IF;
    body := jsonb_strip_nulls(jsonb_build_object('type', type, 'messageId', id, 'userId', nullif(btrim(user_id), ''), 'anonymousId', nullif(btrim(anonymous_id), ''),
                'timestamp', to_char(coalesce(at, clock_timestamp()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'context', context)) || fields;
    IF pg_column_size(body) > 1048576 THEN
        RAISE EXCEPTION USING ERRCODE = 'program_limit_exceeded', MESSAGE = 'the message is larger than 1 MB',
            DETAIL = format('It has %s bytes.', pg_column_size(body)), HINT = 'Send what is long, such as a document, by its address.';
    END IF;
    INSERT INTO cdp_data.message (connection_id, message_key, body) VALUES (connection, id, body) ON CONFLICT DO NOTHING;
    RETURN id;
END
$$;
COMMENT ON FUNCTION cdp._send_message(text, text, text, jsonb, jsonb, timestamptz, text, text) IS 'Internal. Keeps one message and returns its id.';

CREATE FUNCTION cdp._check_object(value jsonb, what text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF value IS NOT NULL AND jsonb_typeof(value) <> 'object' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s are a JSON object', what), DETAIL = format('They are: %s', left(value::text, 200)),
            HINT = format('For example: %s => ''{"email": "ana@example.com"}''.', what);
    END IF;
    RETURN coalesce(value, '{}');
END
$$;
COMMENT ON FUNCTION cdp._check_object(jsonb, text) IS 'Internal. The value, which must be a JSON object; an empty one for NULL.';

CREATE FUNCTION cdp._check_text(value text, what text, example text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF coalesce(btrim(value), '') = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s is missing', what), HINT = format('For example: %s', example);
    END IF;
    RETURN value;
END
$$;
COMMENT ON FUNCTION cdp._check_text(text, text, text) IS 'Internal. The value, which may not be empty.';

CREATE FUNCTION cdp.identify(user_id text, traits jsonb DEFAULT '{}', anonymous_id text DEFAULT NULL, at timestamptz DEFAULT NULL, message_id text DEFAULT NULL,
    context jsonb DEFAULT NULL, source text DEFAULT 'messages') RETURNS text
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    SELECT cdp._send_message('identify', user_id, anonymous_id, jsonb_build_object('traits', cdp._check_object(traits, 'traits')), context, at, message_id, source)
$$;
COMMENT ON FUNCTION cdp.identify(text, jsonb, text, timestamptz, text, jsonb, text) IS
'Says who a user is: traits such as email, firstName, lastName, phone, birthday, address, as in the Segment specification. Kept at once, stored by the next cdp.ingest(). at: when that was so (default: now). message_id: sent twice with the same id it counts once. Returns the id of the message. Example: SELECT cdp.identify(''u1'', ''{"email": "ana@example.com", "firstName": "Ana"}'');';

CREATE FUNCTION cdp.track(user_id text, event text, properties jsonb DEFAULT '{}', anonymous_id text DEFAULT NULL, at timestamptz DEFAULT NULL, message_id text DEFAULT NULL,
    context jsonb DEFAULT NULL, source text DEFAULT 'messages') RETURNS text
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    SELECT cdp._send_message('track', user_id, anonymous_id,
        jsonb_build_object('event', cdp._check_text(event, 'the name of the event', 'event => ''Order Completed'''), 'properties', cdp._check_object(properties, 'properties')),
        context, at, message_id, source)
$$;
COMMENT ON FUNCTION cdp.track(text, text, jsonb, text, timestamptz, text, jsonb, text) IS
'Says what a user did. properties: what there is to say about it; revenue (or total, or value) and currency become the amount. Other arguments as in cdp.identify(). Returns the id of the message. Example: SELECT cdp.track(''u1'', ''Order Completed'', ''{"order_id": "A-7", "revenue": 49.90, "currency": "EUR"}'');';

CREATE FUNCTION cdp.page(user_id text, name text DEFAULT NULL, properties jsonb DEFAULT '{}', anonymous_id text DEFAULT NULL, at timestamptz DEFAULT NULL,
    message_id text DEFAULT NULL, context jsonb DEFAULT NULL, source text DEFAULT 'messages') RETURNS text
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    SELECT cdp._send_message('page', user_id, anonymous_id, jsonb_strip_nulls(jsonb_build_object('name', name, 'properties', cdp._check_object(properties, 'properties'))), context, at, message_id, source)
$$;
COMMENT ON FUNCTION cdp.page(text, text, jsonb, text, timestamptz, text, jsonb, text) IS
'Says that a user, or a visitor (user_id NULL and anonymous_id), looked at a page of the web site; it becomes an event page_viewed. Other arguments as in cdp.identify(). Returns the id of the message. Example: SELECT cdp.page(NULL, ''Home'', ''{"url": "https://example.com/"}'', anonymous_id => ''browser-7'');';

CREATE FUNCTION cdp.screen(user_id text, name text DEFAULT NULL, properties jsonb DEFAULT '{}', anonymous_id text DEFAULT NULL, at timestamptz DEFAULT NULL,
    message_id text DEFAULT NULL, context jsonb DEFAULT NULL, source text DEFAULT 'messages') RETURNS text
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    SELECT cdp._send_message('screen', user_id, anonymous_id, jsonb_strip_nulls(jsonb_build_object('name', name, 'properties', cdp._check_object(properties, 'properties'))), context, at, message_id, source)
$$;
COMMENT ON FUNCTION cdp.screen(text, text, jsonb, text, timestamptz, text, jsonb, text) IS
'Says that a user looked at a screen of an app; it becomes an event screen_viewed. Arguments as in cdp.page(). Returns the id of the message. Example: SELECT cdp.screen(''u1'', ''Basket'');';

CREATE FUNCTION cdp.group_user(user_id text, group_id text, traits jsonb DEFAULT '{}', anonymous_id text DEFAULT NULL, at timestamptz DEFAULT NULL, message_id text DEFAULT NULL,
    context jsonb DEFAULT NULL, source text DEFAULT 'messages') RETURNS text
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    SELECT cdp._send_message('group', user_id, anonymous_id,
        jsonb_build_object('groupId', cdp._check_text(group_id, 'the id of the group', 'group_id => ''acme'''), 'traits', cdp._check_object(traits, 'traits')), context, at, message_id, source)
$$;
COMMENT ON FUNCTION cdp.group_user(text, text, jsonb, text, timestamptz, text, jsonb, text) IS
'Says that a user belongs to a company or another group, and traits of the group; the message group of the Segment specification (group is a word of SQL). Other arguments as in cdp.identify(). Returns the id of the message. Example: SELECT cdp.group_user(''u1'', ''acme'', ''{"name": "Acme Ltd"}'');';

CREATE FUNCTION cdp.alias(user_id text, previous_id text, at timestamptz DEFAULT NULL, message_id text DEFAULT NULL, context jsonb DEFAULT NULL, source text DEFAULT 'messages') RETURNS text
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    SELECT cdp._send_message('alias', user_id, NULL, jsonb_build_object('previousId', cdp._check_text(previous_id, 'the previous id', 'previous_id => ''browser-7''')), context, at, message_id, source)
$$;
COMMENT ON FUNCTION cdp.alias(text, text, timestamptz, text, jsonb, text) IS
'Says that a user was known by another id before, that of an account or of a browser. Other arguments as in cdp.identify(). Returns the id of the message. Example: SELECT cdp.alias(''u1'', ''browser-7'');';

CREATE FUNCTION cdp.receive_webhook(source text, body text, OUT messages_kept bigint, OUT messages_repeated bigint, OUT messages_rejected bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    connection record;
    content jsonb;
    bodies jsonb[];
BEGIN
    PERFORM cdp._require_store();
    SELECT * INTO connection FROM cdp_data.connection c WHERE c.name = receive_webhook.source;
    IF connection.connection_id IS NULL OR connection.format NOT IN ('mailchimp_webhook', 'sendgrid_webhook', 'segment') OR connection.relation IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_object',
            MESSAGE = CASE WHEN connection.connection_id IS NULL THEN format('there is no connected source %L', receive_webhook.source) ELSE format('%I takes no webhooks', receive_webhook.source) END,
            DETAIL = coalesce('It reads ' || connection.relation || ' in the format ' || connection.format || '.',
                              'Those that take webhooks are ' || (SELECT string_agg(c.name, ', ' ORDER BY c.name) FROM cdp_data.connection c WHERE c.relation IS NULL) || '.', 'None is connected.'),
            HINT = format('Connect it: SELECT * FROM cdp.connect_source(%L, format => ''mailchimp_webhook'');',
                          coalesce(receive_webhook.source, 'newsletter') || CASE WHEN connection.connection_id IS NULL THEN '' ELSE '_webhook' END);
    END IF;
    IF octet_length(body) > 67108864 THEN
        RAISE EXCEPTION USING ERRCODE = 'program_limit_exceeded', MESSAGE = 'the body is larger than 64 MB',
            DETAIL = format('It has %s bytes.', octet_length(body)), HINT = 'Load a file of that size with cdp.load_csv() or the program cdp.';
    END IF;
    IF connection.format = 'mailchimp_webhook' THEN
        content := cdp.form_to_jsonb(body);
    ELSE
        content := cdp._try_jsonb(body);
    END IF;
    -- A body that cannot be read is kept for a person to look at; the sender would only send it again.
    IF content IS NULL OR jsonb_typeof(content) NOT IN ('object', 'array') THEN
        INSERT INTO cdp_data.reject AS j (reject_hash, source_id, relation, attribute, reason, original, last_seen_at)
        SELECT cdp._reject_hash(s.source_id, NULL, 'message', body), s.source_id, 'cdp_data.message', 'message',
               CASE connection.format WHEN 'mailchimp_webhook' THEN 'the body is no form' ELSE 'the body is no JSON' END, cdp.mask_payment_cards(left(coalesce(body, ''), 10000)), clock_timestamp()
        FROM cdp_data.source s WHERE s.name = connection.name
        ON CONFLICT (reject_hash) DO UPDATE SET last_seen_at = clock_timestamp(), resolved_at = NULL;
        messages_kept := 0; messages_repeated := 0; messages_rejected := 1;
        RETURN;
    END IF;
    IF connection.format = 'segment' THEN
        SELECT * INTO messages_kept, messages_repeated, messages_rejected FROM cdp.ingest_messages(content, receive_webhook.source);
        RETURN;
    END IF;
    SELECT array_agg(e.value ORDER BY e.n) INTO bodies
    FROM jsonb_array_elements(CASE jsonb_typeof(content) WHEN 'array' THEN content ELSE jsonb_build_array(content) END) WITH ORDINALITY e(value, n);
    SELECT * INTO messages_kept, messages_repeated, messages_rejected FROM cdp._keep_messages(connection.connection_id, coalesce(bodies, '{}'));
END
$$;
COMMENT ON FUNCTION cdp.receive_webhook(text, text) IS
'Takes the body of a web request as it was posted, for a source connected as mailchimp_webhook (a form), sendgrid_webhook (a JSON array) or segment. The same body sent again counts as repeated; one that cannot be read becomes a row of cdp_data.reject. The next cdp.ingest() stores what it says. Check the signature of the sender before. Returns the counts. Example: SELECT * FROM cdp.receive_webhook(''newsletter'', ''type=unsubscribe&data%5Bemail%5D=ana%40example.com'');';

CREATE FUNCTION cdp.purge_messages(older_than interval DEFAULT '90 days', source text DEFAULT 'messages') RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    connection record;
    purged bigint;
BEGIN
    PERFORM cdp._require_store();
    SELECT c.connection_id, c.format, s.source_id, s.ingested_at INTO connection
    FROM cdp_data.connection c JOIN cdp_data.source s ON s.name = c.name WHERE c.name = purge_messages.source;
    IF connection.connection_id IS NULL OR connection.format <> 'segment' THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = format('there is no source of messages %L', purge_messages.source),
            DETAIL = 'Messages of webhooks say together what holds for a person; they are kept.',
            HINT = 'Sources of messages: SELECT name FROM cdp_data.connection WHERE format = ''segment'';';
    END IF;
    IF older_than IS NULL OR older_than < interval '0' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'older_than is an age', HINT = 'For example: older_than => ''90 days''.';
    END IF;
    -- Not while it is read: what is purged must have been stored.
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('ingest ' || connection.source_id));
    -- A message may be committed long after it was received: an hour of a transaction is allowed for.
    DELETE FROM cdp_data.message m
    WHERE m.connection_id = connection.connection_id AND m.received_at < clock_timestamp() - older_than AND m.received_at < connection.ingested_at - interval '1 hour';
    GET DIAGNOSTICS purged = ROW_COUNT;
    RETURN purged;
END
$$;
COMMENT ON FUNCTION cdp.purge_messages(interval, text) IS
'Deletes messages that arrived by cdp.track(), cdp.ingest_messages() and the like longer ago than older_than, and at least an hour before their source was last read. What they said is stored and stays. Returns how many. Example: SELECT cdp.purge_messages(older_than => ''30 days'');';
