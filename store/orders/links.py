"""The signed link that opens one order: no account, nothing to guess, and it can be revoked."""

from base64 import urlsafe_b64encode
from functools import partial

from sqlalchemy import select

from store.database import db
from store.errors import NotFoundError
from store.keyed import is_signed, keyed
from store.orders.models import Order
from store.settings import Settings

KEY_BYTES = 18
"""144 bits: nobody guesses them, and the link still fits on a line of a mail."""


def order_url(order: Order, settings: Settings) -> str:
    """Return the absolute link for mails: always at the configured origin, whatever was asked."""
    return f"{settings.public_url}{order_path(order, settings)}"


def receipt_url(order: Order, settings: Settings) -> str:
    """Return where its receipt or tax invoice can be printed."""
    key = order_key(order, settings)
    return f"{settings.public_url}/orders/{order.number}/receipt?key={key}"


def missing_url(order: Order, settings: Settings) -> str:
    """Return where its reader chooses what happens with what is gone."""
    key = order_key(order, settings)
    return f"{settings.public_url}/orders/{order.number}/missing?key={key}"


def cancellation_url(order: Order, settings: Settings) -> str:
    """Return where its reader may call it off."""
    key = order_key(order, settings)
    return f"{settings.public_url}/orders/{order.number}/cancellation?key={key}"


def desk_url(order: Order, settings: Settings) -> str:
    """Return where staff look after the order; it asks for a sign-in."""
    return f"{settings.public_url}/staff/orders/{order.number}"


def order_path(order: Order, settings: Settings) -> str:
    return f"/orders/{order.number}?key={order_key(order, settings)}"


def order_key(order: Order, settings: Settings) -> str:
    signed = keyed(settings, "order link", f"{order.number}:{order.secret}")
    return urlsafe_b64encode(signed[:KEY_BYTES]).decode()


def order_behind(number: str, key: str, settings: Settings) -> Order:
    """Return the order that this link opens; no order and a wrong key are the same 404."""
    order = db.session.scalar(select(Order).where(Order.number == number))
    # A key is reckoned for a missing order too, so that both answers take the same time.
    made = partial(order_key, order or Order(number=number, secret=""))  # nosec B106 # empty: of nobody
    if not is_signed(key, made, settings) or order is None:
        raise NotFoundError("no order opens with this key")
    return order
