#!/usr/bin/env bats
# Files of hundreds of megabytes, as scanned minutes with all their attachments are: stages may take less memory than the
# file has bytes, and it comes through. What is over the bound is held with a reason.

bats_require_minimum_version 1.5.0

setup_file() {
	load support/common.bash
	export samples=$BATS_TEST_DIRNAME/../unit/samples
	cd "$BATS_FILE_TMPDIR" || return
	mkdir inbox
	make_large "$samples/protokoll-2024-03-12.pdf" inbox/large.pdf 200
	make_large "$samples/protokoll-2024-03-12.docx" inbox/large.docx 120
	truncate -s 301M inbox/too-large.pdf
	# No board of theirs is known here, so that the two files are not taken for one.
	cat >publisher.yaml <<-END
		referat: 1
		name: Exempelby kommun
		language: sv
		time_zone: Europe/Stockholm
		boards: [{id: ingen, name: Ingen nämnd}]
	END
	cat >pipeline.yaml <<-END
		referat: 1
		pipeline: large
		publisher: publisher.yaml
		stages:
		  ingest:
		    max_memory: 96MiB
		    source.folder: {path: inbox, settle: 200ms}
		    reader.office: {}
		    reader.pdf: {}
		  summarise: {summariser.decisions: {approve: never}}
		  render: [writer.text]
	END
	timeout 300 referat run pipeline.yaml --once --json --state state >result.json 2>said || true
}

setup() {
	load support/common.bash
	cd "$BATS_FILE_TMPDIR" || return
}

# make_large FROM TO MIB: the same document, with so many MiB in it that belong to no page.
make_large() {
	python3 - "$@" <<-'END'
		import re, sys, zipfile
		source, target, size = sys.argv[1], sys.argv[2], int(sys.argv[3]) << 20
		if source.endswith(".docx"):
		    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
		        with new.open("word/media/image9.png", "w") as picture:
		            for _ in range(size >> 20):
		                picture.write(bytes(1 << 20))
		        for name in old.namelist():
		            new.writestr(name, old.read(name))
		else:  # an incremental update with an object that nothing refers to (ISO 32000-1, 7.5.6)
		    old = open(source, "rb").read()
		    previous = int(re.findall(rb"startxref\s+(\d+)", old)[-1])
		    number = int(re.findall(rb"/Size (\d+)", old)[-1])
		    root = re.findall(rb"/Root (\d+ \d+ R)", old)[-1]
		    head = b"\n%d 0 obj\n<< /Length %d >>\nstream\n" % (number, size)
		    tail = b"\nendstream\nendobj\n"
		    xref = len(old) + len(head) + size + len(tail)
		    tail += (b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %s /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
		             % (number, len(old) + 1, number + 1, root, previous, xref))
		    with open(target, "wb") as out:
		        out.write(old + head)
		        out.seek(size, 1)
		        out.write(tail)
	END
}

fate_of() { # fate_of NAME: its status and reason
	python3 -c '
import json, sys
for document in json.load(open("result.json"))["documents"]:
    if document["name"] == sys.argv[1]:
        print(document["status"], document.get("reason", "-"))
' "$1"
}

@test "a PDF of 200 MB is read by a stage that may take 96 MiB" {
	[ "$(basename "$REFERAT_BUILD")" = release ] || skip 'a sanitizer takes memory of its own'
	cat said
	[ "$(stat -c %s inbox/large.pdf)" -gt 200000000 ]
	[[ $(fate_of large.pdf) == 'done -' ]]
}

@test "a DOCX of 120 MB, too" {
	[ "$(basename "$REFERAT_BUILD")" = release ] || skip 'a sanitizer takes memory of its own'
	[ "$(stat -c %s inbox/large.docx)" -gt 120000000 ]
	[[ $(fate_of large.docx) == 'done -' ]]
}

@test "the file that came in is kept as it was" {
	local name
	name=$(sha256sum inbox/large.pdf | cut -d' ' -f1)
	cmp inbox/large.pdf "state/blobs/${name:0:2}/$name"
}

@test "one over 300 MB is held, unread" {
	[[ $(fate_of too-large.pdf) == 'held Filen är större än 300 MiB och har inte lästs.'* ]]
}

@test "a program that is a reader gets the path of a part that is too large for its request" {
	mkdir -p plugins one/inbox
	cat >plugins/reader.size.exec <<-'END'
		#!/usr/bin/python3
		import json, os, sys
		if sys.argv[1:] == ["--describe"]:
		    print(json.dumps({"abi": "1.0", "kind": "reader", "name": "reader.size", "version": "1.0",
		                      "functions": ["run"], "summary": "tells the size", "accepts": "application/pdf",
		                      "produces": "referat.document/1"}))
		    sys.exit(0)
		source = json.load(sys.stdin)["parts"]["source"]
		size = os.stat(source["file"]).st_size
		with open(source["file"], "rb") as file:
		    print(json.dumps({"result": "hold", "reason": f"{file.read(5).decode()} {size}, {sorted(source)}"}))
	END
	chmod 755 plugins/reader.size.exec
	cp --sparse=always inbox/large.pdf one/inbox/
	sed '/max_memory/d; /reader.office/d; s/reader.pdf: {}/reader.size: {}/; s/: inbox/: inbox/' pipeline.yaml >one/pipeline.yaml
	cp publisher.yaml one/
	run referat run one/pipeline.yaml --once --json --state one/state --plugins plugins
	echo "$output"
	[[ $output == *"%PDF- $(stat -c %s inbox/large.pdf), ['file', 'type']"* ]]
}
