"""Promises to readers who wait for what is sold out, and to those who never asked."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.catalog.models import Variant
from store.database import db, writing
from store.keyed import email_hash_of
from store.mail.letterhead import write_letterhead
from store.mail.wording import Wording, write_wording
from store.newsletter.back_in_stock.asking import MOST_OF_ONE_ADDRESS
from store.newsletter.back_in_stock.mail_words import READER_MAILS
from store.newsletter.back_in_stock.telling import tell_who_waits
from store.newsletter.back_in_stock.wording import WORDING
from store.newsletter.limits import MOST_OF_ONE_NETWORK
from store.newsletter.models import ConsentEntry, Subscriber, SuppressionReason
from store.newsletter.subscribing import suppress
from tests.builders import a_product
from tests.catalog.counting import counted_queries
from tests.newsletter.busy_hour import sign_up_patiently
from tests.newsletter.signing_up import SAME_SITE, join, mails, post
from tests.newsletter.waiting import (
    ADDRESS,
    FAR_AWAY,
    asked,
    bring_back,
    kinds,
    ledger,
    newest_link,
    run_jobs,
    states,
    told,
    wait,
)
from tests.pages import Page
from tests.shop import Shop
from tests.staffing import at_the_desk


def test_sold_out_page_asks_and_one_in_stock_does_not(shop: Shop, variant: int) -> None:
    with writing():
        a_product(shop.clock, handle="tee")

    mug = Page(shop.browser().get("/products/mug"))
    tee = Page(shop.browser().get("/products/tee"))

    assert mug.all("input", name="variant_id", value=str(variant), type="hidden")
    assert mug.all("form", action="/back-in-stock")
    assert not tee.all("form", action="/back-in-stock")


def test_she_is_asked_first_and_told_once(shop: Shop, variant: int) -> None:
    asked(shop, variant)
    assert (states(), kinds()) == (["pending"], ["back_in_stock.invitation"])
    bring_back(shop, variant)
    assert tell_who_waits(shop.services) == 0

    answer = post(shop, newest_link("confirm"))
    tell_who_waits(shop.services)
    tell_who_waits(shop.services)

    assert "We will let you know" in answer.text
    assert told() == [ADDRESS]
    assert ledger() == [("back_in_stock", "asked"), ("back_in_stock", "confirmed")]


def test_mail_leads_to_the_very_variant_under_a_subject_that_says_nothing(
    shop: Shop, variant: int
) -> None:
    wait(shop, variant)
    bring_back(shop, variant)

    tell_who_waits(shop.services)

    mail = mails()[-1]
    assert f"http://localhost/products/mug?variant={variant}" in mail.text
    assert "Late mug" in mail.text
    assert "mug" not in mail.subject.lower()


def test_mails_speak_in_the_name_and_in_the_words_that_staff_wrote(
    shop: Shop, variant: int
) -> None:
    with writing():
        write_letterhead({"sender": "LE Post", "legal_name": "Late Pty Ltd"}, shop.clock)
        for one in READER_MAILS:
            write_wording(one, Wording("{{ sender }}, briefly", "*Dear* reader", ""), shop.clock)
    wait(shop, variant)
    bring_back(shop, variant)
    tell_who_waits(shop.services)

    assert kinds() == ["back_in_stock.invitation", "back_in_stock.back"]
    for mail in mails():
        assert mail.subject == "LE Post, briefly"
        for part in (mail.text, mail.html):
            assert "Late Pty Ltd" in part
            assert "Late mug" in part
            assert "Somebody" not in part.partition("You are reading")[0]
        assert "Dear reader" in mail.text
        assert "Dear</em> reader" in mail.html
    assert f"http://localhost/products/mug?variant={variant}" in mails()[-1].text
    assert "/back-in-stock/leave/" in mails()[-1].text


def test_ledger_names_what_she_agreed_to(shop: Shop, variant: int) -> None:
    asked(shop, variant, wording=WORDING)

    entry = db.session.scalars(select(ConsentEntry)).one()
    assert (entry.purpose, entry.wording_version, entry.source) == (
        "back_in_stock",
        WORDING,
        "product",
    )


def test_asking_puts_nobody_on_the_newsletter(shop: Shop, variant: int) -> None:
    wait(shop, variant)

    assert db.session.scalars(select(Subscriber)).all() == []


def test_address_that_was_confirmed_is_not_asked_again(shop: Shop, variant: int) -> None:
    join(shop, ADDRESS)

    asked(shop, variant)

    assert states() == ["waiting"]
    assert kinds() == ["newsletter.invitation", "newsletter.welcome"]


def test_one_mail_confirms_everything_that_was_asked_for(shop: Shop, variant: int) -> None:
    with writing():
        cap = a_product(shop.clock, title="Late cap", stock=0).variants[0].id
    asked(shop, variant)
    asked(shop, cap)
    assert kinds() == ["back_in_stock.invitation"]

    page = shop.browser().get(newest_link("confirm"))
    post(shop, newest_link("confirm"))

    assert "Late cap" in page.text
    assert states() == ["waiting", "waiting"]


@pytest.mark.parametrize("known", ["nobody", "waiting", "on the list", "suppressed"])
def test_every_address_gets_the_same_answer(shop: Shop, variant: int, known: str) -> None:
    if known == "waiting":
        wait(shop, variant)
    if known == "on the list":
        join(shop, ADDRESS)
    if known == "suppressed":
        with writing():
            suppress(
                email_hash_of(ADDRESS, shop.services.settings),
                SuppressionReason.COMPLAINED,
                shop.clock,
            )
    with counted_queries() as statements:
        answer = shop.browser().post(
            "/back-in-stock", data={"variant_id": variant, "email": ADDRESS}, headers=SAME_SITE
        )

    assert answer.status_code == 303
    assert answer.location == f"/back-in-stock?asked=1&variant={variant}"
    assert not [one for one in statements if "stock_request" in one or "subscriber" in one]


def test_who_is_written_to_no_more_is_not_told(shop: Shop, variant: int) -> None:
    wait(shop, variant)
    with writing():
        suppress(
            email_hash_of(ADDRESS, shop.services.settings), SuppressionReason.BOUNCED, shop.clock
        )
    bring_back(shop, variant)

    assert tell_who_waits(shop.services) == 0


@pytest.mark.parametrize("email", ["", "no address", "a@b", "x" * 5_000, "a@example.org\r\nBcc: b"])
def test_what_is_no_address_is_said_where_it_was_typed(
    shop: Shop, variant: int, email: str
) -> None:
    answer = asked(shop, variant, email)

    assert answer.status_code == 422
    assert "That is no e-mail address" in answer.text
    assert Page(answer).all("input", name="variant_id", value=str(variant))


@pytest.mark.parametrize("given", ["", "0", "-1", "²", "9" * 30, "1; drop", "999999"])
def test_variant_that_is_none_leaves_nothing(app: Flask, shop: Shop, given: str) -> None:
    answer = shop.browser().post(
        "/back-in-stock", data={"variant_id": given, "email": ADDRESS}, headers=SAME_SITE
    )
    run_jobs(shop)

    assert answer.status_code == 303
    assert (states(), kinds()) == ([], [])
    assert shop.browser().get(answer.location).status_code == 200


def test_robots_are_answered_and_not_noted(shop: Shop, variant: int) -> None:
    answer = asked(shop, variant, website="https://spam.example")

    assert answer.status_code == 303
    assert states() == []


def test_asking_shares_the_limits_of_signing_up(shop: Shop, variant: int) -> None:
    for number in range(MOST_OF_ONE_NETWORK):
        assert sign_up_patiently(shop, f"r{number}@gmail.com").status_code == 303

    answer = shop.browser().post(
        "/back-in-stock",
        data={"variant_id": variant, "email": ADDRESS},
        headers=SAME_SITE,
        environ_overrides=FAR_AWAY,
    )

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.slow
def test_one_address_cannot_fill_the_book(app: Flask, shop: Shop) -> None:
    with writing():
        goods = [a_product(shop.clock, stock=0) for _ in range(MOST_OF_ONE_ADDRESS + 1)]
        ids = [product.variants[0].id for product in goods]
    for one in ids:
        asked(shop, one)

    assert len(states()) == MOST_OF_ONE_ADDRESS
    assert kinds() == ["back_in_stock.invitation"]


def test_mailbox_is_not_flooded(shop: Shop, variant: int) -> None:
    for _ in range(6):
        asked(shop, variant)
        shop.clock.move_to(shop.clock.now() + timedelta(hours=13))

    assert kinds() == ["back_in_stock.invitation"] * 3


def test_form_works_for_whoever_comes_by_its_address(reader: FlaskClient, variant: int) -> None:
    page = Page(reader.get(f"/back-in-stock?variant={variant}"))

    assert "Late mug" in page.text
    assert page.all("form", action="/back-in-stock")
    assert page.meta("robots") == "noindex"


def test_staff_see_how_many_wait_and_not_who(shop: Shop, variant: int) -> None:
    wait(shop, variant, "ada@example.org")
    wait(shop, variant, "bea@example.org")
    asked(shop, variant, "cyd@example.org")
    product_id = db.session.get_one(Variant, variant).product_id

    page = at_the_desk(shop).get(f"/staff/products/{product_id}").text

    assert "2 readers wait for it" in page
    assert "ada@" not in page


def test_staff_see_beside_each_shelf_how_many_wait(shop: Shop, variant: int) -> None:
    with writing():
        other = a_product(shop.clock, title="Other mug", stock=0).variants[0].id
    wait(shop, variant, "one@example.org")
    wait(shop, variant, "two@example.net")
    asked(shop, variant, "never.confirmed@example.com")
    staff = at_the_desk(shop)

    pages = [Page(staff.get(f"/staff/stock/{path}")).text for path in ("", variant, other)]

    assert ["2 readers wait" in page for page in pages] == [True, True, False]
    assert (pages[0].count("readers wait"), pages[0].count("reader waits")) == (1, 0)
