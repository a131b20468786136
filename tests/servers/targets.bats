#!/usr/bin/env bats
# A whole pipeline with two targets, a site and a real Apache with WebDAV, and two channels, a maildir and a program that
# is told: what an operator does to one document reaches all of them, also when one was down at the time.

bats_require_minimum_version 1.5.0

setup_file() {
	load support/apache.bash
	export no_proxy='*' # whatever the machine has set
	new_servers
	start_apache
	export dav dav_url read_url
}

teardown_file() {
	load support/apache.bash
	[ -z "${servers:-}" ] || stop_servers
}

setup() {
	load ../process/support/common.bash
	load support/receiver.bash
	load support/apache.bash
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	demo=$BATS_TEST_TMPDIR/demo state=$BATS_TEST_TMPDIR/state said=$BATS_TEST_TMPDIR/said running=
	mkdir -p "$demo/inbox"
	cp "$tree"/pipelines/demo/{publisher.yaml,prenumeranter.txt} "$demo/"
	(umask 077 && mkdir "$demo/secrets" && printf 'k0mmun-hemlighet' >"$demo/secrets/hook" && printf 'hemligt' >"$demo/secrets/dav")
	find "$dav" -mindepth 1 -delete
	set_password hemligt
	start_receiver
	sed '/^tests:/,$d; s/path: inbox/path: inbox, settle: 50ms/' "$tree/pipelines/demo/pipeline.yaml" >"$demo/pipeline.yaml"
	cat >>"$demo/pipeline.yaml" <<-END
		  publish/dav:
		    from: render
		    retry: {base: 50ms, cap: 1h}
		    target.webdav: {url: "$dav_url/", public_url: "$read_url/", user: webb, password: !secret dav}
		  notify/diary:
		    from: publish/dav
		    notify_within: 36500d
		    channel.webhook: {url: "$receiver_url/beslut", secret: !secret hook}
		alerts: {operator: drift@exempelby.example}
	END
	name=kommunstyrelsen-2024-05 place=2024/kommunstyrelsen-2024-05-08
}

teardown() {
	end_pipeline
	end_receiver
}

start_pipeline() { # start_pipeline [ARGUMENTS OF RUN]
	referat run "$demo/pipeline.yaml" --state "$state" "$@" >>"$said" 2>&1 3>&- &
	running=$!
	wait_until answers
}

end_pipeline() {
	[ -z "$running" ] || { kill "$running" && wait "$running"; } || true
	running=
}

answers() { referat status --state "$state" --json 2>/dev/null | jq -e .caught_up >/dev/null; }
set_password() { printf '%s\n' "webb:$(openssl passwd -apr1 "$1")" >"$servers/apache/passwords"; }

# Nobody listens at its address any more; and again.
stop_dav() {
	kill -TERM -- "-$(<"$servers/gate.group")"
	gone() { ! kill -0 -- "-$(<"$servers/gate.group")" 2>/dev/null; }
	wait_until gone
}
again_dav() {
	local inner=$(sed -n 's/^<VirtualHost 127.0.0.1:\(.*\)>/\1/p; ' "$servers/apache/conf" | head -n 1)
	keep_process gate /usr/bin/python3 "$BATS_TEST_DIRNAME/support/fault_gate.py" "$servers" "${dav_url##*:}" "$inner"
	wait_for dav_answers
}

bring() { # bring NAME: a document of the demo
	cp "$tree/pipelines/demo/inbox/$1.txt" "$demo/inbox/"
}
document() { referat list --state "$state" --json | jq -r --arg name "$name.txt" '.documents[] | select(.name == $name).document'; }
is() { [ "$(referat list --state "$state" --json 2>/dev/null | jq -r --arg name "$name.txt" '.documents[] | select(.name == $name).status')" = "$1" ]; }
mails() { grep -rlE "^To: .*$1" "$state/maildir" 2>/dev/null | wc -l; }
told() { find "$receiver" -name '*.json' | wc -l; }
destination_is_down() { referat status --state "$state" --json 2>/dev/null | jq -e '.destinations[] | select(.name == "publish/dav" and (.works | not))' >/dev/null; }

# What residents could find of the document, anywhere.
traces() {
	find "$state/site" "$dav" -path "*$place*" 2>/dev/null
	grep -rl "$place" "$state/site" "$dav" "$state/maildir" "$receiver" 2>/dev/null
	true
}

