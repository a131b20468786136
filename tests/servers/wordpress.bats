#!/usr/bin/env bats
# target.wordpress against a real WordPress with its database, and nginx before it: one post whatever becomes of an
# answer, and a person's edit is never overwritten.

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
	load support/plugin.bash
	load ../process/support/common.bash
	empty_wordpress
	address=$site user=referat
	cd "$BATS_TEST_TMPDIR"
	ln -s "$servers/secrets" secrets
}

teardown() {
	[ ! -e "$servers/front.group" ] || stop_front
}

try() { # try [OPTION...]
	call_plugin target.wordpress -o url="$address" -o user="$user" -o password="${secret:-$user}" "$@"
	number=$remote_id
}

@test "a document becomes a post: text without the site's frame, excerpt, the board's category, its address" {
	document ett 'Nämnden sade ja.'
	try
	[ "$result" = ok ]
	[ "$url" = "$site/namnden-ett/" ]
	[ "$(posts 'post["status"], post["title"]["raw"], post["excerpt"]["raw"]')" = "('publish', 'Nämnden & beslut', 'Kort om besluten.')" ]
	run -0 curl -sf "$url"
	[[ $output == *'<h2 id="b1">Beslut</h2><p>Nämnden sade ja.</p>'* ]]
	[ "$(grep -c '<h1>' <<<"$output")" -eq 1 ]
	category=$(posts 'post["categories"][0]')
	[[ $(as_editor "/wp/v2/categories/$category") == *'"name":"N\u00e4mnden"'* ]]
}

@test "a change goes to the same post, at the same address" {
	document ett 'Nämnden sade ja.'
	try
	document ett 'Nämnden sade nej.' remote_id="$number" remote_revision="$revision"
	try
	[ "$result" = ok ]
	[ "$(posts 'post["slug"], "nej" in post["content"]["raw"]')" = "('namnden-ett', True)" ]
}

@test "WordPress with plain permalinks is found by its header as well" {
	mariadb --no-defaults -uroot -S "$servers/database/socket" wordpress \
		-e "UPDATE wp_options SET option_value = '' WHERE option_name = 'permalink_structure'"
	document ett 'Nämnden sade ja.'
	try
	mariadb --no-defaults -uroot -S "$servers/database/socket" wordpress \
		-e "UPDATE wp_options SET option_value = '/%postname%/' WHERE option_name = 'permalink_structure'"
	[ "$result" = ok ]
	[[ $url == "$site/?p=$number" ]]
}

@test "whichever answer is lost, and however, there is one post, and it is right" {
	local step how n=0
	for step in 'POST /wp/v2/tags' 'POST /wp/v2/posts' 'GET /wp/v2/posts' 'POST /wp/v2/posts/'; do
		for how in 500 504 html empty; do
			n=$((n + 1))
			document "nr$n" "Beslut $n."
			faults "$step after $how"
			put_at_last
			no_faults_left
		done
	done
	[ "$(posts 'post["status"]' | sort | uniq -c | xargs)" = "$n publish" ]
	[ "$(posts 'post["slug"]' | sort -u | wc -l)" -eq "$n" ]
}

@test "an answer that is lost when a change was made is not taken for a person's edit" {
	document ett 'Nämnden sade ja.'
	try
	document ett 'Nämnden sade nej.' remote_id="$number" remote_revision="$revision"
	faults 'POST /wp/v2/posts/ after 502'
	try
	[ "$result" = unknown ]
	document ett 'Nämnden sade kanske.' remote_id="$(posts 'post["id"]')" remote_revision=dddddddddddddddd
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
			[ "$(curl -sf "$site/?rest_route=/wp/v2/posts" | grep -o "namnden-tva$round" | sort | uniq | wc -l)" -le 1 ]
			[ "$(curl -sf "$site/?rest_route=/wp/v2/posts&_fields=slug" | grep -o "tva$round" | wc -l)" -le 1 ]
		done
		wait
		[ "$(posts 'post["slug"], post["status"]' "slug=namnden-tva$round,referat-tva$round,namnden-tva$round-2")" = "('namnden-tva$round', 'publish')" ]
	done
}

