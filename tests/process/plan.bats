#!/usr/bin/env bats
# `referat plan` and `apply`: what another definition would change in a running pipeline, and the change. What a reload
# does, whoever asks for it, is in reload.bats.

bats_require_minimum_version 1.5.0

setup() {
	load support/common.bash
	load support/stand-ins.bash
	said=$BATS_TEST_TMPDIR/said
	state=$BATS_TEST_TMPDIR/state
	demo=$BATS_TEST_TMPDIR/demo
	cp -r "$BATS_TEST_DIRNAME/../../pipelines/demo" "$demo"
	sed -i 's/source.folder: {path: inbox}/source.folder: {path: inbox, settle: 50ms}/' "$demo/pipeline.yaml"
	mv "$demo/inbox" "$demo/later"
	mkdir "$demo/inbox"
	supervisor=
}

teardown() {
	end_run
}

referat() {
	"$REFERAT_BUILD/bin/referat" "$@"
}

start_pipeline() {
	"${prefix:-$REFERAT_BUILD}/bin/referat" run "$demo/pipeline.yaml" --state "$state" --clock 2024-06-20T09:00:00Z \
		--restart-base 50ms "$@" >>"$said" 2>&1 3>&- &
	supervisor=$!
	wait_until grep -q 'demo runs, state in' "$said"
}

plan() { # plan [OPTION ...]
	run --separate-stderr referat plan "$demo/pipeline.yaml" --state "$state" "$@"
}

apply() {
	run --separate-stderr referat apply "$demo/pipeline.yaml" --state "$state" "$@"
}

number() {
	referat status --state "$state" --json | python3 -c 'import json, sys; print(json.load(sys.stdin).get(sys.argv[1], -1))' "$1"
}

all_done() {
	[ "$(number documents)" -eq "$1" ] && [ "$(number open)" -eq 0 ]
}

mails() {
	find "$state/maildir/new" -type f | wc -l
}

# Nobody listens where mail is to go to.
without_mail_server() {
	cp "$demo/pipeline.yaml" "$demo/good.yaml"
	sed -i 's|channel.maildir:|channel.smtp:\n      url: smtp://127.0.0.1:9|' "$demo/pipeline.yaml"
}

rename_notify() { # the same work, under another name
	sed '/url: smtp/d; s/channel.smtp/channel.maildir/; s/^  notify:/  notify\/residents:/' -i "$demo/pipeline.yaml"
}

@test "a plan says by its exit status whether anything differs, and changes nothing" {
	start_pipeline
	plan
	[ "$status" -eq 0 ]
	[[ $output == *'nothing differs from what runs'* ]]
	sed -i 's|target.site: {|target.site: {title: "Beslut i byn", |; s/^  validate:/&\n    workers: 2/' "$demo/pipeline.yaml"
	plan
	[ "$status" -eq 2 ]
	[[ $output =~ 'publish/web '+'changed '+'starts again: options of target.site' ]]
	[[ $output =~ 'validate '+'changed '+'starts again: workers' ]]
	[[ $output =~ 'ingest '+'unchanged' ]]
	run ! grep -q 'is in force' "$said"
	plan --json
	[ "$status" -eq 2 ]
	python3 -c '
import json, sys
plan = json.load(sys.stdin)
assert plan["outcome"] == "planned" and not plan["same"]
assert {s["stage"]: s["change"] for s in plan["stages"]}["publish/web"] == "changed"
' <<<"$output"
}

@test "what is applied is in force when the command returns" {
	start_pipeline
	sed -i 's|target.site: {|target.site: {title: "Beslut i byn", |' "$demo/pipeline.yaml"
	apply
	[ "$status" -eq 0 ]
	[[ $output == *'the definition is in force'* ]]
	plan
	[ "$status" -eq 0 ]
	cp "$demo/later/kommunstyrelsen-2024-05.txt" "$demo/inbox/"
	wait_until all_done 1
	grep -q 'Beslut i byn' "$state/site/index.html"
}

@test "mistakes are shown to who plans and applies, and the run does not hear of them" {
	start_pipeline
	sed -i 's/source.folder/source.fodler/' "$demo/pipeline.yaml"
	for command in plan apply; do
		$command
		[ "$status" -eq 78 ]
		[[ $stderr == *source.fodler* ]]
	done
	run ! grep -q 'reload' "$said"
}

@test "where nothing runs there is nothing to compare with" {
	plan
	[ "$status" -eq 69 ]
	[[ $stderr == *'no pipeline runs there'* ]]
}

@test "another name is refused by plan and apply" {
	start_pipeline
	sed -i 's/^pipeline: .*/pipeline: other/' "$demo/pipeline.yaml"
	for command in plan apply; do
		$command
		[ "$status" -eq 75 ]
		[[ $stderr == *'refused: the name of the pipeline is another'* ]]
	done
}

@test "a definition that lies elsewhere can be planned, and is not applied" {
	start_pipeline
	cp "$demo/pipeline.yaml" "$demo/draft.yaml"
	sed -i 's|target.site: {|target.site: {title: "Beslut i byn", |' "$demo/draft.yaml"
	run referat plan "$demo/draft.yaml" --state "$state"
	[ "$status" -eq 2 ]
	run --separate-stderr referat apply "$demo/draft.yaml" --state "$state"
	[ "$status" -eq 75 ]
	[[ $stderr == *'change that file, for the next start reads it, too'* ]]
}

@test "a run with --once says that it keeps its definition" {
	start_pipeline --once --log-level info
	plan
	[ "$status" -ne 0 ]
}

