"""Every address that search engines should know, in parts that fit into one sitemap each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from store.catalog.models import Collection, Image, Product
from store.catalog.prices.current import changed_since
from store.catalog.rows import is_public
from store.content.defaults import SLUGS
from store.content.models import Page
from store.database import db
from store.media.renditions import rendition_name
from store.statements import read

MORE_PLACES = "store_more_places"
"""Where the application says what answers the places of rooms above this one."""
AT_ONCE = 10_000
"""A sitemap may hold 50,000 addresses; this many fit into the page memory with their pictures."""
MOST_PICTURES = 8
PICTURE_WIDTH = 1280


@dataclass(frozen=True, slots=True)
class Place:
    """One address of the shop, when it last changed where that is known, and its pictures."""

    path: str
    changed_at: datetime | None = None
    pictures: tuple[str, ...] = ()


def part_count(now: datetime, more: Sequence[Place] = ()) -> int:
    """Return how many sitemaps the shop needs; more are places of rooms above this one."""
    products = db.session.scalar(select(func.count()).where(is_public(now))) or 0
    return max(1, -(-(len(_few()) + len(more) + products) // AT_ONCE))


def part(number: int, now: datetime, more: Sequence[Place] = ()) -> list[Place]:
    """Return one part, counted from 1; pages and collections come before all products."""
    few, first = [*_few(), *more], (number - 1) * AT_ONCE
    shown = few[first : first + AT_ONCE]
    left = AT_ONCE - len(shown)
    return [*shown, *_products(max(0, first - len(few)), left, now)] if left else shown


def _few() -> list[Place]:
    collections = db.session.execute(
        select(Collection.handle, Collection.updated_at)
        .where(Collection.is_published)
        .order_by(Collection.position, Collection.id)
    )
    written = dict(db.session.execute(select(Page.slug, Page.updated_at).order_by(Page.slug)).all())
    slugs = [*SLUGS, *(slug for slug in written if slug not in SLUGS)]
    return [
        Place("/"),
        Place("/products"),
        *(Place(f"/collections/{handle}", at) for handle, at in collections),
        *(Place(f"/pages/{slug}", written.get(slug)) for slug in slugs),
    ]


def _products(skipped: int, most: int, now: datetime) -> list[Place]:
    found = db.session.execute(
        select(Product.id, Product.handle, Product.updated_at, Product.published_at)
        .where(is_public(now))
        .order_by(Product.id)
        .offset(skipped)
        .limit(most)
    ).all()
    places: list[Place] = []
    for start in range(0, len(found), 500):
        some = found[start : start + 500]
        ids = [row.id for row in some]
        pictures, prices = _pictures(ids), changed_since(ids, now)
        places += [
            Place(
                f"/products/{handle}",
                max(filter(None, (changed_at, published_at, prices.get(number)))),
                tuple(pictures.get(number, ())[:MOST_PICTURES]),
            )
            for number, handle, changed_at, published_at in some
        ]
    return places


def _pictures(ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for number, content_hash in read(_SHOWN, ids=ids):
        found.setdefault(number, []).append(rendition_name(content_hash, PICTURE_WIDTH, "webp"))
    return found


_SHOWN = (
    select(Image.product_id, Image.content_hash)
    .where(
        Image.product_id.in_(bindparam("ids", expanding=True)),
        Image.has_renditions,
        Image.content_hash != "",
    )
    .order_by(Image.product_id, Image.position, Image.id)
)
