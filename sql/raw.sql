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
CREATE TABLE shop.wallet (nr bigint PRIMARY KEY, owner text, mail text, card text); -- keys and identifiers that look like payment cards
CREATE TABLE shop.payment (nr text PRIMARY KEY, wallet bigint, at timestamptz, total numeric);
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
SELECT count(target) FROM cdp.add_source('wallets', 'shop.wallet', key => 'nr', deletes => 'snapshot', mapping => '{"owner": "full_name", "mail": "email", "card": "loyalty_id"}');
SELECT count(target) FROM cdp.add_source('payments', 'shop.payment', key => 'nr', kind => 'events', person_source => 'wallets', event_kind => 'payment', deletes => 'snapshot', mapping => '{"wallet": "person_key", "at": "occurred_at", "total": "amount"}');

-- Keeping raw rows: what it says, and what it refuses.
SELECT * FROM cdp.keep_raw('people');
SELECT * FROM cdp.keep_raw('members', retention => '90 days');
SELECT * FROM cdp.keep_raw('members');
SELECT count(*) FROM (VALUES ('purchases'), ('visits'), ('clicks'), ('wallets'), ('payments')) v(s), cdp.keep_raw(v.s) k WHERE k.can_rebuild;
\set VERBOSITY default
SELECT * FROM cdp.keep_raw('peeple');
SELECT * FROM cdp.keep_raw('people', retention => '-1 day');
SELECT * FROM cdp.keep_raw('people', keep => NULL);
SELECT * FROM cdp.rebuild_store();
\set VERBOSITY terse

CREATE PROCEDURE shop.change(round int, has_cards boolean DEFAULT false) LANGUAGE plpgsql AS $$
DECLARE
    now_is CONSTANT timestamptz := timestamptz '2026-01-01' + round * interval '1 day';
