"""The last cent of a card, for which many carts ask at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from tests.builders import aud
from tests.buying import a_variant, deliver, fill_cart, post, session_of
from tests.gift_cards.giving import a_gift_card, assert_proved, spend, the_card
from tests.gift_cards.test_spending import shown_on
from tests.invariants import assert_invariants
from tests.shop import Shop

pytestmark = pytest.mark.slow

READERS = 20


def test_last_cent_goes_to_one_and_the_others_are_told(app: Flask, shop: Shop) -> None:
    code = a_gift_card(shop, 1)
    variant_id = a_variant(shop, stock=READERS, price=aud(30))
    readers = [shop.browser() for _ in range(READERS)]
    for reader in readers:
        fill_cart(reader, variant_id)
        spend(reader, code)
    seen = [shown_on(reader.get("/cart").text) for reader in readers]

    def purchase(number: int) -> str:
        answer = post(readers[number], "/checkout", **seen[number])
        if "/pay/" not in answer.headers["Location"]:
            page = readers[number].get(answer.headers["Location"]).text
            return "told" if "Something changed since you looked" in page else "left alone"
        shop.sandbox.pay(session_of(answer))
        return "paid"

    with ThreadPoolExecutor(READERS) as pool:
        outcomes = Counter(pool.map(purchase, range(READERS)))
    deliver(shop)

    assert outcomes == {"paid": 1, "told": READERS - 1}
    assert (the_card().balance_minor, the_card().held_minor) == (0, 0)
    assert_proved()
    assert_invariants(shop.sandbox)
