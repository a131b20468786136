#!/usr/bin/env bats
# Replays in a running pipeline: what runs again, what stands outside afterwards, and that nobody is mailed.

bats_require_minimum_version 1.5.0
load support/common

# One run of the demo for all tests here; it keeps watching, and all it found has been through.
setup_file() {
	load support/common
	export state=$BATS_FILE_TMPDIR/var/demo
	export pipeline=$BATS_TEST_DIRNAME/../../pipelines/demo/pipeline.yaml
	start_demo
}

teardown_file() {
	load support/common
	end_demo
}

setup() {
	supervisor='' waiting=''
}

teardown() {
	for pid in $waiting $supervisor; do
		kill -TERM "$pid" 2>/dev/null || true
		wait "$pid" || true
	done
}

documents() { # documents STATUS: their ids
	referat list --state "$state" --status "$1" --json |
		python3 -c 'import json, sys; [print(d["document"]) for d in json.load(sys.stdin)["documents"]]'
}

mails() {
	find "$state/maildir/new" "$state/maildir/cur" -type f | wc -l
}

# The site as it is now beside the one that was.
remember_site() {
	rm -rf "$BATS_TEST_TMPDIR/site"
	cp -a "$state/site" "$BATS_TEST_TMPDIR/site"
	mailed=$(mails)
}

assert_site_as_before() {
	diff -r "$state/site" "$BATS_TEST_TMPDIR/site"
	[ "$(mails)" -eq "$mailed" ]
}

@test "a site that somebody took away is rebuilt byte for byte, and nobody is mailed" {
	remember_site
	rm -rf "$state/site"
	run -0 --separate-stderr referat replay --all --from publish/web --state "$state" --wait
	[[ $output == *' documents run again from publish/web'* ]]
	assert_site_as_before
}

@test "a site that lacks only its start page is whole again afterwards" {
	remember_site
	rm "$state/site/index.html" "$state/site/site.css"
	run -0 referat replay --all --from publish/web --state "$state" --wait
	assert_site_as_before
}

@test "with --force everything is put there again, lists too" {
	remember_site
	rm -rf "$state/site/namnd"
	run -0 referat replay --all --from render --force --state "$state" --wait --reason 'the lists are gone'
	assert_site_as_before
}

@test "a replay from the beginning publishes nothing that stands there already" {
	remember_site
	pages() { find "$state/site" -name index.html -printf '%p %C@\n' | sort; }
	before=$(pages)
	run -0 referat replay --all --from ingest --state "$state" --wait
	assert_site_as_before
	[ "$(pages)" = "$before" ]
}

@test "one document runs again, and its history says who asked and why" {
	document=$(documents published | head -n 1)
	run -0 --separate-stderr referat replay "$document" --from render --state "$state" --reason 'a new template' --wait
	[ "${lines[0]}" = '1 document runs again from render' ]
	[ "${lines[1]}" = 'all are through: 0 pages put anew' ]
	run -0 referat show "$document" --state "$state" --json
	[[ $output == *'"replayed"'*'a new template'* ]]
}

@test "a dry run says how many, as JSON too, and changes nothing" {
	run -0 --separate-stderr referat replay --all --from render --board socialnamnden --dry-run --state "$state"
	[[ $output == [1-9]*'would run again from render'* ]]
	run -0 referat replay --all --from render --dry-run --state "$state" --json
	python3 -c '
import json, sys
answer = json.loads(sys.argv[1])
assert answer["dry_run"] and answer["replayed"] > 5 and answer["from"] == "render", answer
' "$output"
	run -0 referat show "$(documents published | tail -n 1)" --state "$state" --json
}

@test "what can't run again is told in words" {
	held=$(documents held | head -n 1)
	run -69 referat replay "$held" --from publish/web --state "$state"
	[[ $output == *"document $held: it has not come as far as publish/web"* ]]
	run -69 referat replay nosuchdocument --from render --state "$state"
	[[ $output == *'document nosuchdocument: there is no such document'* ]]
	run -69 referat replay --all --from rendr --state "$state"
	[[ $output == *"there is no stage 'rendr'; did you mean 'render'?"* ]]
}

@test "a command line that can't be meant is refused with advice" {
	run -64 referat replay --all --state "$state"
	[[ $output == *'name it with --from'* ]]
	run -64 referat replay --from render --state "$state"
	[[ $output == *'name documents, or say --all'* ]]
	run -64 referat replay --all --from render --rate 5/fortnight --state "$state"
	[[ $output == *'30/min, 2/s, 500/h'* ]]
	run -64 referat replay --all --from render --since May --state "$state"
	[[ $output == *'expected a day, such as 2024-04-17'* ]]
}

@test "a dry run makes all anew, and says of how many pages which come out otherwise" {
	remember_site
	run -0 --separate-stderr referat replay --all --from render --dry-run --state "$state" --json
	[ "$(jq .pages <<<"$output")" -eq "$(jq .replayed <<<"$output")" ]
	[ "$(jq -c '.stages | map([.stage, .same])' <<<"$output")" = "[[\"publish/web\",$(jq .replayed <<<"$output")]]" ]
	[ "$(jq -c '[.changed, .not_sure, .differences]' <<<"$output")" = '[[],[],[]]' ]
	run -0 --separate-stderr referat replay --all --from render --dry-run --state "$state"
	[[ ${lines[0]} == *'would run again from render, and nobody is mailed'* ]]
	[ "${lines[1]}" = "publish/web: ${lines[0]%% *} as before" ]
	assert_site_as_before
}

