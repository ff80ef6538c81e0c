-- People who live together: found beside the people, never merged because of it, and nothing inherited through it.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
SET timezone = 'UTC';
CREATE TABLE crm (id int PRIMARY KEY, given text, family text, mail text, phone text, born date, street text, city text, zip text, changed timestamptz, consent text);
-- A town of people who live alone, each with two records, so that the model has something to learn from.
INSERT INTO crm
SELECT i * 2 + k, 'Given' || chr(97 + i % 26) || chr(97 + i / 26 % 26), 'Family' || chr(97 + i * 7 % 26) || chr(97 + i / 26 % 26) || chr(97 + i * 3 % 26), 'p' || i || '@example.com', '+5696' || lpad((1000000 + 7919 * i)::text, 7, '0'),
       date '1950-01-01' + i * 37 % 15000, 'Street ' || i * 13 % 997 || chr(97 + i * 11 % 26) || chr(97 + i * 5 % 26) || 'way', 'City ' || chr(97 + i % 26), (1000000 + i * 31 % 5000)::text, timestamptz '2020-01-01' + i * interval '1 day', NULL
FROM generate_series(100, 499) i, generate_series(0, 1) k;
INSERT INTO crm VALUES
    -- A couple and their son of his father's name.
    (1, 'Pedro', 'Rojasvalde', 'pedro@example.org', '+56961230001', '1970-03-04', 'Calle Larga 12', 'Talca', '3460000', '2021-01-01', 'yes'),
    (2, 'Pedro', 'Rojasvalde', NULL, '+56961230001', '1970-03-04', 'Calle Larga 12', 'Talca', '3460000', '2023-01-01', NULL),
    (3, 'Lucia', 'Rojasvalde', 'lucia@example.org', '+56961230002', '1972-08-21', 'Calle Larga 12', 'Talca', '3460000', '2022-05-01', NULL),
    (4, 'Pedro', 'Rojasvalde', 'pedro2@example.org', NULL, '1999-11-30', 'Calle Larga 12', 'Talca', '3460000', '2022-07-01', NULL),
    -- Two sisters, one of whom moved away.
    (5, 'Elena', 'Quirogamar', 'elena@example.org', NULL, '1985-02-02', 'Avenida Corta 7', 'Osorno', '5290000', '2020-02-01', NULL),
    (6, 'Sofia', 'Quirogamar', 'sofia@example.org', NULL, '1988-09-09', 'Avenida Corta 7', 'Osorno', '5290000', '2020-06-01', NULL),
    (7, 'Sofia', 'Quirogamar', 'sofia@example.org', NULL, '1988-09-09', 'Pasaje Nuevo 99', 'Iquique', '1100000', '2024-01-15', NULL),
    -- Their mother, who stays.
    (8, 'Berta', 'Quirogamar', 'berta@example.org', NULL, '1958-12-12', 'Avenida Corta 7', 'Osorno', '5290000', '2021-03-01', NULL);
-- A block of flats, whose people are all called Montespina.
INSERT INTO crm
SELECT 20 + i, 'Resident' || chr(96 + i), 'Montespina', 'flat' || i || '@example.net', NULL, date '1960-01-01' + i * 401, 'Torre Alta 500', 'Arica', '1000000', '2021-01-01', NULL FROM generate_series(1, 14) i;
SELECT count(target) FROM cdp.add_source('crm', 'crm', mapping => '{"given": "given_name", "family": "family_name", "mail": "email", "phone": "phone", "born": "birth_date", "street": "street", "city": "city", "zip": "postal_code", "changed": "updated_at", "consent": "consent_email"}');
SELECT rows_rejected FROM cdp.ingest('crm');
CALL cdp.resolve() \g /dev/null
CREATE FUNCTION who(profile bigint) RETURNS text LANGUAGE sql STABLE AS $$ SELECT string_agg(source_key, '+' ORDER BY source_key::int) FROM cdp_data.record WHERE profile_id = profile $$;
CREATE VIEW homes AS
SELECT m.household_id, who(m.profile_id) AS person, round(m.probability::numeric, 2) AS probability, m.since::date, m.until::date FROM cdp_data.household_member m;
SELECT person, probability, since, until FROM homes ORDER BY household_id, person COLLATE "C";
SELECT count(*) FROM cdp_data.crowded_home;
SELECT * FROM cdp_data.household_link ORDER BY 1,2 LIMIT 20;
