"""The door to the payment service, in the store's own words and not Stripe's."""

from typing import Protocol


class PaymentGateway(Protocol):
    """What the store asks of whoever takes the money."""
