-- Messages as they are, and Google Analytics as messages.

CREATE FUNCTION cdp._segment_parts() RETURNS TABLE (suffix text, kind text, key_column text, mapping jsonb, rows_sql text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    -- receivedAt is the receiver's to say; without it the skew of the sender's clock cannot be taken off.
    SELECT '', 'messages', '*', '{"message": "message"}'::jsonb,
        $q$
        SELECT m.message, r.received_at
        FROM {rows} AS r
        -- OFFSET 0: made once, not at each mention.
        CROSS JOIN LATERAL (
        SELECT CASE WHEN r.body IS NULL THEN r.raw
                    WHEN r.received_at IS NULL OR jsonb_typeof(r.body) <> 'object' OR r.body ? 'receivedAt' THEN r.body::text
                    ELSE (r.body || jsonb_build_object('receivedAt', to_char(r.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')))::text END AS message
        OFFSET 0) AS m
        $q$
$$;
COMMENT ON FUNCTION cdp._segment_parts() IS 'Internal. How messages of the Segment specification are read.';

-- Schema of the export: https://support.google.com/analytics/answer/7029846. Each row becomes a track message, so that events, devices
-- and user ids go the way of all messages.
CREATE FUNCTION cdp._ga4_parts() RETURNS TABLE (suffix text, kind text, key_column text, mapping jsonb, rows_sql text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT '', 'messages', '*', '{"message": "message"}'::jsonb,
        $q$
        WITH first_purchase AS (
            -- A purchase is when its page was loaded first; looking for the word first spares reading most rows.
            SELECT coalesce(r.body #>> '{ecommerce,transaction_id}', jsonb_path_query_first(r.body, 'strict $.event_params[*] ? (@.key == "transaction_id").value.string_value', silent => true) #>> '{}') AS transaction_id,
                   min(r.body ->> 'event_timestamp') AS event_timestamp
            FROM {rows} AS r WHERE (r.raw IS NULL OR r.raw LIKE '%purchase%') AND r.body ->> 'event_name' = 'purchase' GROUP BY 1)
        SELECT m.message
        FROM {rows} AS r
        LEFT JOIN LATERAL (
            SELECT jsonb_object_agg(e.value ->> 'key', coalesce(
                       e.value #> '{value,string_value}',
                       CASE WHEN e.value #>> '{value,int_value}' ~ '^-?[0-9]{1,18}$' THEN to_jsonb((e.value #>> '{value,int_value}')::bigint) END,
                       CASE WHEN coalesce(e.value #>> '{value,double_value}', e.value #>> '{value,float_value}') ~ '^-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][-+]?[0-9]{1,2})?$'
                            THEN to_jsonb(coalesce(e.value #>> '{value,double_value}', e.value #>> '{value,float_value}')::numeric) END)) AS params
            FROM jsonb_array_elements(CASE WHEN jsonb_typeof(r.body -> 'event_params') = 'array' THEN r.body -> 'event_params' ELSE '[]' END) e
            WHERE jsonb_typeof(e.value) = 'object' AND e.value ->> 'key' <> '') AS p ON true
        CROSS JOIN LATERAL (SELECT nullif(nullif(coalesce(r.body #>> '{ecommerce,transaction_id}', p.params ->> 'transaction_id'), ''), '(not set)') AS transaction_id) AS x
        CROSS JOIN LATERAL (
        SELECT CASE WHEN r.body IS NULL OR jsonb_typeof(r.body) <> 'object' THEN r.raw
               ELSE jsonb_strip_nulls(jsonb_build_object(
                   'type', 'track', 'event', r.body ->> 'event_name', 'userId', nullif(r.body ->> 'user_id', ''), 'anonymousId', nullif(r.body ->> 'user_pseudo_id', ''),
                   'timestamp', to_char((timestamp 'epoch' + CASE WHEN r.body ->> 'event_timestamp' ~ '^[0-9]{14,17}$' THEN (r.body ->> 'event_timestamp')::bigint END * interval '1 microsecond'),
                                        'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                   -- Rows come again for up to three days; a purchase is one per transaction, however often its page was loaded.
                   'messageId', CASE WHEN r.body ->> 'event_name' IN ('purchase', 'refund') AND x.transaction_id IS NOT NULL
                                     THEN format('ga4:%s:%s', r.body ->> 'event_name', x.transaction_id || CASE WHEN r.body ->> 'event_name' = 'refund' THEN ':' || (r.body ->> 'event_timestamp') ELSE '' END)
                                     ELSE 'ga4:' || md5(concat_ws('|', coalesce(r.body ->> 'user_pseudo_id', r.body ->> 'user_id'), r.body ->> 'event_timestamp', r.body ->> 'event_name',
                                              r.body ->> 'batch_page_id', r.body ->> 'batch_ordering_id', r.body ->> 'batch_event_index',
                                              -- Before July 2024 events of one batch share their time; their parameters tell them apart.
                                              CASE WHEN r.body ->> 'batch_event_index' IS NULL THEN concat_ws('|', r.body ->> 'event_bundle_sequence_id', r.body ->> 'event_params') END)) END,
                   'properties', coalesce(p.params, '{}') - 'transaction_id' || jsonb_strip_nulls(jsonb_build_object(
                       'order_id', x.transaction_id,
                       'revenue', CASE r.body ->> 'event_name' WHEN 'purchase' THEN r.body #> '{ecommerce,purchase_revenue}' WHEN 'refund' THEN r.body #> '{ecommerce,refund_value}' END,
                       'currency', upper(p.params ->> 'currency'),
                       'shipping', r.body #> '{ecommerce,shipping_value}', 'tax', r.body #> '{ecommerce,tax_value}',
                       'item_count', r.body #> '{ecommerce,total_item_quantity}',
                       'products', CASE WHEN jsonb_typeof(r.body -> 'items') = 'array' AND r.body -> 'items' <> '[]' THEN r.body -> 'items' END,
                       -- A session is a number of one visitor, not of the site.
                       'session_id', (r.body ->> 'user_pseudo_id') || '.' || (p.params ->> 'ga_session_id'),
                       -- Of this event; traffic_source is how the visitor first came, ever.
                       'source', r.body #>> '{collected_traffic_source,manual_source}', 'medium', r.body #>> '{collected_traffic_source,manual_medium}',
                       'campaign', r.body #>> '{collected_traffic_source,manual_campaign_name}', 'gclid', r.body #>> '{collected_traffic_source,gclid}',
                       'platform', r.body ->> 'platform', 'device_category', r.body #>> '{device,category}', 'operating_system', r.body #>> '{device,operating_system}',
                       'browser', coalesce(r.body #>> '{device,web_info,browser}', r.body #>> '{device,browser}'), 'language', r.body #>> '{device,language}',
                       'geo_country', r.body #>> '{geo,country}', 'geo_region', r.body #>> '{geo,region}', 'geo_city', r.body #>> '{geo,city}'))))::text END AS message
        OFFSET 0) AS m -- made once, not at each mention
        LEFT JOIN first_purchase f ON r.body ->> 'event_name' = 'purchase' AND f.transaction_id = x.transaction_id
        -- Visitors who did not agree to cookies are counted by Google, but are nobody.
        WHERE (r.body IS NULL OR jsonb_typeof(r.body) <> 'object' OR coalesce(nullif(r.body ->> 'user_id', ''), nullif(r.body ->> 'user_pseudo_id', '')) IS NOT NULL)
          AND (f.event_timestamp < r.body ->> 'event_timestamp') IS NOT TRUE
        $q$
$$;
COMMENT ON FUNCTION cdp._ga4_parts() IS 'Internal. How Google Analytics'' export is read.';
