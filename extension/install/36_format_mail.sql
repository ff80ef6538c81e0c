-- What mail services post: Mailchimp about a list, SendGrid about mails.

CREATE FUNCTION cdp._mailchimp_parts() RETURNS TABLE (suffix text, kind text, key_column text, mapping jsonb, rows_sql text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    WITH shared AS (SELECT $q$
        WITH said AS (
            SELECT r.body, r.raw, r.body ->> 'type' AS type, lower(btrim(coalesce(r.body ->> 'data[new_email]', r.body ->> 'data[email]'))) AS address,
                   lower(btrim(r.body ->> 'data[old_email]')) AS old_address, cdp.normalize_timestamp(r.body ->> 'fired_at', 'UTC', 'ymd') AS fired_at,
                   coalesce('mc:' || md5(r.body::text), 'unreadable:' || md5(r.raw)) AS event_key
            FROM {rows} AS r)
        $q$ AS sql)
    SELECT 'people', 'people', 'address',
        '{"own_address": ["email", "mailing_list_address"], "old_address": "mailing_list_address", "first_name": "given_name", "last_name": "family_name", "phone": "phone",
          "agreed": "consent_email", "email_status": "email_status", "updated_at": "updated_at"}'::jsonb,
        s.sql || $q$,
        seen AS (
            SELECT t.address, t.type, t.fired_at, t.body, t.event_key FROM said t WHERE t.address <> ''
            UNION ALL SELECT t.old_address, 'moved', t.fired_at, NULL, t.event_key FROM said t WHERE t.type = 'upemail' AND t.old_address <> ''),
        latest AS (
            SELECT n.address,
                   (array_agg(n.body ->> 'data[merges][FNAME]' ORDER BY n.fired_at DESC NULLS LAST, n.event_key) FILTER (WHERE n.body ->> 'data[merges][FNAME]' <> ''))[1] AS first_name,
                   (array_agg(n.body ->> 'data[merges][LNAME]' ORDER BY n.fired_at DESC NULLS LAST, n.event_key) FILTER (WHERE n.body ->> 'data[merges][LNAME]' <> ''))[1] AS last_name,
                   (array_agg(n.body ->> 'data[merges][PHONE]' ORDER BY n.fired_at DESC NULLS LAST, n.event_key) FILTER (WHERE n.body ->> 'data[merges][PHONE]' <> ''))[1] AS phone,
                   -- Two at one instant: the refusal. A complaint is a refusal, an address that does not work is none.
                   (array_agg(n.type = 'subscribe' ORDER BY n.fired_at DESC NULLS LAST, n.type = 'subscribe')
                        FILTER (WHERE n.type IN ('subscribe', 'unsubscribe') OR n.type = 'cleaned' AND n.body ->> 'data[reason]' = 'abuse'))[1] AS agreed,
                   max(n.fired_at) FILTER (WHERE n.type IN ('subscribe', 'unsubscribe') OR n.type = 'cleaned' AND n.body ->> 'data[reason]' = 'abuse') AS decided_at,
                   (array_agg(CASE WHEN n.type = 'cleaned' THEN 'bounced' END ORDER BY n.fired_at DESC NULLS LAST, n.type)
                        FILTER (WHERE n.type = 'subscribe' OR n.type = 'cleaned' AND n.body ->> 'data[reason]' = 'hard'))[1] AS email_status,
                   max(n.fired_at) AS said_at
            FROM seen n GROUP BY n.address),
        -- An address that took the place of another has its word, over any number of changes, until it speaks for itself.
        moved AS (SELECT DISTINCT ON (t.address) t.address, t.old_address, t.fired_at FROM said t WHERE t.type = 'upemail' AND t.address <> '' AND t.old_address <> '' AND t.address <> t.old_address
                  ORDER BY t.address, t.fired_at DESC NULLS LAST, t.event_key),
        chain AS (
            WITH RECURSIVE c(address, ancestor, step) AS (
                SELECT m.address, m.old_address, 1 FROM moved m
                UNION ALL SELECT c.address, m.old_address, c.step + 1 FROM c JOIN moved m ON m.address = c.ancestor WHERE c.step < 20)
            SELECT DISTINCT ON (c.address) c.address, l.agreed FROM c JOIN latest l ON l.address = c.ancestor WHERE l.agreed IS NOT NULL ORDER BY c.address, c.step)
        SELECT l.address, l.address AS own_address, m.old_address, l.first_name, l.last_name, l.phone,
               CASE WHEN coalesce(l.agreed, c.agreed) THEN 'yes' WHEN NOT coalesce(l.agreed, c.agreed) THEN 'no' END AS agreed, l.email_status,
               coalesce(l.decided_at, m.fired_at, l.said_at) AS updated_at
        FROM latest l LEFT JOIN moved m ON m.address = l.address LEFT JOIN chain c ON c.address = l.address
        $q$
    FROM shared s
    UNION ALL
    SELECT 'events', 'events', 'event_key',
        '{"event_kind": "event_kind", "address": "person_key", "fired_at": "occurred_at", "list_id": "list_id", "campaign_id": "campaign_id", "reason": "reason", "action": "action",
          "unreadable": "unreadable"}'::jsonb,
        s.sql || $q$
        SELECT t.event_key, CASE t.type WHEN 'subscribe' THEN 'newsletter_subscribed' WHEN 'unsubscribe' THEN 'newsletter_unsubscribed' WHEN 'profile' THEN 'newsletter_profile_changed'
                                        WHEN 'upemail' THEN 'newsletter_address_changed' WHEN 'cleaned' THEN 'newsletter_address_cleaned' END AS event_kind,
               nullif(t.address, '') AS address, t.fired_at, t.body ->> 'data[list_id]' AS list_id, t.body ->> 'data[campaign_id]' AS campaign_id, t.body ->> 'data[reason]' AS reason,
               t.body ->> 'data[action]' AS action,
               CASE WHEN t.body IS NULL OR t.type IS NULL OR t.type NOT IN ('subscribe', 'unsubscribe', 'profile', 'upemail', 'cleaned') THEN coalesce(t.raw, t.body::text) END AS unreadable
        FROM said t WHERE t.type IS DISTINCT FROM 'campaign'
        $q$
    FROM shared s
