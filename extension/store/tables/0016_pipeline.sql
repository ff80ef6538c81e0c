-- Feeds: what is to be done how often, each time that it was, and who is told when it was not.
CREATE TABLE cdp_data.feed (
    feed_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name = btrim(name) AND name <> '' AND length(name) <= 100),
    work text NOT NULL CHECK (work IN ('ingest', 'resolve', 'profiles', 'enrich', 'segments', 'refresh', 'sql')),
    source_id int REFERENCES cdp_data.source ON DELETE CASCADE,
    statement text,
    statement_owner text,
    every interval,
    at_times time[],
    on_days text[],
    time_zone text NOT NULL DEFAULT 'UTC',
    fresh_within interval CHECK (fresh_within > interval '0'),
    on_failure text NOT NULL DEFAULT 'wait' CHECK (on_failure IN ('wait', 'go_on')),
    max_attempts int NOT NULL DEFAULT 3 CHECK (max_attempts BETWEEN 1 AND 100),
    retry_after interval NOT NULL DEFAULT '1 minute' CHECK (retry_after >= interval '0'),
    break_after int NOT NULL DEFAULT 5 CHECK (break_after >= 1),
    break_for interval NOT NULL DEFAULT '1 hour' CHECK (break_for > interval '0'),
    anchor_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL DEFAULT current_user,
    paused_at timestamptz,
    next_due_at timestamptz,
    failures int NOT NULL DEFAULT 0,
    circuit_opened_at timestamptz,
    circuit_open_until timestamptz,
    circuit_trials int NOT NULL DEFAULT 0,
    last_due_at timestamptz,
    last_ok_due_at timestamptz,
    last_ok_at timestamptz,
    completions bigint NOT NULL DEFAULT 0,
    seen_completions bigint NOT NULL DEFAULT 0,
    unseen_since timestamptz,
    CHECK ((work = 'ingest') = (source_id IS NOT NULL)),
    CHECK ((work = 'sql') = (statement IS NOT NULL)),
    CHECK (every IS NULL OR at_times IS NULL)
);
COMMENT ON TABLE cdp_data.feed IS 'One row per piece of work that cdp.run_due() does again and again. Made by cdp.add_feed() and changed by cdp.change_feed(); SELECT * FROM cdp.feeds() tells how each of them is.';
COMMENT ON COLUMN cdp_data.feed.work IS 'ingest (read source_id), resolve, profiles, enrich, segments, refresh (all of these for every source), or sql (statement)';
COMMENT ON COLUMN cdp_data.feed.statement_owner IS 'The role that wrote the statement, kept by a trigger; no other role''s run_due() executes it';
COMMENT ON COLUMN cdp_data.feed.every IS 'Time between two runs; neither this nor at_times: whenever a feed that it depends on has run';
COMMENT ON COLUMN cdp_data.feed.at_times IS 'Times of day, in time_zone';
COMMENT ON COLUMN cdp_data.feed.on_days IS 'Days on which at_times hold: mon to sun, days of the month from 1 to 31, or last; NULL: every day';
COMMENT ON COLUMN cdp_data.feed.fresh_within IS 'The newest successful run may have begun so long ago, before the feed counts as late; NULL: an hour (or the time between two runs, where that is more) after it was due';
COMMENT ON COLUMN cdp_data.feed.on_failure IS 'What to do while a feed that it depends on fails: wait, or go on with what there is';
COMMENT ON COLUMN cdp_data.feed.retry_after IS 'Pause before the second attempt; it doubles with each, up to a quarter of a day';
COMMENT ON COLUMN cdp_data.feed.break_after IS 'So many failed attempts in a row open the circuit: nothing is tried for break_for, then one attempt';
COMMENT ON COLUMN cdp_data.feed.anchor_at IS 'The instant that multiples of every are counted from';
COMMENT ON COLUMN cdp_data.feed.next_due_at IS 'The first instant that is due and not queued yet; NULL where the feed has no times of its own';
COMMENT ON COLUMN cdp_data.feed.failures IS 'Failed attempts since the last success';
COMMENT ON COLUMN cdp_data.feed.circuit_open_until IS 'Not NULL: the circuit is open; after this instant one attempt is made, and its success closes it';
COMMENT ON COLUMN cdp_data.feed.last_due_at IS 'The newest due instant that was queued';
COMMENT ON COLUMN cdp_data.feed.last_ok_at IS 'When the newest successful run began: everything up to here is in';
COMMENT ON COLUMN cdp_data.feed.completions IS 'Number of successful runs';
COMMENT ON COLUMN cdp_data.feed.seen_completions IS 'How many successful runs the feeds that it depends on had had when it last began';
COMMENT ON COLUMN cdp_data.feed.unseen_since IS 'When the oldest successful run of a feed that it depends on ended that it has not worked on yet';

