-- Finding out more about people than sources said: look-ups and expressions. External services are in the next piece.

-- Its body is fixed when it is made, so that it can be inlined and indexed.
CREATE FUNCTION cdp.lookup_key(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN nullif(pg_catalog.translate(pg_catalog.lower(value), E' .-\t\u00a0', ''), '');
COMMENT ON FUNCTION cdp.lookup_key(text) IS
'A value as look-ups compare it: small letters, without blanks, dots and dashes; ''ABCD-12'' and ''abcd 12'' are one plate. For large look-ups index it: CREATE INDEX ON registry.plates (cdp.lookup_key(plate));';

CREATE FUNCTION cdp._enrichment_attributes(name text, gives jsonb, kinds jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    entry record;
    known record;
BEGIN
    FOR entry IN SELECT g.key, g.value, jsonb_typeof(g.value) AS type FROM jsonb_each(gives) g ORDER BY g.key LOOP
        IF entry.type <> 'string' THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s gives %s to no attribute', name, entry.key), HINT = 'For example: gives => ''{"region_name": "region"}''.';
        END IF;
        SELECT * INTO known FROM cdp_data.attribute a WHERE a.attribute = entry.value #>> '{}';
        IF known.attribute IS NULL THEN
            PERFORM cdp.add_attribute(entry.value #>> '{}', value_type => coalesce(kinds ->> entry.key, 'text'), description => format('From the enrichment %s', name));
        ELSIF known.place NOT IN ('column', 'details') THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('the attribute %s cannot be enriched', known.attribute),
                DETAIL = CASE known.place WHEN 'identifier' THEN 'It is an identifier: a guess must not merge people.' WHEN 'consent' THEN 'It is a consent: only the person gives it.' ELSE 'It is only read while ingesting.' END,
                HINT = 'Give it to an attribute of its own, such as "enriched_' || known.attribute || '".';
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp._enrichment_attributes(text, jsonb, jsonb) IS 'Internal. Declares the attributes that an enrichment gives; errors for those that it may not.';

-- Every attribute of people as a column of a row: what expressions and inputs speak of.
CREATE FUNCTION cdp._subject_columns(alias text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT string_agg(CASE WHEN a.place = 'column' THEN format('%s.%I', alias, a.attribute)
        WHEN a.value_type = 'number' THEN format('CASE WHEN jsonb_typeof(%1$s.details -> %2$L) = ''number'' THEN (%1$s.details -> %2$L)::numeric END AS %3$I', alias, a.attribute, a.attribute)
        WHEN a.value_type = 'boolean' THEN format('CASE WHEN jsonb_typeof(%1$s.details -> %2$L) = ''boolean'' THEN (%1$s.details -> %2$L)::boolean END AS %3$I', alias, a.attribute, a.attribute)
        WHEN a.value_type = 'date' THEN format('(%s.details ->> %L)::date AS %I', alias, a.attribute, a.attribute)
        WHEN a.value_type = 'timestamp' THEN format('(%s.details ->> %L)::timestamptz AS %I', alias, a.attribute, a.attribute)
        ELSE format('%s.details ->> %L AS %I', alias, a.attribute, a.attribute) END, ', ' ORDER BY a.attribute)
    FROM cdp_data.attribute a WHERE a.place IN ('column', 'details')
$$;
COMMENT ON FUNCTION cdp._subject_columns(text) IS 'Internal. The attributes of a profile or record as SQL columns.';

CREATE FUNCTION cdp._subject_inputs(inputs text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    missing text;
BEGIN
    SELECT i INTO missing FROM unnest(inputs) i WHERE i IS NULL OR i <> 'profile_id' AND NOT EXISTS (SELECT FROM cdp_data.attribute a WHERE a.attribute = i AND a.place IN ('column', 'details')) LIMIT 1;
    IF FOUND OR inputs IS NULL OR cardinality(inputs) = 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_column', MESSAGE = CASE WHEN missing IS NULL THEN 'an enrichment starts from an attribute' ELSE format('%L is no attribute that an enrichment can start from', missing) END,
            DETAIL = 'Attributes are ' || (SELECT string_agg(a.attribute, ', ' ORDER BY a.attribute) FROM cdp_data.attribute a WHERE a.place IN ('column', 'details')) || '.',
            HINT = cdp._did_you_mean(coalesce(missing, ''), (SELECT array_agg(a.attribute) FROM cdp_data.attribute a WHERE a.place IN ('column', 'details'))) || format('To declare one: SELECT cdp.add_attribute(%L);', coalesce(missing, 'license_plate'));
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._subject_inputs(text[]) IS 'Internal. Errors unless all are attributes of people.';

-- What an enrichment gives must not be what it, or one before it, starts from: the second look would see another input.
CREATE FUNCTION cdp._refuse_circle(name text, inputs text[], gives jsonb, per_record boolean) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    culprit record;
BEGIN
    SELECT e.name, g.value AS attribute INTO culprit
    FROM jsonb_each_text(gives) g, (SELECT name AS name, inputs AS inputs, per_record AS per_record UNION ALL SELECT o.name, o.inputs, o.per_record FROM cdp_data.enrichment o) AS e
    WHERE g.value = ANY (e.inputs) AND NOT e.per_record LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('the enrichment %I gives %s, which %s starts from', name, culprit.attribute, CASE WHEN culprit.name = name THEN 'it' ELSE quote_ident(culprit.name) END),
            DETAIL = 'The next look would start from what this one found.',
            HINT = CASE WHEN culprit.name = name THEN 'Give it to another attribute, or say per_record => true.' ELSE format('Add the two in the order in which they work: SELECT cdp.remove_enrichment(%L); first, and add it again after this one.', culprit.name) END;
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._refuse_circle(text, text[], jsonb, boolean) IS 'Internal. Errors when an enrichment gives what it, or an earlier one, starts from.';

CREATE FUNCTION cdp._new_enrichment(name text, lasts interval, confidence numeric) RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    PERFORM cdp._require_store();
    IF name IS NULL OR name !~ '^[a-z][a-z0-9_]{0,62}$' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%L cannot be the name of an enrichment', name),
            DETAIL = 'A name has small letters, digits and underscores and begins with a letter.', HINT = 'For example: region_of_postal_code.';
    ELSIF EXISTS (SELECT FROM cdp_data.enrichment e WHERE e.name = name) THEN
        RAISE EXCEPTION USING ERRCODE = 'duplicate_object', MESSAGE = format('there is an enrichment %I already', name), HINT = format('Remove it first: SELECT cdp.remove_enrichment(%L);', name);
    ELSIF lasts <= interval '0' OR confidence <= 0 OR confidence > 1 OR confidence IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = CASE WHEN lasts <= interval '0' THEN 'a value must last some time' ELSE format('a confidence cannot be %s', coalesce(confidence::text, 'NULL')) END,
            HINT = 'For example: lasts => ''90 days'', confidence => 0.9 (above 0, at most 1).';
    END IF;
    RETURN coalesce((SELECT max(e.position) FROM cdp_data.enrichment e), 0) + 1;
END
$$;
COMMENT ON FUNCTION cdp._new_enrichment(text, interval, numeric) IS 'Internal. Checks what all enrichments have in common; returns the next position.';

CREATE FUNCTION cdp.add_lookup(
    name text, relation text, key text[], gives jsonb, on_attribute text[] DEFAULT NULL, valid_from text DEFAULT NULL, valid_to text DEFAULT NULL,
    per_record boolean DEFAULT false, confidence numeric DEFAULT 1, beats_sources boolean DEFAULT false, lasts interval DEFAULT NULL, recheck_after interval DEFAULT '1 day')
RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    place int := cdp._new_enrichment(name, lasts, confidence);
    columns text[];
    types jsonb;
    qualified text;
    used text;
BEGIN
    SELECT array_agg(c.column_name), min(c.relation_name),
           jsonb_object_agg(c.column_name, CASE WHEN c.column_type IN ('smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision') THEN 'number' WHEN c.column_type = 'boolean' THEN 'boolean'
                                                WHEN c.column_type = 'date' THEN 'date' WHEN c.column_type LIKE 'timestamp%' THEN 'timestamp' ELSE 'text' END)
    INTO columns, qualified, types FROM cdp._relation_columns(relation) c;
    IF gives IS NULL OR jsonb_typeof(gives) <> 'object' OR gives = '{}' OR coalesce(cardinality(key), 0) = 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'a look-up has a key and gives something',
            DETAIL = 'key names columns of the relation, gives its columns and the attributes that they become.', HINT = format('For example: SELECT cdp.add_lookup(%L, %L, key => ARRAY[%L], gives => ''{"%s": "region"}'', on_attribute => ARRAY[''postal_code'']);', name, qualified, columns[1], columns[cardinality(columns)]);
    END IF;
    FOR used IN SELECT unnest(key || ARRAY(SELECT jsonb_object_keys(gives)) || valid_from || valid_to) LOOP
        IF used <> ALL (columns) THEN
            RAISE EXCEPTION USING ERRCODE = 'undefined_column', MESSAGE = format('the column %I does not exist in %s', used, qualified),
                DETAIL = 'Its columns are ' || array_to_string(columns, ', ') || '.', HINT = cdp._did_you_mean(used, columns) || 'Correct the name and run cdp.add_lookup() again.';
        END IF;
    END LOOP;
    on_attribute := coalesce(on_attribute, key);
    PERFORM cdp._subject_inputs(on_attribute);
    IF cardinality(on_attribute) <> cardinality(key) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s columns of the key are compared with %s attributes', cardinality(key), cardinality(on_attribute)), HINT = 'Name one attribute per column, in the same order.';
    END IF;
    FOR used IN SELECT unnest(ARRAY[valid_from, valid_to]) LOOP
        IF types ->> used NOT IN ('date', 'timestamp') THEN
            RAISE EXCEPTION USING ERRCODE = 'datatype_mismatch', MESSAGE = format('%I of %s is no date or time', used, qualified), HINT = 'valid_from and valid_to name columns of type date or timestamp.';
        END IF;
    END LOOP;
    PERFORM cdp._refuse_circle(name, on_attribute, gives, per_record);
    PERFORM cdp._enrichment_attributes(name, gives, types);
    INSERT INTO cdp_data.enrichment (name, kind, position, inputs, per_record, relation, key_columns, valid_from, valid_to, gives, confidence, beats_sources, lasts, recheck_after)
    VALUES (name, 'lookup', place, on_attribute, per_record, qualified, key, valid_from, valid_to, gives, confidence, beats_sources, lasts, recheck_after);
    RETURN name;
END
$$;
COMMENT ON FUNCTION cdp.add_lookup(text, text, text[], jsonb, text[], text, text, boolean, numeric, boolean, interval, interval) IS
$$Declares a look-up: people whose attributes on_attribute equal the columns key of a relation (default: attributes of the same
names; compared without case, blanks, dots and dashes) get what its row says. gives: {"column": "attribute"}; attributes that do not exist
are declared. valid_from, valid_to: columns that say when a row holds (from the first to before the second, NULL: open); the row
that holds today counts, the newest of several. Rows that contradict each other divide the confidence. per_record: start from every record of the person, not
from the golden record. A source's value wins, unless beats_sources. lasts: how long values hold;
recheck_after: how long cdp.enrich() leaves people alone who have not changed. Example:
SELECT cdp.add_lookup('region_of_postal_code', 'geo.postal_codes', key => '{code}', on_attribute => '{postal_code}', gives => '{"region": "region"}');$$;

CREATE FUNCTION cdp.add_enrichment(
    name text, expression text, attribute text DEFAULT NULL, gives jsonb DEFAULT NULL, inputs text[] DEFAULT NULL, per_record boolean DEFAULT false,
    confidence numeric DEFAULT 1, beats_sources boolean DEFAULT false, lasts interval DEFAULT NULL, recheck_after interval DEFAULT '1 day')
RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
#variable_conflict use_variable
DECLARE
    place int := cdp._new_enrichment(name, lasts, confidence);
    result_type oid;
    kinds jsonb;
    class "char";
BEGIN
    IF (attribute IS NULL) = (gives IS NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'an enrichment gives an attribute, or several fields of its result',
            HINT = 'Say attribute => ''age_band'' for a single value, or gives => ''{"field": "attribute"}'' for a row or JSON.';
    END IF;
    DROP VIEW IF EXISTS pg_temp.cdp_subject, pg_temp.cdp_result;
    EXECUTE format('CREATE TEMP VIEW cdp_subject AS SELECT f.profile_id, %s FROM cdp_data.profile f', cdp._subject_columns('f'));
    PERFORM cdp._check_row_expression('pg_temp.cdp_subject', expression, 'the expression', NULL);
    BEGIN
        EXECUTE format(E'CREATE TEMP VIEW cdp_result AS SELECT (%s\n) AS result FROM pg_temp.cdp_subject AS s', expression);
    EXCEPTION WHEN invalid_table_definition THEN -- a row of no named type
        IF attribute IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'datatype_mismatch', MESSAGE = format('the result of %s is a row', left(expression, 200)), HINT = 'Say which of its fields become which attributes: gives => ''{"field": "attribute"}''.';
        END IF;
        EXECUTE format(E'CREATE TEMP VIEW cdp_result AS SELECT to_jsonb((%s\n)) AS result FROM pg_temp.cdp_subject AS s', expression);
    END;
    SELECT a.atttypid, t.typtype INTO result_type, class FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = 'pg_temp.cdp_result'::regclass AND a.attnum = 1;
    -- What it starts from: the columns of people that the expression names.
    IF inputs IS NULL THEN
        SELECT array_agg(a.attname::text ORDER BY a.attname) INTO inputs
        FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refobjid = 'pg_temp.cdp_subject'::regclass AND d.refobjsubid > 0
        JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE r.ev_class = 'pg_temp.cdp_result'::regclass;
    END IF;
    DROP VIEW pg_temp.cdp_result, pg_temp.cdp_subject;
    PERFORM cdp._subject_inputs(inputs);
    IF attribute IS NOT NULL THEN
        gives := jsonb_build_object('value', attribute);
        kinds := jsonb_build_object('value', CASE WHEN result_type IN (20, 21, 23, 700, 701, 1700) THEN 'number' WHEN result_type = 16 THEN 'boolean' WHEN result_type = 1082 THEN 'date' WHEN result_type IN (1114, 1184) THEN 'timestamp' ELSE 'text' END);
    ELSIF jsonb_typeof(gives) <> 'object' OR gives = '{}' OR class <> 'c' AND result_type NOT IN (114, 3802, 2249) THEN
        RAISE EXCEPTION USING ERRCODE = 'datatype_mismatch', MESSAGE = format('the result of %s has no fields', left(expression, 200)),
            DETAIL = format('It is of type %s.', format_type(result_type, NULL)), HINT = 'Say attribute => ''name'' for a single value, or let the expression return a row or jsonb.';
    END IF;
    PERFORM cdp._refuse_circle(name, inputs, gives, per_record);
    PERFORM cdp._enrichment_attributes(name, gives, kinds);
    INSERT INTO cdp_data.enrichment (name, kind, position, inputs, per_record, expression, gives, confidence, beats_sources, lasts, recheck_after)
    VALUES (name, 'expression', place, inputs, per_record, expression, gives, confidence, beats_sources, lasts, recheck_after);
    RETURN name;
END
$$;
COMMENT ON FUNCTION cdp.add_enrichment(text, text, text, jsonb, text[], boolean, numeric, boolean, interval, interval) IS
$$Declares an SQL expression over the attributes of a person (and profile_id) that gives an attribute, or, when it returns a row or
JSON, several: gives => {"field": "attribute"}; a field "confidence" (0 to 1) says how sure it is. It must be one expression free of side effects;
functions with their schema. inputs: without all of these nothing is computed (default: the attributes that it names). The rest as in cdp.add_lookup(). Example:
SELECT cdp.add_enrichment('mail_domain', 'split_part(email, ''@'', 2)', attribute => 'mail_domain');$$;

CREATE FUNCTION cdp.remove_enrichment(name text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    names text[];
BEGIN
    PERFORM cdp._require_store();
    IF NOT EXISTS (SELECT FROM cdp_data.enrichment e WHERE e.name = name) THEN
        SELECT coalesce(array_agg(e.name ORDER BY e.position), '{}') INTO names FROM cdp_data.enrichment e;
        RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = format('there is no enrichment %L', name),
            DETAIL = CASE WHEN names = '{}' THEN 'None has been added yet.' ELSE 'Enrichments are ' || array_to_string(names, ', ') || '.' END, HINT = cdp._did_you_mean(name, names) || 'List them: SELECT name, kind, gives FROM cdp_data.enrichment ORDER BY position;';
    END IF;
    -- Its values go with it, from the profiles too.
    UPDATE cdp_data.enrichment e SET is_active = false WHERE e.name = name;
    PERFORM cdp._enrich(ARRAY[name], NULL);
    DELETE FROM cdp_data.enrichment e WHERE e.name = name;
    RETURN name;
END
$$;
COMMENT ON FUNCTION cdp.remove_enrichment(text) IS 'Removes an enrichment and takes its values out of the profiles; the attributes stay. Returns its name. To stop it for a while: UPDATE cdp_data.enrichment SET is_active = false and CALL cdp.enrich().';