@test "an address that is taken: the post stands at another, and stays there" {
	as_editor /wp/v2/posts -H 'Content-Type: application/json' -d '{"title": "x", "slug": "namnden-ett", "status": "publish"}' >/dev/null
	document ett 'Nämnden sade ja.'
	try
	[ "$url" = "$site/namnden-ett-2/" ]
	document ett 'Nämnden sade nej.' remote_id="$number" remote_revision="$revision"
	try
	[ "$url" = "$site/namnden-ett-2/" ]
}

@test "an address that a person has changed stays changed" {
	document ett 'Nämnden sade ja.'
	try
	edit "$number" '{"slug": "vald-av-redaktoren"}'
	document ett 'Nämnden sade nej.' remote_id="$number" remote_revision="$revision"
	try
	[ "$url" = "$site/vald-av-redaktoren/" ]
}

@test "a person's edit is not overwritten: the difference is shown, and only what was seen is replaced" {
	document ett 'Nämnden sade ja.'
	try
	edit "$number" '{"content": "<p>Nämnden sade ja, efter votering.</p>"}'
	document ett 'Nämnden sade nej.' remote_id="$number" remote_revision="$revision"
	try
	[ "$result" = hold ]
	[[ $reason == *'På webbplatsen står:'*'efter votering'*'Referat vill skriva:'*'sade nej'*'Behåll'*'referat release ett'*'Ersätt'*'referat retry ett'* ]]
	[[ $(posts 'post["content"]["raw"]') == *votering* ]]
	agreed=$conflict number=$(posts 'post["id"]')
	edit "$number" '{"content": "<p>En annan ändring.</p>"}'
	document ett 'Nämnden sade nej.' remote_id="$number" remote_revision=x replace="$agreed"
	try
	[ "$result" = hold ]
	document ett 'Nämnden sade nej.' remote_id="$number" remote_revision=x replace="$conflict"
	try
	[ "$result" = ok ]
	[[ $(posts 'post["content"]["raw"]') == *'sade nej'* ]]
}

@test "what a person put into the bin, hid or deleted stays so until one says otherwise" {
	local what
	for what in bin hidden gone; do
		document "$what" 'Nämnden sade ja.'
		try
		id=$number
		case $what in
		bin) as_editor "/wp/v2/posts/$id" -X DELETE >/dev/null ;;
		hidden) edit "$id" '{"status": "private"}' ;;
		gone) as_editor "/wp/v2/posts/$id&force=true" -X DELETE >/dev/null ;;
		esac
		document "$what" 'Nämnden sade nej.' remote_id="$id" remote_revision="$revision"
		try
		[ "$result" = hold ]
		[ -z "$(curl -sf "$site/?rest_route=/wp/v2/posts&slug=namnden-$what&_fields=slug" | tr -d '[]')" ]
		document "$what" 'Nämnden sade nej.' remote_id="$id" remote_revision=x replace="$conflict"
		try
		[ "$result" = ok ]
		[[ $(curl -sf "$url") == *'sade nej'* ]]
	done
}

@test "a withdrawn document leaves a word at its address; or lies in the bin; twice is as once" {
	document ett 'Nämnden sade ja.'
	try
	document ett 'Nämnden sade ja.' remote_id="$number" withdrawn=2024-06-01 withdrawn.reason='Fel belopp.' \
		withdrawn.replacement=https://exempelby.example/ny
	try --withdraw
	[ "$result" = ok ]
	try --withdraw
	run -0 curl -sf "$site/namnden-ett/"
	[[ $output == *'Sammanfattningen är tillbakadragen'*'den 1 juni 2024'*'Skälet: Fel belopp.'*'https://exempelby.example/ny'* ]]
	[[ $output != *'sade ja'* ]]
	document tva 'Nämnden sade ja.'
	try
	try --withdraw -o withdrawn=bin # its number was never heard of: it is found by its tag
	[ "$result" = ok ]
	[ "$(curl -s -o /dev/null -w '%{http_code}' "$site/namnden-tva/")" = 404 ]
	try --withdraw -o withdrawn=bin
	[ "$result" = ok ]
}

