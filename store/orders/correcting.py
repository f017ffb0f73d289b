"""Corrects who carries a parcel that has left, and under which number."""

from dataclasses import dataclass

from sqlalchemy import update

from store.database import db
from store.errors import ConflictError, NotFoundError
from store.orders.carriers import guess
from store.orders.lifecycle import note
from store.orders.models import Fulfilment, Order
from store.orders.search_index import index_order
from store.orders.shipping import LONGEST_CARRIER, LONGEST_TRACKING
from store.services import Services


class CorrectedSinceError(ConflictError):
    """Somebody corrected it meanwhile; whoever is second looks again."""


class NoSuchParcelError(NotFoundError):
    """The order has no parcel of this id."""


@dataclass(frozen=True, slots=True)
class Tracking:
    """Who carries a parcel, and its number there; either may be empty."""

    carrier: str
    number: str

    @classmethod
    def of(cls, parcel: Fulfilment) -> "Tracking":
        return cls(parcel.carrier, parcel.tracking_number)

    def told(self, *, to: str, home: str) -> "Tracking":
        """Return it with the carrier that the number names where nobody said one."""
        known = self.carrier or (guess(self.number, to=to, home=home) or "")
        return Tracking(known[:LONGEST_CARRIER], self.number[:LONGEST_TRACKING])


def parcel_of(order: Order, parcel_id: int) -> Fulfilment:
    """Return a parcel of this order; raises NoSuchParcelError."""
    for parcel in order.fulfilments:
        if parcel.id == parcel_id:
            return parcel
    raise NoSuchParcelError(f"no parcel {parcel_id} of order {order.number}")


def correct_tracking(
    order: Order,
    parcel: Fulfilment,
    tracking: Tracking,
    services: Services,
    *,
    seen: Tracking,
    actor: str,
) -> bool:
    """Give a parcel of a locked order another carrier or number; return whether it has another.

    `seen` is what stood there when somebody looked; raises CorrectedSinceError if it does not.
    """
    to = parcel.sent_to.get("country", "")
    wanted = tracking.told(to=to, home=services.settings.country)
    moved = db.session.scalar(
        update(Fulfilment)
        .where(
            Fulfilment.id == parcel.id,
            Fulfilment.carrier == seen.carrier,
            Fulfilment.tracking_number == seen.number,
        )
        .values(carrier=wanted.carrier, tracking_number=wanted.number)
        .returning(Fulfilment.id)
    )
    if moved is None:
        raise CorrectedSinceError(f"parcel {parcel.id} was corrected meanwhile")
    if wanted == seen:
        return False
    note(order, "tracking_corrected", services.clock, actor=actor[:80], parcel=parcel.id)
    index_order(order)
    return True