CREATE TABLE cdp_data.feed_dependency (
    feed_id int NOT NULL REFERENCES cdp_data.feed ON DELETE CASCADE,
    depends_on int NOT NULL REFERENCES cdp_data.feed (feed_id) ON DELETE CASCADE,
    PRIMARY KEY (feed_id, depends_on),
    CHECK (feed_id <> depends_on)
);
CREATE INDEX ON cdp_data.feed_dependency (depends_on);
COMMENT ON TABLE cdp_data.feed_dependency IS 'One row per feed and feed that has to run before it.';

CREATE TABLE cdp_data.feed_run (
    feed_run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    feed_id int NOT NULL REFERENCES cdp_data.feed ON DELETE CASCADE,
    status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'ok', 'failed', 'cancelled')),
    cause text NOT NULL CHECK (cause IN ('schedule', 'dependency', 'by hand', 'backfill')),
    due_at timestamptz NOT NULL,
    missed int NOT NULL DEFAULT 0,
    since timestamptz,
    until timestamptz,
    attempt int NOT NULL DEFAULT 0,
    not_before timestamptz NOT NULL,
    queued_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    seconds numeric NOT NULL DEFAULT 0,
    rows_read bigint,
    rows_new bigint,
    rows_changed bigint,
    rows_rejected bigint,
    message text,
    error text,
    detail text,
    hint text,
    error_code text,
    runner bigint,
    backend_pid int,
    CHECK ((cause = 'backfill') = (since IS NOT NULL)),
    CHECK ((since IS NULL) = (until IS NULL) AND since < until)
);
CREATE INDEX ON cdp_data.feed_run (feed_id, feed_run_id DESC);
CREATE INDEX ON cdp_data.feed_run (feed_id, since) WHERE since IS NOT NULL;
-- However often it falls due, a feed waits in the queue once; windows of a back-fill wait each by itself.
CREATE UNIQUE INDEX feed_run_open ON cdp_data.feed_run (feed_id, coalesce(since, '-infinity'), coalesce(until, '-infinity')) WHERE status IN ('queued', 'running');
COMMENT ON TABLE cdp_data.feed_run IS 'One row per run of a feed: the queue of cdp.run_due(), and its history. A run that is tried again keeps its row.';
COMMENT ON COLUMN cdp_data.feed_run.cause IS 'schedule, dependency (a feed that it depends on has run), by hand (cdp.queue_feed) or backfill (cdp.backfill_feed)';
COMMENT ON COLUMN cdp_data.feed_run.due_at IS 'The newest instant that it was due at';
COMMENT ON COLUMN cdp_data.feed_run.missed IS 'How many earlier instants it stands for as well, because nobody ran it then';
COMMENT ON COLUMN cdp_data.feed_run.since IS 'Begin of the window of a back-fill';
COMMENT ON COLUMN cdp_data.feed_run.attempt IS 'Attempts so far';
COMMENT ON COLUMN cdp_data.feed_run.not_before IS 'The next attempt is made after this instant';
COMMENT ON COLUMN cdp_data.feed_run.started_at IS 'When the last attempt began';
COMMENT ON COLUMN cdp_data.feed_run.seconds IS 'Of all attempts together';
COMMENT ON COLUMN cdp_data.feed_run.error IS 'What the last attempt that failed said, also after a later one succeeded';
COMMENT ON COLUMN cdp_data.feed_run.error_code IS 'Its SQLSTATE';
COMMENT ON COLUMN cdp_data.feed_run.runner IS 'The number in cdp_data.runner under which it was last tried';

CREATE TABLE cdp_data.feed_run_stage (
    feed_run_id bigint NOT NULL REFERENCES cdp_data.feed_run ON DELETE CASCADE,
    attempt int NOT NULL,
    stage_number int NOT NULL,
    stage text NOT NULL,
    status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'ok', 'failed', 'interrupted')),
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    seconds numeric,
    rows_read bigint,
    rows_new bigint,
    rows_changed bigint,
    rows_rejected bigint,
    message text,
    PRIMARY KEY (feed_run_id, attempt, stage_number)
);
COMMENT ON TABLE cdp_data.feed_run_stage IS 'One row per stage and attempt of a run, committed before it begins and after it ends: readable from other connections meanwhile. Stages that succeeded are not done again by a later attempt.';
COMMENT ON COLUMN cdp_data.feed_run_stage.message IS 'The error of a failed stage, or a remark';

