-- Contacts of Salesforce; people and events of Klaviyo.

-- Ids of 15 characters tell small letters from capital ones; the 18-character form says so in three more characters, and is what exports
-- hold elsewhere (developer.salesforce.com, "ID Field Type").
CREATE FUNCTION cdp._salesforce_id(id text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN id ~ '^[a-zA-Z0-9]{18}$' THEN left(id, 15) || upper(right(id, 3))
                WHEN id ~ '^[a-zA-Z0-9]{15}$' THEN id || (
                    SELECT string_agg(substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', 1 + b.bits, 1), '' ORDER BY b.block)
                    FROM (SELECT c.block, sum(CASE WHEN strpos('ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(id, c.block * 5 + c.n + 1, 1)) > 0 THEN 1 << c.n ELSE 0 END)::int AS bits
                          FROM (SELECT block, n FROM generate_series(0, 2) block, generate_series(0, 4) n) AS c GROUP BY c.block) AS b)
                ELSE id END
$$;
COMMENT ON FUNCTION cdp._salesforce_id(text) IS 'Internal. An id of Salesforce in its form of 18 characters.';

CREATE FUNCTION cdp._salesforce_contact_fields() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $f$
        id !, contact_id
        last_name !
        first_name
        email
        phone
        mobile_phone
        home_phone
        is_deleted
        master_record_id
        has_opted_out_of_email
        do_not_call
        is_email_bounced
        email_bounced_date
        birthdate
        title
        lead_source
        description
        account_name, company, company_c
        mailing_street
        mailing_city
        mailing_state
        mailing_postal_code
        mailing_country
        mailing_latitude
        mailing_longitude
        last_modified_date, system_modstamp
        created_date
    $f$
$$;
COMMENT ON FUNCTION cdp._salesforce_contact_fields() IS 'Internal. Columns of Salesforce''s contacts.';

CREATE FUNCTION cdp._salesforce_contact_parts() RETURNS TABLE (suffix text, kind text, key_column text, mapping jsonb, rows_sql text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT '', 'people', 'contact_id',
        '{"own_id": "salesforce_id", "master_id": "salesforce_id", "first_name": "given_name", "last_name": "family_name", "email": "email", "mobile_phone": "phone", "phone": "phone",
          "home_phone": "phone", "birthdate": "birth_date", "title": "job_title", "lead_source": "lead_source", "description": "note_about", "account_name": "company",
          "street": "street", "city": "city", "region": "region", "postal_code": "postal_code", "country": "country", "latitude": "latitude", "longitude": "longitude",
          "opted_out": "refuses_email", "do_not_call": "refuses_phone", "email_status": "email_status", "modified_at": "updated_at"}'::jsonb,
        $q$
        SELECT DISTINCT ON (cdp._salesforce_id(r.id)) cdp._salesforce_id(r.id) AS contact_id, cdp._salesforce_id(r.id) AS own_id,
               -- A contact that was merged into another says so: evidence that both are one person.
               cdp._salesforce_id(r.master_record_id) AS master_id, r.first_name, r.last_name, r.email, r.mobile_phone, r.phone, r.home_phone, r.birthdate, r.title, r.lead_source,
               r.description, r.account_name, r.mailing_street AS street, r.mailing_city AS city, r.mailing_state AS region, r.mailing_postal_code AS postal_code,
               r.mailing_country AS country,
               CASE WHEN abs(cdp.normalize_number(r.mailing_latitude)) <= 90 AND abs(cdp.normalize_number(r.mailing_longitude)) <= 180 THEN r.mailing_latitude END AS latitude,
               CASE WHEN abs(cdp.normalize_number(r.mailing_latitude)) <= 90 AND abs(cdp.normalize_number(r.mailing_longitude)) <= 180 THEN r.mailing_longitude END AS longitude,
               r.has_opted_out_of_email AS opted_out, r.do_not_call,
               CASE WHEN cdp.normalize_boolean(r.is_email_bounced) OR r.email_bounced_date IS NOT NULL THEN 'bounced' END AS email_status, r.last_modified_date AS modified_at
        FROM {rows} AS r
        -- Deleted, and not because it was merged: gone.
        WHERE NOT coalesce(cdp.normalize_boolean(r.is_deleted), false) OR r.master_record_id IS NOT NULL
        -- The table may hold several exports: the latest row of a contact.
        ORDER BY cdp._salesforce_id(r.id), cdp.normalize_timestamp(r.last_modified_date, {zone}, {date_order}) DESC NULLS LAST, md5(r::text)
        $q$
$$;
COMMENT ON FUNCTION cdp._salesforce_contact_parts() IS 'Internal. How Salesforce''s contacts are read.';

CREATE FUNCTION cdp._klaviyo_people_fields() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $f$
        id !, person_id, klaviyo_id
        email !
        first_name
        last_name
        phone_number, phone
        title
        organization
        address_1, address1
        address_2, address2
        city
        region
        zip
        country
        latitude
        longitude
        updated, last_event_date
        _fivetran_deleted
    $f$
$$;
COMMENT ON FUNCTION cdp._klaviyo_people_fields() IS 'Internal. Columns of Klaviyo''s people.';

CREATE FUNCTION cdp._klaviyo_people_parts() RETURNS TABLE (suffix text, kind text, key_column text, mapping jsonb, rows_sql text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT '', 'people', 'person_id',
        '{"klaviyo_id": "klaviyo_id", "email": "email", "first_name": "given_name", "last_name": "family_name", "phone": "phone", "title": "job_title", "organization": "company",
          "street": "street", "city": "city", "region": "region", "postal_code": "postal_code", "country": "country", "latitude": "latitude", "longitude": "longitude",
          "updated": "updated_at"}'::jsonb,
        $q$
        SELECT r.id AS person_id, r.id AS klaviyo_id, r.email, r.first_name, r.last_name, r.phone_number AS phone, r.title, r.organization,
               nullif(concat_ws(', ', r.address_1, r.address_2), '') AS street, r.city, r.region, r.zip AS postal_code, r.country,
               CASE WHEN abs(cdp.normalize_number(r.latitude)) <= 90 AND abs(cdp.normalize_number(r.longitude)) <= 180 THEN r.latitude END AS latitude,
               CASE WHEN abs(cdp.normalize_number(r.latitude)) <= 90 AND abs(cdp.normalize_number(r.longitude)) <= 180 THEN r.longitude END AS longitude, r.updated
        FROM {rows} AS r WHERE NOT coalesce(cdp.normalize_boolean(r._fivetran_deleted), false)
        $q$
$$;
COMMENT ON FUNCTION cdp._klaviyo_people_parts() IS 'Internal. How Klaviyo''s people are read.';

CREATE FUNCTION cdp._klaviyo_event_fields() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $f$
        id !, uuid, event_id
        person_id !, profile_id
        datetime !, timestamp
        type !, metric_name, event
        campaign_id
        flow_id
        value, property_value
        currency, property_currency_code
        subject, property_subject
        campaign_name, property_campaign_name
        url, property_url
        bounce_type, property_bounce_type
        product_name, property_name
        sku, property_sku
        quantity, property_quantity
        order_id, property_event_id
        rating, property_rating
        _fivetran_deleted
    $f$
$$;
COMMENT ON FUNCTION cdp._klaviyo_event_fields() IS 'Internal. Columns of Klaviyo''s events.';

CREATE FUNCTION cdp._klaviyo_event_parts() RETURNS TABLE (suffix text, kind text, key_column text, mapping jsonb, rows_sql text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT '', 'events', 'event_key',
        '{"person_id": "person_key", "occurred_at": "occurred_at", "event_kind": "event_kind", "amount": "amount", "currency": "currency", "campaign_id": "campaign_id",
          "flow_id": "flow_id", "subject": "subject", "campaign_name": "campaign_name", "url": "url", "bounce_type": "bounce_type", "product_name": "product", "sku": "sku",
          "quantity": "quantity", "order_id": "order_id", "rating": "rating"}'::jsonb,
        $q$
        SELECT r.id AS event_key, r.person_id, r.datetime AS occurred_at, cdp._event_name(r.type) AS event_kind,
               -- What a mail or a visit is "worth" is no money.
               CASE WHEN cdp._event_name(r.type) ~ '(order|purchase|refund|checkout|subscription|payment)' THEN cdp.read_number(r.value, {decimal_mark}) END AS amount,
               CASE WHEN cdp._event_name(r.type) ~ '(order|purchase|refund|checkout|subscription|payment)' THEN coalesce(r.currency, {currency}) END AS currency,
               r.campaign_id, r.flow_id, r.subject, r.campaign_name, r.url, r.bounce_type, r.product_name, r.sku, cdp.normalize_number(r.quantity) AS quantity, r.order_id,
               cdp.normalize_number(r.rating) AS rating
        FROM {rows} AS r WHERE NOT coalesce(cdp.normalize_boolean(r._fivetran_deleted), false)
        $q$
$$;
COMMENT ON FUNCTION cdp._klaviyo_event_parts() IS 'Internal. How Klaviyo''s events are read.';
