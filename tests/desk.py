"""Orders as staff meet them: bought by a reader, looked after from a browser at the desk."""

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from store.database import db
from store.orders.models import Order
from store.orders.queries import order_numbered
from store.sandbox.stripe import Address
from store.staff.audit import Thing, history
from store.staff.models import AuditEntry
from store.staff.roles import Role
from tests.buying import check_out, fill_cart, post, session_of, thanks
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of

HOME = Address("12 Galley Street", "", "Newtown", "NSW", "2042", "AU")
ELSEWHERE = {
    "name": "Robin R. Reader",
    "line1": "7 Proof Place",
    "line2": "",
    "city": "Fremantle",
    "state": "WA",
    "postal_code": "6160",
    "country": "AU",
    "phone": "",
    "version": 0,
}
"""Where a reader asks for her parcel instead."""


class Desk:
    """A browser of somebody who works here, and what she does with it."""

    def __init__(self, shop: Shop, role: Role = Role.OWNER) -> None:
        self.browser: FlaskClient = at_the_desk(shop, role=role)
        self._token = token_of(self.browser, "/staff/account/")

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.browser.get(f"/staff/orders/{path}", query_string=query)

    def text(self, path: str, **query: Any) -> str:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.status
        return as_read(answer)

    def post(self, path: str, **fields: Any) -> TestResponse:
        data = MultiDict({"csrf_token": self._token})
        for name, value in fields.items():
            data.setlist(name, value if isinstance(value, list) else [value])
        return self.browser.post(f"/staff/orders/{path}", data=data)


def as_read(answer: TestResponse) -> str:
    """Return the words of a page without its markup, each space one space."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def bought(
    shop: Shop,
    *variant_ids: int,
    quantity: int = 1,
    email: str = "robin@example.org",
    name: str = "Robin Reader",
    address: Address = HOME,
    card: str = "4242424242424242",
) -> str:
    """Buy and pay as a reader does; return the order's number."""
    reader = shop.browser()
    for variant_id in variant_ids:
        fill_cart(reader, variant_id, quantity)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, card, email=email, name=name, address=address)
    thanks(reader, session_id)
    return number_of(shop, session_id)


def taken_for_nothing(shop: Shop, variant_id: int) -> str:
    """Order what costs nothing, as a reader does; return the order's number."""
    reader = shop.browser()
    fill_cart(reader, variant_id)
    home = {"line1": "1 George St", "city": "Sydney", "state": "NSW", "postal_code": "2000"}
    answer = post(
        reader,
        "/checkout/free",
        email="robin@example.org",
        name="Robin Reader",
        country="AU",
        **home,
    )
    return answer.headers["Location"].partition("?")[0].rpartition("/")[2]


def number_of(shop: Shop, session_id: str) -> str:
    with shop.app.app_context():
        number = db.session.scalar(db.select(Order.number).where(Order.session_id == session_id))
    assert number is not None
    return str(number)


def traces(number: str) -> list[AuditEntry]:
    """Return what staff did to an order, the newest first; call it inside the app."""
    db.session.rollback()
    return list(history(Thing("order", number)))


def the(number: str) -> Order:
    """Return an order as it stands now; call it inside the app."""
    db.session.rollback()
    db.session.expire_all()
    return order_numbered(number)
