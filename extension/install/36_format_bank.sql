-- Transactions of bank cards.

-- The instant of a transaction and the wall clock where it happened. A zone that is none counts as the default.
CREATE FUNCTION cdp._local_time(day text, clock text, zone text, default_zone text, date_order text, OUT at timestamptz, OUT local timestamp)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    digits text;
    stamp text := btrim(day);
BEGIN
    -- 93005 and 930 are 09:30:05 and 09:30: spreadsheets take the zero off.
    IF clock ~ '^[0-9]{3,6}$' THEN
        digits := lpad(clock, CASE WHEN length(clock) < 5 THEN 4 ELSE 6 END, '0');
        stamp := stamp || ' ' || substr(digits, 1, 2) || ':' || substr(digits, 3, 2) || coalesce(':' || nullif(substr(digits, 5, 2), ''), '');
    ELSIF clock IS NOT NULL THEN
        stamp := stamp || ' ' || btrim(clock);
    END IF;
    -- The zone of the connection was checked.
    IF coalesce(zone, '') IN ('', default_zone) THEN
        at := cdp.normalize_timestamp(stamp, default_zone, date_order);
        local := at AT TIME ZONE default_zone;
        RETURN;
    END IF;
    BEGIN
        at := cdp.normalize_timestamp(stamp, zone, date_order);
        local := at AT TIME ZONE zone;
    EXCEPTION WHEN invalid_parameter_value THEN
        at := cdp.normalize_timestamp(stamp, default_zone, date_order);
        local := at AT TIME ZONE default_zone;
    END;
END
$$;
COMMENT ON FUNCTION cdp._local_time(text, text, text, text, text) IS 'Internal. The instant that a date and a clock time of a terminal mean, and its local time.';

CREATE FUNCTION cdp._card_transaction_fields() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $f$
        transaction_id ! ', id, reference, txn_id, id_transaccion, numero_operacion
        transaction_date !, date, transaction_time_local, local_time, auth_time, transaction_datetime, datetime, timestamp, fecha, fecha_transaccion, fecha_hora
        amount !, monto, importe, transaction_amount
        transaction_time, time, hora
        time_zone, timezone, terminal_time_zone, zona_horaria
        customer_id ', customer, client_id, id_cliente, cliente, rut
        card_token ', token, pan_token, card_id
        currency, transaction_currency, moneda
        direction, debit_credit, dc, indicator, debito_credito
        transaction_type, type, tipo, tipo_transaccion
        mcc ', merchant_category_code, category_code, rubro
        merchant_name, merchant, comercio, nombre_comercio, description
        merchant_id ', id_comercio
        merchant_city, city, ciudad, comuna
        merchant_country, country, pais
        latitude, lat, merchant_latitude, latitud
        longitude, lon, lng, merchant_longitude, longitud
        channel, entry_mode, pos_entry_mode, canal
        response_code ', response, codigo_respuesta, status
        original_transaction_id ', original_id, id_original
        installments, cuotas
    $f$
$$;
COMMENT ON FUNCTION cdp._card_transaction_fields() IS 'Internal. Columns of a file of card transactions.';

