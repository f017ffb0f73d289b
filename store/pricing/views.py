"""What every page may say of shipping: the rates as they are, and from where on it is free."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from store.catalog.delivery import Delivery
from store.money import Money
from store.pricing.shipping import ShippingGroup, delivery_within, group_of, groups
from store.web.doors import services
from store.web.fragments import shared_answer

blueprint = Blueprint("pricing", __name__)


@blueprint.app_context_processor
def postage() -> dict[str, Callable[[], Any]]:
    """Give templates two questions; the database is asked only when one is put."""
    return {"shipping_groups": _groups, "free_shipping_over": _free_shipping_over}


def home_delivery() -> Delivery | None:
    """Return what sending within the shop's own country costs, for whoever prints it of goods."""
    return delivery_within(services().settings.country, _groups())


def _groups() -> tuple[ShippingGroup, ...]:
    """Return the rates as every page tells them; the cart and the checkout ask anew."""
    return shared_answer("shipping_groups", lambda: groups(services().settings))


def _free_shipping_over() -> Money | None:
    """Return the value of goods from which sending within the shop's own country is free."""
    home = group_of(services().settings.country, _groups())
    return home.rates[0].free_over if home else None