@test "what is withdrawn can be deleted for good, with its earlier versions, and be published anew" {
	document ett 'Nämnden sade ja.'
	try
	id=$number
	document ett 'Nämnden sade nej.' remote_id="$id" remote_revision="$revision"
	try
	for _ in 1 2; do
		try --withdraw -o withdrawn=delete
		[ "$result" = ok ]
	done
	[ -z "$(posts 'post["id"]')" ]
	[ "$(mariadb --no-defaults -uroot -S "$servers/database/socket" wordpress -N \
		-e "SELECT count(*) FROM wp_posts WHERE post_content LIKE '%sade%'")" = 0 ]
	document ett 'Nämnden sade ja.' remote_id="$id" remote_revision=withdrawn
	try
	[ "$result" = ok ]
	[ "$(posts 'post["slug"]')" = namnden-ett ]
}

# A post that had a name in it, and was written by an editor since; $id and $place are its number and address.
replaced_post() { # replaced_post ID
	document "$1" 'Nämnden gav Amanda Hemlig avslag.'
	try
	id=$number
	tagged=$((${tagged:-0} + 1))
	as_editor "/wp/v2/tags" -d "name=Handplockad $BATS_TEST_NUMBER $tagged" -o tag
	tag=$(jq .id tag)
	edit "$id" "{\"slug\": \"vald-$1\", \"date_gmt\": \"2024-05-08T07:00:00\", \"comment_status\": \"closed\", \"sticky\": true,
		\"tags\": [$(as_editor "/wp/v2/posts/$id" | jq -r '.tags | join(",")'),$tag]}"
	document "$1" 'Nämnden gav den sökande avslag.' remote_id="$id" remote_revision="$revision"
	try
	[ "$result" = ok ]
	place=$url
	[ "$(stored Amanda)" -gt 0 ]
}

# What holds of every post at the end of a purge: the old texts are nowhere, and it stands as the old one did.
is_without_past() { # is_without_past ID
	[ "$(stored Amanda)" -eq 0 ]
	[ "$(posts 'post["slug"], post["status"], post["date_gmt"], post["comment_status"], post["sticky"], len(post["tags"])')" = \
		"('vald-$1', 'publish', '2024-05-08T07:00:00', 'closed', True, 2)" ]
	[[ $(curl -sf "$place") == *'den sökande avslag'* ]]
}

@test "a version without a name takes the place of those that had it, and no revision of them is left" {
	replaced_post ett
	document ett 'Nämnden gav den sökande avslag.' remote_id="$id" remote_revision="$revision" purge=2024-06-01T08:00:00Z
	try --lookup
	[ "$result" = not-found ]
	try
	[ "$result" = ok ]
	[ "$number" != "$id" ]
	[ "$url" = "$place" ]
	is_without_past ett
	[ "$(posts '(post["author"], post["categories"])')" = "$(posts "($(as_editor '/wp/v2/users/me' | jq .id), post['categories'])")" ]
	document ett 'Nämnden gav den sökande avslag.' remote_id="$number" remote_revision="$revision" purge=2024-06-01T08:00:00Z
	try --lookup
	[ "$result" = ok ]
	id=$number
	try # and once more: there is nothing to take away
	[ "$number" = "$id" ]
}

