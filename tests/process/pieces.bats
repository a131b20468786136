#!/usr/bin/env bats
# Minutes of one meeting that come in several files, as clerks make them: a paragraph that is adjusted at once comes first,
# the rest some days later. They are one page, whatever comes first, and whoever was told is told once of what came to it.
# Needs LibreOffice.

bats_require_minimum_version 1.5.0

setup_file() {
	export HOME=$BATS_FILE_TMPDIR made=$BATS_FILE_TMPDIR/made
	mkdir -p "$made"
	tell_rest >"$made/resten.txt"
	for format in docx pdf; do
		timeout 120 soffice -env:UserInstallation="file://$BATS_FILE_TMPDIR/profile" --headless \
			--infilter='Text (encoded):UTF8,LF,,,' --convert-to "$format" --outdir "$made" "$made/resten.txt" \
			>/dev/null 2>&1
	done
	[ -s "$made/resten.docx" ] && [ -s "$made/resten.pdf" ]
}

setup() {
	load support/common.bash
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	cd "$BATS_TEST_TMPDIR" || return
	cp "$tree"/pipelines/demo/{pipeline.yaml,publisher.yaml,prenumeranter.txt} .
	sed -i 's/approve: generated/approve: never/' pipeline.yaml
	sed -i 's/source.folder: {path: inbox}/source.folder: {path: inbox, settle: 50ms}/' pipeline.yaml
	mkdir inbox
	page=state/site/2024/byggnadsnamnden-2024-03-12-protokoll/index.html
	running=
}

teardown() {
	[ -z "$running" ] || { kill -TERM "$running" && wait "$running"; } || true
}

# tell PARAGRAPHS ADJUSTED: minutes of the meeting, with what they say of each item from the input: NUMBER|HEADING|DECISION
tell() {
	printf '%s\n\n' 'Exempelby kommun' Byggnadsnämnden Sammanträdesprotokoll 'Sammanträdesdatum: 2024-03-12' \
		'Plats och tid: Rådhuset, kl. 13.00-15.30' 'Beslutande: Eva Exempel (S)' 'Utses att justera: Bo Exempel' \
		"Justeringsdag: $2" "Paragrafer: $1"
	while IFS='|' read -r number heading decision; do
		printf '%s\n\n' "§ $number $heading" "Dnr BN 2024/$number" Ärendebeskrivning \
			'Frågan har beretts av förvaltningen.' Beslut "Byggnadsnämnden beslutar att $decision."
	done
}

tell_at_once() {
	tell '§ 20' 2024-03-12 <<<'20|Avtal om snöröjning|godkänna avtalet om snöröjning'
}

tell_rest() {
	tell '§§ 18–19, 21–22' 2024-03-19 <<-'END'
		18|Hastighet på Byvägen|sänka hastigheten till 30 km/tim
		19|Ny lekplats i Sjöby|bygga en ny lekplats i Sjöby
		21|Taxa för bygglov|anta taxan för bygglov
		22|Detaljplan för Ekbacken|avslå ansökan om detaljplan för Ekbacken
	END
}

settle() {
	referat run pipeline.yaml --once --plain --state state >said 2>&1 || [ $? -le 2 ]
}

mails() { # mails [WORD]
	grep -l "${1:-}" state/maildir/new/* 2>/dev/null | wc -l
}

headings() {
	sed -n 's/^<h2>\(.*\)<\/h2>$/\1/p; s/^<p class="reference">Paragraf: \(§ [0-9]*\).*/\1/p' "$page" | grep '§' | tr '\n' ' '
}

assert_whole() {
	[ "$(headings)" = '§ 18 § 19 § 20 § 21 § 22 ' ]
	[ "$(find state/site/2024 -name index.html -path '*2024-03-12*' | wc -l)" -eq 1 ]
	grep -q '<h1>Byggnadsnämnden – aktuella beslut 12 mars 2024, §§ 18–22</h1>' "$page"
}

