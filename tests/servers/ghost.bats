#!/usr/bin/env bats
# target.ghost against a real Ghost: one post whatever becomes of an answer, a person's edit is never overwritten, and what
# is withdrawn or waits is seen by nobody.

bats_require_minimum_version 1.5.0

setup_file() {
	load support/ghost.bash
	set_up_ghost
}

teardown_file() {
	load support/ghost.bash
	[ -z "${servers:-}" ] || stop_servers
}

setup() {
	load support/ghost.bash
	load support/pipeline.bash
	load support/plugin.bash
	load ../process/support/common.bash
	empty_ghost
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	address=$site
	cd "$BATS_TEST_TMPDIR"
	ln -s "$servers/secrets" secrets
}

teardown() {
	[ ! -e "$servers/front.group" ] || stop_front
	[ -z "${running:-}" ] || { kill "$running" && wait "$running"; } || true
}

# ---- the plugin alone --------------------------------------------------------------------------------------------------

# card NAME TEXT: what the document's card says instead
card() {
	jq --arg name "$1" --arg text "$2" '.parts.card.json[$name] = $text' call.json >changed.json
	mv changed.json call.json
}

try() { # try [OPTION...]
	call_plugin target.ghost -o url="$address" -o key="${secret:-key}" "$@"
	id=$remote_id
}

# again ID TEXT: the document is known to have been published, and has another text
again() {
	document "$1" "$2" remote_id="$id" remote_revision="$revision"
}

@test "a document becomes a post: its HTML as it was written, excerpt, the board's tag, its address; no mail" {
	local html='Nämnden sade <a href="#b1">ja</a>.</p><ul><li><time datetime="2024-05-08">I maj</time></li></ul><table><tr><th scope="row">1</th></tr></table><p lang="en">Yes &amp; no'
	as_editor POST members/ '{"members": [{"email": "prenumerant@exempelby.example", "name": "Prenumerant"}]}' >/dev/null
	document ett "$html"
	try
	[ "$result" = ok ]
	[ "$url" = "$site/namnden-ett/" ]
	[ "$(posts 'post["status"], post["title"], post["custom_excerpt"]')" = "('published', 'Nämnden & beslut', 'Kort om besluten.')" ]
	[ "$(posts '[(tag["name"], tag["visibility"]) for tag in post["tags"]]')" = "[('Nämnden', 'public'), ('#referat-ett', 'internal')]" ]
	run -0 curl -sf "$url"
	[[ $output == *"<div class=\"referat\" lang=\"sv\">"*"<h2 id=\"b1\">Beslut</h2><p>$html</p>"* ]]
	[ "$(grep -c '<h1' <<<"$output")" -eq 1 ]
	[[ $output != *'#referat-ett'* ]]
	[ "$(in_database 'SELECT COUNT(*) FROM emails')" = 0 ]
}

@test "compare tells what stands there from what an editor has changed, hidden or removed" {
	document ett 'Nämnden sade ja.'
	try
	local post=$id
	again ett 'Nämnden sade ja.'
	try --compare
	[ "$result" = ok ]
	write_text "$post" '<p>Redaktörens ord.</p>'
	try --compare
	[[ $result == hold && $reason == 'På webbplatsen står:'*'Redaktörens ord.'*'Nämnden sade ja.'* ]]
	edit "$post" '{status: "draft"}'
	try --compare
	[[ $result == hold && $reason == 'Någon har avpublicerat sidan på webbplatsen.' ]]
	as_editor DELETE "posts/$post/" >/dev/null
	try --compare
	[ "$result" = not-found ]
}

@test "a change goes to the same post, at the same address; what editors set stays" {
	document ett 'Nämnden sade ja.'
	try
	edit "$id" '{tags: [{name: "Skola"}], featured: true}'
	again ett 'Nämnden sade nej.'
	try
	[ "$result" = ok ]
	[ "$(posts 'post["slug"], "nej" in post["html"], post["featured"], [tag["name"] for tag in post["tags"]]')" = "('namnden-ett', True, True, ['Skola'])" ]
}

