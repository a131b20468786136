"""The systems that are compared: how each is started on loopback in a folder of its own, and ended by pid."""
import os
import shutil
import signal
import socket
import subprocess
import time

STAGES = ("ingest", "validate", "summarise", "render", "publish", "notify")


class Missing(Exception):
    """What a system needs is not installed."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class System:
    """One server and six stage processes; `client` is the program whose source puts documents."""

    name = ""
    durable = "yes"
    needs = ()

    def __init__(self, build, folder):
        self.build, self.folder = build, folder
        self.pipe = os.path.join(folder, "arrived")
        self.server = folder
        self.processes = []
        for program in self.needs:
            if not shutil.which(program):
                raise Missing(f"{program} is not installed")
        os.makedirs(folder)
        os.mkfifo(self.pipe)
        self.log = open(os.path.join(folder, "log"), "wb")  # pylint: disable=consider-using-with

    def spawn(self, *command, **options):
        options = {"stdin": subprocess.DEVNULL, "stdout": self.log, "stderr": self.log, **options}
        process = subprocess.Popen(command, **options)  # pylint: disable=consider-using-with
        self.processes.append(process)
        return process

    def await_true(self, what, seconds=60):
        end = time.monotonic() + seconds
        while not what():
            if time.monotonic() > end or any(process.poll() is not None for process in self.processes):
                raise RuntimeError(f"{self.name} did not start: see {self.log.name}")
            time.sleep(0.05)

    def listens(self, port):
        def asked():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0
        return asked

    def client(self):
        return [os.path.join(self.build, "bench", self.program)]

    def start(self):
        self.start_server()
        for number in range(1, 7):
            self.spawn(*self.client(), "stage", self.server, self.pipe, str(number))
            time.sleep(0.2)

    def source(self, documents, window):
        return [*self.client(), "source", self.server, self.pipe, str(documents), str(window)]

    def roots(self):
        return [process.pid for process in self.processes]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Ends it, the server last; again does nothing."""
        if self.log.closed:
            return
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(self.end_signal)
        for process in reversed(self.processes):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.log.close()
        shutil.rmtree(self.folder)

    end_signal = signal.SIGTERM


class Referat(System):
    """`referat run` with a broker as it is, and stages that add nothing under the names of the six."""

    name = "Referat"
    durable = "the document; a step that is lost is done again"
    program = "client_referat"
    definition = "bench/pipelines/empty.yaml"
    prefix = "bench/empty"

    def start(self):
        self.server = os.path.join(self.folder, "state")
        os.makedirs(os.path.join(self.folder, "inbox"))
        pipeline = os.path.join(self.folder, "pipeline.yaml")
        shutil.copy(self.definition, pipeline)
        shutil.copy("pipelines/demo/publisher.yaml", self.folder)
        prefix = os.path.join(self.build, self.prefix) if self.prefix else self.build
        self.run = self.spawn(os.path.join(prefix, "bin/referat"), "run", pipeline, "--state", self.server,
                              env={**os.environ, "BENCH_PIPE": self.pipe})
        status = [os.path.join(prefix, "bin/referat"), "status", "--state", self.server]
        self.await_true(lambda: os.path.isdir(self.server) and subprocess.run(
            status, stdout=self.log, stderr=self.log, check=False).returncode < 64)
        time.sleep(1)


class Redis(System):
    name = "Redis Streams, always"
    program = "redis"
    needs = ("redis-server",)
    fsync = "always"

    def start_server(self):
        self.server = os.path.join(self.folder, "socket")
        self.spawn("redis-server", "--port", "0", "--unixsocket", self.server, "--dir", self.folder, "--save", "",
                   "--appendonly", "yes", "--appendfsync", self.fsync)
        self.await_true(lambda: os.path.exists(self.server))


class RedisEverysec(Redis):
    name = "Redis Streams, everysec"
    durable = "no (up to 1 s lost)"
    fsync = "everysec"