# A run of its own with a rate at which the second document begins in an hour.
@test "who waits for a replay may go: it goes on without the command, and through a restart, at its rate" {
	there=$BATS_TEST_TMPDIR/state
	begin() {
		referat run "$pipeline" --state "$there" --clock 2024-06-20T09:00:00Z >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
		supervisor=$!
	}
	through() { referat status --state "$there" --json 2>/dev/null | demo_is_through; }
	left() { [ "$(referat status --state "$there" --json 2>/dev/null | jq .bulk)" -eq 2 ]; }
	begin
	wait_until through
	mapfile -t three < <(referat list --state "$there" --status published --json | jq -r '.documents[0:3][].document')
	# bash lets what it starts in the background ignore SIGINT; env gives it back
	env --default-signal=INT referat replay "${three[@]}" --from render --rate 1/h --wait --state "$there" \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" &
	waiting=$!
	wait_until grep -qE '1 of 3 documents through, about (2 h|1[01][0-9] min) left' "$BATS_TEST_TMPDIR/err"
	kill -INT "$waiting"
	status=0
	wait "$waiting" || status=$?
	[ "$status" -eq 130 ]
	[ "$(<"$BATS_TEST_TMPDIR/out")" = '3 documents run again from render' ]
	grep -q 'run again without this command' "$BATS_TEST_TMPDIR/err"
	left
	kill "$supervisor"
	wait "$supervisor" || true
	begin
	wait_until left
	run referat status --state "$there"
	[[ $output == *'2 tasks of a replay left; the last begins in '* ]]
}

@test "from a publish stage on a dry run counts what would be looked at" {
	run -0 --separate-stderr referat replay --all --from publish/web --dry-run --state "$state"
	[[ $output == *' pages would be looked at, and put where they are missing'*'and nobody is mailed; '* ]]
}

# A run of its own, whose publisher file is changed.
@test "a board that has a new name: pages, lists, feeds and archive follow, old addresses lead there, nobody is mailed" {
	own=$BATS_TEST_TMPDIR/demo there=$BATS_TEST_TMPDIR/state
	cp -r "$BATS_TEST_DIRNAME/../../pipelines/demo" "$own"
	find "$own/inbox" -type f ! -name 'byggnadsnamnden-2024-05.txt' -delete
	iconv -f windows-1252 -t utf-8 "$own/inbox/byggnadsnamnden-2024-05.txt" | sed 's/byggnadsnämnden/samhällsbyggnadsnämnden/g
		s/Byggnadsnämnden/Samhällsbyggnadsnämnden/g; s/maj 2024/juni 2024/g; s/15 maj/19 juni/g' >"$own/inbox/ny.txt"
	referat run "$own/pipeline.yaml" --state "$there" --clock 2024-06-20T09:00:00Z >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
	supervisor=$!
	published() { [ "$(referat list --state "$there" --status published --json 2>/dev/null | jq '.documents | length')" = 2 ]; }
	held() { referat held --state "$there" --json 2>/dev/null | jq -r '.documents[].document'; }
	is_held() { [ -n "$(held)" ]; }
	wait_until is_held
	referat release "$(held)" --state "$there" --reason 'the board is called so from June on'
	wait_until published
	old=$(cd "$there/site" && echo 2024/samhallsbyggnadsnamnden-2024-06-19-*/)
	[ -f "$there/site/$old/index.html" ]
	told=$(find "$there/maildir/new" -type f | wc -l)
	sed -i 's/^    name: Byggnadsnämnden$/    names:\n      - {name: Byggnadsnämnden, to: 2024-05-31}\n      - {name: Samhällsbyggnadsnämnden, from: 2024-06-01}/' \
		"$own/publisher.yaml"
	kill -HUP "$supervisor"
	wait_until grep -q 'the new definition is in force' "$BATS_TEST_TMPDIR/said"
	run -0 --separate-stderr referat replay --all --from ingest --board Samhällsbyggnadsnämnden --dry-run --state "$there"
	[[ $output == '1 document would run again'*'publish/web: 1 would be put there anew'*'+++ rendition/page (anew)'* ]]
	referat replay --all --from ingest --board Samhällsbyggnadsnämnden --wait --state "$there" --reason 'a new name'
	new=2024/samhallsbyggnadsnamnden-2024-06-19/
	wait_until test -f "$there/site/$new/index.html"
	wait_until published
	for list in index.html atom.xml 2024/index.html 2024/06/sitemap.xml namnd/byggnadsnamnden/index.html \
		namnd/byggnadsnamnden/atom.xml namnd/byggnadsnamnden/2024/index.html; do
		grep -q "${new%/}[/\"]" "$there/site/$list"
		run ! grep -q "$old" "$there/site/$list"
	done
	grep -q byggnadsnamnden-2024-05-15 "$there/site/namnd/byggnadsnamnden/index.html"
	grep -q "url=../../$new" "$there/site/$old/index.html"
	[ "$(find "$there/maildir/new" -type f | wc -l)" -eq "$told" ]
}
