#!/usr/bin/env bats
# `referat test`: what a definition says of its documents, tried with real stages.

bats_require_minimum_version 1.5.0

setup() {
	demo=$BATS_TEST_DIRNAME/../../pipelines/demo
	cd "$BATS_TEST_TMPDIR" || return
	cp "$demo/publisher.yaml" .
	cp "$demo/inbox/kommunstyrelsen-2024-06.txt" input.txt
	cat >pipeline.yaml <<-END
		referat: 1
		pipeline: tested
		publisher: publisher.yaml
		stages:
		  ingest: {source.folder: {path: inbox}, reader.text: {}}
		  validate: [check.structure, check.identity-numbers]
		  summarise: {summariser.decisions: {approve: never}}
		  render: [writer.html, writer.mail]
		  publish: {target.site: {base_url: "http://localhost:8000/"}}
		  notify: {channel.maildir: {path: maildir, from: a@exempelby.example, to: b@exempelby.example}}
		tests:
	END
}

expect() { printf '  - {input: input.txt, %s}\n' "$1" >>pipeline.yaml; } # expect "key: value, ..."

@test "the demo's tests come out" {
	run referat test "$demo/pipeline.yaml"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = '6 ok, 0 not ok' ]
}

@test "nothing is published, nobody is told, nothing is left behind" {
	expect 'items: 3'
	mkdir tmp
	TMPDIR=$PWD/tmp referat test pipeline.yaml
	[ ! -e var ] && [ ! -e maildir ] && [ ! -e inbox ]
	[ -z "$(ls tmp)" ]
}

@test "what differs is shown, and the status is 1" {
	expect 'name: one, items: 4, day: 2024-06-13, contains: Lunchmeny, lacks: Stadsparken'
	expect 'name: two, held: forbidden/identity-number'
	run referat test pipeline.yaml
	[ "$status" -eq 1 ]
	diff - <(printf '%s\n' "$output") <<-'END'
		not ok  one
		        day
		          expected: 2024-06-13
		          got:      2024-06-12
		        items
		          expected: 4
		          got:      3
		        contains
		          expected: Lunchmeny
		          got:      3 renditions without it
		        lacks
		          expected: nowhere: Stadsparken
		          got:      it stands in mail-html
		not ok  two
		        status
		          expected: held (forbidden/identity-number)
		          got:      done
		0 ok, 2 not ok
	END
}

@test "files are written with --update, and compared line by line" {
	expect 'name: page, equals: {page: page.html}'
	run referat test pipeline.yaml
	[ "$status" -eq 1 ]
	[[ $output == *'there is no such file; --update writes it'* ]]
	run referat test pipeline.yaml --update
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = '1 ok, 0 not ok, 1 file written' ]
	run referat test pipeline.yaml
	[ "$status" -eq 0 ]
	sed -i '3s/.*/<p>something else<\/p>/' page.html
	run referat test pipeline.yaml
	[ "$status" -eq 1 ]
	[[ $output == *'page, line 3'*'expected: <p>something else</p>'* ]]
}

@test "the same as JSON" {
	expect 'name: one, items: 3'
	expect 'name: two, items: 4'
	run --separate-stderr referat test pipeline.yaml --json
	[ "$status" -eq 1 ]
	python3 - "$output" <<-'END'
		import json, sys
		answer = json.loads(sys.argv[1])
		assert (answer["ok"], answer["not_ok"]) == (1, 1)
		assert answer["tests"][0] == {"name": "one", "ok": True, "differences": []}
		assert answer["tests"][1]["differences"] == [{"what": "items", "expected": "4", "got": "3"}]
	END
}

@test "an input that is not there ends the run with the reason; --only leaves it out" {
	expect 'name: here'
	printf '  - {name: gone, input: gone.txt}\n' >>pipeline.yaml
	run referat test pipeline.yaml
	[ "$status" -eq 70 ]
	[[ $output == *"referat test: gone: there is no file $PWD/gone.txt"* ]]
	run referat test pipeline.yaml --only here
	[ "$status" -eq 0 ]
}

@test "a definition with mistakes is shown them" {
	expect 'itmes: 3'
	run referat test pipeline.yaml
	[ "$status" -eq 78 ]
	[[ $output == *"unknown key 'itmes'; did you mean 'items'?"* ]]
}
