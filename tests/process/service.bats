#!/usr/bin/env bats
# A pipeline as a service of systemd: what is installed, what the service manager is told, and a broker that hangs.

bats_require_minimum_version 1.5.0

load support/common

setup() {
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	folder=$BATS_TEST_TMPDIR
}

teardown() {
	[ ! -f "$folder/supervisor" ] || kill "$(<"$folder/supervisor")" 2>/dev/null || true
}

# A root folder in which systemd's tools find what `make install` put there.
install_below() {
	"$tree/deploy/install.sh" install "$REFERAT_BUILD" "$1" /usr/local 0 >/dev/null
	mkdir -p "$1/usr/lib/systemd/system" "$1/etc/referat" "$1/bin"
	cp /bin/kill "$1/bin/"
	touch "$1/etc/referat/exempelby.yaml"
	cp /lib/systemd/system/{sysinit,basic,multi-user,network-online,network,shutdown}.target \
		"$1/usr/lib/systemd/system/"
	mkdir -p "$1/etc/systemd/system"
	cp "$1/usr/local/lib/systemd/system/referat@.service" "$1/etc/systemd/system/"
}

# The lines that $NOTIFY_SOCKET was sent, as they come.
listen() {
	python3 -c '
import socket, sys
server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
server.bind(sys.argv[1])
print("listening", flush=True)
while True:
    print(server.recv(4096).decode(), flush=True)
' "$folder/notify" >"$folder/told" 2>/dev/null 3>&- &
	echo $! >"$folder/listener"
	wait_until grep -q listening "$folder/told"
}

@test "the unit is sound, and lets the service do no more than it needs" {
	install_below "$folder/root"
	run -0 systemd-analyze verify --root="$folder/root" --man=no --recursive-errors=no referat@exempelby.service
	[ -z "$output" ] # a key that is not known is a warning only
	run -0 systemd-analyze security --offline=yes --root="$folder/root" --no-pager --threshold=20 \
		referat@exempelby.service
}

@test "the service manager is told when a pipeline is ready, that it lives, and when it ends" {
	listen
	NOTIFY_SOCKET=$folder/notify WATCHDOG_USEC=400000 referat run "$tree/pipelines/demo/pipeline.yaml" \
		--state "$folder/var" --clock 2024-06-20T09:00:00Z >"$folder/said" 2>&1 3>&- &
	echo $! >"$folder/supervisor"
	wait_until grep -q '^READY=1' "$folder/told"
	wait_until grep -q '^WATCHDOG=1' "$folder/told"
	kill "$(<"$folder/supervisor")"
	wait_until grep -q '^STOPPING=1' "$folder/told"
	wait "$(<"$folder/supervisor")"
	kill "$(<"$folder/listener")"
}

broker_of_demo() { pgrep -P "$(<"$folder/supervisor")" -f referat-broker; }
answers() { [ -n "$(referat status --state "$folder/var" --timeout 1s --json)" ]; }
has_another_broker() { [ -n "$(broker_of_demo)" ] && [ "$(broker_of_demo)" != "$stopped" ]; }

@test "a broker that hangs is killed and started again" {
	referat run "$tree/pipelines/demo/pipeline.yaml" --state "$folder/var" --patience 2s \
		--clock 2024-06-20T09:00:00Z >"$folder/said" 2>&1 3>&- &
	echo $! >"$folder/supervisor"
	wait_until grep -q 'runs, state in' "$folder/said"
	stopped=$(broker_of_demo)
	kill -STOP "$stopped"
	wait_until grep -q 'the broker has said nothing for 2s: it is killed' "$folder/said"
	wait_until has_another_broker
	wait_until answers
	kill "$(<"$folder/supervisor")"
	wait "$(<"$folder/supervisor")"
}
