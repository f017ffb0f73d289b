"""What is offered while somebody types into the search: products, sections, a near word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.catalog.guessing import guess
from store.catalog.presenting import ProductCard
from store.catalog.queries import shown_cards
from store.catalog.register import Shelf, register
from store.catalog.searching import search, terms_of
from store.catalog.words import words_of
from store.web.shown import shows_a_choice

MOST_PRODUCTS = 5
MOST_SECTIONS = 2


@dataclass(frozen=True, slots=True)
class Suggestions:
    cards: Sequence[ProductCard] = ()
    sections: Sequence[Shelf] = ()
    meant: str = ""

    @property
    def count(self) -> int:
        return len(self.cards) + len(self.sections) + bool(self.meant)


def suggestions(q: str, *, now: datetime) -> Suggestions:
    """Return what fits the words typed so far, at most eight things; seven queries at most."""
    terms = terms_of(q)
    if not terms:
        return Suggestions()
    shows_a_choice()
    known = register(now)
    ids = search(q, now=now, known=known.meanings)
    guessed = guess(q, len(ids), now=now, known=known.meanings)
    visible = known.visible(now)
    shown = [
        number
        for number in (ids or (guessed.product_ids if guessed else ()))
        if (place := known.places.get(number)) is not None and visible >> place & 1
    ]
    return Suggestions(
        cards=shown_cards(shown[:MOST_PRODUCTS], known.state, now=now),
        sections=[shelf for shelf in known.shelves if _begins(shelf.title, terms)][:MOST_SECTIONS],
        meant=guessed.words if guessed else "",
    )


def _begins(title: str, terms: Sequence[str]) -> bool:
    words = words_of(title)
    return all(any(word.startswith(term) for word in words) for term in terms)
