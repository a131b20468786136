#!/usr/bin/env bats
# The commands that ask a running pipeline: what they print, and their exit status.

bats_require_minimum_version 1.5.0

# One run of the demo for all tests here.
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

held_document() {
	referat held --state "$state" --json |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["documents"][0]["document"])'
}

@test "the store is for its user alone; the site beside it may be served" {
	[ "$(stat -c %a "$state/referat.db")" = 600 ]
	[ "$(stat -c %a "$state/blobs")" = 700 ]
	[ "$(stat -c %a "$state/maildir")" = 700 ]
	[ "$(stat -c %a "$state/site/index.html")" = 644 ]
}

@test "status is one line for a monitor, and its status that of the worst document" {
	run referat status --state "$state"
	[ "${#lines[@]}" -eq 1 ]
	if [ "$(referat dead --state "$state" | wc -l)" -gt 1 ]; then
		[ "$status" -eq 2 ]
		[[ $output == 'REFERAT CRITICAL: demo: '*' | documents='*' dead='[1-9]*';;0 store='[1-9]*B ]]
	else
		[ "$status" -eq 1 ]
		[[ $output == 'REFERAT WARNING: demo: '*' | documents='*' dead=0;;0 store='* ]]
	fi
}

@test "status as JSON counts each stage" {
	run -0 python3 -c '
import json, subprocess, sys
answer = json.loads(subprocess.run(sys.argv[1:], capture_output=True).stdout)
stages = {stage["name"]: stage for stage in answer["stages"]}
assert set(stages) == {"ingest", "validate", "summarise", "render", "publish/web", "notify"}, stages
assert stages["ingest"]["done"] > 5 and stages["notify"]["workers"] == 1, stages
' referat status --state "$state" --json
}

@test "status finds the pipeline that runs in this folder" {
	cd "$BATS_FILE_TMPDIR"
	run referat status
	[[ $output == *': demo: '* ]]
}

@test "status is critical when the broker does not answer" {
	mkdir -p "$BATS_TEST_TMPDIR/other"
	run -2 referat status --state "$BATS_TEST_TMPDIR/other" --timeout 200ms
	[[ $output == "REFERAT CRITICAL: $BATS_TEST_TMPDIR/other: the broker does not answer"* ]]
	run -2 referat status --state "$BATS_TEST_TMPDIR/nowhere"
	[[ $output == 'REFERAT CRITICAL: '*'No such file or directory' ]]
}

published_document() {
	referat list --status published --state "$state" --json |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["documents"][0]["document"])'
}

@test "why says of a published document where its page stands and how many were told" {
	document=$(published_document)
	run -0 referat why "$document" --state "$state"
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == "$document ("*'Published by publish/web since '*': http://localhost:8000/'*'recipients were told. All stages are done'* ]]
}

@test "why says of a held document what a person can do, and nothing that must not be shown" {
	run -0 referat why "$(held_document)" --state "$state"
	[[ $output == *'In validate since '*', held for a person to decide: '* ]]
	[[ $output != *570428* ]]
}

@test "why says of a dead document the command that runs it again" {
	document=$(referat dead --state "$state" --json |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["documents"][0]["document"])')
	run -0 referat why "$document" --state "$state"
	[[ $output == *"given up after 1 attempt: "*"\`referat retry $document --state $state\`"* ]]
}

@test "trace shows each stage with its plugins and their versions" {
	run -0 referat trace "$(published_document)" --state "$state"
	for stage in ingest validate summarise render publish/web notify; do
		[[ $output == *" $stage "*" done "* ]]
	done
	[[ $output == *'target.site 0.'* ]]
	[[ $output == *' rendition/page '* ]]
	run -0 referat trace "$(published_document)" --state "$state" --json
	python3 -c '
import json, sys
stages = json.loads(sys.argv[1])["tasks"]
assert all(stage["run_us"] >= 0 and stage["wait_us"] >= 0 for stage in stages if stage["state"] == "done"), stages
' "$output"
}

@test "tap shows what passed, and what passes" {
	run -0 referat tap --past --number 3 --state "$state"
	[ "${#lines[@]}" -eq 3 ]
	[[ ${lines[0]} == *Z\ \ *\ \ ingest\ *waited\ *took\ * ]]
	referat tap validate --json --number 1 --state "$state" >"$BATS_TEST_TMPDIR/tapped" 3>&- &
	tap=$!
	document=$(held_document)
	until [ -s "$BATS_TEST_TMPDIR/tapped" ]; do
		referat retry "$document" --state "$state" >/dev/null || true
		sleep 0.05
	done
	wait "$tap"
	grep -q "\"document\":\"$document\".*\"stage\":\"validate\",\"outcome\":\"held\"" "$BATS_TEST_TMPDIR/tapped"
}

@test "top not on a terminal is one table, a line for each stage" {
	run -0 referat top --state "$state"
	[ "${#lines[@]}" -eq 7 ]
	[[ ${lines[0]} == STAGE*WORKERS*'PER SECOND'* ]]
	run -0 referat top --json --every 100ms --number 2 --state "$state"
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[1]} == *'"passed":'* ]]
}

