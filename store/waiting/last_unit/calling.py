"""Keeps the queue moving: who missed her turn is passed, who is called is told, what ended too.

The unit itself is kept from the moment it is free; only the telling waits for a sweep, and a
reader's minutes begin when she is told.
"""

from datetime import timedelta

from sqlalchemy import select

from store.database import db, writing
from store.inventory import stock
from store.inventory.models import QueuePlace, QueueState
from store.inventory.queue import waited_for
from store.inventory.queueing import forget_ended, overdue, pass_on
from store.mail.sending import forget_mails_of
from store.services import Services
from store.waiting.last_unit.messages import KINDS, mail_sold, mail_turn
from store.waiting.last_unit.models import QueueReader

AT_ONCE = 100
MAILS_KEPT = timedelta(days=7)
"""Long enough for a mail server that is away."""


def keep_moving(services: Services) -> None:
    """Do all that is due; opens a transaction for each place, and may be repeated."""
    for place_id in overdue(services.clock):
        with writing():
            if pass_on(place_id, services.clock):
                _forget_address(place_id)
    _repair()
    for place_id in _untold(QueueState.CALLED):
        with writing():
            _tell_turn(place_id, services)
    for place_id in _untold(QueueState.SOLD):
        with writing():
            _tell_sold(place_id, services)


def forget_old(services: Services) -> None:
    """Forget places that ended, and the mails about them; opens its own scope."""
    with writing():
        forget_ended(services.clock)
        for kind in KINDS:
            forget_mails_of(kind, before=services.clock.now() - MAILS_KEPT)


def _repair() -> None:
    """Call whoever waits for what became free on a way that knows no queue."""
    for variant_id in waited_for():
        with writing():
            stock.call_waiting([variant_id])


def _untold(state: QueueState) -> list[int]:
    untold = QueuePlace.ended_at if state is QueueState.SOLD else QueuePlace.claim_until
    places = select(QueuePlace.id).where(QueuePlace.state == state, untold.is_(None))
    found = list(db.session.scalars(places.order_by(QueuePlace.id).limit(AT_ONCE)))
    db.session.rollback()
    return found


def _tell_turn(place_id: int, services: Services) -> None:
    place = _locked(place_id)
    if place is None or place.state != QueueState.CALLED or place.claim_until is not None:
        return
    minutes = timedelta(minutes=services.settings.queue_claim_minutes)
    until = place.claim_until = services.clock.now() + minutes
    reader = db.session.get(QueueReader, place_id)
    if reader is not None and reader.email:
        mail_turn(reader, until, services)


def _tell_sold(place_id: int, services: Services) -> None:
    place = _locked(place_id)
    if place is None or place.state != QueueState.SOLD or place.ended_at is not None:
        return
    place.ended_at = services.clock.now()
    reader = db.session.get(QueueReader, place_id)
    if reader is not None and reader.email:
        mail_sold(reader, services)
    _forget_address(place_id)


def _locked(place_id: int) -> QueuePlace | None:
    """Return the place as it stands, its level locked first as everybody does."""
    variant_id = db.session.scalar(select(QueuePlace.variant_id).where(QueuePlace.id == place_id))
    if variant_id is None:
        return None
    stock.lock(variant_id)
    return db.session.get(QueuePlace, place_id, populate_existing=True)


def _forget_address(place_id: int) -> None:
    reader = db.session.get(QueueReader, place_id)
    if reader is not None:
        reader.email, reader.email_hash = "", None
