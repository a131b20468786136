# receiver.py for a test: started, asked what it has got, stopped.

start_receiver() { # sets $receiver (its folder), $receiver_url
	receiver=$BATS_TEST_TMPDIR/receiver
	mkdir "$receiver"
	/usr/bin/python3 "$BATS_TEST_DIRNAME/support/receiver.py" "$receiver" 3>&- &
	receiver_pid=$!
	wait_until test -f "$receiver/port"
	receiver_url=http://127.0.0.1:$(<"$receiver/port")
}

end_receiver() {
	kill "$receiver_pid"
	wait "$receiver_pid" || true
}

fault() { printf '%s\n' "$@" >"$receiver/faults"; }

got() { jq -r "$2" "$receiver/$1.json"; } # got N FILTER: of the Nth request

methods() { # of all requests, in their order
	for n in $(seq "$(find "$receiver" -name '*.json' | wc -l)"); do
		got "$n" '"\(.method) \(.path)"'
	done
}
