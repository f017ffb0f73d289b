"""Sends a reader a mail once more: it went astray, or she asks for it."""

from datetime import timedelta

from store.errors import ConflictError, NotFoundError
from store.orders.lifecycle import note
from store.orders.messages import mail_confirmation, mail_shipped
from store.orders.models import Fulfilment, Order
from store.services import Services

MAILED_AGAIN = "mailed_again"
CONFIRMED = "confirmed"
PAUSE = timedelta(minutes=1)
"""A second click is no second wish."""


class MailedJustNowError(ConflictError):
    """The same mail was sent again moments ago."""


class NothingToMailError(ConflictError):
    """The order is not paid, so that nothing was ever confirmed."""


def mail_again(order: Order, what: str, services: Services, *, actor: str) -> None:
    """Write the confirmation, or the mail of the parcel whose id is given, once more; flushes only.

    Raises NothingToMailError, MailedJustNowError, NotFoundError for a parcel of another order.
    """
    if not was_confirmed(order):
        raise NothingToMailError(f"order {order.number} was never confirmed")
    before = [e for e in order.events if e.kind == MAILED_AGAIN and e.detail.get("what") == what]
    if before and services.clock.now() - before[-1].at < PAUSE:
        raise MailedJustNowError(f"{what} was mailed again a moment ago")
    again = f":again:{len(before) + 1}"
    if what == CONFIRMED:
        mail_confirmation(order, services, again=again)
    else:
        mail_shipped(order, _parcel(order, what), services, again=again)
    note(order, MAILED_AGAIN, services.clock, actor=actor[:80], what=what)


def was_confirmed(order: Order) -> bool:
    return any(event.kind in {"paid", "accepted"} for event in order.events)


def _parcel(order: Order, what: str) -> Fulfilment:
    for parcel in order.fulfilments:
        if str(parcel.id) == what:
            return parcel
    raise NotFoundError(f"no parcel {what} of order {order.number}")
