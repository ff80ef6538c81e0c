-- Places, stores, ages, households, holidays, browsers and campaigns.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SET client_min_messages = warning;

-- A gazetteer in which names are ambiguous.
CREATE SCHEMA geo;
CREATE TABLE geo.cities (name text, region text, country text, lat float8, lon float8, people int);
INSERT INTO geo.cities VALUES ('Santiago', 'Metropolitana', 'CL', -33.4489, -70.6693, 5000000), ('Santiago', 'Galicia', 'ES', 42.8782, -8.5448, 97000), ('San Carlos', 'Ñuble', 'CL', -36.4248, -71.958, 30000),
    ('San Carlos', 'Coquimbo', 'CL', -30.0, -71.0, 10000), ('Ñuñoa', 'Metropolitana', 'CL', -33.4543, -70.5937, 200000), ('Nowhere', NULL, 'CL', 99, 0, 1), (NULL, NULL, 'CL', 0, 0, 1), ('Puerto Varas', 'Los Lagos', 'Chile', -41.3195, -72.9854, 40000);
CREATE TABLE geo.codes (code text, lat float8, lon float8);
INSERT INTO geo.codes VALUES ('7750000', -33.4543, -70.5937), ('832-0000', -33.4372, -70.6506);
SELECT cdp.add_gazetteer('geo.cites');
SELECT cdp.add_gazetteer('geo.cities', latitude => 'latt', longitude => 'lon');
SELECT cdp.add_gazetteer('geo.cities', kind => 'town', latitude => 'lat', longitude => 'lon');
SELECT cdp.add_gazetteer('geo.cities', latitude => 'lat', longitude => 'lon', region => 'region', country => 'country', population => 'people');
SELECT cdp.add_gazetteer('geo.codes', kind => 'postal_code', name => 'code', latitude => 'lat', longitude => 'lon', default_country => 'CL');
SELECT * FROM cdp.geocode(city => 'santiago');
SELECT * FROM cdp.geocode(city => 'Santiago', country => 'Spain');
SELECT * FROM cdp.geocode(city => 'NUNOA', country => 'CL');
SELECT * FROM cdp.geocode(city => 'San Carlos', country => 'CL');
SELECT * FROM cdp.geocode(city => 'San Carlos', region => 'coquimbo', country => 'CL');
SELECT * FROM cdp.geocode(city => 'Santiago', postal_code => '8320000', country => 'CL');
SELECT * FROM cdp.geocode(city => 'Atlantis');
SELECT * FROM cdp.geocode();

-- The nearest store, against looking at all.
CREATE TABLE geo.stores (name text, lat float8, lon float8);
SELECT setseed(0.42);
INSERT INTO geo.stores SELECT 'S' || n, -56 + 40 * random(), -75 + 10 * random() FROM generate_series(1, 300) n;
SELECT cdp.add_stores('geo.stores', latitude => 'lat', longitude => 'lon');
SELECT count(*) FILTER (WHERE n.name IS DISTINCT FROM a.name) AS wrong, count(*) AS tried
FROM (SELECT -60 + 50 * random() AS lat, -80 + 20 * random() AS lon FROM generate_series(1, 300)) p, LATERAL cdp.nearest_store(p.lat, p.lon) n,
     LATERAL (SELECT s.name FROM geo.stores s ORDER BY cdp.geo_distance(p.lat, p.lon, s.lat, s.lon), s.name LIMIT 1) a;
SELECT * FROM cdp.nearest_store(NULL, 1);
SELECT * FROM cdp.nearest_store(1, 1, 'none');
SELECT cdp.add_stores('geo.stores', chain => 'Big Shop', latitude => 'lat', longitude => 'lon');

