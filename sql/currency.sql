-- Money: rates directly, turned round and through a third currency; amounts net of what was given back.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';

-- Signs by name.
SELECT cdp.guess_money_sign(n) AS sign, string_agg(n, ' ' ORDER BY n COLLATE "C") AS kinds
FROM unnest(ARRAY['purchase', 'order_completed', 'card_payment', 'donation', 'subscription_started', 'refund', 'order_refunded', 'order_cancelled', 'order_canceled', 'cancelled_order',
    'card_reversal', 'chargeback', 'devolucion', 'pedido_cancelado', 'payment_refunded', 'add_to_cart', 'product_viewed', 'checkout_started', 'payment_declined', 'cash_withdrawal', 'item_purchased',
    'order_updated', 'page_viewed', 'appointment_cancelled', 'refundable_ticket_bought', 'reviewed', 'returning_customer']) n GROUP BY 1 ORDER BY 1 DESC;

INSERT INTO cdp_data.currency_rate VALUES
    ('EUR', 'USD', '2026-01-01', 1.10), ('EUR', 'USD', '2026-02-01', 1.20), ('EUR', 'CLP', '2026-01-01', 1000), ('USD', 'PEN', '2026-01-15', 4), ('PEN', 'USD', '2026-01-20', 0.2),
    ('JPY', 'KRW', '2026-01-01', 9);
SELECT cdp.convert_money(100, 'EUR', 'USD', '2026-01-31') AS direct, cdp.convert_money(100, 'EUR', 'USD', '2026-02-01') AS later, round(cdp.convert_money(110, 'USD', 'EUR', '2026-01-31'), 6) AS turned_round,
       round(cdp.convert_money(1000, 'CLP', 'USD', '2026-01-31'), 6) AS through_euro, cdp.convert_money(1, 'USD', 'USD', '1999-01-01') AS same,
       cdp.convert_money(8, 'PEN', 'USD', '2026-01-16') AS only_inverse, cdp.convert_money(8, 'PEN', 'USD', '2026-01-20') AS newer_direct,
       cdp.convert_money(100, 'EUR', at => '2026-01-31') AS to_base, cdp.convert_money(100, 'eur ', 'usd', '2026-01-31') AS lower_case;
-- Before the first rate, without any, with a currency that leads nowhere.
SELECT cdp.convert_money(100, 'EUR', 'USD', '2025-12-31') AS too_early, cdp.convert_money(100, 'GBP', 'USD') AS no_rate, cdp.convert_money(100, 'JPY', 'USD') AS nowhere, cdp.convert_money(NULL, 'EUR') AS no_amount, cdp.convert_money(1, NULL) AS no_currency;
SELECT cdp.convert_money(1, 'euros');
SELECT cdp.exchange_rate('EUR', 'dollar');
INSERT INTO cdp_data.currency_rate VALUES ('EUR', 'EUR', '2026-01-01', 1);
INSERT INTO cdp_data.currency_rate VALUES ('EUR', 'GBP', '2026-01-01', 0);
INSERT INTO cdp_data.currency_rate VALUES ('eur', 'GBP', '2026-01-01', 1);

