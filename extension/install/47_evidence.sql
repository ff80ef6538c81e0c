-- What identifies only in moderation: limits of identifiers, and devices within a span of time.

-- A lower limit makes values identify nobody, a higher one lets them identify again.
CREATE FUNCTION cdp._note_limit() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    was_indexed boolean;
    concerned text[];
BEGIN
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('resolve'));
    was_indexed := (SELECT m.is_indexed FROM cdp_data.match_model m WHERE m.is_active);
    IF NEW.identifies IS NULL OR OLD.identifies IS NULL OR was_indexed IS NULL THEN RETURN NULL; END IF;
    IF NEW.identifies <> OLD.identifies THEN
        concerned := ARRAY(SELECT DISTINCT d.value FROM cdp_data.record_identifier d WHERE d.kind = NEW.attribute);
    ELSE
        concerned := ARRAY(SELECT d.value FROM cdp_data.record_identifier d WHERE d.kind = NEW.attribute
                           GROUP BY d.value HAVING count(*) > NEW.max_records AND count(*) <= OLD.max_records
                           UNION
                           SELECT s.value FROM cdp_data.match_shared_value s JOIN cdp_data.match_model m ON m.model_id = s.model_id AND m.is_active
                           WHERE s.kind = NEW.attribute AND NEW.max_records > OLD.max_records
                             AND (SELECT count(*) FROM cdp_data.record_identifier d WHERE d.kind = s.kind AND d.value = s.value) <= NEW.max_records);
    END IF;
    DELETE FROM cdp_data.match_shared_value s USING cdp_data.match_model m
    WHERE m.model_id = s.model_id AND m.is_active AND s.kind = NEW.attribute AND s.value = ANY (concerned);
    PERFORM cdp._note_for_resolution(ARRAY(SELECT d.record_id FROM cdp_data.record_identifier d WHERE d.kind = NEW.attribute AND d.value = ANY (concerned)));
    UPDATE cdp_data.match_model m SET is_indexed = was_indexed WHERE m.is_active;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._note_limit() IS 'Internal. Trigger: after a change of what a kind of identifier says, or of its limit, the next resolution looks at the records whose values that concerns.';

CREATE FUNCTION cdp._note_country() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM cdp._note_for_resolution(ARRAY(SELECT r.record_id FROM cdp_data.record r WHERE r.source_id = NEW.source_id AND r.national_id IS NOT NULL));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._note_country() IS 'Internal. Trigger: by the rules of another country other national ids are verified.';

CREATE FUNCTION cdp._device_window() RETURNS interval
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT s.value::interval FROM cdp_data.setting s WHERE s.name = 'device_window'), interval '180 days');
END
$$;
COMMENT ON FUNCTION cdp._device_window() IS 'Internal. The setting device_window.';

CREATE FUNCTION cdp._check_device_window() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    span interval;
BEGIN
    BEGIN
        span := NEW.value::interval;
    EXCEPTION WHEN data_exception THEN
        NULL;
    END;
    IF span IS NULL OR span < interval '0' OR span > interval '100 years' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('device_window cannot be %s', coalesce(quote_literal(NEW.value), 'NULL')),
            DETAIL = 'It is a span of time from 0 to 100 years.',
            HINT = 'For example: UPDATE cdp_data.setting SET value = ''180 days'' WHERE name = ''device_window'';';
    END IF;
    IF NEW.value <> OLD.value THEN
        PERFORM cdp._note_for_resolution(ARRAY(SELECT d.record_id FROM cdp_data.record_identifier d JOIN cdp_data.attribute a ON a.attribute = d.kind AND a.identifies = 'device'
                                               WHERE d.first_seen_at IS NOT NULL));
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION cdp._check_device_window() IS 'Internal. Trigger: checks the setting device_window; after a change the next resolution looks at all records seen on devices.';

CREATE FUNCTION cdp._note_gone_identifiers() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM cdp_data.match_model m WHERE m.is_active) THEN
        INSERT INTO cdp_data.match_pending (record_id)
        SELECT t.record_id FROM touched t
        -- Without one of its owners a device may say whose it is, or no longer.
        UNION SELECT o.record_id FROM (SELECT DISTINCT t.kind, t.value FROM touched t) AS t JOIN cdp_data.attribute a ON a.attribute = t.kind AND a.identifies = 'device'
              CROSS JOIN LATERAL (SELECT o.record_id FROM cdp_data.record_identifier o WHERE o.kind = t.kind AND o.value = t.value LIMIT a.max_records + 1) AS o;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._note_gone_identifiers() IS 'Internal. Trigger: notes the records that lost an identifier, and who else was seen on a device, for the next resolution.';