@test "whichever answer is lost, and however, there is one post, and it is right" {
	local step when how n=0
	for step in GET POST PUT; do
		for how in 'before 500' 'after 500' 'after html' 'after empty' 'after drop'; do
			n=$((n + 1))
			document "nr$n" "Beslut $n."
			faults "$step /ghost/api/admin/posts/ $how"
			put_at_last
			no_faults_left
		done
	done
	[ "$(posts 'post["status"]' | sort | uniq -c | xargs)" = "$n published" ]
	[ "$(posts 'post["slug"]' | sort -u | grep -c '^namnden-nr[0-9]*$')" -eq "$n" ]
}

@test "an answer that is lost when a change was made is not taken for a person's edit" {
	document ett 'Nämnden sade ja.'
	try
	again ett 'Nämnden sade nej.'
	faults 'PUT /ghost/api/admin/posts/ after 502'
	try
	[ "$result" = unknown ]
	document ett 'Nämnden sade kanske.' remote_id="$(posts 'post["id"]')" remote_revision=of-another-time
	try
	[ "$result" = ok ]
}

@test "two writers of one document at once: one post, and never two that anybody can see" {
	local i round
	for round in 1 2 3; do
		for i in 1 2 3 4; do
			mkdir -p "writer$i" && ln -sfn "$servers/secrets" "writer$i/secrets"
			(cd "writer$i" && document "tva$round" 'Nämnden sade ja.' && put_at_last) 3>&- &
		done
		while [ -n "$(jobs -rp)" ]; do
			[ "$(curl -sf "$site/rss/" | grep -o "<link>[^<]*tva$round[^<]*" | sort -u | wc -l)" -le 1 ]
		done
		wait
		[ "$(posts 'post["slug"], post["status"]' "tag:hash-referat-tva$round")" = "('namnden-tva$round', 'published')" ]
	done
	[ "$(posts 'post["slug"]' | wc -l)" -eq 3 ]
}

@test "an address that is taken: the post stands at another, and stays there" {
	as_editor POST posts/ '{"posts": [{"title": "x", "slug": "namnden-ett", "status": "published"}]}' >/dev/null
	document ett 'Nämnden sade ja.'
	try
	[ "$url" = "$site/namnden-ett-2/" ]
	again ett 'Nämnden sade nej.'
	try
	[ "$url" = "$site/namnden-ett-2/" ]
}

@test "an address that a person has changed stays changed" {
	document ett 'Nämnden sade ja.'
	try
	edit "$id" '{slug: "vald-av-redaktoren"}'
	again ett 'Nämnden sade nej.'
	try
	[ "$url" = "$site/vald-av-redaktoren/" ]
}

@test "a person's edit is not overwritten: the difference is shown, and only what was seen is replaced" {
	document ett 'Nämnden sade ja.'
	try
	local post=$id
	write_text "$post" '<p>Nämnden sade ja, efter votering.</p>'
	again ett 'Nämnden sade nej.'
	try
	[ "$result" = hold ]
	[[ $reason == *'På webbplatsen står:'*'efter votering'*'Referat vill skriva:'*'sade nej'*'Behåll'*'referat release ett'*'Ersätt'*'referat retry ett'* ]]
	[[ $(posts 'post["html"]') == *votering* ]]
	write_text "$post" '<p>En annan ändring.</p>'
	document ett 'Nämnden sade nej.' remote_id="$post" remote_revision=x replace="$conflict"
	try
	[ "$result" = hold ]
	document ett 'Nämnden sade nej.' remote_id="$post" remote_revision=x replace="$conflict"
	try
	[ "$result" = ok ]
	[[ $(posts 'post["html"]') == *'sade nej'* ]]
}

