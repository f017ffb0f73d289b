"""What staff may decide about an order, and what is not theirs to decide."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store.checkout.staffing import accept
from store.orders.lifecycle import StepRefusedError
from store.orders.models import OrderState
from store.orders.refunding import RefundWish, refund_order
from tests.buying import a_variant, buy, check_out, fill_cart, mails, session_of, thanks, the_order
from tests.invariants import assert_invariants
from tests.shop import Shop


def test_order_that_nobody_paid_cannot_be_accepted(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))
    session_of(check_out(reader))

    with pytest.raises(StepRefusedError):
        accept(the_order(), shop.services, actor="robin")

    assert the_order().state == OrderState.PENDING
    assert mails() == []
    assert_invariants(shop.sandbox)


def test_order_whose_money_went_back_cannot_be_accepted(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    thanks(reader, buy(shop, reader, a_variant(shop)))
    refund_order(the_order(), RefundWish(), shop.services, actor="robin")

    with pytest.raises(StepRefusedError):
        accept(the_order(), shop.services, actor="robin")

    assert the_order().state == OrderState.REFUNDED
    assert_invariants(shop.sandbox)
