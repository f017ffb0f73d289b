"""Promises about hints: after the commit and never before, and never at a reader's cost."""

from dataclasses import dataclass, field

import pytest
from flask import Flask

from store.clock import FixedClock
from store.database import db, writing
from store.jobs.hints import install_hints
from store.jobs.outbox import enqueue, run_row
from store.jobs.queue import QueueAwayError
from tests.jobs.work import Press, PrintPage, a_job, the_row


@dataclass
class Bell:
    """A queue that notes what it is told and whether the row could be seen by then."""

    is_away: bool = False
    rung: list[int] = field(default_factory=list)

    def hint(self, row_id: int) -> None:
        if self.is_away:
            raise QueueAwayError("ConnectionRefusedError")
        self.rung.append(row_id)

    def next_hint(self, timeout_seconds: float) -> int | None:
        return self.rung.pop(0) if self.rung else None

    def close(self) -> None:
        pass


@pytest.fixture
def bell(app: Flask) -> Bell:
    bell = Bell()
    install_hints(db.engine, bell)
    return bell


def test_queue_hears_of_a_job_after_its_commit(bell: Bell, clock: FixedClock) -> None:
    with writing():
        row_id = enqueue(PrintPage(1), clock).id
        assert bell.rung == []

    assert bell.rung == [row_id]


def test_queue_hears_nothing_of_a_rollback(bell: Bell, clock: FixedClock) -> None:
    with pytest.raises(KeyError), writing():
        enqueue(PrintPage(1), clock)
        raise KeyError("changed her mind")
    with writing():
        pass

    assert bell.rung == []


def test_queue_that_is_away_costs_no_commit(bell: Bell, clock: FixedClock) -> None:
    bell.is_away = True

    row_id = a_job(clock)

    assert the_row(row_id).done_at is None
    assert run_row(row_id, Press().handlers(), clock)


def test_each_application_has_its_own_queue(bell: Bell, clock: FixedClock) -> None:
    other = Bell()
    install_hints(db.engine, other)

    a_job(clock)

    assert (len(bell.rung), len(other.rung)) == (0, 1)
