-- Dossiers: each person packed into one value (docs/dossier.md). Derived: they can be dropped and built again.
ALTER TABLE cdp_data.attribute ADD attribute_id smallint GENERATED ALWAYS AS IDENTITY UNIQUE;
COMMENT ON COLUMN cdp_data.attribute.attribute_id IS 'Its number in dossiers';
ALTER TABLE cdp_data.event_property ADD column_id smallint CHECK (column_id BETWEEN 16 AND 32767), ADD UNIQUE (kind_id, column_id);
COMMENT ON COLUMN cdp_data.event_property.column_id IS 'Its number in dossiers; given out when they are built';

CREATE TABLE cdp_data.dictionary (
    dictionary_id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    attribute text UNIQUE REFERENCES cdp_data.attribute ON DELETE CASCADE,
    property text UNIQUE,
    is_complete boolean NOT NULL DEFAULT true,
    CHECK (num_nonnulls(attribute, property) <= 1)
);
COMMENT ON TABLE cdp_data.dictionary IS 'One row per attribute, and per name of an event property, whose texts dossiers hold by number; one, without either, for currencies.';
COMMENT ON COLUMN cdp_data.dictionary.is_complete IS 'False when it has more different texts, or a longer one, than a dictionary takes (a million; 1,000 bytes): conditions about it are then answered by SQL';
INSERT INTO cdp_data.dictionary (attribute) VALUES (NULL);

CREATE TABLE cdp_data.symbol (
    dictionary_id smallint NOT NULL REFERENCES cdp_data.dictionary ON DELETE CASCADE,
    symbol int NOT NULL CHECK (symbol >= 0),
    value text NOT NULL,
    PRIMARY KEY (dictionary_id, symbol),
    UNIQUE (dictionary_id, value)
);
COMMENT ON TABLE cdp_data.symbol IS 'One row per text that dossiers hold by number. Never personal data: attributes that identify a person are not in dossiers.';

CREATE TABLE cdp_data.dossier (
    profile_id bigint PRIMARY KEY, -- no foreign key: checking it would cost more than packing
    content bytea,
    event_count int NOT NULL,
    record_hash bigint NOT NULL,
    built_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 85, toast_tuple_target = 8160);
CREATE INDEX dossier_suspended ON cdp_data.dossier (profile_id) WHERE content IS NULL;
ALTER TABLE cdp_data.dossier ALTER content SET STORAGE EXTERNAL, ALTER content SET STATISTICS 0;
COMMENT ON TABLE cdp_data.dossier IS 'One row per active person: attributes and events in one packed value, which segments are evaluated on. It shows everything about a person: for the owner only.';
COMMENT ON COLUMN cdp_data.dossier.content IS 'NULL for a person with more events than the setting dossier_max_events: a machine or a shared account, which no segment looks at';

INSERT INTO cdp_data.setting (name, value, description)
VALUES ('dossier_max_events', '20000', 'Who has more events than this is no person to segments: a machine, a test or a shared account');
COMMENT ON COLUMN cdp_data.dossier.record_hash IS 'Of the records that the person had: another one means that events came with, or left with, a record';

CREATE TABLE cdp_data.dossier_state (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    content_version bigint,
    layout jsonb NOT NULL DEFAULT '{}',
    last_record_id bigint NOT NULL DEFAULT 0,
    refreshed_at timestamptz
);
INSERT INTO cdp_data.dossier_state DEFAULT VALUES;
COMMENT ON TABLE cdp_data.dossier_state IS 'One row: what dossiers were built from.';
COMMENT ON COLUMN cdp_data.dossier_state.content_version IS 'The value that cdp_data.content_version had: the same now means that dossiers say what profiles and events say';
COMMENT ON COLUMN cdp_data.dossier_state.layout IS 'The attributes and properties in dossiers, and how they are held';
COMMENT ON COLUMN cdp_data.dossier_state.last_record_id IS 'The greatest record then: the events of later records all came later';

-- Counts the statements that change profiles or events; a counter and not a row, so that they do not wait for each other.
CREATE SEQUENCE cdp_data.content_version;
CREATE INDEX ON cdp_data.profile (built_at);
CREATE INDEX event_batch_range ON cdp_data.event USING brin (batch_id) WITH (pages_per_range = 32);
CREATE TABLE cdp_data.stale_record (record_id bigint NOT NULL);
COMMENT ON TABLE cdp_data.stale_record IS 'One row each time events of a record were changed or deleted otherwise than by ingestion: the dossiers concerned are built anew.';