@test "an edit between the look and the write is refused by Ghost, and asked about" {
	document ett 'Nämnden sade ja.'
	try
	local post=$id
	again ett 'Nämnden sade nej.'
	faults 'PUT /ghost/api/admin/posts/ before wait'
	try 3>&- &
	wait_for no_faults_left
	write_text "$post" '<p>Nämnden sade ja, efter votering.</p>' # not through the gate's wait: that was used once
	touch "$servers/go"
	wait
	[ "$(jq -r .result answer.json)" = hold ]
	[[ $(jq -r .reason answer.json) == *votering*'sade nej'* ]]
	[[ $(posts 'post["html"]') == *votering* ]]
}

@test "what a person unpublished or deleted stays so until one says otherwise" {
	local what post
	for what in hidden gone; do
		document "$what" 'Nämnden sade ja.'
		try
		post=$id
		case $what in
		hidden) edit "$post" '{status: "draft"}' ;;
		gone) as_editor DELETE "posts/$post/" ;;
		esac
		again "$what" 'Nämnden sade nej.'
		try
		[ "$result" = hold ]
		[ "$(curl -s -o /dev/null -w '%{http_code}' "$site/namnden-$what/")" = 404 ]
		document "$what" 'Nämnden sade nej.' remote_id="$post" remote_revision=x replace="$conflict"
		try
		[ "$result" = ok ]
		[[ $(curl -sf "$url") == *'sade nej'* ]]
	done
}

@test "a post whose number is not known is found by its tag, and when a person took that away, by its mark" {
	document ett 'Nämnden sade ja.'
	try
	local post=$id
	document ett 'Nämnden sade nej.'
	try
	[ "$id" = "$post" ]
	edit "$post" '{tags: []}'
	document ett 'Nämnden sade kanske.'
	try
	[ "$id" = "$post" ]
	[ "$(posts 'post["slug"]')" = namnden-ett ]
}

@test "a withdrawn document leaves a word at its address, is a draft again, or is deleted; twice is as once" {
	document ett 'Nämnden sade ja.'
	try
	document ett 'Nämnden sade ja.' remote_id="$id" withdrawn=2024-06-01 withdrawn.reason='Fel belopp.' \
		withdrawn.replacement=https://exempelby.example/ny
	write_text "$id" '<p>Nämnden sade ja, efter votering.</p>' # which does not hinder it
	try --withdraw
	[ "$result" = ok ]
	try --withdraw
	run -0 curl -sf "$site/namnden-ett/"
	[[ $output == *'Sammanfattningen är tillbakadragen'*'den 1 juni 2024'*'Skälet: Fel belopp.'*'https://exempelby.example/ny'* ]]
	[[ $output != *'sade ja'* && $output != *'Kort om'* ]]
	for way in draft delete; do
		document "$way" 'Nämnden sade ja.'
		try
		try --withdraw -o withdrawn="$way" # its number was never heard of: it is found by its tag
		[ "$result" = ok ]
		[ "$(curl -s -o /dev/null -w '%{http_code}' "$site/namnden-$way/")" = 404 ]
		try --withdraw -o withdrawn="$way"
		[ "$result" = ok ]
	done
	[ "$(posts 'post["slug"], post["status"]' | sort | xargs)" = '(namnden-draft, draft) (namnden-ett, published)' ]
	document draft 'Nämnden sade ja.' remote_id="$(posts 'post["id"]' slug:namnden-draft)" remote_revision=withdrawn
	try # it is published again, and we took it away ourselves
	[ "$result" = ok ]
	[ "$url" = "$site/namnden-draft/" ]
}

# kept TEXT: in how many places Ghost has it, its history as well
kept() {
	in_database "SELECT (SELECT COUNT(*) FROM post_revisions WHERE CONCAT_WS(' ', title, custom_excerpt, lexical) LIKE '%$1%')
		+ (SELECT COUNT(*) FROM mobiledoc_revisions WHERE mobiledoc LIKE '%$1%')
		+ (SELECT COUNT(*) FROM posts WHERE CONCAT_WS(' ', title, custom_excerpt, lexical, html, plaintext) LIKE '%$1%')"
}

