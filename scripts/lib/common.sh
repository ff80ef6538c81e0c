# Shared by scripts/demo, scripts/test and scripts/bench: where things are and how progress is told.
# Source it with the project's root as the current directory.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin # runuser, for a root whose PATH is a user's

if [[ -t 1 ]]; then
    bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'
else
    bold='' dim='' plain=''
fi
step_number=0
step() { step_number=$((step_number + 1)); printf '\n%s[%d] %s%s\n' "$bold" "$step_number" "$*" "$plain"; }
note() { printf '%s    %s%s\n' "$dim" "$*" "$plain"; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# The server refuses to run as root; root's servers run as the account that Debian's packages create.
if [[ $(id -u) == 0 ]]; then server_user=postgres; else server_user=$(id -un); fi
as_server_user() {
    # From /, since it may not be allowed into this folder.
    if [[ $(id -u) == 0 ]]; then (cd / && runuser -u "$server_user" -- "$@"); else "$@"; fi
}

# Everything made at run time goes below build/, or, where the server's account may not enter this folder or the
# path is too long for a socket, below a folder of its own in /tmp.
work_dir=''
choose_work_dir() {
    [[ -z ${work_dir:-} ]] || return 0
    mkdir -p build
    work_dir=$PWD/build
    if [[ ${#work_dir} -gt 70 ]] || ! as_server_user test -x "$work_dir"; then
        work_dir=${TMPDIR:-/tmp}/pgcdp-$(id -u)-$(printf '%s' "$PWD" | cksum | cut -d' ' -f1)
        mkdir -p "$work_dir"
        [[ -O $work_dir ]] || fail "$work_dir belongs to somebody else; set TMPDIR to another folder"
        chmod 755 "$work_dir"
        note "private servers live in $work_dir"
    fi
}

# PG_CONFIG, or the newest supported server that is installed.
choose_postgres() {
    local candidate
    if [[ -z ${PG_CONFIG:-} ]]; then
        for candidate in 14 15 16 17 18; do
            # The server, not only its headers.
            if [[ -x /usr/lib/postgresql/$candidate/bin/postgres &&
                  -d /usr/lib/postgresql/$candidate/lib/pgxs ]]; then
                PG_CONFIG=/usr/lib/postgresql/$candidate/bin/pg_config
            fi
        done
    fi
    [[ -n ${PG_CONFIG:-} ]] || fail "no PostgreSQL server with its development files was found; set PG_CONFIG"
    export PG_CONFIG
    pg_major=$("$PG_CONFIG" --version | sed 's/^PostgreSQL \([0-9]*\).*/\1/')
}
