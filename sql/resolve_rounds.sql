-- Rounds of random changes to 600 records: what must hold after every resolution, and golden records against the plain
-- definition of them.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
SET timezone = 'UTC';
CREATE TABLE a (id int PRIMARY KEY, given text, family text, mail text, phone text, born date, street text, city text, zip text, card text, plan text, changed timestamptz);
CREATE TABLE b (LIKE a INCLUDING ALL);
SELECT cdp.add_attribute('plan');
SELECT count(target) FROM cdp.add_source('a', 'a', priority => 1, mapping => '{"given": "given_name", "family": "family_name", "mail": "email", "phone": "phone", "born": "birth_date", "street": "street", "city": "city", "zip": "postal_code", "card": "loyalty_id", "plan": "plan", "changed": "updated_at"}');
SELECT count(target) FROM cdp.add_source('b', 'b', priority => 1, mapping => '{"given": "given_name", "family": "family_name", "mail": "email", "phone": "phone", "born": "birth_date", "street": "street", "city": "city", "zip": "postal_code", "card": "loyalty_id", "plan": "plan", "changed": "updated_at"}');
-- A number from 0 to n - 1 that depends on its arguments only.
CREATE FUNCTION pick(n int, VARIADIC what text[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT abs(('x' || substr(md5(array_to_string(what, ' ')), 1, 7))::bit(28)::int) % n $$;
CREATE FUNCTION word(n int, VARIADIC what text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT initcap(translate(substr(md5('w' || pick(n, VARIADIC what)), 1, 7), '0123456789', 'klmnopqrst')) $$;
-- The row of person p in table t and round r.
CREATE FUNCTION row_of(t text, id int, p int, r int) RETURNS SETOF a LANGUAGE sql IMMUTABLE AS $$
    SELECT id, CASE WHEN pick(10, t, id::text, r::text, 'g') > 0 THEN word(60, p::text, 'g') END, word(90, p::text, 'f') || CASE pick(5, t, id::text, r::text, 'x') WHEN 0 THEN 'e' ELSE '' END,
           CASE WHEN pick(3, t, id::text, r::text, 'm') > 0 THEN 'p' || p || '@example.com' END, CASE WHEN pick(3, t, id::text, r::text, 'p') > 0 THEN '+5696' || lpad((1000000 + 7919 * p)::text, 7, '0') END,
           CASE WHEN pick(4, t, id::text, r::text, 'b') > 0 THEN date '1950-01-01' + pick(15000, p::text, 'b') END,
           CASE WHEN pick(2, t, id::text, r::text, 's') > 0 THEN 'Street ' || pick(200, p::text, t, 's') END, CASE WHEN pick(4, t, id::text, r::text, 'c') > 0 THEN 'City ' || pick(9, p::text, t, 'c') END,
           CASE WHEN pick(4, t, id::text, r::text, 'z') > 0 THEN (1000000 + pick(200, p::text, t, 's'))::text END, CASE WHEN pick(6, t, id::text, 'k') = 0 THEN 'card ' || p END,
           CASE WHEN pick(3, t, id::text, r::text, 'plan') > 0 THEN word(4, t, id::text, r::text) END,
           timestamptz '2020-01-01' + (250 * r + pick(200, t, id::text, r::text)) * interval '1 day' $$;
CREATE TABLE round_result (round int, changed int, what text, wrong bigint);
CREATE TABLE previous (record_id bigint PRIMARY KEY, profile_id bigint);
DO $$
DECLARE
    records bigint; profiles bigint; created bigint; merged bigint; moved bigint;
    changes int;
BEGIN
    FOR r IN 0 .. 7 LOOP
        IF r = 0 THEN
            INSERT INTO a SELECT n.* FROM generate_series(1, 300) i, row_of('a', i, i, 0) n;
            INSERT INTO b SELECT n.* FROM generate_series(1, 300) i, row_of('b', i, 1 + (i * 7) % 400, 0) n;
        ELSE
            -- Some rows become other people's, some only change, some are new.
            DELETE FROM a WHERE pick(8, id::text, r::text) = 0;
            INSERT INTO a SELECT n.* FROM generate_series(1, 300 + 5 * r) i, row_of('a', i, CASE WHEN pick(3, i::text, r::text, 'who') = 0 THEN 1 + pick(400, i::text, r::text) ELSE i END, r) n ON CONFLICT DO NOTHING;
            UPDATE b SET card = CASE pick(2, id::text, r::text, 'k') WHEN 0 THEN 'card ' || pick(300, id::text, r::text) END WHERE pick(30, id::text, r::text) = 0;
        END IF;
        PERFORM cdp.ingest('a');
        PERFORM cdp.ingest('b');
        CALL cdp.resolve(records, profiles, created, merged, moved);
        SELECT count(*) INTO changes FROM previous p JOIN cdp_data.record n USING (record_id) WHERE n.profile_id <> p.profile_id;
        INSERT INTO round_result
        SELECT r, changes, what, wrong FROM (VALUES
            ('records without a profile', (SELECT count(*) FROM cdp_data.record n LEFT JOIN cdp_data.profile f USING (profile_id) WHERE f.profile_id IS NULL)),
            ('profiles without a record', (SELECT count(*) FROM cdp_data.profile f WHERE NOT EXISTS (SELECT FROM cdp_data.record n WHERE n.profile_id = f.profile_id))),
            ('counts that CALL tells wrong', (SELECT abs((SELECT count(*) FROM cdp_data.record n LEFT JOIN previous p USING (record_id) WHERE n.profile_id IS DISTINCT FROM p.profile_id) - moved)
                                                   + abs((SELECT count(*) FROM cdp_data.profile f WHERE f.profile_id > coalesce((SELECT max(p.profile_id) FROM previous p), 0)) - created)
                                                   + CASE WHEN r > 0 THEN 0 ELSE abs((SELECT count(*) FROM cdp_data.record) - records) + abs((SELECT count(*) FROM cdp_data.profile) - profiles) END)),
            ('aliases of the living', (SELECT count(*) FROM cdp_data.profile_alias JOIN cdp_data.profile USING (profile_id))),
            ('aliases that lead nowhere', (SELECT count(*) FROM cdp_data.profile_alias l WHERE NOT EXISTS (SELECT FROM cdp_data.profile f WHERE f.profile_id = l.survivor_id))),
            ('profiles gone without an alias', (SELECT count(DISTINCT p.profile_id) FROM previous p WHERE NOT EXISTS (SELECT FROM cdp_data.profile f WHERE f.profile_id = p.profile_id)
                                                AND NOT EXISTS (SELECT FROM cdp_data.profile_alias l WHERE l.profile_id = p.profile_id))),
            ('moves without a change on record', (SELECT count(*) FROM previous p JOIN cdp_data.record n USING (record_id) WHERE n.profile_id <> p.profile_id
                                                  AND NOT EXISTS (SELECT FROM cdp_data.identity_change c WHERE n.record_id = ANY (c.record_ids)
                                                                  AND c.profile_id IN (n.profile_id, p.profile_id) AND c.other_profile_id IN (n.profile_id, p.profile_id)))),
            ('survivors that are not the oldest', (SELECT count(*) FROM (
                SELECT n.profile_id FROM cdp_data.record n JOIN previous p USING (record_id)
                GROUP BY n.profile_id
                HAVING n.profile_id NOT IN (SELECT q.profile_id FROM previous q) AND count(DISTINCT p.profile_id) > 0
                   -- A new id, although an old profile lost all of its records to this one alone.
                   AND EXISTS (SELECT FROM unnest(array_agg(DISTINCT p.profile_id)) o
                               WHERE NOT EXISTS (SELECT FROM previous q JOIN cdp_data.record m USING (record_id) WHERE q.profile_id = o AND m.profile_id <> n.profile_id))) AS w)),
            ('golden records other than defined', (SELECT count(*) FROM cdp_data.profile f WHERE
                f.given_name IS DISTINCT FROM (SELECT n.given_name FROM cdp_data.record n JOIN cdp_data.source s USING (source_id) WHERE n.profile_id = f.profile_id AND n.given_name IS NOT NULL
                                               ORDER BY s.priority, n.source_updated_at DESC, n.record_id LIMIT 1)
                OR f.email IS DISTINCT FROM (SELECT n.email FROM cdp_data.record n JOIN cdp_data.source s USING (source_id) WHERE n.profile_id = f.profile_id AND n.email IS NOT NULL
                                             ORDER BY s.priority, n.source_updated_at DESC, n.record_id LIMIT 1)
                OR f.birth_date IS DISTINCT FROM (SELECT n.birth_date FROM cdp_data.record n JOIN cdp_data.source s USING (source_id) WHERE n.profile_id = f.profile_id AND n.birth_date IS NOT NULL
                                                  ORDER BY s.priority, n.source_updated_at DESC, n.record_id LIMIT 1)
                OR f.details ->> 'plan' IS DISTINCT FROM (SELECT n.details ->> 'plan' FROM cdp_data.record n JOIN cdp_data.source s USING (source_id) WHERE n.profile_id = f.profile_id AND n.details ? 'plan'
                                                          ORDER BY s.priority, n.source_updated_at DESC, n.record_id LIMIT 1)
                OR (f.street, f.city, f.postal_code) IS DISTINCT FROM (SELECT (n.street, n.city, n.postal_code) FROM cdp_data.record n JOIN cdp_data.source s USING (source_id) WHERE n.profile_id = f.profile_id
                    ORDER BY n.street IS NULL, n.city IS NULL AND n.postal_code IS NULL, s.priority, n.source_updated_at DESC, n.record_id LIMIT 1)
                OR (f.record_count, f.source_count) IS DISTINCT FROM (SELECT (count(*)::int, count(DISTINCT n.source_id)::int) FROM cdp_data.record n WHERE n.profile_id = f.profile_id)))) AS v(what, wrong);
        TRUNCATE previous;
        INSERT INTO previous SELECT n.record_id, n.profile_id FROM cdp_data.record n;
    END LOOP;
END
$$;
SELECT what, sum(wrong) AS wrong FROM round_result GROUP BY what ORDER BY what COLLATE "C";
-- The rounds did what they are for.
SELECT count(DISTINCT round) AS rounds, min(changed) FILTER (WHERE round > 0) > 0 AS each_moved_some FROM round_result;
SELECT change, count(*) > 5 AS often FROM cdp_data.identity_change GROUP BY change ORDER BY change;
SELECT count(*) FILTER (WHERE record_count > 1) > 100 AS many_are_merged FROM cdp_data.profile;
-- Rounds resolve what has changed, with the result of one run over everything.
SELECT mode, count(*) > 0 AS some, bool_and(records < (SELECT count(*) FROM cdp_data.record) / 2) AS few_looked_at FROM cdp_data.match_run GROUP BY mode ORDER BY mode;
CREATE TABLE edge_before AS SELECT * FROM cdp_data.match_edge;
-- Who lives together, too (household_rounds.sql has many who do).
SELECT count(*) AS not_of_living_people FROM cdp_data.household_link l WHERE (SELECT count(*) FROM cdp_data.profile f WHERE f.profile_id IN (l.profile_a, l.profile_b)) < 2;
SELECT count(*) AS homes_of_one FROM cdp_data.household h WHERE (SELECT count(*) FROM cdp_data.household_member m WHERE m.household_id = h.household_id AND m.until IS NULL) < 2;
CREATE TABLE household_before AS
SELECT 'edge' AS what, e::text AS row FROM cdp_data.household_edge e UNION ALL SELECT 'link', l::text FROM cdp_data.household_link l UNION ALL SELECT 'member', m::text FROM cdp_data.household_member m;
CALL cdp.resolve(mode => 'full') \g /dev/null
SELECT count(*) AS different FROM cdp_data.record n JOIN previous p USING (record_id) WHERE n.profile_id <> p.profile_id;
SELECT count(*) AS different FROM (
    (SELECT record_a, record_b, probability, levels, reason, is_merged FROM edge_before EXCEPT SELECT record_a, record_b, probability, levels, reason, is_merged FROM cdp_data.match_edge)
    UNION ALL (SELECT record_a, record_b, probability, levels, reason, is_merged FROM cdp_data.match_edge EXCEPT SELECT record_a, record_b, probability, levels, reason, is_merged FROM edge_before)) AS d;
CREATE VIEW household_now AS
SELECT 'edge' AS what, e::text AS row FROM cdp_data.household_edge e UNION ALL SELECT 'link', l::text FROM cdp_data.household_link l UNION ALL SELECT 'member', m::text FROM cdp_data.household_member m;
SELECT count(*) AS different FROM ((TABLE household_before EXCEPT TABLE household_now) UNION ALL (TABLE household_now EXCEPT TABLE household_before)) AS d;
SELECT count(*) AS different FROM cdp_data.match_edge e JOIN edge_before b USING (record_a, record_b) WHERE e.household IS DISTINCT FROM b.household;
DROP VIEW household_now;
-- In a store of its own, the last round gives the same people: history changes ids, not who is together.
CREATE TABLE together AS SELECT DISTINCT min(s.name || n.source_key) OVER (PARTITION BY n.profile_id) AS first, s.name || n.source_key AS record FROM cdp_data.record n JOIN cdp_data.source s USING (source_id)
WHERE (s.name = 'a' AND EXISTS (SELECT FROM a WHERE a.id::text = n.source_key)) OR (s.name = 'b');
CREATE TABLE mapping_kept AS SELECT s.name, m.column_name, m.target FROM cdp_data.mapping m JOIN cdp_data.source s USING (source_id);
SELECT cdp.uninstall('cdp_data');
SELECT cdp.install() LIKE 'store installed%' AS installed;
SELECT cdp.add_attribute('plan');
SELECT count(*) FROM (SELECT name, jsonb_object_agg(column_name, target) AS mapping FROM mapping_kept GROUP BY name) m, cdp.add_source(m.name, m.name, mapping => m.mapping, priority => 1);
SELECT rows_rejected FROM cdp.ingest('b');
SELECT rows_rejected FROM cdp.ingest('a');
CALL cdp.resolve() \g /dev/null
SELECT count(*) AS different FROM (
    SELECT min(s.name || n.source_key) OVER (PARTITION BY n.profile_id) AS first, s.name || n.source_key AS record FROM cdp_data.record n JOIN cdp_data.source s USING (source_id)
    EXCEPT SELECT first, record FROM together) AS d;
