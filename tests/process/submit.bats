#!/usr/bin/env bats
# Documents given to a running pipeline, and stages that are paused.

bats_require_minimum_version 1.5.0

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
	load support/common
	file=$BATS_TEST_TMPDIR/$BATS_TEST_NUMBER-minutes.txt
}

mails() {
	find "$state/maildir/new" -type f | wc -l
}

@test "a document that is submitted is published, and --wait says where" {
	minutes_of 3 juli 2024 >"$file"
	run -0 referat submit "$file" --wait --state "$state"
	[[ ${lines[0]} == *'-minutes.txt is document '*', revision 1' ]]
	[[ ${lines[1]} == 'document '*' is published: http://localhost:8000/'* ]]
	run -0 referat submit "$file" --state "$state"
	[[ $output == *'is known: document '*' has the same bytes' ]]
}

@test "the same key again is the next revision, from standard input too" {
	minutes_of 4 juli 2024 >"$file"
	run -0 referat submit - --name a.txt --key the-key --state "$state" <"$file"
	[[ $output == *'revision 1' ]]
	echo >>"$file"
	run -0 referat submit "$file" --key the-key --wait --state "$state"
	[[ ${lines[0]} == *'revision 2' ]]
	run -64 referat submit "$file" "$file" --key the-key --state "$state"
	run -66 referat submit - --state "$state" <"$file"
	[[ $output == *'say with --name what standard input is called'* ]]
}

@test "nobody is mailed of what is submitted quietly" {
	minutes_of 5 juli 2024 >"$file"
	before=$(mails)
	run -0 referat submit "$file" --quiet --wait --state "$state" --json
	python3 -c '
import json, sys
document, = json.loads(sys.argv[1])["documents"]
assert document["outcome"] == "accepted" and document["status"] == "published" and document["url"], document
' "$output"
	[ "$(mails)" -eq "$before" ]
}

@test "what is held or given up is told with its reason, and by the exit status" {
	echo 'nothing that a reader knows' >"$file"
	run -65 referat submit "$file" --name broken.bin --wait --state "$state"
	[[ $output == *' is dead at ingest: '* ]]
	minutes_of 8 juli 2024 >"$file"
	echo 'Den sökande, 19640823-3234, fick avslag.' >>"$file"
	run -77 referat submit "$file" --wait --state "$state"
	[[ $output == *' is held at '* ]]
}

@test "a large file goes in pieces, and one over the bound is refused before it is sent" {
	head -c 3000000 /dev/zero | tr '\0' 'a' >"$file"
	run -0 referat submit "$file" --name large.txt --state "$state"
	[[ $output == 'large.txt is document '* ]]
	truncate -s 301M "$file"
	run -66 referat submit "$file" --state "$state"
	[[ $output == *'has more than 300 MiB'* ]]
	run -66 referat submit "$BATS_TEST_TMPDIR/nothing" --state "$state"
	[[ $output == *'there is no file'* ]]
}

@test "nothing is done with a document before its embargo is over" {
	minutes_of 6 juli 2024 >"$file"
	run -0 referat submit "$file" --embargo 2099-01-01T00:00:00Z --state "$state"
	id=$(grep -o 'document [a-z0-9]*' <<<"$output" | cut -d' ' -f2)
	run -0 referat show "$id" --state "$state" --json
	[[ $output == *'"stage":"ingest","state":"delayed"'* ]]
}

@test "a paused stage gets nothing, status says so, and it goes on when it is resumed" {
	minutes_of 7 juli 2024 >"$file"
	run -0 referat pause publish/web --reason 'the server moves' --state "$state"
	run referat status --state "$state"
	[ "$status" -ge 1 ]
	[[ $output == *'publish/web is paused since '*'the server moves'*'referat resume publish/web'* ]]
	run -0 referat submit "$file" --state "$state"
	id=$(grep -o 'document [a-z0-9]*' <<<"$output" | cut -d' ' -f2)
	waits() { referat show "$id" --state "$state" --json | grep -q '"stage":"publish/web","state":"ready"'; }
	wait_until waits
	run -0 referat resume publish/web --state "$state"
	[ "$output" = 'publish/web goes on' ]
	is_published() { referat show "$id" --state "$state" --json | grep -q '"stage":"publish/web","state":"done"'; }
	wait_until is_published
	run -69 referat pause publish/wbe --state "$state"
	[[ $output == *"did you mean 'publish/web'?"* ]]
}
