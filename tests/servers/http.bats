#!/usr/bin/env bats
# target.http against a real HTTP server that gives its own ids: what the templates say goes out, whatever a title holds;
# nothing is there twice.

bats_require_minimum_version 1.5.0

setup() {
	load ../process/support/common.bash
	load support/receiver.bash
	export no_proxy='*' # whatever the machine has set
	start_receiver
	cd "$BATS_TEST_TMPDIR" || exit 1
	(umask 077 && mkdir secrets && printf hemligt >secrets/token)
	call
	cat >article.json <<-'END'
		{"key": "{{{id}}}", "title": "{{{title}}}", "tags": ["beslut", "{{{board_id}}}"], "version": 2,
		 "html": "<h1>{{title}}</h1>{{{html}}}", "text": "{{{article}}}", "digest": "{{{digest}}}"}
	END
}

teardown() {
	end_receiver
}

call() { # call [TITLE [REMOTE_ID]]: what the plugin is called with
	jq -n --arg title "${1:-Skolnämnden}" --arg remote "${2:-}" '
		{values: {id: "k7x2", revision: "1", digest: "d1", board_id: "skol", title: $title, target: "publish/cms",
		          remote_id: $remote},
		 parts: {"rendition/page": {type: "text/html", text: "<p>Text</p>"}}}' >call.json
}

try() { # try STATUS [arguments]
	local wanted=$1
	shift
	run "-$wanted" --separate-stderr referat plugins try target.http call.json --json --send \
		-o "url=$receiver_url/articles" -o method=POST -o body=article.json -o token=token -o id=/data/id \
		-o address=/data/link -o "update_url=$receiver_url/articles/{{remote_id}}" \
		-o "lookup_url=$receiver_url/articles?key={{id}}" -o "lookup_finds=\"digest\": \"{{digest}}\"" \
		-o lookup_id=/0/data/id -o lookup_address=/0/data/link \
		-o "withdraw_url=$receiver_url/articles/{{remote_id}}" "$@"
}

result() { jq -r "$1" <<<"$output"; }

