"""Orders of which something was gone when the payment came, and what follows."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from store.checkout import sweeping
from store.database import db, writing
from store.inventory import stock
from store.inventory.models import StockLevel
from store.orders.models import Order
from store.orders.queries import locked_order
from store.orders.refunding import send_refund
from store.orders.shortage.choosing import Choice, Chosen, choose
from store.orders.shortage.models import Shortfall
from store.orders.shortage.tending import tend_shortfalls
from store.sandbox.stripe.state import Shelf
from tests.buying import change_at_stripe, check_out, fill_cart, mails, session_of, thanks
from tests.desk import HOME, number_of
from tests.shop import Shop


def gone_after_payment(
    shop: Shop, bought: Mapping[int, int], left: Mapping[int, int], **paid: Any
) -> str:
    """Buy these units by variant, let the hold end, and leave so many on the shelf at last."""
    reader = shop.browser()
    for variant_id, units in bought.items():
        fill_cart(reader, variant_id, units)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, address=HOME, **paid)
    # A missed event and a wrong clock release an order although its page was paid.
    change_at_stripe(shop, session_id, status="expired", payment_status="unpaid")
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=46))
    sweeping.end_holds(shop.services)
    change_at_stripe(shop, session_id, status="complete", payment_status="paid")
    for variant_id, units in left.items():
        leave(shop, variant_id, units)
    thanks(reader, session_id)
    return number_of(shop, session_id)


def leave(shop: Shop, variant_id: int, units: int) -> None:
    """Count so many on the shelf."""
    with writing():
        stock.count(variant_id, units, cause="a count", actor="robin", clock=shop.clock)


def later(shop: Shop, **time: float) -> None:
    """Let time pass, and the sweep come by."""
    shop.clock.move_to(shop.clock.now() + timedelta(**time))
    tend_shortfalls(shop.services)
    db.session.rollback()
    db.session.expire_all()


def gone() -> list[Shortfall]:
    """Return every shortfall as it stands now; call it inside the app."""
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Shortfall).order_by(Shortfall.id)))


def states() -> list[str]:
    return [str(one.state) for one in gone()]


def decide(
    shop: Shop, choice: Choice, variant_id: int | None = None, *, actor: str = "reader"
) -> None:
    """Choose the same for everything that is undecided, as the page does."""
    rows = [one for one in gone() if one.is_live]
    order_id = rows[0].order_id if rows else db.session.scalars(select(Order.id)).first()
    picks = [Chosen(one.id, choice, variant_id) for one in rows]
    assert order_id is not None
    with writing():
        refunds = choose(locked_order(order_id), picks, shop.services, actor=actor)
    for refund_id in refunds:
        send_refund(refund_id, shop.services)


def given_back(shop: Shop) -> list[int]:
    """Return what Stripe gave back, in minor units."""
    return [refund["amount"] for refund in shop.sandbox.account.state.scan(Shelf.REFUND)]


def shelf(variant_id: int) -> tuple[int, int, int]:
    """Return what lies on a shelf, what is promised, and what lacks."""
    db.session.rollback()
    level = db.session.get_one(StockLevel, variant_id)
    return level.on_hand, level.reserved, level.shortage


def kinds(kind: str = "orders.missing") -> list[str]:
    """Return the kinds of mails that were sent, of those that begin so."""
    return [mail.kind for mail in mails(kind)]


def other_order(number: str) -> Order:
    """Return the other one of two orders."""
    return db.session.scalars(select(Order).where(Order.number != number)).one()
