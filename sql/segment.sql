-- Definitions against a small store whose answers can be reasoned out. Instant: 2026-09-15 12:00 in Santiago (-03; the
-- clocks went forward on 6 September), a Tuesday. Purchases are loaded from 1 August on.
CREATE EXTENSION cdp;
\pset footer off
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SELECT cdp.install() LIKE 'store installed%' AS installed;
UPDATE cdp_data.setting SET value = 'America/Santiago' WHERE name = 'time_zone';
SELECT cdp.add_attribute('points', value_type => 'number'), cdp.add_attribute('is_vip', value_type => 'boolean'), cdp.add_attribute('renewal', value_type => 'date');
CREATE TABLE people (id int PRIMARY KEY);
SELECT count(*) FROM cdp.add_source('crm', 'people', mapping => '{"id": "user_id"}');
INSERT INTO cdp_data.profile (profile_id, status, given_name, city, email, birth_date, details) VALUES
    (1, 'active', 'Ana', 'Ñuñoa', 'ana@example.com', '1986-09-20', '{"points": 10, "renewal": "2026-09-30"}'),
    (2, 'active', 'Beto', 'ÑUÑOA', NULL, '2000-02-29', '{"points": 25, "is_vip": false}'),
    (3, 'active', 'Carla', NULL, 'c@acme.com', NULL, '{"points": "many", "renewal": "2026-02-31"}'),
    (4, 'active', 'Dan', 'Lima', 'd@example.com', '1986-09-15', '{"is_vip": true}'),
    (5, 'anonymous', NULL, 'Lima', NULL, NULL, '{}');
INSERT INTO cdp_data.record (source_id, source_key, profile_id, email) SELECT 1, f.profile_id::text, f.profile_id, f.email FROM cdp_data.profile f ORDER BY 1;
INSERT INTO cdp_data.event_kind (name) VALUES ('purchase'), ('visit');
INSERT INTO cdp_data.event_property (kind_id, property, value_type) VALUES (1, 'category', 'text'), (1, 'covers', 'number');
INSERT INTO cdp_data.coverage VALUES (1, 1, '2026-08-01', '2026-09-15');
INSERT INTO cdp_data.event (record_id, kind_id, occurred_at, amount, properties, source_id, event_key) VALUES
    (1, 1, '2026-09-05 15:30Z', 100, '{"category": "Wine"}', 1, 'a'),                     -- 11:30 on the 5th, still -04
    (1, 1, '2026-09-10 23:30Z', 50, '{"category": "restaurant", "covers": 2}', 1, 'b'),   -- Thursday 20:30
    (2, 1, '2026-09-11 02:30Z', 20, '{"category": "restaurant", "covers": "two"}', 1, 'c'), -- Thursday 23:30
    (2, 1, '2026-09-11 03:30Z', 30, '{"category": "restaurant"}', 1, 'd'),                -- Friday 00:30
    (4, 1, '2026-09-05 16:30Z', 500, '{"category": "vino tinto"}', 1, 'e'),               -- 12:30 on the 5th
    (4, 1, '2026-09-15 15:00Z', 5, '{}', 1, 'f'),                                         -- the instant itself
    (4, 1, '2026-09-15 16:00Z', 1000, '{"category": "wine"}', 1, 'g'),                    -- an hour later
    (5, 1, '2026-09-14 12:00Z', 9, '{"category": "wine"}', 1, 'h');                       -- nobody known

-- Members and people of whom it is unknown, by name, for each definition.
CREATE FUNCTION pg_temp.who(definition text, OUT members text, OUT unknown text) LANGUAGE plpgsql AS $$
DECLARE
    query text := cdp._render_definition('_segment_sql', definition, '2026-09-15 12:00-03', NULL);
BEGIN
    EXECUTE 'SELECT string_agg(p.given_name, '' '' ORDER BY 1) FILTER (WHERE is_member), string_agg(p.given_name, '' '' ORDER BY 1) FILTER (WHERE is_member IS NULL)
             FROM (' || query || ') q JOIN cdp_data.profile p USING (profile_id)' INTO members, unknown;
END $$;

SELECT d.definition, w.* FROM (VALUES
    -- Text: neither case nor accents matter; Carla's city is unknown, which is not "different".
    ('city = ''nunoa'''), ('city <> ''nunoa'''), ('city is exactly ''Ñuñoa'''), ('city not in (''lima'')'), ('not city contains ''im'''),
    ('city is unknown'), ('email ends with ''@EXAMPLE.com'''), ('email not ends with ''@acme.com'' and email is known'),
    -- Numbers and booleans in details: Carla's points are no number, Dan has none.
    ('points >= 20'), ('points * 2 - 5 = 15'), ('points / 0 > 1'), ('is_vip is true'), ('is_vip is false'), ('not is_vip is true'),
    -- Age: Ana turns 40 on the 20th, Dan today.
    ('age = 40'), ('age between 26 and 39'), ('anniversary of birth_date in next 5 days'), ('anniversary of birth_date in next 4 days'),
    ('birth_date before ''1990-01-01'''), ('birth_date between ''1986-09-15'' and ''1986-09-20'''),
    ('renewal in next 15 days'), ('renewal in next 14 days'),
    -- Windows are (start, instant]: ten days ago is 12:00 on the 5th by the clock on the wall.
    ('did purchase in last 10 days'), ('did purchase at least 2 times in last 10 days'), ('did purchase exactly 1 times in last 10 days'),
    ('did purchase at most 1 times in last 10 days')) AS d(definition)
LEFT JOIN LATERAL (SELECT * FROM pg_temp.who(d.definition)) w ON true;