BEGIN
    DELETE FROM shop.person WHERE shop.pick(12, 'go', round::text, id) = 0;
    UPDATE shop.person SET may_mail = CASE WHEN id LIKE 't%' THEN (ARRAY['yes', 'no'])[1 + shop.pick(2, 'twin may', round::text, id, mail)] END WHERE id LIKE 't%';
    UPDATE shop.person SET
        mail = CASE shop.pick(4, 'mail', round::text, id) WHEN 0 THEN 'p' || id || 'r' || round || '@example.com' WHEN 1 THEN 'no mail' ELSE mail END,
        tel = CASE shop.pick(5, 'tel', round::text, id) WHEN 0 THEN '212 555 0' || 100 + shop.pick(99, round::text, id) WHEN 1 THEN NULL ELSE tel END,
        may_mail = CASE shop.pick(4, 'may', round::text, id) WHEN 0 THEN 'yes' WHEN 1 THEN 'no' ELSE may_mail END,
        city = CASE shop.pick(3, 'city', round::text, id) WHEN 0 THEN NULL WHEN 1 THEN CASE WHEN has_cards THEN 'paid with 4111 1111 1111 1111' ELSE 'Rome' END ELSE 'Town ' || shop.pick(9, round::text, id) END,
        born = CASE shop.pick(4, 'born', round::text, id) WHEN 0 THEN '31.02.1980' WHEN 1 THEN '05.03.198' || shop.pick(10, round::text, id) ELSE born END
    WHERE shop.pick(3, 'change', round::text, id) = 0 AND id NOT LIKE 't%';
    INSERT INTO shop.person
    SELECT i, (ARRAY['Ann', 'Bob', 'Cid', 'Dora'])[1 + shop.pick(4, 'n', i::text)] || ' Miller' || chr(97 + shop.pick(26, 'x', i::text)), 'p' || i || '@example.com', NULL, 'L' || i, 'Rome', 'yes', NULL,
           CASE WHEN NOT has_cards THEN NULL ELSE CASE shop.pick(3, 'pay', i::text) WHEN 0 THEN '5500 0000 0000 0004' WHEN 1 THEN '5500000000000005' END END, CASE WHEN has_cards AND shop.pick(3, 'bank', i::text) = 0 THEN 'DE89 3704 0044 0532 0130 00' WHEN has_cards AND shop.pick(3, 'bank', i::text) = 1 THEN 'DE89 3704 0044 0532 0130 01' END
    FROM generate_series(1, 40 + 10 * round) i
    WHERE shop.pick(3, 'come', round::text, i::text) < CASE round WHEN 1 THEN 3 ELSE 1 END AND NOT EXISTS (SELECT FROM shop.person p WHERE p.id = i::text);
    -- Keys twice, and none.
    INSERT INTO shop.person (id, name, mail) SELECT 't' || i, 'Twin ' || n, 'twin' || n || round || '@example.com' FROM generate_series(1, 9) i, generate_series(1, 2) n WHERE shop.pick(3, 'twin', round::text, i::text) = 0;
    DELETE FROM shop.person WHERE name LIKE 'Twin %' AND shop.pick(2, 'twins', round::text, id, mail) = 0;
    INSERT INTO shop.person (id, name) VALUES (NULL, 'Nobody ' || round);

    DELETE FROM shop.member WHERE shop.pick(10, 'gone', round::text, nr::text) = 0;
    UPDATE shop.member SET changed = now_is + nr * interval '1 second', tel = '212 555 0' || 100 + shop.pick(99, round::text, nr::text), refuses = shop.pick(4, 'refuses', round::text, nr::text) = 0,
        mail = CASE shop.pick(3, 'mail', round::text, nr::text) WHEN 0 THEN 'm' || nr || 'r' || round || '@example.com' ELSE mail END
    WHERE shop.pick(4, 'member', round::text, nr::text) = 0;
    INSERT INTO shop.member SELECT i, (ARRAY['Ann', 'Bob', 'Cid', 'Dora'])[1 + shop.pick(4, 'n', i::text)] || ' Miller' || chr(97 + shop.pick(26, 'x', i::text)), 'p' || i || '@example.com', NULL, date '1980-01-01' + i, false, now_is + i * interval '1 second'
    FROM generate_series(1, 20 + 8 * round) i WHERE shop.pick(2, 'join', round::text, i::text) = 0 ON CONFLICT DO NOTHING;

    IF has_cards THEN
        DELETE FROM shop.wallet WHERE shop.pick(6, 'wallet', round::text, nr::text) = 0;
        DELETE FROM shop.payment WHERE shop.pick(6, 'payment', round::text, nr) = 0;
        UPDATE shop.wallet SET mail = 'w' || nr % 100 || 'r' || round || '@example.com' WHERE shop.pick(4, 'mail', round::text, nr::text) = 0;
        INSERT INTO shop.wallet SELECT 4000000000000000 + i, 'Eve Miller' || chr(97 + i % 26), 'w' || i || '@example.com', CASE i % 2 WHEN 0 THEN (5500000000000000 + i)::text ELSE '5500 0000 0000 0' || i END FROM generate_series(100, 160 + round) i ON CONFLICT DO NOTHING;
        INSERT INTO shop.payment SELECT (4200000000000000 + i)::text, 4000000000000000 + 100 + i % 70, now_is, shop.pick(90, 'pay', i::text) FROM generate_series(1, 20 * round) i
        ON CONFLICT (nr) DO UPDATE SET total = payment.total + 1 WHERE shop.pick(3, 'again', payment.nr, round::text) = 0;
    END IF;

    DELETE FROM shop.buy WHERE shop.pick(15, 'go', round::text, nr::text) = 0;
    INSERT INTO shop.buy SELECT i, 1 + shop.pick(60, 'who', i::text), now_is - interval '30 days', shop.pick(90, 'sum', i::text), 'item ' || i FROM generate_series(1, 30 * round) i WHERE shop.pick(2, 'buy', round::text, i::text) = 0
    ON CONFLICT (nr) DO UPDATE SET total = CASE shop.pick(5, 'bad', EXCLUDED.nr::text, round::text) WHEN 0 THEN 'much' ELSE shop.pick(90, 'sum', EXCLUDED.nr::text, round::text)::text END WHERE shop.pick(4, 'again', round::text, buy.nr::text) = 0;
    INSERT INTO shop.visit SELECT 1 + shop.pick(70, 'visitor', round::text, i::text), now_is + i * interval '1 minute', 'page ' || shop.pick(5, 'page', i::text) FROM generate_series(1, 25) i;
    INSERT INTO shop.visit VALUES ('3', now_is, CASE WHEN has_cards THEN 'card 4111111111111111' ELSE 'home' END);
    INSERT INTO shop.click
    SELECT jsonb_build_object('type', 'identify', 'messageId', 'i' || round || '-' || i, 'userId', 'u' || i, 'anonymousId', 'a' || i, 'timestamp', now_is - shop.pick(5, 'late', round::text, i::text) * interval '1 day',
               'traits', jsonb_build_object('email', 'p' || i || 'r' || shop.pick(round, 'trait', i::text) || '@example.com', 'firstName', 'Ann', 'address', jsonb_build_object('city', 'Town ' || round)))::text
    FROM generate_series(1, 15 + round) i WHERE shop.pick(2, 'identify', round::text, i::text) = 0;
    INSERT INTO shop.click SELECT jsonb_build_object('type', 'track', 'messageId', 't' || round || '-' || i, 'anonymousId', 'a' || i, 'event', 'clicked', 'timestamp', now_is, 'properties', jsonb_build_object('n', i, 'note', CASE WHEN has_cards THEN '4111 1111 1111 1111' END))::text
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
SELECT s.name, count(*) < (SELECT sum(r.rows_read) FROM cdp_data.source_read r WHERE r.source_id = s.source_id) AS fewer_than_read, count(*) FILTER (WHERE w.content IS NULL) > 0 AS has_deletes
FROM cdp_data.raw_row w JOIN cdp_data.source s USING (source_id) GROUP BY s.source_id, s.name ORDER BY s.name COLLATE "C";
CREATE TABLE shop.kept AS SELECT count(*) AS raw_rows FROM cdp_data.raw_row;
CALL cdp.refresh();
SELECT count(*) = (SELECT raw_rows FROM shop.kept) AS adds_nothing FROM cdp_data.raw_row;
-- What a row was at any time.
SELECT w.source_key, w.content ->> 'at' AS at, w.content ->> 'total' AS total, w.replaced_reading_id IS NULL AS is_current
FROM cdp_data.raw_row w JOIN cdp_data.source s USING (source_id) WHERE s.name = 'purchases' AND w.source_key = '4' ORDER BY w.raw_row_id;
SELECT bool_and((SELECT bool_and(k IN (SELECT column_name FROM cdp_data.mapping m WHERE m.source_id = w.source_id UNION SELECT key_column FROM cdp_data.source s WHERE s.source_id = w.source_id UNION SELECT watermark_column FROM cdp_data.source s WHERE s.source_id = w.source_id)) FROM jsonb_object_keys(w.content) k)) AS only_what_is_used
FROM cdp_data.raw_row w WHERE w.content IS NOT NULL;

