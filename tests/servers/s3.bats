#!/usr/bin/env bats
# target.s3 against s3rver, behind a gate that checks each signature: pages are there once, a person's edit is never lost,
# and the secret stays here.

bats_require_minimum_version 1.5.0

setup_file() {
	load support/servers.bash
	export no_proxy='*' # whatever the machine has set
	"$BATS_TEST_DIRNAME/setup" >"$BATS_FILE_TMPDIR/npm" 2>&1 || {
		cat "$BATS_FILE_TMPDIR/npm"
		return 1
	}
	new_servers
	local inner signed outer
	read -r inner signed outer <<<"$(free_ports 3)"
	keep_process s3rver node "$BATS_TEST_DIRNAME/node_modules/s3rver/bin/s3rver.js" --directory "$servers/s3" \
		--address 127.0.0.1 --port "$inner" --configure-bucket beslut
	keep_process checker /usr/bin/python3 "$BATS_TEST_DIRNAME/support/s3_gate.py" "$servers" "$signed" "$inner" REFERAT \
		hemlig/nyckel
	keep_process gate /usr/bin/python3 "$BATS_TEST_DIRNAME/support/fault_gate.py" "$servers" "$outer" "$signed"
	wait_for curl -s -o /dev/null "http://127.0.0.1:$inner/"
	wait_for curl -s -o /dev/null "http://127.0.0.1:$outer/"
	export checker=http://127.0.0.1:$signed
	export bucket=http://127.0.0.1:$inner/beslut # past the gates, as another program would
	export site=http://127.0.0.1:$outer
	export url=$site/beslut
}

teardown_file() {
	load support/servers.bash
	[ -z "${servers:-}" ] || stop_servers
}

setup() {
	load support/servers.bash
	load support/pipeline.bash
	load ../process/support/common.bash
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	gate=$servers
	rm -f "$servers"/{faults,go,log,careless,late,read-only,closed,versions,plain}
	cd "$BATS_TEST_TMPDIR" || return 1
	(umask 077 && mkdir secrets && printf hemlig/nyckel >secrets/s3 && printf fel >secrets/wrong)
	folder=2024/namnden-$BATS_TEST_NUMBER-2024-04-17/
	object=$bucket/${folder}index.html
	call '<h1>Skolnämnden</h1>'
}

teardown() {
	[ ! -e "$servers/front.group" ] || stop_front
	[ -z "${running:-}" ] || { kill "$running" && wait "$running"; } || true
}

# call HTML [PATH [REMOTE_ID [NAME=VALUE...]]]: what the plugin is called with
call() {
	jq -n --arg html "$1" --arg path "${2:-$folder}" --arg remote "${3:-}" --args '
		{values: ({id: "k7x2", revision: "1", digest: "d1", path: $path, remote_id: $remote}
		          + ($ARGS.positional | map(capture("(?<key>[^=]+)=(?<value>.*)"; "s")) | from_entries)),
		 parts: {"rendition/page": {type: "text/html", text: $html}}}' "${@:4}" >call.json
}

# withdrawn [NAME=VALUE...]: the document is withdrawn, and stood there
withdrawn() { call '<h1>Skolnämnden</h1>' "$folder" "$folder" withdrawn=2024-06-01 "$@"; }

