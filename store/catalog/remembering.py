"""Keeps the cards of products until the public version rises or a price changes by itself."""

from datetime import datetime
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from store.catalog.presenting import ProductCard
from store.database import db, may_keep

MOST_CARDS = 2_000

Cards = dict[int, ProductCard | None]
"""Cards by product; none for a product that has nothing to sell."""


class State(NamedTuple):
    """What cards are as old as: the public version, and when a price last changed by itself."""

    version: int | None
    price_moment: datetime | None


_held: WeakKeyDictionary[Engine | Connection, tuple[State | None, Cards]] = WeakKeyDictionary()


def cards_of(state: State | None) -> Cards:
    """Return what is remembered of a state; what is read after the state may be kept there.

    A shop that has never changed in public has no version: then nothing is kept, nor where it is
    not what readers see now.
    """
    session = db.session()
    if state is None or state.version is None or not may_keep(session):
        return {}
    bind = session.get_bind()
    held_state, cards = _held.get(bind, (None, {}))
    if held_state != state or len(cards) > MOST_CARDS:
        cards = {}
        _held[bind] = (state, cards)
    return cards


def forget_cards() -> None:
    """Forget all of them, as when a database was replaced under its engine."""
    _held.clear()
