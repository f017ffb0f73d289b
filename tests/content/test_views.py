"""The front page, the text pages and the frame around them."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from store.content.defaults import SLUGS
from store.content.models import Announcement, HomeSection, SectionKind
from store.content.models import Page as TextPage
from store.database import db, writing
from tests.builders import a_collection, a_product
from tests.pages import Page
from tests.shop import Shop


def test_empty_shop_has_a_front_page(reader: FlaskClient) -> None:
    page = Page(reader.get("/"))

    assert page.status == 200
    assert page.title == "Gay Nation – The front page you can wear"
    assert page.canonical == "http://localhost/"
    assert len(page.all("h1")) == 1
    assert "The presses are still" in page.text


def test_front_page_says_which_edition_it_is(reader: FlaskClient) -> None:
    page = Page(reader.get("/"))

    assert page.all("time", datetime="2026-11-22")
    assert "Sunday 22 November 2026" in page.text
    assert "Sydney" in page.text
    assert "Free shipping from $120" in page.text


def test_newest_product_leads_where_nobody_planned(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock, title="Night Desk hoodie", body="Made late.\n\nAnd warm.")
        a_collection(shop.clock, [tee], title="Night Desk")

    page = Page(reader.get("/"))

    assert "Night Desk hoodie" in page.text
    assert "Made late." in page.text
    assert "All of Night Desk" in page.text


def test_planned_headline_leads(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        old = a_product(shop.clock, title="Old faithful")
        a_product(shop.clock, title="Newcomer")
        db.session.add(
            HomeSection(
                position=1,
                kind=SectionKind.LEAD,
                headline="Wear it till it fades",
                standfirst="Then wear it to bed.",
                product_id=old.id,
            )
        )

    page = Page(reader.get("/"))

    assert "Wear it till it fades" in page.text
    assert "Then wear it to bed." in page.text


def test_what_is_new_stands_where_staff_put_it(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        goods = [a_product(shop.clock, title=f"Thing {n}") for n in range(8)]
        sections = [a_collection(shop.clock, goods, title=title) for title in ("First", "Second")]
        for position, section in enumerate(sections):
            db.session.add(
                HomeSection(
                    position=position * 2, kind=SectionKind.COLLECTION, collection_id=section.id
                )
            )
        db.session.add(HomeSection(position=1, kind=SectionKind.ARRIVALS, headline="Late news"))

    page = Page(reader.get("/"))

    text = page.text
    assert text.index("All of First") < text.index("Late news") < text.index("All of Second")


def test_section_that_staff_hid_leaves_the_front_page(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock)
        hidden = a_collection(shop.clock, [tee], title="Stolen Goods")
        hidden.is_published = False
        db.session.add(
            HomeSection(position=1, kind=SectionKind.COLLECTION, collection_id=hidden.id)
        )

    page = Page(reader.get("/"))

    assert page.status == 200
    assert "Stolen Goods" not in page.text


def test_only_the_active_announcement_is_shown(shop: Shop, reader: FlaskClient) -> None:
    now = shop.clock.now()
    with shop.app.app_context(), writing():
        db.session.add(Announcement(text="Mardi Gras orders close Friday", updated_at=now))
        db.session.add(Announcement(text="Old news", is_active=False, updated_at=now))

    page = Page(reader.get("/products"))

    assert "Mardi Gras orders close Friday" in page.text
    assert "Old news" not in page.text


@pytest.mark.parametrize("slug", SLUGS)
def test_text_page_ships_whole(reader: FlaskClient, slug: str) -> None:
    page = Page(reader.get(f"/pages/{slug}"))

    assert page.status == 200
    assert page.canonical == f"http://localhost/pages/{slug}"
    assert len(page.all("h1")) == 1
    assert page.meta("description")
    assert "{{" not in page.text
    assert "!" not in page.text


def test_returns_page_holds_what_the_law_wants(reader: FlaskClient) -> None:
    text = Page(reader.get("/pages/returns")).text

    assert "guarantees that cannot be excluded under the Australian Consumer Law" in text
    assert "30 days" in text


def test_privacy_page_names_the_settings_of_this_shop(reader: FlaskClient) -> None:
    text = Page(reader.get("/pages/privacy")).text

    assert "GN Store" in text
    assert "GN STORE" in text
    assert "Office of the Australian Information Commissioner" in text


def test_shipping_page_shows_the_rates_of_the_cart(reader: FlaskClient) -> None:
    text = Page(reader.get("/pages/shipping")).text

    assert "Australia $8.95 $120.00" in text


def test_page_of_staff_stands_in_for_the_one_that_ships(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        db.session.add(
            TextPage(
                slug="about",
                title="About {{ brand }}",
                body="Hello.\n\n<script>alert(1)</script>",
                updated_at=shop.clock.now(),
            )
        )

    page = Page(reader.get("/pages/about"))

    assert page.title == "About Gay Nation – Gay Nation"
    assert page.meta("description") == "Hello."
    assert "alert(1)" not in page.source


def test_unknown_text_page_is_not_found(reader: FlaskClient) -> None:
    page = Page(reader.get("/pages/horoscope"))

    assert page.status == 404
    assert len(page.all("h1")) == 1


def test_whoever_finds_a_weakness_is_told_whom_to_write_to(shop: Shop, reader: FlaskClient) -> None:
    told = reader.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in told.text.splitlines())
    expires = datetime.fromisoformat(fields["Expires"])

    assert told.mimetype == "text/plain"
    assert fields["Contact"] == f"mailto:{shop.services.settings.mail_from}"
    assert fields["Canonical"] == "http://localhost/.well-known/security.txt"
    assert timedelta() < expires - shop.clock.now() < timedelta(days=365)
