"""Promises about the worker: hints and due rows run, sweeps take turns, an end is graceful."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from store.clock import SystemClock
from store.database import db
from store.jobs.hints import install_hints
from store.jobs.huey_queue import HueyQueue
from store.jobs.leases import living_workers
from store.jobs.queue import Queue, SilentQueue
from store.jobs.sweeps import Sweep
from store.jobs.worker import LOOK_SECONDS, Worker
from tests.jobs.work import Press, PrintPage, a_job, the_row

CLOCK = SystemClock()


@contextmanager
def working(worker: Worker) -> Iterator[Worker]:
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join()


def until(happened: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.02)
    return happened()


def a_worker(app: Flask, press: Press, queue: Queue | None = None, *sweeps: Sweep) -> Worker:
    return Worker(app, queue or SilentQueue(), CLOCK, press.handlers(), sweeps)


def test_hinted_job_runs_at_once(app: Flask, tmp_path: Path) -> None:
    queue, press = HueyQueue(f"sqlite:///{tmp_path / 'queue.sqlite'}"), Press()
    install_hints(db.engine, queue)

    with working(a_worker(app, press, queue)):
        assert until(lambda: living_workers_in(app) == 1)
        started = time.monotonic()
        for page in range(10):
            row_id = a_job(CLOCK, page)
            assert until(lambda: press.printed[-1:] == [page])  # noqa: B023 - asked at once
        taken = time.monotonic() - started

    # Without hints each would have to wait for the look that comes after the one before it.
    assert taken < 5 * LOOK_SECONDS
    assert the_row(row_id).done_at is not None
    queue.close()


def test_job_whose_hint_was_lost_is_found(app: Flask) -> None:
    press = Press()
    a_job(CLOCK, page=6)

    with working(a_worker(app, press)):
        assert until(lambda: press.printed == [6])


def test_two_workers_share_the_work(app: Flask) -> None:
    press = Press()
    for page in range(10):
        a_job(CLOCK, page)
    db.session.rollback()

    with working(a_worker(app, press)), working(a_worker(app, press)):
        assert until(lambda: len(press.printed) >= 10)
        time.sleep(0.2)

    assert sorted(press.printed) == list(range(10))


def test_stopping_worker_finishes_the_job_that_it_is_in(app: Flask) -> None:
    row_id, begun = a_job(CLOCK), threading.Event()

    def slow(payload: Mapping[str, Any]) -> None:
        begun.set()
        time.sleep(0.5)

    db.session.rollback()
    worker = Worker(app, SilentQueue(), CLOCK, {PrintPage.kind: slow})
    with working(worker):
        assert begun.wait(10)

    assert the_row(row_id).done_at is not None
    assert living_workers(CLOCK) == 0


def test_sweeps_of_two_workers_run_once(app: Flask) -> None:
    runs: list[str] = []
    sweep = Sweep("tidy", timedelta(hours=1), lambda: runs.append("run"))

    with working(a_worker(app, Press(), None, sweep)), working(a_worker(app, Press(), None, sweep)):
        assert until(lambda: bool(runs))
        time.sleep(0.3)

    assert runs == ["run"]


def test_worker_outlives_a_queue_that_is_away(app: Flask) -> None:
    press, queue = Press(), HueyQueue("redis://127.0.0.1:1/0")
    a_job(CLOCK, page=8)
    db.session.rollback()

    with working(a_worker(app, press, queue)):
        assert until(lambda: press.printed == [8])


def test_due_rows_run_here_and_now_when_asked(app: Flask) -> None:
    press = Press()
    for page in (1, 2):
        a_job(CLOCK, page)
    db.session.rollback()

    assert a_worker(app, press).run_due() == 2
    assert press.printed == [1, 2]


def living_workers_in(app: Flask) -> int:
    with app.app_context():
        return living_workers(CLOCK)
