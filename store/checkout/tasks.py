"""The checkout's jobs and sweeps: ids in, verb calls out."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from store.checkout import sweeping
from store.checkout.inbox import ReplayEvent, run
from store.checkout.reconciling import reconcile_nightly
from store.jobs.queue import Handler
from store.jobs.sweeps import Sweep
from store.services import Services

EVERY: tuple[tuple[str, timedelta, Callable[[Services], None]], ...] = (
    ("checkout.end_holds", timedelta(minutes=1), sweeping.end_holds),
    ("checkout.close_lost_pages", timedelta(minutes=1), sweeping.close_lost_pages),
    ("checkout.replay_inbox", timedelta(minutes=1), sweeping.replay_inbox),
    ("checkout.settle_open", timedelta(minutes=3), sweeping.settle_open),
    ("checkout.fetch_undelivered", timedelta(minutes=5), sweeping.fetch_undelivered),
    ("checkout.finish_refunds", timedelta(minutes=5), sweeping.finish_refunds),
    ("checkout.follow_disputes", timedelta(minutes=30), sweeping.follow_disputes),
    ("checkout.settle_awaiting", timedelta(hours=1), sweeping.settle_awaiting),
    ("checkout.reconcile", timedelta(days=1), reconcile_nightly),
    ("checkout.forget", timedelta(days=1), sweeping.forget),
)


def handlers(services: Services) -> dict[str, Handler]:
    def replay_event(payload: Mapping[str, Any]) -> None:
        run(int(payload["row_id"]), services)

    return {ReplayEvent.kind: replay_event}


def sweeps(services: Services) -> tuple[Sweep, ...]:
    return tuple(Sweep(name, every, _bind(verb, services)) for name, every, verb in EVERY)


def _bind(verb: Callable[[Services], None], services: Services) -> Callable[[], None]:
    return lambda: verb(services)
