#!/usr/bin/env bats
# Secrets: set from a terminal or a pipe, kept closed, listed and never shown.

bats_require_minimum_version 1.5.0

setup() {
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	folder=$BATS_TEST_TMPDIR
	cp "$tree"/pipelines/demo/publisher.yaml "$folder/"
	mkdir "$folder/inbox"
	echo anna@mejl.example >"$folder/list.txt"
	sed '/channel.maildir:/,$d' "$tree/pipelines/demo/pipeline.yaml" >"$folder/pipeline.yaml"
	echo '    channel.smtp: {from: beslut@exempelby.example, list: list.txt, url: "smtp://localhost:9",' \
		'user: referat, password: !secret mail}' >>"$folder/pipeline.yaml"
}

secret() { referat secret "$@"; }

@test "a secret from a pipe is kept for its user alone, and never shown" {
	run -78 secret list "$folder/pipeline.yaml"
	[[ $output == *'mail'*'notify channel.smtp (password)'*"is not there"* ]]
	run -0 secret set mail "$folder/pipeline.yaml" --no-probe <<<hemligt
	[ "$output" = "secret 'mail' is set, for notify channel.smtp (password)" ]
	[ "$(stat -c %a "$folder/secrets/mail")" = 600 ]
	[ "$(cat "$folder/secrets/mail")" = hemligt ]
	run -0 secret list "$folder/pipeline.yaml" --json
	[ "$output" = '{"referat":1,"secrets":[{"name":"mail","used_by":"notify channel.smtp (password)","there":true}]}' ]
}

@test "on a terminal it is asked for twice, and not shown" {
	cat >"$folder/type.py" <<-'END'
		import os, pty, sys
		pid, terminal = pty.fork()
		if pid == 0:
		    os.execvp("referat", ["referat", "secret", "set", "mail", sys.argv[1], "--no-probe"])
		said = b""
		for word in sys.argv[2:]:
		    while not said.endswith(b": "):
		        said += os.read(terminal, 1000)
		    os.write(terminal, word.encode() + b"\n")
		    said += os.read(terminal, 1000)
		try:
		    while True:
		        said += os.read(terminal, 1000)
		except OSError:
		    pass
		sys.stdout.buffer.write(said)
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	END
	run -65 python3 "$folder/type.py" "$folder/pipeline.yaml" hemligt annat
	[[ $output == *'not the same; nothing was changed'* ]]
	[ ! -e "$folder/secrets/mail" ]
	run -0 python3 "$folder/type.py" "$folder/pipeline.yaml" hemligt hemligt
	[[ $output != *hemligt* ]]
	[ "$(cat "$folder/secrets/mail")" = hemligt ]
}

@test "a name that the definition does not have is refused, with the nearest" {
	run -64 secret set mails "$folder/pipeline.yaml" <<<hemligt
	[[ $output == *"names no secret 'mails'; did you mean 'mail'?" ]]
	run -64 secret set webben "$folder/pipeline.yaml" <<<hemligt
	[[ $output == *"say what uses it first: password: !secret webben" ]]
	[ ! -e "$folder/secrets" ]
}

@test "nothing is no secret" {
	run -65 secret set mail "$folder/pipeline.yaml" </dev/null
	[[ $output == *"the value of secret 'mail' is empty" ]]
}

@test "a server that can't be reached is said, and the secret is kept" {
	run -69 secret set mail "$folder/pipeline.yaml" <<<hemligt
	[[ $output == *'notify: channel.smtp: '* ]]
	[ "$(cat "$folder/secrets/mail")" = hemligt ]
}
