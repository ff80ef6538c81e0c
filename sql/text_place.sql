-- Addresses, organisations, countries, currencies and money from SQL. The rules are tested in test/unit/text.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS cdp;
SET client_encoding = 'UTF8';

-- Addresses in reading form, their keys and their parts.
SELECT v.input, cdp.normalize_address(v.input, v.country) AS address, cdp.address_key(v.input, v.country) AS key
FROM (VALUES
    (1, 'AVDA PROVIDENCIA N° 1234 DPTO 56', NULL), (2, 'Av. Providencia 1234, Depto. 56', 'CL'),
    (3, '123 North Main Street, Apt. 4-B', 'US'), (4, '123 N Main St #4B', 'United States'), (5, 'Hauptstr. 5', 'DE'),
    (6, 'HAUPTSTRASSE 5', NULL), (7, '12 bis, rue de la Paix', 'FR'), (8, 'R. Augusta, 1500 - ap 12', 'BR'),
    (9, 'n/a', NULL), (10, '12345', NULL), (11, NULL, NULL)) AS v(n, input, country)
ORDER BY v.n;
SELECT s.* FROM (VALUES (1, 'Av. Providencia 1234, Depto. 56, Santiago', 'CL'),
    (2, '123 Main St Apt 4B, Springfield, IL 62701', 'US'), (3, 'Hauptstr. 12-14, 10115 Berlin', 'DE'),
    (4, 'C/ Mayor 5, 3º B, 28013 Madrid', NULL), (5, 'Casilla 123, Santiago', NULL), (6, '', NULL), (7, NULL, NULL))
    AS v(n, input, country), cdp.split_address(v.input, v.country) AS s ORDER BY v.n;
SELECT c.* FROM (VALUES (1, 'CALLE MAYOR 5'), (2, 'ana@example.com'), (3, repeat('calle ', 100)), (4, ''), (5, NULL))
    AS v(n, input), cdp.clean_address(v.input) AS c ORDER BY v.n;

-- Without the other extension the hook is split_address; a name for the parser says so.
SELECT * FROM cdp.parse_address_with_standardizer('123 Main St Apt 4B, Springfield, IL 62701', 'US');
SELECT * FROM cdp.parse_address_with_standardizer('Av. Providencia 1234', 'CL');
SELECT * FROM cdp.parse_address_with_standardizer(NULL);
-- With it, where its package is installed; the output is the same everywhere.
DO $$
DECLARE
    parsed record;
BEGIN
    IF (SELECT count(*) FROM pg_available_extensions
        WHERE name IN ('address_standardizer', 'address_standardizer_data_us')) < 2 THEN
        RETURN;
    END IF;
    CREATE SCHEMA "Other_Place";
    CREATE EXTENSION address_standardizer SCHEMA "Other_Place";
    CREATE EXTENSION address_standardizer_data_us SCHEMA "Other_Place";
    SELECT * INTO parsed FROM cdp.parse_address_with_standardizer('123 Main St Apt 4B, Boston, MA 02139', 'US');
    IF (parsed.parser, parsed.house_number, parsed.postal_code, parsed.street_type, parsed.street)
        IS DISTINCT FROM ('address_standardizer', '123', '02139', 'STREET', 'MAIN STREET') THEN
        RAISE WARNING 'the standardizer gives %', parsed;
    END IF;
    SELECT * INTO parsed FROM cdp.parse_address_with_standardizer('Av. Providencia 1234', 'CL');
    IF parsed.parser <> 'split_address' THEN RAISE WARNING 'Chile was given to %', parsed.parser; END IF;
    SELECT * INTO parsed FROM cdp.parse_address_with_standardizer(NULL, 'US');
    IF parsed.parser <> 'split_address' THEN RAISE WARNING 'NULL was given to %', parsed.parser; END IF;
END $$;
DROP SCHEMA IF EXISTS "Other_Place" CASCADE;

