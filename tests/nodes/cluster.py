"""A whole shop on several machines: nginx, web nodes, workers, and what they share."""

import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bench.filling import shop_environment
from bench.mail_sink import MailSink, open_sink
from store.paths import ROOT
from tests.nodes.browsing import READER, Browser, Door
from tests.nodes.certificates import CERTIFICATE, certify
from tests.nodes.places import Machines, Place
from tests.nodes.running import (
    end,
    eventually,
    kill,
    running,
    start,
    wait_for_port,
)
from tests.ports import free_port
from tests.throwaway_pgbouncer import pooled, throwaway_pgbouncer
from tests.throwaway_postgresql import throwaway_server

HOST = "localhost"
OWNER = "owner@example.org"
PASSWORD = "a long enough password"
BUCKETS = ("media", "files")
NEEDED = {
    "nginx": "nginx",
    "redis-server": "redis-server",
    "initdb": "postgresql",
    "openssl": "openssl",
}
OWN_PLACES = "client_body proxy fastcgi uwsgi scgi"
LOG_FORMAT = "$msec|$request_time|$status|$request_method|$uri|$upstream_addr"


@dataclass(frozen=True, slots=True)
class HandedOn:
    """One request as nginx saw it; moments are seconds of the wall clock."""

    began: float
    ended: float
    status: int
    method: str
    path: str
    nodes: tuple[str, ...]
    """Whom it was given to, one after the other."""

    @classmethod
    def read(cls, line: str) -> "HandedOn":
        ended, took, status, method, path, nodes = line.split("|")
        asked = tuple(nodes.replace(",", " ").split())
        began = float(ended) - float(took)
        return cls(began, float(ended), int(status), method, path, asked)


@dataclass(frozen=True, slots=True)
class Goods:
    id: int
    path: str
    variant: int


@dataclass
class Node:
    """One web node, as its unit runs it."""

    name: str
    place: Place
    port: int
    environment: Mapping[str, str]
    log: Path
    root: Path = ROOT
    """Where its code lies."""
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def at(self) -> str:
        """What nginx calls it."""
        return f"{self.place.address}:{self.port}"

    def start(self) -> None:
        self.begin()
        self.wait_until_ready()

    def begin(self) -> None:
        command = [sys.executable, "-m", "store.cli.main", "serve", "--no-worker", "--workers", "1"]
        listens = ["--host", self.place.address, "--port", str(self.port)]
        self.process = start(
            self.place.command(*command, *listens),
            environment=self.environment,
            log=self.log,
            cwd=self.root,
        )

    def wait_until_ready(self) -> None:
        eventually(lambda: self.readiness() == 200, f"{self.name} is ready")

    def stop(self) -> None:
        """Replace it as `systemctl restart` does: it may bring to an end what it has in hand."""
        if self.process is not None:
            end(self.process)
            self.process = None

    def kill(self) -> None:
        if self.process is not None:
            kill(self.process)
            self.process = None

    def readiness(self) -> int:
        """Return what `/readyz` answers, or 0 where nobody does."""
        door = Door(self.place.address, self.port, HOST)
        try:
            return Browser([door]).get("/readyz").status
        except OSError:
            return 0


