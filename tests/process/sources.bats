#!/usr/bin/env bats
# A source that can't be looked into: what the operator reads of it, and how the run ends.

bats_require_minimum_version 1.5.0

setup() {
	cp -r "$BATS_TEST_DIRNAME/../../pipelines/demo" "$BATS_TEST_TMPDIR/demo"
	cd "$BATS_TEST_TMPDIR" || return
	rm -r demo/inbox
	supervisor=
}

teardown() {
	if [ -n "$supervisor" ] && kill -TERM "$supervisor" 2>/dev/null; then
		wait "$supervisor" || true
	fi
}

wait_for() { # wait_for WORDS: in what the run says
	for _ in {1..600}; do
		grep -q "$1" said && return 0
		sleep 0.05
	done
	cat said
	return 1
}

@test "a run with --once ends when the inbox is not there, and says so" {
	run timeout 30 referat run demo/pipeline.yaml --once --state state
	[ "$status" -eq 78 ]
	[[ $output == *"source.folder: can't read the folder $PWD/demo/inbox: No such file or directory"* ]]
}

@test "an inbox that goes is told of once; one that comes is taken from" {
	referat run demo/pipeline.yaml --state state --log-level debug >said 2>&1 3>&- &
	supervisor=$!
	wait_for "can't read the folder"
	wait_for "the sources still can't be looked into"
	mkdir demo/inbox
	wait_for 'the sources can be looked into again'
	[ "$(grep -c "can't read the folder" said)" -eq 1 ]
}

@test "a large file that the store has no room for waits, and is taken later" {
	mkdir demo/inbox
	referat run demo/pipeline.yaml --state state >said 2>&1 3>&- &
	supervisor=$!
	wait_for 'is ready'
	rm -rf state/blobs/tmp
	touch state/blobs/tmp # nothing can be written there now
	head -c 2000000 /dev/zero | tr '\0' a >demo/inbox/large.txt
	wait_for 'large.txt waits: part source (2000000 bytes)'
	rm state/blobs/tmp
	mkdir state/blobs/tmp
	wait_for 'received large.txt, revision 1'
}
