"""Reads shelves for whoever keeps them elsewhere, by the number that stands on the goods."""

from sqlalchemy import Row, Select, select

from store.api import shapes
from store.catalog.models import Product, Variant
from store.database import db
from store.errors import NotFoundError
from store.inventory.models import StockLevel


def level_list(asked: shapes.LevelsAsked) -> shapes.LevelList:
    """Return the shelves that are counted and have a number, so many at once."""
    wanted = _levels()
    if asked.sku is not None:
        wanted = wanted.where(Variant.sku == asked.sku)
    if asked.cursor is not None:
        wanted = wanted.where(Variant.id > int(asked.cursor))
    rows = db.session.execute(wanted.order_by(Variant.id).limit(asked.limit + 1)).all()
    shown, more = rows[: asked.limit], len(rows) > asked.limit
    return shapes.LevelList(
        levels=[_level(row) for row in shown],
        next_cursor=str(shown[-1][0]) if more else None,
    )


def level_of(variant_id: int) -> shapes.Level:
    return _level(db.session.execute(_levels().where(Variant.id == variant_id)).one())


def variant_with(sku: str) -> tuple[int, int | None]:
    """Return which variant this is and what lies of it; NotFoundError where nobody counts it."""
    found = db.session.execute(
        select(Variant.id, StockLevel.on_hand)
        .outerjoin(StockLevel, StockLevel.variant_id == Variant.id)
        .where(Variant.sku == sku, Variant.tracked)
    ).one_or_none()
    if found is None:
        raise NotFoundError("no counted variant has this sku")
    return found.id, found.on_hand


def _levels() -> Select[int, str | None, str, str, int, int]:
    return (
        select(
            Variant.id,
            Variant.sku,
            Product.title,
            Variant.combination,
            StockLevel.on_hand,
            StockLevel.reserved,
        )
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(StockLevel, StockLevel.variant_id == Variant.id)
        .where(Variant.sku.is_not(None), Variant.tracked)
    )


def _level(row: Row[int, str | None, str, str, int, int]) -> shapes.Level:
    _id, sku, title, combination, on_hand, reserved = row
    # Nobody has counted yet where there is no level.
    lying, promised = on_hand or 0, reserved or 0
    return shapes.Level(
        sku=sku or "",
        title=title,
        combination=combination,
        on_hand=lying,
        available=lying - promised,
    )
