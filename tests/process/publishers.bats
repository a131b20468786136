#!/usr/bin/env bats
# docs/publishers.sv.md, done as it says: what a publisher writes, saves, corrects and takes away.

bats_require_minimum_version 1.5.0

setup() {
	load support/common.bash
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	guide=$tree/docs/publishers.sv.md
	cd "$BATS_TEST_TMPDIR" || return
	cp "$tree"/pipelines/demo/{pipeline.yaml,publisher.yaml,prenumeranter.txt} .
	sed -i 's/source.folder: {path: inbox}/source.folder: {path: inbox, settle: 50ms}/' pipeline.yaml
	mkdir inbox
	blocks "$guide" text >/dev/null
	page=state/site/2021/socialnamnden-2021-04-21/index.html
}

save() { # save NAME: what is written there goes to the inbox, and all that comes of it happens
	cat >"inbox/$1"
	settle
}

settle() {
	referat run pipeline.yaml --once --plain --state state >said 2>&1 || [ $? -le 2 ]
}

mails() {
	find state/maildir/new -type f 2>/dev/null | wc -l
}

@test "the document that the guide shows is published, and told to each subscriber" {
	save april.txt <1.text
	grep -q '<h1>Socialnämnden – aktuella beslut april 2021</h1>' "$page"
	grep -q 'onsdagen den 21 april 2021' "$page"
	grep -A3 '<h2>Helårsstatistik för socialförvaltningen</h2>' "$page" | grep -q 'Godkänns'
	[ "$(mails)" -eq 3 ]
}

@test "each example of an outcome gets the word that stands beside it" {
	rows=$(sed -n 's/^| \(. [^|]*\) | \(Nämnden [^|]*\) |$/\1|\2/p' "$guide")
	[ "$(wc -l <<<"$rows")" -eq 9 ]
	{
		printf 'Socialnämnden – aktuella beslut april 2021\n\nFrågor togs upp den 21 april.\n'
		while IFS='|' read -r _ sentence; do
			printf '\nÄrendet om %s\n\n%s.\n' "$((++n))" "$sentence"
		done <<<"$rows"
	} | save april.txt
	sed -n 's/.*<span class="outcome [^"]*"><span[^>]*>\(.*\)<\/span> \(.*\)<\/span> <\/p>/\1 \2/p' "$page" >words
	cut -d'|' -f1 <<<"$rows" | diff - words
}

@test "a document with an identity number waits; without it, saved again, it is published" {
	sed 's/unga mellan/unga som 19570428-9999 mellan/' 1.text | save april.txt
	[ ! -f "$page" ]
	grep -q 'något som liknar ett personnummer' said
	save april.txt <1.text
	[ -f "$page" ]
}

@test "a file that nobody reads is told so in Swedish, with what to do" {
	save bild.png <"$tree/docs/images/site.png"
	grep -q 'Filen har ett format som inte går att läsa här. Spara den som Word-dokument' said
}

@test "a file that is saved again changes its page and mails nobody" {
	save april.txt <1.text
	sed 's/utan att boka tid/utan att boka/' 1.text | save april.txt
	grep -q 'vända sig utan att boka\.' "$page"
	[ "$(mails)" -eq 3 ]
}

@test "a line of correction stands on the page and in the lists with its day, and is mailed" {
	save april.txt <1.text
	awk 'FNR == NR { line = $0; next } /^Ny mottagning/ { print line "\n" } { print }' 2.text 1.text | save april.txt
	grep -q '>Rättelse den 28 april 2021<' "$page"
	grep -q 'I en tidigare version stod det fel ålder' "$page"
	grep -q 'Rättad den 28 april 2021' state/site/index.html
	[ "$(mails)" -eq 6 ]
}

@test "a page stays when its file is taken from the inbox" {
	save april.txt <1.text
	rm inbox/april.txt
	settle
	grep -q 'Socialnämnden – aktuella beslut april 2021' "$page"
}

@test "a second file of the same meeting waits" {
	save april.txt <1.text
	sed 's/godkänna den/avslå den/' 1.text | save igen.txt
	grep -q 'Sammanträdet finns redan' said
	grep -q 'Godkänns' "$page"
}

@test "each reason that the guide quotes is one that the program gives" {
	quoted=0
	while IFS= read -r reason; do
		grep -qF -- "$reason" "$tree/share/languages/sv.yaml" || { echo "nobody says: $reason"; return 1; }
		quoted=$((quoted + 1))
	done < <(sed -n 's/^| \*\(.*\)\* | .*/\1/p' "$guide")
	[ "$quoted" -eq 20 ]
}
