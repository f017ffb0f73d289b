"""What a shop asks of the sandbox in these tests, and who listens to its webhooks."""

import json
from dataclasses import dataclass, field
from typing import Any, cast

import stripe
from stripe.params.checkout import SessionCreateParams

from store.sandbox.stripe import Sandbox

SHOP = "http://127.0.0.1:5000"
WEBHOOK_URL = f"{SHOP}/webhooks/stripe"
SECRET = "whsec_of_these_tests"


def a_line(
    name: str = "Late Edition T-shirt", unit_amount: int = 4290, quantity: int = 1
) -> dict[str, Any]:
    product = {"name": name, "description": "Black, M", "images": [f"{SHOP}/media/shirt.webp"]}
    price = {
        "currency": "aud",
        "unit_amount": unit_amount,
        "tax_behavior": "inclusive",
        "product_data": product,
    }
    return {"quantity": quantity, "price_data": price}


def a_rate(name: str = "Standard post", amount: int = 990) -> dict[str, Any]:
    rate = {
        "type": "fixed_amount",
        "display_name": name,
        "fixed_amount": {"amount": amount, "currency": "aud"},
        "delivery_estimate": {
            "minimum": {"unit": "business_day", "value": 3},
            "maximum": {"unit": "business_day", "value": 6},
        },
    }
    return {"shipping_rate_data": rate}


def a_request(**changes: Any) -> SessionCreateParams:
    """Return what the store sends: a shirt at A$42.90 and post at A$9.90; None leaves out."""
    request: dict[str, Any] = {
        "mode": "payment",
        "success_url": f"{SHOP}/checkout/thanks?session_id={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{SHOP}/checkout/back",
        "client_reference_id": "GN-7K3Q-F2XW",
        "metadata": {"order": "GN-7K3Q-F2XW"},
        "payment_intent_data": {"metadata": {"order": "GN-7K3Q-F2XW"}},
        "line_items": [a_line()],
        "shipping_options": [a_rate(), a_rate("Express post", 1490)],
        "shipping_address_collection": {"allowed_countries": ["AU", "NZ"]},
        "adaptive_pricing": {"enabled": False},
    }
    return cast(SessionCreateParams, request | changes)


def open_session(client: stripe.StripeClient, **changes: Any) -> stripe.checkout.Session:
    return client.v1.checkout.sessions.create(params=a_request(**changes))


def paid_intent(
    client: stripe.StripeClient, sandbox: Sandbox, card: str = "4242424242424242"
) -> str:
    """Return the id of a payment intent that has just been paid: A$52.80."""
    return str(sandbox.pay(open_session(client).id, card)["payment_intent"])


@dataclass
class Mailbox:
    """A shop's webhook that only keeps what it is sent."""

    bodies: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, payload: bytes, signature: str) -> int:
        self.bodies.append(json.loads(payload))
        return 200


@dataclass
class Listener:
    """A shop's webhook: keeps the events whose signature it could verify."""

    client: stripe.StripeClient
    status: int = 200
    events: list[stripe.Event] = field(default_factory=list)

    def __call__(self, payload: bytes, signature: str) -> int:
        self.events.append(self.client.construct_event(payload, signature, SECRET))
        return self.status

    @property
    def kinds(self) -> list[str]:
        return [event.type for event in self.events]
