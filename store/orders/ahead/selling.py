"""Writes down, with an order, which of its units are sold before they are here and for when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from store.database import db
from store.orders.ahead.models import SoldAhead
from store.orders.models import OrderLine


@dataclass(frozen=True, slots=True)
class Ahead:
    """Units of a line that are not on the shelf, and the day that is told for them."""

    units: int
    ships_on: date | None


def note_ahead(lines: Iterable[tuple[OrderLine, Ahead | None]]) -> None:
    """Keep what was promised for these lines, which are in the database; flushes only."""
    for line, ahead in lines:
        if ahead is not None and ahead.units:
            db.session.add(
                SoldAhead(
                    order_line_id=line.id,
                    variant_id=line.variant_id,
                    units=ahead.units,
                    promised_on=ahead.ships_on,
                    told_on=ahead.ships_on,
                )
            )
    db.session.flush()
