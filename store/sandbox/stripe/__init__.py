"""The one Stripe double: Checkout with state, in process for tests and over HTTP for the demo."""

from store.sandbox.stripe.app import create_sandbox, sandbox_of
from store.sandbox.stripe.client import SandboxHTTPClient
from store.sandbox.stripe.faults import ApiFault, FaultKind, Faults
from store.sandbox.stripe.purchase import Address
from store.sandbox.stripe.sandbox import CardDeclinedError, Sandbox, SessionClosedError
from store.sandbox.stripe.settings import Listener, SandboxSettings

__all__ = [
    "Address",
    "ApiFault",
    "CardDeclinedError",
    "FaultKind",
    "Faults",
    "Listener",
    "Sandbox",
    "SandboxHTTPClient",
    "SandboxSettings",
    "SessionClosedError",
    "create_sandbox",
    "sandbox_of",
]
