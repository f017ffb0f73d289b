"""Starts and counts many shelves at once, in a handful of statements: for imports and stocktakes.

Beside store.inventory.stock this is the only writer of stock levels. It locks the levels that it
counts, in the order of variants, where stock guards each of its statements.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import insert, select, update

from store.clock import Clock
from store.database import bump_public_version, db
from store.errors import InvalidError
from store.inventory import stock
from store.inventory.models import MovementKind, StockLevel, StockMovement

_BATCH = 500


def open_levels(may_oversell: Mapping[int, bool]) -> None:
    """Start empty levels for variants that have none and never had a movement or a promise."""
    rows = [
        {
            "variant_id": variant_id,
            "on_hand": 0,
            "reserved": 0,
            "shortage": 0,
            "may_oversell": may_oversell[variant_id],
        }
        for variant_id in sorted(may_oversell)
    ]
    if rows:
        db.session.execute(insert(StockLevel), rows)
        bump_public_version()


def count_many(
    counted: Mapping[int, int], *, cause: str, actor: str, clock: Clock, kind: MovementKind
) -> None:
    """Set these shelves to what was counted, each with the movement that explains it."""
    if any(units < 0 for units in counted.values()):
        raise InvalidError("nobody counts fewer than none")
    db.session.flush()
    for batch in _batches(sorted(counted)):
        moved = [
            (level, counted[level.variant_id] - level.on_hand)
            for level in _locked(batch)
            if level.on_hand != counted[level.variant_id]
        ]
        if moved:
            db.session.execute(update(StockLevel), [_as_counted(*move) for move in moved])
            explanation = {"kind": kind, "cause": cause, "actor": actor, "at": clock.now()}
            db.session.execute(
                insert(StockMovement),
                [
                    {"variant_id": level.variant_id, "delta": delta, **explanation}
                    for level, delta in moved
                ],
            )
            stock.call_waiting([level.variant_id for level, delta in moved if delta > 0])
    bump_public_version()


def _locked(variant_ids: Sequence[int]) -> list[StockLevel]:
    standing = stock.levels(variant_ids)
    for variant_id in variant_ids:
        if variant_id not in standing:
            stock.set_policy(variant_id, may_oversell=False)
    levels = db.session.scalars(
        select(StockLevel)
        .where(StockLevel.variant_id.in_(variant_ids))
        .order_by(StockLevel.variant_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(levels)


def _as_counted(level: StockLevel, delta: int) -> dict[str, int]:
    lying = level.on_hand + delta
    ahead = level.to_come if level.may_oversell else 0
    short = 0 if ahead is None else max(0, level.reserved - lying - ahead)
    return {"variant_id": level.variant_id, "on_hand": lying, "shortage": short}


def _batches(variant_ids: Sequence[int]) -> Iterator[list[int]]:
    remaining = iter(variant_ids)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
