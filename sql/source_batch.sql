-- A large source in batches: committed one by one, restarted after a failure, the same in the end.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET client_min_messages = warning;

CREATE SCHEMA crm;
CREATE TABLE crm.contact (id text, mail text, card text, changed timestamptz);
INSERT INTO crm.contact SELECT i, CASE WHEN i % 10 = 0 THEN 'p' || i ELSE 'p' || i || '@example.com' END, 'L' || i, timestamptz '2026-01-01' + i * interval '1 minute' FROM generate_series(1, 1000) i;
-- Two rows of one key are in one batch; those without a key are refused.
INSERT INTO crm.contact VALUES ('7', 'new7@example.com', 'L7', '2026-02-01'), ('', 'nobody@example.com', NULL, '2026-02-01'), (NULL, 'none@example.com', NULL, '2026-02-01');
SELECT count(target) FROM cdp.add_source('whole', 'crm.contact', key => 'id', mapping => '{"mail": "email", "card": "loyalty_id", "changed": "updated_at"}');
SELECT count(target) FROM cdp.add_source('parts', 'crm.contact', key => 'id', watermark => 'changed', deletes => 'snapshot', mapping => '{"mail": "email", "card": "loyalty_id", "changed": "updated_at"}');
SELECT * FROM cdp.ingest('whole');

-- A failure half-way: what was committed stays, the watermark does not move.
CREATE FUNCTION crm.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.email = 'p555@example.com' AND NEW.source_id = (SELECT source_id FROM cdp_data.source WHERE name = 'parts') THEN RAISE EXCEPTION 'the disk is full'; END IF; RETURN NEW; END $$;
CREATE TRIGGER fail BEFORE INSERT ON cdp_data.record FOR EACH ROW EXECUTE FUNCTION crm.fail();
CALL cdp.ingest_source('parts', batch_rows => 100);
SELECT count(*) AS stored, count(*) % 100 AS rest FROM cdp_data.record JOIN cdp_data.source s USING (source_id) WHERE s.name = 'parts';
SELECT watermark_value, ingested_at, (SELECT count(*) FROM cdp_data.source_read r WHERE r.source_id = s.source_id) AS readings FROM cdp_data.source s WHERE name = 'parts';
-- The next call goes on.
DROP TRIGGER fail ON cdp_data.record;
CALL cdp.ingest_source('parts', batch_rows => 100);
SELECT r.reading, r.batches, r.rows_read, r.watermark_to FROM cdp_data.source_read r JOIN cdp_data.source s USING (source_id) WHERE s.name = 'parts';
CREATE VIEW crm.difference AS
WITH side AS (SELECT s.name, 'record ' || concat_ws('|', r.source_key, r.email, r.source_updated_at) AS line FROM cdp_data.record r JOIN cdp_data.source s USING (source_id) WHERE r.deleted_at IS NULL
    UNION ALL SELECT s.name, 'identifier ' || concat_ws('|', r.source_key, i.kind, i.value) FROM cdp_data.record_identifier i JOIN cdp_data.record r USING (record_id) JOIN cdp_data.source s USING (source_id)
    UNION ALL SELECT s.name, 'refused ' || concat_ws('|', j.source_key, j.attribute, j.rule, j.reason, j.original) FROM cdp_data.reject j JOIN cdp_data.source s USING (source_id) WHERE j.resolved_at IS NULL)
SELECT (SELECT count(*) FROM side) AS lines, (SELECT count(*) FROM (SELECT line FROM side WHERE name = 'whole' EXCEPT ALL SELECT line FROM side WHERE name = 'parts') d) AS missing,
       (SELECT count(*) FROM (SELECT line FROM side WHERE name = 'parts' EXCEPT ALL SELECT line FROM side WHERE name = 'whole') d) AS surplus;
SELECT * FROM crm.difference;
-- Again: nothing; then what has changed, by watermark, and what was deleted.
CALL cdp.ingest_source('parts', batch_rows => 100);
UPDATE crm.contact SET mail = 'q' || id || '@example.com', changed = '2026-02-02' WHERE id IN ('10', '20', '30');
DELETE FROM crm.contact WHERE id IN ('40', '50');
CALL cdp.ingest_source('parts', batch_rows => 2);
SELECT r.reading, r.batches, r.rows_read, r.rows_changed, r.rows_deleted FROM cdp_data.source_read r JOIN cdp_data.source s USING (source_id) WHERE s.name = 'parts' ORDER BY read_id DESC LIMIT 1;
SELECT rows_changed FROM cdp.ingest('whole');
SELECT missing, surplus FROM crm.difference; -- whole ignores deletes: its two records, their cards and refused addresses
-- Somebody else reads the source meanwhile: what is left of the batches is older, and not stored.
SELECT count(*) > 0 AS begun FROM (SELECT cdp._begin_batches('parts', 2, NULL, NULL)) b;
SELECT * FROM cdp.ingest('parts');
SELECT cdp._ingest_batch(0);
CALL cdp.ingest_source('parts');
-- An empty source has no batch.
CREATE TABLE crm.none (id int PRIMARY KEY, mail text);
SELECT count(target) FROM cdp.add_source('none', 'crm.none', mapping => '{"mail": "email"}');
CALL cdp.ingest_source('none');
-- Events and messages.
CREATE TABLE crm.sale AS SELECT i AS nr, CASE WHEN i % 7 > 0 THEN i % 50 END AS who, date '2026-01-01' + i % 30 AS at, CASE WHEN i % 11 = 0 THEN 'free' ELSE i::text END AS total FROM generate_series(1, 500) i;
SELECT count(target) FROM cdp.add_source('sales_whole', 'crm.sale', key => 'nr', kind => 'events', person_source => 'whole', event_kind => 'purchase', mapping => '{"who": "person_key", "at": "occurred_at", "total": "amount"}');
SELECT count(target) FROM cdp.add_source('sales_parts', 'crm.sale', key => 'nr', kind => 'events', person_source => 'whole', event_kind => 'purchase', mapping => '{"who": "person_key", "at": "occurred_at", "total": "amount"}');
SELECT * FROM cdp.ingest('sales_whole');
CALL cdp.ingest_source('sales_parts', batch_rows => 60);
SELECT s.name, count(*) FILTER (WHERE j.resolved_at IS NULL) AS refused FROM cdp_data.reject j JOIN cdp_data.source s USING (source_id) WHERE s.kind = 'events' GROUP BY 1 ORDER BY 1;
UPDATE crm.sale SET who = 1 WHERE nr = 7;
CALL cdp.ingest_source('sales_parts', batch_rows => 60);
SELECT s.name, count(*) FILTER (WHERE j.resolved_at IS NULL) AS refused FROM cdp_data.reject j JOIN cdp_data.source s USING (source_id) WHERE s.kind = 'events' GROUP BY 1 ORDER BY 1;
CREATE TABLE crm.hook AS SELECT format('{"type": "identify", "userId": "u%s", "timestamp": "2026-01-%sT00:00:00Z", "traits": {"email": "m%s@example.com"}}', i % 3, 10 + i, i) AS message FROM generate_series(1, 9) i;
SELECT count(target) FROM cdp.add_source('hooks', 'crm.hook', kind => 'messages');
CALL cdp.ingest_source('hooks', batch_rows => 2);
SELECT source_key, email FROM cdp_data.record JOIN cdp_data.source s USING (source_id) WHERE s.name = 'hooks' ORDER BY 1;
-- What cannot be.
BEGIN;
CALL cdp.ingest_source('parts');
ROLLBACK;
CALL cdp.ingest_source('parts', batch_rows => 0);
CALL cdp.ingest_source('part');
