"""A whole shop for a test: the real application and real doors, a clock that the test moves."""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from store.app import create_app
from store.clock import FixedClock
from store.jobs.queue import SilentQueue
from store.services import Services
from store.settings import Settings


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


@dataclass(frozen=True, slots=True)
class Shop:
    """An application, the doors that it was given, and the clock that the test moves."""

    app: Flask
    services: Services
    clock: FixedClock

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
    services = Services(
        settings=settings,
        clock=clock,
        payments=NoPayments(),
        mailer=NoMail(),
        media=NoMedia(),
        queue=SilentQueue(),
    )
    return Shop(create_app(settings, services), services, clock)
