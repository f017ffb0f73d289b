"""Takes over a whole ledger at once: movements and promises as rows, levels as what they sum to.

Beside store.inventory.stock and .stocktaking this is the only writer of stock levels.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import and_, case, func, insert, select, update

from store.database import Model, bump_public_version, db
from store.inventory.models import Reservation, StockLevel, StockMovement
from store.inventory.queue import called_units
from store.inventory.reservations import is_promised

_BATCH = 1_000

Row = Mapping[str, Any]


def write_promises(rows: Iterable[Row]) -> None:
    """Add reservations as they stand; rebuild_many() reckons their levels afterwards."""
    _insert(Reservation, rows)


def write_movements(rows: Iterable[Row]) -> None:
    """Add movements, the oldest first; rebuild_many() reckons their levels afterwards."""
    _insert(StockMovement, rows)


def rebuild_many(variant_ids: Sequence[int]) -> None:
    """Set the levels that these variants have from ledger and promises; what lacks is short.

    Nothing of a ledger that is taken over is expected: no level of it counts what is to come.
    """
    moved = (
        select(func.coalesce(func.sum(StockMovement.delta), 0))
        .where(StockMovement.variant_id == StockLevel.variant_id)
        .scalar_subquery()
    )
    promised = (
        select(func.coalesce(func.sum(Reservation.quantity), 0))
        .where(and_(Reservation.variant_id == StockLevel.variant_id, is_promised()))
        .scalar_subquery()
    )
    kept = promised + called_units(StockLevel.variant_id)
    is_short = ~StockLevel.may_oversell & (kept > moved)
    for batch in _batches(sorted(variant_ids)):
        db.session.execute(
            update(StockLevel)
            .where(StockLevel.variant_id.in_(batch))
            .values(
                on_hand=moved,
                reserved=kept,
                shortage=case((is_short, kept - moved), else_=0),
            )
            .execution_options(synchronize_session=False)
        )
    bump_public_version()


def _insert(model: type[Model], rows: Iterable[Row]) -> None:
    connection, table = db.session.connection(), model.metadata.tables[model.__tablename__]
    for batch in _batches(rows):
        connection.execute(insert(table), batch)


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
