"""Answers who waits for what, and what a request is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from store.catalog.models import Product, Variant
from store.catalog.rows import is_public
from store.database import db
from store.newsletter.back_in_stock.models import RequestState, StockRequest


@dataclass(frozen=True, slots=True)
class Wanted:
    """A variant as a reader calls it."""

    variant_id: int
    handle: str
    title: str
    label: str

    @property
    def name(self) -> str:
        return f"{self.title}, {self.label}" if self.label else self.title

    @property
    def path(self) -> str:
        return f"/products/{self.handle}?variant={self.variant_id}"


@dataclass(frozen=True, slots=True)
class WaitingReaders:
    """How many wait for one variant; what nobody confirmed is not counted."""

    label: str
    readers: int


def wanted_variant(variant_id: int, *, now: datetime | None = None) -> Wanted | None:
    """Return the variant by name; where a moment is given, only if readers may see it then."""
    wanted = (
        select(Variant.id, Product.handle, Product.title, Variant.combination)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.id == variant_id)
    )
    row = db.session.execute(wanted.where(is_public(now)) if now else wanted).one_or_none()
    return None if row is None else Wanted(*row)


def wanted_by(request: StockRequest) -> Sequence[Wanted]:
    """Return everything that the address of this request waits for or is asked about."""
    rows = db.session.execute(
        select(Variant.id, Product.handle, Product.title, Variant.combination)
        .join(Product, Product.id == Variant.product_id)
        .join(StockRequest, StockRequest.variant_id == Variant.id)
        .where(
            StockRequest.email_hash == request.email_hash,
            StockRequest.state != RequestState.TOLD,
        )
        .order_by(StockRequest.asked_at, StockRequest.id)
    )
    return [Wanted(*row) for row in rows]


def waiting_for(variant_ids: Sequence[int]) -> Mapping[int, int]:
    """Return how many wait for each of these variants; for others nobody does."""
    rows = db.session.execute(
        select(StockRequest.variant_id, func.count().label("readers"))
        .where(StockRequest.state == RequestState.WAITING, StockRequest.variant_id.in_(variant_ids))
        .group_by(StockRequest.variant_id)
    )
    return {row.variant_id: row.readers for row in rows}


def waiting_readers(product_id: int) -> Sequence[WaitingReaders]:
    """Return how many wait for which variant of a product, in the order of its variants."""
    rows = db.session.execute(
        select(Variant.combination, func.count())
        .join(StockRequest, StockRequest.variant_id == Variant.id)
        .where(Variant.product_id == product_id, StockRequest.state == RequestState.WAITING)
        .group_by(Variant.id, Variant.combination, Variant.position)
        .order_by(Variant.position)
    )
    return [WaitingReaders(*row) for row in rows]
