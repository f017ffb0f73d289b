"""A shop of several web processes at ports of their own, and a payment sandbox beside them."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from bench.filling import shop_environment
from store.app import create_app, open_doors
from store.catalog.models import Variant
from store.database import db, writing
from store.gift_cards.issuing import Addressee, issue_by_hand
from store.gift_cards.ledger import Cause
from store.gift_cards.mailing import mail_if_due
from store.migrating import upgrade
from store.money import Money
from store.paths import ROOT
from store.pricing.discounts import DiscountKind
from store.pricing.writing_discounts import DiscountWanted, make_discount
from store.sandbox.stripe import Sandbox, SandboxSettings, create_sandbox, sandbox_of
from store.services import Services
from store.settings import Settings
from tests.builders import a_product
from tests.gift_cards.giving import code_of
from tests.ports import free_port

PATIENCE_SECONDS = 60
FAREWELL_SECONDS = 45


class NeverServedError(Exception):
    """A web process did not come up; the words are the last that it said."""


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's word
        """Say nothing: figures are what counts."""


@dataclass(frozen=True, slots=True)
class RaceShop:
    """The ports of its web processes, and its rooms as another process beside them has them."""

    ports: tuple[int, ...]
    app: Flask
    services: Services
    sandbox: Sandbox

    def goods(self, units: int, *, price: int = 3_000) -> int:
        """Put something on the shelf; return its variant."""
        with self.app.app_context(), writing():
            money = Money(price, self.services.settings.currency)
            product = a_product(self.services.clock, stock=units, price=money)
            return product.variants[0].id

    def code(self, name: str, uses: int) -> None:
        """Write a code of ten percent that counts so many times."""
        clock = self.services.clock
        wanted = DiscountWanted(
            code=name,
            name=name.title(),
            kind=DiscountKind.PERCENT,
            basis_points=1_000,
            currency=self.services.settings.currency,
            starts_at=clock.now() - timedelta(days=1),
            most_in_all=uses,
        )
        with self.app.app_context(), writing():
            make_discount(wanted, clock)

    def gift_card(self, minor: int) -> tuple[int, str]:
        """Issue a card of this value; return it and the code that was mailed."""
        value = Money(minor, self.services.settings.currency)
        with self.app.app_context():
            with writing():
                cause = Cause.by("bench", "a race", self.services.clock)
                addressee = Addressee("robin@example.org")
                card_id = issue_by_hand(value, addressee, cause, self.services).id
            with writing():
                mail_if_due(card_id, self.services)
            return card_id, code_of(card_id)

    def variants(self) -> list[int]:
        with self.app.app_context():
            return list(db.session.scalars(select(Variant.id)))


@contextmanager
def race_shop(folder: Path, database_url: str, processes: int) -> Iterator[RaceShop]:
    """Open the shop; its address is that of the first process, which hears of payments."""
    server = make_server("127.0.0.1", 0, Flask("not yet"), threaded=True, request_handler=_Quiet)
    pay_url = f"http://localhost:{server.port}"
    ports = tuple(free_port() for _ in range(processes))
    environment = shop_environment(folder / "shop") | {
        "STORE_DATABASE_URL": database_url,
        "STORE_PUBLIC_URL": f"http://127.0.0.1:{ports[0]}",
        "STORE_STRIPE_API_BASE": pay_url,
        "STORE_PAY_ORIGINS": pay_url,
        # Contenders come through a proxy, each from a network of her own.
        "STORE_TRUSTED_PROXIES": "127.0.0.0/8",
    }
    os.environ.update(environment)
    settings = Settings.from_environment(_env_file=None)
    upgrade(settings)
    services = open_doors(settings)
    app = create_app(settings, services)
    pay_app = create_sandbox(
        SandboxSettings(origin=pay_url, api_key=settings.stripe_key.get_secret_value())
    )
    sandbox, server.app = sandbox_of(pay_app), pay_app
    secret = settings.stripe_webhook_secrets[0].get_secret_value()
    sandbox.listen(f"{settings.public_url}/webhooks/stripe", secret)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        with ExitStack() as stack:
            for port in ports:
                stack.enter_context(_web_process(port, environment, folder))
            for port in ports:
                _await_health(port, folder)
            yield RaceShop(ports, app, services, sandbox)
    finally:
        sandbox.close()
        server.shutdown()
        thread.join()
        server.server_close()
        services.queue.close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def _web_process(port: int, environment: Mapping[str, str], folder: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "store.cli.main", "serve", "--no-worker", "--workers", "1"]
    with (folder / f"web-{port}.log").open("wb") as said:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=said,
            stderr=said,
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(FAREWELL_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await_health(port: int, folder: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    said = (folder / f"web-{port}.log").read_text(errors="replace")
    raise NeverServedError(said[-2_000:])
