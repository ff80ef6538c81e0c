-- Values that identify nobody, said by somebody who knows: a switchboard, the shop's own address, a test login. And what
-- identifies only in moderation: limits of identifiers, devices within a span of time.

CREATE FUNCTION cdp._records_with_value(kind text, value text) RETURNS TABLE (record_id bigint)
LANGUAGE plpgsql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    CASE kind
        WHEN 'email' THEN RETURN QUERY SELECT r.record_id FROM cdp_data.record r WHERE r.email IS NOT NULL AND cdp.email_key(r.email) = $2
                                  UNION SELECT m.record_id FROM cdp_data.match_record m WHERE m.email_key = $2;
        WHEN 'email_local' THEN RETURN QUERY SELECT r.record_id FROM cdp_data.record r WHERE r.email IS NOT NULL AND split_part(cdp.email_key(r.email), '@', 1) = $2
                                        UNION SELECT m.record_id FROM cdp_data.match_record m WHERE split_part(m.email_key, '@', 1) = $2;
        WHEN 'phone' THEN RETURN QUERY SELECT r.record_id FROM cdp_data.record r WHERE r.phone IS NOT NULL AND cdp.phone_key(r.phone) = $2
                                  UNION SELECT m.record_id FROM cdp_data.match_record m WHERE m.phone_key = $2;
        WHEN 'national_id' THEN RETURN QUERY SELECT r.record_id FROM cdp_data.record r WHERE r.national_id IS NOT NULL AND cdp.fold(r.national_id) = $2
                                        UNION SELECT m.record_id FROM cdp_data.match_record m WHERE m.national_id = $2;
        ELSE RETURN QUERY SELECT d.record_id FROM cdp_data.record_identifier d WHERE d.kind = $1 AND d.value = $2;
    END CASE;
END
$$;
COMMENT ON FUNCTION cdp._records_with_value(text, text) IS 'Internal. The records that have a value, given as the match engine compares it, of one kind (email, email_local, phone, national_id or a kind of identifier).';

