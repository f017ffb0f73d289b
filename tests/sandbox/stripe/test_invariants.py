"""Whatever a shop, its buyers and time do in whatever order, the money adds up."""

from collections import Counter
from datetime import UTC, datetime

import pytest
import stripe
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from store.clock import FixedClock
from store.sandbox.stripe import (
    CardDeclinedError,
    SandboxHTTPClient,
    SandboxSettings,
    SessionClosedError,
    create_sandbox,
    sandbox_of,
)
from store.sandbox.stripe.cards import CARDS
from store.sandbox.stripe.state import Shelf
from tests.sandbox.stripe.orders import open_session

pytestmark = pytest.mark.slow

cards = st.sampled_from([card.number for card in CARDS])


class Trade(RuleBasedStateMachine):
    sessions = Bundle("sessions")

    def __init__(self) -> None:
        super().__init__()
        clock = FixedClock(datetime(2026, 11, 21, tzinfo=UTC))
        app = create_sandbox(SandboxSettings(clock=clock.now))
        self.sandbox = sandbox_of(app)
        self.client = stripe.StripeClient(
            "sk_test_sandbox", http_client=SandboxHTTPClient(app), max_network_retries=0
        )

    @rule(target=sessions)
    def open(self) -> str:
        return open_session(self.client).id

    @rule(session=sessions, card=cards, shipping=st.integers(0, 1))
    def pay(self, session: str, card: str, shipping: int) -> None:
        try:
            self.sandbox.pay(session, card, shipping=shipping)
        except (CardDeclinedError, SessionClosedError):
            return

    @rule(session=sessions, amount=st.none() | st.integers(1, 6000))
    def refund(self, session: str, amount: int | None) -> None:
        intent = self.client.v1.checkout.sessions.retrieve(session).payment_intent
        params: stripe.params.RefundCreateParams = {"payment_intent": str(intent or "pi_none")}
        if amount:
            params["amount"] = amount
        try:
            self.client.v1.refunds.create(params=params)
        except stripe.InvalidRequestError:
            return

    @rule(session=sessions)
    def expire(self, session: str) -> None:
        try:
            self.client.v1.checkout.sessions.expire(session)
        except stripe.InvalidRequestError:
            return

    @rule(seconds=st.sampled_from([10, 60, 13 * 3600]))
    def wait(self, seconds: int) -> None:
        self.sandbox.advance(seconds)
        self.sandbox.tick()

    @invariant()
    def a_session_is_paid_once_and_in_full(self) -> None:
        state = self.sandbox.account.state
        paid = [c for c in state.scan(Shelf.CHARGE) if c["paid"]]
        assert max(Counter(c["payment_intent"] for c in paid).values(), default=0) <= 1
        by_intent = {c["payment_intent"]: c["amount"] for c in paid}
        for session in state.scan(Shelf.SESSION):
            amount = by_intent.get(session["payment_intent"])
            assert (session["payment_status"] == "paid") == (amount is not None)
            assert amount in {None, session["amount_total"]}

    @invariant()
    def what_went_back_is_what_the_refunds_say(self) -> None:
        state = self.sandbox.account.state
        went: Counter[str] = Counter()
        for refund in state.scan(Shelf.REFUND):
            if refund["status"] != "failed":
                went[refund["charge"]] += refund["amount"]
        for charge in state.scan(Shelf.CHARGE):
            assert charge["amount_refunded"] == went[charge["id"]] <= charge["amount_captured"]

    @invariant()
    def no_closed_session_has_a_page(self) -> None:
        for session in self.sandbox.account.state.scan(Shelf.SESSION):
            assert (session["url"] is None) == (session["status"] != "open")


TestTrade = Trade.TestCase
TestTrade.settings = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