SELECT cdp.rebuild_dossiers() > 0 AS dossiers;
INSERT INTO shop.before SELECT * FROM cdp.store_hash();
SELECT table_name, rows_found > 0 AS any FROM shop.before;
SELECT table_name, rows_before = rows_after AS as_many, is_equal FROM cdp.rebuild_store(dry_run => true);
SELECT * FROM shop.difference() WHERE NOT is_equal;

-- In earnest: the same, under the same ids; and the sources have nothing new to say.
CREATE TABLE shop.ids AS SELECT record_id, source_id, source_key, profile_id, created_at, updated_at, content_hash FROM cdp_data.record;
SELECT count(*) FILTER (WHERE NOT is_equal) AS different FROM cdp.rebuild_store(dry_run => false);
SELECT * FROM shop.difference() WHERE NOT is_equal;
SELECT count(*) AS records, count(r.record_id) AS same_ids FROM shop.ids i LEFT JOIN cdp_data.record r USING (record_id, source_id, source_key, profile_id, created_at, updated_at)
GROUP BY (SELECT count(*) FROM shop.ids) HAVING count(*) <> count(r.record_id) OR count(*) <> (SELECT count(*) FROM cdp_data.record);
SELECT s.name, i.rows_new, i.rows_changed FROM cdp_data.source s, cdp.ingest(s.name) i ORDER BY s.name COLLATE "C";
SELECT * FROM shop.difference() WHERE NOT is_equal;
SELECT count(*) FILTER (WHERE withdrawn_at IS NULL) AS decisions FROM cdp_data.match_decision;
SELECT count(*) > 0 AS corrections, count(reject_id) = count(*) AS all_linked FROM cdp_data.correction;
SELECT count(*) AS left_behind FROM pg_trigger WHERE tgrelid = 'cdp_data.record'::regclass AND tgname = 'keep_ids';

