-- Rounds of random changes to families: households kept by runs over changes are those of one run over everything, and those
-- of the plain definition.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
SET timezone = 'UTC';
CREATE TABLE crm (id int PRIMARY KEY, given text, family text, mail text, phone text, born date, street text, city text, zip text, changed timestamptz);
CREATE FUNCTION pick(n int, VARIADIC what text[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT abs(('x' || substr(md5(array_to_string(what, ' ')), 1, 7))::bit(28)::int) % n $$;
CREATE FUNCTION word(n int, VARIADIC what text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT initcap(translate(substr(md5('w' || pick(n, VARIADIC what)), 1, 8), '0123456789', 'klmnopqrst')) $$;
-- The record of person p in round r: three people of four live at the home of their family, which is in a block of flats for
-- some; others have moved, and the home moves now and then.
CREATE FUNCTION row_of(id int, p int, r int) RETURNS SETOF crm LANGUAGE sql IMMUTABLE AS $$
    SELECT id, CASE WHEN pick(12, id::text, r::text, 'g') > 0 THEN word(80, p::text, 'g') END, word(150, (p / 4)::text, 'f'),
           CASE WHEN pick(2, id::text, r::text, 'm') > 0 THEN 'p' || p || '@example.com' END,
           CASE WHEN pick(3, id::text, r::text, 'p') = 0 THEN '+5696' || lpad((1000000 + 7919 * h.home)::text, 7, '0') END,
           CASE WHEN pick(4, id::text, r::text, 'b') > 0 THEN date '1950-01-01' + pick(15000, p::text, 'b') END,
           CASE WHEN pick(6, id::text, r::text, 's') > 0 THEN 'Street ' || CASE WHEN h.home % 10 = 0 THEN 'Tower ' || h.home / 50 ELSE word(900, h.home::text, 's') || ' ' || h.home END END,
           'City ' || h.home / 50 % 9, (1000000 + h.home / 50 * 31)::text, timestamptz '2024-01-01' + (r * 100 + pick(90, id::text, r::text)) * interval '1 day'
    FROM (SELECT CASE WHEN pick(6, p::text, (r / 3)::text, 'moved') = 0 THEN 1000 + p ELSE p / 4 + CASE WHEN pick(8, (p / 4)::text, (r / 4)::text, 'home') = 0 THEN 500 ELSE 0 END END AS home) AS h $$;
INSERT INTO crm SELECT n.* FROM generate_series(1, 700) i, row_of(i, 1 + (i * 7) % 480, 0) n;
SELECT count(target) FROM cdp.add_source('crm', 'crm', mapping => '{"given": "given_name", "family": "family_name", "mail": "email", "phone": "phone", "born": "birth_date", "street": "street", "city": "city", "zip": "postal_code", "changed": "updated_at"}');
CREATE TABLE round_result (round int, what text, wrong bigint);
CREATE TABLE previous (household_id bigint, profile_id bigint);
DO $$
DECLARE
    a bigint; b bigint; c bigint; d bigint; e bigint;
    one bigint; other bigint;
BEGIN
    FOR r IN 0 .. 7 LOOP
        IF r > 0 THEN
            DELETE FROM crm WHERE pick(9, id::text, r::text) = 0;
            INSERT INTO crm SELECT n.* FROM generate_series(1, 700 + 10 * r) i, row_of(i, 1 + (i * 7 + CASE WHEN pick(5, i::text, r::text) = 0 THEN r ELSE 0 END) % 480, r) n ON CONFLICT DO NOTHING;
            DELETE FROM cdp_data.record WHERE pick(60, source_key, r::text) = 0;
        END IF;
        PERFORM cdp.ingest('crm');
        -- By hand as well: two who live together become one person, a person of two records two.
        IF r IN (3, 5) THEN
            SELECT profile_a, profile_b INTO one, other FROM cdp_data.household_link l ORDER BY l.profile_a % 17, l.profile_a LIMIT 1;
            PERFORM cdp.merge_profiles(one, other);
            SELECT x.profile_id, min(x.record_id) INTO one, other FROM cdp_data.record x JOIN cdp_data.household_member USING (profile_id) WHERE x.street IS NOT NULL
            GROUP BY x.profile_id HAVING count(*) > 1 ORDER BY x.profile_id % 13, x.profile_id LIMIT 1;
            PERFORM cdp.unmerge_profile(one, ARRAY[other]);
        END IF;
        CALL cdp.resolve(a, b, c, d, e);
        INSERT INTO round_result
        SELECT r, what, wrong FROM (VALUES
            ('people in two households', (SELECT count(*) FROM (SELECT FROM cdp_data.household_member m WHERE m.until IS NULL GROUP BY m.profile_id HAVING count(*) > 1) x)),
            ('households of fewer than two', (SELECT count(*) FROM cdp_data.household h WHERE (SELECT count(*) FROM cdp_data.household_member m WHERE m.household_id = h.household_id AND m.until IS NULL) < 2)),
            ('households too large', (SELECT count(*) FROM (SELECT FROM cdp_data.household_member m WHERE m.until IS NULL GROUP BY m.household_id HAVING count(*) > 10) x)),
            ('links of people who are gone', (SELECT count(*) FROM cdp_data.household_link l WHERE (SELECT count(*) FROM cdp_data.profile f WHERE f.profile_id IN (l.profile_a, l.profile_b)) < 2)),
            ('edges of records that are gone', (SELECT count(*) FROM cdp_data.household_edge l WHERE (SELECT count(*) FROM cdp_data.record f WHERE f.record_id IN (l.record_a, l.record_b)) < 2)),
            ('members linked with no more than half', (SELECT count(*) FROM cdp_data.household_member m WHERE m.until IS NULL
                AND 2 * (SELECT count(*) FROM cdp_data.household_member o JOIN cdp_data.household_link l ON l.profile_a = least(o.profile_id, m.profile_id) AND l.profile_b = greatest(o.profile_id, m.profile_id) AND l.until IS NULL
                         WHERE o.household_id = m.household_id AND o.until IS NULL) = 0)),
            ('former members who never left', (SELECT count(*) FROM cdp_data.household_member m WHERE m.until IS NOT NULL
                AND NOT EXISTS (SELECT FROM cdp_data.household_link l JOIN cdp_data.household_member o ON o.profile_id IN (l.profile_a, l.profile_b) AND o.household_id = m.household_id AND o.until IS NULL
                                WHERE m.profile_id IN (l.profile_a, l.profile_b) AND l.until <= m.until))),
            -- The definition: mean odds over all pairs of records that know a home.
            ('links other than defined', (
                WITH pair AS (SELECT record_a, record_b, probability, levels FROM cdp_data.household_edge UNION ALL SELECT record_a, record_b, household, levels FROM cdp_data.match_edge WHERE NOT is_merged AND household >= 0.5),
                crowded AS (SELECT m.record_id FROM cdp_data.match_record m JOIN cdp_data.crowded_home c ON c.home = hashtextextended(m.street || E'\n' || coalesce(m.postal_code, m.city, ''), 0) WHERE m.street IS NOT NULL),
                knows AS (SELECT n.profile_id, count(*) AS records FROM cdp_data.match_record m JOIN cdp_data.record n USING (record_id) WHERE m.street IS NOT NULL OR m.phone_key IS NOT NULL GROUP BY n.profile_id),
                defined AS (
                    SELECT least(x.profile_id, y.profile_id) AS profile_a, greatest(x.profile_id, y.profile_id) AS profile_b, sum(p.probability / greatest(1 - p.probability, 1e-6)) AS odds,
                           min(greatest(x.source_updated_at, y.source_updated_at)) AS since
                    FROM pair p JOIN cdp_data.record x ON x.record_id = p.record_a JOIN cdp_data.record y ON y.record_id = p.record_b
                    WHERE x.profile_id <> y.profile_id AND (p.levels[5] = 1 OR (p.levels[6] IN (1, 2) AND p.record_a NOT IN (TABLE crowded) AND p.record_b NOT IN (TABLE crowded))) GROUP BY 1, 2)
                SELECT count(*) FROM (SELECT d.profile_a, d.profile_b, d.since, d.odds / (i.records * j.records) AS mean FROM defined d JOIN knows i ON i.profile_id = d.profile_a JOIN knows j ON j.profile_id = d.profile_b) AS d
                FULL JOIN cdp_data.household_link l USING (profile_a, profile_b)
                WHERE (coalesce(d.mean, 0) >= 1) IS DISTINCT FROM (l.probability IS NOT NULL) AND abs(coalesce(d.mean, 0) - 1) > 1e-9
                   OR l.probability IS NOT NULL AND (abs(l.probability - d.mean / (1 + d.mean)) > 1e-9 OR d.since <> l.since))),
            -- A household lives on with most of its people.
            ('households that lost their id', (SELECT count(*) FROM (
                SELECT p.household_id FROM previous p JOIN cdp_data.household_member m ON m.profile_id = p.profile_id AND m.until IS NULL
                WHERE m.household_id <> p.household_id AND NOT EXISTS (SELECT FROM cdp_data.household h WHERE h.household_id = p.household_id)
                  -- All of its people are together under a younger id, or one that had none of them.
                  AND NOT EXISTS (SELECT FROM previous q JOIN cdp_data.household_member o ON o.profile_id = q.profile_id AND o.until IS NULL WHERE q.household_id <> p.household_id AND o.household_id = m.household_id)
                ) AS x))) AS v(what, wrong);
        TRUNCATE previous;
        INSERT INTO previous SELECT m.household_id, m.profile_id FROM cdp_data.household_member m WHERE m.until IS NULL;
    END LOOP;
END
$$;
SELECT what, sum(wrong) AS wrong FROM round_result GROUP BY what ORDER BY what COLLATE "C";
-- The rounds did what they are for.
SELECT (SELECT count(*) FROM cdp_data.household_edge) > 200 AS many_edges, count(*) > 100 AS many_links, count(until) > 10 AS many_ended, count(*) FILTER (WHERE NOT by_address) > 0 AS some_by_phone FROM cdp_data.household_link;
SELECT count(*) FILTER (WHERE until IS NULL) > 80 AS many_members, count(until) > 5 AS some_left FROM cdp_data.household_member;
SELECT max(n) > 2 AS larger_ones FROM (SELECT count(*) AS n FROM cdp_data.household_member WHERE until IS NULL GROUP BY household_id) AS x;
SELECT count(*) > 0 AS some_flats FROM cdp_data.crowded_home;
SELECT mode, count(*) FROM cdp_data.match_run GROUP BY mode ORDER BY mode;
-- One run over everything, under the same model, says the same; addresses that were crowded once stay so.
CREATE VIEW households AS
SELECT 'edge' AS what, e::text AS row FROM cdp_data.household_edge e UNION ALL SELECT 'link', l::text FROM cdp_data.household_link l UNION ALL SELECT 'member', m::text FROM cdp_data.household_member m
UNION ALL SELECT 'crowded', c.home::text FROM cdp_data.crowded_home c;
CREATE TABLE kept AS TABLE households;
CALL cdp.resolve(mode => 'full') \g /dev/null
SELECT what, count(*) AS different FROM ((TABLE kept EXCEPT TABLE households) UNION ALL (TABLE households EXCEPT TABLE kept)) AS d GROUP BY what;
-- Who lives together is of one family, as it was made.
SELECT round(avg((x.family_name = y.family_name)::int), 2) >= 0.95 AS mostly_of_one_family
FROM cdp_data.household_member m JOIN cdp_data.household_member o USING (household_id) JOIN cdp_data.profile x ON x.profile_id = m.profile_id JOIN cdp_data.profile y ON y.profile_id = o.profile_id
WHERE m.profile_id < o.profile_id AND m.until IS NULL AND o.until IS NULL;
