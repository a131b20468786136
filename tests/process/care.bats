#!/usr/bin/env bats
# Care of the store, as an operator gives it to a pipeline that runs.

bats_require_minimum_version 1.5.0
load support/common

setup() {
	folder=$(mktemp -d "${TMPDIR:-/tmp}/referat-care-XXXXXX")
	state=$folder/state
	cp "$BATS_TEST_DIRNAME/../unit/definitions/publishers/good.yaml" "$folder/publisher.yaml"
	mkdir "$folder/inbox"
	cat >"$folder/pipeline.yaml" <<-YAML
		referat: 1
		pipeline: care
		publisher: publisher.yaml
		stages:
		  ingest: {source.folder: {path: inbox}, reader.text: {}}
		  validate: [check.structure]
	YAML
}

teardown() {
	stop
	rm -rf "$folder"
}

start() {
	referat run "$folder/pipeline.yaml" --state "$state" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
	supervisor=$!
	wait_until has_caught_up
}

stop() {
	[ -n "${supervisor:-}" ] || return 0
	kill -TERM "$supervisor" 2>/dev/null || true
	wait "$supervisor" 2>/dev/null || true
	supervisor=
}

has_caught_up() {
	referat status --state "$state" --json 2>/dev/null |
		python3 -c 'import json, sys; s = json.load(sys.stdin); sys.exit(not (s.get("caught_up") and s["open"] == 0))' \
			2>/dev/null
}

member() { # of the JSON on standard input
	python3 -c 'import json, sys; print(eval("json.load(sys.stdin)" + sys.argv[1]))' "$1"
}

first_document() {
	referat list --state "$state" --json | member '["documents"][0]["document"]'
}

@test "an erased document is in no byte of the state folder, and does not come back with the same file" {
	printf 'Amanda Hemlig\n\nfick avslag.\n' >"$folder/inbox/hemlig-amanda.txt"
	start
	document=$(first_document)
	grep -rq 'Amanda Hemlig' "$state"
	run -64 referat erase "$document" --state "$state"
	[[ $output == *"say why with --reason"* ]]
	referat erase "$document" --reason 'case 117' --by eva --state "$state" --json >"$folder/answer"
	[ "$(member '["files"]["free_pages"]' <"$folder/answer")" = 0 ]
	[ "$(member '["files"]["log_bytes"]' <"$folder/answer")" = 0 ]
	run ! grep -rlE 'Amanda Hemlig|hemlig-amanda' "$state"
	referat show "$document" --state "$state" | grep -q 'by eva: case 117'
	stop
	start
	[ "$(referat list --state "$state" --json | member '["documents"][0]["status"]')" = erased ]
	[ "$(referat list --state "$state" --json | member '["documents"].__len__()')" = 1 ]
	run ! grep -rlE 'Amanda Hemlig|hemlig-amanda' "$state"
}

large_document() {
	{
		printf 'Socialnämnden – aktuella beslut april 2024\n\n'
		yes 'Nämnden beslutade om skola, vård och omsorg.' | head -n 30000 || true # not in a loop: bats watches each command
	} >"$folder/inbox/large.txt"
}

@test "a backup is made while the pipeline works, is checked, and becomes a state folder that is frozen" {
	large_document
	printf 'Socialnämnden\n' >"$folder/inbox/small.txt"
	start
	referat backup "$folder/backup" --state "$state" --json >"$folder/answer"
	[ "$(member '["blobs"] > 0' <"$folder/answer")" = True ]
	[ ! -e "$state/snapshot" ]
	run -69 referat backup "$folder/backup" --state "$state"
	[[ $output == *"is not empty"* ]]
	referat store check --state "$state" | grep -q 'the store is sound'
	stop
	referat restore "$folder/backup" --state "$folder/again" | grep -q frozen
	run -65 referat restore "$folder/backup" --state "$folder/again"
	[[ $output == *"is not empty"* ]]
	state=$folder/again
	start
	referat status --state "$state" | grep -q 'frozen after a restore'
	run -69 referat thaw --state "$state"
	[[ $output == *'referat reconcile'* ]]
	referat reconcile --state "$state" | grep -q "referat thaw"
	referat thaw --state "$state" | grep -q thawed
	run ! grep -q frozen <(referat status --state "$state")
}

@test "a backup is made and a store is checked without a broker" {
	printf 'Socialnämnden\n' >"$folder/inbox/small.txt"
	start
	stop
	referat store check --state "$state" | grep -q 'the store is sound'
	referat backup "$folder/backup" --state "$state" | grep -q checked
	[ ! -e "$state/snapshot" ]
	referat store check --state "$folder/backup" | grep -q 'the store is sound'
}

@test "damage is found: by the check with its document, by a restore that then leaves nothing behind" {
	printf 'Socialnämnden\n\nEtt ord som ingen annan har: vaxkabinett.\n' >"$folder/inbox/small.txt"
	start
	stop
	referat backup "$folder/backup" --state "$state"
	sed -i 's/vaxkabinett/vaxkabinetX/' "$folder/backup/referat.db"
	run -65 referat store check --state "$folder/backup"
	[[ $output == *'does not fit its SHA-256'* ]]
	run -65 referat restore "$folder/backup" --state "$folder/again"
	[[ $output == *'not what its manifest says'* ]]
	[ ! -e "$folder/again" ] && [ ! -e "$folder/again.restoring" ]
	rm "$folder/backup/manifest.json"
	run -65 referat restore "$folder/backup" --state "$folder/again"
	[[ $output == *'is no whole backup'* ]]
}

# The demo's pipeline up to a site outside the state folder, with two documents.
publishing_pipeline() {
	cp "$BATS_TEST_DIRNAME"/../../pipelines/demo/publisher.yaml "$folder/"
	sed "/^  notify:/,\$d; s|target.site: {|target.site: {path: $folder/site, |" \
		"$BATS_TEST_DIRNAME/../../pipelines/demo/pipeline.yaml" >"$folder/pipeline.yaml"
	cp "$BATS_TEST_DIRNAME"/../../pipelines/demo/inbox/kommunstyrelsen-2024-0{5,6}.txt "$folder/inbox/"
}

is_reconciled() {
	referat reconcile --state "$state" --json |
		python3 -c 'import json, sys; a = json.load(sys.stdin); sys.exit(a["asking"] or a["open"] > 0)'
}

@test "after a restore every page is asked for; one that was withdrawn since the backup is not published again" {
	publishing_pipeline
	start
	document=$(first_document)
	referat backup "$folder/backup" --state "$state"
	referat withdraw "$document" --reason 'the wrong file' --state "$state"
	wait_until has_caught_up
	stop
	cp -r "$folder/site" "$folder/site.withdrawn"
	referat restore "$folder/backup" --reconcile --state "$folder/again"
	state=$folder/again
	start
	wait_until is_reconciled
	run -0 referat reconcile --state "$state" --json
	[ "$(member '["not_there"]' <<<"$output")" = '[]' ]
	[ "$(member '["changed"]' <<<"$output")" = "[{'document': '$document', 'stage': 'publish/web'}]" ]
	run -69 referat thaw --state "$state"
	[[ $output == *"1 pages do not stand there as they did at the backup: say --pages"* ]]
	referat thaw --pages leave --state "$state"
	wait_until has_caught_up
	diff -r "$folder/site" "$folder/site.withdrawn"
}