-- Times move with every visit; that says something new only when two who were not seen on a device together now are.
CREATE FUNCTION cdp._note_changed_identifiers() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    span CONSTANT interval := cdp._device_window();
BEGIN
    IF NOT EXISTS (SELECT FROM cdp_data.match_model m WHERE m.is_active) THEN RETURN NULL; END IF;
    INSERT INTO cdp_data.match_pending (record_id)
    -- Devices of more records than their kind allows say nothing; there all pairs would be many.
    WITH device AS MATERIALIZED (
        SELECT v.kind, v.value
        FROM (SELECT t.kind, t.value FROM touched t UNION SELECT t.kind, t.value FROM before t) AS v JOIN cdp_data.attribute a ON a.attribute = v.kind AND a.identifies = 'device'
        WHERE (SELECT count(*) FROM (SELECT FROM cdp_data.record_identifier x WHERE x.kind = v.kind AND x.value = v.value LIMIT a.max_records + 1) AS few) <= a.max_records)
    SELECT n.record_id FROM touched n LEFT JOIN before b USING (record_id, kind, value) WHERE b.record_id IS NULL
    UNION SELECT b.record_id FROM before b LEFT JOIN touched n USING (record_id, kind, value) WHERE n.record_id IS NULL
    UNION SELECT o.record_id FROM before b LEFT JOIN touched n USING (record_id, kind, value) JOIN device v ON v.kind = b.kind AND v.value = b.value
          JOIN cdp_data.record_identifier o ON o.kind = v.kind AND o.value = v.value
          WHERE n.record_id IS NULL
    UNION SELECT n.record_id FROM touched n JOIN before b USING (record_id, kind, value) JOIN device v ON v.kind = n.kind AND v.value = n.value
          JOIN cdp_data.record_identifier o ON o.kind = n.kind AND o.value = n.value AND o.record_id <> n.record_id
          LEFT JOIN before p ON p.record_id = o.record_id AND p.kind = o.kind AND p.value = o.value
          WHERE (b.first_seen_at - span <= CASE WHEN p.record_id IS NULL THEN o.last_seen_at ELSE p.last_seen_at END
                 AND CASE WHEN p.record_id IS NULL THEN o.first_seen_at ELSE p.first_seen_at END - span <= b.last_seen_at) IS NOT FALSE
             <> ((n.first_seen_at - span <= o.last_seen_at AND o.first_seen_at - span <= n.last_seen_at) IS NOT FALSE);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cdp._note_changed_identifiers() IS 'Internal. Trigger: notes the records whose identifiers changed, or whom a device now ties to others, for the next resolution.';

-- What holds for a model that is yet to be trained.
CREATE FUNCTION cdp._blocked_evidence(OUT kinds text[], OUT "values" text[], OUT rules bigint[])
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(s.kind ORDER BY s.shared_value_id), '{}'), coalesce(array_agg(s.value ORDER BY s.shared_value_id), '{}'),
           ARRAY(SELECT u.rule::bigint FROM cdp_data.match_rule u JOIN cdp_data.match_model m ON m.model_id = u.model_id AND m.is_active WHERE NOT u.is_used ORDER BY u.rule)
    FROM cdp_data.match_shared_value s WHERE s.model_id IS NULL
$$;
COMMENT ON FUNCTION cdp._blocked_evidence() IS 'Internal. The values that are blocked for good, and the blocking rules that are switched off.';

-- The match engine does not know devices: they never say that two records are one person.
CREATE FUNCTION cdp._crowded_devices(model_id int, OUT kinds text[], OUT "values" text[])
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(c.kind), '{}'), coalesce(array_agg(c.value), '{}')
    FROM (SELECT d.kind, d.value FROM cdp_data.record_identifier d JOIN cdp_data.attribute a ON a.attribute = d.kind AND a.identifies = 'device'
          GROUP BY d.kind, d.value, a.max_records HAVING count(*) > a.max_records) AS c
    WHERE NOT EXISTS (SELECT FROM cdp_data.match_shared_value s WHERE s.kind = c.kind AND s.value = c.value AND (s.model_id = $1 OR s.model_id IS NULL))
$$;
COMMENT ON FUNCTION cdp._crowded_devices(int) IS 'Internal. The devices of too many records to be evidence that a model does not know of yet.';
