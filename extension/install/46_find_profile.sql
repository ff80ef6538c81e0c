-- Who is this? A point look-up through the indexes of cdp_data.record.

CREATE FUNCTION cdp._clean_to_find(semantic_type text, value text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    cleaned record;
BEGIN
    IF nullif(btrim(value), '') IS NULL THEN RETURN NULL; END IF;
    SELECT * INTO cleaned FROM cdp.clean_value(semantic_type, value, nullif(cdp._setting('country'), ''));
    IF cleaned.value IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%L is no %s', value, CASE semantic_type WHEN 'email' THEN 'e-mail address' WHEN 'phone' THEN 'phone number' ELSE 'national id' END),
            DETAIL = format('It was refused: %s.', coalesce(cleaned.reason, 'it is missing')),
            HINT = coalesce('Did you mean ' || quote_literal(cleaned.suggestion) || '? ', '') || 'Leave out what you are not sure of and search by the rest.';
    END IF;
    RETURN cleaned.value;
END
$$;
COMMENT ON FUNCTION cdp._clean_to_find(text, text) IS 'Internal. A value as records keep it; errors (22023) for one that cannot be.';

CREATE FUNCTION cdp._possible_family_names(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT p.part), '{}')
    FROM (SELECT (string_to_array(btrim(regexp_replace(lower(left(name, 200)), '[,;.\s]+', ' ', 'g')), ' '))[1:8] AS words) AS w
    CROSS JOIN LATERAL generate_subscripts(w.words, 1) AS i
    CROSS JOIN LATERAL (VALUES (array_to_string(w.words[i:], ' ')), (array_to_string(w.words[:i], ' ')), (w.words[i])) AS p(part)
    WHERE p.part <> ''
$$;
COMMENT ON FUNCTION cdp._possible_family_names(text) IS 'Internal. What may be the family name in a full name: how it ends, how it begins (García Juan) and its words, in lower case; of a name of more than 8 words the first 8.';

CREATE FUNCTION cdp.find_profile(email text DEFAULT NULL, phone text DEFAULT NULL, name text DEFAULT NULL, birth_date date DEFAULT NULL, national_id text DEFAULT NULL,
    max_results int DEFAULT 10)
RETURNS TABLE (profile_id bigint, score float8, matched_by text[], differs_in text[], given_name text, family_name text, profile_birth_date date, city text, record_count int)
LANGUAGE plpgsql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wanted_email text;
    wanted_phone text;
    wanted_id text;
    wanted_name CONSTANT text := nullif(btrim(find_profile.name), '');
    wanted_date CONSTANT date := find_profile.birth_date;
    dates date[];
    families text[];
