-- What sources delivered, as it came (cdp.keep_raw), and which ids the store gave: enough to build the store again.
CREATE TABLE cdp_data.raw_source (
    source_id int PRIMARY KEY REFERENCES cdp_data.source ON DELETE CASCADE,
    is_kept boolean NOT NULL,
    is_complete boolean NOT NULL,
    gap text,
    retention interval CHECK (retention > interval '0'),
    key_salt uuid NOT NULL,
    kept_since timestamptz NOT NULL DEFAULT clock_timestamp(),
    kept_by text NOT NULL DEFAULT current_user,
    purged_at timestamptz,
    CHECK (is_complete = (gap IS NULL))
);
COMMENT ON TABLE cdp_data.raw_source IS 'One row per source whose raw rows are, or were, kept. Made by cdp.keep_raw().';
COMMENT ON COLUMN cdp_data.raw_source.is_complete IS 'Whether everything that the source ever delivered is in cdp_data.raw_row, so that the store can be built again from it';
COMMENT ON COLUMN cdp_data.raw_source.gap IS 'Why it is not';
COMMENT ON COLUMN cdp_data.raw_source.retention IS 'How long a raw row is kept after it was last read; NULL: for good';
COMMENT ON COLUMN cdp_data.raw_source.key_salt IS 'Of the hash that tells masked keys apart; the same for all sources';

CREATE TABLE cdp_data.raw_reading (
    raw_reading_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id int NOT NULL REFERENCES cdp_data.source ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('rows', 'deletes')),
    is_complete boolean NOT NULL,
    rows_kept bigint NOT NULL DEFAULT 0,
    read_at timestamptz NOT NULL
);
CREATE INDEX ON cdp_data.raw_reading (source_id, raw_reading_id);
COMMENT ON TABLE cdp_data.raw_reading IS 'One row per time that rows of a source were read, or found to be deleted, while its raw rows are kept. Their order is the order in which a rebuild reads them again.';
COMMENT ON COLUMN cdp_data.raw_reading.is_complete IS 'Whether it was all that the source has';

CREATE TABLE cdp_data.raw_row (
    raw_row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id int NOT NULL REFERENCES cdp_data.source ON DELETE CASCADE,
    source_key text NOT NULL,
    raw_reading_id bigint NOT NULL,
    replaced_reading_id bigint,
    content_hash uuid,
    key_hash uuid,
    content jsonb,
    is_masked boolean NOT NULL DEFAULT false,
    first_read_at timestamptz NOT NULL,
    last_read_at timestamptz,
    CHECK ((replaced_reading_id IS NULL) = (last_read_at IS NULL)),
    CHECK ((content IS NULL) = (content_hash IS NULL))
);
CREATE INDEX ON cdp_data.raw_row (source_id, source_key);
CREATE INDEX ON cdp_data.raw_row (raw_reading_id);
COMMENT ON TABLE cdp_data.raw_row IS 'One row per version of a row of a source, as it came: only the columns that are used, payment cards and bank accounts masked. A row that is read again unchanged adds nothing.';
COMMENT ON COLUMN cdp_data.raw_row.source_key IS 'As in cdp_data.record and cdp_data.event; empty for a row without a key, masked where it looks like a payment card';
COMMENT ON COLUMN cdp_data.raw_row.raw_reading_id IS 'The reading that it was new in: the order of the versions of a row';
COMMENT ON COLUMN cdp_data.raw_row.replaced_reading_id IS 'The reading that brought another version, or did not find it any more; NULL: it is what the source delivers';
COMMENT ON COLUMN cdp_data.raw_row.key_hash IS 'Of all rows that the key had in that reading: more than one where keys are repeated';
COMMENT ON COLUMN cdp_data.raw_row.content IS 'Its columns as text, without those that are NULL; NULL itself: from here on the source had deleted the row';
COMMENT ON COLUMN cdp_data.raw_row.last_read_at IS 'When it was replaced; NULL: not yet';

CREATE TABLE cdp_data.id_map (
    source_id int NOT NULL REFERENCES cdp_data.source ON DELETE CASCADE,
    source_key text NOT NULL,
    record_id bigint NOT NULL UNIQUE,
    profile_id bigint,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (source_id, source_key)
);
COMMENT ON TABLE cdp_data.id_map IS 'One row per record while raw rows are kept: the ids that it and its person have, which a rebuild gives them again. Brought up to date by every refresh and before a rebuild.';
