# What feeds do when things go wrong, on a server of its own: killed backends, vanished sources, full disks, two runners,
# clocks that leap, late data. Each fault must leave the same data as no fault. Source after server.sh and crash.sh.

fault_server=t_faults

fault_sql() { psql -X -q -At -v ON_ERROR_STOP=1 -d faults "$@"; }
# The state of a check of cdp.health() at the time of the test.
health_of() { fault_sql -c "SELECT status FROM cdp.health('$fault_now') WHERE \"check\" = '$1'"; }
run_due() { fault_sql -c "SET client_min_messages = error" -c "CALL cdp.run_due(as_of => '$fault_now')"; }
expect() { if [[ "$2" != "$3" ]]; then echo "$1: expected $2, found $3"; return 1; fi; }

make_fault_store() {
    createdb before
    psql -X -q -At -v ON_ERROR_STOP=1 -d before > /dev/null << 'SQL'
CREATE EXTENSION cdp;
SELECT cdp.install();
CREATE FUNCTION pick(n int, VARIADIC what text[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT abs(('x' || substr(md5(array_to_string(what, ' ')), 1, 7))::bit(28)::int) % n $$;
CREATE TABLE crm (id text PRIMARY KEY, given text, family text, mail text, born date, city text, changed timestamptz);
CREATE TABLE buys (nr int PRIMARY KEY, person text, day timestamptz, amount numeric);
-- Day by day: two thousand people in two records each, some of whom change, and what they buy.
CREATE FUNCTION arrive(day int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO crm SELECT p || t, initcap(translate(substr(md5('g' || pick(300, p::text, 'g')), 1, 7), '0123456789', 'klmnopqrst')),
        initcap(translate(substr(md5('f' || pick(900, p::text, 'f')), 1, 7), '0123456789', 'klmnopqrst')), 'p' || p || '@example.com', date '1940-01-01' + pick(25000, p::text, 'b'), 'City ' || pick(9, p::text, 'c'), '2026-01-01Z'::timestamptz + day * interval '1 day'
    FROM generate_series(1, CASE day WHEN 0 THEN 1500 ELSE 20 END) n, LATERAL (SELECT CASE day WHEN 0 THEN n ELSE 2000 + 20 * day + n END AS p) x, unnest(ARRAY['a', 'b']) t;
    UPDATE crm SET city = 'Town ' || day, changed = '2026-01-01Z'::timestamptz + day * interval '1 day' WHERE day > 0 AND pick(50, id, day::text) = 0;
    INSERT INTO buys SELECT 10000 * day + n, pick(1500, n::text, day::text, 'who') + 1 || 'a', timestamptz '2025-12-31 06:00Z' + day * interval '1 day' + n * interval '10 seconds', pick(1000, n::text, day::text)
    FROM generate_series(1, CASE day WHEN 0 THEN 4000 ELSE 200 END) n $$;
SELECT arrive(0);
SELECT count(*) FROM cdp.add_source('crm', 'crm', key => 'id', mapping => '{"given": "given_name", "family": "family_name", "mail": "email", "born": "birth_date", "city": "city", "changed": "updated_at"}');
SELECT count(*) FROM cdp.add_source('buys', 'buys', key => 'nr', kind => 'events', person_source => 'crm', event_kind => 'purchase', mapping => '{"person": "person_key", "day": "occurred_at", "amount": "amount"}');
SELECT cdp.define_segment('movers', 'city contains ''Town''');
SELECT cdp.define_segment('buyers', 'did purchase in last 20 days');
SELECT count(*) FROM cdp.add_default_feeds(every => '1 day', as_of => '2026-01-01 00:00Z');
-- All that the store knows of people, without the numbers and instants that differ from run to run.
CREATE FUNCTION content() RETURNS text LANGUAGE sql AS $$
    SELECT md5(string_agg(part, '|' ORDER BY part)) FROM (
        SELECT md5(string_agg(k, '|' ORDER BY k)) FROM (SELECT concat_ws(',', string_agg(r.source_key, ',' ORDER BY r.source_key), f.given_name, f.family_name, f.email, f.city, f.birth_date, f.record_count) AS k
            FROM cdp_data.record r JOIN cdp_data.profile f USING (profile_id) GROUP BY f.profile_id) p
        UNION ALL SELECT md5(string_agg(k, '|' ORDER BY k)) FROM (SELECT concat_ws(',', source_id, source_key, content_hash) FROM cdp_data.record) r(k)
        UNION ALL SELECT md5(string_agg(k, '|' ORDER BY k)) FROM (SELECT concat_ws(',', e.source_id, e.event_key, e.kind_id, e.occurred_at, e.amount, e.currency, e.properties, r.source_key)
            FROM cdp_data.event e LEFT JOIN cdp_data.record r USING (record_id)) e(k)
        UNION ALL SELECT md5(string_agg(k, '|' ORDER BY k)) FROM (SELECT g.name || r.source_key FROM cdp_data.segment_member m JOIN cdp_data.segment g USING (segment_id) JOIN cdp_data.record r USING (profile_id)) m(k)
        UNION ALL SELECT count(*)::text FROM cdp_data.profile UNION ALL SELECT count(*)::text FROM cdp_data.event
        UNION ALL SELECT count(*)::text FROM (SELECT relation, source_key, attribute, reason FROM cdp_data.reject WHERE resolved_at IS NULL) j) AS c(part) $$;
-- Nobody enters or leaves a segment twice in a row.
CREATE FUNCTION doubled() RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM (SELECT change, lag(change) OVER (PARTITION BY segment_id, profile_id ORDER BY change_id) AS earlier FROM cdp_data.segment_change) c WHERE change = earlier $$;
-- Stops in the middle of a stage: after the rows of its table were written.
CREATE TABLE armed (stage text);
CREATE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WHILE EXISTS (SELECT FROM public.armed a JOIN cdp_data.feed_run_stage s USING (stage) WHERE s.status = 'running') LOOP PERFORM pg_sleep(0.1); END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER stop_here AFTER UPDATE ON cdp_data.source FOR EACH STATEMENT EXECUTE FUNCTION stop_here();
CREATE TRIGGER stop_here AFTER INSERT OR UPDATE OR DELETE ON cdp_data.profile FOR EACH STATEMENT EXECUTE FUNCTION stop_here();
CREATE TRIGGER stop_here AFTER INSERT OR UPDATE OR DELETE ON cdp_data.segment_member FOR EACH STATEMENT EXECUTE FUNCTION stop_here();
SQL
}

# A fresh store of people who came on the first day, and what came on the second. The checkpoint is for its sequences: of one that was just
# copied, PostgreSQL 15 forgets after a crash how far it was.
fresh_store() {
    psql -X -q -d postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS faults WITH (FORCE)' -c "CREATE DATABASE faults TEMPLATE ${1:-prepared}" -c CHECKPOINT
}

wait_until() { # wait_until SQL: until it answers t
    local i
    for ((i = 0; i < 400; i++)); do
        [[ $(psql -X -q -At -d faults -c "$1" 2> /dev/null) == t ]] && return 0
        sleep 0.05
    done
    echo "waited in vain for: $1"
    return 1
}

# kill_in STAGE: kill -9 of the backend in the middle of a stage; what the next runner makes of it.
kill_in() {
    local stage=$1 client backend
    fresh_store
    fault_sql -c "INSERT INTO armed VALUES ('$stage')"
    run_due > /dev/null 2>&1 &
    client=$!
    wait_until "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = 'faults'"
    backend=$(fault_sql -c "SELECT backend_pid FROM cdp_data.feed_run WHERE status = 'running'")
    expect "$stage is seen from outside" "$stage" "$(fault_sql -c "SELECT substr(message, 12) FROM cdp.feeds() WHERE status = 'running'")"
    expect "$stage, runner" ok "$(health_of runner)"
    kill -9 "$backend"
    wait "$client" || true
    wait_until 'SELECT true'
    fault_sql -c 'DELETE FROM armed'
    expect "$stage, runner" error "$(health_of runner)"
    expect "$stage, the statement to run next" 'CALL cdp.run_due();' "$(fault_sql -c "SELECT next_statement FROM cdp.health('$fault_now') WHERE \"check\" = 'runner'")"
    expect "$stage, alerts" 'runner gone' "$(fault_sql -c "SELECT string_agg(kind, ', ') FROM cdp.alerts('$fault_now')")"
    run_due > /dev/null
    expect "$stage, content" "$fault_calm" "$(fault_sql -c 'SELECT content()')"
    expect "$stage, doubled" 0 "$(fault_sql -c 'SELECT doubled()')"
    expect "$stage, attempts" 2 "$(fault_sql -c "SELECT max(attempt) FROM cdp_data.feed_run")"
    expect "$stage, alerts afterwards" 'runner gone resolved' "$(fault_sql -c "SELECT string_agg(kind || CASE WHEN resolved_at IS NULL THEN ' open' ELSE ' resolved' END, ', ') FROM cdp_data.alert")"
    expect "$stage, health afterwards" '' "$(fault_sql -c "SELECT string_agg(\"check\", ', ') FROM cdp.health('$fault_now') WHERE status <> 'ok'")"
    echo "killed in $stage: done again, nothing lost, nothing doubled"
}

# Whoever lost the lease cannot commit, even when it wakes up again.
fence_out() {
    local client log=$work_dir/faults_fence.log
    fresh_store
    fault_sql -c "INSERT INTO armed VALUES ('ingest crm')"
    (psql -X -q -d faults -c "CALL cdp.run_due(as_of => '$fault_now')" || true) > "$log" 2>&1 &
    client=$!
    wait_until "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = 'faults'"
    # As another runner would that cannot see it, from the lease's end on.
    fault_sql -c "UPDATE cdp_data.runner SET runner = runner + 1, backend_pid = 0"
    fault_sql -c 'DELETE FROM armed'
    wait "$client"
    grep -q 'another runner has taken over' "$log"
    run_due > /dev/null
    expect "the one that lost its lease" "$fault_calm" "$(fault_sql -c 'SELECT content()')"
    echo "a runner that lost its lease kept nothing"
}

# A backend that is cancelled, as by Ctrl-C or a time-out: no crash, but the same.
cancel_in_stage() {
    local client
    fresh_store
    fault_sql -c "INSERT INTO armed VALUES ('resolve')"
    run_due > /dev/null 2>&1 &
    client=$!
    wait_until "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = 'faults'"
    fault_sql -c "SELECT pg_cancel_backend(backend_pid) FROM cdp_data.feed_run WHERE status = 'running'" > /dev/null
    wait "$client" || true
    fault_sql -c 'DELETE FROM armed'
    expect "cancelled, runner" error "$(health_of runner)"
    run_due > /dev/null
    expect "cancelled, content" "$fault_calm" "$(fault_sql -c 'SELECT content()')"
    echo "cancelled: done again"
}

# recover_from WHAT CODE: the fault is there: the feed fails with this SQLSTATE, the others go on; then $3 mends it.
recover_from() {
    local what=$1 feed=$2 code=$3 mend=$4
    run_due > /dev/null 2>&1
    expect "$what, error" "$code" "$(fault_sql -c "SELECT error_code FROM cdp_data.feed_run JOIN cdp_data.feed USING (feed_id) WHERE name = '$feed' ORDER BY feed_run_id DESC LIMIT 1")"
    expect "$what, health" warning "$(health_of "feed $feed")"
    fault_now='2026-01-02 00:20Z' run_due > /dev/null 2>&1
    fault_now='2026-01-02 00:40Z' run_due > /dev/null 2>&1
    expect "$what, health after three attempts" error "$(fault_now='2026-01-02 00:40Z' health_of "feed $feed")"
    expect "$what, alert" "failed $feed" "$(fault_sql -c "SELECT kind || ' ' || subject FROM cdp.alerts('2026-01-02 00:40Z') WHERE subject = '$feed'")"
    eval "$mend"
    # What health says is to be done.
    fault_sql -c "SELECT split_part(next_statement, ' CALL', 1) FROM cdp.health('2026-01-02 00:40Z') WHERE \"check\" LIKE 'feed %' AND status = 'error'" > "$work_dir/faults_next.sql"
    fault_sql -f "$work_dir/faults_next.sql" > /dev/null
    # These took the time of the machine.
    fault_sql -c "UPDATE cdp_data.feed_run SET not_before = '2026-01-02 00:40Z', due_at = '2026-01-02 00:40Z' WHERE status = 'queued'"
    fault_now='2026-01-02 00:41Z' run_due > /dev/null
    expect "$what, content" "$fault_calm" "$(fault_sql -c 'SELECT content()')"
    expect "$what, doubled" 0 "$(fault_sql -c 'SELECT doubled()')"
    expect "$what, alerts afterwards" 0 "$(fault_sql -c "SELECT count(*) FROM cdp_data.alert WHERE resolved_at IS NULL")"
    echo "$what: failed with $code, told, mended, nothing lost, nothing doubled"
}

vanished_source() {
    fresh_store
    fault_sql -c 'ALTER TABLE crm RENAME TO gone'
    recover_from 'a source that vanished' crm 42P01 "fault_sql -c 'ALTER TABLE gone RENAME TO crm'"
}

poison_row() {
    fresh_store
    fault_sql -c 'ALTER TABLE buys RENAME TO stored' -c "CREATE VIEW buys AS SELECT nr, person, day, CASE WHEN nr = 10100 THEN 1 / (amount - amount) ELSE amount END AS amount FROM stored"
    recover_from 'a poison row' buys 22012 "fault_sql -c 'CREATE OR REPLACE VIEW buys AS SELECT nr, person, day, amount FROM stored'"
}

temporary_files_limited() {
    fresh_store
    psql -X -q -d postgres -c "ALTER DATABASE faults SET temp_file_limit = '64kB'" -c "ALTER DATABASE faults SET work_mem = '64kB'"
    recover_from 'a limit of temporary files' crm 53400 "psql -X -q -d postgres -c 'ALTER DATABASE faults RESET ALL'"
}

# A file system of its own that is full, where this machine allows to mount one.
temporary_disk_full() {
    local place=$work_dir/$fault_server/small
    mkdir -p "$place"
    if ! mount -t tmpfs -o size=300k tmpfs "$place" 2> /dev/null; then
        echo "a full disk: skipped, no file system can be mounted here"
        return 0
    fi
    chown "$server_user" "$place"
    chmod 700 "$place"
    psql -X -q -d postgres -c "CREATE TABLESPACE small LOCATION '$place'"
    fresh_store
    psql -X -q -d postgres -c "ALTER DATABASE faults SET temp_tablespaces = small"
    recover_from 'a full disk' crm 53100 "psql -X -q -d postgres -c 'ALTER DATABASE faults RESET ALL'"
}

many_runners() {
    local i busy
    fresh_store
    for i in 1 2 3 4 5 6; do run_due > "$work_dir/faults_runner.$i" 2>&1 & done
    for i in $(jobs -p); do wait "$i" || true; done
    expect "six runners, content" "$fault_calm" "$(fault_sql -c 'SELECT content()')"
    expect "six runners, runs" "$(fault_sql -c 'SELECT count(*) FROM cdp_data.feed')" "$(fault_sql -c "SELECT count(*) FROM cdp_data.feed_run WHERE due_at > '2026-01-01 12:00Z'")"
    expect "six runners, attempts" 1 "$(fault_sql -c 'SELECT max(attempt) FROM cdp_data.feed_run')"
    ! grep -l ERROR "$work_dir"/faults_runner.*
    busy=$(grep -l '|t$' "$work_dir"/faults_runner.* | wc -l)
    echo "six runners: one did it, $busy found it at work"
}

# A month in which nothing ran, and one in which every day did: the same in the end. The clock leaps about in it.
month_of_late_data() {
    local day orderly
    fresh_store
    for day in $(seq 2 31); do
        fault_sql -c "SELECT arrive($day)" > /dev/null
        fault_now=$(printf '2026-01-%02d 00:01Z' "$day") run_due > /dev/null
    done
    orderly=$(fault_sql -c 'SELECT content()')
    expect "orderly month, runs" 30 "$(fault_sql -c "SELECT count(*) FROM cdp_data.feed_run JOIN cdp_data.feed USING (feed_id) WHERE name = 'crm' AND due_at > '2026-01-01 12:00Z'")"
    fresh_store
    fault_sql -c "SELECT arrive(day) FROM generate_series(2, 31) day" > /dev/null
    expect "late month, told without a runner" 'late crm' "$(fault_sql -c "SELECT kind || ' ' || subject FROM cdp.alerts('2026-01-31 00:01Z') WHERE subject = 'crm'")"
    fault_now='2026-01-31 00:01Z' run_due > /dev/null
    expect "late month, content" "$orderly" "$(fault_sql -c 'SELECT content()')"
    expect "late month, missed" 29 "$(fault_sql -c "SELECT missed FROM cdp_data.feed_run JOIN cdp_data.feed USING (feed_id) WHERE name = 'crm' AND due_at > '2026-01-01 12:00Z'")"
    expect "late month, doubled" 0 "$(fault_sql -c 'SELECT doubled()')"
    expect "late month, alerts" 0 "$(fault_sql -c 'SELECT count(*) FROM cdp_data.alert WHERE resolved_at IS NULL')"
    # The clock: a year ahead, back, and to and fro. One run for a leap ahead, none for one back, and the next days are run.
    fault_now='2027-02-01 00:01Z' run_due > /dev/null
    fault_now='2026-02-01 00:02Z' run_due > /dev/null
    fault_now='2026-01-20 00:02Z' run_due > /dev/null
    fault_now='2026-02-02 00:02Z' run_due > /dev/null
    expect "leaps" '2026-01-31 1,2027-02-01 1,2026-02-02 1' "$(fault_sql -c "SELECT string_agg(day, ',') FROM (SELECT to_char(due_at, 'YYYY-MM-DD') || ' ' || count(*) AS day FROM cdp_data.feed_run JOIN cdp_data.feed USING (feed_id) WHERE name = 'crm' AND due_at > '2026-01-02 12:00Z' GROUP BY due_at ORDER BY min(feed_run_id)) d")"
    expect "leaps, doubled events" 0 "$(fault_sql -c 'SELECT count(*) - (SELECT count(*) FROM buys) FROM cdp_data.event')"
    echo "a month of late data, and a clock that leaps: the same in the end"
}

# The real pg_cron.
schedule_by_cron() {
    createdb cronned
    psql -X -q -At -v ON_ERROR_STOP=1 -d cronned > /dev/null << 'SQL'
CREATE EXTENSION pg_cron;
CREATE EXTENSION cdp;
SELECT cdp.install();
CREATE TABLE crm (id text PRIMARY KEY, mail text);
INSERT INTO crm VALUES ('1', 'a@example.com');
SELECT count(*) FROM cdp.add_source('crm', 'crm', key => 'id', mapping => '{"mail": "email"}');
SELECT count(*) FROM cdp.add_default_feeds(every => '1 day', as_of => now() - interval '1 day');
SELECT cdp.schedule(every_minutes => 5);
SELECT cdp.schedule(every_minutes => 1, max_seconds => 50);
SQL
    expect "one job" "* * * * * CALL cdp.run_due(max_seconds => 50)" "$(psql -X -q -At -d cronned -c "SELECT schedule || ' ' || command FROM cron.job")"
}

cron_has_run() {
    local i
    for ((i = 0; i < 80; i++)); do
        [[ $(psql -X -q -At -d cronned -c "SELECT count(*) = 4 FROM cdp_data.feed_run WHERE status = 'ok'") == t ]] && break
        sleep 1
    done
    sleep 1
    psql -X -q -At -d cronned -c "SELECT status, return_message FROM cron.job_run_details ORDER BY runid DESC LIMIT 1"
    expect "runs by pg_cron" 4 "$(psql -X -q -At -d cronned -c "SELECT count(*) FROM cdp_data.feed_run WHERE status = 'ok'")"
    expect "health of the scheduler" ok "$(psql -X -q -At -d cronned -c "SELECT status FROM cdp.health() WHERE \"check\" = 'scheduler' AND message LIKE '%pg_cron job%succeeded%'")"
    expect "unschedule" 'pg_cron runs the feeds of this database no longer' "$(psql -X -q -At -d cronned -c 'SELECT cdp.unschedule()')"
    expect "no job" 0 "$(psql -X -q -At -d cronned -c 'SELECT count(*) FROM cron.job')"
    # From a database where pg_cron is not.
    { psql -X -q -At -d faults -c 'SELECT cdp.schedule()' 2>&1 || true; } | grep -q "Connected to cronned, run: CREATE EXTENSION IF NOT EXISTS pg_cron; SELECT cron.schedule_in_database('cdp run_due faults'"
    echo "pg_cron ran the feeds"
}

# pg_cron's files belong to the private server too, also when it was copied before they were installed.
copy_cron() {
    local folder
    for folder in "$("$PG_CONFIG" --pkglibdir)/pg_cron.so" "$("$PG_CONFIG" --sharedir)"/extension/pg_cron*; do
        if [[ -e $folder && ! -e $prefix$folder ]]; then cp "$folder" "$prefix$folder"; fi
    done
    [[ -e $prefix$("$PG_CONFIG" --pkglibdir)/pg_cron.so ]]
}

end_faults() {
    stop_server "$fault_server"
    if mountpoint -q "$work_dir/$fault_server/small"; then umount "$work_dir/$fault_server/small"; fi
}

survive_faults() {
    trap end_faults EXIT
    local stage cron=no settings=()
    if copy_cron; then
        cron=yes
        settings=("shared_preload_libraries = 'pg_cron'" "cron.database_name = 'cronned'" "cron.use_background_workers = on")
    fi
    start_server "$fault_server" "restart_after_crash = on" "checkpoint_timeout = 30s" "${settings[@]}"
    if [[ $cron == yes ]]; then schedule_by_cron; else echo "pg_cron: skipped, it is not installed"; fi
    make_fault_store
    fault_now='2026-01-01 00:00Z'
    fresh_store before
    fault_sql -c "UPDATE cdp_data.feed SET next_due_at = '2026-01-01 00:00Z' WHERE next_due_at IS NOT NULL"
    run_due
    fault_sql -c 'SELECT arrive(1)' > /dev/null
    psql -X -q -d postgres -c 'CREATE DATABASE prepared TEMPLATE faults'
    fault_now='2026-01-02 00:01Z'
    fresh_store
    run_due
    fault_calm=$(fault_sql -c 'SELECT content()')
    expect "calm" '' "$(fault_sql -c "SELECT string_agg(\"check\" || ' ' || message, ', ') FROM cdp.health('$fault_now') WHERE status <> 'ok'")"
    for stage in 'ingest crm' 'ingest buys' resolve profiles segments; do kill_in "$stage"; done
    cancel_in_stage
    fence_out
    vanished_source
    poison_row
    temporary_files_limited
    temporary_disk_full
    many_runners
    month_of_late_data
    if [[ $cron == yes ]]; then cron_has_run; fi
}

# Every line that the faults have to tell is a test.
attempt_faults() {
    local log=$work_dir/survive_faults.log line
    quietly "$log" survive_faults
    while read -r line; do good "$line"; done < <(grep -E ': (done again|told|one did it|the same|failed with)|kept nothing|^pg_cron ran|skipped' "$log")
    if [[ $status != 0 ]]; then
        bad "faults"
        show "$log"
        show "$work_dir/$fault_server/log" 30
    fi
}
