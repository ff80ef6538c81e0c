-- Property: whatever is inserted, changed and deleted at a source, after each reading the store is what a reading of the
-- relation from scratch makes of it; in every mode of reading, in one transaction and in batches.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET client_min_messages = warning;

CREATE SCHEMA shop;
CREATE TABLE shop.person (id int PRIMARY KEY, name text, mail text, tel text, card text, city text, may_mail text, born text, changed timestamptz, seq bigint);
CREATE TABLE shop.buy (nr int PRIMARY KEY, person int, at timestamptz, total text, changed timestamptz);
CREATE TABLE shop.bin (id int PRIMARY KEY, is_gone boolean NOT NULL); -- for the tombstones
CREATE VIEW shop.marked AS SELECT p.*, false AS is_gone FROM shop.person p UNION ALL SELECT b.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true FROM shop.bin b;
-- A number from 0 to n - 1 that depends on its arguments alone.
CREATE FUNCTION shop.pick(n int, VARIADIC what text[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT (('x' || substr(md5(array_to_string(what, '/')), 1, 7))::bit(28)::int % n) $$;

CREATE FUNCTION shop.add(name text, relation text DEFAULT 'shop.person', watermark text DEFAULT NULL, lateness text DEFAULT NULL, deletes text DEFAULT NULL, deleted_when text DEFAULT NULL) RETURNS bigint LANGUAGE sql AS $$
    SELECT count(target) FROM cdp.add_source(name, relation, key => 'id', watermark => watermark, lateness => lateness, deletes => deletes, deleted_when => deleted_when, country => 'US',
        mapping => '{"name": "full_name", "mail": "email", "tel": "phone", "card": "loyalty_id", "city": "city", "may_mail": "consent_email", "born": "birth_date"}') $$;
-- What the store holds of a source.
CREATE FUNCTION shop.stored(source_name text) RETURNS TABLE (line text) LANGUAGE sql STABLE AS $$
    WITH s AS (SELECT source_id FROM cdp_data.source WHERE name = source_name)
    SELECT 'record ' || concat_ws('|', source_key, given_name, family_name, email, phone, city, birth_date, details) FROM cdp_data.record JOIN s USING (source_id) WHERE is_delivered AND deleted_at IS NULL
    UNION ALL SELECT 'identifier ' || concat_ws('|', source_key, kind, value) FROM cdp_data.record_identifier JOIN cdp_data.record USING (record_id) JOIN s USING (source_id)
    UNION ALL SELECT 'refused ' || concat_ws('|', source_key, attribute, value, reason) FROM cdp_data.reject JOIN s USING (source_id) WHERE resolved_at IS NULL
    UNION ALL SELECT 'consent ' || concat_ws('|', r.source_key, c.channel, c.anchor_kind, CASE WHEN c.anchor_kind <> 'record' THEN c.anchor_value END, c.is_granted)
        FROM cdp_data.record r JOIN s USING (source_id)
        CROSS JOIN LATERAL (SELECT * FROM cdp_data.consent c WHERE c.record_id = r.record_id ORDER BY c.consent_id DESC LIMIT 1) c
        WHERE r.deleted_at IS NULL
    UNION ALL SELECT 'event ' || concat_ws('|', r.source_key, e.event_key, e.occurred_at, e.amount) FROM cdp_data.event e JOIN s USING (source_id) JOIN cdp_data.record r USING (record_id) $$;

CREATE PROCEDURE shop.change(round int) LANGUAGE plpgsql AS $$
DECLARE
    now_is CONSTANT timestamptz := timestamptz '2026-01-01' + round * interval '1 day';
BEGIN
    -- Some go, some of those that went come back, some change, new ones come.
    DELETE FROM shop.person WHERE shop.pick(12, 'go', round::text, id::text) = 0;
    DELETE FROM shop.buy WHERE shop.pick(15, 'go', round::text, nr::text) = 0;
    UPDATE shop.person SET changed = CASE WHEN changed IS NOT NULL THEN now_is + id * interval '1 second' END, seq = round * 10000 + id,
        mail = CASE shop.pick(4, 'mail', round::text, id::text) WHEN 0 THEN 'p' || id || 'r' || round || '@example.com' WHEN 1 THEN 'no mail' ELSE mail END,
        tel = CASE shop.pick(5, 'tel', round::text, id::text) WHEN 0 THEN '212 555 0' || 100 + shop.pick(99, round::text, id::text) WHEN 1 THEN NULL ELSE tel END,
        card = CASE shop.pick(3, 'card', round::text, id::text) WHEN 0 THEN 'L' || shop.pick(50, round::text, id::text) WHEN 1 THEN NULL ELSE card END,
        may_mail = CASE shop.pick(4, 'may', round::text, id::text) WHEN 0 THEN 'yes' WHEN 1 THEN 'no' ELSE may_mail END,
        city = CASE shop.pick(3, 'city', round::text, id::text) WHEN 0 THEN NULL ELSE 'Town ' || shop.pick(9, round::text, id::text) END,
        born = CASE shop.pick(4, 'born', round::text, id::text) WHEN 0 THEN '31.02.1980' WHEN 1 THEN '05.03.198' || shop.pick(10, round::text, id::text) ELSE born END
    WHERE shop.pick(3, 'change', round::text, id::text) = 0;
    INSERT INTO shop.person
    SELECT i, (ARRAY['Ann', 'Bob', 'Cid', 'Dora'])[1 + shop.pick(4, 'n', i::text)] || ' Miller' || CASE WHEN shop.pick(20, 'x', i::text) = 0 THEN '' ELSE 'son' END, 'p' || i || '@example.com', NULL, 'L' || i, 'Rome', 'yes', NULL,
           CASE WHEN shop.pick(10, 'null', i::text) > 0 THEN now_is + i * interval '1 second' END, round * 10000 + i
    FROM generate_series(1, 40 + 10 * round) i
    WHERE shop.pick(3, 'come', round::text, i::text) < CASE round WHEN 1 THEN 3 ELSE 1 END
    ON CONFLICT DO NOTHING;
    INSERT INTO shop.buy
    SELECT i, 1 + shop.pick(60, 'who', i::text), now_is - interval '30 days', shop.pick(90, 'sum', i::text), now_is FROM generate_series(1, 30 * round) i
    WHERE shop.pick(2, 'buy', round::text, i::text) = 0
    ON CONFLICT (nr) DO UPDATE SET total = shop.pick(90, 'sum', EXCLUDED.nr::text, round::text), changed = now_is WHERE shop.pick(4, 'buy again', round::text, buy.nr::text) = 0;
    DELETE FROM shop.bin;
    INSERT INTO shop.bin SELECT i, true FROM generate_series(1, 200) i WHERE i NOT IN (SELECT id FROM shop.person);
END $$;

SELECT shop.add('whole', deletes => 'snapshot') + shop.add('by_time', watermark => 'changed', deletes => 'snapshot') + shop.add('by_number', watermark => 'seq', lateness => '100', deletes => 'snapshot')
     + shop.add('tombs', 'shop.marked', deletes => 'tombstone', deleted_when => 'is_gone') + shop.add('tombs_by_time', 'shop.marked', watermark => 'changed', deleted_when => 'is_gone')
     + shop.add('batches', deletes => 'snapshot') + shop.add('batches_by_time', watermark => 'changed', deletes => 'snapshot') AS columns;
SELECT count(target) FROM cdp.add_source('buys', 'shop.buy', key => 'nr', kind => 'events', person_source => 'whole', event_kind => 'purchase', deletes => 'snapshot', mapping => '{"person": "person_key", "at": "occurred_at", "total": "amount"}');
SELECT count(target) FROM cdp.add_source('buys_by_time', 'shop.buy', key => 'nr', kind => 'events', person_source => 'whole', event_kind => 'purchase', deletes => 'snapshot', watermark => 'changed', mapping => '{"person": "person_key", "at": "occurred_at", "total": "amount"}');
SELECT count(target) FROM cdp.add_source('buys_in_batches', 'shop.buy', key => 'nr', kind => 'events', person_source => 'whole', event_kind => 'purchase', deletes => 'snapshot', mapping => '{"person": "person_key", "at": "occurred_at", "total": "amount"}');
CREATE TABLE shop.result (round int, source text, mode text, lines bigint, missing bigint, surplus bigint);
CREATE PROCEDURE shop.round(number int) LANGUAGE plpgsql AS $$
DECLARE
    name text;
    n bigint;
BEGIN
    CALL shop.change(number);
    PERFORM shop.add('fresh');
    PERFORM count(target) FROM cdp.add_source('fresh_buys', 'shop.buy', key => 'nr', kind => 'events', person_source => 'whole', event_kind => 'purchase', mapping => '{"person": "person_key", "at": "occurred_at", "total": "amount"}');
    COMMIT;
    FOREACH name IN ARRAY ARRAY['whole', 'by_time', 'by_number', 'tombs', 'tombs_by_time', 'buys', 'buys_by_time', 'fresh', 'fresh_buys'] LOOP
        PERFORM * FROM cdp.ingest(name, max_deleted => 1);
        COMMIT;
    END LOOP;
    CALL cdp.ingest_source('batches', batch_rows => 7, max_deleted => 1, rows_read => n, rows_new => n, rows_changed => n, rows_rejected => n);
    CALL cdp.ingest_source('batches_by_time', batch_rows => 7, max_deleted => 1, rows_read => n, rows_new => n, rows_changed => n, rows_rejected => n);
    CALL cdp.ingest_source('buys_in_batches', batch_rows => 11, max_deleted => 1, rows_read => n, rows_new => n, rows_changed => n, rows_rejected => n);
    INSERT INTO shop.result
    SELECT number, s.name, (SELECT r.reading FROM cdp_data.source_read r WHERE r.source_id = s.source_id ORDER BY r.read_id DESC LIMIT 1), (SELECT count(*) FROM shop.stored(s.name)),
           (SELECT count(*) FROM (SELECT * FROM shop.stored(CASE s.kind WHEN 'events' THEN 'fresh_buys' ELSE 'fresh' END) EXCEPT ALL SELECT * FROM shop.stored(s.name)) m),
           (SELECT count(*) FROM (SELECT * FROM shop.stored(s.name) EXCEPT ALL SELECT * FROM shop.stored(CASE s.kind WHEN 'events' THEN 'fresh_buys' ELSE 'fresh' END)) m)
    FROM cdp_data.source s WHERE s.name NOT LIKE 'fresh%';
    -- The yardstick is made anew each time.
    DELETE FROM cdp_data.event e USING cdp_data.source s WHERE s.source_id = e.source_id AND s.name LIKE 'fresh%';
    DELETE FROM cdp_data.consent c USING cdp_data.source s WHERE s.source_id = c.source_id AND s.name LIKE 'fresh%';
    DELETE FROM cdp_data.record r USING cdp_data.source s WHERE s.source_id = r.source_id AND s.name LIKE 'fresh%';
    PERFORM cdp.remove_source('fresh_buys'), cdp.remove_source('fresh');
    COMMIT;
END $$;
CALL shop.round(1);
CALL shop.round(2);
CALL shop.round(3);
CALL shop.round(4);
CALL shop.round(5);
CALL shop.round(6);
SELECT source, string_agg(DISTINCT mode, ', ' ORDER BY mode) AS modes, count(*) AS rounds, min(lines) > 10 AS is_much, sum(missing) AS missing, sum(surplus) AS surplus FROM shop.result GROUP BY source ORDER BY source COLLATE "C";
-- The watermarks did spare reading, and there was something to delete.
SELECT s.name, sum(r.rows_read) < 0.9 * (SELECT sum(a.rows_read) FROM cdp_data.source_read a JOIN cdp_data.source b USING (source_id) WHERE b.name = CASE s.kind WHEN 'events' THEN 'buys' ELSE 'whole' END) AS read_less,
       sum(r.rows_deleted) > 10 AS deleted_some, sum(r.rows_changed) > 30 AS changed_some, max(r.batches) > 3 AS in_batches
FROM cdp_data.source_read r JOIN cdp_data.source s USING (source_id) GROUP BY s.name, s.kind ORDER BY s.name COLLATE "C";
-- What went is kept, and comes back under its old id.
SELECT count(*) > 5 AS deleted, bool_and(email IS NULL AND family_name IS NULL) AS emptied, bool_and(deleted_values ? 'family_name') AS kept
FROM cdp_data.record JOIN cdp_data.source s USING (source_id) WHERE s.name = 'whole' AND deleted_at IS NOT NULL;
-- Nothing but reading: again changes nothing.
SELECT s.name, i.rows_new, i.rows_changed FROM cdp_data.source s, cdp.ingest(s.name) i ORDER BY s.name COLLATE "C";