@test "a stage that is removed with open tasks is refused, with what helps" {
	without_mail_server
	cp "$demo/later/kommunstyrelsen-2024-05.txt" "$demo/inbox/"
	start_pipeline
	wait_until eval "[ \"\$(number open)\" -eq 1 ]"
	sed -i '/^  notify:/,$d' "$demo/pipeline.yaml"
	plan
	[ "$status" -eq 2 ]
	[[ $output =~ 'notify '+'removed '+'1 tasks open, 0 held' ]]
	apply
	[ "$status" -eq 75 ]
	[[ $stderr == *'stage notify is removed, but tasks of it are open or held (1)'*--move*--drain* ]]
}

@test "what a stage published, the one that takes its place can take away" {
	cp "$demo/later/kommunstyrelsen-2024-05.txt" "$demo/inbox/"
	start_pipeline
	wait_until all_done 1
	sed -i 's|publish/web|publish/site|g' "$demo/pipeline.yaml"
	apply --move publish/web=publish/site
	[ "$status" -eq 0 ]
	[ "$(number documents)" -eq 1 ]
	local pages
	pages=$(grep -c '<loc>' "$state/site/sitemap.xml")
	run referat withdraw --state "$state" --reason 'the wrong minutes' "$(referat list --state "$state" --json |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["documents"][0]["document"])')"
	[[ $output == *'it is being taken away from 1 place'* ]]
	wait_until eval "[ \"\$(grep -c '<loc>' '$state/site/sitemap.xml')\" -lt $pages ]"
}

@test "tasks that wait in a removed stage go to the one that takes its place" {
	without_mail_server
	cp "$demo/later/kommunstyrelsen-2024-05.txt" "$demo/inbox/"
	start_pipeline
	wait_until eval "[ \"\$(number open)\" -eq 1 ]"
	rename_notify
	apply --move notify=notify/residents
	[ "$status" -eq 0 ]
	wait_until all_done 1
	[ "$(mails)" -gt 0 ]
	grep -q 'tasks of stage notify are those of notify/residents now' "$said"
}

@test "a move that makes no sense is refused before anything is asked" {
	start_pipeline
	apply --move notify=render
	[ "$status" -eq 64 ]
	[[ $stderr == *'move notify=render: the definition still has the stage notify'* ]]
	rename_notify
	apply --move notify=publish/web
	[ "$status" -eq 64 ]
	[[ $stderr == *'the two do not do the same work'* ]]
	apply --move notify
	[ "$status" -eq 64 ]
	run ! grep -q 'reload' "$said"
}

@test "when the new definition does not hold, moved tasks come back with the old one" {
	without_mail_server
	cp "$demo/later/kommunstyrelsen-2024-05.txt" "$demo/inbox/"
	local prefix=$BATS_TEST_TMPDIR/prefix
	mkdir -p "$prefix/bin"
	ln -s "$REFERAT_BUILD"/bin/* "$REFERAT_BUILD/lib" "$REFERAT_BUILD/share" "$prefix/"
	mv "$prefix"/referat* "$prefix/bin/"
	rm "$prefix/bin/referat"
	cp "$REFERAT_BUILD/bin/referat" "$prefix/bin/"
	start_pipeline
	wait_until eval "[ \"\$(number open)\" -eq 1 ]"
	cp "$demo/pipeline.yaml" "$demo/old.yaml"
	rename_notify
	# What is started next refuses its work.
	cat >"$BATS_TEST_TMPDIR/refuses" <<-END
		#!/bin/sh
		[ ! -e "$BATS_TEST_TMPDIR/refused" ] || exec "$REFERAT_BUILD/bin/referat-notify" "\$@"
		touch "$BATS_TEST_TMPDIR/refused"
		exit 125
	END
	chmod +x "$BATS_TEST_TMPDIR/refuses"
	ln -sf "$BATS_TEST_TMPDIR/refuses" "$prefix/bin/referat-notify"
	apply --move notify=notify/residents
	[ "$status" -eq 75 ]
	[[ $stderr == *'refused: notify/residents ended with status 125'* ]]
	grep -q 'tasks of stage notify/residents are those of notify now' "$said"
	cp "$demo/old.yaml" "$demo/pipeline.yaml"
	plan
	[ "$status" -eq 0 ]
	[ "$(number open)" -eq 1 ]
}

@test "a removed stage works off what it has when it may" {
	sed -i 's/approve: generated/approve: always/' "$demo/pipeline.yaml"
	cp "$demo/later/kommunstyrelsen-2024-05.txt" "$demo/inbox/"
	start_pipeline
	wait_until eval "referat held --state '$state' --json | grep -q summarise"
	sed -i '/^  summarise:/,/^$/d' "$demo/pipeline.yaml"
	apply --drain 1s
	[ "$status" -eq 75 ]
	[[ $stderr == *'stage summarise is removed, but tasks of it are open or held (1)'* ]]
	referat apply "$demo/pipeline.yaml" --state "$state" --drain 5m >"$BATS_TEST_TMPDIR/applied" 2>&1 3>&- &
	local apply=$!
	referat release --state "$state" --reason 'read by the board' "$(referat held --state "$state" --json |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["documents"][0]["document"])')"
	wait "$apply"
	grep -q 'the definition is in force' "$BATS_TEST_TMPDIR/applied"
	# What fed the stage had to wait, and goes on.
	cp "$demo/later/kommunstyrelsen-2024-06.txt" "$demo/inbox/"
	wait_until all_done 2
}
