"""Whether an address lies where the price leads that was paid: countries are not all there is."""

from collections.abc import Mapping

from store.orders.models import Order
from store.orders.presenting import shipping_before
from store.pricing.elsewhere import objection
from store.pricing.places import Place


def objection_to_address(order: Order, address: Mapping[str, str]) -> str:
    """Say in plain words why the order's price does not lead to this address, or nothing.

    Countries that were not paid for at all are told apart by the order's own list of them.
    """
    country = address.get("country", "")
    if country != order.destination:
        return ""
    return objection(
        order.areas,
        Place(order.destination, order.region, order.postcode),
        Place.of(country, address.get("state", ""), address.get("postal_code", "")),
        way=order.shipping_name,
        paid=shipping_before(order),
    )
