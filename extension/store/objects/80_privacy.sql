CREATE OR REPLACE VIEW cdp_data.reachable AS
WITH latest AS (
    -- The latest decision of each address or record; of two at one instant, the refusal.
    SELECT DISTINCT ON (c.anchor_kind, c.anchor_value, c.channel, c.purpose)
           c.anchor_kind, c.anchor_value, c.channel, c.purpose, c.is_granted, c.decided_at
    FROM cdp_data.consent c
    WHERE c.decided_at <= clock_timestamp() -- not now(): that is the past in a long transaction, and a withdrawal counts at once
      -- What a source has deleted no longer grants anything; what it refused stays refused.
      AND NOT (c.is_granted AND EXISTS (SELECT FROM cdp_data.record d WHERE d.record_id = c.record_id AND d.deleted_at IS NOT NULL))
    ORDER BY c.anchor_kind, c.anchor_value, c.channel, c.purpose, c.decided_at DESC, c.is_granted, c.consent_id DESC),
held AS (
    -- Whose they are now.
    SELECT r.profile_id, l.* FROM latest l JOIN cdp_data.record r ON l.anchor_kind = 'email' AND r.email = l.anchor_value
    UNION SELECT r.profile_id, l.* FROM latest l JOIN cdp_data.record r ON l.anchor_kind = 'phone' AND r.phone = l.anchor_value
    UNION SELECT r.profile_id, l.* FROM latest l JOIN cdp_data.record r ON l.anchor_kind = 'record' AND r.record_id::text = l.anchor_value),
agreed AS (
    -- One refusal among the addresses of a person stops the channel.
    SELECT h.profile_id, h.channel, h.purpose,
           (array_agg(h.anchor_value ORDER BY h.decided_at DESC, h.anchor_value) FILTER (WHERE h.anchor_kind <> 'record')) AS addresses
    FROM held h WHERE h.profile_id IS NOT NULL
    GROUP BY h.profile_id, h.channel, h.purpose HAVING bool_and(h.is_granted))
SELECT a.profile_id, a.channel, a.purpose, a.address
FROM (SELECT g.profile_id, g.channel, g.purpose,
             CASE g.channel
                 WHEN 'email' THEN CASE WHEN f.email = ANY (g.addresses) THEN f.email ELSE coalesce(g.addresses[1], f.email) END
                 WHEN 'post' THEN nullif(concat_ws(', ', f.street, f.postal_code, f.city, f.country), '')
                 ELSE CASE WHEN f.phone = ANY (g.addresses) THEN f.phone ELSE coalesce(g.addresses[1], f.phone) END
             END AS address
      FROM agreed g JOIN cdp_data.profile f USING (profile_id)
      WHERE f.status = 'active') AS a
WHERE a.address IS NOT NULL;
COMMENT ON VIEW cdp_data.reachable IS 'One row per person, channel and purpose that the person may be contacted by now, and the address; computed from cdp_data.consent each time. Latest decision per address, and all addresses of the person must agree.';