@test "a document goes out as the template says, and the answer tells its id and address" {
	try 0
	[ "$(result .published.remote_id)" = 1 ]
	[ "$(result .published.url)" = https://exempelby.example/artiklar/1 ]
	[ "$(jq -c . "$receiver/1.body")" = '{"key":"k7x2","title":"Skolnämnden","tags":["beslut","skol"],"version":2,"html":"<h1>Skolnämnden</h1><p>Text</p>","text":"<p>Text</p>","digest":"d1"}' ]
	[ "$(got 1 .headers.authorization)" = 'Bearer hemligt' ]
	[ "$(got 1 '.headers["content-type"]')" = application/json ]
	[[ $output$stderr != *hemligt* ]]
}

@test "no title can break out of its place in JSON, in HTML, or in an address" {
	title=$'"},{"a":"\\ </h1> {{{html}}} \n & å/?#'
	call "$title"
	try 0 -o "url=$receiver_url/articles?t={{title}}"
	[ "$(jq -r .title "$receiver/1.body")" = "$title" ]
	[ "$(jq -r .version "$receiver/1.body")" = 2 ]
	[[ $(jq -r .html "$receiver/1.body") == '<h1>&quot;},{&quot;a&quot;:&quot;\ &lt;/h1&gt; {{{html}}}'* ]]
	[ "$(got 1 .path)" = '/articles?t=%22%7D%2C%7B%22a%22%3A%22%5C%20%3C%2Fh1%3E%20%7B%7B%7Bhtml%7D%7D%7D%20%0A%20%26%20%C3%A5%2F%3F%23' ]
}

@test "a title with a line break adds no header" {
	call $'x\nX-Evil: 1'
	try 0 -o 'headers=X-Title: {{{title}}}
X-Board: {{board_id}}'
	[ "$(got 1 '.headers["x-title"]')" = 'x X-Evil: 1' ]
	[ "$(got 1 '.headers["x-board"]')" = skol ]
	[ "$(got 1 '.headers["x-evil"]')" = null ]
}

@test "a further version replaces the document at its own address" {
	try 0
	call Rättad 1
	try 0
	[ "$(methods)" = $'POST /articles\nPUT /articles/1' ]
	[ "$(jq -r .title "$receiver/2.body")" = Rättad ]
}

@test "an answer that was lost is looked up: there it is, once" {
	fault lose
	try 75
	[ "$(result .result)" = unknown ]
	try 0 --lookup
	[ "$(methods)" = $'POST /articles\nGET /articles?key=k7x2' ]
	[ "$(result .published.remote_id)" = 1 ]
	[ "$(result .published.url)" = https://exempelby.example/artiklar/1 ]
}

@test "an answer that says nothing of what was done is looked up: a gateway's, a page to log in, none, a huge one" {
	local fault n=0
	for fault in 'after 408' 'after 500' 'after 502' 'after 503' 'after 504' html empty huge; do
		n=$((n + 1))
		fault "$fault"
		call "Sak $n"
		jq --arg id "k$n" '.values.id = $id' call.json >new.json && mv new.json call.json
		try 75
		[ "$(result .result)" = unknown ]
		try 0 --lookup
		[ "$(result .published.remote_id)" = "$n" ]
	done
	[ "$(methods | grep -c POST)" -eq "$n" ]
}

@test "an answer to a lookup that has no id where the definition says is told, and nothing is sent again" {
	try 0
	try 75 --lookup -o lookup_id=/0/number
	[[ $(result .reason) == *'no id at /0/number'* ]]
	[ "$(methods)" = $'POST /articles\nGET /articles?key=k7x2' ]
}

@test "lookup knows what is not there, and what is there in an older version" {
	try 66 --lookup
	try 0
	jq '.values.digest = "d2"' call.json >new.json && mv new.json call.json
	try 66 --lookup
}

@test "what may be there twice is refused at the start, unless the receiver knows it again" {
	run -78 --separate-stderr referat plugins try target.http call.json --json --send -o "url=$receiver_url/articles" \
		-o method=POST
	[[ $output$stderr == *"set \`lookup_url\`, or \`repeat: true\`"* ]]
	run -0 referat plugins try target.http call.json --send -o "url=$receiver_url/articles" -o method=POST -o repeat=true
	[ "$(jq -r .publisher.name "$receiver/1.body")" != null ] # without a template: all values
}

@test "withdraw takes the document away, and once more does no harm" {
	try 0
	call Skolnämnden 1
	try 0 --withdraw
	try 0 --withdraw
	[ "$(methods)" = $'POST /articles\nDELETE /articles/1\nDELETE /articles/1' ]
}

@test "withdraw never goes to the address of all documents" {
	try 65 --withdraw
	[[ $(result .reason) == *"Ta bort det för hand"* ]]
	[ -z "$(methods)" ]
}

@test "each kind of answer has its result" {
	local code
	fault '503 Retry-After: 7' '429 Retry-After: 7' 401 403 400 404 410 413 422 409 412
	try 75 && [ "$(result .result)" = unknown ] && [[ $(result .reason) == *503* ]]
	try 75 && [ "$(result .result)" = retry ]
	for code in 401 403; do
		try 69 && [ "$(result .result)" = yield ]
	done
	for code in 400 404 410 413 422; do
		try 65 && [ "$(result .result)" = fail ]
		[[ $(result .reason) == *"answered $code"* ]]
	done
	for code in 409 412; do
		try 65 && [ "$(result .result)" = hold ] && [[ $(result .reason) == *"ändrats av någon annan"*"svar $code"* ]]
	done
	[ "$(methods | sort -u)" = 'POST /articles' ]
}

@test "nobody there: the destination waits, and nobody is charged, for nothing was sent" {
	try 69 -o url=http://127.0.0.1:1/articles
	[ "$(result .result)" = yield ]
	[ -z "$(methods)" ]
}

@test "what a person has removed at the receiver is not put there again unasked" {
	call Skolnämnden 7
	try 65
	[ "$(result .result)" = hold ]
	[[ $(result .reason) == *"tagit bort dokumentet"*"referat release k7x2"* ]]
	[ "$(methods)" = 'PUT /articles/7' ]
	jq '.values.replace = "gone"' call.json >agreed.json && mv agreed.json call.json
	try 0 # after `referat retry`
	[ "$(result .published.remote_id)" = 1 ]
}

@test "credentials do not follow a redirection to another host" {
	fault "to http://localhost:$(<"$receiver/port")/articles"
	try 65
	[ "$(methods)" = 'POST /articles' ]
}

@test "an address in the answer that is none is not believed" {
	try 0 -o address=/stored/title
	[ "$(result .published.url)" = "$receiver_url/articles" ]
}

@test "a template that is wrong stops the stage before anything is sent" {
	echo '{"title": "{{#title}}"}' >article.json
	try 78
	[[ $output$stderr == *template* ]]
	echo '{"title": ' >article.json
	try 78
	[ -z "$(methods)" ]
}

@test "the probe asks an address that changes nothing" {
	try 0 --probe -o "probe_url=$receiver_url/articles?key=x"
	fault 401
	try 69 --probe -o "probe_url=$receiver_url/articles?key=x"
	[ "$(methods | sort -u)" = 'GET /articles?key=x' ]
}

@test "any other text is a template, too" {
	printf '<beslut titel="{{title}}">{{{html}}}</beslut>' >article.xml
	call 'A & B'
	try 0 -o body=article.xml -o type=application/xml -o method=PUT -o id= -o "url=$receiver_url/feed"
	[ "$(cat "$receiver/1.body")" = '<beslut titel="A &amp; B"><p>Text</p></beslut>' ]
}