@dataclass
class Cluster:
    """What a promise needs of it: where to ask, whom to restart, what was written down."""

    folder: Path
    machines: Machines
    environment: Mapping[str, str]
    port: int
    nodes: tuple[Node, ...]
    sink: MailSink
    goods: tuple[Goods, ...] = ()
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    upgrades: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    nginx: "subprocess.Popen[bytes] | None" = None

    @property
    def host(self) -> str:
        return f"{HOST}:{self.port}"

    @property
    def front(self) -> Door:
        """nginx, as readers reach it."""
        trusted = ssl.create_default_context(cafile=str(self.folder / CERTIFICATE))
        return Door(HOST, self.port, self.host, trusted)

    def door(self, node: Node) -> Door:
        """Return a node as nginx asks it."""
        return Door(node.place.address, node.port, self.host)

    def reader(self, network: str = READER) -> Browser:
        """Return somebody of whom no two requests in a row meet the same node."""
        return Browser([self.door(node) for node in self.nodes], network)

    def reader_of(self, node: Node, network: str = READER) -> Browser:
        return Browser([self.door(node)], network)

    def at_the_front(self, network: str = READER) -> Browser:
        return Browser([self.front], network)

    def staff(self) -> Browser:
        """Return the owner's browser, signed in over both nodes."""
        browser = self.reader("198.51.100.9")
        answer = browser.send("/staff/sign-in", email=OWNER, password=PASSWORD)
        assert answer.status == 302, answer.status
        return browser

    def rows(self, question: str, *given: object) -> list[tuple[Any, ...]]:
        """Ask the database itself."""
        url = self.environment["DIRECT_DATABASE"]
        with psycopg.connect(url, prepare_threshold=None) as connection:
            return connection.execute(question.encode(), given).fetchall()

    def store(self, *words: str, root: Path = ROOT, typed: str = "") -> str:
        """Run a command of the shop as an operator does, and return what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "store.cli.main", *words],
            cwd=root,
            env=os.environ | dict(self.environment),
            input=typed,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"store {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    @contextmanager
    def reading(self, table: str) -> Iterator[None]:
        """Be in the middle of reading a table, as a backup or a long report is."""
        url = self.environment["DIRECT_DATABASE"]
        with psycopg.connect(url, prepare_threshold=None) as connection:
            connection.execute(f"SELECT * FROM {table} LIMIT 1".encode())
            yield

    def begin_upgrade(self, node: Node, root: Path) -> "subprocess.Popen[bytes]":
        """Begin `store db upgrade` by the code of a folder, on one of the machines."""
        upgrade = start(
            node.place.command(sys.executable, "-m", "store.cli.main", "db", "upgrade"),
            environment=self.environment,
            log=self.folder / "upgrades.log",
            cwd=root,
        )
        self.upgrades.append(upgrade)
        return upgrade

    def hire(self, place: Place) -> None:
        """Start one more worker on a machine."""
        number = len(self.workers) + 1
        self.workers.append(
            start(
                place.command(sys.executable, "-m", "store.cli.main", "worker"),
                environment=self.environment,
                log=self.folder / f"worker-{number}.log",
                cwd=ROOT,
            )
        )

    def dismiss(self) -> None:
        """End every worker, and upgrades that nobody waited for."""
        begun = [*self.workers, *self.upgrades]
        for process in begun:
            process.terminate()
        for process in begun:
            end(process)

    def serve_by(self, *nodes: Node) -> None:
        """Have nginx hand requests to these alone from now on."""
        assert self.nginx is not None
        (self.folder / "site.conf").write_text(_site(self, nodes))
        self.nginx.send_signal(signal.SIGHUP)
        # It begins anew beside the old one, which ends what it has in hand.
        time.sleep(1)

    def handed_on(self) -> list[HandedOn]:
        """Return what nginx wrote down of every request so far."""
        lines = (self.folder / "access.log").read_text().splitlines()
        return [HandedOn.read(line) for line in lines]


def missing() -> str:
    """Name what this machine lacks for a shop on several machines; nothing where it lacks none."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    places = [*map(str, Path("/usr/lib/postgresql").glob("*/bin"))]
    lacking = [
        package
        for command, package in NEEDED.items()
        if shutil.which(command, path=":".join([path, *places])) is None
    ]
    return ", ".join(lacking)


@contextmanager
def a_cluster(
    folder: Path, machines: Machines, *, products: int = 12, is_pooled: bool = False
) -> Iterator[Cluster]:
    """Run a shop with a web node and a worker on each machine until the end of the block.

    A pooled one asks its database by a PgBouncer, and keeps its queue there as well.
    """
    with ExitStack() as stack:
        sink = stack.enter_context(open_sink(machines.middle.address))
        database = stack.enter_context(
            throwaway_server(address=machines.middle.address, network=machines.network)
        )
        port = free_port()
        certificate = certify(folder, HOST)
        environment = _environment(stack, folder, machines, port, certificate) | {
            "STORE_DATABASE_URL": database,
            "DIRECT_DATABASE": database.replace("+psycopg", ""),
            "STORE_MAIL_URL": sink.url,
        }
        if is_pooled:
            by_pooler = pooled(database, stack.enter_context(throwaway_pgbouncer(database)))
            environment |= {"STORE_DATABASE_URL": by_pooler, "STORE_QUEUE_URL": by_pooler}
        nodes = tuple(
            _node(number, place, environment, folder)
            for number, place in enumerate(machines.nodes, start=1)
        )
        cluster = Cluster(folder, machines, environment, port, nodes, sink)
        cluster.goods = _filled(cluster, products)
        owner = ["staff", "create", OWNER, "--name", "Owner", "--password-stdin"]
        cluster.store(*owner, typed=f"{PASSWORD}\n")
        stack.callback(cluster.dismiss)
        for node in nodes:
            stack.callback(node.stop)
            node.begin()
            cluster.hire(node.place)
        stack.enter_context(_nginx(cluster))
        for node in nodes:
            node.wait_until_ready()
        yield cluster


def _environment(
    stack: ExitStack, folder: Path, machines: Machines, port: int, certificate: Path
) -> dict[str, str]:
    middle = machines.middle.address
    redis, buckets = _redis(stack, folder, middle), _object_store(stack, folder, middle)
    payments = f"http://{middle}:{free_port(middle)}"
    environment = shop_environment(folder / "secrets") | {
        "STORE_QUEUE_URL": f"{redis}/0",
        "STORE_CACHE_URL": f"{redis}/1",
        "STORE_MEDIA_URL": "s3://media",
        "STORE_FILES_URL": "s3://files",
        "AWS_ENDPOINT_URL": buckets,
        "AWS_ACCESS_KEY_ID": "of-a-test",
        # pragma: allowlist nextline secret - of a store that lives as long as a test
        "AWS_SECRET_ACCESS_KEY": "of-a-test",
        "AWS_REGION": "ap-southeast-2",
        "STORE_PUBLIC_URL": f"https://{HOST}:{port}",
        "STORE_ALLOWED_HOSTS": HOST,
        # nginx, and one proxy more before it: readers of a test say by it where they come from.
        "STORE_TRUSTED_PROXIES": f"127.0.0.0/8,{middle}/32",
        "STORE_STRIPE_API_BASE": payments,
        "STORE_PAY_ORIGINS": payments,
    }
    _payments(stack, folder, environment, certificate)
    return environment


