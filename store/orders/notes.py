"""What staff write beside an order for each other; no reader sees it."""

from store.clock import Clock
from store.errors import InvalidError
from store.orders.lifecycle import note
from store.orders.models import Order, OrderEvent

NOTE = "note"
LONGEST_NOTE = 2_000


class BlankNoteError(InvalidError):
    """A note says something."""


def write_note(order: Order, text: str, clock: Clock, *, actor: str) -> OrderEvent:
    """Put a note on the timeline; flushes only."""
    kept = text.strip()[:LONGEST_NOTE]
    if not kept:
        raise BlankNoteError("a note says something")
    return note(order, NOTE, clock, actor=actor[:80], text=kept)
