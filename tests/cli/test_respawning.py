"""Promises: a web process that is killed comes back, and does not take the others with it."""

import os
import signal
from pathlib import Path
from time import monotonic, sleep

import pytest

from store.cli import respawning
from store.cli.respawning import MOST_DEATHS, WITHIN_SECONDS, Respawns
from tests.cli.serving import PATIENCE_SECONDS, serving, wait_until_it_answers
from tests.faults.machine import WEB_WORD, children_of, command_of


def test_who_died_twice_at_once_is_no_loop_and_who_goes_on_dying_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr(respawning, "monotonic", lambda: now)
    starts = Respawns()
    for _ in range(MOST_DEATHS - 1):
        starts.clear()
        starts[0] = now
        now += 1
        assert starts.get(0, 0.0) == 0.0

    starts.clear()
    starts[0] = now

    assert starts.get(0, 0.0) == now
    assert starts.get(1, 0.0) == 0.0

    now += WITHIN_SECONDS
    assert starts.get(0, 0.0) == 0.0


def test_the_others_serve_on_while_one_is_killed_again_and_again(tmp_path: Path) -> None:
    with serving(tmp_path, workers=2) as (shop, port):
        before = _two_web_processes(shop.pid)
        for _ in range(2):
            victim = _two_web_processes(shop.pid) - before or {min(before)}
            os.kill(victim.pop(), signal.SIGKILL)
            wait_until_it_answers(port)

        after = _two_web_processes(shop.pid)
        assert shop.poll() is None
        assert len(before & after) == 1


def _two_web_processes(pid: int) -> set[int]:
    """Return them once there are two."""
    began = monotonic()
    while True:
        found = {child for child in children_of(pid) if WEB_WORD in command_of(child)}
        if len(found) == 2:
            return found
        assert monotonic() - began < PATIENCE_SECONDS
        sleep(0.02)
