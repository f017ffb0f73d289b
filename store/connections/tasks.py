"""The connections' jobs and sweeps: ids in, verb calls out."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from store.clock import Clock
from store.connections.announcing import Deliver
from store.connections.models import Attempt, Delivery, DeliveryState
from store.connections.remembering import forget_answers
from store.connections.sending import deliver
from store.database import db, writing
from store.jobs.queue import Handler
from store.jobs.sweeps import Sweep
from store.services import Services

KEPT = timedelta(days=30)
AT_ONCE = 500


def handlers(services: Services) -> dict[str, Handler]:
    def send(payload: Mapping[str, Any]) -> None:
        deliver(int(payload["delivery_id"]), int(payload["turn"]), services)

    return {Deliver.kind: send}


def sweeps(services: Services) -> tuple[Sweep, ...]:
    def forget() -> None:
        forget_answers(services.clock)
        while forget_deliveries(services.clock):
            pass

    return (Sweep("connections.forget", timedelta(hours=6), forget),)


def forget_deliveries(clock: Clock) -> int:
    """Delete what was told long ago, some at a time; return how many that were."""
    with writing():
        old = db.session.scalars(
            select(Delivery.id)
            .where(
                Delivery.created_at < clock.now() - KEPT, Delivery.state != DeliveryState.WAITING
            )
            .limit(AT_ONCE)
        ).all()
        if old:
            db.session.execute(delete(Attempt).where(Attempt.delivery_id.in_(old)))
            db.session.execute(delete(Delivery).where(Delivery.id.in_(old)))
    return len(old)
