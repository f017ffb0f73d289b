"""Answers whether each level is what its ledger and its reservations say."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Select, func, literal, select, union_all

from store.clock import Clock
from store.database import db
from store.inventory.models import (
    QueuePlace,
    QueueState,
    Reservation,
    StockLevel,
    StockMovement,
    StockProof,
)
from store.inventory.reservations import is_promised


@dataclass(frozen=True, slots=True)
class Difference:
    """A level that its rows do not explain; store.inventory.stock.rebuild sets it right."""

    variant_id: int
    column: str
    found: int
    explained: int


def proof() -> list[Difference]:
    """Return every level that differs: the sum of movements is on_hand, of promises reserved."""
    return [*_differences("on_hand"), *_differences("reserved")]


def prove(clock: Clock) -> StockProof:
    """Write down how many numbers differ at this moment; flushes only."""
    proved = StockProof(at=clock.now(), differences=len(proof()))
    db.session.add(proved)
    db.session.flush()
    return proved


def last_proof() -> StockProof | None:
    return db.session.scalar(select(StockProof).order_by(StockProof.id.desc()).limit(1))


def _differences(column: str) -> Iterator[Difference]:
    sums = (_moved() if column == "on_hand" else _promised()).subquery()
    found = StockLevel.on_hand if column == "on_hand" else StockLevel.reserved
    explained = func.coalesce(sums.c.units, 0)
    rows = db.session.execute(
        select(StockLevel.variant_id, found, explained)
        .outerjoin(sums, sums.c.variant_id == StockLevel.variant_id)
        .where(found != explained)
        .order_by(StockLevel.variant_id)
    )
    for variant_id, units, expected in rows:
        yield Difference(variant_id, column, units, int(expected))


def _moved() -> Select[int, int]:
    return select(StockMovement.variant_id, func.sum(StockMovement.delta).label("units")).group_by(
        StockMovement.variant_id
    )


def _promised() -> Select[int, int]:
    lines = select(Reservation.variant_id, Reservation.quantity.label("units")).where(is_promised())
    called = select(QueuePlace.variant_id, literal(1).label("units")).where(
        QueuePlace.state == QueueState.CALLED
    )
    both = union_all(lines, called).subquery()
    return select(both.c.variant_id, func.sum(both.c.units).label("units")).group_by(
        both.c.variant_id
    )
