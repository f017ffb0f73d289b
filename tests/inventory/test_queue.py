"""Promises about the queue for a last unit: who is called, who may buy, and when it is over."""

from datetime import timedelta

import pytest
from flask import Flask

from store.database import db, public_version, writing
from store.inventory import stock
from store.inventory.models import MovementKind, QueueState
from store.inventory.proof import proof
from store.inventory.queueing import (
    NothingToWaitForError,
    QueueFullError,
    busy_units,
    forget_ended,
    leave,
    overdue,
    pass_on,
    place_of,
    position,
)
from store.inventory.stocktaking import count_many
from tests.builders import a_product
from tests.inventory.queues import a_cart, called, hold, states, wait
from tests.shop import Shop


@pytest.fixture
def last_one(app: Flask, shop: Shop) -> int:
    with writing():
        return a_product(shop.clock, stock=1).variants[0].id


def test_next_in_line_is_called_in_the_moment_of_the_release(shop: Shop, last_one: int) -> None:
    payer, first, second = a_cart(), a_cart(), a_cart()
    line = hold(last_one, payer, shop.clock)
    wait(last_one, first, shop.clock)
    wait(last_one, second, shop.clock)
    assert line is not None

    with writing():
        stock.release([line])

    assert states(last_one) == {first: QueueState.CALLED, second: QueueState.WAITING}
    assert stock.levels([last_one])[last_one].available == 0
    assert proof() == []


def test_nobody_else_gets_what_is_kept_for_who_was_called(shop: Shop, last_one: int) -> None:
    line = hold(last_one, a_cart(), shop.clock)
    waiting = a_cart()
    wait(last_one, waiting, shop.clock)
    assert line is not None
    with writing():
        stock.release([line])

    assert hold(last_one, a_cart(), shop.clock) is None
    assert hold(last_one, waiting, shop.clock) is not None
    assert states(last_one) == {waiting: QueueState.PAYING}
    assert proof() == []


def test_wanting_more_than_is_kept_leaves_the_place_as_it_was(shop: Shop, last_one: int) -> None:
    line = hold(last_one, a_cart(), shop.clock)
    waiting = a_cart()
    wait(last_one, waiting, shop.clock)
    assert line is not None
    with writing():
        stock.release([line])

    assert hold(last_one, waiting, shop.clock, units=2) is None
    assert states(last_one) == {waiting: QueueState.CALLED}
    assert proof() == []


def test_unclaimed_unit_passes_on_once_its_time_is_over(shop: Shop, last_one: int) -> None:
    line = hold(last_one, a_cart(), shop.clock)
    first, second = a_cart(), a_cart()
    wait(last_one, first, shop.clock)
    wait(last_one, second, shop.clock)
    assert line is not None
    with writing():
        stock.release([line])
        place = place_of(last_one, first)
        assert place is not None
        place.claim_until = shop.clock.now() + timedelta(minutes=30)
    assert overdue(shop.clock) == []

    shop.clock.move_to(shop.clock.now() + timedelta(minutes=30))
    late = overdue(shop.clock)
    with writing():
        assert [pass_on(place_id, shop.clock) for place_id in late] == [True]
        assert not pass_on(late[0], shop.clock)

    assert states(last_one) == {first: QueueState.MISSED, second: QueueState.CALLED}
    assert proof() == []


def test_who_comes_back_unpaid_stands_where_she_stood(shop: Shop, last_one: int) -> None:
    line = hold(last_one, a_cart(), shop.clock)
    first, second = a_cart(), a_cart()
    wait(last_one, first, shop.clock)
    wait(last_one, second, shop.clock)
    assert line is not None
    with writing():
        stock.release([line])
    own = hold(last_one, first, shop.clock)
    assert own is not None

    with writing():
        stock.release([own])

    assert states(last_one) == {first: QueueState.CALLED, second: QueueState.WAITING}


def test_sold_for_good_ends_the_waiting_and_changes_pages(shop: Shop, last_one: int) -> None:
    line = hold(last_one, a_cart(), shop.clock)
    waiting = a_cart()
    wait(last_one, waiting, shop.clock)
    assert line is not None
    before = public_version(db.session.connection())

    with writing():
        stock.allocate([line])

    assert states(last_one) == {waiting: QueueState.SOLD}
    assert public_version(db.session.connection()) > before


