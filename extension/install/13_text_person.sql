-- SPDX-License-Identifier: PostgreSQL
-- Texts that other programs have damaged, placeholders, kinds of e-mail domains, names in parts, nicknames. The rules are
-- in src/core/text/{repair,junk,email_domains,name,name_latin,nickname}.hpp.

CREATE FUNCTION cdp.repair_text(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_repair_text';
COMMENT ON FUNCTION cdp.repair_text(text) IS
'The text without what other programs did to it, tidy and on one line: HTML (''Jos&eacute; &lt;b&gt;'', tags, scripts) and UTF-8 read as Windows-1252, once or twice (''JosÃ©'' gives ''José'', ''Ã‘uÃ±oa'' ''Ñuñoa'', ''â€™'' ''’''). Real words such as ''MAÇÃ'' stay. Not cut, never NULL but for NULL; cdp.clean_text and all other cleaners do the same first and say so.';

CREATE FUNCTION cdp.junk_reason(value text, semantic_type text DEFAULT 'text') RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_junk_reason';
COMMENT ON FUNCTION cdp.junk_reason(text, text) IS
'Why a value stands for nothing in a field of this semantic type (as in cdp.clean_value): ''blank'', ''placeholder word'' (n/a, sin datos, keine Angabe, asdf, qwerty), ''one character repeated'', ''placeholder name'' (Test Test, Nombre Apellido, consumidor final), ''placeholder address'' (test@test.com), ''digits in a row'' (phones and identifiers). NULL when it is none. ''John Doe'' and default dates are not judged here. Errors: 22023 for an unknown type.';

CREATE FUNCTION cdp.is_junk(value text, semantic_type text DEFAULT 'text') RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_is_junk';
COMMENT ON FUNCTION cdp.is_junk(text, text) IS
'True when the value stands for nothing: cdp.junk_reason says why. NULL for NULL. Errors: 22023 for an unknown type.';

CREATE FUNCTION cdp.email_domain_kind(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_email_domain_kind';
COMMENT ON FUNCTION cdp.email_domain_kind(text) IS
'''disposable'' (mailinator.com: mailboxes that live for minutes), ''free'' (gmail.com, hotmail.es, uol.com.br: providers for everybody) or ''other'' (companies, schools, own domains), of an e-mail address or a domain. NULL when it is neither.';

CREATE FUNCTION cdp.latin_name(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 200 AS 'MODULE_PATHNAME', 'cdp_latin_name';
COMMENT ON FUNCTION cdp.latin_name(text) IS
'cdp.normalize_name in Latin letters: ''Юлия Щукина'' gives ''Yuliya Shchukina'', ''李小龙'' ''Li Xiao Long'', ''김민수'' ''Gimminsu'', ''محمد'' ''Mhmd'' (vowels are not written); Latin letters keep their accents. NULL when missing or invalid.';

CREATE FUNCTION cdp.parse_name(full_name text, OUT title text, OUT given_name text, OUT middle_names text,
    OUT family_name text, OUT second_family_name text, OUT suffix text, OUT nickname text)
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 200 AS 'MODULE_PATHNAME', 'cdp_parse_name';
COMMENT ON FUNCTION cdp.parse_name(text) IS
'A full name in its parts, each normalised and NULL when there is none: ''Dr. William "Bill" Henry Gates III'' gives Dr, William, Henry, Gates, NULL, III, Bill; ''Ana García López'' gives Ana, NULL, García, López. ''Family, Given'' at a comma. Of three words the last two are family names when both are frequent Spanish ones; otherwise as cdp.split_name.';

CREATE FUNCTION cdp.same_given_name(a text, b text) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_same_given_name';
COMMENT ON FUNCTION cdp.same_given_name(text, text) IS
'True when two given names may be one person''s: equal but for case and accents, one a nickname of the other (Bill and William, Paco and Francisco), or both nicknames of one name (Bob and Bobby). English and Spanish. An initial is no name: J and John are not the same.';

CREATE FUNCTION cdp.nicknames_of(name text) RETURNS TABLE (related_name text, relation text)
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 10 AS 'MODULE_PATHNAME', 'cdp_nicknames_of';
COMMENT ON FUNCTION cdp.nicknames_of(text) IS
'The given names that cdp.same_given_name takes for this one, as cdp.fold gives them, in order, and what they are to it: ''nickname'', ''formal name'' or ''nickname of the same name''. No rows for a name that the lists do not know.';
