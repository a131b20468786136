#!/usr/bin/env bats
# target.webdav against a real Apache: a page is there whole or not at all, a person's edit is never lost, and what can't
# be done now is said in words.

bats_require_minimum_version 1.5.0

setup_file() {
	load support/apache.bash
	export no_proxy='*' # whatever the machine has set
	new_servers
	start_apache
	export dav dav_url read_url
}

teardown_file() {
	load support/apache.bash
	[ -z "${servers:-}" ] || stop_servers
}

setup() {
	load support/apache.bash
	load support/pipeline.bash
	load ../process/support/common.bash
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	cd "$BATS_TEST_TMPDIR"
	(umask 077 && mkdir secrets && printf hemligt >secrets/webb && printf gast >secrets/gast && printf fel >secrets/wrong)
	call k7x2 '<h1>Skolnämnden</h1>'
	find "$dav" -mindepth 1 -delete
	rm -f "$servers"/{faults,one-in-three,answers,go}
	place=/2024/skolnamnden-2024-04-17/
	page=$dav${place}index.html
}

teardown() {
	[ ! -e "$servers/front.group" ] || stop_front
	[ -z "${running:-}" ] || { kill "$running" && wait "$running"; } || true
}

# call ID HTML [PATH [REMOTE_ID [NAME=VALUE...]]]: what the plugin is called with
call() {
	jq -n --arg id "$1" --arg html "$2" --arg path "${3:-2024/skolnamnden-2024-04-17/}" --arg remote "${4:-}" --args '
		{values: ({id: $id, revision: "1", digest: "d1", path: $path, remote_id: $remote}
		          + ($ARGS.positional | map(capture("(?<key>[^=]+)=(?<value>.*)"; "s")) | from_entries)),
		 parts: {"rendition/page": {type: "text/html", text: $html}}}' "${@:5}" >call.json
}

agree() { # agree DIGEST: the call as it comes after `referat retry`
	jq --arg replace "$1" '.values.replace = $replace' call.json >agreed.json && mv agreed.json call.json
}

