"""Gift cards are bought, issued once, and mailed to whoever they are for."""

from datetime import timedelta
from email.message import EmailMessage

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.checkout.settling import settle
from store.clock import FixedClock
from store.database import db
from store.gift_cards.codes import LENGTH, SIGNS, read_code
from store.gift_cards.models import GiftCard
from store.mail.models import Message
from store.mail.sending import send_message
from store.orders.models import OrderState
from tests.buying import (
    a_variant,
    buy,
    check_out,
    deliver,
    fill_cart,
    mails,
    post,
    session_of,
    thanks,
    the_order,
)
from tests.discounts import a_discount, apply
from tests.gift_cards.giving import (
    a_gift_card,
    a_gift_product,
    assert_proved,
    code_of,
    mail_cards,
    spend,
    the_card,
)
from tests.invariants import assert_invariants
from tests.shop import Shop

ALEX = {
    "for_whom": "somebody",
    "recipient": "alex@example.org",
    "recipient_name": "Alex",
    "giver": "Robin",
    "message": "For the shirt",
}


def cards() -> list[GiftCard]:
    db.session.rollback()
    return list(db.session.scalars(select(GiftCard).order_by(GiftCard.id)))


def test_each_unit_is_a_card_and_settling_again_issues_no_more(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    session_id = buy(shop, reader, a_gift_product(shop), 2)
    thanks(reader, session_id)
    deliver(shop)
    settle(the_order(), shop.services)

    assert [card.value_minor for card in cards()] == [5_000, 5_000]
    assert the_order().state == OrderState.PAID
    assert the_order().tax_minor == 0
    assert_proved()
    assert_invariants(shop.sandbox)


def test_buyer_is_mailed_a_code_that_pays(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    thanks(reader, buy(shop, reader, a_gift_product(shop)))
    mail_cards(shop)
    fill_cart(reader, a_variant(shop))

    answer = spend(reader, code_of(the_card().id))

    assert answer.status_code == 303
    assert mails("gift_cards")[0].recipient == "robin@example.org"
    assert "To pay" in reader.get("/cart").text


def test_confirmation_promises_no_parcel(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    thanks(reader, buy(shop, reader, a_gift_product(shop)))

    (mail,) = mails("orders.confirmed")
    assert "Nothing of it comes by post" in mail.text
    assert "when it leaves" not in mail.text
    assert "Shipping" not in mail.text


def test_card_goes_to_somebody_else_with_words(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    variant_id = a_gift_product(shop)
    post(reader, "/cart/lines", variant_id=variant_id, quantity=1, **ALEX)
    post(reader, "/cart/lines", variant_id=variant_id, quantity=1)
    page = reader.get("/cart").text
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    thanks(reader, session_id)
    mail_cards(shop)

    assert "To alex@example.org, once it is paid" in page
    assert "One is mailed to you" in page
    first, second = mails("gift_cards")
    assert (first.recipient, second.recipient) == ("alex@example.org", "robin@example.org")
    assert "For the shirt" in first.text
    assert "From Robin" in first.text
    assert "Robin" not in second.text


def test_card_waits_for_its_day(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    day = (shop.clock.now() + timedelta(days=10)).date().isoformat()
    variant_id = a_gift_product(shop)
    post(reader, "/cart/lines", variant_id=variant_id, quantity=1, send_on=day, **ALEX)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    thanks(reader, session_id)

    mail_cards(shop)
    before = mails("gift_cards")
    shop.clock.move_to(shop.clock.now() + timedelta(days=11))
    mail_cards(shop)
    mail_cards(shop)

    assert before == []
    assert len(mails("gift_cards")) == 1


def test_what_makes_no_sense_about_a_gift_keeps_what_was_typed(
    shop: Shop, reader: FlaskClient
) -> None:
    wrong = {**ALEX, "recipient": "alex at example"}

    answer = post(reader, "/cart/lines", variant_id=a_gift_product(shop), quantity=1, **wrong)

    assert answer.status_code == 422
    assert "alex at example" in answer.text
    assert "For the shirt" in answer.text
    assert "Say where the gift card goes" in answer.text


def test_no_discount_takes_anything_off_a_gift_card(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    a_discount(shop)
    fill_cart(reader, a_gift_product(shop))

    answer = apply(reader, "WELCOME10")

    assert answer.status_code == 422
    assert "is not for anything in this cart" in answer.text


def test_only_a_hash_of_the_code_is_kept_once_the_mail_was_taken(app: Flask, shop: Shop) -> None:
    code = read_code(a_gift_card(shop))
    taken: list[EmailMessage] = []

    class Mailbox:
        def send(self, message: EmailMessage) -> None:
            taken.append(message)

    for mail in mails("gift_cards"):
        send_message(mail.id, Mailbox(), shop.clock, shop.services.settings)

    mail = db.session.scalars(select(Message).where(Message.kind.startswith("gift_cards"))).one()
    card = the_card()
    assert len(taken) == 1
    assert (mail.text, mail.html) == ("", "")
    assert mail.sent_at
    assert code not in {card.code_hash, card.last_four}
    assert code.endswith(card.last_four)
    assert len(code) == LENGTH
    assert 2 ** (5 * LENGTH) == len(SIGNS) ** LENGTH >= 2**64


def test_codes_are_read_however_they_are_typed() -> None:
    assert read_code(" 2222 3333-abcd\u2009efgh ") == "22223333ABCDEFGH"
    assert read_code("2222-3333-ABCD-EFG") == ""
    assert read_code("\uff12222-3333-ABCD-EFGH") == "22223333ABCDEFGH"


def test_balance_is_told_and_wrong_codes_are_answered_alike(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    code = a_gift_card(shop, 4_200)

    known = post(reader, "/gift-cards", code=code)
    wrong = post(reader, "/gift-cards", code="2222-3333-4444-5555")
    nonsense = post(reader, "/gift-cards", code="xyzzy")

    assert known.status_code == 200
    assert "$42.00" in known.text
    assert (wrong.status_code, nonsense.status_code) == (422, 422)
    assert wrong.text.replace("2222-3333-4444-5555", "") == nonsense.text.replace("xyzzy", "")


def test_guessing_at_balances_is_slowed(shop: Shop, clock: FixedClock) -> None:
    reader = shop.browser()

    answers = [post(reader, "/gift-cards", code=f"guess {n}").status_code for n in range(12)]

    assert answers[:10] == [422] * 10
    assert answers[-1] == 429
