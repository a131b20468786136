#!/usr/bin/env bats
# Safe telling: an archive mails nobody, and a flood of fresh documents is one question.

bats_require_minimum_version 1.5.0

setup() {
	load support/common
	demo=$BATS_TEST_TMPDIR/demo
	cp -r "$BATS_TEST_DIRNAME/../../pipelines/demo" "$demo"
	rm -f "$demo"/inbox/*
	state=$BATS_TEST_TMPDIR/state
}

# Minutes of different days of a year, from June on.
write_minutes() { # write_minutes COUNT YEAR
	local months=(juni juli augusti september oktober november december januari) i
	for ((i = 0; i < $1; i++)); do
		minutes_of $((1 + i % 28)) "${months[i / 28]}" "$2" >"$demo/inbox/$2-$i.txt"
	done
}

run_once() {
	run referat run "$demo/pipeline.yaml" --state "$state" --once --clock 2024-06-20T09:00:00Z "$@"
}

mails() {
	find "$state/maildir/new" -type f 2>/dev/null | wc -l
}

@test "two hundred old documents mail nobody, and are no question" {
	sed -i 's/notify_within: 36500d/notify_within: 14d/; s/^store: sqlite/store: sqlite\nmax_documents_per_hour: 5/' \
		"$demo/pipeline.yaml"
	write_minutes 200 2019
	run_once
	[ "$status" -eq 0 ]
	[ "$(find "$state/site/2019" -name index.html | wc -l)" -ge 200 ]
	[ "$(mails)" -eq 0 ]
}

@test "more than the limit is one question, and one command answers it" {
	sed -i 's/^store: sqlite/store: sqlite\nmax_documents_per_hour: 5/' "$demo/pipeline.yaml"
	write_minutes 12 2024
	recipients=$(grep -c '@' "$demo/prenumeranter.txt")
	run_once
	[ "$(mails)" -eq $((5 * recipients)) ]
	referat run "$demo/pipeline.yaml" --state "$state" --clock 2024-06-20T09:00:00Z >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
	supervisor=$!
	asked() { referat held --state "$state" 2>/dev/null | grep -q '^7 dokument skulle mejlas'; }
	wait_until asked
	run -0 referat held --state "$state"
	[[ $output == *'referat answer many-documents yes'* ]]
	[[ $output != *2024-1* ]]
	run -1 referat status --state "$state"
	[[ $output == *'7 dokument skulle mejlas'* ]]
	run -0 referat answer many-documents yes --reason 'it was June' --state "$state"
	[ "$output" = '7 documents: those who are to be told are told' ]
	all_told() { [ "$(mails)" -eq $((12 * recipients)) ]; }
	wait_until all_told
	run -0 referat held --state "$state"
	[[ $output != *'skulle mejlas'* ]]
	run -69 referat answer many-documents no --state "$state"
	kill -TERM "$supervisor"
	wait "$supervisor" || true
	[ "$(mails)" -eq $((12 * recipients)) ]
}