watch() {
	referat run pipeline.yaml --state state >said 2>&1 3>&- &
	running=$!
	wait_until eval 'referat status --state state --json 2>/dev/null | grep -q "\"caught_up\": *true"'
}

document() { # the id of the one that is published
	referat list --state state --status published --json |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["documents"][0]["document"])'
}

@test "what is adjusted at once is published first, and the rest comes to its page" {
	tell_at_once >inbox/omedelbar.txt
	settle
	[ "$(headings)" = '§ 20 ' ]
	[ "$(mails)" -eq 3 ]
	cp "$made/resten.docx" inbox/
	settle
	assert_whole
	grep -q '<h2 id="komplettering">Komplettering</h2>' "$page"
	grep -q 'Sidan är kompletterad med §§ 18–19, 21–22. Den delen av protokollet justerades den 19 mars 2024.' "$page"
	grep -q 'Kompletterad med §§ 18–19, 21–22' state/site/index.html
	[ "$(grep -c '<entry>' state/site/atom.xml)" -eq 1 ]
	[ "$(mails '^Subject: Komplettering')" -eq 3 ] || [ "$(mails 'Komplettering')" -eq 3 ]
	[ "$(mails)" -eq 6 ]
	settle # and nothing more comes of it
	[ "$(mails)" -eq 6 ]
}

@test "both at once are one page, and told of once as far as they are" {
	tell_at_once >inbox/omedelbar.txt
	cp "$made/resten.pdf" inbox/
	settle
	assert_whole
	[ "$(mails)" -eq 3 ]
}

