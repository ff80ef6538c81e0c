CREATE TABLE cdp_data.match_model (
    model_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    trained_at timestamptz NOT NULL DEFAULT now(),
    threshold double precision NOT NULL,
    is_active boolean NOT NULL DEFAULT true
);
CREATE UNIQUE INDEX ON cdp_data.match_model (is_active) WHERE is_active;
COMMENT ON TABLE cdp_data.match_model IS 'One row per trained version of the match model; one is active.';

CREATE TABLE cdp_data.match_level (
    model_id int NOT NULL REFERENCES cdp_data.match_model ON DELETE CASCADE,
    comparison text NOT NULL,
    level int NOT NULL,
    label text NOT NULL,
    m double precision NOT NULL,
    household double precision NOT NULL,
    u double precision NOT NULL,
    weight double precision NOT NULL,
    PRIMARY KEY (model_id, comparison, level)
);
COMMENT ON TABLE cdp_data.match_level IS 'One row per comparison level of a model: how often it is seen for the same person, for two people of one household and for strangers, and the weight in bits.';
COMMENT ON COLUMN cdp_data.match_level.m IS 'Probability of the level between two records of the same person';
COMMENT ON COLUMN cdp_data.match_level.household IS 'Probability of the level between two people of one household';
COMMENT ON COLUMN cdp_data.match_level.u IS 'Probability of the level between two records picked at random';
COMMENT ON COLUMN cdp_data.match_level.weight IS 'log2(m / u): bits for (positive) or against (negative) the same person';

CREATE TABLE cdp_data.match_statistic (
    model_id int NOT NULL REFERENCES cdp_data.match_model ON DELETE CASCADE,
    name text NOT NULL,
    value double precision NOT NULL,
    PRIMARY KEY (model_id, name)
);
COMMENT ON TABLE cdp_data.match_statistic IS 'One row per figure of the run that trained a model: pairs compared, largest cluster, guard hits, seconds per phase …';

CREATE TABLE cdp_data.match_edge (
    record_a bigint NOT NULL,
    record_b bigint NOT NULL,
    weight double precision,
    probability double precision NOT NULL,
    term_weight double precision,
    levels smallint[],
    reason text NOT NULL CHECK (reason IN ('model', 'identifier')),
    is_merged boolean NOT NULL,
    PRIMARY KEY (record_a, record_b)
);
COMMENT ON TABLE cdp_data.match_edge IS 'One row per pair of records that the last run linked (is_merged), or left for a steward because it was not sure.';
COMMENT ON COLUMN cdp_data.match_edge.weight IS 'Sum of the match weights in bits, term frequencies included';
COMMENT ON COLUMN cdp_data.match_edge.term_weight IS 'The part of the weight that comes from how rare the agreed names are';
COMMENT ON COLUMN cdp_data.match_edge.levels IS 'Level of each comparison, in the order of the model';
COMMENT ON COLUMN cdp_data.match_edge.reason IS 'model (similar enough) or identifier (they share one that identifies a person)';

CREATE TABLE cdp_data.identity_change (
    change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    changed_at timestamptz NOT NULL DEFAULT now(),
    change text NOT NULL CHECK (change IN ('merged', 'split')),
    profile_id bigint NOT NULL,
    other_profile_id bigint NOT NULL,
    record_ids bigint[] NOT NULL
);
CREATE INDEX ON cdp_data.identity_change (profile_id);
COMMENT ON TABLE cdp_data.identity_change IS 'One row per merge (records of other_profile_id joined profile_id) or split (they left profile_id for other_profile_id).';

CREATE TABLE cdp_data.profile_alias (
    profile_id bigint PRIMARY KEY,
    survivor_id bigint NOT NULL,
    merged_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON cdp_data.profile_alias (survivor_id);
COMMENT ON TABLE cdp_data.profile_alias IS 'One row per profile id that no longer stands alone, and the profile that its records went to.';
