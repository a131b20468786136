#!/usr/bin/env bats
# The demo as a user meets it: eight processes, a table at the end, a site and mails; and nothing twice.

bats_require_minimum_version 1.5.0

setup() {
	load support/common.bash
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	state=$BATS_TEST_TMPDIR/state
	demo=$BATS_TEST_TMPDIR/demo
	supervisor=
	cp -r "$tree/pipelines/demo" "$demo"
	# Its files lie still already. The correction comes later, so that the first version is told as well.
	sed -i 's/source.folder: {path: inbox}/source.folder: {path: inbox, settle: 50ms}/' "$demo/pipeline.yaml"
	mv "$demo"/inbox/rattelse-* "$BATS_TEST_TMPDIR/"
}

teardown() {
	if [ -n "$supervisor" ] && kill -TERM "$supervisor" 2>/dev/null; then
		wait "$supervisor" || true
	fi
}

run_once() { # run_once [OPTION ...]
	"$REFERAT_BUILD/bin/referat" run "$demo/pipeline.yaml" --once --state "$state" "$@" || [ $? -eq 2 ]
}

# Every file of the site and every mail, with its bytes.
fingerprint() { # fingerprint STATE
	(cd "$1" && find site maildir -type f -print0 | sort -z | xargs -0 sha256sum)
}