CREATE FUNCTION cdp._blockable_value(kind text, value text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    kinds CONSTANT text[] := ARRAY['email', 'email_local', 'national_id', 'phone']
        || ARRAY(SELECT a.attribute FROM cdp_data.attribute a WHERE a.identifies IS NOT NULL ORDER BY a.attribute COLLATE "C");
    semantic CONSTANT text := CASE kind WHEN 'email_local' THEN 'email' ELSE (SELECT a.semantic_type FROM cdp_data.attribute a WHERE a.attribute = kind) END;
    country text;
    cleaned record;
    verdict record;
    found text;
    likeliest text;
BEGIN
    IF kind IS NULL OR kind <> ALL (kinds) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s is no kind of value that could be blocked', coalesce(quote_literal(kind), 'NULL')),
            DETAIL = format('Kinds are %s.', array_to_string(kinds, ', ')),
            HINT = cdp._did_you_mean(kind, kinds) || 'For example: SELECT * FROM cdp.block_value(''phone'', ''+56 2 2222 0000'', reason => ''our switchboard'');';
    END IF;
    IF kind = 'email_local' AND strpos(coalesce(value, ''), '@') > 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%L is a whole address, not the part before the @', value),
            DETAIL = 'email_local blocks a name of mailboxes, such as info, at every domain.',
            HINT = format('For this address alone: SELECT * FROM cdp.block_value(''email'', %L); for the name: SELECT * FROM cdp.block_value(''email_local'', %L);', value, split_part(value, '@', 1));
    END IF;
    -- Each source has cleaned its values for its own country: the reading that records have is meant.
    FOR country IN
        SELECT c.country FROM (SELECT nullif(cdp._setting('country'), '') AS country, 0 AS rank UNION ALL SELECT DISTINCT s.country, 1 FROM cdp_data.source s WHERE s.country IS NOT NULL) AS c
        ORDER BY c.rank, c.country COLLATE "C"
    LOOP
        cleaned := cdp.clean_value(CASE WHEN semantic = 'national_id' AND country IS NULL THEN 'identifier' ELSE semantic END,
                                   CASE kind WHEN 'email_local' THEN btrim(value) || '@example.com' ELSE value END, country);
        verdict := coalesce(verdict, cleaned);
        found := CASE kind WHEN 'email' THEN cdp.email_key(cleaned.value) WHEN 'email_local' THEN nullif(split_part(cdp.email_key(cleaned.value), '@', 1), '')
                           WHEN 'phone' THEN cdp.phone_key(cleaned.value) WHEN 'national_id' THEN cdp.fold(cleaned.value) ELSE cleaned.value END;
        likeliest := coalesce(likeliest, found);
        EXIT WHEN kind NOT IN ('phone', 'national_id');
        IF EXISTS (SELECT FROM cdp._records_with_value(kind, found)) THEN RETURN found; END IF;
    END LOOP;
    IF likeliest IS NULL AND kind IN ('email', 'phone', 'national_id') THEN
        -- As it is compared already, whether it could be cleaned or not.
        found := CASE kind WHEN 'phone' THEN cdp.phone_key(value) ELSE cdp.fold(value) END;
        IF EXISTS (SELECT FROM cdp._records_with_value(kind, found)) THEN RETURN found; END IF;
    END IF;
    IF likeliest IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s cannot be blocked as %s', coalesce(quote_literal(value), 'NULL'), kind),
            DETAIL = format('No record can have it, because it is read as missing: %s.', coalesce(verdict.reason, 'it is blank')),
            HINT = coalesce('Did you mean ' || quote_literal(verdict.suggestion) || '? ', '') || 'Only a value that identifies records wrongly needs to be blocked.';
    END IF;
    RETURN likeliest;
END
$$;
COMMENT ON FUNCTION cdp._blockable_value(text, text) IS 'Internal. A value of a kind as the match engine compares it; errors (22023) for an unknown kind and for what no record could have.';

-- Before the first resolution everything is new anyway.
CREATE FUNCTION cdp._note_for_resolution(record_ids bigint[]) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO cdp_data.match_pending (record_id)
    SELECT DISTINCT n FROM unnest(record_ids) n WHERE EXISTS (SELECT FROM cdp_data.match_model m WHERE m.is_active)
$$;
COMMENT ON FUNCTION cdp._note_for_resolution(bigint[]) IS 'Internal. Has the next resolution look at some records again.';

CREATE FUNCTION cdp.block_value(kind text, value text, reason text DEFAULT NULL, dry_run boolean DEFAULT false,
    OUT blocked text, OUT records bigint, OUT people bigint, OUT effect text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    owners bigint[];
    known cdp_data.match_shared_value;
    was_indexed boolean;
BEGIN
    PERFORM cdp._require_store();
    blocked := cdp._blockable_value(kind, value);
    IF NOT coalesce(dry_run, false) THEN PERFORM pg_advisory_xact_lock(cdp._advisory_key('resolve')); END IF;
    owners := ARRAY(SELECT o.record_id FROM cdp._records_with_value(kind, blocked) o);
    records := cardinality(owners);
    people := (SELECT count(DISTINCT r.profile_id) FROM cdp_data.record r WHERE r.record_id = ANY (owners));
    SELECT * INTO known FROM cdp_data.match_shared_value s WHERE s.kind = kind AND s.value = blocked AND s.model_id IS NULL;
    IF FOUND THEN
        effect := format('it was blocked already, on %s by %s', to_char(known.noticed_at, 'YYYY-MM-DD'), known.noticed_by);
        IF reason IS NOT NULL AND NOT coalesce(dry_run, false) THEN
            was_indexed := (SELECT m.is_indexed FROM cdp_data.match_model m WHERE m.is_active);
            UPDATE cdp_data.match_shared_value s SET reason = reason WHERE s.shared_value_id = known.shared_value_id;
            UPDATE cdp_data.match_model m SET is_indexed = was_indexed WHERE m.is_active;
        END IF;
        RETURN;
    END IF;
    SELECT * INTO known FROM cdp_data.match_shared_value s
    WHERE s.kind = kind AND s.value = blocked AND s.model_id = (SELECT m.model_id FROM cdp_data.match_model m WHERE m.is_active);
    effect := CASE WHEN coalesce(dry_run, false) THEN 'dry run, nothing was changed: ' ELSE '' END
        || CASE WHEN FOUND THEN 'a resolution had found out already that it identifies nobody; now it stays so for good'
                WHEN records = 0 THEN 'no record has it; those to come are not known by it'
                ELSE format('the next resolution looks at %s records of %s without it', records, CASE people WHEN 1 THEN 'one person' ELSE people || ' people' END) END;
    IF coalesce(dry_run, false) THEN RETURN; END IF;
    was_indexed := (SELECT m.is_indexed FROM cdp_data.match_model m WHERE m.is_active);
    INSERT INTO cdp_data.match_shared_value (kind, value, reason) VALUES (kind, blocked, reason);
    -- Unlike other changes of the model, this one is seen to for the owners alone.
    PERFORM cdp._note_for_resolution(owners);
    UPDATE cdp_data.match_model m SET is_indexed = was_indexed WHERE m.is_active;
END
$$;
COMMENT ON FUNCTION cdp.block_value(text, text, text, boolean) IS
'Makes a value identify nobody, for good and under every model: kind is email, phone, national_id, email_local (info, at every domain) or a kind of identifier such as loyalty_id, user_id or device_id. The value is read like those of sources. Records keep it, but are neither joined nor told apart by it: the next resolution looks at its owners again. blocked: as the match engine compares it; records and people: who has it now. dry_run only tells them. Undo with cdp.unblock_value(); all of them: cdp.blocked_values(). To have a value read as missing altogether use cdp.add_junk_value(). Waits for a running resolution. Errors: 22023 for an unknown kind or a value that no record can have. Example: SELECT * FROM cdp.block_value(''phone'', ''+56 2 2222 0000'', reason => ''our switchboard'');';

CREATE FUNCTION cdp.unblock_value(kind text, value text, dry_run boolean DEFAULT false,
    OUT unblocked text, OUT records bigint, OUT people bigint, OUT effect text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    owners bigint[];
    was_indexed boolean;
BEGIN
    PERFORM cdp._require_store();
    IF NOT coalesce(dry_run, false) THEN PERFORM pg_advisory_xact_lock(cdp._advisory_key('resolve')); END IF;
    -- As the list shows it, or in any spelling.
    unblocked := (SELECT s.value FROM cdp_data.match_shared_value s WHERE s.kind = kind AND s.value = value AND s.model_id IS NULL);
    unblocked := coalesce(unblocked, cdp._blockable_value(kind, value));
    IF NOT EXISTS (SELECT FROM cdp_data.match_shared_value s WHERE s.kind = kind AND s.value = unblocked AND s.model_id IS NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('%s %L is not blocked', kind, unblocked),
            DETAIL = CASE WHEN EXISTS (SELECT FROM cdp_data.match_shared_value s JOIN cdp_data.match_model m ON m.model_id = s.model_id AND m.is_active WHERE s.kind = kind AND s.value = unblocked)
                          THEN 'A resolution found out by itself that too many people or records have it.' ELSE 'Nobody has blocked it.' END,
            HINT = 'See what is blocked: SELECT * FROM cdp.blocked_values();';
    END IF;
    owners := ARRAY(SELECT o.record_id FROM cdp._records_with_value(kind, unblocked) o);
    records := cardinality(owners);
    people := (SELECT count(DISTINCT r.profile_id) FROM cdp_data.record r WHERE r.record_id = ANY (owners));
    effect := CASE WHEN coalesce(dry_run, false) THEN 'dry run, nothing was changed: ' ELSE '' END
        || CASE WHEN EXISTS (SELECT FROM cdp_data.match_shared_value s JOIN cdp_data.match_model m ON m.model_id = s.model_id AND m.is_active WHERE s.kind = kind AND s.value = unblocked)
                THEN 'too many people or records have it: it identifies nobody still'
                WHEN records = 0 THEN 'no record has it'
                ELSE format('the next resolution looks at %s records of %s with it', records, CASE people WHEN 1 THEN 'one person' ELSE people || ' people' END) END;
    IF coalesce(dry_run, false) THEN RETURN; END IF;
    was_indexed := (SELECT m.is_indexed FROM cdp_data.match_model m WHERE m.is_active);
    DELETE FROM cdp_data.match_shared_value s WHERE s.kind = kind AND s.value = unblocked AND s.model_id IS NULL;
    PERFORM cdp._note_for_resolution(owners);
    UPDATE cdp_data.match_model m SET is_indexed = was_indexed WHERE m.is_active;
END
$$;
COMMENT ON FUNCTION cdp.unblock_value(text, text, boolean) IS
'Takes back cdp.block_value(): the value counts again from the next resolution on, unless too many people have it. The value in any spelling, or as cdp.blocked_values() shows it. dry_run only tells whom it concerns. Errors: P0002 when it is not blocked, 22023 as cdp.block_value(). Example: SELECT * FROM cdp.unblock_value(''phone'', ''+56 2 2222 0000'');';

CREATE FUNCTION cdp.blocked_values(kind text DEFAULT NULL)
RETURNS TABLE (value_kind text, value text, records bigint, people bigint, reason text, blocked_at timestamptz, blocked_by text)
LANGUAGE plpgsql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM cdp._require_store();
    RETURN QUERY
    SELECT s.kind, s.value, count(r.record_id), count(DISTINCT r.profile_id), s.reason, s.noticed_at, s.noticed_by
    FROM cdp_data.match_shared_value s
    LEFT JOIN LATERAL (SELECT n.record_id, n.profile_id FROM cdp_data.record n WHERE n.record_id IN (SELECT o.record_id FROM cdp._records_with_value(s.kind, s.value) o)) AS r ON true
    WHERE s.model_id IS NULL AND (blocked_values.kind IS NULL OR s.kind = blocked_values.kind)
    GROUP BY s.shared_value_id ORDER BY s.kind COLLATE "C", s.value COLLATE "C";
END
$$;
COMMENT ON FUNCTION cdp.blocked_values(text) IS
'One row per value that cdp.block_value() has made identify nobody, of one kind or all: how many records and people have it now, why, since when and by whom. What resolutions found out by themselves is in cdp_data.match_shared_value. Example: SELECT * FROM cdp.blocked_values();';
