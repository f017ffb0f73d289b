"""Promises about leases: one holder at a time, an end, and a next turn."""

import threading
from datetime import timedelta

from flask import Flask

from store.clock import FixedClock
from store.database import db
from store.jobs.leases import (
    end_life,
    end_turn,
    forget_dead_workers,
    living_workers,
    show_life,
    take_lease,
)
from store.jobs.models import Lease
from store.jobs.sweeps import TURN, Sweep, run_sweep

MINUTE = timedelta(minutes=1)


def test_lease_has_one_holder_until_it_ends(app: Flask, clock: FixedClock) -> None:
    assert take_lease("night", "anna", MINUTE, clock)
    assert not take_lease("night", "ben", MINUTE, clock)

    clock.move_to(clock.now() + MINUTE)

    assert take_lease("night", "ben", MINUTE, clock)
    assert not take_lease("night", "anna", MINUTE, clock)


def test_holder_renews_her_lease(app: Flask, clock: FixedClock) -> None:
    take_lease("night", "anna", MINUTE, clock)
    clock.move_to(clock.now() + MINUTE / 2)

    assert take_lease("night", "anna", MINUTE, clock)

    clock.move_to(clock.now() + MINUTE * 3 / 4)
    assert not take_lease("night", "ben", MINUTE, clock)


def test_one_of_many_takes_a_lease_that_is_new(app: Flask, clock: FixedClock) -> None:
    taken: list[str] = []
    start = threading.Barrier(6)

    def reach(name: str) -> None:
        start.wait()
        with app.app_context():
            if take_lease("night", name, MINUTE, clock):
                taken.append(name)

    threads = [threading.Thread(target=reach, args=(f"worker {i}",)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == 1


def test_sweep_runs_in_its_turn_and_not_before(app: Flask, clock: FixedClock) -> None:
    runs: list[str] = []
    sweep = Sweep("tidy", MINUTE * 5, lambda: runs.append("run"))

    assert run_sweep(sweep, "anna", clock)
    assert not run_sweep(sweep, "anna", clock)
    assert not run_sweep(sweep, "ben", clock)
    clock.move_to(clock.now() + MINUTE * 5)
    assert run_sweep(sweep, "ben", clock)

    assert len(runs) == 2


def test_sweep_that_fails_gets_its_next_turn(app: Flask, clock: FixedClock) -> None:
    def fail() -> None:
        raise RuntimeError("Stripe is away")

    sweep = Sweep("settle", MINUTE, fail)

    assert run_sweep(sweep, "anna", clock)
    clock.move_to(clock.now() + MINUTE)
    assert run_sweep(sweep, "anna", clock)


def test_turn_of_a_dead_worker_passes_on(app: Flask, clock: FixedClock) -> None:
    sweep = Sweep("tidy", timedelta(days=1), lambda: None)
    take_lease(sweep.lease, "the dead", TURN, clock)

    clock.move_to(clock.now() + TURN)

    assert run_sweep(sweep, "ben", clock)


def test_turn_is_given_back_by_its_holder_only(app: Flask, clock: FixedClock) -> None:
    take_lease("night", "anna", MINUTE, clock)

    end_turn("night", "ben", clock.now())

    assert not take_lease("night", "ben", MINUTE, clock)


def test_workers_are_counted_while_they_show_life(app: Flask, clock: FixedClock) -> None:
    show_life("anna", MINUTE, clock)
    show_life("ben", MINUTE * 3, clock)
    assert living_workers(clock) == 2

    clock.move_to(clock.now() + MINUTE * 2)

    assert living_workers(clock) == 1
    end_life("ben")
    assert living_workers(clock) == 0


def test_dead_workers_are_forgotten_after_a_day(app: Flask, clock: FixedClock) -> None:
    show_life("anna", MINUTE, clock)

    clock.move_to(clock.now() + timedelta(days=2))
    forget_dead_workers(clock)

    assert db.session.get(Lease, "worker:anna") is None
