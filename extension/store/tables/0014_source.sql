-- How a source is read, what is deleted there, corrections of what it delivers, and what each reading did.
ALTER TABLE cdp_data.source
    ADD watermark_column text,
    ADD watermark_value text,
    ADD lateness text,
    ADD deletes text NOT NULL DEFAULT 'ignore' CHECK (deletes IN ('ignore', 'snapshot', 'tombstone')),
    ADD deleted_when text,
    ADD max_deleted double precision NOT NULL DEFAULT 0.1 CHECK (max_deleted >= 0 AND max_deleted <= 1),
    ADD check_deletes_every int NOT NULL DEFAULT 1 CHECK (check_deletes_every > 0),
    ADD reads_unchecked int NOT NULL DEFAULT 0,
    ADD reading uuid,
    ADD CHECK (watermark_column IS NOT NULL OR (watermark_value IS NULL AND lateness IS NULL)),
    ADD CHECK ((deletes = 'tombstone') = (deleted_when IS NOT NULL));
COMMENT ON COLUMN cdp_data.source.watermark_column IS 'Column that never falls as rows come and change, such as updated_at: only rows from the last reading on are read. NULL: all rows, every time';
COMMENT ON COLUMN cdp_data.source.watermark_value IS 'The greatest value read so far, as text (times in UTC); written in the transaction that stores the rows. NULL: the next reading begins at the beginning';
COMMENT ON COLUMN cdp_data.source.lateness IS 'How far before the watermark the next reading begins, so that rows that are committed late are not missed: an interval for times and dates, a number for numbers';
COMMENT ON COLUMN cdp_data.source.deletes IS 'How rows that are deleted at the source are noticed: not at all (ignore), because they are no longer there (snapshot), or by a mark (tombstone)';
COMMENT ON COLUMN cdp_data.source.deleted_when IS 'For tombstone: the SQL condition on a row of the relation that says it is deleted';
COMMENT ON COLUMN cdp_data.source.max_deleted IS 'A reading that would delete a greater share of what is stored, and more than 100 rows, stops instead';
COMMENT ON COLUMN cdp_data.source.check_deletes_every IS 'For snapshot with a watermark: every how many readings the keys of the whole relation are compared';
COMMENT ON COLUMN cdp_data.source.reads_unchecked IS 'Readings since that was last done';
COMMENT ON COLUMN cdp_data.source.reading IS 'The reading in batches (CALL cdp.ingest_source) that was begun last and has not ended';

ALTER TABLE cdp_data.record
    ADD is_delivered boolean NOT NULL DEFAULT false,
    ADD deleted_at timestamptz,
    ADD deleted_values jsonb;
UPDATE cdp_data.record r SET is_delivered = true
WHERE r.content_hash IS NOT NULL OR num_nonnulls(r.given_name, r.family_name, r.birth_date, r.gender, r.email, r.phone, r.street, r.city, r.region, r.postal_code, r.country, r.national_id, r.company) > 0
   OR r.details <> '{}' OR EXISTS (SELECT FROM cdp_data.record_identifier d WHERE d.record_id = r.record_id);
CREATE INDEX record_unread ON cdp_data.record (source_id) WHERE content_hash IS NULL AND is_delivered AND deleted_at IS NULL;
CREATE INDEX record_deleted ON cdp_data.record (record_id) WHERE deleted_at IS NOT NULL;
COMMENT ON COLUMN cdp_data.record.is_delivered IS 'Whether the source has, or had, a row for it; false for a record known only through its events';
COMMENT ON COLUMN cdp_data.record.deleted_at IS 'When it was noticed that the source no longer has the row. Its values are in deleted_values, so that nothing counts them any more; it is filled again when the row comes back';
COMMENT ON COLUMN cdp_data.record.deleted_values IS 'Of a deleted record: the values it had, {"email": …, "identifiers": [{"kind": …, "value": …}]}';
COMMENT ON COLUMN cdp_data.record.content_hash IS 'Hash of the mapped columns as they were read; NULL for a record known only through its events, that is deleted, or that is to be cleaned again';