mails() { # mails [WORD]: how many there are (with that word)
	grep -l "${1:-}" "$state"/maildir/new/* | wc -l
}

answers() {
	"$REFERAT_BUILD/bin/referat" list --state "$state" >"$BATS_TEST_TMPDIR/listed" 2>&1
}

has_mails() { # has_mails N
	[ "$(mails)" -eq "$1" ]
}

watch() {
	"$REFERAT_BUILD/bin/referat" run "$demo/pipeline.yaml" --state "$state" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
	supervisor=$!
}

has_processes() { # itself among them
	[ $(($(pgrep -c -P "$supervisor") + 1)) -eq "$1" ]
}

@test "make demo shows what was published, held and given up, and where to look" {
	run -0 "$tree/pipelines/demo/run" "$REFERAT_BUILD" "$state"
	[[ $output == *"Published (12)"* ]]
	[[ $output == *"byggnadsnamnden-2024-06.txt"*personnummer* ]]
	[[ $output == *"lunchmeny-vecka-24.txt"* ]]
	[[ $output == *"16 documents: 12 published, 2 held, 1 dead, 1 replaced or erased"* ]]
	[[ $output == *"$state/site/index.html"* ]]
	[[ $output != *"570428"* ]] # nobody's number is shown
	[[ $output == *"While it runs"*"held --state $state"* ]]
	[[ $output != *"0 documents, "* ]]
}

# What the demo says to do, done.
@test "the minutes wait as a draft, which is read and approved with the commands that are shown" {
	run -0 "$tree/pipelines/demo/run" "$REFERAT_BUILD" "$state"
	[[ $output == *"kommunstyrelsen-2024-11-protokoll.docx"*"gjord av ett program"* ]]
	read=$(grep -o 'show [a-z0-9]* --part draft --state.*' <<<"$output")
	approve=$(grep -o 'release [a-z0-9]* --reason .* --state.*' <<<"$output")
	run ! grep -rq 'kommunstyrelsen-2024-11-13' "$state/site"
	watch
	wait_until answers
	eval "\"$REFERAT_BUILD/bin/referat\" $read" >"$BATS_TEST_TMPDIR/draft"
	grep -q '^Nej till medborgarförslag om utebad vid Långsjön (§ 173)$' "$BATS_TEST_TMPDIR/draft"
	grep -q '§ 175: Beloppet ”1 250 tkr” står som i protokollet' "$BATS_TEST_TMPDIR/draft"
	grep -q '§ 176 Ersättning efter vattenskada: Beslutet kan nämna en privatperson' "$BATS_TEST_TMPDIR/draft"
	eval "\"$REFERAT_BUILD/bin/referat\" $approve"
	page=$state/site/2024/kommunstyrelsen-2024-11-13-protokoll/index.html
	wait_until test -f "$page"
	grep -q 'Kommunstyrelsen säger nej till medborgarförslaget' "$page"
	grep -q '<p>Vägen blir 1,8 kilometer lång och får belysning. Den ska stå klar till skolstarten i augusti 2025.</p>' "$page"
	wait_until has_mails 39
	run ! grep -rqi 'exempelsson' "$state/site" "$state/maildir" "$BATS_TEST_TMPDIR/draft" "$BATS_TEST_TMPDIR/said"
}

@test "every page, list and feed is there, and every link leads somewhere" {
	run_once
	[ "$(find "$state/site" -path '*/20*-*/index.html' | wc -l)" -eq 12 ]
	for page in $(find "$state/site" -name '*.html' ! -name 404.html); do
		for link in $(grep -o 'href="[^"]*"' "$page" | cut -d'"' -f2 | grep -v '^http\|^#\|^mailto:'); do
			target=$(dirname "$page")/$link
			[ -f "$target" ] || [ -f "$target/index.html" ] || { echo "$page: $link"; return 1; }
		done
	done
	for feed in "$state/site/atom.xml" "$state"/site/namnd/*/atom.xml; do
		xmllint --noout --nonet --relaxng "$tree/tests/unit/atom.rng" "$feed"
	done
	grep -q 'Hette Socialnämnden till och med den 31 december 2021' "$state/site/namnd/socialnamnden/index.html"
	run ! grep -rq '570428' "$state/site" "$state/maildir"
}

@test "each subscriber has one mail of each publication, with its address" {
	run_once
	[ "$(mails)" -eq 36 ]
	for who in anna.andersson@mejl.example bo.berg@mejl.example redaktionen@tidningen.example; do
		[ "$(mails "^To: <$who>")" -eq 12 ]
	done
	[ "$(mails '^http://localhost:8000/2024/byggnadsnamnden-2024-05-15/')" -eq 3 ]
	run ! grep -q '{{url}}' "$state"/maildir/new/*
}

@test "a second run changes no byte and mails nobody again" {
	run_once
	fingerprint "$state" >"$BATS_TEST_TMPDIR/first"
	run_once
	fingerprint "$state" | diff "$BATS_TEST_TMPDIR/first" -
}

@test "the same clock gives the same bytes" {
	run_once --clock 2024-10-01T08:00:00Z
	fingerprint "$state" >"$BATS_TEST_TMPDIR/first"
	rm -r "$state"
	run_once --clock 2024-10-01T08:00:00Z
	fingerprint "$state" | diff "$BATS_TEST_TMPDIR/first" -
}

@test "a correction stands on the page and is told once" {
	run_once
	page=$state/site/2024/arbetsmarknads-och-socialnamnden-2024-04-17/index.html
	grep -q '2,4 miljoner kronor om året' "$page"
	mv "$BATS_TEST_TMPDIR"/rattelse-* "$demo/inbox/"
	run_once
	grep -q 'Rätt belopp är 1,4 miljoner kronor' "$page"
	grep -q 'Rättad' "$state/site/index.html"
	[ "$(mails '^R=C3=A4ttelse: ')" -eq 3 ]
	[ "$(mails)" -eq 39 ]
}

@test "a correction that lies beside its first version is told in its place" {
	mv "$BATS_TEST_TMPDIR"/rattelse-* "$demo/inbox/"
	run_once
	[ "$(mails '^R=C3=A4ttelse: ')" -eq 3 ]
	[ "$(mails)" -eq 36 ]
}

@test "it is eight processes that keep watching, and none stays behind" {
	watch
	wait_until has_processes 8
	children=$(pgrep -P "$supervisor" | tr '\n' ',')
	[ "$(ps -o comm= -p "${children%,}" | sort | tr '\n' ' ')" = \
		"referat-broker referat-ingest referat-notify referat-publish referat-render referat-summari referat-validat " ]
	kill -TERM "$supervisor"
	wait "$supervisor" || true
	supervisor=
	run ! ps -o pid= -p "${children%,}"
}

@test "a file that is put right while it watches is published" {
	watch
	wait_until test -f "$state/site/index.html"
	page=$state/site/2024/byggnadsnamnden-2024-06-05/index.html
	[ ! -f "$page" ]
	sed -i 's/ (personnummer [0-9-]*)//' "$demo/inbox/byggnadsnamnden-2024-06.txt"
	wait_until test -f "$page"
	wait_until grep -q byggnadsnamnden-2024-06-05 "$state/site/index.html"
}
