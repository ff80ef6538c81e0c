-- What people say: surveys and NPS.

CREATE FUNCTION cdp._survey_fields() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $f$
        answered_at !, date, timestamp, submitted_at, created_at, fecha, response_date
        question !, pregunta, question_text
        answer !, respuesta, response, value
        response_id ', id
        survey, survey_name, encuesta
        customer_id ', customer, client_id, id_cliente
        email, email_address, correo
        phone ', telefono
        full_name, name, nombre
        channel, canal
    $f$
$$;
COMMENT ON FUNCTION cdp._survey_fields() IS 'Internal. Columns of answers to surveys.';

CREATE FUNCTION cdp._nps_fields() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $f$
        answered_at !, date, timestamp, submitted_at, created_at, fecha, response_date
        score !, nps, nps_score, rating, nota, puntaje
        response_id ', id
        survey, survey_name, encuesta
        comment, feedback, reason, comentario, text
        customer_id ', customer, client_id, id_cliente
        email, email_address, correo
        phone ', telefono
        full_name, name, nombre
        channel, canal
        touchpoint, store, sucursal
    $f$
$$;
COMMENT ON FUNCTION cdp._nps_fields() IS 'Internal. Columns of answers to "would you recommend us".';

-- Who answered: the customer's number, else the address, else the number of a telephone.
CREATE FUNCTION cdp._survey_parts() RETURNS TABLE (suffix text, kind text, key_column text, mapping jsonb, rows_sql text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    WITH shared AS (SELECT $q$
        WITH said AS (
            SELECT r.*, CASE WHEN {has_own_people} THEN coalesce(r.customer_id, lower(r.email), 'phone:' || nullif(regexp_replace(r.phone, '[^0-9]', '', 'g'), '')) ELSE r.customer_id END AS person_key,
                   cdp.normalize_timestamp(r.answered_at, {zone}, {date_order}) AS at,
                   -- Free text: more than a word or two, or a sentence.
                   CASE WHEN r.answer ~ '\S+\s+\S+\s+\S+' OR length(r.answer) > 40 THEN r.answer END AS free_text
            FROM {rows} AS r)
        $q$ AS sql)
    SELECT 'people', 'people', 'person_key',
        '{"customer_id": "user_id", "email": "email", "phone": "phone", "full_name": "full_name", "comment": "survey_comment", "answered_at": "updated_at"}'::jsonb,
        s.sql || $q$
        SELECT t.person_key, min(t.customer_id) AS customer_id,
               (array_agg(t.email ORDER BY t.at DESC NULLS LAST, t.email) FILTER (WHERE t.email IS NOT NULL))[1] AS email,
               (array_agg(t.phone ORDER BY t.at DESC NULLS LAST, t.phone) FILTER (WHERE t.phone IS NOT NULL))[1] AS phone,
               (array_agg(t.full_name ORDER BY t.at DESC NULLS LAST, t.full_name) FILTER (WHERE t.full_name IS NOT NULL))[1] AS full_name,
               (array_agg(t.free_text ORDER BY t.at DESC NULLS LAST, t.free_text) FILTER (WHERE t.free_text IS NOT NULL))[1] AS comment, max(t.at) AS answered_at
        FROM said t WHERE t.person_key IS NOT NULL GROUP BY t.person_key
        $q$
    FROM shared s
    UNION ALL
    SELECT 'events', 'events', 'event_key',
        '{"event_kind": "event_kind", "person_key": "person_key", "at": "occurred_at", "survey": "survey", "question": "question", "answer": "answer", "score": "score",
          "channel": "channel"}'::jsonb,
        s.sql || $q$
        SELECT coalesce(t.response_id || ':', '') || md5(concat_ws('|', t.person_key, t.survey, t.question, t.answered_at)) AS event_key, 'survey_answered' AS event_kind,
               t.person_key, t.at, t.survey, t.question, t.answer, CASE WHEN t.answer ~ '^\s*-?[0-9]{1,6}([.,][0-9]{1,4})?\s*$' THEN cdp.normalize_number(t.answer) END AS score, t.channel
        FROM said t WHERE t.answer IS NOT NULL
        $q$
    FROM shared s
$$;
COMMENT ON FUNCTION cdp._survey_parts() IS 'Internal. How answers to surveys are read.';

CREATE FUNCTION cdp._nps_parts() RETURNS TABLE (suffix text, kind text, key_column text, mapping jsonb, rows_sql text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    WITH shared AS (SELECT $q$
        WITH said AS (
            SELECT r.*, CASE WHEN {has_own_people} THEN coalesce(r.customer_id, lower(r.email), 'phone:' || nullif(regexp_replace(r.phone, '[^0-9]', '', 'g'), '')) ELSE r.customer_id END AS person_key,
                   cdp.normalize_timestamp(r.answered_at, {zone}, {date_order}) AS at,
                   CASE WHEN r.score ~ '^(10|[0-9])([.,]0+)?$' THEN split_part(replace(r.score, ',', '.'), '.', 1)::int END AS points
            FROM {rows} AS r),
        judged AS (SELECT t.*, CASE WHEN t.points >= 9 THEN 'promoter' WHEN t.points >= 7 THEN 'passive' WHEN t.points >= 0 THEN 'detractor' END AS nps_group FROM said t)
        $q$ AS sql)
    SELECT 'people', 'people', 'person_key',
        '{"customer_id": "user_id", "email": "email", "phone": "phone", "full_name": "full_name", "score": "nps_score", "nps_group": "nps_group", "comment": "nps_comment",
          "answered_at": "updated_at"}'::jsonb,
        s.sql || $q$
        SELECT DISTINCT ON (t.person_key) t.person_key, t.customer_id, t.email, t.phone, t.full_name, t.points AS score, t.nps_group, t.comment, t.at AS answered_at
        FROM judged t WHERE t.person_key IS NOT NULL AND t.points IS NOT NULL
        ORDER BY t.person_key, t.at DESC NULLS LAST, t.response_id, t.points
        $q$
    FROM shared s
    UNION ALL
    SELECT 'events', 'events', 'event_key',
        '{"event_kind": "event_kind", "person_key": "person_key", "at": "occurred_at", "survey": "survey", "score": "score", "nps_group": "nps_group", "comment": "comment",
          "channel": "channel", "touchpoint": "touchpoint", "unreadable": "unreadable"}'::jsonb,
        s.sql || $q$
        SELECT coalesce(t.response_id, md5(concat_ws('|', t.person_key, t.survey, t.answered_at, t.touchpoint))) AS event_key,
               CASE WHEN t.points IS NOT NULL THEN 'nps_answered' END AS event_kind, t.person_key, t.at, t.survey, t.points AS score, t.nps_group, t.comment, t.channel, t.touchpoint,
               CASE WHEN t.points IS NULL THEN 'a score from 0 to 10 is wanted, not ' || coalesce(t.score, 'nothing') END AS unreadable
        FROM judged t
        $q$
    FROM shared s
$$;
COMMENT ON FUNCTION cdp._nps_parts() IS 'Internal. How answers to "would you recommend us" are read.';
