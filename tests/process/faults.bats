#!/usr/bin/env bats
# A process dies at each named point of its way (lib/base/fault.h): before and after a commit, a reply, an effect, the
# naming of a blob. What lies outside afterwards is what a run without faults leaves.
#
# Which points there are is told by a run that passes them. One is passed only after a fault: looking up what an earlier
# attempt did.

bats_require_minimum_version 1.5.0

seed=${REFERAT_SEED:-1}

setup() {
	load support/whole-runs.bash
	export REFERAT_FAULT_POINTS=$BATS_FILE_TMPDIR/undisturbed.points
	mkdir -p "$REFERAT_FAULT_POINTS"
	take_undisturbed
}

passed() { # passed FOLDER: the points that a run came by
	find "$1" -name '*.passed' -printf '%f\n' | sed 's/\.passed$//' | sort
}

# arm POINT PASSES: the process dies there when it has passed it so often.
arm() {
	truncate -s "$2" "$REFERAT_FAULT_POINTS/$1"
}

# A later passing of another point, so that each run has two deaths: POINT PASSES.
another_death() {
	local points point n
	mapfile -t points < <(passed "$BATS_FILE_TMPDIR/undisturbed.points")
	point=${points[RANDOM % ${#points[@]}]}
	n=$(stat -c %s "$BATS_FILE_TMPDIR/undisturbed.points/$point.passed")
	echo "$point" $((1 + RANDOM % (n > 3 ? n / 2 : 1)))
}

die_at() { # die_at NAME POINT...: a run in which a process dies at the first passing of each
	local state=$BATS_TEST_TMPDIR/$1 point other passes
	shift
	export REFERAT_FAULT_POINTS=$state.points
	mkdir "$REFERAT_FAULT_POINTS"
	read -r other passes < <(another_death)
	[[ " $* " == *" $other "* ]] || arm "$other" "$passes"
	for point; do arm "$point" 0; done
	take "$state"
	for point; do
		[ ! -e "$REFERAT_FAULT_POINTS/$point" ] || {
			echo "$* (and $other:$passes): $point was not passed"
			return 1
		}
	done
	same_result "$state" || {
		echo "died at $* (and $other:$passes), seed $seed"
		cat "$state.said"
		return 1
	}
	rm -rf "$state" "$state.demo"
}

@test "every point of the sources is passed by a program" {
	cd "$BATS_TEST_DIRNAME/../.."
	passed "$REFERAT_FAULT_POINTS" | sed 's/^[a-z]*\.//' | sort -u >"$BATS_TEST_TMPDIR/passed"
	echo after-lookup >>"$BATS_TEST_TMPDIR/passed" # after a fault alone
	grep -rho 'rf_fault_point("[a-z-]*")' broker lib/stage | sed 's/.*("\(.*\)")/\1/' | sort >"$BATS_TEST_TMPDIR/known"
	diff "$BATS_TEST_TMPDIR/known" <(sort "$BATS_TEST_TMPDIR/passed")
}

@test "a death at any point changes nothing" {
	local deaths n=0 death
	RANDOM=$seed
	mapfile -t deaths < <(passed "$REFERAT_FAULT_POINTS" | grep -E '^(broker|ingest|publish|notify)\.')
	deaths+=('publish.after-effect publish.after-lookup' 'notify.after-effect notify.after-lookup')
	for death in "${deaths[@]}"; do
		# shellcheck disable=SC2086
		die_at "$((++n))" $death
	done
	echo "# $n runs, seed $seed" >&3
}
