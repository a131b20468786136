# Whole runs of the demo's pipeline, all processes real, and the comparison of one that was disturbed with one that was
# not.

# take STATE [COMMAND...]: what lies in the inbox goes through the pipeline once; then a correction comes, and what it
# does is taken too. COMMAND stands before each run. (At once, they would race: whether the mail about the first version
# is out before the correction comes is nobody's promise.)
take() {
	local state=$1 demo=$1.demo
	shift
	cp -r "$BATS_TEST_DIRNAME/../../pipelines/demo" "$demo"
	# The demo waits for a file to come to rest; these have.
	sed -i 's/source.folder: {path: inbox}/source.folder: {path: inbox, settle: 50ms}/' "$demo/pipeline.yaml"
	grep -q 'settle: 50ms' "$demo/pipeline.yaml"
	make_large "$demo/inbox/kommunstyrelsen-2024-09.html"
	mkdir "$demo/later"
	mv "$demo"/inbox/rattelse-* "$demo/later/"
	run_once "$state" "$@"
	mv "$demo"/later/* "$demo/inbox/"
	run_once "$state" "$@"
}

# So large that it goes as a blob.
make_large() {
	{ printf '<!--' && head -c 1200000 /dev/zero | tr '\0' ' ' && printf -- '-->\n'; } >>"$1"
}

run_once() {
	local state=$1 status=0
	shift
	"$@" "$REFERAT_BUILD/bin/referat" run "$state.demo/pipeline.yaml" --state "$state" --once --json \
		--clock 2024-06-20T09:00:00Z --restart-base 5ms --restart-cap 20ms --log-level error \
		>"$state.json" 2>>"$state.said" 3>&- || status=$?
	echo "$status" >>"$state.status"
}

# The run that others are compared with; made once in a file of tests.
take_undisturbed() {
	undisturbed=$BATS_FILE_TMPDIR/undisturbed
	[ -e "$undisturbed.status" ] || take "$undisturbed"
}

same_result() { # same_result STATE
	diff "$undisturbed.status" "$1.status" &&
		diff -r "$undisturbed/site" "$1/site" &&
		diff -r "$undisturbed/maildir/new" "$1/maildir/new" &&
		diff <(outcomes "$undisturbed.json") <(outcomes "$1.json") &&
		[ -z "$(grep -rh '^Message-ID:' "$1/maildir/new" | sort | uniq -d)" ]
}

outcomes() { # what became of each document
	python3 -c '
import json, sys
for document in sorted(json.load(open(sys.argv[1]))["documents"], key=lambda d: d["document"]):
    print(*(document.get(key, "-") for key in ("document", "name", "status", "stage", "reason", "url")))
' "$1"
}
