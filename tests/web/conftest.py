"""A shop of one room, whose views the tests write themselves, behind the real edge."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from flask.typing import RouteCallable
from flask_babel import Babel

from store.clock import FixedClock
from store.database import db, engine_options, prepare_engine
from store.jobs.queue import SilentQueue
from store.media.private_files import open_files
from store.payments.stripe_gateway import StripeGateway
from store.services import Services
from store.web.doors import EXTENSION
from store.web.edge import install_edge
from tests.shop import NoMail, NoMedia, some_settings


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The real edge around a few views of a test."""

    app: Flask
    services: Services
    clock: FixedClock

    def browser(self) -> FlaskClient:
        return self.app.test_client()


OpenKiosk = Callable[..., Kiosk]


@pytest.fixture
def open_kiosk(tmp_path: Path, database_url: str, clock: FixedClock) -> Iterator[OpenKiosk]:
    """Return a function that opens a shop with the views of one blueprint."""
    opened: list[Kiosk] = []

    def open_with(
        room: Blueprint, *, edge: Mapping[str, Any] | None = None, **changed: object
    ) -> Kiosk:
        url = str(changed.pop("database_url", database_url))
        settings = some_settings(tmp_path, url, **changed)
        services = Services(
            settings,
            clock,
            StripeGateway(settings),
            NoMail(),
            NoMedia(),
            SilentQueue(),
            open_files(settings.files_url),
        )
        kiosk = Kiosk(_application(services, room, edge or {}), services, clock)
        opened.append(kiosk)
        return kiosk

    yield open_with
    for kiosk in opened:
        with kiosk.app.app_context():
            db.engine.dispose()


def a_room(views: Mapping[str, RouteCallable]) -> Blueprint:
    """Return a blueprint of views by method and address, such as "GET /cart"."""
    room = Blueprint("room", __name__)
    for number, (address, view) in enumerate(views.items()):
        method, path = address.split(" ", 1)
        room.add_url_rule(path, f"view{number}", view, methods=[method])
    return room


def _application(services: Services, room: Blueprint, edge: Mapping[str, Any]) -> Flask:
    settings = services.settings
    app = Flask("kiosk", template_folder="no-templates", static_folder=None)
    app.extensions[EXTENSION] = services
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
    )
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    Babel(app)
    app.register_blueprint(room)
    install_edge(app, services, **edge)
    return app
