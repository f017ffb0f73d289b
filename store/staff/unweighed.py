"""Finds what rates by weight cannot weigh, because nobody said how heavy it is."""

from sqlalchemy import func, select

from store.catalog.models import Product, ProductStatus, Variant
from store.database import db


def count_unweighed() -> int:
    """Return how many variants on sale are sent and have no weight: they count as nothing."""
    asked = (
        select(func.count())
        .select_from(Variant)
        .join(Product, Product.id == Variant.product_id)
        .where(
            Variant.requires_shipping,
            Variant.weight_grams == 0,
            Product.status == ProductStatus.ACTIVE,
        )
    )
    return db.session.scalar(asked) or 0
