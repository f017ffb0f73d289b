"""Processes of a shop on several machines: started, waited for, ended by their own ids."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 180
LOOK_SECONDS = 0.02


class NeverHappenedError(AssertionError):
    """What was waited for did not come; the words say what."""


def start(
    command: Sequence[str], *, environment: Mapping[str, str], log: Path, cwd: Path
) -> "subprocess.Popen[bytes]":
    with log.open("ab") as said:
        return subprocess.Popen(
            list(command), cwd=cwd, env=os.environ | dict(environment), stdout=said, stderr=said
        )


def end(process: "subprocess.Popen[bytes]", *, within: float = 45) -> None:
    """Ask a process to end, and see to it that it does."""
    process.terminate()
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """End a process and its children as a machine without power does."""
    pids = [process.pid, *_descendants(process.pid)]
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()


@contextmanager
def running(
    command: Sequence[str], *, environment: Mapping[str, str], log: Path, cwd: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    process = start(command, environment=environment, log=log, cwd=cwd)
    try:
        yield process
    finally:
        end(process)


def eventually(
    happened: Callable[[], bool], what: str, *, within: float = PATIENCE_SECONDS
) -> float:
    """Wait for something; return how many seconds it took."""
    began = time.monotonic()
    while not happened():
        if time.monotonic() - began > within:
            raise NeverHappenedError(f"{what}: not within {within:.0f} s")
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - began


def wait_for_port(process: "subprocess.Popen[bytes]", address: str, port: int, log: Path) -> None:
    def is_open() -> bool:
        if process.poll() is not None:
            raise NeverHappenedError(log.read_text(errors="replace")[-3_000:])
        with socket.socket() as tried:
            tried.settimeout(0.5)
            return tried.connect_ex((address, port)) == 0

    eventually(is_open, f"{log.stem} listens")


def _descendants(pid: int) -> Iterator[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield int(child)
        yield from _descendants(int(child))
