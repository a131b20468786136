#!/usr/bin/env bats
# target.drupal against a stand-in for Drupal that keeps the contract of its JSON:API strictly (support/drupal_server.py), for
# Drupal itself can't be had here: one page whatever becomes of an answer, and a person's edit is never overwritten.

bats_require_minimum_version 1.5.0

setup_file() {
	load support/servers.bash
	export no_proxy='*' # whatever the machine has set
	new_servers
	local inner outer
	read -r inner outer <<<"$(free_ports 2)"
	keep_process drupal /usr/bin/python3 "$BATS_TEST_DIRNAME/support/drupal_server.py" "$servers" "$inner"
	keep_process gate /usr/bin/python3 "$BATS_TEST_DIRNAME/support/fault_gate.py" "$servers" "$outer" "$inner"
	export site=http://127.0.0.1:$outer
	wait_for curl -sf "$site/editor/nodes"
}

teardown_file() {
	load support/servers.bash
	[ -z "${servers:-}" ] || stop_servers
}

setup() {
	load support/servers.bash
	load support/pipeline.bash
	load support/plugin.bash
	load ../process/support/common.bash
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	rm -f "$servers"/{faults,go,one-in-three,answers,read-only,moderated}
	editor forget
	address=$site user=referat
	cd "$BATS_TEST_TMPDIR" || return 1
	(umask 077 && mkdir secrets && printf hemligt >secrets/referat && printf gast >secrets/gast && printf fel >secrets/wrong)
}

teardown() {
	[ ! -e "$servers/front.group" ] || stop_front
	[ -z "${running:-}" ] || { kill "$running" && wait "$running"; } || true
}

editor() { # editor WHAT [DOCUMENT [JSON]]: what a person does there
	jq -n --arg document "${2:-}" --argjson more "${3:-{\}}" '$more + {document: $document}' |
		curl -sf -X POST --data-binary @- "$site/editor/$1"
}

nodes() { curl -sf "$site/editor/nodes" | jq -r "$1"; } # nodes FILTER: of the list of all nodes

try() { # try [OPTION...]
	call_plugin target.drupal -o url="$address" -o user="$user" -o password="${secret:-$user}" "$@"
}

again() { document "$1" "$2" remote_id="$remote_id" remote_revision="$revision" "${@:3}"; } # it is known to be published

tried() { # tried RESULT [WORDS]: what the last call came to
	[ "$result" = "$1" ] && [[ $reason == *"${2:-}"* ]] && return
	echo "$result: $reason"
	return 1
}

@test "a document becomes a page, by an id of its own: title, text, short text, its address" {
	document ett 'Nämnden sade ja.'
	try
	tried ok
	[ "$url" = "$site/node/1" ]
	[[ $remote_id =~ ^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$ ]]
	[ "$(nodes '.[] | .title + "/" + .body.summary + "/" + .body.format')" = 'Nämnden & beslut/Kort om besluten./full_html' ]
	run -0 curl -sf "$url"
	[[ $output == *'<h2 id="b1">Beslut</h2><p>Nämnden sade ja.</p>'* ]]
	[ "$(grep -c '<h1>' <<<"$output")" -eq 1 ]
	[[ $(<answer.json) != *hemligt* && $(<try.log) != *hemligt* ]]
}

@test "a change goes to the same page, at the address that a person gave it; the same again sends nothing but a look" {
	document ett 'Nämnden sade ja.'
	try
	editor alias ett '{"alias": "/beslut/valt"}'
	again ett 'Nämnden sade nej.'
	try
	[ "$url" = "$site/beslut/valt" ]
	[[ $(curl -sf "$url") == *'sade nej'* ]]
	[ "$(nodes length)" -eq 1 ]
	try
	[ "$(jq -r '[.requests[].method] | join(" ")' answer.json)" = GET ]
}

@test "whichever answer is lost, and however, there is one page, and it is right" {
	local step how n=0
	for step in GET POST PATCH; do
		for how in 'before 500' 'after 500' 'after html' 'after empty' 'after drop'; do
			n=$((n + 1))
			document "nr$n" "Beslut $n."
			faults "$step /jsonapi/node/article $how"
			put_at_last
			no_faults_left
			[[ $(curl -sf "$url") == *"Beslut $n."* ]]
		done
	done
	[ "$(nodes length)" -eq "$n" ]
}

@test "a page whose first attempt broke off is finished, and was seen by nobody before" {
	document ett 'Nämnden sade ja.'
	faults 'PATCH /jsonapi/node/article before 500'
	try
	tried unknown
	[ "$(nodes '.[].status')" = false ]
	try --lookup
	tried not-found
	document ett 'Nämnden sade nej.'
	put_at_last
	[[ $(curl -sf "$url") == *'sade nej'* ]]
}

