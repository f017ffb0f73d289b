"""Promises about starting and counting many shelves at once."""

import pytest
from flask import Flask
from sqlalchemy import select

from store.clock import FixedClock
from store.database import PublicVersion, db, writing
from store.errors import InvalidError
from store.inventory import stock
from store.inventory.models import MovementKind, StockMovement
from store.inventory.proof import proof
from store.inventory.stock import HoldLine
from store.inventory.stocktaking import count_many, open_levels
from tests.builders import a_product
from tests.inventory.promises import an_order_line


def variants(clock: FixedClock, number: int, *, units: int = 10, tracked: bool = True) -> list[int]:
    with writing():
        return [
            a_product(clock, stock=units, tracked=tracked).variants[0].id for _ in range(number)
        ]


def count_shelves(counted: dict[int, int], clock: FixedClock) -> None:
    with writing():
        count_many(
            counted, cause="import a.csv", actor="import", clock=clock, kind=MovementKind.IMPORT
        )


def test_count_sets_the_shelf_and_explains_it(app: Flask, clock: FixedClock) -> None:
    more, fewer, same = variants(clock, 3)

    count_shelves({more: 12, fewer: 0, same: 10}, clock)

    levels = stock.levels([more, fewer, same])
    assert [levels[v].on_hand for v in (more, fewer, same)] == [12, 0, 10]
    moved = db.session.execute(
        select(StockMovement.variant_id, StockMovement.delta).where(
            StockMovement.kind == MovementKind.IMPORT
        )
    )
    assert {tuple(row) for row in moved} == {(more, 2), (fewer, -10)}
    assert proof() == []


def test_count_starts_the_level_of_what_was_not_counted(app: Flask, clock: FixedClock) -> None:
    (variant,) = variants(clock, 1, tracked=False)

    count_shelves({variant: 4}, clock)

    assert stock.levels([variant])[variant].on_hand == 4
    assert proof() == []


def test_count_below_what_is_promised_stands_as_shortage(app: Flask, clock: FixedClock) -> None:
    (variant,) = variants(clock, 1)
    with writing():
        line = an_order_line(variant, 6, clock)
        stock.hold([HoldLine(variant, 6, line)], clock.now())

    count_shelves({variant: 4}, clock)

    level = stock.levels([variant])[variant]
    assert (level.on_hand, level.reserved, level.shortage) == (4, 6, 2)


def test_nobody_counts_fewer_than_none(app: Flask, clock: FixedClock) -> None:
    (variant,) = variants(clock, 1)

    with pytest.raises(InvalidError):
        count_shelves({variant: -1}, clock)


def test_new_levels_are_empty_and_pages_hear_of_them(app: Flask, clock: FixedClock) -> None:
    first, second = variants(clock, 2, tracked=False)

    with writing():
        open_levels({first: False, second: True})

    levels = stock.levels([first, second])
    assert [(levels[v].on_hand, levels[v].may_oversell) for v in (first, second)] == [
        (0, False),
        (0, True),
    ]
    assert db.session.scalars(select(PublicVersion.version)).one() >= 1


def test_nothing_to_start_writes_nothing(app: Flask) -> None:
    with writing():
        open_levels({})

    assert db.session.scalars(select(PublicVersion.version)).all() == []
