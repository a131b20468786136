# Plugins that are made outside the tree, against what `make install` puts there: one in C, one in Python (exec). Both
# talk to a real HTTP server that fails on demand.

bats_require_minimum_version 1.5.0

board=$BATS_TEST_DIRNAME/support/notice-board

setup_file() {
	export ROOT=$BATS_FILE_TMPDIR/root PREFIX=/opt/referat
	export no_proxy='*' # whatever the machine has set
	"$BATS_TEST_DIRNAME/../../deploy/install.sh" install "$REFERAT_BUILD" "$ROOT" "$PREFIX" 0.0.test
	mkdir "$BATS_FILE_TMPDIR/plugin"
	cp "$board"/target.notice-board.c "$board"/target.notice-exec.exec "$BATS_FILE_TMPDIR/plugin"
	cd "$BATS_FILE_TMPDIR/plugin"
	load support/common.bash
	export PKG_CONFIG_PATH=$ROOT$PREFIX/lib/pkgconfig
	# shellcheck disable=SC2046
	${CC:-gcc} -std=c17 -Wall -Wextra -Werror $(sanitizer_flags) -shared -fPIC target.notice-board.c -o target.notice-board.so \
		$(pkg-config --define-variable=prefix="$ROOT$PREFIX" --cflags --libs referat-plugin)
	mkdir -m 700 secrets
	printf 'tr0ub4dor\n' >secrets/board
	chmod 600 secrets/board
}

setup() {
	cd "$BATS_FILE_TMPDIR/plugin"
	start_server tr0ub4dor
}

teardown() {
	for pid in $servers; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
}

# start_server [TOKEN]: sets $server (its folder) and $port.
start_server() {
	server=$(mktemp -d "$BATS_TEST_TMPDIR/server.XXXX")
	python3 "$board/server.py" "$server" "$@" 3>&- &
	servers="$servers $!"
	for _ in $(seq 100); do
		[ ! -f "$server/port" ] || break
		sleep 0.05
	done
	port=$(cat "$server/port")
}

# try PLUGIN [options]: against the board.
try() {
	local plugin=$1
	shift
	run --separate-stderr "$ROOT$PREFIX/bin/referat" plugins try "./$plugin" "$board/notice.json" \
		-o "url=http://127.0.0.1:$port/notices/" -o token=board "$@"
}

each() {
	for plugin in target.notice-board.so target.notice-exec.exec; do
		rm -f "$server/log" "$server/faults"
		"$@" || {
			echo "with $plugin: status $status: $output $stderr"
			return 1
		}
	done
}

fault() { printf '%s\n' "$@" >"$server/faults"; }

@test "an output plugin takes less than 60 lines of C" {
	[ "$(wc -l <"$board/target.notice-board.c")" -lt 60 ]
}

@test "the installed host finds nothing to complain about" {
	for plugin in ./target.notice-board.so ./target.notice-exec.exec; do
		run "$ROOT$PREFIX/bin/referat" plugins why "$plugin"
		[ "$status" -eq 0 ]
		[ "$output" = usable ]
	done
}

@test "what is installed shows up in the list" {
	mkdir -p "$ROOT$PREFIX/lib/referat/plugins"
	cp target.notice-board.so target.notice-exec.exec "$ROOT$PREFIX/lib/referat/plugins/"
	run "$ROOT$PREFIX/bin/referat" plugins list
	rm "$ROOT$PREFIX"/lib/referat/plugins/target.notice-*
	[[ $output == *"target.notice-board"*"puts notices on the board of our intranet"* ]]
	[[ $output == *"target.notice-exec"* ]]
}

@test "try shows the request, hides the secret and sends nothing" {
	try target.notice-board.so
	[ "$status" -eq 0 ]
	[[ $output == *"PUT http://127.0.0.1:$port/notices/k7x2"* ]]
	[[ $output == *"Authorization: Bearer (secret)"* ]]
	[[ $output == *'"title":"Skolnämnden 17 april 2024"'* ]]
	[[ $output$stderr != *tr0ub4dor* ]]
	[ ! -f "$server/log" ]
}

