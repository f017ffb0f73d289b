"""Says which paths of a letter no page of the shop has."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import unquote, urlsplit

from sqlalchemy import Select, select

from store.catalog.models import Collection, FormerCollectionHandle, FormerHandle, Product
from store.catalog.rows import is_public
from store.content.defaults import SLUGS
from store.content.models import Page
from store.database import db
from store.newsletter.campaigns.models import Campaign

PAGES = frozenset(
    "/ /products /cart /newsletter /newsletter/archive /orders/find /gift-cards /tips"
    " /feeds/products.json /feeds/products.atom".split()
)
_KINDS = re.compile(r"/(products|collections|pages|newsletter/archive)/([^/]+)")


def missing_pages(paths: Iterable[str], *, now: datetime) -> list[str]:
    """Return those of these paths of ours that lead to no page at this moment."""
    return [path for path in dict.fromkeys(paths) if not _is_there(path, now)]


def _is_there(path: str, now: datetime) -> bool:
    plain = unquote(urlsplit(path).path)
    if plain in PAGES:
        return True
    named = _KINDS.fullmatch(plain)
    if named is None:
        return False
    if named[1] == "pages" and named[2] in SLUGS:
        return True
    return any(db.session.scalar(question) for question in _questions(named[1], named[2], now))


def _questions(kind: str, name: str, now: datetime) -> Sequence[Select[int]]:
    match kind:
        case "products":
            former = select(FormerHandle.product_id).where(FormerHandle.handle == name)
            return (
                select(Product.id).where(Product.handle == name, is_public(now)),
                select(Product.id).where(Product.id.in_(former), is_public(now)),
            )
        case "collections":
            former = select(FormerCollectionHandle.collection_id).where(
                FormerCollectionHandle.handle == name
            )
            shown = select(Collection.id).where(Collection.is_published)
            return (
                shown.where(Collection.handle == name),
                shown.where(Collection.id.in_(former)),
            )
        case "pages":
            return (select(Page.id).where(Page.slug == name),)
        case _:
            return (select(Campaign.id).where(Campaign.slug == name),)
