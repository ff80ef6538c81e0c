# A store after crashes in the middle of resolutions, on a server of its own. Source after server.sh.

crash_server=t_crash

crash_sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }

# People twice, who can be told by their names and dates, with addresses and logins that some share.
make_crash_store() {
    createdb killed
    crash_sql -d killed > /dev/null << 'SQL'
CREATE EXTENSION cdp;
SELECT cdp.install();
CREATE FUNCTION pick(n int, VARIADIC what text[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT abs(('x' || substr(md5(array_to_string(what, ' ')), 1, 7))::bit(28)::int) % n $$;
CREATE FUNCTION word(n int, VARIADIC what text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT initcap(translate(substr(md5('w' || pick(n, VARIADIC what)), 1, 7), '0123456789', 'klmnopqrst')) $$;
CREATE TABLE crm (id text PRIMARY KEY, given text, family text, mail text, phone text, born date, city text, login text);
INSERT INTO crm SELECT p || t, word(300, p::text, 'g'), word(3000, p::text, 'f'), CASE pick(3, p::text, t, 'm') WHEN 0 THEN NULL ELSE 'p' || p || '@example.com' END,
    CASE pick(3, p::text, t, 'p') WHEN 0 THEN NULL ELSE '+5696' || lpad((1000000 + 719 * p)::text, 7, '0') END, date '1940-01-01' + pick(25000, p::text, 'b'),
    'City ' || pick(90, p::text, 'c'), CASE pick(9, p::text, t, 'l') WHEN 0 THEN 'login' || pick(500, p::text, 'l') END
FROM generate_series(1, 5000) p, unnest(ARRAY['a', 'b']) t;
SELECT count(*) FROM cdp.add_source('crm', 'crm', key => 'id', mapping => '{"given": "given_name", "family": "family_name", "mail": "email", "phone": "phone", "born": "birth_date", "city": "city", "login": "user_id"}');
SELECT count(*) FROM cdp.ingest('crm');
-- All that the store holds but its sequences.
CREATE FUNCTION fingerprint() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    t text;
    part text;
    whole text := '';
BEGIN
    FOR t IN SELECT c.oid::regclass FROM pg_class c WHERE c.relnamespace = 'cdp_data'::regnamespace AND c.relkind = 'r' ORDER BY c.relname COLLATE "C" LOOP
        EXECUTE format('SELECT md5(string_agg(x::text, ''|'' ORDER BY x::text)) FROM %s x', t) INTO part;
        whole := whole || t || coalesce(part, '-');
    END LOOP;
    RETURN md5(whole);
END
$$;
CREATE FUNCTION people() RETURNS text LANGUAGE sql AS $$
    SELECT md5(string_agg(k, '|' ORDER BY k)) FROM (SELECT string_agg(source_key, ',' ORDER BY source_key) AS k FROM cdp_data.record GROUP BY profile_id) p $$;
-- What must not be once nothing waits for a resolution.
CREATE FUNCTION faults() RETURNS TABLE (fault text) LANGUAGE sql AS $$
    SELECT f.fault FROM (
        SELECT 'a record without a profile' FROM cdp_data.record r WHERE NOT EXISTS (SELECT FROM cdp_data.profile f WHERE f.profile_id = r.profile_id)
        UNION ALL SELECT 'a profile without a record' FROM cdp_data.profile f WHERE NOT EXISTS (SELECT FROM cdp_data.record r WHERE r.profile_id = f.profile_id)
        UNION ALL SELECT 'a profile that counts its records wrongly' FROM cdp_data.profile f WHERE f.record_count <> (SELECT count(*) FROM cdp_data.record r WHERE r.profile_id = f.profile_id)
        UNION ALL SELECT 'an alias of the living' FROM cdp_data.profile_alias a JOIN cdp_data.profile f USING (profile_id)
        UNION ALL SELECT 'not one active model' WHERE (SELECT count(*) FROM cdp_data.match_model WHERE is_active) <> 1
        UNION ALL SELECT 'a record without its keys' FROM cdp_data.record r WHERE NOT EXISTS (SELECT FROM cdp_data.match_record m WHERE m.record_id = r.record_id AND cardinality(m.keys) > 0)
        UNION ALL SELECT 'keys of a record that is not there' FROM cdp_data.match_record m WHERE NOT EXISTS (SELECT FROM cdp_data.record r WHERE r.record_id = m.record_id)
        UNION ALL SELECT 'a link of a record that is not there' FROM cdp_data.match_edge e WHERE NOT EXISTS (SELECT FROM cdp_data.record r WHERE r.record_id = e.record_a) OR NOT EXISTS (SELECT FROM cdp_data.record r WHERE r.record_id = e.record_b)
        UNION ALL SELECT 'two people linked as one' FROM cdp_data.match_edge e JOIN cdp_data.record a ON a.record_id = e.record_a JOIN cdp_data.record b ON b.record_id = e.record_b
                  WHERE e.is_merged AND a.profile_id <> b.profile_id) AS f(fault)
    WHERE EXISTS (SELECT FROM cdp_data.profile) AND NOT EXISTS (SELECT FROM cdp_data.match_pending)
    UNION ALL SELECT 'no index of keys' WHERE to_regclass('cdp_data.match_record_keys') IS NULL $$;
-- By the index and without it.
CREATE FUNCTION found_by_key(by_index boolean) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('enable_seqscan', CASE WHEN by_index THEN 'off' ELSE 'on' END, true), set_config('enable_bitmapscan', CASE WHEN by_index THEN 'on' ELSE 'off' END, true);
    RETURN (SELECT count(*) FROM (SELECT keys FROM cdp_data.match_record ORDER BY record_id LIMIT 300) d, LATERAL (SELECT FROM cdp_data.match_record o WHERE o.keys && d.keys OFFSET 0) n);
END
$$;
SQL
}

wait_for_server() {
    local i
    for ((i = 0; i < 300; i++)); do
        psql -X -q -At -d killed -c 'SELECT 1' > /dev/null 2>&1 && return 0
        sleep 0.1
    done
    echo "the server did not come back"
    return 1
}

# crash_once STATEMENT SECONDS kill|stop: runs it and ends it with violence after some time.
crash_once() {
    local statement=$1 seconds=$2 how=$3 client backend
    psql -X -q -d killed -c "SET application_name = 'to_be_killed'" -c "$statement" > /dev/null 2>&1 &
    client=$!
    sleep "$seconds"
    if [[ $how == kill ]]; then
        backend=$(crash_sql -d killed -c "SELECT pid FROM pg_stat_activity WHERE application_name = 'to_be_killed' AND state = 'active'")
        [[ -z $backend ]] || kill -9 "$backend"
    else
        as_server_user "$pg_bin/pg_ctl" -D "$work_dir/$crash_server/data" -m immediate -w stop > /dev/null
        as_server_user "$pg_bin/pg_ctl" -D "$work_dir/$crash_server/data" -l "$work_dir/$crash_server/log" -w start > /dev/null
    fi
    wait "$client" || true
    wait_for_server
}

# crash_stage NAME STATEMENT: the same with and without crashes in its middle.
crash_stage() {
    local name=$1 statement=$2 before now calm part how=kill begun seconds hit=0
    psql -X -q -d postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS calm' -c 'CREATE DATABASE calm TEMPLATE killed'
    begun=$EPOCHREALTIME
    crash_sql -d calm -c "$statement" > /dev/null
    seconds=$(awk "BEGIN { print $EPOCHREALTIME - $begun }")
    calm=$(crash_sql -d calm -c 'SELECT people()')
    before=$(crash_sql -d killed -c 'SELECT fingerprint()')
    for part in 0.05 0.25 0.45 0.65 0.85; do
        crash_once "$statement" "$(awk "BEGIN { print $seconds * $part }")" "$how"
        now=$(crash_sql -d killed -c 'SELECT fingerprint()')
        # It may just have been done.
        if [[ $now == "$before" ]]; then
            hit=$((hit + 1))
        elif [[ $(crash_sql -d killed -c 'SELECT people()') != "$calm" ]]; then
            echo "$name: neither as before nor done, $how at $part of $seconds s"
            return 1
        fi
        crash_sql -d killed -c "SELECT '$name, $how at $part: ' || fault || ' (' || count(*) || ')' FROM faults() GROUP BY fault" | tee "$work_dir/crash.faults"
        [[ ! -s $work_dir/crash.faults ]]
        if [[ $how == kill ]]; then how=stop; else how=kill; fi
    done
    # Else nothing was tried.
    if [[ $hit -lt 3 ]]; then echo "$name: only $hit of 5 crashes came in its middle"; return 1; fi
    crash_sql -d killed -c "$statement" > /dev/null
    if [[ $(crash_sql -d killed -c 'SELECT people()') != "$calm" ]]; then echo "$name: other people than without crashes"; return 1; fi
    if [[ $(crash_sql -d killed -c 'SELECT count(*) FROM faults()') != 0 ]]; then crash_sql -d killed -c 'SELECT * FROM faults() LIMIT 10'; return 1; fi
    [[ $(crash_sql -d killed -c 'SELECT found_by_key(true)') == $(crash_sql -d killed -c 'SELECT found_by_key(false)') ]] || { echo "$name: the index of keys is not complete"; return 1; }
    echo "$name: $hit crashes in $seconds s of work, and the same people"
}

survive_crashes() {
    trap 'stop_server "$crash_server"' EXIT
    start_server "$crash_server" "checkpoint_timeout = 30s"
    make_crash_store
    crash_stage training "CALL cdp.resolve()"
    crash_sql -d killed -c "UPDATE crm SET family = word(3000, id, 'other'), mail = 'q' || id || '@example.com' WHERE pick(12, id, 'u') = 0" \
        -c "DELETE FROM cdp_data.record WHERE pick(60, source_key, 'd') = 0" -c "SELECT count(*) FROM cdp.ingest('crm')" > /dev/null
    crash_stage changes "CALL cdp.resolve()"
    [[ $(crash_sql -d killed -c "SELECT count(*) > 0 FROM cdp_data.match_run WHERE mode = 'changes' AND changed_records > 100") == t ]]
    crash_sql -d killed -c "UPDATE cdp_data.setting SET value = '0.9' WHERE name = 'match_threshold'"
    crash_stage "a full run" "CALL cdp.resolve()"
    [[ $(crash_sql -d killed -c "SELECT count(*) > 0 FROM cdp_data.match_run WHERE mode = 'full'") == t ]]
    stop_server "$crash_server"
}
