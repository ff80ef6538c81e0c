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

-- Decisions that a source delivers with its records. A decision hangs on the address of its channel where the record has
-- one, so that it follows the address when people are merged. What counts is the record's own last word: only a changed
-- word is a new decision, and a refusal that a known record brings is one of now, whatever date its row has. When only
-- the address changes, the word goes along with its old date, behind any refusal of the new address.
CREATE FUNCTION cdp._record_consents(record_ids bigint[], granted boolean[], are_new boolean[], channel text, purpose text, evidence text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    recorded bigint;
BEGIN
    INSERT INTO cdp_data.consent (anchor_kind, anchor_value, channel, purpose, is_granted, decided_at, source_id, record_id, evidence)
    SELECT a.kind, a.value, _record_consents.channel, _record_consents.purpose, g.granted,
           CASE WHEN own.is_granted = g.granted THEN own.decided_at
                WHEN g.granted OR g.is_new THEN least(coalesce(r.source_updated_at, clock_timestamp()), clock_timestamp())
                ELSE clock_timestamp() END,
           r.source_id, r.record_id, _record_consents.evidence
    FROM unnest(_record_consents.record_ids, _record_consents.granted, _record_consents.are_new) AS g(record_id, granted, is_new)
    JOIN cdp_data.record r USING (record_id)
    CROSS JOIN LATERAL (
        SELECT 'email' AS kind, r.email AS value WHERE _record_consents.channel = 'email' AND r.email IS NOT NULL
        UNION ALL SELECT 'phone', r.phone WHERE _record_consents.channel IN ('sms', 'phone') AND r.phone IS NOT NULL
        UNION ALL SELECT 'record', r.record_id::text
            WHERE (_record_consents.channel = 'email' AND r.email IS NULL) OR (_record_consents.channel IN ('sms', 'phone') AND r.phone IS NULL)
               OR _record_consents.channel = 'post') AS a
    LEFT JOIN LATERAL (
        SELECT c.is_granted, c.decided_at, c.anchor_kind, c.anchor_value FROM cdp_data.consent c
        WHERE c.record_id = r.record_id AND c.channel = _record_consents.channel AND c.purpose = _record_consents.purpose
        ORDER BY c.consent_id DESC LIMIT 1) AS own ON true
    WHERE own.is_granted IS DISTINCT FROM g.granted OR (own.anchor_kind, own.anchor_value) <> (a.kind, a.value)
    ORDER BY r.record_id;
    GET DIAGNOSTICS recorded = ROW_COUNT;
    RETURN recorded;
END
$$;
COMMENT ON FUNCTION cdp._record_consents(bigint[], boolean[], boolean[], text, text, text) IS 'Internal. Records the decisions that a source delivered; returns how many were new.';

-- A person who refused stays refused under a new address: pg_temp.cdp_before has the addresses of the changed records as
-- they were (record_id, email, phone).
CREATE FUNCTION cdp._carry_refusals() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    carried bigint;
BEGIN
    WITH moved AS (
        SELECT 'email' AS kind, b.email AS before, r.email AS after, r.record_id
        FROM pg_temp.cdp_before b JOIN cdp_data.record r USING (record_id) WHERE b.email <> r.email
        UNION ALL
        SELECT 'phone', b.phone, r.phone, r.record_id
        FROM pg_temp.cdp_before b JOIN cdp_data.record r USING (record_id) WHERE b.phone <> r.phone),
    state AS (
        SELECT DISTINCT ON (c.anchor_kind, c.anchor_value, c.channel, c.purpose) c.anchor_kind, c.anchor_value, c.channel, c.purpose, c.is_granted
        FROM cdp_data.consent c
        WHERE (c.anchor_kind, c.anchor_value) IN (SELECT m.kind, m.before FROM moved m UNION SELECT m.kind, m.after FROM moved m)
        ORDER BY c.anchor_kind, c.anchor_value, c.channel, c.purpose, c.decided_at DESC, c.is_granted, c.consent_id DESC)
    INSERT INTO cdp_data.consent (anchor_kind, anchor_value, channel, purpose, is_granted, decided_at, evidence)
    SELECT DISTINCT m.kind, m.after, o.channel, o.purpose, false, clock_timestamp(), 'refused at the address that record ' || m.record_id || ' had before'
    FROM moved m
    JOIN state o ON o.anchor_kind = m.kind AND o.anchor_value = m.before AND NOT o.is_granted
    LEFT JOIN state n ON n.anchor_kind = m.kind AND n.anchor_value = m.after AND n.channel = o.channel AND n.purpose = o.purpose
    WHERE n.is_granted IS DISTINCT FROM false;
    GET DIAGNOSTICS carried = ROW_COUNT;
    RETURN carried;
END
$$;
COMMENT ON FUNCTION cdp._carry_refusals() IS 'Internal. Records refusals of an address for the address that took its place; returns how many.';

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
    IF at IS NULL OR at > clock_timestamp() + interval '1 minute' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = CASE WHEN at IS NULL THEN 'a decision needs a time' ELSE 'a decision cannot lie in the future' END,
            HINT = 'Leave "at" out for a decision of now.';
    END IF;
    INSERT INTO cdp_data.consent (anchor_kind, anchor_value, channel, purpose, is_granted, decided_at, evidence)
    -- The caller's clock may be a little ahead; a decision counts at once.
    VALUES (kind, cleaned.value, channel, purpose, granted, least(at, clock_timestamp()), evidence);
    -- Another spelling of the mailbox is the same mailbox: a refusal holds for it too, a grant does not.
    IF kind = 'email' AND NOT granted THEN
        INSERT INTO cdp_data.consent (anchor_kind, anchor_value, channel, purpose, is_granted, decided_at, evidence)
        SELECT DISTINCT 'email', r.email, _decide_consent.channel, _decide_consent.purpose, false, least(at, clock_timestamp()), _decide_consent.evidence
        FROM cdp_data.record r WHERE r.email <> cleaned.value AND cdp.email_key(r.email) = cdp.email_key(cleaned.value);
    END IF;
    RETURN format('%s by %s for %L: %s', cleaned.value, channel, purpose, CASE WHEN granted THEN 'granted' ELSE 'withdrawn' END);
END
$$;
COMMENT ON FUNCTION cdp._decide_consent(text, text, text, boolean, text, timestamptz) IS 'Internal. Records one decision.';

CREATE FUNCTION cdp.grant_consent(address text, channel text, purpose text DEFAULT 'marketing', evidence text DEFAULT NULL, at timestamptz DEFAULT clock_timestamp()) RETURNS text
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$ SELECT cdp._decide_consent(address, channel, purpose, true, evidence, at) $$;
COMMENT ON FUNCTION cdp.grant_consent(text, text, text, text, timestamptz) IS
'Records that the owner of an e-mail address or phone number agreed to be contacted by a channel (email, sms, phone; for post give a record_id) for a purpose. evidence: how we know. Example: SELECT cdp.grant_consent(''ana@example.com'', ''email'', evidence => ''form of 2026-11-24'');';

CREATE FUNCTION cdp.withdraw_consent(address text, channel text, purpose text DEFAULT 'marketing', evidence text DEFAULT NULL, at timestamptz DEFAULT clock_timestamp()) RETURNS text
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$ SELECT cdp._decide_consent(address, channel, purpose, false, evidence, at) $$;
COMMENT ON FUNCTION cdp.withdraw_consent(text, text, text, text, timestamptz) IS
'Records that the owner of an e-mail address or phone number does not want to be contacted. Effective at once in every list. Example: SELECT cdp.withdraw_consent(''ana@example.com'', ''email'');';

CREATE FUNCTION cdp.consent_state(profile_id bigint, purpose text DEFAULT 'marketing', channel text DEFAULT 'email', at timestamptz DEFAULT clock_timestamp())
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
      -- What a source has deleted no longer grants anything; what it refused stays refused.
      AND NOT (c.is_granted AND EXISTS (SELECT FROM cdp_data.record d WHERE d.record_id = c.record_id AND d.deleted_at IS NOT NULL))
    ORDER BY c.anchor_kind, c.anchor_value, c.decided_at DESC, c.is_granted, c.consent_id DESC;
END
$$;
COMMENT ON FUNCTION cdp.consent_state(bigint, text, text, timestamptz) IS
'What a person has decided about a purpose and a channel, as of an instant: one row per address or record, its latest decision. The person may be contacted when there is a row and every row is granted.';
