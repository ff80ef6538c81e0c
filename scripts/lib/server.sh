# Private PostgreSQL servers below build/: a copy of the installed server with the extension in it, so that neither
# the system's server nor its files are touched. Source after common.sh and packages.sh.

# Builds the extension and installs it into $work_dir/prefix; sets pg_bin.
build_and_install() {
    choose_work_dir
    choose_postgres
    local bindir sharedir pkglibdir
    bindir=$("$PG_CONFIG" --bindir) sharedir=$("$PG_CONFIG" --sharedir) pkglibdir=$("$PG_CONFIG" --pkglibdir)
    # Objects of another server version must not be reused.
    if [[ -f build/pg_version && $(cat build/pg_version) != "$("$PG_CONFIG" --version)" ]]; then
        make -s clean PG_CONFIG="$PG_CONFIG" > /dev/null
    fi
    "$PG_CONFIG" --version > build/pg_version
    make -s -j "$(nproc)" PG_CONFIG="$PG_CONFIG"
    prefix=$work_dir/prefix
    if [[ ! -f $prefix/.version || $(cat "$prefix/.version") != "$("$PG_CONFIG" --version)" ]]; then
        rm -rf "$prefix"
        local folder
        for folder in "$bindir" "$sharedir" "$pkglibdir"; do
            mkdir -p "$prefix$folder"
            cp -rL "$folder/." "$prefix$folder/"
        done
        "$PG_CONFIG" --version > "$prefix/.version"
    fi
    make -s install DESTDIR="$prefix" PG_CONFIG="$PG_CONFIG" > build/install.log 2>&1 ||
        { cat build/install.log >&2; fail "make install failed"; }
    chmod -R a+rX "$prefix"
    pg_bin=$prefix$bindir
    export PATH=$pg_bin:$PATH
}

# start_server NAME [setting…]: a fresh server with its data and socket in $work_dir/NAME; sets PGHOST, PGPORT, PGUSER.
start_server() {
    local name=$1 setting
    shift
    stop_server "$name"
    rm -rf "${work_dir:?}/$name"
    mkdir -p "$work_dir/$name"
    if [[ $(id -u) == 0 ]]; then chown "$server_user" "$work_dir/$name"; fi
    chmod 700 "$work_dir/$name"
    as_server_user "$pg_bin/initdb" -D "$work_dir/$name/data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 --no-sync \
        > "$work_dir/$name.initdb.log" 2>&1 || { cat "$work_dir/$name.initdb.log" >&2; fail "initdb failed"; }
    {
        echo "listen_addresses = ''"
        echo "unix_socket_directories = '$work_dir/$name'"
        echo "unix_socket_permissions = 0700"
        echo "timezone = 'UTC'"
        echo "fsync = off"
        echo "shared_buffers = 256MB"
        echo "max_wal_size = 4GB"
        for setting in "$@"; do echo "$setting"; done
    } | as_server_user tee -a "$work_dir/$name/data/postgresql.conf" > /dev/null
    as_server_user "$pg_bin/pg_ctl" -D "$work_dir/$name/data" -l "$work_dir/$name/log" -w start > /dev/null ||
        { tail -n 20 "$work_dir/$name/log" >&2; fail "the private server did not start"; }
    export PGHOST=$work_dir/$name PGPORT=5432 PGUSER=postgres PGOPTIONS=''
    unset PGDATABASE PGSERVICE PGPASSWORD 2> /dev/null || true
}

stop_server() {
    local data=$work_dir/$1/data
    if [[ -f $data/postmaster.pid ]]; then
        as_server_user "$pg_bin/pg_ctl" -D "$data" -m immediate -w stop > /dev/null 2>&1 || true
    fi
}
