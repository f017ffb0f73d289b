import threading

import pytest
import stripe

from store.sandbox.stripe import CardDeclinedError, Sandbox, SessionClosedError
from tests.sandbox.stripe.orders import Listener, a_line, open_session

PAYS_LATER, FAILS_LATER = "4000000000001117", "4000000000002222"


def test_a_good_card_pays(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    session_id = open_session(client).id

    sandbox.pay(session_id, "4242 4242 4242 4242")

    session = client.v1.checkout.sessions.retrieve(
        session_id, params={"expand": ["payment_intent"]}
    )
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    assert isinstance(session.payment_intent, stripe.PaymentIntent)
    assert session.payment_intent.amount_received == session.amount_total == 5280


def test_the_buyer_and_the_address_are_on_the_session(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    session_id = open_session(client).id
    sandbox.pay(session_id, email="sam@example.org", name="Sam")

    session = client.v1.checkout.sessions.retrieve(session_id)

    assert session.customer_details is not None
    assert session.customer_details.email == "sam@example.org"
    assert session.collected_information is not None
    details = session.collected_information.shipping_details
    assert details is not None
    assert (details.name, details.address.postal_code) == ("Sam", "2010")


def test_the_shops_address_for_the_buyer_wins(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    session = open_session(client, customer_email="known@example.org")

    paid = sandbox.pay(session.id, email="typed@example.org")

    assert paid["customer_details"]["email"] == "known@example.org"


def test_a_payment_tells_its_story_in_order(
    client: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    sandbox.pay(open_session(client).id)

    sandbox.deliver_now(listener)

    assert listener.kinds == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("4000000000000002", "generic_decline"),
        ("4000000000009995", "insufficient_funds"),
        ("4000000000000069", None),
        ("4000000000000127", None),
    ],
)
def test_bad_cards_are_declined_and_the_session_stays_open(
    client: stripe.StripeClient, sandbox: Sandbox, card: str, code: str | None
) -> None:
    session_id = open_session(client).id

    with pytest.raises(CardDeclinedError) as caught:
        sandbox.pay(session_id, card)

    assert caught.value.decline.decline_code == code
    session = client.v1.checkout.sessions.retrieve(
        session_id, params={"expand": ["payment_intent"]}
    )
    assert session.status == "open"
    assert isinstance(session.payment_intent, stripe.PaymentIntent)
    assert session.payment_intent.last_payment_error is not None


def test_a_second_card_pays_with_the_same_intent(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    session_id = open_session(client).id
    with pytest.raises(CardDeclinedError):
        sandbox.pay(session_id, "4000000000000002")

    paid = sandbox.pay(session_id, shipping=1)

    assert [i.id for i in client.v1.payment_intents.list().data] == [paid["payment_intent"]]
    charges = client.v1.charges.list(params={"payment_intent": paid["payment_intent"]})
    assert [(c.status, c.amount) for c in charges.data] == [("succeeded", 5780), ("failed", 5280)]


def test_a_bank_debit_pays_later(
    client: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    session = sandbox.pay(open_session(client).id, PAYS_LATER)
    assert (session["status"], session["payment_status"]) == ("complete", "unpaid")

    assert sandbox.settle_delayed() == 1

    assert client.v1.checkout.sessions.retrieve(session["id"]).payment_status == "paid"
    sandbox.deliver_now(listener)
    assert listener.kinds[-1] == "checkout.session.async_payment_succeeded"


def test_a_bank_debit_fails_later(
    client: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    session = sandbox.pay(open_session(client).id, FAILS_LATER)

    sandbox.settle_delayed()

    found = client.v1.checkout.sessions.retrieve(
        session["id"], params={"expand": ["payment_intent"]}
    )
    assert (found.status, found.payment_status) == ("complete", "unpaid")
    assert isinstance(found.payment_intent, stripe.PaymentIntent)
    assert found.payment_intent.status == "requires_payment_method"
    sandbox.deliver_now(listener)
    assert listener.kinds[-1] == "checkout.session.async_payment_failed"


def test_a_bank_debit_settles_by_itself_when_its_time_has_come(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    session = sandbox.pay(open_session(client).id, PAYS_LATER)

    sandbox.tick()
    before = client.v1.checkout.sessions.retrieve(session["id"]).payment_status
    sandbox.advance(30)
    sandbox.tick()

    assert before == "unpaid"
    assert client.v1.checkout.sessions.retrieve(session["id"]).payment_status == "paid"


def test_a_method_left_out_is_not_taken(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    session = open_session(client, excluded_payment_method_types=["au_becs_debit"])

    with pytest.raises(CardDeclinedError, match="not offered"):
        sandbox.pay(session.id, PAYS_LATER)


def test_nothing_to_pay_needs_no_payment(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    free = open_session(client, line_items=[a_line(unit_amount=0)], shipping_options=None)

    paid = sandbox.pay(free.id)

    assert (paid["payment_status"], paid["payment_intent"]) == ("no_payment_required", None)


def test_an_expired_session_cannot_be_paid(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    session_id = open_session(client).id
    sandbox.advance(24 * 3600)

    with pytest.raises(SessionClosedError, match="expired"):
        sandbox.pay(session_id)


def test_two_payments_at_once_are_one(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    session_id = open_session(client).id
    start = threading.Barrier(8)
    paid: list[str] = []

    def press_pay() -> None:
        start.wait()
        try:
            paid.append(sandbox.pay(session_id)["payment_intent"])
        except SessionClosedError:
            return

    threads = [threading.Thread(target=press_pay) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(paid) == 1
    assert len(client.v1.charges.list().data) == 1


def test_the_balance_is_what_was_paid_and_not_refunded(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    intent = sandbox.pay(open_session(client).id)["payment_intent"]
    client.v1.refunds.create(params={"payment_intent": intent, "amount": 280})

    balance = client.v1.balance.retrieve()

    assert [(part.amount, part.currency) for part in balance.available] == [(5000, "aud")]


def test_the_account_can_be_paid(client: stripe.StripeClient) -> None:
    account = client.v1.accounts.retrieve_current()

    assert (account.country, account.charges_enabled) == ("AU", True)


def test_a_charge_knows_its_card_and_intent(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.pay(open_session(client).id, "5555555555554444")
    charge_id = client.v1.charges.list().data[0].id

    charge = client.v1.charges.retrieve(charge_id, params={"expand": ["payment_intent", "refunds"]})

    assert isinstance(charge.payment_intent, stripe.PaymentIntent)
    assert charge.payment_method_details is not None
    assert charge.payment_method_details.card is not None
    assert charge.payment_method_details.card.last4 == "4444"


def test_a_disputed_payment_is_told_and_found(
    client: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    intent = sandbox.pay(open_session(client).id, "4000000000000259")["payment_intent"]

    dispute = client.v1.disputes.list(params={"payment_intent": intent}).data[0]
    sandbox.close_dispute(dispute.id, is_won=False)

    assert client.v1.disputes.retrieve(dispute.id).status == "lost"
    sandbox.deliver_now(listener)
    assert listener.kinds[-4:] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.dispute.closed",
    ]
