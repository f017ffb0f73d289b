"""Serves one target on one core of the machine, and ends it by its process id."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep

from bench.memory import own_mb, resident_mb
from bench.recording import ask
from store.cli.serve import THREADS
from store.paths import ROOT
from tests.ports import free_port

PATIENCE_SECONDS = 120


class ServerFailedError(Exception):
    """A server ended, or never answered; the words are the last that it said."""


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    pid: int

    @property
    def worker_mb(self) -> float:
        """What the worker process holds in memory; the process above it only watches it."""
        return max(map(resident_mb, children(self.pid)))

    @property
    def worker_own_mb(self) -> float:
        """What of it is the worker's alone: no library that other processes have mapped as well."""
        return max(map(own_mb, children(self.pid)))

    @property
    def processor_seconds(self) -> float:
        """What server and worker have used of their core: the same on a busy machine."""
        return sum(processor_seconds(pid) for pid in (self.pid, *children(self.pid)))


@contextmanager
def serving(
    target: str, *, core: int, environment: Mapping[str, str], log: Path
) -> Iterator[Server]:
    """Run a target under granian with one worker, and as many threads as `store serve` gives it."""
    port = free_port()
    command = ["taskset", "-c", str(core), *granian(target, port)]
    with log.open("ab") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=said, stderr=said
        )
        try:
            wait_until_listening(process, port, log)
            yield Server(port, process.pid)
        finally:
            end(process)


def granian(target: str, port: int) -> list[str]:
    """Return the command line of one web process, as `store serve` runs it."""
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--http", "1"]
    load = ["--workers", "1", "--blocking-threads", str(THREADS), "--no-ws"]
    return [sys.executable, "-m", "granian", *options, *load, target]


def wait_until_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = perf_counter() + PATIENCE_SECONDS
    while process.poll() is None and perf_counter() < until:
        try:
            ask(port, "/healthz")
        except (OSError, ConnectionError):
            sleep(0.05)
        else:
            return
    raise ServerFailedError(log.read_text(errors="replace")[-2_000:])


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server with its workers, which a parent that dies in its start leaves behind."""
    workers = children(process.pid) if process.poll() is None else []
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=10)
    for pid in workers:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def processor_seconds(pid: int) -> float:
    # The name of a process may hold spaces; what counts follows its last bracket.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = int(fields[11]), int(fields[12])
    return (user + system) / os.sysconf("SC_CLK_TCK")
