"""Where an order may go, and that it goes nowhere else."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from store.database import writing
from store.orders.lifecycle import (
    NEXT,
    FulfilmentStatus,
    PaymentStatus,
    StepRefusedError,
    advance,
    fulfilment_status,
    payment_status,
)
from store.orders.models import Order, OrderState
from store.orders.queries import locked_order
from tests.buying import a_variant, check_out, fill_cart, the_order
from tests.shop import Shop

MONEY_CAME = {OrderState.PAID, OrderState.PARKED, OrderState.REFUNDED}


def test_every_state_has_its_row() -> None:
    assert set(NEXT) == set(OrderState)


@given(st.lists(st.sampled_from(OrderState), min_size=1, max_size=12))
def test_money_that_came_is_never_forgotten(wishes: list[OrderState]) -> None:
    state, has_money = OrderState.PENDING, False
    for wish in wishes:
        if wish in NEXT[state]:
            state = wish
        has_money = has_money or state in MONEY_CAME

    assert not has_money or state in MONEY_CAME


def test_step_that_the_table_does_not_know_is_refused(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))
    check_out(reader)
    order_id = the_order().id

    with pytest.raises(StepRefusedError), writing():
        advance(locked_order(order_id), OrderState.REFUNDED, shop.clock, because="refunded")

    assert the_order().state == OrderState.PENDING
    assert "refunded" not in [event.kind for event in the_order().events]


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (OrderState.PENDING, PaymentStatus.UNPAID),
        (OrderState.AWAITING, PaymentStatus.AWAITING),
        (OrderState.PAID, PaymentStatus.PAID),
        (OrderState.PARKED, PaymentStatus.PARKED),
        (OrderState.REFUNDED, PaymentStatus.REFUNDED),
        (OrderState.EXPIRED, PaymentStatus.UNPAID),
    ],
)
def test_payment_status_follows_the_state(state: OrderState, status: PaymentStatus) -> None:
    assert payment_status(Order(state=state)) is status


def test_order_without_parcels_has_nothing_to_fulfil() -> None:
    assert fulfilment_status(Order(state=OrderState.PAID)) is FulfilmentStatus.NOTHING
