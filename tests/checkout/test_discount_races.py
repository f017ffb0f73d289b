"""Many want the last use of a discount at once: one has it, and the others are told."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.buying import a_variant, check_out, deliver, fill_cart, session_of
from tests.discounts import a_discount, apply, redemptions, taken
from tests.invariants import assert_invariants
from tests.shop import Shop

pytestmark = pytest.mark.slow

READERS = 100


def _at_once(verb: Callable[[FlaskClient], str], readers: list[FlaskClient]) -> list[str]:
    with ThreadPoolExecutor(len(readers)) as pool:
        return list(pool.map(verb, readers))


def test_last_use_goes_to_one_of_a_hundred(app: Flask, shop: Shop) -> None:
    discount_id = a_discount(shop, most_in_all=1)
    variant_id = a_variant(shop, stock=READERS)
    readers = [shop.browser() for _ in range(READERS)]
    for reader in readers:
        fill_cart(reader, variant_id)
        assert apply(reader, "WELCOME10").status_code == 303

    def purchase(reader: FlaskClient) -> str:
        answer = check_out(reader)
        if "/pay/" not in answer.headers["Location"]:
            return "told"
        shop.sandbox.pay(session_of(answer))
        return "paid"

    outcomes = Counter(_at_once(purchase, readers))
    deliver(shop)

    assert outcomes == {"paid": 1, "told": READERS - 1}
    assert taken(discount_id) == 1
    assert redemptions() == [("kept", "Welcome", 450)]
    assert_invariants(shop.sandbox)


def test_one_address_in_many_carts_has_it_once(app: Flask, shop: Shop) -> None:
    a_discount(shop, most_per_reader=1)
    variant_id = a_variant(shop, stock=50)
    readers = [shop.browser() for _ in range(12)]
    for reader in readers:
        fill_cart(reader, variant_id)
        assert apply(reader, "WELCOME10", email="robin@reader.org").status_code == 303

    def goes_to_pay(reader: FlaskClient) -> str:
        return "pays" if "/pay/" in check_out(reader).headers["Location"] else "told"

    outcomes = Counter(_at_once(goes_to_pay, readers))

    assert outcomes == {"pays": 1, "told": 11}
    assert_invariants(shop.sandbox)
