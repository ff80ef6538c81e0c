-- What the data of a source must be like, what was found at each reading, and how its columns change over time.
CREATE TABLE cdp_data.quality_rule (
    rule_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id int NOT NULL REFERENCES cdp_data.source ON DELETE CASCADE,
    name text NOT NULL CHECK (name = btrim(name) AND name <> '' AND length(name) <= 200),
    rule text NOT NULL CHECK (rule IN ('not_null', 'domain', 'range', 'pattern', 'unique', 'referential', 'freshness', 'volume', 'sql')),
    column_name text,
    attribute text REFERENCES cdp_data.attribute,
    allowed_values text[],
    min_value text,
    max_value text,
    pattern text,
    referenced_relation text,
    referenced_column text,
    max_age interval CHECK (max_age > interval '0'),
    max_deviation numeric CHECK (max_deviation > 0),
    condition text,
    tolerance numeric NOT NULL DEFAULT 0 CHECK (tolerance >= 0 AND tolerance < 1),
    severity text NOT NULL DEFAULT 'warn' CHECK (severity IN ('warn', 'reject', 'stop')),
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL DEFAULT current_user,
    UNIQUE (source_id, name)
);
COMMENT ON TABLE cdp_data.quality_rule IS 'One row per rule that the rows of a source must keep. INSERT and UPDATE check it, exactly as cdp.add_quality_rule() does.';
COMMENT ON COLUMN cdp_data.quality_rule.column_name IS 'The column of the source that it looks at, as it was delivered; or attribute';
COMMENT ON COLUMN cdp_data.quality_rule.attribute IS 'The attribute that it looks at: the cleaned value of the columns that feed it';
COMMENT ON COLUMN cdp_data.quality_rule.max_age IS 'freshness: the newest value may be no older than this';
COMMENT ON COLUMN cdp_data.quality_rule.max_deviation IS 'volume: how many robust standard deviations the number of rows may be off the source''s own history';
COMMENT ON COLUMN cdp_data.quality_rule.condition IS 'sql: a boolean expression over the columns of a row; a row for which it is false fails, one for which it is unknown does not';
COMMENT ON COLUMN cdp_data.quality_rule.tolerance IS 'Share of the rows that may fail before the rule is broken (0: none). Rows are refused all the same';
COMMENT ON COLUMN cdp_data.quality_rule.severity IS 'warn (told), reject (the row goes to cdp_data.reject instead of the store) or stop (nothing of the source is read)';

CREATE TABLE cdp_data.quality_check (
    check_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id int NOT NULL REFERENCES cdp_data.source ON DELETE CASCADE,
    checked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    rows_read bigint,
    rows_refused bigint NOT NULL DEFAULT 0,
    verdict text NOT NULL CHECK (verdict IN ('ok', 'warned', 'rejected', 'stopped'))
);
CREATE INDEX ON cdp_data.quality_check (source_id, check_id);
COMMENT ON TABLE cdp_data.quality_check IS 'One row each time that a source was read, or was kept from being read by its rules.';
COMMENT ON COLUMN cdp_data.quality_check.rows_read IS 'Rows that the source delivered: the history that rules of volume look at';
COMMENT ON COLUMN cdp_data.quality_check.verdict IS 'The worst of its results; stopped: nothing was read';

CREATE TABLE cdp_data.quality_result (
    result_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    check_id bigint NOT NULL REFERENCES cdp_data.quality_check ON DELETE CASCADE,
    source_id int NOT NULL REFERENCES cdp_data.source ON DELETE CASCADE,
    rule_id int NOT NULL,
    name text NOT NULL,
    rule text NOT NULL,
    severity text NOT NULL,
    rows_checked bigint NOT NULL,
    rows_failed bigint NOT NULL,
    measured text,
    examples text[] NOT NULL DEFAULT '{}',
    verdict text NOT NULL CHECK (verdict IN ('ok', 'warned', 'rejected', 'stopped')),
    message text,
    checked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON cdp_data.quality_result (source_id, rule_id, result_id);
CREATE INDEX ON cdp_data.quality_result (check_id);
COMMENT ON TABLE cdp_data.quality_result IS 'One row per rule and reading of its source: how many rows were looked at, how many failed, and which.';
COMMENT ON COLUMN cdp_data.quality_result.rule_id IS 'Of cdp_data.quality_rule; the result outlives the rule';
COMMENT ON COLUMN cdp_data.quality_result.measured IS 'freshness: the newest instant seen so far; volume: the number of rows expected';
COMMENT ON COLUMN cdp_data.quality_result.examples IS 'Up to three rows that failed: key and value, payment cards masked';

CREATE TABLE cdp_data.column_statistics (
    source_id int NOT NULL REFERENCES cdp_data.source ON DELETE CASCADE,
    measured_at timestamptz NOT NULL,
    column_name text NOT NULL,
    sampled_rows bigint NOT NULL,
    filled bigint NOT NULL,
    distinct_values bigint NOT NULL,
    semantic_type text,
    validity double precision,
    mean double precision,
    deciles double precision[],
    top_values text[] NOT NULL DEFAULT '{}',
    top_rows bigint[] NOT NULL DEFAULT '{}',
    patterns text[] NOT NULL DEFAULT '{}',
    pattern_rows bigint[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (source_id, measured_at, column_name)
);
COMMENT ON TABLE cdp_data.column_statistics IS 'One row per column of a source and reading that brought something new: what its values looked like in a bounded sample. cdp.quality_drift() compares them. The last 400 readings of a source are kept.';
COMMENT ON COLUMN cdp_data.column_statistics.deciles IS 'Of numbers, and of dates and times as seconds since 1970: smallest, nine deciles, greatest';
COMMENT ON COLUMN cdp_data.column_statistics.top_values IS 'Up to 20 of the most frequent values, and their rows in the sample';
COMMENT ON COLUMN cdp_data.column_statistics.patterns IS 'Up to 20 of the most frequent shapes, as in cdp.profile_table(), and their rows';

-- Refusals by a rule: which one.
ALTER TABLE cdp_data.reject ADD COLUMN IF NOT EXISTS rule text;
COMMENT ON COLUMN cdp_data.reject.rule IS 'The quality rules that the row broke; NULL: it could not be read';

INSERT INTO cdp_data.setting (name, value, description) VALUES
    ('quality_sample_rows', '10000', 'Rows of a source that are looked at for its column statistics when it brought something new; 0: none are kept'),
    ('quality_fresh_days', '365', 'A record that was updated in so many days counts as current in the scores of quality')
ON CONFLICT DO NOTHING;
