-- From records to people: who is merged and why, and that ids stay put through merges and splits.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';

-- An empty store.
CALL cdp.resolve();
SELECT cdp.profile_of('crm', '1');
SELECT count(*) FROM cdp.identity_history(1);
SELECT count(*) FROM cdp.profile_records(1);
SELECT count(*) FROM cdp.timeline(1);
SELECT * FROM cdp.explain_match(1, 2);

-- Thirteen records in three sources, with what makes them hard: one person with typos, spouses, twins, father and son of
-- one name, a switchboard, an initial, and a record that says nothing. The key says who is who.
CREATE TABLE crm (key text PRIMARY KEY, given text, family text, born date, mail text, phone text, street text, city text, zip text, sex text, changed timestamptz);
CREATE TABLE shop (LIKE crm INCLUDING ALL);
CREATE TABLE club (LIKE crm INCLUDING ALL, card text);
INSERT INTO crm VALUES
    ('ana',    'Ana',     'Fuenzalida', '1980-02-03', 'ana.fuenzalida@example.com', '+56961234567', 'Los Olmos 12', 'Santiago', '8320000', 'f', '2026-01-01'),
    ('pedro',  'Pedro',   'Fuenzalida', '1978-11-20', 'pedro.f@example.com',        '+56961234567', 'Los Olmos 12', 'Santiago', '8320000', 'm', '2026-01-01'),
    ('luis',   'Luis',    'Etcheverry', '1950-05-05', 'luis.e@example.com',         '+56225551234', 'Av. Mar 1',    'Arica',    '1000000', 'm', '2026-01-01'),
    ('twin1',  'Beatriz', 'Huidobro',   '1991-07-17', 'beatriz.h@example.com',        '+56977770001', 'Calle Sur 9',  'Temuco',   '4780000', 'f', '2026-01-01'),
    ('desk1',  'Iris',    'Quezada',    '1985-01-15', NULL,                         '+56226000000', NULL,           'Santiago', NULL,      'f', '2026-01-01'),
    ('jorge',  'Jorge',   'Wachtendorff','1969-09-09', NULL,                        NULL,           'Norte 4',      'Iquique',  '1100000', 'm', '2026-01-01');
INSERT INTO shop VALUES
    ('ana',    'Anna',    'Fuenzalda',  '1980-02-03', 'ana.fuenzalida@example.com', '+56961234567', NULL,           'Santiago', NULL,      NULL, '2026-03-01'),
    ('luisjr', 'Luis',    'Etcheverry', '1983-10-28', 'luisito@example.com',        NULL,           'Av. Mar 1',    'Arica',    '1000000', 'm', '2026-01-01'),
    ('twin2',  'Camila',  'Huidobro',   '1991-07-17', 'camila.h@example.com',       '+56934561278', 'Calle Sur 9',  'Temuco',   '4780000', 'f', '2026-01-01'),
    ('desk2',  'Boris',   'Zambrano',   '1961-12-01', NULL,                         '+56226000000', NULL,           'Santiago', NULL,      'm', '2026-01-01'),
    ('jorge',  'J.',      'Wachtendorff','1969-09-09', 'jw@example.com',            '+56988880000', NULL,           'Valdivia', NULL,      NULL, '2026-02-01');
INSERT INTO club VALUES
    ('ana',    'ANA',     'FUENZALIDA', '1980-03-02', 'ana.fuenzalida@example.com', NULL,           'Los Olmos 12', 'Santiago', '8320000', 'f', '2025-01-01', 'card-1'),
    ('nobody', NULL,      NULL,         NULL,         NULL,                         NULL,           NULL,           NULL,       NULL,      NULL, '2025-01-01', NULL);
SELECT count(*) FROM cdp.add_source('crm', 'crm', priority => 20, date_order => 'ymd', mapping => '{"given": "given_name", "family": "family_name", "born": "birth_date", "mail": "email", "phone": "phone", "street": "street", "city": "city", "zip": "postal_code", "sex": "gender", "changed": "updated_at"}');
SELECT count(*) FROM cdp.add_source('shop', 'shop', priority => 20, date_order => 'ymd', mapping => '{"given": "given_name", "family": "family_name", "born": "birth_date", "mail": "email", "phone": "phone", "street": "street", "city": "city", "zip": "postal_code", "sex": "gender", "changed": "updated_at"}');
SELECT count(*) FROM cdp.add_source('club', 'club', key => 'key', priority => 10, date_order => 'ymd', mapping => '{"given": "given_name", "family": "family_name", "born": "birth_date", "mail": "email", "phone": "phone", "street": "street", "city": "city", "zip": "postal_code", "sex": "gender", "changed": "updated_at", "card": "loyalty_id"}');
SELECT s.name, i.* FROM (VALUES ('crm'), ('shop'), ('club')) AS s(name), cdp.ingest(s.name) AS i;
CALL cdp.resolve();

