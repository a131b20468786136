#!/usr/bin/env bats
# The promise behind everything: processes die at any moment, and yet the site and the mails are those of a run in which
# none did.

bats_require_minimum_version 1.5.0

# make torture asks for more, and other moments each time.
seed=${REFERAT_SEED:-1}
wanted=${REFERAT_KILLS:-60}

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
		take "$state" "$BATS_TEST_DIRNAME/support/kills.py" "$seed.$round" 20
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
