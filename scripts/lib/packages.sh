# Installs what is missing, with apt, as root or through sudo; says what it does. Source after common.sh.

missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f '${Status}\n' "$package" 2> /dev/null | grep -q '^install ok installed' || echo "$package"
    done
}

# install_packages WHAT PACKAGE…: WHAT is said to the user.
install_packages() {
    local what=$1 missing
    shift
    mapfile -t missing < <(missing_packages "$@")
    if [[ ${#missing[@]} == 0 ]]; then
        note "$what: all installed"
        return
    fi
    command -v apt-get > /dev/null || fail "please install ${missing[*]} (this script knows only apt)"
    local sudo=()
    if [[ $(id -u) != 0 ]]; then
        command -v sudo > /dev/null || fail "please install, as root: apt-get install ${missing[*]}"
        sudo=(sudo)
    fi
    note "$what: installing ${missing[*]}"
    mkdir -p build
    if ! { "${sudo[@]}" apt-get update -qq &&
           "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
         } > build/apt.log 2>&1; then
        tail -n 20 build/apt.log >&2
        fail "apt-get could not install ${missing[*]} (all of its output: build/apt.log)"
    fi
}

# The major version of PostgreSQL that this release of Debian or Ubuntu carries, or the one PG_CONFIG names.
packaged_postgres() {
    if [[ -n ${PG_CONFIG:-} ]]; then
        "$PG_CONFIG" --version | sed 's/^PostgreSQL \([0-9]*\).*/\1/'
        return
    fi
    local installed
    installed=$(find /usr/lib/postgresql -maxdepth 3 -name postgres -path '*/bin/*' 2> /dev/null |
        sed 's#.*/postgresql/\([0-9]*\)/.*#\1#' | grep -E '^1[4-8]$' | sort -n | tail -1 || true)
    if [[ -n $installed ]]; then echo "$installed"; return; fi
    apt-cache show postgresql 2> /dev/null | sed -n 's/^Depends:.*postgresql-\([0-9]*\).*/\1/p' | head -1
}

install_build_packages() {
    local major
    major=$(packaged_postgres)
    if [[ -z $major ]]; then # a machine that has never read its package lists
        command -v apt-get > /dev/null || fail "please install PostgreSQL 14 to 18 and set PG_CONFIG"
        if [[ $(id -u) == 0 ]]; then apt-get update -qq; else sudo apt-get update -qq; fi
        major=$(packaged_postgres)
    fi
    [[ -n $major ]] || fail "no PostgreSQL package was found"
    install_packages "build tools and PostgreSQL $major" g++ make cmake "postgresql-$major" \
        "postgresql-server-dev-$major" libicu-dev libphonenumber-dev libsimdjson-dev libpqxx-dev python3
}

install_test_packages() {
    install_packages "test libraries" libboost-test-dev
}
