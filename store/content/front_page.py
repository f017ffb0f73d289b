"""Composes the front page: what staff planned, or what a good editor would lead with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.catalog.listing import openings
from store.catalog.presenting import CollectionLink, ProductCard, ProductPage
from store.catalog.queries import cards_for, collection_links, home_arrivals, product_page
from store.content.models import SectionKind
from store.content.queries import PlannedSection, home_plan
from store.web.shown import shows_collection

RAIL = 3
ARRIVALS = 8
CARDS_A_SECTION = 4


@dataclass(frozen=True, slots=True)
class Lead:
    """The story of the day: a product under a headline of its own, or under its title.

    The standfirst is Markdown: what staff wrote, or how the product's own text begins.
    """

    page: ProductPage
    headline: str
    standfirst: str


@dataclass(frozen=True, slots=True)
class FrontSection:
    """A collection on the front page with its first products."""

    link: CollectionLink
    headline: str
    standfirst: str
    cards: tuple[ProductCard, ...]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What is new; the words are empty where staff left them to the shop."""

    headline: str
    standfirst: str
    cards: tuple[ProductCard, ...]


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The front page from top to bottom; blocks stand in the order of the plan."""

    lead: Lead | None
    rail: tuple[ProductCard, ...]
    sections: tuple[FrontSection, ...]
    arrivals: Arrivals
    arrivals_after: int
    """How many sections stand above what is new."""


def front_page(*, now: datetime) -> FrontPage:
    """Compose the front page of this moment; an empty shop gives an empty one."""
    plan = home_plan()
    newest = home_arrivals(ARRIVALS + RAIL + 1, now=now)
    lead = _lead(plan, newest, now)
    others = [card for card in newest if lead is None or card.handle != lead.page.card.handle]
    sections = _sections(plan, now)
    return FrontPage(
        lead=lead,
        rail=tuple(others[:RAIL]),
        sections=sections,
        arrivals=_arrivals(plan, others[RAIL : RAIL + ARRIVALS]),
        arrivals_after=_sections_above_arrivals(plan, len(sections)),
    )


def _arrivals(plan: Sequence[PlannedSection], cards: Sequence[ProductCard]) -> Arrivals:
    planned = next((part for part in plan if part.kind == SectionKind.ARRIVALS), None)
    if planned is None:
        return Arrivals("", "", tuple(cards))
    return Arrivals(planned.headline, planned.standfirst, tuple(cards))


def _sections_above_arrivals(plan: Sequence[PlannedSection], sections: int) -> int:
    kinds = [part.kind for part in plan if part.kind != SectionKind.LEAD]
    if SectionKind.ARRIVALS not in kinds:
        return sections
    return min(kinds.index(SectionKind.ARRIVALS), sections)


def _lead(
    plan: Sequence[PlannedSection], newest: Sequence[ProductCard], now: datetime
) -> Lead | None:
    planned = next((part for part in plan if part.kind == SectionKind.LEAD), None)
    chosen = cards_for([planned.product_id], now=now) if planned and planned.product_id else []
    # A headline was written for one product; when that is gone, the newest leads under its title.
    card = next(iter([*chosen, *newest]), None)
    if card is None:
        return None
    page = product_page(card.handle, now=now)
    opening = page.body.strip().split("\n\n", 1)[0]
    if planned and chosen:
        return Lead(page, planned.headline or card.title, planned.standfirst or opening)
    return Lead(page, card.title, opening)


def _sections(plan: Sequence[PlannedSection], now: datetime) -> tuple[FrontSection, ...]:
    links = {link.collection_id: link for link in collection_links()}
    planned = [part for part in plan if part.kind == SectionKind.COLLECTION and part.collection_id]
    words = {part.collection_id: part for part in planned}
    featured = [link.collection_id for link in links.values() if link.is_featured]
    ids = [part.collection_id for part in planned] or featured or list(links)
    shown = [links[number] for number in ids if number in links]
    cards = openings([link.collection_id for link in shown], CARDS_A_SECTION, now=now)
    return tuple(
        _section(link, words.get(link.collection_id), cards[link.collection_id])
        for link in shown
        if cards[link.collection_id]
    )


def _section(
    link: CollectionLink, words: PlannedSection | None, cards: tuple[ProductCard, ...]
) -> FrontSection:
    shows_collection(link.collection_id)
    headline = words.headline if words and words.headline else link.title
    standfirst = words.standfirst if words and words.standfirst else link.standfirst
    return FrontSection(link, headline, standfirst, cards)
