#!/usr/bin/env bats
# Told only when the page is there: subscribers get their mail when the address answers 200 with the document's text.

bats_require_minimum_version 1.5.0

setup() {
	load support/common
	export no_proxy='*' # whatever the machine has set
	demo=$BATS_TEST_TMPDIR/demo state=$BATS_TEST_TMPDIR/state web=$BATS_TEST_TMPDIR/web
	cp -r "$BATS_TEST_DIRNAME/../../pipelines/demo" "$demo"
	find "$demo/inbox" -type f ! -name 'kommunstyrelsen-2024-05.txt' -delete
	place=2024/kommunstyrelsen-2024-05-08/
	mkdir -p "$web" "$state/site"
	python3 "$BATS_TEST_DIRNAME/support/web.py" "$web" "$state/site" 3>&- &
	web_pid=$!
	wait_until test -f "$web/port"
	sed -i "/verify: never/d; /^tests:/,\$d; s/localhost:8000/127.0.0.1:$(<"$web/port")/
		s/notify_within: .*/&\n    retry: {base: 20ms, cap: 100ms, max_age: 1h}/" "$demo/pipeline.yaml"
}

teardown() {
	for pid in $web_pid ${supervisor:-}; do
		kill "$pid"
		wait "$pid" || true
	done
}

run_once() { # run_once STATUS
	run "-$1" referat run "$demo/pipeline.yaml" --once --state "$state"
}

watch() {
	referat run "$demo/pipeline.yaml" --state "$state" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
	supervisor=$!
}

faults() { printf '%s\n' "$@" >"$web/faults"; }
requests() { wc -l <"$web/log"; }
mails() { find "$state/maildir/new" -type f 2>/dev/null | wc -l; }
is() { [ "$(referat list --state "$state" --json 2>/dev/null | jq -r '.documents[0].status')" = "$1" ]; } # is STATUS

@test "the page is asked for once, at the address that is told, then all are told" {
	run_once 0
	[ "$(<"$web/log")" = "/$place" ]
	[ "$(mails)" -eq 3 ]
}

@test "a page that is not there yet is asked for again, and nobody is told before" {
	faults 404 500 404
	run_once 0
	[ "$(requests)" -eq 4 ]
	[ "$(mails)" -eq 3 ]
}

@test "a page that says something else is not the page: an error with status 200, an older text from a cache" {
	echo '<html><body><h1>Logga in</h1></body></html>' >"$BATS_TEST_TMPDIR/login.html"
	faults "show $BATS_TEST_TMPDIR/login.html" "show $BATS_TEST_TMPDIR/login.html"
	run_once 0
	[ "$(requests)" -eq 3 ]
	[ "$(mails)" -eq 3 ]
	cp "$state/site/$place/index.html" "$BATS_TEST_TMPDIR/older.html"
	sed -i '0,/^Delårsrapporten/s//Rättelse 2024-05-15: Rätt belopp är 1,4 miljoner kronor.\n\n&/' \
		"$demo/inbox/kommunstyrelsen-2024-05.txt"
	faults "show $BATS_TEST_TMPDIR/older.html"
	run_once 0
	[ "$(requests)" -eq 5 ]
	[ "$(mails)" -eq 6 ]
}

@test "a redirect is followed to the page, and not for ever" {
	mkdir -p "$state/site/ny/"
	faults 'to /elsewhere/' "to /$place"
	run_once 0
	[ "$(requests)" -eq 3 ]
	[ "$(mails)" -eq 3 ]
}

@test "a page that leads from one address to the next for ever is not shown" {
	faults 'to /a' 'to /b' 'to /c' 'to /d' 'to /e' 'to /f'
	run_once 0
	[ "$(requests)" -eq 7 ]
	[ "$(mails)" -eq 3 ]
}

@test "while a page is slow nobody is told" {
	faults wait
	watch
	wait_until test -s "$web/log"
	is open
	[ "$(mails)" -eq 0 ]
	touch "$web/go"
	wait_until is published
	[ "$(mails)" -eq 3 ]
}

@test "a page that never comes is held, with the address and what it answered, and a person decides" {
	sed -i 's/max_age: 1h/max_age: 1s/' "$demo/pipeline.yaml"
	sed -i "s/127.0.0.1:$(<"$web/port")/&\/annan/" "$demo/pipeline.yaml"
	run_once 1
	[ "$(mails)" -eq 0 ]
	watch
	wait_until is held
	run -0 referat held --state "$state"
	[[ $output == *"Ingen har fått veta något än, för sidan http://127.0.0.1:$(<"$web/port")/annan/$place visas inte"*'answered 404'* ]]
	referat release "$(referat list --state "$state" --json | jq -r '.documents[0].document')" --state "$state" --reason x
	wait_until is published
	[ "$(mails)" -eq 0 ]
}

@test "where the page shows other words than the document, its title is enough if the definition says so" {
	echo '<html><head><title>Kommunstyrelsen &#8211; aktuella&nbsp;beslut maj 2024</title></head></html>' \
		>"$BATS_TEST_TMPDIR/teaser.html"
	sed -i 's/notify_within: .*/&\n    verify: title/' "$demo/pipeline.yaml"
	faults "show $BATS_TEST_TMPDIR/teaser.html"
	run_once 0
	[ "$(requests)" -eq 1 ]
	[ "$(mails)" -eq 3 ]
}

@test "what nobody is told of is not asked for" {
	sed -i 's/notify_within: .*/notify_within: 14d/' "$demo/pipeline.yaml"
	run_once 0
	[ ! -e "$web/log" ]
	[ "$(mails)" -eq 0 ]
}