@test "whichever answer is lost while earlier versions go, there is one post, without a past" {
	local how step
	local -A steps=([write]='POST /wp/v2/posts/ after'
		[look]='GET /wp/v2/posts/@/revisions after'
		[make]='POST /wp/v2/posts/ after pass|POST /wp/v2/posts after'
		[delete]='DELETE /wp/v2/posts/ after'
		[finish]='POST /wp/v2/posts/ after pass|POST /wp/v2/posts after pass|POST /wp/v2/posts/ after')
	for step in "${!steps[@]}"; do
		for how in 504 empty; do
			empty_wordpress
			replaced_post ett
			document ett 'Nämnden gav den sökande avslag.' remote_id="$id" remote_revision="$revision" purge=now
			tr '|' '\n' <<<"${steps[$step]//@/$id} $how" >"$servers/wordpress/wp-content/faults"
			put_at_last
			no_faults_left
			is_without_past ett || { echo "$step, $how"; false; }
		done
	done
}

@test "two writers take earlier versions away at once: one post, and never two that anybody can see" {
	local i
	replaced_post ett
	for i in 1 2 3 4; do
		mkdir -p "writer$i" && ln -sfn "$servers/secrets" "writer$i/secrets"
		(cd "writer$i" && document ett 'Nämnden gav den sökande avslag.' remote_id="$id" remote_revision="$revision" purge=now &&
			put_at_last) 3>&- &
	done
	while [ -n "$(jobs -rp)" ]; do
		[ "$(curl -sf "$site/?rest_route=/wp/v2/posts&_fields=slug" | grep -o vald-ett | wc -l)" -le 1 ]
	done
	wait
	is_without_past ett || { posts 'post["id"], post["slug"], post["status"]'; false; }
}

@test "a post that a person has deleted is asked about, also when its earlier versions are to go" {
	replaced_post ett
	as_editor "/wp/v2/posts/$id&force=true" -X DELETE >/dev/null
	document ett 'Nämnden gav den sökande avslag.' remote_id="$id" remote_revision="$revision" purge=now
	try
	[ "$result" = hold ]
	[ -z "$(posts 'post["id"]')" ]
}

@test "withdrawn for good: a word stays at the address, and of what stood there nothing is kept" {
	local how step
	local -A steps=([none]='' [word]='POST /wp/v2/posts/ after' [make]='POST /wp/v2/posts/ after pass|POST /wp/v2/posts after'
		[delete]='DELETE /wp/v2/posts/ after'
		[finish]='POST /wp/v2/posts/ after pass|POST /wp/v2/posts after pass|POST /wp/v2/posts/ after')
	for step in "${!steps[@]}"; do
		empty_wordpress
		replaced_post ett
		document ett x remote_id="$id" remote_revision="$revision" withdrawn=2024-06-01 purge=now
		[ "$step" = none ] || tr '|' '\n' <<<"${steps[$step]} 504" >"$servers/wordpress/wp-content/faults"
		try --withdraw
		[ "$result" = ok ] || try --withdraw
		[ "$result" = ok ]
		no_faults_left
		[ "$(stored Amanda)" -eq 0 ]
		[ "$(stored 'den sökande')" -eq 0 ]
		[ "$(posts 'post["slug"], post["status"]')" = "('vald-ett', 'publish')" ]
		[[ $(curl -sf "$place") == *'Sammanfattningen är tillbakadragen'* ]]
	done
}

@test "with the bin, what is withdrawn for good does not lie there, nor does its file without the option" {
	document ett 'Nämnden gav Amanda Hemlig avslag.'
	pdf 'Protokoll'
	try -o attach=pdf
	id=$number
	[ -n "$(files)" ]
	document ett x remote_id="$id" remote_revision="$revision" withdrawn=2024-06-01 purge=now
	try --withdraw -o withdrawn=bin
	[ "$result" = ok ]
	[ -z "$(posts 'post["id"]')" ]
	[ "$(stored Amanda)" -eq 0 ]
	[ -z "$(files)" ]
}

