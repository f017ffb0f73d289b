"""Reads columns by statements that were written once, and compiles each of them once."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, CursorResult, Dialect, Executable

from store.database import db

PART = 2_000


class _Compiled:
    """What one statement was compiled to, in the place of SQLAlchemy's cache of all statements.

    That one finds a statement by all of its parts, and the longest of ours have thousands.
    """

    __slots__ = ("_compiled",)

    def __init__(self) -> None:
        self._compiled: object = None

    def get(self, _key: object) -> object:
        return self._compiled

    def __setitem__(self, _key: object, compiled: object) -> None:
        self._compiled = compiled


_Options = Mapping[str, _Compiled]
_compiled: WeakKeyDictionary[Executable, WeakKeyDictionary[Dialect, _Options]] = WeakKeyDictionary()


def read(statement: Executable, **given: Any) -> Sequence[Any]:
    """Read columns by a statement that was written once, with what is given for its parameters.

    One that is written anew for each reading is compiled anew each time as well.
    """
    # On the connection: the session would prepare for objects where only columns are read.
    return _execute(db.session.connection(), statement, given).all()


def read_in_parts(statement: Executable, **given: Any) -> Iterator[Any]:
    """Read as `read` does where rows are as many as products: never all of them in memory."""
    result = _execute(db.session.connection(), statement, given)
    return chain.from_iterable(result.partitions(PART))


def _execute(
    connection: Connection, statement: Executable, given: Mapping[str, Any]
) -> CursorResult[Any]:
    of_statement = _compiled.get(statement)
    if of_statement is None:
        of_statement = _compiled[statement] = WeakKeyDictionary()
    options = of_statement.get(connection.dialect)
    if options is None:
        options = of_statement[connection.dialect] = {"compiled_cache": _Compiled()}
    return connection.execute(statement, given, execution_options=options)
