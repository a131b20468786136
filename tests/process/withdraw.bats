#!/usr/bin/env bats
# What a person takes back, stops or gives up, with real processes: pages go from the site and from a notice board
# behind HTTP, also when the board is down at the time, or the stage dies while it takes away.

bats_require_minimum_version 1.5.0

setup_file() {
	load support/common.bash
	export no_proxy='*' # whatever the machine has set
	mkdir "$BATS_FILE_TMPDIR/plugins"
	# shellcheck disable=SC2046
	${CC:-gcc} -std=c17 $(sanitizer_flags) -shared -fPIC -I"$BATS_TEST_DIRNAME/../../include" \
		"$BATS_TEST_DIRNAME/support/notice-board/target.notice-board.c" \
		-o "$BATS_FILE_TMPDIR/plugins/target.notice-board.so" "$REFERAT_BUILD/lib/libreferat-plugin.a"
}

# A pipeline with two places to publish at, one document in the inbox.
setup() {
	load support/common.bash
	supervisor='' board_pid=''
	state=$BATS_TEST_TMPDIR/state board=$BATS_TEST_TMPDIR/board
	inbox=$BATS_TEST_TMPDIR/demo/inbox
	cp -r "$BATS_TEST_DIRNAME/../../pipelines/demo" "$BATS_TEST_TMPDIR/demo"
	mkdir "$board" "$BATS_TEST_TMPDIR/all"
	mv "$inbox"/* "$BATS_TEST_TMPDIR/all/"
	april=arbetsmarknads-och-socialnamnden-2024-04.txt
	cp "$BATS_TEST_TMPDIR/all/$april" "$inbox/"
	page=$state/site/2024/arbetsmarknads-och-socialnamnden-2024-04-17/index.html
	sed -i 's/source.folder: {path: inbox}/source.folder: {path: inbox, settle: 50ms}/; /^tests:/,$d' \
		"$BATS_TEST_TMPDIR/demo/pipeline.yaml"
	mkdir -m 700 "$BATS_TEST_TMPDIR/demo/secrets"
	(umask 077 && echo tr0ub4dor >"$BATS_TEST_TMPDIR/demo/secrets/board")
}

teardown() {
	for pid in $supervisor $board_pid; do
		kill -TERM "$pid" 2>/dev/null || true
		wait "$pid" || true
	done
}

start_board() { # start_board [PORT]
	rm -f "$board/port"
	python3 "$BATS_TEST_DIRNAME/support/notice-board/server.py" "$board" tr0ub4dor "$@" 3>&- &
	board_pid=$!
	wait_until test -f "$board/port"
}

stop_board() {
	kill "$board_pid"
	wait "$board_pid" || true
	board_pid=''
}

add_board() { # publishes there too
	cat >>"$BATS_TEST_TMPDIR/demo/pipeline.yaml" <<-END
		  publish/board:
		    from: render
		    retry: {base: 50ms, cap: 200ms}
		    target.notice-board: {url: "http://127.0.0.1:$(<"$board/port")/notices/", token: !secret board}
	END
}

watch() {
	referat run "$BATS_TEST_TMPDIR/demo/pipeline.yaml" --state "$state" --plugins "$BATS_FILE_TMPDIR/plugins" \
		--restart-base 20ms --restart-cap 100ms >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
	supervisor=$!
}

field() { # field NAME: of the only document
	referat list --state "$state" --json | python3 -c '
import json, sys
print(json.load(sys.stdin)["documents"][0].get(sys.argv[1], ""))
' "$1"
}

is() { [ "$(field status 2>/dev/null)" = "$1" ]; } # is STATUS
asked() { [ "$(grep -c "\"method\": \"$1\"" "$board/log")" -eq "$2" ]; } # asked METHOD TIMES
mails() { find "$state/maildir/new" -type f 2>/dev/null | wc -l; }

@test "a page that is withdrawn leaves a short one, and no list or feed leads to it" {
	watch
	wait_until is published
	[ "$(mails)" -eq 3 ]
	run -0 referat withdraw "$(field document)" --state "$state" --reason 'names a child'
	[[ $output == *'is being taken away from 1 place' ]]
	wait_until is withdrawn
	grep -q '<h1>Sammanfattningen är tillbakadragen</h1>' "$page"
	grep -q "drogs tillbaka av Exempelby kommun den $(date +%Y | sed 's/.*/[0-9]* [a-z]* &/')" "$page"
	run ! grep -q 'names a child\|jouren' "$page"
	run ! grep -rq 'arbetsmarknads-och-socialnamnden-2024-04-17' "$state/site/index.html" "$state/site/sitemap.xml" \
		"$state/site/atom.xml" "$state/site/2024/index.html" "$state/site/namnd"
	[ "$(mails)" -eq 3 ]
	run -0 referat status --state "$state"
	run -0 referat show "$(field document)" --state "$state"
	[[ $output == *'withdrawn'*': names a child'* ]]
	run referat list --state "$state" --status withdrawn
	[[ $output == *withdrawn*Arbetsmarknads* ]]
}

