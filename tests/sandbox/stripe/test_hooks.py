import pytest
import stripe
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.sandbox.stripe.orders import open_session

KEY = {"Authorization": "Bearer sk_test_sandbox"}


def _hook(buyer: FlaskClient, path: str, **body: object) -> TestResponse:
    return buyer.post(f"/_sandbox/{path}", json=body, headers=KEY)


def test_hooks_want_the_key(buyer: FlaskClient) -> None:
    assert buyer.post("/_sandbox/advance", json={"seconds": 1}).status_code == 401
    assert buyer.get("/_sandbox/state").status_code == 401


def test_faults_are_changed_and_shown(client: stripe.StripeClient, buyer: FlaskClient) -> None:
    fault = {"kind": "rate_limited", "times": 1, "path_prefix": "/v1/balance"}

    shown = _hook(buyer, "faults", api=[fault], webhook_drop_share=0.5).get_json()

    assert (shown["api"][0]["times"], shown["webhook_drop_share"]) == (1, 0.5)
    with pytest.raises(stripe.RateLimitError):
        client.v1.balance.retrieve()
    assert buyer.get("/_sandbox/faults", headers=KEY).get_json()["api"] == []


def test_a_payment_is_made_disputed_and_lost(
    client: stripe.StripeClient, buyer: FlaskClient
) -> None:
    paid = _hook(buyer, "pay", session=open_session(client).id, email="sam@example.org").get_json()
    dispute = _hook(buyer, "disputes", payment_intent=paid["payment_intent"]).get_json()

    closed = _hook(buyer, f"disputes/{dispute['id']}/close", won=False).get_json()

    assert closed["status"] == "lost"


def test_a_refund_is_made_and_fails(client: stripe.StripeClient, buyer: FlaskClient) -> None:
    paid = _hook(buyer, "pay", session=open_session(client).id).get_json()
    refund = _hook(buyer, "refunds", payment_intent=paid["payment_intent"], amount=5).get_json()

    finished = _hook(buyer, f"refunds/{refund['id']}/finish", status="failed").get_json()

    assert finished["status"] == "failed"


def test_time_moves_and_what_is_due_happens(
    client: stripe.StripeClient, buyer: FlaskClient
) -> None:
    open_session(client)
    _hook(buyer, "pay", session=open_session(client).id, card="4000000000001117")

    settled = _hook(buyer, "settle").get_json()
    _hook(buyer, "advance", seconds=24 * 3600)

    assert settled == {"settled": 1}
    assert _hook(buyer, "expire").get_json() == {"expired": 1}


def test_the_whole_state_is_shown(client: stripe.StripeClient, buyer: FlaskClient) -> None:
    session_id = open_session(client).id

    state = buyer.get("/_sandbox/state", headers=KEY).get_json()

    assert [s["id"] for s in state["checkout.session"]] == [session_id]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("faults", {"api": [{"kind": "sun storm"}]}, 400),
        ("faults", {"colour": "red"}, 400),
        ("advance", {}, 400),
        ("pay", {"session": "cs_test_unknown"}, 400),
        ("disputes", {"payment_intent": "pi_unknown"}, 400),
    ],
)
def test_a_hook_misused_says_so(
    buyer: FlaskClient, path: str, body: dict[str, object], status: int
) -> None:
    assert _hook(buyer, path, **body).status_code == status


def test_a_declined_card_is_payment_required(
    client: stripe.StripeClient, buyer: FlaskClient
) -> None:
    answer = _hook(buyer, "pay", session=open_session(client).id, card="4000000000000002")

    assert answer.status_code == 402
