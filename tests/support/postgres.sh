# supervisor PROGRAMS FOLDER SETTINGS
# Starts a PostgreSQL in FOLDER and says 'ready'. On 'crash' it stops it at once and starts it again.
# When standard input ends (the test process is gone), it stops the server and removes FOLDER.
programs=$1 folder=$2 settings=$3
trap '' INT HUP TERM PIPE
umask 077

start() {
    # shellcheck disable=SC2086
    "$programs/postgres" -D "$folder/data" -c listen_addresses= -c unix_socket_directories="$folder" \
        -c max_connections=300 -c shared_buffers=128MB -c max_wal_size=1GB $settings </dev/null >>"$folder/log" 2>&1 &
    server=$!
    # The server writes 'ready' into its own state file; a server that ended will not.
    while kill -0 "$server" 2>/dev/null; do
        if grep -q '^ready' "$folder/data/postmaster.pid" 2>/dev/null; then echo ready; return; fi
        sleep 0.02
    done
    echo stopped
}

stop() {
    kill -QUIT "$server" 2>/dev/null && wait "$server"
    server=
}

if "$programs/initdb" -D "$folder/data" -U cunzhang -A trust -E UTF8 --locale=C --no-sync >"$folder/log" 2>&1; then
    start
else
    echo 'initdb failed'
fi
while read -r order; do
    case $order in
        crash) stop; start ;;
    esac
done
[ -z "$server" ] || stop
rm -rf "$folder"
