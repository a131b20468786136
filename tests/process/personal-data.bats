#!/usr/bin/env bats
# Minutes full of private persons, through a whole pipeline: nobody of them is in what is published, mailed, said or logged.

bats_require_minimum_version 1.5.0
load support/common

setup() {
	folder=$BATS_TEST_TMPDIR
	mkdir "$folder/inbox"
	cd "$folder" || return 1
	cat >publisher.yaml <<-'YAML'
		referat: 1
		name: Exempelby kommun
		time_zone: Europe/Stockholm
		language: sv
		boards: [{id: tekniska-namnden, name: Tekniska nämnden}]
	YAML
	cat >inbox/protokoll.txt <<-'MINUTES'
		Exempelby kommun

		Tekniska nämnden

		Sammanträdesprotokoll

		Sammanträdesdatum: 2024-05-07

		Plats och tid: Kommunhuset, kl. 13.00-15.00

		Beslutande: Eva Exempel (S), ordförande, Bo Berg (M)
	MINUTES
	number=0
}

item() { # item HEADING DECISION [BACKGROUND]
	number=$((number + 1))
	printf '\n§ %d %s\n\nBeslut\n\n%s\n' "$number" "$1" "$2" >>inbox/protokoll.txt
	[ -z "${3:-}" ] || printf '\nÄrendebeskrivning\n\n%s\n' "$3" >>inbox/protokoll.txt
}

hostile_items() {
	item 'Ansökan om dispens, Rut Hemligsson' 'Nämnden beviljar dispens.'
	item 'Medborgarförslag från Rut Hemligsson om lampor på Parkvägen' 'Medborgarförslaget avslås.' 'Rut Hemligsson vill ha lampor. Hon är rädd.'
	item 'Svar på skrivelse från familjen Dolding' 'Skrivelsen anses besvarad.'
	item 'Klagomål' 'Nämnden ger grannen Dolding rätt.'
	item 'Uppsägning av arrende' 'Arrendet för Hemligssons åker sägs upp.'
	item 'Dispens för R. Hemligsson' 'Dispens ges.'
	item 'Dispens för R E Hemligsson' 'Dispens ges.'
	item 'Avtal om väg' 'Avtalet med Rut von Dolding godkänns.'
	item 'Avtal om bro' 'Avtalet med Rut van der Dolding godkänns.'
	item 'Köp av mark' 'Marken köps av Łukasz Šimić för 200 000 kronor.'
	item 'Ersättning' 'Adaeze Okonkwo får 20 000 kronor.'
	item 'Skadestånd till Hemligsson, Rut' 'Skadestånd betalas.'
	item 'Vite' 'Ägaren till Doldingstorp 1:77 föreläggs vid vite att riva ladan.'
	item 'Anställning av chef' 'Nämnden anställer Kim Dolding som chef.'
	item 'Avstängning av elev' 'Eleven Rut stängs av i två veckor.'
	item 'Pris' 'Rut Hemligsson får miljöpriset.'
	item 'Frågor' 'Frågor besvaras på telefon 070 555 12 34.'
	item 'Fler frågor' 'Frågor besvaras på +46 70 555 12 34.'
	item 'Ännu fler frågor' 'Frågor besvaras via rut.hemligsson(at)dolding.example.'
	item 'Sista frågan' 'Frågor besvaras via rut.hemligsson@dolding.example.'
	item 'Bostadsanpassning' 'Bostadsanpassning på Doldingsgatan 12 beviljas.'
	item 'Resor' 'XXXX beviljas färdtjänst.'
	item 'Ansökan om vård enligt LVU för Rut Hemligsson' 'Ärendet redovisas inte med hänvisning till sekretess.'
	item 'Sekretessärende, faderskap Dolding' 'Faderskapet fastställs.'
	item 'Överklagande' $'Nämnden avslår överklagandet från Rut\nHemligsson.'
	item 'Budget' $'1. Skolan tilldelas 1 mnkr.\n\n2. Badet tilldelas 2 mnkr.\n\n3. Rut Hemligsson tilldelas 3 mnkr.\n\n4. Vägen tilldelas 4 mnkr.'
	item 'Bidrag' 'Nämnden beviljar Rut “Ruttan” Hemligsson bidrag.'
	item 'God man' 'God man för en kvinna på Doldingsgatan utses.'
	item 'Tvist' 'Tvisten med Hemligsson avslutas.'
	item 'Yttrande i mål om Rut  Hemligsson' 'Yttrandet antas.'
	item 'RUT HEMLIGSSONS ANSÖKAN OM GARAGE' 'Ansökan avslås.'
	item 'Ansökan från rut hemligsson' 'Ansökan avslås.'
	item 'Delegationsbeslut, Rut Hemligsson' 'Besluten noteras.'
	item 'Information om Rut Hemligsson' 'Informationen noteras.'
	item 'Val av kontaktperson för Rut Hemligsson' 'Bo Berg (M) väljs.'
	item 'Rut Hemligsson' 'Ärendet utgår.'
	item 'Bordlagt ärende om Rut Hemligsson' 'Ärendet bordläggs.'
	item 'Lön' 'Rut får sin lön höjd.'
	item 'Hyra av lokal' 'Lokalen hyrs av makarna Dolding för 4 000 kronor.'
	item 'Stöd till Rut Hemligsson (LSS)' 'Stödet beviljas.'
	item 'Stöd' 'Sara Doldingby (mor) beviljas stöd.'
	item 'Skada' 'Nämnden ersätter familjen på Doldingsgatan 12.'
	item 'Ändrad taxa' 'Taxan höjs till 500 kronor.' 'Rut Hemligsson har klagat på taxan. Taxan har inte höjts sedan 2015.'
	item 'Motion av Eva Exempel (S) om bad' 'Den av Eva Exempel väckta motionen avslås.'
}

