-- What the columns of a relation hold, and which attribute each probably feeds.

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
