# shellcheck shell=bash
# The same people in plain SQL, on PostgreSQL and on DuckDB, against cdp.dedupe(): for scripts/bench identity --peers.

# peer_postgres KIND: the steps of peers.sql over the table people, one "step<tab>milliseconds" each, then the pairs and the quality. Jaro-Winkler and
# Levenshtein are this extension's: PostgreSQL has no Jaro-Winkler, and its Levenshtein is slower.
peer_postgres() {
    {
        printf '%s;\n' "SET client_min_messages = warning" "DROP SCHEMA IF EXISTS peer CASCADE" "CREATE SCHEMA peer" "SET search_path = peer, public, cdp" \
            "SET max_parallel_workers_per_gather = $((workers - 1))" "SET work_mem = '1GB'"
        awk -v kind="$1" -v quote="'" '
            function finish() { if (step != "") print "SELECT " quote step quote ", extract(epoch FROM clock_timestamp() - :" quote "t" quote ") * 1000;" }
            /^--@ / { finish(); step = NF < 3 || $3 == kind ? $2 : ""; if (step != "") print "SELECT clock_timestamp() AS t \\gset"; next }
            step != ""
            END { finish() }' scripts/benches/peers.sql
        echo "SELECT clock_timestamp() AS t \\gset"
        cat scripts/benches/peers_components.sql
        echo "SELECT 'components', extract(epoch FROM clock_timestamp() - :'t') * 1000;"
        echo "SELECT 'pairs', count(*) FROM pair;"
        echo "SELECT 'quality', string_agg(round(value::numeric, 4)::text, ' ' ORDER BY measure) FROM cdp.evaluate_resolution('peer.result', 'people',"
        echo "    truth_key => 'rec_id', label => 'entity_id') WHERE measure IN ('f1', 'precision', 'recall');"
    } | sql -At -F $'\t'
}
# peer_duckdb KIND FILE: the same, in one process that reads the file first.
peer_duckdb() {
    (cd "$work_dir/bench/duckdb" && node "$OLDPWD/scripts/benches/duckdb_people.mjs" "$2" "$workers" "$1") < scripts/benches/peers.sql
}

# report_peer NAME FILE-OF-STEPS: sums the steps into $seconds and prints them.
report_peer() {
    seconds=$(awk -F '\t' '$1 != "pairs" && $1 != "quality" { sum += $2 } END { printf "%.2f", sum / 1000 }' "$2")
    printf '  %-14s %7.1f s   %s\n' "$1" "$seconds" "$(awk -F '\t' '
        $1 == "pairs" { pairs = $2; next }
        $1 == "quality" { split($2, q, " "); printf "%s pairs; F1 %s P %s R %s\n", pairs, q[1], q[2], q[3]; next }
        { printf "%s %.1f, ", $1, $2 / 1000 }' "$2")"
}

# compare_peers FILE: every engine in turn, $peer_turns times, the fastest turn of each.
compare_peers() {
    local file=$1 turn own='' own_turn kind columns duckdb=no seconds
    install_duckdb && duckdb=yes || note "DuckDB: left out"
    columns=$(head -1 "$file" | tr -d '\r"' | sed 's/[^,]*/"&" text/g')
    sql -c "SET client_min_messages = warning" -c "DROP TABLE IF EXISTS people" -c "CREATE TABLE people ($columns)" \
        -c "\\copy people FROM '$file' WITH (FORMAT csv, HEADER)" -c "VACUUM (ANALYZE) people"
    local folder=$work_dir/bench/peers
    rm -rf "$folder" && mkdir -p "$folder"
    for ((turn = 1; turn <= peer_turns; ++turn)); do
        own_turn=$(sql -At << END
SET client_min_messages = warning;
DROP TABLE IF EXISTS result;
SET cdp.workers = $workers;
SELECT count(*) FROM people \g /dev/null
SELECT clock_timestamp() AS started \gset
CREATE TABLE result AS SELECT * FROM cdp.dedupe('people', 'rec_id', ignore => '{entity_id,household_id}');
SELECT round(extract(epoch FROM clock_timestamp() - :'started'), 2);
END
)
        own=$(printf '%s\n' $own $own_turn | sort -n | head -1)
        for kind in five ours; do
            if [[ $duckdb == yes ]]; then peer_duckdb $kind "$(realpath "$file")" > "$folder/duckdb_$kind.$turn" 2> "$folder/duckdb.log"; fi
            if [[ $turn -le $postgres_turns ]]; then peer_postgres $kind > "$folder/postgres_$kind.$turn"; fi
        done
    done
    printf '  %-14s %7.1f s   %s\n' 'cdp.dedupe()' "$own" "all its rules, trained, read from a table and written to one; $(sql -At -F ' ' -c "
        SELECT string_agg(CASE measure WHEN 'f1' THEN 'F1 ' WHEN 'precision' THEN 'P ' ELSE 'R ' END || round(value::numeric, 4), ' ' ORDER BY measure)
        FROM cdp.evaluate_resolution('result', 'people', truth_key => 'rec_id', label => 'entity_id') WHERE measure IN ('f1', 'precision', 'recall')")"
    for kind in five ours; do
        for peer in postgres duckdb; do
            local best='' least='' steps
            for steps in "$folder/${peer}_$kind".*; do
                [[ -s $steps ]] || continue
                seconds=$(report_peer x "$steps" | awk '{ print $2 }')
                if [[ -z $least ]] || awk "BEGIN { exit !($seconds < $least) }"; then least=$seconds best=$steps; fi
            done
            [[ -n $best ]] || continue
            report_peer "$peer, $kind" "$best"
            printf '  %-14s ratio %.1f' '' "$(reckon "$seconds / $own")"
            if [[ $kind == ours ]]; then
                at_least "$(reckon "$seconds / $own")" "$([[ $peer == postgres ]] && echo 12 || echo 2)"
                printf '   at least %s: %s' "$([[ $peer == postgres ]] && echo 12 || echo 2)" "$verdict"
            fi
            printf '\n'
        done
    done
}