@test "when earlier versions must go, Ghost has them nowhere; address, date and what editors chose stay" {
	document ett 'Anna Ek sade ja.'
	try
	edit "$id" '{slug: "vald-av-redaktoren", featured: true, tags: [{name: "Skola"}, {name: "#referat-ett"}],
		published_at: "2024-05-09T08:00:00.000Z"}'
	local before=$id authors
	authors=$(posts '[author["id"] for author in post["authors"]]')
	again ett 'Någon sade ja.'
	try
	[ "$(kept 'Anna Ek')" -gt 0 ]
	document ett 'Någon sade ja.' remote_id="$id" remote_revision="$revision" purge=2024-06-01T09:00:00Z
	try --lookup
	[ "$result" = not-found ]
	try
	[ "$result" = ok ]
	[ "$id" != "$before" ]
	[ "$url" = "$site/vald-av-redaktoren/" ]
	[ "$(kept 'Anna Ek')" -eq 0 ]
	[ "$(posts 'post["featured"], [tag["name"] for tag in post["tags"]], post["published_at"]')" = \
		"(True, ['Skola', '#referat-ett'], '2024-05-09T08:00:00.000Z')" ]
	[ "$(posts '[author["id"] for author in post["authors"]]')" = "$authors" ]
	[[ $(curl -sf "$url") == *'Någon sade ja'* ]]
	local after=$id
	try # its new number was not heard of
	try --lookup
	[ "$result/$id" = "ok/$after" ]
	document ett 'Någon sade nej.' remote_id="$after" remote_revision="$revision"
	try
	[ "$result/$id/$url" = "ok/$after/$site/vald-av-redaktoren/" ]
}

@test "whichever answer is lost while a post is made anew, there is one in the end, and never two that anybody can see" {
	local step how n=0 old
	for step in 'GET posts/' 'POST posts/' 'DELETE posts/' 'PUT posts/'; do
		for how in 'before 500' 'after 500' 'after html' 'after drop'; do
			n=$((n + 1))
			document "nr$n" 'Anna Ek sade ja.'
			put_at_last
			old=$id
			document "nr$n" 'Någon sade ja.' remote_id="$old" remote_revision="$revision" purge=2024-06-01T09:00:00Z
			faults "${step/ / /ghost/api/admin/} $how"
			for _ in 1 2 3 4 5 6; do
				try
				[ "$(posts 'post["status"]' "tag:hash-referat-nr$n" | grep -c published)" -le 1 ]
				[ "$result" != unknown ] || try --lookup
				[ "$result" != ok ] || break
			done
			[ "$result/$url" = "ok/$site/namnden-nr$n/" ]
			no_faults_left
			[ "$(posts 'post["slug"], post["status"]' "tag:hash-referat-nr$n")" = "('namnden-nr$n', 'published')" ]
		done
	done
	[ "$(kept 'Anna Ek')" -eq 0 ]
}

@test "a person's edit is held when earlier versions must go, and goes with them when one agrees" {
	document ett 'Anna Ek sade ja.'
	try
	local post=$id
	write_text "$post" '<p>Anna Ek sade ja, efter votering.</p>'
	document ett 'Någon sade ja.' remote_id="$post" remote_revision=x purge=2024-06-01T09:00:00Z
	try
	[ "$result" = hold ]
	[ "$(posts 'post["id"]')" = "$post" ]
	document ett 'Någon sade ja.' remote_id="$post" remote_revision=x purge=2024-06-01T09:00:00Z replace="$conflict"
	try
	[ "$result" = ok ]
	[ "$(kept 'Anna Ek')" -eq 0 ]
}

@test "withdrawn for good: the word stands at the address, or nothing, and Ghost has the text nowhere" {
	local way
	for way in word draft delete; do
		document "$way" 'Anna Ek sade ja.'
		try
		document "$way" 'Anna Ek sade ja.' remote_id="$id" remote_revision="$revision" withdrawn=2024-06-01 purge=2024-06-01T09:00:00Z
		for _ in 1 2; do
			try --withdraw -o withdrawn="$way"
			[ "$result" = ok ]
		done
		[ "$(kept 'Anna Ek')" -eq 0 ]
	done
	[[ $(curl -sf "$site/namnden-word/") == *'Sammanfattningen är tillbakadragen'* ]]
	[ "$(posts 'post["slug"]')" = namnden-word ]
}