@test "two writers of one document at once: one page" {
	local i
	for i in 1 2 3 4; do
		mkdir "writer$i" && ln -s ../secrets "writer$i/secrets"
		(cd "writer$i" && document ett 'Nämnden sade ja.' && for _ in 1 2 3 4 5; do
			try
			[ "$result" != ok ] || exit 0
		done && exit 1) 3>&- &
	done
	wait
	[ "$(nodes '.[] | .status')" = true ]
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

@test "a person's edit is not overwritten: the difference is shown, and only what was seen is replaced" {
	document ett 'Nämnden sade ja.'
	try
	local seen
	editor edit ett '{"html": "<!-- referat:ett:x --><p>Nämnden sade ja, efter votering.</p>"}'
	again ett 'Nämnden sade nej.'
	try
	tried hold
	[[ $reason == *'På webbplatsen står:'*'efter votering'*'Referat vill skriva:'*'sade nej'*'referat release ett'*'referat retry ett'* ]]
	seen=$conflict
	editor edit ett '{"html": "<!-- referat:ett:x --><p>En annan ändring.</p>"}'
	document ett 'Nämnden sade nej.' remote_id=x remote_revision=x replace="$seen"
	try
	tried hold 'En annan ändring'
	document ett 'Nämnden sade nej.' remote_id=x remote_revision=x replace="$conflict"
	try
	tried ok
	[[ $(curl -sf "$url") == *'sade nej'* ]]
}

@test "an answer that was lost when a change was made is not taken for a person's edit" {
	document ett 'Nämnden sade ja.'
	try
	again ett 'Nämnden sade nej.'
	faults 'PATCH /jsonapi/node/article after drop'
	try
	tried unknown
	document ett 'Nämnden sade kanske.' remote_id=x remote_revision=of-another-time
	try
	tried ok
}

@test "what a person hid or deleted stays so until one says otherwise" {
	local what
	for what in hide remove; do
		document "$what" 'Nämnden sade ja.'
		try
		editor "$what" "$what"
		again "$what" 'Nämnden sade nej.'
		try
		tried hold
		document "$what" 'Nämnden sade nej.' remote_id=x remote_revision=x replace="$conflict"
		try
		tried ok
		[[ $(curl -sf "$url") == *'sade nej'* ]]
	done
}

@test "while a person has a new version in the works it is tried again later" {
	document ett 'Nämnden sade ja.'
	try
	editor draft ett
	again ett 'Nämnden sade nej.'
	try
	tried retry 'begun a new version'
}

@test "a withdrawn document leaves a word at its address, is unpublished or deleted; twice is as once" {
	local way
	for way in word unpublish delete; do
		document "$way" 'Nämnden sade ja.'
		try
		again "$way" 'Nämnden sade ja.' withdrawn=2024-06-01 withdrawn.reason='Fel belopp.'
		local there=$url
		for _ in 1 2; do
			try --withdraw -o withdrawn=$way
			tried ok
			try --compare -o withdrawn=$way
			[[ $result == ok || $result == not-found ]]
		done
		run curl -s -w '%{http_code}' "$there"
		case $way in
		word) [[ $output == *'Sammanfattningen är tillbakadragen'*'Skälet: Fel belopp.'*200 && $output != *'sade ja'* ]] ;;
		unpublish) [[ $output == *403 ]] ;;
		delete) [[ $output == *404 ]] ;;
		esac
	done
	document delete 'Nämnden sade ja.' remote_id=x remote_revision=withdrawn
	try # we took it away ourselves
	tried ok
}

@test "compare tells what stands there from what a person has changed, hidden or removed" {
	document ett 'Nämnden sade ja.'
	try
	try --compare
	tried ok
	editor edit ett '{"html": "<!-- referat:ett:x --><p>Redaktörens ord.</p>"}'
	try --compare
	tried hold 'Redaktörens ord.'
	editor hide ett
	try --compare
	tried hold 'Någon har avpublicerat sidan'
	editor remove ett
	try --compare
	tried not-found
}

@test "a draft waits for a person; a workflow's states are kept" {
	document ett 'Nämnden sade ja.'
	try -o status=draft
	[ "$result/$url" = ok/ ]
	[ "$(nodes '.[].status')" = false ]
	touch "$servers/moderated"
	document tva 'Nämnden sade ja.'
	try
	tried yield 'Forbidden: /data/attributes/status'
	try -o moderated=true
	tried ok
	[[ $(curl -sf "$url") == *'sade ja'* ]]
	try --withdraw -o moderated=true -o withdrawn=unpublish
	tried ok
	[ "$(curl -s -o /dev/null -w '%{http_code}' "$site/node/2")" = 403 ]
}

