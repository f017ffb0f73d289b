"""How many units may be on hold while they are paid for, and who holds them now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from store.catalog.models import Variant
from store.database import db, take_turn
from store.errors import LimitError
from store.inventory.models import Reservation, ReservationState
from store.orders.models import Order, OrderLine
from store.settings import Settings


class HoldLimitError(LimitError):
    """More units would be on hold than one cart, network or product may keep from others."""

    def __init__(self, scope: str, units: int, limit: int) -> None:
        super().__init__(f"{units} units on hold by one {scope}, at most {limit}")
        self.scope = scope


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
        .where(Reservation.state == ReservationState.HELD)
        .order_by(Order.expires_at, Order.id)
    )
    return [Hold(*row) for row in rows]


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
        .where(Reservation.state == ReservationState.HELD)
    )


def _by_product(wanted: Mapping[int, int]) -> dict[int, int]:
    products = db.session.execute(
        select(Variant.id, Variant.product_id).where(Variant.id.in_(wanted))
    )
    units: dict[int, int] = {}
    for variant_id, product_id in products:
        units[product_id] = units.get(product_id, 0) + wanted[variant_id]
    return units
