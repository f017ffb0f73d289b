"""Marks many orders as sent by a list of tracking numbers: looked at first, then confirmed.

A list is kept as rows for as long as somebody looks at it, and never as a file.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import case, delete, func, select

from store.clock import Clock
from store.database import db
from store.errors import NotFoundError
from store.orders.models import Order, OrderLine, OrderState, TrackingList
from store.orders.tracking_files import RowFault, TrackingRow

KEPT = timedelta(days=1)
BATCH = 500


class Standing(StrEnum):
    """What an order says to a row that names it."""

    READY = "ready"
    UNKNOWN = "unknown"
    SHIPPED = "shipped"
    NOT_PAID = "not_paid"
    PARKED = "parked"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row beside the order that it names."""

    row: TrackingRow
    order_id: int | None
    reason: Standing | RowFault

    @property
    def is_ready(self) -> bool:
        return self.reason == Standing.READY


@dataclass(frozen=True, slots=True)
class _Found:
    order_id: int
    state: str
    left: int


def keep_list(rows: Sequence[TrackingRow], person_id: int, clock: Clock) -> TrackingList:
    """Write the rows down until they are confirmed; flushes only."""
    kept = TrackingList(made_by=person_id, rows=[_as_json(row) for row in rows], at=clock.now())
    db.session.add(kept)
    db.session.flush()
    return kept


def list_of(list_id: int, person_id: int) -> TrackingList:
    """Return a list to whoever made it; NotFoundError for anybody else."""
    found = db.session.get(TrackingList, list_id)
    if found is None or found.made_by != person_id:
        raise NotFoundError(f"no list {list_id}")
    return found


def entries_of(kept: TrackingList) -> list[Entry]:
    """Return every row with the order that it names, as that stands now."""
    rows = [_as_row(row) for row in kept.rows]
    orders = _orders([row.number for row in rows if row.fault is None])
    return [_entry(row, orders.get(row.number)) for row in rows]


def forget_rows(kept: TrackingList, lines: Collection[int]) -> None:
    """Take out what was dealt with; a list of nothing is gone. Flushes only."""
    left = [row for row in kept.rows if row["line"] not in lines]
    if any(row["fault"] is None for row in left):
        kept.rows = left
    else:
        db.session.delete(kept)
    db.session.flush()


def forget_list(kept: TrackingList) -> None:
    db.session.delete(kept)
    db.session.flush()


def forget_old_lists(clock: Clock) -> None:
    """Delete what nobody confirmed within a day; flushes only."""
    old = TrackingList.at < clock.now() - KEPT
    db.session.execute(delete(TrackingList).where(old).execution_options(synchronize_session=False))


def _entry(row: TrackingRow, found: _Found | None) -> Entry:
    if row.fault is not None:
        return Entry(row, None, row.fault)
    if found is None:
        return Entry(row, None, Standing.UNKNOWN)
    return Entry(row, found.order_id, _standing(found))


def _standing(found: _Found) -> Standing:
    match OrderState(found.state):
        case OrderState.PAID:
            return Standing.READY if found.left else Standing.SHIPPED
        case OrderState.PARKED:
            return Standing.PARKED
        case OrderState.REFUNDED:
            return Standing.REFUNDED
        case _:
            return Standing.NOT_PAID


def _orders(numbers: Sequence[str]) -> Mapping[str, _Found]:
    return dict(found for batch in _batches(numbers) for found in _looked_up(batch))


def _batches(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]


def _looked_up(numbers: Sequence[str]) -> Iterator[tuple[str, _Found]]:
    left = OrderLine.quantity - OrderLine.shipped - OrderLine.cancelled
    units = func.coalesce(func.sum(case((OrderLine.requires_shipping, left), else_=0)), 0)
    rows = db.session.execute(
        select(Order.number, Order.id, Order.state, units)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(Order.number.in_(numbers))
        .group_by(Order.number, Order.id, Order.state)
    )
    for number, order_id, state, units_left in rows:
        yield number, _Found(order_id, state, int(units_left))


def _as_json(row: TrackingRow) -> dict[str, object]:
    return {
        "line": row.line,
        "number": row.number,
        "tracking": row.tracking,
        "carrier": row.carrier,
        "fault": row.fault,
    }


def _as_row(kept: Mapping[str, object]) -> TrackingRow:
    fault, line = kept["fault"], kept["line"]
    return TrackingRow(
        line=line if isinstance(line, int) else 0,
        number=str(kept["number"]),
        tracking=str(kept["tracking"]),
        carrier=str(kept["carrier"]),
        fault=None if fault is None else RowFault(str(fault)),
    )