@test "what the text format takes away is noticed before anybody can read it" {
	document ett 'Nämnden sade ja.'
	try -o format=basic_html
	tried ok # markup goes, words stay
	document tva 'Nämnden sade ja.'
	try -o format=censored
	tried hold 'Textformatet censored'
	[ "$(nodes '.[1].status')" = false ]
	document tre 'Nämnden sade ja.'
	try -o format=none
	tried fail 'Unprocessable Content: /data/attributes/body/format'
}

@test "wrong credentials, lacking rights, a site that may only be read: told in words, and nothing is written" {
	document ett 'Nämnden sade ja.'
	secret=wrong try
	tried yield 401
	secret=wrong try --probe
	tried yield 'does not know the user referat'
	user=gast try
	tried yield 403
	user=gast try --probe
	tried yield 'does not let the user gast'
	touch "$servers/read-only"
	try
	tried yield 'only lets us read'
	try --probe
	tried yield '/admin/config/services/jsonapi'
	rm "$servers/read-only"
	try --probe -o type=sida
	tried yield 'no type of content sida'
	try --probe
	tried ok
	[ "$(nodes length)" -eq 0 ]
}

@test "no Drupal at the address, or nobody at all: said in words" {
	document ett 'Nämnden sade ja.'
	address=$site/underkatalog try
	tried yield 'no JSON:API of Drupal'
	address=http://127.0.0.1:1 try
	tried yield 'does not answer'
}

@test "each kind of answer has its result" {
	local answer wanted
	document ett 'Nämnden sade ja.'
	while read -r answer wanted; do
		faults "POST /jsonapi/node/article before $answer"
		try
		tried "$wanted" "$answer"
	done <<-'END'
		400 fail
		401 yield
		403 yield
		405 yield
		409 retry
		413 fail
		422 fail
		429 yield
		500 unknown
		503 unknown
	END
	[ "$(nodes length)" -eq 0 ]
}

# ---- whole pipelines ---------------------------------------------------------------------------------------------------

definition() { # definition [OPTION OF THE STAGE]
	demo_with "$PWD/secrets" "target.drupal: {url: \"$site\", user: referat, password: !secret referat}" "$@"
}

@test "a dry run shows what would make the page, and sends none of it" {
	definition
	would kommunstyrelsen-2024-05.txt
	[[ $changes == "POST $site/jsonapi/node/article"* && $would != *hemligt* ]]
	[ "$(nodes length)" -eq 0 ]
}

@test "from the inbox to the page, held when a person has changed it, replaced when one says so, withdrawn" {
	definition
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt" demo/inbox/
	run -0 referat check --environment demo/pipeline.yaml
	run_once 0
	document=$(jq -r '.documents[0].document' <<<"$output")
	editor edit "$document" "{\"html\": \"<!-- referat:$document:x --><p>Redaktörens egna ord.</p>\"}"
	sed -i 's/cykelväg/gång- och cykelväg/' demo/inbox/kommunstyrelsen-2024-05.txt
	run_once 1
	start_pipeline
	run -0 referat held --state state
	[[ $output == *'Redaktörens egna ord.'*"referat release $document"*"referat retry $document"* ]]
	referat retry "$document" --state state --reason 'ours is right'
	wait_until eval 'curl -sf "$site/node/1" | grep -q "gång- och cykelväg"'
	wait_until referat withdraw "$document" --state state --reason 'Fel belopp.' --show-reason
	wait_until eval 'curl -sf "$site/node/1" | grep -q "Skälet: Fel belopp."'
}

@test "a bulk of documents, with a third of all answers lost: all there, once, right" {
	local n=${REFERAT_POSTS:-30} day
	definition 'workers: 2'
	for ((i = 0; i < n; i++)); do
		day=$(date -d "2000-05-01 +$i days" +%Y-%m-%d)
		minutes_of "$((10#${day:8}))" maj "${day:0:4}" >"demo/inbox/$day.txt"
	done
	echo /jsonapi/node/article >"$servers/one-in-three"
	run_once 0
	rm "$servers/one-in-three"
	[ "$(jq '[.documents[] | select(.status == "published")] | length' <<<"$output")" -eq "$n" ]
	[ "$(nodes '[.[] | select(.status)] | length')" -eq "$n" ]
	[ "$(nodes '[.[].body.value | capture("referat:(?<id>[^:]*)").id] | unique | length')" -eq "$n" ]
}