BEGIN
    PERFORM cdp._require_store();
    wanted_email := cdp._clean_to_find('email', find_profile.email);
    wanted_phone := cdp._clean_to_find('phone', find_profile.phone);
    wanted_id := cdp._clean_to_find('national_id', find_profile.national_id);
    IF coalesce(wanted_email, wanted_phone, wanted_id, wanted_name) IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'nothing to find a person by',
            DETAIL = 'A date of birth alone is that of many people.',
            HINT = 'Give an e-mail address, a phone number, a national id or a name: SELECT * FROM cdp.find_profile(name => ''Ana Rojas'', birth_date => ''1980-02-03'');';
    END IF;
    dates := ARRAY[wanted_date];
    IF date_part('day', wanted_date) <= 12 THEN  -- day and month swapped
        dates := dates || make_date(date_part('year', wanted_date)::int, date_part('day', wanted_date)::int, date_part('month', wanted_date)::int);
    END IF;
    families := CASE WHEN wanted_name IS NOT NULL THEN cdp._possible_family_names(cdp.fold(wanted_name)) ELSE '{}' END;
    RETURN QUERY
    WITH candidate AS MATERIALIZED (
        -- The surest kind first, so that a common name cannot crowd out an address.
        SELECT c.profile_id FROM (
            SELECT 1 AS kind, r.profile_id FROM cdp_data.record r WHERE r.email = wanted_email
            UNION ALL SELECT 1, r.profile_id FROM cdp_data.record r WHERE r.phone = wanted_phone
            UNION ALL SELECT 1, r.profile_id FROM cdp_data.match_record m JOIN cdp_data.record r USING (record_id) WHERE m.national_id = cdp.fold(wanted_id)
            UNION ALL (SELECT 2, r.profile_id FROM cdp_data.match_record m JOIN cdp_data.record r USING (record_id)
                       WHERE wanted_name IS NOT NULL AND m.birth_date = ANY (dates) AND cdp.name_similarity(wanted_name, concat_ws(' ', m.given_name, m.family_name)) >= 0.7)
            UNION ALL (SELECT 3, r.profile_id
                       FROM (SELECT m.record_id, m.given_name, m.family_name FROM cdp_data.match_record m
                             WHERE m.family_name = ANY (families) AND m.given_name = ANY (families) LIMIT 2000) AS n JOIN cdp_data.record r USING (record_id)
                       WHERE cdp.name_similarity(wanted_name, concat_ws(' ', n.given_name, n.family_name)) >= 0.85)
            UNION ALL (SELECT 4, r.profile_id
                       FROM (SELECT m.record_id, m.given_name, m.family_name FROM cdp_data.match_record m WHERE m.family_name = ANY (families) LIMIT 2000) AS n JOIN cdp_data.record r USING (record_id)
                       WHERE cdp.name_similarity(wanted_name, concat_ws(' ', n.given_name, n.family_name)) >= 0.85)) AS c
        WHERE c.profile_id IS NOT NULL GROUP BY c.profile_id ORDER BY min(c.kind), c.profile_id LIMIT 500),
    -- What the records of a person say: agreement of one is enough, a contradiction needs all that know.
    evidence AS (
        SELECT r.profile_id,
               coalesce(bool_or(r.email = wanted_email), false) AS email, coalesce(bool_or(r.phone = wanted_phone), false) AS phone,
               coalesce(bool_or(r.national_id = wanted_id), false) AS national_id, bool_or(r.national_id <> wanted_id) AS other_id,
               max(cdp.name_similarity(wanted_name, nullif(concat_ws(' ', r.given_name, r.family_name), ''))) AS name,
               max(CASE WHEN r.birth_date = wanted_date THEN 1 WHEN r.birth_date = ANY (dates) THEN 0.8 WHEN r.birth_date <> wanted_date THEN 0 END) AS birth_date
        FROM candidate c JOIN cdp_data.record r ON r.profile_id = c.profile_id GROUP BY r.profile_id),
    ranked AS (
        SELECT e.profile_id,
               (1 - (CASE WHEN e.national_id THEN 0.03 ELSE 1 END) * (CASE WHEN e.email THEN 0.05 ELSE 1 END) * (CASE WHEN e.phone THEN 0.15 ELSE 1 END)
                    * (CASE WHEN e.name >= 0.7 THEN 1 - 0.5 * e.name ELSE 1 END) * (CASE WHEN e.birth_date > 0 THEN 1 - 0.6 * e.birth_date ELSE 1 END))
               * (CASE WHEN e.other_id AND NOT e.national_id THEN 0.3 ELSE 1 END) * (CASE WHEN e.name < 0.5 THEN 0.6 ELSE 1 END)
               * (CASE WHEN e.birth_date = 0 THEN 0.6 ELSE 1 END) AS score,
               array_remove(ARRAY[CASE WHEN e.national_id THEN 'national_id' END, CASE WHEN e.email THEN 'email' END, CASE WHEN e.phone THEN 'phone' END,
                                  CASE WHEN e.name >= 0.7 THEN 'name' END, CASE WHEN e.birth_date > 0 THEN 'birth_date' END], NULL) AS matched_by,
               array_remove(ARRAY[CASE WHEN e.other_id AND NOT e.national_id THEN 'national_id' END, CASE WHEN e.name < 0.5 THEN 'name' END,
                                  CASE WHEN e.birth_date = 0 THEN 'birth_date' END], NULL) AS differs_in
        FROM evidence e)
    SELECT k.profile_id, round(k.score::numeric, 4)::float8, k.matched_by, k.differs_in, f.given_name, f.family_name, f.birth_date, f.city, f.record_count
    FROM ranked k JOIN cdp_data.profile f ON f.profile_id = k.profile_id
    ORDER BY k.score DESC, k.profile_id LIMIT greatest($6, 0);
END
$$;
COMMENT ON FUNCTION cdp.find_profile(text, text, text, date, text, int) IS
'Who a person is, by any of e-mail address, phone number, full name (in any order of its parts), date of birth and national id: the profiles that agree in one of them, best first. score, 0 to 1, grows with every agreement (national id and e-mail weigh most, a name alone gives 0.5 at most) and shrinks with every contradiction; it ranks, it is no probability. matched_by and differs_in name them. Addresses and ids are cleaned like those of records and must be equal; a name is found by a family name spelt as stored or, with the date of birth (day and month may be swapped), in any similar spelling; of names that more than 2,000 records have, not all are looked at: give the date of birth as well. Milliseconds. A phone number is read as one of the country in cdp_data.setting. Errors: 22023 nothing given, or a value that cannot be one. Example: SELECT * FROM cdp.find_profile(name => ''Ana Rojas'', birth_date => ''1980-02-03'');';
