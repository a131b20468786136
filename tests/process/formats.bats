#!/usr/bin/env bats
# The same minutes in every format that clerks have, made here by the programs that they use: each is read as the same
# document. Needs LibreOffice, tesseract and poppler.

bats_require_minimum_version 1.5.0

setup_file() {
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	export tree work=$BATS_FILE_TMPDIR HOME=$BATS_FILE_TMPDIR
	mkdir -p "$work/made"
	for format in doc rtf; do
		timeout 120 soffice -env:UserInstallation="file://$work/profile" --headless --convert-to "$format" \
			--outdir "$work/made" "$tree/tests/unit/samples/protokoll-2024-03-12.odt" >/dev/null 2>&1
	done
	for format in odt docx pdf html; do
		timeout 120 soffice -env:UserInstallation="file://$work/profile" --headless --convert-to "$format" \
			--outdir "$work/made" "$tree/tests/unit/samples/spalter-2024-03-12.fodt" >/dev/null 2>&1
	done
	scan "$tree/tests/unit/samples/protokoll-2024-03-12.pdf" "$work/made/scan.pdf"
}

# facts_of READER FILE: what the reader finds in the file, but for where it stands and what is bold.
facts_of() {
	referat plugins try "$1" "$2" --json | python3 -c '
import json, sys
def find(value):
    if isinstance(value, dict) and "items" in value and "kind" in value:
        return value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next(filter(None, map(find, inner)), None)
def bare(value):
    if isinstance(value, dict):
        return {key: bare(inner) for key, inner in value.items() if "place" not in key and key != "spans"}
    return [bare(inner) for inner in value] if isinstance(value, list) else value
print(json.dumps(bare(find(json.load(sys.stdin))), ensure_ascii=False, indent=1))'
}

# A PDF whose pages are pictures, as a copier makes them.
scan() {
	pdftoppm -gray -r 150 -jpeg "$1" "$work/page"
	python3 - "$2" "$work"/page-*.jpg <<-'END'
		import sys
		objects, kids = [], []
		def add(content):
		    objects.append(content)
		    return len(objects)
		add(b"<< /Type /Catalog /Pages 2 0 R >>")
		add(b"")
		for name in sys.argv[2:]:
		    data = open(name, "rb").read()
		    at = data.index(b"\xff\xc0")
		    height, width = int.from_bytes(data[at + 5:at + 7], "big"), int.from_bytes(data[at + 7:at + 9], "big")
		    colours = b"Gray" if data[at + 9] == 1 else b"RGB"
		    picture = add(b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /Device%s "
		                  b"/BitsPerComponent 8 /Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream"
		                  % (width, height, colours, len(data), data))
		    draw = b"595 0 0 842 0 0 cm /I Do"
		    content = add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(draw), draw))
		    kids.append(add(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
		                    b"/Resources << /XObject << /I %d 0 R >> >> >>" % (content, picture)))
		objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % k for k in kids))
		out, places = b"%PDF-1.4\n", []
		for number, content in enumerate(objects, 1):
		    places.append(len(out))
		    out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
		start = len(out)
		out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
		out += b"".join(b"%010d 00000 n \n" % place for place in places)
		out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
		open(sys.argv[1], "wb").write(out)
	END
}

