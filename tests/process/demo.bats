#!/usr/bin/env bats
# The demo as a user meets it: eight processes, a table at the end, a site and mails; and nothing twice.

bats_require_minimum_version 1.5.0

setup() {
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	state=$BATS_TEST_TMPDIR/state
	supervisor=
}

teardown() {
	if [ -n "$supervisor" ] && kill -TERM "$supervisor" 2>/dev/null; then
		wait "$supervisor" || true
	fi
}

demo() { # demo [VARIABLE=VALUE ...]
	run env "$@" "$tree/pipelines/demo/run" "$REFERAT_BUILD" "$state"
	[ "$status" -eq 0 ] || { echo "$output"; return 1; }
}

# Every file of the site and every mail, with its bytes.
fingerprint() {
	(cd "$1" && find site maildir -type f -print0 | sort -z | xargs -0 sha256sum)
}

wait_until() { # wait_until COMMAND ...
	for _ in $(seq 300); do
		"$@" && return 0
		sleep 0.1
	done
	echo "waited in vain: $*"
	return 1
}

watch() { # watch PIPELINE
	"$REFERAT_BUILD/bin/referat" run "$1" --state "$state" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
	supervisor=$!
}

processes() { # how many the supervisor has, itself among them
	echo $(($(pgrep -c -P "$supervisor") + 1))
}

has_processes() {
	[ "$(processes)" -eq "$1" ]
}

@test "the demo shows what was published, held and given up, and where to look" {
	demo
	[[ $output == *"Published (8)"* ]]
	[[ $output == *"byggnadsnamnden-2024-06.txt"*personnummer* ]]
	[[ $output == *"lunchmeny-vecka-24.txt"* ]]
	[[ $output == *"11 documents: 8 published, 1 held, 1 dead"* ]]
	[[ $output == *"$state/site/index.html"* ]]
	[[ $output != *"570428"* ]] # nobody's number is shown
}

@test "every page, list and feed of the demo is there, every link leads somewhere" {
	demo
	[ "$(find "$state/site" -path '*/20*-*/index.html' | wc -l)" -eq 8 ]
	for page in $(find "$state/site" -name '*.html' ! -name 404.html); do
		for link in $(grep -o 'href="[^"]*"' "$page" | cut -d'"' -f2 | grep -v '^http\|^#\|^mailto:'); do
			target=$(dirname "$page")/$link
			[ -f "$target" ] || [ -f "$target/index.html" ] || { echo "$page: $link"; return 1; }
		done
	done
	for feed in "$state/site/atom.xml" "$state"/site/namnd/*/atom.xml; do
		xmllint --noout --nonet --relaxng "$tree/tests/unit/atom.rng" "$feed"
	done
	grep -q 'Har också hetat: Socialnämnden' "$state/site/namnd/socialnamnden/index.html"
	run ! grep -rq '570428' "$state/site" "$state/maildir"
}

@test "each subscriber has one mail of each publication, with its address" {
	demo
	[ "$(find "$state/maildir/new" -type f | wc -l)" -eq 24 ]
	for who in anna.andersson@mejl.example bo.berg@mejl.example redaktionen@tidningen.example; do
		[ "$(grep -l "^To: <$who>" "$state"/maildir/new/* | wc -l)" -eq 8 ]
	done
	run ! grep -q '{{url}}' "$state"/maildir/new/*
	grep -q '^http://localhost:8000/2024/byggnadsnamnden-2024-05-15/' "$state"/maildir/new/*
}

@test "a second run changes no byte and mails nobody again" {
	demo
	fingerprint "$state" >"$BATS_TEST_TMPDIR/first"
	demo KEEP=1
	fingerprint "$state" | diff "$BATS_TEST_TMPDIR/first" -
}

@test "the same clock gives the same bytes" {
	for run in one two; do
		"$REFERAT_BUILD/bin/referat" run "$tree/pipelines/demo/pipeline.yaml" --once \
			--state "$BATS_TEST_TMPDIR/$run" --clock 2024-10-01T08:00:00Z || [ $? -eq 2 ]
		fingerprint "$BATS_TEST_TMPDIR/$run" >"$BATS_TEST_TMPDIR/$run.sums"
	done
	diff "$BATS_TEST_TMPDIR/one.sums" "$BATS_TEST_TMPDIR/two.sums"
}

@test "it is eight processes that keep watching, and none stays behind" {
	watch "$tree/pipelines/demo/pipeline.yaml"
	wait_until has_processes 8
	children=$(pgrep -P "$supervisor")
	[ "$(ps -o comm= -p ${children//$'\n'/,} | sort | tr '\n' ' ')" = \
		"referat-broker referat-ingest referat-notify referat-publish referat-render referat-summari referat-validat " ]
	kill -TERM "$supervisor"
	wait "$supervisor" || true
	supervisor=
	run ! ps -o pid= -p ${children//$'\n'/,}
}

@test "a file that is put right while it watches is published" {
	cp -r "$tree/pipelines/demo" "$BATS_TEST_TMPDIR/demo"
	watch "$BATS_TEST_TMPDIR/demo/pipeline.yaml"
	wait_until test -f "$state/site/index.html"
	page=$state/site/2024/byggnadsnamnden-2024-06-05/index.html
	[ ! -f "$page" ]
	sed -i 's/ (personnummer [0-9-]*)//' "$BATS_TEST_TMPDIR/demo/inbox/byggnadsnamnden-2024-06.txt"
	wait_until test -f "$page"
	wait_until grep -q byggnadsnamnden-2024-06-05 "$state/site/index.html"
}
