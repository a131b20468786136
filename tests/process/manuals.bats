#!/usr/bin/env bats
# The manual: every command and program has a page, and mandoc finds nothing wrong with any.

bats_require_minimum_version 1.5.0

pages() { find "$REFERAT_BUILD/share/man" -type f -name '*.[1-8]'; }

@test "every page is sound" {
	[ "$(pages | wc -l)" -ge 18 ]
	for page in $(pages); do
		run -0 mandoc -T lint -W warning "$page"
		[ -z "$output" ]
	done
}

@test "every command that referat names has a page, or is told of in referat(1)" {
	for command in $(referat --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
		[ -f "$REFERAT_BUILD/share/man/man1/referat-$command.1" ] ||
			grep -q "^\.It Cm $command" "$REFERAT_BUILD/share/man/man1/referat.1"
	done
}

@test "every page that referat(1) points to is there, and each of its own pages is pointed to" {
	local page
	page=$REFERAT_BUILD/share/man/man1/referat.1
	for name in $(sed -n 's/^\.Xr \([a-z-]*\) \([18]\).*/man\2\/\1.\2/p' "$page"); do
		[ -f "$REFERAT_BUILD/share/man/$name" ]
	done
	for name in "$REFERAT_BUILD"/share/man/man1/referat-*.1; do
		grep -q "^\.Xr $(basename "$name" .1) 1" "$page"
	done
}

@test "referat(1) tells of every command" {
	for command in $(referat --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
		grep -q "^\.It Cm \(.* \)\?$command\( \|$\)" "$REFERAT_BUILD/share/man/man1/referat.1"
	done
}

@test "a page says what --help says" {
	run -0 bash -c "mandoc -T ascii '$REFERAT_BUILD/share/man/man1/referat-run.1' | sed 's/.\x08//g'"
	for option in $(referat run --help | grep -o -- '--[a-z-]*' | sort -u); do
		[[ $output == *"$option"* ]]
	done
}