@test "the page says why, and what to read instead, where that is wanted" {
	cp "$BATS_TEST_TMPDIR/all/byggnadsnamnden-2024-05.txt" "$inbox/"
	watch
	documents() { referat list --state "$state" --status published --json | python3 -c '
import json, sys
print(" ".join(d["document"] for d in sorted(json.load(sys.stdin)["documents"], key=lambda d: d["name"])))'; }
	both() { [ "$(documents 2>/dev/null | wc -w)" -eq 2 ]; }
	wait_until both
	read -r first second <<<"$(documents)"
	run -64 referat withdraw "$first" --state "$state" --replace-with "$second"
	run -0 referat withdraw "$first" --state "$state" --reason 'Fel nämnd.' --show-reason --by Eva --replace-with "$second"
	wait_until grep -q tillbakadragen "$page"
	grep -q 'Skälet: Fel nämnd.' "$page"
	grep -q 'href="http://localhost:8000/2024/byggnadsnamnden-2024-05-15/"' "$page"
	run -0 referat show "$first" --state "$state"
	[[ $output == *'by Eva: Fel nämnd.'* ]]
	run referat withdraw "$second" --state "$state" --reason x --replace-with "$first"
	[ "$status" -ne 0 ]
	[[ $output == *'is not published; publish it first, or give an address'* ]]
}

@test "a target that is down takes it away when it is back" {
	start_board
	add_board
	watch
	wait_until is published
	stop_board
	run -0 referat withdraw "$(field document)" --state "$state" --reason wrong
	[[ $output == *'from 2 places' ]]
	wait_until grep -q tillbakadragen "$page"
	wait_until grep -q 'publish/board waits\|publish/board: later again' "$BATS_TEST_TMPDIR/said"
	is open
	start_board "$(<"$board/port")"
	wait_until is withdrawn
	wait_until asked DELETE 1
}

@test "a replacement reaches a target that was down, and what it no longer says stands nowhere" {
	start_board
	add_board
	watch
	wait_until is published
	wait_until asked PUT 1
	stop_board
	sed -i 's/2,4 miljoner/1,4 miljoner/' "$inbox/$april"
	wait_until grep -q '1,4 miljoner' "$page"
	is open
	start_board "$(<"$board/port")"
	wait_until is published
	tail -n 1 "$board/log" | grep -q '"method": "PUT".*1,4 miljoner'
	run ! grep -rq '2,4 miljoner' "$state/site" "$state/site.index"
}

@test "a stage that is killed while it takes away does so again, and it is gone" {
	start_board
	add_board
	watch
	wait_until is published
	echo wait >"$board/faults"
	referat withdraw "$(field document)" --state "$state" --reason wrong
	wait_until asked DELETE 1
	for stage in $(pgrep -P "$supervisor" referat-publish); do
		kill -KILL "$stage"
	done
	wait_until asked DELETE 2
	touch "$board/go"
	wait_until is withdrawn
	asked GET 0 # nobody had to ask whether it was gone
	[ "$(mails)" -eq 3 ]
}

@test "a target that can't take away is told of in the check, and a person does it by hand" {
	start_board
	sed 's/\.withdraw = withdraw, //; s/^static enum referat_result withdraw/__attribute__((unused)) &/; s/notice-board"/keeps-all"/' \
		"$BATS_TEST_DIRNAME/support/notice-board/target.notice-board.c" >"$BATS_TEST_TMPDIR/keeps.c"
	# shellcheck disable=SC2046
	${CC:-gcc} -std=c17 $(sanitizer_flags) -shared -fPIC -I"$BATS_TEST_DIRNAME/../../include" \
		"$BATS_TEST_TMPDIR/keeps.c" -o "$BATS_FILE_TMPDIR/plugins/target.keeps-all.so" \
		"$REFERAT_BUILD/lib/libreferat-plugin.a"
	add_board
	sed -i 's/target.notice-board/target.keeps-all/' "$BATS_TEST_TMPDIR/demo/pipeline.yaml"
	run -0 referat check "$BATS_TEST_TMPDIR/demo/pipeline.yaml" --plugins "$BATS_FILE_TMPDIR/plugins"
	[[ $output == *"target.keeps-all can't take away what it has put there"* ]]
	watch
	wait_until is published
	referat withdraw "$(field document)" --state "$state" --reason wrong
	wait_until is held
	[[ $(field reason) == *'Ta bort det för hand där det står, och släpp sedan dokumentet.' ]]
	referat release "$(field document)" --state "$state" --reason 'done by hand'
	is withdrawn
}

@test "a version without a name takes the place of one that had it, and that is read nowhere any more" {
	start_board
	add_board
	watch
	wait_until is published
	grep -rq '2,4 miljoner' "$state"
	cp "$inbox/$april" "$BATS_TEST_TMPDIR/before.txt"
	sed -i 's/2,4 miljoner/1,4 miljoner/' "$inbox/$april"
	wait_until grep -q '1,4 miljoner' "$page"
	wait_until asked PUT 2
	wait_until is published
	document=$(field document)
	run -0 referat erase "$document" --earlier --reason 'case 7' --by eva --state "$state"
	[[ $output == *'earlier versions of document'*'purged at 2 places'*'mails that were sent'* ]]
	wait_until is held # the board says nothing of what it keeps
	asked PUT 3
	[[ $(field reason) == *'publish/board'*'Radera dem för hand'* ]]
	referat release "$document" --reason 'looked there' --state "$state"
	is published
	grep -q '1,4 miljoner' "$page"
	find "$state/maildir" -type f -delete # what was mailed was mailed
	run ! grep -rl '2,4 miljoner' "$state"
	cp "$BATS_TEST_TMPDIR/before.txt" "$inbox/$april"
	wait_until is held
	[[ $(field reason) == *'har raderats för gott'* ]]
	run ! grep -q '2,4 miljoner' "$page"
}

@test "erasing a withdrawn document wants its targets to have deleted what they keep of it" {
	watch
	wait_until is published
	document=$(field document)
	referat withdraw "$document" --state "$state" --reason wrong
	wait_until is withdrawn
	run -69 referat erase "$document" --reason 'case 7' --state "$state"
	[[ $output == *'`referat withdraw --purge`'* ]]
	referat withdraw "$document" --purge --state "$state" --reason wrong
	wait_until is withdrawn
	referat erase "$document" --reason 'case 7' --state "$state"
	[ "$(field status)" = erased ]
}

@test "a file saved again after the withdrawal waits for a person" {
	watch
	wait_until is published
	referat withdraw "$(field document)" --state "$state" --reason wrong
	wait_until is withdrawn
	sed -i 's/2,4 miljoner/1,4 miljoner/' "$inbox/$april"
	wait_until is held
	[[ $(field reason) == 'Dokumentet drogs tillbaka '*'. Släpp det om det ska publiceras igen.' ]]
	grep -q tillbakadragen "$page"
	referat release "$(field document)" --state "$state" --reason 'read by two'
	wait_until is published
	grep -q '1,4 miljoner' "$page"
	[ "$(mails)" -eq 3 ] # the same news as before
}

@test "a document that is given up alarms nobody any more" {
	mv "$inbox/$april" "$BATS_TEST_TMPDIR/"
	cp "$BATS_TEST_TMPDIR/all/lunchmeny-vecka-24.txt" "$inbox/"
	watch
	wait_until is dead
	run -2 referat status --state "$state"
	run -64 referat delete "$(field document)" --state "$state"
	referat delete "$(field document)" --state "$state" --reason 'a menu'
	is deleted
	run -0 referat status --state "$state"
	run -0 referat show "$(field document)" --state "$state"
	[[ $output == *deleted*': a menu'* ]]
	run referat delete "$(field document)" --state "$state" --reason 'again'
	[ "$status" -ne 0 ]
}

@test "what is published is not deleted but withdrawn" {
	sed -i 's/channel.maildir:/channel.smtp:/; s/^      from: beslut.*/&\n      url: "smtp:\/\/127.0.0.1:9"/' "$BATS_TEST_TMPDIR/demo/pipeline.yaml"
	watch
	wait_until grep -q 'notify waits\|notify: later again' "$BATS_TEST_TMPDIR/said"
	referat hold "$(field document)" --state "$state" --reason 'stop the mails'
	wait_until is held
	run referat delete "$(field document)" --state "$state" --reason 'oh no'
	[ "$status" -ne 0 ]
	[[ $output == *'is published (http://localhost:8000/'*"take it away with 'referat withdraw'"* ]]
}

@test "a document that is stopped goes on when it is released" {
	start_board
	echo wait >"$board/faults"
	add_board
	sed -i 's/from: publish\/web/from: publish\/board/' "$BATS_TEST_TMPDIR/demo/pipeline.yaml"
	watch
	wait_until asked PUT 1
	run -0 referat hold "$(field document)" --state "$state" --reason 'the chair wants to read it'
	[[ $output == *'1 more in hand: finished first, then the document stops'* ]]
	touch "$board/go"
	wait_until is held
	[[ $(field reason) == 'Stoppat av '*': the chair wants to read it' ]]
	[ "$(mails)" -eq 0 ]
	referat release "$(field document)" --state "$state" --reason 'she has'
	wait_until is published
	[ "$(mails)" -eq 3 ]
}

@test "a slip put right tells nobody; a correction tells each recipient once, and stays told" {
	watch
	wait_until is published
	[ "$(mails)" -eq 3 ]
	updated() { sed -n 's:.*<updated>\(.*\)</updated>.*:\1:p' "$state/site/atom.xml" | tail -n 1; }
	first=$(updated)
	sleep_past "$first"
	sed -i 's/2,4 miljoner/2,5 miljoner/' "$inbox/$april"
	wait_until grep -q '2,5 miljoner' "$page"
	wait_until is published
	[ "$(mails)" -eq 3 ]
	[[ $(updated) > $first ]]
	run ! grep -q 'Rättad' "$state/site/index.html"
	sed -i '/^Samtliga/i Rättelse 2024-04-22: Rätt belopp är 1,4 miljoner kronor.\n' "$inbox/$april"
	wait_until grep -q 'Rättelse den 22 april 2024' "$page"
	wait_until is published
	[ "$(mails)" -eq 6 ]
	grep -q 'Rättad den 22 april 2024' "$state/site/index.html"
	sed -i 's/2,5 miljoner/1,4 miljoner/' "$inbox/$april"
	wait_until is_without '2,5 miljoner'
	wait_until is published
	[ "$(mails)" -eq 6 ]
	grep -q 'Rättelse den 22 april 2024' "$page"
}

is_without() { ! grep -q "$1" "$page"; }

sleep_past() { # sleep_past INSTANT: instants have whole seconds
	# shellcheck disable=SC2317 # called by wait_until
	passed() { [[ $(date -u +%FT%TZ) > $1 ]]; }
	wait_until passed "$1"
}
