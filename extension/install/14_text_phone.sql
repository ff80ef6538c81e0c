-- SPDX-License-Identifier: PostgreSQL
-- What a telephone number is, and how people write it. Cleaning is in 10_text.sql.

CREATE FUNCTION cdp.phone_type(value text, country text DEFAULT NULL) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_phone_type';
COMMENT ON FUNCTION cdp.phone_type(text, text) IS
'What kind of telephone number it is by its country''s numbering plan: mobile, fixed_line, fixed_line_or_mobile (the plan does not tell them apart, as in the United States and Chile), toll_free, premium_rate, shared_cost, voip, personal_number, pager, uan (a company''s number without place) or voicemail. value and country as in cdp.normalize_phone: ''+447400123456'' gives ''mobile''. NULL when the number is missing or invalid.';

CREATE FUNCTION cdp.phone_country(value text, country text DEFAULT NULL) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_phone_country';
COMMENT ON FUNCTION cdp.phone_country(text, text) IS
'The country of a telephone number, ISO alpha-2; of several that share a country code the one whose plan has the number: ''+1 604 250 1234'' gives ''CA''. value and country (where it is dialled) as in cdp.normalize_phone. NULL when the number is missing or invalid, or of no country (+800, +882, …).';

CREATE FUNCTION cdp.format_phone(value text, style text DEFAULT 'international') RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'cdp_format_phone';
COMMENT ON FUNCTION cdp.format_phone(text, text) IS
'A telephone number in international form as people write it. style: international (''+1 212-555-0123''), national (''(212) 555-0123''), e164 (''+12125550123'') or rfc3966 (''tel:+1-212-555-0123''). NULL when missing or invalid. Errors: 22023 for an unknown style.';
