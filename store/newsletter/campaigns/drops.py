"""New things that no letter has told of yet, and the draft that would."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, exists, literal, or_, select

from store.catalog.models import Product, ProductStatus
from store.database import db
from store.newsletter.campaigns.models import Campaign
from store.newsletter.campaigns.writing import CampaignWanted
from store.newsletter.topics import Topic

NEW = timedelta(days=14)
"""For how long after it appeared a product is news."""
MOST = 30


@dataclass(frozen=True, slots=True)
class Drop:
    """A product that appeared lately or will, and that no letter shows."""

    product_id: int
    handle: str
    title: str
    appears_at: datetime


def untold(now: datetime) -> Sequence[Drop]:
    """Return what could be told, the latest first; nothing while the shop writes no letters."""
    if db.session.scalar(select(Campaign.id).limit(1)) is None:
        return ()
    rows = db.session.execute(
        _untold(now).order_by(Product.published_at.desc(), Product.id.desc()).limit(MOST)
    )
    return [Drop(*row) for row in rows]


def drop_of(product_id: int, now: datetime) -> Drop | None:
    """Return the product if it is news that no letter shows."""
    row = db.session.execute(_untold(now).where(Product.id == product_id)).one_or_none()
    return Drop(*row) if row else None


def draft_for(drop: Drop) -> CampaignWanted:
    """Return a letter with its card in it, for somebody to write the rest.

    Its subject says nothing of the product: it is read over shoulders.
    """
    return CampaignWanted(
        title=_("New: %(title)s", title=drop.title)[:120],
        topic=Topic.DROPS,
        subject=_("Something new this week"),
        preview="",
        body=_("# New in the shop") + f"\n\n[[product:{drop.handle}]]\n",
    )


def _untold(now: datetime) -> Select[*tuple[Any, ...]]:
    return select(Product.id, Product.handle, Product.title, Product.published_at).where(
        Product.status == ProductStatus.ACTIVE,
        Product.published_at > now - NEW,
        or_(Product.unpublish_at.is_(None), Product.unpublish_at > now),
        ~_is_told(),
    )


def _is_told() -> ColumnElement[bool]:
    card = literal("[[product:").concat(Product.handle).concat(literal("]]"))
    return exists().where(and_(Campaign.body.contains(card)))
