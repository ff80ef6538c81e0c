-- Attributes: what a column of a source can feed.

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
