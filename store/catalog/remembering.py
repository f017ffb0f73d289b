"""Keeps what pages show again and again of products, until the public version rises.

Cards are kept until a price changes by itself as well, and kin until a product appears or ends.
"""

from collections.abc import Hashable
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from store.catalog.presenting import ProductCard
from store.catalog.resembling import Kinship
from store.database import db, may_keep

MOST_CARDS = 2_000
MOST_KIN = 1_000

Cards = dict[int, ProductCard | None]
"""Cards by product; none for a product that has nothing to sell."""
Kept = TypeVar("Kept")


class State(NamedTuple):
    """What cards are as old as: the public version, and when a price last changed by itself."""

    version: int | None
    price_moment: datetime | None


class Shelf(Generic[Kept]):
    """What is kept by product of each database, all of one state; another state empties it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: WeakKeyDictionary[Engine | Connection, tuple[Hashable, dict[int, Kept]]] = (
            WeakKeyDictionary()
        )

    def as_of(self, version: int | None, moment: datetime | None) -> dict[int, Kept]:
        """Return what is kept as of a state; what is read after the state may be added to it.

        A shop that has never changed in public has no version: then nothing is kept, nor where it
        is not what readers see now.
        """
        session = db.session()
        if version is None or not may_keep(session):
            return {}
        bind, state = session.get_bind(), (version, moment)
        held_state, kept = self._held.get(bind, (None, {}))
        if held_state != state or len(kept) > self._most:
            kept = {}
            self._held[bind] = (state, kept)
        return kept

    def clear(self) -> None:
        self._held.clear()


_cards: Shelf[ProductCard | None] = Shelf(MOST_CARDS)
_kin: Shelf[Kinship] = Shelf(MOST_KIN)


def cards_of(state: State | None) -> Cards:
    """Return the cards that are remembered of a state."""
    return {} if state is None else _cards.as_of(state.version, state.price_moment)


def kin_of(version: int | None, publication: datetime | None) -> dict[int, Kinship]:
    """Return who goes with which product, as of when one last appeared or ended by itself."""
    return _kin.as_of(version, publication)


def forget_cards() -> None:
    """Forget all of it, as when a database was replaced under its engine."""
    _cards.clear()
    _kin.clear()
