"""Looks at each entry of the audit that a test leaves: a page has to say all of it in words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import event

from store.staff.changes import ACTS, FIELDS, PARTS, UNDONE
from store.staff.models import AuditEntry
from store.staff.value_words import CHOICES, MOMENTS, TOLD

INVENTED = "thing"
"""The kind that tests of the audit itself make up."""
OF_CODE = re.compile(r"[a-z]+(?:[._][a-z]+)+")
FREE_TEXT = frozenset({"body", "closing", "code", "name", "opening", "rule", "subject", "title"})


@contextmanager
def heard() -> Iterator[list[str]]:
    """Give what entries of a while have no words for."""
    found: list[str] = []

    def hear(_mapper: object, _connection: object, entry: AuditEntry) -> None:
        if entry.kind != INVENTED:
            found.extend(unsaid(entry))

    event.listen(AuditEntry, "before_insert", hear)
    try:
        yield found
    finally:
        event.remove(AuditEntry, "before_insert", hear)


def unsaid(entry: AuditEntry) -> list[str]:
    """Return the act, the fields and the values of an entry that have no words of their own."""
    acts = [] if {entry.act, entry.act.removesuffix(UNDONE)} & {*ACTS} else [entry.act]
    values = [*(entry.before or {}).items(), *(entry.after or {}).items()]
    return acts + [
        f"{entry.kind}: {name}: {value!r}"
        for name, value in values
        if name not in PARTS and not (name in FIELDS and _is_said(entry.kind, name, value))
    ]


def _is_said(kind: str, name: str, value: Any) -> bool:
    match value:
        case {"minor": int(), "currency": str()}:
            return True
        case dict():
            return False
        case list():
            return all(_is_said(kind, name, part) for part in value)
        case str() if value:
            return _is_text_said(kind, name, value)
        case _:
            return True


def _is_text_said(kind: str, name: str, text: str) -> bool:
    if (kind, name) in CHOICES:
        return text in CHOICES[kind, name]
    if (kind, name) in TOLD or name in MOMENTS or name in FREE_TEXT:
        return True
    return not OF_CODE.fullmatch(text) and not _is_moment(text)


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return "T" in text
