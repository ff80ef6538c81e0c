-- Registering sources: what is read, and what each column feeds.

CREATE FUNCTION cdp.add_source(
    name text, relation text, key text DEFAULT NULL, mapping jsonb DEFAULT NULL, kind text DEFAULT 'people',
    person_source text DEFAULT NULL, event_kind text DEFAULT NULL, country text DEFAULT NULL,
    date_order text DEFAULT NULL, time_zone text DEFAULT NULL, priority int DEFAULT 100,
    watermark text DEFAULT NULL, lateness text DEFAULT NULL, deletes text DEFAULT NULL, deleted_when text DEFAULT NULL)
RETURNS TABLE (column_name text, target text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    columns text[];
    qualified text;
    new_source_id int;
    person_id int;
    entry record;
    pairs jsonb := '[]';
    targets text[];
    dates record;
BEGIN
    PERFORM cdp._require_store();
    IF add_source.name IS NULL OR add_source.name !~ '^[a-z][a-z0-9_]{0,62}$' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%L cannot be the name of a source', add_source.name),
            DETAIL = 'A name has small letters, digits and underscores and begins with a letter.',
            HINT = 'For example: SELECT * FROM cdp.add_source(''crm'', ''crm.contacts'', key => ''id'');';
    END IF;
    IF EXISTS (SELECT FROM cdp_data.source s WHERE s.name = add_source.name) THEN
        RAISE EXCEPTION USING ERRCODE = 'duplicate_object',
            MESSAGE = format('there is a source %I already', add_source.name),
            HINT = format('See its mapping: SELECT * FROM cdp_data.mapping JOIN cdp_data.source USING (source_id) WHERE name = %L;', add_source.name);
    END IF;
    IF kind IS NULL OR kind NOT IN ('people', 'events', 'messages') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('unknown kind of source %L', kind),
            DETAIL = 'people: one row per customer record; events: one row per thing that happened; messages: one Segment-spec JSON message per row.',
            HINT = 'Say kind => ''people'', ''events'' or ''messages''.';
    END IF;
    IF add_source.date_order NOT IN ('dmy', 'mdy', 'ymd') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('unknown date order %L', add_source.date_order), HINT = 'Say date_order => ''dmy'', ''mdy'' or ''ymd''.';
    END IF;
    add_source.time_zone := coalesce(add_source.time_zone, cdp._setting('time_zone'));
    PERFORM cdp._check_time_zone(add_source.time_zone);
    IF cdp.normalize_country(add_source.country) IS NULL AND add_source.country <> '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('unknown country %L', add_source.country),
            DETAIL = 'A country is an ISO 3166 code of two or three letters, or a name.', HINT = 'For example: country => ''CL''.';
    END IF;
    add_source.country := cdp.normalize_country(add_source.country);
    add_source.event_kind := nullif(btrim(add_source.event_kind), '');
    SELECT array_agg(c.column_name), min(c.relation_name) INTO columns, qualified FROM cdp._relation_columns(relation) c;

    -- The mapping: given, or suggested.
    IF mapping IS NULL AND kind = 'messages' THEN
        IF cardinality(columns) > 2 OR NOT 'message' = ANY (columns) THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
                MESSAGE = format('which column of %s holds the messages?', qualified),
                DETAIL = 'Its columns are ' || array_to_string(columns, ', ') || '.',
                HINT = format('Say it, for example: mapping => ''{"%s": "message"}''.', columns[cardinality(columns)]);
        END IF;
        mapping := '{"message": "message"}';
    ELSIF mapping IS NULL THEN
        -- With one kind for all rows, a column that could tell kinds is a property.
        SELECT jsonb_object_agg(s.column_name, CASE WHEN s.target = 'event_kind' AND add_source.event_kind IS NOT NULL
                                                    THEN regexp_replace(lower(s.column_name), '[^a-z0-9]+', '_', 'g') ELSE s.target END) INTO mapping
        FROM cdp._suggest_mapping(qualified, kind, add_source.country) s
        LEFT JOIN cdp_data.attribute a ON a.attribute = s.target AND a.place = 'identifier'
        -- An identifier merges people without asking: it is mapped only when the name leaves no doubt.
        WHERE s.target IS NOT NULL AND s.target <> 'event_key' AND s.confidence >= CASE WHEN a.attribute IS NULL THEN 0.5 ELSE 0.9 END
          AND s.column_name IS DISTINCT FROM add_source.key;
        IF mapping IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
                MESSAGE = format('no column of %s looks like %s', qualified, CASE kind WHEN 'events' THEN 'part of an event' ELSE 'an attribute of a customer' END),
                DETAIL = 'Its columns are ' || array_to_string(columns, ', ') || '.',
                HINT = format('Give a mapping: SELECT * FROM cdp.add_source(%L, %L, key => %L, mapping => ''{"%s": "%s"}'');',
                              add_source.name, qualified, columns[1], columns[cardinality(columns)], CASE kind WHEN 'events' THEN 'occurred_at' ELSE 'email' END);
        END IF;
    END IF;
    IF jsonb_typeof(mapping) <> 'object' OR mapping = '{}' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'a mapping is a JSON object of column names and what they feed',
            DETAIL = format('It is: %s', left(mapping::text, 200)),
            HINT = 'For example: mapping => ''{"mail": "email", "vorname": "given_name"}''.';
    END IF;

    -- The key: given, or the single column of the primary key.
    IF key IS NULL THEN
        SELECT min(a.attname) INTO key
        FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
        WHERE i.indrelid = qualified::regclass AND i.indisprimary AND i.indnkeyatts = 1;
        IF key IS NULL AND kind = 'messages' THEN
            key := '*';
        ELSIF key IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
                MESSAGE = format('which column of %s identifies a row?', qualified),
                DETAIL = 'It has no primary key of one column. Its columns are ' || array_to_string(columns, ', ') || '.',
                HINT = format('Say it: SELECT * FROM cdp.add_source(%L, %L, key => %L);', add_source.name, qualified, columns[1]);
        END IF;
    END IF;
    IF key = '*' AND kind = 'people' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'a people source needs a key column',
            DETAIL = 'With the content as key, every correction of a record would become another customer.',
            HINT = format('Say it: key => %L.', columns[1]);
    END IF;

    FOR entry IN
        SELECT m.key AS column_name,
               CASE jsonb_typeof(m.value) WHEN 'string' THEN jsonb_build_array(m.value) WHEN 'array' THEN m.value END AS targets
        FROM jsonb_each(mapping) m
    LOOP
        IF NOT entry.column_name = ANY (columns) THEN
            RAISE EXCEPTION USING ERRCODE = 'undefined_column',
                MESSAGE = format('the column %I of the mapping does not exist in %s', entry.column_name, qualified),
                DETAIL = 'Its columns are ' || array_to_string(columns, ', ') || '.',
                HINT = cdp._did_you_mean(entry.column_name, columns) || 'Correct the mapping and run cdp.add_source() again.';
        END IF;
        IF entry.targets IS NULL OR entry.targets = '[]' OR entry.targets @? '$[*] ? (@.type() != "string")' THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
                MESSAGE = format('the column %I is mapped to %s', entry.column_name, mapping -> entry.column_name),
                HINT = 'A column feeds a name, or a list of names: {"id": ["loyalty_id", "user_id"]}.';
        END IF;
        pairs := pairs || (SELECT jsonb_agg(jsonb_build_array(entry.column_name, t.value) ORDER BY t.first)
                           FROM (SELECT u.value, min(u.n) AS first FROM jsonb_array_elements(entry.targets) WITH ORDINALITY u(value, n) GROUP BY u.value) t);
    END LOOP;
    IF key <> '*' AND NOT key = ANY (columns) THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_column',
            MESSAGE = format('the key column %I does not exist in %s', key, qualified),
            DETAIL = 'Its columns are ' || array_to_string(columns, ', ') || '.',
            HINT = cdp._did_you_mean(key, columns) || format('Say it: key => %L.', columns[1]);
    END IF;
    SELECT array_agg(p.value ->> 1) INTO targets FROM jsonb_array_elements(pairs) p;

    IF kind = 'people' THEN
        FOR entry IN SELECT t FROM unnest(targets) t WHERE NOT EXISTS (SELECT FROM cdp_data.attribute a WHERE a.attribute = t) LOOP
            RAISE EXCEPTION USING ERRCODE = 'undefined_object',
                MESSAGE = format('unknown attribute %L in the mapping', entry.t),
                DETAIL = 'Attributes are ' || (SELECT string_agg(a.attribute, ', ' ORDER BY a.attribute) FROM cdp_data.attribute a) || '.',
                HINT = cdp._did_you_mean(entry.t, (SELECT array_agg(a.attribute) FROM cdp_data.attribute a))
                       || format('To declare it: SELECT cdp.add_attribute(%L);', entry.t);
        END LOOP;
    ELSIF kind = 'events' THEN
        FOR entry IN SELECT t FROM unnest(targets) t WHERE t !~ '^[a-z][a-z0-9_]{0,62}$' LOOP
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
                MESSAGE = format('%L cannot be the name of an event property', entry.t),
                HINT = 'A name has small letters, digits and underscores and begins with a letter.';
        END LOOP;
        FOR entry IN SELECT t FROM unnest(targets) t GROUP BY t HAVING count(*) > 1 LOOP
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
                MESSAGE = format('two columns of the mapping feed %L', entry.t),
                HINT = 'Map one of them to another name.';
        END LOOP;
        IF NOT targets @> ARRAY['person_key', 'occurred_at'] THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
                MESSAGE = 'an event source must say who and when',
                DETAIL = 'No column feeds ' || (SELECT string_agg(t, ' and ') FROM unnest(ARRAY['person_key', 'occurred_at']) t WHERE t <> ALL (targets)) || '.',
                HINT = 'For example: mapping => ''{"customer_id": "person_key", "created": "occurred_at"}''.';
        END IF;
        IF (add_source.event_kind IS NULL) = NOT ('event_kind' = ANY (targets)) THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
                MESSAGE = 'an event source must say what happened, once',
                DETAIL = 'Either one kind for all rows, or a column that feeds event_kind.',
                HINT = 'For example: event_kind => ''purchase''.';
        END IF;
        SELECT s.source_id INTO person_id FROM cdp_data.source s WHERE s.name = person_source AND s.kind IN ('people', 'messages');
        IF person_id IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
                MESSAGE = CASE WHEN person_source IS NULL THEN 'whose keys does person_key hold?'
                               ELSE format('there is no people source %L', person_source) END,
                DETAIL = coalesce('People sources are ' || (SELECT string_agg(s.name, ', ' ORDER BY s.name) FROM cdp_data.source s WHERE s.kind <> 'events') || '.',
                                  'There is no people source yet; add one first.'),
                HINT = format('Say it: person_source => %L.', coalesce((SELECT min(s.name) FROM cdp_data.source s WHERE s.kind <> 'events'), 'crm'));
        END IF;
    ELSIF targets <> ARRAY['message'] THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'a message source maps one column, to message',
            HINT = 'For example: mapping => ''{"body": "message"}''.';
    END IF;

    -- What comes first in a date: as the values show.
    SELECT * INTO dates FROM cdp._infer_date_order(qualified, ARRAY(
        SELECT p.value ->> 0 FROM jsonb_array_elements(pairs) p LEFT JOIN cdp_data.attribute a ON a.attribute = p.value ->> 1
        WHERE CASE kind WHEN 'people' THEN a.semantic_type IN ('date', 'birth_date', 'timestamp') WHEN 'events' THEN p.value ->> 1 = 'occurred_at' END));
    IF add_source.date_order IS NULL AND dates.date_order = 'mdy' THEN
        RAISE NOTICE USING MESSAGE = format('the dates of %s have the month first: date_order is mdy', qualified), DETAIL = dates.detail,
            HINT = format('If that is wrong: UPDATE cdp_data.source SET date_order = ''dmy'' WHERE name = %L;', add_source.name);
    ELSIF add_source.date_order IS NULL AND dates.is_open THEN
        RAISE NOTICE USING MESSAGE = format('the dates of %s do not say whether day or month is first: dmy is assumed', qualified),
            DETAIL = dates.detail,
            HINT = format('If the month is first: UPDATE cdp_data.source SET date_order = ''mdy'' WHERE name = %L;', add_source.name);
    ELSIF add_source.date_order <> dates.date_order AND dates.date_order IN ('dmy', 'mdy') THEN
        RAISE NOTICE USING MESSAGE = format('the dates of %s look like %s, not %s', qualified, dates.date_order, add_source.date_order),
            DETAIL = dates.detail,
            HINT = format('If they are: UPDATE cdp_data.source SET date_order = %L WHERE name = %L;', dates.date_order, add_source.name);
    END IF;
    add_source.date_order := coalesce(add_source.date_order, dates.date_order, 'dmy');
    INSERT INTO cdp_data.source (name, kind, relation, key_column, person_source_id, event_kind, country, date_order, time_zone, priority)
    VALUES (add_source.name, kind, qualified, key, person_id, add_source.event_kind,
            coalesce(add_source.country, nullif(cdp._setting('country'), '')), add_source.date_order, add_source.time_zone, add_source.priority)
    RETURNING source_id INTO new_source_id;
    INSERT INTO cdp_data.mapping (source_id, position, column_name, target)
    SELECT new_source_id, row_number() OVER (ORDER BY array_position(columns, p.value ->> 0), p.ordinality), p.value ->> 0, p.value ->> 1
    FROM jsonb_array_elements(pairs) WITH ORDINALITY p;
    PERFORM cdp._set_reading(new_source_id, watermark, lateness, deletes, deleted_when);
    PERFORM cdp._keep_decimal_mark(new_source_id);
    -- What a source promises can be asked for at once, before the first event is read.
    IF add_source.event_kind IS NOT NULL THEN
        INSERT INTO cdp_data.event_kind (name) VALUES (add_source.event_kind) ON CONFLICT DO NOTHING;
        INSERT INTO cdp_data.event_property AS p (kind_id, property, value_type)
        SELECT k.kind_id, m.target, CASE WHEN c.column_type IN ('smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision') THEN 'number'
                                         WHEN c.column_type = 'boolean' THEN 'boolean' ELSE 'text' END
        FROM cdp_data.mapping m
        JOIN cdp._relation_columns(qualified) c ON c.column_name = m.column_name
        JOIN cdp_data.event_kind k ON k.name = add_source.event_kind
        WHERE m.source_id = new_source_id AND m.target <> ALL (cdp._event_targets())
        ON CONFLICT (kind_id, property) DO UPDATE SET value_type = 'text' WHERE p.value_type <> EXCLUDED.value_type AND p.value_type <> 'text';
    END IF;
    RETURN QUERY
    SELECT c.c, m.target
    FROM unnest(columns) WITH ORDINALITY c(c, n)
    LEFT JOIN cdp_data.mapping m ON m.source_id = new_source_id AND m.column_name = c.c
    ORDER BY c.n, m.position;
END
$$;
COMMENT ON FUNCTION cdp.add_source(text, text, text, jsonb, text, text, text, text, text, text, int, text, text, text, text) IS
'Registers a table, view or foreign table as a source. Returns one row per column and what it feeds (NULL: not used). key: the column that identifies a row (default: the primary key). mapping: {"column": "attribute"}; suggested from names and content when it is not given. kind: people (default), events or messages. For events: person_source names the people source whose keys person_key holds, event_kind the kind when no column says it. country, date_order (dmy, mdy, ymd) and time_zone say how phone numbers, dates and local times are to be read; without a date_order it is what the values show (a NOTICE says when that is mdy, or open), else dmy; priority (lowest first) whose values win in the golden record. watermark: a column that never falls as rows come and change (a time, a number); then a reading begins where the last one ended, less lateness (an interval or a number) for rows that are committed late. deletes: how deleted rows are noticed: ignore (default), snapshot (they are no longer there) or tombstone (deleted_when, a condition on the row, holds). cdp.change_source() changes all that. Example: SELECT * FROM cdp.add_source(''crm'', ''crm.contacts'', key => ''id'');';
