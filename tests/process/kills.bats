#!/usr/bin/env bats
# The promise behind everything: processes die at any moment, and yet the site and the mails are those of a run in which
# none did. The demo's pipeline and documents, all processes real.

bats_require_minimum_version 1.5.0

# make torture asks for more, and other moments each time.
seed=${REFERAT_SEED:-1}
wanted=${REFERAT_KILLS:-200}

# take STATE [KILLER...]: what lies in the inbox goes through the pipeline once; then a correction comes, and what it
# does is taken too. KILLER stands before each run. (At once, they would race: whether the mail about the first version
# is out before the correction comes is nobody's promise.)
take() {
	local state=$1 demo=$1.demo
	shift
	cp -r "$BATS_TEST_DIRNAME/../../pipelines/demo" "$demo"
	# The demo waits for a file to come to rest; these have.
	sed -i 's/source.folder: {path: inbox}/source.folder: {path: inbox, settle: 50ms}/' "$demo/pipeline.yaml"
	grep -q 'settle: 50ms' "$demo/pipeline.yaml"
	mkdir "$demo/later"
	mv "$demo"/inbox/rattelse-* "$demo/later/"
	run_once "$state" "$@"
	mv "$demo"/later/* "$demo/inbox/"
	run_once "$state" "$@"
}

run_once() {
	local state=$1 status=0
	shift
	"$@" "$REFERAT_BUILD/bin/referat" run "$state.demo/pipeline.yaml" --state "$state" --once --json \
		--clock 2024-06-20T09:00:00Z --restart-base 5ms --restart-cap 20ms --log-level error \
		>"$state.json" 2>>"$state.said" 3>&- || status=$?
	echo "$status" >>"$state.status"
}

same_result() { # same_result STATE
	diff "$BATS_FILE_TMPDIR/undisturbed.status" "$1.status"
	diff -r "$BATS_FILE_TMPDIR/undisturbed/site" "$1/site"
	diff -r "$BATS_FILE_TMPDIR/undisturbed/maildir/new" "$1/maildir/new"
	diff <(outcomes "$BATS_FILE_TMPDIR/undisturbed.json") <(outcomes "$1.json")
}

outcomes() { # what became of each document
	python3 -c '
import json, sys
for document in sorted(json.load(open(sys.argv[1]))["documents"], key=lambda d: d["document"]):
    print(*(document.get(key, "-") for key in ("document", "name", "status", "stage", "reason", "url")))
' "$1"
}

@test "a run that nobody disturbs publishes, holds and tells" {
	take "$BATS_FILE_TMPDIR/undisturbed"
	cat "$BATS_FILE_TMPDIR/undisturbed.said"
	[ -s "$BATS_FILE_TMPDIR/undisturbed/site/index.html" ]
	[ "$(find "$BATS_FILE_TMPDIR/undisturbed/maildir/new" -type f | wc -l)" -gt 5 ]
	grep -q '"status":"held"' "$BATS_FILE_TMPDIR/undisturbed.json"
}

@test "the same input gives the same bytes" {
	take "$BATS_FILE_TMPDIR/again"
	same_result "$BATS_FILE_TMPDIR/again"
}

@test "kills change nothing, and no mail is sent twice" {
	local kills=0 round state
	echo "# seed $seed" >&3
	for ((round = 1; kills < wanted; round++)); do
		[ "$round" -le $((wanted / 10)) ]
		state=$BATS_FILE_TMPDIR/killed-$round
		take "$state" "$BATS_TEST_DIRNAME/support/kills.py" "$seed.$round" 20
		kills=$((kills + $(awk '/^[0-9]+ kills$/ { sum += $1 } END { print sum + 0 }' "$state.said")))
		same_result "$state" || {
			echo "REFERAT_SEED=$seed, round $round"
			cat "$state.said"
			return 1
		}
		[ -z "$(grep -h '^Message-ID:' "$state"/maildir/new/* | sort | uniq -d)" ]
		rm -rf "$state"
	done
	echo "# $kills kills in $((round - 1)) rounds" >&3
}
