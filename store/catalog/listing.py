"""One page of products: of everything, of a section or of a search, narrowed and in an order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from store.catalog.bits import bits_of, in_order
from store.catalog.facet_values import Facet
from store.catalog.narrowing import (
    NOTHING,
    Chosen,
    FacetChoice,
    facet_choices,
    known_choice,
    narrowed,
)
from store.catalog.presenting import ProductListing
from store.catalog.queries import collection_link, shown_cards
from store.catalog.register import Place, Register, register
from store.catalog.searching import search
from store.errors import NotFoundError

PAGE_SIZE = 24
SORTS = ("featured", "newest", "price", "-price", "title")
_LAST_PAGE = 1_000_000
Asked = Mapping[Facet, Iterable[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a listing, by what it is narrowed, and by what it can be narrowed further."""

    listing: ProductListing
    chosen: Chosen = field(default_factory=dict)
    choices: tuple[FacetChoice, ...] = ()


def find(
    *,
    now: datetime,
    q: str = "",
    sort: str = "",
    page: int = 1,
    collection: str | None = None,
    asked: Asked = NOTHING,
) -> Found:
    """Return one page of public products; NotFoundError beyond the last or for no collection.

    An unknown sort is the default: relevance when something is searched, else featured. Facets and
    values that no product has are ignored.
    """
    if not 1 <= page <= _LAST_PAGE:
        raise NotFoundError(f"no page {page}")
    known = register(now)
    best_first = _searched(known, q, now) if q.strip() else None
    within, by_default = _scope(known, best_first, collection)
    within &= known.visible(now)
    chosen = known_choice(known, asked)
    left = narrowed(known, within, chosen)
    order = known.order(sort) if sort in SORTS else by_default
    skipped = (page - 1) * PAGE_SIZE
    places = in_order(left, order, size=len(known.ids), skipped=skipped, most=PAGE_SIZE)
    if not places and page > 1:
        raise NotFoundError(f"page {page} is beyond the last")
    total = left.bit_count()
    cards = shown_cards([known.ids[place] for place in places], known.version or None)
    return Found(
        ProductListing(tuple(cards), total, page, max(1, -(-total // PAGE_SIZE))),
        chosen,
        facet_choices(known, within, chosen),
    )


def listing(
    *,
    now: datetime,
    q: str = "",
    sort: str = "",
    page: int = 1,
    collection: str | None = None,
) -> ProductListing:
    """Return one page of public products that nobody has narrowed."""
    return find(now=now, q=q, sort=sort, page=page, collection=collection).listing


def _searched(known: Register, q: str, now: datetime) -> Sequence[Place]:
    return [known.places[number] for number in search(q, now=now) if number in known.places]


def _scope(
    known: Register, best_first: Sequence[Place] | None, collection: str | None
) -> tuple[int, Sequence[Place]]:
    """Return among which products we look, and the order that nobody needs to ask for."""
    if collection is None:
        if best_first is None:
            return -1, known.order(SORTS[0])
        return bits_of(best_first), best_first
    section = known.section(collection)
    if section is None:
        # Its own question knows how to say so.
        collection_link(collection)
        raise NotFoundError(f"no published collection {collection!r}")
    if best_first is None:
        return section.bits, section.places
    return section.bits & bits_of(best_first), best_first
