"""A whole shop for a test: the real application and real doors, a clock that the test moves."""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from store.app import create_app
from store.clock import FixedClock
from store.jobs.queue import SilentQueue
from store.payments.stripe_gateway import StripeGateway
from store.sandbox.stripe import (
    Listener,
    Sandbox,
    SandboxHTTPClient,
    SandboxSettings,
    create_sandbox,
    sandbox_of,
)
from store.services import Services
from store.settings import Settings
from tests.stripe_schema import ValidatingHTTPClient


class NoPayments:
    """Stands where a test never pays."""


class NoMail:
    def send(self, message: object) -> None:
        raise AssertionError("this test expected no mail")


class NoMedia:
    def put(self, name: str, content: bytes) -> None:
        raise AssertionError("this test expected no picture")

    def get(self, name: str) -> bytes | None:
        return None

    def exists(self, name: str) -> bool:
        return False


class CompiledTemplates(BytecodeCache):
    """Keeps what Jinja compiled, so that each test's new application need not do it again."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = CompiledTemplates()


@dataclass(frozen=True, slots=True)
class Shop:
    """An application, the doors that it was given, and the clock that the test moves."""

    app: Flask
    services: Services
    clock: FixedClock
    stripe: Sandbox | None = None

    @property
    def sandbox(self) -> Sandbox:
        """The Stripe that this shop's gateway talks to."""
        assert self.stripe is not None
        return self.stripe

    def browser(self) -> FlaskClient:
        """Return a new reader: a client with its own cookies."""
        return self.app.test_client()


def some_settings(data_dir: Path, database_url: str, **changed: object) -> Settings:
    """Return settings that need no environment; name any that the test is about."""
    given: dict[str, object] = {
        "secret_key": "a secret key of a test, long enough",
        "data_dir": data_dir,
        "database_url": database_url,
        "mail_from": "shop@example.org",
        "newsroom_email": "tips@example.org",
        "stripe_key": "sk_test_of_a_test",
        "stripe_webhook_secrets": "whsec_of_a_test",
        "stripe_api_base": "http://localhost:5001",
        "pay_origins": "http://localhost:5001",
        "public_url": "http://localhost",
        "_env_file": None,
    }
    return Settings.from_environment(**(given | changed))


def open_shop(settings: Settings, clock: FixedClock) -> Shop:
    """Join a shop whose real gateway talks to a sandbox in this process, checked by its schema."""
    stripe_app = create_sandbox(
        SandboxSettings(
            origin=settings.stripe_api_base,
            api_key=settings.stripe_key.get_secret_value(),
            currency=settings.currency.lower(),
            clock=clock.now,
            listeners=tuple(
                Listener(f"{settings.public_url}/webhooks/stripe", secret.get_secret_value())
                for secret in settings.stripe_webhook_secrets[:1]
            ),
        )
    )
    wire = ValidatingHTTPClient(SandboxHTTPClient(stripe_app))
    services = Services(
        settings=settings,
        clock=clock,
        payments=StripeGateway(settings, wire),
        mailer=NoMail(),
        media=NoMedia(),
        queue=SilentQueue(),
    )
    app = create_app(settings, services)
    app.jinja_env.bytecode_cache = COMPILED
    return Shop(app, services, clock, sandbox_of(stripe_app))
