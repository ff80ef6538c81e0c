-- Values that stand for nothing in one company's data, beside the words that the cleaners know.

-- The condition that a raw value is such a value. `value` is SQL text; `cleaned`, too, where the clean value is at hand.
CREATE FUNCTION cdp._junk_condition(semantic_type text, value text, country text, date_order text, time_zone text, cleaned text DEFAULT NULL)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format($q$(cdp.fold(%1$s) IN (SELECT cdp.fold(j.value) FROM cdp_data.junk_value j WHERE j.semantic_type IN ('any', %2$L))
        OR (%3$s)::text IN (SELECT (%4$s)::text FROM cdp_data.junk_value j WHERE j.semantic_type = %2$L)$q$,
        value, CASE semantic_type WHEN 'full_name' THEN 'name' ELSE semantic_type END,
        coalesce(cleaned, cdp._cleaning_expression(semantic_type, value, country, date_order, time_zone)),
        cdp._cleaning_expression(semantic_type, 'j.value', country, date_order, time_zone))
        || CASE semantic_type WHEN 'email' THEN format($q$
        OR '@' || split_part(%s, '@', 2) IN (SELECT lower(btrim(j.value)) FROM cdp_data.junk_value j WHERE j.semantic_type = 'email')$q$, coalesce(cleaned, format('cdp.normalize_email(%s)', value)))
           ELSE '' END || ')'
$$;
COMMENT ON FUNCTION cdp._junk_condition(text, text, text, text, text, text) IS 'Internal. The SQL that tells whether a value is in cdp_data.junk_value, in whatever spelling.';

-- Trigger on cdp_data.junk_value (attached by cdp.install()): sources that may hold the value are read again.
CREATE FUNCTION cdp._reread_junk_value() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND NEW.semantic_type <> 'any' THEN
        PERFORM cdp.clean_value(NEW.semantic_type, ''); -- an unknown type is an error with the list
    END IF;
    UPDATE cdp_data.record r SET content_hash = NULL
    WHERE r.source_id IN (
        SELECT m.source_id FROM cdp_data.mapping m JOIN cdp_data.attribute a ON a.attribute = m.target
        WHERE CASE a.semantic_type WHEN 'full_name' THEN 'name' ELSE a.semantic_type END IN (NEW.semantic_type, OLD.semantic_type)
           OR 'any' IN (NEW.semantic_type, OLD.semantic_type));
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
COMMENT ON FUNCTION cdp._reread_junk_value() IS 'Internal. Trigger: a new or changed junk value is checked, and the sources that may hold it are cleaned again.';

CREATE FUNCTION cdp.add_junk_value(value text, semantic_type text DEFAULT 'any', reason text DEFAULT NULL, dry_run boolean DEFAULT false)
RETURNS TABLE (attribute text, records bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    field record;
BEGIN
    PERFORM cdp._require_store();
    IF btrim(coalesce(add_junk_value.value, '')) = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'a junk value cannot be blank',
            DETAIL = 'Blank values are missing already.',
            HINT = 'For example: SELECT * FROM cdp.add_junk_value(''+56 2 2222 0000'', ''phone'', reason => ''our switchboard'');';
    END IF;
    IF octet_length(add_junk_value.value) > 500 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'a junk value has at most 500 bytes',
            DETAIL = format('This one has %s.', octet_length(add_junk_value.value)),
            HINT = 'Longer texts are no values of a field; leave them to the cleaners.';
    END IF;
    add_junk_value.semantic_type := coalesce(add_junk_value.semantic_type, 'any');
    IF add_junk_value.semantic_type <> 'any' THEN
        PERFORM cdp.clean_value(add_junk_value.semantic_type, '');
    END IF;
    -- What stored records will lose. They hold clean values, each cleaned for the country of its source.
    FOR field IN
        SELECT a.attribute, a.semantic_type, CASE a.attribute WHEN 'full_name' THEN 'concat_ws('' '', r.given_name, r.family_name)' ELSE format('r.%I', a.attribute) END AS stored,
               (SELECT string_agg(DISTINCT format('(%s)::text', cdp._cleaning_expression(a.semantic_type, '$1', s.country, s.date_order, s.time_zone)), ', ') FROM cdp_data.source s) AS cleaned
        FROM cdp_data.attribute a
        WHERE (a.place = 'column' OR a.attribute = 'full_name') AND a.value_type = 'text'
          AND add_junk_value.semantic_type IN ('any', CASE a.semantic_type WHEN 'full_name' THEN 'name' ELSE a.semantic_type END)
          AND EXISTS (SELECT FROM cdp_data.source)
        ORDER BY a.attribute
    LOOP
        EXECUTE format('SELECT %L, count(*) FROM cdp_data.record r WHERE cdp.fold(%s) = cdp.fold($1) OR %2$s IN (%s) OR %s',
                       field.attribute, field.stored, field.cleaned,
                       CASE field.semantic_type WHEN 'email' THEN format('$1 LIKE ''@%%'' AND ''@'' || split_part(%s, ''@'', 2) = lower(btrim($1))', field.stored) ELSE 'false' END)
        INTO attribute, records USING add_junk_value.value;
        IF records > 0 THEN RETURN NEXT; END IF;
    END LOOP;
    IF NOT coalesce(dry_run, false) THEN
        INSERT INTO cdp_data.junk_value AS j (semantic_type, value, reason)
        VALUES (add_junk_value.semantic_type, add_junk_value.value, add_junk_value.reason)
        ON CONFLICT (semantic_type, value) DO UPDATE SET reason = coalesce(EXCLUDED.reason, j.reason);
    END IF;
END
$$;
COMMENT ON FUNCTION cdp.add_junk_value(text, text, text, boolean) IS
'Makes a value stand for nothing, in one semantic type (phone, email, name …) or any; the next cdp.refresh() reads it as missing. An e-mail domain is written @example.com. Returns one row per attribute whose stored records hold the value now; with dry_run => true it only returns them. Errors: 22023 for an unknown type, a blank value or one of over 500 bytes. Undo: DELETE FROM cdp_data.junk_value WHERE value = …;';