def test_waiting_goes_on_while_another_unit_may_come_back(app: Flask, shop: Shop) -> None:
    with writing():
        variant = a_product(shop.clock, stock=2).variants[0].id
    one, other = hold(variant, a_cart(), shop.clock), hold(variant, a_cart(), shop.clock)
    waiting = a_cart()
    wait(variant, waiting, shop.clock)
    assert one is not None
    assert other is not None

    with writing():
        stock.allocate([one])
    assert states(variant) == {waiting: QueueState.WAITING}

    with writing():
        stock.release([other])
    assert called(variant) == [waiting]


def test_who_was_called_and_paid_is_out_of_the_queue(shop: Shop, last_one: int) -> None:
    line = hold(last_one, a_cart(), shop.clock)
    first, second = a_cart(), a_cart()
    wait(last_one, first, shop.clock)
    wait(last_one, second, shop.clock)
    assert line is not None
    with writing():
        stock.release([line])
    own = hold(last_one, first, shop.clock)
    assert own is not None

    with writing():
        stock.allocate([own])

    assert states(last_one) == {second: QueueState.SOLD}


def test_leaving_gives_the_unit_to_the_next(shop: Shop, last_one: int) -> None:
    line = hold(last_one, a_cart(), shop.clock)
    first, second = a_cart(), a_cart()
    place = wait(last_one, first, shop.clock)
    wait(last_one, second, shop.clock)
    assert line is not None
    with writing():
        stock.release([line])

    with writing():
        leave(place)
        leave(place)

    assert states(last_one) == {second: QueueState.CALLED}
    assert proof() == []


def test_queue_is_bounded_and_each_cart_has_one_place(shop: Shop, last_one: int) -> None:
    hold(last_one, a_cart(), shop.clock)
    first = a_cart()
    assert wait(last_one, first, shop.clock, most=2) == wait(last_one, first, shop.clock, most=2)
    second = wait(last_one, a_cart(), shop.clock, most=2)

    with pytest.raises(QueueFullError):
        wait(last_one, a_cart(), shop.clock, most=2)

    with writing():
        leave(second)
    wait(last_one, a_cart(), shop.clock, most=2)


def test_there_is_no_queue_for_what_is_there_or_gone(shop: Shop, last_one: int) -> None:
    with pytest.raises(NothingToWaitForError) as there:
        wait(last_one, a_cart(), shop.clock)
    line = hold(last_one, a_cart(), shop.clock)
    assert line is not None
    with writing():
        stock.allocate([line])
    with pytest.raises(NothingToWaitForError) as gone:
        wait(last_one, a_cart(), shop.clock)

    assert (there.value.is_for_sale, gone.value.is_for_sale) == (True, False)


@pytest.mark.parametrize("way", ["delivery", "stocktake", "cancelled"])
def test_units_that_come_otherwise_belong_to_the_queue_first(
    shop: Shop, last_one: int, way: str
) -> None:
    with writing():
        stock.receive(last_one, 1, cause="test", actor="test", clock=shop.clock)
    sold = hold(last_one, a_cart(), shop.clock)
    assert sold is not None
    with writing():
        stock.allocate([sold])
    hold(last_one, a_cart(), shop.clock)
    waiting = a_cart()
    wait(last_one, waiting, shop.clock)

    with writing():
        if way == "delivery":
            stock.receive(last_one, 2, cause="test", actor="test", clock=shop.clock)
        elif way == "stocktake":
            count_many(
                {last_one: 4},
                cause="count",
                actor="test",
                clock=shop.clock,
                kind=MovementKind.ADJUST,
            )
        else:
            stock.release_allocated([sold])

    assert called(last_one) == [waiting]
    assert proof() == []


def test_place_and_time_are_told(shop: Shop, last_one: int) -> None:
    hold(last_one, a_cart(), shop.clock)
    carts = [a_cart(), a_cart()]
    for cart in carts:
        wait(last_one, cart, shop.clock)

    places = [place_of(last_one, cart) for cart in carts]
    assert [position(place) for place in places if place] == [1, 2]
    assert [unit.until for unit in busy_units(last_one)] == [shop.clock.now()]


def test_ended_places_are_forgotten(shop: Shop, last_one: int) -> None:
    line = hold(last_one, a_cart(), shop.clock)
    wait(last_one, waiting := a_cart(), shop.clock)
    assert line is not None
    with writing():
        stock.allocate([line])
        place = place_of(last_one, waiting)
        assert place is not None
        place.ended_at = shop.clock.now()
    with writing():
        assert forget_ended(shop.clock) == 0

    shop.clock.move_to(shop.clock.now() + timedelta(days=2))
    with writing():
        assert forget_ended(shop.clock) == 1
