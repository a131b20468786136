# A broker as a process, and peers in Python that speak to it (support/peer.py).

# Once in a file of tests.
make_peers() {
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	protoc --proto_path="$root/lib/wire" --python_out="$BATS_FILE_TMPDIR" wire.proto
	export PYTHONPATH="$BATS_FILE_TMPDIR:$BATS_TEST_DIRNAME/support"
	export PYTHONDONTWRITEBYTECODE=1
}

# A definition with two stages in a short folder, and its broker.
make_broker() {
	folder=$(mktemp -d "${TMPDIR:-/tmp}/referat-broker-XXXXXX")
	export ENDPOINT="ipc://$folder/socket"
	cp "$BATS_TEST_DIRNAME/../unit/definitions/publishers/good.yaml" "$folder/publisher.yaml"
	mkdir "$folder/inbox"
	cat >"$folder/pipeline.yaml" <<-YAML
		referat: 1
		pipeline: peers
		publisher: publisher.yaml
		stages:
		  ingest: {source.folder: {path: inbox}, reader.text: {}}
		  render: [writer.text]
	YAML
	start_broker
}

# start_broker [COMMAND...]: the command stands before it and ends in exec: a limit.
start_broker() {
	mkfifo "$folder/ready"
	"$@" referat-broker --pipeline "$folder/pipeline.yaml" --state "$folder/state" --endpoint "$ENDPOINT" --ready-fd 9 \
		9>"$folder/ready" 2>>"$folder/log" 3>&- &
	broker=$!
	read -r -t 20 <"$folder/ready" || true
	rm "$folder/ready"
}

end_broker() {
	kill -KILL "$broker" 2>/dev/null || true
	wait "$broker" 2>/dev/null || true
}

remove_broker() {
	end_broker
	rm -rf "$folder"
}

peer() { # a script that plays peers
	timeout 120 /usr/bin/python3 -
}
