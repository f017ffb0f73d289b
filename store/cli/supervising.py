"""Keeps one child process alive: starts it again when it dies, ends it with its parent."""

import subprocess
import sys
import threading
import time

import structlog

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
HEALTHY_SECONDS = 60.0
"""A child that lived this long starts again at once when it dies."""
FAREWELL_SECONDS = 40.0

WORKER = (
    sys.executable,
    "-c",
    "from store.cli.worker import worker; worker()",
    "--while-stdin-is-open",
)

log = structlog.get_logger(__name__)


class Supervised:
    """A child that reads its standard input to the end as a sign to stop."""

    def __init__(self, command: tuple[str, ...] = WORKER, *, head_start_seconds: float = 0) -> None:
        self._command = command
        self._head_start = head_start_seconds
        self._ending = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def start(self) -> None:
        self._watcher.start()

    def renew(self) -> None:
        """End the child gracefully; the watcher starts the next one, which reads the new code."""
        _tell_to_stop(self._child)

    def stop(self) -> None:
        """End the child: gracefully within its time, else for good."""
        self._ending.set()
        child = self._child
        _tell_to_stop(child)
        if child is not None:
            _wait_or_kill(child)

    def _watch(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        self._ending.wait(self._head_start)
        while not self._ending.is_set():
            started = time.monotonic()
            code = self._run_once()
            if self._ending.is_set():
                return
            lived = time.monotonic() - started
            if code == 0 or lived > HEALTHY_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            else:
                log.warning("worker_died", code=code, lived_seconds=round(lived), pause=pause)
                self._ending.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _run_once(self) -> int:
        # In a group of its own: Ctrl-C is for the parent, who then ends the child in order.
        with subprocess.Popen(  # nosec B603 # noqa: S603 - the command is ours
            self._command, stdin=subprocess.PIPE, process_group=0
        ) as child:
            self._child = child
            if self._ending.is_set():
                _tell_to_stop(child)
            return child.wait()


def _tell_to_stop(child: subprocess.Popen[bytes] | None) -> None:
    if child is not None and child.stdin is not None and not child.stdin.closed:
        child.stdin.close()


def _wait_or_kill(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(FAREWELL_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
