-- A visitor, known only by a device, belongs to the one person who was seen on it at about that time. What a run over the
-- changes does must be what a full run does.
CREATE EXTENSION cdp;
\pset footer off
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT cdp.install() LIKE 'store installed%' AS installed;
CREATE TABLE msg (n int GENERATED ALWAYS AS IDENTITY, message jsonb);
SELECT count(*) FROM cdp.add_source('web', 'msg', key => 'n', kind => 'messages', mapping => '{"message": "message"}');
CREATE FUNCTION visit(who text, device text, at timestamptz) RETURNS void LANGUAGE sql AS $$
    INSERT INTO msg (message) SELECT jsonb_strip_nulls(jsonb_build_object('type', 'page', 'name', 'Home', 'userId', who, 'anonymousId', device, 'timestamp', at, 'messageId', concat_ws('/', who, device, at))) $$;
-- Three customers.
INSERT INTO msg (message) SELECT jsonb_build_object('type', 'identify', 'userId', u, 'timestamp', '2024-01-01T00:00:00Z', 'messageId', u,
    'traits', jsonb_build_object('email', u || '@' || u || '.example', 'firstName', initcap(u), 'lastName', initcap(reverse(u)) || 'son')) FROM unnest(ARRAY['ana', 'bob', 'eva']) u;
-- early: the visitor in January 2024, Ana in March 2024, Bob at the end of 2025. late: Ana a year after the visitor. shared: both meanwhile.
SELECT count(*) FROM (VALUES (NULL, 'early', '2024-01-10'), ('ana', 'early', '2024-03-01'), ('bob', 'early', '2025-12-01'),
    (NULL, 'late', '2024-01-10'), ('ana', 'late', '2025-01-10'),
    (NULL, 'shared', '2024-02-01'), (NULL, 'shared', '2025-11-01'), ('ana', 'shared', '2024-02-02'), ('bob', 'shared', '2025-11-02'),
    (NULL, 'nobody', '2024-05-05')) AS v(who, device, at), visit(v.who, v.device, v.at::timestamptz);
SELECT rows_rejected FROM cdp.ingest('web');
SELECT r.source_key, d.value, d.first_seen_at::date, d.last_seen_at::date FROM cdp_data.record_identifier d JOIN cdp_data.record r USING (record_id) WHERE d.kind = 'device_id' ORDER BY r.source_key COLLATE "C", d.value COLLATE "C";

CREATE FUNCTION visitors() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s: %s', split_part(v.source_key, ':', 2), coalesce((SELECT string_agg(u.given_name, '+') FROM cdp_data.record u WHERE u.profile_id = v.profile_id AND u.source_key ~ '^user:'),
                                                                                   (SELECT f.status FROM cdp_data.profile f WHERE f.profile_id = v.profile_id))), ', ' ORDER BY v.source_key COLLATE "C")
    FROM cdp_data.record v WHERE v.source_key ~ '^device:' $$;
CREATE TABLE outcome (n int GENERATED ALWAYS AS IDENTITY, what text, run text, noted bigint, visitors text, wrong bigint);
CREATE PROCEDURE resolve_twice(what text) LANGUAGE plpgsql AS $$
DECLARE
    run cdp_data.match_run;
    noted bigint;
    after_changes text;
BEGIN
    noted := (SELECT count(DISTINCT record_id) FROM cdp_data.match_pending WHERE is_compared);
    EXECUTE 'CALL cdp.resolve()';
    SELECT * INTO run FROM cdp_data.match_run ORDER BY run_id DESC LIMIT 1;
    CREATE TEMP TABLE before ON COMMIT DROP AS SELECT record_id, profile_id FROM cdp_data.record;
    after_changes := visitors();
    EXECUTE 'CALL cdp.resolve(mode => ''full'')';
    INSERT INTO outcome (what, run, noted, visitors, wrong) SELECT resolve_twice.what, run.mode, noted, after_changes, (SELECT count(*) FROM before b JOIN cdp_data.record r USING (record_id) WHERE r.profile_id <> b.profile_id);
    DROP TABLE before;
END
$$;
-- So few records are soon twice as many.
UPDATE cdp_data.setting SET value = '0' WHERE name = 'match_retrain_growth';
CALL resolve_twice('first');
-- Times move, and nothing else: nobody is looked at.
SELECT visit('ana', 'early', '2024-03-05');
SELECT rows_new FROM cdp.ingest('web');
CALL resolve_twice('Ana again');
-- The visitor of "late" comes back in time for Ana, that of "early" is seen with Bob.
SELECT visit(NULL, 'late', '2024-09-01');
SELECT rows_new FROM cdp.ingest('web');
CALL resolve_twice('late comes near');
SELECT visit('bob', 'early', '2024-06-01');
SELECT rows_new FROM cdp.ingest('web');
CALL resolve_twice('Bob on early, too');
-- A longer and a shorter window; none at all.
UPDATE cdp_data.setting SET value = '10 years' WHERE name = 'device_window';
CALL resolve_twice('10 years');
UPDATE cdp_data.setting SET value = '0' WHERE name = 'device_window';
CALL resolve_twice('0');
UPDATE cdp_data.setting SET value = '180 days' WHERE name = 'device_window';
CALL resolve_twice('180 days');
UPDATE cdp_data.setting SET value = 'soon' WHERE name = 'device_window';
UPDATE cdp_data.setting SET value = '-1 day' WHERE name = 'device_window';
UPDATE cdp_data.setting SET value = NULL WHERE name = 'device_window';
-- Bob goes, and with him his doubt; then Ana loses a device.
DELETE FROM cdp_data.event e USING cdp_data.record r WHERE r.record_id = e.record_id AND r.source_key = 'user:bob';
DELETE FROM cdp_data.record WHERE source_key = 'user:bob';
CALL resolve_twice('without Bob');
DELETE FROM cdp_data.record_identifier d USING cdp_data.record r WHERE r.record_id = d.record_id AND r.source_key = 'user:ana' AND d.value = 'early';
CALL resolve_twice('Ana not on early');
-- A device that was another one.
UPDATE cdp_data.record_identifier SET value = 'nobody' WHERE value = 'late' AND record_id = (SELECT record_id FROM cdp_data.record WHERE source_key = 'user:ana');
CALL resolve_twice('late was nobody');
-- Without times every visit counts.
UPDATE cdp_data.record_identifier SET first_seen_at = NULL, last_seen_at = NULL WHERE value = 'nobody' AND record_id = (SELECT record_id FROM cdp_data.record WHERE source_key = 'user:ana');
CALL resolve_twice('nobody knows when');
-- A device on more records than the kind allows says nothing; with a higher limit it does.
SELECT cdp.add_attribute('device_id', max_records => 2);
CALL resolve_twice('limit 2');
SELECT visit('eva', 'nobody', '2024-06-01');
SELECT rows_new FROM cdp.ingest('web');
CALL resolve_twice('Eva on nobody');
DELETE FROM cdp_data.record_identifier d USING cdp_data.record r WHERE r.record_id = d.record_id AND r.source_key = 'user:ana' AND d.value = 'nobody';
CALL resolve_twice('Ana not on nobody');
SELECT cdp.add_attribute('device_id', max_records => 1000);
CALL resolve_twice('limit 1000');
SELECT what, run, noted, visitors, wrong FROM outcome ORDER BY n;
