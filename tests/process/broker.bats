# The broker as a process, spoken to over its socket by a peer in another language.

setup_file() {
	load support/broker.bash
	make_peers
}

setup() {
	load support/broker.bash
	make_broker
}

teardown() {
	remove_broker
}

@test "a peer in Python puts a document and carries it through two stages" {
	peer <<-'PY'
		from peer import Peer, wire
		ingest, render = Peer(stage="ingest", needs=["source"]), Peer(stage="render", needs=["document"])
		assert ingest.welcome.stage.plugins[0].name == "source.folder"
		put = ingest.put("test:april.txt", "Socialnämnden 17 april".encode())
		assert put.outcome == wire.ACCEPTED and len(put.document) == 12 and put.revision == 1
		work, frames = ingest.work()
		assert work.document == put.document and frames == ["Socialnämnden 17 april".encode()]
		ingest.say("START", items=[wire.Item(token=work.token)])
		part = wire.Part(name="document", type="text/plain")
		assert ingest.answer("DONE", work.token, [b"read"], parts=[part]) == wire.ACCEPTED
		work, frames = render.work()
		assert frames == [b"read"] and work.parts[0].name == "document"
		assert render.answer("DONE", work.token) == wire.ACCEPTED
	PY
}

@test "the same bytes are a duplicate, other bytes a new revision" {
	peer <<-'PY'
		from peer import Peer, wire
		ingest = Peer(stage="ingest")
		first, again, changed = (ingest.put("test:a", data) for data in (b"one", b"one", b"two"))
		assert again.outcome == wire.DUPLICATE and again.document == first.document
		assert changed.outcome == wire.ACCEPTED and changed.revision == 2
	PY
}

@test "a late answer is refused" {
	peer <<-'PY'
		from peer import Peer, wire
		ingest = Peer(stage="ingest")
		ingest.put("test:a", b"one")
		work, _ = ingest.work()
		assert ingest.answer("DONE", work.token) == wire.ACCEPTED
		assert ingest.answer("DONE", work.token) == wire.STALE
	PY
}

@test "garbage is answered once, then the peer is ignored until it says HELLO" {
	peer <<-'PY'
		from peer import Peer, wire
		ingest = Peer(stage="ingest")
		ingest.socket.send_multipart([b"GET / HTTP/1.1"])
		assert ingest.hear("ERROR")[0].error.code == "malformed"
		for junk in ([b""], [b"RF\x01\xff", b""], [b"RF\x01\x10", b"\xff" * 1000], [b"RF\x02\x01", b""], [b"x"] * 2000):
		    ingest.socket.send_multipart(junk)
		ingest.say("PING")
		assert ingest.hears_nothing()
		ingest.greet()
		assert ingest.put("test:a", b"one").outcome == wire.ACCEPTED
	PY
}

@test "who says no HELLO is told so" {
	peer <<-'PY'
		from peer import Peer
		stranger = Peer(stage="ingest")
		stranger.say("BYE")
		stranger.say("CREDIT")
		assert stranger.hear("ERROR")[0].error.code == "hello-first"
	PY
}

@test "an acknowledged document outlives kill -9 of the broker" {
	peer <<-'PY'
		from peer import Peer, wire
		assert Peer(stage="ingest").put("test:a", b"one").outcome == wire.ACCEPTED
	PY
	end_broker
	start_broker
	peer <<-'PY'
		from peer import Peer, wire
		ingest = Peer(stage="ingest", needs=["source"])
		assert ingest.welcome.epoch == 2
		assert ingest.put("test:a", b"one").outcome == wire.DUPLICATE
		assert ingest.work()[1] == [b"one"]
	PY
}

@test "work in hand survives kill -9 of the broker, and is charged to nobody" {
	mkfifo "$folder/go" "$folder/went"
	peer <<-PY &
		from peer import Peer, wire
		ingest = Peer(stage="ingest")
		ingest.put("test:a", b"one")
		work, _ = ingest.work()
		ingest.say("START", items=[wire.Item(token=work.token)])
		ingest.say("PING")
		ingest.hear("PONG")
		open("$folder/went", "w").close()
		open("$folder/go").close()
		ingest.hello.held.append(work.token)
		ingest.say("HELLO", hello=ingest.hello)
		assert ingest.hear("WELCOME")[0].welcome.epoch == 2
		assert ingest.answer("DONE", work.token) == wire.ACCEPTED
	PY
	script=$!
	read -r <"$folder/went" || true
	end_broker
	start_broker
	echo >"$folder/go"
	wait "$script"
}

@test "a process that dies is charged for what it had started alone" {
	peer <<-'PY'
		import json, signal
		from peer import Peer, wire
		ingest, supervisor, control = Peer(stage="ingest"), Peer(role="supervisor"), Peer(role="control")
		for key in ("test:a", "test:b"):
		    ingest.put(key, key.encode())
		ingest.say("CREDIT", credit=wire.Credit(tasks=2, bytes=1 << 20))
		items = ingest.hear("WORK")[0].items
		ingest.say("START", items=[wire.Item(token=items[0].token)])
		ingest.say("PING")
		ingest.hear("PONG")
		supervisor.say("OBITUARY", obituary=wire.Obituary(instance=ingest.instance, signal=signal.SIGSEGV))
		supervisor.hear("ACK")
		crashes = [json.loads(control.ask("show", json.dumps({"document": item.document})))["tasks"][0]["crashes"]
		           for item in items]
		assert crashes == [1, 0], crashes
		successor = Peer(stage="ingest")
		work, _ = successor.work(2)
		assert work.alone and work.document == items[0].document
	PY
}

@test "a part that is larger than a frame goes as a blob" {
	peer <<-'PY'
		import hashlib
		from peer import Peer, wire
		ingest = Peer(stage="ingest")
		data = b"0123456789abcdef" * 131072
		ingest.say("BLOB_BEGIN", blob=wire.Blob(size=len(data)))
		handle = ingest.hear("BLOB_DATA")[0].blob.handle
		for offset in range(0, len(data), 1 << 20):
		    ingest.say("BLOB_CHUNK", [data[offset:offset + (1 << 20)]], blob=wire.Blob(handle=handle, offset=offset))
		ingest.say("BLOB_END", blob=wire.Blob(handle=handle))
		name = ingest.hear("BLOB_DATA")[0].blob.name
		assert name == hashlib.sha256(data).hexdigest()
		part = wire.Part(name="source", type="text/plain", sha256=bytes.fromhex(name), size=len(data), blob=name)
		ingest.say("PUT", items=[wire.Item(ref=1, source_key="test:large", parts=[part])])
		assert ingest.hear("ACK")[0].items[0].outcome == wire.ACCEPTED
		ingest.say("BLOB_READ", blob=wire.Blob(name=name, offset=1 << 20, size=1 << 20))
		header, frames = ingest.hear("BLOB_DATA")
		assert frames == [data[1 << 20:2 << 20]]
	PY
}

@test "SIGTERM drains: stages are asked to finish, and the broker leaves when they have" {
	peer <<-PY &
		from peer import Peer
		ingest = Peer(stage="ingest")
		open("$folder/ready", "w").close()
		ingest.hear("DRAIN")
		ingest.say("BYE")
	PY
	script=$!
	until [ -e "$folder/ready" ]; do sleep 0.05; done
	kill -TERM "$broker"
	wait "$script"
	wait "$broker"
}

@test "a second broker on the same state is refused" {
	run timeout 20 referat-broker --pipeline "$folder/pipeline.yaml" --state "$folder/state" --endpoint "$ENDPOINT.2"
	[ "$status" -ne 0 ]
	[ "$status" -ne 124 ]
}
