"""One page of products: of everything, of a section or of a search, narrowed and in an order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from store.catalog.bits import bits_of, in_order
from store.catalog.facet_values import Facet
from store.catalog.guessing import guess
from store.catalog.narrowing import (
    Chosen,
    FacetChoice,
    facet_choices,
    known_choice,
    narrowed,
)
from store.catalog.packed import Place
from store.catalog.presenting import ProductCard, ProductListing
from store.catalog.queries import collection_link, shown_cards
from store.catalog.register import Register, Shelf, register
from store.catalog.searching import search
from store.errors import NotFoundError
from store.web.shown import shows_a_choice

PAGE_SIZE = 24
SORTS = ("featured", "newest", "price", "-price", "title")
_LAST_PAGE = 1_000_000


class NoSuchPageError(NotFoundError):
    """The list has no such page; page is the number that was asked for."""

    def __init__(self, page: int) -> None:
        super().__init__(f"no page {page}")
        self.page = page


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a listing, by what it is narrowed, and by what it can be narrowed further."""

    listing: ProductListing
    chosen: Chosen = field(default_factory=dict)
    choices: tuple[FacetChoice, ...] = ()
    meant: str = ""
    """Near words that find more than what was asked for; empty where there are none."""
    is_meant: bool = False
    """Whether the page shows what the near words find, because the others find nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks of a listing; facets and values that no product has are ignored.

    An unknown sort is the default: relevance when something is searched, else the shop's own.
    """

    q: str = ""
    sort: str = ""
    page: int = 1
    collection: str | None = None
    values: Mapping[Facet, Iterable[str]] = field(default_factory=dict)
    is_literal: bool = False
    """Whether the words are meant as they are spelled."""


def find(asked: Asked, *, now: datetime) -> Found:
    """Return one page of public products.

    NoSuchPageError beyond the last, NotFoundError for no collection.
    """
    if not 1 <= asked.page <= _LAST_PAGE:
        raise NoSuchPageError(asked.page)
    if asked.collection is None:
        shows_a_choice()
    known = register(now)
    searched = _searched(known, asked, now)
    within, by_default = _scope(known, searched.best_first, asked.collection)
    within &= known.visible(now)
    chosen = known_choice(known, asked.values)
    left = narrowed(known, within, chosen)
    order = known.order(asked.sort) if asked.sort in SORTS else by_default
    return Found(
        _page(known, left, order, asked.page, now),
        chosen,
        facet_choices(known, within, chosen),
        searched.meant,
        searched.is_meant,
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
    return find(Asked(q, sort, page, collection), now=now).listing


def ways_on(limit: int, *, now: datetime) -> tuple[list[ProductCard], list[Shelf]]:
    """Return what the shop shows first, and its sections, for whoever has found nothing."""
    known = register(now)
    order = known.order(SORTS[0])
    places = in_order(known.visible(now), order, size=len(known.ids), skipped=0, most=limit)
    cards = shown_cards([known.ids[place] for place in places], known.state, now=now)
    shelves = [shelf for shelf in known.shelves if _is_filled(known, shelf)]
    return cards, shelves


def openings(
    collection_ids: Sequence[int], most: int, *, now: datetime
) -> dict[int, tuple[ProductCard, ...]]:
    """Return what each of these sections begins with, as far as readers may see it."""
    known = register(now)
    visible = known.visible(now)
    ids = {number: _first_of(known, number, visible, most) for number in collection_ids}
    wanted = list(dict.fromkeys(chain.from_iterable(ids.values())))
    cards = {card.product_id: card for card in shown_cards(wanted, known.state, now=now)}
    return {
        number: tuple(cards[product_id] for product_id in some if product_id in cards)
        for number, some in ids.items()
    }


def _first_of(known: Register, collection_id: int, visible: int, most: int) -> list[int]:
    section = known.sections.get(collection_id)
    if section is None:
        return []
    left = section.bits & visible
    places = in_order(left, section.places, size=len(known.ids), skipped=0, most=most)
    return [known.ids[place] for place in places]


def _is_filled(known: Register, shelf: Shelf) -> bool:
    section = known.sections.get(shelf.collection_id)
    return section is not None and bool(section.places)


@dataclass(frozen=True, slots=True)
class _Searched:
    """What words found; none where nothing was asked for."""

    best_first: Sequence[Place] | None = None
    meant: str = ""
    is_meant: bool = False


def _searched(known: Register, asked: Asked, now: datetime) -> _Searched:
    if not asked.q.strip():
        return _Searched()
    ids = search(asked.q, now=now, known=known.meanings)
    guessed = guess(asked.q, len(ids), now=now, known=known.meanings)
    is_meant = guessed is not None and not ids and not asked.is_literal
    shown = guessed.product_ids if guessed is not None and is_meant else ids
    places = list(known.places.of(shown))
    return _Searched(places, guessed.words if guessed else "", is_meant)


def _page(
    known: Register, left: int, order: Sequence[Place], page: int, now: datetime
) -> ProductListing:
    skipped = (page - 1) * PAGE_SIZE
    places = in_order(left, order, size=len(known.ids), skipped=skipped, most=PAGE_SIZE)
    if not places and page > 1:
        raise NoSuchPageError(page)
    total = left.bit_count()
    cards = shown_cards([known.ids[place] for place in places], known.state, now=now)
    return ProductListing(tuple(cards), total, page, max(1, -(-total // PAGE_SIZE)))


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
