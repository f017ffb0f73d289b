"""Whether a file may be fetched as things stand, and if not, why."""

from datetime import datetime
from enum import StrEnum

from store.orders.downloads.models import Download
from store.orders.models import Order, OrderState
from store.orders.refund_plans import units_left


class Standing(StrEnum):
    OPEN = "open"
    NOT_PAID = "not_paid"
    GIVEN_BACK = "given_back"
    """Its money went back, or is on its way."""
    EXPIRED = "expired"
    USED_UP = "used_up"


def standing_of(order: Order, download: Download, now: datetime) -> Standing:
    """Return how a download of this order stands at this moment."""
    if order.state == OrderState.REFUNDED or units_left(order, download.line) < 1:
        return Standing.GIVEN_BACK
    if order.state != OrderState.PAID:
        return Standing.NOT_PAID
    if download.expires_at <= now:
        return Standing.EXPIRED
    return Standing.OPEN if download.used < download.allowed else Standing.USED_UP
