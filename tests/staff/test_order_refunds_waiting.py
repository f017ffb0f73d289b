"""A refund is given once, whoever asks at the same moment and whatever Stripe says."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from store.checkout import sweeping
from store.orders.models import OrderState, RefundStatus
from store.sandbox.stripe import Faults
from store.staff.roles import Role
from tests.desk import Desk, as_read, bought, the
from tests.invariants import assert_invariants
from tests.shop import Shop
from tests.staff.refunds import DOWN, give, given_at_stripe, line_of, seen, ship


@pytest.mark.slow
@pytest.mark.parametrize("how", ["amount", "lines", "everything"])
def test_of_two_people_who_give_back_at_once_one_does(shop: Shop, order: str, how: str) -> None:
    desks, line_id = [Desk(shop, Role.MANAGER) for _ in range(2)], line_of(order)
    fields = {"how": how, "amount": "10", "seen": 0, f"units-{line_id}": 1}

    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(desk.post, f"{order}/refunds", **fields) for desk in desks]
        answers = sorted(answer.result().status_code for answer in asked)

    assert answers == [303, 409]
    assert len(given_at_stripe(shop)) == 1
    assert_invariants(shop.sandbox)


def test_while_stripe_is_down_the_refund_waits_and_the_sweep_gives_it_once(
    shop: Shop, desk: Desk, tee: int, order: str
) -> None:
    shop.sandbox.faults = DOWN
    answer = give(desk, order, units=2)
    page = as_read(desk.get(order))
    shop.sandbox.faults = Faults()

    assert answer.status_code == 303
    assert "asked for again within five minutes" in page
    assert "Stripe has not answered yet" in page
    assert "Refunds under way 1" in desk.text("")
    assert [refund.status for refund in the(order).refunds] == [RefundStatus.PENDING]

    sweeping.finish_refunds(shop.services)

    assert given_at_stripe(shop) == [9000]
    assert the(order).lines[0].cancelled == 2
    assert_invariants(shop.sandbox)


def test_nothing_of_a_waiting_refund_is_sent(shop: Shop, desk: Desk, order: str) -> None:
    shop.sandbox.faults = DOWN
    give(desk, order, units=1)
    shop.sandbox.faults = Faults()

    answer = desk.post(f"{order}/parcels", seen=0, **{f"units-{line_of(order)}": 1})

    assert answer.status_code == 409
    assert "on its way back" in as_read(answer)
    sweeping.finish_refunds(shop.services)
    assert_invariants(shop.sandbox)


def test_a_refund_that_stripe_refuses_is_said_to_be_refused(
    shop: Shop, desk: Desk, order: str
) -> None:
    shop.sandbox.dispute(the(order).payments[0].intent_id)

    answer = give(desk, order, units=1)

    assert answer.status_code == 409
    assert "Stripe refused the refund" in as_read(answer)
    assert seen(order) == 0
    assert the(order).lines[0].left_to_ship == 3
    assert_invariants(shop.sandbox)


def test_units_whose_refund_bounced_are_due_again_and_the_others_are_not(
    shop: Shop, desk: Desk, tee: int
) -> None:
    order = bought(shop, tee, quantity=3, card="4000000000007726")
    give(desk, order, units=1)
    give(desk, order, how="everything")
    assert the(order).state == OrderState.REFUNDED

    for refund, outcome in zip(the(order).refunds, ("succeeded", "failed"), strict=True):
        shop.sandbox.finish_refund(refund.stripe_id or "", outcome)
    sweeping.finish_refunds(shop.services)

    line = the(order).lines[0]
    assert the(order).state == OrderState.PAID
    assert (line.cancelled, line.left_to_ship) == (1, 2)
    ship(shop, order, 2)
    assert_invariants(shop.sandbox)
