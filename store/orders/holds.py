"""How many units may be on hold while they are paid for, and who holds them now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, TextClause, func, select, text

from store.catalog.models import Variant
from store.database import Moment, db, take_turn
from store.errors import LimitError
from store.inventory.models import IS_HELD, Reservation
from store.orders.models import Order, OrderLine
from store.settings import Settings


class HoldLimitError(LimitError):
    """More units would be on hold than one cart, network or product may keep from others."""

    def __init__(self, scope: str, units: int, limit: int) -> None:
        super().__init__(f"{units} units on hold by one {scope}, at most {limit}")
        self.scope = scope


@dataclass(frozen=True, slots=True)
class Held:
    """All holds together."""

    orders: int
    units: int
    until: datetime | None
    """When the first of them ends."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Units that wait for one order's money."""

    number: str
    state: str
    title: str
    combination: str
    quantity: int
    expires_at: datetime


def holds_now() -> list[Hold]:
    """Return every hold, the one that ends first on top."""
    rows = db.session.execute(
        select(
            Order.number,
            Order.state,
            OrderLine.title,
            OrderLine.combination,
            Reservation.quantity,
            Order.expires_at,
        )
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Reservation, Reservation.order_line_id == OrderLine.id)
        .where(_is_held())
        .order_by(Order.expires_at, Order.id)
    )
    return [Hold(*row) for row in rows]


def held_now() -> Held:
    """Return how much is on hold, without naming each."""
    row = db.session.execute(
        select(
            func.count(Order.id.distinct()),
            func.coalesce(func.sum(Reservation.quantity), 0),
            func.min(Order.expires_at, type_=Moment()),
        )
        .select_from(Reservation)
        .join(OrderLine, OrderLine.id == Reservation.order_line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(_is_held())
    ).one()
    return Held(*row)


def check_limits(network: str, wanted: Mapping[int, int], settings: Settings) -> None:
    """Refuse an order of these units by variant with HoldLimitError; call it before holding."""
    units = sum(wanted.values())
    _refuse_above("cart", units, settings.hold_units_per_cart)
    if not network:
        return
    take_turn(f"holds:{network}")
    held = _sum(_held_units().where(Order.network == network))
    _refuse_above("network", held + units, settings.hold_units_per_network)
    for product_id, more in _by_product(wanted).items():
        of_product = _held_units().join(Variant, Variant.id == Reservation.variant_id)
        held = _sum(of_product.where(Order.network == network, Variant.product_id == product_id))
        _refuse_above("product", held + more, settings.hold_units_per_product)


def _refuse_above(scope: str, units: int, limit: int) -> None:
    if units > limit:
        raise HoldLimitError(scope, units, limit)


def _sum(units: Select[int]) -> int:
    return int(db.session.scalars(units).one())


def _held_units() -> Select[int]:
    return (
        select(func.coalesce(func.sum(Reservation.quantity), 0))
        .join(OrderLine, OrderLine.id == Reservation.order_line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(_is_held())
    )


def _is_held() -> TextClause:
    # In the words of its index; an order has a state as well.
    return text(f"reservation.{IS_HELD}")


def _by_product(wanted: Mapping[int, int]) -> dict[int, int]:
    products = db.session.execute(
        select(Variant.id, Variant.product_id).where(Variant.id.in_(wanted))
    )
    units: dict[int, int] = {}
    for variant_id, product_id in products:
        units[product_id] = units.get(product_id, 0) + wanted[variant_id]
    return units
