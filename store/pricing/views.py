"""What every page may say of shipping: the rates as they are, and from where on it is free."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from store.catalog.delivery import Delivery
from store.catalog.listed_prices import LISTED_WITHOUT_TAX, ListedPrice
from store.catalog.models import TaxClass
from store.money import Money
from store.pricing.places import Place
from store.pricing.rates import ShippingGroup
from store.pricing.shipping import delivery_within, free_within, groups
from store.pricing.tax import included, on_top, taxes
from store.web.doors import services
from store.web.fragments import shared_answer

blueprint = Blueprint("pricing", __name__)


@blueprint.app_context_processor
def postage() -> dict[str, Callable[[], Any]]:
    """Give templates two questions; the database is asked only when one is put."""
    return {"shipping_groups": _groups, "free_shipping_over": _free_shipping_over}


def home_delivery() -> Delivery | None:
    """Return what sending within the shop's own country costs, for whoever prints it of goods."""
    country = services().settings.country
    return shared_answer("home_delivery", lambda: delivery_within(country, _groups()))


def listed_price() -> ListedPrice | None:
    """Return how to turn a price into the one that is listed; None where it is the shop's own.

    Where the parts of a country are taxed each in its own way, nobody can say more than the price.
    """
    settings = services().settings
    terms, home = taxes(settings), Place(settings.country)
    wants_tax = settings.country not in LISTED_WITHOUT_TAX
    if wants_tax == terms.how.is_included or terms.regional(settings.country):
        return None

    def price_of(price: Money, tax_class: TaxClass) -> Money:
        rate = terms.rate(home, tax_class)
        if rate is None:
            return price
        return price + on_top(price, rate) if wants_tax else price - included(price, rate)

    return price_of


def _groups() -> tuple[ShippingGroup, ...]:
    """Return the rates as every page tells them; the cart and the checkout ask anew."""
    return shared_answer("shipping_groups", lambda: groups(services().settings))


def _free_shipping_over() -> Money | None:
    """Return the value of goods from which sending within the shop's own country is free."""
    return free_within(services().settings.country, _groups())
