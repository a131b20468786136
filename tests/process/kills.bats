#!/usr/bin/env bats
# The promise behind everything: processes die at any moment, and yet the site and the mails are those of a run in which
# none did.

bats_require_minimum_version 1.5.0

# make torture asks for more, and other moments each time.
seed=${REFERAT_SEED:-1}
wanted=${REFERAT_KILLS:-60}
documents=${REFERAT_DOCUMENTS:-200}

setup() {
	load support/whole-runs.bash
	take_undisturbed
}

@test "a run that nobody disturbs publishes, holds and tells" {
	cat "$undisturbed.said"
	[ -s "$undisturbed/site/index.html" ]
	[ "$(find "$undisturbed/maildir/new" -type f | wc -l)" -gt 5 ]
	grep -q '"status":"held"' "$undisturbed.json"
}

@test "the same input gives the same bytes" {
	take "$BATS_TEST_TMPDIR/again"
	same_result "$BATS_TEST_TMPDIR/again"
}

@test "kills change nothing, and no mail is sent twice" {
	local kills=0 round state
	echo "# seed $seed" >&3
	for ((round = 1; kills < wanted; round++)); do
		[ "$round" -le $((wanted / 10 + 1)) ]
		state=$BATS_TEST_TMPDIR/$round
		take "$state" "$BATS_TEST_DIRNAME/support/kills.py" "$seed.$round" 20 120
		kills=$((kills + $(awk '/^[0-9]+ kills$/ { sum += $1 } END { print sum + 0 }' "$state.said")))
		same_result "$state" || {
			echo "REFERAT_SEED=$seed, round $round"
			cat "$state.said"
			return 1
		}
		rm -rf "$state"
	done
	echo "# $kills kills in $((round - 1)) rounds" >&3
}

# take_many STATE [COMMAND...]: one run over many small documents.
take_many() {
	local state=$1
	shift
	cp -r "$BATS_TEST_DIRNAME/../../pipelines/demo" "$state.demo"
	sed -i 's/source.folder: {path: inbox}/source.folder: {path: inbox, settle: 50ms}/
		s/^store: sqlite/&\nmax_documents_per_hour: 0/' "$state.demo/pipeline.yaml"
	rm "$state.demo/inbox"/*
	"$BATS_TEST_DIRNAME/support/documents.py" "$documents" "$state.demo/inbox"
	run_once "$state" "$@"
}

@test "nor do they while many documents pass" {
	undisturbed=$BATS_TEST_TMPDIR/many
	local state=$BATS_TEST_TMPDIR/many-killed begun=$SECONDS
	take_many "$undisturbed"
	take_many "$state" "$BATS_TEST_DIRNAME/support/kills.py" "$seed" "$wanted" $((600 + documents / 5))
	[ "$(cat "$undisturbed.status")" -eq 0 ]
	same_result "$state" || {
		echo "REFERAT_SEED=$seed"
		tail -n 100 "$state.said"
		return 1
	}
	echo "# $(grep 'kills$' "$state.said") while $documents documents passed ($((SECONDS - begun)) s)" >&3
}
