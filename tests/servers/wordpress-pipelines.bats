#!/usr/bin/env bats
# Whole pipelines that publish into a real WordPress: what operators do, what people see in a browser, and a bulk of
# documents with a third of all answers lost.

bats_require_minimum_version 1.5.0

setup_file() {
	load support/wordpress.bash
	set_up_wordpress
}

teardown_file() {
	load support/wordpress.bash
	[ -z "${servers:-}" ] || stop_servers
}

setup() {
	load support/wordpress.bash
	load support/pipeline.bash
	load ../process/support/common.bash
	empty_wordpress
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	cd "$BATS_TEST_TMPDIR"
}

teardown() {
	[ -z "${running:-}" ] || { kill "$running" && wait "$running"; } || true
}

definition() { # definition [OPTION OF THE STAGE [OPTION OF THE TARGET]]
	demo_with "$servers/secrets" "target.wordpress: {url: \"$site\", user: referat, password: !secret referat${2:+, $2}}" "${@:1:1}"
}

# A published document, changed by a person there and by the clerk here: the pipeline runs, and holds it.
start_with_conflict() {
	definition
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt" demo/inbox/
	run_once 0
	id=$(posts 'post["id"]')
	edit "$id" '{"content": "<p>Redaktörens egna ord.</p>"}'
	sed -i 's/cykelväg/gång- och cykelväg/' demo/inbox/kommunstyrelsen-2024-05.txt
	run_once 1
	start_pipeline
	run -0 referat held --state state
	[[ $output == *'Redaktörens egna ord.'*"referat release $document"*"referat retry $document"* ]]
	[[ $(posts 'post["content"]["raw"]') == '<p>Redaktörens egna ord.</p>' ]]
	! grep -q Redakt said
}

is_open() {
	[ "$(referat list --state state --json | jq -r '.documents[0].status')" != published ]
}

@test "an operator keeps what a person wrote on the site, or replaces it" {
	start_with_conflict
	referat release "$document" --state state --reason 'the editor knows better'
	wait_until eval '! is_open'
	[[ $(posts 'post["content"]["raw"]') == '<p>Redaktörens egna ord.</p>' ]]
	kill "$running" && wait "$running" || true
	sed -i 's/gång- och cykelväg/cykelbana/' demo/inbox/kommunstyrelsen-2024-05.txt
	run_once 1 # the next change asks again
	start_pipeline
	referat retry "$document" --state state --reason 'ours is right'
	wait_until eval '! is_open'
	[[ $(posts 'post["content"]["raw"]') == *cykelbana* ]]
	[ "$(posts 'post["id"]')" = "$id" ]
}

# A published document, with the pipeline going on.
start_published() {
	definition
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt" demo/inbox/
	run_once 0
	document=$(jq -r '.documents[0].document' <<<"$output")
	referat run demo/pipeline.yaml --state state >said 2>&1 3>&- &
	running=$!
	wait_until eval 'referat status --state state >/dev/null'
}

# found STATUS WHAT: `referat drift` ends so, and finds that of the document; in $output is the reason.
found() {
	run -"$1" --separate-stderr referat drift "$document" --state state --json
	[ "$(jq -r '(.drifted + .unknown)[0].found // "same"' <<<"$output")" = "$2" ]
	output=$(jq -r '.drifted[0].reason // ""' <<<"$output")
}

@test "a wrong password stops the destination and charges nobody; the right one lets all go on" {
	definition
	cp -r "$servers/secrets" own && ln -sfn "$PWD/own" demo/secrets
	printf fel >own/referat
	cp "$tree"/pipelines/demo/inbox/kommunstyrelsen-2024-0[56].txt demo/inbox/
	referat run demo/pipeline.yaml --state state >said 2>&1 3>&- &
	running=$!
	wait_until grep -q 'its application password or its rights are wrong' said
	# It was asked at the start already; a document must have come there, too.
	wait_until eval 'referat status --state state >status; [ $? -eq 1 ]'
	[[ $(<status) == *'publish/cms'* ]]
	[ "$(referat list --state state --json | jq -r '[.documents[].status] | unique | join(",")')" = open ]
	[ -z "$(posts 'post["id"]')" ]
	cat "$servers/referat" >own/referat
	wait_until eval '[ "$(referat list --state state --json | jq -r "[.documents[].status] | unique | join(\",\")")" = published ]'
	[ "$(posts 'post["status"]' | wc -l)" -eq 2 ]
	run ! grep -q "$(<"$servers/referat")" said
}

