"""Parts of long lists by keys instead of offsets: the last part costs what the first does."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BinasciiError
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from store.database import db

SIZE = 50
LONGEST_CURSOR = 600
ON, BACK = "on", "back"

T = TypeVar("T")
Key = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """Some rows of a list in its order, and the cursors that lead on and back; empty at an end."""

    rows: Sequence[T]
    on: str = ""
    back: str = ""


@dataclass(frozen=True, slots=True)
class _Cursor:
    direction: str
    values: tuple[Any, ...]


def part_of(
    statement: Select[*tuple[Any, ...]],
    keys: Sequence[Key],
    cursor: str,
    *,
    is_descending: bool = True,
    size: int = SIZE,
) -> Part[Any]:
    """Return the part of a selection that a cursor leads to; a damaged cursor leads to the start.

    Keys order the list and end with something unique; none of them may be NULL, and all run in one
    direction. Rows of a selection of one thing are that thing, else they are tuples.
    """
    asked = _read(cursor, len(keys))
    is_back = asked is not None and asked.direction == BACK
    goes_down = is_descending != is_back
    ordered = [key.desc() if goes_down else key.asc() for key in keys]
    wanted = statement.add_columns(*keys).order_by(*ordered).limit(size + 1)
    if asked is not None:
        here = tuple_(*(literal(v, k.type) for v, k in zip(asked.values, keys, strict=True)))
        wanted = wanted.where(tuple_(*keys) < here if goes_down else tuple_(*keys) > here)
    rows = db.session.execute(wanted).all()
    has_more = len(rows) > size
    rows = rows[:size]
    if is_back:
        rows = rows[::-1]
    return _part(
        rows, len(keys), has_on=is_back or has_more, has_back=_has_back(asked, has_more=has_more)
    )


def _has_back(asked: _Cursor | None, *, has_more: bool) -> bool:
    return asked is not None and (asked.direction == ON or has_more)


def _part(rows: Sequence[Any], width: int, *, has_on: bool, has_back: bool) -> Part[Any]:
    if not rows:
        return Part(())
    things = tuple(row[0] if len(row) == width + 1 else tuple(row[:-width]) for row in rows)
    return Part(
        things,
        on=_write(ON, rows[-1][-width:]) if has_on else "",
        back=_write(BACK, rows[0][-width:]) if has_back else "",
    )


def _write(direction: str, values: Sequence[Any]) -> str:
    plain = [{"at": v.isoformat()} if isinstance(v, datetime) else v for v in values]
    return urlsafe_b64encode(json.dumps([direction, *plain]).encode()).decode().rstrip("=")


def _read(cursor: str, width: int) -> _Cursor | None:
    if not cursor or len(cursor) > LONGEST_CURSOR:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        direction, *values = json.loads(urlsafe_b64decode(padded.encode("ascii")))
        read = tuple(_value(value) for value in values)
    except (BinasciiError, ValueError, TypeError, KeyError):
        return None
    return _Cursor(direction, read) if direction in {ON, BACK} and len(read) == width else None


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["at"])
    if not isinstance(value, int | str) or isinstance(value, bool):
        raise TypeError("a key is a number, a text or a moment")
    return value