@test "drafts wait for a person, who may publish them; private ones and later ones are not public" {
	local status
	for status in draft pending private; do
		document "$status" 'Nämnden sade ja.'
		try -o status="$status"
		[ "$result" = ok ]
		[ "$(posts 'post["status"]' "slug=namnden-$status")" = "$status" ]
	done
	document draft 'Nämnden sade ja.'
	id=$(posts 'post["id"]' slug=namnden-draft)
	edit "$id" '{"status": "publish"}'
	document draft 'Nämnden sade nej.' remote_id="$id"
	try -o status=draft
	[ "$result" = ok ]
	[[ $(curl -sf "$url") == *'sade nej'* ]]
}

@test "a private post stays private: visitors do not get it, corrections reach it" {
	document ett 'Nämnden sade ja.'
	try -o status=private
	[ "$(curl -s -o /dev/null -w '%{http_code}' "$url")" = 404 ]
	[ "$(curl -s -o /dev/null -w '%{http_code}' "$site/?rest_route=/wp/v2/posts/$number")" = 401 ]
	try --lookup -o status=private
	[ "$result" = ok ]
	document ett 'Nämnden sade nej.' remote_id="$number" remote_revision="$revision"
	try -o status=private
	[ "$result" = ok ]
	[ "$(posts 'post["status"], "nej" in post["content"]["raw"]')" = "('private', True)" ]
	document ett '' remote_id="$number" withdrawn=2024-06-01
	try --withdraw -o status=private # nobody could see it, so no word is left
	[ "$(posts 'post["status"]')" = trash ]
}

@test "a post for later is looked at again when its time has come, and shown if WordPress forgot to" {
	document later 'Nämnden sade ja.'
	try -o delay=2h
	[ "$result" = unknown ]
	[[ $reason == *'shows it from 20'*' UTC on'* ]]
	[ "$(posts 'post["status"]' slug=namnden-later)" = future ]
	try --lookup
	[ "$result" = unknown ]
	mariadb --no-defaults -uroot -S "$servers/database/socket" wordpress -e "UPDATE wp_posts
		SET post_date = '2024-05-08 09:00:00', post_date_gmt = '2024-05-08 07:00:00' WHERE post_status = 'future'"
	try --lookup
	[ "$result" = not-found ]
	try -o delay=2h
	[ "$result" = ok ]
	[[ $(curl -sf "$url") == *'sade ja'* ]]
	document later 'Nämnden sade nej.' remote_id="$number" remote_revision="$revision"
	try -o delay=2h # it was shown already, so what is new is not hidden for a while
	[ "$result" = ok ]
	[[ $(curl -sf "$url") == *'sade nej'* ]]
}

# pdf TEXT: the document of call.json came as a PDF that says this.
pdf() {
	printf '%%PDF-1.4\n%s\n%%%%EOF\n' "$1" >file.pdf
	jq --arg data "$(base64 -w0 file.pdf)" \
		'.values.type = "application/pdf" | .parts.source = {type: "application/pdf", base64: $data}' call.json >with.json
	mv with.json call.json
}

files() { as_editor '/wp/v2/media&per_page=100' | jq -r '.[].source_url'; }

