#!/usr/bin/env bats
# channel.smtp with a real Postfix: what arrives, over TLS; what is refused for now, and for good.

bats_require_minimum_version 1.5.0

setup() {
	[ "$(id -u)" -eq 0 ] || skip 'only root can start a Postfix'
	load ../process/support/common.bash
	load support/postfix.bash
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	demo=$BATS_TEST_TMPDIR/demo state=$BATS_TEST_TMPDIR/state
	mkdir -p "$demo/inbox"
	cp "$tree/pipelines/demo/publisher.yaml" "$demo/"
	cp "$tree/pipelines/demo/inbox/kommunstyrelsen-2024-05.txt" "$demo/inbox/"
	start_postfix
	cp "$postfix_cert" "$demo/cert.pem"
}

teardown() {
	[ -z "${supervisor:-}" ] || { kill "$supervisor" && wait "$supervisor"; } || true
	[ -z "${postfix:-}" ] || end_postfix
}

definition() { # definition "FURTHER OPTIONS" RECIPIENT...
	printf '# prenumeranter\n' >"$demo/list.txt"
	printf '%s\n' "${@:2}" >>"$demo/list.txt"
	sed '/channel.maildir:/,$d' "$tree/pipelines/demo/pipeline.yaml" >"$demo/pipeline.yaml"
	cat >>"$demo/pipeline.yaml" <<-END
		    retry: {base: 50ms, cap: 200ms}
		    channel.smtp: {url: "smtp://localhost:$postfix_port", from: beslut@exempelby.example, list: list.txt$1}
	END
}

run_once() { run "-$1" referat run "$demo/pipeline.yaml" --once --state "$state"; } # run_once STATUS

arrived() { [ "$(boxed)" -eq "$1" ]; }

# header NAME: of each mail that arrived, unfolded
header() {
	python3 - "$1" "$postfix"/box/new/* <<-'END'
		import email.policy, sys
		for path in sys.argv[2:]:
		    with open(path, "rb") as file:
		        print(email.message_from_binary_file(file, policy=email.policy.default)[sys.argv[1]])
	END
}

@test "mails arrive over TLS, whole, with what mail programs and lists need" {
	definition ', starttls: required, ca_file: cert.pem, unsubscribe: "https://exempelby.example/avsluta"' \
		anna@mejl.example bo@mejl.example
	run_once 0
	wait_until arrived 2
	grep -q 'using TLSv1' "$postfix"/box/new/*
	[ "$(header To | sort)" = $'anna@mejl.example\nbo@mejl.example' ]
	[ "$(header Subject | sort -u)" = 'Kommunstyrelsen – aktuella beslut maj 2024' ]
	[ "$(header List-Id | sort -u)" = '<referat.exempelby.example>' ]
	[ "$(header List-Unsubscribe | sort -u)" = '<https://exempelby.example/avsluta>' ]
	[ "$(header List-Unsubscribe-Post | sort -u)" = List-Unsubscribe=One-Click ]
	[ "$(header Message-ID | sort -u | grep -c '^<notify\..*@exempelby.example>$')" -eq 2 ]
	[ "$(header Content-Type | sort -u)" = 'multipart/alternative; boundary="=_referat"' ]
	run_once 0
	[ "$(boxed)" -eq 2 ]
}

@test "a server without a certificate that is trusted gets no mail" {
	definition ', starttls: required' anna@mejl.example
	referat run "$demo/pipeline.yaml" --state "$state" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
	supervisor=$!
	wait_until grep -q "the mail server can't be used: .*certificate" "$BATS_TEST_TMPDIR/said"
	[ "$(boxed)" -eq 0 ]
}

@test "who is refused for now gets the same mail later, and nobody else a second one" {
	refuse '/^gra@/ 450 4.7.1 greylisted'
	postfix_reads
	definition ', ca_file: cert.pem' anna@mejl.example gra@mejl.example
	referat run "$demo/pipeline.yaml" --state "$state" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
	supervisor=$!
	wait_until grep -q 'refused the mail for now (450)' "$BATS_TEST_TMPDIR/said"
	wait_until arrived 1
	refuse ''
	postfix_reads
	wait_until arrived 2
	[ "$(header To | sort)" = $'anna@mejl.example\ngra@mejl.example' ]
}

@test "who is refused for good is left out, and hinders nobody" {
	refuse '/^borta@/ 550 5.1.1 no such mailbox'
	postfix_reads
	definition ', ca_file: cert.pem' borta@mejl.example anna@mejl.example
	run_once 0
	wait_until arrived 1
	[ "$(header To)" = anna@mejl.example ]
}

@test "a mail whose text is refused is given up, with the reply" {
	printf '/^Subject:/ REJECT not here\n' >"$postfix/etc/headers"
	postfix_reads
	definition ', ca_file: cert.pem' anna@mejl.example
	run_once 2
	[[ $output == *'refused the mail for good (550)'* ]]
	[ "$(boxed)" -eq 0 ]
}

@test "a pipeline can be asked whether its Postfix answers" {
	definition ', ca_file: cert.pem, starttls: required' anna@mejl.example
	run -0 referat check "$demo/pipeline.yaml" --environment
	[[ $output == *'notify: channel.smtp: answers, and takes us'* ]]
}
