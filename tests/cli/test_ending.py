"""Promises: nothing serves on after the process above it was killed, and Ctrl-C cuts nobody off."""

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from store.cli.ending import end_with_parent
from tests.ports import free_port

PATIENCE_SECONDS = 60
IN_ORDER_SECONDS = 20
"""Less than the half minute after which a process that stands still is killed."""
HALF_A_REQUEST = (
    b"POST /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 4\r\n\r\nx="
)
THE_OTHER_HALF = b"yz"
SERVE = (sys.executable, "-m", "store.cli.main", "serve", "--no-worker", "--workers=1")
ABOVE = "from tests.cli.test_ending import above; above()"


def test_a_process_ends_with_its_parent_even_if_it_hears_nothing() -> None:
    # The child holds the pipe as well, so it ends with the last of both.
    parent = subprocess.Popen(
        [sys.executable, "-c", ABOVE],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        bufsize=0,
    )
    assert parent.stdout
    assert parent.stdout.readline() == b"serving\n"
    parent.kill()
    parent.communicate(timeout=20)


def above() -> None:
    context = multiprocessing.get_context("spawn")
    context.Process(target=_serve).start()
    threading.Event().wait()


def _serve() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    end_with_parent()
    os.write(1, b"serving\n")
    threading.Event().wait()


def test_what_is_in_hand_is_answered_after_ctrl_c(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("STORE_SECRET_KEY", "a secret key of a test, long enough")
    monkeypatch.setenv("STORE_STRIPE_KEY", "sk_test_of_a_test")
    monkeypatch.setenv("STORE_MAIL_FROM", "shop@example.org")
    monkeypatch.setenv("STORE_NEWSROOM_EMAIL", "news@example.org")
    monkeypatch.setenv("STORE_DATA_DIR", str(tmp_path))
    # A terminal tells the whole group, so the shop has one without us.
    with subprocess.Popen(
        [*SERVE, f"--port={port}"],
        cwd=Path(__file__).parents[2],
        process_group=0,
    ) as shop:
        try:
            _wait_until_it_answers(port)
            with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as reader:
                reader.sendall(HALF_A_REQUEST)
                # Nobody tells when a request is in hand; it is within a moment.
                sleep(0.5)
                os.killpg(shop.pid, signal.SIGINT)
                sleep(0.5)
                reader.sendall(THE_OTHER_HALF)
                answer = reader.recv(100)

            assert answer.startswith(b"HTTP/1.1 404 ")
            assert shop.wait(IN_ORDER_SECONDS) == 0
        finally:
            with suppress(ProcessLookupError):
                os.killpg(shop.pid, signal.SIGKILL)


def _wait_until_it_answers(port: int) -> None:
    began = monotonic()
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE_SECONDS):
                return
        except URLError:
            assert monotonic() - began < PATIENCE_SECONDS
            sleep(0.05)
