"""What staff do from the command line."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.cli import ScriptInfo
from flask.testing import FlaskClient
from sqlalchemy import text

from store.cli.orders import orders
from store.cli.stripe import stripe
from store.database import db, writing
from store.orders.listing import Wanted, listed
from store.orders.models import Order, OrderState
from store.sandbox.stripe import Address
from store.sandbox.stripe.state import Shelf
from tests.beginning import Beginning
from tests.buying import a_variant, buy, check_out, fill_cart, mails, thanks, the_order
from tests.desk import bought
from tests.invariants import assert_invariants
from tests.shop import Shop, some_settings


@pytest.fixture
def paid(app: Flask, begin: Beginning) -> str:
    """The number of an order of two tees, 98.95 dollars, paid."""
    return begin(_two)


def _two(shop: Shop) -> str:
    return bought(shop, a_variant(shop, stock=5), quantity=2, address=Address())


def _run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(orders, words, obj=ScriptInfo(create_app=lambda: app))


def test_show_prints_lines_money_and_timeline(app: Flask, paid: str) -> None:
    result = _run(app, "show", paid.lower())

    assert result.exit_code == 0
    assert "98.95 AUD" in result.output
    assert "1. 2 x Late Edition tee" in result.output
    assert " paid (store)" in result.output


def test_ship_writes_to_the_reader(app: Flask, shop: Shop, paid: str) -> None:
    result = _run(app, "ship", paid, "--line", "1=1", "--carrier", "Post", "--tracking", "T1")

    assert result.output == f"{paid}: 1 units shipped\n"
    (mail,) = mails("orders.shipped")
    assert "Post T1" in mail.text
    assert_invariants(shop.sandbox)


@pytest.mark.parametrize("line", ["2", "1=3", "1=²", "x", "1=0"])
def test_parcel_that_makes_no_sense_is_refused_in_plain_words(
    app: Flask, paid: str, line: str
) -> None:
    result = _run(app, "ship", paid, "--line", line)

    assert result.exit_code in {1, 2}
    assert "Traceback" not in result.output


def test_refund_of_an_amount(app: Flask, shop: Shop, paid: str) -> None:
    result = _run(app, "refund", paid, "--amount", "12.50", "--reason", "a stain")

    assert result.output == f"{paid}: 12.50 AUD succeeded\n"
    assert the_order().payments[0].refunded_minor == 1250
    assert_invariants(shop.sandbox)


def test_refund_of_one_unit_and_the_shipping(app: Flask, shop: Shop, paid: str) -> None:
    result = _run(app, "refund", paid, "--line", "1=1", "--shipping")

    assert result.output == f"{paid}: 53.95 AUD succeeded\n"
    assert the_order().lines[0].cancelled == 1
    assert_invariants(shop.sandbox)


@pytest.mark.parametrize("line", ["2", "1=3", "1=0", "x", "1=²"])
def test_refund_of_units_that_are_not_there_is_refused(app: Flask, paid: str, line: str) -> None:
    result = _run(app, "refund", paid, "--line", line)

    assert result.exit_code in {1, 2}
    assert "Traceback" not in result.output
    assert the_order().payments[0].refunded_minor == 0


def test_index_makes_orders_findable_that_were_not(app: Flask, paid: str) -> None:
    with writing() as session:
        session.execute(text("DELETE FROM order_search"))

    result = _run(app, "index")

    assert result.output == "1 orders indexed\n"
    assert [row.number for row in _found("late edition")] == [paid]


def test_refund_of_everything(app: Flask, shop: Shop, paid: str) -> None:
    result = _run(app, "refund", paid)

    assert result.exit_code == 0
    assert the_order().state == OrderState.REFUNDED
    assert_invariants(shop.sandbox)


@pytest.mark.parametrize("amount", ["12.505", "nan", "1e99", "-5", "0", "ten", "99.00"])
def test_refund_that_makes_no_sense_is_refused(app: Flask, paid: str, amount: str) -> None:
    result = _run(app, "refund", paid, "--amount", amount)

    assert result.exit_code in {1, 2}
    assert the_order().payments[0].refunded_minor == 0


def test_unknown_number_is_said_to_be_unknown(app: Flask) -> None:
    result = _run(app, "show", "GN-0000-0000")

    assert result.exit_code == 1
    assert "no order GN-0000-0000" in result.output


def test_holds_are_listed_and_released(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    fill_cart(reader, a_variant(shop))
    check_out(reader)
    number = the_order().number
    assert "1 units on hold" in _run(app, "holds").output

    result = _run(app, "release", number)

    assert result.exit_code == 0
    assert the_order().state == OrderState.CANCELLED
    assert "0 units on hold" in _run(app, "holds").output


def test_reconcile_says_that_both_agree(app: Flask, paid: str) -> None:
    result = _run(app, "reconcile")

    assert (result.exit_code, result.output) == (0, "Stripe and the store agree.\n")


def test_reconcile_fails_when_they_do_not(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    buy(shop, reader, a_variant(shop))
    thanks(reader, _session())
    state = shop.sandbox.account.state
    with state.changing():
        page = state.take(Shelf.SESSION, _session())
        state.put(Shelf.SESSION, page | {"payment_status": "unpaid"})

    result = _run(app, "reconcile")

    assert result.exit_code == 1
    assert "paid here, not at Stripe" in result.output


def test_setup_prints_the_secret_once(app: Flask, shop: Shop) -> None:
    result = app.test_cli_runner().invoke(stripe, ["setup"], obj=ScriptInfo(create_app=lambda: app))

    assert result.exit_code == 0
    assert "STORE_STRIPE_WEBHOOK_SECRETS=whsec_" in result.output


def _found(words: str) -> Sequence[Order]:
    return db.session.scalars(listed(Wanted(words=words), some_settings(Path(), ""))).all()


def _session() -> str:
    return the_order().session_id or ""