ALTER TABLE cdp_data.profile DROP CONSTRAINT profile_status_check;
ALTER TABLE cdp_data.profile ADD CONSTRAINT profile_status_check CHECK (status IN ('active', 'anonymous', 'deleted'));
COMMENT ON COLUMN cdp_data.profile.status IS 'active; anonymous for a visitor of whom nothing but a device is known; deleted when the sources have deleted all of its records. Segments look at active profiles';

ALTER TABLE cdp_data.reject
    ADD COLUMN IF NOT EXISTS rule text NOT NULL DEFAULT 'cleaning',
    ADD corrected text;
UPDATE cdp_data.reject j SET rule = CASE WHEN j.line_number IS NOT NULL THEN 'csv' WHEN j.reason LIKE 'the key % is missing' THEN 'missing_key' ELSE 'duplicate_key' END
WHERE j.attribute IS NULL AND (j.line_number IS NOT NULL OR j.reason LIKE 'the key % is missing' OR j.reason LIKE 'another row with the key % was kept');
COMMENT ON COLUMN cdp_data.reject.rule IS 'What refused it: cleaning (the value is not what it should be), missing_key, duplicate_key, outdated (a newer version is stored), csv (the line cannot be read), or the name of a quality rule';
COMMENT ON COLUMN cdp_data.reject.corrected IS 'What should have come, for cdp.replay_rejects(): the value, or for a whole row a JSON object of the columns that change';

CREATE TABLE cdp_data.correction (
    correction_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id int NOT NULL REFERENCES cdp_data.source ON DELETE CASCADE,
    source_key text NOT NULL,
    original jsonb NOT NULL CHECK (jsonb_typeof(original) = 'object' AND original <> '{}'),
    original_hash uuid NOT NULL,
    corrected jsonb NOT NULL CHECK (jsonb_typeof(corrected) = 'object' AND corrected <> '{}'),
    reject_id bigint REFERENCES cdp_data.reject ON DELETE SET NULL,
    reason text,
    corrected_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    corrected_by text NOT NULL DEFAULT current_user,
    lapsed_at timestamptz
);
CREATE UNIQUE INDEX ON cdp_data.correction (source_id, source_key, original_hash) WHERE lapsed_at IS NULL;
CREATE INDEX ON cdp_data.correction (reject_id);
COMMENT ON TABLE cdp_data.correction IS 'One row per correction of a row of a source: while the row with this key still has these faulty values, the corrected ones are read instead. Made by cdp.replay_rejects().';
COMMENT ON COLUMN cdp_data.correction.source_key IS 'Key of the row; empty for a row that has none, a hash of the row where its content is the key';
COMMENT ON COLUMN cdp_data.correction.original IS 'The columns that were wrong and what was in them, as text (points in time as seconds since 1970); of a row refused as a whole all mapped columns';
COMMENT ON COLUMN cdp_data.correction.corrected IS 'What is read instead, by column';
COMMENT ON COLUMN cdp_data.correction.lapsed_at IS 'When the source changed or lost the row: from then on the correction says nothing';

CREATE TABLE cdp_data.source_read (
    read_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id int NOT NULL REFERENCES cdp_data.source ON DELETE CASCADE,
    reading text NOT NULL CHECK (reading IN ('full', 'watermark', 'window', 'replay')),
    watermark_from text,
    watermark_to text,
    batches int NOT NULL DEFAULT 1,
    rows_read bigint NOT NULL,
    rows_new bigint NOT NULL,
    rows_changed bigint NOT NULL,
    rows_rejected bigint NOT NULL,
    rows_deleted bigint NOT NULL DEFAULT 0,
    deletes_checked boolean NOT NULL DEFAULT false,
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    read_by text NOT NULL DEFAULT current_user
);
CREATE INDEX ON cdp_data.source_read (source_id, read_id);
COMMENT ON TABLE cdp_data.source_read IS 'One row per completed reading of a source, and what it did. A reading that failed changed nothing and has no row.';
COMMENT ON COLUMN cdp_data.source_read.reading IS 'full (all rows), watermark (rows from the last reading on), window (a span read again: since and until), replay (rows that had been refused)';
COMMENT ON COLUMN cdp_data.source_read.watermark_from IS 'Where it began: the least watermark read, or since';
COMMENT ON COLUMN cdp_data.source_read.watermark_to IS 'Where the next one begins, before lateness; or until';
