"""Writes what happened down for every endpoint that wishes to know, in the same transaction."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import select

from store.clock import Clock
from store.connections.models import Delivery, Endpoint, Kind
from store.database import db
from store.jobs.outbox import enqueue
from store.jobs.queue import Job


@dataclass(frozen=True, slots=True)
class Deliver(Job):
    """Send one message; the turn says which try this is."""

    kind: ClassVar[str] = "connections.deliver"

    delivery_id: int
    turn: int


def announce(kind: Kind, about: str, facts: Mapping[str, Any], clock: Clock) -> int:
    """Tell every endpoint that chose this kind; return how many. Flushes only.

    Facts are plain JSON and carry nothing of whoever bought: no name, no address, no e-mail.
    """
    listening = listeners(kind)
    for endpoint in listening:
        announce_to(endpoint, kind, about, facts, clock)
    return len(listening)


def announce_to(
    endpoint: Endpoint, kind: Kind, about: str, facts: Mapping[str, Any], clock: Clock
) -> Delivery:
    """Write one message down for one endpoint."""
    now = clock.now()
    delivery = Delivery(
        endpoint_id=endpoint.id,
        message_id=f"msg_{secrets.token_urlsafe(18)}",
        kind=kind,
        about=about[:120],
        body=_body(kind, now, facts),
        created_at=now,
        next_at=now,
    )
    db.session.add(delivery)
    db.session.flush()
    enqueue(Deliver(delivery.id, 0), clock)
    return delivery


def send_later(delivery: Delivery, clock: Clock, delay: timedelta = timedelta()) -> None:
    """Have a message sent after this time; its turn tells it from tries before. Flushes only."""
    delivery.next_at = clock.now() + delay
    enqueue(Deliver(delivery.id, delivery.turn), clock, delay=delay)


def listeners(kind: Kind) -> Sequence[Endpoint]:
    """Return the endpoints that are told of this."""
    # A shop has a handful of them; a list in a column needs no index.
    alive = db.session.scalars(
        select(Endpoint).where(Endpoint.ended_at.is_(None)).order_by(Endpoint.id)
    )
    return [endpoint for endpoint in alive if kind in endpoint.kinds]


def _body(kind: Kind, now: datetime, facts: Mapping[str, Any]) -> str:
    told = {"type": kind, "timestamp": _as_text(now), "data": facts}
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def _as_text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