try() { # try STATUS [--lookup | --withdraw | --probe]
	local wanted=$1
	shift
	run "-$wanted" --separate-stderr referat plugins try target.webdav call.json --json --send \
		-o "url=${address:-$dav_url}/" -o public_url=https://exempelby.example/beslut -o "user=${user:-webb}" \
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

@test "who comes to the old place of a page that has moved is sent on; or nothing is left there" {
	local way
	for way in word delete; do
		call k7x2 '<h1>Skolnämnden</h1>'
		try 0
		call k7x2 '<h1>Skolnämnden</h1>' 2024/skolnamnden-2024-04-18/ 2024/skolnamnden-2024-04-17/
		try 0 -o withdrawn=$way
		grep -q '<h1>Skolnämnden</h1>' "$dav/2024/skolnamnden-2024-04-18/index.html"
		[ $way = delete ] || grep -q '<meta http-equiv="refresh" content="0; url=https://exempelby.example/beslut/2024/skolnamnden-2024-04-18/">' "$page"
		[ $way = delete ] || grep -q '<h1>Sidan har flyttat</h1>' "$page"
	done
	[ ! -e "$page" ]
}

@test "an old place that a person has changed is left as it is" {
	try 0
	echo 'Ändrad för hand' >>"$page"
	call k7x2 '<h1>Skolnämnden</h1>' 2024/skolnamnden-2024-04-18/ 2024/skolnamnden-2024-04-17/
	try 0
	grep -q 'Ändrad för hand' "$page"
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
	[[ $(reason) == *"har ändrats på webbplatsen"*'På webbplatsen står:'*'ändrad för hand'*'Referat vill skriva:'*Rättad*"referat release k7x2"*"referat retry k7x2"* ]]
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
	condition=$(sed -n 's/^MOVE .*-k7x2 204 //p' "$servers/apache/requests" | tail -n 1 | sed 's/\\"/"/g')
	[[ $condition == "<$dav_url/2024/skolnamnden-2024-04-17/index.html> ([\""* ]]
	# the same condition again, now that the page is another one
	edit -T - "$dav_url/2024/skolnamnden-2024-04-17/late" <<<'<h1>Sen</h1>'
	[ "$(curl -s -o /dev/null -w '%{http_code}' -u webb:hemligt -X MOVE -H 'Overwrite: T' -H "If: $condition" \
		-H "Destination: $dav_url/2024/skolnamnden-2024-04-17/index.html" \
		"$dav_url/2024/skolnamnden-2024-04-17/late")" = 412 ]
	grep -q Rättad "$page"
}

# withdrawn [NAME=VALUE...]: the document is withdrawn, and stood there
withdrawn() { call k7x2 '<h1>Skolnämnden</h1>' "${place#/}" "${place#/}" withdrawn=2024-06-01 "$@"; }

@test "a withdrawn document leaves a word at its address, though a person had changed it; twice is as once" {
	try 0
	echo 'Ändrad för hand' >>"$page"
	withdrawn withdrawn.reason='Fel <belopp>.' withdrawn.replacement=https://exempelby.example/ny
	try 0 --withdraw
	run -0 cat "$page"
	[[ $output == *'<html lang="sv">'*'<h1>Sammanfattningen är tillbakadragen</h1>'*'Exempelby kommun den 1 juni 2024'*'Skälet: Fel &lt;belopp&gt;.'*'<a href="https://exempelby.example/ny">'* ]]
	[[ $output != *Skolnämnden* && $output != *'för hand'* ]]
	try 0 --withdraw
	[ "$(jq -r '[.requests[].method] | join(" ")' <<<"$output")" = GET ]
	try 0 --compare
}

@test "withdrawn with another reason the page says that one" {
	try 0
	withdrawn
	try 0 --withdraw
	grep -q 'Det är protokollet som gäller' "$page"
	withdrawn withdrawn.reason='Fel belopp.'
	try 0 --withdraw
	grep -q 'Skälet: Fel belopp.' "$page"
}

@test "with the option nothing is left: the address answers 404, and once more does no harm" {
	try 0
	echo 'Ändrad för hand' >>"$page"
	withdrawn
	try 0 --withdraw -o withdrawn=delete
	[ ! -e "$page" ]
	try 0 --withdraw -o withdrawn=delete
	try 66 --compare
}

@test "what was withdrawn can be published again, and another document can take its place" {
	try 0
	withdrawn
	try 0 --withdraw
	call k7x2 '<h1>Åter</h1>' "${place#/}" "${place#/}"
	try 0
	grep -q Åter "$page"
	withdrawn
	try 0 --withdraw
	call b3y9 '<h1>Ersättaren</h1>'
	try 0
	withdrawn
	try 0 --withdraw # the page is another document's now
	grep -q Ersättaren "$page"
}

@test "when earlier versions must go, nothing is left of an upload that broke off, nor of a page at the old place" {
	call k7x2 '<h1>Anna Ek</h1>'
	faults "MOVE $place before drop"
	try 75
	grep -rq 'Anna Ek' "$dav"
	call k7x2 '<h1>Någon</h1>' "${place#/}" "${place#/}" purge=2024-06-01T09:00:00Z
	try 66 --lookup
	try 0
	run ! grep -r 'Anna Ek' "$dav"
	echo 'Anna Ek' >>"$page"
	call k7x2 '<h1>Flyttad</h1>' 2024/skolnamnden-2024-04-18/ "${place#/}" purge=2024-06-02T09:00:00Z
	try 65
	[[ $(reason) == *'har ändrats på webbplatsen'*'Anna Ek'* ]]
	agree "$(sha256sum <"$page" | cut -d ' ' -f 1)"
	try 0
	run ! grep -r 'Anna Ek' "$dav"
	grep -q 'Sidan har flyttat' "$page"
	withdrawn purge=2024-06-03T09:00:00Z
	try 0 --withdraw
}

@test "a word that a person has changed is theirs" {
	try 0
	withdrawn
	try 0 --withdraw
	echo '<p>Ring oss.</p>' >>"$page"
	call b3y9 '<h1>Ersättaren</h1>'
	try 65
	grep -q 'Ring oss' "$page"
}

@test "compare tells a withdrawn document that stands there again" {
	try 0
	cp "$page" old
	withdrawn
	try 65 --compare
	[[ $(reason) == *'står kvar på https://exempelby.example/beslut/2024/skolnamnden-2024-04-17/'* ]]
	try 0 --withdraw
	try 0 --compare
	cp old "$page"
	try 65 --compare
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

# What the broker does: looks up where it is not known what became of an attempt, and puts what is not there.
put_at_last() {
	for _ in 1 2 3 4 5; do
		run --separate-stderr referat plugins try target.webdav call.json --json --send -o "url=$dav_url/" -o user=webb \
			-o password=webb
		[ "$(jq -r .result <<<"$output")" != ok ] || return 0
		[[ $(jq -r .result <<<"$output") =~ ^(retry|yield|unknown)$ ]]
	done
	return 1
}

@test "whichever answer is lost, and however, the page stands there whole, with nothing beside it" {
	local step when how n=0
	for step in GET PUT MOVE; do
		for how in 'before 500' 'after 500' 'after html' 'before html' 'after empty' 'after drop'; do
			[[ "$step $how" != GET*[hmt]l && "$step $how" != GET*empty ]] || continue # held: the next test
			n=$((n + 1))
			call "nr$n" "<h1>Beslut $n</h1>" "2024/namnden-$n/"
			faults "$step /2024/namnden-$n/ $how"
			put_at_last
			no_faults_left
			grep -q "<h1>Beslut $n</h1><!-- referat nr$n " "$dav/2024/namnden-$n/index.html"
		done
	done
	[ "$(find "$dav" -type f | wc -l)" -eq "$n" ]
}

@test "a page that something before the server shows is not written over" {
	local how
	for how in html empty; do
		faults "GET $place after $how"
		try 65
		[[ $(reason) == *"finns redan en annan sida"* ]]
		[ ! -e "$page" ]
	done
}

@test "each kind of answer has its result" {
	local answer wanted words
	while read -r answer wanted words; do
		rm -f "$servers/faults"
		faults "PUT /2024/ before $answer" "PUT /2024/ before $answer"
		try "$wanted"
		[[ $(reason) == *"$answer"*"$words"* ]]
		[ ! -e "$page" ]
	done <<-'END'
		400 65
		401 69
		403 69
		405 69 takes no WebDAV
		408 75
		412 75 changed in the meantime
		413 65
		429 75
		500 75
		503 75
		507 69 no room left
	END
}

@test "what the web server before it answers: too large, too many, closed, too slow" {
	site=$dav_url start_front 1 1 2k
	address=$front try 75
	[[ $(reason) == *429* ]]
	stop_front
	site=$dav_url start_front 1000 100 2k
	call k7x2 "$(head -c 3000 /dev/zero | tr '\0' x)"
	address=$front try 65
	[[ $(reason) == *413* ]]
	touch "$servers/closed"
	address=$front try 75
	[[ $(reason) == *503* ]]
	rm "$servers/closed"
}

@test "the probe tells a user who may not write, and leaves nothing behind" {
	user=gast secret=gast try 69 --probe
	[[ $(reason) == *'PUT '*401* ]]
	try 0 --probe
	[ -z "$(ls -A "$dav")" ]
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

# ---- whole pipelines ---------------------------------------------------------------------------------------------------

visible() { curl -sf "$read_url/2024/kommunstyrelsen-2024-05-08/"; }

@test "a dry run shows what would make the page stand there, and sends none of it" {
	demo_with "$PWD/secrets" "target.webdav: {url: \"$dav_url/\", public_url: \"$read_url/\", user: webb, password: !secret webb}"
	would kommunstyrelsen-2024-05.txt
	[ "$changes" = "PUT $dav_url/2024/kommunstyrelsen-2024-05-08/.referat-$document
MOVE $dav_url/2024/kommunstyrelsen-2024-05-08/.referat-$document" ]
	[[ $would != *hemlig* && $would != *depends* ]]
	[ -z "$(ls -A "$dav")" ]
}

@test "from the inbox to the page, held when a person has changed it, replaced when one says so, withdrawn" {
	demo_with "$PWD/secrets" "target.webdav: {url: \"$dav_url/\", public_url: \"$read_url/\", user: webb, password: !secret webb}"
	sed -i 's/writer.html: {}/writer.html: {alone: true}/' demo/pipeline.yaml
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt" demo/inbox/
	run -0 referat check --environment demo/pipeline.yaml
	run_once 0
	[[ $(visible) == *cykelväg* ]]
	sed -i 's/cykelväg/bilväg/' "$dav/2024/kommunstyrelsen-2024-05-08/index.html"
	sed -i 's/cykelväg/gång- och cykelväg/' demo/inbox/kommunstyrelsen-2024-05.txt
	run_once 1
	start_pipeline
	run -0 referat held --state state
	[[ $output == *bilväg*'gång- och cykelväg'*"referat release $document"*"referat retry $document"* ]]
	[[ $(visible) == *bilväg* ]]
	referat retry "$document" --state state --reason 'ours is right'
	wait_until eval 'visible | grep -q "gång- och cykelväg"'
	wait_until referat withdraw "$document" --state state --reason 'Fel belopp.' --show-reason
	wait_until eval 'visible | grep -q "Skälet: Fel belopp."'
	[[ $(visible) == *'<a href="https://www.exempelby.example/beslut/">Alla aktuella beslut</a>'* ]]
	[[ $(visible) != *cykelväg* ]]
}

@test "a right that is missing is told when the stage starts, before there is any document" {
	demo_with "$PWD/secrets" "target.webdav: {url: \"$dav_url/\", user: gast, password: !secret gast}"
	referat run demo/pipeline.yaml --state state >said 2>&1 3>&- &
	running=$!
	wait_until grep -q "publish/cms.*target.webdav can't be used as things are: PUT .*401" said
	kill "$running" && wait "$running" || true
	demo_with "$PWD/secrets" "target.webdav: {url: \"$dav_url/\", user: webb, password: !secret webb}"
	referat run demo/pipeline.yaml --state state >said 2>&1 3>&- &
	running=$!
	wait_until grep -q 'publish/cms.*target.webdav answers, and takes us' said
	[ -z "$(ls -A "$dav")" ]
}

@test "the published page and the withdrawn one in a browser: axe finds nothing, they are Swedish, one heading leads" {
	"$tree/tests/browser/setup"
	demo_with "$PWD/secrets" "target.webdav: {url: \"$dav_url/\", public_url: \"$read_url/\", user: webb, password: !secret webb}"
	sed -i 's/writer.html: {}/writer.html: {alone: true}/' demo/pipeline.yaml
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt" demo/inbox/
	run_once 0
	id=$(jq -r '.documents[0].document' <<<"$output")
	run -0 timeout 60 node "$tree/tests/browser/look.mjs" "$read_url/2024/kommunstyrelsen-2024-05-08/"
	[[ $output == 'language sv
h1 Kommunstyrelsen – aktuella beslut maj 2024
h2 '* ]]
	call "$id" x 2024/kommunstyrelsen-2024-05-08/ 2024/kommunstyrelsen-2024-05-08/ withdrawn=2024-06-01
	try 0 --withdraw
	run -0 timeout 60 node "$tree/tests/browser/look.mjs" "$read_url/2024/kommunstyrelsen-2024-05-08/"
	[ "$output" = 'language sv
h1 Sammanfattningen är tillbakadragen' ]
}