-- Sales in three currencies, given back in whole and in part, cancelled after their month.
SELECT * FROM cdp.ingest_messages('[
 {"type": "track", "userId": "u1", "messageId": "1", "event": "Order Completed", "timestamp": "2026-01-10T10:00:00Z", "properties": {"order_id": "A", "revenue": 100, "currency": "EUR"}},
 {"type": "track", "userId": "u1", "messageId": "2", "event": "Order Refunded", "timestamp": "2026-02-10T10:00:00Z", "properties": {"order_id": "A", "total": 30, "currency": "EUR"}},
 {"type": "track", "userId": "u1", "messageId": "3", "event": "Order Refunded", "timestamp": "2026-02-11T10:00:00Z", "properties": {"order_id": "A", "total": -20, "currency": "EUR"}},
 {"type": "track", "userId": "u2", "messageId": "4", "event": "Order Completed", "timestamp": "2026-01-20T10:00:00Z", "properties": {"order_id": "B", "revenue": 50, "currency": "USD"}},
 {"type": "track", "userId": "u2", "messageId": "5", "event": "Order Cancelled", "timestamp": "2026-03-01T10:00:00Z", "properties": {"order_id": "B", "revenue": 50, "currency": "USD"}},
 {"type": "track", "userId": "u2", "messageId": "6", "event": "Order Cancelled", "timestamp": "2026-03-01T10:00:00Z", "properties": {"order_id": "unknown", "revenue": 5, "currency": "USD"}},
 {"type": "track", "userId": "u3", "messageId": "7", "event": "Order Refunded", "timestamp": "2026-03-01T10:00:00Z", "properties": {"order_id": "A", "revenue": 5, "currency": "USD"}},
 {"type": "track", "userId": "u3", "messageId": "8", "event": "Product Added", "timestamp": "2026-03-01T10:00:00Z", "properties": {"value": 99, "currency": "USD"}},
 {"type": "track", "userId": "u3", "messageId": "9", "event": "Order Completed", "timestamp": "2026-01-10T10:00:00Z", "properties": {"order_id": "C", "revenue": 10000, "currency": "CLP"}},
 {"type": "track", "userId": "u3", "messageId": "10", "event": "Order Completed", "timestamp": "2026-01-10T10:00:00Z", "properties": {"order_id": "D", "revenue": 7, "currency": "GBP"}}]');
SELECT rows_new FROM cdp.ingest('messages');
SELECT name, money_sign FROM cdp_data.event_kind ORDER BY 1;
SELECT event_kind, order_id, occurred_at::date AS occurred, counted_at::date AS counted, amount, currency, net_amount, net_base_amount, base_currency FROM cdp_data.event_money ORDER BY occurred_at, event_id;
-- What came in by month, and what the orders of a month are worth in the end.
SELECT date_trunc('month', occurred_at)::date AS month, sum(net_base_amount) FROM cdp_data.event_money GROUP BY 1 ORDER BY 1;
SELECT date_trunc('month', counted_at)::date AS month, sum(net_base_amount) FROM cdp_data.event_money GROUP BY 1 ORDER BY 1;
SELECT * FROM cdp.missing_rates();
INSERT INTO cdp_data.currency_rate VALUES ('GBP', 'EUR', '2026-01-01', 1.15);
SELECT * FROM cdp.missing_rates();
SELECT event_kind, occurred_date, counted_date, order_number, net_amount, net_base_amount, base_currency_code FROM cdp_bi.fact_money WHERE order_number = 'B' ORDER BY occurred_date;
-- A sign of one's own, another base.
UPDATE cdp_data.event_kind SET money_sign = 0 WHERE name = 'order_cancelled';
SELECT sum(net_base_amount) FROM cdp_data.event_money WHERE event_kind = 'order_cancelled';
UPDATE cdp_data.event_kind SET money_sign = NULL WHERE name = 'order_cancelled';
SELECT money_sign FROM cdp_data.event_kind WHERE name = 'order_cancelled';
UPDATE cdp_data.setting SET value = 'EUR' WHERE name = 'currency';
SELECT order_id, net_base_amount, base_currency FROM cdp_data.event_money WHERE order_id IN ('A', 'C') ORDER BY event_id;

-- Property: over random rates, the view and the function agree, and with a search by hand; there and back is the same.
UPDATE cdp_data.setting SET value = 'USD' WHERE name = 'currency';
DELETE FROM cdp_data.currency_rate;
INSERT INTO cdp_data.currency_rate
SELECT DISTINCT ON (1, 2, 3) c, b, t, r FROM (
    SELECT (ARRAY['USD', 'EUR', 'GBP', 'CLP', 'PEN', 'JPY'])[1 + get_byte(h, 0) % 6] AS c, (ARRAY['USD', 'EUR', 'GBP', 'CLP', 'PEN', 'JPY'])[1 + get_byte(h, 1) % 6] AS b,
           timestamptz '2026-01-01' + get_byte(h, 2) % 60 * interval '1 day' AS t, (1 + get_byte(h, 3))::numeric / (1 + get_byte(h, 4)) AS r
    FROM (SELECT decode(md5('rate' || n), 'hex') AS h FROM generate_series(1, 60) n) AS x) AS y WHERE c <> b ORDER BY 1, 2, 3, 4;
