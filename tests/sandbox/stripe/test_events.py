import pytest
import stripe

from store.clock import FixedClock
from store.sandbox.stripe import Faults, Sandbox
from tests.sandbox.stripe.orders import (
    SECRET,
    WEBHOOK_URL,
    Listener,
    Mailbox,
    open_session,
    paid_intent,
)
from tests.stripe_schema import object_faults


def test_every_event_holds_an_object_as_stripe_describes_it(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    mailbox = Mailbox()
    for card in ("4000000000001117", "4000000000002222", "4000000000003337", "4000000000000259"):
        paid_intent(client, sandbox, card)
    sandbox.refund(paid_intent(client, sandbox, "4000000000003337"))
    client.v1.checkout.sessions.expire(open_session(client).id)
    sandbox.settle_delayed()

    sandbox.deliver_now(mailbox)

    assert [fault for body in mailbox.bodies for fault in object_faults(body)] == []
    assert len({body["type"] for body in mailbox.bodies}) == 18


def test_a_signed_event_is_the_one_the_api_tells(
    client: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    sandbox.pay(open_session(client).id)
    sandbox.deliver_now(listener)

    event = client.v1.events.retrieve(listener.events[0].id)

    assert event.api_version == "2026-10-28.endive"
    assert event.type == "payment_intent.created"
    assert event.pending_webhooks == 0


def test_another_secret_does_not_verify(
    client: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    sandbox.pay(open_session(client).id)
    sandbox.listen(WEBHOOK_URL, "whsec_other")

    with pytest.raises(stripe.SignatureVerificationError):
        sandbox.deliver_now(listener)


def test_an_event_of_the_api_names_its_request(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    session_id = open_session(client).id
    client.v1.checkout.sessions.expire(session_id, options={"idempotency_key": "leave-1"})

    event = client.v1.events.list(params={"type": "checkout.session.expired"}).data[0]

    assert event.request is not None
    assert event.request.idempotency_key == "leave-1"
    assert str(event.request.id).startswith("req_")


def test_events_are_found_by_kind(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.pay(open_session(client).id)

    two = client.v1.events.list(
        params={"types": ["charge.succeeded", "checkout.session.completed"]}
    )
    family = client.v1.events.list(params={"type": "payment_intent.*"})

    assert [e.type for e in two.data] == ["checkout.session.completed", "charge.succeeded"]
    assert len(family.data) == 2


def test_undelivered_events_are_found(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.pay(open_session(client).id)

    missed = client.v1.events.list(params={"delivery_success": False})
    sandbox.deliver_now(lambda *_: 200)

    assert len(missed.data) == 4
    assert client.v1.events.list(params={"delivery_success": False}).data == []


def test_a_refused_event_comes_again_after_a_while(
    client: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    client.v1.checkout.sessions.expire(open_session(client).id)
    listener.status = 500
    assert sandbox.deliver_now(listener) == 0

    listener.status = 200
    assert sandbox.courier.deliver_due() == 0
    assert sandbox.deliver_now(listener) == 1

    assert listener.events[0].id == listener.events[1].id


def test_an_event_is_given_up_after_its_last_try(
    client: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    client.v1.checkout.sessions.expire(open_session(client).id)
    listener.status = 500

    for _ in range(12):
        sandbox.deliver_now(listener)

    assert len(listener.events) == 9
    assert len(client.v1.events.list(params={"delivery_success": False}).data) == 1


def test_an_endpoint_hears_only_what_it_asked_for(
    client: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    sandbox.listen(WEBHOOK_URL, SECRET, "checkout.session.completed")
    sandbox.pay(open_session(client).id)

    sandbox.deliver_now(listener)

    assert listener.kinds == ["checkout.session.completed"]


def test_faults_double_events(
    client: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    sandbox.faults = Faults(webhook_duplicate_share=1)
    client.v1.checkout.sessions.expire(open_session(client).id)

    sandbox.deliver_now(listener)

    assert len(listener.events) == 2
    assert listener.events[0].id == listener.events[1].id


def test_faults_turn_the_order_around(
    client: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    sandbox.faults = Faults(webhook_reorder=True)
    sandbox.pay(open_session(client).id)

    sandbox.deliver_now(listener)

    assert listener.kinds[0] == "checkout.session.completed"


def test_faults_lose_events_which_a_catch_up_finds(
    client: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    sandbox.faults = Faults(webhook_drop_share=1)
    sandbox.pay(open_session(client).id)

    sandbox.deliver_now(listener)
    sandbox.faults = Faults()
    sandbox.deliver_now(listener)

    assert listener.events == []
    assert len(client.v1.events.list(params={"delivery_success": False}).data) == 4


def test_faults_delay_events(
    client: stripe.StripeClient, sandbox: Sandbox, clock: FixedClock
) -> None:
    sandbox.faults = Faults(webhook_delay_seconds=5)
    sandbox.pay(open_session(client).id)

    assert sandbox.courier.deliver_due() == 0


def test_nobody_listening_is_said_aloud(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    endpoint = client.v1.webhook_endpoints.list().data[0]
    client.v1.webhook_endpoints.delete(endpoint.id)

    with pytest.raises(LookupError, match="No webhook endpoint"):
        sandbox.deliver_now(lambda *_: 200)
