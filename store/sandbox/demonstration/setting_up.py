"""Makes the demonstration's database once: goods, ninety days of orders, and mails to read."""

import logging
from pathlib import Path

from flask import Flask

from store.app import create_app, job_handlers
from store.clock import FixedClock, SystemClock
from store.database import db
from store.jobs.queue import SilentQueue
from store.jobs.worker import Worker
from store.mail.opening import open_mailer
from store.media.private_files import open_files
from store.media.storage import open_media
from store.migrating import upgrade
from store.payments.stripe_gateway import HANDLED_EVENTS, StripeGateway
from store.sandbox.catalogue import catalogue
from store.sandbox.demonstration.addresses import kept_secrets
from store.sandbox.demonstration.after_the_sale import set_apart
from store.sandbox.demonstration.darkroom import Darkroom
from store.sandbox.demonstration.opening import (
    make_large_pictures_later,
    open_with_goods,
    show_pictures,
)
from store.sandbox.demonstration.past import Past, take_stock
from store.sandbox.demonstration.staff import take_on
from store.sandbox.stripe import (
    Listener,
    SandboxHTTPClient,
    SandboxSettings,
    create_sandbox,
    sandbox_of,
)
from store.sandbox.stripe.delivery import Receiver
from store.services import Services
from store.settings import Settings
from store.web.logs import configure_logs


def make_ready(settings: Settings, state_path: Path) -> None:
    """Make the demonstration unless it was made whole before, maybe by the code of last week."""
    if _done_marker(settings).exists():
        upgrade(settings)
    else:
        _set_up(settings, state_path)


def _set_up(settings: Settings, state_path: Path) -> None:
    """Make it from nothing; what an interrupted attempt left is swept away first."""
    _sweep_away(settings, state_path)
    upgrade(settings)
    clock = FixedClock(SystemClock().now())
    stripe = create_sandbox(_sandbox_settings(settings, state_path, clock))
    services = Services(
        settings=settings,
        clock=clock,
        payments=StripeGateway(settings, SandboxHTTPClient(stripe)),
        mailer=open_mailer(settings),
        media=open_media(settings.media_url),
        queue=SilentQueue(),
        files=open_files(settings.files_url),
    )
    app = create_app(settings, services)
    # Thousands of requests of the past are no news.
    configure_logs(logging.ERROR)
    with app.app_context(), Darkroom(settings.media_url) as darkroom:
        goods = catalogue()
        pictures = darkroom.draw(goods)
        open_with_goods(goods, pictures, settings.currency, clock, files=services.files)
        show_pictures()
        take_on(app, kept_secrets(settings.data_dir), clock)
        left, apart = _left_today(), set_apart()
        left = {sku: units for sku, units in left.items() if sku not in apart}
        Past(services, clock, sandbox_of(stripe), _webhooks(app), left=left).live()
        take_stock(left, clock)
        _send_mails(app, services)
        darkroom.finish()
        make_large_pictures_later(clock)
        db.engine.dispose()
    sandbox_of(stripe).close()
    _done_marker(settings).touch()


def _done_marker(settings: Settings) -> Path:
    return settings.data_dir / "demonstration-is-set-up"


def _sweep_away(settings: Settings, state_path: Path) -> None:
    for pattern in ("store.sqlite*", "queue.sqlite*", f"{state_path.name}*", "mail/*.eml"):
        for path in settings.data_dir.glob(pattern):
            path.unlink()


def _sandbox_settings(settings: Settings, state_path: Path, clock: FixedClock) -> SandboxSettings:
    secret = settings.stripe_webhook_secrets[0].get_secret_value()
    return SandboxSettings(
        origin=settings.stripe_api_base,
        api_key=settings.stripe_key.get_secret_value(),
        account_name=settings.brand_name,
        country=settings.country,
        currency=settings.currency.lower(),
        clock=clock.now,
        state_path=state_path,
        listeners=(Listener(f"{settings.public_url}/webhooks/stripe", secret, HANDLED_EVENTS),),
    )


def _webhooks(app: Flask) -> Receiver:
    client = app.test_client(use_cookies=False)

    def receive(payload: bytes, signature: str) -> int:
        headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
        return client.post("/webhooks/stripe", data=payload, headers=headers).status_code

    return receive


def _left_today() -> dict[str, int]:
    """Return what is left of each sku that is counted: neither gift cards nor files are."""
    return {
        variant.sku: variant.stock
        for product in catalogue().products
        for variant in product.variants
        if product.file is None and not variant.is_gift_card
    }


def _send_mails(app: Flask, services: Services) -> None:
    worker = Worker(app, services.queue, services.clock, job_handlers(services))
    while worker.run_due():
        pass
