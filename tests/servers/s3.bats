#!/usr/bin/env bats
# target.s3 against s3rver, behind a gate that checks each signature: pages are there once, a person's edit is never lost,
# and the secret stays here.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../process/support/common.bash
	export no_proxy='*' # whatever the machine has set
	"$BATS_TEST_DIRNAME/setup" >"$BATS_FILE_TMPDIR/npm" 2>&1 || {
		cat "$BATS_FILE_TMPDIR/npm"
		return 1
	}
	port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	export port
	node "$BATS_TEST_DIRNAME/node_modules/s3rver/bin/s3rver.js" --directory "$BATS_FILE_TMPDIR/s3" --address 127.0.0.1 \
		--port "$port" --configure-bucket beslut >"$BATS_FILE_TMPDIR/said" 2>&1 3>&- &
	echo $! >"$BATS_FILE_TMPDIR/s3rver"
	wait_until curl -s -o /dev/null "http://127.0.0.1:$port/"
}

teardown_file() {
	kill "$(<"$BATS_FILE_TMPDIR/s3rver")"
}

setup() {
	load ../process/support/common.bash
	gate=$BATS_TEST_TMPDIR
	/usr/bin/python3 "$BATS_TEST_DIRNAME/support/s3_gate.py" "$gate" "$port" REFERAT hemlig/nyckel 3>&- &
	gate_pid=$!
	wait_until test -f "$gate/port"
	url=http://127.0.0.1:$(<"$gate/port")/beslut
	cd "$BATS_TEST_TMPDIR" || return 1
	(umask 077 && mkdir secrets && printf hemlig/nyckel >secrets/s3 && printf fel >secrets/wrong)
	folder=2024/namnden-$BATS_TEST_NUMBER-2024-04-17/
	object=http://127.0.0.1:$port/beslut/${folder}index.html # past the gate, as another program would
	call '<h1>Skolnämnden</h1>'
}

teardown() {
	kill "$gate_pid"
	wait "$gate_pid" || true
}

call() { # call HTML [PATH [REMOTE_ID]]: what the plugin is called with
	jq -n --arg html "$1" --arg path "${2:-$folder}" --arg remote "${3:-}" '
		{values: {id: "k7x2", revision: "1", digest: "d1", path: $path, remote_id: $remote},
		 parts: {"rendition/page": {type: "text/html", text: $html}}}' >call.json
}

try() { # try STATUS [arguments]
	local wanted=$1
	shift
	run "-$wanted" --separate-stderr referat plugins try target.s3 call.json --json --send -o "url=$url" \
		-o public_url=https://exempelby.example/beslut -o region=eu-north-1 -o key_id=REFERAT \
		-o "secret=${secret:-s3}" "$@"
}

reason() { jq -r .reason <<<"$output"; }

@test "the checker of signatures agrees with the examples that Amazon has published" {
	run -0 /usr/bin/python3 "$BATS_TEST_DIRNAME/support/s3_gate.py" --check
}

@test "a page is put with a good signature, and is served as HTML in UTF-8" {
	try 0
	[ "$(jq -r .published.url <<<"$output")" = "https://exempelby.example/beslut/$folder" ]
	curl -s "$object" | grep -q '^<h1>Skolnämnden</h1><!-- referat k7x2 '
	[ "$(curl -s -o /dev/null -w '%{content_type}' "$object")" = 'text/html; charset=utf-8' ]
	[ "$(cat "$gate/log")" = "GET /beslut/${folder}index.html 404 -
PUT /beslut/${folder}index.html 200 *" ]
}

@test "a page is put again without a word to the server but a question" {
	try 0
	try 0
	[ "$(grep -c PUT "$gate/log")" -eq 1 ]
}

@test "compare tells what stands there from what somebody has changed, and from nothing" {
	try 0
	try 0 --compare
	curl -sf -X PUT -H 'Content-Type: text/html' --data-binary '<h1>Skolan</h1>' -o /dev/null "$object"
	try 65 --compare
	[[ $(reason) == 'På webbplatsen står:'*Skolan*Skolnämnden* ]]
	curl -sf -X DELETE "$object"
	try 66 --compare
}

@test "a correction replaces the page, and a page that has moved leaves its old place" {
	try 0
	call '<h1>Rättad</h1>'
	try 0
	curl -s "$object" | grep -q Rättad
	call '<h1>Rättad</h1>' "${folder%/}-protokoll/" "$folder"
	try 0
	[ "$(curl -s -o /dev/null -w '%{http_code}' "$object")" = 404 ]
}

@test "a page is replaced only if it is still the one that was looked at" {
	try 0
	tag=$(curl -s -I "$object" | tr -d '\r' | sed -n 's/^ETag: //ip')
	call '<h1>Rättad</h1>'
	try 0
	[ "$(tail -n 1 "$gate/log")" = "PUT /beslut/${folder}index.html 200 $tag" ]
	try 0 -o conditions=false
	call '<h1>Rättad igen</h1>'
	try 0 -o conditions=false
	[ "$(tail -n 1 "$gate/log")" = "PUT /beslut/${folder}index.html 200 -" ]
}

@test "what a person has changed is held and not overwritten, until a person agrees" {
	try 0
	curl -s "$object" | sed 's/Skolnämnden/Ändrad/' >edited
	curl -s -f -T edited -H 'Content-Type: text/html' "$object"
	call '<h1>Rättad</h1>'
	try 65
	[[ $(reason) == *"har ändrats på webbplatsen"* ]]
	curl -s "$object" | cmp - edited
	jq --arg replace "$(sha256sum <edited | cut -d ' ' -f 1)" '.values.replace = $replace' call.json >agreed.json
	mv agreed.json call.json
	try 0
	curl -s "$object" | grep -q Rättad
}

@test "lookup tells this version from none; withdraw takes it away, and once more does no harm" {
	try 66 --lookup
	try 0
	try 0 --lookup
	try 0 --withdraw
	try 0 --withdraw
	try 66 --lookup
}

@test "a wrong secret is the destination's fault, and is found by the probe" {
	secret=wrong
	try 69
	[[ $(reason) == *403* ]]
	try 69 --probe
	secret=s3
	try 0 --probe
}

@test "names that need escapes are signed as they are sent" {
	call '<h1>x</h1>' '2024/nämnd & co (1)/'
	try 0
	[ "$(jq -r .published.url <<<"$output")" = 'https://exempelby.example/beslut/2024/n%C3%A4mnd%20%26%20co%20%281%29/' ]
}

@test "a page of three megabytes is signed, too" {
	call "<p>$(head -c 90000 /dev/zero | tr '\0' x)</p>"
	jq '.parts["rendition/page"].text |= (. * 33)' call.json >large.json && mv large.json call.json
	try 0
	try 0 --lookup
}

@test "the secret is neither shown nor sent" {
	try 0
	[[ $output$stderr != *hemlig/nyckel* ]]
	jq -e '[.requests[].authorization] | unique == ["AWS4-HMAC-SHA256 (signed)"]' <<<"$output"
}