@test "try does not run a program whose requests it can't show" {
	try target.notice-exec.exec
	[ "$status" -eq 78 ]
	[[ $stderr == *"add --send"* ]]
	[ ! -f "$server/log" ]
}

stands_there() {
	try "$plugin" --lookup
	[ "$status" -eq 66 ] || return 1
	try "$plugin" --send --json
	[ "$status" -eq 0 ] || return 1
	[ "$(jq_ published url)" = "http://127.0.0.1:$port/notices/k7x2" ] ||
		[ "$(jq_ published url)" = "/notices/k7x2" ] || return 1
	try "$plugin" --lookup --send
	[ "$status" -eq 0 ] || return 1
	grep -q 'h1>Skoln' "$server/log" || return 1
	try "$plugin" --withdraw --send
	[ "$status" -eq 0 ] || return 1
	try "$plugin" --lookup --send
	[ "$status" -eq 66 ]
}

jq_() { python3 -c 'import json, sys; print(json.loads(sys.argv[1])[sys.argv[2]].get(sys.argv[3], ""))' "$output" "$@"; }

@test "it is put, looked up and withdrawn" {
	each stands_there
}

wrong_token_yields() {
	fault 401
	try "$plugin" --send
	[ "$status" -eq 69 ] && [[ $output == *"yield:"*"401"* ]]
}

@test "a wrong token is the destination's fault: nobody is charged" {
	each wrong_token_yields
}

trouble_is_retried() {
	fault "503 Retry-After: 7" 429 408
	for code in 503 429 408; do
		try "$plugin" --send
		[ "$status" -eq 75 ] && [[ $output == *"retry:"*"$code"* ]] || return 1
	done
}

@test "trouble that passes is retried" {
	each trouble_is_retried
}

refusal_fails() {
	fault 422
	try "$plugin" --send
	[ "$status" -eq 65 ] && [[ $output == *"fail:"*"422"* ]]
}

@test "a refusal is final" {
	each refusal_fails
}

lost_answer_is_looked_up() {
	fault lose
	try "$plugin" --send
	[ "$status" -eq 75 ] && [[ $output == *"unknown:"* ]] || return 1
	try "$plugin" --lookup --send
	[ "$status" -eq 0 ] || return 1
	try "$plugin" --withdraw --send
}

@test "a lost answer leaves it unknown, and lookup finds what stands there" {
	each lost_answer_is_looked_up
}

no_server_is_waited_for() {
	local port=1
	try "$plugin" --send
	[ "$status" -eq 69 ] && [[ $output == *"yield:"* ]]
}

@test "a server that is down is waited for, and no document is charged: nothing was sent" {
	each no_server_is_waited_for
}

@test "an answer that is too long is cut off, and what was sent is unknown" {
	fault big
	try target.notice-board.so --send
	[ "$status" -eq 75 ]
	[[ $output == *"unknown:"*"longer than 1048576 bytes"* ]]
}

@test "a redirection is followed for what only reads, without the credentials" {
	here=$server here_port=$port
	start_server
	printf 'to http://127.0.0.1:%s/notices/k7x2\n' "$port" >"$here/faults"
	there=$server port=$here_port
	try target.notice-board.so --lookup --send
	[ "$status" -eq 66 ]
	grep -q tr0ub4dor "$here/log"
	[ "$(wc -l <"$there/log")" -eq 1 ]
	run ! grep -q tr0ub4dor "$there/log"
}

@test "what changes something is not sent to another place" {
	fault "to http://127.0.0.1:1/elsewhere"
	try target.notice-board.so --send
	[ "$status" -eq 65 ]
	[[ $output == *"it has moved to http://127.0.0.1:1/elsewhere; set that address"* ]]
}

secret_is_missing() {
	run --separate-stderr "$ROOT$PREFIX/bin/referat" plugins try "./$plugin" "$board/notice.json" --send \
		-o "url=http://127.0.0.1:$port/notices/" -o token=other
	[ "$status" -eq 69 ] && [[ $output == *"secret 'other' is not there"* ]] && [ ! -f "$server/log" ]
}

