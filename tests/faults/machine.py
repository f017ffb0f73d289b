"""The shop as processes: web processes under granian with their worker, and a worker apart."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from store.paths import ROOT

STORE = (sys.executable, "-m", "store.cli.main")
OFF = (sys.executable, "-m", "tests.faults.off_clock")
FAREWELL_SECONDS = 120.0
PATIENCE_SECONDS = 240.0
WEB_WORD, WORKER_WORD = "spawn_main", "store.cli.worker"
OFF_CLOCK = "FAULTS_CLOCK_OFF_SECONDS"


class NeverAnsweredError(Exception):
    """The shop did not come back; the words are the last of its log."""


@dataclass
class Unit:
    """One command that is started again when it ends, as a service manager does."""

    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    is_wanted: bool = False
    ended_by_itself: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def pid(self) -> int:
        return self.process.pid if self.process and self.process.poll() is None else 0

    def start(self, off_seconds: int = 0) -> None:
        with self.lock, self.log.open("ab") as said:
            self.is_wanted = True
            command = self.command
            environment = dict(self.environment)
            if off_seconds:
                command = [*OFF, *command[len(STORE) :]]
                environment[OFF_CLOCK] = str(off_seconds)
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=said, stderr=said
            )

    def keep(self) -> bool:
        """Start it again if it ended; return whether it had."""
        with self.lock:
            if not self.is_wanted or self.pid:
                return False
            self.start()
            return True

    def kill(self) -> None:
        with self.lock:
            send(self.pid, signal.SIGKILL)
            if self.process:
                self.process.wait()

    def stop(self) -> None:
        """Ask it to end, and wait for it."""
        with self.lock:
            self.is_wanted = False
            if not self.process:
                return
            send(self.pid, signal.SIGTERM)
            try:
                self.process.wait(FAREWELL_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise NeverAnsweredError(f"{self.command[-1]} did not end in time") from None


@dataclass
class Machine:
    port: int
    path: str
    """A page that asks the database."""
    web: Unit
    worker: Unit

    @property
    def path_to_stripe(self) -> str:
        """What the environment of this shop's processes says, and of no others."""
        return f"STORE_STRIPE_API_BASE={self.web.environment['STORE_STRIPE_API_BASE']}"

    @property
    def units(self) -> tuple[Unit, Unit]:
        return self.web, self.worker

    def web_pids(self) -> list[int]:
        return [pid for pid in children_of(self.web.pid) if WEB_WORD in command_of(pid)]

    def beside_pids(self) -> list[int]:
        """The worker that `store serve` keeps."""
        return [pid for pid in children_of(self.web.pid) if WORKER_WORD in command_of(pid)]

    def seconds_to_answer(self) -> float:
        """Wait for the first good answer."""
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE_SECONDS:
            if is_good(self.port, self.path):
                return time.monotonic() - began
            self.web.keep()
            time.sleep(0.05)
        words = self.web.log.read_text(errors="replace")[-3_000:]
        raise NeverAnsweredError(f"no good answer in {PATIENCE_SECONDS:.0f} seconds\n{words}")

    def stop(self) -> None:
        for unit in self.units:
            unit.stop()

    def left(self) -> list[int]:
        """Return what goes on although all was ended, once it had its time to end."""
        until = time.monotonic() + FAREWELL_SECONDS
        while (pids := processes_of(self.path_to_stripe)) and time.monotonic() < until:
            time.sleep(0.2)
        return pids


def open_machine(
    port: int, path: str, environment: Mapping[str, str], folder: Path, *, is_small: bool
) -> Machine:
    size = ["--workers", "1", "--no-worker"] if is_small else ["--workers", "2"]
    serve = [*STORE, "serve", "--port", str(port), *size]
    return Machine(
        port,
        path,
        Unit(serve, environment, folder / "web.log"),
        Unit([*STORE, "worker"], environment, folder / "worker.log"),
    )


def is_good(port: int, path: str) -> bool:
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", path, headers={"Connection": "close"})
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


def send(pid: int, number: signal.Signals) -> None:
    """Signal a process that may be gone already; 0 is nobody."""
    if pid:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def children_of(pid: int) -> list[int]:
    if not pid:
        return []
    found: list[int] = []
    # Each thread lists the children that it started.
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return found


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def processes_of(line: str) -> list[int]:
    """Return who has this line in the environment that it was started with."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if line.encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


def one_of(pids: Sequence[int], chance: random.Random) -> int:
    return chance.choice(pids) if pids else 0
