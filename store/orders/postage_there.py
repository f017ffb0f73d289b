"""What sending an order somewhere else in its country costs more, or less, than was paid."""

from collections.abc import Mapping

from store.money import Money
from store.orders.models import Order, OrderState
from store.orders.presenting import shipping_before
from store.orders.readdressing import destination_of
from store.orders.refund_plans import live_refunds, shipping_left
from store.pricing.elsewhere import price_at
from store.pricing.places import Place


def postage_to(order: Order, address: Mapping[str, str]) -> Money | None:
    """Return what it cost to send it there on the day of the order; None where that is one price.

    Another country is no part of this one: what was paid leads there or not.
    """
    country = address.get("country", "")
    if country != order.destination or order.is_picked_up:
        return None
    to = Place.of(country, address.get("state", ""), address.get("postal_code", ""))
    minor = price_at(order.areas, to, order.shipping_name)
    return None if minor is None else Money(minor, order.currency)


def dearer_by(order: Order, address: Mapping[str, str]) -> Money | None:
    """Return how much more it costs to send it there than was paid; None where it does not."""
    there = postage_to(order, address)
    paid = shipping_before(order)
    return there - paid if there is not None and there > paid else None


def paid_too_much(order: Order) -> Money | None:
    """Return what of the postage its reader might be given back, as it goes now; None for nothing.

    Whoever gave money back since it goes there has seen to that.
    """
    there = postage_to(order, destination_of(order).address)
    if order.state != OrderState.PAID or there is None:
        return None
    since = order.readdressings[-1].at if order.readdressings else order.placed_at
    if any(refund.at >= since for refund in live_refunds(order)):
        return None
    over = shipping_left(order) - there.minor
    # What went free, or for less, was never paid.
    was = shipping_before(order)
    return Money(over, order.currency) if over > 0 and there < was else None