try() { # try STATUS [arguments]
	local wanted=$1
	shift
	run "-$wanted" --separate-stderr referat plugins try target.s3 call.json --json --send -o "url=${address:-$url}" \
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

@test "a correction replaces the page, and from the old place of a page that has moved one is sent on, or nothing is left there" {
	try 0
	call '<h1>Rättad</h1>'
	try 0
	curl -s "$object" | grep -q Rättad
	call '<h1>Rättad</h1>' "${folder%/}-protokoll/" "$folder"
	try 0
	[[ $(curl -sf "$object") == *"url=https://exempelby.example/beslut/${folder%/}-protokoll/"*'Sidan har flyttat'* ]]
	call '<h1>Rättad</h1>' "$folder" "${folder%/}-protokoll/"
	try 0 -o withdrawn=delete
	curl -s "$object" | grep -q Rättad # the word that was left there is no obstacle
	[ "$(curl -s -o /dev/null -w '%{http_code}' "$bucket/${folder%/}-protokoll/index.html")" = 404 ]
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
	[[ $(reason) == *"har ändrats på webbplatsen"*Ändrad*Rättad*"referat release k7x2"*"referat retry k7x2"* ]]
	curl -s "$object" | cmp - edited
	jq --arg replace "$(sha256sum <edited | cut -d ' ' -f 1)" '.values.replace = $replace' call.json >agreed.json
	mv agreed.json call.json
	try 0
	curl -s "$object" | grep -q Rättad
}

@test "lookup tells this version from none, and from an older one" {
	try 66 --lookup
	try 0
	try 0 --lookup
	call '<h1>Rättad</h1>'
	try 66 --lookup
}

@test "a withdrawn document leaves a word at its address; with the option it is deleted; twice is as once" {
	try 0
	withdrawn withdrawn.reason='Fel belopp.' withdrawn.replacement=https://exempelby.example/ny
	try 0 --withdraw
	[[ $(curl -sf "$object") == *'tillbakadragen</h1>'*'den 1 juni 2024'*'Skälet: Fel belopp.'*'href="https://exempelby.example/ny"'* ]]
	[ "$(curl -s -o /dev/null -w '%{content_type}' "$object")" = 'text/html; charset=utf-8' ]
	try 0 --withdraw
	[ "$(grep -c PUT "$gate/log")" -eq 2 ]
	try 0 --compare
	try 0 --withdraw -o withdrawn=delete
	[ "$(curl -s -o /dev/null -w '%{http_code}' "$object")" = 404 ]
	try 0 --withdraw -o withdrawn=delete
	call '<h1>Åter</h1>' "$folder" "$folder"
	try 0
	curl -sf "$object" | grep -q Åter
	withdrawn
	try 65 --compare
	[[ $(reason) == *'står kvar på https://exempelby.example/beslut/'* ]]
}

@test "a wrong secret is the destination's fault, and is found by the probe" {
	secret=wrong
	try 69
	[[ $(reason) == *403*'SignatureDoesNotMatch: the secret is wrong'* ]]
	try 69 --probe
	secret=s3
	try 0 --probe
	[ "$(curl -s -o /dev/null -w '%{http_code}' "$bucket/.referat-probe")" = 404 ] # it has written nothing
}

@test "the probe tells a clock that is wrong, a bucket that is not there, a key that may not write" {
	echo 1000 >"$servers/late"
	try 69 --probe
	[[ $(reason) == *"RequestTimeTooSkewed: the clock of this computer is wrong"* ]]
	echo 800 >"$servers/late"
	try 0 --probe
	rm "$servers/late"
	address=$site/ingen try 69 --probe
	[[ $(reason) == *"NoSuchBucket: there is no such bucket"* ]]
	touch "$servers/read-only"
	try 69 --probe
	[[ $(reason) == *"AccessDenied: the access key lacks a right"* ]]
}

@test "the probe tells a server that takes no notice of conditions, and leaves nothing there" {
	touch "$servers/careless"
	try 69 --probe
	[[ $(reason) == *'takes no notice of conditions'*'`conditions: false`'* ]]
	[ "$(curl -s -o /dev/null -w '%{http_code}' "$bucket/.referat-probe")" = 404 ]
	try 0 --probe -o conditions=false
}

@test "whichever answer is lost, and however, the page stands there, once and right" {
	local step how
	for step in GET PUT; do
		for how in 'before 500' 'after 500' 'before html' 'after html' 'after empty' 'after drop'; do
			[[ "$step $how" != GET*[hmt]l && "$step $how" != GET*empty ]] || continue # held: another page is there
			call "<h1>$step $how</h1>"
			faults "$step /beslut/$folder $how"
			run referat plugins try target.s3 call.json --json --send -o "url=$url" -o region=eu-north-1 -o key_id=REFERAT \
				-o secret=s3
			no_faults_left
			try 0 # or it is found
			curl -sf "$object" | grep -q "<h1>$step $how</h1><!-- referat k7x2 "
		done
	done
}

@test "each kind of answer has its result" {
	local answer wanted
	while read -r answer wanted; do
		faults "PUT /beslut/$folder before $answer"
		try "$wanted"
		[[ $(reason) == *"$answer"* ]]
	done <<-'END'
		400 65
		401 69
		403 69
		408 75
		409 75
		412 75
		413 65
		429 75
		500 75
		501 69
		503 75
	END
	[ "$(curl -s -o /dev/null -w '%{http_code}' "$object")" = 404 ]
}

history() { curl -sf -X HISTORY "$checker/beslut/${folder}index.html"; } # what the bucket has of it, versions as well

@test "when earlier versions must go, the bucket has them nowhere, at the old place neither" {
	touch "$servers/versions"
	call '<h1>Anna Ek</h1>'
	try 0
	for n in 1 2 3 4 5; do
		call "<h1>Anna Ek $n</h1>"
		try 0
	done
	call '<h1>Någon</h1>' "$folder" "$folder" purge=2024-06-01T09:00:00Z
	[[ $(history) == *'Anna Ek'* ]]
	try 66 --lookup
	try 0
	[[ $(history) == '<h1>Någon</h1>'* && $(history) != *'Anna Ek'* ]]
	curl -sf "$object" | grep -q Någon
	try 0
	[ "$(grep -c 'DELETE' "$gate/log")" -eq 6 ]
	call '<h1>Flyttad</h1>' "${folder%/}-protokoll/" "$folder" purge=2024-06-02T09:00:00Z
	try 0
	[[ $(history) == *'Sidan har flyttat'* && $(history) != *Någon* ]]
}

@test "withdrawn for good, the bucket has nothing of it" {
	local way
	touch "$servers/versions"
	for way in word delete; do
		call '<h1>Anna Ek</h1>'
		try 0
		withdrawn purge=2024-06-01T09:00:00Z
		try 0 --withdraw -o withdrawn=$way
		[[ $(history) != *'Anna Ek'* ]]
		try 0 --withdraw -o withdrawn=$way
	done
}

@test "a bucket without versions has none; of a server that does not tell, a person sees to it" {
	call '<h1>Någon</h1>' "$folder" "$folder" purge=2024-06-01T09:00:00Z
	try 0
	touch "$servers/plain"
	try 65
	[[ $(reason) == *'säger inte vilka tidigare versioner'* ]]
	curl -sf "$object" | grep -q Någon
}

@test "versions are found in a folder of the bucket, and where the bucket stands in the host's name" {
	touch "$servers/versions"
	local address named=${site/127.0.0.1/beslut.localhost} at
	for address in "$url/arkiv" "$named/arkiv" "$named"; do
		call '<h1>Anna Ek</h1>'
		try 0
		call '<h1>Någon</h1>' "$folder" "$folder" purge="$address"
		try 0
		at=${address/#$named/$url}
		at=$checker${at#"$site"}/${folder}index.html
		[[ $(curl -sf -X HISTORY "$at") == '<h1>Någon'* && $(curl -sf -X HISTORY "$at") != *Anna* ]]
	done
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

# ---- whole pipelines ---------------------------------------------------------------------------------------------------

visible() { curl -sf "$bucket/2024/kommunstyrelsen-2024-05-08/index.html"; }

@test "a dry run shows what would make the page stand there, and sends none of it" {
	demo_with "$PWD/secrets" "target.s3: {url: \"$url/\", region: eu-north-1, key_id: REFERAT, secret: !secret s3}"
	would kommunstyrelsen-2024-05.txt
	[ "$changes" = "PUT $url/2024/kommunstyrelsen-2024-05-08/index.html" ]
	[[ $would != *hemlig* && $would != *depends* ]]
	run ! visible
}

@test "from the inbox to the page, which a browser finds good, and to the word when it is withdrawn" {
	"$tree/tests/browser/setup"
	demo_with "$PWD/secrets" "target.s3: {url: \"$url/\", public_url: \"$bucket/\", region: eu-north-1, key_id: REFERAT, secret: !secret s3}"
	sed -i 's/writer.html: {}/writer.html: {alone: true}/' demo/pipeline.yaml
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt" demo/inbox/
	run -0 referat check --environment demo/pipeline.yaml
	run_once 0
	document=$(jq -r '.documents[0].document' <<<"$output")
	run -0 timeout 60 node "$tree/tests/browser/look.mjs" "$bucket/2024/kommunstyrelsen-2024-05-08/index.html"
	[[ $output == 'language sv
h1 Kommunstyrelsen – aktuella beslut maj 2024
h2 '* ]]
	referat run demo/pipeline.yaml --state state >said 2>&1 3>&- &
	running=$!
	wait_until referat withdraw "$document" --state state --reason 'Fel belopp.' --show-reason
	wait_until eval 'visible | grep -q "Skälet: Fel belopp."'
	run -0 timeout 60 node "$tree/tests/browser/look.mjs" "$bucket/2024/kommunstyrelsen-2024-05-08/index.html"
	[ "$output" = 'language sv
h1 Sammanfattningen är tillbakadragen' ]
}
