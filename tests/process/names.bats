#!/usr/bin/env bats
# An identity number in the name of a file: the document goes its way, and nobody is shown the number.

bats_require_minimum_version 1.5.0

load support/common.bash

setup() {
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	folder=$BATS_TEST_TMPDIR
	state=$folder/state
	cp -r "$tree/pipelines/demo" "$folder/demo"
	rm "$folder"/demo/inbox/*
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt" "$folder/demo/inbox/beslut 811218-9876.txt"
	cp "$tree/pipelines/demo/inbox/lunchmeny-vecka-24.txt" "$folder/demo/inbox/meny_8112189876.txt"
}

teardown() {
	[ -z "${running:-}" ] || { kill "$running" && wait "$running"; } || true
}

is_through() {
	[ "$(referat list --state "$state" --json 2>/dev/null | grep -o '"status":"\(published\|dead\)"' | wc -l)" -eq 2 ]
}

@test "log, list, show, why, trace and the table of a run mask an identity number in a name" {
	referat run "$folder/demo/pipeline.yaml" --state "$state" --clock 2024-06-20T09:00:00Z >"$folder/said" 2>&1 3>&- &
	running=$!
	wait_until is_through
	{
		referat list --state "$state"
		referat list --state "$state" --json
		for document in $(referat list --state "$state" | awk 'NR > 1 { print $1 }'); do
			for command in show why trace; do
				referat "$command" "$document" --state "$state"
				referat "$command" "$document" --state "$state" --json
			done
		done
	} >"$folder/shown"
	kill "$running"
	wait "$running" || true
	running=
	referat run "$folder/demo/pipeline.yaml" --state "$state" --once >"$folder/table" 2>&1 || true
	grep -q 'received beslut XXXXXX-XXXX.txt, revision 1' "$folder/said"
	grep -q 'meny_XXXXXXXXXX.txt' "$folder/shown"
	grep -q 'XXXXXX-XXXX.txt' "$folder/table"
	run ! grep -E '811218-?9876' "$folder/said" "$folder/shown" "$folder/table"
}
