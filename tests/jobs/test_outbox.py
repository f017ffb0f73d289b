"""Promises about jobs as rows: there with their cause, run once, tried again, given up."""

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from store.clock import FixedClock
from store.database import db, writing
from store.jobs.models import OutboxRow
from store.jobs.outbox import (
    CLAIM,
    LONGEST_WAIT,
    MAX_ATTEMPTS,
    due_row_ids,
    enqueue,
    forget_done_rows,
    prolong_claims,
    run_row,
)
from tests.jobs.work import Press, PrintPage, a_job, the_row


def test_job_is_run_once(app: Flask, clock: FixedClock) -> None:
    press, row_id = Press(), a_job(clock, page=7)

    assert run_row(row_id, press.handlers(), clock)
    assert not run_row(row_id, press.handlers(), clock)

    assert press.printed == [7]
    assert due_row_ids(clock.now()) == []


def test_job_of_a_cause_that_was_rolled_back_is_not_there(app: Flask, clock: FixedClock) -> None:
    with pytest.raises(KeyError), writing():
        enqueue(PrintPage(1), clock)
        raise KeyError("sold out after all")

    assert db.session.scalar(select(func.count()).select_from(OutboxRow)) == 0


def test_job_for_later_waits_until_then(app: Flask, clock: FixedClock) -> None:
    row_id = a_job(clock, delay=timedelta(hours=1))
    assert due_row_ids(clock.now()) == []

    clock.move_to(clock.now() + timedelta(hours=1))

    assert due_row_ids(clock.now()) == [row_id]


def test_oldest_job_comes_first(app: Flask, clock: FixedClock) -> None:
    later = a_job(clock, delay=timedelta(minutes=2))
    sooner = a_job(clock, delay=timedelta(minutes=1))

    clock.move_to(clock.now() + timedelta(minutes=5))

    assert due_row_ids(clock.now()) == [sooner, later]


def test_job_of_a_dead_worker_runs_again_when_its_claim_has_ended(
    app: Flask, clock: FixedClock
) -> None:
    def die(payload: Mapping[str, Any]) -> None:
        raise SystemExit

    press, row_id = Press(), a_job(clock)
    with pytest.raises(SystemExit):
        run_row(row_id, {PrintPage.kind: die}, clock)

    assert due_row_ids(clock.now() + CLAIM) == []
    clock.move_to(clock.now() + CLAIM + timedelta(seconds=1))
    assert due_row_ids(clock.now()) == [row_id]
    assert run_row(row_id, press.handlers(), clock)
    assert press.printed == [1]


def test_failing_job_is_tried_after_growing_waits_and_given_up(
    app: Flask, clock: FixedClock
) -> None:
    press, row_id, waits = Press(failures=99), a_job(clock), []
    for _ in range(MAX_ATTEMPTS):
        run_row(row_id, press.handlers(), clock)
        row = the_row(row_id)
        waits.append(row.due_at - clock.now())
        clock.move_to(row.due_at)

    assert waits[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert waits == sorted(waits)
    assert max(waits) == LONGEST_WAIT
    assert row.failed_at is not None
    assert "out of paper" in row.error
    assert due_row_ids(clock.now() + timedelta(days=9)) == []


def test_job_that_failed_once_and_ran_then_is_done(app: Flask, clock: FixedClock) -> None:
    press, row_id = Press(failures=1), a_job(clock)
    run_row(row_id, press.handlers(), clock)

    clock.move_to(the_row(row_id).due_at)
    run_row(row_id, press.handlers(), clock)

    row = the_row(row_id)
    assert (row.attempts, row.error, row.done_at) == (2, "", clock.now())


def test_what_a_failing_job_had_changed_is_not_kept(app: Flask, clock: FixedClock) -> None:
    def half(payload: Mapping[str, Any]) -> None:
        with writing():
            enqueue(PrintPage(2), clock)
            raise RuntimeError("the plate broke")

    run_row(a_job(clock), {PrintPage.kind: half}, clock)

    assert db.session.scalar(select(func.count()).select_from(OutboxRow)) == 1


def test_job_that_no_room_knows_is_kept_for_a_newer_worker(app: Flask, clock: FixedClock) -> None:
    row_id = a_job(clock)

    run_row(row_id, {}, clock)

    assert the_row(row_id).done_at is None
    assert "KeyError" in the_row(row_id).error


def test_record_of_a_worker_that_was_overtaken_changes_nothing(
    app: Flask, clock: FixedClock
) -> None:
    press, row_id = Press(), a_job(clock)

    def slow_and_failing(payload: Mapping[str, Any]) -> None:
        clock.move_to(clock.now() + CLAIM + timedelta(seconds=1))
        run_row(row_id, press.handlers(), clock)
        raise RuntimeError("too late")

    run_row(row_id, {PrintPage.kind: slow_and_failing}, clock)

    assert the_row(row_id).done_at == clock.now()
    assert the_row(row_id).error == ""


def test_claim_of_a_long_job_is_prolonged(app: Flask, clock: FixedClock) -> None:
    row_id = a_job(clock)

    def long(payload: Mapping[str, Any]) -> None:
        clock.move_to(clock.now() + CLAIM - timedelta(seconds=1))
        prolong_claims([row_id], clock)
        clock.move_to(clock.now() + CLAIM - timedelta(seconds=1))
        assert due_row_ids(clock.now()) == []

    assert run_row(row_id, {PrintPage.kind: long}, clock)


def test_done_jobs_are_forgotten_and_failed_ones_are_not(app: Flask, clock: FixedClock) -> None:
    done, failed = a_job(clock), a_job(clock)
    run_row(done, Press().handlers(), clock)
    with writing():
        the_failed = db.session.get_one(OutboxRow, failed)
        the_failed.failed_at = clock.now()

    clock.move_to(clock.now() + timedelta(days=15))
    forget_done_rows(clock)

    assert db.session.scalars(select(OutboxRow.id)).all() == [failed]


def test_two_workers_never_run_one_row_at_once(app: Flask, clock: FixedClock) -> None:
    rows = [a_job(clock, page) for page in range(8)]
    press, start = Press(), threading.Barrier(4)
    db.session.rollback()

    def work() -> None:
        start.wait()
        with app.app_context():
            for row in rows:
                run_row(row, press.handlers(), clock)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(press.printed) == list(range(8))
