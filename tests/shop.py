"""A whole shop for a test: the real application and real doors, a clock that the test moves."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from store.app import API, STAFF, create_app
from store.catalog.register import forget_registers
from store.catalog.remembering import forget_cards
from store.clock import FixedClock
from store.database import commits_here, db
from store.jobs.hints import install_hints
from store.jobs.queue import SilentQueue
from store.media.private_files import open_files
from store.payments.stripe_gateway import StripeGateway
from store.sandbox.stripe import (
    Listener,
    Sandbox,
    SandboxHTTPClient,
    SandboxSettings,
    create_sandbox,
    sandbox_of,
)
from store.sandbox.stripe.account import Account
from store.sandbox.stripe.faults import FaultDraw
from store.sandbox.stripe.state import State
from store.sandbox.stripe.webhook_endpoints import install
from store.services import Services
from store.settings import Settings
from store.web.doors import EXTENSION
from store.web.fragments import EXTENSION as SHARED_ANSWERS
from store.web.fragments import Fragments
from store.web.logs import configure_logs
from store.web.metrics import Counters
from store.web.page_memory import page_memory
from store.web.printing import forget_printer
from store.widget.bestsellers import forget_bestsellers
from store.widget.lexicon import forget_lexicons
from store.widget.rules import forget_rules
from tests.stripe_schema import ValidatingHTTPClient


class NoPayments:
    """Stands where a test never pays."""


class NoMail:
    def send(self, message: object) -> None:
        raise AssertionError("this test expected no mail")


class NoMedia:
    def put(self, name: str, content: bytes) -> None:
        raise AssertionError("this test expected no picture")

    def put_anew(self, name: str, content: bytes) -> None:
        raise AssertionError("this test expected no picture")

    def get(self, name: str) -> bytes | None:
        return None

    def exists(self, name: str) -> bool:
        return False

    def originals(self) -> Iterator[str]:
        return iter(())


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
    commits: int = field(default_factory=lambda: commits_here.count)
    """How many scopes this process had committed when it was opened."""

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


def doors(shop: Shop, **changed: object) -> Services:
    """Return what a shop stands among, as other settings would have it."""
    return replace(shop.services, settings=shop.services.settings.model_copy(update=changed))


def open_shop(settings: Settings, clock: FixedClock) -> Shop:
    """Join a shop whose real gateway talks to a sandbox in this process, checked by its schema."""
    stripe_app = _stripe_app(settings, clock)
    return _opened(settings, clock, stripe_app)


def _opened(settings: Settings, clock: FixedClock, stripe_app: Flask) -> Shop:
    services = _services(settings, clock, stripe_app)
    app = create_app(settings, services)
    app.jinja_env.bytecode_cache = COMPILED
    return Shop(app, services, clock, sandbox_of(stripe_app))


class StandingShop:
    """One application for many tests of the same settings, which finds nothing of the last.

    Making an application, its statements and its templates costs ten times what a test does. The
    database is emptied by whoever owns it; everything else that a shop can remember is listed in
    `reopen`, and what a test changed about the application itself is an error.
    """

    def __init__(self, settings: Settings, clock: FixedClock) -> None:
        self._stripe_app = _stripe_app(settings, clock)
        self._first = _opened(settings, clock, self._stripe_app)
        self._built = _joints(self._first.app)

    @property
    def app(self) -> Flask:
        return self._first.app

    def reopen(self) -> Shop:
        """Return the shop as it was on its first day, with a Stripe that knows nobody."""
        app, clock, settings = self.app, self._first.clock, self._first.services.settings
        services = _services(settings, clock, self._stripe_app, self._first.services)
        stripe = sandbox_of(self._stripe_app)
        _forget_everybody(stripe.account)
        app.extensions[EXTENSION] = services
        _reopen_late(app, services)
        with app.app_context():
            install_hints(db.engine, services.queue)
        forget_what_was_read(app)
        forget_printer()
        for limiter in app.extensions["limiter"]:
            limiter.reset()
        _reset(_counters_of(app))
        configure_logs()
        shutil.rmtree(settings.data_dir, ignore_errors=True)
        settings.data_dir.mkdir(parents=True)
        return Shop(app, services, clock, stripe)

    def assert_unchanged(self) -> None:
        """Fail where a test changed the application itself: it wants an `open_shop` of its own."""
        assert _joints(self.app) == self._built, "a test changed the application that all share"


def forget_what_was_read(app: Flask) -> None:
    """Let a process forget all that it keeps of the database, which was put back behind it."""
    page_memory(app).clear()
    _fragments_of(app).clear()
    app.extensions[SHARED_ANSWERS].clear()
    forget_cards()
    forget_registers()
    forget_lexicons()
    forget_rules()
    forget_bestsellers()
    # The watch asks the database again after a commit, and this is more than one.
    commits_here.count += 1


def _services(
    settings: Settings, clock: FixedClock, stripe_app: Flask, before: Services | None = None
) -> Services:
    wire = ValidatingHTTPClient(SandboxHTTPClient(stripe_app))
    return Services(
        settings=settings,
        clock=clock,
        payments=StripeGateway(settings, wire),
        mailer=NoMail(),
        media=NoMedia(),
        # Commits hint the queue that their engine was given; it keeps nothing.
        queue=before.queue if before else SilentQueue(),
        files=open_files(settings.files_url),
    )


def _stripe_app(settings: Settings, clock: FixedClock) -> Flask:
    return create_sandbox(
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


def _forget_everybody(account: Account) -> None:
    """Make Stripe what it was before anybody came; building its addresses anew takes longer."""
    account.state, account.faults = State(), FaultDraw()
    account.advance((account.settings.clock() - account.now()).total_seconds())
    with account.changing():
        for listener in account.settings.listeners:
            install(account, listener)


def _reopen_late(app: Flask, services: Services) -> None:
    for late in (app.extensions[STAFF], app.extensions[API]):
        if late.is_made:
            late.app.extensions[EXTENSION] = services
            for limiter in late.app.extensions["limiter"]:
                limiter.reset()


def _fragments_of(app: Flask) -> Fragments:
    remembered: Any = app.jinja_env.globals["remembered"]
    fragments: Fragments = remembered.__self__
    return fragments


def _counters_of(app: Flask) -> Counters:
    counters: Counters = page_memory(app)._counters
    return counters


def _reset(counters: Counters) -> None:
    for counter in fields(Counters):
        setattr(counters, counter.name, getattr(Counters(), counter.name))


def _joints(app: Flask) -> Mapping[str, Any]:
    """Return what an application is made of, as far as anybody could change it."""
    hooks = (
        app.before_request_funcs,
        app.after_request_funcs,
        app.teardown_request_funcs,
        app.template_context_processors,
    )
    return {
        "config": dict(app.config),
        "views": dict(app.view_functions),
        # Looking for a handler leaves an empty place behind, which is no change.
        "errors": [
            (name, code, dict(known))
            for name, codes in app.error_handler_spec.items()
            for code, known in codes.items()
            if known
        ],
        "hooks": [{name: list(listed) for name, listed in kind.items()} for kind in hooks],
        "globals": dict(app.jinja_env.globals),
        "filters": dict(app.jinja_env.filters),
        "layers": app.wsgi_app,
        "extensions": {n: e for n, e in app.extensions.items() if n != EXTENSION},
    }
