-- Rounds of random changes to everything that is evidence by rule: blocked values, limits, devices and their times, verified ids,
-- decisions. After each the people of a run over the changes are those of a full run.
CREATE EXTENSION cdp;
\pset footer off
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT cdp.install() LIKE 'store installed%' AS installed;
CREATE FUNCTION pick(n int, VARIADIC what text[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT abs(('x' || substr(md5(array_to_string(what, ' ')), 1, 7))::bit(28)::int) % n $$;
CREATE FUNCTION word(n int, VARIADIC what text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT initcap(translate(substr(md5('w' || pick(n, VARIADIC what)), 1, 7), '0123456789', 'klmnopqrst')) $$;
CREATE FUNCTION rut(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT n || '-' || substr('0K987654321', 1 + (SELECT sum(substr(reverse(n::text), i, 1)::int * (2 + (i - 1) % 6)) FROM generate_series(1, length(n::text)) i)::int % 11, 1) $$;
CREATE TABLE crm (id text PRIMARY KEY, given text, family text, mail text, phone text, born date, nid text, login text, card text);
CREATE TABLE web (n int PRIMARY KEY, message jsonb);
-- The row of somebody in a round: numbers and logins are few, so that many share them.
CREATE FUNCTION row_of(id text, p int, r int) RETURNS SETOF crm LANGUAGE sql IMMUTABLE AS $$
    SELECT id, CASE WHEN pick(6, id, r::text, 'g') > 0 THEN word(40, p::text, 'g') END, CASE WHEN pick(6, id, r::text, 'f') > 0 THEN word(60, p::text, 'f') END,
           CASE pick(4, id, r::text, 'm') WHEN 0 THEN 'team' || p % 7 || '@example.com' WHEN 1 THEN 'p' || p || '@example.com' END, CASE pick(4, id, r::text, 'p') WHEN 0 THEN '+5696100' || lpad((p % 40)::text, 4, '0') END,
           CASE WHEN pick(2, id, r::text, 'b') > 0 THEN date '1950-01-01' + pick(15000, p::text, 'b') END, CASE WHEN pick(2, id, r::text, 'n') > 0 THEN rut(9000000 + 7919 * p) WHEN pick(12, id, r::text, 'n') = 0 THEN rut(9000000 + 7919 * (p % 9)) END,
           CASE WHEN pick(8, id, r::text, 'l') = 0 THEN 'login' || pick(12, id, r::text, 'lw') END, CASE WHEN pick(10, id, r::text, 'c') = 0 THEN 'card' || p % 30 END $$;
CREATE FUNCTION visit(n int, r int) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('type', 'page', 'name', 'Home', 'messageId', n, 'anonymousId', 'dev' || pick(25, n::text, 'd'), 'timestamp', timestamptz '2020-01-01' + pick(1500, n::text, r::text, 't') * interval '1 day',
        'userId', CASE WHEN pick(3, n::text, 'u') = 0 THEN 'login' || pick(12, n::text, 'w') END)) $$;
INSERT INTO crm SELECT n.* FROM generate_series(1, 220) i, row_of('c' || i, 1 + i * 7 % 120, 0) n;
INSERT INTO web SELECT n, visit(n, 0) FROM generate_series(1, 60) n;
SELECT count(target) FROM cdp.add_source('crm', 'crm', key => 'id', country => 'CL', mapping => '{"given": "given_name", "family": "family_name", "mail": "email", "phone": "phone", "born": "birth_date", "nid": "national_id", "login": "user_id", "card": "loyalty_id"}');
SELECT count(*) FROM cdp.add_source('web', 'web', key => 'n', kind => 'messages', mapping => '{"message": "message"}');
UPDATE cdp_data.setting SET value = '0' WHERE name = 'match_retrain_growth';
UPDATE cdp_data.attribute SET max_records = 8 WHERE identifies IS NOT NULL;
SELECT rows_rejected FROM cdp.ingest('crm');
SELECT rows_rejected FROM cdp.ingest('web');
CALL cdp.resolve() \g /dev/null
CREATE TABLE outcome (round int, mode text, what text, moved bigint, wrong_people bigint, wrong_status bigint, wrong_links bigint);
DO $$
DECLARE
    what text;
    v record;
    mode text;
    moved bigint;
BEGIN
    FOR r IN 1 .. 30 LOOP
        what := '';
        IF pick(2, r::text, 'rows') = 0 THEN
            what := what || ' rows';
            DELETE FROM crm WHERE pick(25, id, r::text) = 0;
            INSERT INTO crm SELECT n.* FROM generate_series(1, 220) i, row_of('c' || i, CASE WHEN pick(3, i::text, r::text, 'who') = 0 THEN 1 + pick(120, i::text, r::text) ELSE 1 + i * 7 % 120 END, r) n ON CONFLICT DO NOTHING;
        END IF;
        IF pick(2, r::text, 'visits') = 0 THEN
            what := what || ' visits';
            INSERT INTO web SELECT n, visit(n, r) FROM generate_series(60 + 10 * r, 64 + 10 * r) n;
        END IF;
        PERFORM cdp.ingest('crm'), cdp.ingest('web');
        IF pick(3, r::text, 'gone') = 0 THEN
            what := what || ' gone';
            DELETE FROM cdp_data.record d WHERE pick(40, d.source_key, r::text) = 0 AND NOT EXISTS (SELECT FROM cdp_data.event e WHERE e.record_id = d.record_id);
            DELETE FROM cdp_data.record_identifier d WHERE pick(25, d.value, d.record_id::text, r::text) = 0;
        END IF;
        IF pick(2, r::text, 'block') = 0 THEN
            SELECT * INTO v FROM (SELECT 'email' AS kind, email AS value FROM cdp_data.record WHERE email IS NOT NULL UNION SELECT 'phone', phone FROM cdp_data.record WHERE phone IS NOT NULL
                UNION SELECT 'national_id', national_id FROM cdp_data.record WHERE national_id IS NOT NULL UNION SELECT kind, value FROM cdp_data.record_identifier
                UNION SELECT 'email_local', split_part(email, '@', 1) FROM cdp_data.record WHERE email IS NOT NULL) x ORDER BY md5(kind || value || r) LIMIT 1;
            what := what || ' block ' || v.kind;
            PERFORM cdp.block_value(v.kind, v.value);
        END IF;
        IF pick(3, r::text, 'unblock') = 0 THEN
            FOR v IN SELECT b.value_kind, b.value FROM cdp.blocked_values() b ORDER BY md5(b.value || r) LIMIT 1 LOOP
                what := what || ' unblock ' || v.value_kind;
                PERFORM cdp.unblock_value(v.value_kind, v.value);
            END LOOP;
        END IF;
        IF pick(3, r::text, 'limit') = 0 THEN
            what := what || ' limit';
            UPDATE cdp_data.attribute SET max_records = 2 + pick(12, attribute, r::text) WHERE identifies IS NOT NULL AND pick(2, attribute, r::text, 'which') = 0;
        END IF;
        IF pick(4, r::text, 'window') = 0 THEN
            what := what || ' window';
            UPDATE cdp_data.setting SET value = pick(400, r::text, 'days') || ' days' WHERE name = 'device_window';
        END IF;
        CREATE TEMP TABLE earlier ON COMMIT DROP AS SELECT record_id, profile_id FROM cdp_data.record;
        EXECUTE 'CALL cdp.resolve()';
        mode := (SELECT m.mode FROM cdp_data.match_run m ORDER BY run_id DESC LIMIT 1);
        moved := (SELECT count(*) FROM earlier e JOIN cdp_data.record n USING (record_id) WHERE e.profile_id <> n.profile_id);
        CREATE TEMP TABLE people_now ON COMMIT DROP AS SELECT n.record_id, n.profile_id, f.status FROM cdp_data.record n JOIN cdp_data.profile f USING (profile_id);
        CREATE TEMP TABLE links_now ON COMMIT DROP AS SELECT record_a, record_b, levels, reason, is_merged FROM cdp_data.match_edge;
        EXECUTE 'CALL cdp.resolve(mode => ''full'')';
        INSERT INTO outcome SELECT r, mode, what, moved, (SELECT count(*) FROM people_now p JOIN cdp_data.record n USING (record_id) WHERE n.profile_id <> p.profile_id),
            (SELECT count(*) FROM people_now p JOIN cdp_data.record n USING (record_id) JOIN cdp_data.profile f ON f.profile_id = n.profile_id WHERE f.status <> p.status),
            (SELECT count(*) FROM ((TABLE links_now EXCEPT SELECT record_a, record_b, levels, reason, is_merged FROM cdp_data.match_edge)
                                   UNION ALL (SELECT record_a, record_b, levels, reason, is_merged FROM cdp_data.match_edge EXCEPT TABLE links_now)) AS d);
        DROP TABLE earlier, people_now, links_now;
    END LOOP;
END
$$;
-- Only rounds that went wrong.
SELECT round, mode, what, wrong_people, wrong_status, wrong_links FROM outcome WHERE mode = 'changes' AND wrong_people + wrong_status + wrong_links > 0 ORDER BY round;
-- The rounds did what they are for.
SELECT count(*) FILTER (WHERE mode = 'changes') >= 20 AS many_over_changes, sum(moved) > 100 AS many_moved, count(DISTINCT w) >= 10 AS of_many_kinds
FROM outcome, regexp_split_to_table(what, ' ') w;
SELECT count(*) > 0 AS visitors_placed FROM cdp_data.record r JOIN cdp_data.profile f USING (profile_id) WHERE r.source_key ~ '^device' AND f.status = 'active';
SELECT reason, count(*) > 3 AS some FROM cdp_data.match_edge GROUP BY reason ORDER BY reason;
