"""A sandbox in memory, and the real SDK that talks to it under the eye of Stripe's description."""

import pytest
import stripe
from flask import Flask
from flask.testing import FlaskClient

from store.clock import FixedClock
from store.sandbox import stripe as double
from tests.sandbox.stripe.orders import SECRET, WEBHOOK_URL, Listener
from tests.stripe_schema import ValidatingHTTPClient

KEY = "sk_test_sandbox"


@pytest.fixture
def sandbox_app(clock: FixedClock) -> Flask:
    settings = double.SandboxSettings(
        clock=clock.now, listeners=(double.Listener(WEBHOOK_URL, SECRET),)
    )
    return double.create_sandbox(settings)


@pytest.fixture
def sandbox(sandbox_app: Flask) -> double.Sandbox:
    return double.sandbox_of(sandbox_app)


@pytest.fixture
def client(sandbox_app: Flask) -> stripe.StripeClient:
    """The SDK, every request and answer of which is held against Stripe's description."""
    checked = ValidatingHTTPClient(double.SandboxHTTPClient(sandbox_app))
    return stripe.StripeClient(KEY, http_client=checked, max_network_retries=0)


@pytest.fixture
def careless_client(sandbox_app: Flask) -> stripe.StripeClient:
    """The SDK with only the answers checked, for requests that Stripe's description forbids."""
    inner = double.SandboxHTTPClient(sandbox_app)
    checked = ValidatingHTTPClient(inner, checks_requests=False)
    return stripe.StripeClient(KEY, http_client=checked, max_network_retries=0)


@pytest.fixture
def listener(client: stripe.StripeClient) -> Listener:
    return Listener(client)


@pytest.fixture
def buyer(sandbox_app: Flask) -> FlaskClient:
    return sandbox_app.test_client()
