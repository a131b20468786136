#!/usr/bin/env bats
# SIGHUP: `referat run` takes another definition while documents pass. With stand-ins (support/stand-in) where only the
# supervisor counts, with the demo's pipeline and documents where it is about them.

bats_require_minimum_version 1.5.0

setup() {
	load support/common.bash
	load support/stand-ins.bash
	said=$BATS_TEST_TMPDIR/said
	state=$BATS_TEST_TMPDIR/state
	supervisor=
}

teardown() {
	end_run
}

# ---- with stand-ins ---------------------------------------------------------------------------------------------------

start_stand_ins() {
	make_stand_ins
	start_run "$@"
	wait_until happened 2 'ingest started'
}

change_stand_ins() {
	sed -i 's/path: inbox/path: inbox, settle: 3s/' "$BATS_TEST_TMPDIR/pipeline.yaml"
}

# reload WORDS: asks for it, and waits until the log says what came of it.
reload() {
	kill -HUP "$supervisor"
	wait_until grep -q "reload: .*$1" "$said"
}

started() { # started COUNT NAME: so many so far, no more
	[ "$(grep -c "^$2 started" "$STAND_INS/events")" -eq "$1" ]
}

@test "a changed stage and the broker are started anew, in order" {
	start_stand_ins
	change_stand_ins
	reload 'the new definition is in force'
	wait_until happened 4 'ingest started'
	grep -q 'reload: stage ingest is changed: options of source.folder' "$said"
	[ "$(cut -d' ' -f1,2 "$STAND_INS/events" | tail -n +5 | tr '\n' ';')" = \
		'ingest finished;ingest finished;broker started;broker ready;ingest started;ingest started;' ]
}

@test "nothing is started anew when nothing has changed" {
	start_stand_ins
	reload 'nothing has changed'
	started 1 broker
	started 2 ingest
}

@test "a wrong definition is shown with its mistakes, and the old one goes on" {
	start_stand_ins
	sed -i 's/source.folder/source.fodler/' "$BATS_TEST_TMPDIR/pipeline.yaml"
	reload 'pipeline.yaml has mistakes; the old definition goes on'
	grep -q "pipeline.yaml:5:.*error: .*source.fodler" "$said"
	started 1 broker
	started 2 ingest
}

@test "another name is refused" {
	start_stand_ins
	sed -i 's/^pipeline: .*/pipeline: other/' "$BATS_TEST_TMPDIR/pipeline.yaml"
	reload 'the name of the pipeline is another: end the run and start it again instead; the old definition goes on'
	started 1 broker
}

@test "when the new broker ends before it is ready, the old definition comes back" {
	start_stand_ins
	echo 74 >"$STAND_INS/broker.once"
	change_stand_ins
	reload 'the new broker ended with status 74; going back to the old definition'
	wait_until happened 4 'ingest started'
	started 3 broker
	# What came back is the old one: the new one is still new to it.
	reload 'the new definition is in force'
	[ "$(grep -c 'reload: stage ingest is changed' "$said")" -eq 2 ]
}

@test "when a new process refuses its work, the old definition comes back" {
	start_stand_ins
	echo 125 >"$STAND_INS/ingest.once"
	change_stand_ins
	reload 'ingest ended with status 125; going back to the old definition'
	wait_until grep -q 'reload: the old definition is in force' "$said"
	# The other new process may be told to end before it has said that it started.
	wait_until happened 5 'ingest started'
	started 3 broker
	kill -0 "$supervisor"
}

@test "what is asked for during a reload is done after it" {
	start_stand_ins
	change_stand_ins
	reload 'stage ingest is changed'
	sed -i 's/3s/4s/' "$BATS_TEST_TMPDIR/pipeline.yaml"
	kill -HUP "$supervisor"
	wait_until happened 6 'ingest started'
	[ "$(grep -c 'reload: the new definition is in force' "$said")" -eq 2 ]
}

@test "a run that is ended during a reload ends" {
	start_stand_ins
	change_stand_ins
	reload 'stage ingest is changed'
	kill -TERM "$supervisor"
	wait "$supervisor"
	supervisor=
	[ "$(grep -c 'ingest finished' "$STAND_INS/events")" -eq 2 ]
}

