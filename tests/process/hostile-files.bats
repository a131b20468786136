#!/usr/bin/env bats
# More than two hundred files that mean harm or have come to harm (support/hostile_files.py): cut off, flipped, under the
# wrong name, bombs, rings, nesting, lies about sizes. All lie in one inbox beside a good document. Every one ends with a
# reason, none brings a process down, takes much memory or reaches out; the good one comes through.

bats_require_minimum_version 1.5.0

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	local tree=$BATS_TEST_DIRNAME/../..
	mkdir inbox
	python3 -W ignore "$BATS_TEST_DIRNAME/support/hostile_files.py" "$tree/tests/unit/samples" inbox >made
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-06.txt" inbox/good.txt
	cp "$tree/pipelines/demo/publisher.yaml" .
	sed -i '/^boards:/a \  - {id: tekniska-namnden, name: Tekniska nämnden}' publisher.yaml
	cat >pipeline.yaml <<-'END'
		referat: 1
		pipeline: hostile
		publisher: publisher.yaml
		stages:
		  ingest:
		    source.folder: {path: inbox}
		    reader.office: {}
		    reader.pdf: {}
		    reader.html: {}
		    reader.markdown: {}
		    reader.text: {}
		    max_memory: 384MiB
		  validate: [check.structure, check.identity-numbers, check.personal-data]
		  summarise: {summariser.decisions: {approve: never}}
		  render: [writer.text]
	END
	# What the largest of all processes took, in KiB, stands in the file "memory".
	python3 - >said 2>&1 <<-'END'
		import resource, subprocess
		done = subprocess.run("timeout 280 referat run pipeline.yaml --once --json --state state >result.json", shell=True)
		print("status", done.returncode)
		open("memory", "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
	END
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# documents EXPRESSION: the names of the documents that it is true of, with their reasons; in Python, of `document`.
documents() {
	python3 -c '
import json, sys
for document in json.load(open("result.json"))["documents"]:
    reason = " ".join((document.get("reason") or "").split())
    if eval(sys.argv[1]):
        print(document["name"], document["status"], reason)
' "$1"
}

@test "two hundred files and more are all accounted for, and the run ends as one with dead documents does" {
	[ "$(<made)" -ge 200 ]
	grep -qx 'status 2' said
	[ "$(documents True | wc -l)" -eq $(($(<made) + 1)) ]
	[ -z "$(documents 'document["status"] not in ("done", "held", "dead")')" ]
}

@test "the good document among them comes through" {
	[[ $(documents 'document["name"] == "good.txt"') == 'good.txt done '* ]]
}

@test "whatever is held or dead has a reason, in words for the publisher" {
	run documents 'document["status"] != "done" and reason[-1:] not in (".", ")") and document.get("code") != "crash"'
	echo "$output"
	[ -z "$output" ]
}

@test "no file uses up the time of its reader" {
	run grep -E 'max_runtime' said
	echo "$output"
	[ "$status" -eq 1 ]
}

# Half a million saved states of graphics take the library a kilobyte each.
@test "the file that wants more memory than a stage may have ends its process and is given up; no other does" {
	[ "$(basename "$REFERAT_BUILD")" = release ] || skip 'a sanitizer takes memory of its own'
	[ "$(documents 'document.get("code") == "crash"' | cut -d' ' -f1,2 | uniq)" = 'saved-states.pdf dead' ]
	[ "$(grep -c 'it starts again' said)" -eq 2 ]
	echo "$(<memory) KiB"
	[ "$(<memory)" -lt 450000 ]
}

@test "nothing of the machine's own files gets into a document" {
	! grep -rlE 'root:x:0' state result.json said
}

@test "what can be told of a file is told: passwords, macros, pictures of text, bombs" {
	[[ $(documents 'document["name"] == "encrypted-by-word.pdf"') == *'skyddad med lösenord'* ]]
	[[ $(documents 'document["name"] == "macros.docx"') == *'makron'* ]]
	[[ $(documents 'document["name"] == "no-text.pdf"') == *'bilder av text'* ]]
	[[ $(documents 'document["name"] == "bomb-document.docx"') == *'mer text än ett protokoll kan ha'* ]]
	[[ $(documents 'document["name"] == "attributes.html"') == *'för många element'* ]]
}
