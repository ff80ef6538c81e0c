-- A model version is complete in itself: under it, records resolve one by one, or all at once, to the same people.
ALTER TABLE cdp_data.match_model
    ADD revision bigint,
    ADD records bigint,
    ADD prior_match double precision,
    ADD prior_household double precision,
    ADD national_ids_trusted boolean,
    ADD key_salt bigint NOT NULL DEFAULT hashtextextended(gen_random_uuid()::text, 0),
    ADD split_blocks bigint[] NOT NULL DEFAULT '{}',
    ADD is_indexed boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN cdp_data.match_model.revision IS 'Changes with every change of the version, by hand or because a value became shared; NULL: made by a release that kept no complete versions, and trained anew by the next resolution';
COMMENT ON COLUMN cdp_data.match_model.records IS 'How many records it was trained on';
COMMENT ON COLUMN cdp_data.match_model.prior_match IS 'Share of all pairs of records that are one person';
COMMENT ON COLUMN cdp_data.match_model.prior_household IS 'Share of all pairs of records that are two people of one household';
COMMENT ON COLUMN cdp_data.match_model.national_ids_trusted IS 'Whether two national ids that contradict each other keep records apart; false where the ids of one person often differ';
COMMENT ON COLUMN cdp_data.match_model.key_salt IS 'Keys the hashes in cdp_data.match_record.keys';
COMMENT ON COLUMN cdp_data.match_model.split_blocks IS 'Blocks of records too large to compare every pair of; they are split by further keys';
COMMENT ON COLUMN cdp_data.match_model.is_indexed IS 'Whether cdp_data.match_record is complete for it, so that changes can be resolved by themselves; false asks for a full run';
CREATE SEQUENCE cdp_data.match_revision;
COMMENT ON SEQUENCE cdp_data.match_revision IS 'Revisions of match models; a number is never used twice.';

CREATE TABLE cdp_data.match_term (
    model_id int NOT NULL REFERENCES cdp_data.match_model ON DELETE CASCADE,
    comparison text NOT NULL,
    value text NOT NULL,
    share double precision NOT NULL CHECK (share > 0 AND share <= 1),
    PRIMARY KEY (model_id, comparison, value)
);
COMMENT ON TABLE cdp_data.match_term IS 'One row per value that is common enough to count for itself when two records agree on it (given and family names, birth dates, e-mails, phones), and one with the empty value for all others: the chance that a random other person has it.';

CREATE TABLE cdp_data.match_shared_value (
    shared_value_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model_id int REFERENCES cdp_data.match_model ON DELETE CASCADE,
    kind text NOT NULL,
    value text NOT NULL CHECK (value <> ''),
    reason text,
    noticed_at timestamptz NOT NULL DEFAULT now(),
    noticed_by text NOT NULL DEFAULT current_user
);
CREATE UNIQUE INDEX ON cdp_data.match_shared_value (kind, value, coalesce(model_id, 0));
CREATE INDEX ON cdp_data.match_shared_value (model_id);
COMMENT ON TABLE cdp_data.match_shared_value IS 'One row per value that identifies nobody: found by a resolution because too many people, or too many records, have it (model_id set), or blocked with cdp.block_value() (model_id NULL, for good).';
COMMENT ON COLUMN cdp_data.match_shared_value.kind IS 'email, phone, national_id, email_local (the part before the @), or a kind of identifier such as user_id';
COMMENT ON COLUMN cdp_data.match_shared_value.value IS 'As the match engine compares it (cdp.email_key and so on)';