@test "a document stands at both targets, and both channels tell of it once; a correction is marked with its day on both" {
	bring "$name"
	start_pipeline
	wait_until is published
	[ "$(sed '$d' "$dav/$place/index.html")" = "$(cat "$state/site/$place/index.html")" ]
	grep -q "$place" "$state/site/index.html" "$state/site/atom.xml" "$state/site/2024/05/sitemap.xml"
	[ "$(mails anna.andersson@)" -eq 1 ]
	[ "$(told)" -eq 1 ]
	sed -i '0,/^$/s//\nRättelse 2024-05-20: Fel belopp stod i en tidigare version.\n/' "$demo/inbox/$name.txt"
	corrected() { grep -q 'Fel belopp' "$state/site/$place/index.html" "$dav/$place/index.html" 2>/dev/null && is published; }
	wait_until corrected
	for page in "$state/site/$place/index.html" "$dav/$place/index.html"; do
		grep -q '20 maj 2024' "$page"
		grep -q 'Fel belopp stod i en tidigare version' "$page"
	done
	[ "$(told)" -eq 2 ]
}

@test "withdrawn while one target is down: gone from the other at once, and there when it is back; nobody is told" {
	bring "$name"
	start_pipeline
	wait_until is published
	before="$(told) $(mails anna.andersson@)"
	stop_dav
	referat withdraw "$(document)" --state "$state" --reason 'names a child' --by Eva
	wait_until grep -q tillbakadragen "$state/site/$place/index.html"
	run ! grep -rq "$place" "$state/site/index.html" "$state/site/atom.xml" "$state/site/2024/05/sitemap.xml" \
		"$state/site/namnd/kommunstyrelsen"
	wait_until destination_is_down
	is open
	[ -f "$dav/$place/index.html" ]
	again_dav
	# Not after the pause that has grown; unless it has been tried by itself just now.
	referat resume publish/dav --state "$state" || [ $? -eq 69 ]
	wait_until is withdrawn
	grep -q tillbakadragen "$dav/$place/index.html" # a short page stays, and nothing of what the old one said
	run ! grep -q cykelväg "$dav/$place/index.html"
	[ "$(told) $(mails anna.andersson@)" = "$before" ]
}

@test "a password that a target takes no longer stops it at once, and the operator is told at once, once, and when it is over" {
	start_pipeline
	set_password 'ett annat'
	bring "$name"
	wait_until grep -q 'alert to the operator: credentials:publish/dav' "$said"
	alerted() { [ "$(mails drift@)" -ge "$1" ]; }
	wait_until alerted 1
	destination_is_down
	is open
	run ! grep -rq hemligt "$said" "$state/maildir"
	run referat why "$(document)" --state "$state"
	[[ $output == *'401'* ]]
	[ "$(referat show "$(document)" --state "$state" --json | jq '[.tasks[] | select(.stage == "publish/dav")][0].failures')" -eq 0 ]
	[ -f "$state/site/$place/index.html" ] # the other target does not wait
	printf 'ett annat' >"$demo/secrets/dav"
	run -0 referat resume publish/dav --state "$state"
	[ "$output" = 'publish/dav is tried again now' ]
	wait_until is published
	wait_until alerted 2
	[ -f "$dav/$place/index.html" ]
	run -69 referat resume publish/dav --state "$state"
	[[ $output == *'publish/dav is not paused, and its destination works'* ]]
	[ "$(mails drift@)" -eq 2 ]
}

@test "under embargo nothing of a document is anywhere, while others pass; afterwards it is everywhere" {
	start_pipeline --clock 2024-05-20T09:00:00Z
	referat submit "$tree/pipelines/demo/inbox/$name.txt" --name "$name.txt" --state "$state" --embargo 2024-05-21T09:00:00Z
	bring byggnadsnamnden-2024-05
	other() { [ "$(referat list --state "$state" --status published --json | jq '.documents | length')" -eq 1 ]; }
	wait_until other # by the same ways, and later
	is open
	[ -z "$(traces)" ]
	run referat why "$(document)" --state "$state"
	[[ $output == *'2024-05-21'* ]]
	end_pipeline
	start_pipeline --clock 2024-05-21T09:00:01Z
	wait_until is published
	grep -q "$place" "$state/site/index.html" "$state/site/atom.xml" "$state/site/2024/05/sitemap.xml"
	[ -f "$state/site/$place/index.html" ]
	[ -f "$dav/$place/index.html" ]
	[ "$(told)" -eq 2 ]
	grep -rq "$place" "$state/maildir"
}

@test "a page that somebody edited by hand is found by drift, and is kept or replaced as a person says" {
	bring "$name"
	start_pipeline
	wait_until is published
	sed -i 's/cykelväg/motorväg/' "$dav/$place/index.html"
	run -2 --separate-stderr referat drift --state "$state"
	[[ $output == "changed     $(document)  publish/dav"*'motorväg'* ]]
	[[ $output == *'2 pages compared: 1 as published, 1 drifted, 0 unknown'* ]]
	referat replay "$(document)" --from publish/dav --state "$state" --wait
	wait_until is held
	grep -q motorväg "$dav/$place/index.html"
	referat retry "$(document)" --state "$state"
	wait_until is published
	run ! grep -q motorväg "$dav/$place/index.html"
	run -0 referat drift --state "$state"
}
