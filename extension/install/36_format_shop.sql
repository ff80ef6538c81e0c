-- Shopify: exports of orders and customers, and the traps in them.

CREATE FUNCTION cdp._shopify_order_fields() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $f$
        name !, order_name
        email
        created_at !
        total !, total_price
        currency
        financial_status
        fulfillment_status
        fulfilled_at
        paid_at
        cancelled_at
        accepts_marketing, buyer_accepts_marketing
        subtotal, subtotal_price
        shipping
        taxes, total_tax
        discount_code
        discount_amount, total_discounts
        shipping_method
        payment_method
        refunded_amount
        lineitem_quantity
        lineitem_name
        lineitem_price
        lineitem_sku '
        lineitem_discount
        vendor
        billing_name
        billing_street
        billing_address1
        billing_company
        billing_city
        billing_zip '
        billing_province
        billing_country
        billing_phone '
        shipping_name
        shipping_city
        shipping_zip '
        shipping_country
        shipping_latitude, shipping_address_latitude
        shipping_longitude, shipping_address_longitude
        phone '
        id '
        tags
        source, source_name
        location
        risk_level
        notes
    $f$
$$;
COMMENT ON FUNCTION cdp._shopify_order_fields() IS 'Internal. Columns of Shopify''s export of orders.';

CREATE FUNCTION cdp._shopify_order_parts() RETURNS TABLE (suffix text, kind text, key_column text, mapping jsonb, rows_sql text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    WITH shared AS (SELECT $q$
        WITH line AS (
            SELECT r.*, r.created_at IS NOT NULL AS is_first,
                   coalesce(lower(r.email), 'phone:' || nullif(regexp_replace(coalesce(r.phone, r.billing_phone), '[^0-9]', '', 'g'), ''), 'order:' || r.name) AS own_person
            FROM {rows} AS r),
        -- An order that is in several exports counts once, in its latest state: cancelled, refunded, fulfilled, paid.
        placed AS (
            SELECT DISTINCT ON (l.name) l.*, cdp.read_number(l.total, {decimal_mark}) AS total_amount,
                   coalesce(cdp.read_number(l.refunded_amount, {decimal_mark}), 0) AS refund_amount,
                   count(*) OVER (PARTITION BY l.name) AS copies, l.name AS order_key
            FROM line l WHERE l.is_first AND l.name IS NOT NULL
            ORDER BY l.name, l.cancelled_at IS NOT NULL DESC, coalesce(cdp.read_number(l.refunded_amount, {decimal_mark}), 0) DESC,
                     l.fulfilled_at IS NOT NULL DESC, l.paid_at IS NOT NULL DESC, md5(l::text))
        $q$ AS sql)
    SELECT 'people', 'people', 'person_key',
        '{"email": "email", "phone": "phone", "full_name": "full_name", "street": "street", "city": "city", "postal_code": "postal_code", "region": "region",
          "country": "country", "company": "company", "accepts_marketing": "consent_email", "created_at": "updated_at"}'::jsonb,
        s.sql || $q$
        SELECT DISTINCT ON (p.own_person) p.own_person AS person_key, p.email, coalesce(p.phone, p.billing_phone) AS phone, p.billing_name AS full_name,
               coalesce(p.billing_street, p.billing_address1) AS street, p.billing_city AS city, p.billing_zip AS postal_code, p.billing_province AS region,
               p.billing_country AS country, p.billing_company AS company,
               -- A no of an order says that nobody ticked the box then, not that the person refused; only yes is a decision.
               CASE WHEN cdp.normalize_boolean(p.accepts_marketing) THEN 'yes' END AS accepts_marketing, p.created_at
        FROM placed p
        ORDER BY p.own_person, cdp.normalize_timestamp(p.created_at, {zone}, {date_order}) DESC NULLS LAST, p.name
        $q$
    FROM shared s
    UNION ALL
    SELECT 'events', 'events', 'event_key',
        '{"event_kind": "event_kind", "person_key": "person_key", "occurred_at": "occurred_at", "amount": "amount", "currency": "currency", "order_id": "order_id",
          "financial_status": "financial_status", "fulfillment_status": "fulfillment_status", "discount_code": "discount_code", "discount_amount": "discount_amount",
          "shipping_amount": "shipping_amount", "tax_amount": "tax_amount", "shipping_method": "shipping_method", "payment_method": "payment_method",
          "sales_channel": "sales_channel", "store": "store", "tags": "tags", "item_count": "item_count", "sku": "sku", "product": "product", "quantity": "quantity",
          "price": "price", "vendor": "vendor", "shipping_city": "shipping_city", "shipping_country": "shipping_country", "order_total": "order_total",
          "dated_by": "dated_by", "unreadable": "unreadable"}'::jsonb,
        s.sql || $q$,
        item AS (
            -- Lines that are in several exports count once; two equal lines of one order stay two.
            SELECT l.name, l.lineitem_sku, l.lineitem_name, l.lineitem_price, l.lineitem_quantity, l.lineitem_discount, l.vendor, ceil(count(*)::numeric / p.copies) AS times
            FROM line l JOIN placed p USING (name) WHERE l.lineitem_name IS NOT NULL OR l.lineitem_sku IS NOT NULL
            GROUP BY l.name, l.lineitem_sku, l.lineitem_name, l.lineitem_price, l.lineitem_quantity, l.lineitem_discount, l.vendor, p.copies),
        counted AS (
            SELECT i.name, sum(i.times * coalesce(cdp.read_number(i.lineitem_quantity, {decimal_mark}), 1)) AS item_count FROM item i GROUP BY i.name)
        SELECT 'order:' || p.order_key AS event_key, 'purchase' AS event_kind, p.own_person AS person_key, p.created_at AS occurred_at, coalesce(p.total_amount::text, p.total) AS amount,
               coalesce(p.currency, {currency}) AS currency, p.name AS order_id, p.financial_status, p.fulfillment_status, p.discount_code,
               cdp.read_number(p.discount_amount, {decimal_mark}) AS discount_amount, cdp.read_number(p.shipping, {decimal_mark}) AS shipping_amount,
               cdp.read_number(p.taxes, {decimal_mark}) AS tax_amount, p.shipping_method, p.payment_method, p.source AS sales_channel, p.location AS store, p.tags,
               c.item_count, NULL::text AS sku, NULL::text AS product, NULL::numeric AS quantity, NULL::numeric AS price, NULL::text AS vendor,
               p.shipping_city, p.shipping_country, NULL::numeric AS order_total, NULL::text AS dated_by, NULL::text AS unreadable
        FROM placed p LEFT JOIN counted c USING (name)
        UNION ALL
        -- All that was given back so far: a further refund raises this one event.
        SELECT 'refund:' || p.order_key, 'refund', p.own_person, coalesce(p.cancelled_at, p.created_at), p.refund_amount::text, coalesce(p.currency, {currency}), p.name,
               p.financial_status, NULL, NULL, NULL, NULL, NULL, NULL, p.payment_method, p.source, p.location, NULL,
               NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, p.total_amount,
               CASE WHEN p.cancelled_at IS NULL THEN 'order' ELSE 'cancellation' END, NULL
        FROM placed p WHERE p.refund_amount > 0
        UNION ALL
        -- What will not be paid: the order without what was refunded already, so that the order comes to nothing.
        SELECT 'cancel:' || p.order_key, 'order_cancelled', p.own_person, p.cancelled_at, greatest(p.total_amount - p.refund_amount, 0)::text, coalesce(p.currency, {currency}), p.name,
               p.financial_status, NULL, NULL, NULL, NULL, NULL, NULL, p.payment_method, p.source, p.location, NULL,
               NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, p.total_amount, NULL, NULL
        FROM placed p WHERE p.cancelled_at IS NOT NULL
        UNION ALL
        -- The lines, without an amount of their own: that of the order would count twice.
        SELECT format('item:%s:%s', p.order_key, md5(ROW(i.lineitem_sku, i.lineitem_name, i.lineitem_price, i.lineitem_quantity, i.lineitem_discount)::text)), 'item_purchased',
               p.own_person, p.created_at, NULL, NULL, p.name, NULL, NULL, NULL, cdp.read_number(i.lineitem_discount, {decimal_mark}), NULL, NULL, NULL, NULL,
               p.source, p.location, NULL, NULL, i.lineitem_sku, i.lineitem_name, i.times * coalesce(cdp.read_number(i.lineitem_quantity, {decimal_mark}), 1),
               cdp.read_number(i.lineitem_price, {decimal_mark}), coalesce(i.vendor, p.vendor), NULL, NULL, NULL, NULL, NULL
        FROM item i JOIN placed p USING (name)
        UNION ALL
        -- Lines of no order: refused, and seen in cdp_data.reject.
        SELECT 'line:' || md5(l::text), 'item_purchased', NULL, NULL, NULL, NULL, l.name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               l.lineitem_sku, l.lineitem_name, NULL, NULL, l.vendor, NULL, NULL, NULL, NULL, l::text
        FROM line l WHERE l.name IS NULL OR NOT EXISTS (SELECT FROM placed p WHERE p.name = l.name)
        $q$
    FROM shared s
