"""Refunds of what gift cards paid, and of gift cards that were bought."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store.checkout.reconciling import reconcile
from store.database import db, writing
from store.gift_cards import ledger as book
from store.gift_cards.expiring import expire_due
from store.gift_cards.ledger import Cause
from store.gift_cards.models import GiftCard
from store.money import Money
from store.orders.gift_cards import CardSpentError
from store.orders.models import Order, OrderState
from store.orders.queries import locked_order
from store.orders.refunding import (
    OverRefundError,
    RefundWish,
    refund_order,
    write_paid_otherwise,
)
from store.payments.gateway import GatewayRefusedError
from tests.beginning import Beginning
from tests.builders import aud
from tests.buying import a_variant, buy, check_out, fill_cart, mails, session_of, thanks, the_order
from tests.gift_cards.giving import (
    a_gift_card,
    a_gift_product,
    assert_proved,
    code_of,
    ledger,
    mail_cards,
    spend,
    the_card,
)
from tests.invariants import assert_invariants
from tests.shop import Shop


@pytest.fixture
def order(app: Flask, begin: Beginning) -> Order:
    """Return an order of 45 and shipping, of which a gift card paid 20."""
    begin(_partly_by_card)
    return the_order()


def _partly_by_card(shop: Shop) -> None:
    reader = shop.browser()
    code = a_gift_card(shop, 2_000)
    fill_cart(reader, a_variant(shop, price=aud(45)))
    spend(reader, code)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    thanks(reader, session_id)


def give_back(order: Order, shop: Shop, minor: int | None = None) -> None:
    amount = None if minor is None else Money(minor, order.currency)
    refund_order(order, RefundWish(amount=amount), shop.services, actor="Test")


def test_payment_card_has_its_part_back_before_the_gift_card(order: Order, shop: Shop) -> None:
    charged = order.charged_minor

    give_back(order, shop, charged - 100)
    first = [payment.refunded_minor for payment in the_order().payments]
    give_back(the_order(), shop, 600)

    assert first == [charged - 100, 0]
    assert [payment.refunded_minor for payment in the_order().payments] == [charged, 500]
    assert ledger()[-1] == ("given_back", 500, 500)
    assert "Gift card ···" in mails("orders.refunded")[-1].text
    assert "$5.00" in mails("orders.refunded")[-1].text
    assert_proved()
    assert_invariants(shop.sandbox)


def test_whole_refund_gives_each_what_it_paid(order: Order, shop: Shop) -> None:
    give_back(order, shop)

    assert the_order().state == OrderState.REFUNDED
    assert [p.refunded_minor - p.amount_minor for p in the_order().payments] == [0, 0]
    assert the_card().balance_minor == 2_000
    assert "Gift card ···" in mails("orders.cancelled")[0].text
    assert_proved()
    assert_invariants(shop.sandbox)


def test_what_is_paid_back_by_hand_leaves_the_gift_card_its_part(order: Order, shop: Shop) -> None:
    with writing():
        locked = locked_order(order.id)
        write_paid_otherwise(locked, RefundWish(), shop.services, actor="Test")

    assert the_order().state == OrderState.REFUNDED
    assert the_card().balance_minor == 2_000
    assert reconcile(shop.services) == []
    assert the_card().balance_minor == 2_000
    assert_proved()


def test_more_than_was_paid_never_goes_back(order: Order, shop: Shop) -> None:
    give_back(order, shop, order.total_minor - 100)

    with pytest.raises(OverRefundError):
        give_back(the_order(), shop, 200)

    assert_proved()


def test_gift_card_gets_nothing_while_the_bank_refuses(order: Order, shop: Shop) -> None:
    shop.sandbox.dispute(the_order().intent_id or "")

    with pytest.raises(GatewayRefusedError):
        give_back(order, shop)

    assert [p.refunded_minor for p in the_order().payments] == [0, 0]
    assert the_card().balance_minor == 0


def test_expired_card_is_good_again_for_what_goes_back(order: Order, shop: Shop) -> None:
    shop.clock.move_to(shop.clock.now() + timedelta(days=4 * 365))
    with writing():
        expire_due(shop.clock)

    give_back(order, shop)

    card = the_card()
    assert (card.state, card.balance_minor) == ("active", 2_000)
    assert card.expires_at
    assert card.expires_at > shop.clock.now()
    assert_proved()


def test_another_card_comes_in_place_of_one_that_was_voided(order: Order, shop: Shop) -> None:
    card_id = the_card().id
    with writing():
        book.void(db.session.get_one(GiftCard, card_id), Cause(shop.clock.now()))

    give_back(order, shop)
    mail_cards(shop)

    assert [step for step in ledger() if step[0] == "issued"][-1] == ("issued", 2_000, 2_000)
    assert mails("gift_cards")[-1].recipient == "robin@example.org"
    assert_proved()


def test_bought_card_is_void_once_its_price_went_back(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    thanks(reader, buy(shop, reader, a_gift_product(shop)))
    mail_cards(shop)

    give_back(the_order(), shop)

    assert (the_card().state, the_card().balance_minor) == ("voided", 0)
    assert_proved()
    assert_invariants(shop.sandbox)


def test_price_of_a_spent_card_does_not_go_back(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    thanks(reader, buy(shop, reader, a_gift_product(shop)))
    mail_cards(shop)
    bought = the_order().id
    fill_cart(reader, a_variant(shop, price=aud(80)))
    spend(reader, code_of(the_card().id))
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    thanks(reader, session_id)

    with pytest.raises(CardSpentError):
        refund_order(_order(bought), RefundWish(), shop.services, actor="Test")

    assert _order(bought).payments[0].refunded_minor == 0
    assert_proved()


def test_card_is_good_again_when_the_refund_of_its_price_fails(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    thanks(reader, buy(shop, reader, a_gift_product(shop)))
    mail_cards(shop)
    shop.sandbox.dispute(the_order().intent_id or "")

    with pytest.raises(GatewayRefusedError):
        give_back(the_order(), shop)

    assert (the_card().state, the_card().balance_minor) == ("active", 5_000)
    assert_proved()


def _order(order_id: int) -> Order:
    db.session.rollback()
    return db.session.get_one(Order, order_id)
