"""Many at one unit: the queue keeps its order, and nothing is promised twice."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.database import db, writing
from store.inventory import stock
from store.inventory.models import QueueState
from store.inventory.proof import proof
from store.inventory.queueing import NothingToWaitForError, leave, place_of
from tests.builders import a_product
from tests.inventory.queues import a_cart, called, hold, states, wait
from tests.shop import Shop

BUYERS = 12


@pytest.mark.slow
def test_one_unit_goes_down_the_queue_in_order_while_others_snatch(shop: Shop) -> None:
    with shop.app.app_context():
        with writing():
            variant = a_product(shop.clock, stock=1).variants[0].id
        line = hold(variant, a_cart(), shop.clock)
        queue = [a_cart() for _ in range(4)]
        for cart in queue:
            wait(variant, cart, shop.clock)
    start, over = Barrier(BUYERS + 1), threading.Event()

    def snatch(_number: int) -> int:
        bought = 0
        with shop.app.app_context():
            start.wait()
            while not over.is_set():
                bought += hold(variant, a_cart(), shop.clock) is not None
        return bought

    def pass_along() -> list[list[int]]:
        turns, own = [], line
        with shop.app.app_context():
            start.wait()
            for _ in queue:
                assert own is not None
                with writing():
                    stock.release([own])
                turns.append(called(variant))
                own = hold(variant, turns[-1][0], shop.clock)
                # Paid is out of the queue: the next release is another cart's.
                with writing():
                    place = place_of(variant, turns[-1][0])
                    assert place is not None
                    leave(place.id)
            over.set()
        return turns

    with ThreadPoolExecutor(BUYERS + 1) as pool:
        snatching = [pool.submit(snatch, number) for number in range(BUYERS)]
        turns = pool.submit(pass_along).result()
        assert sum(one.result() for one in snatching) == 0

    assert turns == [[cart] for cart in queue]
    with shop.app.app_context():
        level = stock.levels([variant])[variant]
        assert (level.available, proof()) == (0, [])


@pytest.mark.slow
def test_joining_beside_the_last_release_never_waits_for_a_free_unit(shop: Shop) -> None:
    with shop.app.app_context():
        with writing():
            variant = a_product(shop.clock, stock=1).variants[0].id
        line = hold(variant, a_cart(), shop.clock)
    assert line is not None
    start = Barrier(BUYERS + 1)

    def join(_number: int) -> bool:
        with shop.app.app_context():
            start.wait()
            try:
                wait(variant, a_cart(), shop.clock)
            except NothingToWaitForError:
                return False
        return True

    def release() -> None:
        with shop.app.app_context():
            start.wait()
            with writing():
                stock.release([line])

    with ThreadPoolExecutor(BUYERS + 1) as pool:
        released = pool.submit(release)
        joined = sum(pool.map(join, range(BUYERS)))
        released.result()

    with shop.app.app_context():
        found = list(states(variant).values())
        assert len(found) == joined
        expected = [QueueState.CALLED, *[QueueState.WAITING] * (joined - 1)] if joined else []
        assert found == expected
        assert stock.levels([variant])[variant].available == (0 if joined else 1)
        assert proof() == []


@pytest.mark.slow
def test_holds_and_queue_in_any_mixture_never_promise_a_unit_twice(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        variants = [a_product(shop.clock, stock=2).variants[0].id for _ in range(2)]

    def live(seed: int) -> None:
        chance, cart = random.Random(seed), a_cart()
        with shop.app.app_context():
            for _ in range(6):
                variant = chance.choice(variants)
                line = hold(variant, cart, shop.clock)
                if line is None:
                    _wait_if_there_is_a_queue(variant, cart, shop)
                elif chance.random() < 0.9:
                    with writing():
                        stock.release([line])

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(live, range(6)))

    with shop.app.app_context():
        assert proof() == []
        for variant in variants:
            free = stock.levels([variant])[variant].available
            assert free >= 0
            assert not (free and QueueState.WAITING in states(variant).values())


def _wait_if_there_is_a_queue(variant: int, cart: int, shop: Shop) -> None:
    try:
        wait(variant, cart, shop.clock)
    except NothingToWaitForError:
        # Free again, or sold, since the hold was refused.
        return


ACTS = ("hold", "join", "release", "pay", "leave")


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 4)), max_size=25))
def test_units_are_called_for_in_the_order_of_the_queue(
    standing_queue: Callable[[], tuple[Shop, int]], acts: list[tuple[str, int]]
) -> None:
    shop, variant = standing_queue()
    carts = [a_cart() for _ in range(5)]
    lines: dict[int, int] = {}
    for act, number in acts:
        cart = carts[number]
        before = states(variant)
        if act == "hold" and cart not in lines:
            is_called = before.get(cart) == QueueState.CALLED
            line = hold(variant, cart, shop.clock)
            assert line is not None or not is_called
            if line is not None:
                lines[cart] = line
        elif act == "join":
            _wait_if_there_is_a_queue(variant, cart, shop)
        elif act in {"release", "pay"} and cart in lines:
            with writing():
                (stock.release if act == "release" else stock.allocate)([lines.pop(cart)])
        elif act == "leave" and (place := place_of(variant, cart)) is not None:
            number_of_place = place.id
            with writing():
                leave(number_of_place)
        _assert_in_order(variant, before)
    db.session.rollback()


def _assert_in_order(variant: int, before: dict[int, str]) -> None:
    after = states(variant)
    free = stock.levels([variant])[variant].available
    waiting = [cart for cart, state in after.items() if state == QueueState.WAITING]
    assert free >= 0
    assert proof() == []
    assert not (free and waiting)
    fresh = [
        cart
        for cart, state in after.items()
        if state == QueueState.CALLED and before.get(cart) == QueueState.WAITING
    ]
    order = list(after)
    assert all(order.index(cart) < order.index(other) for cart in fresh for other in waiting)


@pytest.fixture
def standing_queue(app: Flask, shop: Shop) -> Callable[[], tuple[Shop, int]]:
    def begin() -> tuple[Shop, int]:
        with writing():
            return shop, a_product(shop.clock, stock=2).variants[0].id

    return begin
