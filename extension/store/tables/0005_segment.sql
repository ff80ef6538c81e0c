CREATE TABLE cdp_data.segment (
    segment_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name = btrim(name) AND name <> '' AND length(name) <= 100),
    definition text NOT NULL,
    description text,
    time_zone text,
    owner text NOT NULL DEFAULT current_user,
    version int NOT NULL DEFAULT 1,
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'broken')),
    problem text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    refreshed_at timestamptz,
    member_count bigint,
    unknown_count bigint
);
COMMENT ON TABLE cdp_data.segment IS 'One row per segment. INSERT and UPDATE check the definition, exactly as cdp.define_segment() does.';
COMMENT ON COLUMN cdp_data.segment.definition IS 'The definition in the segment language; never executed as it stands';
COMMENT ON COLUMN cdp_data.segment.time_zone IS 'Zone of its days, weekdays and hours; NULL means the setting time_zone';
COMMENT ON COLUMN cdp_data.segment.status IS 'active (refreshed), paused, or broken (the last refresh failed; see problem)';
COMMENT ON COLUMN cdp_data.segment.unknown_count IS 'People about whom the data does not say whether they belong; they are not members';

CREATE TABLE cdp_data.segment_version (
    segment_id int NOT NULL REFERENCES cdp_data.segment ON DELETE CASCADE,
    version int NOT NULL,
    definition text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    changed_by text NOT NULL DEFAULT current_user,
    PRIMARY KEY (segment_id, version)
);
COMMENT ON TABLE cdp_data.segment_version IS 'One row per definition that a segment has had.';

CREATE TABLE cdp_data.segment_member (
    segment_id int NOT NULL REFERENCES cdp_data.segment ON DELETE CASCADE,
    profile_id bigint NOT NULL REFERENCES cdp_data.profile ON DELETE CASCADE,
    entered_at timestamptz NOT NULL,
    PRIMARY KEY (segment_id, profile_id)
);
CREATE INDEX ON cdp_data.segment_member (profile_id);
COMMENT ON TABLE cdp_data.segment_member IS 'One row per person in a segment now.';

CREATE TABLE cdp_data.segment_change (
    change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    segment_id int NOT NULL REFERENCES cdp_data.segment ON DELETE CASCADE,
    profile_id bigint NOT NULL,
    change text NOT NULL CHECK (change IN ('entered', 'left')),
    changed_at timestamptz NOT NULL
);
CREATE INDEX ON cdp_data.segment_change (segment_id, changed_at);
CREATE INDEX ON cdp_data.segment_change (profile_id);
COMMENT ON TABLE cdp_data.segment_change IS 'One row each time a person entered or left a segment.';
