#!/usr/bin/env bats
# `referat publish --dry-run`: the requests that would publish a document now are shown; what only asks is sent, and
# nothing else.

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

# The demo with a notice board behind HTTP as its second target, and a document that has been through.
setup() {
	load support/common
	supervisor='' board_pid=''
	demo=$BATS_TEST_TMPDIR/demo state=$BATS_TEST_TMPDIR/state board=$BATS_TEST_TMPDIR/board
	cp -r "$BATS_TEST_DIRNAME/../../pipelines/demo" "$demo"
	find "$demo/inbox" -type f ! -name 'kommunstyrelsen-2024-05.txt' -delete
	sed -i 's/source.folder: {path: inbox}/source.folder: {path: inbox, settle: 50ms}/; /^tests:/,$d' "$demo/pipeline.yaml"
	mkdir "$board"
	(umask 077 && mkdir "$demo/secrets" && echo tr0ub4dor >"$demo/secrets/board")
	python3 "$BATS_TEST_DIRNAME/support/notice-board/server.py" "$board" tr0ub4dor 3>&- &
	board_pid=$!
	wait_until test -f "$board/port"
	url=http://127.0.0.1:$(<"$board/port")/notices
	cat >>"$demo/pipeline.yaml" <<-END
		  publish/board:
		    from: render
		    retry: {base: 50ms, cap: 200ms}
		    target.notice-board: {url: "$url/", token: !secret board}
	END
	referat run "$demo/pipeline.yaml" --state "$state" --plugins "$BATS_FILE_TMPDIR/plugins" --restart-base 20ms \
		--restart-cap 100ms >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
	supervisor=$!
	wait_until is published
	document=$(referat list --state "$state" --json | jq -r '.documents[0].document')
}

teardown() {
	for pid in $supervisor $board_pid; do
		kill -TERM "$pid" 2>/dev/null || true
		wait "$pid" || true
	done
}

is() { [ "$(referat list --state "$state" --json 2>/dev/null | jq -r '.documents[0].status')" = "$1" ]; }
plan() { run "-$1" --separate-stderr referat publish --dry-run "$document" "${@:2}" --state "$state"; } # plan STATUS [ARGUMENTS]
changes() { grep -cv '"method": "GET"' "$board/log"; }

# The clerk corrects the minutes while the notice board's stage is paused.
correct() {
	referat pause publish/board --state "$state"
	sed -i 's/cykelväg/gång- och cykelväg/' "$demo/inbox/kommunstyrelsen-2024-05.txt"
	corrected() { referat show "$document" --state "$state" --json | jq -e '[.tasks[] | select(.revision == 2 and .stage == "publish/board")] | length == 1'; }
	wait_until corrected
}

@test "what stands there as it is needs no request" {
	before=$(changes)
	plan 0
	[[ $output == *'publish/web: nothing to do'*'publish/board: nothing to do'* ]]
	plan 0 --json --target publish/board
	[ "$(jq -c '[.results[] | [.stage, .found]]' <<<"$output")" = '[["publish/board","same"]]' ]
	[ "$(changes)" -eq "$before" ]
}

@test "a correction is shown as it would go out, without the secret, and is not sent" {
	correct
	before=$(changes)
	plan 0 --target publish/board
	[[ $output == *'publish/board: these requests would go out'*"PUT $url/$document"*'Authorization: Bearer (secret)'* ]]
	[[ $output == *'Content-Type: application/json'*'gång- och cykelväg'* ]]
	[[ $output != *tr0ub4dor* ]]
	[ "$(changes)" -eq "$before" ]
	body=$(referat publish --dry-run "$document" --target publish/board --state "$state" --json |
		jq -r '.results[0].requests[] | select(.sent | not) | .body')
	referat resume publish/board --state "$state"
	wait_until is published
	[ "$(tail -n 1 "$board/log" | jq -r .method)" = PUT ]
	[ "$(changes)" -eq $((before + 1)) ]
	[ "$(jq -Sc . <<<"$body")" = "$(tail -n 1 "$board/log" | jq -r .body | jq -Sc .)" ]
}

@test "a withdrawal is shown before it is made" {
	referat pause publish/board --state "$state"
	referat withdraw "$document" --state "$state" --reason 'names a child'
	withdrawing() { referat publish --dry-run "$document" --target publish/board --state "$state" | grep -q "^DELETE $url/$document"; }
	wait_until withdrawing
	curl -sSf -o /dev/null -H 'Authorization: Bearer tr0ub4dor' "$url/$document"
}

