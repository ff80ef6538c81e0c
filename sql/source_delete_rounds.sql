-- Rounds of deletes and returns at two sources: who is who after each round is what a run over everything, and what a store
-- that never saw the deleted rows, would say.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
SET timezone = 'UTC';
SET client_min_messages = warning;
CREATE TABLE a (id int PRIMARY KEY, given text, family text, mail text, phone text, born date, street text, zip text, card text, may_mail text);
CREATE TABLE b (LIKE a INCLUDING ALL);
CREATE FUNCTION pick(n int, VARIADIC what text[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT ('x' || substr(md5(array_to_string(what, ' ')), 1, 7))::bit(28)::int % n $$;
CREATE FUNCTION word(n int, VARIADIC what text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT initcap(translate(substr(md5('w' || pick(n, VARIADIC what)), 1, 7), '0123456789', 'klmnopqrst')) $$;
-- Row of person p in table t.
CREATE FUNCTION row_of(t text, id int, p int) RETURNS SETOF a LANGUAGE sql IMMUTABLE AS $$
    SELECT id, word(60, p::text, 'g'), word(90, p::text, 'f') || CASE pick(5, t, id::text, 'x') WHEN 0 THEN 'e' ELSE '' END,
           CASE WHEN pick(3, t, id::text, 'm') > 0 THEN 'p' || p || '@example.com' END, CASE WHEN pick(3, t, id::text, 'p') > 0 THEN '+5696' || lpad((1000000 + 7919 * p)::text, 7, '0') END,
           CASE WHEN pick(4, t, id::text, 'b') > 0 THEN date '1950-01-01' + pick(15000, p::text, 'b') END,
           CASE WHEN pick(2, t, id::text, 's') > 0 THEN 'Street ' || pick(200, p::text, t, 's') END, CASE WHEN pick(4, t, id::text, 'z') > 0 THEN (1000000 + pick(200, p::text, t, 's'))::text END,
           CASE WHEN pick(4, t, id::text, 'k') = 0 THEN 'card ' || p END, CASE pick(3, p::text, 'may') WHEN 0 THEN 'no' ELSE 'yes' END $$;
CREATE TABLE everybody AS SELECT 'a' AS t, n.* FROM generate_series(1, 250) i, row_of('a', i, i) n UNION ALL SELECT 'b', n.* FROM generate_series(1, 250) i, row_of('b', i, 1 + (i * 7) % 320) n;
SELECT count(*) FROM unnest(ARRAY['a', 'b']) s, cdp.add_source(s, s, priority => CASE s WHEN 'a' THEN 1 ELSE 2 END, deletes => 'snapshot',
    mapping => '{"given": "given_name", "family": "family_name", "mail": "email", "phone": "phone", "born": "birth_date", "street": "street", "zip": "postal_code", "card": "loyalty_id", "may_mail": "consent_email"}');
CREATE TABLE round_result (round int, what text, wrong bigint);
CREATE TABLE gone_ever (t text, id int, PRIMARY KEY (t, id));
CREATE TABLE blocked (record_id bigint PRIMARY KEY); -- was refused, in whatever round
CREATE VIEW live_together AS
SELECT (SELECT string_agg(s.name || r.source_key, ' ' ORDER BY s.name || r.source_key) FROM cdp_data.record r JOIN cdp_data.source s USING (source_id) WHERE r.profile_id = f.profile_id AND r.deleted_at IS NULL) AS line
FROM cdp_data.profile f WHERE f.status <> 'deleted';
DO $$
DECLARE
    records bigint; profiles bigint; created bigint; merged bigint; moved bigint;
BEGIN
    FOR r IN 0 .. 6 LOOP
        DELETE FROM a;
        DELETE FROM b;
        INSERT INTO a SELECT (row_of('a', id, id)).* FROM everybody WHERE t = 'a' AND (r = 0 OR pick(6, 'a', id::text, r::text) > 0);
        INSERT INTO b SELECT (row_of('b', id, 1 + (id * 7) % 320)).* FROM everybody WHERE t = 'b' AND (r = 0 OR pick(6, 'b', id::text, r::text) > 0);
        INSERT INTO gone_ever SELECT t, id FROM everybody e WHERE NOT EXISTS (SELECT FROM a WHERE e.t = 'a' AND a.id = e.id) AND NOT EXISTS (SELECT FROM b WHERE e.t = 'b' AND b.id = e.id) ON CONFLICT DO NOTHING;
        PERFORM cdp.ingest('a', max_deleted => 1), cdp.ingest('b', max_deleted => 1);
        CALL cdp.resolve(records, profiles, created, merged, moved);
        INSERT INTO round_result VALUES
            (r, 'deleted records among the living', (SELECT count(*) FROM cdp_data.record n JOIN cdp_data.profile f USING (profile_id) WHERE n.deleted_at IS NOT NULL AND f.status <> 'deleted')),
            (r, 'living records of the deleted', (SELECT count(*) FROM cdp_data.record n JOIN cdp_data.profile f USING (profile_id) WHERE n.deleted_at IS NULL AND f.status = 'deleted')),
            (r, 'records without a profile', (SELECT count(*) FROM cdp_data.record n LEFT JOIN cdp_data.profile f USING (profile_id) WHERE f.profile_id IS NULL)),
            (r, 'deleted records in the match engine', (SELECT count(*) FROM cdp_data.match_record m JOIN cdp_data.record n USING (record_id) WHERE n.deleted_at IS NOT NULL)),
            (r, 'deleted records that are linked', (SELECT count(*) FROM cdp_data.match_edge e JOIN cdp_data.record n ON n.record_id IN (e.record_a, e.record_b) WHERE n.deleted_at IS NOT NULL)),
            (r, 'rows that are not live records', (SELECT abs((SELECT count(*) FROM a) + (SELECT count(*) FROM b) - (SELECT count(*) FROM cdp_data.record WHERE deleted_at IS NULL)))),
            (r, 'reachable through the deleted', (SELECT count(*) FROM cdp_data.reachable x JOIN cdp_data.profile f USING (profile_id) WHERE NOT EXISTS (SELECT FROM cdp_data.record n WHERE n.profile_id = f.profile_id AND n.deleted_at IS NULL AND n.email = x.address))),
            (r, 'refused before, but reachable', (SELECT count(*) FROM cdp_data.reachable x WHERE x.profile_id IN (SELECT n.profile_id FROM blocked k JOIN cdp_data.record n USING (record_id) WHERE n.deleted_at IS NULL))),
            (r, 'golden records other than defined', (SELECT count(*) FROM cdp_data.profile f WHERE
                f.family_name IS DISTINCT FROM (SELECT n.family_name FROM cdp_data.record n JOIN cdp_data.source s USING (source_id) WHERE n.profile_id = f.profile_id AND n.family_name IS NOT NULL AND n.deleted_at IS NULL ORDER BY s.priority, n.updated_at DESC, n.record_id LIMIT 1)
                OR f.email IS DISTINCT FROM (SELECT n.email FROM cdp_data.record n JOIN cdp_data.source s USING (source_id) WHERE n.profile_id = f.profile_id AND n.email IS NOT NULL AND n.deleted_at IS NULL ORDER BY s.priority, n.updated_at DESC, n.record_id LIMIT 1)
                OR (f.record_count, f.source_count) IS DISTINCT FROM (SELECT (count(*)::int, count(DISTINCT n.source_id)::int) FROM cdp_data.record n WHERE n.profile_id = f.profile_id AND n.deleted_at IS NULL)));
        INSERT INTO blocked SELECT n.record_id FROM cdp_data.record n CROSS JOIN LATERAL cdp.consent_state(n.profile_id) c WHERE n.deleted_at IS NULL AND NOT c.is_granted ON CONFLICT DO NOTHING;
    END LOOP;
END
$$;
SELECT what, sum(wrong) AS wrong FROM round_result GROUP BY what ORDER BY what COLLATE "C";
SELECT count(*) FILTER (WHERE deleted_at IS NOT NULL) > 40 AS some_are_deleted, (SELECT count(*) > 100 FROM blocked) AS many_refused, (SELECT count(*) > 50 FROM cdp_data.reachable) AS many_are_reachable FROM cdp_data.record;
SELECT (SELECT count(*) FROM gone_ever) > 200 AS many_were, count(*) FILTER (WHERE line LIKE '% %') > 50 AS many_are_together FROM live_together;
-- A run over everything changes nothing.
CREATE TABLE previous AS SELECT record_id, profile_id FROM cdp_data.record;
CREATE TABLE status_before AS SELECT profile_id, status FROM cdp_data.profile;
CALL cdp.resolve(mode => 'full') \g /dev/null
SELECT count(*) AS different FROM cdp_data.record n JOIN previous p USING (record_id) WHERE n.profile_id <> p.profile_id;
SELECT count(*) AS different FROM cdp_data.profile f FULL JOIN status_before b USING (profile_id) WHERE f.status IS DISTINCT FROM b.status;
CREATE TABLE together AS TABLE live_together;
-- A store under the same model that never saw the deleted: the same people. The model is trained on everybody, as it was above.
SELECT cdp.uninstall('cdp_data');
SELECT cdp.install() LIKE 'store installed%' AS installed;
CREATE TABLE kept_a AS TABLE a;
CREATE TABLE kept_b AS TABLE b;
TRUNCATE a, b;
INSERT INTO a SELECT (row_of('a', id, id)).* FROM everybody WHERE t = 'a';
INSERT INTO b SELECT (row_of('b', id, 1 + (id * 7) % 320)).* FROM everybody WHERE t = 'b';
SELECT count(*) FROM unnest(ARRAY['a', 'b']) s, cdp.add_source(s, s, priority => CASE s WHEN 'a' THEN 1 ELSE 2 END,
    mapping => '{"given": "given_name", "family": "family_name", "mail": "email", "phone": "phone", "born": "birth_date", "street": "street", "zip": "postal_code", "card": "loyalty_id", "may_mail": "consent_email"}');
SELECT count(*) FROM unnest(ARRAY['a', 'b']) s, cdp.ingest(s);
CALL cdp.resolve() \g /dev/null
DELETE FROM cdp_data.consent;
DELETE FROM cdp_data.record r USING cdp_data.source s WHERE s.source_id = r.source_id AND NOT EXISTS (SELECT FROM kept_a k WHERE s.name = 'a' AND k.id::text = r.source_key) AND NOT EXISTS (SELECT FROM kept_b k WHERE s.name = 'b' AND k.id::text = r.source_key);
CALL cdp.resolve(mode => 'full') \g /dev/null
CREATE VIEW live_together AS
SELECT (SELECT string_agg(s.name || r.source_key, ' ' ORDER BY s.name || r.source_key) FROM cdp_data.record r JOIN cdp_data.source s USING (source_id) WHERE r.profile_id = f.profile_id AND r.deleted_at IS NULL) AS line
FROM cdp_data.profile f WHERE f.status <> 'deleted';
SELECT count(*) AS different FROM ((TABLE live_together EXCEPT TABLE together) UNION ALL (TABLE together EXCEPT TABLE live_together)) d;
