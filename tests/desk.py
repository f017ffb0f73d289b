"""Orders as staff meet them: bought by a reader, looked after from a browser at the desk."""

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from store.cart import basket
from store.checkout.paying import pay_page_for
from store.checkout.settling import settle
from store.database import db, writing
from store.orders.models import Order
from store.orders.queries import order_numbered, order_of_session
from store.sandbox.stripe import Address
from store.staff.audit import Thing, history
from store.staff.models import AuditEntry
from store.staff.roles import Role
from tests.beginning import Beginning
from tests.buying import fill_cart, post
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

    def __init__(self, shop: Shop, role: Role = Role.OWNER, begin: Beginning | None = None) -> None:
        self.browser: FlaskClient = at_the_desk(shop, role=role, begin=begin)
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
    """Buy and pay, and return the order's number.

    All that readers do is done by the verbs behind their pages; those that show it cost the half
    of it, and are what tests/checkout is about.
    """
    with shop.app.app_context():
        session_id = at_the_pay_page(shop, *variant_ids, quantity=quantity)
        shop.sandbox.pay(session_id, card, email=email, name=name, address=address)
        order = order_of_session(session_id)
        assert order is not None
        settle(order, shop.services)
        return order.number


def at_the_pay_page(shop: Shop, *variant_ids: int, quantity: int = 1) -> str:
    """Fill a cart and check out by the verbs behind the pages; return the id of the pay page.

    Call it inside the app.
    """
    services = shop.services
    with writing():
        cart = basket.begin(basket.new_token(), services.settings, services.clock)
        for variant_id in variant_ids:
            basket.add(cart, variant_id, quantity, services.clock)
    return pay_page_for(cart, "", services).rsplit("/", 1)[1]


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
