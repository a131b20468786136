# An installation whose processes, but for `referat` itself, are stand-ins, and a definition for it.

make_stand_ins() {
	export STAND_INS=$BATS_TEST_TMPDIR/stand-ins
	prefix=$BATS_TEST_TMPDIR/prefix
	mkdir -p "$STAND_INS" "$prefix/bin" "$BATS_TEST_TMPDIR/inbox"
	touch "$STAND_INS/events"
	cp "$REFERAT_BUILD/bin/referat" "$prefix/bin/"
	ln -s "$REFERAT_BUILD/lib" "$REFERAT_BUILD/share" "$prefix/"
	for name in broker ingest; do
		cp "$BATS_TEST_DIRNAME/support/stand-in" "$prefix/bin/referat-$name"
	done
	cat >"$BATS_TEST_TMPDIR/publisher.yaml" <<-END
		referat: 1
		name: Exempelby kommun
		short_name: Exempelby
		time_zone: Europe/Stockholm
		language: sv
		boards:
		  - {id: ks, name: Kommunstyrelsen}
	END
	cat >"$BATS_TEST_TMPDIR/pipeline.yaml" <<-END
		referat: 1
		pipeline: stand-ins
		publisher: publisher.yaml
		stages:
		  ingest: {source.folder: {path: inbox}, reader.text: {}, workers: 2}
	END
}

# Starts `referat run` in the background; $supervisor is its number, $BATS_TEST_TMPDIR/said what it says.
start_run() {
	"$prefix/bin/referat" run "$BATS_TEST_TMPDIR/pipeline.yaml" --state "$BATS_TEST_TMPDIR/state" \
		--restart-base 50ms --restart-cap 100ms "$@" >>"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
	supervisor=$!
}

happened() { # happened COUNT WORDS: at least so many events start with these words
	[ "$(grep -c "^$2 " "$STAND_INS/events")" -ge "$1" ]
}

is_gone() { # or only waits to be buried
	[ ! -e "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"
}

process_of() { # process_of NAME: the one started last
	sed -n "s/^$1 started //p" "$STAND_INS/events" | tail -n 1
}

# Ends a run that a test left, with what it started; waits for it.
end_run() {
	[ -n "${supervisor:-}" ] || return 0
	kill -TERM "$supervisor" 2>/dev/null || true
	wait "$supervisor" || true
}
