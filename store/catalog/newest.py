"""The newest products with their words, as feeds tell of them: three queries for any number."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from store.catalog.models import Product, ProductTag
from store.catalog.presenting import ProductCard
from store.catalog.queries import cards_for
from store.catalog.rows import is_public
from store.database import db
from store.web.shown import shows_a_choice


@dataclass(frozen=True, slots=True)
class NewProduct:
    card: ProductCard
    body: str
    """Markdown."""
    tags: tuple[str, ...]
    published_at: datetime
    updated_at: datetime


def newest_products(limit: int, *, now: datetime) -> list[NewProduct]:
    """Return public products, newest first."""
    shows_a_choice()
    rows = db.session.execute(
        select(Product.id, Product.body, Product.published_at, Product.updated_at)
        .where(is_public(now))
        .order_by(Product.published_at.desc(), Product.id.desc())
        .limit(limit)
    ).all()
    found = {row.id: row for row in rows}
    tags = _tags(list(found))
    return [
        NewProduct(
            card,
            found[card.product_id].body,
            tuple(tags[card.product_id]),
            found[card.product_id].published_at,
            found[card.product_id].updated_at,
        )
        for card in cards_for(list(found), now=now)
    ]


def _tags(ids: list[int]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = defaultdict(list)
    rows = db.session.execute(
        select(ProductTag.product_id, ProductTag.tag)
        .where(ProductTag.product_id.in_(ids))
        .order_by(ProductTag.product_id, ProductTag.tag)
    )
    for product_id, tag in rows:
        tags[product_id].append(tag)
    return tags
