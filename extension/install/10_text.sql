-- SPDX-License-Identifier: PostgreSQL
-- Cleaning of values. cdp.normalize_… returns the canonical value, NULL when there is none; its twin cdp.clean_… says
-- in one row what was found. The rules are in the comments here and, in full, in src/core/text/*.hpp.

CREATE FUNCTION cdp.fold(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_fold';
COMMENT ON FUNCTION cdp.fold(text) IS
'The comparison key of a text: lower case, without accents, in Latin letters, white space collapsed, punctuation kept. ''Ñuñoa'' gives ''nunoa'', ''Straße'' ''strasse'', ''Москва'' ''moskva''. Reads the first 10000 bytes.';

CREATE FUNCTION cdp.normalize_text(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_normalize_text';
COMMENT ON FUNCTION cdp.normalize_text(text) IS
'Tidy text: repaired (cdp.repair_text), valid characters in NFC, no control or invisible characters, single spaces. Cut to 10000 bytes. NULL when missing or invalid; cdp.clean_text says which.';

CREATE FUNCTION cdp.normalize_name(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_normalize_name';
COMMENT ON FUNCTION cdp.normalize_name(text) IS
'A person''s given, family or full name: ''MARÍA DEL CARMEN'' gives ''María del Carmen'', ''o''brien'' ''O''Brien'', ''Mr. john smith'' ''John Smith'', ''Smith, Jr.'' ''Smith Jr''. Mixed case is kept, titles and degrees are dropped. NULL when missing or invalid; cdp.clean_name says which.';

CREATE FUNCTION cdp.normalize_email(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_normalize_email';
COMMENT ON FUNCTION cdp.normalize_email(text) IS
'An e-mail address in lower case, its domain in ASCII: ''Ana <ANA@Müller.example>'' gives ''ana@xn--mller-kva.example''. Misspelt domains are kept. NULL when missing or invalid; cdp.clean_email says which.';

CREATE FUNCTION cdp.normalize_phone(value text, country text DEFAULT NULL) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_normalize_phone';
COMMENT ON FUNCTION cdp.normalize_phone(text, text) IS
'A telephone number in E.164: (''(212) 555-0123'', ''US'') gives ''+12125550123''. The country (ISO code or name) is where a number without an international prefix is dialled; without it only international forms are read. NULL when missing or invalid; cdp.clean_phone says which.';

CREATE FUNCTION cdp.normalize_date(value text, date_order text DEFAULT 'dmy') RETURNS date
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_normalize_date';
COMMENT ON FUNCTION cdp.normalize_date(text, text) IS
'A day. date_order (dmy, mdy, ymd) settles 03/04/2021; a day possible only in the other order is read so. Month names in English, Spanish, Portuguese, French, German, Italian and Dutch, yyyymmdd. Years 00 to 29 are 2000 to 2029, 30 to 99 are 1930 to 1999. Default dates (1900-01-01, 1970-01-01, …) are missing. Errors: 22023 for an unknown date_order. NULL when missing or invalid; cdp.clean_date says which.';

CREATE FUNCTION cdp.normalize_timestamp(value text, time_zone text DEFAULT 'UTC', date_order text DEFAULT 'dmy') RETURNS timestamptz
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_normalize_timestamp';
COMMENT ON FUNCTION cdp.normalize_timestamp(text, text, text) IS
'A point in time: ISO 8601, ''2021-05-01 10:00:00 -0400'', a day alone (midnight), day/month/year, seconds (10 digits) or milliseconds (13) since 1970. Without an offset it is local time in time_zone. date_order (dmy, mdy, ymd) settles 03/04/2021. Errors: 22023 for an unknown time zone or date_order. NULL when missing or invalid; cdp.clean_timestamp says which.';

CREATE FUNCTION cdp.normalize_boolean(value text) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_normalize_boolean';
COMMENT ON FUNCTION cdp.normalize_boolean(text) IS
'yes/no, y/n, sí/no, s/n, true/false, t/f, verdadero/falso, 1/0, on/off, x. NULL when missing or invalid; cdp.clean_boolean says which.';

CREATE FUNCTION cdp.normalize_number(value text) RETURNS numeric
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_normalize_number';
COMMENT ON FUNCTION cdp.normalize_number(text) IS
'A number or amount: ''$1.234,50'', ''1,234.50'', ''(12)'', ''12-'', ''€ 12'', ''1 234,5''. With one separator: ''1,234'' is 1234 (a comma before three digits groups), ''1.234'' is 1.234, ''12,5'' is 12.5; cdp.clean_number marks the ambiguous ones. NULL when missing or invalid; cdp.clean_number says which.';

CREATE FUNCTION cdp.normalize_gender(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_normalize_gender';
COMMENT ON FUNCTION cdp.normalize_gender(text) IS
'''female'', ''male'' or ''other'', from English and Spanish words and F, M, H (hombre), X. NULL when missing or invalid; cdp.clean_gender says which.';

CREATE FUNCTION cdp.normalize_postal_code(value text, country text DEFAULT NULL) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_normalize_postal_code';
COMMENT ON FUNCTION cdp.normalize_postal_code(text, text) IS
'A postal code in capitals, in the form of its country where that is known: (''sw1a1aa'', ''GB'') gives ''SW1A 1AA'', (''2139'', ''US'') ''02139'', ''02139-4307'' ''02139''. NULL when missing or invalid; cdp.clean_postal_code says which.';

CREATE FUNCTION cdp.normalize_country(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_normalize_country';
COMMENT ON FUNCTION cdp.normalize_country(text) IS
'ISO 3166 alpha-2, from alpha-2, alpha-3 or a name in English or Spanish: ''Estados Unidos'' gives ''US''. NULL when missing or invalid; cdp.clean_country says which.';

CREATE FUNCTION cdp.normalize_identifier(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_normalize_identifier';
COMMENT ON FUNCTION cdp.normalize_identifier(text) IS
'The identifier of another system, without surrounding space, quotes and apostrophes. ''8.78E+12'' (digits lost in a spreadsheet) is refused. NULL when missing or invalid; cdp.clean_identifier says which.';

CREATE FUNCTION cdp.email_key(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_email_key';
COMMENT ON FUNCTION cdp.email_key(text) IS
'What the spellings of one mailbox share: the normalised address without ''+tag''; for Gmail also without dots (''A.Na+x@googlemail.com'' gives ''ana@gmail.com''), for Yahoo without ''-tag''; me.com and mac.com are icloud.com, protonmail.com and pm.me proton.me, tag@ana.fastmail.com is ana@fastmail.com, all countries of Yandex are yandex.ru. For comparing, not for writing to. NULL when the address is missing or invalid.';

CREATE FUNCTION cdp.phone_key(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_phone_key';
COMMENT ON FUNCTION cdp.phone_key(text) IS
'The last nine digits of a telephone number, for comparing; normalise it first. NULL with fewer than seven digits or anything but digits and separators.';

CREATE FUNCTION cdp.split_name(full_name text, OUT given_name text, OUT family_name text)
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_split_name';
COMMENT ON FUNCTION cdp.split_name(text) IS
'A full name in two, each normalised. ''Family, Given'' at a comma; else the last word is the family name, of four and more the last two, and particles stay with it: ''Juan de la Cruz García'' gives ''Juan'' and ''de la Cruz García''. One word is a given name.';

CREATE FUNCTION cdp.clean_text(input text,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_clean_text';
COMMENT ON FUNCTION cdp.clean_text(text) IS
'cdp.normalize_text with its verdict, one row also for NULL. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';

CREATE FUNCTION cdp.clean_name(input text,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_clean_name';
COMMENT ON FUNCTION cdp.clean_name(text) IS
'cdp.normalize_name with its verdict, one row also for NULL. Names of nobody (''Test Test'', ''Nombre Apellido'', ''consumidor final'') are missing, ''John Doe'' is suspicious. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';

CREATE FUNCTION cdp.clean_email(input text,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_clean_email';
COMMENT ON FUNCTION cdp.clean_email(text) IS
'cdp.normalize_email with its verdict, one row also for NULL. Throw-away addresses (mailinator.com), role addresses (info@…) and misspelt domains (gmial.com) are suspicious, the latter with a suggestion. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';

CREATE FUNCTION cdp.clean_phone(input text, country text DEFAULT NULL,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_clean_phone';
COMMENT ON FUNCTION cdp.clean_phone(text, text) IS
'cdp.normalize_phone with its verdict, one row also for NULL. Surrounding words, an extension, and letters on the keypad (''1-800-FLOWERS'') are corrected; a number refused for lack of a country may carry a suggestion. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';

CREATE FUNCTION cdp.clean_date(input text, date_order text DEFAULT 'dmy',
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_clean_date';
COMMENT ON FUNCTION cdp.clean_date(text, text) IS
'cdp.normalize_date with its verdict, one row also for NULL. A spreadsheet''s day number, an ISO week date and a day of the year are invalid, with the day as the suggestion. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';

CREATE FUNCTION cdp.clean_timestamp(input text, time_zone text DEFAULT 'UTC', date_order text DEFAULT 'dmy',
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_clean_timestamp';
COMMENT ON FUNCTION cdp.clean_timestamp(text, text, text) IS
'cdp.normalize_timestamp with its verdict, one row also for NULL. The value is in UTC: ''2021-05-01T14:00:00Z''. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';

CREATE FUNCTION cdp.clean_boolean(input text,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_clean_boolean';
COMMENT ON FUNCTION cdp.clean_boolean(text) IS
'cdp.normalize_boolean with its verdict, one row also for NULL. The value is ''true'' or ''false''. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';

CREATE FUNCTION cdp.clean_number(input text,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_clean_number';
COMMENT ON FUNCTION cdp.clean_number(text) IS
'cdp.normalize_number with its verdict, one row also for NULL. ''1.234'' and ''1,234'' are suspicious, with the other reading as the suggestion; a percentage is invalid. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';

CREATE FUNCTION cdp.clean_gender(input text,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_clean_gender';
COMMENT ON FUNCTION cdp.clean_gender(text) IS
'cdp.normalize_gender with its verdict, one row also for NULL. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';

CREATE FUNCTION cdp.clean_postal_code(input text, country text DEFAULT NULL,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_clean_postal_code';
COMMENT ON FUNCTION cdp.clean_postal_code(text, text) IS
'cdp.normalize_postal_code with its verdict, one row also for NULL. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';

CREATE FUNCTION cdp.clean_country(input text,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_clean_country';
COMMENT ON FUNCTION cdp.clean_country(text) IS
'cdp.normalize_country with its verdict, one row also for NULL. An unknown name may carry the code of the nearest one as a suggestion. ''NA'' is Namibia, suspicious. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';

CREATE FUNCTION cdp.clean_identifier(input text,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_clean_identifier';
COMMENT ON FUNCTION cdp.clean_identifier(text) IS
'cdp.normalize_identifier with its verdict, one row also for NULL. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';

CREATE FUNCTION cdp.clean_value(semantic_type text, input text, country text DEFAULT NULL, date_order text DEFAULT 'dmy',
    time_zone text DEFAULT 'UTC', OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 200 AS 'MODULE_PATHNAME', 'cdp_clean_value';
COMMENT ON FUNCTION cdp.clean_value(text, text, text, text, text) IS
'The cleaner that semantic_type names: text, name, email, phone, date, birth_date, timestamp, boolean, number, money, currency, gender, address, postal_code, country, organization, identifier, national_id, iban, payment_card, product_code or license_plate. country is for phones, addresses, postal codes, money, national ids and licence plates, date_order for dates and timestamps, time_zone for timestamps. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok. Errors: 22023 for an unknown type or date order.';