@test "the service manager is told of a reload and of its end" {
	make_stand_ins
	local socket=$BATS_TEST_TMPDIR/notify
	python3 -c '
import socket, sys
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
    s.bind(sys.argv[1])
    for _ in range(3):
        print(s.recv(100).decode(), flush=True)
' "$socket" >"$BATS_TEST_TMPDIR/notified" 3>&- &
	local listener=$!
	wait_until test -S "$socket"
	NOTIFY_SOCKET=$socket start_run
	wait_until happened 2 'ingest started'
	kill -HUP "$supervisor"
	wait "$listener"
	[[ $(tr '\n' ' ' <"$BATS_TEST_TMPDIR/notified") =~ ^'READY=1 RELOADING=1 MONOTONIC_USEC='[0-9]+' READY=1 '$ ]]
}

@test "a run with --once keeps its definition" {
	start_stand_ins --once
	reload 'a run with --once keeps its definition'
}

# ---- with the demo ----------------------------------------------------------------------------------------------------

make_demo() { # without its documents, which lie in $demo/later
	demo=$BATS_TEST_TMPDIR/demo
	cp -r "$BATS_TEST_DIRNAME/../../pipelines/demo" "$demo"
	sed -i 's/source.folder: {path: inbox}/source.folder: {path: inbox, settle: 50ms}/' "$demo/pipeline.yaml"
	mv "$demo/inbox" "$demo/later"
	mkdir "$demo/inbox"
	rm "$demo"/later/rattelse-*
}

referat() {
	"$REFERAT_BUILD/bin/referat" "$@"
}

start_pipeline() {
	"$REFERAT_BUILD/bin/referat" run "$demo/pipeline.yaml" --state "$state" --clock 2024-06-20T09:00:00Z \
		--restart-base 50ms "$@" >>"$said" 2>&1 3>&- &
	supervisor=$!
	wait_until grep -q 'demo runs, state in' "$said"
}

number() { # number NAME: of the status
	referat status --state "$state" --json | python3 -c 'import json, sys; print(json.load(sys.stdin).get(sys.argv[1], -1))' "$1"
}

all_done() { # all_done DOCUMENTS
	[ "$(number documents)" -eq "$1" ] && [ "$(number open)" -eq 0 ]
}

process_of_stage() { # process_of_stage NAME ("referat-broker", …)
	pgrep -P "$supervisor" -x "${1:0:15}"
}

fingerprint() { # fingerprint STATE
	(cd "$1" && find site maildir -type f -print0 | sort -z | xargs -0 sha256sum)
}

@test "documents pass while definitions change: none is lost, none is mailed twice" {
	make_demo
	sed -i 's/^  validate:/&\n    workers: 1/' "$demo/pipeline.yaml"
	cp "$demo"/later/* "$demo/inbox/"
	referat run "$demo/pipeline.yaml" --state "$state.still" --clock 2024-06-20T09:00:00Z --once --plain || [ $? -eq 2 ]
	rm "$demo"/inbox/*
	start_pipeline
	local n=0 document
	for document in "$demo"/later/*; do
		cp "$document" "$demo/inbox/"
		n=$((n + 1))
		if [ $((n % 3)) -eq 0 ]; then
			sed -i "s/settle: [0-9]*ms/settle: $((50 + n))ms/; s/workers: .*/workers: $((1 + n % 2))/
				s/notify_within: [0-9]*d/notify_within: $((36500 + n))d/" "$demo/pipeline.yaml"
			kill -HUP "$supervisor"
			wait_until eval "[ \$(grep -c 'reload: the new definition is in force' '$said') -eq $((n / 3)) ]"
		fi
		sleep 0.1
	done
	wait_until all_done "$n"
	diff -r "$state.still/site" "$state/site"
	diff -r "$state.still/maildir/new" "$state/maildir/new"
	[ "$(grep -c 'reload: stage render is unchanged' "$said")" -eq "$((n / 3))" ]
	[ "$(grep -c 'reload: stage notify is changed: limits' "$said")" -eq "$((n / 3))" ]
	[ "$(grep -c 'reload: stage validate is changed: workers' "$said")" -eq "$((n / 3))" ]
}

