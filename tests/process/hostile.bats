#!/usr/bin/env bats
# Peers that do not keep to the rules, and more of them than there is room for: what the broker promised stays, and the
# others go on.

bats_require_minimum_version 1.5.0

setup_file() {
	load support/broker.bash
	make_peers
}

setup() {
	load support/broker.bash
	load support/common.bash
	make_broker
}

teardown() {
	remove_broker
}

resident_kib() {
	awk '/^VmHWM/ { print $2 }' "/proc/$broker/status"
}

@test "a header of 1 MiB is read, a larger one is refused, and neither costs more than its size" {
	local before
	before=$(resident_kib)
	peer <<-'PY'
		from peer import Peer, wire
		ingest = Peer(stage="ingest")
		full = wire.Header(items=[wire.Item(ref=1, source_key="test:a", subject_key="x" * 1048000)])
		ingest.socket.send_multipart([b"RF\x01\x10", full.SerializeToString()])
		assert ingest.hear("ACK")[0].items[0].outcome == wire.REFUSED
		for size in (1 << 20) + 1, 3 << 20:
		    ingest.socket.send_multipart([b"RF\x01\x10", b"\x12" * size])
		    error = ingest.hear("ERROR")[0].error
		    assert error.code == "malformed", error
		    ingest.greet()
		assert ingest.put("test:a", b"one").outcome == wire.ACCEPTED
	PY
	[ $(($(resident_kib) - before)) -lt 32768 ]
}

@test "sizes and counts that nobody can have are refused before there is room for them" {
	local before
	before=$(resident_kib)
	peer <<-'PY'
		from peer import Peer, wire
		ingest = Peer(stage="ingest")
		def refused(*frames):
		    ingest.socket.send_multipart(frames)
		    assert ingest.hear("ERROR")[0].error.code in ("malformed", "blob")
		    ingest.greet()
		huge = b"\xff\xff\xff\xff\x0f"  # a length of 4 GiB - 1
		for field in range(1, 16):
		    refused(b"RF\x01\x10", bytes([field << 3 | 2]) + huge)
		refused(b"RF\x01\x10", wire.Header(items=[wire.Item()] * 1000).SerializeToString())
		refused(b"RF\x01\x12", wire.Header(blob=wire.Blob(size=1 << 62)).SerializeToString())
		refused(b"RF\x01\x13", wire.Header(blob=wire.Blob(handle=1, offset=1 << 63)).SerializeToString(), b"x")
		refused(b"RF\x01\x15", wire.Header(blob=wire.Blob(name="../referat.db", size=1 << 62)).SerializeToString())
		assert ingest.put("test:a", b"one").outcome == wire.ACCEPTED
	PY
	[ $(($(resident_kib) - before)) -lt 32768 ]
}

@test "a frame of 8 MiB ends the connection of its sender, and nobody else's" {
	peer <<-'PY'
		from peer import Peer, wire
		good, bad = Peer(stage="ingest"), Peer(stage="ingest")
		bad.socket.send_multipart([b"RF\x01\x10", b"", b"x" * (8 << 20)])
		assert good.put("test:a", b"one").outcome == wire.ACCEPTED
		bad.say("PING")  # over a new connection: somebody who has not said HELLO
		assert bad.hear("ERROR")[0].error.code == "hello-first"
	PY
}

@test "random frames bring nothing down" {
	peer <<-'PY'
		import random
		from peer import Peer, wire
		rng = random.Random(4)
		good, bad = Peer(stage="ingest"), Peer(stage="ingest")
		for n in range(3000):
		    verb = bytes([rng.randrange(32)])
		    frames = [rng.randbytes(rng.randrange(64)) for _ in range(rng.randrange(4))]
		    bad.socket.send_multipart([b"RF\x01" + verb, *frames])
		    if n % 10 == 0:
		        bad.say("HELLO", hello=bad.hello)
		assert good.put("test:a", b"one").outcome == wire.ACCEPTED
	PY
}

