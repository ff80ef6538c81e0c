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
-- A block of flats makes no household, and is known to be one.
SELECT people FROM cdp_data.crowded_home;
-- Of one person, of a household; ids are kept apart from the volatile ones of profiles.
CREATE FUNCTION member_of(key text) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT cdp.household_of(cdp.profile_of('crm', key)) $$;
SELECT member_of('1') = member_of('3') AS couple, member_of('1') = member_of('4') AS son, member_of('5') = member_of('8') AS mother, member_of('6') IS NULL AS moved_away, member_of('200') IS NULL AS alone,
       member_of('1') <> member_of('5') AS two_households;
SELECT who(profile_id) AS person, probability > 0.99 AS sure, since, until, regexp_replace(why, 'with \d+', 'with …', 'g') AS why FROM cdp.household_members(cdp.profile_of('crm', '5')) ORDER BY 1;
SELECT count(*) FROM cdp.household_members(household => member_of('1'));
SELECT count(*) FROM cdp.household_members(cdp.profile_of('crm', '200'));
-- BI: the household is a column of the person and a dimension of its own.
SELECT who(profile_key) AS person, h.member_count, h.former_member_count, h.city, h.since_date FROM cdp_bi.dim_profile p JOIN cdp_bi.dim_household h USING (household_key) ORDER BY who(profile_key) COLLATE "C";
\set SHOW_CONTEXT never
SELECT * FROM cdp.household_members();
SELECT * FROM cdp.household_members(1, 2);
SELECT * FROM cdp.household_members(household => -7);
SELECT cdp.household_of(-7);
SELECT * FROM cdp._group_households('{1,2}', '{3}', '{1}', '{2}', '{1}', 10);
SELECT * FROM cdp._group_households('{1}', '{3}', '{1}', '{2}', '{}', 10);
SELECT count(DISTINCT first_id) AS groups, count(*) AS people FROM cdp._group_households('{1,1,2,7}', '{2,3,3,8}', '{5,5,4,1}', '{4,9,9,2}', '{3,2,1,0}', 10);

-- Consent is of a person: what Pedro agreed to does not reach Lucia or his son, nor does Lucia's refusal reach Pedro.
SELECT cdp.withdraw_consent('lucia@example.org', 'email');
SELECT who(profile_id) AS reachable FROM cdp_data.reachable WHERE channel = 'email' ORDER BY 1;
SELECT count(*) AS of_lucia FROM cdp.consent_state(cdp.profile_of('crm', '3')) WHERE is_granted;
SELECT count(*) AS of_the_son FROM cdp.consent_state(cdp.profile_of('crm', '4'));

-- Decisions of stewards about people, and what they do to households.
CREATE TABLE before AS SELECT m.household_id, m.profile_id, m.probability, m.since, m.until FROM cdp_data.household_member m;
CREATE TABLE id AS SELECT member_of('1') AS couple, member_of('5') AS quiroga, cdp.profile_of('crm', '3') AS lucia, cdp.profile_of('crm', '4') AS son;
SELECT records_moved FROM cdp.merge_profiles((SELECT lucia FROM id), (SELECT son FROM id));
SELECT person, probability, since, until FROM homes WHERE household_id = (SELECT couple FROM id) ORDER BY person COLLATE "C";
SELECT decisions FROM cdp.unmerge_profile((SELECT lucia FROM id), ARRAY(SELECT record_id FROM cdp_data.record WHERE source_key = '4'));
SELECT count(*) AS different FROM (SELECT * FROM before EXCEPT SELECT household_id, profile_id, probability, since, until FROM cdp_data.household_member) d;
SELECT count(*) AS dangling FROM cdp_data.household_link l WHERE NOT EXISTS (SELECT FROM cdp_data.profile f WHERE f.profile_id = l.profile_a) OR NOT EXISTS (SELECT FROM cdp_data.profile f WHERE f.profile_id = l.profile_b);

