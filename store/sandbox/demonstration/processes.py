"""Starts the demonstration's servers as children and ends them all together."""

import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from urllib.error import URLError

import click

PATIENCE_SECONDS = 60


class Servers:
    """Children that live and die together; a signal or the end of one ends all."""

    def __init__(self, environment: Mapping[str, str], log_path: Path) -> None:
        self._environment = dict(environment)
        self._log = log_path.open("ab")
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._aside: list[subprocess.Popen[bytes]] = []
        self._asked_to_stop = False
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGINT, self._ask_to_stop)

    def start(self, name: str, command: Sequence[str]) -> None:
        self._children[name] = self._open(command)

    def run_aside(self, command: Sequence[str]) -> None:
        """Start something that ends by itself; how it ends is nobody's trouble but the log's."""
        self._aside.append(self._open(command))

    def wait_until_answering(self, url: str) -> None:
        """Return when the address answers at all; raise ClickException when it never does."""
        for _ in range(PATIENCE_SECONDS * 10):
            self._fail_when_one_ended()
            if self._asked_to_stop or _answers(url):
                return
            time.sleep(0.1)
        raise click.ClickException(f"{url} does not answer after {PATIENCE_SECONDS} seconds")

    def run_until_stopped(self) -> None:
        while not self._asked_to_stop:
            self._fail_when_one_ended()
            time.sleep(0.2)

    def stop(self) -> None:
        children = [*self._children.values(), *self._aside]
        for child in reversed(children):
            if child.poll() is None:
                child.terminate()
        for child in children:
            try:
                child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                child.kill()
        self._log.close()

    def _open(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches this process, which then ends them in order.
        return subprocess.Popen(  # nosec B603 # noqa: S603 - our own command line
            command,
            env=self._environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._asked_to_stop = True

    def _fail_when_one_ended(self) -> None:
        for name, child in self._children.items():
            if child.poll() is not None and not self._asked_to_stop:
                raise click.ClickException(
                    f"{name} ended with exit code {child.returncode}: see {self._log.name}"
                )


def wsgi_server(target: str, port: int) -> list[str]:
    """Return the command line of a small server on loopback."""
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    threads = ["--workers", "1", "--blocking-threads", "8", "--log-level", "warning"]
    return [sys.executable, "-m", "granian", *options, *threads, target]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # nosec B310 # noqa: S310 - loopback, our own address
            return True
    except (URLError, OSError):
        return False
