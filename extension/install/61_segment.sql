-- Segments: definitions, their members, and what a change of them means. The language itself is in 60_segment_language.sql.

-- A definition and what it may speak of. `render` is _segment_sql or _segment_waterfall_sql.
CREATE FUNCTION cdp._render_definition(render text, definition text, as_of timestamptz, time_zone text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    zone CONSTANT text := coalesce(time_zone, cdp._setting('time_zone'));
    instant CONSTANT timestamptz := coalesce(as_of, now());
    attributes record;
    kinds record;
    properties record;
    segments record;
    purposes text[];
BEGIN
    PERFORM cdp._check_time_zone(zone);
    SELECT coalesce(array_agg(t.attribute), '{}') AS names, coalesce(array_agg(t.value_type), '{}') AS types, coalesce(array_agg(t.place), '{}') AS places
    INTO attributes FROM (SELECT * FROM cdp_data.attribute a WHERE a.place IN ('column', 'details') ORDER BY a.attribute) t;
    SELECT coalesce(array_agg(t.name), '{}') AS names, coalesce(array_agg(t.kind_id), '{}') AS ids
    INTO kinds FROM (SELECT * FROM cdp_data.event_kind k ORDER BY k.kind_id) t;
    SELECT coalesce(array_agg(t.name), '{}') AS kinds, coalesce(array_agg(t.property), '{}') AS names, coalesce(array_agg(t.value_type), '{}') AS types
    INTO properties FROM (SELECT * FROM cdp_data.event_property p JOIN cdp_data.event_kind k USING (kind_id) ORDER BY k.kind_id, p.property) t;
    SELECT coalesce(array_agg(t.name), '{}') AS names, coalesce(array_agg(t.segment_id), '{}') AS ids
    INTO segments FROM (SELECT * FROM cdp_data.segment s ORDER BY s.segment_id) t;
    SELECT coalesce(array_agg(p.purpose ORDER BY p.purpose), '{}') INTO purposes FROM cdp_data.purpose p;
    -- Assignments, not queries: the CONTEXT of an error then does not repeat a page of SQL.
    IF render = '_segment_sql' THEN
        RETURN cdp._segment_sql(definition, instant, zone, attributes.names, attributes.types, attributes.places, kinds.names, kinds.ids,
                                properties.kinds, properties.names, properties.types, segments.names, segments.ids, purposes);
    END IF;
    RETURN cdp._segment_waterfall_sql(definition, instant, zone, attributes.names, attributes.types, attributes.places, kinds.names, kinds.ids,
                                      properties.kinds, properties.names, properties.types, segments.names, segments.ids, purposes);
END
$$;
COMMENT ON FUNCTION cdp._render_definition(text, text, timestamptz, text) IS 'Internal. Checks a definition against everything that exists and renders it as SQL.';

CREATE FUNCTION cdp._refuse_missing_definition() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'the definition is missing',
        HINT = 'For example: city = ''Santiago'' and did purchase in last 30 days';
END
$$;
COMMENT ON FUNCTION cdp._refuse_missing_definition() IS 'Internal. The error for a definition that is NULL.';

CREATE FUNCTION cdp._segment_id(name text) RETURNS int
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    result int;
BEGIN
    SELECT s.segment_id INTO result FROM cdp_data.segment s WHERE s.name = _segment_id.name;
    IF result IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_object',
            MESSAGE = format('there is no segment %L', name),
            DETAIL = coalesce('Segments are ' || (SELECT string_agg(quote_literal(s.name), ', ' ORDER BY s.name) FROM cdp_data.segment s) || '.', 'No segment has been defined yet.'),
            HINT = cdp._did_you_mean(name, (SELECT coalesce(array_agg(s.name), '{}') FROM cdp_data.segment s))
                   || format('Define it with: SELECT cdp.define_segment(%L, ''city = ''''Santiago'''''');', name);
    END IF;
    RETURN result;
END
$$;

COMMENT ON FUNCTION cdp._segment_id(text) IS 'Internal. The id of a segment; an error with the nearest name when there is none.';

-- The trigger behind INSERT and UPDATE of cdp_data.segment (attached by cdp.install()).
CREATE FUNCTION cdp._check_segment() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    path text;
    reached text[];
    askers text[];
    asker text;
    name text;
    at int := 1;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.definition = OLD.definition AND NEW.time_zone IS NOT DISTINCT FROM OLD.time_zone AND NEW.name = OLD.name THEN
        RETURN NEW;
    END IF;
    PERFORM cdp._render_definition('_segment_sql', NEW.definition, now(), NEW.time_zone);
    -- A segment must not ask for itself, however long the way round. One definition at a time, or two could close a circle.
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('segment definitions'));
    SELECT array_agg(r.name ORDER BY r.name), array_agg(NEW.name) INTO reached, askers
    FROM cdp._segment_references(NEW.definition) r WHERE r.kind = 'segment';
    WHILE at <= coalesce(cardinality(reached), 0) LOOP
        IF reached[at] = NEW.name THEN
            path := quote_literal(NEW.name);
            asker := askers[at];
            WHILE asker <> NEW.name LOOP
                path := quote_literal(asker) || ' → ' || path;
                asker := askers[array_position(reached, asker)];
            END LOOP;
            path := quote_literal(NEW.name) || ' → ' || path;
            EXIT;
        END IF;
        FOR name IN SELECT r.name FROM cdp_data.segment s, cdp._segment_references(s.definition) r WHERE s.name = reached[at] AND r.kind = 'segment' ORDER BY r.name LOOP
            IF name <> ALL (reached) THEN
                reached := reached || name;
                askers := askers || reached[at];
            END IF;
        END LOOP;
        at := at + 1;
    END LOOP;
    IF path IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_recursion', MESSAGE = format('the segment %L would depend on itself', NEW.name),
            DETAIL = path, HINT = 'Take one of these references out.';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.name <> OLD.name THEN PERFORM cdp._refuse_when_used(OLD.name, 'renamed'); END IF;
    IF TG_OP = 'UPDATE' AND NEW.definition <> OLD.definition THEN
        NEW.version := OLD.version + 1;
        NEW.status := CASE NEW.status WHEN 'broken' THEN 'active' ELSE NEW.status END;
        NEW.problem := NULL;
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION cdp._check_segment() IS 'Internal. Trigger: checks a definition when it is inserted or updated.';

CREATE FUNCTION cdp._refuse_when_used(name text, what text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    users text;
BEGIN
    SELECT string_agg(quote_literal(s.name), ', ' ORDER BY s.name) INTO users
    FROM cdp_data.segment s, cdp._segment_references(s.definition) r
    WHERE r.kind = 'segment' AND r.name = _refuse_when_used.name AND s.name <> r.name;
    IF users IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'dependent_objects_still_exist', MESSAGE = format('the segment %L cannot be %s', name, what),
            DETAIL = format('It is used by %s.', users), HINT = 'Change or drop these first.';
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._refuse_when_used(text, text) IS 'Internal. Errors when other segments ask for this one.';

CREATE FUNCTION cdp._keep_segment_version() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM cdp._refuse_when_used(OLD.name, 'dropped');
        RETURN OLD;
    END IF;
    INSERT INTO cdp_data.segment_version (segment_id, version, definition) VALUES (NEW.segment_id, NEW.version, NEW.definition)
    ON CONFLICT DO NOTHING;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION cdp._keep_segment_version() IS 'Internal. Trigger: keeps every definition; refuses to drop a segment that others use.';

CREATE FUNCTION cdp.define_segment(name text, definition text, description text DEFAULT NULL, time_zone text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    saved record;
BEGIN
    PERFORM cdp._require_store();
    IF definition IS NULL THEN PERFORM cdp._refuse_missing_definition(); END IF;
    INSERT INTO cdp_data.segment AS s (name, definition, description, time_zone) VALUES (name, definition, description, time_zone)
    ON CONFLICT ON CONSTRAINT segment_name_key DO UPDATE
        SET definition = EXCLUDED.definition, description = coalesce(EXCLUDED.description, s.description), time_zone = coalesce(EXCLUDED.time_zone, s.time_zone)
    RETURNING * INTO saved;
    RETURN format('segment %L, version %s', saved.name, saved.version);
END
$$;
COMMENT ON FUNCTION cdp.define_segment(text, text, text, text) IS
'Defines a segment, or gives it a new definition (the old ones are kept in cdp_data.segment_version). The definition is checked at once; members come with the next cdp.refresh_segments() or cdp.refresh(). time_zone: for its days and hours, default the setting time_zone. Example: SELECT cdp.define_segment(''weekend'', $$ did purchase where (weekday = saturday) in last 90 days $$);';

CREATE FUNCTION cdp.drop_segment(name text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    PERFORM cdp._require_store();
    DELETE FROM cdp_data.segment s WHERE s.segment_id = cdp._segment_id(name);
    RETURN format('segment %L dropped', name);
END
$$;
COMMENT ON FUNCTION cdp.drop_segment(text) IS 'Drops a segment with its members and history; refused while other segments use it.';

CREATE FUNCTION cdp.segment_sql(segment text, as_of timestamptz DEFAULT now()) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    chosen record;
BEGIN
    PERFORM cdp._require_store();
    SELECT * INTO chosen FROM cdp_data.segment s WHERE s.segment_id = cdp._segment_id(segment);
    RETURN cdp._render_definition('_segment_sql', chosen.definition, as_of, chosen.time_zone);
END
$$;
COMMENT ON FUNCTION cdp.segment_sql(text, timestamptz) IS
'The plain SQL that decides who is in a segment at an instant: one row per person, is_member true, false or NULL (unknown). Anyone can read and run it.';

CREATE FUNCTION cdp.preview(definition text, as_of timestamptz DEFAULT now(), time_zone text DEFAULT NULL)
RETURNS TABLE (step int, condition text, people bigint, unknown bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    query text;
    conditions text[];
    counts text;
BEGIN
    PERFORM cdp._require_store();
    IF preview.definition IS NULL THEN PERFORM cdp._refuse_missing_definition(); END IF;
    query := cdp._render_definition('_segment_waterfall_sql', preview.definition, preview.as_of, preview.time_zone);
    IF cdp._dossiers_are_fresh() THEN
        RETURN QUERY SELECT * FROM cdp._count_people(preview.definition, coalesce(preview.as_of, now()), coalesce(preview.time_zone, cdp._setting('time_zone')));
        RETURN;
    END IF;
    SELECT array_agg(c.condition ORDER BY c.position) INTO conditions FROM cdp._segment_conditions(preview.definition) c;
    -- After each condition: who passes it and all before, and of whom it is not known.
    SELECT string_agg(format('count(*) FILTER (WHERE %1$s), count(*) FILTER (WHERE (%1$s) IS NULL)',
                             (SELECT string_agg(format('w.c%s_is', j), ' AND ') FROM generate_series(1, i) j)), ', ' ORDER BY i)
    INTO counts FROM generate_series(1, cardinality(conditions)) i;
    EXECUTE format('SELECT ARRAY[count(*), 0, %s] FROM (%s) AS w', counts, query) INTO counts;
    RETURN QUERY
    SELECT i, coalesce(conditions[i], 'everybody'), (counts::bigint[])[2 * i + 1], (counts::bigint[])[2 * i + 2]
    FROM generate_series(0, cardinality(conditions)) i;
END
$$;
COMMENT ON FUNCTION cdp.preview(text, timestamptz, text) IS
'How many people a definition finds, exactly: one row for everybody and one after each condition, with the people left and those about whom the data does not say. Changes nothing. In milliseconds while dossiers are up to date (cdp.refresh_dossiers()), else by SQL. Example: SELECT * FROM cdp.preview($$ city = ''Santiago'' and did purchase in last 30 days $$);';

-- Who came and who went: pg_temp.cdp_evaluation has the people of some segments (segment_id, profile_id, is_member).
CREATE FUNCTION cdp._apply_evaluation(segment_ids int[], as_of timestamptz)
RETURNS TABLE (segment_id int, members bigint, entered bigint, "left" bigint, unknown bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM FROM cdp_data.segment s WHERE s.segment_id = ANY (segment_ids) ORDER BY s.segment_id FOR UPDATE;
    DROP TABLE IF EXISTS pg_temp.cdp_moved;
    CREATE TEMP TABLE cdp_moved ON COMMIT DROP AS
    SELECT coalesce(v.segment_id, m.segment_id) AS segment_id, coalesce(v.profile_id, m.profile_id) AS profile_id, CASE WHEN m.profile_id IS NULL THEN 'entered' ELSE 'left' END AS change
    FROM (SELECT e.segment_id, e.profile_id FROM pg_temp.cdp_evaluation e WHERE e.is_member) AS v
    FULL JOIN (SELECT n.segment_id, n.profile_id FROM cdp_data.segment_member n WHERE n.segment_id = ANY (segment_ids)) AS m USING (segment_id, profile_id)
    WHERE v.profile_id IS NULL OR m.profile_id IS NULL;
    DELETE FROM cdp_data.segment_member m USING pg_temp.cdp_moved v WHERE v.change = 'left' AND (m.segment_id, m.profile_id) = (v.segment_id, v.profile_id);
    INSERT INTO cdp_data.segment_member (segment_id, profile_id, entered_at)
    SELECT v.segment_id, v.profile_id, as_of FROM pg_temp.cdp_moved v WHERE v.change = 'entered' ORDER BY v.segment_id, v.profile_id;
    INSERT INTO cdp_data.segment_change (segment_id, profile_id, change, changed_at)
    SELECT v.segment_id, v.profile_id, v.change, as_of FROM pg_temp.cdp_moved v ORDER BY v.segment_id, v.change DESC, v.profile_id;
    RETURN QUERY
    WITH counted AS (
        SELECT e.segment_id, count(*) FILTER (WHERE e.is_member) AS members, count(*) FILTER (WHERE e.is_member IS NULL) AS unknown FROM pg_temp.cdp_evaluation e GROUP BY e.segment_id),
    moved AS (SELECT v.segment_id, count(*) FILTER (WHERE v.change = 'entered') AS entered, count(*) FILTER (WHERE v.change = 'left') AS gone FROM pg_temp.cdp_moved v GROUP BY v.segment_id),
    written AS (
        UPDATE cdp_data.segment s SET refreshed_at = clock_timestamp(), member_count = coalesce(c.members, 0), unknown_count = coalesce(c.unknown, 0), status = 'active', problem = NULL
        FROM unnest(segment_ids) AS i(segment_id) LEFT JOIN counted c USING (segment_id)
        WHERE s.segment_id = i.segment_id
        RETURNING s.segment_id, s.member_count, s.unknown_count)
    SELECT w.segment_id, w.member_count, coalesce(m.entered, 0), coalesce(m.gone, 0), w.unknown_count FROM written w LEFT JOIN moved m USING (segment_id);
    DROP TABLE pg_temp.cdp_moved;
END
$$;
COMMENT ON FUNCTION cdp._apply_evaluation(int[], timestamptz) IS 'Internal. Makes the people of pg_temp.cdp_evaluation the members of some segments and records who entered and left.';

-- Some segments in one pass over the dossiers. Their definitions are known to be right.
CREATE FUNCTION cdp._evaluate_segments(segment_ids int[], as_of timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
#variable_conflict use_column
DECLARE
    definitions text[];
    zones text[];
BEGIN
    SELECT array_agg(s.definition ORDER BY i.n), array_agg(coalesce(s.time_zone, cdp._setting('time_zone')) ORDER BY i.n) INTO definitions, zones
    FROM unnest(segment_ids) WITH ORDINALITY AS i(segment_id, n) JOIN cdp_data.segment s USING (segment_id);
    DROP TABLE IF EXISTS pg_temp.cdp_evaluation;
    CREATE TEMP TABLE cdp_evaluation ON COMMIT DROP AS
    SELECT segment_ids[f.number] AS segment_id, f.profile_id, f.is_member FROM cdp._find_people(definitions, as_of, zones) f;
END
$$;
COMMENT ON FUNCTION cdp._evaluate_segments(int[], timestamptz) IS 'Internal. Evaluates some segments over the dossiers, into pg_temp.cdp_evaluation.';

-- Segments by how far they lie behind those that they ask for: those of one depth can be evaluated together.
CREATE FUNCTION cdp._segments_by_depth() RETURNS TABLE (depth int, segment_id int, name text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE edge AS (
        SELECT s.segment_id, u.segment_id AS uses FROM cdp_data.segment s, cdp._segment_references(s.definition) r
        JOIN cdp_data.segment u ON u.name = r.name WHERE r.kind = 'segment'),
    reached(segment_id, depth) AS (
        SELECT s.segment_id, 0 FROM cdp_data.segment s
        UNION SELECT e.segment_id, d.depth + 1 FROM reached d JOIN edge e ON e.uses = d.segment_id WHERE d.depth < 1000)
    SELECT max(d.depth), s.segment_id, s.name FROM cdp_data.segment s JOIN reached d USING (segment_id) WHERE s.status <> 'paused'
    GROUP BY s.segment_id, s.name ORDER BY 1, 2
$$;
COMMENT ON FUNCTION cdp._segments_by_depth() IS 'Internal. The segments to refresh, those that others ask for first.';

CREATE FUNCTION cdp.refresh_segments(as_of timestamptz DEFAULT now())
RETURNS TABLE (segment text, members bigint, entered bigint, "left" bigint, unknown bigint, problem text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
#variable_conflict use_column
DECLARE
    level record;
    item record;
    sound int[];
    problems text[];
    broken int[] := '{}';
BEGIN
    PERFORM cdp._require_store();
    PERFORM cdp.refresh_dossiers();
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('segments'));
    FOR level IN SELECT d.depth, array_agg(d.segment_id ORDER BY d.segment_id) AS ids, array_agg(d.name ORDER BY d.segment_id) AS names FROM cdp._segments_by_depth() d GROUP BY d.depth ORDER BY d.depth LOOP
        -- One broken definition must not keep the others stale; it says so in its row.
        sound := '{}';
        problems := array_fill(NULL::text, ARRAY[cardinality(level.ids)]);
        FOR i IN 1 .. cardinality(level.ids) LOOP
            BEGIN
                PERFORM cdp._render_definition('_segment_sql', s.definition, refresh_segments.as_of, s.time_zone) FROM cdp_data.segment s WHERE s.segment_id = level.ids[i];
                sound := sound || level.ids[i];
            EXCEPTION WHEN syntax_error_or_access_rule_violation OR data_exception OR program_limit_exceeded OR statement_too_complex THEN
                GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT;
                problems[i] := problem;
            END;
        END LOOP;
        BEGIN
            PERFORM cdp._evaluate_segments(sound, refresh_segments.as_of);
        EXCEPTION WHEN syntax_error_or_access_rule_violation OR data_exception OR program_limit_exceeded OR statement_too_complex THEN
            -- One of them only fails when it runs: each by itself.
            FOR i IN 1 .. cardinality(level.ids) LOOP
                CONTINUE WHEN NOT level.ids[i] = ANY (sound);
                BEGIN
                    PERFORM cdp._evaluate_segments(ARRAY[level.ids[i]], refresh_segments.as_of);
                EXCEPTION WHEN syntax_error_or_access_rule_violation OR data_exception OR program_limit_exceeded OR statement_too_complex THEN
                    GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT;
                    problems[i] := problem;
                    sound := array_remove(sound, level.ids[i]);
                END;
            END LOOP;
            PERFORM cdp._evaluate_segments(sound, refresh_segments.as_of);
        END;
        FOR item IN
            SELECT i.n, i.name, a.members, a.entered, a."left", a.unknown
            FROM unnest(level.ids, level.names) WITH ORDINALITY AS i(segment_id, name, n) LEFT JOIN cdp._apply_evaluation(sound, refresh_segments.as_of) a USING (segment_id) ORDER BY i.n
        LOOP
            segment := item.name; members := item.members; entered := item.entered; "left" := item."left"; unknown := item.unknown; problem := problems[item.n];
            IF problem IS NOT NULL THEN
                UPDATE cdp_data.segment s SET status = 'broken', problem = refresh_segments.problem WHERE s.segment_id = level.ids[item.n];
            END IF;
            RETURN NEXT;
        END LOOP;
        DROP TABLE pg_temp.cdp_evaluation;
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp.refresh_segments(timestamptz) IS
'Recomputes the members of every segment that is not paused, in one pass over the dossiers, which it brings up to date first. One row per segment: members, how many entered and left, of how many people it is unknown, and the problem of a definition that no longer works (its members are kept). Example: SELECT * FROM cdp.refresh_segments();';

CREATE FUNCTION cdp.segment_members(segment text, as_of timestamptz DEFAULT NULL)
RETURNS TABLE (profile_id bigint, given_name text, family_name text, email text, phone text, entered_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    chosen record;
BEGIN
    PERFORM cdp._require_store();
    SELECT * INTO chosen FROM cdp_data.segment s WHERE s.segment_id = cdp._segment_id(segment);
    RETURN QUERY
    SELECT m.profile_id, f.given_name, f.family_name, f.email, f.phone, m.entered_at
    FROM (SELECT n.profile_id, n.entered_at FROM cdp_data.segment_member n WHERE n.segment_id = chosen.segment_id AND segment_members.as_of IS NULL
          UNION ALL
          SELECT c.profile_id, c.changed_at
          FROM (SELECT DISTINCT ON (h.profile_id) h.profile_id, h.change, h.changed_at FROM cdp_data.segment_change h
                WHERE h.segment_id = chosen.segment_id AND h.changed_at <= segment_members.as_of
                ORDER BY h.profile_id, h.changed_at DESC, h.change_id DESC) AS c
          WHERE c.change = 'entered') AS m
    LEFT JOIN cdp_data.profile f ON f.profile_id = m.profile_id
    ORDER BY m.profile_id;
END
$$;
COMMENT ON FUNCTION cdp.segment_members(text, timestamptz) IS
'The people in a segment now, or at an earlier instant as recorded then. One row per person. For a list to contact people with, use cdp.audience(), which respects their consent.';
