-- Kinds that were seen before they had a sign, or while the trigger was gone.
UPDATE cdp_data.event_kind SET money_sign = cdp.guess_money_sign(name) WHERE money_sign IS NULL;
CREATE OR REPLACE TRIGGER set_money_sign BEFORE INSERT OR UPDATE ON cdp_data.event_kind
    FOR EACH ROW WHEN (NEW.money_sign IS NULL) EXECUTE FUNCTION cdp._set_money_sign();

-- No function of the extension here: the views stay when it goes.
CREATE OR REPLACE VIEW cdp_data.exchange_rate AS
SELECT r.currency, r.base AS to_currency, r.valid_from, r.rate, false AS is_inverse FROM cdp_data.currency_rate r
UNION ALL
SELECT r.base, r.currency, r.valid_from, 1 / r.rate, true FROM cdp_data.currency_rate r;
COMMENT ON VIEW cdp_data.exchange_rate IS 'One row per rate and direction: each of cdp_data.currency_rate as it is and turned round.';

CREATE OR REPLACE VIEW cdp_data.event_money AS
SELECT e.event_id, e.record_id, r.profile_id, k.name AS event_kind, e.source_id, e.occurred_at, coalesce(o.occurred_at, e.occurred_at) AS counted_at,
       e.properties ->> 'order_id' AS order_id, o.event_id AS order_event_id, k.money_sign, e.amount, e.currency,
       n.net_amount, b.base_currency,
       round(n.net_amount * CASE WHEN e.currency = b.base_currency THEN 1 ELSE x.rate END, 4) AS net_base_amount
FROM cdp_data.event e
JOIN cdp_data.event_kind k USING (kind_id)
JOIN cdp_data.record r USING (record_id)
CROSS JOIN (SELECT upper(s.value) AS base_currency FROM cdp_data.setting s WHERE s.name = 'currency') AS b
-- Some sources send what they give back as a negative amount, others as a positive one.
CROSS JOIN LATERAL (SELECT CASE k.money_sign WHEN 1 THEN e.amount WHEN -1 THEN -abs(e.amount) ELSE 0 END AS net_amount) AS n
LEFT JOIN LATERAL (
    -- The order that money is given back for: the same person's latest with this number, up to then.
    SELECT p.event_id, p.occurred_at
    FROM cdp_data.record pr JOIN cdp_data.event p ON p.record_id = pr.record_id JOIN cdp_data.event_kind pk ON pk.kind_id = p.kind_id
    WHERE k.money_sign = -1 AND e.properties ->> 'order_id' <> '' AND pk.money_sign = 1 AND p.properties ->> 'order_id' = e.properties ->> 'order_id'
      AND (pr.record_id = e.record_id OR pr.profile_id = r.profile_id) AND p.occurred_at <= e.occurred_at
    ORDER BY p.source_id = e.source_id DESC, p.occurred_at DESC, p.event_id DESC LIMIT 1) AS o ON true
LEFT JOIN LATERAL (
    SELECT c.rate
    FROM (-- Directly, or turned round: the more recent.
          (SELECT d.rate, 1 AS step, d.valid_from AS known_at, d.is_inverse, '' AS pivot
           FROM cdp_data.exchange_rate d
           WHERE d.currency = e.currency AND d.to_currency = b.base_currency AND d.valid_from <= e.occurred_at
           ORDER BY d.valid_from DESC, d.is_inverse LIMIT 1)
          UNION ALL
          -- Through a third currency that both have a rate with.
          SELECT f.rate * t.rate, 2, least(f.valid_from, t.valid_from), false, q.pivot
          FROM (SELECT y.to_currency AS pivot FROM cdp_data.exchange_rate y WHERE y.currency = e.currency
                INTERSECT SELECT y.currency FROM cdp_data.exchange_rate y WHERE y.to_currency = b.base_currency) AS q
          CROSS JOIN LATERAL (SELECT y.rate, y.valid_from FROM cdp_data.exchange_rate y
                              WHERE y.currency = e.currency AND y.to_currency = q.pivot AND y.valid_from <= e.occurred_at ORDER BY y.valid_from DESC, y.is_inverse LIMIT 1) AS f
          CROSS JOIN LATERAL (SELECT y.rate, y.valid_from FROM cdp_data.exchange_rate y
                              WHERE y.currency = q.pivot AND y.to_currency = b.base_currency AND y.valid_from <= e.occurred_at ORDER BY y.valid_from DESC, y.is_inverse LIMIT 1) AS t) AS c
    WHERE e.currency <> b.base_currency -- nothing is looked up for what is in the base currency
    ORDER BY c.step, c.known_at DESC, c.pivot COLLATE "C" LIMIT 1) AS x ON true
WHERE e.amount IS NOT NULL;
COMMENT ON VIEW cdp_data.event_money IS 'One row per event with an amount: what it is worth to a sum, in its currency and in the base currency (setting currency) at the rate of its day, so that sum(net_base_amount) is net of refunds, cancellations and reversals.';
COMMENT ON COLUMN cdp_data.event_money.counted_at IS 'For money given back, when the order was placed that it belongs to, where that is known; else when the event occurred. Sum over counted_at to charge a refund to the period of its order, over occurred_at for what came in and went out';
COMMENT ON COLUMN cdp_data.event_money.order_event_id IS 'For money given back: the order, found by order_id among the events of the same person';
COMMENT ON COLUMN cdp_data.event_money.net_amount IS 'The amount with its sign: as it came for money_sign 1, negative for -1, 0 for 0';
COMMENT ON COLUMN cdp_data.event_money.net_base_amount IS 'In base_currency; NULL while no rate is known (see cdp.missing_rates)';

CREATE OR REPLACE VIEW cdp_bi.fact_money AS
SELECT m.event_id AS event_key, m.profile_id AS profile_key, m.event_kind::varchar(100) AS event_kind, (m.occurred_at AT TIME ZONE z.value)::date AS occurred_date,
       (m.counted_at AT TIME ZONE z.value)::date AS counted_date, m.order_id::varchar(100) AS order_number, m.money_sign::integer AS money_sign,
       m.amount::numeric(18, 4) AS amount, m.currency::varchar(3) AS currency_code, m.net_amount::numeric(18, 4) AS net_amount,
       m.net_base_amount::numeric(20, 4) AS net_base_amount, m.base_currency::varchar(3) AS base_currency_code
FROM cdp_data.event_money m, (SELECT s.value FROM cdp_data.setting s WHERE s.name = 'time_zone') AS z;
COMMENT ON VIEW cdp_bi.fact_money IS 'One row per event with an amount, net of refunds and in the base currency. Key: event_key; counted_date charges a refund to the day of its order.';
