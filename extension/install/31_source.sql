-- Registering sources: what is read, and what each column feeds.

CREATE FUNCTION cdp.add_attribute(
    attribute text, value_type text DEFAULT NULL, data_kind text DEFAULT NULL, description text DEFAULT NULL, semantic_type text DEFAULT NULL,
    identifies text DEFAULT NULL, max_records int DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    kept_as text;
BEGIN
    PERFORM cdp._require_store();
    IF attribute IS NULL OR attribute !~ '^[a-z][a-z0-9_]{0,62}$' OR attribute IN ('age', 'profile_id') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%L cannot be the name of an attribute', attribute),
            DETAIL = 'A name has small letters, digits and underscores, begins with a letter, and is not age or profile_id, which always exist.',
            HINT = format('For example: SELECT cdp.add_attribute(%L, value_type => %L);',
                          coalesce(nullif(regexp_replace(lower(attribute), '[^a-z0-9]+', '_', 'g'), attribute),
                                   'my_attribute'), coalesce(value_type, 'text'));
    END IF;
    IF identifies NOT IN ('person', 'device') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('an identifier cannot identify %L', identifies),
            DETAIL = 'It identifies a person (two records with one value are the same person) or a device (seen with people).',
            HINT = format('For example: SELECT cdp.add_attribute(%L, identifies => ''person'', max_records => 20);', attribute);
    ELSIF max_records IS NOT NULL AND identifies IS NULL AND NOT EXISTS (SELECT FROM cdp_data.attribute a WHERE a.attribute = attribute AND a.identifies IS NOT NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'only identifiers have a limit of records',
            DETAIL = format('%s identifies nothing.', attribute),
            HINT = format('For an identifier: SELECT cdp.add_attribute(%L, identifies => ''person'', max_records => %s);', attribute, max_records);
    ELSIF max_records < 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('max_records cannot be %s', max_records),
            DETAIL = 'It is the number of records above which a value identifies nobody, 1 at least.',
            HINT = format('For example: SELECT cdp.add_attribute(%L, identifies => ''person'', max_records => 20);', attribute);
    END IF;
    IF identifies IS NULL AND value_type IS NULL AND semantic_type IS NULL THEN
        identifies := (SELECT a.identifies FROM cdp_data.attribute a WHERE a.attribute = attribute);
    END IF;
    IF identifies IS NOT NULL THEN semantic_type := coalesce(semantic_type, 'identifier'); END IF;
    data_kind := coalesce(data_kind, CASE WHEN identifies IS NULL THEN 'details' ELSE 'identity' END);
    IF semantic_type IS NOT NULL THEN
        PERFORM cdp.clean_value(semantic_type, ''); -- an unknown one is an error with the list
        kept_as := CASE WHEN semantic_type IN ('number', 'boolean', 'date', 'timestamp') THEN semantic_type
                        WHEN semantic_type = 'money' THEN 'number' WHEN semantic_type = 'birth_date' THEN 'date' ELSE 'text' END;
        value_type := coalesce(value_type, kept_as);
    END IF;
    value_type := coalesce(value_type, 'text');
    IF value_type NOT IN ('text', 'number', 'boolean', 'date', 'timestamp') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('unknown value type %L', value_type),
            DETAIL = 'Value types are text, number, boolean, date and timestamp.',
            HINT = format('For example: SELECT cdp.add_attribute(%L, value_type => ''text'');', attribute);
    END IF;
    IF data_kind NOT IN ('identity', 'details', 'behaviour', 'qualitative') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('unknown kind of data %L', data_kind),
            HINT = 'Kinds are identity, details, behaviour and qualitative.';
    END IF;
    IF value_type <> kept_as THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('a value of semantic type %s is no %s', semantic_type, value_type),
            HINT = format('Leave value_type out: SELECT cdp.add_attribute(%L, semantic_type => %L);', attribute, semantic_type);
    END IF;
    IF identifies IS NOT NULL AND value_type <> 'text' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('an identifier is a text, not a %s', value_type),
            DETAIL = 'Identifiers are compared letter for letter.',
            HINT = format('Leave value_type and semantic_type out: SELECT cdp.add_attribute(%L, identifies => %L);', attribute, identifies);
    END IF;
    INSERT INTO cdp_data.attribute AS a (attribute, data_kind, semantic_type, value_type, place, identifies, max_records, is_personal, description)
    VALUES (attribute, data_kind, coalesce(semantic_type, value_type), value_type, CASE WHEN identifies IS NULL THEN 'details' ELSE 'identifier' END, identifies,
            CASE identifies WHEN 'person' THEN coalesce(max_records, 20) WHEN 'device' THEN coalesce(max_records, 1000) END, identifies IS NOT NULL,
            coalesce(description, replace(attribute, '_', ' ')))
    ON CONFLICT ON CONSTRAINT attribute_pkey DO UPDATE
        SET description = coalesce(add_attribute.description, a.description), max_records = coalesce(add_attribute.max_records, a.max_records)
        WHERE a.place = EXCLUDED.place AND a.value_type = EXCLUDED.value_type AND a.semantic_type = EXCLUDED.semantic_type
          AND a.place IN ('details', 'identifier') AND a.identifies IS NOT DISTINCT FROM EXCLUDED.identifies;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'duplicate_object',
            MESSAGE = format('there is an attribute %I already, and it is different', attribute),
            HINT = format('Look at it: SELECT * FROM cdp_data.attribute WHERE attribute = %L;', attribute);
    END IF;
    RETURN attribute;
END
$$;
COMMENT ON FUNCTION cdp.add_attribute(text, text, text, text, text, text, int) IS
'Declares an attribute of your own, which sources can then be mapped to and segments can ask for. value_type is text (the default), number, boolean, date or timestamp. semantic_type says how values are cleaned, as cdp.clean_value() does: iban, license_plate, money and so on; without it a text is only tidied. identifies makes it an identifier: person (records with one value are the same person) or device (visitors belong to the person seen on it); a value that more than max_records records have (default 20, 1000 for devices) identifies nobody. Given again with another max_records it changes the limit, also of user_id, loyalty_id and device_id; the next resolution looks at whom that concerns. Returns its name. Example: SELECT cdp.add_attribute(''plan'');';

-- The relation, its readable columns, in order. Errors (42P01) name the nearest relation.
CREATE FUNCTION cdp._relation_columns(relation text)
RETURNS TABLE (column_name text, column_type text, relation_name text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found regclass;
    candidates text[];
BEGIN
    BEGIN
        found := to_regclass(relation);
    EXCEPTION WHEN syntax_error OR invalid_name OR feature_not_supported THEN
        found := NULL;
    END;
    -- A temporary or unqualified name must mean the same in every session.
    IF found IS NULL AND relation !~ '\.' THEN found := to_regclass('public.' || quote_ident(relation)); END IF;
    IF found IS NULL THEN
        SELECT array_agg(format('%I.%I', n.nspname, c.relname)) INTO candidates
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'cdp_data', 'cdp_bi')
          AND n.nspname !~ '^pg_toast';
        RAISE EXCEPTION USING ERRCODE = 'undefined_table',
            MESSAGE = format('there is no table or view %s', coalesce(relation, 'NULL')),
            DETAIL = 'Name it with its schema, quoted as in SQL: crm.contacts, "Web".orders.',
            HINT = cdp._did_you_mean(relation, coalesce(candidates, '{}')) || 'List them with: \d *.*';
    END IF;
    IF (SELECT c.relpersistence FROM pg_class c WHERE c.oid = found) = 't' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_table_definition',
            MESSAGE = format('%s is a temporary relation', relation),
            DETAIL = 'A source is read by other sessions too, and they do not see it.',
            HINT = 'Make a permanent table or view of it.';
    END IF;
    IF NOT has_table_privilege(found, 'SELECT') AND NOT has_any_column_privilege(found, 'SELECT') THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = format('the role %I may not read %s', current_user, relation),
            HINT = format('As its owner run: GRANT SELECT ON %s TO %I;', relation, current_user);
    END IF;
    RETURN QUERY
    SELECT a.attname::text, format_type(a.atttypid, NULL), format('%I.%I', n.nspname, c.relname)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE a.attrelid = found AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum;
END
$$;
COMMENT ON FUNCTION cdp._relation_columns(text) IS 'Internal. The columns of a relation and its qualified name; an error with the nearest name when there is none.';

-- Looking a zone up in pg_timezone_names takes 25 ms; using it takes none.
CREATE FUNCTION cdp._check_time_zone(time_zone text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM now() AT TIME ZONE time_zone;
EXCEPTION WHEN invalid_parameter_value THEN
    RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('unknown time zone %L', time_zone),
        HINT = cdp._did_you_mean(time_zone, (SELECT array_agg(z.name) FROM pg_timezone_names z)) || 'List them with: SELECT name FROM pg_timezone_names;';
END
$$;
COMMENT ON FUNCTION cdp._check_time_zone(text) IS 'Internal. Errors (22023) with the nearest name unless the server knows the time zone.';

CREATE FUNCTION cdp._event_targets() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY['person_key', 'occurred_at', 'event_kind', 'amount', 'currency', 'latitude', 'longitude']
$$;
COMMENT ON FUNCTION cdp._event_targets() IS 'Internal. What a column of an event source can feed, besides properties.';

CREATE FUNCTION cdp._suggest_mapping(relation text, kind text, country text)
RETURNS TABLE (column_name text, target text, confidence numeric, reason text, example text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    field record;
    found regclass;
    guess record;
    used text[] := '{}';
BEGIN
    PERFORM FROM cdp._relation_columns(relation);
    found := cdp._relation_to_profile(relation);
    FOR field IN
        SELECT a.attname::text AS name, p.*
        FROM pg_attribute a
        LEFT JOIN cdp._profile_relation(found, NULL, 1000, true, coalesce(country, nullif(cdp._setting('country'), '')), NULL, 1) p
               ON p.column_name = a.attname
        WHERE a.attrelid = found AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum
    LOOP
        column_name := field.name;
        target := field.attribute;
        confidence := round(coalesce(field.confidence, 0)::numeric, 2);
        reason := field.reason;
        example := field.examples[1];
        SELECT * INTO guess FROM cdp._guess_attribute(field.name);
        IF kind = 'events' THEN
            -- An event's columns are known by their names: a message may well hold an e-mail address.
            IF target IS DISTINCT FROM guess.attribute THEN
                target := guess.attribute;
                confidence := round(guess.confidence::numeric, 2);
                reason := 'by its name';
            END IF;
            -- Whose event it is: the number of a customer, as it is called in a table of people.
            IF target IN ('user_id', 'loyalty_id') THEN target := 'person_key'; END IF;
        END IF;
        IF target = ANY (cdp._event_targets() || ARRAY['event_key']) <> (kind = 'events')
           OR kind = 'people' AND NOT EXISTS (SELECT FROM cdp_data.attribute a WHERE a.attribute = target) THEN
            target := NULL;
        END IF;
        IF target IS NULL THEN
            confidence := 0.00;
            reason := CASE WHEN field.column_name IS NULL THEN format('the role %I may not read it', current_user) ELSE 'nothing fits' END;
        END IF;
        IF kind = 'events' AND target IS NULL AND field.filled > 0
           AND regexp_replace(lower(field.name), '[^a-z0-9]+', '_', 'g') ~ '^[a-z][a-z0-9_]{0,62}$' THEN
            target := regexp_replace(lower(field.name), '[^a-z0-9]+', '_', 'g');
            confidence := 0.50;
            reason := 'kept as a property';
        END IF;
        -- A single value can feed an event target only once; names and addresses may come in several columns.
        IF kind = 'events' AND target = ANY (used) THEN
            target := NULL;
            reason := 'another column fits better';
        END IF;
        used := used || target;
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp._suggest_mapping(text, text, text) IS 'Internal. cdp.suggest_mapping() with the country of phone numbers.';

CREATE FUNCTION cdp.suggest_mapping(relation text, kind text DEFAULT 'people')
RETURNS TABLE (column_name text, target text, confidence numeric, reason text, example text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM cdp._require_store();
    IF kind IS NULL OR kind NOT IN ('people', 'events') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('a mapping cannot be suggested for a source of kind %L', kind),
            HINT = 'Kinds are people and events.';
    END IF;
    RETURN QUERY SELECT s.column_name, s.target, s.confidence, s.reason, s.example FROM cdp._suggest_mapping(relation, kind, NULL) s;
END
$$;
COMMENT ON FUNCTION cdp.suggest_mapping(text, text) IS
'One row per column of a table or view: the attribute it probably holds, judged by its name and its first 1,000 values, with a confidence from 0 to 1, the reason and an example. target is NULL for columns that nothing fits. Changes nothing; cdp.add_source() uses it when it is given no mapping, and maps what has 0.5, identifiers only from 0.9. cdp.profile_table() says more. Example: SELECT * FROM cdp.suggest_mapping(''crm.contacts'');';

-- What comes first in the dates of some columns, as their values show.
CREATE FUNCTION cdp._infer_date_order(relation text, columns text[], OUT date_order text, OUT is_open boolean, OUT detail text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    orders text[];
BEGIN
    SELECT coalesce(array_agg(DISTINCT p.date_order_found) FILTER (WHERE p.date_order_found IS NOT NULL), '{}'),
           coalesce(bool_or(p.is_order_needed), false),
           string_agg(format('%I: %s, for example %s', p.column_name, coalesce(p.date_order_found, 'day or month first'), p.examples[1]), '; '
                      ORDER BY p.column_position)
               FILTER (WHERE p.date_order_found IS NOT NULL OR p.is_order_needed)
    INTO orders, is_open, detail
    FROM cdp._profile_relation(cdp._relation_to_profile(relation), columns, 10000, true, NULL, NULL, 1) p;
    -- A date that begins with the year is read alike in every order.
    IF orders <> '{ymd}' THEN orders := array_remove(orders, 'ymd'); END IF;
    is_open := cardinality(orders) > 1 OR is_open AND NOT orders && ARRAY['dmy', 'mdy'];
    IF cardinality(orders) = 1 AND NOT is_open THEN date_order := orders[1]; END IF;
END
$$;
COMMENT ON FUNCTION cdp._infer_date_order(text, text[]) IS
'Internal. The date order that the first 10,000 values of some columns show together. is_open: they have dates that need one, and show none or several.';

CREATE FUNCTION cdp.add_source(
    name text, relation text, key text DEFAULT NULL, mapping jsonb DEFAULT NULL, kind text DEFAULT 'people',
    person_source text DEFAULT NULL, event_kind text DEFAULT NULL, country text DEFAULT NULL,
    date_order text DEFAULT NULL, time_zone text DEFAULT NULL, priority int DEFAULT 100)
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
COMMENT ON FUNCTION cdp.add_source(text, text, text, jsonb, text, text, text, text, text, text, int) IS
'Registers a table, view or foreign table as a source. Returns one row per column and what it feeds (NULL: not used). key: the column that identifies a row (default: the primary key). mapping: {"column": "attribute"}; suggested from names and content when it is not given. kind: people (default), events or messages. For events: person_source names the people source whose keys person_key holds, event_kind the kind when no column says it. country, date_order (dmy, mdy, ymd) and time_zone say how phone numbers, dates and local times are to be read; without a date_order it is what the values show (a NOTICE says when that is mdy, or open), else dmy; priority (lowest first) whose values win in the golden record. Example: SELECT * FROM cdp.add_source(''crm'', ''crm.contacts'', key => ''id'');';

CREATE FUNCTION cdp.remove_source(name text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    removed record;
BEGIN
    PERFORM cdp._require_store();
    SELECT * INTO removed FROM cdp_data.source s WHERE s.source_id = cdp._source_id(remove_source.name);
    IF EXISTS (SELECT FROM cdp_data.record r WHERE r.source_id = removed.source_id)
       OR EXISTS (SELECT FROM cdp_data.event e WHERE e.source_id = removed.source_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'object_in_use',
            MESSAGE = format('the source %I has delivered records or events', name),
            DETAIL = 'They are part of profiles and segments; removing the source would orphan them.',
            HINT = format('To stop reading it: UPDATE cdp_data.source SET is_active = false WHERE name = %L;', name);
    END IF;
    IF EXISTS (SELECT FROM cdp_data.source s WHERE s.person_source_id = removed.source_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'dependent_objects_still_exist',
            MESSAGE = format('other sources refer to the people of %I', name),
            DETAIL = 'They are ' || (SELECT string_agg(quote_ident(s.name), ', ' ORDER BY s.name) FROM cdp_data.source s WHERE s.person_source_id = removed.source_id) || '.',
            HINT = 'Remove these first.';
    END IF;
    DELETE FROM cdp_data.source s WHERE s.source_id = removed.source_id;
    RETURN name;
END
$$;
COMMENT ON FUNCTION cdp.remove_source(text) IS 'Removes a source that has delivered nothing yet, for example to register it with another mapping. Returns its name.';

CREATE FUNCTION cdp._source_id(name text) RETURNS int
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    result int;
BEGIN
    SELECT s.source_id INTO result FROM cdp_data.source s WHERE s.name = _source_id.name;
    IF result IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_object',
            MESSAGE = format('there is no source %L', name),
            DETAIL = coalesce('Sources are ' || (SELECT string_agg(s.name, ', ' ORDER BY s.name) FROM cdp_data.source s) || '.',
                              'No source has been added yet.'),
            HINT = cdp._did_you_mean(name, (SELECT coalesce(array_agg(s.name), '{}') FROM cdp_data.source s))
                   || 'Add one with: SELECT * FROM cdp.add_source(name, relation);';
    END IF;
    RETURN result;
END
$$;
COMMENT ON FUNCTION cdp._source_id(text) IS 'Internal. The id of a source; an error with the nearest name when there is none.';

-- Triggers behind changes of a source (attached by cdp.install()): what was read by other rules is read again.
CREATE FUNCTION cdp._reread_source() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'mapping' THEN
        UPDATE cdp_data.record r SET content_hash = NULL
        WHERE r.source_id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.source_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.source_id END);
        RETURN NULL;
    END IF;
    IF (NEW.country, NEW.date_order, NEW.time_zone, NEW.key_column) IS DISTINCT FROM (OLD.country, OLD.date_order, OLD.time_zone, OLD.key_column) THEN
        UPDATE cdp_data.record r SET content_hash = NULL WHERE r.source_id = NEW.source_id;
    END IF;
    IF NEW.priority <> OLD.priority THEN
        UPDATE cdp_data.profile f SET built_at = '-infinity'
        WHERE f.profile_id IN (SELECT r.profile_id FROM cdp_data.record r WHERE r.source_id = NEW.source_id);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._reread_source() IS 'Internal. Trigger: after a change of a source or its mapping its rows are cleaned again, after a change of priority its profiles are built again.';
