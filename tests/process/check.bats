#!/usr/bin/env bats
# referat check, graph and schema, with the plugins that are installed.

setup() {
	work=$BATS_TEST_TMPDIR
	mkdir "$work/publishers"
	cat >"$work/publishers/exempelby.yaml" <<-'END'
		referat: 1
		name: Exempelby kommun
		time_zone: Europe/Stockholm
		boards:
		  - {id: kommunstyrelsen, name: Kommunstyrelsen}
		  - {id: socialnamnden, name: Socialnämnden}
	END
	cat >"$work/good.yaml" <<-'END'
		referat: 1
		pipeline: beslut
		publisher: publishers/exempelby.yaml
		stages:
		  ingest: [source.folder: {path: inbox}, reader.text]
		  validate: {check.structure: , retry: {base: 1s}}
		  render: [writer.html, writer.mail]
		  publish/web: {target.site: {base_url: "https://exempelby.se/beslut/"}}
		  publish/archive: {from: render, when: {kind: minutes}, target.site: {base_url: "https://exempelby.se/arkiv/"}}
		  notify: {from: publish/web, channel.maildir: {from: beslut@exempelby.se, to: drift@exempelby.se}}
	END
	sed 's/reader.text/reader.txt/; s/validate:/valdiate:/' "$work/good.yaml" >"$work/wrong.yaml"
	cd "$work"
}

@test "a good definition gives one line that says what was checked, and status 0" {
	run referat check good.yaml
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[ "$output" = "good.yaml: good: pipeline 'beslut' for Exempelby kommun, 6 stages, 8 plugins with their options, 0 secrets, 2 boards" ]
}

@test "a wrong definition gives every mistake with its place, and status 78" {
	run referat check wrong.yaml
	[ "$status" -eq 78 ]
	[[ "$output" == *"wrong.yaml:5:42: error: no plugin 'reader.txt' is installed; did you mean 'reader.text'? [unknown-plugin]"* ]]
	[[ "$output" == *"wrong.yaml:6:3: error: there is no kind of stage 'valdiate'; did you mean 'validate'?"* ]]
	[ "${lines[-1]}" = "wrong.yaml: 2 errors, 0 warnings" ]
}

@test "mistakes go to standard error, so that standard output is for programs" {
	referat check wrong.yaml >out 2>err || true
	[ ! -s out ]
	[ -s err ]
}

@test "mistakes as JSON can be read by a program" {
	run referat check --json wrong.yaml
	[ "$status" -eq 78 ]
	printf '%s' "$output" | python3 -c '
import json, sys
mistakes = json.load(sys.stdin)
assert [m["line"] for m in mistakes] == [5, 6], mistakes
assert all(m["severity"] == "error" and m["code"] and m["text"] for m in mistakes)'
	run referat check --json good.yaml
	[ "$status" -eq 0 ]
	[ "$(printf '%s' "$output" | tr -d ' \n')" = "[]" ]
}

@test "a warning is an error when that is asked for" {
	sed 's/kind: minutes/kind: minute/' good.yaml >warned.yaml
	run referat check warned.yaml
	[ "$status" -eq 0 ]
	[[ "$output" == *"warning: no document is of the kind 'minute'; did you mean 'minutes'?"* ]]
	run referat check --warnings-as-errors warned.yaml
	[ "$status" -eq 78 ]
}

@test "a file that is not there is told so, with status 66" {
	run referat check nowhere.yaml
	[ "$status" -eq 66 ]
	[ "$output" = "referat check: there is no file nowhere.yaml" ]
}

@test "a folder in the file's place is an error, not a hang" {
	mkfifo pipe
	run timeout 10 referat check pipe
	[ "$status" -eq 66 ]
	run timeout 10 referat check publishers
	[ "$status" -eq 66 ]
}

@test "a wrong command line is told so, with status 64" {
	run referat check
	[ "$status" -eq 64 ]
	run referat graph good.yaml --format svg
	[ "$status" -eq 64 ]
	[[ "$output" == *"expected text, dot or mermaid"* ]]
}

