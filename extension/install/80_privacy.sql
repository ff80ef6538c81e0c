-- Consent: decisions of people, kept as they were made and looked up when a list is drawn.

CREATE FUNCTION cdp._check_channel_and_purpose(channel text, purpose text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    IF channel IS NULL OR channel NOT IN ('email', 'sms', 'phone', 'post') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('unknown channel %L', channel),
            DETAIL = 'Channels are email, sms, phone and post.',
            HINT = cdp._did_you_mean(channel, ARRAY['email', 'sms', 'phone', 'post']) || 'For example: channel => ''email''.';
    END IF;
    IF NOT EXISTS (SELECT FROM cdp_data.purpose p WHERE p.purpose = _check_channel_and_purpose.purpose) THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = format('unknown purpose %L', purpose),
            DETAIL = 'Purposes are ' || (SELECT string_agg(quote_literal(p.purpose), ', ' ORDER BY p.purpose) FROM cdp_data.purpose p) || '.',
            HINT = cdp._did_you_mean(purpose, (SELECT array_agg(p.purpose) FROM cdp_data.purpose p))
                   || format('To declare it: INSERT INTO cdp_data.purpose VALUES (%L, ''what it is for'');', purpose);
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._check_channel_and_purpose(text, text) IS 'Internal. Errors unless both exist.';

-- Decisions that a source delivers. The decision hangs on the address of its channel where the record has one, so
-- that it follows the address when people are merged; a repeated decision of a source is not recorded again.
CREATE FUNCTION cdp._record_consents(record_ids bigint[], granted boolean[], channel text, purpose text, evidence text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    recorded bigint;
BEGIN
    INSERT INTO cdp_data.consent (anchor_kind, anchor_value, channel, purpose, is_granted, decided_at, source_id, evidence)
    SELECT d.kind, d.value, _record_consents.channel, _record_consents.purpose, d.granted, d.decided_at, d.source_id, _record_consents.evidence
    FROM (SELECT a.kind, a.value, g.granted, r.source_id, least(coalesce(r.source_updated_at, now()), now()) AS decided_at, r.record_id
          FROM unnest(_record_consents.record_ids, _record_consents.granted) AS g(record_id, granted)
          JOIN cdp_data.record r USING (record_id)
          CROSS JOIN LATERAL (
              SELECT 'email' AS kind, r.email AS value WHERE _record_consents.channel = 'email' AND r.email IS NOT NULL
              UNION ALL SELECT 'phone', r.phone WHERE _record_consents.channel IN ('sms', 'phone') AND r.phone IS NOT NULL
              UNION ALL SELECT 'record', r.record_id::text
                  WHERE (_record_consents.channel = 'email' AND r.email IS NULL) OR (_record_consents.channel IN ('sms', 'phone') AND r.phone IS NULL)
                     OR _record_consents.channel = 'post') AS a) AS d
    LEFT JOIN LATERAL (
        SELECT c.is_granted FROM cdp_data.consent c
        WHERE c.anchor_kind = d.kind AND c.anchor_value = d.value AND c.channel = _record_consents.channel
          AND c.purpose = _record_consents.purpose AND c.source_id = d.source_id
        ORDER BY c.decided_at DESC, c.consent_id DESC LIMIT 1) AS known ON true
    WHERE known.is_granted IS DISTINCT FROM d.granted
    ORDER BY d.record_id;
    GET DIAGNOSTICS recorded = ROW_COUNT;
    RETURN recorded;
END
$$;
COMMENT ON FUNCTION cdp._record_consents(bigint[], boolean[], text, text, text) IS 'Internal. Records the decisions that a source delivered; returns how many were new.';

CREATE FUNCTION cdp._decide_consent(address text, channel text, purpose text, granted boolean, evidence text, at timestamptz) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kind text;
    cleaned record;
BEGIN
    PERFORM cdp._require_store();
    PERFORM cdp._check_channel_and_purpose(channel, purpose);
    IF channel = 'post' THEN
        kind := 'record';
        IF NOT EXISTS (SELECT FROM cdp_data.record r WHERE r.record_id::text = address) THEN
            RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('there is no record %L', address),
                DETAIL = 'A decision about post hangs on a record.', HINT = 'Find it: SELECT record_id FROM cdp_data.record WHERE …;';
        END IF;
        SELECT address AS value INTO cleaned;
    ELSE
        kind := CASE channel WHEN 'email' THEN 'email' ELSE 'phone' END;
        SELECT * INTO cleaned FROM cdp.clean_value(kind, address, nullif(cdp._setting('country'), ''));
        IF cleaned.value IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
                MESSAGE = format('%L is no %s', address, CASE kind WHEN 'email' THEN 'e-mail address' ELSE 'phone number' END),
                DETAIL = format('It was refused: %s.', coalesce(cleaned.reason, 'it is missing')),
                HINT = CASE kind WHEN 'email' THEN 'For example: address => ''ana@example.com''.' ELSE 'For example: address => ''+56 9 6123 4567''.' END;
        END IF;
    END IF;
    IF at IS NULL OR at > now() + interval '1 minute' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = CASE WHEN at IS NULL THEN 'a decision needs a time' ELSE 'a decision cannot lie in the future' END,
            HINT = 'Leave "at" out for a decision of now.';
    END IF;
    INSERT INTO cdp_data.consent (anchor_kind, anchor_value, channel, purpose, is_granted, decided_at, evidence)
    -- The caller's clock may be a little ahead; a decision counts at once.
    VALUES (kind, cleaned.value, channel, purpose, granted, least(at, now()), evidence);
    RETURN format('%s by %s for %L: %s', cleaned.value, channel, purpose, CASE WHEN granted THEN 'granted' ELSE 'withdrawn' END);
END
$$;
COMMENT ON FUNCTION cdp._decide_consent(text, text, text, boolean, text, timestamptz) IS 'Internal. Records one decision.';

CREATE FUNCTION cdp.grant_consent(address text, channel text, purpose text DEFAULT 'marketing', evidence text DEFAULT NULL, at timestamptz DEFAULT now()) RETURNS text
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$ SELECT cdp._decide_consent(address, channel, purpose, true, evidence, at) $$;
COMMENT ON FUNCTION cdp.grant_consent(text, text, text, text, timestamptz) IS
'Records that the owner of an e-mail address or phone number agreed to be contacted by a channel (email, sms, phone; for post give a record_id) for a purpose. evidence: how we know. Example: SELECT cdp.grant_consent(''ana@example.com'', ''email'', evidence => ''form of 2026-11-24'');';

CREATE FUNCTION cdp.withdraw_consent(address text, channel text, purpose text DEFAULT 'marketing', evidence text DEFAULT NULL, at timestamptz DEFAULT now()) RETURNS text
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$ SELECT cdp._decide_consent(address, channel, purpose, false, evidence, at) $$;
COMMENT ON FUNCTION cdp.withdraw_consent(text, text, text, text, timestamptz) IS
'Records that the owner of an e-mail address or phone number does not want to be contacted. Effective at once in every list. Example: SELECT cdp.withdraw_consent(''ana@example.com'', ''email'');';

CREATE FUNCTION cdp.consent_state(profile_id bigint, purpose text DEFAULT 'marketing', channel text DEFAULT 'email', at timestamptz DEFAULT now())
RETURNS TABLE (is_granted boolean, anchor text, decided_at timestamptz, evidence text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM cdp._require_store();
    PERFORM cdp._check_channel_and_purpose($3, $2);
    RETURN QUERY
    SELECT DISTINCT ON (c.anchor_kind, c.anchor_value) c.is_granted, c.anchor_value, c.decided_at, c.evidence
    FROM cdp_data.record r
    JOIN cdp_data.consent c ON (c.anchor_kind = 'email' AND c.anchor_value = r.email) OR (c.anchor_kind = 'phone' AND c.anchor_value = r.phone)
        OR (c.anchor_kind = 'record' AND c.anchor_value = r.record_id::text)
    WHERE r.profile_id = $1 AND c.purpose = $2 AND c.channel = $3 AND c.decided_at <= $4
    ORDER BY c.anchor_kind, c.anchor_value, c.decided_at DESC, c.is_granted, c.consent_id DESC;
END
$$;
COMMENT ON FUNCTION cdp.consent_state(bigint, text, text, timestamptz) IS
'What a person has decided about a purpose and a channel, as of an instant: one row per address or record, its latest decision. The person may be contacted when there is a row and every row is granted.';
