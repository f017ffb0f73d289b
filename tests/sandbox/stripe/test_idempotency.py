import threading

import pytest
import stripe
from flask import Flask

from store.sandbox.stripe import ApiFault, FaultKind, Faults, Sandbox
from store.sandbox.stripe.errors import RefusalError
from store.sandbox.stripe.idempotency import Call, IdempotencyKeys
from tests.sandbox.stripe.orders import a_line, a_request, open_session, paid_intent


def test_the_same_request_is_answered_as_the_first_time(client: stripe.StripeClient) -> None:
    sessions = client.v1.checkout.sessions

    first = sessions.create(params=a_request(), options={"idempotency_key": "order-1"})
    again = sessions.create(params=a_request(), options={"idempotency_key": "order-1"})

    assert first.id == again.id
    assert first.last_response is not None
    assert again.last_response is not None
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(sessions.list().data) == 1


def test_the_first_answer_is_replayed_even_when_the_world_moved_on(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    sessions = client.v1.checkout.sessions
    first = sessions.create(params=a_request(), options={"idempotency_key": "order-1"})
    sandbox.pay(first.id)

    again = sessions.create(params=a_request(), options={"idempotency_key": "order-1"})

    assert again.status == "open"


def test_a_key_belongs_to_one_request(client: stripe.StripeClient) -> None:
    sessions = client.v1.checkout.sessions
    sessions.create(params=a_request(), options={"idempotency_key": "order-1"})

    with pytest.raises(stripe.IdempotencyError, match="same parameters") as caught:
        sessions.create(
            params=a_request(line_items=[a_line(quantity=2)]),
            options={"idempotency_key": "order-1"},
        )

    assert caught.value.http_status == 400


def test_a_refusal_of_the_work_is_replayed(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent = paid_intent(client, sandbox)
    client.v1.refunds.create(params={"payment_intent": intent})

    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError, match="already been refunded") as caught:
            client.v1.refunds.create(
                params={"payment_intent": intent}, options={"idempotency_key": "refund-2"}
            )

    assert caught.value.headers is not None
    assert caught.value.headers["Idempotent-Replayed"] == "true"


def test_a_fault_in_the_request_leaves_its_key_free(client: stripe.StripeClient) -> None:
    sessions = client.v1.checkout.sessions
    options: stripe.RequestOptions = {"idempotency_key": "order-1"}
    with pytest.raises(stripe.InvalidRequestError):
        sessions.create(params=a_request(line_items=[a_line(quantity=0)]), options=options)

    assert sessions.create(params=a_request(), options=options).status == "open"


def test_a_server_error_is_remembered(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.faults = Faults(api=(ApiFault(FaultKind.SERVER_ERROR, times=1),))

    for _ in range(2):
        with pytest.raises(stripe.APIError) as caught:
            client.v1.checkout.sessions.create(
                params=a_request(), options={"idempotency_key": "order-1"}
            )

    assert caught.value.http_status == 500
    assert open_session(client).status == "open"


def test_a_key_is_forgotten_after_a_day(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    sessions = client.v1.checkout.sessions
    first = sessions.create(params=a_request(), options={"idempotency_key": "order-1"})
    sandbox.advance(24 * 3600)

    again = sessions.create(params=a_request(), options={"idempotency_key": "order-1"})

    assert again.id != first.id


def test_a_key_in_use_is_a_conflict(sandbox: Sandbox) -> None:
    keys = IdempotencyKeys(sandbox.account)
    call = Call("POST", "/v1/checkout/sessions", (), "req_1", "order-1")
    is_working, may_end = threading.Event(), threading.Event()

    def work() -> dict[str, str]:
        is_working.set()
        may_end.wait()
        return {"id": "cs_test_1"}

    slow = threading.Thread(target=keys.once, args=(call, work))
    slow.start()
    is_working.wait()
    with pytest.raises(RefusalError, match="in-progress") as caught:
        keys.once(call, work)
    may_end.set()
    slow.join()

    assert caught.value.status == 409


def test_a_key_too_long_is_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="at most 255"):
        client.v1.checkout.sessions.create(
            params=a_request(), options={"idempotency_key": "k" * 256}
        )


def test_reading_needs_no_key(client: stripe.StripeClient, sandbox_app: Flask) -> None:
    headers = {"Authorization": "Bearer sk_test_sandbox", "Idempotency-Key": "read-1"}
    browser = sandbox_app.test_client()
    before = browser.get("/v1/checkout/sessions", headers=headers)
    open_session(client)

    after = browser.get("/v1/checkout/sessions", headers=headers)

    assert (len(before.get_json()["data"]), len(after.get_json()["data"])) == (0, 1)
