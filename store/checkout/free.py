"""Takes an order that leaves nothing to pay: without a pay page the shop asks where it goes."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from store.cart.models import Cart
from store.checkout.drafting import CartNotReadyError, draft_of
from store.checkout.paying import TRIES, PayPageUnknownError, close
from store.checkout.settling import take_for_nothing
from store.database import db, writing
from store.errors import InvalidError
from store.orders.models import Order
from store.orders.placing import place_order
from store.orders.queries import open_order_of
from store.orders.regions import objection_to_address
from store.payments.gateway import Recipient
from store.services import Services

SAME_CLICK = timedelta(minutes=2)


class NotThereError(InvalidError):
    """The parcel would go where its shipping was not reckoned for."""


def order_for_nothing(cart: Cart, recipient: Recipient, network: str, services: Services) -> Order:
    """Place the order of a cart that comes to nothing, and take it as paid at once.

    Raises CartNotReadyError where something is to pay, NotThereError, OutOfStockError,
    HoldLimitError, DiscountGoneError, GiftCardShortError, and PaymentMadeError and
    PayPageUnknownError of a pay page that is still open. Opens transactions of its own.
    """
    cart_id = cart.id
    for _ in range(TRIES):
        order = open_order_of(cart_id)
        if order is not None:
            close(order, services, because="replaced")
            continue
        try:
            with writing():
                return _place(cart_id, recipient, network, services)
        except IntegrityError:
            # Another click on the same cart went to a pay page meanwhile.
            continue
    raise PayPageUnknownError("orders of this cart kept changing while it was checked out")


def just_taken(cart: Cart, services: Services) -> Order | None:
    """Return what this cart ordered for nothing a moment ago: the other half of a double click."""
    return db.session.scalar(
        select(Order)
        .where(
            Order.cart_id == cart.id,
            Order.session_id.is_(None),
            Order.paid_at > services.clock.now() - SAME_CLICK,
        )
        .order_by(Order.id.desc())
        .limit(1)
    )


def _place(cart_id: int, recipient: Recipient, network: str, services: Services) -> Order:
    draft = draft_of(db.session.get_one(Cart, cart_id), services)
    if draft.to_pay:
        raise CartNotReadyError("something is to pay")
    if draft.email and draft.email != recipient.email:
        raise CartNotReadyError("a discount counts by another address")
    if draft.countries and recipient.address.get("country") not in draft.countries:
        raise NotThereError("shipping was reckoned for other countries")
    order = place_order(draft, network, services)
    if objection_to_address(order, recipient.address):
        raise NotThereError("other prices or taxes hold in that part of the country")
    take_for_nothing(order, recipient, services)
    return order
