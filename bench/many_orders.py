"""A hundred thousand orders as a shop of some years has them, written row by row without Stripe."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert, select

from bench.filling import FIRST_WORDS, KINDS, SECOND_WORDS, SIZES
from store.database import Model, db, writing
from store.orders.models import (
    Fulfilment,
    FulfilmentLine,
    Order,
    OrderEvent,
    OrderLine,
    OrderState,
    Payment,
    Refund,
    RefundStatus,
)
from store.orders.numbers import ALPHABET, HALF
from store.orders.search_index import index_orders
from store.sandbox.demonstration.people import a_person

BATCH = 2_000
EVERY = timedelta(minutes=15)
"""Between two orders: a hundred thousand are not quite three years."""
FATES = ((OrderState.PAID, 70.0), (OrderState.REFUNDED, 3.0), (OrderState.EXPIRED, 27.0))
PAID_FATES = FATES[:2]
UNPAID_KEPT = timedelta(days=30)
WRITTEN = (Order, OrderLine, OrderEvent, Payment, Refund, Fulfilment, FulfilmentLine)
"""In the order in which one names the other."""
TO_SHIP = 400
"""The newest paid ones wait for a parcel."""

Row = dict[str, Any]
Fates = Sequence[tuple[OrderState, float]]


def fill_orders(number: int, until: datetime) -> None:
    """Write so many orders, the last of them placed at this moment."""
    chance = random.Random(7)
    numbers = _numbers(chance)
    for start in range(0, number, BATCH):
        ids = range(start + 1, min(start + BATCH, number) + 1)
        with writing():
            _write(ids, number, until, chance, numbers)
            index_orders(list(ids))


def _write(
    ids: range, number: int, until: datetime, chance: random.Random, numbers: Iterator[str]
) -> None:
    rows: dict[type[Model], list[Row]] = {model: [] for model in WRITTEN}
    for order_id in ids:
        age = EVERY * (number - order_id)
        fates = FATES if age < UNPAID_KEPT else PAID_FATES
        order = _order(order_id, until - age, chance, next(numbers), fates)
        waits = number - order_id < TO_SHIP and order["state"] == OrderState.PAID
        own = list(_lines(order, chance, waits=waits))
        order["subtotal_minor"] = sum(line["total_minor"] for line in own)
        order["total_minor"] = order["subtotal_minor"] + order["shipping_minor"]
        rows[Order].append(order)
        rows[OrderLine] += own
        rows[OrderEvent] += _events(order)
        if order["paid_at"]:
            rows[Payment].append(_payment(order))
            rows[Refund] += _refunds(order)
        if order["state"] == OrderState.PAID and not waits:
            rows[Fulfilment].append(_parcel(order, chance))
            rows[FulfilmentLine] += _packed(own)
    for model, written in rows.items():
        if written:
            db.session.execute(insert(model), written)


def _numbers(chance: random.Random) -> Iterator[str]:
    seen = set(db.session.scalars(select(Order.number)))
    while True:
        signs = "".join(chance.choice(ALPHABET) for _ in range(2 * HALF))
        number = f"GN-{signs[:HALF]}-{signs[HALF:]}"
        if number not in seen:
            seen.add(number)
            yield number


def _order(order_id: int, at: datetime, chance: random.Random, number: str, fates: Fates) -> Row:
    person = a_person(chance)
    states, weights = zip(*fates, strict=True)
    (state,) = chance.choices(states, weights)
    if order_id % 9_000 == 0:
        state = OrderState.PARKED
    is_paid = state in {OrderState.PAID, OrderState.PARKED, OrderState.REFUNDED}
    return {
        "id": order_id,
        "number": number,
        "secret": "s" * 32,
        "state": state,
        "parked_reason": "total is 9895 here and 1 at Stripe" if state == "parked" else "",
        "currency": "AUD",
        "subtotal_minor": 0,
        "discount_minor": 0,
        "shipping_minor": 895,
        "tax_minor": 0,
        "tax_included": True,
        "total_minor": 0,
        "email": person.email if is_paid else "",
        "name": person.name if is_paid else "",
        "phone": "",
        "address": _address(person.address) if is_paid else {},
        "destination": person.address.country,
        "countries": [person.address.country],
        "shipping_name": "Standard",
        "is_gift": chance.random() < 0.1,
        "note": "",
        "article": _story(chance),
        "cart_fingerprint": "f" * 64,
        "network": "",
        "session_id": f"cs_test_{order_id}",
        "session_url": f"https://checkout.stripe.com/c/pay/cs_test_{order_id}",
        "idempotency_key": f"session-{number}",
        "session_request": {"mode": "payment", "padding": "x" * 1_500},
        "presentment": {},
        "placed_at": at,
        "expires_at": at + timedelta(minutes=45),
        "paid_at": at + timedelta(minutes=3) if is_paid else None,
        "updated_at": at,
    }


def _story(chance: random.Random) -> str:
    return f"https://news.example/story-{chance.randrange(400)}" if chance.random() < 0.3 else ""


def _address(given: Any) -> Row:
    return {
        "line1": given.line1,
        "city": given.city,
        "state": given.state,
        "postal_code": given.postal_code,
        "country": given.country,
    }


_line_ids = count(1)


def _lines(order: Row, chance: random.Random, *, waits: bool) -> Iterator[Row]:
    state = order["state"]
    for position in range(1, chance.choice((1, 1, 2, 3)) + 1):
        goods, quantity = chance.randrange(10_000), chance.choice((1, 1, 1, 2))
        kind = KINDS[goods % len(KINDS)]
        words = (FIRST_WORDS[goods // 8 % 8], SECOND_WORDS[goods % 7], kind, str(goods))
        title, size = " ".join(words), chance.choice(SIZES)
        price = 1_500 + 50 * (goods % 160)
        yield {
            "id": next(_line_ids),
            "order_id": order["id"],
            "position": position,
            "variant_id": None,
            "product_handle": title.lower().replace(" ", "-"),
            "title": title,
            "combination": f"{size} / Ink",
            "sku": f"BENCH-{goods:05}-{size}",
            "picture_hash": "",
            "requires_shipping": True,
            "quantity": quantity,
            "unit_price_minor": price,
            "discount_minor": 0,
            "tax_minor": 0,
            "total_minor": price * quantity,
            "shortage": 0,
            "shipped": quantity if state == OrderState.PAID and not waits else 0,
            "cancelled": quantity if state == OrderState.REFUNDED else 0,
        }


def _events(order: Row) -> Iterator[Row]:
    for kind in ("placed", "pay_page_opened", *(("paid",) if order["paid_at"] else ())):
        yield {
            "order_id": order["id"],
            "kind": kind,
            "actor": "store",
            "detail": {},
            "at": order["placed_at"],
        }


def _payment(order: Row) -> Row:
    is_back = order["state"] == OrderState.REFUNDED
    return {
        "order_id": order["id"],
        "intent_id": f"pi_{order['id']}",
        "amount_minor": order["total_minor"],
        "refunded_minor": order["total_minor"] if is_back else 0,
        "currency": "AUD",
        "method": "Visa ···· 4242",
        "at": order["paid_at"],
    }


def _refunds(order: Row) -> Iterator[Row]:
    if order["state"] == OrderState.REFUNDED:
        waits = order["id"] % 50 == 0
        yield {
            "order_id": order["id"],
            "stripe_id": f"re_{order['id']}",
            "amount_minor": order["total_minor"],
            "currency": "AUD",
            "status": RefundStatus.PENDING if waits else RefundStatus.SUCCEEDED,
            "reason": "",
            "restocks": False,
            "shipping_minor": 0,
            "line_ids": [],
            "at": order["paid_at"],
        }


def _parcel(order: Row, chance: random.Random) -> Row:
    return {
        "id": order["id"],
        "order_id": order["id"],
        "carrier": "Australia Post",
        "tracking_number": f"99702{chance.randrange(10**9):09}",
        "sent_to": {},
        "shipped_at": order["placed_at"] + timedelta(days=2),
    }


def _packed(lines: list[Row]) -> Iterator[Row]:
    for line in lines:
        yield {
            "fulfilment_id": line["order_id"],
            "order_line_id": line["id"],
            "quantity": line["quantity"],
        }