class BullMQ(Redis):
    name = "BullMQ on Redis, always"
    needs = ("redis-server", "node")

    def client(self):
        modules = os.path.join(os.path.dirname(self.build), "bench/node_modules")
        if not os.path.isdir(modules):
            raise Missing("bullmq is not installed")
        return ["node", os.path.join(os.path.dirname(modules), "bullmq.mjs")]


class PostgreSQL(System):
    name = "PostgreSQL, SKIP LOCKED"
    program = "postgres"
    end_signal = signal.SIGINT

    def start_server(self):
        found = sorted(os.listdir("/usr/lib/postgresql")) if os.path.isdir("/usr/lib/postgresql") else []
        if not found:
            raise Missing("postgresql is not installed")
        programs = f"/usr/lib/postgresql/{found[-1]}/bin"
        data = os.path.join(self.folder, "data")
        as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        os.chmod(self.folder, 0o755)
        os.mkdir(data, 0o700)
        if as_user:
            shutil.chown(data, "postgres")
        subprocess.run([*as_user, f"{programs}/initdb", "-D", data, "-A", "trust", "-N"], check=True,
                       stdout=self.log, stderr=self.log)
        port = free_port()
        self.spawn(*(["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"] if as_user else []),
                   f"{programs}/postgres", "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1",
                   "-c", f"unix_socket_directories={data}", "-c", "shared_buffers=256MB", "-c", "max_wal_size=4GB")
        self.server = f"host={data} port={port} user=postgres dbname=postgres"
        sql = ("CREATE TABLE queue (id bigserial PRIMARY KEY, stage int NOT NULL, document bytea NOT NULL);"
               "ALTER TABLE queue ALTER document SET STORAGE EXTERNAL; CREATE INDEX ON queue (stage, id);")
        psql = ["psql", "-q", self.server, "-c"]
        self.await_true(lambda: subprocess.run([*psql, "SELECT 1"], stdout=self.log, stderr=self.log,
                                               check=False).returncode == 0)
        subprocess.run([*psql, sql], check=True)


class RabbitMQ(System):
    name = "RabbitMQ, quorum queues"
    program = "rabbitmq"

    def start_server(self):
        server = "/usr/lib/rabbitmq/bin/rabbitmq-server"
        if not os.path.exists(server):
            raise Missing("rabbitmq-server is not installed")
        port, epmd, distribution = free_port(), free_port(), free_port()
        config = os.path.join(self.folder, "rabbitmq.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(f"listeners.tcp.1 = 127.0.0.1:{port}\n")
        home = os.path.join(self.folder, "home")
        os.mkdir(home)
        environment = {
            **os.environ, "HOME": home, "ERL_EPMD_PORT": str(epmd), "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": "bench@localhost", "RABBITMQ_MNESIA_BASE": os.path.join(self.folder, "mnesia"),
            "RABBITMQ_LOG_BASE": os.path.join(self.folder, "logs"), "RABBITMQ_CONFIG_FILE": config,
            "RABBITMQ_DIST_PORT": str(distribution), "RABBITMQ_ENABLED_PLUGINS_FILE": os.path.join(home, "plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }
        self.spawn("epmd", env=environment)
        self.await_true(self.listens(epmd))
        self.spawn(server, env=environment)
        self.server = str(port)
        self.await_true(self.listens(port))


class NATS(System):
    name = "NATS JetStream"
    durable = "no (its default: a sync every 2 min)"
    program = "nats"
    needs = ("nats-server",)

    def start_server(self):
        port = free_port()
        self.spawn("nats-server", "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", self.folder)
        self.server = f"nats://127.0.0.1:{port}"
        self.await_true(self.listens(port))


ALL = {"referat": Referat, "redis": Redis, "redis-everysec": RedisEverysec, "bullmq": BullMQ,
       "postgresql": PostgreSQL, "rabbitmq": RabbitMQ, "nats": NATS}
