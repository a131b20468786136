# Whole pipelines in the test's folder: the demo's, with a real target in the place of the site. $tree is Referat's.

demo_with() { # demo_with SECRETS TARGET [OPTION OF THE STAGE]: the folder of its secrets; "target.NAME: {…}"
	mkdir -p demo/inbox
	ln -sfn "$1" demo/secrets
	cp "$tree/pipelines/demo/publisher.yaml" demo/
	sed '/^  publish/,$d; s/path: inbox/path: inbox, settle: 50ms/' "$tree/pipelines/demo/pipeline.yaml" >demo/pipeline.yaml
	cat >>demo/pipeline.yaml <<-END
		  publish/cms:
		    retry: {base: 20ms, cap: 100ms, max_failures: 200}
		    ${3:-workers: 1}
		    $2
	END
}

run_once() { # run_once STATUS
	run -"$1" --separate-stderr referat run demo/pipeline.yaml --once --state state --json --log-level error
}

start_pipeline() { # goes on, with one document held: $document
	referat run demo/pipeline.yaml --state state >said 2>&1 3>&- &
	running=$!
	wait_until eval "[ \"\$(referat held --state state --json 2>/dev/null | jq '.documents | length')\" = 1 ]"
	document=$(referat held --state state --json | jq -r '.documents[0].document')
}

# would MINUTES: starts the pipeline with its publish stage paused, and gives it the minutes. Sets $document, $would (what the
# dry run says, as JSON) and $changes (the requests in it that would change something: "METHOD ADDRESS", a line each).
would() {
	referat run demo/pipeline.yaml --state state >said 2>&1 3>&- &
	running=$!
	wait_until eval 'referat pause publish/cms --state state'
	cp "$tree/pipelines/demo/inbox/$1" demo/inbox/
	wait_until eval 'document=$(referat list --state state --json | jq -re ".documents[0].document")'
	wait_until eval 'referat publish --dry-run "$document" --state state >/dev/null'
	would=$(referat publish --dry-run "$document" --state state --json)
	changes=$(jq -r '.results[0].requests[] | select(.sent | not) | .method + " " + .url' <<<"$would")
}
