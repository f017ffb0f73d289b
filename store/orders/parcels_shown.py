"""What pages and mails show of a parcel: what lies in it, who has it, and where to follow it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.orders.carriers import tracking_page
from store.orders.models import Fulfilment, Order


@dataclass(frozen=True, slots=True)
class ShownParcel:
    """One parcel of an order; page is empty where nobody shows where it is."""

    id: int
    place: int
    """First, second, third to leave."""
    shipped_at: datetime
    carrier: str
    tracking_number: str
    page: str
    delivered_at: datetime | None
    contents: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class MailedParcel:
    """A parcel as mails tell of it: mailboxes are read over shoulders, so in numbers only."""

    carrier: str
    tracking_number: str
    page: str
    units: int
    units_to_come: int


def shown_parcels(order: Order) -> list[ShownParcel]:
    """Return the parcels of an order as they left."""
    return [
        ShownParcel(
            id=parcel.id,
            place=place,
            shipped_at=parcel.shipped_at,
            carrier=parcel.carrier,
            tracking_number=parcel.tracking_number,
            page=page_of(parcel),
            delivered_at=parcel.delivered_at,
            contents=[(part.quantity, part.line.called) for part in parcel.lines],
        )
        for place, parcel in enumerate(order.fulfilments, start=1)
    ]


def mailed_parcel(order: Order, parcel: Fulfilment) -> MailedParcel:
    return MailedParcel(
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        page=page_of(parcel),
        units=sum(part.quantity for part in parcel.lines),
        units_to_come=sum(line.left_to_ship for line in order.lines),
    )


def page_of(parcel: Fulfilment) -> str:
    """Return the carrier's page about a parcel; empty where none is known."""
    to = parcel.sent_to.get("country", "")
    return tracking_page(parcel.tracking_number, parcel.carrier, to=to)
