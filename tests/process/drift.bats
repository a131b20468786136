#!/usr/bin/env bats
# `referat drift`: what no longer stands on the web as it was published is found, told in words, and left as it is.

bats_require_minimum_version 1.5.0

setup_file() {
	load support/common
	export no_proxy='*' # whatever the machine has set
	mkdir "$BATS_FILE_TMPDIR/plugins"
	# shellcheck disable=SC2046
	${CC:-gcc} -std=c17 $(sanitizer_flags) -shared -fPIC -I"$BATS_TEST_DIRNAME/../../include" \
		"$BATS_TEST_DIRNAME/support/notice-board/target.notice-board.c" \
		-o "$BATS_FILE_TMPDIR/plugins/target.notice-board.so" "$REFERAT_BUILD/lib/libreferat-plugin.a"
}

# The demo with a notice board behind HTTP as its second target, and two documents that have been through.
setup() {
	load support/common
	supervisor='' board_pid=''
	demo=$BATS_TEST_TMPDIR/demo state=$BATS_TEST_TMPDIR/state board=$BATS_TEST_TMPDIR/board
	cp -r "$BATS_TEST_DIRNAME/../../pipelines/demo" "$demo"
	find "$demo/inbox" -type f ! -name 'kommunstyrelsen-2024-05.txt' ! -name 'byggnadsnamnden-2024-05.txt' -delete
	sed -i 's/source.folder: {path: inbox}/source.folder: {path: inbox, settle: 50ms}/; /^tests:/,$d' "$demo/pipeline.yaml"
	mkdir "$board"
	(umask 077 && mkdir "$demo/secrets" && echo tr0ub4dor >"$demo/secrets/board")
	start_board
	cat >>"$demo/pipeline.yaml" <<-END
		  publish/board:
		    from: render
		    retry: {base: 50ms, cap: 200ms}
		    target.notice-board: {url: "http://127.0.0.1:$(<"$board/port")/notices/", token: !secret board}
	END
	referat run "$demo/pipeline.yaml" --state "$state" --plugins "$BATS_FILE_TMPDIR/plugins" --restart-base 20ms \
		--restart-cap 100ms >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
	supervisor=$!
	wait_until published 2
	page=$state/site/2024/kommunstyrelsen-2024-05-08/index.html
	document=$(id_of kommunstyrelsen-2024-05.txt)
}

teardown() {
	for pid in $supervisor $board_pid; do
		kill -TERM "$pid" 2>/dev/null || true
		wait "$pid" || true
	done
}

start_board() {
	python3 "$BATS_TEST_DIRNAME/support/notice-board/server.py" "$board" tr0ub4dor 3>&- &
	board_pid=$!
	wait_until test -f "$board/port"
}

published() { [ "$(referat list --state "$state" --status published --json 2>/dev/null | jq '.documents | length')" = "$1" ]; }
id_of() { referat list --state "$state" --json | jq -r --arg name "$1" '.documents[] | select(.name == $name).document'; }
drift() { run "-$1" --separate-stderr referat drift "${@:2}" --state "$state"; } # drift STATUS [ARGUMENTS]
mails() { find "$state/maildir/new" -type f | wc -l; }

@test "all stands as it was published, and to look changes nothing" {
	before=$(referat show "$document" --state "$state" --json; find "$state/site" -type f -printf '%p %C@\n' | sort; mails)
	drift 0
	[ "$output" = '4 pages compared: 4 as published, 0 drifted, 0 unknown' ]
	drift 0 --json --target publish/web
	[ "$(jq -c . <<<"$output")" = '{"compared":2,"same":2,"drifted":[],"unknown":[]}' ]
	after=$(referat show "$document" --state "$state" --json; find "$state/site" -type f -printf '%p %C@\n' | sort; mails)
	[ "$after" = "$before" ]
}

@test "a page that is gone is missing, and a replay brings it back" {
	rm "$page"
	drift 2
	[[ $output == "missing     $document  publish/web  Kommunstyrelsen – aktuella beslut maj 2024"*"$(basename "$(dirname "$page")")"* ]]
	[[ $output == *'4 pages compared: 3 as published, 1 drifted, 0 unknown'*'referat replay DOC --from STAGE'* ]]
	referat replay "$document" --from publish/web --state "$state" --wait
	drift 0
}

@test "what a person has changed is shown with the difference, in Swedish" {
	sed -i 's/1,9 miljoner/2,9 miljoner/; s/1,4 miljoner/2,4 miljoner/' "$page"
	sed -i 's:</article>:<p>Lunchen är klockan tolv.</p></article>:' "$page"
	drift 2 --json "$document"
	[ "$(jq -r '.drifted[0].found' <<<"$output")" = changed ]
	[[ $(jq -r '.drifted[0].reason' <<<"$output") == 'På webbplatsen står:'*'Lunchen är klockan tolv.'*'Referat vill skriva:'* ]]
	grep -q Lunchen "$page"
}

@test "a page that was withdrawn and put back is still there" {
	cp "$page" "$BATS_TEST_TMPDIR/old.html"
	referat withdraw "$document" --state "$state" --reason 'names a child'
	withdrawn() { referat list --state "$state" --status withdrawn --json | grep -q "$document"; }
	wait_until withdrawn
	drift 0 --target publish/web
	cp "$BATS_TEST_TMPDIR/old.html" "$page"
	drift 2 --target publish/web
	[[ $output == "still-there $document  publish/web"*'Dokumentet är tillbakadraget, men det står kvar på http'* ]]
}

@test "a target that can't tell a changed page from none says that it differs" {
	curl -sS -X DELETE -H 'Authorization: Bearer tr0ub4dor' "http://127.0.0.1:$(<"$board/port")/notices/$document"
	drift 2 --target publish/board
	[[ $output == "differs     $document  publish/board"* ]]
}

@test "a target that does not answer is unknown, with the reason" {
	kill "$board_pid"
	wait "$board_pid" || true
	drift 69 --target publish/board
	[[ $output == unknown*publish/board*'2 pages compared: 0 as published, 0 drifted, 2 unknown' ]]
	referat pause publish/web --state "$state"
	drift 69 --target publish/web
	[[ $output == *'the stage is paused'* ]]
}

@test "a stage that dies while it looks harms no document, and the rest is asked" {
	echo wait >"$board/faults"
	referat drift --state "$state" --json >"$BATS_TEST_TMPDIR/answer" &
	asked=$!
	wait_until grep -q '"method": "GET"' "$board/log"
	for stage in $(pgrep -P "$supervisor" -f publish/board); do
		kill -KILL "$stage"
	done
	touch "$board/go"
	status=0
	wait "$asked" || status=$?
	[ "$status" -eq 69 ]
	jq -e '.unknown[] | select(.reason == "the stage ended while it looked")' "$BATS_TEST_TMPDIR/answer"
	published 2
}

@test "what can't be asked for is told in words" {
	run -69 referat drift nosuchdocument --state "$state"
	[[ $output == *'there is no document nosuchdocument'* ]]
	run -69 referat drift --target publish/wb --state "$state"
	[[ $output == *"there is no stage 'publish/wb'; did you mean 'publish/web'?"* ]]
	run -69 referat drift --target render --state "$state"
	[[ $output == *'render publishes nothing'* ]]
	run -64 referat drift --rate often --state "$state"
	[[ $output == *'30/min, 2/s, 500/h'* ]]
}
