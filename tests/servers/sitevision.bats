#!/usr/bin/env bats
# target.sitevision and its RESTApp together: the plugin as it is loaded, the RESTApp as it is uploaded, on a stand-in for
# Sitevision (integrations/sitevision/test). One page whatever becomes of an answer, and a person's edit is never
# overwritten.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../process/support/common.bash
	load support/sitevision.bash
	build_restapp
	start_sitevision
}

teardown_file() {
	load support/sitevision.bash
	[ -z "${sitevision:-}" ] || stop_sitevision
}

setup() {
	load ../process/support/common.bash
	load support/pipeline.bash
	load support/plugin.bash
	load support/sitevision.bash
	export no_proxy='*' # whatever the machine has set
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	empty_sitevision
	address=$site/rest-api/referat user=referat
	cd "$BATS_TEST_TMPDIR" || exit 1
	(umask 077 && mkdir secrets && printf hemligt >secrets/referat && printf gast >secrets/gast && printf fel >secrets/wrong)
}

teardown() {
	[ -z "${running:-}" ] || { kill "$running" && wait "$running"; } || true
}

try() { # try [OPTION...]
	call_plugin target.sitevision -o "url=$address" -o "user=$user" -o "password=${secret:-$user}" "$@"
	page=$remote_id
}

# tried RESULT [REASON]: what the last call came to; words of the reason.
tried() {
	[ "$result" = "$1" ] && [[ $reason == *"${2:-}"* ]] && return
	echo "$result: $reason"
	cat try.log
	return 1
}

visible() { curl -sfL "$url"; }

# ---- the RESTApp -------------------------------------------------------------------------------------------------------

@test "the RESTApp: its types are those of Sitevision, its tests pass, the same sources give the same package" {
	cp "$restapp/build/referat.zip" before.zip
	run -0 npm --prefix "$restapp" run --silent check
	run -0 npm --prefix "$restapp" run --silent build
	cmp before.zip "$restapp/build/referat.zip"
	run -0 python3 -m zipfile -l before.zip
	[[ $output == *manifest.json*index.js* ]]
	run -0 bash -c "cd '$restapp' && node --test test/*.test.js"
	[[ $output == *$'# fail 0'* ]]
}

# ---- the plugin and the RESTApp ----------------------------------------------------------------------------------------

@test "a document becomes a page: text without the site's frame, its title, its address" {
	document ett 'Nämnden sade ja & nej.'
	jq '.parts.card.json.title = "Nämnden 8/5"' call.json >titled.json # a page's name takes no slash
	mv titled.json call.json
	try
	tried ok
	[ "$(pages '.[] | "\(.document) \(.title) \(.state)"')" = 'ett Nämnden 8–5 PUBLISHED' ]
	[ "$url" = "$(pages '.[].url')" ]
	run -0 visible
	[[ $output == *'Nämnden sade ja &amp; nej.'* || $output == *'Nämnden sade ja & nej.'* ]]
	[ "$(grep -c '<h1>' <<<"$output")" -eq 1 ]
	[[ $(<answer.json) != *hemligt* && $(<try.log) != *hemligt* ]]
}

@test "what would be sent is shown, and nothing is sent" {
	document ett 'Nämnden sade ja.'
	run ! --separate-stderr referat plugins try target.sitevision call.json -o "url=$address" -o user=referat -o password=referat
	[[ $output == *"GET $address/articles/ett"*"PUT $address/articles/ett"*'Basic (secret)'*'"publish":"now"'* ]]
	[ -z "$(requests)" ]
}

