#!/usr/bin/env bats
# Mails through a real mail server (support/smtp_sink.py), with log-in and TLS: told once; who can't be told hinders
# nobody; what may have been sent is held.

bats_require_minimum_version 1.5.0

setup() {
	load support/common.bash
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	folder=$BATS_TEST_TMPDIR
	mkdir -p "$folder/mails" "$folder/demo/inbox" "$folder/demo/secrets"
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
		-keyout "$folder/key.pem" -out "$folder/demo/cert.pem" 2>/dev/null
	/usr/bin/python3 "$BATS_TEST_DIRNAME/support/smtp_sink.py" "$folder/mails" "$folder/demo/cert.pem" \
		"$folder/key.pem" >"$folder/ports" 2>/dev/null 3>&- &
	sink=$!
	for _ in $(seq 100); do
		[ -s "$folder/ports" ] && break
		sleep 0.1
	done
	read -r guarded plain <"$folder/ports"
	cp "$tree"/pipelines/demo/publisher.yaml "$folder/demo/"
	cp "$tree"/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt "$folder/demo/inbox/"
	(umask 077 && printf hemligt >"$folder/demo/secrets/mail")
}

teardown() {
	[ -z "${running:-}" ] || { kill "$running" && wait "$running"; } || true
	kill "$sink" 2>/dev/null || true
}

# The demo's pipeline with a mail server in the place of the maildir.
definition() { # definition "OPTIONS OF channel.smtp" RECIPIENT ...
	local options=$1
	shift
	printf '%s\n' "$@" >"$folder/demo/list.txt"
	sed '/channel.maildir:/,$d' "$tree/pipelines/demo/pipeline.yaml" >"$folder/demo/pipeline.yaml"
	echo '    retry: {base: 100ms}' >>"$folder/demo/pipeline.yaml"
	echo "    channel.smtp: {from: beslut@exempelby.example, list: list.txt, $options}" >>"$folder/demo/pipeline.yaml"
}

run_once() { # run_once STATUS
	run -"$1" "$REFERAT_BUILD/bin/referat" run "$folder/demo/pipeline.yaml" --once --state "$folder/state"
}

@test "mails go over TLS after a log-in, once however often the pipeline runs" {
	definition "url: \"smtp://localhost:$guarded\", ca_file: cert.pem, user: referat, password: !secret mail" \
		anna@mejl.example bo@mejl.example
	run_once 0
	[ "$(cat "$folder"/mails/*.to | sort)" = $'anna@mejl.example True True\nbo@mejl.example True True' ]
	grep -q 'http://localhost:8000/2024/kommunstyrelsen-2024-05-08/' "$folder"/mails/000001.eml
	run_once 0
	[ "$(find "$folder/mails" -name '*.eml' | wc -l)" -eq 2 ]
}

@test "a recipient who is refused for good hinders nobody" {
	definition "url: \"smtp://localhost:$plain\"" never@mejl.example anna@mejl.example
	run_once 0
	[ "$(cut -d' ' -f1 "$folder"/mails/*.to)" = anna@mejl.example ]
}

@test "what may have been sent is held for a person, and not sent again" {
	definition "url: \"smtp://localhost:$plain\"" silent@mejl.example
	run_once 1
	run_once 1
	[ "$(find "$folder/mails" -name '*.eml' | wc -l)" -eq 1 ]
}

# Two mails may have been sent: a running pipeline that holds the document.
start_held() {
	definition "url: \"smtp://localhost:$plain\"" silent@ett.example anna@mejl.example silent@tva.example
	run_once 1
	"$REFERAT_BUILD/bin/referat" run "$folder/demo/pipeline.yaml" --state "$folder/state" >"$folder/said" 2>&1 3>&- &
	running=$!
	wait_until held_document >/dev/null
	document=$(held_document)
}

held_document() {
	referat held --state "$folder/state" --json 2>/dev/null |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["documents"][0]["document"])' 2>/dev/null
}

mails() { # how many were taken for a recipient
	cat "$folder"/mails/*.to | grep -c "^$1 "
}

is_done() {
	referat list --state "$folder/state" --status published 2>/dev/null | grep -q "$document"
}

@test "mails that may have been sent are one case, which names them; releasing it counts them as sent" {
	start_held
	run -0 referat held --state "$folder/state"
	[[ $output == *'2 mejl kan ha skickats'*'s…@ett.example, s…@tva.example'*'referat release'*'referat retry'* ]]
	[[ $output != *anna* && $output != *silent* ]]
	run -0 referat release "$document" --state "$folder/state" --reason 'both are in the log of the mail server'
	wait_until is_done
	[ "$(mails silent@ett.example)" -eq 1 ]
	[ "$(mails silent@tva.example)" -eq 1 ]
	[ "$(mails anna@mejl.example)" -eq 1 ]
}

@test "mails that may have been sent are sent again on request, and no others" {
	start_held
	referat retry "$document" --state "$folder/state" --reason 'neither is in the log of the mail server'
	wait_until eval "[ \$(mails silent@ett.example) -eq 2 ] && [ \$(mails silent@tva.example) -eq 2 ]"
	[ "$(mails anna@mejl.example)" -eq 1 ]
}

@test "a new secret is tried at the server at once, and a pipeline can be asked whether its servers answer" {
	definition "url: \"smtp://localhost:$guarded\", ca_file: cert.pem, user: referat, password: !secret mail" \
		anna@mejl.example
	run -69 referat secret set mail "$folder/demo/pipeline.yaml" <<<falskt
	[[ $output == *'notify: channel.smtp: the mail server '*[Ll]ogin* ]]
	run -69 referat check "$folder/demo/pipeline.yaml" --environment
	run -0 referat secret set mail "$folder/demo/pipeline.yaml" <<<hemligt
	[[ $output == *'notify: channel.smtp: answers, and takes us' ]]
	run -0 referat check "$folder/demo/pipeline.yaml" --environment
	[ "$(find "$folder/mails" -name '*.eml' | wc -l)" -eq 0 ]
}

@test "a log-in that the mail server refuses is told to the operator at once, not as a server that is down" {
	definition "url: \"smtp://localhost:$guarded\", ca_file: cert.pem, user: referat, password: !secret mail" \
		anna@mejl.example
	echo 'alerts: {operator: drift@exempelby.example}' >>"$folder/demo/pipeline.yaml"
	(umask 077 && printf falskt >"$folder/demo/secrets/mail")
	"$REFERAT_BUILD/bin/referat" run "$folder/demo/pipeline.yaml" --state "$folder/state" >"$folder/said" 2>&1 3>&- &
	running=$!
	wait_until grep -q 'alert to the operator: credentials:notify' "$folder/said"
}