@test "a document's PDF is put into the media once, and linked under the text" {
	document ett 'Nämnden sade ja.'
	pdf 'Protokoll'
	try -o attach=pdf
	[ "$result" = ok ]
	[[ $(files) == "$site"/wp-content/uploads/*/namnden-ett-????????????.pdf ]]
	[[ $(curl -sf "$url") == *"<a href=\"$(files)\">Hela dokumentet (PDF, 1 kB)</a>"* ]]
	curl -sf "$(files)" | cmp - file.pdf
	try --lookup -o attach=pdf
	[ "$result" = ok ]
	document ett 'Nämnden sade nej.' remote_id="$number" remote_revision="$revision"
	pdf 'Protokoll'
	try -o attach=pdf
	[ "$result" = ok ]
	[ "$(files | wc -l)" -eq 1 ]
}

@test "without the option, or where the document is no PDF, nothing is uploaded" {
	document ett 'Nämnden sade ja.'
	pdf 'Protokoll'
	try
	[ "$result" = ok ]
	document tva 'Nämnden sade ja.'
	try -o attach=pdf
	[ "$result" = ok ]
	[ -z "$(files)" ]
}

@test "a type of file that WordPress does not take is told of once and for all, and nothing is public" {
	cat >"$servers/wordpress/wp-content/mu-plugins/types.php" <<-'END'
		<?php add_filter('upload_mimes', fn($types) => array_diff($types, ['application/pdf']));
	END
	document ett 'Nämnden sade ja.'
	pdf 'Protokoll'
	try -o attach=pdf
	rm "$servers/wordpress/wp-content/mu-plugins/types.php"
	[ "$result" = fail ] # though WordPress says 500
	[[ $reason == *'takes no such file'*500* ]]
	[ "$(posts 'post["status"]')" = draft ]
	[ -z "$(files)" ]
}

@test "an answer to the upload that is lost: the file is there once" {
	local how n=0
	for how in 500 504 html empty; do
		n=$((n + 1))
		document "nr$n" "Beslut $n."
		pdf "Protokoll $n"
		faults "POST /wp/v2/media after $how"
		put_at_last -o attach=pdf
		no_faults_left
		[[ $(curl -sf "$url") == *"namnden-nr$n-"*.pdf* ]]
	done
	[ "$(files | wc -l)" -eq "$n" ]
}

@test "a PDF that is one of several files of the minutes is not attached as the whole" {
	document ett 'Nämnden sade ja.'
	pdf 'Protokoll med § 20'
	try -o attach=pdf
	[ "$(files | grep -c 'namnden-ett-')" -eq 1 ]
	document ett 'Nämnden sade ja och nej.' remote_id="$number" remote_revision="$revision" digest=2 piece.order=source/20
	pdf 'Protokoll med §§ 1–19'
	try -o attach=pdf
	[ "$result" = ok ]
	[ -z "$(files | grep 'namnden-ett-')" ]
}

@test "another PDF takes the place of the first, which is gone for good; what editors have attached stays" {
	document ett 'Nämnden sade ja.'
	pdf 'Protokoll med ett namn'
	try -o attach=pdf
	first=$(files)
	as_editor "/wp/v2/media&post=$number" -H 'Content-Type: application/pdf' \
		-H 'Content-Disposition: attachment; filename="karta.pdf"' --data-binary @file.pdf >/dev/null
	document ett 'Nämnden sade ja.' remote_id="$number" remote_revision="$revision" digest=2
	pdf 'Protokoll utan namn'
	try --lookup -o attach=pdf
	[ "$result" = not-found ] # the words are the same, the file is another one
	try -o attach=pdf
	[ "$result" = ok ]
	[ "$(curl -s -o /dev/null -w '%{http_code}' "$first")" = 404 ]
	[ "$(files | grep -c 'namnden-ett-')" -eq 1 ]
	[ "$(files | grep -c karta)" -eq 1 ]
	document ett 'Nämnden sade ja.' remote_id="$number" withdrawn=2024-06-01
	try --withdraw -o attach=pdf
	[ "$result" = ok ]
	[[ $(files) == */karta.pdf ]]
}

@test "the first PDF is gone for good also when the answer to the new text is lost" {
	document ett 'Nämnden sade ja.'
	pdf 'Protokoll med ett namn'
	try -o attach=pdf
	first=$(files)
	document ett 'Nämnden sade nej.' remote_id="$number" remote_revision="$revision"
	pdf 'Protokoll utan namn'
	faults 'POST /wp/v2/posts/ after 504'
	put_at_last -o attach=pdf
	no_faults_left
	[ "$(curl -s -o /dev/null -w '%{http_code}' "$first")" = 404 ]
	[ "$(files | wc -l)" -eq 1 ]
}

