# What the topics of scripts/bench share: tools, timing, verdicts. Source after server.sh.

stop_bench() {
    local status=$?
    trap - EXIT
    set +e
    if [[ -n ${pg_bin:-} ]]; then stop_server "$server"; fi
    exit "$status"
}

# compile NAME [flag…]: test/bench/NAME.cpp into $work_dir/bench/NAME, with the core.
compile() {
    local name=$1
    shift
    mkdir -p "$work_dir/bench"
    "${CXX:-g++}" -O2 -std=c++20 -Isrc/core -Itest/bench "test/bench/$name.cpp" "$@" -o "$work_dir/bench/$name"
}

# optional_package WHAT PACKAGE: installs it where apt has it; a status, never an end.
optional_package() {
    local what=$1 package=$2
    if [[ -z $(missing_packages "$package") ]]; then return 0; fi
    (install_packages "$what" "$package") && [[ -z $(missing_packages "$package") ]]
}

# DuckDB into $work_dir/bench/duckdb, with npm; a status.
install_duckdb() {
    mkdir -p "$work_dir/bench/duckdb"
    if [[ ! -d $work_dir/bench/duckdb/node_modules/@duckdb ]]; then
        optional_package "npm, for DuckDB" npm || command -v npm > /dev/null || return 1
        (cd "$work_dir/bench/duckdb" && npm install --silent --no-audit --no-fund @duckdb/node-api) > "$work_dir/bench/npm.log" 2>&1
    fi
}

# The server with the extension, and the peers that are extensions too: those of contrib come with the server.
# Further settings of the server as arguments.
start_bench_server() {
    # A copy of the server may be older than a peer that has just been installed.
    rm -f "$work_dir/prefix/.version"
    build_and_install
    start_server "$server" "shared_buffers = 2GB" "max_parallel_workers_per_gather = 0" "jit = off" "autovacuum = off" \
        "synchronous_commit = off" "work_mem = 256MB" "$@"
    createdb bench
    export PGDATABASE=bench
    sql -f scripts/benches/timing.sql
    sql -c "CREATE EXTENSION cdp"
}

sql() { psql -X -q -v ON_ERROR_STOP=1 "$@"; }
value() { sql -At -c "$1"; }

# has_extension NAME [SCHEMA]: creates it if it can be had.
has_extension() {
    [[ $(value "SELECT count(*) FROM pg_available_extensions WHERE name = '$1'") == 1 ]] || return 1
    value "CREATE SCHEMA IF NOT EXISTS ${2:-public}"
    value "CREATE EXTENSION IF NOT EXISTS $1 SCHEMA ${2:-public}"
}

# time_query LABEL SQL [TABLE]: one run; its time goes to the table bench.run. A connection that has read TABLE before has the
# server's cache in its address space: mapping it costs 10 ns a row, which a peer in one process pays once.
time_query() {
    local warm=()
    [[ -z ${3:-} ]] || warm=(-c "SELECT count(*) FROM $3")
    sql -At "${warm[@]}" -c "SELECT bench.time(\$bench\$$1\$bench\$, \$bench\$$2\$bench\$)" > /dev/null
}

# add_time LABEL MILLISECONDS: of a program that takes its own time.
add_time() { value "INSERT INTO bench.run (label, ms) VALUES (\$bench\$$1\$bench\$, $2)"; }

# median LABEL: milliseconds, or nothing.
median() { value "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FROM bench.run WHERE label = \$bench\$$1\$bench\$"; }

# reckon EXPRESSION [FORMAT]: with awk.
reckon() { awk "BEGIN { printf \"${2:-%.2f}\", $1 }"; }

met=0 missed=0
# verdict VALUE BAR: at most; sets verdict.
at_most() {
    if awk "BEGIN { exit !($1 <= $2) }"; then verdict=met met=$((met + 1)); else verdict='NOT MET' missed=$((missed + 1)); fi
}
at_least() {
    if awk "BEGIN { exit !($1 >= $2) }"; then verdict=met met=$((met + 1)); else verdict='NOT MET' missed=$((missed + 1)); fi
}

# The machine and the versions, for docs/benchmarks.md.
print_machine() {
    note "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
    note "$("$PG_CONFIG" --version), $(${CXX:-g++} --version | head -1)"
}
