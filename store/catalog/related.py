"""Answers what to show under a product: what goes well with it, and what is more like it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Select,
    String,
    bindparam,
    cast,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from store.catalog import rows
from store.catalog.models import Collection, CollectionProduct, Product, ProductTag
from store.catalog.nested import tags_in
from store.catalog.presenting import ProductCard, ProductPage
from store.catalog.prices.current import NOW, last_change
from store.catalog.publishing import last_publication
from store.catalog.queries import cards_of_goods, page_of, public_row
from store.catalog.remembering import Cards, State, cards_of, kin_of
from store.catalog.resembling import Kinship, Neighbour, Subject, kinship
from store.catalog.rows import is_public
from store.database import version_question
from store.statements import read
from store.web.shown import shows_products

MOST_SHOWN = 4
"""Of each of the two kinds: a row on a desk."""
LOOKED_AT = 9
"""Candidates of a kind whose stock is looked at: what is sold out makes room for the next."""
MOST_TAGS = 8
OF_A_TAG, OF_A_TYPE, BESIDE = 8, 16, 8
"""How many candidates are taken by each trace, so that no size of catalogue slows the page."""


@dataclass(frozen=True, slots=True)
class Related:
    companions: tuple[ProductCard, ...] = ()
    alike: tuple[ProductCard, ...] = ()


def page_with_related(handle: str, *, now: datetime) -> tuple[ProductPage, Related]:
    """Return a product's page and what stands under it: six queries at most, for both."""
    found = public_row(handle, now=now)
    return page_of(found, now=now), _under(_subject_in(found), found, now)


def related_to(subject: Subject, *, now: datetime) -> Related:
    """Return what goes with a product that is not shown itself."""
    return _under(subject, read(_STATE, now=now)[0], now)


def _subject_in(found: Any) -> Subject:
    return Subject(found.id, found.title, found.product_type, tags_in(found))


def _under(subject: Subject, state: Any, now: datetime) -> Related:
    """Return what stands under a product, as of a state that was asked for before."""
    known = kin_of(state.version, state.publication)
    kin = known.get(subject.product_id)
    if kin is None:
        kin = known[subject.product_id] = _ranked(subject, now)
    return _related(kin, _cards_of(kin, State(state.version, state.price_moment), now))


def _related(kin: Kinship, cards: Cards) -> Related:
    def shown(ids: tuple[int, ...]) -> tuple[ProductCard, ...]:
        found = [card for i in ids if (card := cards[i]) is not None]
        chosen = tuple(card for card in found if card.availability.can_buy)[:MOST_SHOWN]
        shows_products(card.product_id for card in chosen)
        return chosen

    return Related(shown(kin.companions), shown(kin.alike))


def _cards_of(kin: Kinship, state: State, now: datetime) -> Cards:
    """Return cards of both kinds."""
    wanted = [*kin.companions, *kin.alike]
    known = cards_of(state)
    missing = [number for number in wanted if number not in known]
    if missing:
        known |= cards_of_goods(missing, rows.goods(missing, now=now))
    return known


def _ranked(subject: Subject, now: datetime) -> Kinship:
    """Return the first of both kinds, out of all who stand near the product."""
    tags = dict(zip(_TAG_NAMES, subject.tags, strict=False))
    found = read(
        _traces(len(tags)),
        now=now,
        product_id=subject.product_id,
        product_type=subject.product_type,
        **tags,
    )
    neighbours: dict[int, Neighbour] = {}
    # Unpacked, because each page reads dozens of these rows.
    for number, title, product_type, collection_id, tag in found:
        one = neighbours.get(number)
        if one is None:
            one = neighbours[number] = Neighbour(number, title, product_type)
        if collection_id is not None:
            one.collections.add(collection_id)
        if tag is not None:
            one.tags.add(tag)
    kin = kinship(subject, list(neighbours.values()))
    return Kinship(kin.alike[:LOOKED_AT], kin.companions[:LOOKED_AT])


_STATE = select(
    version_question().label("version"),
    last_change().label("price_moment"),
    last_publication(NOW).label("publication"),
)
"""How old what is kept may be is asked before any of it is read."""
_PRODUCT_ID: BindParameter[int] = bindparam("product_id")
_TYPE: BindParameter[str] = bindparam("product_type", type_=String())
_TAG_NAMES = tuple(f"tag_{number}" for number in range(MOST_TAGS))
_mine, _theirs = aliased(CollectionProduct), aliased(CollectionProduct)


def _beside() -> Select[int, int, str | None]:
    """Ask who stands near the product in its sections: an editor put them there."""
    return (
        select(_theirs.product_id, _theirs.collection_id, cast(null(), String).label("tag"))
        .select_from(_mine)
        .join(Collection, (Collection.id == _mine.collection_id) & Collection.is_published)
        .join(
            _theirs,
            (_theirs.collection_id == _mine.collection_id)
            & _theirs.position.between(_mine.position - BESIDE, _mine.position + BESIDE),
        )
        .where(_mine.product_id == _PRODUCT_ID)
    )


def _of_the_type() -> Select[int, int | None, str | None]:
    """Ask for the newest of the type; asked which are public, SQLite would go through all."""
    newest = (
        select(Product.id.label("product_id"))
        .where(Product.product_type == _TYPE, _TYPE != "")
        .order_by(Product.id.desc())
        .limit(OF_A_TYPE)
        .subquery()
    )
    return select(newest.c.product_id, null(), null())


def _of_the_tag(name: str) -> Select[int, int | None, str]:
    tag: BindParameter[str] = bindparam(name, type_=String())
    newest = (
        select(ProductTag.product_id, ProductTag.tag)
        .where(ProductTag.tag == tag)
        .order_by(ProductTag.product_id.desc())
        .limit(OF_A_TAG)
        .subquery()
    )
    return select(newest.c.product_id, null(), newest.c.tag)


@cache
def _traces(number_of_tags: int) -> Select[Any]:
    """Write the question once for each number of tags: each that is asked for costs a look."""
    of_tags = map(_of_the_tag, _TAG_NAMES[:number_of_tags])
    traced = union_all(_beside(), _of_the_type(), *of_tags).subquery()
    return (
        select(
            Product.id,
            Product.title,
            Product.product_type,
            traced.c.collection_id,
            traced.c.tag,
        )
        .join(traced, traced.c.product_id == Product.id)
        .where(Product.id != _PRODUCT_ID, is_public())
    )
