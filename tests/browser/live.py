"""A shop and a payment sandbox on real sockets, in this process, for a browser to use."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from store.app import create_app, open_doors
from store.database import db
from store.sandbox.stripe.app import create_sandbox, sandbox_of
from store.sandbox.stripe.sandbox import Sandbox
from store.sandbox.stripe.settings import SandboxSettings
from store.services import Services
from tests.shop import COMPILED, some_settings

WEBHOOK_SECRET = "whsec_of_a_live_test"


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's word
        """Say nothing: the test's own output is what counts."""


@dataclass(frozen=True, slots=True)
class LiveShop:
    """Addresses as a browser types them, and the parts behind them."""

    url: str
    app: Flask
    services: Services
    sandbox: Sandbox


@contextmanager
def live_shop(data_dir: Path, database_url: str, **changed: object) -> Iterator[LiveShop]:
    """Serve both; the host names differ, so that the pay page is as cross-site as in life."""
    shop_server, pay_server = _bind("127.0.0.1"), _bind("127.0.0.1")
    url = f"http://127.0.0.1:{shop_server.port}"
    pay_url = f"http://localhost:{pay_server.port}"
    settings = some_settings(
        data_dir,
        database_url,
        public_url=url,
        stripe_api_base=pay_url,
        pay_origins=pay_url,
        stripe_webhook_secrets=WEBHOOK_SECRET,
        **changed,
    )
    services = open_doors(settings)
    app = create_app(settings, services)
    app.jinja_env.bytecode_cache = COMPILED
    pay_app = create_sandbox(
        SandboxSettings(origin=pay_url, api_key=settings.stripe_key.get_secret_value())
    )
    sandbox = sandbox_of(pay_app)
    sandbox.listen(f"{url}/webhooks/stripe", WEBHOOK_SECRET)
    with _serving(shop_server, app), _serving(pay_server, pay_app):
        sandbox.start(every_seconds=0.05)
        try:
            yield LiveShop(url, app, services, sandbox)
        finally:
            sandbox.close()
            services.queue.close()
    with app.app_context():
        db.engine.dispose()


@contextmanager
def on_a_socket(app: Flask) -> Iterator[str]:
    """Serve an application that a test has anyway; yield its address."""
    server = _bind("127.0.0.1")
    with _serving(server, app):
        yield f"http://localhost:{server.port}"


def _bind(host: str) -> BaseWSGIServer:
    return make_server(host, 0, Flask("not yet"), threaded=True, request_handler=_Quiet)


@contextmanager
def _serving(server: BaseWSGIServer, app: Flask) -> Iterator[None]:
    server.app = app
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