# read_by FILE: what became of the file as the only document of a pipeline, in a line.
read_by() {
	local folder=$BATS_TEST_TMPDIR/${1##*/}
	mkdir -p "$folder/inbox"
	cp "$1" "$folder/inbox/"
	cp "$tree/pipelines/demo/publisher.yaml" "$folder/"
	cat >"$folder/pipeline.yaml" <<-END
		referat: 1
		pipeline: formats
		publisher: publisher.yaml
		stages:
		  ingest:
		    source.folder: {path: inbox}
		    reader.office: {}
		    reader.pdf: {pictures: ${2:-next}}
		    reader.ocr: {}
		    reader.libreoffice: {}
		    reader.text: {}
		  validate: [check.structure]
		  summarise: {summariser.decisions: {approve: never}}
		  render: [writer.text]
	END
	referat run "$folder/pipeline.yaml" --once --json --state "$folder/var" >"$folder/result" 2>"$folder/said" || true
	python3 -c '
import json, sys
document = json.load(open(sys.argv[1]))["documents"][0]
print(document.get("status"), document.get("board"), document.get("day"), document.get("reason") or "")
' "$folder/result" || cat "$folder/said"
}

@test "a Word 97 document and an RTF are saved anew and read" {
	[[ $(read_by "$work/made/protokoll-2024-03-12.doc") == *' Tekniska nämnden 2024-03-12'* ]]
	[[ $(read_by "$work/made/protokoll-2024-03-12.rtf") == *' Tekniska nämnden 2024-03-12'* ]]
}

@test "the pages of a scan are read" {
	run read_by "$work/made/scan.pdf"
	echo "$output"
	[[ $output == *' Tekniska nämnden 2024-03-12'* ]]
}

@test "what is read off pictures keeps its columns and its paragraph signs" {
	scan "$work/made/spalter-2024-03-12.pdf" "$BATS_TEST_TMPDIR/scan.pdf"
	python3 -c '
import base64, json, sys
source = base64.b64encode(open(sys.argv[1], "rb").read()).decode()
print(json.dumps({"values": {"type": "application/pdf"}, "parts": {"source": {"base64": source}},
                  "options": {"language": "swe", "resolution": "200", "most_pages": "9"}}))' \
		"$BATS_TEST_TMPDIR/scan.pdf" | python3 "$tree/plugins/reader.ocr/reader.ocr.exec" run >"$BATS_TEST_TMPDIR/read"
	run python3 -c 'import json, sys; print(json.load(sys.stdin)["parts"]["converted"]["text"])' <"$BATS_TEST_TMPDIR/read"
	echo "$output"
	grep -q '^§ 12 Nya träd' <<<"$output"
	grep -q '^Beslut   *Tekniska nämnden beslutar' <<<"$output"
	grep -q '^     *att avslå förslaget om häckar' <<<"$output"
	grep -q $'^\fHedby kommun' <<<"$output"
}

@test "without a reader of pictures a scan is held, with what to do" {
	run read_by "$work/made/scan.pdf" hold
	[[ $output == 'held '*'Sidorna är bilder av text'* ]]
}

@test "DOCX, ODT and PDF are read" {
	for ending in docx odt pdf; do
		run read_by "$tree/tests/unit/samples/protokoll-2024-03-12.$ending"
		[[ $output == *' Tekniska nämnden 2024-03-12'* ]]
	done
}

@test "what is found in a PDF is told with its page and the line on it" {
	run read_by "$tree/tests/unit/samples/protokoll-2024-03-12.pdf"
	echo "$output"
	[[ $output == *'sidan 1, rad '* ]]
}

# Labels in a margin, counted numbers, two columns, a table over two pages, a note, a comment, hidden text.
@test "minutes laid out in columns are the same document in each format" {
	facts_of reader.office "$work/made/spalter-2024-03-12.odt" >"$BATS_TEST_TMPDIR/odt"
	grep -q '"number": "§ 13"' "$BATS_TEST_TMPDIR/odt"
	[ "$(grep -c '"outcome"' "$BATS_TEST_TMPDIR/odt")" -eq 3 ]
	run ! grep -i 'granne\|trädinventeringen' "$BATS_TEST_TMPDIR/odt"
	for pair in reader.office:docx reader.pdf:pdf reader.html:html; do
		facts_of "${pair%:*}" "$work/made/spalter-2024-03-12.${pair#*:}" >"$BATS_TEST_TMPDIR/${pair#*:}"
		diff "$BATS_TEST_TMPDIR/odt" "$BATS_TEST_TMPDIR/${pair#*:}"
	done
}

@test "what only has the name of a Word document is held" {
	printf '\0\1\2' >"$work/trasigt.doc"
	run read_by "$work/trasigt.doc"
	echo "$output"
	[[ $output == 'held '* || $output == 'dead '* ]]
}
