# What the tests of several servers need: processes in groups of their own, a database, nginx before a site; on the
# loopback, in the folder $servers. Nothing outside it is touched.

new_servers() { # sets and exports $servers
	export servers
	servers=$(mktemp -d /tmp/referat-servers-XXXXXX)
	chmod 755 "$servers"
}

free_ports() { # free_ports N: numbers that nobody listens at
	/usr/bin/python3 -c '
import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in sockets: one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in sockets))' "$1"
}

keep_process() { # keep_process NAME COMMAND...: in a group of its own, which stop_servers ends
	local name=$1
	shift
	setsid "$@" >"$servers/$name.log" 2>&1 3>&- </dev/null &
	echo $! >"$servers/$name.group"
}

stop_servers() {
	local file
	for file in "$servers"/*.group; do
		[ ! -e "$file" ] || kill -TERM -- "-$(<"$file")" 2>/dev/null || true
	done
	for file in "$servers"/*.group; do
		[ ! -e "$file" ] || while kill -0 -- "-$(<"$file")" 2>/dev/null; do sleep 0.05; done
	done
	rm -rf "$servers"
}

wait_for() { # wait_for COMMAND...: at most a minute
	for _ in {1..600}; do
		if "$@" >/dev/null 2>&1; then return 0; fi
		sleep 0.1
	done
	echo "waited in vain: $*" >&2
	tail -n 20 "$servers"/*.log >&2
	return 1
}

faults() { # faults "METHOD PATH before|after WHAT"...: for the gate (fault_gate.py) before a server
	printf '%s\n' "$@" >"$servers/faults"
}

no_faults_left() {
	[ ! -s "$servers/faults" ]
}

start_database() { # start_database NAME: MariaDB with a database of that name, at $servers/database/socket
	local data=$servers/database user
	local -x TMPDIR=$servers/database # the folder of the tests is closed to the database's user
	user=$([ "$(id -u)" = 0 ] && echo mysql || id -un)
	mkdir "$data"
	[ "$(id -u)" != 0 ] || chown mysql "$data"
	mariadb-install-db --no-defaults --user="$user" --datadir="$data" --auth-root-authentication-method=normal \
		--skip-test-db >"$servers/database-made.log" 2>&1
	keep_process database mariadbd --no-defaults --user="$user" --datadir="$data" --socket="$data/socket" \
		--skip-networking --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=64M
	wait_for mariadb-admin --no-defaults -uroot -S "$data/socket" ping
	mariadb --no-defaults -uroot -S "$data/socket" -e "CREATE DATABASE $1 CHARACTER SET utf8mb4"
}

# nginx before $site, at $front: start_front RATE BURST MOST: requests a second, how many more at once, bytes of a request.
start_front() {
	local port
	read -r port <<<"$(free_ports 1)"
	front=http://127.0.0.1:$port
	sed "s|@folder@|$servers|; s|@port@|$port|; s|@upstream@|${site##*:}|; s|@rate@|$1|; s|@burst@|$2|; s|@most@|$3|" \
		"$BATS_TEST_DIRNAME/support/front.conf" >"$servers/front.conf"
	[ "$(id -u)" != 0 ] || sed -i '1i user root;' "$servers/front.conf"
	keep_process front nginx -c "$servers/front.conf"
	wait_for curl -s "$front/"
}

stop_front() {
	kill -TERM -- "-$(<"$servers/front.group")" && rm "$servers/front.group"
}