def _redis(stack: ExitStack, folder: Path, address: str) -> str:
    port = free_port(address)
    words = ["redis-server", "--port", str(port), "--bind", address, "--save", ""]
    log = folder / "redis.log"
    command = [*words, "--protected-mode", "no", "--dir", str(folder)]
    process = stack.enter_context(running(command, environment={}, log=log, cwd=folder))
    wait_for_port(process, address, port, log)
    return f"redis://{address}:{port}"


def _object_store(stack: ExitStack, folder: Path, address: str) -> str:
    port, log = free_port(address), folder / "s3.log"
    command = [sys.executable, "-m", "moto.server", "-H", address, "-p", str(port)]
    process = stack.enter_context(running(command, environment={}, log=log, cwd=folder))
    wait_for_port(process, address, port, log)
    for bucket in BUCKETS:
        Browser([Door(address, port, f"{address}:{port}")]).ask("PUT", f"/{bucket}")
    return f"http://{address}:{port}"


def _payments(
    stack: ExitStack, folder: Path, environment: Mapping[str, str], certificate: Path
) -> None:
    origin = environment["STORE_STRIPE_API_BASE"]
    address, _, port = origin.removeprefix("http://").partition(":")
    told = {
        "STORE_SANDBOX_ORIGIN": origin,
        "STORE_SANDBOX_API_KEY": environment["STORE_STRIPE_KEY"],
        "STORE_SANDBOX_WEBHOOK_URL": f"{environment['STORE_PUBLIC_URL']}/webhooks/stripe",
        "STORE_SANDBOX_WEBHOOK_SECRET": environment["STORE_STRIPE_WEBHOOK_SECRETS"],
        "SSL_CERT_FILE": str(certificate),
    }
    options = ["--interface", "wsgi", "--host", address, "--port", port, "--workers", "1"]
    threads = ["--blocking-threads", "8", "--log-level", "warning", "--factory"]
    command = [sys.executable, "-m", "granian", *options, *threads]
    log = folder / "payments.log"
    process = stack.enter_context(
        running([*command, "store.sandbox.stripe.wsgi:create"], environment=told, log=log, cwd=ROOT)
    )
    wait_for_port(process, address, int(port), log)


def _node(number: int, place: Place, environment: Mapping[str, str], folder: Path) -> Node:
    name = f"node-{number}"
    # What one machine writes on its own disk the other does not see.
    own = dict(environment) | {"STORE_DATA_DIR": str(folder / name)}
    return Node(name, place, free_port(), own, folder / f"{name}.log")


def _filled(cluster: Cluster, products: int) -> tuple[Goods, ...]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.nodes.goods", str(products)],
        cwd=ROOT,
        env=os.environ | dict(cluster.environment),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    return tuple(Goods(**one) for one in json.loads(done.stdout.splitlines()[-1]))


@contextmanager
def _nginx(cluster: Cluster) -> Iterator[None]:
    """Run nginx with the parts of deploy/ as they are, but for ports, machines and folders."""
    folder = cluster.folder
    shutil.copy(ROOT / "deploy/nginx/store.conf", folder)
    (folder / "site.conf").write_text(_site(cluster, cluster.nodes))
    (folder / "nginx.conf").write_text(_main(folder))
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    log = folder / "nginx.log"
    with running(command, environment={}, log=log, cwd=folder) as process:
        wait_for_port(process, HOST, cluster.port, log)
        cluster.nginx = process
        yield


def _site(cluster: Cluster, serving: Sequence[Node]) -> str:
    text = (ROOT / "deploy/nginx/host.conf").read_text()
    for number, node in enumerate(cluster.nodes):
        away = "" if node in serving else " down"
        text = text.replace(f"127.0.0.1:{5000 + number} ", f"{node.at}{away} ")
    text = text.replace("/etc/store/certificates", str(cluster.folder))
    text = text.replace("listen 443 ", f"listen 127.0.0.1:{cluster.port} ")
    return re.sub(r"listen 80;", f"listen unix:{cluster.folder}/80;", text)


def _main(folder: Path) -> str:
    places = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in OWN_PLACES.split())
    # Started by root it would have no right to the folder of a test.
    user = "user root;" if os.geteuid() == 0 else ""
    return (
        f"{user} worker_processes 2; pid {folder}/nginx.pid; error_log stderr;\n"
        "events { worker_connections 2048; }\n"
        f"http {{ log_format told '{LOG_FORMAT}'; access_log {folder}/access.log told;\n"
        f"{places} include site.conf; }}\n"
    )
