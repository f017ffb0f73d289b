"""Tries a discount on what was bought already, before anybody can have it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from store.catalog.models import CollectionProduct, Variant
from store.database import db
from store.money import Money
from store.orders.models import Order, OrderLine
from store.pricing.discounts import DiscountKind, Offer, holds_for, take_off
from store.pricing.models import Redemption, Scope
from store.pricing.offers import same_reader
from store.pricing.totals import PricedLine
from store.pricing.writing_discounts import DiscountWanted

PAST_ORDERS = 500
"""As many as are read and reckoned well within what a page may take."""


@dataclass(frozen=True, slots=True)
class TriedOrder:
    """One order that would have had it: what it came to without, and what it would have given."""

    number: str
    paid_at: datetime
    without: Money
    given: Money
    lines_at_zero: int

    @property
    def share_percent(self) -> int:
        return self.given.minor * 100 // self.without.minor if self.without.minor else 0

    @property
    def left(self) -> Money:
        return self.without - self.given


@dataclass(frozen=True, slots=True)
class Trial:
    """What the discount would have done, if everybody who could had used it."""

    looked_at: int
    since: datetime | None
    found: tuple[TriedOrder, ...]
    currency: str

    @property
    def given(self) -> Money:
        return sum((order.given for order in self.found), start=Money.zero(self.currency))

    @property
    def average(self) -> Money:
        return Money(self.given.minor // len(self.found) if self.found else 0, self.currency)

    @property
    def share_percent(self) -> int:
        """What of the money of those orders it would have been."""
        without = sum(order.without.minor for order in self.found)
        return self.given.minor * 100 // without if without else 0

    @property
    def worst(self) -> TriedOrder | None:
        """The order that would have lost the greatest share of itself."""
        return max(
            self.found, key=lambda o: (o.share_percent, o.given.minor, o.number), default=None
        )

    @property
    def lines_at_zero(self) -> int:
        return sum(order.lines_at_zero for order in self.found)

    @property
    def orders_at_zero(self) -> int:
        return sum(not order.left for order in self.found)


@dataclass(frozen=True, slots=True)
class _Past:
    id: int
    number: str
    reader: str
    paid_at: datetime
    discount: int
    shipping: Money
    lines: tuple[PricedLine, ...]
    products: tuple[int | None, ...]


def try_on_past_orders(wanted: DiscountWanted, *, most: int = PAST_ORDERS) -> Trial:
    """Reckon it for the last orders that were paid in its currency; reads only.

    An order that had as much off keeps what it had. The limits count from the oldest of them on.
    """
    past = _past_orders(wanted.currency, most)
    aimed = _aimed_products(wanted)
    found, by_reader = list[TriedOrder](), Counter[str]()
    for order in past:
        if wanted.most_in_all is not None and len(found) >= wanted.most_in_all:
            break
        limit = wanted.most_per_reader
        if limit is not None and by_reader[order.reader] >= limit:
            continue
        tried = _tried(order, wanted, aimed)
        if tried is not None:
            found.append(tried)
            by_reader[order.reader] += 1
    since = past[0].paid_at if past else None
    return Trial(len(past), since, tuple(found), wanted.currency)


def _tried(order: _Past, wanted: DiscountWanted, aimed: frozenset[int]) -> TriedOrder | None:
    offer = _offer(order, wanted, aimed)
    worth = sum(line.unit_price.minor * line.quantity for line in order.lines)
    zeros = 0
    if wanted.kind is DiscountKind.FREE_SHIPPING:
        given = order.shipping.minor if holds_for(offer, order.lines) else 0
        had = 0
    else:
        parts = take_off(offer, order.lines)
        given, had = sum(part.minor for part in parts), order.discount
        zeros = sum(
            bool(part) and part == line.unit_price * line.quantity
            for part, line in zip(parts, order.lines, strict=True)
        )
    if given <= had:
        return None
    without = Money(worth + order.shipping.minor, wanted.currency)
    return TriedOrder(order.number, order.paid_at, without, Money(given, wanted.currency), zeros)


def _offer(order: _Past, wanted: DiscountWanted, aimed: frozenset[int]) -> Offer:
    keys = frozenset(
        line.key
        for line, product in zip(order.lines, order.products, strict=True)
        if product in aimed
    )
    currency = wanted.currency
    amount, minimum = wanted.amount_minor, wanted.minimum_minor
    return Offer(
        key=0,
        name=wanted.name,
        kind=wanted.kind,
        basis_points=wanted.basis_points or 0,
        amount=None if amount is None else Money(amount, currency),
        minimum=None if minimum is None else Money(minimum, currency),
        line_keys=None if wanted.scope is Scope.ALL else keys,
    )


def _past_orders(currency: str, most: int) -> list[_Past]:
    """Return the last paid orders, the oldest of them first, in three questions."""
    rows = db.session.execute(
        select(
            Order.id,
            Order.number,
            Order.email,
            Order.paid_at,
            Order.discount_minor,
            Order.shipping_minor,
        )
        .where(Order.paid_at.is_not(None), Order.currency == currency)
        .order_by(Order.paid_at.desc(), Order.id.desc())
        .limit(most)
    ).all()
    ids = [row.id for row in rows]
    lines, free = _lines_of(ids, currency), _free_shipping_of(ids)
    return [
        _Past(
            row.id,
            row.number,
            same_reader(row.email),
            row.paid_at,
            row.discount_minor,
            Money(row.shipping_minor + free.get(row.id, 0), currency),
            tuple(line for line, _ in lines.get(row.id, ())),
            tuple(product for _, product in lines.get(row.id, ())),
        )
        for row in reversed(rows)
    ]


def _lines_of(
    order_ids: Sequence[int], currency: str
) -> dict[int, list[tuple[PricedLine, int | None]]]:
    rows = db.session.execute(
        select(
            OrderLine.order_id,
            OrderLine.id,
            OrderLine.unit_price_minor,
            OrderLine.quantity,
            OrderLine.is_gift_card,
            Variant.product_id,
        )
        .outerjoin(Variant, Variant.id == OrderLine.variant_id)
        .where(OrderLine.order_id.in_(order_ids))
        .order_by(OrderLine.order_id, OrderLine.position)
    )
    found: dict[int, list[tuple[PricedLine, int | None]]] = {}
    for order_id, line_id, price, quantity, is_gift_card, product_id in rows:
        line = PricedLine(
            line_id, Money(price, currency), quantity, is_discountable=not is_gift_card
        )
        found.setdefault(order_id, []).append((line, product_id))
    return found


def _free_shipping_of(order_ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Redemption.order_id, func.sum(Redemption.amount_minor))
        .where(Redemption.order_id.in_(order_ids), Redemption.is_shipping)
        .group_by(Redemption.order_id)
    )
    return {order_id: int(minor) for order_id, minor in rows}


def _aimed_products(wanted: DiscountWanted) -> frozenset[int]:
    if wanted.scope is not Scope.COLLECTIONS:
        return frozenset(wanted.target_ids)
    return frozenset(
        db.session.scalars(
            select(CollectionProduct.product_id).where(
                CollectionProduct.collection_id.in_(wanted.target_ids)
            )
        )
    )