@test "a secret that is not there stops the call before anything is sent" {
	each secret_is_missing
}

secret_is_open() {
	try "$plugin" --send
	[ "$status" -eq 69 ] && [[ $output == *"chmod 600"* ]] && [ ! -f "$server/log" ]
}

@test "a secret that others can read is not used" {
	chmod 644 secrets/board
	each secret_is_open || open=$?
	chmod 600 secrets/board
	[ "${open:-0}" -eq 0 ]
}

@test "a program's secret is on no command line and in no environment" {
	cat >target.spy.exec <<-'END'
		#!/usr/bin/python3
		import json, os, sys
		if sys.argv[1:]:
		    print('{"abi": "1.0", "kind": "target", "name": "target.spy", "functions": ["put"], "options":'
		          '[{"name": "url"}, {"name": "token", "type": "secret"}]}')
		else:
		    value = json.load(sys.stdin)["options"]["token"]
		    seen = open("/proc/self/environ").read() + open("/proc/self/cmdline").read()
		    fds = sorted(int(fd) for fd in os.listdir("/proc/self/fd"))
		    print(json.dumps({"reason": f"{value in seen} {[fd for fd in fds if fd > 3]}", "result": "fail"}))
	END
	chmod 755 target.spy.exec
	try target.spy.exec --send
	[[ $output == *"fail: False []"* ]]
}

@test "in a pipeline each document is put once by both, though an answer is lost" {
	local demo=$BATS_TEST_DIRNAME/../../pipelines/demo
	for plugin in reader.text check.structure summariser.decisions writer.html source.folder; do
		[ -f "$ROOT$PREFIX/lib/referat/plugins/$plugin.so" ] || skip "$plugin is not built"
	done
	cd "$BATS_TEST_TMPDIR"
	mkdir inbox plugins
	cp "$demo"/inbox/*-2024-06.txt inbox
	cp "$demo/publisher.yaml" .
	cp "$BATS_FILE_TMPDIR"/plugin/target.notice-board.so "$BATS_FILE_TMPDIR/plugin/target.notice-exec.exec" plugins
	cp -r "$BATS_FILE_TMPDIR/plugin/secrets" .
	cat >board.yaml <<-END
		referat: 1
		pipeline: board
		publisher: publisher.yaml
		stages:
		  ingest: {source.folder: {path: inbox}, reader.text: {}}
		  validate: [check.structure]
		  summarise: {summariser.decisions: {approve: never}}
		  render: [writer.html]
		  publish/board: {target.notice-board: {url: "http://127.0.0.1:$port/c/", token: !secret board}}
		  publish/exec: {from: render, target.notice-exec: {url: "http://127.0.0.1:$port/python/", token: !secret board}}
	END
	fault lose 503
	run timeout 120 "$ROOT$PREFIX/bin/referat" run board.yaml --once --plain --plugins plugins \
		--clock 2024-06-20T10:00:00Z
	[ "$status" -eq 0 ]
	# One PUT was answered with 503 and came again; the one whose answer was lost was looked up instead.
	documents=$(ls inbox | wc -l)
	[ "$(grep -c '"PUT"' "$server/log")" -eq $((2 * documents + 1)) ]
	grep -q '"GET"' "$server/log"
	[ -d var ]
	run ! grep -rq tr0ub4dor var
}

@test "uninstall takes away what install put there, and nothing else" {
	touch "$ROOT$PREFIX/bin/other"
	"$BATS_TEST_DIRNAME/../../deploy/install.sh" uninstall "$REFERAT_BUILD" "$ROOT" "$PREFIX" 0.0.test
	[ "$(cd "$ROOT" && find . -type f)" = "./opt/referat/bin/other" ]
	"$BATS_TEST_DIRNAME/../../deploy/install.sh" install "$REFERAT_BUILD" "$ROOT" "$PREFIX" 0.0.test
}
