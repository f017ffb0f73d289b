"""Answers what became of a product that was in the shop once and is no longer for sale."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from store.catalog.models import Collection, CollectionProduct, Product, ProductStatus, ProductTag
from store.catalog.resembling import Subject
from store.database import db


@dataclass(frozen=True, slots=True)
class RetiredProduct:
    """A product that is gone, and the section where a reader may find something like it."""

    subject: Subject
    collection_handle: str
    collection_title: str
    hue: str

    @property
    def title(self) -> str:
        return self.subject.title

    @property
    def number(self) -> int:
        return self.subject.product_id


def retired_product(handle: str, *, now: datetime) -> RetiredProduct | None:
    """Return the product of this handle that is gone; none when it was never shown to readers."""
    row = db.session.execute(
        select(
            Product.id,
            Product.title,
            Product.product_type,
            Collection.handle.label("section"),
            Collection.title.label("section_title"),
            Collection.hue,
        )
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
    return RetiredProduct(
        Subject(row.id, row.title, row.product_type, _tags(row.id)),
        row.section or "",
        row.section_title or "",
        row.hue or "",
    )


def _tags(product_id: int) -> tuple[str, ...]:
    wanted = select(ProductTag.tag).where(ProductTag.product_id == product_id)
    return tuple(db.session.scalars(wanted.order_by(ProductTag.tag)))
