"""What a reader does with a cart, by its forms, and what she sees of it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from store.cart.models import CartLine
from store.database import db, writing
from store.money import Money
from tests.builders import a_product
from tests.shop import Shop, open_shop, some_settings

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


def a_tee(
    shop: Shop, *, title: str = "Late Edition tee", price: Money | None = None, stock: int = 10
) -> int:
    with shop.app.app_context(), writing():
        return a_product(shop.clock, title=title, price=price, stock=stock).variants[0].id


@contextmanager
def reopened(shop: Shop, **changed: object) -> Iterator[Shop]:
    """The same shop on the same database, with other settings."""
    before = shop.services.settings
    again = open_shop(some_settings(before.data_dir, before.database_url, **changed), shop.clock)
    yield again
    with again.app.app_context():
        db.engine.dispose()


def post(reader: FlaskClient, path: str, fragment: str = "", **fields: object) -> TestResponse:
    headers = OWN_PAGE | ({"X-Fragment": fragment} if fragment else {})
    return reader.post(path, data=fields, headers=headers)


def add(reader: FlaskClient, variant: int, quantity: object = 1) -> TestResponse:
    return post(reader, "/cart/lines", variant_id=variant, quantity=quantity)


def only_line(shop: Shop) -> int:
    with shop.app.app_context():
        return db.session.scalars(select(CartLine.id)).one()


def quantities(shop: Shop) -> list[int]:
    with shop.app.app_context():
        return list(db.session.scalars(select(CartLine.quantity).order_by(CartLine.id)))


def words(response: TestResponse) -> str:
    """Return what a reader sees: text without tags, single-spaced."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def cookie(response: TestResponse, name: str) -> str:
    given = response.headers.getlist("Set-Cookie")
    return next((line for line in given if line.startswith(f"{name}=")), "")
