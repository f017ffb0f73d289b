"""What readers do at a last unit, and what sweeps do meanwhile."""

import re
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from store.checkout.sweeping import end_holds
from store.database import db, writing
from store.inventory.models import QueuePlace
from store.mail.models import Message
from store.waiting.last_unit.calling import keep_moving
from tests.builders import a_product
from tests.buying import check_out, fill_cart, session_of
from tests.shop import Shop

FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}
ADDRESS = "river@example.org"


def a_last_one(shop: Shop, units: int = 1) -> int:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="mug", title="Late mug", stock=units)
        return product.variants[0].id


def start_paying(shop: Shop, variant: int) -> tuple[FlaskClient, str]:
    """Have somebody go to the pay page with one; return her browser and her page."""
    payer = shop.browser()
    fill_cart(payer, variant)
    return payer, session_of(check_out(payer))


def stand_in_line(
    shop: Shop, variant: int, email: str = "", reader: FlaskClient | None = None, **given: Any
) -> FlaskClient:
    reader = reader or shop.browser()
    answer = join(reader, variant, email, **given)
    assert answer.status_code == 303, answer.text
    return reader


def join(reader: FlaskClient, variant: int, email: str = "", **given: Any) -> TestResponse:
    return reader.post(
        f"/last-unit/{variant}", data={"email": email}, headers=FROM_OUR_PAGE, **given
    )


def line(reader: FlaskClient, variant: int) -> str:
    return reader.get(f"/last-unit/{variant}").text


def post(reader: FlaskClient, path: str) -> TestResponse:
    return reader.post(path, headers=FROM_OUR_PAGE)


def sweep(shop: Shop) -> None:
    with shop.app.app_context():
        end_holds(shop.services)
        keep_moving(shop.services)


def later(shop: Shop, **span: int) -> None:
    shop.clock.move_to(shop.clock.now() + timedelta(**span))


def mails(kind: str) -> list[Message]:
    db.session.rollback()
    found = select(Message).where(Message.kind == f"last_unit.{kind}").order_by(Message.id)
    return list(db.session.scalars(found))


def path_in(mail: Message, act: str) -> str:
    found = re.search(rf"/last-unit/{act}/\S+", mail.text)
    assert found, mail.text
    return found[0]


def place_states() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(QueuePlace.state).order_by(QueuePlace.id)))
