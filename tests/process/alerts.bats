#!/usr/bin/env bats
# Alerts by mail through a real mail server (support/smtp_sink.py): once for a cause, to each in their language, once when
# it is over, whatever restarts meanwhile.

bats_require_minimum_version 1.5.0

load support/common.bash

setup() {
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	folder=$BATS_TEST_TMPDIR
	state=$folder/state
	mkdir -p "$folder/mails" "$folder/demo/inbox"
	cp "$tree"/pipelines/demo/publisher.yaml "$folder/demo/"
	cp "$tree"/pipelines/demo/inbox/lunchmeny-vecka-24.txt "$folder/demo/inbox/" # nobody can publish this
}

teardown() {
	stop_pipeline
	[ -z "${sink:-}" ] || kill "$sink" 2>/dev/null || true
}

start_sink() {
	/usr/bin/python3 "$BATS_TEST_DIRNAME/support/smtp_sink.py" "$folder/mails" >"$folder/ports" 2>/dev/null 3>&- &
	sink=$!
	wait_until test -s "$folder/ports"
	read -r _ plain <"$folder/ports"
}

# The demo's pipeline with a mail server in the place of the maildir, and alerts.
definition() { # definition PORT OPERATOR PUBLISHER
	sed '/channel.maildir:/,$d' "$tree/pipelines/demo/pipeline.yaml" >"$folder/demo/pipeline.yaml"
	cat >>"$folder/demo/pipeline.yaml" <<-END
		    channel.smtp: {from: beslut@exempelby.example, to: anna@mejl.example, url: "smtp://localhost:$1"}
		alerts: {operator: $2, publisher: $3}
	END
}

start_pipeline() {
	referat run "$folder/demo/pipeline.yaml" --state "$state" >>"$folder/said" 2>&1 3>&- &
	running=$!
}

stop_pipeline() {
	[ -z "${running:-}" ] || { kill "$running" && wait "$running"; } || true
	running=
}

mails() {
	find "$folder/mails" -name '*.eml' | wc -l
}

has_mails() { # has_mails N
	[ "$(mails)" -ge "$1" ]
}

has_failures() { # has_failures N
	[ "$(grep -c "an alert can't be mailed" "$folder/said")" -ge "$1" ]
}

# The one mail to the address whose text has the words, with its subject and text decoded.
mail_to() { # mail_to ADDRESS WORDS
	python3 - "$folder/mails" "$1" "$2" <<-'END'
		import email, email.policy, glob, sys
		folder, address, words = sys.argv[1:]
		found = []
		for name in sorted(glob.glob(folder + "/*.eml")):
		    mail = email.message_from_binary_file(open(name, "rb"), policy=email.policy.default)
		    text = mail["Subject"] + "\n" + mail.get_content()
		    if address in mail["To"] and words in text:
		        found.append(text)
		assert len(found) == 1, found
		print(found[0])
	END
}

dead_document() {
	referat dead --state "$state" --json |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["documents"][0]["document"])'
}

@test "a dead document is told to operator and publisher once, and its end, through restarts" {
	start_sink
	definition "$plain" drift@exempelby.example kommunikation@exempelby.example
	start_pipeline
	wait_until has_mails 2
	document=$(dead_document)
	run -0 mail_to drift@exempelby.example 'documents were given up in ingest'
	[[ $output == "demo: documents were given up in ingest"*"  $document"*'`referat why DOC`'* ]]
	run -0 mail_to kommunikation@exempelby.example 'Dokument har inte kunnat publiceras'
	[[ $output == *"1 dokument har stannat i steget ingest"*"  $document"* ]]

	stop_pipeline
	start_pipeline
	wait_until dead_document
	run -0 referat erase "$document" --reason 'a menu' --state "$state"
	wait_until has_mails 4
	[ "$(mails)" -eq 4 ]
	mail_to drift@exempelby.example 'Over: demo: documents were given up in ingest'
	mail_to kommunikation@exempelby.example 'Åtgärdat: Dokument har inte kunnat publiceras'
}

@test "where mail is what is down, the log and the status of referat status say so; it is sent when mail is back" {
	definition 1 drift@exempelby.example kommunikation@exempelby.example
	start_pipeline
	wait_until has_failures 2
	grep "error referat-broker.*an alert can't be mailed (status 75): demo: documents were given up" "$folder/said"
	run -2 referat status --state "$state"
	[[ $output == *", alerts can't be mailed |"* ]]
	stop_pipeline
	start_sink
	definition "$plain" drift@exempelby.example kommunikation@exempelby.example
	start_pipeline
	wait_until has_mails 2
	mail_to drift@exempelby.example 'documents were given up in ingest'
}

@test "an address that the mail server refuses is no reason to be silent to the other" {
	start_sink
	definition "$plain" never@exempelby.example kommunikation@exempelby.example
	start_pipeline
	wait_until grep -q "an alert can't be mailed (status 70)" "$folder/said"
	wait_until has_mails 1
	mail_to kommunikation@exempelby.example 'Dokument har inte kunnat publiceras'
}
