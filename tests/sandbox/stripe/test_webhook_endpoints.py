import pytest
import stripe

from store.sandbox.stripe import Sandbox
from tests.sandbox.stripe.orders import WEBHOOK_URL, Mailbox, open_session


def test_a_new_endpoint_tells_its_secret_once(client: stripe.StripeClient) -> None:
    made = client.v1.webhook_endpoints.create(
        params={
            "url": "https://shop.example.org/webhooks/stripe",
            "enabled_events": ["checkout.session.completed"],
            "api_version": "2026-10-28.endive",
            "description": "The store",
        }
    )

    assert made.secret is not None
    assert made.secret.startswith("whsec_")
    assert "secret" not in client.v1.webhook_endpoints.retrieve(made.id)


def test_endpoints_are_listed_with_the_one_of_the_settings(client: stripe.StripeClient) -> None:
    assert [endpoint.url for endpoint in client.v1.webhook_endpoints.list().data] == [WEBHOOK_URL]


def test_an_endpoint_changes_and_rests(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    endpoint = client.v1.webhook_endpoints.list().data[0]

    changed = client.v1.webhook_endpoints.update(
        endpoint.id, params={"disabled": True, "url": "https://shop.example.org/new"}
    )

    assert (changed.status, changed.url) == ("disabled", "https://shop.example.org/new")
    sandbox.pay(open_session(client).id)
    assert sandbox.deliver_now(lambda *_: 200) == 0


def test_a_deleted_endpoint_hears_nothing_more(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    sandbox.listen("http://127.0.0.1:5000/second", "whsec_second")
    sandbox.pay(open_session(client).id)
    first = next(e for e in client.v1.webhook_endpoints.list().data if e.url == WEBHOOK_URL)

    client.v1.webhook_endpoints.delete(first.id)

    assert sandbox.deliver_now(lambda *_: 200) == 4


def test_an_endpoint_needs_events_and_an_address(careless_client: stripe.StripeClient) -> None:
    endpoints = careless_client.v1.webhook_endpoints
    with pytest.raises(stripe.InvalidRequestError, match="enabled_events"):
        endpoints.create(params={"url": "https://shop.example.org", "enabled_events": []})
    with pytest.raises(stripe.InvalidRequestError, match="Not a valid URL"):
        endpoints.create(params={"url": "shop", "enabled_events": ["*"]})


def test_an_endpoint_is_told_in_its_own_version(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    client.v1.webhook_endpoints.create(
        params={
            "url": "https://shop.example.org/old",
            "enabled_events": ["checkout.session.expired"],
            "api_version": "2025-01-27.acacia",
        }
    )
    client.v1.checkout.sessions.expire(open_session(client).id)
    mailbox = Mailbox()

    sandbox.deliver_now(mailbox)

    versions = sorted(event["api_version"] for event in mailbox.bodies)
    assert versions == ["2025-01-27.acacia", "2026-10-28.endive"]
