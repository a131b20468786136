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
