#!/usr/bin/env bats
# `referat run` as a supervisor: what it starts, what it starts anew, and how it ends. The processes that it watches are
# stand-ins; tests/process/kills.bats does it with the real ones.

bats_require_minimum_version 1.5.0

setup() {
	load support/common.bash
	load support/stand-ins.bash
	make_stand_ins
}

teardown() {
	end_run
}

run_ends_with() { # run_ends_with STATUS
	local status=0
	wait "$supervisor" || status=$?
	supervisor=
	[ "$status" -eq "$1" ]
}

@test "stages are started when the broker is ready, as many as the definition says" {
	start_run
	wait_until happened 2 'ingest started'
	[ "$(head -n 2 "$STAND_INS/events" | cut -d' ' -f1,2)" = $'broker started\nbroker ready' ]
	sleep 0.3
	[ "$(grep -c started "$STAND_INS/events")" -eq 3 ]
}

@test "what a process writes to standard error is passed on" {
	start_run
	wait_until grep -q 'words of broker' "$BATS_TEST_TMPDIR/said"
	wait_until grep -q 'words of ingest' "$BATS_TEST_TMPDIR/said"
}

@test "a stage that is killed is started again" {
	start_run
	wait_until happened 2 'ingest started'
	kill -KILL "$(process_of ingest)"
	wait_until happened 3 'ingest started'
	grep -q 'was killed by signal 9 (Killed); it starts again in 50ms' "$BATS_TEST_TMPDIR/said"
}

@test "a broker that is killed is started again, the stages stay" {
	start_run
	wait_until happened 2 'ingest started'
	kill -KILL "$(process_of broker)"
	wait_until happened 2 'broker ready'
	sleep 0.3
	[ "$(grep -c 'ingest started' "$STAND_INS/events")" -eq 2 ]
}

@test "a stage that ends with 125 is not started again: the run ends with the reason" {
	echo 125 >"$STAND_INS/ingest.exit"
	start_run
	run_ends_with 78
	grep -q 'referat run: ingest ended with status 125; the last it said: words of ingest' "$BATS_TEST_TMPDIR/said"
	[ "$(grep -c 'ingest started' "$STAND_INS/events")" -le 2 ]
}

@test "a broker that is never ready ends the run after five starts" {
	echo 74 >"$STAND_INS/broker.exit"
	start_run
	run_ends_with 78
	[ "$(grep -c 'broker started' "$STAND_INS/events")" -eq 5 ]
	grep -q 'broker ended with status 74' "$BATS_TEST_TMPDIR/said"
}

@test "SIGTERM lets the stages finish, then the broker" {
	start_run
	wait_until happened 2 'ingest started'
	kill -TERM "$supervisor"
	run_ends_with 0
	[ "$(grep finished "$STAND_INS/events" | cut -d' ' -f1 | tr '\n' ' ')" = 'ingest ingest broker ' ]
}

@test "a stage that does not end is killed when the time to drain is over" {
	touch "$STAND_INS/ingest.deaf"
	start_run --drain 300ms
	wait_until happened 2 'ingest started'
	kill -TERM "$supervisor"
	run_ends_with 0
	grep -q '2 processes did not end in time: they are killed' "$BATS_TEST_TMPDIR/said"
	happened 1 'broker finished'
}

@test "a second start is refused in words while the first one runs" {
	start_run
	wait_until happened 2 'ingest started'
	run -75 "$prefix/bin/referat" run "$BATS_TEST_TMPDIR/pipeline.yaml" --state "$BATS_TEST_TMPDIR/state"
	[[ $output == *"this pipeline runs already (process "*")"* ]]
}

@test "no process outlives the supervisor, and the next start does not meet the old broker" {
	start_run
	wait_until happened 2 'ingest started'
	local old=$supervisor broker ingest
	broker=$(process_of broker) ingest=$(process_of ingest)
	kill -KILL "$supervisor"
	start_run
	wait_until happened 2 'broker ready'
	is_gone "$broker"
	wait_until is_gone "$ingest"
	wait "$old" || true
}

@test "the service manager is told when the run is ready and when it ends" {
	local socket=$BATS_TEST_TMPDIR/notify
	python3 -c '
import socket, sys
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
    s.bind(sys.argv[1])
    for _ in range(2):
        print(s.recv(100).decode(), flush=True)
' "$socket" >"$BATS_TEST_TMPDIR/notified" 3>&- &
	local listener=$!
	wait_until test -S "$socket"
	NOTIFY_SOCKET=$socket start_run
	wait_until grep -qx 'READY=1' "$BATS_TEST_TMPDIR/notified"
	kill -TERM "$supervisor"
	run_ends_with 0
	wait "$listener"
	grep -qx 'STOPPING=1' "$BATS_TEST_TMPDIR/notified"
}

@test "nothing is started when the definition is wrong" {
	sed -i 's/source.folder/source.fodler/' "$BATS_TEST_TMPDIR/pipeline.yaml"
	run -78 "$prefix/bin/referat" run "$BATS_TEST_TMPDIR/pipeline.yaml" --state "$BATS_TEST_TMPDIR/state"
	[[ $output == *"pipeline.yaml:5:"*"source.fodler"* ]]
	[ ! -s "$STAND_INS/events" ]
	[ ! -e "$BATS_TEST_TMPDIR/state" ]
}