$$;
COMMENT ON FUNCTION cdp._mailchimp_parts() IS 'Internal. How Mailchimp''s webhook is read.';

CREATE FUNCTION cdp._sendgrid_parts() RETURNS TABLE (suffix text, kind text, key_column text, mapping jsonb, rows_sql text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    WITH shared AS (SELECT $q$
        WITH said AS (
            SELECT e.body, r.raw, e.body ->> 'event' AS type, lower(btrim(e.body ->> 'email')) AS address,
                   CASE WHEN e.body ->> 'timestamp' ~ '^[0-9]{9,10}$' THEN to_timestamp((e.body ->> 'timestamp')::bigint) END AS sent_at,
                   coalesce('sg:' || nullif(e.body ->> 'sg_event_id', ''), 'sg:' || md5(e.body::text), 'unreadable:' || md5(r.raw)) AS event_key
            FROM {rows} AS r
            LEFT JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(r.body) WHEN 'array' THEN r.body WHEN 'object' THEN jsonb_build_array(r.body) END) AS e(body) ON true
            WHERE r.body IS DISTINCT FROM '[]')
        $q$ AS sql)
    SELECT 'people', 'people', 'address',
        '{"own_address": "email", "refuses": "refuses_email", "email_status": "email_status", "updated_at": "updated_at"}'::jsonb,
        s.sql || $q$
        SELECT t.address, t.address AS own_address,
               -- Opting in again to one group of mails is no consent.
               CASE WHEN bool_or(t.type IN ('spamreport', 'unsubscribe', 'group_unsubscribe') OR t.type = 'dropped' AND t.body ->> 'reason' ~* 'unsubscribed|spam report') THEN 'yes' END AS refuses,
               (array_agg(CASE WHEN t.type = 'bounce' THEN 'bounced' END ORDER BY t.sent_at DESC NULLS LAST, t.type)
                    FILTER (WHERE t.type = 'delivered' OR t.type = 'bounce' AND t.body ->> 'type' IS DISTINCT FROM 'blocked'))[1] AS email_status,
               coalesce(max(t.sent_at) FILTER (WHERE t.type IN ('spamreport', 'unsubscribe', 'group_unsubscribe', 'dropped')), max(t.sent_at)) AS updated_at
        FROM said t WHERE t.address <> '' GROUP BY t.address
        $q$
    FROM shared s
    UNION ALL
    SELECT 'events', 'events', 'event_key',
        '{"event_kind": "event_kind", "address": "person_key", "sent_at": "occurred_at", "category": "category", "url": "url", "reason": "reason", "status": "status",
          "bounce_type": "bounce_type", "message_id": "message_id", "campaign": "campaign", "unsubscribe_group": "unsubscribe_group", "user_agent": "user_agent",
          "unreadable": "unreadable"}'::jsonb,
        s.sql || $q$
        SELECT t.event_key,
               CASE t.type WHEN 'processed' THEN 'email_processed' WHEN 'deferred' THEN 'email_deferred' WHEN 'delivered' THEN 'email_delivered'
                    -- Mail programs that fetch every picture open nothing.
                    WHEN 'open' THEN CASE WHEN t.body ->> 'sg_machine_open' = 'true' THEN 'email_opened_by_machine' ELSE 'email_opened' END
                    WHEN 'click' THEN 'email_link_clicked' WHEN 'bounce' THEN CASE t.body ->> 'type' WHEN 'blocked' THEN 'email_blocked' ELSE 'email_bounced' END
                    WHEN 'dropped' THEN 'email_dropped' WHEN 'spamreport' THEN 'email_marked_as_spam' WHEN 'unsubscribe' THEN 'unsubscribed'
                    WHEN 'group_unsubscribe' THEN 'email_group_unsubscribed' WHEN 'group_resubscribe' THEN 'email_group_resubscribed' END AS event_kind,
               nullif(t.address, '') AS address, t.sent_at,
               CASE jsonb_typeof(t.body -> 'category') WHEN 'array' THEN (SELECT string_agg(c.value, ', ' ORDER BY c.n) FROM jsonb_array_elements_text(t.body -> 'category') WITH ORDINALITY c(value, n))
                    ELSE t.body ->> 'category' END AS category,
               t.body ->> 'url' AS url, coalesce(t.body ->> 'reason', CASE WHEN t.type = 'deferred' THEN t.body ->> 'response' END) AS reason, t.body ->> 'status' AS status,
               coalesce(t.body ->> 'bounce_classification', t.body ->> 'type') AS bounce_type, t.body ->> 'sg_message_id' AS message_id,
               coalesce(t.body ->> 'marketing_campaign_name', t.body ->> 'singlesend_id', t.body ->> 'marketing_campaign_id') AS campaign,
               t.body ->> 'asm_group_id' AS unsubscribe_group, t.body ->> 'useragent' AS user_agent,
               CASE WHEN t.body IS NULL OR t.type IS NULL OR t.type NOT IN ('processed', 'deferred', 'delivered', 'open', 'click', 'bounce', 'dropped', 'spamreport', 'unsubscribe',
                    'group_unsubscribe', 'group_resubscribe') OR t.sent_at IS NULL THEN coalesce(t.body::text, t.raw) END AS unreadable
        FROM said t
        $q$
    FROM shared s
$$;
COMMENT ON FUNCTION cdp._sendgrid_parts() IS 'Internal. How SendGrid''s webhook is read.';
