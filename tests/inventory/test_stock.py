"""Promises about stock: nothing is sold twice, every number is explained."""

import pytest
from flask import Flask
from sqlalchemy import select

from store.catalog.models import StockPolicy
from store.clock import FixedClock
from store.database import PublicVersion, db, writing
from store.errors import InvalidError
from store.inventory import stock
from store.inventory.models import MovementKind, Reservation, ReservationState, StockMovement
from store.inventory.proof import Difference, proof
from store.inventory.reservations import NotAllocatedError, held_by, promised_lines
from store.inventory.stock import HoldLine, NotOnShelfError, OutOfStockError
from tests.builders import a_product
from tests.inventory.promises import an_order_line


def a_variant(clock: FixedClock, *, units: int = 10, tracked: bool = True) -> int:
    with writing():
        return a_product(clock, stock=units, tracked=tracked).variants[0].id


def held(variant_id: int, quantity: int, clock: FixedClock) -> int:
    with writing():
        line = an_order_line(variant_id, quantity, clock)
        stock.hold([HoldLine(variant_id, quantity, line)], clock.now())
    return line


def standing(variant_id: int) -> tuple[int, int, int]:
    level = stock.levels([variant_id])[variant_id]
    return level.on_hand, level.reserved, level.shortage


def version() -> int:
    return db.session.scalars(select(PublicVersion.version)).one_or_none() or 0


def test_held_units_are_promised_and_stay_on_the_shelf(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock)

    held(variant, 4, clock)

    assert standing(variant) == (10, 4, 0)


def test_more_than_available_is_refused_with_the_numbers(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock, units=3)
    held(variant, 2, clock)

    with pytest.raises(OutOfStockError) as refusal:
        held(variant, 2, clock)

    assert (refusal.value.variant_id, refusal.value.wanted, refusal.value.available) == (
        variant,
        2,
        1,
    )


def test_hold_takes_all_lines_or_none(app: Flask, clock: FixedClock) -> None:
    plenty, little = a_variant(clock, units=9), a_variant(clock, units=1)

    with writing():
        lines = [an_order_line(variant, 2, clock) for variant in (plenty, little)]
        with pytest.raises(OutOfStockError):
            stock.hold([HoldLine(plenty, 2, lines[0]), HoldLine(little, 2, lines[1])], None)

    assert standing(plenty) == (9, 0, 0)
    assert db.session.scalars(select(Reservation)).all() == []


def test_two_lines_of_one_variant_share_what_is_there(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock, units=3)

    with pytest.raises(OutOfStockError), writing():
        lines = [an_order_line(variant, 2, clock) for _ in range(2)]
        stock.hold([HoldLine(variant, 2, line) for line in lines], None)

    assert standing(variant) == (3, 0, 0)


def test_untracked_variant_is_always_promised_and_ships(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock, tracked=False)

    line = held(variant, 1_000, clock)
    with writing():
        stock.ship(line, 1_000, cause="GN-1", clock=clock)

    assert stock.levels([variant]) == {}


def test_backorder_promises_what_is_not_there(app: Flask, clock: FixedClock) -> None:
    with writing():
        product = a_product(clock, stock=1, policy=StockPolicy.BACKORDER)
        variant = product.variants[0].id

    held(variant, 5, clock)

    assert standing(variant) == (1, 5, 0)


def test_paid_hold_is_allocated_once(app: Flask, clock: FixedClock) -> None:
    line = held(a_variant(clock), 2, clock)

    with writing():
        first, second = stock.allocate([line]), stock.allocate([line])

    assert (first, second) == (frozenset({line}), frozenset())


def test_releasing_twice_gives_back_once(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock)
    line = held(variant, 4, clock)

    with writing():
        first, second = stock.release([line]), stock.release([line])

    assert (first, second) == (frozenset({line}), frozenset())
    assert standing(variant) == (10, 0, 0)


def test_released_hold_cannot_be_allocated(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock)
    line = held(variant, 4, clock)

    with writing():
        stock.release([line])
        allocated = stock.allocate([line])

    assert allocated == frozenset()
    assert standing(variant) == (10, 0, 0)


def test_late_release_leaves_a_paid_order_its_goods(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock)
    line = held(variant, 4, clock)

    with writing():
        stock.allocate([line])
        released = stock.release([line])

    assert released == frozenset()
    assert standing(variant) == (10, 4, 0)


