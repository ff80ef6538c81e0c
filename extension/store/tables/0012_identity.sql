-- Evidence that needs limits: blocking rules that can be switched off, devices within a span of time.
CREATE TABLE cdp_data.match_rule (
    model_id int NOT NULL REFERENCES cdp_data.match_model ON DELETE CASCADE,
    rule int NOT NULL CHECK (rule > 0),
    description text NOT NULL,
    is_used boolean NOT NULL DEFAULT true,
    blocks bigint,
    pairs bigint,
    PRIMARY KEY (model_id, rule)
);
COMMENT ON TABLE cdp_data.match_rule IS 'One row per blocking rule of a model version: what two records must have in common to be compared. A rule that is switched off (UPDATE … SET is_used = false) stays off in later versions.';
COMMENT ON COLUMN cdp_data.match_rule.blocks IS 'Groups of records that the rule made in the last run over all records; NULL when it was off';
COMMENT ON COLUMN cdp_data.match_rule.pairs IS 'Pairs of records that it brought up in that run and no rule before it did';

ALTER TABLE cdp_data.record_identifier
    ADD first_seen_at timestamptz,
    ADD last_seen_at timestamptz;
COMMENT ON COLUMN cdp_data.record_identifier.first_seen_at IS 'When the record was first seen with it, by the times of messages; NULL: the source has no times';
COMMENT ON COLUMN cdp_data.record_identifier.last_seen_at IS 'When it was last seen with it';

INSERT INTO cdp_data.setting (name, value, description) VALUES
    ('device_window', '180 days', 'A visitor belongs to the person seen on the same device at most so long before or after');

-- Records have identifiers that they had not (verified national ids): the next resolution looks at all.
UPDATE cdp_data.match_model SET is_indexed = false WHERE is_indexed;
