#!/usr/bin/env bats
# What the documents show works as it stands there: definitions are good, commands and files are there, links lead somewhere.

bats_require_minimum_version 1.5.0

setup() {
	load support/common.bash
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	cd "$BATS_TEST_TMPDIR" || return
}

is_definition() {
	grep -q '^referat: 1$' "$1"
}

# A block of a few stages, with all that they stand between.
complete() { # complete FILE
	local ingest=1 render=1 publish=1
	grep -q '^  ingest:' "$1" && ingest=
	grep -q '^  render/' "$1" && render=
	grep -q '^  publish/' "$1" && publish=
	printf '%s\n' 'referat: 1' 'pipeline: example' 'publisher: publisher.yaml' 'stages:'
	[ "$ingest" ] || cat "$1"
	[ -z "$ingest" ] || printf '  %s\n' 'ingest: [source.folder: {path: inbox}, reader.text]' 'validate: [check.structure]'
	printf '  %s\n' 'summarise: [summariser.decisions]'
	[ -z "$render" ] || printf '  %s\n' 'render: [writer.html, writer.mail]'
	[ -z "$ingest" ] || cat "$1"
	[ -z "$publish" ] || printf '  %s\n' 'publish: {target.site: {base_url: "https://exempelby.se/"}}'
}

put_publisher() {
	blocks "$tree/docs/publisher-file.md" yaml >/dev/null
	mv 1.yaml publisher.yaml
	mkdir -p publishers
	cp publisher.yaml publishers/exempelby.yaml
	mkdir -p tests
	touch tests/april.txt tests/lunchmeny.txt # inputs of the example of tests
}

@test "the definitions in README and docs/pipelines.md are good, with the publisher of docs/publisher-file.md" {
	put_publisher
	checked=0
	for document in README.md docs/pipelines.md; do
		for block in $(blocks "$tree/$document" yaml); do
			is_definition "$block" || { complete "$block" >whole && mv whole "$block"; }
			grep -q 'target\.wordpress' "$block" && continue # an example of a plugin that is not ours
			run referat check "$block" --warnings-as-errors
			[ "$status" -eq 0 ] || { echo "$document: $output"; cat "$block"; return 1; }
			checked=$((checked + 1))
		done
	done
	[ "$checked" -ge 4 ]
}

@test "the drawing in docs/pipelines.md is what referat graph draws" {
	put_publisher
	blocks "$tree/docs/pipelines.md" yaml >/dev/null
	run -0 referat graph 1.yaml
	while IFS= read -r line; do
		grep -qxF -- "${line:+    $line}" "$tree/docs/pipelines.md" || { echo "not there: $line"; return 1; }
	done <<<"$output"
}

@test "each command that README and the docs name is there, and has its help" {
	names=$(cat "$tree/README.md" "$tree"/docs/*.md | grep -oE '`referat [a-z]+[^`]*`' | awk '{ print $2 }' | tr -d '`' | sort -u)
	[ "$(wc -w <<<"$names")" -ge 6 ]
	for name in $names; do
		[ "$name" = plugins ] && continue
		run -0 referat "$name" --help
		[[ $output == "usage: referat $name"* ]]
	done
	for name in list show why try; do
		run -0 referat plugins "$name" --help
	done
}

@test "each line of README's table is accepted with the words that stand there" {
	while read -r name operand; do
		run -0 referat "$name" --help
		usage=${lines[0]}
		[[ $usage == "usage: referat $name"*"${operand%%[. ]*}"* ]] || { echo "$name $operand: $usage"; return 1; }
	done < <(grep -oE '^\| `referat [a-z]+ [A-Z]+`' "$tree/README.md" | sed 's/.*`referat \(.*\)`/\1/')
}

@test "the examples in each --help are indented, and name files that are there" {
	for name in run check graph schema show release retry hold delete withdraw; do
		run -0 referat "$name" --help
		[[ $output != *"examples:"$'\n'referat* ]] || { echo "$output"; return 1; }
		for file in $(grep -oE 'pipelines/[a-z./-]+\.yaml' <<<"$output"); do
			[ -f "$tree/$file" ] || { echo "$name: no $file"; return 1; }
		done
	done
}

@test "each stage of make that README names is there" {
	for target in $(grep -oE '^    make [a-z]+' "$tree/README.md" | awk '{ print $2 }'); do
		grep -q "^$target:" "$tree/Makefile" || { echo "no target $target"; return 1; }
	done
}

@test "each link in README and the docs leads to a file that is there" {
	for document in "$tree"/README.md "$tree"/CONTRIBUTING.md "$tree"/docs/*.md "$tree"/docs/adr/*.md; do
		for link in $(grep -oE '\]\([^)#]+' "$document" | cut -c3- | grep -v '^http'); do
			[ -e "$(dirname "$document")/$link" ] || { echo "${document#"$tree"/}: $link"; return 1; }
		done
	done
}
