-- Foreign formats: a view over what was delivered, and ordinary sources over the view.

-- What a column's name is compared as: "Accepts Marketing", accepts_marketing and AcceptsMarketing are one.
CREATE FUNCTION cdp._column_key(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT regexp_replace(lower(cdp.fold(name)), '[^a-z0-9]+', '', 'g')
$$;
COMMENT ON FUNCTION cdp._column_key(text) IS 'Internal. The name of a column as foreign formats compare it: letters and digits only.';

CREATE FUNCTION cdp._formats() RETURNS TABLE (format text, reads text, shape text, needs_people boolean, may_share_people boolean)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM (VALUES
        ('segment', 'messages of the Segment specification: identify, track, page, screen, group, alias', 'json', false, false),
        ('ga4', 'the rows of Google Analytics 4''s export to BigQuery, as JSON', 'json', false, false),
        ('shopify_orders', 'Shopify''s export of orders: one row per line item', 'columns', false, false),
        ('shopify_customers', 'Shopify''s export of customers', 'columns', false, false),
        ('salesforce_contacts', 'contacts of Salesforce by their API names, merged and deleted ones too', 'columns', false, false),
        ('mailchimp_webhook', 'what Mailchimp posts about an audience, one form-encoded body per row', 'form', false, false),
        ('sendgrid_webhook', 'what SendGrid posts about mails, one JSON array or event per row', 'json', false, false),
        ('klaviyo_people', 'people of Klaviyo, one row each', 'columns', false, false),
        ('klaviyo_events', 'events of Klaviyo, one row each', 'columns', true, true),
        ('card_transactions', 'transactions of bank cards, one row each', 'columns', false, true),
        ('survey', 'answers to surveys, one row per answer', 'columns', false, true),
        ('nps', 'answers to "would you recommend us", 0 to 10, one row each', 'columns', false, true)
    ) AS f(format, reads, shape, needs_people, may_share_people)
$$;
COMMENT ON FUNCTION cdp._formats() IS 'Internal. The foreign formats.';

CREATE FUNCTION cdp._format_fields(format text) RETURNS TABLE ("position" int, field text, names text[], is_required boolean, is_guarded boolean)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    written text;
BEGIN
    written := CASE format
        WHEN 'shopify_orders' THEN cdp._shopify_order_fields()
        WHEN 'shopify_customers' THEN cdp._shopify_customer_fields()
        WHEN 'salesforce_contacts' THEN cdp._salesforce_contact_fields()
        WHEN 'klaviyo_people' THEN cdp._klaviyo_people_fields()
        WHEN 'klaviyo_events' THEN cdp._klaviyo_event_fields()
        WHEN 'card_transactions' THEN cdp._card_transaction_fields()
        WHEN 'survey' THEN cdp._survey_fields()
        WHEN 'nps' THEN cdp._nps_fields()
        ELSE '' END;
    -- One line each: field, ! when it must be there, ' when a spreadsheet guards it with an apostrophe, other names.
    RETURN QUERY
    SELECT l.n::int, l.part[1], array_remove(regexp_split_to_array(l.part[3], '\s*,\s*'), ''), l.part[2] ~ '!', l.part[2] ~ ''''
    FROM (SELECT regexp_match(btrim(t.line), '^(\w+)([!'' ]*),?\s*(.*)$') AS part, t.n FROM regexp_split_to_table(written, E'\n') WITH ORDINALITY t(line, n)) AS l
    WHERE l.part IS NOT NULL ORDER BY l.n;
END
$$;
COMMENT ON FUNCTION cdp._format_fields(text) IS 'Internal. The columns of a foreign format that has some: what we call them, what else they are called, whether one must be there, whether an apostrophe in front is no part of the value.';

-- The views and sources that a format consists of. rows_sql: {rows} is what was delivered, {zone}, {currency}, {date_order},
-- {decimal_mark} and {debit_sign} are literals.
CREATE FUNCTION cdp._format_parts(format text) RETURNS TABLE (suffix text, kind text, key_column text, mapping jsonb, rows_sql text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE CASE format
        WHEN 'segment' THEN 'SELECT * FROM cdp._segment_parts()'
        WHEN 'ga4' THEN 'SELECT * FROM cdp._ga4_parts()'
        WHEN 'shopify_orders' THEN 'SELECT * FROM cdp._shopify_order_parts()'
        WHEN 'shopify_customers' THEN 'SELECT * FROM cdp._shopify_customer_parts()'
        WHEN 'salesforce_contacts' THEN 'SELECT * FROM cdp._salesforce_contact_parts()'
        WHEN 'mailchimp_webhook' THEN 'SELECT * FROM cdp._mailchimp_parts()'
        WHEN 'sendgrid_webhook' THEN 'SELECT * FROM cdp._sendgrid_parts()'
        WHEN 'klaviyo_people' THEN 'SELECT * FROM cdp._klaviyo_people_parts()'
        WHEN 'klaviyo_events' THEN 'SELECT * FROM cdp._klaviyo_event_parts()'
        WHEN 'card_transactions' THEN 'SELECT * FROM cdp._card_transaction_parts()'
        WHEN 'survey' THEN 'SELECT * FROM cdp._survey_parts()'
        WHEN 'nps' THEN 'SELECT * FROM cdp._nps_parts()' END;
END
$$;
COMMENT ON FUNCTION cdp._format_parts(text) IS 'Internal. The views and sources that a foreign format is made of.';

CREATE FUNCTION cdp.formats() RETURNS TABLE (format text, reads text, delivers text, needs_columns text, knows_columns text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.format, f.reads,
           (SELECT string_agg(p.kind, ' and ' ORDER BY p.suffix) FROM cdp._format_parts(f.format) p),
           CASE f.shape WHEN 'json' THEN 'one column of JSON' WHEN 'form' THEN 'one column of text'
                ELSE (SELECT string_agg(c.field, ', ' ORDER BY c."position") FROM cdp._format_fields(f.format) c WHERE c.is_required) END,
           (SELECT string_agg(c.field, ', ' ORDER BY c."position") FROM cdp._format_fields(f.format) c WHERE NOT c.is_required)
    FROM cdp._formats() f ORDER BY f.format COLLATE "C"
$$;
COMMENT ON FUNCTION cdp.formats() IS
'One row per foreign format that cdp.connect_source() understands: what it reads, the kinds of source that come of it, the columns that must be there and those that are used when they are. Column names may be written with blanks, underscores or neither, in any case. Example: SELECT format, reads FROM cdp.formats();';

-- The rows of a connection's relation with the columns of its format as text, or, for JSON, (body jsonb, raw text).
CREATE FUNCTION cdp._landing_sql(connection_id int) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    connection record;
    shape text;
    columns text[];
    types text[];
    missing text[];
    chosen int;
    list text;
BEGIN
    SELECT * INTO connection FROM cdp_data.connection c WHERE c.connection_id = _landing_sql.connection_id;
    SELECT f.shape INTO shape FROM cdp._formats() f WHERE f.format = connection.format;
    IF connection.relation IS NULL THEN
        RETURN format('(SELECT m.body, NULL::text AS raw, m.received_at, m.message_number FROM cdp_data.message m WHERE m.connection_id = %s)', connection_id);
    END IF;
    SELECT array_agg(c.column_name), array_agg(c.column_type) INTO columns, types FROM cdp._relation_columns(connection.relation) c;
    IF shape <> 'columns' THEN
        -- Rows of GA4 that a loader has put into columns, nested ones as JSON.
        IF connection.format = 'ga4' AND columns @> ARRAY['event_name', 'event_timestamp'] THEN
            SELECT string_agg(format('%L, %s', u.name, CASE WHEN u.type IN ('text', 'character varying') AND u.name IN
                       ('event_params', 'user_properties', 'items', 'ecommerce', 'device', 'geo', 'collected_traffic_source', 'session_traffic_source_last_click', 'privacy_info')
                       THEN format('cdp._try_jsonb(s.%I)', u.name) ELSE format('s.%I', u.name) END), ', ' ORDER BY u.n) INTO list
            FROM unnest(columns, types) WITH ORDINALITY u(name, type, n)
            WHERE u.name IN ('event_name', 'event_timestamp', 'event_params', 'user_id', 'user_pseudo_id', 'user_properties', 'items', 'ecommerce', 'device', 'geo',
                             'collected_traffic_source', 'session_traffic_source_last_click', 'privacy_info', 'event_bundle_sequence_id', 'batch_page_id',
                             'batch_ordering_id', 'batch_event_index', 'platform', 'stream_id', 'event_date');
            RETURN format('(SELECT b.body, NULL::text AS raw, NULL::timestamptz AS received_at FROM %s AS s CROSS JOIN LATERAL (SELECT jsonb_strip_nulls(jsonb_build_object(%s)) AS body OFFSET 0) AS b)',
                          connection.relation, list);
        END IF;
        SELECT u.n INTO chosen FROM unnest(columns, types) WITH ORDINALITY u(name, type, n)
        WHERE u.type IN ('jsonb', 'json', 'text', 'character varying')
        ORDER BY cdp._column_key(u.name) IN ('message', 'body', 'payload', 'json', 'data', 'row', 'event', 'content') DESC, u.type IN ('jsonb', 'json') DESC, u.n LIMIT 1;
        IF chosen IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'undefined_column', MESSAGE = format('no column of %s can hold the rows of %s', connection.relation, connection.format),
                DETAIL = 'Its columns are ' || array_to_string(columns, ', ') || '; one of jsonb, json or text is needed.',
                HINT = 'Load the file as lines of JSON into a table of one column: CREATE TABLE landing.messages (message text);';
        END IF;
        -- OFFSET 0: read once, not at each mention.
        RETURN format('(SELECT b.body, s.%2$I::text AS raw, %3$s AS received_at FROM %4$s AS s CROSS JOIN LATERAL (SELECT %1$s AS body OFFSET 0) AS b WHERE btrim(s.%2$I::text) <> '''')',
                      CASE WHEN types[chosen] = 'jsonb' THEN format('s.%I', columns[chosen])
                           WHEN shape = 'form' THEN format('cdp.form_to_jsonb(s.%I::text)', columns[chosen])
                           ELSE format('cdp._try_jsonb(s.%I::text)', columns[chosen]) END, columns[chosen],
                      coalesce((SELECT format('s.%I', u.name) FROM unnest(columns, types) u(name, type) WHERE u.name = 'received_at' AND u.type = 'timestamp with time zone'),
                               'NULL::timestamptz'),
                      connection.relation);
    END IF;
    -- Which column is which field: the first name that fits, our own first.
    WITH place AS (
        SELECT f."position", f.field, f.is_required, f.is_guarded,
               (SELECT c.n FROM unnest(f.field || f.names) WITH ORDINALITY v(name, rank)
                JOIN unnest(columns) WITH ORDINALITY c(name, n) ON cdp._column_key(c.name) = cdp._column_key(v.name)
                ORDER BY v.rank, c.n LIMIT 1) AS n
        FROM cdp._format_fields(connection.format) f)
    SELECT array_agg(p.field ORDER BY p."position") FILTER (WHERE p.is_required AND p.n IS NULL),
           string_agg(CASE WHEN p.n IS NULL THEN format('NULL::text AS %I', p.field)
                           WHEN p.is_guarded THEN format('nullif(btrim(regexp_replace(s.%1$I::text, ''^\s*''''(?=[-+=@0-9])'', ''''), E'' \t\r\n\u00a0''), '''') AS %2$I', columns[p.n], p.field)
                           ELSE format('nullif(btrim(s.%I::text, E'' \t\r\n\u00a0''), '''') AS %I', columns[p.n], p.field) END, ', ' ORDER BY p."position")
    INTO missing, list FROM place p;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_column',
            MESSAGE = format('%s lacks %s that %s needs: %s', connection.relation, CASE WHEN cardinality(missing) = 1 THEN 'a column' ELSE 'columns' END,
                             connection.format, array_to_string(missing, ', ')),
            DETAIL = 'Its columns are ' || array_to_string(columns, ', ') || '.',
            HINT = coalesce((SELECT string_agg(format('Is %I the column %s? Then rename it in a view: CREATE VIEW … AS SELECT %I AS %s, …', near.name, m.m, near.name, m.m), ' ' ORDER BY m.n)
                             FROM unnest(missing) WITH ORDINALITY m(m, n)
                             CROSS JOIN LATERAL (SELECT cdp._nearest(m.m, ARRAY(SELECT c.c FROM unnest(columns) c(c) WHERE c.c <> ALL (cdp._connection_columns(connection_id, ARRAY(SELECT f.field FROM cdp._format_fields(connection.format) f))))) AS name) AS near WHERE near.name IS NOT NULL) || ' ', '')
                   || format('What the format reads: SELECT * FROM cdp.formats() WHERE format = %L;', connection.format);
    END IF;
    RETURN format('(SELECT %s FROM %s AS s)', list, connection.relation);