@test "a changed option takes effect, and unchanged stages keep their processes" {
	make_demo
	start_pipeline
	cp "$demo/later/kommunstyrelsen-2024-05.txt" "$demo/inbox/"
	wait_until all_done 1
	local ingest publish broker
	ingest=$(process_of_stage referat-ingest) publish=$(process_of_stage referat-publish)
	broker=$(process_of_stage referat-broker)
	sed -i 's|target.site: {|target.site: {title: "Beslut i byn", |' "$demo/pipeline.yaml"
	reload 'the new definition is in force'
	cp "$demo/later/kommunstyrelsen-2024-06.txt" "$demo/inbox/"
	wait_until all_done 2
	grep -q 'Beslut i byn' "$state/site/index.html"
	[ "$(process_of_stage referat-ingest)" = "$ingest" ]
	[ "$(process_of_stage referat-publish)" != "$publish" ]
	[ "$(process_of_stage referat-broker)" != "$broker" ]
	[ "$(find "$state/maildir/new" -type f -exec grep -h '^Message-ID:' {} + | sort | uniq -d | wc -l)" -eq 0 ]
}

# The writer as it is installed in a place of its own, where its template may be changed.
@test "a changed template takes effect, in the stage that has it alone" {
	make_demo
	local own=$BATS_TEST_TMPDIR/own publish
	mkdir -p "$own/lib/referat/plugins" "$own/share/referat"
	cp "$REFERAT_BUILD/lib/referat/plugins/writer.html.so" "$own/lib/referat/plugins"
	cp -rL "$REFERAT_BUILD/share/referat/writer.html" "$own/share/referat"
	start_pipeline --plugins "$own/lib/referat/plugins"
	cp "$demo/later/kommunstyrelsen-2024-05.txt" "$demo/inbox/"
	wait_until all_done 1
	publish=$(process_of_stage referat-publish)
	sed -i 's/<article>/<article class="ny">/' "$own/share/referat/writer.html/page.mustache"
	reload 'the new definition is in force'
	grep -q 'reload: stage render is changed: texts of writer.html' "$said"
	grep -q 'reload: stage publish/web is unchanged' "$said"
	cp "$demo/later/kommunstyrelsen-2024-06.txt" "$demo/inbox/"
	wait_until all_done 2
	grep -q '<article class="ny">' "$state"/site/2024/kommunstyrelsen-2024-06-*/index.html
	[ "$(process_of_stage referat-publish)" = "$publish" ]
}

@test "a stage with open tasks is not removed; another plugin in it takes them" {
	make_demo
	# Nobody listens there.
	sed -i 's|channel.maildir:|channel.smtp:\n      url: smtp://127.0.0.1:9|' "$demo/pipeline.yaml"
	cp "$demo/later/kommunstyrelsen-2024-05.txt" "$demo/inbox/"
	start_pipeline
	wait_until test -e "$state/site/index.html"
	wait_until eval "[ \$(number open) -eq 1 ]"
	cp "$demo/pipeline.yaml" "$demo/kept.yaml"
	sed -i '/^  notify:/,$d' "$demo/pipeline.yaml"
	reload 'stage notify is removed, but tasks of it are open or held (1): .*; the old definition goes on'
	sed '/url: smtp/d; s/channel.smtp/channel.maildir/' "$demo/kept.yaml" >"$demo/pipeline.yaml"
	reload 'the new definition is in force'
	wait_until all_done 1
	[ "$(find "$state/maildir/new" -type f | wc -l)" -gt 0 ]
}

@test "a stage that holds a document is not removed until it is released" {
	make_demo
	sed -i 's/approve: generated/approve: always/' "$demo/pipeline.yaml"
	cp "$demo/later/kommunstyrelsen-2024-05.txt" "$demo/inbox/"
	start_pipeline
	wait_until eval "referat held --state '$state' --json | grep -q summarise"
	sed -i '/^  summarise:/,/^$/d' "$demo/pipeline.yaml"
	reload 'stage summarise is removed, but tasks of it are open or held (1)'
	referat release --state "$state" --reason 'read by the board' "$(referat held --state "$state" --json |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["documents"][0]["document"])')"
	wait_until all_done 1
	reload 'the new definition is in force'
	cp "$demo/later/kommunstyrelsen-2024-06.txt" "$demo/inbox/"
	wait_until all_done 2
	[ -z "$(process_of_stage referat-summarise)" ]
}

@test "a broker that dies starts again with the definition that was checked, whatever became of the file" {
	make_demo
	start_pipeline
	echo 'spoilt: [' >>"$demo/pipeline.yaml"
	kill -KILL "$(process_of_stage referat-broker)"
	wait_until grep -q 'broker (process .*) was killed' "$said"
	cp "$demo/later/kommunstyrelsen-2024-05.txt" "$demo/inbox/"
	wait_until all_done 1
}
