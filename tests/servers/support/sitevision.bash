# The RESTApp on the stand-in for Sitevision: built and started for a file of tests, emptied for each test.

restapp=$(realpath "$BATS_TEST_DIRNAME/../../integrations/sitevision")

build_restapp() {
	"$BATS_TEST_DIRNAME/../npm" "$restapp" >"$BATS_FILE_TMPDIR/restapp.log" 2>&1 && npm --prefix "$restapp" run --silent build
}

start_sitevision() { # sets and exports $sitevision (its folder), $site
	export sitevision=$BATS_FILE_TMPDIR/sitevision site
	mkdir "$sitevision"
	node "$BATS_TEST_DIRNAME/support/sitevision/server.mjs" "$sitevision" >"$BATS_FILE_TMPDIR/said" 2>&1 3>&- &
	echo $! >"$sitevision/pid"
	wait_until test -f "$sitevision/port"
	site=http://127.0.0.1:$(<"$sitevision/port")
}

stop_sitevision() {
	kill "$(<"$sitevision/pid")"
	while kill -0 "$(<"$sitevision/pid")" 2>/dev/null; do sleep 0.05; done
}

empty_sitevision() {
	rm -f "$sitevision/faults" "$sitevision/requests"
	editor empty
}

editor() { # editor WHAT [DOCUMENT [JSON]]: what a person does there
	jq -n --arg document "${2:-}" --argjson more "${3:-{\}}" '$more + (if $document == "" then {} else {document: $document} end)' |
		curl -sS -f -H 'Content-Type: application/json' --data-binary @- "$site/editor/$1"
}

pages() { # pages FILTER: of the list of all pages, the bin as well
	curl -sS -f "$site/editor/pages" | jq -r "$1"
}

faults() { printf '%s\n' "$@" >"$sitevision/faults"; }

no_faults_left() { [ ! -s "$sitevision/faults" ]; }

requests() { cat "$sitevision/requests" 2>/dev/null || true; } # METHOD PATH STATUS