@test "a missing secret is told, one of mode 0600 is good, one that others can read is not" {
	sed -i 's/channel.maildir: {/channel.smtp: {url: "smtp:\/\/localhost:25", user: beslut, password: !secret mail, /' good.yaml
	run referat check good.yaml
	[ "$status" -eq 78 ]
	[[ "$output" == *"secret 'mail' is not there"* ]]
	mkdir secrets
	echo hemligt >secrets/mail
	chmod 600 secrets/mail
	run referat check good.yaml
	[ "$status" -eq 0 ]
	[[ "$output" == *" 1 secret, "* ]]
	chmod 644 secrets/mail
	run referat check good.yaml
	[ "$status" -eq 78 ]
	[[ "$output" != *hemligt* ]]
}

@test "the graph shows stages, plugins and conditions" {
	run referat graph good.yaml
	[ "$status" -eq 0 ]
	[ "$output" = "beslut: Exempelby kommun

ingest  source.folder, reader.text
└─ validate  check.structure
   └─ render  writer.html, writer.mail
      ├─ publish/web  target.site
      │  └─ notify  channel.maildir
      └─ publish/archive  target.site  (when kind = minutes)" ]
}

@test "the graph comes as dot and as mermaid" {
	run referat graph good.yaml --format dot
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" == 'digraph "beslut" {' ]]
	[[ "$output" == *'s2 -> s4 [label="kind = minutes"];'* ]]
	run referat graph good.yaml --format mermaid
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" == "flowchart LR" ]]
	[[ "$output" == *'s2 -->|"kind = minutes"| s4'* ]]
}

@test "there is no graph of a wrong definition" {
	run referat graph wrong.yaml
	[ "$status" -eq 78 ]
}

# Reads definitions as an editor does: YAML, with !secret NAME as the text NAME.
valid() {
	python3 - "$@" <<-'END'
		import json, sys, yaml, jsonschema
		yaml.SafeLoader.add_constructor("!secret", lambda loader, node: node.value)
		schema = json.load(open(sys.argv[1]))
		jsonschema.Draft202012Validator.check_schema(schema)
		errors = list(jsonschema.Draft202012Validator(schema).iter_errors(yaml.safe_load(open(sys.argv[2]))))
		for e in errors: print(list(e.absolute_path), e.message[:200])
		sys.exit(1 if errors else 0)
	END
}

@test "the JSON Schema is one, takes what is good and refuses what is wrong" {
	referat schema >schema.json
	run valid schema.json good.yaml
	echo "$output"
	[ "$status" -eq 0 ]
	run valid schema.json wrong.yaml
	[ "$status" -eq 1 ]
	sed 's/base: 1s/bas: 1s/' good.yaml >wrong.yaml
	run valid schema.json wrong.yaml
	[ "$status" -eq 1 ]
	sed 's/path: inbox/settle: 1 sec, path: inbox/' good.yaml >wrong.yaml
	run valid schema.json wrong.yaml
	[ "$status" -eq 1 ]
	sed 's/base_url/base_uri/' good.yaml >wrong.yaml
	run valid schema.json wrong.yaml
	[ "$status" -eq 1 ]
}

@test "the JSON Schema tells of every plugin's options: types, defaults and what they are for" {
	referat schema >schema.json
	python3 - <<-'END'
		import json, subprocess
		schema = json.load(open("schema.json"))
		plugins = json.loads(subprocess.check_output(["referat", "plugins", "list", "--json"]))["plugins"]
		names = [p["name"] for p in plugins if not p.get("why")]
		assert len(names) >= 5, names
		for name in names:
		    assert name in schema["$defs"], name
		settle = schema["$defs"]["source.folder"]["properties"]["settle"]
		assert settle["default"] == "2s" and settle["description"], settle
		assert schema["$defs"]["source.folder"]["required"] == ["path"]
		assert schema["$defs"]["retry"]["properties"]["max_failures"]["maximum"] == 1000
	END
}

@test "every kind of mistake of the golden definitions stands in the manual" {
	cd "$BATS_TEST_DIRNAME/../.."
	for code in $(sed -n 's/^[^ ].*\[\([a-z0-9-]*\)\]$/\1/p' tests/unit/definitions/*.expected | sort -u); do
		grep -q "\`$code\`" docs/pipelines.md || { echo "$code"; false; }
	done
}
