"""Promises: nothing goes on serving after the process above it was killed."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from store.cli.ending import end_with_parent

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
