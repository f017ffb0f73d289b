import pytest
import stripe

from store.clock import FixedClock
from store.sandbox.stripe import Sandbox
from tests.sandbox.stripe.orders import Listener, a_line, a_rate, open_session


def test_a_session_tells_its_amounts_part_by_part(client: stripe.StripeClient) -> None:
    session = open_session(client, line_items=[a_line(quantity=2), a_line("Mug", 2200)])

    assert (session.amount_subtotal, session.amount_total) == (10780, 11770)
    assert session.total_details is not None
    assert session.total_details.amount_shipping == 990
    assert (session.status, session.payment_status) == ("open", "unpaid")
    assert session.payment_intent is None


def test_a_session_has_its_page_at_the_sandbox(client: stripe.StripeClient) -> None:
    session = open_session(client)

    assert session.id.startswith("cs_test_")
    assert session.url == f"http://localhost:5001/pay/{session.id}"


def test_line_items_come_when_they_are_asked_for(client: stripe.StripeClient) -> None:
    session_id = open_session(client, line_items=[a_line(quantity=3)]).id

    plain = client.v1.checkout.sessions.retrieve(session_id)
    full = client.v1.checkout.sessions.retrieve(session_id, params={"expand": ["line_items"]})

    assert "line_items" not in plain
    assert full.line_items is not None
    assert full.line_items.data[0].quantity == 3
    assert full.line_items.data[0].amount_total == 12870


def test_a_new_session_can_be_answered_with_its_lines(client: stripe.StripeClient) -> None:
    session = open_session(client, expand=["line_items"])

    assert session.line_items is not None
    assert session.line_items.data[0].description == "Late Edition T-shirt"


def test_line_items_have_an_address_of_their_own(client: stripe.StripeClient) -> None:
    session_id = open_session(client, line_items=[a_line(), a_line("Mug"), a_line("Cap")]).id

    page = client.v1.checkout.sessions.line_items.list(session_id, params={"limit": 2})

    assert [line.description for line in page.data] == ["Late Edition T-shirt", "Mug"]
    assert page.has_more


def test_a_paid_session_expands_down_to_its_charge(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    session_id = open_session(client).id
    sandbox.pay(session_id)

    session = client.v1.checkout.sessions.retrieve(
        session_id, params={"expand": ["payment_intent.latest_charge"]}
    )

    intent = session.payment_intent
    assert isinstance(intent, stripe.PaymentIntent)
    assert isinstance(intent.latest_charge, stripe.Charge)
    assert intent.latest_charge.amount == 5280
    assert intent.metadata["order"] == "GN-7K3Q-F2XW"


def test_what_cannot_be_expanded_is_refused(client: stripe.StripeClient) -> None:
    session_id = open_session(client).id

    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.checkout.sessions.retrieve(session_id, params={"expand": ["metadata"]})


def test_sessions_are_listed_newest_first_and_page_by_page(
    client: stripe.StripeClient, clock: FixedClock, sandbox: Sandbox
) -> None:
    made = []
    for _ in range(5):
        made.append(open_session(client).id)
        sandbox.advance(60)

    listed = client.v1.checkout.sessions.list(params={"limit": 2})

    assert [s.id for s in listed.auto_paging_iter()] == made[::-1]


def test_the_page_before_a_session_is_found(client: stripe.StripeClient) -> None:
    made = [open_session(client).id for _ in range(4)]

    page = client.v1.checkout.sessions.list(params={"limit": 2, "ending_before": made[0]})

    assert [s.id for s in page.data] == [made[2], made[1]]
    assert page.has_more


def test_sessions_are_found_by_time_and_status(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    early = open_session(client)
    sandbox.advance(100)
    late = open_session(client)
    sandbox.pay(late.id)

    since = client.v1.checkout.sessions.list(params={"created": {"gt": early.created}})
    still_open = client.v1.checkout.sessions.list(params={"status": "open"})

    assert [s.id for s in since.data] == [late.id]
    assert [s.id for s in still_open.data] == [early.id]


def test_sessions_are_found_by_buyer_and_intent(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    open_session(client)
    paid = sandbox.pay(open_session(client).id, email="sam@example.org")

    by_email = client.v1.checkout.sessions.list(
        params={"customer_details": {"email": "sam@example.org"}}
    )
    by_intent = client.v1.checkout.sessions.list(params={"payment_intent": paid["payment_intent"]})

    assert [s.id for s in by_email.data] == [s.id for s in by_intent.data] == [paid["id"]]


def test_the_shop_expires_a_session(client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.expire(open_session(client).id)

    assert (session.status, session.url) == ("expired", None)


def test_a_session_is_expired_once(client: stripe.StripeClient) -> None:
    session_id = open_session(client).id
    client.v1.checkout.sessions.expire(session_id)

    with pytest.raises(stripe.InvalidRequestError, match="status of `expired`"):
        client.v1.checkout.sessions.expire(session_id)


def test_expiring_loses_to_a_payment(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    session_id = open_session(client).id
    sandbox.pay(session_id)

    with pytest.raises(stripe.InvalidRequestError, match="status of `complete`"):
        client.v1.checkout.sessions.expire(session_id)


def test_time_expires_a_session_and_tells_once(
    client: stripe.StripeClient, sandbox: Sandbox, clock: FixedClock, listener: Listener
) -> None:
    opened_at = int(clock.now().timestamp())
    session_id = open_session(client, expires_at=opened_at + 40 * 60).id
    sandbox.advance(40 * 60)

    assert client.v1.checkout.sessions.retrieve(session_id).status == "expired"
    assert sandbox.expire_due() == 0
    sandbox.deliver_now(listener)
    assert listener.kinds == ["checkout.session.expired"]


def test_a_tried_session_takes_its_intent_along_when_it_expires(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    session_id = open_session(client).id
    with pytest.raises(Exception, match="declined"):
        sandbox.pay(session_id, "4000000000000002")

    session = client.v1.checkout.sessions.expire(session_id, params={"expand": ["payment_intent"]})

    assert isinstance(session.payment_intent, stripe.PaymentIntent)
    assert session.payment_intent.status == "canceled"


def test_an_unknown_session_is_not_found(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=r"No such checkout\.session") as caught:
        client.v1.checkout.sessions.retrieve("cs_test_unknown")

    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


def test_a_session_without_shipping_has_none(client: stripe.StripeClient) -> None:
    session = open_session(client, shipping_options=None, shipping_address_collection=None)

    assert session.shipping_cost is None
    assert session.amount_total == 4290


def test_the_first_shipping_option_counts_until_the_buyer_chooses(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    session = open_session(client, shipping_options=[a_rate(amount=500), a_rate(amount=0)])

    paid = sandbox.pay(session.id, shipping=1)

    assert (session.amount_total, paid["amount_total"]) == (4790, 4290)
