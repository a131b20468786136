#!/usr/bin/env bats
# target.municipio: the file it keeps, as Municipio reads it, into posts of a real WordPress.

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

# document ID TITLE TEXT [NAME=VALUE...]: what the next calls are about
document() {
	/usr/bin/python3 - "$@" >call.json <<-'END'
		import json, sys
		id, title, text, *pairs = sys.argv[1:]
		page = f"<!DOCTYPE html><html><body><article><h1>{id}</h1><h2>Beslut</h2><p>{text}</p></article></body></html>"
		card = {"document": id, "title": title, "board_id": "namnden", "board_name": "Nämnden", "day": "2024-05-08",
		        "received": "2024-05-10T07:00:00Z", "updated": "2024-05-11T07:00:00Z", "short_text": "Kort.", "path": f"2024/{id}/"}
		print(json.dumps({"values": {"id": id, "digest": text, **dict(pair.split("=", 1) for pair in pairs)},
		    "parts": {"card": {"type": "referat.card/1", "json": card},
		              "rendition/page": {"type": "text/html", "text": page}}}))
	END
}

try() { # try [OPTION...]: calls the plugin; its result is $result
	referat plugins try target.municipio call.json --json --send -o path="$PWD/beslut.json" "$@" >answer.json 2>try.log || true
	result=$(jq -r .result answer.json)
}

import() { php -d display_errors=stderr "$tree/tests/servers/support/municipio/import.php" "$servers/wordpress" beslut.json; }

@test "each document is an object, and becomes a post with its title, text and day" {
	document ett 'Nämnden & beslut' 'Nämnden sade ja.'
	try
	[ "$result" = ok ]
	document tva 'Rådet' 'Rådet sade nej.'
	try -o type=NewsArticle
	import
	[ "$(posts 'post["title"]["raw"], post["date"][:10], post["status"]')" = "('Nämnden &amp; beslut', '2024-05-10', 'publish')
('Rådet', '2024-05-10', 'publish')" ]
	[[ $(curl -sf "$(posts 'post["link"]' | head -n 1)") == *'<h2>Beslut</h2>'*'Nämnden sade ja.'* ]]
	[ "$(jq -c '.[0] | [.["@id"], .["@type"], .articleSection, .inLanguage]' beslut.json)" = '["urn:referat:ett","Article","Nämnden","sv"]' ]
	try --lookup -o type=NewsArticle
	[ "$result" = ok ]
}

@test "a title is the same again when Municipio has decoded it" {
	document ett 'Bidrag 50 % + 10 %41 &amp; mer' 'Ja.'
	try
	import
	[ "$(mariadb --no-defaults -uroot -S "$servers/database/socket" wordpress -N \
		-e "SELECT post_title FROM wp_posts WHERE post_type = 'post'")" = 'Bidrag 50 % + 10 %41 &amp; mer' ]
}

@test "a change goes to the same post, and what has not changed is not written again" {
	document ett 'Nämnden' 'Nämnden sade ja.'
	try
	import
	id=$(posts 'post["id"]')
	cp beslut.json before.json
	try
	cmp beslut.json before.json
	document ett 'Nämnden' 'Nämnden sade nej.'
	try --lookup
	[ "$result" = not-found ]
	try
	import
	[ "$(posts 'post["id"], "nej" in post["content"]["raw"]')" = "($id, True)" ]
}

@test "what is withdrawn leaves a word, or has its post deleted; the last object of the list stays" {
	document ett 'Nämnden' 'Nämnden sade ja.'
	try
	document tva 'Rådet' 'Rådet sade nej.'
	try
	import
	document tva 'Rådet' '' withdrawn=2024-06-01
	try --withdraw -o withdrawn=remove
	[ "$result" = ok ]
	import
	[ "$(posts 'post["title"]["raw"]')" = 'Nämnden' ]
	try --withdraw -o withdrawn=remove
	[ "$result" = ok ] # it is gone already
	document ett 'Nämnden' '' withdrawn=2024-06-01
	try --withdraw -o withdrawn=remove
	import
	[ "$(posts 'post["title"]["raw"]')" = 'Sammanfattningen är tillbakadragen' ]
	try --compare
	[ "$result" = ok ]
}

@test "where nothing may be kept of earlier versions the post is another one, and the old one goes for good" {
	document ett 'Nämnden' 'Nämnden gav Amanda Hemlig avslag.'
	try
	import
	id=$(posts 'post["id"]')
	document ett 'Nämnden' 'Nämnden gav den sökande avslag.' purge=2024-06-01T08:00:00Z
	try --lookup
	[ "$result" = not-found ]
	try
	import
	[ "$(stored Amanda)" -eq 0 ]
	[ "$(posts 'post["id"]')" != "$id" ]
	id=$(posts 'post["id"]')
	document ett 'Nämnden' 'Nämnden gav den sökande bifall.'
	try # later versions are of the new post
	import
	[ "$(posts 'post["id"], "bifall" in post["content"]["raw"]')" = "($id, True)" ]
}

@test "objects of others stay; a file that is no list is left alone, with the reason" {
	echo '[{"@context": "https://schema.org", "@type": "Article", "@id": "urn:referat:etter", "name": "x", "description": "x", "datePublished": "2024-01-01"}]' >beslut.json
	document ett 'Nämnden' 'Nämnden sade ja.'
	try
	[ "$(jq -c '[.[]["@id"]]' beslut.json)" = '["urn:referat:etter","urn:referat:ett"]' ]
	import
	echo '{"half' >beslut.json
	try
	[ "$result" = yield ]
	[[ $(jq -r .reason answer.json) == *'is no list of schema.org objects'* ]]
	[ "$(<beslut.json)" = '{"half' ]
}

@test "a whole pipeline: all documents are posts, drift is told, and a withdrawal reaches the file" {
	mkdir secrets
	demo_with "$PWD/secrets" 'target.municipio: {path: ../beslut.json}'
	cp "$tree"/pipelines/demo/inbox/kommunstyrelsen-2024-0[56].txt demo/inbox/
	run_once 0
	import
	[ "$(posts 'post["status"]' | sort | uniq -c | xargs)" = '2 publish' ]
	[[ $(posts 'post["content"]["raw"]') == *cykelväg* ]]
	jq '.[0].description = "<p>Något annat.</p>"' beslut.json >other && mv other beslut.json
	referat run demo/pipeline.yaml --state state >said 2>&1 3>&- &
	running=$!
	wait_until eval 'referat status --state state >/dev/null'
	run -2 referat drift --state state
	[[ $output == *'Något annat.'* ]]
	document=$(jq -r '.[0]["@id"] | ltrimstr("urn:referat:")' beslut.json)
	referat withdraw "$document" --reason x --state state
	wait_until eval 'jq -e ".[0].name == \"Sammanfattningen är tillbakadragen\"" beslut.json'
	import
	kill "$running" && wait "$running" || true
}
