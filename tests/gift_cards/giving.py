"""Gift cards for tests: issued, mailed, bought, and typed into carts."""

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from store.database import db, writing
from store.gift_cards.issuing import Addressee, issue_by_hand
from store.gift_cards.ledger import Cause
from store.gift_cards.mailing import due_card_ids, mail_if_due
from store.gift_cards.models import GiftCard, GiftCardEntry
from store.gift_cards.proof import proof
from store.mail.models import Message
from store.money import Money
from tests.builders import a_product
from tests.buying import post
from tests.shop import Shop

CODE = re.compile(r"\b(?:[2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}\b")


def a_gift_card(shop: Shop, minor: int = 5_000, recipient: str = "robin@example.org") -> str:
    """Issue a card by hand and have it mailed; return the code that the mail carries."""
    value = Money(minor, shop.services.settings.currency)
    with shop.app.app_context():
        with writing():
            cause = Cause.by("Test", "a test", shop.clock)
            card_id = issue_by_hand(value, Addressee(recipient), cause, shop.services).id
        mail_cards(shop)
        return code_of(card_id)


def mail_cards(shop: Shop) -> None:
    """Do what a worker does with cards whose time has come."""
    for card_id in due_card_ids(shop.clock):
        with writing():
            mail_if_due(card_id, shop.services)


def code_of(card_id: int) -> str:
    """Return the code in the last mail of a card."""
    db.session.rollback()
    key = f"gift-card:{card_id}:"
    mail = db.session.scalars(
        select(Message).where(Message.dedupe_key.startswith(key)).order_by(Message.id.desc())
    ).first()
    assert mail is not None, "the card was never mailed"
    found = CODE.search(mail.text)
    assert found, mail.text
    return found.group()


def a_gift_product(shop: Shop, minor: int = 5_000, **given: Any) -> int:
    """Put gift cards into the shop; return the id of the variant."""
    with shop.app.app_context(), writing():
        price = Money(minor, shop.services.settings.currency)
        product = a_product(shop.clock, title="Gift card", price=price, tracked=False)
        variant = product.variants[0]
        variant.requires_shipping = variant.taxable = False
        variant.is_gift_card = True
        for name, value in given.items():
            setattr(variant, name, value)
        return variant.id


def spend(reader: FlaskClient, code: str) -> TestResponse:
    return post(reader, "/cart/discount", code=code)


def the_card() -> GiftCard:
    """Return the only card there is, as it stands now."""
    db.session.rollback()
    return db.session.scalars(select(GiftCard)).one()


def ledger() -> list[tuple[str, int, int]]:
    """Return every step of every card: kind, amount and what was left."""
    db.session.rollback()
    rows = db.session.scalars(select(GiftCardEntry).order_by(GiftCardEntry.id))
    return [(row.kind, row.amount_minor, row.balance_minor) for row in rows]


def assert_proved() -> None:
    db.session.rollback()
    assert proof() == []
