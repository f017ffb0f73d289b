"""Long lists in parts: nothing is shown twice, nothing is passed over, both ways."""

from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from store.clock import FixedClock
from store.database import db, writing
from store.staff.audit import Actor, Thing, record
from store.staff.key_set import Part, part_of
from store.staff.models import AuditEntry

READER = Actor(None, "a test")


def some_entries(clock: FixedClock, acts: list[str]) -> None:
    with writing():
        for act in acts:
            record(READER, act, Thing("thing", "1"), clock=clock)


def walked(part: Callable[[str], Part[AuditEntry]]) -> tuple[list[int], list[list[int]]]:
    """Return all ids on the way on, and each part on the way back."""
    forth, back = [part("")], []
    while forth[-1].on:
        forth.append(part(forth[-1].on))
    here = forth[-1]
    while here.back:
        here = part(here.back)
        back.append([entry.id for entry in here.rows])
    return [entry.id for one in forth for entry in one.rows], back


@pytest.mark.parametrize("is_descending", [True, False])
@pytest.mark.parametrize("number", [0, 1, 3, 4, 7, 9])
def test_each_row_is_shown_once_on_the_way_on_and_back(
    app: Flask, clock: FixedClock, number: int, *, is_descending: bool
) -> None:
    some_entries(clock, [f"act-{i % 3}" for i in range(number)])

    def part(cursor: str) -> Part[AuditEntry]:
        keys = [AuditEntry.act, AuditEntry.id]
        return part_of(select(AuditEntry), keys, cursor, is_descending=is_descending, size=3)

    shown, back = walked(part)

    expected = [
        entry.id
        for entry in sorted(
            db.session.scalars(select(AuditEntry)),
            key=lambda entry: (entry.act, entry.id),
            reverse=is_descending,
        )
    ]
    assert shown == expected
    assert [number for one in reversed(back) for number in one] == expected[: 3 * len(back)]


def test_moments_lead_on_too(app: Flask, clock: FixedClock) -> None:
    some_entries(clock, ["a", "b", "c", "d"])
    keys = [AuditEntry.at, AuditEntry.id]

    first = part_of(select(AuditEntry), keys, "", size=3)
    second = part_of(select(AuditEntry), keys, first.on, size=3)

    assert [entry.act for entry in second.rows] == ["a"]


@given(st.text(max_size=80))
def test_a_damaged_cursor_leads_to_the_start(cursor: str) -> None:
    from store.staff.key_set import _read

    assert _read(cursor, 2) is None
