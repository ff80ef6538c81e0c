-- SPDX-License-Identifier: PostgreSQL
-- Phonetic codes: names that sound alike get the same code. For blocking (compare only records whose codes are equal)
-- and for search. All code the letters of the folded text, so that 'Müller' and 'Мюллер' are coded as 'MULLER', those of
-- several words as of one, and leave out everything else; the first 255 letters count. NULL when there is no letter.

CREATE FUNCTION cdp.soundex(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_soundex';
COMMENT ON FUNCTION cdp.soundex(text) IS
'American Soundex by the rules of the National Archives: the first letter and three digits. ''Robert'' and ''Rupert'' give ''R163'', ''Ashcraft'' ''A261'' (H and W do not separate equal digits, vowels do). NULL without a letter.';

CREATE FUNCTION cdp.refined_soundex(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_refined_soundex';
COMMENT ON FUNCTION cdp.refined_soundex(text) IS
'Refined Soundex: the first letter and a digit for every letter, finer than cdp.soundex and of any length. ''Braz'' and ''Broz'' give ''B1905'', ''Caren'' ''C30908''. NULL without a letter.';

CREATE FUNCTION cdp.metaphone(value text, max_length integer DEFAULT NULL) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_metaphone';
COMMENT ON FUNCTION cdp.metaphone(text, integer) IS
'Metaphone (Philips 1990): the consonants of English pronunciation, 0 for th and X for sh. ''Knight'' gives ''NT'', ''Smith'' ''SM0''. max_length letters at most, all when NULL. Errors: 22023 for a max_length under 1. NULL without a letter that is heard.';

CREATE FUNCTION cdp.double_metaphone(value text, max_length integer DEFAULT 4,
    OUT primary_code text, OUT alternate_code text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_double_metaphone';
COMMENT ON FUNCTION cdp.double_metaphone(text, integer) IS
'Double Metaphone (Philips 2000), one row: the code of the likely pronunciation and of another one, equal to the first when there is none. ''Smith'' gives (SM0,XMT), ''Schmidt'' (XMT,SMT): alike when any two are equal. max_length letters at most, all when NULL. Errors: 22023 for a max_length under 1. NULLs without a letter that is heard.';

CREATE FUNCTION cdp.spanish_metaphone(value text, seseo boolean DEFAULT false, max_length integer DEFAULT 6) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_spanish_metaphone';
COMMENT ON FUNCTION cdp.spanish_metaphone(text, boolean, integer) IS
'Spanish Metaphone (Mosquera 2011): one letter for what Spanish spelling confuses. ''Huevo'' and ''webo'' give ''UV'', ''grajea'' and ''gragea'' ''GRJ''. seseo: S, Z and soft C are one, as in America (''rebozar'' and ''rebosar''). max_length letters at most, all when NULL. Errors: 22023 for a max_length under 1. NULL without a letter to code.';

CREATE FUNCTION cdp.cologne_phonetic(value text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cdp_cologne_phonetic';
COMMENT ON FUNCTION cdp.cologne_phonetic(text) IS
'Kölner Phonetik (Postel 1969), digits of any number, for German names. ''Meyer'' and ''Maier'' give ''67'', ''Müller-Lüdenscheidt'' ''65752682''. NULL without a letter that is heard.';

CREATE FUNCTION cdp.nysiis(value text, modified boolean DEFAULT false, max_length integer DEFAULT 6) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'cdp_nysiis';
COMMENT ON FUNCTION cdp.nysiis(text, boolean, integer) IS
'NYSIIS (Taft 1970), letters: ''Robert'' gives ''RABAD'', ''Schmidt'' ''SNAD''. modified: the later form with more rules. max_length letters at most, all when NULL. Errors: 22023 for a max_length under 1. NULL without a letter.';

CREATE FUNCTION cdp.daitch_mokotoff(value text) RETURNS text[]
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 30 AS 'MODULE_PATHNAME', 'cdp_daitch_mokotoff';
COMMENT ON FUNCTION cdp.daitch_mokotoff(text) IS
'Daitch-Mokotoff Soundex for Slavic, Yiddish and German names: the codes of six digits of all readings, in ascending order, at most 64. ''Peters'' gives {734000,739400}. Alike when they overlap: cdp.daitch_mokotoff(a) && cdp.daitch_mokotoff(b); indexable with GIN. NULL without a letter.';