@test "top on a terminal goes on" {
	run -0 timeout 20 script -qec "stty cols 120; referat top --every 100ms --number 3 --state $state" /dev/null
	[ "$(grep -c 'demo at 20' <<<"$output")" -eq 3 ]
}

@test "top says so when no broker answers" {
	run referat top --state "$BATS_TEST_TMPDIR" --timeout 100ms
	[ "$status" -eq 69 ]
	[[ $output == *'the broker does not answer'* ]]
}

@test "age tells how long what is held has been held" {
	run -0 referat age --state "$state" --json
	python3 -c '
import json, sys
stages = {stage["name"]: stage for stage in json.loads(sys.argv[1])["stages"]}
assert stages["validate"]["tasks"] == stages["validate"]["minutes"] == 1, stages
assert stages["notify"]["tasks"] == 0, stages' "$output"
	run -0 referat age --state "$state"
	[ "${#lines[@]}" -eq 7 ]
}

@test "list shows each document in a line of its own" {
	run -0 referat list --state "$state"
	[[ ${lines[0]} == DOCUMENT*STATUS*BOARD*DAY*TITLE*REASON ]]
	[[ $output == *published*Kommunstyrelsen*2024-05-08*'Kommunstyrelsen – aktuella beslut maj 2024'* ]]
	run -0 referat list --state "$state" --status published
	[[ $output != *' held '* ]]
}

@test "held names the reason in the publisher's language, and no personal data" {
	run -0 referat held --state "$state"
	[[ $output == *personnummer* ]]
	[ -z "$(grep -E '[0-9]{6}[-+][0-9]{4}' <<<"$output")" ]
}

@test "show tells the tasks, parts and history of a document, and nothing that it says" {
	run -0 referat show "$(held_document)" --state "$state"
	for word in tasks parts events validate held byggnadsnamnden-2024-06.txt; do
		[[ $output == *"$word"* ]] || { echo "no $word in: $output"; return 1; }
	done
	[ -z "$(grep -E '[0-9]{6}[-+][0-9]{4}' <<<"$output")" ]
	run -0 referat show "$(held_document)" --state "$state" --json
	python3 -c 'import json, sys; json.loads(sys.argv[1])' "$output"
}

@test "a document that is not there is told so" {
	run -69 referat show nosuchdocument --state "$state"
	[[ $output == *'there is no document nosuchdocument'* ]]
}

@test "any part of a document is shown as JSON or text, identity numbers masked" {
	document=$(held_document)
	run -0 bash -c "referat show '$document' --state '$state' --part document | python3 -c 'import json, sys; print(json.load(sys.stdin)[\"title\"])'"
	[ "$output" = 'Byggnadsnämnden – aktuella beslut juni 2024' ]
	run -0 referat show "$document" --state "$state" --part source
	[[ $output == *'Dispens från strandskyddet'*XXXX* ]]
	[[ $output != *570428* ]]
	run -69 referat show "$document" --state "$state" --part page
	[[ $output == *"has no part 'page'; 'referat show $document' lists those it has"* ]]
}

@test "what is not for a document where it stands is refused with what it is" {
	document=$(referat dead --state "$state" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["documents"][0]["document"])')
	run -69 referat release "$document" --state "$state" --reason 'it is good'
	[[ $output == *"document $document is dead, and this is not for those; 'referat why $document' says what is"* ]]
	run -69 referat retry nosuch --state "$state"
	[[ $output == *'there is no document nosuch'* ]]
}

@test "help lists all commands, and a wrong one is told its neighbour" {
	run -0 referat --help
	for command in run check graph schema plugins status list held dead show version; do
		[[ $output == *"  $command "* ]] || { echo "no $command in: $output"; return 1; }
		referat "$command" --help >/dev/null
	done
	run -64 referat stauts
	[[ $output == *"did you mean 'status'?"* ]]
}

@test "an identity number can't be released, only corrected" {
	document=$(held_document)
	run referat release "$document" --state "$state" --reason 'it is nobody'
	[ "$status" -ne 0 ]
	[[ $output == *"document $document can't be released, only corrected"* ]]
}

@test "a release asks for its reason" {
	run -64 referat release "$(held_document)" --state "$state"
	[[ $output == *'say why with --reason'* ]]
}

@test "what is held runs again on request, and the history says who asked and why" {
	document=$(held_document)
	run -0 referat retry "$document" --state "$state" --reason 'the list of boards is right now'
	[ "$output" = "1 task of document $document sent on" ]
	run -0 referat show "$document" --state "$state" --json
	[[ $output == *'sent-on'*'the list of boards is right now (was forbidden/identity-number)'* ]]
}

@test "a document that is not held can't be released" {
	run referat release nobody --state "$state" --reason 'a slip'
	[ "$status" -ne 0 ]
	[[ $output == *'there is no document nobody'* ]]
}
