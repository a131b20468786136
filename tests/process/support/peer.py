"""A peer of the broker, written from docs/protocol.md and wire.proto alone: plays a source, a stage, a supervisor.

wire_pb2 is made by `protoc --python_out` from the .proto."""
import hashlib
import os
import uuid

import wire_pb2 as wire
import zmq

VERBS = ("NONE HELLO WELCOME ERROR CREDIT WORK START GO ALREADY LOOKUP RESULT EXTEND DONE RETRY FAIL HOLD PUT ACK"
         " BLOB_BEGIN BLOB_CHUNK BLOB_END BLOB_READ BLOB_DATA REVOKE OBITUARY PING PONG DRAIN BYE CONTROL REPLY").split()


class Peer:
    def __init__(self, role="stage", stage=None, needs=(), endpoint=None, instance=None, routing_id=None, greets=True):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 1000
        if routing_id:
            self.socket.routing_id = routing_id
        self.socket.connect(endpoint or os.environ["ENDPOINT"])
        self.instance = instance or uuid.uuid4().hex
        self.hello = wire.Hello(version_min=1, version_max=1, role=role, stage=stage, instance=self.instance,
                                pid=os.getpid(), needs=needs)
        if greets:
            self.greet()

    def greet(self):
        self.say("HELLO", hello=self.hello)
        self.welcome = self.hear("WELCOME")[0].welcome

    def say(self, verb, frames=(), **header):
        head = b"RF" + bytes([1, VERBS.index(verb)])
        self.socket.send_multipart([head, wire.Header(**header).SerializeToString(), *frames])

    def receive(self, seconds=10):
        """The next message: its verb, header and frames."""
        if not self.socket.poll(seconds * 1000):
            raise TimeoutError
        head, header, *frames = self.socket.recv_multipart()
        assert head[:3] == b"RF\x01"
        return VERBS[head[3]], wire.Header.FromString(header), frames

    def hear(self, verb, seconds=10):
        """The next message, which is to be of that verb: its header and its frames."""
        heard, header, frames = self.receive(seconds)
        assert heard == verb, (heard, header)
        return header, frames

    def hears_nothing(self, seconds=0.5):
        return not self.socket.poll(seconds * 1000)

    def put(self, key, data):
        part = wire.Part(name="source", type="text/plain", sha256=hashlib.sha256(data).digest(), size=len(data))
        item = wire.Item(ref=1, source_key=key, parts=[part])
        self.say("PUT", [data], items=[item])
        return self.hear("ACK")[0].items[0]

    def work(self, tasks=1):
        self.say("CREDIT", credit=wire.Credit(tasks=tasks, bytes=tasks << 20))
        header, frames = self.hear("WORK")
        return header.items[0], frames

    def answer(self, verb, token, frames=(), **fields):
        self.say(verb, frames, items=[wire.Item(token=token, **fields)])
        return self.hear("ACK")[0].items[0].outcome

    def ask(self, command, arguments="{}"):
        self.say("CONTROL", control=wire.Control(command=command, json=arguments))
        return self.hear("REPLY")[0].control.json
