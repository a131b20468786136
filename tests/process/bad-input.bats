#!/usr/bin/env bats
# What lies in an inbox and is no good document: each has a reason that its publisher can act on, the file stays as it is,
# the others go on, and none takes much memory or time.

bats_require_minimum_version 1.5.0

# All of it lies in one inbox, beside a good document; the tests below look at what became of each.
setup_file() {
	load support/common.bash
	cd "$BATS_FILE_TMPDIR" || return
	make_pipeline
	cd inbox || return
	: >empty.txt
	head -c 70000000 /dev/zero >too-large.txt
	head -c 200000 /dev/urandom >binary.txt
	printf 'Socialnämnden\0 – aktuella beslut april 2021\n' >nul.txt
	truncate -s 1G one-line.txt # sparse: it takes no room
	head -c 3000000 /dev/zero | tr '\0' a >three-megabytes-in-a-line.txt
	mkdir folder.txt
	mkfifo fifo.txt
	ln -s /etc/hostname out.txt
	ln -s nowhere broken-link.txt
	printf 'x' >"~\$april.docx"
	printf 'x' >Thumbs.db
	printf 'Lunchmeny\n' >$'two\nlines.txt'
	printf 'Lunchmeny\n' >"$(printf 'na\xcc\x88mnd.txt')"
	{
		printf '<h1>Socialnämnden – aktuella beslut april 2021</h1>'
		printf '<div>%.0s' {1..100000}
		printf 'Nämnden beslutade att godkänna rapporten.\n'
	} >nested.html
	find . -printf '%p %s %T@ %y\n' | sort >../before
	cd ..
	# What the largest of all processes took, in KiB, stands in the file "memory".
	python3 - >said 2>&1 <<-'END'
		import resource, subprocess
		done = subprocess.run("timeout 120 referat run pipeline.yaml --once --json --state state >result.json", shell=True)
		print("status", done.returncode)
		open("memory", "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
	END
}

setup() {
	load support/common.bash
	cd "$BATS_FILE_TMPDIR" || return
	supervisor='' mounted=''
}

teardown() {
	if [ -n "$supervisor" ] && kill -TERM "$supervisor" 2>/dev/null; then
		wait "$supervisor" || true
	fi
	[ -z "$mounted" ] || umount "$mounted"
}

# A folder with the demo's pipeline, whose inbox holds one good document.
make_pipeline() {
	local demo=$BATS_TEST_DIRNAME/../../pipelines/demo
	cp "$demo/pipeline.yaml" "$demo/publisher.yaml" "$demo/prenumeranter.txt" .
	sed -i 's/{path: inbox}/{path: inbox, settle: 200ms, max_size: 64MiB}/' pipeline.yaml
	mkdir inbox
	cp "$demo/inbox/kommunstyrelsen-2024-06.txt" inbox/good.txt
}

start() { # in the folder of the test
	cd "$BATS_TEST_TMPDIR" || return
	make_pipeline
	referat run pipeline.yaml --state state >said 2>&1 3>&- &
	supervisor=$!
	wait_until fate_is 'published' good.txt
}

documents() { # as JSON, of the run of this file or of one that is going on
	if [ -n "$supervisor" ]; then referat list --state state --json; else cat result.json; fi
}

fate_of() { # fate_of FILE: its status and reason
	documents | python3 -c '
import json, sys
for document in json.load(sys.stdin)["documents"]:
    if document["name"] == sys.argv[1]:
        print(document["status"], document.get("reason", "-"))
' "$1"
}

fate_is() { [[ $(fate_of "$2") == "$1"* ]]; } # fate_is WORDS FILE

assert_fate() { # assert_fate FILE STATUS WORDS
	local fate
	fate=$(fate_of "$1")
	echo "$1: $fate"
	[[ $fate == "$2 "*"$3"* ]]
}

@test "the good document beside them is published, and the run ends as one with dead documents does" {
	cat said
	[[ $(<said) == *'status 2'* ]]
	assert_fate good.txt published ''
}

@test "every file is as it was" {
	cd inbox
	find . -printf '%p %s %T@ %y\n' | sort | diff ../before -
}

@test "no process takes more than 300 MB, whatever the size of a file" {
	[ "$(basename "$REFERAT_BUILD")" = release ] || skip 'a sanitizer takes memory of its own'
	[ "$(<memory)" -lt 300000 ]
}

@test "an empty file" {
	assert_fate empty.txt dead 'Filen är tom. Spara referatet i filen igen.'
}

@test "a file over max_size is held, unread" {
	assert_fate too-large.txt held 'Filen är större än 64 MiB och har inte lästs.'
	assert_fate one-line.txt held 'Filen är större än 64 MiB och har inte lästs.'
}

@test "a line that is no paragraph" {
	assert_fate three-megabytes-in-a-line.txt held 'Rad 1 är för lång för att vara ett stycke.'
}

@test "bytes under the name of a text" {
	assert_fate binary.txt dead 'Filen är ingen textfil, fast namnet säger det.'
	assert_fate nul.txt dead 'Filen är ingen textfil, fast namnet säger det.'
}

@test "a folder is no document, and nobody is told of it" {
	[ -z "$(fate_of folder.txt)" ]
}

@test "a FIFO is never opened" {
	assert_fate fifo.txt held 'Det här är ingen vanlig fil'
}

@test "a link that leads out of the inbox, or nowhere" {
	assert_fate out.txt held 'Genvägen leder till en fil utanför mappen.'
	assert_fate broken-link.txt held 'Genvägen leder till en fil som inte finns.'
}

@test "files that programs put there" {
	[ -z "$(fate_of "~\$april.docx")" ]
	[ -z "$(fate_of Thumbs.db)" ]
}

@test "a name in decomposed letters is shown as people write it" {
	assert_fate nämnd.txt dead 'Det går inte att se att filen handlar om ett möte'
}

@test "a name of two lines is one line in lists and logs" {
	assert_fate $'two\nlines.txt' dead 'Det går inte att se att filen handlar om ett möte'
	run ! grep '^lines.txt' said
	referat run pipeline.yaml --once --state state >again 2>&1 || true
	grep 'two.*lines.txt' again
	run ! grep '^lines.txt' again
}

@test "a web page of 100,000 elements in each other" {
	assert_fate nested.html held 'Webbsidan är för djupt nästlad'
}

@test "what is unreadable for its permissions is held, and published when they are right" {
	[ "$(id -u)" -eq 0 ] || skip 'only root can be somebody else for a while'
	cd "$BATS_TEST_TMPDIR"
	make_pipeline
	install -m 0600 "$BATS_TEST_DIRNAME/../../pipelines/demo/inbox/byggnadsnamnden-2024-05.txt" inbox/secret.txt
	install -d -o nobody state run
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" "$(dirname "$BATS_TEST_TMPDIR")"
	as_nobody() {
		XDG_RUNTIME_DIR=$PWD/run setpriv --reuid nobody --clear-groups "$@"
	}
	as_nobody referat version >/dev/null 2>&1 || skip 'nobody may not run the programs of this build'
	as_nobody referat run pipeline.yaml --once --json --state state >result.json || [ $? -eq 1 ]
	fate_of_own() { supervisor='' fate_of "$1"; }
	[[ $(fate_of_own secret.txt) == 'held Filen får inte läsas: dess behörigheter tillåter det inte.'* ]]
	chmod 644 inbox/secret.txt
	as_nobody referat run pipeline.yaml --once --json --state state >result.json
	[[ $(fate_of_own secret.txt) == published* ]]
}

@test "a file that is still being written is taken when it is whole" {
	start
	head -n 8 "$BATS_TEST_DIRNAME/../../pipelines/demo/inbox/byggnadsnamnden-2024-05.txt" >inbox/slow.txt
	(
		exec 3>&-
		while [ ! -e whole ]; do printf '\n' >>inbox/slow.txt; done
		tail -n +9 "$BATS_TEST_DIRNAME/../../pipelines/demo/inbox/byggnadsnamnden-2024-05.txt" >>inbox/slow.txt
	) &
	cp "$BATS_TEST_DIRNAME/../../pipelines/demo/inbox/socialnamnden-2021-04.txt" inbox/other.txt
	wait_until fate_is published other.txt
	[ -z "$(fate_of slow.txt)" ]
	touch whole
	wait_until fate_is published slow.txt
	run ! grep 'received slow.txt, revision 2' said
}

@test "a file saved five times: the last one stands, and the same bytes again do nothing" {
	start
	local i
	for i in 1 2 3 4 5; do
		sed "s/Kommunstyrelsen – aktuella beslut juni 2024/&\n\nUtkast $i/" inbox/good.txt >next
		[ "$i" -lt 5 ] || cp "$BATS_TEST_DIRNAME/../../pipelines/demo/inbox/kommunstyrelsen-2024-06.txt" next
		cat next >inbox/good.txt
		wait_until grep -q "received good.txt, revision $((i + 1))" said
	done
	wait_until fate_is published good.txt
	touch inbox/good.txt
	cp "$BATS_TEST_DIRNAME/../../pipelines/demo/inbox/socialnamnden-2021-04.txt" inbox/other.txt
	wait_until fate_is published other.txt
	run ! grep 'received good.txt, revision 7' said
	run ! grep -r Utkast state/site
	[ "$(find state/maildir/new -type f | wc -l)" -eq $((2 * $(grep -c @ prenumeranter.txt))) ]
}

@test "a disk that is full: nothing is lost, all goes on when there is room" {
	cd "$BATS_TEST_TMPDIR"
	mkdir disk
	mount -t tmpfs -o size=100m tmpfs disk 2>/dev/null || skip 'only root can make a small disk'
	mounted=$PWD/disk
	mkdir disk/state
	ln -s disk/state state
	make_pipeline
	local demo=$BATS_TEST_DIRNAME/../../pipelines/demo/inbox
	referat run pipeline.yaml --state disk/state >said 2>&1 3>&- &
	supervisor=$!
	wait_until grep -q 'demo runs' said
	wait_until fate_is published good.txt
	head -c 100000000 /dev/zero >disk/ballast 2>/dev/null || true
	cp "$demo/socialnamnden-2021-04.txt" inbox/other.txt
	wait_until grep -q 'no new documents: less than 64 MiB are free' said
	[ -z "$(fate_of other.txt)" ]
	rm disk/ballast
	wait_until fate_is published other.txt
}

@test "a state folder that can't be written is said before anything starts" {
	cd "$BATS_TEST_TMPDIR"
	make_pipeline
	mkdir state
	if [ "$(id -u)" -eq 0 ]; then
		mount -t tmpfs -o ro tmpfs state 2>/dev/null || skip 'root writes everywhere, and can make no read-only disk here'
		mounted=$PWD/state
	else
		chmod 500 state
	fi
	run timeout 20 referat run pipeline.yaml --once --state state
	echo "$output"
	[ "$status" -eq 75 ] || [ "$status" -eq 77 ]
	[[ $output == 'referat run: state: '* ]]
	[[ $output == *'Read-only file system'* || $output == *'Permission denied'* ]]
}
