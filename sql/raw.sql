-- Raw rows kept as they come, and the store built again from them: several sources over rounds of random changes, corrections,
-- decisions and refusals by hand; before and after a rebuild everything derived is the same.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET client_min_messages = warning;

CREATE SCHEMA shop;
CREATE TABLE shop.person (id text, name text, mail text, tel text, card text, city text, may_mail text, born text, pay text, bank text, changed timestamptz);
CREATE TABLE shop.member (nr int PRIMARY KEY, name text, mail text, tel text, born date, refuses boolean, changed timestamptz);
CREATE TABLE shop.buy (nr int PRIMARY KEY, member int, at timestamptz, total text, item text);
CREATE TABLE shop.visit (who text, at timestamptz, page text);
CREATE TABLE shop.click (message text);
CREATE FUNCTION shop.pick(n int, VARIADIC what text[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT (('x' || substr(md5(array_to_string(what, '/')), 1, 7))::bit(28)::int % n) $$;

SELECT cdp.add_attribute('bank_account', semantic_type => 'iban') AS iban, cdp.add_attribute('paid_with', semantic_type => 'payment_card') AS card;
SELECT count(target) FROM cdp.add_source('people', 'shop.person', key => 'id', country => 'US', deletes => 'snapshot',
    mapping => '{"name": "full_name", "mail": "email", "tel": "phone", "card": "loyalty_id", "city": "city", "may_mail": "consent_email", "born": "birth_date", "pay": "paid_with", "bank": "bank_account"}');
SELECT count(target) FROM cdp.add_source('members', 'shop.member', key => 'nr', country => 'US', watermark => 'changed', deletes => 'snapshot', time_zone => 'America/Santiago',
    mapping => '{"name": "full_name", "mail": "email", "tel": "phone", "born": "birth_date", "refuses": "refuses_email", "changed": "updated_at"}');
SELECT count(target) FROM cdp.add_source('purchases', 'shop.buy', key => 'nr', kind => 'events', person_source => 'members', event_kind => 'purchase', deletes => 'snapshot',
    mapping => '{"member": "person_key", "at": "occurred_at", "total": "amount", "item": "item"}');
SELECT count(target) FROM cdp.add_source('visits', 'shop.visit', key => '*', kind => 'events', person_source => 'people', event_kind => 'visit', mapping => '{"who": "person_key", "at": "occurred_at", "page": "page"}');
SELECT count(target) FROM cdp.add_source('clicks', 'shop.click', kind => 'messages');

-- Keeping raw rows: what it says, and what it refuses.
SELECT * FROM cdp.keep_raw('people');
SELECT * FROM cdp.keep_raw('members', retention => '90 days');
SELECT * FROM cdp.keep_raw('members');
SELECT count(*) FROM (VALUES ('purchases'), ('visits'), ('clicks')) v(s), cdp.keep_raw(v.s) k WHERE k.can_rebuild;
\set VERBOSITY default
SELECT * FROM cdp.keep_raw('peeple');
SELECT * FROM cdp.keep_raw('people', retention => '-1 day');
SELECT * FROM cdp.keep_raw('people', keep => NULL);
SELECT * FROM cdp.rebuild_store();
\set VERBOSITY terse

CREATE PROCEDURE shop.change(round int) LANGUAGE plpgsql AS $$
DECLARE
    now_is CONSTANT timestamptz := timestamptz '2026-01-01' + round * interval '1 day';
BEGIN
    DELETE FROM shop.person WHERE shop.pick(12, 'go', round::text, id) = 0;
    UPDATE shop.person SET
        mail = CASE shop.pick(4, 'mail', round::text, id) WHEN 0 THEN 'p' || id || 'r' || round || '@example.com' WHEN 1 THEN 'no mail' ELSE mail END,
        tel = CASE shop.pick(5, 'tel', round::text, id) WHEN 0 THEN '212 555 0' || 100 + shop.pick(99, round::text, id) WHEN 1 THEN NULL ELSE tel END,
        may_mail = CASE shop.pick(4, 'may', round::text, id) WHEN 0 THEN 'yes' WHEN 1 THEN 'no' ELSE may_mail END,
        city = CASE shop.pick(3, 'city', round::text, id) WHEN 0 THEN NULL WHEN 1 THEN 'paid with 4111 1111 1111 1111' ELSE 'Town ' || shop.pick(9, round::text, id) END,
        born = CASE shop.pick(4, 'born', round::text, id) WHEN 0 THEN '31.02.1980' WHEN 1 THEN '05.03.198' || shop.pick(10, round::text, id) ELSE born END
    WHERE shop.pick(3, 'change', round::text, id) = 0;
    INSERT INTO shop.person
    SELECT i, (ARRAY['Ann', 'Bob', 'Cid', 'Dora'])[1 + shop.pick(4, 'n', i::text)] || ' Miller' || chr(97 + shop.pick(26, 'x', i::text)), 'p' || i || '@example.com', NULL, 'L' || i, 'Rome', 'yes', NULL,
           CASE shop.pick(3, 'pay', i::text) WHEN 0 THEN '5500 0000 0000 0004' WHEN 1 THEN '5500000000000005' END, CASE shop.pick(3, 'bank', i::text) WHEN 0 THEN 'DE89 3704 0044 0532 0130 00' END
    FROM generate_series(1, 40 + 10 * round) i
    WHERE shop.pick(3, 'come', round::text, i::text) < CASE round WHEN 1 THEN 3 ELSE 1 END AND NOT EXISTS (SELECT FROM shop.person p WHERE p.id = i::text);
    -- Keys twice, and none.
    INSERT INTO shop.person (id, name, mail) SELECT i, 'Twin ' || round, 'twin' || round || '@example.com' FROM generate_series(1, 9) i WHERE shop.pick(3, 'twin', round::text, i::text) = 0;
    DELETE FROM shop.person WHERE name LIKE 'Twin %' AND shop.pick(2, 'twins', round::text, id, mail) = 0;
    INSERT INTO shop.person (id, name) VALUES (NULL, 'Nobody ' || round);

    DELETE FROM shop.member WHERE shop.pick(10, 'gone', round::text, nr::text) = 0;
    UPDATE shop.member SET changed = now_is + nr * interval '1 second', tel = '212 555 0' || 100 + shop.pick(99, round::text, nr::text), refuses = shop.pick(4, 'refuses', round::text, nr::text) = 0,
        mail = CASE shop.pick(3, 'mail', round::text, nr::text) WHEN 0 THEN 'm' || nr || 'r' || round || '@example.com' ELSE mail END
    WHERE shop.pick(4, 'member', round::text, nr::text) = 0;
    INSERT INTO shop.member SELECT i, (ARRAY['Ann', 'Bob', 'Cid', 'Dora'])[1 + shop.pick(4, 'n', i::text)] || ' Miller' || chr(97 + shop.pick(26, 'x', i::text)), 'p' || i || '@example.com', NULL, date '1980-01-01' + i, false, now_is + i * interval '1 second'
    FROM generate_series(1, 20 + 8 * round) i WHERE shop.pick(2, 'join', round::text, i::text) = 0 ON CONFLICT DO NOTHING;

    DELETE FROM shop.buy WHERE shop.pick(15, 'go', round::text, nr::text) = 0;
    INSERT INTO shop.buy SELECT i, 1 + shop.pick(60, 'who', i::text), now_is - interval '30 days', shop.pick(90, 'sum', i::text), 'item ' || i FROM generate_series(1, 30 * round) i WHERE shop.pick(2, 'buy', round::text, i::text) = 0
    ON CONFLICT (nr) DO UPDATE SET total = CASE shop.pick(5, 'bad', EXCLUDED.nr::text, round::text) WHEN 0 THEN 'much' ELSE shop.pick(90, 'sum', EXCLUDED.nr::text, round::text)::text END WHERE shop.pick(4, 'again', round::text, buy.nr::text) = 0;
    INSERT INTO shop.visit SELECT 1 + shop.pick(70, 'visitor', round::text, i::text), now_is + i * interval '1 minute', 'page ' || shop.pick(5, 'page', i::text) FROM generate_series(1, 25) i;
    INSERT INTO shop.visit VALUES ('3', now_is, 'card 4111111111111111');
    INSERT INTO shop.click
    SELECT jsonb_build_object('type', 'identify', 'messageId', 'i' || round || '-' || i, 'userId', 'u' || i, 'anonymousId', 'a' || i, 'timestamp', now_is - shop.pick(5, 'late', round::text, i::text) * interval '1 day',
               'traits', jsonb_build_object('email', 'p' || i || 'r' || shop.pick(round, 'trait', i::text) || '@example.com', 'firstName', 'Ann', 'address', jsonb_build_object('city', 'Town ' || round)))::text
    FROM generate_series(1, 15 + round) i WHERE shop.pick(2, 'identify', round::text, i::text) = 0;
    INSERT INTO shop.click SELECT jsonb_build_object('type', 'track', 'messageId', 't' || round || '-' || i, 'anonymousId', 'a' || i, 'event', 'clicked', 'timestamp', now_is, 'properties', jsonb_build_object('n', i, 'note', '4111 1111 1111 1111'))::text
    FROM generate_series(1, 20) i WHERE shop.pick(2, 'track', round::text, i::text) = 0;
END $$;
SELECT cdp.define_segment('buyers', 'did purchase at least 1 time') AS segment;
CREATE TABLE shop.before (table_name text, rows_found bigint, hash text);
CREATE FUNCTION shop.difference() RETURNS TABLE (table_name text, is_equal boolean) LANGUAGE sql AS $$
    SELECT h.table_name, h.hash = b.hash FROM cdp.store_hash() h JOIN shop.before b USING (table_name) $$;
CALL shop.change(1);
CALL cdp.refresh();
CALL shop.change(2);
CALL cdp.refresh();
-- A merge and a split by hand, refusals by hand.
SELECT count(*) FROM (SELECT min(profile_id) AS a, max(profile_id) AS b FROM (SELECT profile_id FROM cdp_data.record JOIN cdp_data.source USING (source_id) WHERE name = 'people' AND profile_id IS NOT NULL ORDER BY source_key COLLATE "C" LIMIT 2) AS p) AS q, cdp.merge_profiles(q.a, q.b, reason => 'same passport');
SELECT count(*) FROM (SELECT x.record_id AS a, y.record_id AS b FROM cdp_data.record x JOIN cdp_data.record y ON y.profile_id = x.profile_id AND y.record_id > x.record_id ORDER BY x.record_id DESC LIMIT 1) AS q, cdp.reject_match(q.a, q.b);
SELECT count(*) FROM (SELECT email FROM cdp_data.record WHERE email IS NOT NULL ORDER BY email COLLATE "C" LIMIT 5) AS r, cdp.withdraw_consent(r.email, 'email');
CALL shop.change(3);
CALL cdp.refresh();
-- Corrections of what was refused, replayed: of values, of a row without a key, of an event.
SELECT count(*) FROM (SELECT reject_id FROM cdp_data.reject JOIN cdp_data.source USING (source_id) WHERE resolved_at IS NULL AND name = 'people' AND attribute = 'birth_date' ORDER BY source_key COLLATE "C" LIMIT 3) AS j, cdp.fix_reject(j.reject_id, '01.02.1980');
SELECT count(*) FROM (SELECT reject_id FROM cdp_data.reject JOIN cdp_data.source USING (source_id) WHERE resolved_at IS NULL AND name = 'people' AND rule = 'missing_key' ORDER BY original COLLATE "C" LIMIT 1) AS j, cdp.fix_reject(j.reject_id, '{"id": "900"}');
SELECT count(*) FROM (SELECT reject_id FROM cdp_data.reject JOIN cdp_data.source USING (source_id) WHERE resolved_at IS NULL AND name = 'purchases' ORDER BY source_key COLLATE "C" LIMIT 2) AS j, cdp.fix_reject(j.reject_id, '12.50');
SELECT outcome, count(*) > 0 AS any FROM cdp.replay_rejects('people') GROUP BY outcome ORDER BY outcome COLLATE "C";
SELECT outcome, count(*) > 0 AS any FROM cdp.replay_rejects('purchases') GROUP BY outcome ORDER BY outcome COLLATE "C";
CALL shop.change(4);
CALL cdp.ingest_source('people', batch_rows => 10, rows_read => NULL, rows_new => NULL, rows_changed => NULL, rows_rejected => NULL) \g (format=unaligned tuples_only=on) /dev/null
CALL cdp.refresh();
CALL shop.change(5);
CALL cdp.refresh();

-- Only what is new was kept; once more adds nothing.
SELECT s.name, count(*) < (SELECT sum(r.rows_read) FROM cdp_data.source_read r WHERE r.source_id = s.source_id) AS fewer_than_read, count(*) FILTER (WHERE w.content IS NULL) > 0 AS has_deletes, count(*) FILTER (WHERE w.is_masked) > 0 AS has_masked
FROM cdp_data.raw_row w JOIN cdp_data.source s USING (source_id) GROUP BY s.source_id, s.name ORDER BY s.name COLLATE "C";
CREATE TABLE shop.kept AS SELECT count(*) AS raw_rows FROM cdp_data.raw_row;
CALL cdp.refresh();
SELECT count(*) = (SELECT raw_rows FROM shop.kept) AS adds_nothing FROM cdp_data.raw_row;
-- What a row was at any time.
SELECT w.source_key, w.content ->> 'at' AS at, w.content ->> 'total' AS total, w.replaced_reading_id IS NULL AS is_current
FROM cdp_data.raw_row w JOIN cdp_data.source s USING (source_id) WHERE s.name = 'purchases' AND w.source_key = '4' ORDER BY w.raw_row_id;
-- No number of a card or an account is among them.
SELECT count(*) FILTER (WHERE w.content::text || w.source_key ~ '4111.?1111.?1111.?1111|5500.?0000.?0000.?000|3704.?0044.?0532') AS unmasked,
       count(*) FILTER (WHERE w.content ->> 'pay' ~ '^[*][* ]*[0-9]{4}$') > 0 AS cards, count(*) FILTER (WHERE w.content ->> 'bank' ~ '^[* ]+0[ ]?00$|^[* ]+[0-9 ]+$') > 0 AS accounts
FROM cdp_data.raw_row w;
SELECT bool_and((SELECT bool_and(k IN (SELECT column_name FROM cdp_data.mapping m WHERE m.source_id = w.source_id UNION SELECT key_column FROM cdp_data.source s WHERE s.source_id = w.source_id UNION SELECT watermark_column FROM cdp_data.source s WHERE s.source_id = w.source_id)) FROM jsonb_object_keys(w.content) k)) AS only_what_is_used
FROM cdp_data.raw_row w WHERE w.content IS NOT NULL;

INSERT INTO shop.before SELECT * FROM cdp.store_hash();
SELECT table_name, rows_found > 0 AS any FROM shop.before;
SELECT table_name, rows_before = rows_after AS as_many, is_equal FROM cdp.rebuild_store(dry_run => true);
SELECT * FROM shop.difference() WHERE NOT is_equal;
