"""What a reader may have in place of what is gone: there now, and never dearer than it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, or_, select

from store.catalog.models import Image, Product, Variant
from store.catalog.presenting import Picture
from store.catalog.prices.current import PRICE, with_changes
from store.catalog.rows import is_public
from store.clock import Clock
from store.database import db
from store.inventory.models import StockLevel
from store.money import Money, smallest_charge_step
from store.orders.models import Order, OrderLine
from store.orders.refund_plans import share_of, units_left
from store.orders.shortage.models import Shortfall

MOST_OFFERED = 60
"""Variants on one page: who looks for more narrows by words."""
LONGEST_WORDS = 80


@dataclass(frozen=True, slots=True)
class Offer:
    """One variant that is there; back is the difference that goes back."""

    variant_id: int
    product_id: int
    title: str
    combination: str
    handle: str
    sku: str
    picture: Picture | None
    price: Money
    back: Money
    is_same_product: bool

    @property
    def name(self) -> str:
        return f"{self.title}, {self.combination}" if self.combination else self.title


def worth(one: Shortfall) -> Money:
    """Return what the missing units cost their reader, as far as it has not gone back."""
    order: Order = one.order
    units = min(one.quantity, units_left(order, one.line))
    minor = share_of(order, one.line, units) if order.payments else 0
    return Money(minor, order.currency)


def offers_for(one: Shortfall, clock: Clock, words: str = "") -> list[Offer]:
    """Return what may be had instead, other variants of the same product first."""
    narrowed = _narrowed(_sold(one, clock), words)
    return _offers(one, narrowed.limit(MOST_OFFERED))


def offer_of(one: Shortfall, variant_id: int, clock: Clock) -> Offer | None:
    """Return this one, if it may be had at this moment."""
    return next(iter(_offers(one, _sold(one, clock).where(Variant.id == variant_id))), None)


def _sold(one: Shortfall, clock: Clock) -> Select[*tuple[Any, ...]]:
    line: OrderLine = one.line
    free = StockLevel.on_hand - StockLevel.reserved
    is_there = or_(StockLevel.variant_id.is_(None), StockLevel.may_oversell, free >= one.quantity)
    first_picture = (
        select(func.min(Image.id))
        .where(Image.product_id == Product.id)
        .correlate(Product)
        .scalar_subquery()
    )
    own_product = select(Variant.product_id).where(Variant.id == line.variant_id).scalar_subquery()
    own_type = (
        select(Product.product_type)
        .join(Variant)
        .where(Variant.id == line.variant_id)
        .scalar_subquery()
    )
    is_same = case((Variant.product_id == own_product, 0), else_=1)
    is_alike = case((Product.product_type == own_type, 0), else_=1)
    found = (
        select(
            Variant.id,
            Product.id,
            Product.title,
            Variant.combination,
            Product.handle,
            func.coalesce(Variant.sku, ""),
            PRICE.label("price"),
            first_picture.label("picture_id"),
            is_same.label("other"),
        )
        .join(Product, Product.id == Variant.product_id)
        .join(StockLevel, StockLevel.variant_id == Variant.id, isouter=True)
        .where(
            is_public(clock.now()),
            Variant.id != (line.variant_id or 0),
            Variant.requires_shipping,
            Variant.currency == one.order.currency,
            line.unit_price_minor >= PRICE,
            PRICE > 0,
            is_there,
        )
        .order_by(is_same, is_alike, PRICE.desc(), Product.title, Variant.position, Variant.id)
    )
    return with_changes(found, clock.now())


def _narrowed(found: Select[*tuple[Any, ...]], words: str) -> Select[*tuple[Any, ...]]:
    for word in words[:LONGEST_WORDS].split()[:5]:
        found = found.where(
            or_(
                Product.title.icontains(word, autoescape=True),
                Variant.combination.icontains(word, autoescape=True),
                Product.product_type.icontains(word, autoescape=True),
            )
        )
    return found


def _offers(one: Shortfall, found: Select[*tuple[Any, ...]]) -> list[Offer]:
    rows: Sequence[Any] = db.session.execute(found).all()
    pictures = _pictures([row[7] for row in rows])
    return [_offer(one, row, pictures) for row in rows]


def _offer(one: Shortfall, row: Any, pictures: dict[int, Picture]) -> Offer:
    variant_id, product_id, title, combination, handle, sku, price, picture_id, other = row
    return Offer(
        variant_id=variant_id,
        product_id=product_id,
        title=title,
        combination=combination,
        handle=handle,
        sku=sku,
        picture=pictures.get(picture_id),
        price=Money(price, one.order.currency),
        back=_back(one, price),
        is_same_product=not other,
    )


def _back(one: Shortfall, price_minor: int) -> Money:
    """Return what goes back: the discount that she had is had on what she takes instead too."""
    paid, listed = worth(one), one.line.unit_price_minor
    if not listed:
        return Money.zero(paid.currency)
    difference = paid.minor - paid.minor * price_minor // listed
    step = smallest_charge_step(paid.currency)
    return Money(max(0, difference - difference % step), paid.currency)


def _pictures(ids: Sequence[int | None]) -> dict[int, Picture]:
    images = db.session.scalars(select(Image).where(Image.id.in_({one for one in ids if one})))
    return {
        image.id: Picture(
            image.content_hash, image.alt, image.width, image.height, image.has_renditions
        )
        for image in images
    }
