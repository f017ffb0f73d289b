"""Rows by the ten thousand: numbers given beforehand, written table by table in large parts."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import count
from typing import Any

from sqlalchemy import cast, func, insert, select
from sqlalchemy.dialects.postgresql import REGCLASS

from store.database import Model, db

AT_ONCE = 5_000

Row = dict[str, Any]


class Pile:
    """Rows that wait to be written, and are written in the order in which they refer."""

    def __init__(self) -> None:
        self._rows: dict[type[Model], list[Row]] = defaultdict(list)

    def add(self, model: type[Model], **values: Any) -> None:
        self._rows[model].append(values)

    def write(self) -> None:
        """Write everything in the open scope; tables in the order in which they were first named.

        Rows of a table all name the same columns: one statement writes them.
        """
        connection = db.session.connection()
        for model, rows in self._rows.items():
            for start in range(0, len(rows), AT_ONCE):
                connection.execute(
                    insert(model.metadata.tables[model.__tablename__]),
                    rows[start : start + AT_ONCE],
                )
            rows.clear()


def new_ids(model: type[Model]) -> Iterator[int]:
    """Yield ids that no row has, rising, as long as the open writing scope lasts."""
    table = model.metadata.tables[model.__tablename__]
    if db.session.get_bind().dialect.name == "sqlite":
        yield from count((db.session.scalar(select(func.max(table.c.id))) or 0) + 1)
    sequence = cast(func.pg_get_serial_sequence(f'"{table.name}"', "id"), REGCLASS)
    while True:
        numbers = select(func.nextval(sequence)).select_from(func.generate_series(1, AT_ONCE))
        yield from db.session.scalars(numbers).all()
