"""One order of a grown shop: what became of each line, and of the money."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.money import smallest_charge_step
from store.orders.models import OrderState
from store.sandbox.demonstration.seeding_buying import Bought, Purchase
from store.sandbox.demonstration.seeding_fates import Course, Fate

PAYS_AFTER = timedelta(minutes=4)
STATES = {
    Fate.EXPIRED: OrderState.EXPIRED,
    Fate.CANCELLED: OrderState.CANCELLED,
    Fate.PARKED: OrderState.PARKED,
    Fate.GIVEN_UP: OrderState.REFUNDED,
    Fate.SENT_BACK: OrderState.REFUNDED,
}
UNPAID = frozenset({Fate.EXPIRED, Fate.CANCELLED})
UNSENT = UNPAID | {Fate.PARKED, Fate.WAITS, Fate.GIVEN_UP}
POST_ROOM = "Sam in the post room"
RETURNS = frozenset({Fate.SENT_BACK, Fate.LINE_BACK})
Step = tuple[datetime, str, str, dict[str, object]]
"""When, what, who, and what else is known."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line on its way into the database, and what became of its units."""

    id: int
    bought: Bought
    shipped: int
    cancelled: int
    returned: int


@dataclass(frozen=True, slots=True)
class Happening:
    """One order with all that is known of it before it is written."""

    id: int
    number: str
    purchase: Purchase
    course: Course
    placed_at: datetime
    article: str
    lines: tuple[Line, ...]

    @property
    def fate(self) -> Fate:
        return self.course.fate

    @property
    def state(self) -> OrderState:
        return STATES.get(self.fate, OrderState.PAID)

    @property
    def is_paid(self) -> bool:
        return self.fate not in UNPAID

    @property
    def is_sent(self) -> bool:
        return any(line.shipped for line in self.lines)

    @property
    def paid_at(self) -> datetime:
        return self.placed_at + PAYS_AFTER

    @property
    def packed_at(self) -> datetime:
        return self.placed_at + self.course.packed_after

    @property
    def refunded_at(self) -> datetime:
        return self.placed_at + self.course.refunded_after

    @property
    def changed_at(self) -> datetime:
        """When the last thing happened to it."""
        if not self.is_paid:
            return self.placed_at + timedelta(minutes=50)
        if self.refunds_something:
            return self.refunded_at
        return self.packed_at if self.is_sent else self.paid_at

    @property
    def refunds_something(self) -> bool:
        return self.fate in {Fate.GIVEN_UP, Fate.SENT_BACK, Fate.SOME_BACK, Fate.LINE_BACK}

    def refund_minor(self, currency: str) -> int:
        """Return what went back."""
        match self.fate:
            case Fate.GIVEN_UP | Fate.SENT_BACK:
                return self.purchase.total_minor
            case Fate.SOME_BACK:
                step = smallest_charge_step(currency)
                return max(step, self.purchase.total_minor // 10 // step * step)
            case Fate.LINE_BACK:
                return self.lines[0].bought.total_minor
            case _:
                return 0


def lines_of(purchase: Purchase, fate: Fate, ids: list[int]) -> tuple[Line, ...]:
    """Return the lines as the fate of their order left them."""
    return tuple(
        _line(number, bought, fate, is_first=place == 0)
        for place, (number, bought) in enumerate(zip(ids, purchase.lines, strict=True))
    )


def steps(it: Happening, currency: str) -> Iterator[Step]:
    """Yield the timeline, in the words of the shop's own verbs."""
    yield it.placed_at, "placed", "store", {}
    if not it.is_paid:
        yield it.changed_at, "expired" if it.fate == Fate.EXPIRED else "went_back", "store", {}
        return
    if it.fate == Fate.PARKED:
        yield it.paid_at, "parked", "store", {"reasons": [parked_reason(it)]}
        return
    yield it.paid_at, "paid", "store", {}
    if it.is_sent:
        units = sum(line.shipped for line in it.lines)
        yield it.packed_at, "shipped", POST_ROOM, {"units": units}
    if it.refunds_something:
        money: dict[str, object] = {"amount_minor": it.refund_minor(currency)}
        yield it.refunded_at, "refund_asked", POST_ROOM, money
        yield it.refunded_at, "refund_succeeded", "store", money
    if it.state == OrderState.REFUNDED:
        yield it.refunded_at, "refunded", "store", {}


def parked_reason(it: Happening) -> str:
    """Return why somebody must look at it; empty where nobody must."""
    country = it.purchase.person.address.country
    elsewhere = f"the parcel would go to {country}, outside what was paid for"
    return elsewhere if it.fate == Fate.PARKED else ""


def _line(number: int, bought: Bought, fate: Fate, *, is_first: bool) -> Line:
    units = bought.quantity
    if fate == Fate.GIVEN_UP:
        return Line(number, bought, 0, units, 0)
    if fate in UNSENT or (fate == Fate.PARTLY_SHIPPED and not is_first):
        return Line(number, bought, 0, 0, 0)
    is_back = fate == Fate.SENT_BACK or (fate == Fate.LINE_BACK and is_first)
    return Line(number, bought, units, 0, units if is_back else 0)