CREATE FUNCTION cdp._card_transaction_parts() RETURNS TABLE (suffix text, kind text, key_column text, mapping jsonb, rows_sql text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT 'people', 'people', 'person_key', '{"customer_id": "user_id", "card_token": "card_token"}'::jsonb,
        $q$
        SELECT x.person_key, min(x.customer_id) AS customer_id, min(x.card_token) AS card_token
        FROM (SELECT coalesce(r.customer_id, 'card:' || nullif(r.card_token, '')) AS person_key, r.customer_id,
                     -- With a customer's number the cards are many; without one the card is the person.
                     CASE WHEN r.customer_id IS NULL THEN r.card_token END AS card_token
              FROM {rows} AS r
              -- A number that a card can have is no token, and is not kept.
              WHERE r.customer_id IS NOT NULL OR cdp.mask_payment_cards(r.card_token) = r.card_token) AS x
        WHERE x.person_key IS NOT NULL GROUP BY x.person_key
        $q$
    UNION ALL
    SELECT 'events', 'events', 'event_key',
        '{"event_kind": "event_kind", "person_key": "person_key", "occurred_at": "occurred_at", "amount": "amount", "currency": "currency", "latitude": "latitude",
          "longitude": "longitude", "order_id": "order_id", "mcc": "mcc", "category": "category", "merchant": "merchant", "merchant_id": "merchant_id", "city": "city",
          "country": "country", "channel": "channel", "response_code": "response_code", "installments": "installments", "local_time": "local_time", "local_hour": "local_hour",
          "local_weekday": "local_weekday", "unreadable": "unreadable"}'::jsonb,
        $q$
        WITH read AS (
            SELECT r.*, t.at, t.local, v.value, v.word, v.way, v.code, v.is_declined, v.geo_latitude, v.geo_longitude
            FROM {rows} AS r CROSS JOIN LATERAL cdp._local_time(r.transaction_date, r.transaction_time, r.time_zone, {zone}, {date_order}) AS t
            -- OFFSET 0: computed once, not at each mention.
            CROSS JOIN LATERAL (
                SELECT cdp.read_number(r.amount, {decimal_mark}) AS value, lower(coalesce(r.transaction_type, '')) AS word,
                       lower(coalesce(r.direction, '')) AS way, CASE WHEN r.mcc ~ '^[0-9]{1,4}$' THEN r.mcc::int END AS code,
                       r.response_code <> '00' AND lower(r.response_code) !~ '^(0{1,3}|08|10|11|16|85|ok|approved|aprobad[oa]|accepted|aceptad[oa]|completed|settled|posted|y|yes|true|1)$' AS is_declined,
                       cdp.read_number(r.latitude, {decimal_mark}) AS geo_latitude, cdp.read_number(r.longitude, {decimal_mark}) AS geo_longitude
                OFFSET 0) AS v),
        named AS (
            SELECT d.*, CASE
                WHEN d.word IN ('', 'purchase', 'compra', 'sale', 'venta') AND d.way IN ('', 'd', 'debit') AND d.is_declined IS NOT TRUE AND d.code NOT IN (6010, 6011)
                     AND (d.word <> '' OR d.way <> '') THEN 'card_payment' -- most are
                WHEN d.is_declined THEN 'card_declined'
                WHEN d.word ~ 'revers|anula|void' THEN 'card_reversal'
                WHEN d.word ~ 'refund|return|devol|reembol|credit voucher|abono' THEN 'card_refund'
                WHEN d.word ~ 'chargeback|contracargo' THEN 'card_chargeback'
                WHEN d.word ~ 'withdraw|cash|atm|retiro|giro' OR d.code IN (6010, 6011) THEN 'cash_withdrawal'
                WHEN d.word ~ 'fee|commission|interest|comisi|inter[eé]s' THEN 'card_fee'
                WHEN d.way ~ '^(c|cr|credit|cr[eé]dito|abono|haber|\+)$' THEN 'card_refund'
                WHEN d.way = '' AND d.word = '' AND sign(d.value) = -({debit_sign}) THEN 'card_refund'
                ELSE 'card_payment' END AS event_kind
            FROM read d),
        -- One word for each code: that of the narrowest span that holds it.
        code AS MATERIALIZED (
            SELECT DISTINCT ON (g.code) g.code, c.category FROM cdp_data.merchant_category c CROSS JOIN LATERAL generate_series(c.first_code, c.last_code) AS g(code)
            ORDER BY g.code, c.last_code - c.first_code)
        SELECT n.transaction_id AS event_key, n.event_kind,
               coalesce(n.customer_id, CASE WHEN {has_own_people} AND cdp.mask_payment_cards(n.card_token) = n.card_token THEN 'card:' || n.card_token END) AS person_key,
               n.at AS occurred_at, coalesce(abs(n.value)::text, n.amount) AS amount, coalesce(n.currency, {currency}) AS currency,
               CASE WHEN abs(n.geo_latitude) <= 90 AND abs(n.geo_longitude) <= 180 AND (n.geo_latitude <> 0 OR n.geo_longitude <> 0) THEN n.geo_latitude::float8 END AS latitude,
               CASE WHEN abs(n.geo_latitude) <= 90 AND abs(n.geo_longitude) <= 180 AND (n.geo_latitude <> 0 OR n.geo_longitude <> 0) THEN n.geo_longitude::float8 END AS longitude,
               -- What is given back belongs to the transaction that it names.
               CASE WHEN n.event_kind IN ('card_refund', 'card_reversal', 'card_chargeback') THEN coalesce(n.original_transaction_id, n.transaction_id) ELSE n.transaction_id END AS order_id,
               lpad(n.code::text, 4, '0') AS mcc, c.category, cdp.mask_payment_cards(n.merchant_name) AS merchant, n.merchant_id, n.merchant_city AS city, n.merchant_country AS country, n.channel,
               n.response_code, cdp.normalize_number(n.installments) AS installments, to_char(n.local, 'YYYY-MM-DD HH24:MI') AS local_time,
               date_part('hour', n.local)::int AS local_hour, (ARRAY['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])[date_part('isodow', n.local)::int] AS local_weekday,
               CASE WHEN n.transaction_id IS NULL OR n.at IS NULL
                    THEN cdp.mask_payment_cards(concat_ws(' ', n.transaction_id, n.transaction_date, n.transaction_time, n.amount, n.merchant_name)) END AS unreadable
        FROM named n LEFT JOIN code c ON c.code = n.code
        $q$
$$;
COMMENT ON FUNCTION cdp._card_transaction_parts() IS 'Internal. How files of card transactions are read.';
