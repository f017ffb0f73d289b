"""Answers what became of a product that was in the shop once and is no longer for sale."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from store.catalog.models import Collection, CollectionProduct, Product, ProductStatus
from store.database import db


@dataclass(frozen=True, slots=True)
class RetiredProduct:
    """A product that is gone, and the section where a reader may find something like it."""

    title: str
    number: int
    collection_handle: str
    collection_title: str
    hue: str


def retired_product(handle: str, *, now: datetime) -> RetiredProduct | None:
    """Return the product of this handle that is gone; none when it was never shown to readers."""
    row = db.session.execute(
        select(Product.title, Product.id, Collection.handle, Collection.title, Collection.hue)
        .join(CollectionProduct, CollectionProduct.product_id == Product.id, isouter=True)
        .join(
            Collection,
            (Collection.id == CollectionProduct.collection_id) & Collection.is_published,
            isouter=True,
        )
        .where(
            Product.handle == handle,
            or_(
                Product.status == ProductStatus.ARCHIVED,
                and_(Product.status == ProductStatus.ACTIVE, Product.unpublish_at <= now),
            ),
            Product.published_at <= now,
        )
        .order_by(Collection.position)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    title, number, collection_handle, collection_title, hue = row
    return RetiredProduct(title, number, collection_handle or "", collection_title or "", hue or "")
