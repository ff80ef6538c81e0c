-- What happens to a source afterwards: other ways of reading it, its end, changes by hand.

-- NULL leaves a way of reading as it is, the empty string takes it away.
CREATE FUNCTION cdp._set_reading(source_id int, watermark text, lateness text, deletes text, deleted_when text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    source record;
    columns text[];
    kind text;
    column_type text;
    is_span boolean;
    problem text;
BEGIN
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _set_reading.source_id;
    columns := ARRAY(SELECT c.column_name FROM cdp._relation_columns(source.relation) c);
    IF lateness <> '' AND coalesce(watermark, source.watermark_column, '') = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'only a source with a watermark can have a lateness',
            DETAIL = 'Lateness says how far before the watermark a reading begins.', HINT = 'Say which column: watermark => ''updated_at''.';
    END IF;
    watermark := nullif(coalesce(watermark, source.watermark_column), '');
    lateness := CASE WHEN watermark IS NOT NULL THEN nullif(btrim(coalesce(lateness, source.lateness)), '') END;
    deletes := coalesce(deletes, CASE WHEN deleted_when <> '' THEN 'tombstone' WHEN deleted_when = '' AND source.deletes = 'tombstone' THEN 'ignore' ELSE source.deletes END);
    deleted_when := nullif(btrim(CASE WHEN deletes = 'tombstone' THEN coalesce(deleted_when, source.deleted_when) ELSE deleted_when END), '');
    IF watermark IS NOT NULL THEN
        SELECT c.column_type, cdp._watermark_kind(c.column_type) INTO column_type, kind FROM cdp._relation_columns(source.relation) c WHERE c.column_name = watermark;
        IF column_type IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'undefined_column', MESSAGE = format('the watermark column %I does not exist in %s', watermark, source.relation),
                DETAIL = 'Its columns are ' || array_to_string(columns, ', ') || '.',
                HINT = cdp._did_you_mean(watermark, columns) || 'A watermark is a column that tells when a row came or changed, such as updated_at, or a number that only grows.';
        ELSIF kind IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'datatype_mismatch', MESSAGE = format('the column %I of type %s cannot be a watermark', watermark, column_type),
                DETAIL = 'A watermark is a time, a date, a number or a text that sorts (such as 2026-01-31 10:00).',
                HINT = 'Use another column, or leave the watermark out: then all rows are read each time, and unchanged ones skipped.';
        END IF;
    END IF;
    IF lateness IS NOT NULL THEN
        BEGIN
            CASE kind
                WHEN 'time' THEN
                    is_span := lateness::interval >= interval '0';
                WHEN 'number' THEN
                    is_span := lateness::numeric >= 0 AND lateness::numeric < 'Infinity';
                ELSE
                    is_span := false;
            END CASE;
        EXCEPTION WHEN data_exception THEN
            is_span := false;
        END;
        IF NOT is_span THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('lateness cannot be %L', lateness),
                DETAIL = format('The watermark %I is of type %s; ', watermark, column_type) || CASE kind
                    WHEN 'time' THEN 'its lateness is an interval, 0 or more.' WHEN 'number' THEN 'its lateness is a number, 0 or more.' ELSE 'a text has no lateness.' END,
                HINT = CASE kind WHEN 'time' THEN 'For example: lateness => ''1 hour''.' WHEN 'number' THEN 'For example: lateness => ''1000''.' ELSE 'Leave lateness out.' END;
        END IF;
    END IF;
    IF deletes NOT IN ('ignore', 'snapshot', 'tombstone') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('deletes cannot be %L', deletes),
            DETAIL = 'ignore: what is deleted at the source stays; snapshot: rows that are no longer there are deleted; tombstone: rows for which deleted_when holds are.',
            HINT = 'Say deletes => ''ignore'', ''snapshot'' or ''tombstone''.';
    ELSIF deletes <> 'ignore' AND source.kind = 'messages' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'messages are not deleted',
            DETAIL = 'A message says what was true when it was sent.', HINT = 'Leave deletes out.';
    ELSIF deletes = 'tombstone' AND deleted_when IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'which rows are marked as deleted?',
            DETAIL = 'deletes => ''tombstone'' needs the condition that marks them.', HINT = 'For example: deleted_when => ''deleted_at IS NOT NULL''.';
    ELSIF deletes <> 'tombstone' AND deleted_when IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('with deletes => %L nothing looks at deleted_when', deletes),
            DETAIL = format('deleted_when is %L.', deleted_when), HINT = 'Say deletes => ''tombstone'', or leave deleted_when out.';
    END IF;
    IF deleted_when IS NOT NULL THEN
        BEGIN
            -- One expression and nothing after it.
            IF strpos(deleted_when, ';') > 0 THEN RAISE syntax_error USING MESSAGE = 'it has a semicolon'; END IF;
            EXECUTE format(E'SELECT FROM %s AS s WHERE (\n%s\n) IS TRUE LIMIT 0', source.relation, deleted_when);
        EXCEPTION WHEN syntax_error_or_access_rule_violation OR data_exception OR feature_not_supported THEN
            GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT;
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('deleted_when is no condition on the rows of %s: %s', source.relation, problem),
                DETAIL = 'Its columns are ' || array_to_string(columns, ', ') || '.', HINT = 'For example: deleted_when => ''deleted_at IS NOT NULL''.';
        END;
    END IF;
    UPDATE cdp_data.source s SET watermark_column = watermark, lateness = _set_reading.lateness, deletes = _set_reading.deletes, deleted_when = _set_reading.deleted_when,
        watermark_value = CASE WHEN s.watermark_column = watermark THEN s.watermark_value END
    WHERE s.source_id = source.source_id;
END
$$;
COMMENT ON FUNCTION cdp._set_reading(int, text, text, text, text) IS 'Internal. Checks and stores how a source is read and its deletes are noticed.';

CREATE FUNCTION cdp.change_source(
    name text, watermark text DEFAULT NULL, lateness text DEFAULT NULL, deletes text DEFAULT NULL, deleted_when text DEFAULT NULL, max_deleted float8 DEFAULT NULL,
    check_deletes_every int DEFAULT NULL, relation text DEFAULT NULL, priority int DEFAULT NULL, is_active boolean DEFAULT NULL, reread boolean DEFAULT false)
RETURNS TABLE (setting text, value text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    id int;
BEGIN
    PERFORM cdp._require_store();
    id := cdp._source_id(change_source.name);
    -- Not while it is being read.
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('ingest ' || id));
    IF max_deleted < 0 OR max_deleted > 1 OR max_deleted = 'NaN' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('max_deleted cannot be %s', max_deleted),
            DETAIL = 'It is the share of the stored rows that one reading may delete, from 0 to 1.', HINT = 'For example: max_deleted => 0.1.';
    ELSIF check_deletes_every < 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('check_deletes_every cannot be %s', check_deletes_every),
            DETAIL = 'Deletes are looked for once in that many readings, 1 at least.', HINT = 'For example: check_deletes_every => 10.';
    END IF;
    IF change_source.relation IS NOT NULL THEN
        UPDATE cdp_data.source s SET relation = (SELECT min(c.relation_name) FROM cdp._relation_columns(change_source.relation) c) WHERE s.source_id = id;
        PERFORM cdp._check_mapping(id);
    END IF;
    PERFORM cdp._set_reading(id, watermark, lateness, deletes, deleted_when);
    UPDATE cdp_data.source s SET
        max_deleted = coalesce(change_source.max_deleted, s.max_deleted), check_deletes_every = coalesce(change_source.check_deletes_every, s.check_deletes_every),
        reading = NULL, priority = coalesce(change_source.priority, s.priority), is_active = coalesce(change_source.is_active, s.is_active),
        watermark_value = CASE WHEN coalesce(reread, false) THEN NULL ELSE s.watermark_value END
    WHERE s.source_id = id;
    IF reread THEN UPDATE cdp_data.record r SET content_hash = NULL WHERE r.source_id = id AND r.content_hash IS NOT NULL; END IF;
    RETURN QUERY
    SELECT v.setting, v.value FROM cdp_data.source s CROSS JOIN LATERAL (VALUES
        (1, 'relation', s.relation), (2, 'watermark', s.watermark_column), (3, 'read up to', s.watermark_value), (4, 'lateness', s.lateness), (5, 'deletes', s.deletes),
        (6, 'deleted_when', s.deleted_when), (7, 'max_deleted', s.max_deleted::text), (8, 'check_deletes_every', s.check_deletes_every::text),
        (9, 'priority', s.priority::text), (10, 'is_active', s.is_active::text)) AS v(n, setting, value)
    WHERE s.source_id = id ORDER BY v.n;
END
$$;
COMMENT ON FUNCTION cdp.change_source(text, text, text, text, text, float8, int, text, int, boolean, boolean) IS
'Changes how a source is read, and returns how it is read now. What is not given stays; an empty string takes watermark, lateness or deleted_when away. watermark: the column that tells where the next reading begins; lateness: how far before that. deletes: ignore, snapshot or tombstone (with deleted_when). max_deleted: the share of the stored rows that one reading may delete before it stops instead (more than 100 rows, default 0.1). check_deletes_every: with a watermark, deletes are looked for once in that many readings. relation: read another one with the same columns. reread: clean all rows again in the next reading. Waits while the source is being read. Example: SELECT * FROM cdp.change_source(''crm'', watermark => ''updated_at'', lateness => ''1 hour'');';

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
        UPDATE cdp_data.source s SET watermark_value = NULL, reading = NULL
        WHERE s.source_id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.source_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.source_id END) AND (s.watermark_value IS NOT NULL OR s.reading IS NOT NULL);
        RETURN NULL;
    END IF;
    IF (NEW.watermark_column, NEW.relation) IS DISTINCT FROM (OLD.watermark_column, OLD.relation) AND NEW.watermark_value IS NOT NULL THEN
        UPDATE cdp_data.source s SET watermark_value = NULL WHERE s.source_id = NEW.source_id;
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
