CREATE TABLE cdp_data.match_decision (
    decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    record_a bigint NOT NULL REFERENCES cdp_data.record ON DELETE CASCADE,
    record_b bigint NOT NULL REFERENCES cdp_data.record ON DELETE CASCADE,
    decision text NOT NULL CHECK (decision IN ('same', 'different')),
    made_with text NOT NULL CHECK (made_with IN ('confirm_match', 'reject_match', 'merge_profiles', 'unmerge_profile')),
    action_id bigint NOT NULL,
    reason text,
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    decided_by text NOT NULL DEFAULT current_user,
    withdrawn_at timestamptz,
    withdrawn_by text,
    is_applied boolean NOT NULL DEFAULT false,
    CHECK (record_a < record_b),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
);
CREATE UNIQUE INDEX ON cdp_data.match_decision (record_a, record_b) WHERE withdrawn_at IS NULL;
CREATE INDEX ON cdp_data.match_decision (record_a);
CREATE INDEX ON cdp_data.match_decision (record_b);
CREATE INDEX ON cdp_data.match_decision (action_id);
CREATE INDEX ON cdp_data.match_decision (decision_id) WHERE NOT is_applied;
COMMENT ON TABLE cdp_data.match_decision IS 'One row per decision of a steward that two records are the same person, or two people. Those that are not withdrawn bind every resolution. Made with cdp.confirm_match(), cdp.reject_match(), cdp.merge_profiles() and cdp.unmerge_profile(); rows are never deleted while both records exist.';
COMMENT ON COLUMN cdp_data.match_decision.action_id IS 'The first decision of the call that made it; decisions of one call are withdrawn together';
COMMENT ON COLUMN cdp_data.match_decision.is_applied IS 'Whether a resolution has run since it was made or withdrawn';

ALTER TABLE cdp_data.match_edge DROP CONSTRAINT match_edge_reason_check;
ALTER TABLE cdp_data.match_edge ADD CONSTRAINT match_edge_reason_check CHECK (reason IN ('model', 'identifier', 'guard', 'decision'));
CREATE INDEX ON cdp_data.match_edge (probability) WHERE NOT is_merged;
COMMENT ON COLUMN cdp_data.match_edge.reason IS 'model (similar enough, or for review: not quite), identifier (they share one that identifies a person), decision (of a steward), or guard (similar enough, but something kept the two people apart)';

ALTER TABLE cdp_data.identity_change ADD evidence text NOT NULL DEFAULT 'resolution' CHECK (evidence IN ('resolution', 'by hand'));
ALTER TABLE cdp_data.identity_change ADD reason text;
ALTER TABLE cdp_data.identity_change ADD changed_by text; -- unknown for what is there already
ALTER TABLE cdp_data.identity_change ALTER changed_by SET DEFAULT current_user;
CREATE INDEX ON cdp_data.identity_change (other_profile_id);
COMMENT ON COLUMN cdp_data.identity_change.evidence IS 'resolution (the match engine) or by hand (cdp.merge_profiles, cdp.unmerge_profile)';

-- Point look-ups of cdp.find_profile().
CREATE INDEX ON cdp_data.record (national_id) WHERE national_id IS NOT NULL;
CREATE INDEX ON cdp_data.record (birth_date) WHERE birth_date IS NOT NULL;
CREATE INDEX ON cdp_data.record (lower(family_name), lower(given_name)) WHERE family_name IS NOT NULL;