-- Who is together with whom.
CREATE VIEW people AS
SELECT r.profile_id, string_agg(s.name || ':' || r.source_key, ' ' ORDER BY s.name || ':' || r.source_key) AS records, f.status
FROM cdp_data.record r JOIN cdp_data.source s USING (source_id) JOIN cdp_data.profile f USING (profile_id)
GROUP BY r.profile_id, f.status;
SELECT * FROM people ORDER BY profile_id;

-- Again: nothing is created, merged or moved.
CREATE TABLE before AS SELECT record_id, profile_id FROM cdp_data.record;
CALL cdp.resolve();
SELECT count(*) AS different FROM before b JOIN cdp_data.record r USING (record_id) WHERE b.profile_id <> r.profile_id;
SELECT count(*) FROM cdp_data.identity_change;
SELECT count(*) AS models, count(*) FILTER (WHERE is_active) AS active FROM cdp_data.match_model;

-- Why. The bits of the comparisons and of rarity add up to the weight of the pair.
CREATE FUNCTION record_of(source text, key text) RETURNS bigint LANGUAGE sql AS $$
    SELECT r.record_id FROM cdp_data.record r JOIN cdp_data.source s USING (source_id) WHERE s.name = source AND r.source_key = key $$;
SELECT comparison, value_a, value_b, level, bits > 0 AS speaks_for FROM cdp.explain_match(record_of('crm', 'ana'), record_of('shop', 'ana'));
SELECT comparison, value_a, value_b, level, bits > 0 AS speaks_for FROM cdp.explain_match(record_of('crm', 'ana'), record_of('crm', 'pedro')) WHERE comparison NOT LIKE 'how%' AND comparison <> 'together';
SELECT abs(sum(bits) FILTER (WHERE comparison <> 'together') - max(bits) FILTER (WHERE comparison = 'together')) < 0.1 AS adds_up
FROM cdp.explain_match(record_of('crm', 'ana'), record_of('shop', 'ana'));
SELECT * FROM cdp.explain_match(record_of('crm', 'ana'), 4711);
SELECT * FROM cdp.explain_match(NULL, 4711);

-- The golden record: priority first (club), then how recent; the parts of the address come from one record.
SELECT given_name, family_name, birth_date, email, phone, street, city, postal_code, record_count, source_count
FROM cdp_data.profile WHERE profile_id = cdp.profile_of('crm', 'ana');
-- The shop is more recent, but knows no street: the address is that of the crm, whole.
SELECT given_name, email, phone, street, city, postal_code FROM cdp_data.profile WHERE profile_id = cdp.profile_of('crm', 'jorge');
SELECT source, source_key, given_name, family_name FROM cdp.profile_records(cdp.profile_of('crm', 'ana'));
-- The most recent of two sources with the same priority wins.
SELECT source_updated_at, given_name FROM cdp_data.record WHERE source_key = 'jorge' ORDER BY 1;

-- Two profiles become one, by a card that both records carry from now on; the older id lives.
CREATE TABLE bridging AS SELECT cdp.profile_of('crm', 'desk1') AS crm, cdp.profile_of('shop', 'desk2') AS shop;
ALTER TABLE crm ADD card text;
ALTER TABLE shop ADD card text;
INSERT INTO cdp_data.mapping SELECT source_id, 99, 'card', 'loyalty_id' FROM cdp_data.source WHERE name IN ('crm', 'shop');
UPDATE crm SET card = 'card-9' WHERE key = 'desk1';
UPDATE shop SET card = 'card-9' WHERE key = 'desk2';
SELECT s.name, i.* FROM (VALUES ('crm'), ('shop'), ('club')) AS s(name), cdp.ingest(s.name) AS i;
CALL cdp.resolve();
SELECT b.crm < b.shop AS crm_was_older, cdp.profile_of('crm', 'desk1') = b.crm AS stays, cdp.profile_of('shop', 'desk2') = b.crm AS joins,
       a.survivor_id = b.crm AS alias_leads_there, EXISTS (SELECT FROM cdp_data.profile f WHERE f.profile_id = b.shop) AS is_still_there