-- What a dump of raw rows, ids, decisions and model brings into an empty store gives the same.
CREATE PROCEDURE shop.lose_all() LANGUAGE plpgsql SET session_replication_role = replica AS $$
BEGIN
    PERFORM cdp._note_ids(); -- as every refresh does
    DELETE FROM cdp_data.record; DELETE FROM cdp_data.record_identifier; DELETE FROM cdp_data.event; DELETE FROM cdp_data.event_key_block; DELETE FROM cdp_data.event_key_run;
    DELETE FROM cdp_data.event_batch; DELETE FROM cdp_data.consent WHERE source_id IS NOT NULL; DELETE FROM cdp_data.reject WHERE line_number IS NULL; DELETE FROM cdp_data.profile;
    DELETE FROM cdp_data.segment_member; DELETE FROM cdp_data.household_member; DELETE FROM cdp_data.household; DELETE FROM cdp_data.household_link; DELETE FROM cdp_data.household_edge;
    DELETE FROM cdp_data.match_edge; DELETE FROM cdp_data.match_record; DELETE FROM cdp_data.dossier;
END $$;
CALL shop.lose_all();
SELECT table_name, rows_before, rows_after > 0 AS any FROM cdp.rebuild_store(dry_run => false);
SELECT * FROM shop.difference() WHERE NOT is_equal;
SELECT count(*) FILTER (WHERE withdrawn_at IS NULL) AS decisions FROM cdp_data.match_decision;
SELECT s.name, i.rows_new, i.rows_changed FROM cdp_data.source s, cdp.ingest(s.name) i ORDER BY s.name COLLATE "C";
-- And goes on as if nothing had been.
CALL shop.change(6, has_cards => true);
CALL cdp.refresh();
CALL shop.change(7, has_cards => true);
CALL cdp.refresh();
SELECT count(*) FILTER (WHERE status <> 'ok') AS failed FROM cdp_data.run;

-- No number of a card or an account is among them.
SELECT count(*) FILTER (WHERE w.content::text || w.source_key ~ '4111.?1111.?1111.?1111|5500.?0000.?0000.?000|3704.?0044.?0532') AS unmasked,
       count(*) FILTER (WHERE cdp.mask_payment_cards(w.content::text || ' ' || w.source_key) <> w.content::text || ' ' || w.source_key) AS maskable, count(*) FILTER (WHERE w.source_key ~ '^[*]{12}[0-9]{4}~[0-9a-f]{16}$') > 0 AS keys,
       count(*) FILTER (WHERE w.content ->> 'pay' ~ '^[*][* ]*[0-9]{4}$') > 0 AS cards, count(*) FILTER (WHERE w.content ->> 'bank' ~ '^[* ]+0[ ]?00$|^[* ]+[0-9 ]+$') > 0 AS accounts
