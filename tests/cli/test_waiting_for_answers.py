"""What a terminal says of disputes and of what was paid for and is gone."""

from datetime import timedelta

import click
import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from store.cli.disputes import disputes
from store.cli.orders import orders
from store.database import writing
from store.orders.queries import locked_order
from store.orders.shortage.choosing import Choice, Chosen, choose
from store.sandbox.stripe.state import Shelf
from tests.buying import a_variant, buy, deliver, thanks, the_order
from tests.orders.gone import gone, gone_after_payment
from tests.shop import Shop


def run(app: Flask, command: click.Command, *words: str) -> Result:
    return app.test_cli_runner().invoke(command, words)


@pytest.fixture
def disputed(app: Flask, shop: Shop, reader: FlaskClient) -> str:
    """The number of an order of 98.95 dollars whose payment the bank asks back."""
    thanks(reader, buy(shop, reader, a_variant(shop, stock=5), quantity=2))
    deliver(shop)
    shop.sandbox.dispute(the_order().payments[0].intent_id)
    deliver(shop)
    return the_order().number


def _at_stripe(shop: Shop) -> str:
    (dispute,) = shop.sandbox.account.state.scan(Shelf.DISPUTE)
    return str(dispute["id"])


def test_a_dispute_is_told_with_the_last_moment_to_answer(app: Flask, disputed: str) -> None:
    result = run(app, disputes)

    line, last = result.output.splitlines()
    assert line.startswith(f"{disputed}  98.95 AUD  ")
    assert "answer until 20" in line
    assert last == "1 open, 1 to answer"


def test_a_dispute_that_nobody_answered_says_since_when(
    app: Flask, shop: Shop, disputed: str
) -> None:
    shop.clock.move_to(shop.clock.now() + timedelta(days=60))

    assert "too late since" in run(app, disputes).output


def test_a_closed_dispute_is_listed_where_all_are(app: Flask, shop: Shop, disputed: str) -> None:
    shop.sandbox.close_dispute(_at_stripe(shop), is_won=True)
    deliver(shop)

    assert run(app, disputes).output == "0 open, 0 to answer\n"
    assert "closed 20" in run(app, disputes, "--all").output


def test_what_is_gone_is_told_with_the_moment_at_which_money_goes_back(
    app: Flask, shop: Shop
) -> None:
    variant_id = a_variant(shop, stock=5)
    number = gone_after_payment(shop, {variant_id: 2}, {variant_id: 1})

    line, last = run(app, orders, "missing").output.splitlines()

    assert line.startswith(f"{number}  money goes back 20")
    assert line.endswith("1 x Late Edition tee")
    assert last == "1 to be chosen by their readers, 0 wait"


def test_who_waits_is_told_until_the_goods_are_here(app: Flask, shop: Shop) -> None:
    variant_id = a_variant(shop, stock=5)
    gone_after_payment(shop, {variant_id: 2}, {variant_id: 1})
    (missing,) = gone()
    with writing():
        order = locked_order(missing.order_id)
        choose(order, [Chosen(missing.id, Choice.WAIT)], shop.services, actor="reader")

    output = run(app, orders, "missing").output

    assert "waits, no day known" in output
    assert output.endswith("0 to be chosen by their readers, 1 wait\n")


def test_a_shop_in_which_nothing_waits_says_so(app: Flask) -> None:
    assert run(app, disputes).output == "0 open, 0 to answer\n"
    assert run(app, orders, "missing").output == "0 to be chosen by their readers, 0 wait\n"
