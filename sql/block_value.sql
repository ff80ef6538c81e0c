-- Values that identify nobody: blocked by hand, or on more records than their kind allows. A run over the records concerned
-- must end where a full run ends.
CREATE EXTENSION cdp;
\pset footer off
SET client_min_messages = warning;
SELECT cdp.install() LIKE 'store installed%' AS installed;
CREATE FUNCTION pick(n int, VARIADIC what text[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT abs(('x' || substr(md5(array_to_string(what, ' ')), 1, 7))::bit(28)::int) % n $$;
CREATE FUNCTION word(n int, VARIADIC what text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT initcap(translate(substr(md5('w' || pick(n, VARIADIC what)), 1, 7), '0123456789', 'klmnopqrst')) $$;
CREATE TABLE crm (id text PRIMARY KEY, given text, family text, mail text, phone text, born date, city text, nid text, login text, card text, club text, device text);
-- 300 people, every other one twice.
INSERT INTO crm SELECT p || t, word(60, p::text, 'g'), word(90, p::text, 'f'), CASE pick(3, p::text, t, 'm') WHEN 0 THEN NULL ELSE 'p' || p || '@example.com' END,
    CASE pick(3, p::text, t, 'p') WHEN 0 THEN NULL ELSE '+5696' || lpad((1000000 + 7919 * p)::text, 7, '0') END, date '1950-01-01' + pick(15000, p::text, 'b'), 'City ' || pick(9, p::text, 'c'), 'N' || p * 7919
FROM generate_series(1, 300) p, unnest(ARRAY['a', 'b']) t WHERE t = 'a' OR p % 2 = 0;
-- Six for each kind of value who are held together by it: first names alone for what is weighed, strangers for identifiers.
INSERT INTO crm (id, given, family, mail, phone, nid, login, card, club)
SELECT k || n, CASE WHEN k ~ '^(email|phone|nat)' THEN 'Noemi' ELSE word(60, k, n::text, 'g') END, CASE WHEN k ~ '^(email|phone|nat)' THEN NULL ELSE word(90, k, n::text, 'f') END,
    CASE k WHEN 'email' THEN 'office@shop.example' WHEN 'email_local' THEN 'noemi.desk@shop' || n || '.example' END, CASE k WHEN 'phone' THEN '+56222220000' END,
    CASE k WHEN 'national_id' THEN 'X-700' END, CASE k WHEN 'user_id' THEN 'guest' END, CASE k WHEN 'loyalty_id' THEN 'L-1000' END, CASE k WHEN 'club_no' THEN 'C1' END
FROM unnest(ARRAY['email', 'phone', 'national_id', 'email_local', 'user_id', 'loyalty_id', 'club_no']) k, generate_series(1, 6) n;
-- Two visitors on the tablet of the shop, on which one customer once logged in.
INSERT INTO crm (id, given, family, mail, device) VALUES ('device_id1', 'Eva', 'Lund', 'eva@lund.example', 'tablet'), ('device_id2', NULL, NULL, NULL, 'tablet'), ('device_id3', NULL, NULL, NULL, 'tablet');
SELECT cdp.add_attribute('club_no', identifies => 'person', max_records => 6, description => 'Number in the club');
SELECT attribute, data_kind, semantic_type, place, identifies, is_personal, max_records FROM cdp_data.attribute WHERE attribute = 'club_no';
SELECT count(target) FROM cdp.add_source('crm', 'crm', key => 'id', mapping => '{"given": "given_name", "family": "family_name", "mail": "email", "phone": "phone", "born": "birth_date", "city": "city",
    "nid": "national_id", "login": "user_id", "card": "loyalty_id", "club": "club_no", "device": "device_id"}');
SELECT rows_read, rows_rejected FROM cdp.ingest('crm');

CREATE FUNCTION people_of(kind text) RETURNS bigint LANGUAGE sql AS $$
    SELECT count(DISTINCT r.profile_id) FROM cdp_data.record r WHERE r.source_key ~ ('^' || kind || '[0-9]$') $$;
CREATE TABLE outcome (n int GENERATED ALWAYS AS IDENTITY, kind text, what text, run text, looked_at bigint, people bigint, wrong_people bigint, wrong_links bigint);
-- Resolves what has changed, then everything, and compares.
CREATE PROCEDURE resolve_twice(kind text, what text) LANGUAGE plpgsql AS $$
DECLARE
    run cdp_data.match_run;
BEGIN
    EXECUTE 'CALL cdp.resolve()';
    SELECT * INTO run FROM cdp_data.match_run ORDER BY run_id DESC LIMIT 1;
    CREATE TEMP TABLE people_now ON COMMIT DROP AS SELECT record_id, profile_id FROM cdp_data.record;
    CREATE TEMP TABLE links_now ON COMMIT DROP AS SELECT record_a, record_b, round(probability::numeric, 9) AS p, levels, reason, is_merged FROM cdp_data.match_edge;
    CREATE TEMP TABLE shared_now ON COMMIT DROP AS SELECT s.model_id, s.kind, s.value FROM cdp_data.match_shared_value s;
    EXECUTE 'CALL cdp.resolve(mode => ''full'')';
    INSERT INTO outcome (kind, what, run, looked_at, people, wrong_people, wrong_links)
    SELECT resolve_twice.kind, resolve_twice.what, run.mode, run.changed_records, people_of(resolve_twice.kind),
           (SELECT count(*) FROM cdp_data.record r JOIN people_now p USING (record_id) WHERE r.profile_id <> p.profile_id),
           (SELECT count(*) FROM ((TABLE links_now EXCEPT SELECT record_a, record_b, round(probability::numeric, 9), levels, reason, is_merged FROM cdp_data.match_edge)
                                  UNION ALL (SELECT record_a, record_b, round(probability::numeric, 9), levels, reason, is_merged FROM cdp_data.match_edge EXCEPT TABLE links_now)) AS d)
           + (SELECT count(*) FROM cdp_data.match_shared_value s LEFT JOIN shared_now n USING (kind, value) WHERE n.kind IS NULL);
    DROP TABLE people_now, links_now, shared_now;
END
$$;
CALL cdp.resolve() \g /dev/null
SELECT k AS kind, people_of(k) AS people FROM unnest(ARRAY['email', 'phone', 'national_id', 'email_local', 'user_id', 'loyalty_id', 'club_no', 'device_id']) k;

-- Only looking.
CREATE TABLE given (kind text, value text);
INSERT INTO given VALUES ('email', ' Office@Shop.Example '), ('phone', '+56 2 2222 0000'), ('national_id', 'x-700'), ('email_local', 'Noemi.Desk'), ('user_id', 'guest'), ('loyalty_id', 'L-1000'), ('club_no', 'C1'), ('device_id', 'tablet');
SELECT g.kind, b.* FROM given g, cdp.block_value(g.kind, g.value, dry_run => true) b;
SELECT count(*) FROM cdp.blocked_values();
SELECT count(*) FROM cdp_data.match_pending;
-- Each by itself: blocked, and free again.
DO $$
DECLARE
    g given;
BEGIN
    FOR g IN SELECT * FROM given LOOP
        PERFORM cdp.block_value(g.kind, g.value, reason => 'nobody in particular');
        CALL resolve_twice(g.kind, 'blocked');
        PERFORM cdp.unblock_value(g.kind, g.value);
        CALL resolve_twice(g.kind, 'free');
    END LOOP;
END
$$;
SELECT kind, what, run, looked_at, people, wrong_people, wrong_links FROM outcome ORDER BY n;
-- All of them, and a new model: what is blocked stays blocked.
SELECT g.kind, b.* FROM given g, cdp.block_value(g.kind, g.value, reason => 'nobody in particular') b;
SELECT value_kind, value, records, people, reason, blocked_by = current_user AS by_me FROM cdp.blocked_values();
SELECT value FROM cdp.blocked_values('phone');
CALL cdp.resolve(mode => 'train') \g /dev/null
SELECT k AS kind, people_of(k) AS people FROM unnest(ARRAY['email', 'phone', 'national_id', 'email_local', 'user_id', 'loyalty_id', 'club_no', 'device_id']) k;
SELECT count(*) FROM cdp.resolve_preview(retrain => true);
-- New records with a blocked value are not known by it.
INSERT INTO crm (id, given, family, login) VALUES ('user_id7', 'Ana', 'Rojas', 'guest'), ('user_id8', 'Eva', 'Kern', 'guest');
SELECT rows_new FROM cdp.ingest('crm');
TRUNCATE outcome;
CALL resolve_twice('user_id', 'two more');
SELECT kind, what, run, looked_at, people, wrong_people, wrong_links FROM outcome;

-- Twice, and wrong.
SELECT blocked, effect ~ '^it was blocked already, on ....-..-.. by ' AS already FROM cdp.block_value('phone', '+56222220000', reason => 'our switchboard');
SELECT reason FROM cdp.blocked_values('phone');
SELECT m.is_indexed FROM cdp_data.match_model m WHERE m.is_active;
SELECT * FROM cdp.unblock_value('phone', '222220000', dry_run => true);
SELECT * FROM cdp.block_value('fone', '+56 2 2222 0000');
SELECT * FROM cdp.block_value(NULL, 'x');
SELECT * FROM cdp.block_value('email', 'nonsense');
SELECT * FROM cdp.block_value('email', NULL);
SELECT * FROM cdp.block_value('email_local', 'desk@shop.example');
SELECT * FROM cdp.unblock_value('email', 'not@blocked.example');

-- Limits: 20 records of a login are one person, 21 identify nobody; of another kind 3.
TRUNCATE outcome;
UPDATE crm SET login = NULL, card = NULL, club = NULL WHERE id ~ '^(user|loyalty|club)';
INSERT INTO crm (id, given, family, born, login) SELECT 'login' || chr(64 + i) || i % 10, word(60, i::text, 'lg'), word(90, i::text, 'lf'), date '1950-01-01' + pick(15000, i::text, 'lb'), 'kiosk' FROM generate_series(1, 20) i;
INSERT INTO crm (id, given, family, born, club) SELECT 'club' || i, word(60, i::text, 'kg'), word(90, i::text, 'kf'), date '1950-01-01' + pick(15000, i::text, 'kb'), 'C9' FROM generate_series(1, 4) i;
SELECT cdp.add_attribute('club_no', max_records => 3);
SELECT rows_new FROM cdp.ingest('crm');
CALL resolve_twice('login[A-Z]', '20 of 20');
INSERT INTO outcome (kind, what, people) VALUES ('club', '4 of 3', people_of('club'));
INSERT INTO crm (id, given, family, born, login) VALUES ('loginU1', 'Max', 'Kern', '1977-07-07', 'kiosk');
SELECT rows_new FROM cdp.ingest('crm');
CALL resolve_twice('login[A-Z]', '21 of 20');
SELECT cdp.add_attribute('user_id', max_records => 21);
CALL resolve_twice('login[A-Z]', '21 of 21');
UPDATE cdp_data.attribute SET max_records = 5 WHERE attribute = 'user_id';
CALL resolve_twice('login[A-Z]', '21 of 5');
UPDATE cdp_data.attribute SET max_records = 20 WHERE attribute = 'user_id';
CALL resolve_twice('login[A-Z]', '21 of 20 again');
SELECT cdp.add_attribute('club_no', max_records => 4);
CALL resolve_twice('club', '4 of 4');
-- What is shared stays so under this model when one of them goes; a new model sees 20.
DELETE FROM cdp_data.record WHERE source_key = 'loginU1';
CALL resolve_twice('login[A-Z]', '20 left');
-- A kind that says person says device, and back.
UPDATE cdp_data.attribute SET identifies = 'device' WHERE attribute = 'club_no';
CALL resolve_twice('club', 'as a device');
UPDATE cdp_data.attribute SET identifies = 'person' WHERE attribute = 'club_no';
CALL resolve_twice('club', 'as a person');
SELECT kind, what, run, looked_at, people, wrong_people, wrong_links FROM outcome ORDER BY n;
CALL cdp.resolve(mode => 'train') \g /dev/null
SELECT people_of('login[A-Z]') AS people;
SELECT cdp.add_attribute('badge', identifies => 'dog');
SELECT cdp.add_attribute('badge', max_records => 3);
SELECT cdp.add_attribute('badge', identifies => 'person', max_records => 0);
SELECT cdp.add_attribute('badge', semantic_type => 'money', identifies => 'person');
SELECT cdp.add_attribute('club_no', identifies => 'device');
SELECT cdp.add_attribute('club_no', description => 'Club');
SELECT description, max_records FROM cdp_data.attribute WHERE attribute = 'club_no';
