#!/usr/bin/env bats
# Completion in bash: what can follow is what the program says of itself.

bats_require_minimum_version 1.5.0

setup() {
	# shellcheck source=/dev/null
	source "$BATS_TEST_DIRNAME/../../share/completion/referat.bash"
}

# after WORD...: the completions of the last word, sorted, in one line.
after() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	_referat
	printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd' '
}

@test "commands are completed" {
	[ "$(after referat sch)" = schema ]
	[ "$(after referat '' | wc -w)" -eq "$(referat --help | grep -c '^  ')" ]
}

@test "a command of commands completes these, and then their options" {
	[ "$(after referat plugins '')" = 'list show try why' ]
	[ "$(after referat plugins try --look)" = --lookup ]
}

@test "every option of a command is completed" {
	[ "$(after referat run --restart)" = '--restart-base --restart-cap' ]
	[[ " $(after referat run --) " == *' --help '*' --once '*' --state '* ]]
}

@test "folders stand behind --state" {
	mkdir -p "$BATS_TEST_TMPDIR/var/exempelby"
	[ "$(after referat status --state "$BATS_TEST_TMPDIR/var/ex")" = "$BATS_TEST_TMPDIR/var/exempelby" ]
}

@test "where no pipeline runs, no document is offered, and nothing is said" {
	cd "$BATS_TEST_TMPDIR"
	run after referat show ''
	[ -z "$output" ]
}
