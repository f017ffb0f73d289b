"""A whole shop on several machines: nginx, web nodes, workers, and what they share."""

import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bench.mail_sink import MailSink
from store.paths import ROOT
from tests.nodes.browsing import READER, Browser, Door
from tests.nodes.certificates import CERTIFICATE
from tests.nodes.fronting import HandedOn, handed_on, write_site
from tests.nodes.places import Machines, Place
from tests.nodes.running import end, eventually, kill, start

HOST = "localhost"
OWNER = "owner@example.org"
PASSWORD = "a long enough password"


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
        write_site(self.folder, self.port, {one.at: one in nodes for one in self.nodes})
        self.nginx.send_signal(signal.SIGHUP)
        # It begins anew beside the old one, which ends what it has in hand.
        time.sleep(1)

    def handed_on(self) -> list[HandedOn]:
        """Return what nginx wrote down of every request so far."""
        return handed_on(self.folder)
