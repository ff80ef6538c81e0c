# What scripts/test runs and counts. Source after server.sh.

passed=0 failed=0 completed=no started=$SECONDS

good() { passed=$((passed + ${2:-1})); printf '  ok      %s\n' "$1"; }
bad() { failed=$((failed + ${2:-1})); printf '  %sFAILED%s  %s\n' "$bold" "$plain" "$1"; }

# show FILE [LINES]: the end of a log, indented.
show() { tail -n "${2:-60}" "$1" | sed 's/^/          /'; }

# quietly LOG COMMAND…: in a subshell in which the first error ends the command, all output in LOG; sets status.
# To be called as a plain statement, never after `if` or before `||`: bash would ignore set -e in all that it calls.
quietly() {
    local log=$1
    shift
    set +e
    (set -e; "$@") > "$log" 2>&1
    status=$?
    set -e
}

# attempt WHAT LOG COMMAND…: a step that others need; counts only when it fails. Sets status; the variables that COMMAND
# sets are lost.
attempt() {
    local what=$1
    shift
    quietly "$@"
    if [[ $status != 0 ]]; then bad "$what"; show "$1"; fi
}

# result NAME LOG COMMAND…: one test.
result() {
    local name=$1
    shift
    quietly "$@"
    if [[ $status == 0 ]]; then good "$name"; else bad "$name"; show "$1"; fi
}

# A copied or moved project brings along CMake's paths of the old place.
forget_foreign_builds() {
    local cache
    for cache in build/core/CMakeCache.txt build/tests/CMakeCache.txt build/fuzz/CMakeCache.txt; do
        if [[ -f $cache ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$cache"; then
            rm -rf "$(dirname "$cache")"
        fi
    done
}

build_test_programs() {
    cmake -S . -B build/tests -DCDP_BUILD_TESTS=ON
    cmake --build build/tests -j "$(nproc)"
}

build_bridge_module() {
    make -s -C test/module PG_CONFIG="$PG_CONFIG"
    make -s -C test/module install DESTDIR="$prefix" PG_CONFIG="$PG_CONFIG"
    chmod -R a+rX "$prefix"
}

# run_programs LABEL: the Boost.Test programs with this label; every test case counts. A program that ends without a
# report has crashed: all of its cases have failed.
run_programs() {
    local label=$1 log=$work_dir/ctest_$1.log name cases wrong
    BOOST_TEST_REPORT_LEVEL=detailed BOOST_TEST_COLOR_OUTPUT=no ctest --test-dir build/tests -L "^$label\$" -V \
        --no-tests=error > "$log" 2>&1 || true
    local summary=$work_dir/ctest_$label.summary
    awk '
        match($0, /^[0-9]+: /) { number = substr($0, 1, RLENGTH - 2) + 0; line = substr($0, RLENGTH + 1) }
        !/^[0-9]+: / { line = "" }
        line ~ /^Running [0-9]+ test case/ { split(line, word, " "); cases[number] = word[2] }
        line ~ /^ *Test case ".*" (has failed|was aborted)/ { wrong[number]++ }
        /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
            match($0, /#[0-9]+: /)
            number = substr($0, RSTART + 1, RLENGTH - 3) + 0
            rest = substr($0, RSTART + RLENGTH)
            split(rest, word, " ")
            if (rest !~ / Passed +[0-9.]+ sec/ && !wrong[number]) wrong[number] = cases[number] ? cases[number] : 1
            if (cases[number] < wrong[number]) cases[number] = wrong[number]
            print word[1], cases[number] + 0, wrong[number] + 0
        }' "$log" > "$summary"
    if [[ ! -s $summary ]]; then
        bad "$label: no program was run"
        show "$log"
    fi
    while read -r name cases wrong; do
        if [[ $wrong == 0 && $cases -gt 0 ]]; then
            good "$name ($cases)" "$cases"
        else
            [[ $cases -gt 0 ]] || { cases=1; wrong=1; }
            passed=$((passed + cases - wrong))
            bad "$name ($wrong of $cases)" "$wrong"
        fi
    done < "$summary"
    if awk '{ wrong += $3 } END { exit wrong == 0 }' "$summary"; then
        grep -E ': (fatal )?error|: error: in|Test case ".*" (has failed|was aborted)|\*\*\*(Failed|Exception|Timeout|Not Run|Skipped)|^[0-9]+: (terminate|unknown)' \
            "$log" > "$summary.errors" || true
        show "$summary.errors" 80
        note "all of their output: $log"
    fi
}

# run_fuzzers: every fuzz target counts as one test.
run_fuzzers() {
    local target inputs
    run_all_fuzzers tests $(fuzz_targets)
    for target in $(fuzz_targets); do
        if [[ $(< "build/fuzz/logs/$target.status") == 0 ]]; then
            inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/logs/$target.log")
            good "$target, ${inputs:-?} inputs"
        else
            bad "$target"
            explain_broken "$target"
        fi
    done
}

# run_regress FOLDER: each FOLDER/sql/*.sql in a database of its own, compared with FOLDER/expected.
run_regress() {
    local folder=$1 file name out program
    program=$("$PG_CONFIG" --pkglibdir)/pgxs/src/test/regress/pg_regress
    for file in "$folder"/sql/*.sql; do
        [[ -e $file ]] || continue
        name=$(basename "$file" .sql)
        out=$work_dir/regress/$name
        rm -rf "$out"
        mkdir -p "$out"
        # The database keeps its name, so that no output depends on it.
        quietly "$out/log" regress_one "$program" "$folder" "$name" "$out"
        if [[ $status == 0 ]]; then
            good "$name"
        else
            bad "$name"
            if [[ -s $out/regression.diffs ]]; then show "$out/regression.diffs" 120; else show "$out/log"; fi
            note "if the new output is right: cp $out/results/$name.out ${folder#./}/expected/"
        fi
    done
}

regress_one() {
    local program=$1 folder=$2 name=$3 out=$4
    psql -X -q -d postgres -c 'DROP DATABASE IF EXISTS regression WITH (FORCE)' -c 'CREATE DATABASE regression'
    "$program" --use-existing --dbname=regression --bindir="$pg_bin" --inputdir="$folder" --outputdir="$out" \
        --encoding=UTF8 --host="$PGHOST" --port="$PGPORT" --user="$PGUSER" "$name"
}

# run_guides: the SQL in the guides that say they are run, each in a database of its own.
run_guides() {
    local guide
    for guide in $(grep -l '^<!-- executed' docs/*.md); do
        result "$guide" "$work_dir/guide.log" run_guide "$guide"
    done
}

run_guide() {
    psql -X -q -d postgres -c 'DROP DATABASE IF EXISTS guide WITH (FORCE)' -c 'CREATE DATABASE guide'
    psql -X -q -d guide -c 'CREATE EXTENSION cdp'
    python3 scripts/lib/run_doc.py "$1" guide
}

no_backend_crashed() {
    [[ -s $work_dir/$1/log ]]
    ! grep -E 'was terminated by signal|PANIC|terminating any other active server processes' "$work_dir/$1/log"
}

# At every end of the script, also an early one.
finish() {
    local status=$?
    trap - EXIT
    set +e
    if [[ -n ${pg_bin:-} ]]; then stop_server "$server"; fi
    if [[ $completed == no ]]; then bad "the tests ended early (status $status)"; fi
    printf '\ntotal: %d s\n%d passed, %d failed\n' "$((SECONDS - started))" "$passed" "$failed"
    if [[ $failed == 0 && $passed -gt 0 ]]; then exit 0; else exit 1; fi
}
