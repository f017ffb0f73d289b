"""Staff issue gift cards by hand, put on and take off, void, mail again, and find each one."""

from flask.testing import FlaskClient
from sqlalchemy import select

from store.catalog.models import Variant
from store.catalog.prices.writing import set_price
from store.database import db, writing
from store.gift_cards.models import GiftCard
from store.staff.models import AuditEntry
from store.staff.roles import Role
from tests.builders import aud
from tests.buying import a_variant, buy, fill_cart, mails, thanks, the_order
from tests.gift_cards.giving import (
    a_gift_card,
    a_gift_product,
    assert_proved,
    code_of,
    ledger,
    mail_cards,
    spend,
    the_card,
)
from tests.shop import Shop
from tests.staff.doing import send
from tests.staffing import at_the_desk

HOME = "/staff/gift-cards/"


def acts(shop: Shop) -> list[str]:
    with shop.app.app_context():
        return list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def issue(browser: FlaskClient, **fields: str) -> int:
    typed = {"amount": "25", "reason": "late parcel", "recipient": "alex@example.org"}
    return send(browser, f"{HOME}new", **(typed | fields)).status_code


def test_card_is_issued_by_hand_with_a_reason(shop: Shop) -> None:
    browser = at_the_desk(shop)

    assert issue(browser, message="Sorry") == 303

    with shop.app.app_context():
        mail_cards(shop)
        assert (the_card().value_minor, ledger()) == (2_500, [("issued", 2_500, 2_500)])
        assert "Sorry" in mails("gift_cards")[0].text
        assert_proved()
    assert "gift_card.issued" in acts(shop)
    assert "late parcel" in browser.get(f"{HOME}1").text


def test_what_makes_no_sense_is_said_beside_its_field_and_kept(shop: Shop) -> None:
    browser = at_the_desk(shop)

    answer = send(browser, f"{HOME}new", amount="-3", reason="", recipient="alex")

    assert answer.status_code == 422
    for words in ("Write an amount", "Say why", "no e-mail address", 'value="alex"', 'value="-3"'):
        assert words in answer.text


def test_amount_is_put_on_taken_off_and_taken_back(shop: Shop) -> None:
    a_gift_card(shop, 2_000)
    browser = at_the_desk(shop)

    on = send(browser, f"{HOME}1/adjustments", f"{HOME}1", amount="5", reason="kind")
    off = send(browser, f"{HOME}1/adjustments", f"{HOME}1", amount="-25", reason="wrong")
    more = send(browser, f"{HOME}1/adjustments", f"{HOME}1", amount="-1", reason="wrong")

    assert (on.status_code, off.status_code, more.status_code) == (303, 303, 409)
    assert "Less than that is free" in more.text
    with shop.app.app_context():
        assert [step[1:] for step in ledger()] == [(2_000, 2_000), (500, 2_500), (-2_500, 0)]
        assert_proved()


def test_voided_card_pays_nothing_and_is_brought_back_by_undo(shop: Shop) -> None:
    code, reader = a_gift_card(shop, 2_000), shop.browser()
    browser = at_the_desk(shop)
    fill_cart(reader, a_variant(shop))

    assert send(browser, f"{HOME}1/voidance", f"{HOME}1", reason="stolen").status_code == 303
    refused = spend(reader, code)
    with shop.app.app_context():
        wanted = select(AuditEntry.id).where(AuditEntry.act == "gift_card.voided")
        entry = db.session.scalars(wanted).one()
    undone = send(browser, f"/staff/changes/{entry}/undo", f"{HOME}1", back=f"{HOME}1")

    assert "was stopped" in refused.text
    assert undone.status_code == 303
    assert spend(reader, code).status_code == 303
    with shop.app.app_context():
        assert ledger()[-1] == ("revived", 2_000, 2_000)
        assert_proved()


