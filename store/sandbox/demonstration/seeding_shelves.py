"""The ledger of a grown shop: sales and returns as they came, with the deliveries between them."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from store.database import db
from store.inventory.history import Row, rebuild_many, write_movements
from store.inventory.models import MovementKind, StockLevel
from store.sandbox.demonstration.seeding_happening import POST_ROOM

DELIVERIES = (12, 24, 24, 48, 60)
STAY_EMPTY = 0.04
STAY_SHORT = 0.03


@dataclass(frozen=True, slots=True)
class Move:
    """Units that left the shelf or came back to it for an order."""

    at: datetime
    variant_id: int
    delta: int
    number: str


class Ledger:
    """Collects what orders did to the shelves, and tells it in the order of time."""

    def __init__(self, now: datetime, chance: random.Random) -> None:
        self._now, self._chance = now, chance
        self._moves: list[Move] = []
        self._promised: Counter[int] = Counter()

    def sold(self, at: datetime, variant_id: int, units: int, number: str) -> None:
        self._moves.append(Move(at, variant_id, -units, number))

    def came_back(self, at: datetime, variant_id: int, units: int, number: str) -> None:
        self._moves.append(Move(at, variant_id, units, number))

    def promised(self, variant_id: int, units: int) -> None:
        self._promised[variant_id] += units

    def write(self, new: Sequence[int]) -> int:
        """Write every movement, then the levels that follow from them; return their number.

        What lay on a shelf before still lies there afterwards; new ones get a delivery, most of
        them.
        """
        levels = select(StockLevel.variant_id, StockLevel.on_hand)
        kept = dict(db.session.execute(levels).all())
        lying = dict(kept)
        rows = list(self._as_they_came(lying))
        rows += self._last_deliveries(kept, lying, set(new))
        write_movements(rows)
        rebuild_many(list(kept))
        return len(rows)

    def _as_they_came(self, lying: dict[int, int]) -> Iterator[Row]:
        last: dict[int, datetime] = {}
        for move in sorted(self._moves, key=lambda move: move.at):
            if lying[move.variant_id] + move.delta < 0:
                units = max(-move.delta, self._chance.choice(DELIVERIES))
                before = move.at - timedelta(hours=self._chance.uniform(4, 60))
                at = max(before, last.get(move.variant_id, before))
                lying[move.variant_id] += units
                yield _delivery(move.variant_id, units, at)
            lying[move.variant_id] += move.delta
            last[move.variant_id] = move.at
            yield _order_move(move)

    def _last_deliveries(
        self, kept: Mapping[int, int], lying: Mapping[int, int], new: AbstractSet[int]
    ) -> Iterator[Row]:
        """Yield what came in this morning, so that most promises can be kept."""
        for variant_id in sorted(kept):
            is_new = variant_id in new
            units = self._promised[variant_id] + kept[variant_id] - lying[variant_id]
            if units > 0 and is_new:
                units = (
                    0 if self._chance.random() < STAY_SHORT else units + self._chance.randrange(9)
                )
            elif is_new and not lying[variant_id] and self._chance.random() >= STAY_EMPTY:
                units = self._chance.randrange(1, 40)
            if units > 0:
                yield _delivery(variant_id, units, self._now - timedelta(hours=3))


def _delivery(variant_id: int, units: int, at: datetime) -> Row:
    return {
        "variant_id": variant_id,
        "delta": units,
        "kind": MovementKind.RECEIVE,
        "cause": "delivery",
        "actor": POST_ROOM,
        "note": "",
        "at": at,
    }


def _order_move(move: Move) -> Row:
    is_sale = move.delta < 0
    return {
        "variant_id": move.variant_id,
        "delta": move.delta,
        "kind": MovementKind.SALE if is_sale else MovementKind.RETURN,
        "cause": f"order {move.number}",
        "actor": POST_ROOM if is_sale else "store",
        "note": "",
        "at": move.at,
    }
