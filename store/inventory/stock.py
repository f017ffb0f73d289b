"""What is done with stock: units promised, promises taken back, shipped, the shelf counted.

Each change is one conditional UPDATE, guarded by what it needs (`level_writing`). A variant that is
not tracked has no level: it can always be promised, and leaves no reservation.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    and_,
    delete,
    func,
    or_,
    select,
)

from store.clock import Clock
from store.database import bump_public_version, db
from store.errors import ConflictError, InvalidError
from store.inventory.level_writing import (
    LOW_STOCK,
    call_for,
    change,
    level_of,
    levels,
    lock,
    lock_all,
    record,
    shortage_of,
    started,
    sums_of,
    write_level,
)
from store.inventory.models import (
    MovementKind,
    Reservation,
    ReservationState,
    StockLevel,
    StockMovement,
)
from store.inventory.queue import (
    end_paid_places,
    end_waiting,
    is_called,
    may_come_back,
    start_paying,
    waited_for,
)
from store.inventory.reservations import move_on, split_off

__all__ = [
    "LOW_STOCK",
    "HoldLine",
    "NotOnShelfError",
    "OutOfStockError",
    "levels",
    "lock",
    "lock_all",
]

MOST_CALLED = 100
"""How many are called together where nothing limits them."""


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
    end_paid_places([order_line_id for _, _, order_line_id in rows])
    for variant_id in sorted({variant_id for variant_id, _, _ in rows}):
        _end_if_sold(variant_id)
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
        change(variant_id, reserved=-quantity)


def take_again(order_line_ids: Collection[int]) -> dict[int, int]:
    """Allocate released lines that were paid after all; return the units missing for each of them.

    The promise is kept even where the shelf cannot cover it: the level stands short, nothing more
    is sold, and the next delivery belongs to these orders.
    """
    rows = move_on(order_line_ids, ReservationState.RELEASED, ReservationState.ALLOCATED)
    missing = {}
    for variant_id, quantity, order_line_id in rows:
        standing = change(variant_id, reserved=quantity)
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
    standing = change(variant_id, reserved=quantity) if variant_id is not None else None
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
    standing = change(variant_id, on_hand=-quantity, reserved=-quantity, guard=guard)
    if standing is not None:
        record(variant_id, -quantity, MovementKind.SALE, cause, actor=actor, clock=clock)
    elif (level := level_of(variant_id)) is not None:
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
    on_hand = started(variant_id).on_hand
    came = delta if kind is MovementKind.RECEIVE else 0
    guard = StockLevel.on_hand + delta >= 0
    if change(variant_id, on_hand=delta, came=max(0, came), guard=guard) is None:
        raise NotOnShelfError(variant_id, -delta, on_hand)
    record(variant_id, delta, kind, cause, actor=actor, clock=clock, note=note)


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
        before = started(variant_id).on_hand
        delta = counted - before
        standing = change(variant_id, on_hand=delta, guard=StockLevel.on_hand == before)
    if delta:
        record(variant_id, delta, kind, cause, actor=actor, clock=clock, note=note)
    return standing.shortage


def set_policy(variant_id: int, *, may_oversell: bool) -> None:
    """Say whether more may be promised than lies on the shelf; starts the level where none is."""
    if started(variant_id).may_oversell is may_oversell:
        return
    # What no promise lacks is written first, so that the row is lawful before it is reckoned.
    write_level(variant_id, may_oversell=may_oversell, shortage=StockLevel.reserved)
    change(variant_id)
    bump_public_version()


def expect(variant_id: int, *, comes_on: date | None, to_come: int | None) -> None:
    """Say when units are expected and how many of them may be sold before they are here.

    Fewer than are sold already is accepted: no more are sold, and what lacks stands as shortage.
    """
    if to_come is not None and to_come < 0:
        raise InvalidError("nobody expects fewer than none")
    started(variant_id)
    write_level(variant_id, comes_on=comes_on, to_come=to_come, shortage=StockLevel.reserved)
    change(variant_id)
    bump_public_version()


def return_called(variant_id: int) -> None:
    """Let go of the unit that was kept for a place in the queue: the next in line is called."""
    change(variant_id, reserved=-1)
    _end_if_sold(variant_id)


def call_waiting(variant_ids: Collection[int]) -> None:
    """Call whoever waits for what is free by now, and end the waiting for what is sold for good."""
    for variant_id in waited_for(variant_ids):
        level = lock(variant_id)
        sellable = level.sellable if level is not None else None
        if sellable == 0:
            _end_if_sold(variant_id)
        else:
            call_for(variant_id, sellable or MOST_CALLED)


def stop_tracking(variant_id: int) -> None:
    """Forget the level of a variant that is no longer counted; its ledger stays."""
    db.session.execute(delete(StockLevel).where(StockLevel.variant_id == variant_id))
    bump_public_version()


def rebuild(variant_id: int) -> None:
    """Set the level from its ledger and its reservations, which are the truth."""
    level = select(StockLevel.variant_id).where(StockLevel.variant_id == variant_id)
    # Locked first, so that both sums are taken while no other writer changes them.
    db.session.execute(level.with_for_update())
    on_hand, reserved = sums_of(variant_id)
    write_level(
        variant_id, on_hand=on_hand, reserved=reserved, shortage=shortage_of(on_hand, reserved)
    )
    bump_public_version()


def _promise(line: HoldLine, expires_at: datetime | None, holder: int | None) -> None:
    if holder is not None:
        _use_call(line.variant_id, holder)
    free = StockLevel.on_hand - StockLevel.reserved
    ahead = or_(StockLevel.to_come.is_(None), free + StockLevel.to_come >= line.quantity)
    guard = or_(free >= line.quantity, and_(StockLevel.may_oversell, ahead))
    if change(line.variant_id, reserved=line.quantity, guard=guard) is not None:
        db.session.add(
            Reservation(
                variant_id=line.variant_id,
                order_line_id=line.order_line_id,
                quantity=line.quantity,
                expires_at=expires_at,
                holder=holder,
            )
        )
    elif (level := level_of(line.variant_id)) is not None:
        raise OutOfStockError(line.variant_id, line.quantity, level.sellable or 0)


def _use_call(variant_id: int, cart_id: int) -> None:
    """Free the unit that is kept for this cart, for the very promise that comes next."""
    if is_called(variant_id, cart_id):
        # The level first, as whoever calls the next in line does: no two wait in a ring.
        lock(variant_id)
        if start_paying(variant_id, cart_id):
            change(variant_id, reserved=-1, calls=False)


def _let_go(order_line_ids: Collection[int], state: ReservationState) -> frozenset[int]:
    rows = move_on(order_line_ids, state, ReservationState.RELEASED)
    for variant_id, quantity, _ in rows:
        change(variant_id, reserved=-quantity)
        _end_if_sold(variant_id)
    return frozenset(order_line_id for _, _, order_line_id in rows)


def _end_if_sold(variant_id: int) -> None:
    """Once no held unit can come back, readers are told of it, and those in the queue first."""
    level = lock(variant_id)
    if level is None or level.sellable != 0 or may_come_back(variant_id):
        return
    end_waiting(variant_id)
    bump_public_version()