@test "a post that a person has deleted leaves no file behind when the document is withdrawn" {
	document ett 'Nämnden sade ja.'
	pdf 'Protokoll'
	try -o attach=pdf
	as_editor "/wp/v2/posts/$number&force=true" -X DELETE >/dev/null
	[ -n "$(files)" ]
	document ett 'Nämnden sade ja.' remote_id="$number" withdrawn=2024-06-01
	try --withdraw -o attach=pdf
	[ "$result" = ok ]
	[ -z "$(files)" ]
}

tags() { # names of the post's tags, without the document's own
	as_editor "/wp/v2/tags&post=$number&_fields=name" | jq -r '[.[].name | select(startswith("referat-") | not)] | join(", ")'
}

@test "a new post gets the tags of its topics, made where there are none; what an editor does with them stays" {
	printf '%s\n' '# ämnen' 'Skola: skol, elev, förskol' '' 'Trafik: cykel, väg' 'Vatten: avlopp' >topics.txt
	document ett 'Nya cykelvägar till Skolan.'
	try -o topics=topics.txt
	[ "$result" = ok ]
	[ "$(tags)" = 'Skola, Trafik' ]
	edit "$number" '{"tags": []}'
	document ett 'Vägen blir klar.' remote_id="$number" remote_revision="$revision"
	try -o topics=topics.txt
	[ "$result" = ok ]
	[ -z "$(tags)" ]
	document tva 'Förskolor byggs.'
	try -o topics=topics.txt
	[ "$(tags)" = Skola ]
}

@test "a list of topics that can't be read stops the stage before anything is written" {
	document ett 'Nämnden sade ja.'
	printf 'Skola: skol\nTrafik\n' >topics.txt
	run -78 referat plugins try target.wordpress call.json --send -o url="$site" -o user=referat -o password=referat \
		-o topics=topics.txt
	[[ $output == *"topics.txt:2: expected a topic and words ('Skola: skola, elev')"* ]]
	[ -z "$(posts 'post["id"]')" ]
}

@test "a user who may not make the board's category is told so, with what to do" {
	user=skribent
	document ett 'Nämnden sade ja.'
	jq '.parts.card.json.board_name = "Ny nämnd"' call.json >new.json && mv new.json call.json
	try
	[ "$result" = yield ]
	[[ $reason == *"may not make 'Ny nämnd' in WordPress"*'role Editor'* ]]
}

@test "a role whose HTML is filtered may lose markup, not words" {
	user=skribent
	document ett '<time datetime="2024-05-08">Onsdag</time> sade nämnden ja till <span aria-hidden="true">allt</span>.'
	try -o categories=false
	[ "$result" = ok ]
	document ett 'Nämnden sade nej.' remote_id="$number" remote_revision="$revision"
	try -o categories=false
	[ "$result" = ok ]
}

@test "what is lost when WordPress filters is noticed before anybody can read it" {
	cat >"$servers/wordpress/wp-content/mu-plugins/censor.php" <<-'END'
		<?php add_filter('content_save_pre', fn($text) => str_replace('ja', '', $text));
	END
	document ett 'Nämnden sade ja.'
	try
	rm "$servers/wordpress/wp-content/mu-plugins/censor.php"
	[ "$result" = hold ]
	[[ $reason == *'tog bort något ur texten'* ]]
	[ "$(posts 'post["status"]')" = draft ]
}

@test "wrong credentials and lacking rights are the destination's fault, told in words, and nothing is written" {
	document ett 'Nämnden sade ja.'
	secret=wrong try
	[ "$result" = yield ]
	[[ $reason == *'application password'*'401'* ]]
	secret=wrong try --probe
	[[ $reason == *'application password'* ]]
	user=medarbetare
	try --probe
	[ "$result" = yield ]
	[[ $reason == *'has not the right'* ]]
	user=referat
	try --probe
	[ "$result" = ok ]
	[ -z "$(posts 'post["id"]')" ]
}

