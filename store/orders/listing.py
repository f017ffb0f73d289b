"""Lists of orders for staff: saved views, filters and search, quick however many orders there are.

What narrows a list is a set of orders: those with units left, with a refund under way, with these
words. A small set is named id by id, so that the database looks at nothing else; from a large one
the newest orders are soon found by walking down the list. Databases guess wrong which set is small.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    exists,
    false,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute, load_only, selectinload

from store.database import db
from store.orders.ahead.served import orders_held_back
from store.orders.lifecycle import FulfilmentStatus
from store.orders.models import (
    HAS_UNITS_LEFT,
    IS_UNDER_WAY,
    OPEN_STATES,
    Order,
    OrderLine,
    OrderState,
    Refund,
)
from store.orders.search_index import is_on_sqlite
from store.orders.searching import matching
from store.settings import Settings

FEW = 1_000
"""Ids of a set that are named one by one."""
FEW_TO_SHIP = 20_000
"""What waits longest lies far down, behind all that was sent since: a whole drop fits in here."""
MOST_COUNTED = 100
"""Nobody needs to know more than that there are a hundred."""
KEYS = (Order.placed_at, Order.id)

Ids = Select[int]


class View(StrEnum):
    """A list that is looked at every day."""

    TO_SHIP = "to_ship"
    PARKED = "parked"
    OPEN = "open"
    REFUNDS = "refunds"
    ALL = "all"

    @property
    def is_oldest_first(self) -> bool:
        """Whoever waits for a parcel longest comes first; elsewhere the newest does."""
        return self is View.TO_SHIP


class Parcels(StrEnum):
    """How far the parcels of paid orders are."""

    WAITING = FulfilmentStatus.WAITING
    PARTLY_SHIPPED = FulfilmentStatus.PARTLY_SHIPPED
    SHIPPED = FulfilmentStatus.SHIPPED


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders: a view, and what narrows it; days are of the shop's zone, both included."""

    view: View = View.ALL
    state: OrderState | None = None
    parcels: Parcels | None = None
    since: date | None = None
    until: date | None = None
    goods: str = ""
    story: str = ""
    words: str = ""
    may_search_people: bool = True

    @property
    def is_narrowed(self) -> bool:
        named = (self.state, self.parcels, self.since, self.until, self.goods, self.story)
        return any(named) or bool(self.words)


def listed(wanted: Wanted, settings: Settings) -> Select[Order]:
    """Select the orders of a list with what its rows show, unordered; KEYS order it."""
    return (
        select(Order)
        .where(*_conditions(wanted, settings))
        .options(
            load_only(*SHOWN, raiseload=True),
            selectinload(Order.lines),
            selectinload(Order.payments),
            selectinload(Order.readdressings),
        )
    )


def numbered(wanted: Wanted, settings: Settings) -> Select[str]:
    """Select the numbers of the orders of a list, for whoever shows no row of it; unordered."""
    return select(Order.number).where(*_conditions(wanted, settings))


def counted(view: View, settings: Settings) -> int:
    """Return how many orders a view has, at most MOST_COUNTED."""
    some = select(Order.id).where(*_conditions(Wanted(view), settings)).limit(MOST_COUNTED)
    return db.session.scalars(select(func.count()).select_from(some.subquery())).one()


SHOWN: Sequence[InstrumentedAttribute[object]] = (
    Order.number,
    Order.state,
    Order.currency,
    Order.total_minor,
    Order.name,
    Order.phone,
    Order.address,
    Order.is_gift,
    Order.note,
    Order.placed_at,
    Order.shipping_kind,
    Order.ready_at,
)
"""Whole orders are large: each holds the exact request for its pay page.

A row that asks for more raises, or each of fifty would ask the database once.
"""


