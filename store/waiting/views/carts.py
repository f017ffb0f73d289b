"""The cart of whoever asks: found by its cookie, and begun where a form needs one."""

from dataclasses import dataclass

from flask import Response, request

from store.cart import basket
from store.cart.models import Cart
from store.web.cookies import CART, CART_COUNT
from store.web.doors import services


@dataclass(frozen=True, slots=True)
class OwnCart:
    cart: Cart
    token: str


def own_cart() -> Cart | None:
    doors = services()
    return basket.cart_for(CART.read(request, doors.settings), doors.clock)


def cart_or_new() -> OwnCart:
    """Return this browser's cart; call it in a writing scope, and remember() it in the answer."""
    doors = services()
    token = CART.read(request, doors.settings)
    found = basket.cart_for(token, doors.clock)
    if found is not None:
        found.currency = doors.settings.currency
        basket.touch(found, doors.clock)
        return OwnCart(found, token)
    fresh = basket.new_token()
    return OwnCart(basket.begin(fresh, doors.settings, doors.clock), fresh)


def remember(response: Response, token: str, units: int) -> Response:
    """Give the browser its cart: cookies are set by posts only."""
    settings = services().settings
    CART.give(response, token, settings)
    CART_COUNT.give(response, str(units), settings)
    return response
