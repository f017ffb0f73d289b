"""What was paid for and is gone, as time passes and others choose: deadlines, races, sums."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from store.checkout import sweeping
from store.database import db, writing
from store.errors import StoreError
from store.money import Money
from store.orders.models import OrderState, RefundStatus
from store.orders.queries import locked_order
from store.orders.refunding import RefundWish, refund_order
from store.orders.shortage.choosing import Choice, Chosen, ChosenAlreadyError, choose
from store.orders.shortage.tending import remind_at, send_all, tend
from store.sandbox.stripe import ApiFault, FaultKind, Faults
from tests.builders import a_product, aud
from tests.buying import a_variant, deliver
from tests.desk import as_read, the
from tests.discounts import a_discount
from tests.invariants import assert_invariants
from tests.orders.after_buying import Reader
from tests.orders.gone import (
    decide,
    given_back,
    gone,
    gone_after_payment,
    kinds,
    later,
    leave,
    shelf,
    states,
)
from tests.shop import Shop


@pytest.fixture
def sizes(app: Flask, shop: Shop) -> tuple[int, int]:
    """A tee in M and in L, nine of each, at 45 dollars."""
    with writing():
        tee = a_product(shop.clock, title="Late Edition tee", options={"Size": ["M", "L"]}, stock=9)
        return tee.variants[0].id, tee.variants[1].id


@pytest.fixture
def mug(app: Flask, shop: Shop) -> int:
    return a_variant(shop, title="No Comment mug", price=aud(25), stock=5)


@pytest.fixture
def number(shop: Shop, sizes: tuple[int, int]) -> str:
    """One tee in M, all of which are gone, and shipping: 53.95 dollars."""
    return gone_after_payment(shop, {sizes[0]: 1}, {sizes[0]: 0})


@pytest.fixture
def reader(shop: Shop, number: str) -> Reader:
    return Reader(shop, number)


def test_the_second_window_is_told_and_nothing_is_done_twice(
    shop: Shop, reader: Reader, number: str, sizes: tuple[int, int]
) -> None:
    one = gone()[0].id
    reader.post("/missing", **{f"choice__{one}": "swap", f"instead__{one}": sizes[1]})

    for choice in ("refund", "wait", "swap"):
        fields = {f"choice__{one}": choice, f"instead__{one}": sizes[1]}
        answer = reader.post("/missing", **fields)
        assert answer.status_code == 409
        assert "decided meanwhile" in as_read(answer)
    assert reader.get(f"/missing/{one}/instead").status_code == 409
    assert given_back(shop) == []
    assert shelf(sizes[1]) == (9, 1, 0)


def test_a_reminder_goes_once_and_then_the_money_by_itself(shop: Shop, number: str) -> None:
    later(shop, days=4, hours=23)
    assert kinds() == ["orders.missing"]
    later(shop, hours=2)
    later(shop, hours=2)
    assert kinds() == ["orders.missing", "orders.missing_reminder"]
    later(shop, days=1, hours=19)
    assert states() == ["open"]

    later(shop, hours=2)
    later(shop, hours=1)

    assert states() == ["refunded"]
    assert gone()[0].chosen_by == "deadline"
    assert given_back(shop) == [5395]
    assert the(number).state == OrderState.REFUNDED
    assert kinds()[2:] == ["orders.missing_chosen"]
    assert_invariants(shop.sandbox)


def test_while_stripe_is_down_the_money_waits_and_goes_once(shop: Shop, number: str) -> None:
    shop.sandbox.faults = Faults(api=(ApiFault(FaultKind.UNAVAILABLE, "/v1/refunds"),))
    later(shop, days=8)
    assert states() == ["refunded"]
    shop.sandbox.faults = Faults()

    later(shop, hours=1)
    sweeping.finish_refunds(shop.services)

    assert given_back(shop) == [5395]
    assert the(number).refunds[0].status == RefundStatus.SUCCEEDED
    assert_invariants(shop.sandbox)


@pytest.mark.parametrize("waits", [True, False])
def test_what_comes_back_meanwhile_is_kept_and_told(
    shop: Shop, number: str, sizes: tuple[int, int], *, waits: bool
) -> None:
    if waits:
        decide(shop, Choice.WAIT)
    leave(shop, sizes[0], 1)

    later(shop, hours=1)
    later(shop, hours=1)

    assert states() == ["arrived"]
    assert the(number).lines[0].shortage == 0
    assert kinds()[-1] == "orders.missing_arrived"
    assert kinds().count("orders.missing_arrived") == 1
    later(shop, days=30)
    assert given_back(shop) == []
    assert_invariants(shop.sandbox)


def test_who_paid_first_is_served_first(shop: Shop, sizes: tuple[int, int]) -> None:
    first = gone_after_payment(shop, {sizes[1]: 2}, {sizes[1]: 0})
    leave(shop, sizes[1], 9)
    second = gone_after_payment(shop, {sizes[1]: 2}, {sizes[1]: 0})
    assert [one.order.number for one in gone()] == [first, second]

    leave(shop, sizes[1], 3)
    later(shop, hours=1)
    assert states() == ["arrived", "open"]

    leave(shop, sizes[1], 4)
    later(shop, hours=1)
    assert states() == ["arrived", "arrived"]


def test_an_ordinary_refund_leaves_nothing_to_choose(
    shop: Shop, number: str, reader: Reader
) -> None:
    refund_order(the(number), RefundWish(), shop.services, actor="robin")
    one = gone()[0].id

    answer = reader.post("/missing", **{f"choice__{one}": "refund"})

    assert answer.status_code == 409
    later(shop, days=8)
    assert states() == ["over"]
    assert given_back(shop) == [5395]


def test_a_discount_is_had_on_what_is_taken_instead(
    shop: Shop, sizes: tuple[int, int], mug: int
) -> None:
    a_discount(shop, code="", name="Ten off")
    number = gone_after_payment(shop, {sizes[0]: 1}, {sizes[0]: 0})
    assert the(number).lines[0].paid_minor == 4050

    decide(shop, Choice.SWAP, mug)

    assert given_back(shop) == [4050 - 2250]
    assert_invariants(shop.sandbox)


def test_what_is_disputed_is_not_given_back_by_the_deadline(shop: Shop, number: str) -> None:
    shop.sandbox.dispute(the(number).payments[0].intent_id)
    deliver(shop)

    later(shop, days=8)

    assert states() == ["open"]
    assert the(number).refunds == []


def test_units_that_were_swapped_are_not_due_again_when_a_refund_bounces(
    shop: Shop, sizes: tuple[int, int], mug: int
) -> None:
    number = gone_after_payment(shop, {sizes[0]: 2, mug: 1}, {sizes[0]: 1}, card="4000000000003337")
    decide(shop, Choice.SWAP, sizes[1])
    refund_order(the(number), RefundWish(), shop.services, actor="robin")
    assert the(number).state == OrderState.REFUNDED

    shop.sandbox.settle_delayed()
    deliver(shop)

    assert the(number).state == OrderState.PAID
    assert [line.left_to_ship for line in the(number).lines] == [1, 1]
    assert_invariants()


@pytest.mark.slow
@pytest.mark.parametrize("days", [0, 8])
def test_deadline_reader_and_staff_at_once_decide_once(
    shop: Shop, sizes: tuple[int, int], days: int
) -> None:
    number = gone_after_payment(shop, {sizes[0]: 2}, {sizes[0]: 0})
    order_id, one = the(number).id, gone()[0].id
    shop.clock.move_to(shop.clock.now() + timedelta(days=days))
    picks = (
        Chosen(one, Choice.REFUND),
        Chosen(one, Choice.SWAP, sizes[1]),
        Chosen(one, Choice.REFUND),
        None,
        None,
        Chosen(one, Choice.SWAP, sizes[1]),
    )
    db.session.rollback()

    def act(pick: Chosen | None) -> bool:
        with shop.app.app_context():
            if pick is None:
                tend(order_id, shop.services)
                return False
            try:
                with writing():
                    order = locked_order(order_id)
                    refunds = choose(order, [pick], shop.services, actor="somebody")
            except ChosenAlreadyError:
                return False
            send_all(refunds, shop.services)
            return True

    with ThreadPoolExecutor(len(picks)) as people:
        done = list(people.map(act, picks))

    sweeping.finish_refunds(shop.services)
    decided = [event.kind for event in the(number).events if event.kind.startswith("missing_")]
    assert len(decided) == 1
    assert done.count(True) <= 1
    was_swapped = decided == ["missing_swapped"]
    assert given_back(shop) == ([] if was_swapped else [the(number).total_minor])
    assert shelf(sizes[1])[1] == (2 if was_swapped else 0)
    assert_invariants()


@pytest.mark.slow
def test_two_readers_who_want_the_last_one_instead_get_one(
    shop: Shop, sizes: tuple[int, int]
) -> None:
    last = a_variant(shop, title="Last cap", price=aud(30), stock=1)
    first = gone_after_payment(shop, {sizes[0]: 1}, {sizes[0]: 0})
    leave(shop, sizes[0], 9)
    second = gone_after_payment(shop, {sizes[0]: 1}, {sizes[0]: 0})
    rows = {one.order.number: one.id for one in gone()}
    readers = [(Reader(shop, number), rows[number]) for number in (first, second)]

    def take(pair: tuple[Reader, int]) -> int:
        reader, one = pair
        fields = {f"choice__{one}": "swap", f"instead__{one}": last}
        return reader.post("/missing", **fields).status_code

    with ThreadPoolExecutor(2) as people:
        answers = sorted(people.map(take, readers))

    assert answers == [303, 409]
    assert shelf(last) == (1, 1, 0)
    assert_invariants()


def test_the_reminder_of_a_short_time_goes_at_its_middle(shop: Shop) -> None:
    now = shop.clock.now()
    assert remind_at(now, now + timedelta(days=7)) == now + timedelta(days=5)
    assert remind_at(now, now + timedelta(days=1)) == now + timedelta(hours=12)


PRICES = st.integers(100, 9_999)
BOUGHT = st.integers(1, 5).flatmap(
    lambda units: st.tuples(st.just(units), st.integers(1, units), PRICES, PRICES)
)
"""Units, how many of them are missing, their price, and that of what is offered instead."""
CHOICES = st.sampled_from([Choice.WAIT, Choice.SWAP, Choice.REFUND])


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(bought=BOUGHT, choices=st.lists(CHOICES, min_size=1, max_size=3))
def test_never_more_goes_back_than_was_paid(
    app: Flask, shop: Shop, bought: tuple[int, int, int, int], choices: list[Choice]
) -> None:
    units, missing, price, other = bought
    tee = a_variant(shop, price=Money(price, "AUD"), stock=9)
    mug = a_variant(shop, price=Money(other, "AUD"), stock=99)
    number = gone_after_payment(shop, {tee: units}, {tee: units - missing})
    for choice in choices:
        try:
            _decide_one(shop, number, choice, mug)
        except StoreError:
            db.session.rollback()

    order = the(number)
    back = sum(refund.amount_minor for refund in order.refunds)
    row = next(one for one in gone() if one.order_id == order.id)
    assert back <= order.total_minor
    if row.state == "swapped":
        assert back == max(0, price - other) * missing
    if row.state == "refunded":
        assert back == (order.total_minor if missing == units else price * missing)
    assert_invariants()


def _decide_one(shop: Shop, number: str, choice: Choice, variant_id: int) -> None:
    order_id = the(number).id
    row = next(one for one in gone() if one.order_id == order_id)
    picks = [Chosen(row.id, choice, variant_id)]
    with writing():
        refunds = choose(locked_order(order_id), picks, shop.services, actor="reader")
    send_all(refunds, shop.services)