@test "what a peer takes but never reads goes to another one" {
	peer <<-'PY'
		from peer import Peer, wire
		deaf, good = Peer(stage="ingest", needs=["source"]), Peer(stage="ingest", needs=["source"])
		deaf.say("CREDIT", credit=wire.Credit(tasks=200, bytes=1 << 30))
		deaf.say("PING")
		for n in range(200):
		    assert good.put("test:%d" % n, b"x" * 100000).outcome == wire.ACCEPTED
		# The deaf one says nothing for five heartbeats.
		good.say("CREDIT", credit=wire.Credit(tasks=200, bytes=1 << 30))
		seen = 0
		while seen < 200:
		    good.say("PING")
		    if good.socket.poll(500):
		        verb, header, _ = good.receive()
		        seen += len(header.items) if verb == "WORK" else 0
	PY
}

@test "of two with the same instance the newer one counts, and work is done once" {
	peer <<-'PY'
		from peer import Peer, wire
		first = Peer(stage="ingest", needs=["source"])
		first.put("test:a", b"one")
		work, _ = first.work()
		second = Peer(stage="ingest", needs=["source"], instance=first.instance)
		again, _ = second.work()
		assert again.document == work.document and again.token.lease != work.token.lease
		first.say("DONE", items=[wire.Item(token=work.token)])
		assert first.hear("ERROR")[0].error.code == "hello-first"
		assert second.answer("DONE", again.token) == wire.ACCEPTED
	PY
}

@test "of two with the same routing id the first one stays" {
	peer <<-'PY'
		from peer import Peer, wire
		first = Peer(stage="ingest", routing_id=b"twin")
		second = Peer(stage="ingest", routing_id=b"twin", greets=False)
		second.say("HELLO", hello=second.hello)
		assert second.hears_nothing()
		assert first.put("test:a", b"one").outcome == wire.ACCEPTED
	PY
}

@test "a thousand peers are served" {
	[ "$(ulimit -Hn)" -ge 2048 ] || skip 'the limit of open files is below 2,048'
	peer <<-'PY'
		import resource, zmq
		hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
		resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
		zmq.Context.instance().set(zmq.MAX_SOCKETS, 2000)
		from peer import Peer, wire
		ingest = Peer(stage="ingest")
		peers = [Peer(role="control") for _ in range(1000)]
		assert ingest.put("test:a", b"one").outcome == wire.ACCEPTED
		for control in peers:
		    assert '"pipeline":"peers"' in control.ask("status")
	PY
}

@test "where descriptors run out, newcomers are refused or the broker starts again, and nothing is lost" {
	end_broker
	start_broker prlimit --nofile=64:64
	peer <<-'PY'
		from peer import Peer, wire
		assert Peer(stage="ingest").put("test:a", b"one").outcome == wire.ACCEPTED
	PY
	peer <<-'PY'
		from peer import Peer
		crowd = [Peer(role="control", greets=False) for _ in range(100)]
		for each in crowd:
		    each.say("HELLO", hello=each.hello)
		heard = [each.receive()[1].error for each in crowd if each.socket.poll(100)]
		assert len(heard) < 100 or any(error.code == "crowded" for error in heard), heard
	PY
	end_broker
	start_broker
	peer <<-'PY'
		from peer import Peer, wire
		assert Peer(stage="ingest").put("test:a", b"one").outcome == wire.DUPLICATE
	PY
}

@test "a broker without memory starts again, and has what it promised" {
	peer <<-'PY'
		from peer import Peer, wire
		assert Peer(stage="ingest").put("test:a", b"one").outcome == wire.ACCEPTED
	PY
	prlimit --pid "$broker" --as="$(($(awk '/^VmSize/ { print $2 }' "/proc/$broker/status") * 1024))"
	peer <<-'PY' || true
		from peer import Peer, wire
		ingest = Peer(stage="ingest")
		for n in range(100):
		    ingest.say("PUT", [b"x" * 1000000] * 16, items=[wire.Item(ref=i, source_key="test:%d.%d" % (n, i),
		        parts=[wire.Part(name="source", type="text/plain")]) for i in range(16)])
		ingest.hear("ACK")
	PY
	wait_until eval "! kill -0 $broker 2>/dev/null || grep -q '^State:.Z' /proc/$broker/status"
	end_broker
	start_broker
	peer <<-'PY'
		from peer import Peer, wire
		assert Peer(stage="ingest").put("test:a", b"one").outcome == wire.DUPLICATE
	PY
}