@test "in the other order they are the same page" {
	tell_at_once >inbox/omedelbar.txt
	settle
	cp "$made/resten.txt" inbox/
	settle
	sed -n '/class="item"/,$p' "$page" >"$BATS_TEST_TMPDIR/first"
	rm -r state inbox/*
	cp "$made/resten.txt" inbox/
	settle
	[ "$(headings)" = '§ 18 § 19 § 21 § 22 ' ]
	tell_at_once >inbox/omedelbar.txt
	settle
	assert_whole
	grep -q 'Sidan är kompletterad med § 20. Den delen av protokollet justerades den 12 mars 2024.' "$page"
	sed -n '/class="item"/,$p' "$page" | diff "$BATS_TEST_TMPDIR/first" -
}

@test "three files are one page; one of them changes, and it alone is read anew" {
	tell '§§ 23–24' 2024-03-26 <<<'23|Bro över Storån|bygga en bro över Storån
24|Cykelväg|avslå förslaget om en cykelväg' >inbox/sist.txt
	tell_at_once >inbox/omedelbar.txt
	settle
	cp "$made/resten.docx" inbox/
	settle
	[ "$(headings)" = '§ 18 § 19 § 20 § 21 § 22 § 23 § 24 ' ]
	[ "$(mails)" -eq 6 ]
	sed -i 's/bygga en bro/bygga en smal bro/' inbox/sist.txt
	settle
	[ "$(headings)" = '§ 18 § 19 § 20 § 21 § 22 § 23 § 24 ' ]
	grep -q 'bygga en smal bro över Storån' "$page"
	grep -q 'Sidan är kompletterad med §§ 18–19, 21–22' "$page"
	[ "$(mails)" -eq 6 ]
}

@test "a paragraph that two files tell of in other words waits for a person, who is told which" {
	tell_at_once >inbox/omedelbar.txt
	settle
	tell '§§ 19–20' 2024-03-19 <<<'19|Ny lekplats i Sjöby|bygga en ny lekplats i Sjöby
20|Avtal om snöröjning|säga upp avtalet om snöröjning' >inbox/resten.txt
	settle
	grep -q '§ 20 finns i två filer, med olika text: resten.txt och omedelbar.txt' said
	grep -q 'godkänna avtalet om snöröjning' "$page"
	[ "$(mails)" -eq 3 ]
	sed -i 's/säga upp avtalet om snöröjning/godkänna avtalet om snöröjning/' inbox/resten.txt
	settle
	[ "$(headings)" = '§ 19 § 20 ' ]
	[ "$(mails)" -eq 6 ]
}

@test "a paragraph that only says where it was adjusted gives way to the file that has it" {
	tell_at_once >inbox/omedelbar.txt
	{
		tell '§§ 19–21' 2024-03-19 <<<'19|Ny lekplats i Sjöby|bygga en ny lekplats i Sjöby'
		printf '§ 20 Avtal om snöröjning\n\nParagrafen är omedelbart justerad, se eget protokoll.\n\n'
		printf '§ 21 Taxa för bygglov\n\nBeslut\n\nByggnadsnämnden beslutar att anta taxan för bygglov.\n'
	} >inbox/resten.txt
	settle
	[ "$(headings)" = '§ 19 § 20 § 21 ' ]
	grep -q 'godkänna avtalet om snöröjning' "$page"
}

@test "a file of another day is not put to the others, nor let go in their place" {
	tell_at_once >inbox/omedelbar.txt
	cp "$made/resten.txt" inbox/
	settle
	cp "$page" before
	sed -i 's/Sammanträdesdatum: 2024-03-12/Sammanträdesdatum: 2024-03-13/' inbox/omedelbar.txt
	settle
	grep -q 'omedelbar.txt hör till samma sida som resten.txt, men det framgår inte' said
	watch
	run -0 referat held --state state --json
	id=$(python3 -c 'import json, sys; print(json.load(sys.stdin)["documents"][0]["document"])' <<<"$output")
	run ! referat release "$id" --reason 'det stämmer' --state state
	[[ $output == *"can't be released, only corrected"* ]]
	diff before "$page"
	tell_at_once >inbox/omedelbar.txt
	wait_until eval '! referat held --state state --json | grep -q "\"document\""'
	wait_until eval 'referat list --state state --status published --json | grep -q "\"document\""'
	assert_whole
}

@test "an operator sees the files, and a replay reads all of them and tells nobody" {
	tell_at_once >inbox/omedelbar.txt
	settle
	cp "$made/resten.docx" inbox/
	settle
	cp "$page" before
	watch
	id=$(document)
	referat show "$id" --state state >shown
	grep -q 'source/20 .*text/plain' shown
	grep -q 'name.20 .*omedelbar.txt' shown
	grep -qE '^ *2 +1 +resten.docx' shown
	run -0 referat why "$id" --state state
	[[ $output == *'6 recipients were told'* ]]
	run -0 referat replay --all --from ingest --state state
	[[ $output == *'went on as a revision of another document'* ]]
	wait_until eval '[ "$(referat status --state state --json | grep -o "\"open\": *[0-9]*" | head -n 1 | tr -dc 0-9)" = 0 ]'
	diff before "$page"
	[ "$(mails)" -eq 6 ]
}

@test "another file with the same paragraphs is held, with both named" {
	tell_at_once >inbox/omedelbar.txt
	settle
	tell_at_once | sed 's/godkänna/avslå/' >inbox/igen.txt
	settle
	grep -q 'Sammanträdet finns redan' said
	grep -q 'godkänna avtalet om snöröjning' "$page"
}

@test "minutes that do not say their paragraphs are not put to those that do" {
	tell_at_once >inbox/omedelbar.txt
	settle
	tell_rest | grep -v '^Paragrafer' >inbox/resten.txt
	settle
	grep -q 'vilka paragrafer de har' said
	[ "$(headings)" = '§ 20 ' ]
}

@test "a page that comes from two files finds words that must not be published in either" {
	tell_at_once | sed 's/Frågan har beretts/Frågan om 19570428-9999 har beretts/' >inbox/omedelbar.txt
	cp "$made/resten.txt" inbox/
	settle
	[ ! -f "$page" ]
	grep -q 'omedelbar.txt' said
	! grep -q 19570428 said
}