CREATE FUNCTION pg_temp.by_hand(c text, t text, a timestamptz) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
    r record; best numeric; best_at timestamptz := '-infinity'; m text; f numeric; g numeric; fa timestamptz; ga timestamptz;
BEGIN
    IF c = t THEN RETURN 1; END IF;
    FOR r IN SELECT * FROM cdp_data.currency_rate x WHERE x.valid_from <= a AND ((x.currency = c AND x.base = t) OR (x.currency = t AND x.base = c)) LOOP
        -- At one instant the direct one.
        IF r.valid_from > best_at OR r.valid_from = best_at AND r.currency = c THEN best_at := r.valid_from; best := CASE WHEN r.currency = c THEN r.rate ELSE 1 / r.rate END; END IF;
    END LOOP;
    IF best IS NOT NULL THEN RETURN best; END IF;
    FOREACH m IN ARRAY ARRAY['CLP', 'EUR', 'GBP', 'JPY', 'PEN', 'USD'] LOOP
        CONTINUE WHEN m IN (c, t);
        f := NULL; g := NULL; fa := '-infinity'; ga := '-infinity';
        FOR r IN SELECT * FROM cdp_data.currency_rate x WHERE x.valid_from <= a LOOP
            IF (r.currency, r.base) IN ((c, m), (m, c)) AND (r.valid_from > fa OR r.valid_from = fa AND r.currency = c) THEN fa := r.valid_from; f := CASE WHEN r.currency = c THEN r.rate ELSE 1 / r.rate END; END IF;
            IF (r.currency, r.base) IN ((m, t), (t, m)) AND (r.valid_from > ga OR r.valid_from = ga AND r.currency = m) THEN ga := r.valid_from; g := CASE WHEN r.currency = m THEN r.rate ELSE 1 / r.rate END; END IF;
        END LOOP;
        IF f IS NOT NULL AND g IS NOT NULL AND least(fa, ga) > best_at THEN best := f * g; best_at := least(fa, ga); END IF;
    END LOOP;
    RETURN best;
END $$;
SELECT count(*) AS tried, count(x.f) AS known, count(*) FILTER (WHERE x.f IS DISTINCT FROM x.h) AS wrong, count(*) FILTER (WHERE abs(x.f * x.back - 1) > 1e-9) AS not_back
FROM (SELECT cdp.exchange_rate(c, t, a) AS f, pg_temp.by_hand(c, t, a) AS h, cdp.exchange_rate(t, c, a) AS back
      FROM unnest(ARRAY['USD', 'EUR', 'GBP', 'CLP', 'PEN', 'JPY']) c, unnest(ARRAY['USD', 'EUR', 'GBP', 'CLP', 'PEN', 'JPY']) t, generate_series(timestamptz '2025-12-31', '2026-03-05', '3 days') a) AS x;
SELECT count(*) AS kept FROM cdp.ingest_messages((SELECT jsonb_agg(jsonb_build_object('type', 'track', 'userId', 'p' || n, 'messageId', 'p' || n, 'event', 'Order Completed', 'timestamp', timestamptz '2026-01-01' + n * interval '5 hours',
    'properties', jsonb_build_object('revenue', n, 'currency', (ARRAY['USD', 'EUR', 'GBP', 'CLP', 'PEN', 'JPY'])[1 + n % 6]))) FROM generate_series(1, 300) n), source => 'random');
SELECT rows_new FROM cdp.ingest('random');
SELECT count(*) AS tried, count(m.net_base_amount) AS known, count(*) FILTER (WHERE m.net_base_amount IS DISTINCT FROM round(cdp.convert_money(m.net_amount, m.currency, 'USD', m.occurred_at), 4)) AS wrong
FROM cdp_data.event_money m JOIN cdp_data.source s USING (source_id) WHERE s.name = 'random';
