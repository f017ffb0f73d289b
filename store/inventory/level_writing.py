"""The only writer of stock levels: each change is one conditional UPDATE, with CHECKs behind it.

What a change means for readers and orders stands in `stock`; nobody else writes a level.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    case,
    false,
    func,
    select,
    true,
    update,
)

from store.clock import Clock
from store.database import bump_public_version, db, insert_into
from store.inventory.models import MovementKind, Reservation, StockLevel, StockMovement
from store.inventory.queue import call_next, called_units
from store.inventory.reservations import is_promised

Units = SQLColumnExpression[int]
Uncounted = SQLColumnExpression[int | None]
LOW_STOCK = 3
"""From this many units down readers are told how many are left, so that each one is news."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a change left on a level."""

    shortage: int


def change(
    variant_id: int,
    *,
    on_hand: int = 0,
    reserved: int = 0,
    came: int = 0,
    guard: ColumnElement[bool] | None = None,
    calls: bool = True,
) -> Standing | None:
    """Move a level in one statement; None when it is not tracked or the guard refuses.

    came are units of a delivery that was expected. What becomes free belongs to the queue first.
    """
    lying, promised = StockLevel.on_hand + on_hand, StockLevel.reserved + reserved
    coming = _less(StockLevel.to_come, came) if came else StockLevel.to_come
    row = db.session.execute(
        update(StockLevel)
        .where(StockLevel.variant_id == variant_id, true() if guard is None else guard)
        .values(
            on_hand=lying,
            reserved=promised,
            to_come=coming,
            shortage=shortage_of(lying, promised, coming),
        )
        .returning(
            StockLevel.on_hand,
            StockLevel.reserved,
            StockLevel.shortage,
            StockLevel.to_come,
            StockLevel.may_oversell,
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    available = row.on_hand - row.reserved
    before = available - on_hand + reserved
    ahead = row.to_come if row.may_oversell else None
    if _told(available, ahead) != _told(before, ahead) or (came and ahead is not None):
        bump_public_version()
    sellable = None if row.may_oversell and ahead is None else available + (ahead or 0)
    if calls and available > before and sellable is not None and sellable > 0:
        call_for(variant_id, sellable)
    return Standing(row.shortage)


def call_for(variant_id: int, units: int) -> None:
    called = call_next(variant_id, units)
    if called:
        change(variant_id, reserved=called)


def _told(available: int, ahead: int | None) -> tuple[int, bool]:
    """Reduce a number to what pages say of it: sold out, one to three left, or in stock.

    And whether what may be sold ahead of its delivery is sold, where that is counted.
    """
    is_out_of_promises = ahead is not None and available + ahead <= 0
    return min(max(available, 0), LOW_STOCK + 1), is_out_of_promises


def _less(units: Uncounted, came: int) -> ColumnElement[int | None]:
    """Take off what came; what nobody counts stays uncounted."""
    return case((units > came, units - came), (units.is_not(None), 0), else_=None)


def shortage_of(
    on_hand: Units, reserved: Units, to_come: Uncounted | None = None
) -> ColumnElement[int]:
    """Return the promises that nothing covers: neither the shelf nor what may be sold ahead."""
    coming = StockLevel.to_come if to_come is None else to_come
    covered = on_hand + case((StockLevel.may_oversell, func.coalesce(coming, 0)), else_=0)
    is_unlimited = and_(StockLevel.may_oversell, coming.is_(None))
    return case((is_unlimited, 0), (reserved > covered, reserved - covered), else_=0)


def sums_of(variant_id: int) -> tuple[ColumnElement[int], ColumnElement[int]]:
    moved = select(func.coalesce(func.sum(StockMovement.delta), 0)).where(
        StockMovement.variant_id == variant_id
    )
    promised = select(func.coalesce(func.sum(Reservation.quantity), 0)).where(
        and_(Reservation.variant_id == variant_id, is_promised())
    )
    return moved.scalar_subquery(), promised.scalar_subquery() + called_units(variant_id)


def started(variant_id: int) -> StockLevel:
    """Return the level, begun from the ledger when the variant was not tracked until now."""
    level = level_of(variant_id)
    if level is not None:
        return level
    on_hand, reserved = sums_of(variant_id)
    short = case((reserved > on_hand, reserved - on_hand), else_=0)
    values = {"on_hand": on_hand, "reserved": reserved, "shortage": short}
    fresh = insert_into(StockLevel).values(variant_id=variant_id, may_oversell=false(), **values)
    db.session.execute(fresh.on_conflict_do_nothing())
    bump_public_version()
    return levels([variant_id])[variant_id]


def write_level(variant_id: int, **values: object) -> None:
    db.session.execute(
        update(StockLevel)
        .where(StockLevel.variant_id == variant_id)
        .values(values)
        .execution_options(synchronize_session=False)
    )


def record(
    variant_id: int,
    delta: int,
    kind: MovementKind,
    cause: str,
    *,
    actor: str,
    clock: Clock,
    note: str = "",
) -> None:
    db.session.add(
        StockMovement(
            variant_id=variant_id,
            delta=delta,
            kind=kind,
            cause=cause,
            actor=actor,
            note=note,
            at=clock.now(),
        )
    )


def lock(variant_id: int) -> StockLevel | None:
    """Return the level, locked: nobody promises or releases a unit of it until the commit."""
    row = select(StockLevel).where(StockLevel.variant_id == variant_id).with_for_update()
    return db.session.scalars(row.execution_options(populate_existing=True)).one_or_none()


def lock_all(variant_ids: Collection[int]) -> None:
    """Take the levels that one transaction will change in several steps, in the order of all."""
    db.session.execute(
        select(StockLevel.variant_id)
        .where(StockLevel.variant_id.in_(variant_ids))
        .order_by(StockLevel.variant_id)
        .with_for_update()
    )


def levels(variant_ids: Collection[int]) -> dict[int, StockLevel]:
    """Return the levels of those variants that are tracked."""
    found = db.session.scalars(
        select(StockLevel)
        .where(StockLevel.variant_id.in_(variant_ids))
        .execution_options(populate_existing=True)
    )
    return {level.variant_id: level for level in found}


def level_of(variant_id: int) -> StockLevel | None:
    return levels([variant_id]).get(variant_id)