@test "a target that writes files itself can't be shown, but that it would write can" {
	referat pause publish/web --state "$state"
	sed -i 's/cykelväg/gång- och cykelväg/' "$demo/inbox/kommunstyrelsen-2024-05.txt"
	cannot() { referat publish --dry-run "$document" --target publish/web --state "$state" | grep -q 'target.site does its work without HTTP'; }
	wait_until cannot
	plan 0 --target publish/web
	[[ $output == 'publish/web: it would be put there anew'* ]]
}

reload() {
	kill -HUP "$supervisor"
	wait_until grep -q 'the new definition is in force' "$BATS_TEST_TMPDIR/said"
}

# The municipality moves to another address.
change_publisher() {
	sed -i 's:home\: https\://www.exempelby.example/:home\: https\://exempelby.example/:' "$demo/publisher.yaml"
	reload
}

kept() { # what must be as before: history, tasks, parts, the site, mails, what the board was asked to change
	referat show "$document" --state "$state" --json
	referat show "$document" --part rendition/page --state "$state"
	find "$state/site" "$state/maildir/new" -type f -printf '%p %C@\n' | sort
	changes
}

@test "after the publisher file was changed one sees what would be sent anew, and nothing is kept of it" {
	plan 0 --from render
	[[ $output == *'publish/web: nothing to do'*'publish/board: nothing to do'* ]]
	[[ $output != *'comes out otherwise'* ]]
	change_publisher
	before=$(kept)
	plan 0
	[[ $output == *'publish/board: nothing to do'* ]] # what is stored stands there
	plan 0 --from render
	[[ $output == *'publish/web: it would be put there anew'*'publish/board: these requests would go out'*"PUT $url/$document"* ]]
	[[ $output == *'what comes out otherwise:'*'--- rendition/page (stored)'*'+++ rendition/page (anew)'* ]]
	[[ $output == *'  -'*'href="https://www.exempelby.example/"'*'  +'*'href="https://exempelby.example/"'* ]]
	[ "$(kept)" = "$before" ]
	body=$(referat publish --dry-run "$document" --from render --target publish/board --state "$state" --json |
		jq -r '.results[0].requests[] | select(.sent | not) | .body')
	run -0 --separate-stderr referat replay --all --from render --dry-run --state "$state"
	[[ $output == *'publish/web: 1 would be put there anew'*'publish/board: 1 would be put there anew'*"document $document, for example:"* ]]
	[[ $output == *'+++ rendition/page (anew)'*'href="https://exempelby.example/"'* ]]
	run -0 --separate-stderr referat replay --all --from render --dry-run --show 0 --state "$state"
	[[ $output != *'for example'* ]]
	[ "$(kept)" = "$before" ]
	run -0 --separate-stderr referat replay --all --from render --state "$state" --wait
	[ "${lines[1]}" = 'all are through: 2 pages put anew' ]
	[ "$(changes)" -eq $(("$(tail -n 1 <<<"$before")" + 1)) ]
	[ "$(jq -Sc . <<<"$body")" = "$(tail -n 1 "$board/log" | jq -r .body | jq -Sc .)" ]
	plan 0 --from render
	[[ $output == *'publish/web: nothing to do'*'publish/board: nothing to do'* ]]
}

@test "what a stage would hold is shown as though a person had released it" {
	sed -i 's/approve: generated/approve: always/' "$demo/pipeline.yaml"
	change_publisher
	plan 0 --from summarise --target publish/board
	[[ $output == 'publish/board: first a person would be asked at summarise; once that is released, these requests would go out'* ]]
	[[ $output == *"PUT $url/$document"* ]]
	is published
	run -69 referat publish --dry-run "$document" --from notify --state "$state"
	[[ $output == *'notify makes nothing of a document'* ]]
}

@test "with --force the target is asked though its page is known" {
	plan 0 --target publish/board
	[[ $output == *'nothing to do'* ]]
	plan 0 --force --target publish/board
	[[ $output == *'publish/board: these requests would go out'*"PUT $url/$document"* ]]
}

@test "a document that has not come so far, and one that is not there, are told in words" {
	printf 'Lunchmeny\n' >"$demo/inbox/lunch.txt"
	other() { referat list --state "$state" --json | jq -re --arg not "$document" '.documents[] | select(.document != $not and (.status == "held" or .status == "dead")).document'; }
	wait_until other
	run -69 referat publish --dry-run "$(other)" --target publish/web --state "$state"
	[[ $output == *'has not come so far'* ]]
	run -69 referat publish --dry-run nosuchdocument --state "$state"
	[[ $output == *'there is no document nosuchdocument'* ]]
	run -69 referat publish --dry-run "$document" --target publish/wb --state "$state"
	[[ $output == *"did you mean 'publish/web'?"* ]]
}

@test "without --dry-run it says who publishes" {
	run -64 referat publish "$document" --state "$state"
	[[ $output == *'the pipeline publishes by itself'*"referat replay $document"* ]]
}
