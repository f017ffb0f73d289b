"""The newest products with their words, as feeds tell of them: three queries for any number."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from store.catalog.models import Product, ProductTag
from store.catalog.presenting import ProductCard
from store.catalog.prices.current import changed_since
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
    tags, prices = _tags(list(found)), changed_since(list(found), now)
    return [
        NewProduct(
            card,
            found[card.product_id].body,
            tuple(tags[card.product_id]),
            found[card.product_id].published_at,
            _last_change(found[card.product_id], prices.get(card.product_id)),
        )
        for card in cards_for(list(found), now=now)
    ]


def _last_change(row: Any, price_at: datetime | None) -> datetime:
    """Return when it last became another to readers: it may have been written long before."""
    changed_at: datetime = max(filter(None, (row.updated_at, row.published_at, price_at)))
    return changed_at


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