-- Ages and households.
SELECT a, cdp.age_band('2000-06-15', a) FROM unnest(ARRAY['2018-06-14', '2018-06-15', '2025-06-14', '2065-06-15', '1999-01-01']::date[]) a;
SELECT cdp.age_band('2000-06-15', '2020-01-01', ARRAY[21, 60]), cdp.age_band(NULL) IS NULL AS unknown;
SELECT bool_and(CASE WHEN b = 'under 18' THEN y < 18 WHEN b = '65 and over' THEN y >= 65 ELSE y BETWEEN split_part(b, ' ', 1)::int AND split_part(b, ' ', 3)::int END) AS all_fit
FROM generate_series(0, 110) y, LATERAL (SELECT cdp.age_band('1900-03-01', ('1900-03-01'::date + y * interval '1 year')::date) AS b) x;
CREATE TABLE geo.people (id int PRIMARY KEY, given text, family text, email text, born date, street text, city text, postal text, country text);
INSERT INTO geo.people VALUES (1, 'Ana', 'Rojas', 'ana@example.com', '1980-02-03', 'Av. Italia 12', 'Ñuñoa', '7750000', 'CL'), (2, 'Bo', 'Rojas', 'bo@example.com', '2015-01-01', 'Av. Italia 12', 'Ñuñoa', '7750000', 'CL'), (3, 'Carl', 'Marsh', 'carl@example.com', NULL, NULL, 'Puerto Varas', NULL, 'CL');
SELECT count(target) FROM cdp.add_source('people', 'geo.people', mapping => '{"given": "given_name", "family": "family_name", "email": "email", "born": "birth_date", "street": "street", "city": "city", "postal": "postal_code", "country": "country"}');
DELETE FROM geo.stores;
INSERT INTO geo.stores VALUES ('Centro', -33.44, -70.65), ('Puerto Montt', -41.4717, -72.9369);
SELECT cdp.add_stores('geo.stores', latitude => 'lat', longitude => 'lon');
SELECT cdp.add_demographics();
SELECT cdp.add_demographics();
CALL cdp.refresh();
INSERT INTO cdp_data.household (household_id) VALUES (7) ON CONFLICT DO NOTHING;
DELETE FROM cdp_data.household_member;
INSERT INTO cdp_data.household_member (household_id, profile_id, probability, since) SELECT 7, profile_id, 0.9, now() FROM cdp_data.profile WHERE family_name = 'Rojas';
SELECT enrichment, people, problem FROM cdp.enrich('household_size');
SELECT given_name, details ->> 'latitude' AS latitude, details ->> 'geo_precision' AS geo_precision, details ->> 'nearest_store' AS store, details ->> 'store_distance_km' AS km, details ->> 'household_size' AS household,
       details ->> 'age_band' IS NOT DISTINCT FROM cdp.age_band(birth_date) AS age_is_right FROM cdp_data.profile ORDER BY 1;
SELECT cdp.define_segment('near', 'store_distance_km < 10 and household_size >= 2');
SELECT segment, members FROM cdp.refresh_segments();
SELECT round((cdp.geo_distance(-33.4543, -70.5937, -33.44, -70.65) / 1000)::numeric, 1) AS ana_to_centro;

-- Easter: published dates, and always a Sunday from 22 March to 25 April.
SELECT cdp.easter(1961), cdp.easter(2000), cdp.easter(2008), cdp.easter(2019), cdp.easter(2024), cdp.easter(2025), cdp.easter(2026), cdp.easter(2038);
SELECT bool_and(date_part('isodow', cdp.easter(y)) = 7 AND to_char(cdp.easter(y), 'MMDD') BETWEEN '0322' AND '0425') AS sundays, count(DISTINCT to_char(cdp.easter(y), 'MMDD')) AS days FROM generate_series(1583, 4099) y;
SELECT cdp.easter(1500);
-- Holidays as published for two years and more of each country.
CREATE TEMP TABLE published (country text, year int, days text);
INSERT INTO published VALUES
    ('CL', 2023, '01-01 01-02 04-07 04-08 05-01 05-21 06-21 06-26 07-16 08-15 09-18 09-19 10-09 10-27 11-01 12-08 12-25'),
    ('CL', 2024, '01-01 03-29 03-30 05-01 05-21 06-20 06-29 07-16 08-15 09-18 09-19 09-20 10-12 10-31 11-01 12-08 12-25'),
    ('CL', 2025, '01-01 04-18 04-19 05-01 05-21 06-20 06-29 07-16 08-15 09-18 09-19 10-12 10-31 11-01 12-08 12-25'),
    ('US', 2021, '01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31'),
    ('US', 2023, '01-01 01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-11 11-23 12-25'),
    ('US', 2024, '01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25'),
    ('GB', 2021, '01-01 04-02 04-05 05-03 05-31 08-30 12-25 12-26 12-27 12-28'),
    ('GB', 2022, '01-01 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-25 12-26 12-27'),
    ('GB', 2023, '01-01 01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26'),
    ('GB', 2024, '01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26'),
    ('DE', 2023, '01-01 04-07 04-10 05-01 05-18 05-29 10-03 12-25 12-26'),
    ('DE', 2024, '01-01 03-29 04-01 05-01 05-09 05-20 10-03 12-25 12-26'),
    ('ES', 2023, '01-01 01-06 04-07 05-01 08-15 10-12 11-01 12-06 12-08 12-25'),
    ('ES', 2024, '01-01 01-06 03-29 05-01 08-15 10-12 11-01 12-06 12-08 12-25'),
    ('FR', 2023, '01-01 04-10 05-01 05-08 05-18 05-29 07-14 08-15 11-01 11-11 12-25'),
    ('FR', 2024, '01-01 04-01 05-01 05-08 05-09 05-20 07-14 08-15 11-01 11-11 12-25'),
    ('MX', 2023, '01-01 02-06 03-20 05-01 09-16 11-20 12-25'),
    ('MX', 2024, '01-01 02-05 03-18 05-01 09-16 10-01 11-18 12-25'),
    ('BR', 2023, '01-01 04-07 04-21 05-01 09-07 10-12 11-02 11-15 12-25'),
    ('BR', 2024, '01-01 03-29 04-21 05-01 09-07 10-12 11-02 11-15 11-20 12-25'),
    ('AR', 2023, '01-01 02-20 02-21 03-24 04-02 04-07 05-01 05-25 06-17 06-20 07-09 08-21 10-16 11-20 12-08 12-25'),
    ('AR', 2024, '01-01 02-12 02-13 03-24 03-29 04-02 05-01 05-25 06-17 06-20 07-09 08-17 10-12 11-18 12-08 12-25');
