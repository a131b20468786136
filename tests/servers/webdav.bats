#!/usr/bin/env bats
# target.webdav against a real Apache: a page is there whole or not at all, a person's edit is never lost, and what can't
# be done now is said in words.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../process/support/common.bash
	load support/apache.bash
	export no_proxy='*' # whatever the machine has set
	start_apache
	export apache dav dav_url
}

teardown_file() {
	load support/apache.bash
	end_apache
}

setup() {
	load ../process/support/common.bash
	load support/apache.bash
	cd "$BATS_TEST_TMPDIR"
	(umask 077 && mkdir secrets && printf hemligt >secrets/webb && printf fel >secrets/wrong)
	call k7x2 '<h1>Skolnämnden</h1>'
	find "$dav" -mindepth 1 -delete
	page=$dav/2024/skolnamnden-2024-04-17/index.html
}

call() { # call ID HTML [PATH [REMOTE_ID]]: what the plugin is called with
	jq -n --arg id "$1" --arg html "$2" --arg path "${3:-2024/skolnamnden-2024-04-17/}" --arg remote "${4:-}" '
		{values: {id: $id, revision: "1", digest: "d1", path: $path, remote_id: $remote},
		 parts: {"rendition/page": {type: "text/html", text: $html}}}' >call.json
}

agree() { # agree DIGEST: the call as it comes after `referat retry`
	jq --arg replace "$1" '.values.replace = $replace' call.json >agreed.json && mv agreed.json call.json
}

try() { # try STATUS [--lookup | --withdraw | --probe]
	local wanted=$1
	shift
	run "-$wanted" --separate-stderr referat plugins try target.webdav call.json --json --send \
		-o "url=$dav_url/" -o public_url=https://exempelby.example/beslut -o user=webb \
		-o "password=${secret:-webb}" "$@"
}

reason() { jq -r .reason <<<"$output"; }

