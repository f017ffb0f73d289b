"""Sends parcels from the desk: one or many, each with its trace and the mail to its reader."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from store.database import db, writing
from store.errors import ConflictError, StoreError
from store.orders.correcting import Tracking, correct_tracking, parcel_of
from store.orders.delivering import delivered
from store.orders.later_messages import mail_tracking_corrected
from store.orders.messages import mail_shipped
from store.orders.models import Fulfilment, Order
from store.orders.queries import locked_order
from store.orders.shipping import Parcel, ship_parcel
from store.services import Services
from store.staff.audit import Actor, Thing, record

LATEST = 100
"""Parcels among which the carriers of these days are looked for."""


class ShippedSinceError(ConflictError):
    """Another parcel left since whoever ships this one has looked."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One parcel of many."""

    order_id: int
    number: str
    parcel: Parcel


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: units that left, or what spoke against it."""

    number: str
    tracking: str
    units: int = 0
    refusal: StoreError | None = None


def thing_of(order: Order) -> Thing:
    return Thing("order", order.number, order.number)


def units_shipped(order: Order) -> int:
    """Return how many units have left; a form that was shown before says another number."""
    return sum(line.shipped for line in order.lines)


def send(
    order: Order,
    parcel: Parcel,
    services: Services,
    *,
    actor: Actor,
    mails: bool,
    seen: int | None = None,
) -> Fulfilment:
    """Send a parcel of a locked order; raises ShippedSinceError and what ship_parcel raises."""
    before = units_shipped(order)
    if seen is not None and seen != before:
        raise ShippedSinceError(f"{before} units have left by now, and not {seen}")
    sent = ship_parcel(order, parcel, services, actor=actor.name[:80])
    # Whoever picks it up has it in her hands.
    if mails and not order.is_picked_up:
        mail_shipped(order, sent, services)
    units = sum(line.quantity for line in sent.lines)
    record(
        actor,
        "order.shipped",
        thing_of(order),
        clock=services.clock,
        before={"shipped": before},
        after={
            "shipped": before + units,
            "carrier": sent.carrier,
            "tracking": sent.tracking_number,
        },
    )
    return sent


def arrive(order: Order, parcel_id: int, services: Services, *, actor: Actor) -> bool:
    """Note that a parcel of a locked order has arrived; return whether that was news."""
    parcel = parcel_of(order, parcel_id)
    is_news = delivered(order, parcel, services, actor=actor.name)
    if is_news:
        after = {"tracking": parcel.tracking_number, "carrier": parcel.carrier}
        record(actor, "order.delivered", thing_of(order), clock=services.clock, after=after)
    return is_news


def correct(
    order: Order,
    parcel_id: int,
    tracking: Tracking,
    services: Services,
    *,
    seen: Tracking,
    actor: Actor,
    mails: bool,
) -> bool:
    """Correct the number of a parcel of a locked order; return whether it has another now.

    Raises CorrectedSinceError.
    """
    parcel = parcel_of(order, parcel_id)
    if not correct_tracking(order, parcel, tracking, services, seen=seen, actor=actor.name):
        return False
    db.session.refresh(parcel)
    entry = record(
        actor,
        "order.tracking_corrected",
        thing_of(order),
        clock=services.clock,
        before={"carrier": seen.carrier, "tracking": seen.number},
        after={"carrier": parcel.carrier, "tracking": parcel.tracking_number},
    )
    if mails and entry is not None:
        mail_tracking_corrected(order, parcel, services, turn=entry.id)
    return True


def send_all(
    wanted: Iterable[Wanted], services: Services, *, actor: Actor, mails: bool
) -> list[Outcome]:
    """Send everything that is left of many orders, each for itself; opens its own transactions."""
    return [_sent(one, services, actor, mails=mails) for one in wanted]


def recent_carriers() -> list[str]:
    """Return who carried the latest parcels, the last one first."""
    carriers = db.session.scalars(
        select(Fulfilment.carrier).order_by(Fulfilment.id.desc()).limit(LATEST)
    )
    return [carrier for carrier in dict.fromkeys(carriers) if carrier]


def _sent(one: Wanted, services: Services, actor: Actor, *, mails: bool) -> Outcome:
    tracking = one.parcel.tracking_number
    try:
        with writing():
            order = locked_order(one.order_id)
            sent = send(order, one.parcel, services, actor=actor, mails=mails)
            units = sum(line.quantity for line in sent.lines)
    except StoreError as refusal:
        return Outcome(one.number, tracking, refusal=refusal)
    return Outcome(one.number, tracking, units=units)
