"""Promises: nothing serves on after the process above it was killed, and Ctrl-C cuts nobody off."""

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from time import sleep

from store.cli.ending import end_with_parent
from tests.cli.serving import PATIENCE_SECONDS, serving

IN_ORDER_SECONDS = 20
"""Less than the half minute after which a process that stands still is killed."""
HALF_A_REQUEST = (
    b"POST /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 4\r\n\r\nx="
)
THE_OTHER_HALF = b"yz"
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


def test_what_is_in_hand_is_answered_after_ctrl_c(tmp_path: Path) -> None:
    with (
        serving(tmp_path, workers=1) as (shop, port),
        socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as reader,
    ):
        reader.sendall(HALF_A_REQUEST)
        # Nobody tells when a request is in hand; it is within a moment.
        sleep(0.5)
        # A terminal tells the whole group.
        os.killpg(shop.pid, signal.SIGINT)
        sleep(0.5)
        reader.sendall(THE_OTHER_HALF)

        assert reader.recv(100).startswith(b"HTTP/1.1 404 ")
        assert shop.wait(IN_ORDER_SECONDS) == 0


def test_no_thread_of_a_web_process_hears_ctrl_c(tmp_path: Path) -> None:
    with serving(tmp_path, workers=1) as (shop, _):
        # One that hears it hears it for all, and whether that harms is a matter of luck.
        masks = {thread.name: blocked_in(thread) for thread in threads_below(shop.pid)}

    # The process itself, what works beside its requests, and those that answer them.
    assert len(masks) > 3
    assert {name for name, mask in masks.items() if not mask >> (signal.SIGINT - 1) & 1} == set()


def threads_below(pid: int) -> list[Path]:
    """Return the threads of the web processes that one above them has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [
        thread
        for child in children
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
        for thread in Path(f"/proc/{child}/task").iterdir()
    ]


def blocked_in(thread: Path) -> int:
    """Return the signals that a thread does not hear, a bit each from SIGHUP up."""
    lines = (thread / "status").read_text().splitlines()
    return next(int(line.split()[1], 16) for line in lines if line.startswith("SigBlk:"))
