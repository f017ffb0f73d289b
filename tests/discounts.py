"""Discounts for tests, and the cart that has one."""

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from store.database import db, writing
from store.pricing.discounts import DiscountKind
from store.pricing.models import Discount, Redemption
from store.pricing.writing_discounts import DiscountWanted, make_discount
from tests.buying import post
from tests.shop import Shop


def a_discount(shop: Shop, code: str = "WELCOME10", **given: Any) -> int:
    """Write a discount of 10 % that began yesterday, unless told otherwise; return its id."""
    values: dict[str, Any] = {
        "name": "Welcome",
        "kind": DiscountKind.PERCENT,
        "currency": shop.services.settings.currency,
        "starts_at": shop.clock.now() - timedelta(days=1),
    }
    if given.get("kind", DiscountKind.PERCENT) is DiscountKind.PERCENT:
        values["basis_points"] = 1_000
    with shop.app.app_context(), writing():
        return make_discount(DiscountWanted(code=code, **(values | given)), shop.clock).id


def apply(reader: FlaskClient, code: str, **more: str) -> TestResponse:
    return post(reader, "/cart/discount", code=code, **more)


def taken(discount_id: int) -> int:
    """Return how many uses count now."""
    db.session.rollback()
    return db.session.scalars(select(Discount.taken).where(Discount.id == discount_id)).one()


def redemptions() -> list[tuple[str, str, int]]:
    """Return every use: state, name and what it gave."""
    db.session.rollback()
    found = db.session.scalars(select(Redemption).order_by(Redemption.id))
    return [(use.state, use.name, use.amount_minor) for use in found]
