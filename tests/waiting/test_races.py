"""Many readers at one unit through the shop's pages: the line decides, and nobody gets it twice."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store.database import db
from store.inventory.models import QueueState
from tests.buying import check_out, fill_cart, session_of, thanks
from tests.invariants import assert_invariants
from tests.shop import Shop
from tests.waiting.queueing import (
    a_last_one,
    join,
    line,
    place_states,
    post,
    stand_in_line,
    start_paying,
    sweep,
)

pytestmark = pytest.mark.slow

OUTSIDERS = 8


def at_once(*verbs: Callable[[], object]) -> list[object]:
    with ThreadPoolExecutor(len(verbs)) as pool:
        return [done.result() for done in [pool.submit(verb) for verb in verbs]]


def test_release_beside_many_checkouts_goes_to_the_first_in_line(app: Flask, shop: Shop) -> None:
    mug = a_last_one(shop)
    outsiders = [shop.browser() for _ in range(OUTSIDERS)]
    for outsider in outsiders:
        fill_cart(outsider, mug)
    payer, _ = start_paying(shop, mug)
    first, second = stand_in_line(shop, mug), stand_in_line(shop, mug)

    def try_to_buy(reader: FlaskClient) -> bool:
        return "/pay/" in check_out(reader).headers["Location"]

    answers = at_once(
        lambda: payer.get("/checkout/back"),
        *[lambda r=reader: try_to_buy(r) for reader in outsiders],
    )

    assert answers[1:] == [False] * OUTSIDERS
    assert place_states() == [QueueState.CALLED, QueueState.WAITING]
    sweep(shop)
    post(first, f"/last-unit/{mug}/cart")
    session_id = session_of(check_out(first))
    shop.sandbox.pay(session_id)
    assert "Thank you" in thanks(first, session_id).text
    assert "The last one was sold" in line(second, mug)
    assert_invariants(shop.sandbox)


def test_many_join_at_once_and_each_has_a_number_of_her_own(app: Flask, shop: Shop) -> None:
    mug = a_last_one(shop)
    start_paying(shop, mug)
    readers = [shop.browser() for _ in range(6)]

    def wait(number: int, reader: FlaskClient) -> int:
        # A double click is one place.
        join(reader, mug, environ_base={"REMOTE_ADDR": f"198.51.{number}.7"})
        return join(reader, mug, environ_base={"REMOTE_ADDR": f"198.51.{number}.7"}).status_code

    verbs = [lambda n=n, r=r: wait(n, r) for n, r in enumerate(readers)]
    assert set(at_once(*verbs)) == {303}
    db.session.rollback()

    said = Counter(
        next(
            words
            for number in range(1, 7)
            for words in ("You are first in line.", f"You are number {number} in line.")
            if words in line(reader, mug)
        )
        for reader in readers
    )
    assert len(said) == len(readers)
    assert_invariants(shop.sandbox)


def test_last_payment_beside_joining_leaves_nobody_waiting(app: Flask, shop: Shop) -> None:
    mug = a_last_one(shop)
    payer, session_id = start_paying(shop, mug)
    shop.sandbox.pay(session_id)
    readers = [shop.browser() for _ in range(4)]

    at_once(
        lambda: thanks(payer, session_id),
        *[lambda r=reader: join(r, mug) for reader in readers],
    )

    sweep(shop)
    assert QueueState.WAITING not in place_states()
    assert_invariants(shop.sandbox)