@test "a withdrawal for good that breaks off is finished: the word stands there" {
	document ett 'Anna Ek sade ja.'
	try
	document ett 'Anna Ek sade ja.' remote_id="$id" remote_revision="$revision" withdrawn=2024-06-01 purge=2024-06-01T09:00:00Z
	faults 'PUT /ghost/api/admin/posts/ before 500'
	try --withdraw
	[ "$result" = unknown ]
	[ "$(curl -s -o /dev/null -w '%{http_code}' "$site/namnden-ett/")" = 404 ]
	try --withdraw
	[ "$result" = ok ]
	[[ $(curl -sf "$site/namnden-ett/") == *'Sammanfattningen är tillbakadragen'* ]]
	[ "$(kept 'Anna Ek')" -eq 0 ]
}

@test "a new post gets the tags of its topics; what an editor does with them stays" {
	printf '# ämnen\nSkola: skola, elev\nTrafik: cykel\n' >topics.txt
	document ett 'Nämnden talade om eleverna.'
	try -o topics=topics.txt
	[ "$(posts '[tag["name"] for tag in post["tags"]]')" = "['Nämnden', '#referat-ett', 'Skola']" ]
	edit "$id" '{tags: [{name: "#referat-ett"}]}'
	again ett 'Nämnden talade om cykelvägar.'
	try -o topics=topics.txt
	[ "$(posts '[tag["name"] for tag in post["tags"]]')" = "['#referat-ett']" ]
	printf 'Skola\n' >topics.txt
	run ! referat plugins try target.ghost call.json --send -o url="$site" -o key=key -o topics=topics.txt
	[[ $output == *'topics.txt:1: expected a topic and words'* ]]
}

@test "a draft waits for a person, who may publish it; until then it has no address to tell anybody" {
	document ett 'Nämnden sade ja.'
	try -o status=draft
	[ "$result/$url" = ok/ ]
	[ "$(posts 'post["status"], post["slug"]')" = "('draft', 'namnden-ett')" ]
	edit "$id" '{status: "published"}'
	again ett 'Nämnden sade nej.'
	try -o status=draft
	[ "$url" = "$site/namnden-ett/" ]
	[[ $(curl -sf "$url") == *'sade nej'* ]]
}

@test "a post that is to wait is seen by nobody before its time, and by everybody then" {
	document ett 'Nämnden sade ja.'
	try -o delay=2h
	[ "$result" = unknown ] # it is looked up when its time has come
	[[ $reason == *'shows it from 20'* ]]
	[ "$(curl -s -o /dev/null -w '%{http_code}' "$site/namnden-ett/")" = 404 ]
	[ "$(posts 'post["status"]')" = scheduled ]
	try --lookup
	[ "$result" = unknown ]
	document ett 'Nämnden sade nej.'
	try -o delay=2h
	[ "$(posts 'post["status"], "nej" in post["html"]')" = "('scheduled', True)" ]
	edit "$(posts 'post["id"]')" "{published_at: \"$(date -u -d '+3 seconds' +%FT%T.000Z)\"}"
	wait_for curl -sf "$site/namnden-ett/"
	try --lookup
	[ "$result" = ok ]
	[ "$url" = "$site/namnden-ett/" ]
	document tva 'Nämnden sade ja.'
	try -o delay=2h
	try --withdraw
	[ "$result" = ok ]
	[ "$(posts 'post["status"], "sade ja" in post["html"]' slug:namnden-tva)" = "('draft', False)" ]
}

@test "titles and excerpts that are too long for Ghost are cut between words" {
	document ett 'Nämnden sade ja.'
	card title "$(printf 'Överförmyndarnämnden %.0s' {1..20})"
	card short_text "$(printf 'Å%.0s' {1..290}) $(printf 'ord %.0s' {1..20})"
	try
	[ "$result" = ok ]
	[ "$(posts 'len(post["title"]) <= 255, post["title"][-22:], len(post["custom_excerpt"]), post["custom_excerpt"][-5:]')" = "(True, 'Överförmyndarnämnden …', 300, 'ord …')" ]
}

