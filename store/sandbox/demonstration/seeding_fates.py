"""What becomes of an order as it grows old: paid, packed, refunded, or never paid at all."""

import random
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto

from store.orders.forgetting import UNPAID_KEPT

HOUR = timedelta(hours=1)
LOOKED_AT = timedelta(days=14)
"""How long an order stays parked at most before somebody decides."""
WAITS_FOR_REST = timedelta(days=8)


class Fate(StrEnum):
    EXPIRED = auto()
    CANCELLED = auto()
    PARKED = auto()
    WAITS = auto()
    PARTLY_SHIPPED = auto()
    SHIPPED = auto()
    GIVEN_UP = auto()
    """All money back before anything was sent."""
    SENT_BACK = auto()
    """All money back, the goods too."""
    SOME_BACK = auto()
    """A tenth of the price back, for a fault."""
    LINE_BACK = auto()
    """One line's money back, its goods too."""


PAID_FATES = {
    Fate.SHIPPED: 915,
    Fate.GIVEN_UP: 25,
    Fate.SENT_BACK: 10,
    Fate.SOME_BACK: 30,
    Fate.LINE_BACK: 20,
}


@dataclass(frozen=True, slots=True)
class Course:
    """A fate with its moments, counted from when the order was placed."""

    fate: Fate
    packed_after: timedelta
    refunded_after: timedelta


def course_of(age: timedelta, chance: random.Random) -> Course:
    """Return what happened to an order of this age; what would lie ahead has not happened yet."""
    packed, drawn = chance.uniform(8, 60) * HOUR, chance.random()
    refunded = packed + chance.uniform(5, 20) * 24 * HOUR
    course = Course(_fate(age, packed, drawn, chance), packed, refunded)
    if course.fate == Fate.GIVEN_UP:
        return Course(course.fate, packed, packed / 2)
    if course.fate in PAID_FATES and age <= refunded:
        return Course(Fate.SHIPPED, packed, refunded)
    return course


def _fate(age: timedelta, packed: timedelta, drawn: float, chance: random.Random) -> Fate:
    # The shop forgets what was never paid: older ones would be swept away the next day.
    if age < UNPAID_KEPT - 24 * HOUR and drawn < 0.10:
        return Fate.EXPIRED if drawn < 0.08 else Fate.CANCELLED
    if age < LOOKED_AT and drawn > 0.99:
        return Fate.PARKED
    if age <= packed + HOUR:
        return Fate.WAITS
    if age < WAITS_FOR_REST and drawn > 0.85:
        return Fate.PARTLY_SHIPPED
    return chance.choices(list(PAID_FATES), list(PAID_FATES.values()))[0]