END
$$;
COMMENT ON FUNCTION cdp._landing_sql(int) IS 'Internal. What stands after FROM for the rows that a connection delivers; errors when its relation lacks columns.';

CREATE FUNCTION cdp._view_name(connection text, suffix text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT 'from_' || connection || CASE WHEN suffix = '' THEN '' ELSE '_' || suffix END
$$;
COMMENT ON FUNCTION cdp._view_name(text, text) IS 'Internal. The view in cdp_data that a part of a connection is read from.';

CREATE FUNCTION cdp._make_views(connection_id int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
#variable_conflict use_column
DECLARE
    connection record;
    part record;
    landing text;
    rows_sql text;
    placeholder record;
BEGIN
    SELECT * INTO connection FROM cdp_data.connection c WHERE c.connection_id = _make_views.connection_id;
    landing := cdp._landing_sql(connection_id);
    FOR part IN SELECT * FROM cdp._format_parts(connection.format) p WHERE p.suffix <> 'people' OR connection.people IS NULL LOOP
        rows_sql := part.rows_sql;
        FOR placeholder IN
            SELECT * FROM (VALUES ('{zone}', connection.time_zone), ('{currency}', connection.currency), ('{date_order}', coalesce(connection.date_order, 'dmy')),
                                  ('{decimal_mark}', connection.decimal_mark), ('{name}', connection.name)) AS p(name, value)
        LOOP
            rows_sql := replace(rows_sql, placeholder.name, quote_nullable(placeholder.value));
        END LOOP;
        rows_sql := replace(replace(rows_sql, '{debit_sign}', coalesce(connection.debit_sign, 1)::text), '{has_own_people}', (connection.people IS NULL)::text);
        rows_sql := replace(rows_sql, '{rows}', landing); -- last: its names are the user's
        BEGIN
            EXECUTE format('CREATE OR REPLACE VIEW cdp_data.%I AS %s', cdp._view_name(connection.name, part.suffix), rows_sql);
        EXCEPTION WHEN invalid_table_definition THEN -- a newer version of the extension reads other columns
            EXECUTE format('DROP VIEW cdp_data.%I', cdp._view_name(connection.name, part.suffix));
            EXECUTE format('CREATE VIEW cdp_data.%I AS %s', cdp._view_name(connection.name, part.suffix), rows_sql);
        END;
        EXECUTE format('COMMENT ON VIEW cdp_data.%I IS %L', cdp._view_name(connection.name, part.suffix),
            format('One row per %s that %s delivers in the format %s. Made by cdp.connect_source().',
                   CASE part.kind WHEN 'people' THEN 'person' WHEN 'events' THEN 'event' ELSE 'message' END, coalesce(connection.relation, 'cdp_data.message'), connection.format));
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp._make_views(int) IS 'Internal. Makes the views of a connection, or makes them again.';

-- Called by cdp.install(): a newer version of the extension may read a format better, and DROP EXTENSION took the views along.
CREATE FUNCTION cdp._make_all_views() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    connection record;
BEGIN
    FOR connection IN SELECT c.connection_id, c.name, c.relation FROM cdp_data.connection c ORDER BY c.connection_id LOOP
        IF connection.relation IS NOT NULL AND to_regclass(connection.relation) IS NULL THEN
            RAISE WARNING USING MESSAGE = format('the table %s of the source %I is gone; its views were not made', connection.relation, connection.name),
                HINT = format('When it is there again: SELECT * FROM cdp.connect_source(%L);', connection.name);
            CONTINUE;
        END IF;
        PERFORM cdp._make_views(connection.connection_id);
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp._make_all_views() IS 'Internal. Makes the views of all connections again.';

CREATE FUNCTION cdp.connect_source(
    name text, relation text DEFAULT NULL, format text DEFAULT NULL, people text DEFAULT NULL, country text DEFAULT NULL, time_zone text DEFAULT NULL,
    currency text DEFAULT NULL, date_order text DEFAULT NULL, decimal_mark text DEFAULT NULL, priority int DEFAULT 100)
RETURNS TABLE (source text, kind text, view_name text, columns_read int, columns_ignored text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    known record;
    existing record;
    new_id int;
    part record;
    qualified text;
    own_name CONSTANT text := connect_source.name;
    other text;
BEGIN
    PERFORM cdp._require_store();
    IF own_name IS NULL OR own_name !~ '^[a-z][a-z0-9_]{0,49}$' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%L cannot be the name of a source', own_name),
            DETAIL = 'A name has small letters, digits and underscores, begins with a letter, and has 50 characters at most.',
            HINT = 'For example: SELECT * FROM cdp.connect_source(''shop'', ''landing.orders'', format => ''shopify_orders'');';
    END IF;
    SELECT * INTO existing FROM cdp_data.connection c WHERE c.name = own_name;
    IF existing.connection_id IS NOT NULL THEN
        IF coalesce(connect_source.format, existing.format) <> existing.format
           OR (SELECT min(c.relation_name) FROM cdp._relation_columns(connect_source.relation) c WHERE connect_source.relation IS NOT NULL) <> existing.relation THEN
            RAISE EXCEPTION USING ERRCODE = 'duplicate_object', MESSAGE = format('there is a source %I already', own_name),
                DETAIL = format('It reads %s in the format %s.', coalesce(existing.relation, 'cdp_data.message'), existing.format),
                HINT = format('Choose another name, or remove it first: SELECT cdp.disconnect_source(%L);', own_name);
        END IF;
        -- Again: the views, for a table that was dropped and loaded again, or has more columns now.
        PERFORM cdp._make_views(existing.connection_id);
        RETURN QUERY SELECT * FROM cdp._connected(existing.connection_id);
        RETURN;
    END IF;
    SELECT * INTO known FROM cdp._formats() f WHERE f.format = connect_source.format;
    IF known.format IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('unknown format %L', connect_source.format),
            DETAIL = 'Formats are ' || (SELECT string_agg(f.format, ', ' ORDER BY f.format COLLATE "C") FROM cdp._formats() f) || '.',
            HINT = coalesce(cdp._did_you_mean(connect_source.format, (SELECT array_agg(f.format) FROM cdp._formats() f)), '') || 'Look at them: SELECT * FROM cdp.formats();';
    END IF;
    IF relation IS NULL AND known.shape = 'columns' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('which table holds the rows of %s?', known.format),
            DETAIL = 'Only messages and webhooks arrive one by one.',
            HINT = format('Load the file, then: SELECT * FROM cdp.connect_source(%L, ''landing.rows'', format => %L);', own_name, known.format);
    END IF;
    IF relation IS NOT NULL THEN SELECT min(c.relation_name) INTO qualified FROM cdp._relation_columns(relation) c; END IF;
    IF people IS NOT NULL AND NOT known.may_share_people THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s brings people of its own', known.format),
            DETAIL = 'Those of another source are found by e-mail address, telephone and the like when people are resolved.', HINT = 'Leave people out.';
    ELSIF people IS NULL AND known.needs_people THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('whose events are these? %s names people of another source', known.format),
            DETAIL = coalesce('People sources are ' || (SELECT string_agg(s.name, ', ' ORDER BY s.name) FROM cdp_data.source s WHERE s.kind = 'people') || '.', 'There is none yet.'),
            HINT = format('Connect the people first, then say for example: people => %L.', coalesce((SELECT min(s.name) FROM cdp_data.source s WHERE s.kind = 'people'), 'klaviyo'));
    ELSIF people IS NOT NULL AND NOT EXISTS (SELECT FROM cdp_data.source s WHERE s.name = people AND s.kind <> 'events') THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = format('there is no people source %L', people),
            DETAIL = coalesce('People sources are ' || (SELECT string_agg(s.name, ', ' ORDER BY s.name) FROM cdp_data.source s WHERE s.kind <> 'events') || '.', 'There is none yet.'),
            HINT = coalesce(cdp._did_you_mean(people, (SELECT array_agg(s.name) FROM cdp_data.source s WHERE s.kind <> 'events')), '') || 'Leave people out for a source of its own.';
    END IF;
    IF connect_source.currency IS NOT NULL AND cdp.normalize_currency(connect_source.currency, NULL) IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%L is no currency', connect_source.currency),
            DETAIL = 'A currency is its ISO 4217 code of three letters.', HINT = 'For example: currency => ''EUR''.';
    END IF;
    IF connect_source.decimal_mark NOT IN ('.', ',') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%L cannot separate decimals', connect_source.decimal_mark),
            HINT = 'Say decimal_mark => '','' or ''.''.';
    END IF;
    connect_source.time_zone := coalesce(connect_source.time_zone, cdp._setting('time_zone'));
    PERFORM cdp._check_time_zone(connect_source.time_zone);
    INSERT INTO cdp_data.connection (name, format, relation, people, country, time_zone, currency, date_order, decimal_mark, priority)
    VALUES (own_name, known.format, qualified, people, cdp.normalize_country(connect_source.country), connect_source.time_zone,
            coalesce(cdp.normalize_currency(connect_source.currency, NULL), cdp._setting('currency')), connect_source.date_order, connect_source.decimal_mark, connect_source.priority)
    RETURNING connection_id INTO new_id;
    PERFORM cdp._landing_sql(new_id);
    IF known.shape = 'columns' THEN PERFORM cdp._infer_connection(new_id); END IF;
    PERFORM cdp._add_format_attributes(known.format);
    FOR part IN SELECT * FROM cdp._format_parts(known.format) p WHERE p.suffix <> 'people' OR people IS NULL LOOP
        SELECT s.name INTO other FROM cdp_data.source s WHERE s.name = own_name || CASE WHEN part.suffix IN ('', 'people') THEN '' ELSE '_' || part.suffix END;
        IF other IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'duplicate_object', MESSAGE = format('there is a source %I already', other),
                HINT = 'Choose another name.';
        END IF;
        IF to_regclass(format('cdp_data.%I', cdp._view_name(own_name, part.suffix))) IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'duplicate_table', MESSAGE = format('there is a relation cdp_data.%I already', cdp._view_name(own_name, part.suffix)),
                HINT = 'Choose another name.';
        END IF;
    END LOOP;
    PERFORM cdp._make_views(new_id);
    PERFORM cdp._add_parts(new_id);
    RETURN QUERY SELECT * FROM cdp._connected(new_id);
END
$$;
COMMENT ON FUNCTION cdp.connect_source(text, text, text, text, text, text, text, text, text, int) IS
'Connects a table that holds rows of a foreign format (cdp.formats() lists them) as sources: makes views cdp_data.from_<name> that read the format and registers sources over them, people under the name itself, events as <name>_events. Returns one row per source, with the number of columns of the table that the format knows and the names of those that it does not. relation: the table that cdp.load_csv() or the program cdp loaded; for segment, mailchimp_webhook and sendgrid_webhook it may be left out when messages arrive by cdp.ingest_messages() or cdp.receive_webhook(). people: for card_transactions, survey, nps and klaviyo_events, the source whose keys identify the people. country, time_zone, currency, date_order, decimal_mark: what holds where the rows do not say; the last two are found out from the values. Called again with the name alone it makes the views again, after the table was dropped and loaded anew. Errors name the columns that are missing. Example: SELECT * FROM cdp.connect_source(''shop'', ''landing.orders'', format => ''shopify_orders'');';

-- Without the notices of cdp.add_source(): what a format leaves open was said by cdp._infer_connection().
CREATE FUNCTION cdp._add_parts(connection_id int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
    connection record;
    part record;
BEGIN
    SELECT * INTO connection FROM cdp_data.connection c WHERE c.connection_id = _add_parts.connection_id;
    FOR part IN SELECT * FROM cdp._format_parts(connection.format) p WHERE p.suffix <> 'people' OR connection.people IS NULL ORDER BY p.kind = 'events' LOOP
        PERFORM cdp.add_source(connection.name || CASE WHEN part.suffix IN ('', 'people') THEN '' ELSE '_' || part.suffix END,
            format('cdp_data.%I', cdp._view_name(connection.name, part.suffix)), key => part.key_column, mapping => part.mapping, kind => part.kind,
            person_source => CASE part.kind WHEN 'events' THEN coalesce(connection.people, connection.name) END, country => connection.country,
            time_zone => connection.time_zone, priority => connection.priority, date_order => coalesce(connection.date_order, 'dmy'));
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp._add_parts(int) IS 'Internal. Registers the sources of a connection.';

-- What the values of a connection show: the order of dates, the sign of decimals, the sign of debits.
CREATE FUNCTION cdp._infer_connection(connection_id int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    connection record;
    dates record;
    marks record;
    negative bigint;
    positive bigint;
    has_direction boolean;
    debit int;
    landing text;
BEGIN
    SELECT * INTO connection FROM cdp_data.connection c WHERE c.connection_id = _infer_connection.connection_id;
    IF connection.date_order IS NULL THEN
        SELECT * INTO dates FROM cdp._infer_date_order(connection.relation, cdp._connection_columns(connection.connection_id,
            ARRAY['created_at', 'paid_at', 'cancelled_at', 'fulfilled_at', 'last_modified_date', 'created_date', 'birthdate', 'datetime', 'updated', 'transaction_time',
                  'transaction_date', 'answered_at', 'birthday']));
        IF dates.is_open THEN
            RAISE NOTICE USING MESSAGE = format('the dates of %s do not say whether day or month is first: dmy is assumed', connection.relation), DETAIL = dates.detail,
                HINT = format('If the month is first, say so: cdp.connect_source(%L, …, date_order => ''mdy'').', connection.name);
        END IF;
    END IF;
    IF connection.decimal_mark IS NULL THEN
        SELECT * INTO marks FROM cdp.infer_decimal_mark(connection.relation, cdp._connection_columns(connection.connection_id,
            ARRAY['total', 'subtotal', 'shipping', 'taxes', 'discount_amount', 'refunded_amount', 'lineitem_price', 'amount', 'value', 'total_spent', 'latitude', 'longitude']));
        IF marks.is_open THEN
            RAISE NOTICE USING MESSAGE = format('the numbers of %s do not say whether point or comma separates decimals: each is read by itself', connection.relation),
                DETAIL = marks.detail, HINT = format('Say which: cdp.connect_source(%L, …, decimal_mark => '','').', connection.name);
        END IF;
    END IF;
    UPDATE cdp_data.connection c SET date_order = coalesce(c.date_order, dates.date_order), decimal_mark = coalesce(c.decimal_mark, marks.decimal_mark)
    WHERE c.connection_id = connection.connection_id;
    IF connection.format = 'card_transactions' THEN
        landing := cdp._landing_sql(connection.connection_id);
        EXECUTE format('SELECT count(*) FILTER (WHERE cdp.normalize_number(r.amount) < 0), count(*) FILTER (WHERE cdp.normalize_number(r.amount) > 0), '
                       'coalesce(bool_or(r.direction IS NOT NULL OR r.transaction_type IS NOT NULL), false) FROM (SELECT * FROM %s AS r LIMIT 10000) AS r', landing)
        INTO negative, positive, has_direction;
        debit := CASE WHEN negative > positive THEN -1 ELSE 1 END;
        UPDATE cdp_data.connection c SET debit_sign = debit WHERE c.connection_id = connection.connection_id;
        IF NOT has_direction AND negative > 0 THEN
            RAISE NOTICE USING MESSAGE = format('a payment is taken to be a %s amount in %s', CASE debit WHEN -1 THEN 'negative' ELSE 'positive' END, connection.relation),
                DETAIL = format('Of the first rows, %s are negative and %s positive; no column tells debit from credit.', negative, positive),
                HINT = format('If it is the other way round: UPDATE cdp_data.connection SET debit_sign = %s WHERE name = %L; SELECT * FROM cdp.connect_source(%L);',
                              -debit, connection.name, connection.name);
        END IF;
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._infer_connection(int) IS 'Internal. Finds out what the values of a connection say about themselves and keeps it.';

CREATE FUNCTION cdp._connection_columns(connection_id int, fields text[]) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT x.column_name), '{}')
    FROM cdp_data.connection c
    CROSS JOIN LATERAL cdp._format_fields(c.format) f
    CROSS JOIN LATERAL (SELECT r.column_name FROM unnest(f.field || f.names) WITH ORDINALITY v(name, rank)
                        JOIN cdp._relation_columns(c.relation) r ON cdp._column_key(r.column_name) = cdp._column_key(v.name) ORDER BY v.rank LIMIT 1) AS x
    WHERE c.connection_id = _connection_columns.connection_id AND f.field = ANY (fields)
$$;
COMMENT ON FUNCTION cdp._connection_columns(int, text[]) IS 'Internal. The columns of a connection''s relation that hold some fields of its format.';

-- Attributes that formats bring.
CREATE FUNCTION cdp._add_format_attributes(format text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    SELECT cdp.add_attribute(a.attribute, value_type => a.value_type, data_kind => a.data_kind, identifies => a.identifies, max_records => a.max_records, description => a.description)
    FROM (VALUES
        ('shopify_id', NULL, 'identity', 'person', 1000, 'Number of a customer at Shopify'),
        ('salesforce_id', NULL, 'identity', 'person', 1000, 'Id of a contact at Salesforce, and of the contact that it was merged into'),
        ('mailing_list_address', NULL, 'identity', 'person', 1000, 'Address on a mailing list, and the address that it took the place of'),
        ('klaviyo_id', NULL, 'identity', 'person', 1000, 'Id of a person at Klaviyo'),
        ('card_token', NULL, 'identity', 'person', 1000, 'Token that stands for a payment card'),
        ('email_status', 'text', 'details', NULL, NULL, 'bounced when mail to the address came back for good'),
        ('job_title', 'text', 'details', NULL, NULL, 'Title at work'),
        ('lead_source', 'text', 'details', NULL, NULL, 'How the company came to know the person'),
        ('total_spent', 'number', 'behaviour', NULL, NULL, 'What the person has spent, as the shop counts it'),
        ('order_count', 'number', 'behaviour', NULL, NULL, 'Number of orders, as the shop counts them'),
        ('customer_tags', 'text', 'details', NULL, NULL, 'Tags that the shop gave the person'),
        ('note_about', 'text', 'qualitative', NULL, NULL, 'What employees noted about the person'),
        ('latitude', 'number', 'details', NULL, NULL, 'Latitude of the address in degrees'),
        ('longitude', 'number', 'details', NULL, NULL, 'Longitude of the address in degrees'),
        ('nps_score', 'number', 'qualitative', NULL, NULL, 'Latest answer to "would you recommend us", 0 to 10'),
        ('nps_group', 'text', 'qualitative', NULL, NULL, 'promoter (9, 10), passive (7, 8) or detractor (0 to 6) by the latest answer'),
        ('nps_comment', 'text', 'qualitative', NULL, NULL, 'What the person wrote with the latest answer'),
        ('survey_comment', 'text', 'qualitative', NULL, NULL, 'The latest free text of the person in a survey')
    ) AS a(attribute, value_type, data_kind, identifies, max_records, description)
    WHERE EXISTS (SELECT FROM cdp._format_parts(format) p, jsonb_each(p.mapping) m
                  WHERE p.kind = 'people' AND (m.value = to_jsonb(a.attribute) OR jsonb_typeof(m.value) = 'array' AND m.value ? a.attribute))
      AND NOT EXISTS (SELECT FROM cdp_data.attribute k WHERE k.attribute = a.attribute)
$$;
COMMENT ON FUNCTION cdp._add_format_attributes(text) IS 'Internal. Declares the attributes that a format maps to and that are not there yet.';

CREATE FUNCTION cdp._connected(connection_id int) RETURNS TABLE (source text, kind text, view_name text, columns_read int, columns_ignored text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.name, s.kind, s.relation, cardinality(u.used), CASE WHEN u.used IS NOT NULL THEN (SELECT string_agg(r.column_name, ', ') FROM cdp._relation_columns(c.relation) r WHERE r.column_name <> ALL (u.used)) END
    FROM cdp_data.connection c
    CROSS JOIN LATERAL (SELECT CASE WHEN k.shape = 'columns' THEN cdp._connection_columns(c.connection_id, ARRAY(SELECT f.field FROM cdp._format_fields(c.format) f)) END AS used
                        FROM cdp._formats() k WHERE k.format = c.format) AS u
    CROSS JOIN LATERAL cdp._format_parts(c.format) p
    JOIN cdp_data.source s ON s.name = c.name || CASE WHEN p.suffix IN ('', 'people') THEN '' ELSE '_' || p.suffix END
         AND s.relation = format('cdp_data.%I', cdp._view_name(c.name, p.suffix))
    WHERE c.connection_id = _connected.connection_id
    ORDER BY s.kind = 'events', s.name
$$;
COMMENT ON FUNCTION cdp._connected(int) IS 'Internal. The sources of a connection.';

CREATE FUNCTION cdp.disconnect_source(name text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
#variable_conflict use_column
DECLARE
    connection record;
    part record;
    held bigint;
BEGIN
    PERFORM cdp._require_store();
    SELECT * INTO connection FROM cdp_data.connection c WHERE c.name = disconnect_source.name;
    IF connection.connection_id IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = format('there is no connected source %L', disconnect_source.name),
            DETAIL = coalesce('Connected are ' || (SELECT string_agg(c.name, ', ' ORDER BY c.name) FROM cdp_data.connection c) || '.', 'None is connected.'),
            HINT = coalesce(cdp._did_you_mean(disconnect_source.name, (SELECT array_agg(c.name) FROM cdp_data.connection c)), '')
                   || 'Other sources are removed with cdp.remove_source().';
    END IF;
    SELECT count(*) INTO held FROM cdp_data.message m WHERE m.connection_id = connection.connection_id;
    -- Not by cdp._connected(): the table that it read may be gone.
    FOR part IN
        SELECT s.name FROM cdp._format_parts(connection.format) p
        JOIN cdp_data.source s ON s.relation = format('cdp_data.%I', cdp._view_name(connection.name, p.suffix)) ORDER BY s.kind = 'events' DESC
    LOOP
        PERFORM cdp.remove_source(part.name); -- an error when it has delivered
    END LOOP;
    IF held > 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'object_in_use', MESSAGE = format('%s messages of %I have arrived and were not read yet', held, disconnect_source.name),
            DETAIL = 'Disconnecting it would drop them.', HINT = format('Read them: SELECT * FROM cdp.ingest(%L);', disconnect_source.name);
    END IF;
    FOR part IN SELECT p.suffix FROM cdp._format_parts(connection.format) p LOOP
        EXECUTE format('DROP VIEW IF EXISTS cdp_data.%I', cdp._view_name(connection.name, part.suffix));
    END LOOP;
    DELETE FROM cdp_data.connection c WHERE c.connection_id = connection.connection_id;
    RETURN disconnect_source.name;
END
$$;
COMMENT ON FUNCTION cdp.disconnect_source(text) IS 'Undoes cdp.connect_source() for a source that has delivered nothing yet: its sources and views are dropped, the table that it read is not. Returns its name.';