FROM bridging b LEFT JOIN cdp_data.profile_alias a ON a.profile_id = b.shop;
SELECT h.change, h.with_profile_id = b.shop AS with_the_other, h.record_ids = ARRAY[record_of('shop', 'desk2')] AS its_record
FROM bridging b, cdp.identity_history(b.crm) h;
SELECT h.change, h.with_profile_id = b.crm AS with_the_survivor FROM bridging b, cdp.identity_history(b.shop) h;
SELECT comparison, value_a, value_b, level FROM cdp.explain_match(record_of('crm', 'desk1'), record_of('shop', 'desk2')) WHERE comparison IN ('identifier in common', 'together');
SELECT record_count, source_count FROM cdp_data.profile WHERE profile_id = cdp.profile_of('crm', 'desk1');

-- The card was a mistake: they split again. The part with more records keeps the id; of equal parts, the oldest record does.
UPDATE shop SET card = NULL WHERE key = 'desk2';
SELECT i.* FROM cdp.ingest('shop') AS i;
CALL cdp.resolve();
SELECT cdp.profile_of('crm', 'desk1') = b.crm AS stays, cdp.profile_of('shop', 'desk2') NOT IN (b.crm, b.shop) AS gets_a_new_id,
       a.survivor_id = b.crm AS alias_of_the_first_merge
FROM bridging b LEFT JOIN cdp_data.profile_alias a ON a.profile_id = b.shop;
SELECT h.change, h.with_profile_id = cdp.profile_of('shop', 'desk2') AS with_the_new_one FROM bridging b, cdp.identity_history(b.crm) h ORDER BY h.changed_at;
SELECT record_count, source_count, given_name FROM cdp_data.profile WHERE profile_id = cdp.profile_of('crm', 'desk1');
SELECT record_count, source_count, given_name FROM cdp_data.profile WHERE profile_id = cdp.profile_of('shop', 'desk2');

-- A person of three records loses one: the larger part keeps the id even when the oldest record goes.
CREATE TABLE larger AS SELECT cdp.profile_of('crm', 'ana') AS profile_id;
UPDATE crm SET given = 'Zoila', family = 'Oyarzún', born = '1940-04-04', mail = 'zoila@example.org', phone = '+56955554444', street = 'Otra 1', city = 'Coyhaique', zip = '5950000' WHERE key = 'ana';
SELECT i.* FROM cdp.ingest('crm') AS i;
CALL cdp.resolve();
SELECT cdp.profile_of('shop', 'ana') = l.profile_id AND cdp.profile_of('club', 'ana') = l.profile_id AS larger_part_keeps,
       cdp.profile_of('crm', 'ana') <> l.profile_id AS the_other_is_new
FROM larger l;
SELECT given_name, city, record_count FROM cdp_data.profile WHERE profile_id = cdp.profile_of('crm', 'ana');
SELECT given_name, city, record_count FROM cdp_data.profile f JOIN larger USING (profile_id);

-- Properties that always hold.
SELECT count(*) FILTER (WHERE r.profile_id IS NULL) AS without_profile, count(*) FILTER (WHERE f.profile_id IS NULL) AS lost FROM cdp_data.record r LEFT JOIN cdp_data.profile f USING (profile_id);
SELECT count(*) AS empty_profiles FROM cdp_data.profile f WHERE NOT EXISTS (SELECT FROM cdp_data.record r WHERE r.profile_id = f.profile_id);
SELECT count(*) AS wrong_counts FROM cdp_data.profile f JOIN (SELECT profile_id, count(*) AS n, count(DISTINCT source_id) AS m FROM cdp_data.record GROUP BY 1) r USING (profile_id)
WHERE (f.record_count, f.source_count) <> (r.n, r.m);
SELECT count(*) AS aliases_that_lead_nowhere FROM cdp_data.profile_alias a WHERE NOT EXISTS (SELECT FROM cdp_data.profile f WHERE f.profile_id = a.survivor_id);
SELECT * FROM people ORDER BY profile_id;
SELECT cdp.profile_of('crm', 'unknown key');
SELECT cdp.profile_of('crn', 'ana');
