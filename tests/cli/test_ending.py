"""Promises: nothing goes on serving after the process above it was killed."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from store.cli.ending import end_with_parent

ABOVE = "from tests.cli.test_ending import above; above({deaf_to})"


@pytest.mark.parametrize("deaf_to", [0, 1, 1_000])
def test_a_process_ends_with_its_parent_though_it_hears_late_or_never(deaf_to: int) -> None:
    # The child holds the pipe as well, so it ends with the last of both.
    parent = subprocess.Popen(
        [sys.executable, "-c", ABOVE.format(deaf_to=deaf_to)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        bufsize=0,
    )
    assert parent.stdout
    assert parent.stdout.readline() == b"serving\n"
    parent.kill()
    last_words, _ = parent.communicate(timeout=20)
    assert last_words == (b"" if deaf_to > 3 else b"heard\n")


def above(deaf_to: int) -> None:
    context = multiprocessing.get_context("spawn")
    context.Process(target=_serve, args=(deaf_to,)).start()
    threading.Event().wait()


def _serve(deaf_to: int) -> None:
    heard = []
    ended = threading.Event()

    def end(_number: int, _frame: object) -> None:
        heard.append(1)
        if len(heard) > deaf_to:
            ended.set()

    signal.signal(signal.SIGTERM, end)
    end_with_parent(farewell_seconds=3)
    os.write(1, b"serving\n")
    ended.wait()
    os.write(1, b"heard\n")
