"""Money goes back once, whoever asks and whatever Stripe answers."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store.checkout import sweeping
from store.database import db, writing
from store.errors import InvalidError
from store.inventory.models import StockLevel
from store.money import Money
from store.orders.models import OrderState, RefundStatus
from store.orders.queries import locked_order
from store.orders.refunding import OverRefundError, RefundWish, refund_order
from store.orders.shipping import NotShippableError, Parcel, ship_parcel
from store.payments.gateway import GatewayRefusedError, GatewayUnknownError
from store.sandbox.stripe import Address, ApiFault, FaultKind, Faults
from store.sandbox.stripe.state import Shelf
from tests.beginning import Beginning
from tests.builders import aud
from tests.buying import (
    a_variant,
    change_at_stripe,
    check_out,
    deliver,
    fill_cart,
    mails,
    session_of,
    thanks,
    the_order,
)
from tests.desk import bought
from tests.invariants import assert_invariants
from tests.shop import Shop


@pytest.fixture
def variant_id(begin: Beginning) -> int:
    return begin(_five_tees)


def _five_tees(shop: Shop) -> int:
    return a_variant(shop, stock=5)


@pytest.fixture
def paid(app: Flask, shop: Shop, begin: Beginning, variant_id: int) -> Shop:
    """A shop with one order: two tees and shipping, 98.95 dollars, paid."""
    begin(_two, variant_id)
    return shop


def _two(shop: Shop, variant_id: int) -> None:
    bought(shop, variant_id, quantity=2, address=Address())
    deliver(shop)


def _refund(shop: Shop, amount: Money | None = None, **given: Any) -> None:
    wish = RefundWish(amount=amount, **given)
    refund_order(the_order(), wish, shop.services, actor="robin")


def _refunds_at_stripe(shop: Shop) -> list[int]:
    return [refund["amount"] for refund in shop.sandbox.account.state.scan(Shelf.REFUND)]


def _intent(shop: Shop) -> str:
    return the_order().payments[0].intent_id


def _available(variant_id: int) -> int:
    db.session.rollback()
    return db.session.get_one(StockLevel, variant_id).available


def test_refund_of_everything_cancels_what_was_not_shipped(paid: Shop, variant_id: int) -> None:
    _refund(paid)

    order = the_order()
    assert order.state == OrderState.REFUNDED
    assert order.lines[0].cancelled == 2
    assert _available(variant_id) == 5
    assert _refunds_at_stripe(paid) == [9895]
    assert_invariants(paid.sandbox)


def test_refund_of_an_amount_leaves_the_goods_alone(paid: Shop, variant_id: int) -> None:
    _refund(paid, aud(10))

    order = the_order()
    assert order.state == OrderState.PAID
    assert order.payments[0].refunded_minor == 1000
    assert order.lines[0].left_to_ship == 2
    assert_invariants(paid.sandbox)


def test_refund_of_a_line_cancels_that_line(paid: Shop, variant_id: int) -> None:
    _refund(paid, line_ids=(the_order().lines[0].id,))

    order = the_order()
    assert order.payments[0].refunded_minor == 9000
    assert order.lines[0].cancelled == 2
    assert _available(variant_id) == 5
    with pytest.raises(OverRefundError):
        _refund(paid, line_ids=(order.lines[0].id,))


def test_more_than_was_paid_is_refused_before_stripe_is_asked(paid: Shop) -> None:
    _refund(paid, aud(90))

    with pytest.raises(OverRefundError):
        _refund(paid, aud(10))

    assert _refunds_at_stripe(paid) == [9000]
    assert_invariants(paid.sandbox)


@pytest.mark.parametrize("amount", [Money(0, "AUD"), Money(-5, "AUD"), Money(100, "USD")])
def test_amount_that_makes_no_sense_is_refused(paid: Shop, amount: Money) -> None:
    with pytest.raises(InvalidError):
        _refund(paid, amount)


def test_goods_that_came_back_lie_on_the_shelf_again(paid: Shop, variant_id: int) -> None:
    order_id = the_order().id
    with writing():
        ship_parcel(locked_order(order_id), Parcel({}), paid.services, actor="robin")

    _refund(paid, returns=True)

    assert db.session.get_one(StockLevel, variant_id).on_hand == 5
    assert the_order().lines[0].shipped == 2
    assert_invariants(paid.sandbox)


def test_goods_come_back_once_however_many_refunds_name_them(paid: Shop, variant_id: int) -> None:
    order_id = the_order().id
    with writing():
        ship_parcel(locked_order(order_id), Parcel({}), paid.services, actor="robin")

    _refund(paid, aud(5), returns=True)
    _refund(paid, line_ids=(), returns=True)

    assert db.session.get_one(StockLevel, variant_id).on_hand == 5
    assert_invariants(paid.sandbox)


def test_units_shipped_after_a_return_may_come_back_too(paid: Shop, variant_id: int) -> None:
    order_id, line_id = the_order().id, the_order().lines[0].id
    for amount in (aud(5), aud(6)):
        with writing():
            order = locked_order(order_id)
            ship_parcel(order, Parcel({line_id: 1}), paid.services, actor="robin")
        _refund(paid, amount, returns=True)

    assert db.session.get_one(StockLevel, variant_id).on_hand == 5
    assert_invariants(paid.sandbox)


def test_lost_answer_of_a_refund_is_asked_for_again_and_given_once(paid: Shop) -> None:
    fault = ApiFault(FaultKind.RESET_AFTER, path_prefix="/v1/refunds", method="post")
    paid.sandbox.faults = Faults(api=(fault,))
    with pytest.raises(GatewayUnknownError):
        _refund(paid, aud(10))
    paid.sandbox.faults = Faults()
    assert_invariants(paid.sandbox)

    sweeping.finish_refunds(paid.services)

    assert _refunds_at_stripe(paid) == [1000]
    (refund,) = the_order().refunds
    assert refund.status == RefundStatus.SUCCEEDED
    assert_invariants(paid.sandbox)


@pytest.mark.parametrize("lines", [0, 1])
def test_goods_whose_money_is_on_its_way_back_are_not_shipped(
    paid: Shop, variant_id: int, lines: int
) -> None:
    order_id = the_order().id
    line_ids = tuple(line.id for line in the_order().lines[:lines])
    paid.sandbox.faults = Faults(api=(ApiFault(FaultKind.RESET_AFTER, "/v1/refunds", "post"),))
    with pytest.raises(GatewayUnknownError):
        _refund(paid, line_ids=line_ids)

    with pytest.raises(NotShippableError), writing():
        ship_parcel(locked_order(order_id), Parcel({}), paid.services, actor="robin")

    paid.sandbox.faults = Faults()
    sweeping.finish_refunds(paid.services)
    assert _available(variant_id) == 5
    assert_invariants(paid.sandbox)


def test_event_may_overtake_the_answer_of_a_refund(paid: Shop) -> None:
    fault = ApiFault(FaultKind.RESET_AFTER, path_prefix="/v1/refunds", method="post")
    paid.sandbox.faults = Faults(api=(fault,))
    with pytest.raises(GatewayUnknownError):
        _refund(paid, aud(10))
    paid.sandbox.faults = Faults()

    deliver(paid)

    assert [refund.status for refund in the_order().refunds] == [RefundStatus.SUCCEEDED]
    assert_invariants(paid.sandbox)


def test_refund_that_stripe_refuses_is_free_to_be_asked_again(paid: Shop) -> None:
    # The event of the dispute has not come yet, so only Stripe knows of it.
    paid.sandbox.dispute(_intent(paid))

    with pytest.raises(GatewayRefusedError):
        _refund(paid, aud(10))

    assert the_order().payments[0].refunded_minor == 0
    assert [refund.status for refund in the_order().refunds] == [RefundStatus.FAILED]
    assert_invariants(paid.sandbox)


def test_refund_made_in_the_dashboard_appears(paid: Shop, variant_id: int) -> None:
    paid.sandbox.refund(_intent(paid), 1234)

    deliver(paid)
    deliver(paid)

    (refund,) = the_order().refunds
    assert (refund.amount_minor, refund.reason) == (1234, "made in Stripe's dashboard")
    assert the_order().payments[0].refunded_minor == 1234
    assert_invariants(paid.sandbox)


def test_full_refund_in_the_dashboard_cancels_the_order(paid: Shop, variant_id: int) -> None:
    paid.sandbox.refund(_intent(paid))

    deliver(paid)

    assert the_order().state == OrderState.REFUNDED
    assert _available(variant_id) == 5
    assert_invariants(paid.sandbox)


def _pay_with(shop: Shop, reader: FlaskClient, card: str) -> None:
    fill_cart(reader, a_variant(shop, stock=5))
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, card)
    thanks(reader, session_id)
    deliver(shop)


def test_pending_refund_is_shown_and_then_succeeds(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    _pay_with(shop, reader, "4000000000007726")
    _refund(shop, aud(10))
    assert the_order().refunds[0].status == RefundStatus.PENDING
    assert_invariants(shop.sandbox)

    shop.sandbox.settle_delayed()
    sweeping.finish_refunds(shop.services)

    assert the_order().refunds[0].status == RefundStatus.SUCCEEDED
    assert_invariants(shop.sandbox)


def test_refund_that_bounces_makes_the_goods_due_again(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    _pay_with(shop, reader, "4000000000003337")
    _refund(shop)
    assert the_order().state == OrderState.REFUNDED

    shop.sandbox.settle_delayed()
    deliver(shop)

    order = the_order()
    assert order.state == OrderState.PAID
    assert order.lines[0].left_to_ship == 1
    assert order.payments[0].refunded_minor == 0
    assert "orders.attention" in [mail.kind for mail in mails()]
    assert_invariants(shop.sandbox)


def test_refund_that_bounces_leaves_a_parked_order_parked(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop, stock=5))
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, "4000000000003337")
    change_at_stripe(shop, session_id, amount_total=1)
    thanks(reader, session_id)
    _refund(shop)
    assert the_order().state == OrderState.REFUNDED

    shop.sandbox.settle_delayed()
    sweeping.finish_refunds(shop.services)

    order = the_order()
    assert order.state == OrderState.PARKED
    assert order.payments[0].refunded_minor == 0
    assert_invariants()


def test_unpaid_order_has_nothing_to_give_back(
    app: Flask, shop: Shop, reader: FlaskClient, variant_id: int
) -> None:
    fill_cart(reader, variant_id)
    check_out(reader)

    with pytest.raises(Exception, match="nothing to give back"):
        _refund(shop)