CREATE TABLE cdp_data.runner (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    runner bigint NOT NULL DEFAULT 0,
    backend_pid int,
    backend_started_at timestamptz,
    role_name text,
    statement_started_at timestamptz,
    taken_at timestamptz,
    renewed_at timestamptz,
    expires_at timestamptz,
    last_call_at timestamptz,
    last_finished_at timestamptz
);
COMMENT ON TABLE cdp_data.runner IS 'One row at most: the lease of whoever runs cdp.run_due(). It is renewed before each stage; who has lost it commits nothing more.';
COMMENT ON COLUMN cdp_data.runner.runner IS 'Counts the runners; the one that has taken the lease last';
COMMENT ON COLUMN cdp_data.runner.backend_pid IS 'NULL: nobody runs';
COMMENT ON COLUMN cdp_data.runner.last_call_at IS 'When cdp.run_due() was last called, by anybody';
INSERT INTO cdp_data.runner DEFAULT VALUES;

CREATE TABLE cdp_data.alert_rule (
    rule_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('late', 'never run', 'failed', 'rejects', 'volume', 'segment empty', 'segment jumped', 'runner gone', 'not called')),
    subject text NOT NULL DEFAULT '*' CHECK (subject <> ''),
    threshold numeric CHECK (threshold >= 0),
    severity text NOT NULL DEFAULT 'error' CHECK (severity IN ('warning', 'error')),
    is_active boolean NOT NULL DEFAULT true,
    UNIQUE (kind, subject)
);
COMMENT ON TABLE cdp_data.alert_rule IS 'One row per kind of alert, and one more for each feed or segment where another threshold holds. Change with UPDATE and INSERT.';
COMMENT ON COLUMN cdp_data.alert_rule.subject IS 'Name of the feed or segment that it holds for; *: all that have no row of their own';
COMMENT ON COLUMN cdp_data.alert_rule.threshold IS 'rejects: percent of the rows looked at; volume: robust standard deviations from the median of earlier runs; segment jumped: percent; not called: minutes; NULL for the others';
INSERT INTO cdp_data.alert_rule (kind, threshold, severity) VALUES
    ('late', NULL, 'error'), ('never run', NULL, 'error'), ('failed', NULL, 'error'), ('rejects', 10, 'warning'), ('volume', 6, 'warning'),
    ('segment empty', NULL, 'warning'), ('segment jumped', 50, 'warning'), ('runner gone', NULL, 'error'), ('not called', 30, 'error');

CREATE TABLE cdp_data.alert (
    alert_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    subject text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('warning', 'error')),
    message text NOT NULL,
    next_statement text,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    times_seen bigint NOT NULL DEFAULT 1,
    acknowledged_at timestamptz,
    acknowledged_by text,
    note text,
    resolved_at timestamptz
);
CREATE UNIQUE INDEX alert_open ON cdp_data.alert (kind, subject) WHERE resolved_at IS NULL;
COMMENT ON TABLE cdp_data.alert IS 'One row per alert from the first time that it was seen until it resolved itself; never two open ones of one kind about one thing. SELECT * FROM cdp.alerts() computes what is wrong at this moment.';
COMMENT ON COLUMN cdp_data.alert.subject IS 'Name of the feed or segment, or run_due';
COMMENT ON COLUMN cdp_data.alert.times_seen IS 'How many checks have found it';
CREATE TABLE cdp_data.segment_size (
    segment_id int NOT NULL REFERENCES cdp_data.segment ON DELETE CASCADE,
    counted_at timestamptz NOT NULL,
    members bigint NOT NULL,
    PRIMARY KEY (segment_id, counted_at)
);
COMMENT ON TABLE cdp_data.segment_size IS 'One row per segment and refresh of all segments: how many members it had. Kept as long as runs are.';
INSERT INTO cdp_data.setting (name, value, description) VALUES
    ('runner_lease', '15 minutes', 'How long cdp.run_due() may say nothing before another runner may take over, where it cannot be seen whether it still works'),
    ('keep_runs', '90 days', 'How long cdp_data.feed_run keeps finished runs; the last hundred of each feed stay');
