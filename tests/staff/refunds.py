"""How staff give money back, and what became of it at the desk, on the shelf and at Stripe."""

from typing import Any

from store.database import db, writing
from store.inventory.models import StockLevel
from store.orders.queries import locked_order
from store.orders.shipping import Parcel, ship_parcel
from store.sandbox.stripe import ApiFault, FaultKind, Faults
from store.sandbox.stripe.state import Shelf
from tests.buying import change_at_stripe, check_out, fill_cart, session_of, thanks
from tests.desk import Desk, number_of, the
from tests.shop import Shop

DOWN = Faults(api=(ApiFault(FaultKind.UNAVAILABLE, path_prefix="/v1/refunds"),))


def line_of(number: str) -> int:
    return the(number).lines[0].id


def give(desk: Desk, number: str, units: int = 0, **fields: Any) -> Any:
    given = {"how": "lines", "seen": seen(number), **fields}
    if units:
        given[f"units-{line_of(number)}"] = units
    return desk.post(f"{number}/refunds", **given)


def seen(number: str) -> int:
    return sum(payment.refunded_minor for payment in the(number).payments)


def given_at_stripe(shop: Shop) -> list[int]:
    return [refund["amount"] for refund in shop.sandbox.account.state.scan(Shelf.REFUND)]


def available(variant_id: int) -> int:
    db.session.rollback()
    return db.session.get_one(StockLevel, variant_id).available


def ship(shop: Shop, number: str, units: int) -> None:
    order_id, line_id = the(number).id, line_of(number)
    with writing():
        parcel = Parcel({line_id: units})
        ship_parcel(locked_order(order_id), parcel, shop.services, actor="robin")


def parked(shop: Shop, tee: int) -> str:
    reader = shop.browser()
    fill_cart(reader, tee, 2)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    change_at_stripe(shop, session_id, amount_total=1)
    thanks(reader, session_id)
    return number_of(shop, session_id)
