import pytest
import stripe
from flask import Flask

from store.sandbox.stripe import ApiFault, FaultKind, Faults, Sandbox, SandboxHTTPClient
from tests.sandbox.stripe.orders import a_request, open_session

KEY: stripe.RequestOptions = {"idempotency_key": "order-1"}


def test_the_next_answers_fail_and_then_no_more(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    sandbox.faults = Faults(api=(ApiFault(FaultKind.UNAVAILABLE, times=2),))

    for _ in range(2):
        with pytest.raises(stripe.APIError):
            client.v1.balance.retrieve()

    assert client.v1.balance.retrieve().livemode is False


def test_a_fault_keeps_to_its_path_and_method(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    fault = ApiFault(FaultKind.UNAVAILABLE, path_prefix="/v1/refunds", method="post")
    sandbox.faults = Faults(api=(fault,))

    assert open_session(client).status == "open"
    assert client.v1.refunds.list().data == []
    with pytest.raises(stripe.APIError):
        client.v1.refunds.create(params={"payment_intent": "pi_1"})


def test_a_share_of_answers_fails_the_same_way_each_time(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    def failures() -> list[int]:
        sandbox.faults = Faults(api=(ApiFault(FaultKind.RATE_LIMITED, share=0.3),), seed=7)
        return [n for n in range(40) if _is_limited(client)]

    assert failures() == failures()
    assert 4 <= len(failures()) <= 20


def _is_limited(client: stripe.StripeClient) -> bool:
    try:
        client.v1.balance.retrieve()
    except stripe.RateLimitError:
        return True
    return False


def test_a_connection_lost_before_the_work_has_done_nothing(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    sandbox.faults = Faults(api=(ApiFault(FaultKind.RESET_BEFORE, times=1),))
    with pytest.raises(stripe.APIConnectionError):
        client.v1.checkout.sessions.create(params=a_request(), options=KEY)

    assert client.v1.checkout.sessions.list().data == []


@pytest.mark.parametrize("kind", [FaultKind.RESET_AFTER, FaultKind.HANG])
def test_a_connection_lost_after_the_work_is_found_again_by_its_key(
    client: stripe.StripeClient, sandbox: Sandbox, kind: FaultKind
) -> None:
    sandbox.faults = Faults(api=(ApiFault(kind, times=1),))
    with pytest.raises(stripe.APIConnectionError):
        client.v1.checkout.sessions.create(params=a_request(), options=KEY)

    found = client.v1.checkout.sessions.create(params=a_request(), options=KEY)

    assert [s.id for s in client.v1.checkout.sessions.list().data] == [found.id]


def test_the_sdk_tries_a_lost_connection_again_by_itself(
    sandbox_app: Flask, sandbox: Sandbox
) -> None:
    patient = stripe.StripeClient(
        "sk_test_sandbox", http_client=SandboxHTTPClient(sandbox_app), max_network_retries=1
    )
    sandbox.faults = Faults(api=(ApiFault(FaultKind.RESET_AFTER, times=1),))

    session = open_session(patient)

    assert [s.id for s in patient.v1.checkout.sessions.list().data] == [session.id]


def test_answers_carry_stripes_headers(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    answer = client.v1.balance.retrieve().last_response

    assert answer is not None
    headers = answer.headers
    assert headers["Request-Id"].startswith("req_")
    assert headers["Stripe-Version"] == "2026-10-28.endive"
    assert headers["Date"] == "Sat, 21 Nov 2026 22:30:00 GMT"


def test_an_unknown_address_is_told_as_stripe_tells_it(sandbox_app: Flask) -> None:
    answer = sandbox_app.test_client().post("/v1/customers")

    assert answer.status_code == 404
    assert answer.get_json()["error"]["message"].startswith(
        "Unrecognized request URL (POST: /v1/cust"
    )
