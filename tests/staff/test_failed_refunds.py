"""Refunds that failed, at the desk: a task, and the ways on."""

import pytest

from store.orders.models import RefundStatus
from store.staff.roles import Role
from tests.buying import deliver
from tests.desk import Desk, as_read, bought, the, traces
from tests.invariants import assert_invariants
from tests.shop import Shop
from tests.staff.refunds import give, given_at_stripe


@pytest.fixture
def failed(shop: Shop, desk: Desk, tee: int) -> tuple[str, int]:
    """A refund of one tee that succeeded and then failed at the bank."""
    number = bought(shop, tee, quantity=3, card="4000000000005126")
    give(desk, number, units=1)
    shop.sandbox.settle_delayed()
    deliver(shop)
    return number, the(number).refunds[0].id


def test_home_leads_to_the_ways_on(desk: Desk, failed: tuple[str, int]) -> None:
    number, refund_id = failed
    home = desk.browser.get("/staff/")

    assert "1 refund that failed" in as_read(home)
    assert f"/staff/orders/{number}/refunds/{refund_id}/ways-on" in home.text
    assert number in desk.text("failed-refunds")
    assert "Make it good" in desk.text(number)
    assert "$45.00" in desk.text(f"{number}/refunds/{refund_id}/ways-on")


def test_it_is_given_again(shop: Shop, desk: Desk, failed: tuple[str, int]) -> None:
    number, refund_id = failed

    assert desk.post(f"{number}/refunds/{refund_id}/again").status_code == 303

    assert given_at_stripe(shop) == [4500, 4500]
    assert the(number).payments[0].refunded_minor == 4500
    assert "refund that failed" not in as_read(desk.browser.get("/staff/"))
    assert "given again by" in desk.text(number)
    assert traces(number)[0].act == "order.refunded_again"
    assert desk.post(f"{number}/refunds/{refund_id}/again").status_code == 409
    assert_invariants(shop.sandbox)


def test_it_is_noted_as_paid_by_other_means(
    shop: Shop, desk: Desk, failed: tuple[str, int]
) -> None:
    number, refund_id = failed
    blank = desk.post(f"{number}/refunds/{refund_id}/other-means", note=" ")
    assert blank.status_code == 422
    assert "Say how or why first." in blank.text

    done = desk.post(f"{number}/refunds/{refund_id}/other-means", note="Bank transfer")

    assert done.status_code == 303
    page = desk.text(number)
    assert "paid by other means" in page
    assert "Bank transfer" in page
    assert given_at_stripe(shop) == [4500]
    assert [refund.status for refund in the(number).refunds] == [
        RefundStatus.FAILED,
        RefundStatus.SUCCEEDED,
    ]
    assert_invariants(shop.sandbox)


def test_it_is_put_aside(shop: Shop, desk: Desk, failed: tuple[str, int]) -> None:
    number, refund_id = failed

    assert desk.post(f"{number}/refunds/{refund_id}/aside", note="She keeps it").status_code == 303

    assert "No refund has failed" in desk.text("failed-refunds")
    assert the(number).payments[0].refunded_minor == 0


def test_a_refund_of_the_dashboard_says_where_it_was_made(
    shop: Shop, desk: Desk, order: str
) -> None:
    shop.sandbox.refund(the(order).payments[0].intent_id, 1234)
    deliver(shop)

    page = desk.text(order)
    assert "made in Stripe’s dashboard" in page
    assert "$12.34" in page
    over = give(desk, order, how="amount", amount="130")
    assert over.status_code == 409
    assert given_at_stripe(shop) == [1234]


def test_who_packs_does_not_move_money(shop: Shop, failed: tuple[str, int]) -> None:
    number, refund_id = failed
    desk = Desk(shop, Role.FULFILMENT)

    assert "Make it good" not in desk.text(number)
    for what in ("again", "other-means", "aside"):
        assert desk.post(f"{number}/refunds/{refund_id}/{what}", note="x").status_code == 403
