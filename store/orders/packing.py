"""What whoever packs is given on paper: a slip for each parcel, and one list of what to fetch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import defer, selectinload

from store.database import db
from store.inventory import stock
from store.money import Money
from store.orders.ahead.served import missing_units
from store.orders.models import Order, OrderLine, OrderState
from store.orders.presenting import (
    ShownDiscount,
    address_lines,
    shipping_before,
    shown_discounts,
)
from store.orders.tax_shown import ShownTax, taxes_of

MOST_AT_ONCE = 200
"""Orders that are printed together."""


@dataclass(frozen=True, slots=True)
class SlipLine:
    """What lies in this parcel of one line; price is of a single unit, None on a gift's slip."""

    title: str
    combination: str
    sku: str
    units: int
    sent_in_all: int
    """Units of all its parcels: what was given back before it left is in none."""
    price: Money | None


@dataclass(frozen=True, slots=True)
class SlipPrices:
    """What the whole order came to."""

    subtotal: Money
    discounts: Sequence[ShownDiscount]
    shipping: Money
    tax: Money
    total: Money
    taxes_shown: Sequence[ShownTax]
    is_tax_included: bool
    is_picked_up: bool


@dataclass(frozen=True, slots=True)
class Slip:
    """One parcel's paper. A gift's says what is in it, and nothing of what it cost."""

    number: str
    placed_at: datetime
    address: Sequence[str]
    lines: Sequence[SlipLine]
    is_gift: bool
    is_whole: bool
    """Whether nothing of the order comes, or came, in another parcel."""
    note: str
    shipping_name: str
    prices: SlipPrices | None


@dataclass(frozen=True, slots=True)
class Pick:
    """One variant to fetch from the shelf, for these orders."""

    title: str
    combination: str
    sku: str
    units: int
    on_hand: int | None
    """What should lie there; None where it is not counted."""
    orders: Sequence[tuple[str, int]]


def orders_to_print(numbers: Sequence[str]) -> Sequence[Order]:
    """Return the orders of these numbers that are known, in the order given."""
    found = db.session.scalars(
        select(Order)
        .where(Order.number.in_(numbers[:MOST_AT_ONCE]))
        .options(
            defer(Order.session_request),
            selectinload(Order.lines),
            selectinload(Order.readdressings),
            selectinload(Order.redemptions),
        )
    )
    by_number = {order.number: order for order in found}
    return [by_number[number] for number in dict.fromkeys(numbers) if number in by_number]


def slips_of(orders: Sequence[Order]) -> list[Slip]:
    """Return the paper of each next parcel; once everything has left, of all that was sent."""
    missing = missing_units(orders)
    return [_slip(order, missing) for order in orders]


def _slip(order: Order, missing: Mapping[int, int]) -> Slip:
    waits = any(line.left_to_ship for line in order.lines)
    lines = [
        _slip_line(order, line, line.left_to_ship - missing.get(line.id, 0), waits=waits)
        for line in order.lines
    ]
    return Slip(
        number=order.number,
        placed_at=order.placed_at,
        address=address_lines(order),
        lines=[line for line in lines if line.units > 0],
        is_gift=order.is_gift,
        is_whole=all(line.units == line.sent_in_all for line in lines),
        note=order.note,
        shipping_name=order.shipping_name,
        prices=None if order.is_gift else _prices(order),
    )


def picks_of(orders: Iterable[Order]) -> list[Pick]:
    """Return what to fetch for these orders, by product and variant; only paid ones want any."""
    lines: dict[tuple[str, str, str], list[OrderLine]] = defaultdict(list)
    wanted = [order for order in orders if order.state == OrderState.PAID]
    missing = missing_units(wanted)

    def ready(line: OrderLine) -> int:
        return line.left_to_ship - missing.get(line.id, 0)

    for order in wanted:
        for line in order.lines:
            if ready(line) > 0:
                lines[line.title, line.combination, line.sku].append(line)
    variants = {line.variant_id for same in lines.values() for line in same}
    on_hand = stock.levels([variant for variant in variants if variant is not None])
    return [
        Pick(
            *what,
            units=sum(ready(line) for line in same),
            on_hand=level.on_hand if (level := on_hand.get(same[0].variant_id or 0)) else None,
            orders=[(line.order.number, ready(line)) for line in same],
        )
        for what, same in sorted(lines.items(), key=lambda found: _as_shelved(*found[0]))
    ]


def _prices(order: Order) -> SlipPrices:
    return SlipPrices(
        order.subtotal,
        shown_discounts(order),
        shipping_before(order),
        order.tax,
        order.total,
        taxes_of(order),
        order.tax_included,
        order.is_picked_up,
    )


def _as_shelved(title: str, combination: str, sku: str) -> tuple[str, str, str]:
    return title.casefold(), combination.casefold(), sku


def _slip_line(order: Order, line: OrderLine, ready: int, *, waits: bool) -> SlipLine:
    sent = line.shipped if line.requires_shipping else 0
    return SlipLine(
        title=line.title,
        combination=line.combination,
        sku=line.sku,
        units=ready if waits else sent,
        sent_in_all=line.quantity - line.cancelled if line.requires_shipping else 0,
        price=None if order.is_gift else line.unit_price,
    )
