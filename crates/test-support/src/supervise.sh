# Runs a PostgreSQL server for as long as stdin stays open, then stops it and removes its folder.
#
#   sh supervise.sh BIN_FOLDER PORT...
#
# The process that wants the server holds the other end of stdin. The system closes that end when
# the process ends, even when it is killed, so nothing is left behind. Prints `ready PORT`, or what
# went wrong.
set -eu
umask 077
bin=$1
shift

folder=$(mktemp -d "${TMPDIR:-/tmp}/prompt-runner-postgres.XXXXXX" 2>/dev/null) ||
    folder=$(mktemp -d /tmp/prompt-runner-postgres.XXXXXX)
finish() {
    if [ -e "$folder/data/postmaster.pid" ]; then
        "$bin/pg_ctl" stop -D "$folder/data" -m immediate -w -t 30 >/dev/null 2>&1 || true
    fi
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

# UTF8 and C.UTF-8: texts sort by code point, as SQLite's default collation does, on every machine,
# and letters beyond ASCII still have an upper and a lower case. C sorts the same where the system
# does not know C.UTF-8. --no-sync spares the new folder alone; the server itself syncs as usual.
initialize() {
    rm -rf "$folder/data"
    "$bin/initdb" -D "$folder/data" --encoding=UTF8 --locale="$1" --username=postgres \
        --auth=trust --no-sync >"$folder/log" 2>&1
}
initialize C.UTF-8 || initialize C || {
    cat "$folder/log"
    exit 1
}

# A zone that is not UTC, a quarter of an hour off: code that forgets the zone of a time fails here
# and not on somebody's server.
cat >>"$folder/data/postgresql.conf" <<'END'
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
timezone = '<+0545>-05:45'
END

# The ports were free a moment ago; another process may have taken one since.
for port; do
    if "$bin/pg_ctl" start -D "$folder/data" -l "$folder/log" -o "-p $port" -w -t 120 >/dev/null 2>&1; then
        echo "ready $port"
        # Returns at the end of stdin. Nothing is ever written to it.
        while read -r _; do :; done
        exit 0
    fi
done
cat "$folder/log"
exit 1