def test_cancelled_allocation_is_for_sale_again(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock)
    line = held(variant, 4, clock)

    with writing():
        stock.allocate([line])
        released = stock.release_allocated([line])

    assert released == {line}
    assert standing(variant) == (10, 0, 0)


def test_part_of_a_paid_line_can_be_given_up(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock)
    line = held(variant, 4, clock)

    with writing():
        stock.allocate([line])
        stock.give_up(line, 1)

    assert standing(variant) == (10, 3, 0)
    with pytest.raises(NotAllocatedError), writing():
        stock.give_up(line, 4)


def test_cart_knows_what_it_holds_itself(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock)
    with writing():
        line = an_order_line(variant, 4, clock)
        stock.hold([HoldLine(variant, 4, line)], clock.now(), holder=7)

    assert held_by(7) == {variant: 4}
    assert held_by(8) == {}


def test_paid_after_release_takes_the_units_again(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock)
    line = held(variant, 4, clock)

    with writing():
        stock.release([line])
        first, second = stock.take_again([line]), stock.take_again([line])

    assert (first, second) == ({line: 0}, {})
    assert standing(variant) == (10, 4, 0)


def test_paid_after_release_and_sold_says_what_is_missing(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock, units=5)
    line = held(variant, 4, clock)
    with writing():
        stock.release([line])
    held(variant, 3, clock)

    with writing():
        missing = stock.take_again([line])

    assert missing == {line: 2}
    assert standing(variant) == (5, 7, 2)


def test_some_units_that_were_let_go_are_taken_again(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock)
    line = held(variant, 5, clock)
    with writing():
        stock.allocate([line])
        stock.give_up(line, 1)
        stock.give_up(line, 2)

    with writing():
        missing = stock.take_units_again(line, 2)

    assert missing == 0
    assert standing(variant) == (10, 4, 0)
    with pytest.raises(NotAllocatedError), writing():
        stock.take_units_again(line, 2)
    assert proof() == []


def test_units_that_came_back_in_parts_leave_in_one_parcel(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock)
    line = held(variant, 3, clock)
    with writing():
        stock.allocate([line])
        stock.give_up(line, 1)
        stock.take_units_again(line, 1)

    with writing():
        stock.ship(line, 3, cause="GN-1", clock=clock)

    assert standing(variant) == (7, 0, 0)
    assert proof() == []


def test_units_taken_again_after_they_were_sold_are_missing(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock, units=3)
    line = held(variant, 3, clock)
    with writing():
        stock.allocate([line])
        stock.give_up(line, 2)
    held(variant, 2, clock)

    with writing():
        missing = stock.take_units_again(line, 1)

    assert missing == 1
    assert standing(variant) == (3, 4, 1)


def test_delivery_covers_a_shortage_before_it_is_sold(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock, units=5)
    held(variant, 4, clock)

    with writing():
        short = stock.count(variant, 1, cause="count", actor="ana", clock=clock)
        stock.receive(variant, 3, cause="PO 7", actor="ana", clock=clock)

    assert short == 3
    assert standing(variant) == (4, 4, 0)
    with pytest.raises(OutOfStockError):
        held(variant, 1, clock)


def test_count_below_what_is_promised_names_the_orders(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock, units=5)
    lines = [held(variant, 2, clock) for _ in range(2)]

    with writing():
        stock.count(variant, 0, cause="count", actor="ana", clock=clock)

    assert standing(variant) == (0, 4, 4)
    assert promised_lines(variant) == lines


def test_parcel_takes_units_off_the_shelf_and_the_promise(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock)
    line = held(variant, 4, clock)

    with writing():
        stock.allocate([line])
        stock.ship(line, 3, cause="GN-1", clock=clock)
        stock.ship(line, 1, cause="GN-1", clock=clock)

    assert standing(variant) == (6, 0, 0)
    sales = select(StockMovement.delta).where(StockMovement.kind == MovementKind.SALE)
    assert db.session.scalars(sales).all() == [-3, -1]


def test_no_parcel_holds_more_than_is_allocated(app: Flask, clock: FixedClock) -> None:
    line = held(a_variant(clock), 2, clock)

    with pytest.raises(NotAllocatedError), writing():
        stock.ship(line, 1, cause="GN-1", clock=clock)
    with pytest.raises(NotAllocatedError), writing():
        stock.allocate([line])
        stock.ship(line, 3, cause="GN-1", clock=clock)


