"""Keeps the cards of products until the public version rises: many listings show the same ones."""

from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from store.catalog.presenting import ProductCard
from store.database import WRITING, db

MOST_CARDS = 2_000

Cards = dict[int, ProductCard | None]
"""Cards by product; none for a product that has nothing to sell."""

_held: WeakKeyDictionary[Engine | Connection, tuple[int, Cards]] = WeakKeyDictionary()


def cards_of(version: int | None) -> Cards:
    """Return what is remembered of a version; what is read after the version may be kept there.

    A shop that has never changed in public has no version, and inside a writing scope there may be
    changes that nobody sees yet: then nothing is kept.
    """
    session = db.session()
    if version is None or session.info.get(WRITING):
        return {}
    bind = session.get_bind()
    held_version, cards = _held.get(bind, (None, {}))
    if held_version != version or len(cards) > MOST_CARDS:
        cards = {}
        _held[bind] = (version, cards)
    return cards


def forget_cards() -> None:
    """Forget all of them, as when a database was replaced under its engine."""
    _held.clear()
