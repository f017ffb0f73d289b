"""A dispute arrives, holds what it must, and is answered once, whatever Stripe answers."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.checkout import sweeping
from store.checkout.reconciling import reconcile
from store.database import db, writing
from store.inventory.models import StockLevel
from store.mail.letterhead import branded
from store.orders.disputing.answering import (
    BeingAnsweredError,
    NotAnswerableError,
    ask,
    locked_dispute,
    send_answer,
    send_anyway,
    write_statement,
)
from store.orders.disputing.evidence import Package, gather
from store.orders.disputing.models import Ask, Dispute
from store.orders.queries import locked_order
from store.orders.refund_plans import DisputedError, RefundWish
from store.orders.refunding import refund_order
from store.orders.shipping import DisputeHoldsError, Parcel, ship_parcel
from store.payments.gateway import GatewayRefusedError, GatewayUnknownError
from store.sandbox.stripe import Address, ApiFault, FaultKind, Faults
from store.sandbox.stripe.state import Shelf
from store.staff.reports import Span, sales_by_day
from tests.beginning import Beginning
from tests.builders import aud
from tests.buying import a_variant, buy, deliver, mails, thanks, the_order
from tests.desk import bought
from tests.invariants import assert_invariants
from tests.shop import Shop

EVIDENCE = {"customer_name": "Robin Reader", "uncategorized_text": "It arrived."}


@pytest.fixture
def variant_id(begin: Beginning) -> int:
    return begin(_five_tees)


def _five_tees(shop: Shop) -> int:
    return a_variant(shop, stock=5, product_type="T-shirts")


@pytest.fixture
def paid(app: Flask, shop: Shop, begin: Beginning, variant_id: int) -> Shop:
    """A shop with one order: two tees and shipping, 98.95 dollars, paid."""
    begin(_two, variant_id)
    return shop


def _two(shop: Shop, variant_id: int) -> None:
    bought(shop, variant_id, quantity=2, address=Address())
    deliver(shop)


@pytest.fixture
def disputed(paid: Shop, begin: Beginning) -> Shop:
    begin(_dispute)
    return paid


def _dispute(shop: Shop) -> None:
    shop.sandbox.dispute(the_order().payments[0].intent_id)
    deliver(shop)


def the_dispute() -> Dispute:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Dispute)).one()


def _at_stripe(shop: Shop) -> Mapping[str, object]:
    (dispute,) = shop.sandbox.account.state.scan(Shelf.DISPUTE)
    return dispute


def _steps() -> list[str]:
    return [event.kind for event in the_order().events]


def _ask(shop: Shop, what: Ask = Ask.SUBMIT) -> int:
    dispute_id = the_dispute().id
    with writing():
        ask(locked_dispute(dispute_id), what, EVIDENCE, shop.services, actor="robin")
    return dispute_id


def _answer(shop: Shop, what: Ask = Ask.SUBMIT) -> None:
    send_answer(_ask(shop, what), shop.services)


def _ship(shop: Shop) -> None:
    order_id = the_order().id
    with writing():
        ship_parcel(locked_order(order_id), Parcel({}), shop.services, actor="robin")


def test_a_dispute_arrives_once_however_often_it_is_told(disputed: Shop) -> None:
    deliver(disputed)
    sweeping.follow_disputes(disputed.services)

    dispute = the_dispute()
    assert (dispute.status, dispute.amount) == ("needs_response", aud(98.95))
    assert dispute.due_by is not None
    assert dispute.is_withdrawn
    assert _steps().count("dispute_created") == 1
    assert len(mails("orders.attention")) == 1


def test_a_dispute_whose_event_was_lost_is_found_by_the_comparison(paid: Shop) -> None:
    paid.sandbox.dispute(the_order().payments[0].intent_id)

    reconcile(paid.services)

    assert the_dispute().status == "needs_response"


def test_a_dispute_that_came_before_its_payment_is_found_by_settling(
    app: Flask, shop: Shop, reader: FlaskClient, variant_id: int
) -> None:
    session_id = buy(shop, reader, variant_id)
    payment = shop.services.payments.session(session_id).payment
    assert payment is not None
    shop.sandbox.dispute(payment.intent_id)

    thanks(reader, session_id)

    assert the_dispute().order_id == the_order().id


def test_what_is_disputed_is_not_refunded(disputed: Shop) -> None:
    with pytest.raises(DisputedError):
        refund_order(the_order(), RefundWish(), disputed.services, actor="robin")

    assert the_order().refunds == []


def test_what_is_disputed_is_not_sent_unless_somebody_says_so(disputed: Shop) -> None:
    with pytest.raises(DisputeHoldsError):
        _ship(disputed)

    dispute_id = the_dispute().id
    with writing():
        send_anyway(locked_dispute(dispute_id), disputed.services, actor="robin")
    _ship(disputed)

    assert the_order().lines[0].shipped == 2
    assert _steps()[-2:] == ["dispute_ships_anyway", "shipped"]


def test_a_bank_that_only_asks_holds_nothing(paid: Shop) -> None:
    paid.sandbox.dispute(the_order().payments[0].intent_id, is_warning=True)
    deliver(paid)

    refund_order(the_order(), RefundWish(amount=aud(10)), paid.services, actor="robin")
    _ship(paid)

    assert "dispute_warning" in _steps()


def test_a_lost_dispute_takes_the_goods_of_the_parcel_and_the_money_of_the_reports(
    disputed: Shop, variant_id: int
) -> None:
    disputed.sandbox.close_dispute(the_dispute().stripe_id, is_won=False)
    deliver(disputed)
    deliver(disputed)

    order, settings = the_order(), disputed.services.settings
    assert order.payments[0].lost_minor == 9895
    assert order.lines[0].cancelled == 2
    assert db.session.get_one(StockLevel, variant_id).available == 5
    assert _steps().count("dispute_lost") == 1
    (today,) = sales_by_day(Span.of_days(1, disputed.clock.now(), settings), settings)
    assert (today.lost, today.net) == (aud(98.95), aud(0))
    with pytest.raises(DisputedError):
        refund_order(the_order(), RefundWish(), disputed.services, actor="robin")
    assert_invariants()


def test_a_won_dispute_lets_everything_go_on(disputed: Shop) -> None:
    disputed.sandbox.close_dispute(the_dispute().stripe_id, is_won=True)
    deliver(disputed)

    assert the_dispute().is_reinstated
    refund_order(the_order(), RefundWish(amount=aud(10)), disputed.services, actor="robin")
    _ship(disputed)
    assert the_order().payments[0].lost_minor == 0
    assert_invariants(disputed.sandbox)


def test_evidence_is_kept_and_then_submitted_once(disputed: Shop) -> None:
    _answer(disputed, Ask.KEEP)
    assert (the_dispute().status, the_dispute().has_evidence) == ("needs_response", True)

    _answer(disputed)

    assert (the_dispute().status, the_dispute().submissions) == ("under_review", 1)
    with pytest.raises(NotAnswerableError):
        _ask(disputed)
    assert [step for step in _steps() if step.startswith("dispute_")][1:] == [
        "dispute_evidence_kept",
        "dispute_submitted",
        "dispute_under_review",
    ]


def test_an_accepted_dispute_is_lost(disputed: Shop) -> None:
    _answer(disputed, Ask.ACCEPT)

    assert the_dispute().is_lost
    assert the_order().payments[0].lost_minor == 9895


@pytest.mark.parametrize("what", list(Ask))
@pytest.mark.parametrize("kind", list(FaultKind))
def test_whatever_stripe_fails_at_the_answer_is_given_once(
    disputed: Shop, kind: FaultKind, what: Ask
) -> None:
    dispute_id = _ask(disputed, what)
    disputed.sandbox.faults = Faults(api=(ApiFault(kind, "/v1/disputes", "post"),))
    with pytest.raises(GatewayUnknownError):
        send_answer(dispute_id, disputed.services)
    sweeping.follow_disputes(disputed.services)
    disputed.sandbox.faults = Faults()
    with pytest.raises((BeingAnsweredError, NotAnswerableError)):
        _ask(disputed)

    for _ in range(2):
        sweeping.follow_disputes(disputed.services)

    told = _at_stripe(disputed)["evidence_details"]
    assert isinstance(told, dict)
    assert told["submission_count"] == (1 if what is Ask.SUBMIT else 0)
    assert the_dispute().asked_key is None
    assert the_dispute().is_lost == (what is Ask.ACCEPT)


def test_what_stripe_refuses_is_not_asked_again(disputed: Shop) -> None:
    dispute_id = _ask(disputed)
    disputed.sandbox.close_dispute(the_dispute().stripe_id, is_won=False)

    with pytest.raises(GatewayRefusedError):
        send_answer(dispute_id, disputed.services)

    assert the_dispute().asked_key is None
    assert the_dispute().is_lost
    assert "dispute_answer_refused" in _steps()


@pytest.mark.slow
def test_of_many_who_answer_at_once_one_does(disputed: Shop) -> None:
    dispute_id, app = the_dispute().id, disputed.app
    db.session.rollback()

    def answer(number: int) -> bool:
        what = Ask.ACCEPT if number % 2 else Ask.SUBMIT
        with app.app_context():
            try:
                with writing():
                    ask(locked_dispute(dispute_id), what, EVIDENCE, disputed.services, actor="x")
            except (BeingAnsweredError, NotAnswerableError):
                return False
            send_answer(dispute_id, disputed.services)
            return True

    with ThreadPoolExecutor(6) as people:
        done = list(people.map(answer, range(6)))

    assert done.count(True) == 1
    assert the_dispute().asked_key is None


def _package(shop: Shop, *, names_goods: bool = False) -> Package:
    settings = branded(shop.services.settings)
    return gather(the_dispute(), settings, names_goods=names_goods)


def test_evidence_is_gathered_from_what_is_known(disputed: Shop) -> None:
    dispute_id, order_id = the_dispute().id, the_order().id
    with writing():
        dispute = locked_dispute(dispute_id)
        write_statement(dispute, "She wrote that it fits.", disputed.services)
        send_anyway(dispute, disputed.services, actor="robin")
        parcel = Parcel({}, "Australia Post", "33ABC012")
        ship_parcel(locked_order(order_id), parcel, disputed.services, actor="robin")

    package = _package(disputed)

    fields = package.fields
    assert fields["customer_name"] == "Robin Reader"
    assert fields["shipping_tracking_number"] == "33ABC012"
    assert "Australia" in fields["shipping_address"]
    assert "https://auspost.com.au" in fields["uncategorized_text"]
    assert fields["uncategorized_text"].startswith("She wrote that it fits.")
    assert "/pages/returns" in fields["refund_policy_disclosure"]
    assert "neither for a refund nor for a return" in fields["refund_refusal_explanation"]
    assert "your order" in fields["uncategorized_text"]
    assert "customer_purchase_ip" not in fields


def test_goods_are_named_only_where_staff_say_so(disputed: Shop) -> None:
    plain = " ".join(_package(disputed).fields.values())
    assert "Late Edition" not in plain
    assert "2 × T-shirts" in plain

    named = _package(disputed, names_goods=True).fields["product_description"]
    assert "2 × Late Edition tee" in named


def test_evidence_keeps_within_the_bounds_of_stripe(disputed: Shop) -> None:
    dispute_id = the_dispute().id
    with writing():
        write_statement(locked_dispute(dispute_id), "ö" * 8_000, disputed.services)
    with writing():
        fields = _package_in(disputed, dispute_id)
        ask(locked_dispute(dispute_id), Ask.SUBMIT, fields, disputed.services, actor="robin")
    send_answer(dispute_id, disputed.services)

    assert the_dispute().submissions == 1


def _package_in(shop: Shop, dispute_id: int) -> Mapping[str, str]:
    settings = branded(shop.services.settings)
    return gather(db.session.get_one(Dispute, dispute_id), settings).fields