@test "a page is put with its folders, at the address where residents read it" {
	try 0
	[ "$(jq -r .published.url <<<"$output")" = https://exempelby.example/beslut/2024/skolnamnden-2024-04-17/ ]
	grep -q '^<h1>Skolnämnden</h1><!-- referat k7x2 ' "$page"
	[ "$(find "$dav" -type f | wc -l)" -eq 1 ] # and nothing beside it
}

@test "a page is put again without a word to the server but a question" {
	try 0
	try 0
	[ "$(jq -r '[.requests[].method] | join(" ")' <<<"$output")" = GET ]
}

@test "compare tells what stands there from what a person has changed, and from nothing" {
	try 0
	try 0 --compare
	[ "$(jq -r '[.requests[].method] | join(" ")' <<<"$output")" = GET ]
	sed -i 's/Skolnämnden/Skolan/' "$page"
	try 65 --compare
	[[ $(reason) == 'På webbplatsen står:'*Skolan*Skolnämnden* ]]
	rm "$page"
	try 66 --compare
}

@test "a corrected page takes the place of the old one" {
	try 0
	call k7x2 '<h1>Rättad</h1>'
	try 0
	grep -q Rättad "$page"
	! grep -q Skolnämnden "$page"
}

@test "a page that has moved leaves its old place" {
	try 0
	call k7x2 '<h1>Skolnämnden</h1>' 2024/skolnamnden-2024-04-18/ 2024/skolnamnden-2024-04-17/
	try 0
	[ ! -e "$page" ]
	[ -e "$dav/2024/skolnamnden-2024-04-18/index.html" ]
}

@test "lookup knows this very version from an older one, and from none" {
	try 66 --lookup
	try 0
	try 0 --lookup
	[ "$(jq -r .published.remote_id <<<"$output")" = 2024/skolnamnden-2024-04-17/ ]
	call k7x2 '<h1>Rättad</h1>'
	try 66 --lookup
}

@test "what a person has changed is held, with the two choices, and not overwritten" {
	try 0
	sed -i 's/Skolnämnden/Skolnämnden, ändrad för hand/' "$page"
	call k7x2 '<h1>Rättad</h1>'
	try 65
	[[ $(reason) == *"har ändrats på webbplatsen"*"referat release k7x2"*"referat retry k7x2"* ]]
	grep -q 'ändrad för hand' "$page"
	agree "$(sha256sum <"$page" | cut -d ' ' -f 1)"
	try 0 # the person has chosen: replace
	grep -q Rättad "$page"
}

@test "whoever agrees to replace a page agrees to what stood there then, not to what came later" {
	try 0
	echo 'Ändrad för hand' >>"$page"
	agree "$(sha256sum <"$page" | cut -d ' ' -f 1)"
	echo 'Ändrad en gång till' >>"$page"
	try 65
	grep -q 'Ändrad en gång till' "$page"
}

@test "a page of others at the address is held, and not overwritten" {
	mkdir -p "$(dirname "$page")"
	echo '<h1>Kontakt</h1>' >"$page"
	try 65
	[[ $(reason) == *"finns redan en annan sida"* ]]
	[ "$(cat "$page")" = '<h1>Kontakt</h1>' ]
}

@test "another document's page is held, and not overwritten" {
	try 0
	call b3y9 '<h1>Annan</h1>'
	try 65
	grep -q Skolnämnden "$page"
}

@test "a page that is locked is tried again later, and stands there afterwards" {
	try 0
	touch -d '1 hour ago' "$page"
	token=$(edit -X LOCK -H 'Timeout: Second-60' -D - -o /dev/null --data '<?xml version="1.0"?>
		<lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>' \
		"$dav_url/2024/skolnamnden-2024-04-17/index.html" | tr -d '\r' | sed -n 's/^Lock-Token: //ip')
	call k7x2 '<h1>Rättad</h1>'
	try 75
	[[ $(reason) == *423*"locked"* ]]
	try 75 --withdraw
	grep -q Skolnämnden "$page"
	edit -X UNLOCK -H "Lock-Token: $token" "$dav_url/2024/skolnamnden-2024-04-17/index.html"
	try 0
	grep -q Rättad "$page"
}

@test "a change between look and move is seen by the server: nothing is lost" {
	try 0
	touch -d '1 hour ago' "$page" # its tag is strong
	call k7x2 '<h1>Rättad</h1>'
	try 0
	condition=$(sed -n 's/^MOVE .*-k7x2 204 //p' "$apache/requests" | tail -n 1 | sed 's/\\"/"/g')
	[[ $condition == "<$dav_url/2024/skolnamnden-2024-04-17/index.html> ([\""* ]]
	# the same condition again, now that the page is another one
	edit -T - "$dav_url/2024/skolnamnden-2024-04-17/late" <<<'<h1>Sen</h1>'
	[ "$(curl -s -o /dev/null -w '%{http_code}' -u webb:hemligt -X MOVE -H 'Overwrite: T' -H "If: $condition" \
		-H "Destination: $dav_url/2024/skolnamnden-2024-04-17/index.html" \
		"$dav_url/2024/skolnamnden-2024-04-17/late")" = 412 ]
	grep -q Rättad "$page"
}

@test "withdraw takes the page away, changed or not, and once more does no harm" {
	try 0
	echo 'Ändrad för hand' >>"$page"
	try 0 --withdraw
	[ ! -e "$page" ]
	try 0 --withdraw
}

@test "withdraw leaves a page that did not come from here, and says so" {
	mkdir -p "$(dirname "$page")"
	echo '<h1>Kontakt</h1>' >"$page"
	try 65 --withdraw
	[[ $(reason) == *"går inte att känna igen"* ]]
	[ -e "$page" ]
}

@test "a wrong password is the destination's fault, and is found by the probe" {
	secret=wrong
	try 69 --probe
	[[ $(reason) == *401* ]]
	try 69
	secret=webb
	try 0 --probe
}

@test "the probe tells a folder that is not there" {
	run -69 --separate-stderr referat plugins try target.webdav call.json --json --send --probe \
		-o "url=$dav_url/annan/" -o user=webb -o password=webb
	[[ $(reason) == *"is the option \`url\` the folder of the pages?"* ]]
}

@test "the password is never shown" {
	try 0
	[[ $output$stderr != *hemligt* ]]
}

@test "a path that leads out of the folder is refused before anything is sent" {
	call k7x2 '<h1>x</h1>' '../etc/'
	try 65
	[ "$(jq '.requests | length' <<<"$output")" -eq 0 ]
}
