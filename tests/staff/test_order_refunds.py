"""Money back from the desk: looked at first, given once, whoever asks and whatever Stripe says."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from store.catalog.models import Variant
from store.checkout import sweeping
from store.database import db, writing
from store.inventory.models import StockLevel
from store.orders.models import OrderState, RefundStatus
from store.orders.queries import locked_order
from store.orders.shipping import Parcel, ship_parcel
from store.pricing.models import ShippingRate, ShippingZone
from store.sandbox.stripe import ApiFault, FaultKind, Faults
from store.sandbox.stripe.state import Shelf
from store.staff.roles import Role
from tests.builders import aud
from tests.buying import a_variant, change_at_stripe, check_out, fill_cart, session_of, thanks
from tests.desk import Desk, as_read, bought, number_of, the, traces
from tests.invariants import assert_invariants
from tests.shop import Shop

DOWN = Faults(api=(ApiFault(FaultKind.UNAVAILABLE, path_prefix="/v1/refunds"),))


@pytest.fixture
def tee(app: Flask, shop: Shop) -> int:
    return a_variant(shop, stock=9, title="Late Edition tee", price=aud(45))


@pytest.fixture
def order(shop: Shop, tee: int) -> str:
    """Three tees at 45 dollars and shipping of nothing: the order is above what ships free."""
    return bought(shop, tee, quantity=3)


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return Desk(shop)


def _line(number: str) -> int:
    return the(number).lines[0].id


def _give(desk: Desk, number: str, units: int = 0, **fields: Any) -> Any:
    given = {"how": "lines", "seen": _seen(number), **fields}
    if units:
        given[f"units-{_line(number)}"] = units
    return desk.post(f"{number}/refunds", **given)


def _seen(number: str) -> int:
    return sum(payment.refunded_minor for payment in the(number).payments)


def _at_stripe(shop: Shop) -> list[int]:
    return [refund["amount"] for refund in shop.sandbox.account.state.scan(Shelf.REFUND)]


def _available(variant_id: int) -> int:
    db.session.rollback()
    return db.session.get_one(StockLevel, variant_id).available


def _ship(shop: Shop, number: str, units: int) -> None:
    order_id, line_id = the(number).id, _line(number)
    with writing():
        parcel = Parcel({line_id: units})
        ship_parcel(locked_order(order_id), parcel, shop.services, actor="robin")


def test_the_preview_says_what_would_go_back_and_moves_nothing(
    shop: Shop, desk: Desk, order: str
) -> None:
    fields = {"how": "lines", "seen": 0, f"units-{_line(order)}": 2}

    page = as_read(desk.post(f"{order}/refund", **fields))

    assert "To the reader $90.00" in page
    assert "2 × Late Edition tee will not be sent" in page
    assert _at_stripe(shop) == []
    assert the(order).refunds == []


def test_some_units_of_a_line_go_back_and_the_rest_is_still_due(
    shop: Shop, desk: Desk, tee: int, order: str
) -> None:
    assert _give(desk, order, units=2).status_code == 303

    line = the(order).lines[0]
    assert (line.cancelled, line.left_to_ship) == (2, 1)
    assert _at_stripe(shop) == [9000]
    assert _available(tee) == 8
    assert_invariants(shop.sandbox)


def test_units_one_by_one_come_to_the_price_of_the_line(shop: Shop, desk: Desk, order: str) -> None:
    for _ in range(3):
        assert _give(desk, order, units=1).status_code == 303

    assert _at_stripe(shop) == [4500, 4500, 4500]
    assert the(order).state == OrderState.REFUNDED
    assert_invariants(shop.sandbox)


def test_shipping_goes_back_alone_and_once(shop: Shop, desk: Desk, tee: int) -> None:
    order = bought(shop, tee)

    assert _give(desk, order, shipping="1").status_code == 303
    again = _give(desk, order, shipping="1")

    assert again.status_code == 409
    assert _at_stripe(shop) == [895]
    assert the(order).lines[0].left_to_ship == 1
    assert_invariants(shop.sandbox)


def test_an_amount_leaves_the_goods_alone(shop: Shop, desk: Desk, order: str) -> None:
    assert _give(desk, order, how="amount", amount="12.50").status_code == 303

    assert _at_stripe(shop) == [1250]
    assert the(order).lines[0].left_to_ship == 3
    assert_invariants(shop.sandbox)


def test_everything_ends_the_order(shop: Shop, desk: Desk, tee: int, order: str) -> None:
    assert _give(desk, order, how="everything").status_code == 303

    assert the(order).state == OrderState.REFUNDED
    assert _available(tee) == 9
    assert_invariants(shop.sandbox)


def test_what_came_back_lies_on_the_shelf_and_what_was_kept_does_not(
    shop: Shop, desk: Desk, tee: int, order: str
) -> None:
    _ship(shop, order, 3)

    _give(desk, order, units=1, returns="1")
    _give(desk, order, units=1)

    assert db.session.get_one(StockLevel, tee).on_hand == 7
    assert_invariants(shop.sandbox)


def test_a_unit_that_came_back_leaves_the_unsent_one_due(
    shop: Shop, desk: Desk, tee: int, order: str
) -> None:
    _ship(shop, order, 1)

    _give(desk, order, units=1, returns="1")

    line = the(order).lines[0]
    assert (line.shipped, line.cancelled, line.left_to_ship) == (1, 0, 2)
    assert db.session.get_one(StockLevel, tee).on_hand == 9
    _ship(shop, order, 2)
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
    assert _at_stripe(shop) == []


@pytest.mark.parametrize("typed", ["4", "-1", "1.5", "²", "all"])
def test_units_that_make_no_sense_are_said_beside_their_line(
    shop: Shop, desk: Desk, order: str, typed: str
) -> None:
    fields = {f"units-{_line(order)}": typed}

    answer = desk.post(f"{order}/refunds", how="lines", seen=0, **fields)

    assert answer.status_code == 422
    assert "From 0 to 3." in answer.text
    assert f'value="{typed}"' in answer.text
    assert _at_stripe(shop) == []


def test_a_line_of_another_order_is_not_read(shop: Shop, desk: Desk, tee: int, order: str) -> None:
    foreign = _line(bought(shop, tee))

    answer = desk.post(f"{order}/refunds", how="lines", seen=0, **{f"units-{foreign}": 1})

    assert answer.status_code == 422
    assert _at_stripe(shop) == []


def test_the_same_form_sent_twice_gives_once(shop: Shop, desk: Desk, order: str) -> None:
    fields = {"how": "amount", "amount": "10", "seen": 0}

    first = desk.post(f"{order}/refunds", **fields)
    second = desk.post(f"{order}/refunds", **fields)

    assert (first.status_code, second.status_code) == (303, 409)
    assert "Money went back since" in as_read(second)
    assert _at_stripe(shop) == [1000]
    assert_invariants(shop.sandbox)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["amount", "lines", "everything"])
def test_of_two_people_who_give_back_at_once_one_does(shop: Shop, order: str, how: str) -> None:
    desks, line_id = [Desk(shop, Role.MANAGER) for _ in range(2)], _line(order)
    fields = {"how": how, "amount": "10", "seen": 0, f"units-{line_id}": 1}

    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(desk.post, f"{order}/refunds", **fields) for desk in desks]
        answers = sorted(answer.result().status_code for answer in asked)

    assert answers == [303, 409]
    assert len(_at_stripe(shop)) == 1
    assert_invariants(shop.sandbox)


def test_while_stripe_is_down_the_refund_waits_and_the_sweep_gives_it_once(
    shop: Shop, desk: Desk, tee: int, order: str
) -> None:
    shop.sandbox.faults = DOWN
    answer = _give(desk, order, units=2)
    page = as_read(desk.get(order))
    shop.sandbox.faults = Faults()

    assert answer.status_code == 303
    assert "asked for again within five minutes" in page
    assert "Stripe has not answered yet" in page
    assert "Refunds under way 1" in desk.text("")
    assert [refund.status for refund in the(order).refunds] == [RefundStatus.PENDING]

    sweeping.finish_refunds(shop.services)

    assert _at_stripe(shop) == [9000]
    assert the(order).lines[0].cancelled == 2
    assert_invariants(shop.sandbox)


def test_nothing_of_a_waiting_refund_is_sent(shop: Shop, desk: Desk, order: str) -> None:
    shop.sandbox.faults = DOWN
    _give(desk, order, units=1)
    shop.sandbox.faults = Faults()

    answer = desk.post(f"{order}/parcels", seen=0, **{f"units-{_line(order)}": 1})

    assert answer.status_code == 409
    assert "on its way back" in as_read(answer)
    sweeping.finish_refunds(shop.services)
    assert_invariants(shop.sandbox)


def test_a_refund_that_stripe_refuses_is_said_to_be_refused(
    shop: Shop, desk: Desk, order: str
) -> None:
    shop.sandbox.dispute(the(order).payments[0].intent_id)

    answer = _give(desk, order, units=1)

    assert answer.status_code == 409
    assert "Stripe refused the refund" in as_read(answer)
    assert _seen(order) == 0
    assert the(order).lines[0].left_to_ship == 3
    assert_invariants(shop.sandbox)


def test_units_whose_refund_bounced_are_due_again_and_the_others_are_not(
    shop: Shop, desk: Desk, tee: int
) -> None:
    order = bought(shop, tee, quantity=3, card="4000000000007726")
    _give(desk, order, units=1)
    _give(desk, order, how="everything")
    assert the(order).state == OrderState.REFUNDED

    for refund, outcome in zip(the(order).refunds, ("succeeded", "failed"), strict=True):
        shop.sandbox.finish_refund(refund.stripe_id or "", outcome)
    sweeping.finish_refunds(shop.services)

    line = the(order).lines[0]
    assert the(order).state == OrderState.PAID
    assert (line.cancelled, line.left_to_ship) == (1, 2)
    _ship(shop, order, 2)
    assert_invariants(shop.sandbox)


def test_a_refund_leaves_who_gave_what_back_and_why(shop: Shop, desk: Desk, order: str) -> None:
    _give(desk, order, units=1, reason="=HYPERLINK(1) <b>stain</b>")

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


def _parked(shop: Shop, tee: int) -> str:
    reader = shop.browser()
    fill_cart(reader, tee, 2)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    change_at_stripe(shop, session_id, amount_total=1)
    thanks(reader, session_id)
    return number_of(shop, session_id)


def test_a_parked_order_says_why_and_is_accepted(shop: Shop, desk: Desk, tee: int) -> None:
    order = _parked(shop, tee)
    page = desk.text(order)
    assert "Total here $98.95 , at Stripe $0.01" in page

    answer = desk.post(f"{order}/acceptance")
    again = desk.post(f"{order}/acceptance")

    assert (answer.status_code, again.status_code) == (303, 409)
    assert the(order).state == OrderState.PAID
    assert [entry.act for entry in traces(order)] == ["order.accepted"]
    assert_invariants(shop.sandbox)


def test_a_parked_order_is_given_back_whole_and_not_unit_by_unit(
    shop: Shop, desk: Desk, tee: int
) -> None:
    order = _parked(shop, tee)

    part = _give(desk, order, units=1)
    whole = _give(desk, order, how="everything")

    assert (part.status_code, whole.status_code) == (409, 303)
    assert the(order).state == OrderState.REFUNDED
    assert _available(tee) == 9
    assert_invariants()


def test_an_order_that_nobody_paid_is_let_go(shop: Shop, desk: Desk, tee: int) -> None:
    reader = shop.browser()
    fill_cart(reader, tee)
    order = number_of(shop, session_of(check_out(reader)))

    answer = desk.post(f"{order}/release")

    assert answer.status_code == 303
    assert the(order).state == OrderState.CANCELLED
    assert _available(tee) == 9
    assert [entry.act for entry in traces(order)] == ["order.released"]
    assert_invariants(shop.sandbox)


def test_a_payment_that_came_first_is_not_let_go(shop: Shop, desk: Desk, tee: int) -> None:
    reader = shop.browser()
    fill_cart(reader, tee)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    order = number_of(shop, session_id)

    answer = desk.post(f"{order}/release")

    assert answer.status_code == 409
    assert "The payment came first" in as_read(answer)
    assert the(order).state == OrderState.PAID
    assert_invariants(shop.sandbox)


def test_an_order_that_was_paid_is_not_cancelled_without_its_money(
    shop: Shop, desk: Desk, order: str
) -> None:
    answer = desk.post(f"{order}/cancellation")

    assert answer.status_code == 409
    assert the(order).state == OrderState.PAID


def test_an_order_that_cost_nothing_is_cancelled(app: Flask, shop: Shop, desk: Desk) -> None:
    badge = a_variant(shop, stock=3)
    with writing():
        db.session.get_one(Variant, badge).price = aud(0)
        free = ShippingRate(name="By foot", price_minor=0, currency="AUD", min_days=1, max_days=2)
        db.session.add(ShippingZone(name="Everywhere", countries=["*"], rates=[free]))
    order = bought(shop, badge)
    assert "Nothing was to pay." in desk.text(order)

    answer = desk.post(f"{order}/cancellation")

    assert answer.status_code == 303
    assert the(order).lines[0].cancelled == 1
    assert _available(badge) == 3
    assert_invariants(shop.sandbox)


@pytest.mark.parametrize("act", ["refund", "refunds", "acceptance", "release", "cancellation"])
def test_whoever_packs_moves_no_money(shop: Shop, order: str, act: str) -> None:
    desk = Desk(shop, Role.FULFILMENT)

    assert desk.post(f"{order}/{act}").status_code == 403
    assert "Give money back" not in desk.text(order)
