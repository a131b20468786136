#!/usr/bin/env bats
# channel.webhook and channel.websub with a whole pipeline and a real receiver, which checks signatures with openssl: told
# once, of a page that is there.

bats_require_minimum_version 1.5.0

setup() {
	load ../process/support/common.bash
	load support/receiver.bash
	export no_proxy='*' # whatever the machine has set
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	demo=$BATS_TEST_TMPDIR/demo
	mkdir -p "$demo/inbox"
	cp "$tree/pipelines/demo/publisher.yaml" "$demo/"
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt" "$demo/inbox/"
	(umask 077 && mkdir "$demo/secrets" && printf 'k0mmun-hemlighet' >"$demo/secrets/hook")
	start_receiver
}

teardown() {
	end_receiver
}

definition() { # definition "channel.NAME: {OPTIONS}" ["FURTHER KEYS OF THE STAGE"]
	sed '/channel.maildir:/,$d' "$tree/pipelines/demo/pipeline.yaml" >"$demo/pipeline.yaml"
	printf '    retry: {base: 50ms}\n%s    %s\n' "${2:+    $2$'\n'}" "$1" >>"$demo/pipeline.yaml"
}

hook() { definition "channel.webhook: {url: \"$receiver_url/beslut\", secret: !secret hook}" "$@"; }

run_once() { # run_once STATUS
	run "-$1" referat run "$demo/pipeline.yaml" --once --state "$BATS_TEST_TMPDIR/state" --clock 2024-05-20T09:00:00Z
}

requests() { find "$receiver" -name '*.json' | wc -l; }

# As docs/publishing.md tells a receiver to do it.
is_signed() { # is_signed N SECRET
	local header moment said
	header=$(got "$1" '.headers["referat-signature"]')
	moment=${header#t=} moment=${moment%%,*} said=${header##*v1=}
	[ "$said" = "$({ printf '%s.' "$moment"; cat "$receiver/$1.body"; } |
		openssl dgst -sha256 -hmac "$2" -r | cut -d ' ' -f 1)" ]
}

@test "a program is told of a page that is there, by a request that it can trust" {
	hook
	run_once 0
	[ "$(got 1 .method)" = POST ]
	[ "$(got 1 '.headers["content-type"]')" = application/json ]
	is_signed 1 k0mmun-hemlighet
	run ! is_signed 1 another
	body=$receiver/1.body
	[ "$(jq -r '"\(.event) \(.kind) \(.day) \(.revision)"' "$body")" = 'published summary 2024-05-08 1' ]
	[ "$(jq -r .url "$body")" = http://localhost:8000/2024/kommunstyrelsen-2024-05-08/ ]
	[ "$(jq -r .title "$body")" = 'Kommunstyrelsen – aktuella beslut maj 2024' ]
	[ "$(jq -r .key "$body")" = "$(got 1 '.headers["referat-key"]')" ]
}

@test "it is told once, however often the pipeline runs" {
	hook
	run_once 0
	run_once 0
	[ "$(requests)" -eq 1 ]
}

@test "a receiver that can't just now is told again, under the same key" {
	hook
	fault 503 429
	run_once 0
	[ "$(requests)" -eq 3 ]
	[ "$(for n in 1 2 3; do got "$n" '.headers["referat-key"]'; done | sort -u | wc -l)" -eq 1 ]
	is_signed 3 k0mmun-hemlighet
}

@test "where the answer is lost a person is asked, and nobody is told twice" {
	hook
	fault lose
	run_once 1
	run_once 1
	[ "$(requests)" -eq 1 ]
}

@test "where the receiver knows keys again, a lost answer is told again" {
	hook 'on_unknown: resend'
	fault lose
	run_once 0
	[ "$(requests)" -eq 2 ]
	[ "$(got 1 '.headers["referat-key"]')" = "$(got 2 '.headers["referat-key"]')" ]
}

@test "a correction is told under another key" {
	hook
	run_once 0
	sed -i '0,/^Delårsrapporten/s//Rättelse 2024-05-15: Rätt belopp är 1,4 miljoner kronor.\n\n&/' \
		"$demo/inbox/kommunstyrelsen-2024-05.txt"
	run_once 0
	[ "$(requests)" -eq 2 ]
	[ "$(got 1 '.headers["referat-key"]')" != "$(got 2 '.headers["referat-key"]')" ]
	[[ $(jq -r .change_note "$receiver/2.body") == *"Rätt belopp"* ]]
}

@test "a hub is told of each feed; telling it again after a lost answer needs nobody" {
	definition "channel.websub: {hub: \"$receiver_url/hub\", feeds: \"https://exempelby.example/atom.xml https://exempelby.example/namnd/a%20b.xml?x=1&y=2\"}"
	fault lose
	run_once 0
	[ "$(cat "$receiver/1.body")" = 'hub.mode=publish&hub.url=https%3A%2F%2Fexempelby.example%2Fatom.xml' ]
	[ "$(requests)" -eq 3 ]
	grep -qxF 'hub.mode=publish&hub.url=https%3A%2F%2Fexempelby.example%2Fnamnd%2Fa%2520b.xml%3Fx%3D1%26y%3D2' "$receiver"/*.body
	[ "$(got 1 '.headers["content-type"]')" = application/x-www-form-urlencoded ]
}

@test "a receiver and a hub are asked whether they are there, and a secret whether it is right" {
	hook
	run -0 referat check "$demo/pipeline.yaml" --environment
	[[ $output == *'notify: channel.webhook: answers, and takes us'* ]]
	[ "$(cat "$receiver/1.body")" = '{"event":"ping"}' ]
	[ "$(got 1 '.headers["referat-key"]')" = ping ]
	is_signed 1 k0mmun-hemlighet
	fault 401
	run -69 referat check "$demo/pipeline.yaml" --environment
	[[ $output == *'channel.webhook: POST '*'answered 401'* ]]
	definition "channel.websub: {hub: \"$receiver_url/hub\", feeds: \"https://exempelby.example/atom.xml\"}"
	fault 405 404
	run -0 referat check "$demo/pipeline.yaml" --environment
	run -69 referat check "$demo/pipeline.yaml" --environment
	[[ $output == *"there is no hub at the option"* ]]
	definition 'channel.websub: {hub: "http://127.0.0.1:9/", feeds: "https://exempelby.example/atom.xml"}'
	run -69 referat check "$demo/pipeline.yaml" --environment
}