SELECT p.country, p.year, p.days AS published, c.days AS computed FROM published p, LATERAL (SELECT string_agg(DISTINCT to_char(h.day, 'MM-DD'), ' ') AS days FROM cdp.holidays(p.country, p.year) h) c WHERE p.days IS DISTINCT FROM c.days;
SELECT country, count(*) AS years FROM published GROUP BY country ORDER BY country;
SELECT day, name, is_observed FROM cdp.holidays('United States', 2021) ORDER BY day, name;
-- Every year works, in the year, without a day twice under one name.
SELECT c, min(n), max(n), bool_and(fits) AS fits FROM unnest(ARRAY['AR', 'BR', 'CL', 'DE', 'ES', 'FR', 'GB', 'MX', 'US']) c, LATERAL (
    SELECT y, count(*) AS n, bool_and(date_part('year', h.day) = y) AND count(*) = count(DISTINCT (h.day, h.name)) AS fits FROM generate_series(2000, 2100) y, LATERAL cdp.holidays(c, y) h GROUP BY y) x GROUP BY c ORDER BY c;
-- The solstice by published instants: 2021-06-21 03:32, 2023-06-21 14:58, 2024-06-20 20:51, 2025-06-21 02:42, 2028-06-20 20:02 UTC.
SELECT y, cdp._june_solstice(y, 'UTC') AS utc, cdp._june_solstice(y, 'America/Santiago') AS santiago FROM unnest(ARRAY[2021, 2023, 2024, 2025, 2028]) y;
SELECT cdp.holidays('PE', 2024);
SELECT cdp.holidays('CL', 1999);
SELECT cdp.is_holiday('CL', '2024-09-20'), cdp.is_holiday('Chile', '2024-09-21'), cdp.is_holiday('CL', NULL) IS NULL AS unknown;
SELECT cdp.add_holidays('CL', 2024), cdp.add_holidays('CL', 2024) AS again;
INSERT INTO cdp_data.holiday (country, day, name) VALUES ('CL', '2024-06-09', 'Primary election'), ('PE', '2024-07-28', 'Independence Day');
SELECT cdp.is_holiday('CL', '2024-06-09'), cdp.is_holiday('CL', '2024-09-20') AS computed, cdp.is_holiday('PE', '2024-07-28') AS peru;
SELECT cdp.is_holiday('PE', '2025-07-28');

-- Browsers and campaigns.
SELECT * FROM cdp.parse_user_agent('Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36');
SELECT * FROM cdp.parse_user_agent('Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)');
SELECT * FROM cdp.parse_user_agent(NULL);
SELECT * FROM cdp.parse_utm('https://shop.example/?utm_source=news&utm_medium=email&utm_campaign=Rebajas+de+a%C3%B1o&gclid=x1');
SELECT * FROM cdp.parse_utm('https://shop.example/', referrer => 'https://www.google.cl/');
SELECT * FROM cdp.parse_utm(NULL);
