#!/usr/bin/env bats
# A document that crashes what reads it: charged to that document, told with the evidence, and no other suffers.

bats_require_minimum_version 1.5.0

setup() {
	load support/common.bash
	export ASAN_OPTIONS=handle_segv=0 # the signal itself is what is tested
	demo=$BATS_TEST_DIRNAME/../../pipelines/demo
	mkdir -p "$BATS_TEST_TMPDIR/inbox" "$BATS_TEST_TMPDIR/plugins"
	cp "$demo/publisher.yaml" "$BATS_TEST_TMPDIR/"
	cp "$demo/inbox/socialnamnden-2021-04.txt" "$BATS_TEST_TMPDIR/inbox/good.txt"
	state=$BATS_TEST_TMPDIR/state
	cat >"$BATS_TEST_TMPDIR/pipeline.yaml" <<-END
		referat: 1
		pipeline: crashes
		publisher: publisher.yaml
		stages:
		  ingest: {source.folder: {path: inbox, settle: 50ms}, reader.moody: {}, reader.text: {}, max_runtime: 1s}
	END
	make_reader
}

# A reader that does to its process what stands in the file: "crash", "exit", "hang"; all else is for the next reader.
make_reader() {
	# shellcheck disable=SC2046
	${CC:-gcc} -std=c17 -D_GNU_SOURCE $(sanitizer_flags) -shared -fPIC -I"$BATS_TEST_DIRNAME/../../include" -I"$REFERAT_BUILD/gen" \
		-o "$BATS_TEST_TMPDIR/plugins/reader.moody.so" -x c - -x none "$REFERAT_BUILD/lib/libreferat-plugin.a" \
		-lprotobuf-c -ljson-c -licuuc -licui18n <<-END
		#include <referat/plugin.h>
		#include <signal.h>
		#include <stdlib.h>
		#include <string.h>
		#include <unistd.h>

		static enum referat_result run(struct referat_call *call)
		{
			struct referat_bytes source = referat_part(call, "source");
			if (memmem(source.data, source.size, "crash", 5))
				raise(SIGSEGV);
			if (memmem(source.data, source.size, "exit", 4))
				_Exit(3);
			while (memmem(source.data, source.size, "hang", 4))
				pause();
			return REFERAT_NOT_FOUND;
		}

		REFERAT_EXPORT extern const struct referat_plugin referat_plugin;
		const struct referat_plugin referat_plugin = {REFERAT_PLUGIN, .kind = REFERAT_READER, .name = "reader.moody",
			.version = "1", .summary = "does as it is told", .accepts = "text/plain",
			.produces = "referat.document/1", .run = run};
	END
}

take() {
	run --separate-stderr referat run "$BATS_TEST_TMPDIR/pipeline.yaml" --state "$state" --once --json \
		--plugins "$BATS_TEST_TMPDIR/plugins" --restart-base 10ms --restart-cap 20ms
	printf '%s\n' "$output" "$stderr"
}

fate_of() { # fate_of FILE: its status, code and reason
	python3 -c '
import json, sys
for document in json.loads(sys.argv[1])["documents"]:
    if document["name"] == sys.argv[2]:
        print(*(document.get(key, "-") for key in ("status", "code", "reason")))
' "$output" "$1"
}

@test "a document that crashes its reader twice is dead, with the signal; the others go on" {
	echo crash >"$BATS_TEST_TMPDIR/inbox/bad.txt"
	take
	[ "$status" -eq 2 ]
	[[ $(fate_of bad.txt) == 'dead crash'*'signal 11'* ]]
	[[ $(fate_of good.txt) == 'done'* ]]
}

@test "a document that ends its reader's process is charged likewise" {
	echo exit >"$BATS_TEST_TMPDIR/inbox/bad.txt"
	take
	[ "$status" -eq 2 ]
	[[ $(fate_of bad.txt) == 'dead crash'*'3'* ]]
	[[ $(fate_of good.txt) == 'done'* ]]
}

@test "a document over which its reader hangs is charged likewise, with the reason" {
	echo hang >"$BATS_TEST_TMPDIR/inbox/bad.txt"
	take
	[ "$status" -eq 2 ]
	[[ $(fate_of bad.txt) == 'dead crash'*'max_runtime'* ]]
	[[ $(fate_of good.txt) == 'done'* ]]
}
