-- Identity numbers, bank and product codes, license plates from SQL. The rules are tested in test/unit/text.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS cdp;
SET client_encoding = 'UTF8';

-- One canonical value per kind.
SELECT cdp.normalize_national_id('30.686.957-4', 'CL') AS rut, cdp.normalize_national_id('390.533.447-05', country => 'Brasil') AS cpf,
    cdp.normalize_national_id('12.abc.345/01de-35', 'BRA') AS cnpj, cdp.normalize_national_id('x-2482300-w') AS nie,
    cdp.normalize_national_id('306869574') AS no_country;
SELECT cdp.normalize_iban('gb29 nwbk 6016 1331 9268 19') AS iban, cdp.normalize_product_code('0-306-40615-2') AS isbn,
    cdp.normalize_product_code('36000291452') AS upc, cdp.normalize_license_plate('bb-cl·12', 'CL') AS plate,
    cdp.normalize_license_plate('WÜ-AB 45', country => 'Alemania') AS umlaut;

-- The verdicts.
SELECT v.country, v.input, c.* FROM (VALUES (1, 'CL', '30.686.957-4'), (2, 'CL', '30.686.597-4'), (3, 'CL', '30.686.957'),
    (4, 'CL', '11.111.111-1'), (5, 'BR', '8.78E+12'), (6, 'BR', '191'), (7, 'MX', 'GODE561231GR9'), (8, 'MX', 'GODE561331GR8'),
    (9, 'US', '078-05-1120'), (10, 'US', '666-12-3456'), (11, 'US', '01234568'), (12, 'ES', 'NIF: A13585625'),
    (13, 'JP', 'ab 1234567'), (14, NULL, '390.533.447-05'), (15, NULL, '39053344705'), (16, 'CL', '12-03-1985'),
    (17, 'CL', NULL), (18, 'CL', 'n/a')) AS v(n, country, input),
    cdp.clean_national_id(v.input, v.country) AS c ORDER BY v.n;
SELECT v.input, c.* FROM (VALUES (1, '4111 1111 1111 1111'), (2, '************1111'), (3, '4111 1111 1111 1112'), (4, '4111'),
    (5, '9000000000000001'), (6, NULL)) AS v(n, input), cdp.clean_payment_card(v.input) AS c ORDER BY v.n;
SELECT v.kind, c.* FROM (VALUES
    (1, 'national_id', '76O86428-5'), (2, 'iban', 'GB29 NWBK 6016 1331 9286 19'), (3, 'payment_card', '4111111111111111'),
    (4, 'product_code', '14006381333938'), (5, 'license_plate', 'BCDF1O')) AS v(n, kind, input),
    cdp.clean_value(v.kind, v.input, country => 'CL') AS c
ORDER BY v.n;

-- What the numbers say.
SELECT v.input, cdp.national_id_type(v.input, v.country), d.* FROM (VALUES
    (1, 'MX', 'BOXW310820HNERXN09'), (2, 'MX', 'GODE561231GR8'), (3, 'IT', 'CNTCHR83T41D969D'), (4, 'PL', '44051401359'),
    (5, 'BE', '85.07.30-033.28'), (6, 'FR', '2 95 10 99 126 111 93'), (7, 'CL', '76086428-5'), (8, 'AR', '20-26756539-3'),
    (9, 'PL', '8567346215'), (10, 'CL', '76086428-6'), (11, NULL, NULL)) AS v(n, country, input),
    cdp.decode_national_id(v.input, v.country) AS d ORDER BY v.n;

-- Card numbers leave no text.
SELECT cdp.mask_payment_cards('paid with 4111-1111-1111-1111, then 378282246310005') AS masked,
    cdp.mask_payment_cards('order 8780000000001 of 1619877600128, ñandú') AS unchanged, cdp.mask_payment_cards('') AS empty,
    cdp.mask_payment_cards(NULL) AS none;
SELECT cdp.mask_payment_cards('{"card": "5555 5555 5555 4444", "amount": 12.5}')::jsonb AS json;
SELECT length(t) AS length, t LIKE '%4111%' AS left_over
FROM cdp.mask_payment_cards(repeat('4111111111111111, ', 100000)) AS t;

-- Every clean_x(v).value is normalize_x(v).
SELECT v.input FROM unnest(ARRAY['30.686.957-4', 'GB29NWBK60161331926819', '4006381333931', 'BBCL12', '12', 'x', '']) AS v(input)
WHERE (cdp.clean_national_id(input)).value IS DISTINCT FROM cdp.normalize_national_id(input)
    OR (cdp.clean_national_id(input, 'CL')).value IS DISTINCT FROM cdp.normalize_national_id(input, 'CL')
    OR (cdp.clean_iban(input)).value IS DISTINCT FROM cdp.normalize_iban(input)
    OR (cdp.clean_product_code(input)).value IS DISTINCT FROM cdp.normalize_product_code(input)
    OR (cdp.clean_license_plate(input, 'CL')).value IS DISTINCT FROM cdp.normalize_license_plate(input, 'CL');

-- Long values.
SELECT (cdp.clean_national_id(repeat('1', 100000), 'CL')).reason AS national_id, (cdp.clean_iban(repeat('A', 200))).reason AS iban,
    (cdp.clean_payment_card(repeat('4', 200))).reason AS card, (cdp.clean_product_code(repeat('4', 200))).reason AS product,
    (cdp.clean_license_plate(repeat('4', 200))).reason AS plate;

-- Promised to the planner: usable in indexes and in parallel.
SELECT count(*) AS functions, bool_and(provolatile = 'i') AS immutable, bool_and(proparallel = 's') AS parallel_safe,
    bool_and(obj_description(oid, 'pg_proc') IS NOT NULL) AS commented
FROM pg_proc
WHERE pronamespace = 'cdp'::regnamespace
    AND proname ~ '(national_id|iban|payment_card|product_code|license_plate)';