@test "what something in Ghost takes out of the text is noticed before anybody can read it" {
	in_database "CREATE TRIGGER censor BEFORE INSERT ON posts FOR EACH ROW SET NEW.html = REPLACE(NEW.html, 'ja', '')"
	document ett 'Nämnden sade ja.'
	try
	in_database 'DROP TRIGGER censor'
	[ "$result" = hold ]
	[[ $reason == *'Ghost sparade en annan text'*'sade ja'* ]]
	[ "$(posts 'post["status"]')" = draft ]
}

@test "a key that is refused, none at all, or a wrong clock: the destination's fault, and nothing is written" {
	document ett 'Nämnden sade ja.'
	for secret in wrong unknown content; do
		try
		[ "$result" = yield ]
		[[ $reason == *'Admin API key'* ]]
		try --probe
		[ "$result" = yield ]
	done
	unset secret
	try --clock 2020-01-01T00:00:00Z
	[ "$result" = yield ]
	[[ $reason == *clock* ]]
	try --probe
	[ "$result" = ok ]
	[ -z "$(posts 'post["id"]')" ]
}

@test "the key stays here: it is in no request, and another server gets no token either" {
	document ett 'Nämnden sade ja.'
	try
	! grep -q "$(cut -d: -f2 "$servers/secrets/key")" answer.json try.log
	read -r port <<<"$(free_ports 1)"
	/usr/bin/python3 - "$port" "$site" >heard 2>/dev/null 3>&- <<-'END' &
		import sys
		from http.server import BaseHTTPRequestHandler, HTTPServer
		class Moved(BaseHTTPRequestHandler):
		    def do_GET(self):
		        print(self.path, self.headers.get("Authorization"), flush=True)
		        self.send_response(301)
		        self.send_header("Location", sys.argv[2] + self.path)
		        self.end_headers()
		HTTPServer(("127.0.0.1", int(sys.argv[1])), Moved).serve_forever()
	END
	running=$!
	wait_for curl -s "http://127.0.0.1:$port/"
	address=http://127.0.0.1:$port try
	[ "$result" = yield ]
	[[ $reason == *"Ghost answers at $site: set url to that address"* ]]
	[ "$(grep -c None heard)" -eq "$(wc -l <heard)" ]
}

@test "no Ghost at the address, or nobody at all: said in words" {
	document ett 'Nämnden sade ja.'
	address=$site/underkatalog try
	[ "$result" = yield ]
	[[ $reason == *'there is no Ghost at'* ]]
	address=http://127.0.0.1:1 try
	[ "$result" = yield ]
	[[ $reason == *'does not answer'* ]]
}

@test "what the web server before it answers: too large, too many, closed, too slow" {
	start_front 1 1 2k
	document ett 'Nämnden sade ja.'
	address=$front try
	[ "$result" = yield ]
	[[ $reason == *'answered 429'* ]]
	stop_front
	start_front 1000 100 2k
	document ett "$(head -c 3000 /dev/zero | tr '\0' x)"
	address=$front try
	[ "$result" = fail ]
	[[ $reason == *'larger than the web server'*'413'* ]]
	document ett 'Nämnden sade ja.'
	touch "$servers/closed"
	address=$front try
	[ "$result" = yield ]
	[[ $reason == *503* ]]
	rm "$servers/closed"
	faults 'POST /ghost/api/admin/posts/ after wait'
	address=$front try
	[ "$result" = unknown ]
	[[ $reason == *504* ]]
	touch "$servers/go"
	put_at_last
	[ "$(posts 'post["status"]')" = published ]
}

# ---- whole pipelines ---------------------------------------------------------------------------------------------------

definition() { # definition [OPTION OF THE STAGE]: the demo's, with Ghost in the place of the site
	demo_with "$servers/secrets" "target.ghost: {url: \"$site\", key: !secret key}" "$@"
}

