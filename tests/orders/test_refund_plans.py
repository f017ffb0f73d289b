"""What a refund comes to: to the cent, whatever the units, and never more than was paid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import InvalidError
from store.money import Money
from store.orders.models import Order, OrderLine, OrderState, Payment, Refund, RefundStatus
from store.orders.models import RefundLine as Part
from store.orders.refund_plans import (
    OverRefundError,
    RefundWish,
    StaleRefundError,
    UndecidedError,
    plan_refund,
)
from tests.builders import aud


def an_order(*lines: tuple[int, int], shipping: int = 895, state: str = OrderState.PAID) -> Order:
    """Return a paid order of these quantities and totals, that no database knows."""
    order = Order(
        number="GN-7K3Q-F2XW",
        currency="AUD",
        state=state,
        shipping_minor=shipping,
        tax_minor=0,
        tax_included=True,
    )
    for at, (quantity, total) in enumerate(lines, start=1):
        order.lines.append(
            OrderLine(
                id=at,
                title=f"Thing {at}",
                quantity=quantity,
                total_minor=total,
                shipped=0,
                cancelled=0,
                requires_shipping=True,
            )
        )
    paid = sum(total for _, total in lines) + shipping
    order.payments.append(Payment(amount_minor=paid, refunded_minor=0, lost_minor=0))
    return order


def give(order: Order, wish: RefundWish, status: str = RefundStatus.SUCCEEDED) -> int:
    """Write down what the wish comes to, as a refund does; return its amount."""
    plan = plan_refund(order, wish)
    order.refunds.append(
        Refund(
            amount_minor=plan.amount.minor,
            shipping_minor=plan.shipping.minor,
            status=status,
            lines=[
                Part(order_line_id=p.line.id, quantity=p.quantity, amount_minor=p.amount_minor)
                for p in plan.lines
            ],
        )
    )
    if RefundStatus(status).gives_back:
        order.payments[0].refunded_minor += plan.amount.minor
    return plan.amount.minor


@given(total=st.integers(0, 10_000), parts=st.lists(st.integers(1, 4), min_size=1, max_size=6))
def test_units_in_any_parts_come_to_the_line_to_the_cent(total: int, parts: list[int]) -> None:
    order = an_order((sum(parts), total), (1, 500))

    given_back = 0
    for units in parts:
        try:
            given_back += give(order, RefundWish(units={1: units}))
        except OverRefundError:
            # A share of nothing: a line that cost less cents than it has units.
            assert total < sum(parts)
            return

    assert given_back == total


def test_a_refund_that_failed_is_free_to_be_asked_for_again() -> None:
    order = an_order((3, 10_00))
    give(order, RefundWish(units={1: 1}), RefundStatus.FAILED)

    assert [give(order, RefundWish(units={1: 1})) for _ in range(3)] == [333, 334, 333]


def test_lines_and_shipping_go_back_together() -> None:
    order = an_order((2, 90_00), (1, 26_00))

    plan = plan_refund(order, RefundWish(units={1: 1, 2: 1}, shipping=True))

    assert [part.amount for part in plan.lines] == [aud(45), aud(26)]
    assert (plan.shipping, plan.amount) == (aud(8.95), aud(79.95))
    assert [part.cancels for part in plan.goods] == [1, 1]
    assert not plan.is_everything


def test_an_amount_in_place_of_what_lines_come_to_is_shared_among_them() -> None:
    order = an_order((1, 90_00), (1, 30_00))

    plan = plan_refund(order, RefundWish(amount=aud(60), line_ids=(1, 2)))

    assert [part.amount for part in plan.lines] == [aud(45), aud(15)]


def test_everything_cancels_what_was_not_named_as_well() -> None:
    order = an_order((1, 90_00), (2, 30_00))

    plan = plan_refund(order, RefundWish())

    assert plan.is_everything
    assert plan.lines == ()
    assert [(part.line.id, part.cancels) for part in plan.goods] == [(1, 1), (2, 2)]


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (RefundWish(units={1: 3}), OverRefundError),
        (RefundWish(units={1: 0}), InvalidError),
        (RefundWish(units={1: -1}), InvalidError),
        (RefundWish(units={9: 1}), InvalidError),
        (RefundWish(line_ids=(9,)), InvalidError),
        (RefundWish(amount=Money(0, "AUD")), InvalidError),
        (RefundWish(amount=Money(5, "USD")), InvalidError),
        (RefundWish(amount=aud(1_000)), OverRefundError),
        (RefundWish(amount=aud(1), seen=5), StaleRefundError),
    ],
)
def test_what_makes_no_sense_is_refused(wish: RefundWish, error: type[Exception]) -> None:
    with pytest.raises(error):
        plan_refund(an_order((2, 90_00)), wish)


def test_shipping_and_a_line_go_back_once() -> None:
    order = an_order((2, 90_00), (1, 10_00))
    give(order, RefundWish(shipping=True, line_ids=(1,)))

    for wish in (RefundWish(shipping=True), RefundWish(line_ids=(1,)), RefundWish(units={1: 1})):
        with pytest.raises(OverRefundError):
            plan_refund(order, wish)


def test_a_parked_order_is_not_taken_apart() -> None:
    order = an_order((2, 90_00), state=OrderState.PARKED)

    with pytest.raises(UndecidedError):
        plan_refund(order, RefundWish(units={1: 1}))

    assert plan_refund(order, RefundWish(units={1: 2})).amount == aud(90)


def test_tax_on_top_goes_back_with_what_it_was_on() -> None:
    order = an_order((2, 1_000), shipping=500)
    order.tax_included, order.tax_minor, order.lines[0].tax_minor = False, 150, 100
    order.payments[0].amount_minor = 1_650

    half = give(order, RefundWish(units={1: 1}))
    rest = give(order, RefundWish(line_ids=(1,), shipping=True))

    assert (half, rest) == (550, 550 + 550)
    assert order.payments[0].refunded_minor == 1_650