@test "a category that an editor deletes while Referat runs is made again for the next post" {
	start_published
	category=$(posts 'post["categories"][0]')
	as_editor "/wp/v2/categories/$category&force=true" -X DELETE -o answer
	sed 's/maj 2024/augusti 2024/; s/den 8 maj/den 8 augusti/' "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt" \
		>demo/inbox/kommunstyrelsen-2024-08.txt
	wait_until eval '[ "$(posts "post[\"id\"]" status=publish | wc -l)" -eq 2 ]'
	category=$(posts 'post["categories"][0]' | tail -n 1)
	[ "$(as_editor "/wp/v2/categories/$category" | jq -r .name)" = Kommunstyrelsen ]
}

@test "drift finds what an editor has changed, hidden or removed" {
	start_published
	found 0 same
	id=$(posts 'post["id"]')
	edit "$id" '{"content": "<p>Redaktörens egna ord.</p>"}'
	found 2 changed
	[[ $output == 'På webbplatsen står:'*'Redaktörens egna ord.'* ]]
	as_editor "/wp/v2/posts/$id&force=true" -X DELETE -o answer
	found 2 missing
}

@test "a dry run shows what would make the post, or change it, and sends none of it" {
	definition '' 'categories: false'
	referat run demo/pipeline.yaml --state state >said 2>&1 3>&- &
	running=$!
	wait_until eval 'referat pause publish/cms --state state'
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt" demo/inbox/
	wait_until eval 'document=$(referat list --state state --json | jq -re ".documents[0].document")'
	wait_until eval 'referat publish --dry-run "$document" --state state >/dev/null'
	run -0 --separate-stderr referat publish --dry-run "$document" --state state --json
	[ "$(jq -r '.results[0].requests | map(select(.sent | not) | .method + " " + (.url | sub(".*/wp/v2/"; "") | sub("[?&].*"; ""))) | join(", ")' <<<"$output")" = \
		'POST tags, POST posts, POST posts/2147483647' ]
	[[ $(jq -r '.results[0].requests[-1].body | fromjson | .status + " " + .content' <<<"$output") == 'publish <!-- wp:html -->'*cykelväg* ]]
	[[ $output != *"$(<"$servers/referat")"* ]]
	[ -z "$(posts 'post["id"]')" ]
	referat resume publish/cms --state state
	wait_until eval '! is_open'
	run -0 referat publish --dry-run "$document" --state state
	[[ $output == *'publish/cms: nothing to do'* ]]
	referat pause publish/cms --state state
	edit "$(posts 'post["id"]')" '{"content": "<p>Redaktörens egna ord.</p>"}'
	sed -i 's/cykelväg/gång- och cykelväg/' demo/inbox/kommunstyrelsen-2024-05.txt
	wait_until eval 'referat publish --dry-run "$document" --state state | grep "it would be held"'
	run -65 referat publish --dry-run "$document" --state state
	[[ $output == *'Redaktörens egna ord.'* ]]
	[[ $(posts 'post["content"]["raw"]') == '<p>Redaktörens egna ord.</p>' ]]
}

@test "a withdrawn document is withdrawn in WordPress" {
	definition
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt" demo/inbox/
	run_once 0
	document=$(jq -r '.documents[0].document' <<<"$output")
	referat run demo/pipeline.yaml --state state >said 2>&1 3>&- &
	running=$!
	wait_until referat withdraw "$document" --state state --reason 'Fel belopp.' --show-reason
	wait_until eval "curl -sf $site/kommunstyrelsen-2024-05-08/ | grep -q 'Skälet: Fel belopp.'"
}

@test "a name is taken out: nothing of the earlier version is left in WordPress, nor of a withdrawn document" {
	start_published
	sed -i 's/[Cc]ykelväg/led/g' demo/inbox/kommunstyrelsen-2024-05.txt
	wait_until eval '[[ $(posts "post[\"content\"][\"raw\"]") != *cykelväg* ]]'
	wait_until eval '! is_open'
	id=$(posts 'post["id"]')
	[ "$(stored cykelväg)" -gt 0 ]
	referat erase "$document" --earlier --reason 'case 7' --state state
	wait_until eval '[ "$(stored cykelväg)" -eq 0 ]'
	wait_until eval '! is_open'
	[ "$(posts 'post["slug"], post["status"]')" = "('kommunstyrelsen-2024-05-08', 'publish')" ]
	[ "$(posts 'post["id"]')" != "$id" ]
	run ! grep -rlq cykelväg state
	found 0 same
	referat withdraw "$document" --purge --reason 'Fel.' --state state
	wait_until eval '[ "$(referat list --state state --json | jq -r ".documents[0].status")" = withdrawn ]'
	[ "$(stored Delårsrapport)" -eq 0 ]
	[[ $(posts 'post["title"]["raw"]') == 'Sammanfattningen är tillbakadragen' ]]
	referat erase "$document" --reason 'case 7' --state state
}