def _conditions(wanted: Wanted, settings: Settings) -> list[ColumnElement[bool]]:
    found = [*_states(wanted), *_days(wanted, settings)]
    if wanted.story:
        found.append(Order.article == wanted.story)
    if wanted.parcels is Parcels.SHIPPED:
        found += [Order.id.not_in(_with_units_left()), _has_shipped()]
    elif wanted.parcels is Parcels.PARTLY_SHIPPED:
        found.append(_has_shipped())
    elif wanted.parcels is Parcels.WAITING:
        found.append(~_has_shipped())
    return [*found, *_within(_sets(wanted))]


def _states(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.view is View.TO_SHIP or wanted.parcels is not None:
        yield Order.state == OrderState.PAID
    elif wanted.view is View.PARKED:
        yield Order.state == OrderState.PARKED
    elif wanted.view is View.OPEN:
        yield Order.state.in_(OPEN_STATES)
    if wanted.state is not None:
        yield Order.state == wanted.state


def _days(wanted: Wanted, settings: Settings) -> Iterator[ColumnElement[bool]]:
    if wanted.since is not None:
        yield Order.placed_at >= _midnight(wanted.since, settings)
    if wanted.until is not None and wanted.until < date.max:
        yield Order.placed_at < _midnight(wanted.until + timedelta(days=1), settings)


def _midnight(day: date, settings: Settings) -> datetime:
    return datetime.combine(day, time(), tzinfo=settings.zone)


def _sets(wanted: Wanted) -> Iterator[tuple[Ids, int]]:
    is_unsent = wanted.parcels in {Parcels.WAITING, Parcels.PARTLY_SHIPPED}
    if wanted.view is View.TO_SHIP:
        yield _with_units_here(), FEW_TO_SHIP
    elif is_unsent:
        yield _with_units_left(), FEW_TO_SHIP
    if wanted.view is View.REFUNDS:
        yield select(Refund.order_id).where(text(IS_UNDER_WAY)).distinct(), FEW
    for words, goods_only in ((wanted.goods, True), (wanted.words, not wanted.may_search_people)):
        if words:
            matched = matching(words, goods_only=goods_only)
            yield (select(Order.id).where(false()) if matched is None else matched), FEW


def _with_units_left() -> Ids:
    return select(OrderLine.order_id).where(text(HAS_UNITS_LEFT)).distinct()


def _with_units_here() -> Ids:
    """Leave out what waits for a delivery alone: nobody can pack it yet."""
    held_back = orders_held_back()
    if not held_back:
        return _with_units_left()
    return _with_units_left().where(~is_one_of(held_back, OrderLine.order_id))


def _has_shipped() -> ColumnElement[bool]:
    return exists().where(OrderLine.order_id == Order.id, OrderLine.shipped > 0)


def _within(sets: Iterable[tuple[Ids, int]]) -> Iterator[ColumnElement[bool]]:
    named: set[int] | None = None
    for ids, few in sets:
        some = set(db.session.scalars(ids.limit(few + 1)))
        if len(some) > few:
            yield _is_found_on_the_way(ids)
        else:
            named = some if named is None else named & some
    if named is not None:
        yield is_one_of(named)


def _is_found_on_the_way(ids: Ids) -> ColumnElement[bool]:
    """Have the database walk down the list and ask of each order, instead of sorting the set."""
    if is_on_sqlite():
        # A sum has no index, so that the ids cannot lead.
        return (Order.id + 0).in_(ids)
    (order_id,) = ids.selected_columns
    # What has an offset is asked row by row.
    return ids.where(order_id == Order.id).correlate(Order).offset(0).exists()


def is_one_of(
    ids: Collection[int], column: InstrumentedAttribute[int] = Order.id
) -> ColumnElement[bool]:
    """Name them in one parameter: thousands of them would take longer to bind than to look up."""
    if is_on_sqlite():
        named = func.json_each(json.dumps(sorted(ids))).table_valued("value")
        return column.in_(select(named.c.value))
    return column.in_(select(func.unnest(literal(sorted(ids), ARRAY(Integer)))))