def test_mailed_again_it_has_another_code(shop: Shop) -> None:
    code, reader = a_gift_card(shop, 2_000), shop.browser()
    browser = at_the_desk(shop)
    fill_cart(reader, a_variant(shop))

    send(browser, f"{HOME}1/mailings", f"{HOME}1", recipient="new@example.org")
    with shop.app.app_context():
        mail_cards(shop)
        other = code_of(1)
        assert mails("gift_cards")[-1].recipient == "new@example.org"

    assert other != code
    assert spend(reader, code).status_code == 422
    assert spend(reader, other).status_code == 303


def test_cards_are_found_by_their_last_signs_address_and_order(shop: Shop) -> None:
    code, reader = a_gift_card(shop, 2_000, "alex@example.org"), shop.browser()
    browser = at_the_desk(shop)
    with shop.app.app_context():
        thanks(reader, buy(shop, reader, a_gift_product(shop)))
        number = the_order().number

    by_code = browser.get(HOME, query_string={"q": code[-4:]}).text
    by_address = browser.get(HOME, query_string={"q": "alex@example.org"}).text
    by_order = browser.get(HOME, query_string={"q": number}).text

    assert "alex@example.org" in by_code
    assert "alex@example.org" in by_address
    assert "alex@example.org" not in by_order
    assert "robin@example.org" in by_order
    assert "No gift card found" in browser.get(HOME, query_string={"q": "ZZZZ"}).text


def test_packers_see_cards_and_change_none(shop: Shop) -> None:
    a_gift_card(shop, 2_000)
    packer = at_the_desk(shop, role=Role.FULFILMENT)

    assert packer.get(f"{HOME}1").status_code == 200
    assert "Void it" not in packer.get(f"{HOME}1").text
    assert packer.get(f"{HOME}new").status_code == 403


def test_product_becomes_a_gift_card_of_a_chosen_value(shop: Shop) -> None:
    variant_id = a_variant(shop, tracked=False)
    browser = at_the_desk(shop)
    path = "/staff/products/1/selling"
    fields = {
        f"way-{variant_id}": "gift_card_chosen",
        f"least-{variant_id}": "10",
        f"most-{variant_id}": "500",
        f"suggested-{variant_id}": "25 50 100",
    }

    saved = send(browser, path, **fields)
    wrong = send(browser, path, **fields | {f"most-{variant_id}": "5"})

    assert (saved.status_code, wrong.status_code) == (303, 422)
    with shop.app.app_context():
        variant = db.session.get_one(Variant, variant_id)
        assert (variant.is_gift_card, variant.requires_shipping, variant.tracked) == (
            True,
            False,
            False,
        )
        assert (variant.price_minor, variant.most_minor) == (1_000, 50_000)
        assert variant.suggested == [2_500, 5_000, 10_000]
    assert "product.edited" in acts(shop)


def test_bought_card_is_reached_from_its_order(shop: Shop) -> None:
    reader, browser = shop.browser(), at_the_desk(shop)
    with shop.app.app_context():
        thanks(reader, buy(shop, reader, a_gift_product(shop)))
        number = the_order().number
        card_id = db.session.scalars(select(GiftCard.id)).one()

    assert f"/staff/gift-cards/{card_id}" in browser.get(f"/staff/orders/{number}").text


def test_another_price_by_any_way_leaves_what_readers_choose(shop: Shop) -> None:
    variant_id = a_variant(shop)
    browser = at_the_desk(shop)
    fields = {f"way-{variant_id}": "goods_chosen", f"least-{variant_id}": "5"}
    send(browser, "/staff/products/1/selling", **fields, **{f"most-{variant_id}": "50"})

    with shop.app.app_context(), writing():
        variant = db.session.get_one(Variant, variant_id)
        set_price(variant, aud(80), None, shop.clock.now())

    with shop.app.app_context():
        assert db.session.get_one(Variant, variant_id).price_minor == 500
    assert browser.get("/staff/products/1").status_code == 200
