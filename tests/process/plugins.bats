# What the host does with plugins of other versions, and with files that only look like plugins. All are built here.

bats_require_minimum_version 1.5.0

abi=$BATS_TEST_DIRNAME/../abi/1.0

setup_file() {
	load support/common.bash
	export COMPILE="${CC:-gcc} -std=c17 -D_GNU_SOURCE -Wall -Wextra $(sanitizer_flags) -shared -fPIC -I$abi"
}

setup() {
	umask 022
	cd "$BATS_TEST_TMPDIR"
}

# plugin NAME [flags]: builds NAME.so from standard input.
plugin() {
	local name=$1
	shift
	$COMPILE "$@" -x c - -o "$name.so"
}

# A check that does nothing, with more in its descriptor: the fields are given as text.
small() {
	plugin "$1" <<-END
		#include <referat/plugin.h>
		static enum referat_result run(struct referat_call *call) { (void)call; return REFERAT_OK; }
		const struct referat_plugin referat_plugin = {REFERAT_PLUGIN, .kind = REFERAT_CHECK, .name = "$1", .run = run, $2};
	END
}

# refused FILE TEXT: `plugins why` says so.
refused() {
	run referat plugins why "./$1"
	[ "$status" -eq 69 ] && [[ $output == *"$2"* ]] && return 0
	echo "status $status: $output"
	return 1
}

@test "a plugin built with the first header runs" {
	$COMPILE "$abi/check.first.c" -o check.first.so
	printf '%s' '{"values": {"id": "d1"}, "parts": {"document": {"type": "referat.document/1", "json":' \
		'{"title": "Nämnden beslutade"}}}}' >call.json
	run referat plugins try ./check.first.so call.json --json -o word=avslog
	[ "$status" -eq 0 ]
	[[ $output == *'"reason":"1"'* ]]
	[[ $output == *'"checked":"avslog"'* ]]
	[[ $output == *'"rule":"word-missing"'* ]]
	run referat plugins try ./check.first.so call.json --json -o times=11
	[ "$status" -eq 78 ]
	[[ $output == *"-o times: '11' is out of range; expected 1 to 10"* ]]
}

@test "a plugin built with the second header runs, and has what that version brought" {
	${COMPILE/"$abi"/"$abi/../1.1"} "$abi/../1.1/target.second.c" -o target.second.so
	echo '{"values": {"id": "d1", "title": "Nämnden"}, "parts": {}}' >call.json
	run -0 referat plugins try ./target.second.so call.json --json -o url=https://bucket.example.org/d1
	[ "$(jq -c '.requests[0] | [.method, .authorization, .body]' <<<"$output")" = \
		'["PUT","AWS4-HMAC-SHA256 (signed)","Nämnden"]' ]
	[ "$(jq -r .published.remote_revision <<<"$output")" = 'no links' ]
}

@test "fields that a plugin does not know read as zero, further ones are left alone" {
	small check.long '.struct_size = sizeof(struct referat_plugin) + 64'
	run referat plugins why ./check.long.so
	[ "$output" = usable ]
	plugin check.wide <<-'END'
		#include <referat/plugin.h>
		struct wide { struct referat_option option; const char *more; };
		static const struct wide options[] = {{{"one", REFERAT_STRING, .help = "first"}, "x"}, {{"two", REFERAT_INTEGER, .fallback = "7"}, "y"}};
		static enum referat_result run(struct referat_call *call) { call->host->reason(call, call->host->option(call, "two")); return REFERAT_OK; }
		const struct referat_plugin referat_plugin = {REFERAT_PLUGIN, .option_size = sizeof(struct wide), .kind = REFERAT_CHECK,
			.name = "check.wide", .options = &options[0].option, .n_options = 2, .run = run};
	END
	echo '{"values": {}, "parts": {}}' >call.json
	run referat plugins try ./check.wide.so call.json
	[ "$output" = "result     ok: 7" ]
}

@test "another major version is refused" {
	small check.old '.abi_major = 2'
	refused check.old.so "check.old.so: built for plugin ABI 2.0, this host speaks 1.2; rebuild it with referat-dev 1.2"
}

@test "a later minor version is refused: it may need what is not here" {
	small check.new '.abi_minor = 9'
	refused check.new.so "built for plugin ABI 1.9, this host speaks 1.2"
}

@test "a descriptor that is too short is refused" {
	small check.short '.struct_size = 40'
	refused check.short.so "its descriptor says it has 40 bytes"
	small check.narrow '.option_size = 8, .n_options = 1, .options = (const struct referat_option[]){{"a", 0, 0, 0, 0, 0, 0, 0}}'
	refused check.narrow.so "an option has 8 bytes"
}

@test "a shared object without the symbol is refused" {
	echo 'int nothing;' | plugin check.empty
	refused check.empty.so "exports no 'referat_plugin'"
}

@test "a symbol that it needs and does not have is named" {
	plugin check.lost <<-'END'
		#include <referat/plugin.h>
		enum referat_result not_linked(struct referat_call *call);
		const struct referat_plugin referat_plugin = {REFERAT_PLUGIN, .kind = REFERAT_CHECK, .name = "check.lost", .run = not_linked};
	END
	refused check.lost.so "undefined symbol: not_linked"
}

@test "a name that is not the file's, or not its kind's, is refused" {
	small check.one ''
	mv check.one.so check.other.so
	refused check.other.so "it calls itself 'check.one'; the file must be called as the plugin: 'check.one.so'"
	small writer.one ''
	refused writer.one.so "a check is called 'check.NAME'"
}

@test "a function that its kind needs is missed" {
	plugin target.none <<-'END'
		#include <referat/plugin.h>
		const struct referat_plugin referat_plugin = {REFERAT_PLUGIN, .kind = REFERAT_TARGET, .name = "target.none"};
	END
	refused target.none.so "a target needs the function 'put'"
}

