-- SPDX-License-Identifier: PostgreSQL
-- Postal addresses, organisations, countries, currencies and money. The rules are in the comments here and, in full,
-- in src/core/text/*.hpp.

CREATE FUNCTION cdp.normalize_address(value text, country text DEFAULT NULL) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_normalize_address';
COMMENT ON FUNCTION cdp.normalize_address(text, text) IS
'An address in one tidy line: ''AVDA PROVIDENCIA N° 1234 DPTO 56'' gives ''Av. Providencia 1234, Depto. 56'', ''123 N. Main St. #4b'' ''123 N Main Street, #4B'', ''Hauptstr. 5'' ''Hauptstraße 5''. English, Spanish, Portuguese, German, French; country (ISO code or name) settles words that mean several things. NULL when missing or invalid; cdp.clean_address says which.';

CREATE FUNCTION cdp.clean_address(input text, country text DEFAULT NULL,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_clean_address';
COMMENT ON FUNCTION cdp.clean_address(text, text) IS
'cdp.normalize_address with its verdict, one row also for NULL. Repaired capitals are corrected; an e-mail address is suspicious; over 500 bytes or without letters is invalid. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok. Example: SELECT * FROM cdp.clean_address(''C/ MAYOR, 5, 3º B'', ''ES'').';

CREATE FUNCTION cdp.address_key(value text, country text DEFAULT NULL) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_address_key';
COMMENT ON FUNCTION cdp.address_key(text, text) IS
'What the spellings of one address share, for comparing: street, house number, unit, box, the rest and postal code, folded, abbreviations of five languages unified: ''123 North Main Street, Apt. 4-B'' and ''123 N Main St #4B'' give ''n main st 123 apt 4b''. NULL when there is no address.';

CREATE FUNCTION cdp.split_address(value text, country text DEFAULT NULL,
    OUT street text, OUT street_type text, OUT house_number text, OUT unit text, OUT po_box text, OUT postal_code text,
    OUT rest text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 150 AS 'MODULE_PATHNAME', 'cdp_split_address';
COMMENT ON FUNCTION cdp.split_address(text, text) IS
'The parts of an address as cdp.normalize_address writes them, NULL where there is none. street includes its type, street_type repeats it; rest is the city and what else there is: ''Av. Providencia 1234, Depto. 56, Santiago'' gives ''Av. Providencia'', ''Av.'', ''1234'', ''Depto. 56'', NULL, NULL, ''Santiago''. Together the parts hold every letter and digit of the line. Rules and word lists, no gazetteer.';

CREATE FUNCTION cdp.parse_address_with_standardizer(value text, country text DEFAULT NULL,
    OUT street text, OUT street_type text, OUT house_number text, OUT unit text, OUT po_box text, OUT postal_code text,
    OUT rest text, OUT parser text)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    code constant text := coalesce(cdp.normalize_country(country), 'US');
    home name;
    data name;
    found record;
BEGIN
    SELECT n.nspname INTO home
    FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
    WHERE e.extname = 'address_standardizer';
    SELECT n.nspname INTO data
    FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
    WHERE e.extname = 'address_standardizer_data_us';
    -- It takes the names of its tables as text, and only of letters, digits and '_'.
    IF home IS NOT NULL AND data ~ '^[A-Za-z0-9_]+$' AND code IN ('US', 'CA', 'PR') 
        AND cdp.normalize_address(value, country) IS NOT NULL THEN
        EXECUTE format('SELECT * FROM %I.standardize_address(%L, %L, %L, $1)', home,
            format('%I.us_lex', data), format('%I.us_gaz', data), format('%I.us_rules', data))
        INTO found USING value;
        IF found.name IS NOT NULL OR found.box IS NOT NULL THEN
            street := nullif(concat_ws(' ', found.predir, found.qual, found.pretype, found.name, found.suftype, found.sufdir), '');
            street_type := coalesce(found.suftype, found.pretype);
            house_number := found.house_num;
            unit := found.unit;
            po_box := found.box;
            postal_code := found.postcode;
            rest := nullif(concat_ws(', ', found.building, found.city, found.state, found.country), '');
            parser := 'address_standardizer';
            RETURN;
        END IF;
    END IF;
    SELECT s.street, s.street_type, s.house_number, s.unit, s.po_box, s.postal_code, s.rest
    INTO street, street_type, house_number, unit, po_box, postal_code, rest
    FROM cdp.split_address(value, country) AS s;
    parser := 'split_address';
END $$;
COMMENT ON FUNCTION cdp.parse_address_with_standardizer(text, text) IS
'As cdp.split_address, but by PostGIS''s address_standardizer where that extension and address_standardizer_data_us are created in this database, the country is US, CA, PR or not given, and it finds a street or a box; parser says which of the two it was. Its parts are in capitals and in its own abbreviations, so do not mix the two in one column. Some 1 ms an address. Example: SELECT * FROM cdp.parse_address_with_standardizer(''123 Main St, Boston, MA 02139'', ''US'').';

CREATE FUNCTION cdp.normalize_organization(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_normalize_organization';
COMMENT ON FUNCTION cdp.normalize_organization(text) IS
'The name of a company or other organisation: ''ACME CHILE SOCIEDAD ANONIMA'' gives ''Acme Chile S.A.'', ''Acme, inc'' ''Acme Inc.''. Acronyms (IBM, CMPC) and mixed case are kept. NULL when missing or invalid; cdp.clean_organization says which.';

CREATE FUNCTION cdp.clean_organization(input text,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_clean_organization';
COMMENT ON FUNCTION cdp.clean_organization(text) IS
'cdp.normalize_organization with its verdict, one row also for NULL. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok. Example: SELECT * FROM cdp.clean_organization(''ACME LTDA'').';

CREATE FUNCTION cdp.organization_key(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_organization_key';
COMMENT ON FUNCTION cdp.organization_key(text) IS
'What the spellings of one organisation''s name share, for comparing: folded, without legal form, article in front, "and" and punctuation: ''The Smith & Sons Company'' and ''SMITH AND SONS, INC.'' give ''smith sons''. NULL when there is no name.';

CREATE FUNCTION cdp.legal_form(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_legal_form';
COMMENT ON FUNCTION cdp.legal_form(text) IS
'The legal form at the end of an organisation''s name in its usual spelling: ''Acme sociedad anonima'' gives ''S.A.'', ''Acme gmbh & co kg'' ''GmbH & Co. KG''. NULL when there is none.';

CREATE FUNCTION cdp.country_name(code text, language text DEFAULT 'en') RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_country_name';
COMMENT ON FUNCTION cdp.country_name(text, text) IS
'The name of a country (ISO code, or a name as cdp.normalize_country reads it) in en, es, pt, fr or de: (''DE'', ''es'') gives ''Alemania''. NULL when the country is unknown. Errors: 22023 for another language.';

CREATE FUNCTION cdp.normalize_currency(value text, country text DEFAULT NULL) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_normalize_currency';
COMMENT ON FUNCTION cdp.normalize_currency(text, text) IS
'ISO 4217 code of a currency, from its code, number, sign or name in en, es, pt, fr or de: ''US$'', ''€'', ''pesos chilenos'', ''152''. ''$'', ''pesos'', ''kr'' need the country. NULL when missing or invalid; cdp.clean_currency says which.';

CREATE FUNCTION cdp.clean_currency(input text, country text DEFAULT NULL,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_clean_currency';
COMMENT ON FUNCTION cdp.clean_currency(text, text) IS
'cdp.normalize_currency with its verdict, one row also for NULL. A sign of several currencies is invalid without a country that settles it. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok. Example: SELECT * FROM cdp.clean_currency(''$'', ''CL'').';

CREATE FUNCTION cdp.normalize_money(value text, country text DEFAULT NULL, default_currency text DEFAULT NULL) RETURNS numeric
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_normalize_money';
COMMENT ON FUNCTION cdp.normalize_money(text, text, text) IS
'The amount that cdp.clean_money reads, in units of the currency (not cents): (''$12.990'', ''CL'') gives 12990, ''USD 1,234.50'' 1234.50. NULL when missing or invalid; cdp.clean_money says which.';

CREATE FUNCTION cdp.clean_money(input text, country text DEFAULT NULL, default_currency text DEFAULT NULL,
    OUT amount numeric, OUT currency text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_clean_money';
COMMENT ON FUNCTION cdp.clean_money(text, text, text) IS
'An amount of money, in units of the currency, and its ISO 4217 code, one row also for NULL: ''$1.234,50'', ''USD 1,234.50'', ''R$ 10'', ''(12.00)'', ''12.-'', ''CLP$12.990''. A sign of several currencies, or none, is read as default_currency, else as the currency of country; currency is NULL when neither settles it. ''1.234'' is 1234 where the currency has no decimals or the country writes a decimal comma; elsewhere suspicious, with the other reading as the suggestion. ''12k'' is 12000, suspicious. status: ok, corrected, suspicious, invalid or missing; amount is NULL for the last two, reason NULL for ok.';
