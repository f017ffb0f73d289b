"""What a reader does from the cart to the thanks page, and what Stripe does meanwhile."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from store.database import db, writing
from store.mail.models import Message
from store.orders.models import Order
from store.payments.gateway import PaySession
from store.sandbox.stripe.state import Shelf
from tests.builders import a_product
from tests.shop import Shop

FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}


def a_variant(shop: Shop, *, stock: int = 10, **given: Any) -> int:
    """Put a product on the shelf; return the id of its only variant."""
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, stock=stock, **given)
        return product.variants[0].id


def post(reader: FlaskClient, path: str, **fields: object) -> TestResponse:
    return reader.post(path, data=fields, headers=FROM_OUR_PAGE)


def fill_cart(reader: FlaskClient, variant_id: int, quantity: int = 1) -> None:
    answer = post(reader, "/cart/lines", variant_id=variant_id, quantity=quantity)
    assert answer.status_code == 303, answer.status


def check_out(reader: FlaskClient) -> TestResponse:
    return post(reader, "/checkout")


def session_of(answer: TestResponse) -> str:
    """Return the id of the pay page that a checkout led to."""
    assert answer.status_code == 303, answer.status
    address = answer.headers["Location"]
    assert "/pay/" in address, address
    return address.rsplit("/", 1)[1]


def buy(shop: Shop, reader: FlaskClient, variant_id: int, quantity: int = 1) -> str:
    """Fill the cart, go to the pay page and pay there; return the session's id."""
    fill_cart(reader, variant_id, quantity)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    return session_id


def thanks(reader: FlaskClient, session_id: str) -> TestResponse:
    return reader.get("/checkout/thanks", query_string={"session_id": session_id})


def deliver(shop: Shop) -> int:
    """Bring every waiting event to the webhook; return how many arrived well."""
    return shop.sandbox.deliver_now(lambda body, signature: webhook(shop, body, signature))


def webhook(shop: Shop, body: bytes, signature: str) -> int:
    answer = shop.browser().post(
        "/webhooks/stripe",
        data=body,
        headers={"Stripe-Signature": signature, "Content-Type": "application/json"},
    )
    return answer.status_code


def the_order() -> Order:
    """Return the only order there is, as it stands now."""
    db.session.rollback()
    return db.session.scalars(select(Order)).one()


def mails(kind: str = "") -> list[Message]:
    db.session.rollback()
    found = db.session.scalars(select(Message).order_by(Message.id)).all()
    return [message for message in found if message.kind.startswith(kind)]


def change_at_stripe(shop: Shop, session_id: str, **changed: Any) -> None:
    """Make Stripe tell of another payment than the one that was ordered."""
    state = shop.sandbox.account.state
    with state.changing():
        session = state.take(Shelf.SESSION, session_id)
        for name, value in changed.items():
            session[name] = session[name] | value if isinstance(value, dict) else value
        state.put(Shelf.SESSION, session)


def page_at_stripe(shop: Shop, session_id: str) -> PaySession:
    return shop.services.payments.session(session_id)