-- Runs over changes: the mother moves after her daughter, and the sister who stays lives alone.
INSERT INTO crm VALUES (9, 'Berta', 'Quirogamar', 'berta@example.org', NULL, '1958-12-12', 'Pasaje Nuevo 99', 'Iquique', '1100000', '2025-02-01', NULL);
SELECT rows_new FROM cdp.ingest('crm');
CALL cdp.resolve() \g /dev/null
SELECT person, probability, since, until FROM homes WHERE person LIKE '%8%' AND length(person) < 4 OR person LIKE '6%' ORDER BY person COLLATE "C";
SELECT member_of('5') IS NULL AS lives_alone, member_of('8') = member_of('6') AS together_again, member_of('8') = (SELECT quiroga FROM id) AS same_id;
-- Somebody comes, and goes.
INSERT INTO crm VALUES (10, 'Nora', 'Rojasvalde', NULL, NULL, '2003-01-01', 'Calle Larga 12', 'Talca', '3460000', '2025-01-01', NULL);
SELECT rows_new FROM cdp.ingest('crm');
CALL cdp.resolve() \g /dev/null
SELECT count(*), min(m.household_id) = (SELECT couple FROM id) AS same_id FROM cdp.household_members(cdp.profile_of('crm', '10')) m;
DELETE FROM cdp_data.record WHERE source_key IN ('10', '4', '3');
CALL cdp.resolve() \g /dev/null
SELECT count(*) AS left_over FROM cdp_data.household h WHERE h.household_id = (SELECT couple FROM id);
SELECT member_of('1') IS NULL AS lives_alone;
-- People come to an address one by one, until it is a block of flats.
CREATE TABLE neighbours (people int, together bigint);
DO $$
DECLARE
    a bigint; b bigint; c bigint; d bigint; e bigint;
BEGIN
    FOR i IN 1 .. 11 LOOP
        INSERT INTO crm VALUES (40 + i, 'Neighbour' || chr(96 + i), 'Lagosverde', 'n' || i || '@example.net', NULL, date '1961-01-01' + i * 397, 'Calle Honda 77', 'Ancud', '5710000', '2021-01-01', NULL);
        PERFORM cdp.ingest('crm');
        CALL cdp.resolve(a, b, c, d, e);
        INSERT INTO neighbours SELECT i, count(*) FROM generate_series(41, 40 + i) n WHERE member_of(n::text) IS NOT NULL;
    END LOOP;
END
$$;
SELECT string_agg(together::text, ' ' ORDER BY people) AS live_together FROM neighbours;
SELECT mode, count(*) FROM cdp_data.match_run GROUP BY mode ORDER BY mode;
-- As a run over everything under the same model has it.
CREATE TABLE edge_now AS SELECT * FROM cdp_data.household_edge;
CREATE TABLE link_now AS SELECT * FROM cdp_data.household_link;
CREATE TABLE member_now AS SELECT household_id, profile_id, probability, since, until FROM cdp_data.household_member;
CALL cdp.resolve(mode => 'full') \g /dev/null
SELECT count(*) AS edges FROM ((SELECT * FROM edge_now EXCEPT SELECT * FROM cdp_data.household_edge) UNION ALL (SELECT * FROM cdp_data.household_edge EXCEPT SELECT * FROM edge_now)) d;
SELECT count(*) AS links FROM ((SELECT * FROM link_now EXCEPT SELECT * FROM cdp_data.household_link) UNION ALL (SELECT * FROM cdp_data.household_link EXCEPT SELECT * FROM link_now)) d;
SELECT count(*) AS members FROM ((SELECT * FROM member_now EXCEPT SELECT household_id, profile_id, probability, since, until FROM cdp_data.household_member)
                                 UNION ALL (SELECT household_id, profile_id, probability, since, until FROM cdp_data.household_member EXCEPT SELECT * FROM member_now)) d;
-- Another limit counts from the next run over everything on.
UPDATE cdp_data.setting SET value = '12' WHERE name = 'household_max_people';
CALL cdp.resolve(mode => 'full') \g /dev/null
SELECT people FROM cdp_data.crowded_home;
SELECT count(DISTINCT member_of(i::text)) AS households, count(member_of(i::text)) AS people FROM generate_series(41, 51) i;
