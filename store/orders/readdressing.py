"""Where an order goes now: what was given on the pay page, or what staff put in its place since.

The order's own snapshot never changes: each edit is a row of its own, the newest counts, and a
parcel keeps what stood on its label.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from store.database import db
from store.errors import ConflictError, InvalidError
from store.orders.lifecycle import note
from store.orders.models import Order, OrderState, Readdressing
from store.orders.search_index import index_order
from store.services import Services

PARTS = ("line1", "line2", "city", "state", "postal_code", "country")
EDITABLE = frozenset({OrderState.PAID, OrderState.PARKED, OrderState.AWAITING})


class NothingLeftToSendError(ConflictError):
    """Every parcel has left, or none will: an address would change nothing."""


class ReaddressedSinceError(ConflictError):
    """Somebody else gave the order another address in the meantime."""


class OutsideError(InvalidError):
    """The shipping that was paid for does not lead to this country."""

    def __init__(self, country: str, countries: list[str]) -> None:
        super().__init__(f"{country} is not one of {', '.join(countries)}")
        self.country = country


@dataclass(frozen=True, slots=True)
class Destination:
    """Whose parcel it is and where it goes; version tells edits apart, 0 is the snapshot."""

    name: str
    phone: str
    address: Mapping[str, str]
    version: int = 0

    def label(self) -> dict[str, str]:
        """Return what a parcel keeps of it."""
        return {"name": self.name, **self.address}


def destination_of(order: Order) -> Destination:
    """Return where the order goes as things stand."""
    if not order.readdressings:
        return Destination(order.name, order.phone, dict(order.address))
    newest = order.readdressings[-1]
    return Destination(newest.name, newest.phone, dict(newest.address), newest.id)


def can_be_readdressed(order: Order) -> bool:
    is_sent = order.state in EDITABLE and not order.is_picked_up
    return is_sent and any(line.left_to_ship for line in order.lines)


def readdress(
    order: Order, to: Destination, services: Services, *, actor: str
) -> tuple[Destination, Destination]:
    """Send what is left of a locked order elsewhere; return where it went before and goes now.

    Raises NothingLeftToSendError, ReaddressedSinceError where `to` was not decided on what stands
    now, OutsideError. Flushes only.
    """
    before = destination_of(order)
    if not can_be_readdressed(order):
        raise NothingLeftToSendError(f"nothing of {order.number} waits for a parcel")
    if to.version != before.version:
        raise ReaddressedSinceError(f"{order.number} has another address by now")
    country = to.address.get("country", "")
    if order.countries and country not in order.countries:
        raise OutsideError(country, order.countries)
    kept = {part: line for part in PARTS if (line := to.address.get(part, ""))}
    if (to.name, to.phone, kept) == (before.name, before.phone, dict(before.address)):
        return before, before
    _write(order, Destination(to.name, to.phone, kept), services, actor)
    return before, destination_of(order)


def one_line(typed: str) -> str:
    """Return what somebody typed as one line that every label can print."""
    spaced = (" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in typed)
    return " ".join("".join(spaced).split())


def _write(order: Order, to: Destination, services: Services, actor: str) -> None:
    order.readdressings.append(
        Readdressing(
            order_id=order.id,
            name=to.name,
            phone=to.phone,
            address=dict(to.address),
            actor=actor,
            at=services.clock.now(),
        )
    )
    db.session.flush()
    note(order, "readdressed", services.clock, actor=actor[:80])
    index_order(order)
