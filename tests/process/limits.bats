#!/usr/bin/env bats
# What a machine runs out of: room on the disk, descriptors, memory; and peers that do not keep to the rules. Nothing is
# lost, and what can't be done is said.

bats_require_minimum_version 1.5.0

MIB=1048576

setup() {
	load support/common.bash
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	folder=$BATS_TEST_TMPDIR
	disk=$folder/disk
	mkdir -p "$folder/demo/inbox" "$disk"
	cp "$tree"/pipelines/demo/publisher.yaml "$tree"/pipelines/demo/prenumeranter.txt "$folder/demo/"
	cp "$tree"/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt "$folder/demo/inbox/"
	sed 's/path: inbox}/path: inbox, settle: 50ms}/' "$tree/pipelines/demo/pipeline.yaml" >"$folder/demo/pipeline.yaml"
}

teardown() {
	[ -z "${running:-}" ] || { kill "$running" && wait "$running"; } || true
	! mountpoint -q "$disk" || umount "$disk"
}

# A disk of its own, of so many bytes.
mount_disk() {
	[ "$(id -u)" -eq 0 ] || skip 'mounting a small disk needs root'
	mount -t tmpfs -o "size=$1" tmpfs "$disk" || skip 'no disk can be mounted here'
}

fill_disk() { # fill_disk LEFT: all but so many bytes
	local free
	free=$(df --output=avail -B1 "$disk" | tail -n 1)
	head -c $((free - $1)) /dev/zero >"$disk/ballast"
}

run_once() { # run_once STATUS [OPTION...]
	local status=$1
	shift
	run -"$status" --separate-stderr timeout 120 referat run "$folder/demo/pipeline.yaml" --once --plain \
		--state "$disk/state" --clock 2024-06-20T09:00:00Z --restart-base 5ms --restart-cap 50ms "$@"
	printf '%s\n' "$output" "$stderr"
}

@test "where the disk is short of room, the inbox is left alone, and the run ends and says so" {
	mount_disk $((200 * MIB))
	fill_disk $((20 * MIB))
	run_once 75
	[[ $stderr == *"the disk of $disk/state is short of room: what lies in the inbox waits there"* ]]
	[[ $stderr == *'no new documents: less than 64 MiB are free'* ]]
	rm "$disk/ballast"
	run_once 0
	[[ $output == *kommunstyrelsen-2024-05.txt* ]]
}

@test "a disk that is full to the last byte ends the run with the reason; with room it goes on" {
	mount_disk $((200 * MIB))
	run_once 0
	cp "$tree"/pipelines/demo/inbox/kommunstyrelsen-2024-06.txt "$folder/demo/inbox/"
	fill_disk 0
	run_once 75
	[[ $stderr == *'the disk is full'* || $stderr == *'No space left on device'* ]]
	rm "$disk/ballast"
	run_once 0
	[[ $output == *kommunstyrelsen-2024-06.txt* ]]
	[ -z "$(grep -rh '^Message-ID:' "$disk/state/maildir/new" | sort | uniq -d)" ]
}

# The demo's pipeline as a service.
start_service() {
	referat run "$folder/demo/pipeline.yaml" --state "$folder/state" --clock 2024-06-20T09:00:00Z \
		--restart-base 5ms --restart-cap 50ms >"$folder/said" 2>&1 3>&- &
	running=$!
	wait_until all_done 1
}

all_done() { # all_done DOCUMENTS
	referat status --state "$folder/state" --json 2>/dev/null | python3 -c '
import json, sys
status = json.load(sys.stdin)
sys.exit(status["documents"] < int(sys.argv[1]) or status["open"] > 0)' "$1" 2>/dev/null
}

process_of() { # process_of PROGRAM
	pgrep -P "$running" -f "$1" | head -n 1
}

@test "a process that gets no more memory starts again, and nothing is lost or sent twice" {
	start_service
	for name in broker ingest validate summarise render publish notify; do
		prlimit --pid "$(process_of "referat-$name")" --data="$MIB" # less than it has: it can't have more
	done
	{ cat "$tree"/pipelines/demo/inbox/kommunstyrelsen-2024-09.html && printf '<!--%3000000s-->' ' '; } \
		>"$folder/demo/inbox/large.html"
	cp "$tree"/pipelines/demo/inbox/kommunstyrelsen-2024-06.txt "$folder/demo/inbox/"
	wait_until all_done 3
	grep -q 'it starts again' "$folder/said"
	[ "$(find "$folder/state/site" -path '*kommunstyrelsen-2024-0*' -name index.html | wc -l)" -eq 3 ]
	[ "$(find "$folder/state/maildir/new" -type f | wc -l)" -eq 9 ]
}

@test "what a stopped process has goes to another one, and its late answers change nothing" {
	sed -i 's/summariser.decisions: {approve: generated}/&\n    workers: 2/' "$folder/demo/pipeline.yaml"
	start_service
	local stopped
	stopped=$(process_of referat-summarise)
	kill -STOP "$stopped"
	cp "$tree"/pipelines/demo/inbox/{kommunstyrelsen-2024-06,socialnamnden-2021-04,byggnadsnamnden-2024-05}.txt \
		"$folder/demo/inbox/"
	wait_until all_done 4
	kill -CONT "$stopped"
	cp "$tree"/pipelines/demo/inbox/byggnadsnamnden-2024-09.txt "$folder/demo/inbox/"
	wait_until all_done 5
	[ "$(find "$folder/state/maildir/new" -type f | wc -l)" -eq 15 ]
}
