-- Money: in one currency, and net of what was given back.

CREATE FUNCTION cdp.guess_money_sign(event_kind text) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (CASE
        WHEN event_kind ~ '(^|_)(refund(s|ed)?|chargebacks?|charge_back|revers(al|als|ed)|reembols(o|ada|ado)|devoluci(on|ones)|contracargo|revers(o|ada|ado)|estorno|rueckerstattung|erstattung|gutschrift|storno|remboursement|rimborso)(_|$)' THEN -1
        WHEN event_kind ~ '(^|_)(order|purchase|sale|payment|booking|reservation|pedido|compra|venta|pago|reserva)s?_(cancel(l)?(ed|ation)|returned|voided|anulad[ao]|cancelad[ao]|devuelt[ao])(_|$)' THEN -1
        WHEN event_kind ~ '(^|_)(cancel(l)?ed|returned|voided)_(order|purchase|sale|payment|booking|reservation)s?(_|$)' THEN -1
        -- The value of what is looked at, put into a cart or tried is not money that came in.
        WHEN event_kind ~ '(^|_)(view|views|viewed|view_item|impression|click|clicked|search|searched|wishlist|cart|checkout|quote|quoted|estimate|declined|denied|rejected|failed|abandoned|authorized|authorised|withdrawal|withdrawals|transfer|deposit|balance|fee)(_|$)' THEN 0
        WHEN event_kind ~ '^(product|promotion|coupon|add|remove|begin|select|generate|item)_' OR event_kind IN ('order_updated', 'page_viewed', 'screen_viewed', 'item_purchased') THEN 0
        ELSE 1 END)::smallint
$$;
COMMENT ON FUNCTION cdp.guess_money_sign(text) IS
'What the amounts of a kind of event are to a sum, judged by its name: 1 revenue (also where nothing is known), -1 money given back (refund, order_cancelled, reversal, chargeback), 0 none (add_to_cart, payment_declined). This is how cdp_data.event_kind.money_sign is set when a kind is first seen; change it there. Example: SELECT cdp.guess_money_sign(''order_refunded'');';

CREATE FUNCTION cdp._set_money_sign() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.money_sign := cdp.guess_money_sign(NEW.name);
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION cdp._set_money_sign() IS 'Internal. Trigger: a kind of event without a sign gets the one of its name.';

-- Independent of cdp_data.event_money, which may not use functions of the extension; a test compares the two.
CREATE FUNCTION cdp.exchange_rate(currency text, to_currency text, at timestamptz DEFAULT now()) RETURNS numeric
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    from_code CONSTANT text := upper(btrim(currency));
    to_code CONSTANT text := upper(btrim(to_currency));
    wrong CONSTANT text := CASE WHEN from_code !~ '^[A-Z]{3}$' THEN currency WHEN to_code !~ '^[A-Z]{3}$' THEN to_currency END;
    result numeric;
BEGIN
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%L is no currency', wrong),
            DETAIL = 'A currency is its ISO 4217 code of three letters.', HINT = 'For example: SELECT cdp.exchange_rate(''EUR'', ''USD'');';
    END IF;
    IF from_code = to_code THEN RETURN 1; END IF;
    SELECT r.rate INTO result FROM cdp_data.exchange_rate r
    WHERE r.currency = from_code AND r.to_currency = to_code AND r.valid_from <= at
    ORDER BY r.valid_from DESC, r.is_inverse LIMIT 1;
    IF result IS NULL THEN
        -- Through a third currency: the one whose older rate is the most recent.
        WITH leg AS (
            SELECT DISTINCT ON (r.currency, r.to_currency) r.currency, r.to_currency, r.rate, r.valid_from
            FROM cdp_data.exchange_rate r
            WHERE r.valid_from <= at AND (r.currency = from_code OR r.to_currency = to_code)
            ORDER BY r.currency, r.to_currency, r.valid_from DESC, r.is_inverse)
        SELECT f.rate * t.rate INTO result
        FROM leg f JOIN leg t ON t.currency = f.to_currency AND t.to_currency = to_code
        WHERE f.currency = from_code
        ORDER BY least(f.valid_from, t.valid_from) DESC, f.to_currency COLLATE "C" LIMIT 1;
    END IF;
    RETURN result;
END
$$;
COMMENT ON FUNCTION cdp.exchange_rate(text, text, timestamptz) IS
'How many units of to_currency one unit of currency was worth at an instant: the latest rate of cdp_data.currency_rate up to then, directly or turned round (the more recent of the two), else through a third currency that both have a rate with. NULL when none is known. Errors: 22023 for what is no currency code. Example: SELECT cdp.exchange_rate(''EUR'', ''USD'');';

CREATE FUNCTION cdp.convert_money(amount numeric, currency text, to_currency text DEFAULT NULL, at timestamptz DEFAULT now()) RETURNS numeric
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM cdp._require_store();
    RETURN amount * cdp.exchange_rate(currency, coalesce(to_currency, cdp._setting('currency')), at);
END
$$;
COMMENT ON FUNCTION cdp.convert_money(numeric, text, text, timestamptz) IS
'An amount in another currency, at the rate of an instant, not rounded; to_currency: the base currency (setting currency) when not given. NULL when an argument is, or when no rate is known (cdp.missing_rates() lists these). Example: SELECT round(cdp.convert_money(100, ''EUR'', ''USD'', at => ''2026-01-31''), 2);';

CREATE FUNCTION cdp.missing_rates() RETURNS TABLE (currency text, events bigint, first_event_at timestamptz, last_event_at timestamptz, latest_rate_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM cdp._require_store();
    RETURN QUERY
    SELECT m.currency, count(*), min(m.occurred_at), max(m.occurred_at),
           (SELECT max(x.valid_from) FROM cdp_data.exchange_rate x WHERE x.currency = m.currency)
    FROM cdp_data.event_money m
    WHERE m.net_base_amount IS NULL
    GROUP BY m.currency ORDER BY m.currency COLLATE "C";
END
$$;
COMMENT ON FUNCTION cdp.missing_rates() IS
'One row per currency with events whose amount cannot be expressed in the base currency: how many, from when to when, and the latest rate known for the currency at all (later than the events, or against a currency that leads nowhere). No row: nothing is missing. Load rates with INSERT INTO cdp_data.currency_rate.';

CREATE FUNCTION cdp.merchant_category(code text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.category FROM cdp_data.merchant_category c
    WHERE btrim(code) ~ '^[0-9]{1,4}$' AND CASE WHEN btrim(code) ~ '^[0-9]{1,4}$' THEN btrim(code)::int END BETWEEN c.first_code AND c.last_code
    ORDER BY c.last_code - c.first_code LIMIT 1
$$;
COMMENT ON FUNCTION cdp.merchant_category(text) IS
'The category of a merchant category code (ISO 18245, four digits; leading zeros may be missing), such as restaurant for 5812, by cdp_data.merchant_category. NULL for what is no code or in no span. Example: SELECT cdp.merchant_category(''5812'');';
