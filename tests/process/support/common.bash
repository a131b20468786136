# What the tests of several files need.

# Waits until a condition (a command) holds, at most 30 seconds; then shows what the process in question has said.
wait_until() {
	for _ in {1..600}; do
		if "$@"; then return 0; fi
		sleep 0.05
	done
	echo "waited in vain: $*" >&2
	[ ! -f "$BATS_TEST_TMPDIR/said" ] || cat "$BATS_TEST_TMPDIR/said" >&2
	return 1
}

# The flags that a plugin is compiled with, so that a build with sanitizers has plugins with sanitizers.
sanitizer_flags() {
	local variant
	variant=$(basename "$REFERAT_BUILD")
	[ "$variant" = release ] || echo "-fsanitize=${variant//-/,}"
}

# One run of the demo ($pipeline, in $state) for all tests of a file, that goes on until end_demo; what it found at the
# start has been through.
start_demo() {
	referat run "$pipeline" --state "$state" --clock 2024-06-20T09:00:00Z >"$BATS_FILE_TMPDIR/said" 2>&1 3>&- &
	echo $! >"$BATS_FILE_TMPDIR/supervisor"
	for _ in {1..300}; do
		referat status --state "$state" --json 2>/dev/null | demo_is_through && return 0
		sleep 0.1
	done
	cat "$BATS_FILE_TMPDIR/said"
	return 1
}

demo_is_through() {
	python3 -c '
import json, sys
answer = json.load(sys.stdin)
sys.exit(not (answer.get("caught_up") and answer["open"] == 0 and answer["documents"] > 5))
' 2>/dev/null
}

end_demo() {
	kill -TERM "$(<"$BATS_FILE_TMPDIR/supervisor")" 2>/dev/null || true
	for _ in {1..200}; do
		kill -0 "$(<"$BATS_FILE_TMPDIR/supervisor")" 2>/dev/null || return 0
		sleep 0.05
	done
}

# blocks FILE LANGUAGE: writes the code blocks of that language to 1.LANGUAGE, 2.LANGUAGE …; prints their names.
blocks() {
	awk -v language="$2" '
		$0 == "```" language { name = ++n "." language; printf "" >name; print name; next }
		/^```/ { name = "" }
		name { print >name }' "$1"
}

# Minutes of the demo as though they were of another day.
minutes_of() { # minutes_of DAY MONTH YEAR
	sed "s/maj 2024/$2 $3/; s/ 8 maj/ $1 $2/" "$BATS_TEST_DIRNAME/../../pipelines/demo/inbox/kommunstyrelsen-2024-05.txt"
}
