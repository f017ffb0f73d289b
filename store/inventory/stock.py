"""The only writer of stock levels: promises units, takes promises back, ships, counts the shelf.

Each change is one conditional UPDATE, guarded by what it needs, with CHECKs behind it. A variant
that is not tracked has no level: it can always be promised, and leaves no reservation.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    case,
    delete,
    false,
    func,
    or_,
    select,
    true,
    update,
)

from store.clock import Clock
from store.database import bump_public_version, db, insert_into
from store.errors import ConflictError, InvalidError
from store.inventory.models import (
    MovementKind,
    Reservation,
    ReservationState,
    StockLevel,
    StockMovement,
)
from store.inventory.reservations import is_promised, move_on, split_off

Units = SQLColumnExpression[int]
LOW_STOCK = 3
"""From this many units down readers are told how many are left, so that each one is news."""


class OutOfStockError(ConflictError):
    """Fewer units can be promised than were wanted."""

    def __init__(self, variant_id: int, wanted: int, available: int) -> None:
        super().__init__(f"variant {variant_id}: wanted {wanted}, available {available}")
        self.variant_id = variant_id
        self.wanted = wanted
        self.available = available


class NotOnShelfError(ConflictError):
    """More units were to leave the shelf than lie on it."""

    def __init__(self, variant_id: int, wanted: int, on_hand: int) -> None:
        super().__init__(f"variant {variant_id}: {wanted} to leave, {on_hand} on hand")
        self.variant_id = variant_id
        self.wanted = wanted
        self.on_hand = on_hand


@dataclass(frozen=True, slots=True)
class HoldLine:
    variant_id: int
    quantity: int
    order_line_id: int


@dataclass(frozen=True, slots=True)
class _Standing:
    """What a change left: available is below 0 where promises outgrew the shelf."""

    available: int
    shortage: int


def hold(
    lines: Sequence[HoldLine], expires_at: datetime | None, *, holder: int | None = None
) -> None:
    """Promise all of these units or, with OutOfStockError, none; holder is the id of the cart."""
    with db.session.begin_nested():
        # In the order of variants, so that no two buyers wait for each other in a ring.
        for line in sorted(lines, key=lambda line: line.variant_id):
            _promise(line, expires_at, holder)


def allocate(order_line_ids: Collection[int]) -> frozenset[int]:
    """Turn the holds of paid lines into allocations; return the lines whose hold still stood."""
    rows = move_on(order_line_ids, ReservationState.HELD, ReservationState.ALLOCATED)
    return frozenset(order_line_id for _, _, order_line_id in rows)


def release(order_line_ids: Collection[int]) -> frozenset[int]:
    """Let go of what is held and not yet paid; return the lines that this call released.

    What is allocated stays: a sweep that comes late cannot take the goods of a paid order.
    """
    return _let_go(order_line_ids, ReservationState.HELD)


def release_allocated(order_line_ids: Collection[int]) -> frozenset[int]:
    """Let go of what a paid order will not get, because it was cancelled or refunded."""
    return _let_go(order_line_ids, ReservationState.ALLOCATED)


def give_up(order_line_id: int, quantity: int) -> None:
    """Let go of some units of a paid line; NotAllocatedError when it was not promised so many."""
    variant_id = split_off(order_line_id, quantity, ReservationState.RELEASED)
    if variant_id is not None:
        _change(variant_id, reserved=-quantity)


def take_again(order_line_ids: Collection[int]) -> dict[int, int]:
    """Allocate released lines that were paid after all; return the units missing for each of them.

    The promise is kept even where the shelf cannot cover it: the level stands short, nothing more
    is sold, and the next delivery belongs to these orders.
    """
    rows = move_on(order_line_ids, ReservationState.RELEASED, ReservationState.ALLOCATED)
    missing = {}
    for variant_id, quantity, order_line_id in rows:
        standing = _change(variant_id, reserved=quantity)
        missing[order_line_id] = min(quantity, standing.shortage) if standing else 0
    return missing


def take_units_again(order_line_id: int, quantity: int) -> int:
    """Allocate some of the units that a paid line let go of; return how many of them are missing.

    As take_again, for a line of which other units stay let go.
    """
    variant_id = split_off(
        order_line_id,
        quantity,
        ReservationState.ALLOCATED,
        before=ReservationState.RELEASED,
    )
    standing = _change(variant_id, reserved=quantity) if variant_id is not None else None
    return min(quantity, standing.shortage) if standing else 0


def ship(
    order_line_id: int, quantity: int, *, cause: str, clock: Clock, actor: str = "store"
) -> None:
    """Take allocated units off the shelf: level and promise fall together, the ledger says sale.

    Raises NotAllocatedError when the line was not promised so many, NotOnShelfError when the shelf
    holds fewer: then it wants a count first.
    """
    variant_id = split_off(order_line_id, quantity, ReservationState.SHIPPED)
    if variant_id is None:
        return
    guard = StockLevel.on_hand >= quantity
    standing = _change(variant_id, on_hand=-quantity, reserved=-quantity, guard=guard)
    if standing is not None:
        _record(variant_id, -quantity, MovementKind.SALE, cause, actor=actor, clock=clock)
    elif (level := _level(variant_id)) is not None:
        raise NotOnShelfError(variant_id, quantity, level.on_hand)


def receive(
    variant_id: int,
    quantity: int,
    *,
    cause: str,
    actor: str,
    clock: Clock,
    kind: MovementKind = MovementKind.RECEIVE,
    note: str = "",
) -> None:
    """Put units on the shelf; the first of a variant starts its level."""
    if quantity < 1:
        raise InvalidError("a delivery brings at least one unit")
    adjust(variant_id, quantity, cause=cause, actor=actor, clock=clock, kind=kind, note=note)


def returned(variant_id: int, *, cause: str) -> int:
    """Return how many units came back to the shelf for this cause."""
    units = select(func.coalesce(func.sum(StockMovement.delta), 0)).where(
        StockMovement.variant_id == variant_id,
        StockMovement.kind == MovementKind.RETURN,
        StockMovement.cause == cause,
    )
    return int(db.session.scalars(units).one())


def adjust(
    variant_id: int,
    delta: int,
    *,
    cause: str,
    actor: str,
    clock: Clock,
    kind: MovementKind = MovementKind.ADJUST,
    note: str = "",
) -> None:
    """Add or take units for a reason of ours; raise NotOnShelfError where too few lie there."""
    if delta == 0:
        raise InvalidError("an adjustment changes something")
    on_hand = _started(variant_id).on_hand
    if _change(variant_id, on_hand=delta, guard=StockLevel.on_hand + delta >= 0) is None:
        raise NotOnShelfError(variant_id, -delta, on_hand)
    _record(variant_id, delta, kind, cause, actor=actor, clock=clock, note=note)


def count(
    variant_id: int,
    counted: int,
    *,
    cause: str,
    actor: str,
    clock: Clock,
    kind: MovementKind = MovementKind.ADJUST,
    note: str = "",
) -> int:
    """Set the shelf to what was counted; return the promised units that do not lie there."""
    if counted < 0:
        raise InvalidError("nobody counts fewer than none")
    standing = None
    while standing is None:
        # The guard is the number that was read: where another change came first, read again.
        before = _started(variant_id).on_hand
        delta = counted - before
        standing = _change(variant_id, on_hand=delta, guard=StockLevel.on_hand == before)
    if delta:
        _record(variant_id, delta, kind, cause, actor=actor, clock=clock, note=note)
    return standing.shortage


def set_policy(variant_id: int, *, may_oversell: bool) -> None:
    """Say whether more may be promised than lies on the shelf; starts the level where none is."""
    if _started(variant_id).may_oversell is may_oversell:
        return
    short = _shortage(StockLevel.on_hand, StockLevel.reserved)
    _write(variant_id, may_oversell=may_oversell, shortage=0 if may_oversell else short)
    bump_public_version()


def stop_tracking(variant_id: int) -> None:
    """Forget the level of a variant that is no longer counted; its ledger stays."""
    db.session.execute(delete(StockLevel).where(StockLevel.variant_id == variant_id))
    bump_public_version()


def rebuild(variant_id: int) -> None:
    """Set the level from its ledger and its reservations, which are the truth."""
    level = select(StockLevel.variant_id).where(StockLevel.variant_id == variant_id)
    # Locked first, so that both sums are taken while no other writer changes them.
    db.session.execute(level.with_for_update())
    on_hand, reserved = _sums(variant_id)
    short = case((StockLevel.may_oversell, 0), else_=_shortage(on_hand, reserved))
    _write(variant_id, on_hand=on_hand, reserved=reserved, shortage=short)
    bump_public_version()


def lock(variant_ids: Collection[int]) -> None:
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


def _promise(line: HoldLine, expires_at: datetime | None, holder: int | None) -> None:
    free = StockLevel.on_hand - StockLevel.reserved
    guard = or_(StockLevel.may_oversell, free >= line.quantity)
    if _change(line.variant_id, reserved=line.quantity, guard=guard) is not None:
        db.session.add(
            Reservation(
                variant_id=line.variant_id,
                order_line_id=line.order_line_id,
                quantity=line.quantity,
                expires_at=expires_at,
                holder=holder,
            )
        )
    elif (level := _level(line.variant_id)) is not None:
        raise OutOfStockError(line.variant_id, line.quantity, max(0, level.available))


def _let_go(order_line_ids: Collection[int], state: ReservationState) -> frozenset[int]:
    rows = move_on(order_line_ids, state, ReservationState.RELEASED)
    for variant_id, quantity, _ in rows:
        _change(variant_id, reserved=-quantity)
    return frozenset(order_line_id for _, _, order_line_id in rows)


def _change(
    variant_id: int,
    *,
    on_hand: int = 0,
    reserved: int = 0,
    guard: ColumnElement[bool] | None = None,
) -> _Standing | None:
    """Move a level in one statement; None when it is not tracked or the guard refuses."""
    lying, promised = StockLevel.on_hand + on_hand, StockLevel.reserved + reserved
    row = db.session.execute(
        update(StockLevel)
        .where(StockLevel.variant_id == variant_id, true() if guard is None else guard)
        .values(
            on_hand=lying,
            reserved=promised,
            shortage=case((StockLevel.may_oversell, 0), else_=_shortage(lying, promised)),
        )
        .returning(StockLevel.on_hand, StockLevel.reserved, StockLevel.shortage)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    available = row.on_hand - row.reserved
    if _told(available) != _told(available - on_hand + reserved):
        bump_public_version()
    return _Standing(available, row.shortage)


def _told(available: int) -> int:
    """Reduce a number to what pages say of it: sold out, one to three left, or in stock."""
    return min(max(available, 0), LOW_STOCK + 1)


def _shortage(on_hand: Units, reserved: Units) -> ColumnElement[int]:
    return case((reserved > on_hand, reserved - on_hand), else_=0)


def _sums(variant_id: int) -> tuple[ColumnElement[int], ColumnElement[int]]:
    moved = select(func.coalesce(func.sum(StockMovement.delta), 0)).where(
        StockMovement.variant_id == variant_id
    )
    promised = select(func.coalesce(func.sum(Reservation.quantity), 0)).where(
        and_(Reservation.variant_id == variant_id, is_promised())
    )
    return moved.scalar_subquery(), promised.scalar_subquery()


def _started(variant_id: int) -> StockLevel:
    """Return the level, begun from the ledger when the variant was not tracked until now."""
    level = _level(variant_id)
    if level is not None:
        return level
    on_hand, reserved = _sums(variant_id)
    values = {"on_hand": on_hand, "reserved": reserved, "shortage": _shortage(on_hand, reserved)}
    fresh = insert_into(StockLevel).values(variant_id=variant_id, may_oversell=false(), **values)
    db.session.execute(fresh.on_conflict_do_nothing())
    bump_public_version()
    return levels([variant_id])[variant_id]


def _level(variant_id: int) -> StockLevel | None:
    return levels([variant_id]).get(variant_id)


def _write(variant_id: int, **values: object) -> None:
    db.session.execute(
        update(StockLevel)
        .where(StockLevel.variant_id == variant_id)
        .values(values)
        .execution_options(synchronize_session=False)
    )


def _record(
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