@test "the password to log in with is no application password, and whoever may not publish is told so" {
	document ett 'Nämnden sade ja.'
	(umask 077 && printf 'log in with this' >"$servers/secrets/login")
	user=admin secret=login try
	[ "$result" = yield ]
	[[ $reason == *'application password'*'401'* ]]
	rm "$servers/secrets/login"
	[ -z "$(posts 'post["id"]')" ]
	user=medarbetare try -o categories=false
	[ "$result" = yield ]
	[[ $reason == *'does not let us'*'rest_cannot_publish'* ]] || { echo "$reason"; false; }
	[ "$(posts 'post["status"]')" = draft ]
}

@test "each class of error is told apart: what is refused, what passes, what nobody knows" {
	local fault wanted said
	while read -r fault wanted said; do
		document ett 'Nämnden sade ja.'
		faults "${fault//_/ }"
		try
		[ "$result" = "$wanted" ] || { echo "$fault: $result, $reason"; false; }
		[[ $reason == *"$said"* ]] || { echo "$fault: $reason"; false; }
		no_faults_left
	done <<-'END'
		POST_/wp/v2/posts_before_400 fail test_fault
		POST_/wp/v2/posts_before_404 yield not where it was
		POST_/wp/v2/posts_before_429 yield does not answer
		POST_/wp/v2/posts_before_500 unknown may have done it
		GET_/wp/v2/posts_before_500 retry refuses it
		GET_/wp/v2/posts_before_503 yield does not answer
		GET_/wp/v2/posts_after_html yield something before it answers
		GET_/wp/v2/posts_after_empty yield something before it answers
		GET_/wp/v2/posts_after_huge yield is longer than
		POST_/wp/v2/posts_after_huge unknown may have done it
		POST_/wp/v2/tags_after_html unknown something before it answers
	END
	put_at_last
	[ "$(posts 'post["slug"], post["status"]')" = "('namnden-ett', 'publish')" ]
}

@test "WordPress that is being upgraded is waited for" {
	echo '<?php $upgrading = time();' >"$servers/wordpress/.maintenance"
	document ett 'Nämnden sade ja.'
	try
	rm "$servers/wordpress/.maintenance"
	[ "$result" = yield ]
	[[ $reason == *'does not answer'*503* ]]
}

@test "a connection that ends when the post was made: there is one" {
	local step port n=0
	read -r port <<<"$(free_ports 1)"
	keep_process gate /usr/bin/python3 "$BATS_TEST_DIRNAME/support/fault_gate.py" "$servers" "$port" "${site##*:}"
	address=http://127.0.0.1:$port
	wait_for curl -sf "$address/"
	for step in 'POST /wp-json/wp/v2/tags' 'POST /wp-json/wp/v2/posts' 'POST /wp-json/wp/v2/posts/'; do
		n=$((n + 1))
		document "nr$n" "Beslut $n."
		printf '%s\n' "$step after drop" >"$servers/faults"
		put_at_last
		[ ! -s "$servers/faults" ]
	done
	kill -TERM -- "-$(<"$servers/gate.group")" && rm "$servers/gate.group"
	[ "$(posts 'post["status"]' | sort | uniq -c | xargs)" = '3 publish' ]
}

@test "no WordPress, another address of the same one, or nobody at all: said in words" {
	document ett 'Nämnden sade ja.'
	address=${site/127.0.0.1/localhost}/wp-includes/js/jquery/jquery.js try
	[ "$result" = yield ]
	[[ $reason == *'no WordPress at'* ]]
	address=http://127.0.0.1:1 try
	[ "$result" = yield ]
}

@test "what the web server before it answers: too large, too many, closed, too slow" {
	start_front 1 1 2k
	document ett 'Nämnden sade ja.'
	address=$front try
	[ "$result" = yield ] # its third request within the second
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
	faults 'POST /wp/v2/posts after sleep'
	address=$front try
	[ "$result" = unknown ]
	[[ $reason == *504* ]]
	wait_for no_faults_left
	put_at_last
	[ "$(posts 'post["status"]')" = publish ]
}
