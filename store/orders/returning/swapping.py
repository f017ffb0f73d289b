"""What may be had in the place of something else: other variants of the same product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from store.catalog.models import Product, ProductStatus, Variant
from store.database import db
from store.inventory import stock
from store.inventory.models import StockLevel
from store.orders.models import Order


@dataclass(frozen=True, slots=True)
class Swap:
    """One variant that may be had instead; of those not there now readers are told so."""

    variant_id: int
    combination: str
    is_there: bool


def swaps_for(order: Order) -> Mapping[int, Sequence[Swap]]:
    """Return what each line may be swapped for: the same product at the same price."""
    own = {line.variant_id: line for line in order.lines if line.variant_id is not None}
    variants = db.session.scalars(select(Variant).where(Variant.id.in_(own))).all()
    products = {variant.product_id for variant in variants}
    others = db.session.scalars(
        select(Variant)
        .join(Product)
        .where(Variant.product_id.in_(products), Product.status == ProductStatus.ACTIVE)
        .order_by(Variant.product_id, Variant.position)
    ).all()
    levels = stock.levels([other.id for other in others])
    return {
        own[variant.id].id: [
            Swap(other.id, other.combination, _is_there(levels.get(other.id)))
            for other in others
            if other.product_id == variant.product_id
            and other.id != variant.id
            and other.price == variant.price
        ]
        for variant in variants
    }


def is_replacement(order: Order) -> bool:
    """Whether the order sends something in the place of something else, for nothing."""
    return order.session_id is None and order.total_minor == 0 and order.paid_at is not None


def _is_there(level: StockLevel | None) -> bool:
    return level is None or level.sellable != 0
