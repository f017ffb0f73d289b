"""What would be a lost or doubled order is seen: a judge that never says no proves nothing."""

import json
import threading
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from store.database import db, writing
from store.inventory.models import StockLevel
from store.sandbox.stripe import Sandbox
from store.sandbox.stripe.state import Shelf
from tests.buying import a_variant, buy, check_out, deliver, fill_cart, session_of, the_order
from tests.faults.browser import Browser
from tests.faults.buyers import Buyer
from tests.faults.judging import (
    answered_as_fault,
    broken_invariants,
    charged_twice,
    oversold,
    unanswered_money,
    unfinished,
    unforeseen,
)
from tests.faults.plan import Plan
from tests.faults.tally import Tally
from tests.shop import Shop


def _buyer(sandbox: Sandbox) -> Buyer:
    chance = Plan(1, 1, 1, 1).chance("buyer 1")
    over = threading.Event()
    return Buyer(1, "pays", (), (), Browser(1, "10.0.0.7"), sandbox, Tally(), chance, over)


def test_money_without_its_order_is_seen_until_the_order_is_there(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    buy(shop, reader, a_variant(shop))
    assert [broken.promise for broken in unanswered_money(shop.sandbox)] == [
        "who paid has an order"
    ]
    assert the_order().number in [broken.about for broken in unfinished()]

    deliver(shop)

    assert list(unanswered_money(shop.sandbox)) == []
    assert the_order().number not in [broken.about for broken in unfinished()]


def test_money_that_went_back_whole_is_owed_no_order(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    page = shop.sandbox.account.state
    session_id = buy(shop, reader, a_variant(shop))
    paid = next(session for session in page.scan(Shelf.SESSION) if session["id"] == session_id)
    shop.sandbox.refund(paid["payment_intent"])

    deliver(shop)

    assert list(unanswered_money(shop.sandbox)) == []


def test_two_charges_of_one_buyer_are_seen(app: Flask, shop: Shop) -> None:
    buyer, variant_id = _buyer(shop.sandbox), a_variant(shop)
    for _ in range(2):
        reader = shop.browser()
        fill_cart(reader, variant_id)
        shop.sandbox.pay(session_of(check_out(reader)), email=buyer.email)
    deliver(shop)

    found = [broken.promise for broken in charged_twice(shop.sandbox, [buyer])]

    assert found == ["nobody is charged twice", "nobody has two orders"]


def test_more_units_than_there_were_are_seen(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    buy(shop, reader, a_variant(shop, stock=1))
    deliver(shop)
    assert list(oversold()) == []
    assert list(broken_invariants(shop.sandbox)) == []

    with writing():
        db.session.execute(update(StockLevel).values(on_hand=0, shortage=1))

    assert [broken.promise for broken in oversold()] == ["nothing is oversold"]
    assert [broken.promise for broken in broken_invariants(shop.sandbox)] == ["the invariants hold"]


def test_a_failure_that_the_shop_took_for_its_own_fault_is_seen(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    fault = {"event": "unexpected_error", "exception": "Traceback\n  a line\nKeyError: 'x'"}
    expected = {"event": "database_away", "exception": "Traceback\nOperationalError"}
    log.write_text("".join(f"{json.dumps(line)}\n" for line in (expected, fault, fault)))

    (seen,) = unforeseen(log)

    assert seen.what == "2 × KeyError: 'x'"


def test_a_fault_that_nobody_wrote_down_is_seen_by_who_was_answered() -> None:
    tally = Tally()
    for what in ("thanks 500", "thanks 500", "thanks 503", "pay page 500", "paid"):
        tally.answer(what)

    assert [broken.what for broken in answered_as_fault(tally)] == ["2 × thanks 500"]
