"""Promises about the last unit: who is told what, who may buy, and that nobody cuts in."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.app import data_keepers
from store.database import db, writing
from store.inventory.models import QueuePlace, QueueState
from store.inventory.proof import proof
from store.keyed import email_hash_of
from store.newsletter.models import ConsentEntry, SuppressionReason
from store.newsletter.subscribing import suppress
from store.orders.models import Order, OrderState
from store.waiting.last_unit.calling import MAILS_KEPT, forget_old
from store.waiting.last_unit.models import QueueReader
from tests.buying import check_out, fill_cart, session_of, thanks
from tests.buying import post as post_fields
from tests.invariants import assert_invariants
from tests.shop import Shop
from tests.waiting.queueing import (
    ADDRESS,
    a_last_one,
    join,
    later,
    line,
    mails,
    path_in,
    place_states,
    post,
    stand_in_line,
    start_paying,
    sweep,
)


@pytest.fixture
def mug(app: Flask, shop: Shop) -> int:
    return a_last_one(shop)


def test_page_and_cart_say_that_someone_is_paying(
    shop: Shop, reader: FlaskClient, mug: int
) -> None:
    fill_cart(reader, mug)
    payer, session_id = start_paying(shop, mug)

    page = shop.browser().get("/products/mug").text
    assert "Someone is paying for the last one" in page
    assert f'href="/last-unit/{mug}"' in page
    assert '<span data-when="sold_out" hidden>' in page
    assert "Someone is paying for the last one" in reader.get("/cart").text
    assert "Someone is paying" not in payer.get("/cart").text

    shop.sandbox.pay(session_id)
    thanks(payer, session_id)
    assert "Someone is paying for the last one</h2>" not in shop.browser().get("/products/mug").text
    assert "Sold out: remove it" in reader.get("/cart").text


def test_place_and_latest_end_are_shown(shop: Shop, mug: int) -> None:
    start_paying(shop, mug)
    first, second = stand_in_line(shop, mug), stand_in_line(shop, mug)

    assert "You are first in line." in line(first, mug)
    assert "That is in 45 minutes." in line(first, mug)
    assert "You are number 2 in line." in line(second, mug)
    assert "You are first in line." in first.get("/cart").text
    assert "2 readers wait already." in line(shop.browser(), mug)


def test_released_unit_is_kept_for_the_first_and_her_cart_takes_it(shop: Shop, mug: int) -> None:
    payer, _ = start_paying(shop, mug)
    first, second = stand_in_line(shop, mug), stand_in_line(shop, mug)

    payer.get("/checkout/back")
    sweep(shop)

    assert "one is kept for you until" in line(first, mug)
    assert "That is in 30 minutes." in first.get("/cart").text
    assert "You are first in line." in line(second, mug)
    outsider = shop.browser()
    assert post_fields(outsider, "/cart/lines", variant_id=mug, quantity=1).status_code == 409
    assert post_fields(payer, "/checkout").headers["Location"].endswith("notice=changed")

    taken = post(first, f"/last-unit/{mug}/cart")
    assert taken.headers["Location"] == "/cart"
    session_id = session_of(check_out(first))
    assert "You are paying for it" in line(first, mug)
    shop.sandbox.pay(session_id)
    assert "Thank you" in thanks(first, session_id).text
    assert place_states() == [QueueState.SOLD]
    assert_invariants(shop.sandbox)


def test_claim_that_nobody_takes_passes_on(shop: Shop, mug: int) -> None:
    payer, _ = start_paying(shop, mug)
    first, second = stand_in_line(shop, mug), stand_in_line(shop, mug)
    payer.get("/checkout/back")
    sweep(shop)

    later(shop, minutes=30)
    sweep(shop)

    assert "Your turn has passed" in line(first, mug)
    assert "one is kept for you until" in line(second, mug)
    assert post(first, f"/last-unit/{mug}/cart").status_code == 409
    assert proof() == []


def test_hold_that_ends_by_itself_calls_the_next(shop: Shop, mug: int) -> None:
    start_paying(shop, mug)
    first = stand_in_line(shop, mug)

    later(shop, minutes=46)
    sweep(shop)

    assert "It is your turn" in line(first, mug)
    assert db.session.scalars(select(Order.state)).all() == [OrderState.EXPIRED]


def test_who_goes_back_from_the_pay_page_in_time_is_still_the_one(shop: Shop, mug: int) -> None:
    payer, _ = start_paying(shop, mug)
    first = stand_in_line(shop, mug)
    stand_in_line(shop, mug)
    payer.get("/checkout/back")
    sweep(shop)
    post(first, f"/last-unit/{mug}/cart")
    check_out(first)

    later(shop, minutes=5)
    first.get("/checkout/back")

    assert place_states() == [QueueState.CALLED, QueueState.WAITING]
    assert "That is in 25 minutes." in line(first, mug)
    assert session_of(check_out(first))
    assert_invariants(shop.sandbox)


def test_mail_says_so_and_its_link_brings_the_place_to_another_device(shop: Shop, mug: int) -> None:
    payer, _ = start_paying(shop, mug)
    stand_in_line(shop, mug, ADDRESS)
    payer.get("/checkout/back")
    sweep(shop)
    sweep(shop)

    (mail,) = mails("turn")
    assert mail.recipient == ADDRESS
    assert "mug" not in mail.subject
    assert "Late mug" in mail.text
    assert "List-Unsubscribe" in mail.headers

    phone, link = shop.browser(), path_in(mail, "place")
    assert "Put it in the cart" in phone.get(link).text
    assert place_states() == [QueueState.CALLED]
    assert phone.get_cookie("cart") is None

    assert post(phone, link).headers["Location"] == "/cart"
    assert "Late mug" in phone.get("/cart").text
    session_id = session_of(check_out(phone))
    shop.sandbox.pay(session_id)
    assert "Thank you" in thanks(phone, session_id).text
    assert phone.get(link).status_code == 410
    assert_invariants(shop.sandbox)


def test_place_given_up_from_the_mail_goes_to_the_next(shop: Shop, mug: int) -> None:
    payer, _ = start_paying(shop, mug)
    stand_in_line(shop, mug, ADDRESS)
    second = stand_in_line(shop, mug)
    payer.get("/checkout/back")
    sweep(shop)
    link = path_in(mails("turn")[0], "leave")

    assert "Give up your place?" in shop.browser().get(link).text
    assert place_states() == [QueueState.CALLED, QueueState.WAITING]
    # A mail program posts by itself, from nowhere.
    assert shop.browser().post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200

    sweep(shop)
    assert "It is your turn" in line(second, mug)
    assert shop.browser().get(link).status_code == 410


def test_sold_for_good_is_told_kindly_with_back_in_stock(shop: Shop, mug: int) -> None:
    payer, session_id = start_paying(shop, mug)
    looking, mailed = stand_in_line(shop, mug), stand_in_line(shop, mug, ADDRESS)
    shop.sandbox.pay(session_id)
    thanks(payer, session_id)
    sweep(shop)
    sweep(shop)

    assert "The last one was sold while you waited" in line(looking, mug)
    assert "Tell me" in line(looking, mug)
    assert "The last one was sold while you waited" in mailed.get("/cart").text
    (mail,) = mails("sold")
    assert f"/back-in-stock?variant={mug}" in mail.text
    assert db.session.scalars(select(QueueReader.email)).all() == ["", ""]


def test_leaving_by_hand_and_joining_again_stands_at_the_end(shop: Shop, mug: int) -> None:
    start_paying(shop, mug)
    first, second = stand_in_line(shop, mug), stand_in_line(shop, mug)

    post(first, f"/last-unit/{mug}/leaving")
    assert "Wait in line" in line(first, mug)
    assert "You are first in line." in line(second, mug)

    stand_in_line(shop, mug, reader=first)
    assert "You are number 2 in line." in line(first, mug)


def test_one_place_each_however_often_it_is_asked_for(shop: Shop, mug: int) -> None:
    start_paying(shop, mug)
    reader = stand_in_line(shop, mug, ADDRESS)
    stand_in_line(shop, mug, reader=reader)
    other = stand_in_line(shop, mug, ADDRESS.upper())

    assert len(place_states()) == 2
    emails = db.session.scalars(select(QueueReader.email).order_by(QueueReader.place_id)).all()
    assert emails == [ADDRESS, ""]
    assert "You are number 2 in line." in line(other, mug)


def test_full_line_and_crowded_network_are_refused_in_words(shop: Shop, mug: int) -> None:
    start_paying(shop, mug)
    for number in range(20):
        stand_in_line(shop, mug, environ_base={"REMOTE_ADDR": f"198.51.{number}.7"})

    full = join(shop.browser(), mug, environ_base={"REMOTE_ADDR": "198.51.99.7"})
    assert full.status_code == 409
    assert "The line is full" in full.text


def test_one_network_has_no_more_places_than_a_household(shop: Shop, mug: int) -> None:
    start_paying(shop, mug)
    house = {"REMOTE_ADDR": "203.0.113.77"}
    for _ in range(5):
        stand_in_line(shop, mug, environ_base=house)

    crowded = join(shop.browser(), mug, "bea@example.org", environ_base=house)
    assert crowded.status_code == 429
    assert 'value="bea@example.org"' in crowded.text
    assert len(place_states()) == 5


def test_wrong_address_is_said_beside_its_field_and_kept(shop: Shop, mug: int) -> None:
    start_paying(shop, mug)

    answer = join(shop.browser(), mug, "river at example")

    assert answer.status_code == 422
    assert 'value="river at example"' in answer.text
    assert "no e-mail address" in answer.text
    assert place_states() == []


def test_nobody_waits_for_what_is_for_sale_gone_or_unknown(
    shop: Shop, reader: FlaskClient, mug: int
) -> None:
    for_sale = join(reader, mug)
    assert for_sale.status_code == 409
    assert "It is for sale" in for_sale.text

    payer, session_id = start_paying(shop, mug)
    shop.sandbox.pay(session_id)
    thanks(payer, session_id)
    gone = join(reader, mug)
    assert gone.status_code == 409
    assert "Tell me" in gone.text
    assert join(reader, 99_999).status_code == 404
    assert reader.get("/last-unit/99999").status_code == 404


def test_looking_gives_no_cookie_and_changes_nothing(
    shop: Shop, reader: FlaskClient, mug: int
) -> None:
    start_paying(shop, mug)

    answer = reader.get(f"/last-unit/{mug}")

    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert place_states() == []


def test_robot_that_fills_every_field_gets_no_place(
    shop: Shop, reader: FlaskClient, mug: int
) -> None:
    start_paying(shop, mug)

    post_fields(reader, f"/last-unit/{mug}", email=ADDRESS, website="x")

    assert place_states() == []


def test_suppressed_address_has_a_place_and_no_mail(shop: Shop, mug: int) -> None:
    with writing():
        email_hash = email_hash_of(ADDRESS, shop.services.settings)
        suppress(email_hash, SuppressionReason.DISOWNED, shop.clock)
    payer, _ = start_paying(shop, mug)
    reader = stand_in_line(shop, mug, ADDRESS)
    payer.get("/checkout/back")
    sweep(shop)

    assert mails("turn") == []
    assert "It is your turn" in line(reader, mug)


def test_consent_is_written_down_with_its_words(shop: Shop, mug: int) -> None:
    start_paying(shop, mug)
    page = line(shop.browser(), mug)
    assert 'value="last-unit-2026-11"' in page
    post_fields(shop.browser(), f"/last-unit/{mug}", email=ADDRESS, wording="last-unit-2026-11")

    entry = db.session.scalars(select(ConsentEntry)).one()
    assert (entry.purpose, entry.kind, entry.wording_version) == (
        "last_unit",
        "asked",
        "last-unit-2026-11",
    )


def test_what_is_kept_is_told_and_erased_with_all_else(shop: Shop, mug: int) -> None:
    payer, _ = start_paying(shop, mug)
    stand_in_line(shop, mug, ADDRESS)
    second = stand_in_line(shop, mug)
    payer.get("/checkout/back")
    sweep(shop)
    kept = data_keepers().kept(ADDRESS, shop.services)
    assert [place["state"] for place in kept["last_unit"]] == ["called"]  # type: ignore[attr-defined]

    with writing():
        data_keepers().erase(ADDRESS, shop.services)

    assert "last_unit" not in data_keepers().kept(ADDRESS, shop.services)
    assert mails("turn")[0].recipient == ""
    assert place_states() == [QueueState.CALLED]
    sweep(shop)
    assert "It is your turn" in line(second, mug)


def test_ended_places_and_their_mails_are_forgotten(shop: Shop, mug: int) -> None:
    payer, session_id = start_paying(shop, mug)
    stand_in_line(shop, mug, ADDRESS)
    shop.sandbox.pay(session_id)
    thanks(payer, session_id)
    sweep(shop)

    later(shop, days=MAILS_KEPT.days, seconds=1)
    forget_old(shop.services)

    db.session.rollback()
    assert db.session.scalars(select(QueuePlace)).all() == []
    assert db.session.scalars(select(QueueReader)).all() == []
    assert mails("sold")[0].recipient == ""


def test_claim_has_the_minutes_of_the_setting_from_when_it_is_told(shop: Shop, mug: int) -> None:
    payer, _ = start_paying(shop, mug)
    stand_in_line(shop, mug)
    payer.get("/checkout/back")
    later(shop, minutes=3)

    sweep(shop)

    place = db.session.scalars(select(QueuePlace)).one()
    assert place.claim_until == shop.clock.now() + timedelta(minutes=30)
