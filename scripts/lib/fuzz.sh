# Building and running the fuzz targets (test/fuzz). Source after packages.sh.

install_fuzz_packages() {
    install_packages "clang with libFuzzer" clang libclang-rt-dev
}

build_fuzz_targets() {
    CC=clang CXX=clang++ cmake -S . -B build/fuzz -DCDP_FUZZ=ON
    cmake --build build/fuzz -j "$(nproc)"
}

# The names of all targets that are built.
fuzz_targets() {
    find build/fuzz/test/fuzz -maxdepth 1 -type f -name 'fuzz_*' -perm -u+x -printf '%f\n' | sed 's/^fuzz_//' | sort
}

# fuzz_one TARGET SECONDS: runs it on its seeds (test/fuzz/seeds/TARGET.txt, one a line), what it found before, and inputs
# of its own making. With "tests" instead of seconds the inputs are the same in every run, as far as the same libFuzzer
# makes them: 15,000 of one random seed, nothing from before. Ends with an error when an input breaks a promise; that input
# is kept below build/fuzz.
fuzz_one() {
    local target=$1 seconds=$2 seeds=test/fuzz/seeds/$1.txt
    local corpus=build/fuzz/corpus/$target number=0 line
    local bounds=(-max_total_time="$seconds") fixed=()
    if [[ $seconds == tests ]]; then
        corpus=build/fuzz/test_corpus/$target
        rm -rf "$corpus"
        bounds=(-runs=15000 -seed=20261124 -max_total_time=60 -entropic=0)
        # Where things lie in memory makes a difference to libFuzzer.
        if setarch "$(uname -m)" -R true 2> /dev/null; then fixed=(setarch "$(uname -m)" -R); fi
    fi
    mkdir -p "$corpus" build/fuzz/broken
    if [[ -f $seeds ]]; then
        while IFS= read -r line || [[ -n $line ]]; do
            number=$((number + 1))
            printf '%b' "$line" > "$corpus/seed_$number"
        done < "$seeds"
    fi
    local words=()
    if [[ -f test/fuzz/words/$target.txt ]]; then words=(-dict="test/fuzz/words/$target.txt"); fi
    "${fixed[@]}" "build/fuzz/test/fuzz/fuzz_$target" "${bounds[@]}" -timeout=10 -rss_limit_mb=2048 -max_len=4096 \
        -print_final_stats=1 -verbosity=1 "${words[@]}" -artifact_prefix="build/fuzz/broken/$target-" "$corpus" 2>&1
}

# run_all_fuzzers SECONDS|tests TARGET…: as many at a time as there are processors; build/fuzz/logs has what they said.
run_all_fuzzers() {
    local seconds=$1
    shift
    rm -rf build/fuzz/logs
    mkdir -p build/fuzz/logs
    export -f fuzz_one
    printf '%s\n' "$@" | xargs -P "$(nproc)" -I '{}' bash -c \
        'fuzz_one "$1" "$2" > "build/fuzz/logs/$1.log" 2>&1; echo $? > "build/fuzz/logs/$1.status"' _ '{}' "$seconds"
}

# explain_broken TARGET: what it said.
explain_broken() {
    grep -aE 'broken promise|^with:|ERROR|SUMMARY|Test unit written|runtime error' "build/fuzz/logs/$1.log" |
        cut -c 1-300 | sed 's/^/          /'
}
