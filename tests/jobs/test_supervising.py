"""Promises about the worker beside the web processes: it lives, returns, and ends with them."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from store.cli.supervising import Supervised

# Writes a line when it begins and one when its standard input ends.
CHILD = """
import os, sys
notes = open(sys.argv[1], "a", buffering=1)
notes.write(f"began {os.getpid()}\\n")
if sys.argv[2:] == ["dies"]:
    os._exit(3)
sys.stdin.read()
notes.write("ended\\n")
"""


def a_child(notes: Path, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-c", CHILD, str(notes), *arguments)


def lines(notes: Path) -> list[str]:
    return notes.read_text().splitlines() if notes.exists() else []


def until(happened: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.02)
    return happened()


def test_child_is_told_to_stop_and_ends_itself(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    supervised = Supervised(a_child(notes))
    supervised.start()
    assert until(lambda: len(lines(notes)) == 1)

    supervised.stop()

    assert lines(notes)[1:] == ["ended"]


def test_child_that_dies_comes_back_after_a_pause(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    supervised = Supervised(a_child(notes, "dies"))
    started = time.monotonic()
    supervised.start()

    assert until(lambda: len(lines(notes)) == 2)

    assert time.monotonic() - started >= 1
    supervised.stop()
    began = len(lines(notes))
    time.sleep(0.3)
    assert len(lines(notes)) == began


def test_child_is_renewed_when_code_changed(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    supervised = Supervised(a_child(notes))
    supervised.start()
    assert until(lambda: len(lines(notes)) == 1)

    supervised.renew()

    assert until(lambda: len(lines(notes)) == 3)
    assert lines(notes)[1] == "ended"
    supervised.stop()


def test_child_ends_when_its_parent_was_killed(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    program = (
        "import sys, time; from store.cli.supervising import Supervised;"
        "Supervised(tuple(sys.argv[1:])).start(); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, *a_child(notes)])
    assert until(lambda: len(lines(notes)) == 1)

    parent.kill()
    parent.wait()

    assert until(lambda: lines(notes)[1:] == ["ended"])
