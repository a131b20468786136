#!/usr/bin/env bats
# The metrics of a running pipeline, asked for over HTTP as Prometheus does.

bats_require_minimum_version 1.5.0

load support/common.bash

setup_file() {
	export state=$BATS_FILE_TMPDIR/var/demo
	export demo=$BATS_FILE_TMPDIR/demo
	cp -r "$BATS_TEST_DIRNAME/../../pipelines/demo" "$demo"
	port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	export port
	printf 'metrics: {port: %d}\n' "$port" >>"$demo/pipeline.yaml"
	referat run "$demo/pipeline.yaml" --state "$state" --clock 2024-06-20T09:00:00Z >"$BATS_FILE_TMPDIR/said" 2>&1 3>&- &
	echo $! >"$BATS_FILE_TMPDIR/supervisor"
	export BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	wait_until is_through
}

is_through() {
	referat status --state "$state" --json 2>/dev/null | python3 -c '
import json, sys
answer = json.load(sys.stdin)
sys.exit(not (answer.get("caught_up") and answer["open"] == 0 and answer["documents"] > 5))' 2>/dev/null
}

teardown_file() {
	kill -TERM "$(<"$BATS_FILE_TMPDIR/supervisor")" 2>/dev/null || true
	for _ in {1..200}; do
		kill -0 "$(<"$BATS_FILE_TMPDIR/supervisor")" 2>/dev/null || return 0
		sleep 0.05
	done
}

metrics() {
	curl -sS --max-time 10 "http://127.0.0.1:$port/metrics"
}

samples() {
	metrics | "$BATS_TEST_DIRNAME/support/exposition.py"
}

value() { # value NAME{LABELS}
	samples | awk -v name="$1" '$1 == name { print $2 }'
}

@test "the metrics are what a strict reader takes" {
	run -0 samples
	[ "${#lines[@]}" -gt 100 ]
	run -0 curl -sS -o /dev/null -w '%{http_code} %{content_type}' "http://127.0.0.1:$port/metrics"
	[ "$output" = '200 text/plain; version=0.0.4; charset=utf-8' ]
}

@test "every task that was made is in one state, and none is missing" {
	[ "$(value 'referat_tasks_missing{}')" = 0 ]
	sum=$(samples | awk '/^referat_tasks\{/ { sum += $2 } END { print sum }')
	[ "$sum" = "$(value 'referat_tasks_made{}')" ]
	[ "$sum" -gt 50 ]
}

@test "tasks and attempts are counted as status counts them" {
	done=$(value 'referat_tasks{stage="publish/web",state="done"}')
	[ "$done" -gt 5 ]
	[ "$(value 'referat_attempts_total{outcome="done",stage="publish/web"}')" = "$done" ]
	[ "$(value 'referat_run_seconds_count{stage="publish/web"}')" = "$done" ]
	[ "$(value 'referat_tasks{stage="ingest",state="dead"}')" = 1 ]
	[ "$(value 'referat_attempts_total{outcome="dead",stage="ingest"}')" = 1 ]
	[ "$(value 'referat_documents{}')" = "$(referat list --state "$state" | tail -n +2 | wc -l)" ]
}

@test "processes, commits and the size of the store are told" {
	[ "$(value 'referat_connections{role="stage"}')" = 6 ]
	[ "$(value 'referat_commits_total{durable="yes"}')" -gt 0 ]
	[ "$(value 'referat_disk_short{}')" = 0 ]
	[ "$(value 'referat_store_bytes{}')" != 0 ]
}

@test "nothing of any document is told" {
	run -0 metrics
	for name in "$demo"/inbox/*; do
		[[ $output != *"$(basename "$name")"* ]]
	done
	referat list --state "$state" --json >"$BATS_TEST_TMPDIR/list"
	python3 - "$BATS_TEST_TMPDIR/list" "$output" <<-'END'
		import json, sys
		for document in json.load(open(sys.argv[1]))["documents"]:
		    for member in ("document", "title", "reason"):
		        assert document.get(member, "-none-") not in sys.argv[2], document
	END
}

@test "only GET of /metrics is answered" {
	for path in / /metrics/ /metrics.json /../etc/passwd; do
		[ "$(curl -sS --path-as-is -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port$path")" = 404 ]
	done
	for method in POST PUT DELETE OPTIONS; do
		[ "$(curl -sS -X "$method" -d x -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/metrics")" = 405 ]
	done
	[ "$(curl -sS -I -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/metrics")" = 200 ]
}

@test "other addresses of the machine do not answer" {
	for address in $(hostname -I); do
		case $address in 127.* | *:*) continue ;; esac
		run curl -sS --max-time 5 "http://$address:$port/metrics"
		[ "$status" -ne 0 ]
	done
	run curl -sS --max-time 5 "http://[::1]:$port/metrics"
	[ "$status" -ne 0 ]
}

@test "who connects and is silent, or sends too much, keeps nobody waiting" {
	python3 - "$port" <<-'END'
		import socket, sys, urllib.request
		port = int(sys.argv[1])
		silent = []
		for _ in range(8):
		    silent.append(socket.create_connection(("127.0.0.1", port)))
		large = socket.create_connection(("127.0.0.1", port))
		large.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 100000)
		assert urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20).status == 200
	END
	run referat status --state "$state"
	[[ $output == 'REFERAT '*': demo: '* ]]
}

@test "a port that is taken keeps no document waiting" {
	printf 'metrics: {port: %d}\n' "$port" >"$BATS_TEST_TMPDIR/line"
	cp -r "$BATS_TEST_DIRNAME/../../pipelines/demo" "$BATS_TEST_TMPDIR/other"
	cat "$BATS_TEST_TMPDIR/line" >>"$BATS_TEST_TMPDIR/other/pipeline.yaml"
	run referat run "$BATS_TEST_TMPDIR/other/pipeline.yaml" --once --state "$BATS_TEST_TMPDIR/var" \
		--clock 2024-06-20T09:00:00Z
	[[ $output == *"metrics: port $port of 127.0.0.1 can't be listened on"* ]]
	[[ $output == *' published, '* ]]
}
