#!/usr/bin/env bats
# Documents that are published together, and those that are not: what a death in between leaves to a person.

bats_require_minimum_version 1.5.0

documents=40

setup() {
	load support/common.bash
	mkdir -p "$BATS_TEST_TMPDIR/inbox" "$BATS_TEST_TMPDIR/plugins"
	cp "$BATS_TEST_DIRNAME/../../pipelines/demo/publisher.yaml" "$BATS_TEST_TMPDIR/"
	"$BATS_TEST_DIRNAME/support/documents.py" "$documents" "$BATS_TEST_TMPDIR/inbox"
	export PUTS=$BATS_TEST_TMPDIR/puts
	cat >"$BATS_TEST_TMPDIR/pipeline.yaml" <<-END
		referat: 1
		pipeline: together
		publisher: publisher.yaml
		stages:
		  ingest: {source.folder: {path: inbox, settle: 50ms}, reader.text: {}}
		  validate: {check.structure: {}}
		  render: {writer.html: {}}
		  publish/board: {target.deaf: {}}
	END
}

# A target that writes down what was put, and dies with it when it is the twentieth document. It can't be asked what
# stands there; with the argument it has that functions as well.
make_target() { # make_target [MEMBERS]
	# shellcheck disable=SC2046
	${CC:-gcc} -std=c17 -D_GNU_SOURCE $(sanitizer_flags) -shared -fPIC -I"$BATS_TEST_DIRNAME/../../include" -I"$REFERAT_BUILD/gen" \
		-o "$BATS_TEST_TMPDIR/plugins/target.deaf.so" -x c - -x none "$REFERAT_BUILD/lib/libreferat-plugin.a" \
		-lprotobuf-c -ljson-c -licuuc -licui18n <<-END
		#include <referat/plugin.h>
		#include <signal.h>
		#include <stdio.h>
		#include <stdlib.h>

		static enum referat_result put(struct referat_call *call)
		{
			char line[80];
			unsigned n = 0;
			FILE *puts = fopen(getenv("PUTS"), "a+");
			while (fgets(line, sizeof line, puts))
				n++;
			fprintf(puts, "%s\n", referat_get(call, "id"));
			fclose(puts);
			if (n + 1 == 20)
				raise(SIGKILL);
			return referat_published(call, "", "", "");
		}

		static inline enum referat_result flush(struct referat_call *call)
		{
			(void)call;
			return REFERAT_OK;
		}

		REFERAT_EXPORT extern const struct referat_plugin referat_plugin;
		const struct referat_plugin referat_plugin = {REFERAT_PLUGIN, .kind = REFERAT_TARGET, .name = "target.deaf",
			.version = "1", .summary = "can't be asked", .accepts = "text/html", .put = put, $1};
	END
}

take() {
	run --separate-stderr referat run "$BATS_TEST_TMPDIR/pipeline.yaml" --state "$BATS_TEST_TMPDIR/state" --once --json \
		--plugins "$BATS_TEST_TMPDIR/plugins" --restart-base 10ms --restart-cap 20ms
	printf '%s\n' "$output" "$stderr"
}

one_is_in_question() {
	[ "$(sort "$PUTS" | uniq -d | wc -l)" -eq 0 ]
	[ "$(wc -l <"$PUTS")" -eq "$documents" ]
	[ "$(grep -o '"status":"held"' <<<"$output" | wc -l)" -eq 1 ]
}

@test "a target that can't be asked has one document in hand: a death leaves one question" {
	make_target
	take
	one_is_in_question
}

@test "so it is when it has a flush" {
	make_target '.flush = flush'
	take
	one_is_in_question
}
