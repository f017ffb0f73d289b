"""Work that repeats: each sweep runs in one worker at a time, and again when its turn is due."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from store import reporting, tracing
from store.clock import Clock
from store.errors import StoreError
from store.jobs.leases import end_turn, forget_dead_workers, take_lease
from store.jobs.outbox import forget_done_rows

TURN = timedelta(seconds=60)
"""How long a turn is kept from other workers; the running worker prolongs it."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sweep:
    """Something to do every so often; must be safe to run twice, because a worker may die."""

    name: str
    every: timedelta
    run: Callable[[], None]

    @property
    def lease(self) -> str:
        return f"sweep:{self.name}"


def run_sweep(sweep: Sweep, holder: str, clock: Clock) -> bool:
    """Run the sweep if its turn is due and no other worker has it; return whether it ran."""
    started = clock.now()
    if not take_lease(sweep.lease, holder, TURN, clock):
        return False
    try:
        with tracing.span(f"sweep {sweep.name}"):
            sweep.run()
    except StoreError as error:
        # Expected, such as a payment service that is away; the next turn tries again.
        log.warning("sweep_put_off", sweep=sweep.name, error=type(error).__name__)
    except Exception as error:
        # The worker's edge: a fault in one sweep must not end the others.
        log.exception("sweep_failed", sweep=sweep.name, error=type(error).__name__)
        reporting.tell(error, sweep=sweep.name)
    finally:
        end_turn(sweep.lease, holder, started + sweep.every)
    return True


def own_sweeps(clock: Clock) -> tuple[Sweep, ...]:
    """Return what this room tidies up after itself."""

    def tidy() -> None:
        forget_done_rows(clock)
        forget_dead_workers(clock)

    return (Sweep("jobs.tidy", timedelta(hours=6), tidy),)