SELECT d.definition, w.* FROM (VALUES
    ('did purchase in last 240 hours'),                       -- exact hours: from 11:00 on the 5th, as it was -04
    ('did not purchase in last 10 days'), ('did purchase in last 4 whole days'),  -- 11th 00:00 to 15th 00:00
    ('did purchase between 4 and 6 days ago'), ('did purchase before ''2026-09-06'''), ('did purchase between ''2026-09-05'' and ''2026-09-05'''),
    ('did purchase this month at least 2 times'), ('did purchase on ''2026-09-15'''),
    -- Before 1 August nothing is loaded: that somebody did not is then unknown, that somebody did is known.
    ('did purchase in last 90 days'), ('did not purchase in last 90 days'), ('did purchase at least 2 times in last 90 days'),
    ('did purchase at most 1 times in last 90 days'), ('did purchase'), ('did not purchase'), ('did visit in last 10 days'), ('did not visit'),  -- no visit was ever loaded
    -- Inside an event: Thursday ends at midnight, dinner goes beyond it.
    ('did purchase where (weekday = thursday and category = ''restaurant'')'), ('did purchase where (time between 23:00 and 01:00) at least 2 times'),
    ('did purchase where (hour between 20 and 22)'), ('did purchase where (covers = 2)'), ('did purchase where (category <> ''restaurant'' and amount > 50)'),
    ('did purchase where (category = ''wine'' and amount = 50)'), ('did purchase where (person.city = ''lima'' and amount < 10)'),
    -- Periods: the two ended weeks are 31 August to 13 September.
    ('did purchase in at least 2 of the last 2 weeks'), ('did purchase in at least 1 of the last 2 weeks'),
    -- Aggregates.
    ('sum(amount) of purchase in last 30 days >= 150'), ('sum(amount) of purchase in last 90 days >= 0'), ('count of purchase in last 30 days = 0'),
    ('count(distinct category) of purchase = 2'), ('max(amount) of purchase between 40 and 60'), ('avg(amount) of purchase = 25'),
    ('sum(covers) of purchase = 0'), -- Ana 2; of the others' purchases nobody knows the covers
    ('sum(amount) of purchase on ''2026-09-15'' > 500'),      -- Dan's 1000 comes after the instant
    ('did not purchase before ''2020-01-01'''), ('did not purchase before ''2026-09-06'''), -- 2020 is before anything was loaded
    ('renewal after ''2026-09-29'''), ('points * 100000 * 100000 * 100000 > 1'), ('city like ''nu%\''') , ('bucket * 99999999999999 >= 0'),
    ('days since last purchase >= 4'), ('days since first purchase = 10'),
    ('sum(amount) of purchase in last 7 days < 0.6 * sum(amount) of purchase between 7 and 14 days ago')) AS d(definition)
LEFT JOIN LATERAL (SELECT * FROM pg_temp.who(d.definition)) w ON true;

-- Consent, segments of segments, history.
SELECT cdp.grant_consent('ana@example.com', 'email', at => '2026-09-01'), cdp.withdraw_consent('d@example.com', 'email', at => '2026-09-01');
SELECT * FROM pg_temp.who('may be contacted by email'), pg_temp.who('may not be contacted by email') AS n(not_members, not_unknown);
SELECT cdp.define_segment('locals', 'city = ''nunoa''');
SELECT cdp.define_segment('buying locals', 'in segment ''locals'' and did purchase at least 2 times in last 10 days');
INSERT INTO cdp_data.segment (name, definition) VALUES ('others', 'not in segment ''buying locals''');
SELECT segment, members, entered, "left", unknown FROM cdp.refresh_segments('2026-09-15 12:00-03');
UPDATE cdp_data.profile SET city = 'Lima' WHERE profile_id = 2;
SELECT segment, members, entered, "left", unknown FROM cdp.refresh_segments('2026-09-16 12:00-03');
SELECT profile_id, given_name FROM cdp.segment_members('locals');
SELECT profile_id, given_name FROM cdp.segment_members('locals', as_of => '2026-09-15 18:00-03');
SELECT profile_id, given_name FROM cdp.segment_members('locals', as_of => '2026-09-14');
SELECT s.name, c.profile_id, c.change FROM cdp_data.segment_change c JOIN cdp_data.segment s USING (segment_id) ORDER BY c.change_id;
SELECT cdp.define_segment('locals', 'city = ''lima''');
SELECT version, definition FROM cdp_data.segment_version WHERE segment_id = 1 ORDER BY 1;
SELECT * FROM cdp.preview('city = ''lima'' and did purchase where (category = ''wine'') and may be contacted by email', as_of => '2026-09-16 12:00-03');

-- A definition that stops working says so; the others go on.
UPDATE cdp_data.segment SET definition = 'did purchase where (covers = 2)' WHERE name = 'others';
DELETE FROM cdp_data.event_property WHERE property = 'covers';
SELECT segment, members, problem FROM cdp.refresh_segments('2026-09-16 12:00-03');
SELECT name, status, problem FROM cdp_data.segment ORDER BY segment_id;

-- What is written in a definition stays text, whatever the server's settings are.
SET standard_conforming_strings = off;
SELECT * FROM cdp.preview(E'city = ''\\'' or city = ''a\\\\''''b -- c''', as_of => '2026-09-16 12:00-03');
RESET standard_conforming_strings;
SELECT cdp.define_segment('bad', $$ city = 'x' and
    emial is known $$);
SELECT cdp.preview('city = ''x'' or age > 3 and email is known');
SELECT cdp.preview('did not purchase at least 2 times');
SELECT cdp.preview('age > 3', time_zone => 'America/Santigo');
SELECT cdp.preview('age > 3', as_of => 'infinity');
SELECT cdp.segment_members('local');
