"""A shop that has grown, with its owner at the desk: what the pages of staff are measured on."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.app import STAFF, create_app, open_doors
from store.clock import Clock, SystemClock
from store.database import db, writing
from store.migrating import upgrade
from store.orders.models import Order
from store.sandbox.demonstration.addresses import Addresses, environment
from store.sandbox.demonstration.seeding import seed
from store.settings import Settings
from store.staff.models import StaffUser
from store.staff.roles import Role
from store.staff.sessions import Proof, begin_session
from store.staff.sign_in import TOKEN
from tests.throwaway_postgresql import throwaway_server

OWNER = "owner@bench.example"


@dataclass(frozen=True, slots=True)
class GrownShop:
    """The shop's application and the one of staff, which shares its engine."""

    app: Flask
    staff: Flask
    clock: Clock

    @contextmanager
    def inside(self) -> Iterator[None]:
        with self.app.app_context():
            yield
            db.session.remove()

    def at_the_desk(self) -> FlaskClient:
        """Return the browser of the owner, signed in just now."""
        with self.inside(), writing():
            user = self._owner()
            uniquifier = user.fs_uniquifier
            token = begin_session(user.id, "bench", self.clock, proof=Proof.FACTOR)
        browser = self.app.test_client()
        with browser.session_transaction("/staff/") as session:
            session["_user_id"] = uniquifier
            session["_fresh"] = True
            session["fs_paa"] = time.time()  # noqa: TID251 - Flask-Security asks the real clock
            session[TOKEN] = token
        return browser

    def _owner(self) -> StaffUser:
        user = db.session.scalar(select(StaffUser).where(StaffUser.email == OWNER))
        if user is None:
            user = StaffUser(
                email=OWNER,
                name="The owner",
                role=Role.OWNER,
                fs_uniquifier="owner-of-the-bench",
                created_at=self.clock.now(),
            )
            db.session.add(user)
            db.session.flush()
        return user


@contextmanager
def grown_shop(folder: Path, orders: int, *, on_postgresql: bool) -> Iterator[GrownShop]:
    """Yield the shop kept in this folder, made first where there is none."""
    if on_postgresql:
        with throwaway_server() as url, _opened(folder, url, orders) as shop:
            yield shop
        return
    with _opened(folder, "", orders) as shop:
        yield shop


@contextmanager
def _opened(folder: Path, database_url: str, orders: int) -> Iterator[GrownShop]:
    given = environment(Addresses(5000), folder) | {"STORE_DATABASE_URL": database_url}
    words = {name.removeprefix("STORE_").lower(): value for name, value in given.items()}
    settings = Settings.from_environment(_env_file=None, **words)
    upgrade(settings)
    app = create_app(settings, open_doors(settings))
    with app.app_context():
        try:
            _fill(settings, orders)
            # As a web process does: what made the shop lies about, and is looked through by chance.
            gc.collect()
            gc.freeze()
            yield GrownShop(app, app.extensions[STAFF].app, SystemClock())
        finally:
            db.session.remove()
            db.engine.dispose()


def _fill(settings: Settings, orders: int) -> None:
    if db.session.scalar(select(Order.id).limit(1)) is not None:
        db.session.rollback()
        return
    with writing():
        seed(orders, orders // 10, settings, SystemClock())