@test "an option that makes no sense is refused" {
	small check.options '.n_options = 1, .options = (const struct referat_option[]){{"count", REFERAT_INTEGER, .fallback = "many"}}'
	refused check.options.so "option 'count': its default is no good: 'many' is not a whole number"
	small check.twice '.n_options = 2, .options = (const struct referat_option[]){{"a", REFERAT_STRING}, {"a", REFERAT_STRING}}'
	refused check.twice.so "it has two options 'a'"
}

@test "a file that anybody may write is not even loaded" {
	plugin check.open <<-'END'
		#include <stdio.h>
		__attribute__((constructor)) static void loaded(void) { fclose(fopen("loaded", "w")); }
	END
	chmod 666 check.open.so
	refused check.open.so "anybody may write to it (mode 0666); run: chmod o-w"
	chmod 755 check.open.so
	mkdir -m 777 anybody
	mv check.open.so anybody/
	refused anybody/check.open.so "anybody may write in its folder"
	[ ! -f loaded ] && [ ! -f anybody/loaded ]
}

@test "a file that is no shared object for this processor is refused" {
	echo 'no object' >check.text.so
	refused check.text.so "not a shared object"
	small check.arm ''
	printf '\xb7' | dd of=check.arm.so bs=1 seek=18 conv=notrunc status=none
	refused check.arm.so "built for another processor (ELF machine 183)"
	mkdir check.folder.so
	refused check.folder.so "not a file"
	mkfifo check.fifo.so
	refused check.fifo.so "not a file"
}

@test "a constructor that crashes is refused with the signal" {
	plugin check.crash <<-'END'
		__attribute__((constructor)) static void crash(void) { __builtin_trap(); }
	END
	refused check.crash.so "crashed: Illegal instruction (signal 4) while it was loaded"
}

@test "a constructor that ends the process is refused with what it said" {
	plugin check.exit <<-'END'
		#include <stdio.h>
		#include <stdlib.h>
		__attribute__((constructor)) static void leave(void) { fputs("no licence\n", stderr); exit(3); }
	END
	refused check.exit.so "exited with 3 while it was loaded: no licence"
}

@test "a constructor that never returns is refused after five seconds" {
	plugin check.hang <<-'END'
		#include <unistd.h>
		__attribute__((constructor)) static void hang(void) { for (;;) pause(); }
	END
	refused check.hang.so "did not end within 5 s while it was loaded"
}

@test "minutes are brought to where the plugin starts" {
	for plugin in reader.text summariser.decisions writer.html; do
		[ -f "$REFERAT_BUILD/lib/referat/plugins/$plugin.so" ] || skip "$plugin is not built"
	done
	minutes=$BATS_TEST_DIRNAME/../../pipelines/demo/inbox/kommunstyrelsen-2024-06.txt
	run --separate-stderr referat plugins try writer.html "$minutes" --json
	[ "$status" -eq 0 ]
	python3 - "$output" <<-'END'
		import json, sys
		parts = json.loads(sys.argv[1])["parts"]
		assert parts["rendition/page"]["text"].startswith("<!DOCTYPE html>")
		assert parts["card"]["json"]["title"].startswith("Kommunstyrelsen")
	END
	echo 'no minutes' >x.bin
	run referat plugins try writer.html x.bin
	[ "$status" -eq 66 ]
	[[ $output == *"no installed reader can make something of it"* ]]
	run referat plugins try writer.html
	[ "$status" -eq 64 ]
}

@test "what a plugin is tried with must fit its options" {
	small check.set '.n_options = 1, .options = (const struct referat_option[]){{"count", REFERAT_INTEGER}}'
	echo '{"values": {}, "parts": {}}' >call.json
	run referat plugins try ./check.set.so call.json -o cuont=1
	[ "$status" -eq 78 ]
	[[ $output == *"check.set has no option 'cuont'"* ]]
	run referat plugins try ./check.set.so call.json -o count
	[[ $output == *"-o count: expected NAME=VALUE"* ]]
	echo '{"values": {}' >call.json
	run referat plugins try ./check.set.so call.json
	[ "$status" -eq 66 ]
	[[ $output == *"call.json: not JSON"* ]]
}

@test "the reasons stand in the list, and the others can be used" {
	small check.good '.summary = "does nothing"'
	small check.bad '.abi_major = 3'
	run referat plugins list --plugins .
	[ "$status" -eq 0 ]
	[[ $output == *"check.good"*"does nothing"* ]]
	[[ $output == *"check.bad"*"refused: "*"ABI 3.0"* ]]
	run referat plugins show check.god --plugins .
	[ "$status" -eq 66 ]
	[[ $output == *"did you mean 'check.good'?"* ]]
	run referat plugins list --json --plugins .
	python3 -c 'import json, sys; json.loads(sys.argv[1])' "$output"
}

@test "a program that does not describe itself is refused" {
	printf '#!/bin/sh\necho "{"\n' >check.a.exec
	printf '#!/bin/sh\nkill -SEGV $$\n' >check.b.exec
	printf '#!/bin/sh\necho %s\n' "'{\"abi\": \"1.0\", \"kind\": \"check\", \"name\": \"check.c\", \"functoins\": []}'" >check.c.exec
	printf '#!/bin/sh\n' >check.d.exec
	chmod 755 check.[abc].exec
	refused check.a.exec "--describe: not JSON"
	refused check.b.exec "--describe crashed: Segmentation fault (signal 11)"
	refused check.c.exec "description: unknown key 'functoins'"
	refused check.d.exec "not executable; run: chmod +x"
}