def test_nothing_ships_from_an_empty_shelf(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock, units=2)
    line = held(variant, 2, clock)
    with writing():
        stock.allocate([line])
        stock.count(variant, 1, cause="count", actor="ana", clock=clock)

    with pytest.raises(NotOnShelfError) as refusal, writing():
        stock.ship(line, 2, cause="GN-1", clock=clock)

    assert refusal.value.on_hand == 1
    assert standing(variant) == (1, 2, 1)


def test_first_delivery_starts_the_level(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock, tracked=False)

    with writing():
        stock.receive(
            variant, 7, cause="file", actor="import", clock=clock, kind=MovementKind.IMPORT
        )

    assert standing(variant) == (7, 0, 0)
    assert proof() == []


def test_tracking_again_continues_the_ledger(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock, units=5)
    held(variant, 2, clock)

    with writing():
        stock.stop_tracking(variant)
    with writing():
        stock.receive(variant, 1, cause="PO 8", actor="ana", clock=clock)

    assert standing(variant) == (6, 2, 0)


def test_more_cannot_leave_than_lies_there(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock, units=2)

    with pytest.raises(NotOnShelfError), writing():
        stock.adjust(variant, -3, cause="moths", actor="ana", clock=clock)

    assert standing(variant) == (2, 0, 0)


@pytest.mark.parametrize("quantity", [0, -1])
def test_delivery_of_nothing_is_refused(app: Flask, clock: FixedClock, quantity: int) -> None:
    variant = a_variant(clock)

    with pytest.raises(InvalidError), writing():
        stock.receive(variant, quantity, cause="PO", actor="ana", clock=clock)


def test_adjustment_by_nothing_and_negative_counts_are_refused(
    app: Flask, clock: FixedClock
) -> None:
    variant = a_variant(clock)

    with pytest.raises(InvalidError), writing():
        stock.adjust(variant, 0, cause="", actor="ana", clock=clock)
    with pytest.raises(InvalidError), writing():
        stock.count(variant, -1, cause="", actor="ana", clock=clock)


def test_counting_what_is_there_moves_nothing(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock, units=0)

    with writing():
        stock.count(variant, 0, cause="count", actor="ana", clock=clock)

    assert db.session.scalars(select(StockMovement)).all() == []


def test_policy_changes_turn_overselling_on_and_off(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock, units=1)
    with writing():
        stock.set_policy(variant, may_oversell=True)
    held(variant, 3, clock)
    oversold = standing(variant)

    with writing():
        stock.set_policy(variant, may_oversell=False)

    assert oversold == (1, 3, 0)
    assert standing(variant) == (1, 3, 2)


def test_pages_hear_of_bands_and_of_nothing_else(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock, units=6)
    versions = [version()]

    for quantity in (2, 1, 1, 1, 1):
        held(variant, quantity, clock)
        versions.append(version())

    # 6 → 4 is plenty still; 3, 2, 1 and 0 are each told to readers.
    assert versions == [0, 0, 1, 2, 3, 4]


def test_version_rises_once_for_many_changes(app: Flask, clock: FixedClock) -> None:
    variants = [a_variant(clock, units=0) for _ in range(3)]

    with writing():
        for variant in variants:
            stock.receive(variant, 9, cause="PO", actor="ana", clock=clock)

    assert version() == 1


def test_rebuild_sets_a_level_from_its_rows(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock, units=5)
    held(variant, 2, clock)
    with writing():
        level = stock.levels([variant])[variant]
        level.on_hand, level.reserved = 9, 1
    found = proof()

    with writing():
        stock.rebuild(variant)

    assert found == [Difference(variant, "on_hand", 9, 5), Difference(variant, "reserved", 1, 2)]
    assert standing(variant) == (5, 2, 0)
    assert proof() == []


def test_shipped_reservation_is_no_promise(app: Flask, clock: FixedClock) -> None:
    variant = a_variant(clock, units=5)
    line = held(variant, 2, clock)
    with writing():
        stock.allocate([line])
        stock.ship(line, 2, cause="GN-1", clock=clock)

    states = db.session.scalars(select(Reservation.state)).all()

    assert states == [ReservationState.SHIPPED]
    assert promised_lines(variant) == []