$$;
COMMENT ON FUNCTION cdp._shopify_order_parts() IS 'Internal. How Shopify''s orders are read.';

CREATE FUNCTION cdp._shopify_customer_fields() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $f$
        email !
        customer_id ', id
        first_name
        last_name
        accepts_email_marketing, accepts_marketing, email_marketing
        accepts_sms_marketing
        company, default_address_company
        address1, default_address_address1
        address2, default_address_address2
        city, default_address_city
        province, default_address_province_code, province_code
        country, default_address_country_code, country_code
        zip ', default_address_zip
        phone ', default_address_phone
        default_address_phone '
        total_spent
        total_orders, orders_count
        note
        tags
        updated_at
    $f$
$$;
COMMENT ON FUNCTION cdp._shopify_customer_fields() IS 'Internal. Columns of Shopify''s export of customers, of both generations.';

CREATE FUNCTION cdp._shopify_customer_parts() RETURNS TABLE (suffix text, kind text, key_column text, mapping jsonb, rows_sql text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT '', 'people', 'person_key',
        '{"customer_id": "shopify_id", "email": "email", "first_name": "given_name", "last_name": "family_name", "phone": "phone", "street": "street", "city": "city",
          "region": "region", "country": "country", "postal_code": "postal_code", "company": "company", "accepts_email": "consent_email", "accepts_sms": "consent_sms",
          "total_spent": "total_spent", "total_orders": "order_count", "tags": "customer_tags", "note": "note_about", "updated_at": "updated_at"}'::jsonb,
        $q$
        SELECT coalesce(r.customer_id, lower(r.email), 'phone:' || regexp_replace(r.phone, '[^0-9]', '', 'g')) AS person_key, r.customer_id, r.email, r.first_name, r.last_name,
               coalesce(r.phone, r.default_address_phone) AS phone, nullif(concat_ws(', ', r.address1, r.address2), '') AS street, r.city, r.province AS region, r.country, r.zip AS postal_code, r.company,
               r.accepts_email_marketing AS accepts_email, r.accepts_sms_marketing AS accepts_sms,
               cdp.read_number(r.total_spent, {decimal_mark}) AS total_spent, r.total_orders, r.tags, r.note, r.updated_at
        FROM {rows} AS r
        $q$
$$;
COMMENT ON FUNCTION cdp._shopify_customer_parts() IS 'Internal. How Shopify''s customers are read.';