@test "minutes that came as a PDF are attached; the post says what they say" {
	definition 'workers: 1' 'attach: pdf'
	sed -i 's/approve: generated/approve: never/' demo/pipeline.yaml
	sed -i 's/name: Byggnadsnämnden/name: Tekniska nämnden/' demo/publisher.yaml
	cp "$tree/tests/unit/samples/protokoll-2024-03-12.pdf" demo/inbox/
	run_once 0
	file=$(as_editor /wp/v2/media | jq -r '.[0].source_url')
	curl -sf "$file" | cmp - demo/inbox/protokoll-2024-03-12.pdf
	[[ $(posts 'post["content"]["raw"]') == *"<a href=\"$file\">Hela dokumentet (PDF, "* ]]
}

@test "a post for later waits, uncharged, and can be withdrawn before anybody has seen it" {
	definition 'workers: 1' 'delay: 2h'
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt" demo/inbox/
	referat run demo/pipeline.yaml --state state >said 2>&1 3>&- &
	running=$!
	wait_until eval "[ \"\$(referat list --state state --json 2>/dev/null | jq -r '.documents[0].status')\" = open ]"
	document=$(referat list --state state --json | jq -r '.documents[0].document')
	wait_until eval "referat why '$document' --state state | grep -q 'not before .*WordPress has it, and shows it from'"
	[ "$(posts 'post["status"]')" = future ]
	referat withdraw "$document" --state state --reason 'Fel belopp.'
	wait_until eval '[ "$(posts "post[\"status\"]")" = trash ]'
}

@test "the published article in a browser: axe finds nothing, it is in Swedish, one heading leads the others" {
	"$tree/tests/browser/setup"
	definition
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-06.txt" demo/inbox/
	run_once 0
	run -0 timeout 60 node "$tree/tests/browser/look.mjs" "$(posts 'post["link"]')"
	[ "$output" = "language sv
h1 Kommunstyrelsen – aktuella beslut juni 2024
h2 Budget för 2025
h2 Nej till fria bussresor för alla under 25 år
h2 Bidrag till musik i Stadsparken
h2 Om sammanträdet" ]
}

@test "an editor who opens the post finds one block of HTML, as it is, and a tag that says what it is for" {
	"$tree/tests/browser/setup"
	definition
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-06.txt" demo/inbox/
	run_once 0
	run -0 timeout 90 node "$tree/tests/servers/support/wordpress/editor.mjs" "$site" "$(posts 'post["id"]')"
	[ "$output" = "core/html as it is
warnings 0
changed false" ]
	tag=$(posts 'post["tags"][0]')
	[[ $(as_editor "/wp/v2/tags/$tag" | jq -r .description) == *'Referat'*'Ta inte bort'* ]]
}

@test "a bulk of documents, with a third of all answers lost: all there, once, right" {
	local n=${REFERAT_POSTS:-60} day
	definition 'workers: 2'
	for ((i = 0; i < n; i++)); do
		day=$(date -d "2000-01-01 +$i days" +%Y-%m-%d)
		minutes_of "$((10#${day:8}))" "$(LC_ALL=C date -d "$day" +%B | sed 's/January/januari/; s/February/februari/; s/March/mars/; s/April/april/; s/May/maj/; s/June/juni/; s/July/juli/; s/August/augusti/; s/October/oktober/; s/S/s/; s/N/n/; s/D/d/')" \
			"${day:0:4}" >"demo/inbox/$day.txt"
	done
	touch "$servers/wordpress/wp-content/one-in-three"
	run_once 0
	rm "$servers/wordpress/wp-content/one-in-three"
	[ "$(<"$servers/wordpress/wp-content/answers")" -gt $((n * 5)) ]
	[ "$(jq '[.documents[] | select(.status == "published")] | length' <<<"$output")" -eq "$n" ]
	count=0
	while read -r state slug; do
		[ "$state" = publish ]
		count=$((count + 1))
	done < <(all_posts)
	[ "$count" -eq "$n" ]
	[ "$(all_posts | sort -u | wc -l)" -eq "$n" ]
	[ "$(all_posts | grep -c -- '-2$')" -eq 0 ]
}

all_posts() { # of all pages of the list
	local page
	for ((page = 1; page <= (${REFERAT_POSTS:-60} + 99) / 100; page++)); do
		posts '"%s %s" % (post["status"], post["slug"])' "page=$page"
	done
}
