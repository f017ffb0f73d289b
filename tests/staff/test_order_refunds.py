"""Money back from the desk: looked at first, given once, and never more than there is."""

import pytest

from store.database import db
from store.inventory.models import StockLevel
from store.orders.models import OrderState
from tests.desk import Desk, as_read, bought, the, traces
from tests.invariants import assert_invariants
from tests.shop import Shop
from tests.staff.refunds import available, give, given_at_stripe, line_of, ship


def test_the_preview_says_what_would_go_back_and_moves_nothing(
    shop: Shop, desk: Desk, order: str
) -> None:
    fields = {"how": "lines", "seen": 0, f"units-{line_of(order)}": 2}

    page = as_read(desk.post(f"{order}/refund", **fields))

    assert "To the reader $90.00" in page
    assert "2 × Late Edition tee will not be sent" in page
    assert given_at_stripe(shop) == []
    assert the(order).refunds == []


def test_some_units_of_a_line_go_back_and_the_rest_is_still_due(
    shop: Shop, desk: Desk, tee: int, order: str
) -> None:
    assert give(desk, order, units=2).status_code == 303

    line = the(order).lines[0]
    assert (line.cancelled, line.left_to_ship) == (2, 1)
    assert given_at_stripe(shop) == [9000]
    assert available(tee) == 8
    assert_invariants(shop.sandbox)


def test_units_one_by_one_come_to_the_price_of_the_line(shop: Shop, desk: Desk, order: str) -> None:
    for _ in range(3):
        assert give(desk, order, units=1).status_code == 303

    assert given_at_stripe(shop) == [4500, 4500, 4500]
    assert the(order).state == OrderState.REFUNDED
    assert_invariants(shop.sandbox)


def test_shipping_goes_back_alone_and_once(shop: Shop, desk: Desk, tee: int) -> None:
    order = bought(shop, tee)

    assert give(desk, order, shipping="1").status_code == 303
    again = give(desk, order, shipping="1")

    assert again.status_code == 409
    assert given_at_stripe(shop) == [895]
    assert the(order).lines[0].left_to_ship == 1
    assert_invariants(shop.sandbox)


def test_an_amount_leaves_the_goods_alone(shop: Shop, desk: Desk, order: str) -> None:
    assert give(desk, order, how="amount", amount="12.50").status_code == 303

    assert given_at_stripe(shop) == [1250]
    assert the(order).lines[0].left_to_ship == 3
    assert_invariants(shop.sandbox)


def test_everything_ends_the_order(shop: Shop, desk: Desk, tee: int, order: str) -> None:
    assert give(desk, order, how="everything").status_code == 303

    assert the(order).state == OrderState.REFUNDED
    assert available(tee) == 9
    assert_invariants(shop.sandbox)


def test_what_came_back_lies_on_the_shelf_and_what_was_kept_does_not(
    shop: Shop, desk: Desk, tee: int, order: str
) -> None:
    ship(shop, order, 3)

    give(desk, order, units=1, returns="1")
    give(desk, order, units=1)

    assert db.session.get_one(StockLevel, tee).on_hand == 7
    assert_invariants(shop.sandbox)


def test_a_unit_that_came_back_leaves_the_unsent_one_due(
    shop: Shop, desk: Desk, tee: int, order: str
) -> None:
    ship(shop, order, 1)

    give(desk, order, units=1, returns="1")

    line = the(order).lines[0]
    assert (line.shipped, line.cancelled, line.left_to_ship) == (1, 0, 2)
    assert db.session.get_one(StockLevel, tee).on_hand == 9
    ship(shop, order, 2)
    assert_invariants(shop.sandbox)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"how": "lines"}, "Say how many units"),
        ({"how": "amount", "amount": ""}, "Write an amount above zero"),
        ({"how": "amount", "amount": "12.505"}, "Write an amount above zero"),
        ({"how": "amount", "amount": "-5"}, "Write an amount above zero"),
        ({"how": "amount", "amount": "²"}, "Write an amount above zero"),
        ({"how": "amount", "amount": "1e5"}, "Write an amount above zero"),
        ({"how": "amount", "amount": "135.01"}, "more than is left"),
        ({"how": "amount", "amount": "999999999999"}, "more than is left"),
    ],
)
def test_what_cannot_go_back_is_said_before_anything_is_asked(
    shop: Shop, desk: Desk, order: str, fields: dict[str, str], said: str
) -> None:
    answer = desk.post(f"{order}/refund", seen=0, reason="a stain", **fields)

    assert answer.status_code == 422
    assert said in as_read(answer)
    assert "a stain" in answer.text
    assert desk.post(f"{order}/refunds", seen=0, **fields).status_code in {409, 422}
    assert given_at_stripe(shop) == []


@pytest.mark.parametrize("typed", ["4", "-1", "1.5", "²", "all"])
def test_units_that_make_no_sense_are_said_beside_their_line(
    shop: Shop, desk: Desk, order: str, typed: str
) -> None:
    fields = {f"units-{line_of(order)}": typed}

    answer = desk.post(f"{order}/refunds", how="lines", seen=0, **fields)

    assert answer.status_code == 422
    assert "From 0 to 3." in answer.text
    assert f'value="{typed}"' in answer.text
    assert given_at_stripe(shop) == []


def test_a_line_of_another_order_is_not_read(shop: Shop, desk: Desk, tee: int, order: str) -> None:
    foreign = line_of(bought(shop, tee))

    answer = desk.post(f"{order}/refunds", how="lines", seen=0, **{f"units-{foreign}": 1})

    assert answer.status_code == 422
    assert given_at_stripe(shop) == []


def test_the_same_form_sent_twice_gives_once(shop: Shop, desk: Desk, order: str) -> None:
    fields = {"how": "amount", "amount": "10", "seen": 0}

    first = desk.post(f"{order}/refunds", **fields)
    second = desk.post(f"{order}/refunds", **fields)

    assert (first.status_code, second.status_code) == (303, 409)
    assert "Money went back since" in as_read(second)
    assert given_at_stripe(shop) == [1000]
    assert_invariants(shop.sandbox)


def test_a_refund_leaves_who_gave_what_back_and_why(shop: Shop, desk: Desk, order: str) -> None:
    give(desk, order, units=1, reason="=HYPERLINK(1) <b>stain</b>")

    (entry,) = traces(order)
    assert entry.act == "order.refunded"
    assert entry.after == {
        "amount": {"minor": 4500, "currency": "AUD"},
        "lines": ["1 × Late Edition tee"],
        "returns": False,
        "reason": "=HYPERLINK(1) <b>stain</b>",
    }
    page = desk.get(order).text
    assert "<b>stain</b>" not in page
    assert "&lt;b&gt;stain&lt;/b&gt;" in page
    assert entry.actor_name in page
