-- SPDX-License-Identifier: PostgreSQL
-- Identity and tax numbers, bank accounts, payment cards, product codes and license plates. The types and their
-- rules are in src/core/text/national_id_*.cpp, one row each.

CREATE FUNCTION cdp.normalize_national_id(value text, country text DEFAULT NULL) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_normalize_national_id';
COMMENT ON FUNCTION cdp.normalize_national_id(text, text) IS
'A national identity or tax number in capitals without separators: (''390.533.447-05'', ''BR'') gives ''39053344705''; RUT, NIT, Paraguay''s RUC and the EIN keep the hyphen: (''30.686.957-4'', ''CL'') ''30686957-4''. The country (ISO code or name) says whose types are tried: AR, BE, BR, CA, CH, CL, CN, CO, DE, DK, DO, EC, ES, FR, GB, GT, IN, IT, MX, NL, NO, PE, PL, PT, PY, TR, US, UY, VE, ZA. Without it only unmistakable forms are read (CURP, NIE, ''30.686.957-4'', ''CPF 390…''). Check digits must be right. NULL when missing or invalid; cdp.clean_national_id says which.';

CREATE FUNCTION cdp.clean_national_id(input text, country text DEFAULT NULL,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_clean_national_id';
COMMENT ON FUNCTION cdp.clean_national_id(text, text) IS
'cdp.normalize_national_id with its verdict, one row also for NULL. Made-up numbers (11.111.111-1, 12345678-5) are missing; a wrong check digit is invalid, with a suggestion where one swap of neighbours or one letter for a digit explains it; a RUT, NIT or DNI without its check character is invalid, with the whole as the suggestion; an RFC whose homoclave is not as computed, and any code of a country without rules here, are suspicious. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';

CREATE FUNCTION cdp.national_id_type(value text, country text DEFAULT NULL) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_national_id_type';
COMMENT ON FUNCTION cdp.national_id_type(text, text) IS
'Country and name of the type a number is of: (''X2482300W'', ''ES'') gives ''ES NIE'', (''111.444.777-35'') ''BR CPF''. NULL when cdp.normalize_national_id reads none.';

CREATE FUNCTION cdp.decode_national_id(value text, country text DEFAULT NULL,
    OUT type text, OUT country text, OUT kind text, OUT birth_date date, OUT gender text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_decode_national_id';
COMMENT ON FUNCTION cdp.decode_national_id(text, text) IS
'What a number says by itself, one row, also for NULL: its type (''MX CURP''), country (ISO alpha-2), kind (person or organisation), birth_date and gender (female, male). NULL where the type does not carry it; all NULL when cdp.normalize_national_id reads none. Two-digit years of RFC, codice fiscale and South Africa''s ID: 00 to 29 are 2000 to 2029, the others 1930 to 1999.';

CREATE FUNCTION cdp.normalize_iban(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_normalize_iban';
COMMENT ON FUNCTION cdp.normalize_iban(text) IS
'An international bank account number in capitals without separators: ''gb29 nwbk 6016 1331 9268 19'' gives ''GB29NWBK60161331926819''. Length and form of its country, check digits. NULL when missing or invalid; cdp.clean_iban says which.';

CREATE FUNCTION cdp.clean_iban(input text,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_clean_iban';
COMMENT ON FUNCTION cdp.clean_iban(text) IS
'cdp.normalize_iban with its verdict, one row also for NULL. A swap of neighbours or a letter for a digit that explains wrong check digits is the suggestion. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';

CREATE FUNCTION cdp.clean_payment_card(input text, OUT value text, OUT status text, OUT reason text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_clean_payment_card';
COMMENT ON FUNCTION cdp.clean_payment_card(text) IS
'Whether a payment card''s number is right, one row also for NULL. The number itself is never returned: value is masked, ''4111 1111 1111 1111'' gives ''************1111''. A number of no known network is suspicious. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';

CREATE FUNCTION cdp.mask_payment_cards(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_mask_payment_cards';
COMMENT ON FUNCTION cdp.mask_payment_cards(text) IS
'A text of any length with its payment card numbers masked: ''paid with 4111-1111-1111-1111'' gives ''paid with ************1111''. A card number is 13 to 19 digits, single spaces or hyphens between them, with a right check digit, in the range and of the length of a card network. About one in ten other digit runs that begin and are as long as a card''s is masked too.';

CREATE FUNCTION cdp.normalize_product_code(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_normalize_product_code';
COMMENT ON FUNCTION cdp.normalize_product_code(text) IS
'The 13 digits of an article''s EAN (GTIN-13), from EAN-13, EAN-8, UPC-A, ISBN-13 or ISBN-10: ''036000291452'' gives ''0036000291452''. NULL when missing or invalid; cdp.clean_product_code says which.';

CREATE FUNCTION cdp.clean_product_code(input text,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_clean_product_code';
COMMENT ON FUNCTION cdp.clean_product_code(text) IS
'cdp.normalize_product_code with its verdict, one row also for NULL. In-store numbers are suspicious; the code of a case (GTIN-14) is invalid, with that of the article as the suggestion. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';

CREATE FUNCTION cdp.normalize_license_plate(value text, country text DEFAULT NULL) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_normalize_license_plate';
COMMENT ON FUNCTION cdp.normalize_license_plate(text, text) IS
'A vehicle''s registration plate in capitals without separators: (''bb-cl 12'', ''CL'') gives ''BBCL12''. With one of AR, BR, CL, CO, DE, ES, FR, GB, IT, MX, PE, PT, UY as the country (ISO code or name) it must be in a form of that country, else it is two to nine letters and digits. NULL when missing or invalid; cdp.clean_license_plate says which.';

CREATE FUNCTION cdp.clean_license_plate(input text, country text DEFAULT NULL,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_clean_license_plate';
COMMENT ON FUNCTION cdp.clean_license_plate(text, text) IS
'cdp.normalize_license_plate with its verdict, one row also for NULL. A letter for a digit or the reverse (O and 0, I and 1, S and 5, B and 8) is invalid, with the likely plate as the suggestion; ABC123 and the like are suspicious. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';