is_open() {
	[ "$(referat list --state state --json | jq -r '.documents[0].status')" != published ]
}

@test "an operator keeps what a person wrote on the site, or replaces it" {
	definition
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt" demo/inbox/
	run_once 0
	id=$(posts 'post["id"]')
	write_text "$id" '<p>Redaktörens egna ord.</p>'
	sed -i 's/cykelväg/gång- och cykelväg/' demo/inbox/kommunstyrelsen-2024-05.txt
	run_once 1
	start_pipeline
	run -0 referat held --state state
	[[ $output == *'Redaktörens egna ord.'*"referat release $document"*"referat retry $document"* ]]
	! grep -q Redakt said
	referat release "$document" --state state --reason 'the editor knows better'
	wait_until eval '! is_open'
	[[ $(posts 'post["html"]') == *'Redaktörens egna ord.'* ]]
	kill "$running" && wait "$running" || true
	sed -i 's/gång- och cykelväg/cykelbana/' demo/inbox/kommunstyrelsen-2024-05.txt
	run_once 1 # the next change asks again
	start_pipeline
	referat retry "$document" --state state --reason 'ours is right'
	wait_until eval '! is_open'
	[[ $(posts 'post["html"]') == *cykelbana* ]]
	[ "$(posts 'post["id"]')" = "$id" ]
	referat withdraw "$document" --state state --reason 'Fel belopp.' --show-reason
	wait_until eval "curl -sf $site/kommunstyrelsen-2024-05-08/ | grep -q 'Skälet: Fel belopp.'"
}

@test "a dry run shows what would make the post, and sends none of it" {
	definition
	would kommunstyrelsen-2024-05.txt
	[[ $changes == "POST $site/ghost/api/admin/posts/"* ]]
	[[ $would != *"$(cut -d: -f2 "$servers/secrets/key")"* ]]
	[ -z "$(posts 'post["id"]')" ]
}

@test "a wrong key is told before anything runs" {
	definition
	run -0 referat check --environment demo/pipeline.yaml
	rm demo/secrets
	(umask 077 && mkdir demo/secrets && cp "$servers/secrets/wrong" demo/secrets/key)
	run ! referat check --environment demo/pipeline.yaml
	[[ $output == *'Admin API key is wrong'* ]]
}

@test "the published article in a browser: axe finds nothing in it, and one heading leads the others" {
	"$tree/tests/browser/setup"
	as_editor PUT settings/ '{"settings": [{"key": "locale", "value": "sv"}]}' >/dev/null
	definition
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-06.txt" demo/inbox/
	run_once 0
	run -0 timeout 60 node "$tree/tests/browser/look.mjs" "$(posts 'post["url"]')"
	[[ $output == *'language sv'*'h1 Kommunstyrelsen – aktuella beslut juni 2024
h2 Budget för 2025
h2 Nej till fria bussresor för alla under 25 år
h2 Bidrag till musik i Stadsparken
h2 Om sammanträdet'* ]]
}

@test "a bulk of documents, with a third of all answers lost: all there, once, right" {
	local n=${REFERAT_POSTS:-20} day
	definition 'workers: 2'
	for ((i = 0; i < n; i++)); do
		day=$(date -d "2000-05-01 +$i days" +%Y-%m-%d)
		minutes_of "$((10#${day:8}))" maj "${day:0:4}" >"demo/inbox/$day.txt"
	done
	echo /ghost/api/admin/posts/ >"$servers/one-in-three"
	run_once 0
	rm "$servers/one-in-three"
	[ "$(<"$servers/answers")" -gt $((n * 5)) ]
	[ "$(jq '[.documents[] | select(.status == "published")] | length' <<<"$output")" -eq "$n" ]
	[ "$(posts 'post["status"]' | sort | uniq -c | xargs)" = "$n published" ]
	[ "$(posts 'post["slug"]' | grep -c '^kommunstyrelsen-2000-05-[0-9][0-9]$')" -eq "$n" ]
}