@test "a change goes to the same page; the same again sends nothing but a look" {
	document ett 'Nämnden sade ja.'
	try
	first=$page
	try
	tried ok
	document ett 'Nämnden sade nej.' "remote_id=$page" "remote_revision=$revision"
	try
	tried ok
	[ "$page" = "$first" ]
	[[ $(visible) == *'sade nej'* ]]
	[ "$(requests)" = 'GET /rest-api/referat/articles/ett 404
PUT /rest-api/referat/articles/ett 201
GET /rest-api/referat/articles/ett 200
GET /rest-api/referat/articles/ett 200
PUT /rest-api/referat/articles/ett 200' ]
}

@test "whichever answer is lost, and however, there is one page, and it is right" {
	local step how n=0
	for step in GET PUT; do
		for how in 'before lose' 'after lose' 'before 500' 'after 500' 'after 502' 'after 504' 'after html' 'after empty' 'after cut' 'after huge'; do
			n=$((n + 1))
			document "nr$n" "Beslut $n."
			faults "$step $how"
			put_at_last
			no_faults_left
			[[ $(visible) == *"Beslut $n."* ]]
		done
	done
	[ "$(pages 'length')" -eq "$n" ]
	[ "$(pages '.[].document' | sort -u | wc -l)" -eq "$n" ]
}

@test "an answer that is lost when a change was made is not taken for a person's edit" {
	document ett 'Nämnden sade ja.'
	try
	document ett 'Nämnden sade nej.' "remote_id=$page" "remote_revision=$revision"
	faults 'PUT after 502'
	try
	tried unknown
	document ett 'Nämnden sade kanske.' "remote_id=$page"
	try
	tried ok
	[[ $(visible) == *'sade kanske'* ]]
}

@test "lookup knows what is not there, and what is there in an older version" {
	document ett 'Nämnden sade ja.'
	try --lookup
	tried not-found
	try
	try --lookup
	tried ok
	document ett 'Nämnden sade nej.'
	try --lookup
	tried not-found
}

@test "two writers of one document at once: one page, and never two that anybody can see" {
	local i round
	for round in 1 2 3; do
		for i in 1 2 3 4; do
			mkdir -p "writer$i" && ln -sfn "$PWD/secrets" "writer$i/secrets"
			(cd "writer$i" && document "tva$round" 'Nämnden sade ja.' && put_at_last) 3>&- &
		done
		while [ -n "$(jobs -rp)" ]; do
			[ "$(pages "[.[] | select(.document == \"tva$round\" and .state == \"PUBLISHED\")] | length")" -le 1 ]
		done
		wait
		[ "$(pages "[.[] | select(.document == \"tva$round\")] | length")" -eq 1 ]
	done
}

@test "a change that somebody else was before in is looked at anew" {
	document ett 'Nämnden sade ja.'
	try
	document ett 'Nämnden sade nej.'
	faults 'PUT before 412'
	try
	tried fail # whoever says so is not the RESTApp
	curl -sf -u referat:hemligt "$address/articles/ett" | jq '{title, html: "<p>Nämnden sade kanske.</p>", digest: "x", publish: "now"}' >other.json
	run -0 curl -s -u referat:hemligt -X PUT -H 'Content-Type: application/json' -H 'If-Match: "older"' --data-binary @other.json "$address/articles/ett"
	[ "$(jq -r .code <<<"$output")" = changed ]
	[[ $(pages '.[].html') == *'sade ja'* ]]
}

@test "a person's edit is not overwritten: the difference is shown, and only what was seen is replaced" {
	document ett 'Nämnden sade ja.'
	try
	editor edit ett '{"html": "<p>Nämnden sade ja, efter votering.</p>"}'
	document ett 'Nämnden sade nej.' "remote_id=$page" "remote_revision=$revision"
	try
	tried hold
	[[ $reason == *'På webbplatsen står:'*'efter votering'*'Referat vill skriva:'*'sade nej'*'Behåll'*'referat release ett'*'Ersätt'*'referat retry ett'* ]]
	[[ $(pages '.[].html') == *votering* ]]
	agreed=$conflict
	editor edit ett '{"html": "<p>En annan ändring.</p>"}'
	document ett 'Nämnden sade nej.' "replace=$agreed"
	try
	tried hold
	document ett 'Nämnden sade nej.' "replace=$conflict"
	try
	tried ok
	[[ $(pages '.[].html') == *'sade nej'* ]]
}

@test "compare tells what stands there from what an editor has changed, put into the bin or removed" {
	document ett 'Nämnden sade ja.'
	try
	try --compare
	tried ok
	editor edit ett '{"html": "<p>Redaktörens ord.</p>"}'
	try --compare
	tried hold 'Redaktörens ord.'
	editor bin ett
	try --compare
	tried hold 'papperskorgen'
	editor erase ett
	try --compare
	tried not-found
	address=$address/wrong
	try --compare
	tried yield
}

@test "an edit that says what we want to say is no conflict; a link that was changed is one" {
	document ett 'Nämnden sade <a href="/a">ja</a>.'
	try
	editor edit ett '{"html": "<h2>Beslut</h2><p>Nämnden sade <b>nej</b>.</p>"}'
	document ett 'Nämnden sade nej.'
	try
	tried ok
	editor edit ett '{"html": "<h2>Beslut</h2><p>Nämnden sade <a href=\"/c\">nej</a>.</p>"}'
	document ett 'Nämnden sade kanske.'
	try
	tried hold
}

@test "what a person put into the bin, hid or deleted stays so until one says otherwise" {
	local what
	for what in bin unpublish erase; do
		document "$what" 'Nämnden sade ja.'
		try
		editor "$what" "$what"
		document "$what" 'Nämnden sade nej.' "remote_id=$page"
		try
		tried hold "referat release $what"
		run ! visible
		document "$what" 'Nämnden sade nej.' "replace=$conflict"
		try
		tried ok
		[[ $(visible) == *'sade nej'* ]]
	done
}

@test "a withdrawn document leaves a word at its address, with the reason and what replaces it; twice is as once" {
	document ett 'Nämnden sade ja.'
	try
	editor edit ett '{"html": "<p>Redaktörens ord.</p>"}' # does not hinder it
	document ett 'Nämnden sade ja.' withdrawn=2024-06-01 'withdrawn.reason=Fel belopp.' \
		withdrawn.replacement=https://exempelby.example/ny
	try --withdraw
	tried ok
	try --withdraw
	tried ok
	run -0 visible
	[[ $output == *'Sammanfattningen är tillbakadragen'*'den 1 juni 2024'*'Skälet: Fel belopp.'*'https://exempelby.example/ny'* ]]
	[[ $output != *'sade ja'* && $output != *Redaktör* ]]
}

@test "withdrawn from the site, or into the bin: the address answers 404, and the document can come back" {
	local how
	for how in unpublish bin; do
		document "$how" 'Nämnden sade ja.'
		try
		address_of_page=$url
		for _ in 1 2; do
			try --withdraw -o "withdrawn=$how"
			tried ok
		done
		[ "$(curl -s -o /dev/null -w '%{http_code}' "$address_of_page")" = 404 ]
		document "$how" 'Nämnden sade nej.'
		try
		tried ok
		[[ $(visible) == *'sade nej'* ]]
	done
}

@test "visitors of what is withdrawn are sent to the page of the site that replaces it" {
	document ny 'Det rätta.'
	try
	new=$url
	document ett 'Nämnden sade ja.'
	try
	old=$url
	document ett 'Nämnden sade ja.' "withdrawn.replacement=$new"
	try --withdraw -o withdrawn=unpublish
	tried ok
	[[ $(curl -sfL "$old") == *'Det rätta.'* ]]
}

@test "what was never there, and an answer lost on the way, are no hindrance to withdraw" {
	document aldrig 'Nämnden sade ja.'
	try --withdraw
	tried ok
	document ett 'Nämnden sade ja.'
	try
	faults 'PUT after 502'
	try --withdraw
	tried unknown
	try --withdraw
	tried ok
	address=$site/rest-api/annat
	try --withdraw
	tried yield 'no RESTApp'
}

kept() { curl -sS -f "$site/editor/everything" | grep -c "$1" || true; } # whether the site has the words, anywhere

@test "when earlier versions must go, the page is erased and made anew; visitors of the old address are sent on" {
	document ett 'Anna Ek sade ja.'
	try
	local old=$url before=$page
	document ett 'Någon sade ja.' remote_id="$page" remote_revision="$revision" purge=2024-06-01T09:00:00Z
	try --lookup
	tried not-found
	[ "$(kept 'Anna Ek')" -eq 1 ]
	try
	tried ok
	[ "$page" != "$before" ]
	[ "$(kept 'Anna Ek')" -eq 0 ]
	[[ $(visible) == *'Någon sade ja'* ]]
	[[ $(curl -sfL "$old") == *'Någon sade ja'* ]]
	try --lookup
	tried ok
	before=$page
	try # the same again: it is not erased once more
	[ "$page" = "$before" ]
	[ "$(pages length)" -eq 1 ]
}

@test "whichever answer is lost while a page is made anew, there is one in the end, at its address" {
	local how n=0 old
	for how in 'DELETE before 503' 'DELETE after lose' 'DELETE after html' 'PUT before 503' 'PUT after lose' 'PUT after 500'; do
		n=$((n + 1))
		document "nr$n" 'Anna Ek sade ja.'
		put_at_last
		old=$url
		document "nr$n" 'Någon sade ja.' remote_id="$page" remote_revision="$revision" purge=2024-06-01T09:00:00Z
		faults "$how"
		put_at_last
		no_faults_left
		[[ $(curl -sfL "$old") == *'Någon sade ja'* ]]
		[ "$(pages '[.[] | select(.state == "PUBLISHED")] | length')" -eq "$n" ]
	done
	[ "$(kept 'Anna Ek')" -eq 0 ]
}

@test "withdrawn for good: the word stands at the address, or nothing, also when an answer was lost" {
	local how old
	for how in '' 'DELETE after lose' 'PUT before 503' 'PUT after lose'; do
		document ett 'Anna Ek sade ja.'
		put_at_last
		old=$url
		document ett 'Anna Ek sade ja.' remote_id="$page" remote_revision="$revision" withdrawn=2024-06-01 purge=2024-06-01T09:00:00Z
		[ -z "$how" ] || faults "$how"
		for _ in 1 2 3; do
			try --withdraw
			[ "$result" != ok ] || break
		done
		tried ok
		[[ $(curl -sfL "$old") == *tillbakadragen* ]]
		[ "$(kept 'Anna Ek')" -eq 0 ]
		editor empty
	done
	document tva 'Anna Ek sade ja.'
	try
	document tva 'Anna Ek sade ja.' withdrawn=2024-06-01 purge=2024-06-01T09:00:00Z
	try --withdraw -o withdrawn=unpublish
	tried ok
	[ "$(pages length)/$(kept 'Anna Ek')" = 0/0 ]
	try --withdraw -o withdrawn=unpublish
	tried ok
}

@test "what a person has done with it is asked about before it is erased: an edit, pages of their own below it" {
	document ett 'Anna Ek sade ja.'
	try
	editor edit ett '{"html": "<p>Anna Ek sade ja, efter votering.</p>"}'
	document ett 'Någon sade ja.' purge=2024-06-01T09:00:00Z
	try
	tried hold votering
	document ett 'Någon sade ja.' purge=2024-06-01T09:00:00Z replace="$conflict"
	editor below ett '{"name": "Bilaga"}'
	try
	tried hold 'lagt egna sidor under sidan'
	[ "$(kept 'Anna Ek')" -eq 1 ]
}

@test "drafts wait for an editor, who may publish them; what is corrected then waits again" {
	document ett 'Nämnden sade ja.'
	try -o status=draft
	tried ok
	[ "$(pages '.[].state')" = NOT_PUBLISHED ]
	try --lookup -o status=draft
	tried ok
	editor publish ett
	document ett 'Nämnden sade nej.'
	try -o status=draft
	tried ok
	[[ $(visible) == *'sade ja'* ]]
	[[ $(pages '.[].html') == *'sade nej'* ]]
	try --withdraw -o status=draft
	tried ok
}

@test "what is to be shown later is waited for, seen by nobody before, and there only when it is shown" {
	document ett 'Nämnden sade ja.'
	try -o delay=2h
	tried unknown 'Sitevision has it, and shows it from 20' # it is looked up when its time has come
	[ "$(pages '.[].state')" = SCHEDULED_PUBLISH ]
	url=$(pages '.[].url')
	run ! visible
	try --lookup -o delay=2h
	tried unknown 'shows it from 20'
	document ett 'Nämnden sade nej.'
	try -o delay=2h
	tried unknown # and is as late again
	url=$(pages '.[].url')
	editor clock '' '{"hours": 1}'
	run ! visible
	editor clock '' '{"hours": 2}'
	[[ $(visible) == *'sade nej'* ]]
	try --lookup -o delay=2h
	tried ok
	document ett 'Nämnden sade kanske.'
	try -o delay=2h # it is public already: at once
	tried ok
	[[ $(visible) == *'sade kanske'* ]]
	try --probe -o delay=2h
	tried yield 'clock differs'
}

@test "what an editor puts off is waited for anew; a draft that one schedules is the editor's" {
	document ett 'Nämnden sade ja.'
	try -o delay=2h
	editor schedule ett '{"hours": 5}'
	try --lookup -o delay=2h --clock "$(date -u -d '+3 hours' +%FT%TZ)"
	tried unknown 'shows it from'
	editor clock '' '{"hours": 5}'
	try --lookup -o delay=2h
	tried ok
	document tva 'Nämnden sade ja.'
	try -o status=draft
	editor schedule tva '{"hours": 5}'
	try --lookup -o status=draft
	tried ok
}

@test "what waits and is withdrawn is never shown" {
	document ett 'Nämnden sade ja.'
	try -o delay=2h
	url=$(pages '.[].url')
	document ett 'Nämnden sade ja.' withdrawn=2024-06-01
	try --withdraw -o delay=2h
	tried ok
	editor clock '' '{"hours": 2}'
	run ! visible
}

@test "words that Sitevision loses are shown to a person, and are not public" {
	editor censor '' '{"word": "ja"}'
	document ett 'Nämnden sade ja.'
	try
	tried hold 'behöll inte alla ord'
	[[ $reason == *'Nämnden sade .'*'Nämnden sade ja.'* ]]
	[ "$(pages '.[].state')" = NOT_PUBLISHED ]
	editor censor '' '{"word": ""}'
	try
	tried ok
	[[ $(visible) == *'sade ja'* ]]
}

@test "a page that an editor has open is tried again later" {
	document ett 'Nämnden sade ja.'
	try
	editor lock ett '{"by": "Redaktör"}'
	document ett 'Nämnden sade nej.'
	try
	tried retry 'somebody is editing'
	editor lock ett '{"by": null}'
	try
	tried ok
}

@test "below a page that is not published the destination waits, and nothing is charged" {
	editor close
	document ett 'Nämnden sade ja.'
	try
	tried yield 'not published'
	editor open
	try
	tried ok
	visible
}

@test "wrong credentials and lacking rights are the destination's fault, told in words, and nothing is written" {
	document ett 'Nämnden sade ja.'
	secret=wrong try
	tried yield 401
	secret=wrong try --probe
	tried yield 'its password'
	user=gast
	try
	tried yield 'has not the right'
	try --probe
	tried yield 'may not create'
	user=referat
	try --probe
	tried ok
	[ "$(pages length)" -eq 0 ]
}

@test "no RESTApp at the address, or nobody at all: said in words" {
	document ett 'Nämnden sade ja.'
	address=$site/rest-api/annat
	try
	tried yield 'no RESTApp'
	address=http://127.0.0.1:1
	try
	tried yield 'does not answer'
}

@test "each kind of answer has its result" {
	document ett 'Nämnden sade ja.'
	faults 'before 429 Retry-After: 7' 'before 503' 'before 403' 'PUT before 429 Retry-After: 7' 'PUT before 413' 'PUT before 400' 'PUT before 403' 'PUT before 409'
	try && tried yield 429
	try && tried yield 503
	try && tried yield 403
	try && tried yield 429
	try && tried fail 'larger than the web server'
	try && tried fail 400
	try && tried yield 403
	try && tried fail 409
	no_faults_left
	[ "$(pages length)" -eq 0 ]
	head -c 1100000 /dev/zero | tr '\0' x >large
	document ett ''
	jq --rawfile text large '.parts["rendition/page"].text = $text' call.json >larger.json && mv larger.json call.json
	try
	tried fail 'larger than the RESTApp takes'
}

@test "credentials do not follow a redirection to another host, nor an endless one" {
	document ett 'Nämnden sade ja.'
	faults "GET to ${site/127.0.0.1/localhost}/rest-api/referat/articles/ett"
	try
	tried yield 401
	yes "GET to $address/articles/ett" | head -n 20 >"$sitevision/faults"
	try
	tried yield
	[ "$(pages length)" -eq 0 ]
}

@test "an answer with another document's article, or with lines in its address, is not believed" {
	document ett 'Nämnden sade ja.'
	mkdir lies && printf '{"digest": "x", "url": "https://x.example/\\r\\nX: y"}' >lies/ett
	address=file://$PWD/lies
	try
	[ "$result" != ok ]
}

# ---- whole pipelines ---------------------------------------------------------------------------------------------------

definition() { # definition [OPTION OF THE STAGE]
	demo_with "$PWD/secrets" "target.sitevision: {url: \"$site/rest-api/referat\", user: referat, password: !secret referat}" "$@"
}

@test "from the inbox to the page, held when an editor has changed it, replaced when a person says so, withdrawn" {
	definition
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt" demo/inbox/
	run -0 referat check --environment demo/pipeline.yaml
	run_once 0
	document=$(jq -r '.documents[0].document' <<<"$output")
	url=$(pages '.[].url')
	[[ $(visible) == *cykelväg* ]]
	editor edit "$document" '{"html": "<p>Redaktörens egna ord.</p>"}'
	sed -i 's/cykelväg/gång- och cykelväg/' demo/inbox/kommunstyrelsen-2024-05.txt
	run_once 1
	start_pipeline
	run -0 referat held --state state
	[[ $output == *'Redaktörens egna ord.'*"referat release $document"*"referat retry $document"* ]]
	[[ $(pages '.[].html') == '<p>Redaktörens egna ord.</p>' ]]
	referat retry "$document" --state state --reason 'ours is right'
	wait_until eval 'visible | grep -q "gång- och cykelväg"'
	[ "$(pages length)" -eq 1 ]
	wait_until referat withdraw "$document" --state state --reason 'Fel belopp.' --show-reason
	wait_until eval 'visible | grep -q "Skälet: Fel belopp."'
	! grep -q Redakt said
}

@test "a page for later waits, uncharged, nobody is told, and it can be withdrawn before anybody has seen it" {
	demo_with "$PWD/secrets" "target.sitevision: {url: \"$site/rest-api/referat\", user: referat, password: !secret referat, delay: 2h}"
	cat >>demo/pipeline.yaml <<-END
		  notify:
		    from: publish/cms
		    notify_within: 36500d
		    channel.maildir: {from: beslut@exempelby.example, to: prenumerant@exempelby.example, path: maildir}
	END
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt" demo/inbox/
	referat run demo/pipeline.yaml --state state >said 2>&1 3>&- &
	running=$!
	wait_until eval '[ "$(pages ".[].state")" = SCHEDULED_PUBLISH ]'
	document=$(referat list --state state --json | jq -r '.documents[0].document')
	wait_until eval 'referat why "$document" --state state | grep -q "Sitevision has it, and shows it from"'
	[ "$(find . -path '*/maildir/new/*' | wc -l)" -eq 0 ]
	referat withdraw "$document" --state state --reason 'Fel.'
	wait_until eval '[ "$(pages ".[].state")" = binned ]'
}

@test "a bulk of documents, with a third of all answers lost: all there, once, right" {
	local n=${REFERAT_POSTS:-60} day months=(januari februari mars april maj juni juli augusti september oktober november december)
	definition 'workers: 2'
	for ((i = 0; i < n; i++)); do
		day=$(date -d "2000-01-01 +$i days" +%Y-%m-%d)
		minutes_of "$((10#${day:8}))" "${months[10#${day:5:2} - 1]}" "${day:0:4}" >"demo/inbox/$day.txt"
	done
	for ((i = 0; i < n * 3; i++)); do
		printf 'pass\npass\nafter %s\n' "$(printf '%s\n' lose 500 html cut | sed -n "$((i % 4 + 1))p")"
	done >"$sitevision/faults"
	run_once 0
	[ "$(jq '[.documents[] | select(.status == "published")] | length' <<<"$output")" -eq "$n" ]
	[ "$(grep -Evc ' (200|201|404)$' "$sitevision/requests")" -gt $((n / 4)) ]
	[ "$(pages '.[].document' | sort -u | wc -l)" -eq "$n" ]
	[ "$(pages '[.[] | select(.state == "PUBLISHED")] | length')" -eq "$n" ]
	[ "$(pages length)" -eq "$n" ]
}
