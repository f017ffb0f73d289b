"""A refund is shown as what it is, and one that fails has ways on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store.checkout import sweeping
from store.checkout.reconciling import reconcile
from store.database import db, writing
from store.errors import StoreError
from store.orders.bounced.models import How
from store.orders.bounced.remedying import (
    BlankNoteError,
    RemediedError,
    drop,
    give_again,
    lost_refunds,
    pay_otherwise,
    remedy_of,
)
from store.orders.models import Order, OrderState, RefundStatus
from store.orders.papers.issuing import papers_of
from store.orders.queries import locked_order
from store.orders.refunding import RefundWish, refund_order, send_refund
from store.payments.gateway import GatewayUnknownError
from store.sandbox.stripe import ApiFault, FaultKind, Faults
from store.sandbox.stripe.state import Shelf
from tests.builders import aud
from tests.buying import a_variant, check_out, deliver, fill_cart, mails, session_of, thanks
from tests.buying import the_order as _order
from tests.desk import as_read
from tests.invariants import assert_invariants
from tests.orders.after_buying import Reader
from tests.shop import Shop

WAITS, FAILS_LATER, WAITS_THEN_FAILS = "4000000000007726", "4000000000005126", "4000000000003337"
PAYS = "4242424242424242"
Buy = Callable[[str], Shop]


@pytest.fixture
def buy(app: Flask, shop: Shop, reader: FlaskClient) -> Buy:
    """Buy two tees and shipping for 98.95 dollars, with this card."""
    variant_id = a_variant(shop, stock=5)

    def pay(card: str) -> Shop:
        fill_cart(reader, variant_id, 2)
        session_id = session_of(check_out(reader))
        shop.sandbox.pay(session_id, card)
        thanks(reader, session_id)
        deliver(shop)
        return shop

    return pay


def _refund(shop: Shop, dollars: float = 10) -> int:
    wish = RefundWish(amount=aud(dollars))
    return refund_order(_order(), wish, shop.services, actor="robin").id


def _page(shop: Shop) -> str:
    return as_read(Reader(shop, _order().number).get())


def _given(shop: Shop) -> list[int]:
    return [refund["amount"] for refund in shop.sandbox.account.state.scan(Shelf.REFUND)]


def _kinds() -> list[str]:
    return [mail.kind for mail in mails("orders.refund")]


def test_a_pending_refund_is_on_its_way_and_not_given(buy: Buy) -> None:
    shop = buy(WAITS)
    _refund(shop)

    page = _page(shop)
    assert "On its way back" in page
    assert "$10.00" in page
    assert "Given back" not in page
    assert _kinds() == ["orders.refund_waits"]

    shop.sandbox.settle_delayed()
    deliver(shop)
    assert "Given back" in _page(shop)
    assert _kinds() == ["orders.refund_waits", "orders.refunded"]


def test_a_refund_that_wants_something_of_its_reader_says_so(buy: Buy) -> None:
    shop = buy(WAITS)
    _refund(shop)
    shop.sandbox.finish_refund(_order().refunds[0].stripe_id or "", "requires_action")
    deliver(shop)

    assert _order().refunds[0].status == RefundStatus.REQUIRES_ACTION
    assert "Waits for you" in _page(shop)
    assert "needs something from you first" in mails("orders.refund_waits")[-1].text
    assert _order().payments[0].refunded_minor == 1000


@pytest.mark.parametrize(
    ("outcome", "words"), [("failed", "Did not arrive"), ("canceled", "Cancelled on its way")]
)
def test_what_fails_after_it_had_succeeded_is_owed_again(
    buy: Buy, outcome: str, words: str
) -> None:
    shop = buy(PAYS)
    _refund(shop)
    shop.sandbox.finish_refund(_order().refunds[0].stripe_id or "", outcome)
    deliver(shop)
    deliver(shop)

    assert _order().payments[0].refunded_minor == 0
    assert words in _page(shop)
    assert _kinds() == ["orders.refunded", "orders.refund_failed"]
    assert len(db.session.scalars(lost_refunds()).all()) == 1
    assert_invariants(shop.sandbox)


@pytest.fixture
def failed(buy: Buy) -> tuple[Shop, int]:
    shop = buy(FAILS_LATER)
    refund_id = _refund(shop)
    shop.sandbox.settle_delayed()
    deliver(shop)
    return shop, refund_id


def test_a_failed_refund_is_asked_for_again(failed: tuple[Shop, int]) -> None:
    shop, refund_id = failed
    order_id = _id()
    with writing():
        again = give_again(locked_order(order_id), refund_id, shop.services, actor="robin").id
    send_refund(again, shop.services)

    assert _given(shop) == [1000, 1000]
    assert _order().payments[0].refunded_minor == 1000
    remedy = remedy_of(refund_id)
    assert remedy is not None
    assert (remedy.how, remedy.in_place_id) == (How.AGAIN, again)
    assert db.session.scalars(lost_refunds()).all() == []
    assert_invariants(shop.sandbox)


def test_money_paid_by_other_means_counts_and_stripe_is_not_asked(
    failed: tuple[Shop, int],
) -> None:
    shop, refund_id = failed
    order_id = _id()
    with writing():
        order = locked_order(order_id)
        pay_otherwise(order, refund_id, "Bank transfer of 26 Nov", shop.services, actor="robin")

    assert _given(shop) == [1000]
    order = _order()
    assert order.payments[0].refunded_minor == 1000
    assert [paper.voided_at is None for paper in papers_of(order)] == [True, False, True]
    assert [mail.kind for mail in mails("orders.paid_otherwise")] == ["orders.paid_otherwise"]
    sweeping.finish_refunds(shop.services)
    assert [found.what for found in reconcile(shop.services)] == []
    assert _order().payments[0].refunded_minor == 1000
    assert_invariants(shop.sandbox)


def test_everything_paid_by_other_means_ends_the_order(buy: Buy) -> None:
    shop = buy(WAITS_THEN_FAILS)
    refund_id = _refund(shop, 98.95)
    shop.sandbox.settle_delayed()
    deliver(shop)
    assert _order().state == OrderState.PAID
    order_id = _id()

    with writing():
        pay_otherwise(locked_order(order_id), refund_id, "In cash", shop.services, actor="robin")

    assert _order().state == OrderState.REFUNDED
    assert _order().lines[0].cancelled == 2
    assert reconcile(shop.services) == []
    assert_invariants(shop.sandbox)


def test_nothing_is_done_twice_about_a_failed_refund(failed: tuple[Shop, int]) -> None:
    shop, refund_id = failed
    order_id = _id()
    with pytest.raises(BlankNoteError), writing():
        pay_otherwise(locked_order(order_id), refund_id, " ", shop.services, actor="robin")
    with writing():
        drop(locked_order(order_id), refund_id, "She keeps the tee", shop.services, actor="robin")

    for verb in (pay_otherwise, drop):
        with pytest.raises(RemediedError), writing():
            verb(locked_order(order_id), refund_id, "Again", shop.services, actor="robin")
    with pytest.raises(RemediedError), writing():
        give_again(locked_order(order_id), refund_id, shop.services, actor="robin")
    assert _order().payments[0].refunded_minor == 0


@pytest.mark.slow
def test_of_many_who_make_a_failed_refund_good_at_once_one_does(
    failed: tuple[Shop, int],
) -> None:
    shop, refund_id = failed
    order_id = _id()
    db.session.rollback()

    def otherwise(number: int) -> bool:
        with shop.app.app_context():
            try:
                with writing():
                    order = locked_order(order_id)
                    if number % 2:
                        pay_otherwise(order, refund_id, "Cash", shop.services, actor="robin")
                        return True
                    again = give_again(order, refund_id, shop.services, actor="sam").id
                send_refund(again, shop.services)
            except RemediedError:
                return False
            return True

    with ThreadPoolExecutor(6) as people:
        done = list(people.map(otherwise, range(6)))

    assert done.count(True) == 1
    assert _order().payments[0].refunded_minor == 1000
    assert_invariants(shop.sandbox)


@pytest.mark.slow
def test_refunds_at_once_never_give_more_than_was_paid(buy: Buy) -> None:
    shop = buy(PAYS)
    order_id = _id()
    db.session.rollback()

    def give(_person: int) -> bool:
        with shop.app.app_context():
            try:
                refund_order(
                    db.session.get_one(Order, order_id),
                    RefundWish(amount=aud(30)),
                    shop.services,
                    actor="sam",
                )
            except StoreError:
                return False
            return True

    with ThreadPoolExecutor(6) as people:
        given = list(people.map(give, range(6)))

    assert given.count(True) == 3
    assert _given(shop) == [3000] * 3
    assert_invariants(shop.sandbox)


def test_another_refund_while_one_is_pending_takes_what_is_left(buy: Buy) -> None:
    shop = buy(WAITS)
    _refund(shop, 60)
    with pytest.raises(StoreError):
        _refund(shop, 60)
    _refund(shop, 38.95)

    assert _given(shop) == [6000, 3895]
    assert _order().state == OrderState.REFUNDED
    assert_invariants(shop.sandbox)


@pytest.mark.parametrize("kind", list(FaultKind))
@pytest.mark.parametrize("method", ["get", "post"])
def test_whatever_stripe_fails_at_the_refund_is_given_once(
    buy: Buy, kind: FaultKind, method: str
) -> None:
    shop = buy(PAYS)
    shop.sandbox.faults = Faults(api=(ApiFault(kind, "/v1/refunds", method),))
    with pytest.raises(GatewayUnknownError):
        _refund(shop)
    sweeping.finish_refunds(shop.services)
    shop.sandbox.faults = Faults()

    for _ in range(3):
        sweeping.finish_refunds(shop.services)

    assert _given(shop) == [1000]
    assert [refund.status for refund in _order().refunds] == [RefundStatus.SUCCEEDED]
    assert_invariants(shop.sandbox)


def _id() -> int:
    return _order().id