-- Organisations.
SELECT v.input, cdp.normalize_organization(v.input) AS name, cdp.organization_key(v.input) AS key, cdp.legal_form(v.input) AS form
FROM (VALUES (1, 'ACME CHILE SOCIEDAD ANONIMA'), (2, 'Acme Chile, S.A.'), (3, 'The Smith & Sons Company'),
    (4, 'SMITH AND SONS, INC.'), (5, 'Müller GmbH & Co KG'), (6, 'IBM'), (7, '-'), (8, NULL)) AS v(n, input)
ORDER BY v.n;
SELECT * FROM cdp.clean_organization('ACME LTDA');

-- Countries and currencies.
SELECT input, cdp.normalize_country(input) AS code, cdp.country_name(input, 'de') AS name
FROM unnest(ARRAY['152', 'CHL', 'Allemagne', 'England', 'EE.UU.', 'Korea', 'Atlantis']) WITH ORDINALITY AS v(input, n) ORDER BY n;
SELECT cdp.country_name('CL'), cdp.country_name('DE', 'es'), cdp.country_name('ZZ') AS unknown, cdp.country_name(NULL) AS none;
SELECT input, c.* FROM unnest(ARRAY['US$', '€', 'pesos chilenos', 'clp', 'R$', '$', 'gold', NULL]) WITH ORDINALITY AS v(input, n),
    cdp.clean_currency(v.input) AS c ORDER BY n;
SELECT cdp.normalize_currency('$', country => 'Chile') AS chile, cdp.normalize_currency('kr', 'SE') AS sweden,
    cdp.normalize_currency('$') AS anywhere;

-- Money.
SELECT v.input, v.country, c.* FROM (VALUES (1, '$1.234,50', NULL), (2, 'USD 1,234.50', NULL), (3, '1 234,50 €', NULL),
    (4, 'R$ 10', NULL), (5, '(12.00)', 'US'), (6, '12.-', 'CH'), (7, '1.234', 'CL'), (8, 'CLP$12.990', NULL), (9, '12k', 'US'),
    (10, 'US$ 1.234', NULL), (11, '12%', NULL), (12, NULL, NULL)) AS v(n, input, country),
    cdp.clean_money(v.input, v.country) AS c ORDER BY v.n;
SELECT cdp.normalize_money('$12.990', 'CL') AS chile, cdp.normalize_money('1.234', default_currency => 'CLP') AS no_decimals,
    cdp.normalize_money('-5,50 €') AS negative, cdp.normalize_money('free') AS none;

-- Through the one entrance.
SELECT v.kind, c.* FROM (VALUES (1, 'address', 'CALLE MAYOR 5'), (2, 'organization', 'acme ltda'), (3, 'currency', '$'),
    (4, 'money', '$12.990')) AS v(n, kind, input), cdp.clean_value(v.kind, v.input, country => 'CL') AS c ORDER BY v.n;

-- Postal codes of more countries.
SELECT cdp.normalize_postal_code('ec1a1bb', 'GB') AS gb, cdp.normalize_postal_code('M1 1CE', 'GB') AS no_such_letter,
    cdp.normalize_postal_code('d02x285', 'IE') AS ie, cdp.normalize_postal_code('c1425cla', 'AR') AS ar,
    cdp.normalize_postal_code('1012 SS', 'NL') AS nl, cdp.normalize_postal_code('D-10115', 'DE') AS de;

\set VERBOSITY terse
SELECT cdp.country_name('CL', 'it');

-- Promised to the planner: usable in indexes and in parallel.
SELECT count(*) AS functions, bool_and(provolatile = 'i') AS immutable, bool_and(proparallel = 's') AS parallel_safe,
    bool_and(obj_description(oid, 'pg_proc') IS NOT NULL) AS commented
FROM pg_proc
WHERE pronamespace = 'cdp'::regnamespace
    AND proname ~ '^((normalize|clean|split)_)?(address|organization|legal_form|country|currency|money)';
CREATE TABLE place_key (address text);
CREATE INDEX ON place_key (cdp.address_key(address));
