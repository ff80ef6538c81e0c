-- What a visit tells by itself: the program that made it, and how it came about. The rules are in src/core/ingest/user_agent.hpp and
-- web_address.hpp.

CREATE FUNCTION cdp.parse_user_agent(header text, OUT kind text, OUT name text, OUT version text, OUT os text, OUT os_version text, OUT device_class text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_parse_user_agent';
COMMENT ON FUNCTION cdp.parse_user_agent(text) IS
'What a User-Agent header says: kind (browser, app, tool for libraries and commands such as curl, bot), name and major version, os and its version, device_class (desktop, mobile, tablet, tv, console, bot, other). NULLs for what is not known. Browsers freeze parts of it: Windows 11 says 10. Some 2 us. Example: SELECT * FROM cdp.parse_user_agent(''Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'');';

CREATE FUNCTION cdp.parse_utm(url text, referrer text DEFAULT NULL, OUT source text, OUT medium text, OUT campaign text, OUT campaign_id text, OUT term text, OUT content text,
    OUT click_id_kind text, OUT click_id text, OUT channel text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'cdp_parse_utm';
COMMENT ON FUNCTION cdp.parse_utm(text, text) IS
'How a visit came about, by the address of its page and of the page before (referrer): the parameters utm_source, utm_medium, utm_campaign, utm_id, utm_term and utm_content, decoded; the click id of an advertising platform (gclid, gbraid, wbraid, msclkid, fbclid, ttclid and others); and the channel by the default channel grouping of Google Analytics 4: Paid Search, Organic Social, Email, Referral, Direct and so on. Without parameters, source and medium follow the click id or the referrer. All NULL for a NULL address. Some 1 us. Example: SELECT * FROM cdp.parse_utm(''https://shop.example/?utm_source=news&utm_medium=email'');';
