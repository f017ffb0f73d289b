"""What happens to an order after it was paid, as staff and readers do it."""

from copy import copy
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from store.app import data_keepers
from store.database import db, writing
from store.jobs.outbox import due_row_ids, run_row
from store.jobs.queue import Handler
from store.mail.outgoing import SendMail
from store.orders.delivering import delivered
from store.orders.downloads import tasks as download_tasks
from store.orders.links import order_path
from store.orders.own_data import tasks as own_data_tasks
from store.orders.queries import locked_order
from store.orders.returning.models import Return
from store.orders.shipping import Parcel, ship_parcel
from store.orders.tasks import handlers
from tests.desk import the
from tests.shop import Shop

FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}


class Reader:
    """A browser with the link of one order, and what its reader does there."""

    def __init__(self, shop: Shop, number: str) -> None:
        self.browser: FlaskClient = shop.browser()
        parts = urlsplit(order_path(the(number), shop.services.settings))
        self.path, self.key = parts.path, parts.query.partition("=")[2]

    def in_another_window(self, shop: Shop) -> "Reader":
        """Return the same reader with the same link in a browser of her own."""
        other = copy(self)
        other.browser = shop.browser()
        return other

    def get(self, below: str = "") -> TestResponse:
        return self.browser.get(self._address(below))

    def post(self, below: str, **fields: object) -> TestResponse:
        data = {name.replace("__", "-"): value for name, value in fields.items()}
        return self.browser.post(self._address(below), data=data, headers=FROM_OUR_PAGE)

    def send_back(self, line_id: int, units: int, instead: int | None = None) -> TestResponse:
        fields = {
            f"units-{line_id}": units,
            f"reason-{line_id}": "too_small",
            f"instead-{line_id}": instead or "",
        }
        return self.post("/returns", **fields)

    def _address(self, below: str) -> str:
        return f"{self.path}{below}?key={self.key}"


def ship(shop: Shop, number: str, units: int | None = None, *, arrives: bool = True) -> None:
    """Send units of the first line, or everything; the parcel arrives unless told otherwise."""
    order = the(number)
    order_id, line_id = order.id, order.lines[0].id
    with writing():
        parcel = Parcel({line_id: units} if units else {})
        sent = ship_parcel(locked_order(order_id), parcel, shop.services, actor="robin")
        db.session.flush()
        if arrives:
            delivered(locked_order(order_id), sent, shop.services, actor="robin")


def the_return() -> Return:
    """Return the latest return as it stands now; call it inside the app."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Return).order_by(Return.id.desc()).limit(1)).one()


def work(shop: Shop) -> None:
    """Run every job that waits, but those that send mails."""
    known: dict[str, Handler] = {
        **handlers(shop.services),
        **download_tasks.handlers(shop.services),
        **own_data_tasks.handlers(shop.services, data_keepers()),
        SendMail.kind: lambda _payload: None,
    }
    for row in due_row_ids(shop.clock.now()):
        run_row(row, known, shop.clock)
    db.session.rollback()