pipeline() { # pipeline CHECK ...
	cat >pipeline.yaml <<-YAML
		referat: 1
		pipeline: privat
		publisher: publisher.yaml
		stages:
		  ingest: {source.folder: {path: inbox, settle: 50ms}, reader.text: {}}
		  validate: [$(IFS=,; echo "$*")]
		  summarise: {summariser.decisions: {approve: never}}
		  render: [writer.html, writer.mail, writer.text]
		  publish/web: {target.site: {base_url: "http://localhost:8000/"}}
		  notify: {from: publish/web, notify_within: 36500d, verify: never, channel.maildir: {from: b@exempelby.example, to: p@exempelby.example}}
	YAML
}

# All that is said of the documents, by a broker that is asked.
ask() {
	referat run pipeline.yaml --state state >said.run 2>&1 3>&- &
	supervisor=$!
	wait_until eval 'referat list --state state >said.list 2>&1'
	document=$(awk '/protokoll.txt|Tekniska/ { for (i = 1; i <= NF; i++) if ($i ~ /^[a-z2-7]{12}$/) print $i }' said.list | head -n 1)
	for command in show why trace; do referat "$command" "$document" --state state >"said.$command" 2>&1; done
	referat held --state state >said.held 2>&1 || true
	for part in findings summary draft card; do referat show "$document" --part "$part" --state state >"said.$part" 2>&1 || true; done
	kill -TERM "$supervisor"
	wait "$supervisor" || true
}

nobody_is_in() { # nobody_is_in FILE ...
	! grep -riE 'hemligsson|dolding|okonkwo|šimić|ruttan|555|XXXX|\bRut\b|1:77' "$@"
}

@test "what is written of minutes tells of no private person, in no output" {
	hostile_items
	pipeline check.structure check.identity-numbers check.links check.dates check.readability check.officialese
	referat run pipeline.yaml --once --plain --state state >said.once 2>said.log
	page=$(find state/site -path '*protokoll*' -name index.html)
	grep -q 'Nej till medborgarförslag om lampor på Parkvägen' "$page"
	grep -q 'Vägen tilldelas 4 miljoner kronor' "$page"
	grep -q 'Taxan har inte höjts sedan 2015' "$page"
	grep -q 'Nej till motion om bad' "$page"
	ask
	grep -q 'INTE MED, OCH VARFÖR' said.draft
	[ -n "$(find state/maildir/new -type f)" ]
	nobody_is_in state/site state/site.index state/maildir said.*
}

@test "what points out a private person holds the document, and no output says whom" {
	hostile_items
	item 'Stöd efter sjukdom' 'Rut Hemligsson får stöd. Hon har en svår sjukdom.'
	item 'Svar' 'Svaret skickas till Rut Hemligsson, Doldingsgatan 12.'
	pipeline check.structure check.identity-numbers check.personal-data
	run -1 --separate-stderr referat run pipeline.yaml --once --plain --state state
	printf '%s\n%s\n' "$output" "$stderr" >said.once
	grep -q '^held.*kan en privatperson' said.once
	ask
	[ -z "$(find state/site state/maildir -type f 2>/dev/null)" ]
	nobody_is_in said.*
}

@test "an identity number holds the document however it is written, and is in no output" {
	while IFS= read -r form; do
		rm -rf state inbox/*.txt
		printf 'Exempelby kommun\n\nTekniska nämnden\n\nSammanträdesprotokoll\n\nSammanträdesdatum: 2024-05-07\n\n§ 1 Svar\n\nBeslut\n\nSvaret ges till %b i dag.\n' "$form" >inbox/protokoll.txt
		pipeline check.identity-numbers
		run -1 --separate-stderr referat run pipeline.yaml --once --plain --state state
		[[ $output == held*personnummer* ]] || { echo "not held: $form: $output"; return 1; }
		# The id of a process, or a moment, may happen to have these digits.
		run ! grep -qE '9999|2399|9392|９９' <<<"$output $(sed 's/^[^ ]*Z //; s/\[[0-9]*\]//' <<<"$stderr")"
	done <<-'FORMS'
		570428-9999
		19570428-9999
		570428 9999
		570428\xe2\x80\x919999
		570428\xe2\x80\x939999
		570428\xe2\x88\x929999
		570428+9999
		570428\xc2\xa09999
		5704289999
		1957-04-28-9999
		19570428\n9999
		570428-\n9999
		57042８-９９９９
		000229-2399
		570488-9392
	FORMS
}