CREATE TABLE cdp_data.match_record (
    record_id bigint PRIMARY KEY,
    order_key bigint NOT NULL,
    given_name text,
    family_name text,
    birth_date date,
    email_key text,
    phone_key text,
    street text,
    city text,
    postal_code text,
    national_id text,
    gender text,
    identifiers text[],
    keys bigint[] NOT NULL
);
CREATE INDEX match_record_keys ON cdp_data.match_record USING gin (keys) WITH (fastupdate = off);
-- Point look-ups of cdp.find_profile(), here because rows of record change with every move of a record.
CREATE INDEX match_record_names ON cdp_data.match_record (family_name, given_name);
CREATE INDEX match_record_birth_date ON cdp_data.match_record (birth_date);
CREATE INDEX match_record_national_id ON cdp_data.match_record (national_id);
DROP INDEX IF EXISTS cdp_data.record_national_id_idx, cdp_data.record_birth_date_idx, cdp_data.record_lower_lower1_idx;
COMMENT ON TABLE cdp_data.match_record IS 'One row per record that carries something to match by: what the match engine compares, folded and cleaned. Kept by cdp.resolve(); rows go with their record.';
COMMENT ON COLUMN cdp_data.match_record.keys IS 'Keyed hashes of the blocks it is in under the active model (even), and of its e-mail, phone and national id (odd); records without a key in common are never compared';
COMMENT ON COLUMN cdp_data.match_record.order_key IS 'Hash of source and key: the order of records, and how ties are decided, do not depend on when they arrived';

CREATE TABLE cdp_data.match_pending (
    pending_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    record_id bigint NOT NULL,
    profile_id bigint,
    is_compared boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE cdp_data.match_pending IS 'One row per time that a record came, changed or went since the last resolution, noted by triggers.';
COMMENT ON COLUMN cdp_data.match_pending.is_compared IS 'False: nothing changed that people are compared by, only other attributes';
COMMENT ON COLUMN cdp_data.match_pending.profile_id IS 'Of a record that was deleted: the profile it left';

CREATE TABLE cdp_data.match_run (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mode text NOT NULL CHECK (mode IN ('train', 'full', 'changes')),
    model_id int NOT NULL,
    revision bigint NOT NULL,
    why text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_records bigint NOT NULL,
    records bigint NOT NULL,
    profiles bigint NOT NULL,
    pairs_compared bigint NOT NULL,
    profiles_created bigint NOT NULL,
    profiles_merged bigint NOT NULL,
    profiles_split bigint NOT NULL,
    records_moved bigint NOT NULL,
    run_by text NOT NULL DEFAULT current_user
);
COMMENT ON TABLE cdp_data.match_run IS 'One row per resolution: the report of what it did.';
COMMENT ON COLUMN cdp_data.match_run.mode IS 'train (a new model version, all records), full (all records under the active version) or changes (changed records and whoever they touch, under the active version)';
COMMENT ON COLUMN cdp_data.match_run.records IS 'Records that were clustered again: all, or those that the changes touch';
COMMENT ON COLUMN cdp_data.match_run.profiles IS 'How many people they are';

ALTER TABLE cdp_data.match_edge ADD is_candidate boolean NOT NULL DEFAULT true;
CREATE INDEX ON cdp_data.match_edge (record_b);
COMMENT ON COLUMN cdp_data.match_edge.is_candidate IS 'Whether blocking brought the pair up; the model says nothing where only an identifier or a decision did';

ALTER TABLE cdp_data.attribute ADD max_records int CHECK (max_records > 0);
UPDATE cdp_data.attribute SET max_records = CASE identifies WHEN 'person' THEN 20 ELSE 1000 END WHERE identifies IS NOT NULL;
ALTER TABLE cdp_data.attribute ADD CHECK (identifies IS NULL OR max_records IS NOT NULL);
COMMENT ON COLUMN cdp_data.attribute.max_records IS 'For identifiers: a value that more records have identifies nobody';

INSERT INTO cdp_data.setting (name, value, description) VALUES
    ('match_retrain_growth', '2', 'A resolution trains the match model anew when there are this many times as many records as when it was trained; 0: only when asked to');

-- A check for every record that moves costs as much as the move; profile ids are written by the resolution alone.
ALTER TABLE cdp_data.record DROP CONSTRAINT IF EXISTS record_profile_id_fkey;