FROM cdp_data.raw_row w;
-- What is masked in raw rows is in the store as before.
SELECT count(*) FILTER (WHERE details ? 'bank_account') > 0 AS accounts, count(*) FILTER (WHERE details ? 'paid_with') > 0 AS cards, count(*) FILTER (WHERE city ~ '4111') > 0 AS in_text FROM cdp_data.record;
DELETE FROM shop.before;
SELECT cdp.rebuild_dossiers() > 0 AS dossiers;
INSERT INTO shop.before SELECT * FROM cdp.store_hash();
SELECT count(*) FILTER (WHERE NOT is_equal) AS different FROM cdp.rebuild_store(dry_run => false);
SELECT * FROM shop.difference() WHERE NOT is_equal;
SELECT s.name, i.rows_new, i.rows_changed FROM cdp_data.source s, cdp.ingest(s.name) i ORDER BY s.name COLLATE "C";

-- A change of the store by hand is told, and taken back by the raw rows.
UPDATE cdp_data.record SET city = 'Nowhere' WHERE record_id = (SELECT min(record_id) FROM cdp_data.record WHERE city = 'Rome');
DELETE FROM cdp_data.event WHERE event_id = (SELECT min(event_id) FROM cdp_data.event);
SELECT table_name, rows_after - rows_before AS rows_back FROM cdp.rebuild_store(dry_run => true) WHERE table_name IN ('record', 'event') AND NOT is_equal;
SELECT count(*) FILTER (WHERE NOT is_equal) > 0 AS different FROM cdp.rebuild_store(dry_run => false);
SELECT * FROM shop.difference() WHERE NOT is_equal;

-- Retention: from when a row was last read on.
SELECT * FROM cdp.purge_raw(dry_run => true);
SELECT is_kept, can_rebuild FROM cdp.keep_raw('members', retention => '90 days');
SELECT is_kept, can_rebuild FROM cdp.keep_raw('people', retention => '90 days');
SELECT source, rows_purged FROM cdp.purge_raw();
-- A hundred days later.
UPDATE cdp_data.raw_row SET first_read_at = first_read_at - interval '100 days', last_read_at = last_read_at - interval '100 days';
UPDATE cdp_data.raw_reading SET read_at = read_at - interval '100 days';
SELECT count(*) AS raw_rows, rows_read IS NOT NULL AS read FROM cdp_data.raw_row, cdp.ingest('people') GROUP BY 2 HAVING count(*) < 10;
CREATE TABLE shop.expected AS SELECT (SELECT count(DISTINCT id) FROM shop.person WHERE id IS NOT NULL) AS people;
SELECT source, rows_purged > 0 AS purged, rows_left > 0 AS left FROM cdp.purge_raw(dry_run => true);
SELECT source, rows_purged > 0 AS purged, rows_left > 0 AS left FROM cdp.purge_raw();
-- People are read in full: what is still delivered is kept. Members were read once.
SELECT s.name, count(w.*) > 0 AS any, count(DISTINCT w.source_key) FILTER (WHERE w.replaced_reading_id IS NULL AND w.source_key NOT IN ('', '900') AND w.content IS NOT NULL) = (SELECT people FROM shop.expected) AS all_people, count(*) FILTER (WHERE w.replaced_reading_id IS NOT NULL) AS old
FROM cdp_data.raw_source r JOIN cdp_data.source s USING (source_id) LEFT JOIN cdp_data.raw_row w USING (source_id) WHERE r.retention IS NOT NULL GROUP BY s.name ORDER BY s.name COLLATE "C";
SELECT s.name, r.is_kept, r.is_complete, r.gap FROM cdp_data.raw_source r JOIN cdp_data.source s USING (source_id) ORDER BY s.name COLLATE "C";
\set VERBOSITY default
SELECT * FROM cdp.rebuild_store();
-- No more; and too late.
SELECT * FROM cdp.keep_raw('visits', keep => false);
SELECT * FROM cdp.keep_raw('visits');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT * FROM cdp.rebuild_store();
ROLLBACK;
