"""Promises about the link of a cart: mailed to who agreed, once, and it loses nothing."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.app import data_keepers
from store.catalog.models import Product, ProductStatus, Variant
from store.database import bump_public_version, db, writing
from store.keyed import email_hash_of
from store.mail.models import Message
from store.newsletter.limits import MOST_OF_ONE_NETWORK
from store.newsletter.models import ConsentEntry, SuppressionReason
from store.newsletter.subscribing import suppress
from store.waiting.left_carts.mailing import forget_ended, mail_left_carts
from store.waiting.left_carts.models import CartLink, CartLinkDay
from tests.buying import a_variant, check_out, fill_cart, post, session_of, thanks
from tests.newsletter.busy_hour import (
    COOL,
    heat,
    read_it,
    right_answer,
    send,
    sign_up_patiently,
    step_fields,
)
from tests.shop import Shop
from tests.waiting.queueing import ADDRESS, later

WORDING = "left-cart-2026-11"


@pytest.fixture
def tee(app: Flask, shop: Shop) -> int:
    return a_variant(shop, handle="tee")


@pytest.fixture
def left(shop: Shop, reader: FlaskClient, tee: int) -> FlaskClient:
    """A reader who put two in her cart and agreed to be mailed."""
    fill_cart(reader, tee, 2)
    agree(reader)
    return reader


def agree(reader: FlaskClient, email: str = ADDRESS, **fields: str) -> None:
    given = {"email": email, "agrees": "1", "wording": WORDING, **fields}
    assert post(reader, "/cart/link", **given).status_code == 303


def sweep(shop: Shop) -> int:
    with shop.app.app_context():
        return mail_left_carts(shop.services)


def sent() -> list[Message]:
    db.session.rollback()
    found = select(Message).where(Message.kind == "left_carts.link").order_by(Message.id)
    return list(db.session.scalars(found))


def link_in(mail: Message, below: str = "") -> str:
    found = re.search(rf"/cart/link/{below}[\w-]+(?=\s)", mail.text)
    assert found, mail.text
    return found[0]


def mailed_link(shop: Shop, below: str = "") -> str:
    later(shop, hours=4)
    assert sweep(shop) == 1
    return link_in(sent()[0], below)


def ledger() -> list[tuple[str, str, str]]:
    rows = db.session.scalars(select(ConsentEntry).order_by(ConsentEntry.id))
    return [(row.purpose, row.kind, row.wording_version) for row in rows]


def test_box_is_unticked_and_nothing_is_mailed_without_it(
    shop: Shop, reader: FlaskClient, tee: int
) -> None:
    fill_cart(reader, tee)
    page = reader.get("/cart").text
    box = page.split('name="agrees"', 1)[1].split(">", 1)[0]
    assert "checked" not in box
    assert "once, if I have not paid 4 hours from now." in page

    refused = post(reader, "/cart/link", email=ADDRESS, wording=WORDING)
    assert refused.status_code == 422
    assert "Tick the box" in refused.text
    assert f'value="{ADDRESS}"' in refused.text
    later(shop, hours=5)
    assert sweep(shop) == 0
    assert db.session.scalars(select(CartLink)).all() == []


def test_cart_is_mailed_once_after_its_hours(shop: Shop, left: FlaskClient) -> None:
    assert "Noted: if this cart is still unpaid" in left.get("/cart").text
    later(shop, hours=3, minutes=59)
    assert sweep(shop) == 0

    later(shop, minutes=1)
    assert sweep(shop) == 1
    assert sweep(shop) == 0
    later(shop, days=2)
    assert sweep(shop) == 0

    (mail,) = sent()
    assert mail.recipient == ADDRESS
    assert "2 × Late Edition tee" in mail.text
    assert "tee" not in mail.subject
    assert "List-Unsubscribe" in mail.headers
    assert "was mailed to you" in left.get("/cart").text
    assert ledger() == [("left_cart", "asked", WORDING)]


def test_hours_count_from_the_last_change(shop: Shop, left: FlaskClient, tee: int) -> None:
    later(shop, hours=3)
    fill_cart(left, tee)
    later(shop, hours=2)
    assert sweep(shop) == 0

    later(shop, hours=2)
    assert sweep(shop) == 1


def test_paid_cart_is_never_mailed_and_its_address_goes(shop: Shop, left: FlaskClient) -> None:
    session_id = session_of(check_out(left))
    later(shop, minutes=10)
    shop.sandbox.pay(session_id)
    thanks(left, session_id)
    later(shop, hours=5)

    assert sweep(shop) == 0
    assert sent() == []
    assert db.session.scalars(select(CartLink)).all() == []


def test_mail_that_still_waits_is_emptied_once_the_order_is_paid(
    shop: Shop, left: FlaskClient
) -> None:
    mailed_link(shop)
    session_id = session_of(check_out(left))
    shop.sandbox.pay(session_id)
    thanks(left, session_id)

    sweep(shop)

    assert [mail.recipient for mail in sent()] == [""]


def test_nobody_is_mailed_while_she_pays_or_with_an_empty_cart(
    shop: Shop, left: FlaskClient, tee: int
) -> None:
    later(shop, hours=4)
    check_out(left)
    assert sweep(shop) == 0

    left.get("/checkout/back")
    line_id = re.findall(r"/cart/lines/(\d+)", left.get("/cart").text)[0]
    post(left, f"/cart/lines/{line_id}", quantity=0)
    later(shop, hours=4)
    assert sweep(shop) == 0


def test_suppressed_address_is_never_mailed_and_nobody_can_tell(
    shop: Shop, reader: FlaskClient, tee: int
) -> None:
    with writing():
        suppress(
            email_hash_of(ADDRESS, shop.services.settings), SuppressionReason.DISOWNED, shop.clock
        )
    fill_cart(reader, tee)
    agree(reader)

    assert "Noted: if this cart is still unpaid" in reader.get("/cart").text
    later(shop, hours=4)
    assert sweep(shop) == 0


def test_address_suppressed_since_is_not_mailed(shop: Shop, left: FlaskClient) -> None:
    with writing():
        suppress(
            email_hash_of(ADDRESS, shop.services.settings), SuppressionReason.DISOWNED, shop.clock
        )
    later(shop, hours=4)

    assert sweep(shop) == 0
    assert sent() == []


def test_looking_at_the_link_changes_nothing_and_pressing_brings_the_cart(
    shop: Shop, left: FlaskClient
) -> None:
    link = mailed_link(shop)
    phone = shop.browser()

    look = phone.get(link)
    assert "2 × <strong>Late Edition tee</strong>" in look.text
    assert "Set-Cookie" not in look.headers
    assert look.headers["Referrer-Policy"] == "no-referrer"
    assert db.session.scalars(select(CartLink.restored_at)).all() == [None]

    back = post(phone, link)
    assert back.headers["Location"] == "/cart?notice=restored"
    page = phone.get("/cart?notice=restored").text
    assert "Your cart is here again." in page
    assert 'data-units="2"' in page
    assert session_of(check_out(phone))


def test_device_with_another_cart_keeps_it_and_nothing_doubles(
    shop: Shop, left: FlaskClient, tee: int
) -> None:
    mug = a_variant(shop, title="Late mug")
    link = mailed_link(shop)
    phone = shop.browser()
    fill_cart(phone, mug, 3)
    fill_cart(phone, tee, 1)
    post(phone, "/cart/note", note="Mine", is_gift="")

    assert "4 things are in the cart of this device already." in phone.get(link).text
    post(phone, link)
    post(phone, link)

    page = phone.get("/cart").text
    assert 'data-units="5"' in page
    assert "Late mug" in page
    assert ">Mine</textarea>" in page


def test_prices_are_those_of_now_and_what_is_gone_is_said(
    shop: Shop, left: FlaskClient, tee: int
) -> None:
    poster = a_variant(shop, title="Old poster", handle="poster")
    fill_cart(left, poster)
    link = mailed_link(shop)
    with writing():
        db.session.get_one(Variant, tee).price_minor = 5_000
        old = db.session.scalars(select(Product).where(Product.handle == "poster")).one()
        old.status = ProductStatus.ARCHIVED
        bump_public_version()
    phone = shop.browser()

    look = phone.get(link).text
    assert "No longer sold." in look
    assert "$50.00" in look
    back = post(phone, link)
    assert back.headers["Location"] == "/cart?notice=restored_less"
    page = phone.get(back.headers["Location"]).text
    assert "without what is no longer sold" in page
    assert "Old poster" not in page
    assert "$45.00</s>" in page


def test_link_on_the_very_device_leads_to_its_own_cart(shop: Shop, left: FlaskClient) -> None:
    link = mailed_link(shop)

    post(left, link)

    assert 'data-units="2"' in left.get("/cart").text
    assert db.session.scalars(select(CartLinkDay.restored)).all() == [1]


def test_cart_that_was_ordered_since_says_so(shop: Shop, left: FlaskClient) -> None:
    link = mailed_link(shop)
    session_id = session_of(check_out(left))
    shop.sandbox.pay(session_id)
    thanks(left, session_id)

    assert "Nothing is left in it" in shop.browser().get(link).text
    sweep(shop)
    db.session.rollback()
    assert shop.browser().get(link).status_code == 410


def test_one_click_forgets_the_address(shop: Shop, left: FlaskClient) -> None:
    link = mailed_link(shop, "leave/")
    assert "Forget this address?" in shop.browser().get(link).text
    assert len(db.session.scalars(select(CartLink)).all()) == 1

    # A mail program posts by itself, from nowhere.
    done = shop.browser().post(link, data={"List-Unsubscribe": "One-Click"})

    assert "The address is forgotten" in done.text
    db.session.rollback()
    assert db.session.scalars(select(CartLink)).all() == []
    assert [mail.recipient for mail in sent()] == [""]
    assert ledger()[-1] == ("left_cart", "left", "")
    assert shop.browser().get(link).status_code == 410


def test_consent_is_taken_back_where_it_was_given(shop: Shop, left: FlaskClient) -> None:
    post(left, "/cart/link/withdrawal")

    assert 'name="agrees"' in left.get("/cart").text
    later(shop, hours=4)
    assert sweep(shop) == 0


def test_wrong_address_is_said(shop: Shop, reader: FlaskClient, tee: int) -> None:
    fill_cart(reader, tee)
    wrong = post(reader, "/cart/link", email="river at", agrees="1")
    assert wrong.status_code == 422
    assert "no e-mail address" in wrong.text


def test_busy_hour_asks_a_question_and_a_full_one_waits(
    shop: Shop, reader: FlaskClient, tee: int
) -> None:
    fill_cart(reader, tee)
    heat(shop)
    form = {"email": ADDRESS, "agrees": "1", "wording": WORDING}

    asked = send(reader, form, "", "/cart/link")
    read_it(shop)
    answer = send(reader, step_fields(asked), right_answer(asked), "/cart/link")
    for number in range(MOST_OF_ONE_NETWORK - COOL - 1):
        sign_up_patiently(shop, f"r{number}@gmail.com")

    assert (asked.status_code, answer.status_code) == (422, 303)
    assert ledger() == [("left_cart", "asked", WORDING)]
    assert send(reader, form, "", "/cart/link").status_code == 429


def test_robot_and_empty_cart_are_noted_nowhere(shop: Shop, reader: FlaskClient, tee: int) -> None:
    post(reader, "/cart/link", email=ADDRESS, agrees="1")
    fill_cart(reader, tee)
    post(reader, "/cart/link", email=ADDRESS, agrees="1", website="x")

    assert db.session.scalars(select(CartLink)).all() == []


def test_address_is_forgotten_after_its_days(shop: Shop, left: FlaskClient) -> None:
    link = mailed_link(shop)
    later(shop, days=14)

    forget_ended(shop.services)

    db.session.rollback()
    assert db.session.scalars(select(CartLink)).all() == []
    assert [mail.recipient for mail in sent()] == [""]
    assert shop.browser().get(link).status_code == 410
    assert db.session.scalars(select(CartLinkDay.mailed)).all() == [1]


def test_consent_that_was_never_used_ends_in_the_ledger(shop: Shop, left: FlaskClient) -> None:
    later(shop, days=15)
    forget_ended(shop.services)

    assert ledger()[-1] == ("left_cart", "expired", "")


def test_what_is_kept_is_told_and_erased_with_all_else(shop: Shop, left: FlaskClient) -> None:
    mailed_link(shop)
    assert "left_cart" in data_keepers().kept(ADDRESS, shop.services)

    with writing():
        data_keepers().erase(ADDRESS, shop.services)

    assert "left_cart" not in data_keepers().kept(ADDRESS, shop.services)
    assert [mail.recipient for mail in sent()] == [""]


def test_forged_link_and_another_act_open_nothing(shop: Shop, left: FlaskClient) -> None:
    link = mailed_link(shop)
    token = link.rsplit("/", 1)[1]

    assert shop.browser().get(f"/cart/link/leave/{token}").status_code == 410
    assert shop.browser().get("/cart/link/1-1-" + "A" * 24).status_code == 410
    assert shop.browser().get("/cart/link/nonsense").status_code == 404
