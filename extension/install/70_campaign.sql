-- The list that leaves the system.

CREATE FUNCTION cdp.audience(segment text, channel text, purpose text DEFAULT 'marketing')
RETURNS TABLE (profile_id bigint, address text, given_name text, family_name text, city text, entered_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    chosen int;
BEGIN
    PERFORM cdp._require_store();
    chosen := cdp._segment_id(segment);
    PERFORM cdp._check_channel_and_purpose(channel, purpose);
    RETURN QUERY
    SELECT m.profile_id, a.address, f.given_name, f.family_name, f.city, m.entered_at
    FROM cdp_data.segment_member m
    JOIN cdp_data.profile f USING (profile_id)
    JOIN cdp_data.reachable a ON a.profile_id = m.profile_id AND a.channel = audience.channel AND a.purpose = audience.purpose
    WHERE m.segment_id = chosen
    ORDER BY m.profile_id;
END
$$;
COMMENT ON FUNCTION cdp.audience(text, text, text) IS
'Who of a segment may be contacted by a channel (email, sms, phone, post) for a purpose, and where: one row per person. Consent is looked up live: whoever withdrew it a moment ago is not in the list. Example: SELECT * FROM cdp.audience(''weekend'', channel => ''email'');';
