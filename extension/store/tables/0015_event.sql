-- Events are appended in bulk. What slowed that down were three B-trees (80 % of the time, measured). One table, not
-- partitions: see the comment on cdp_data.event.
ALTER TABLE cdp_data.event
    DROP CONSTRAINT event_pkey,
    DROP CONSTRAINT event_source_id_event_key_key,
    ALTER event_id SET CACHE 512,
    ADD latitude double precision,
    ADD longitude double precision,
    ADD batch_id bigint;
DROP INDEX cdp_data.event_record_id_occurred_at_idx, cdp_data.event_kind_id_occurred_at_idx;
CREATE INDEX event_record_id_range ON cdp_data.event USING brin (record_id) WITH (pages_per_range = 16);
CREATE INDEX event_occurred_at_range ON cdp_data.event USING brin (occurred_at) WITH (pages_per_range = 32);
COMMENT ON TABLE cdp_data.event IS 'One row per thing that happened: purchase, visit, click, call. It hangs on a record, never on a profile, so that merges and un-merges need not touch it. Rows are appended by ingestion in the order of records, batch by batch, which the ranges of its BRIN indexes follow; an event is found by its key through cdp_data.event_key_run.';
COMMENT ON COLUMN cdp_data.event.event_id IS 'Given once, never again; no index on it';
COMMENT ON COLUMN cdp_data.event.received_at IS 'When it was read, or was read last with another content';
COMMENT ON COLUMN cdp_data.event.latitude IS 'Degrees north, -90 to 90, of the place where it happened';
COMMENT ON COLUMN cdp_data.event.longitude IS 'Degrees east, -180 to 180';
COMMENT ON COLUMN cdp_data.event.batch_id IS 'The ingestion that wrote it last; NULL for what came before batches were kept';

-- Said by group messages, of the company that a person belongs to.
INSERT INTO cdp_data.attribute (attribute, data_kind, semantic_type, value_type, place, identifies, is_personal, description) VALUES
    ('company_id', 'details', 'identifier', 'text', 'details', NULL, false, 'Number of the company the person belongs to'),
    ('company_industry', 'details', 'text', 'text', 'details', NULL, false, 'Industry of the company'),
    ('company_employees', 'details', 'number', 'number', 'details', NULL, false, 'Number of people the company employs'),
    ('company_plan', 'details', 'text', 'text', 'details', NULL, false, 'What the company has subscribed to')
ON CONFLICT (attribute) DO NOTHING;

COMMENT ON TABLE cdp_data.mapping IS 'One row per column of a source that is used, and what it feeds: an attribute, or for events person_key, occurred_at, event_kind, amount, currency, latitude, longitude or the name of a property.';

CREATE TABLE cdp_data.event_batch (
    batch_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id int NOT NULL REFERENCES cdp_data.source ON DELETE CASCADE,
    state text NOT NULL DEFAULT 'stored' CHECK (state IN ('stored', 'merged')),
    rows_read bigint NOT NULL DEFAULT 0,
    rows_new bigint NOT NULL DEFAULT 0,
    rows_changed bigint NOT NULL DEFAULT 0,
    rows_rejected bigint NOT NULL DEFAULT 0,
    first_occurred_at timestamptz,
    last_occurred_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz
);
CREATE INDEX ON cdp_data.event_batch (state) WHERE state <> 'merged';
CREATE INDEX ON cdp_data.event_batch (source_id);
COMMENT ON TABLE cdp_data.event_batch IS 'One row per ingestion that stored events: what it brought. Its events carry its number.';
COMMENT ON COLUMN cdp_data.event_batch.state IS 'stored: its events are in cdp_data.event; merged: whatever is derived from events has taken them up';
COMMENT ON COLUMN cdp_data.event_batch.first_occurred_at IS 'When the earliest of its new or changed events happened';

-- The keys of events by source: sorted runs of (hash of the key, place of the row), appended to batch by batch.
CREATE TABLE cdp_data.event_key_run (
    source_id int NOT NULL REFERENCES cdp_data.source ON DELETE CASCADE,
    run_id bigint GENERATED ALWAYS AS IDENTITY,
    entries bigint NOT NULL,
    PRIMARY KEY (source_id, run_id)
);
COMMENT ON TABLE cdp_data.event_key_run IS 'One row per sorted run of the keys of a source''s events. A source without a row is read anew from cdp_data.event by its next ingestion: so deleting here is always allowed.';
CREATE TABLE cdp_data.event_key_block (
    source_id int NOT NULL,
    run_id bigint NOT NULL,
    first_hash bigint NOT NULL,
    entries bytea NOT NULL,
    PRIMARY KEY (source_id, run_id, first_hash),
    FOREIGN KEY (source_id, run_id) REFERENCES cdp_data.event_key_run ON DELETE CASCADE
);
ALTER TABLE cdp_data.event_key_block ALTER entries SET STORAGE PLAIN;
COMMENT ON TABLE cdp_data.event_key_block IS 'One row per block of a run: some five hundred keys of events, by hash, and where the rows are.';
COMMENT ON COLUMN cdp_data.event_key_block.first_hash IS 'The least hash in it; those of one hash are all in one block';
COMMENT ON COLUMN cdp_data.event_key_block.entries IS 'The hashes, 8 bytes each, then the places (block and line in cdp_data.event), 6 bytes each, little-endian. A place may be out of date: the row there is compared, and looked for in the table where it is another';
