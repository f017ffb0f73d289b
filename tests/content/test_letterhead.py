"""What staff say of the brand is what the shop says of itself, wherever it does, at once."""

import re
from pathlib import Path

from flask import render_template

from store.database import db, writing
from store.mail.letterhead import write_letterhead
from tests.buying import a_variant, buy, deliver, mails, the_order
from tests.catalog.counting import counted_queries
from tests.pages import Page
from tests.shop import Shop, open_shop, some_settings

WORDS = {
    "name": "The Late Edition",
    "tagline": "Printed after dark",
    "legal_name": "Late Edition Pty Ltd",
    "business_number": "51 824 753 556",
    "address": "1 Press Lane, Sydney",
    "email": "letters@late.example",
    "sender": "LE Post",
    "statement": "LE POST",
    "price_note": "all taxes in",
    "return_days": "45",
}


def write(shop: Shop, **words: str) -> None:
    with shop.app.app_context(), writing():
        write_letterhead(words, shop.clock)


def test_every_page_says_so_at_once_though_it_was_remembered(shop: Shop) -> None:
    reader = shop.browser()
    a_variant(shop, handle="late-tee")
    addresses = ("/", "/products/late-tee", "/pages/terms", "/newsletter", "/cart")
    assert all("Gay Nation" in reader.get(address).text for address in addresses)

    write(shop, **WORDS)
    pages = {address: reader.get(address).text for address in addresses}

    assert all("The Late Edition" in text for text in pages.values())
    assert not [address for address, text in pages.items() if "Gay Nation" in text]
    assert "Printed after dark" in pages["/"]
    assert "LE POST" in pages["/"]
    assert "“LE Post” on the label" in pages["/products/late-tee"]
    assert "all taxes in" in pages["/products/late-tee"]
    assert "letters@late.example" in pages["/pages/terms"]
    assert "Late Edition Pty Ltd" in pages["/cart"]
    assert "51 824 753 556" in pages["/cart"]
    assert "1 Press Lane, Sydney" in pages["/cart"]


def test_whoever_tells_how_long_one_may_change_ones_mind_tells_the_same(shop: Shop) -> None:
    reader = shop.browser()
    a_variant(shop, handle="late-tee")
    addresses = ("/", "/products/late-tee", "/pages/returns", "/pages/terms")
    before = [reader.get(address).text for address in addresses]

    write(shop, return_days="45")
    after = [reader.get(address).text for address in addresses]

    assert all(re.search(r"\b30 days\b", text) for text in before)
    assert all(re.search(r"\b45 days\b", text) for text in after)
    # What a device remembers for thirty days of its own is no return window.
    assert not [text for text in after if re.search(r"\b30 days\b|Thirty days", text)]
    for address in addresses[:2]:
        publisher = Page(reader.get(address)).structured("Organization")
        assert publisher["hasMerchantReturnPolicy"]["merchantReturnDays"] == 45


def test_feeds_cards_and_frames_say_so(shop: Shop) -> None:
    reader = shop.browser()
    a_variant(shop, handle="late-tee")
    page = "http://localhost/products/late-tee"
    addresses = (
        "/feeds/products.json",
        "/feeds/products.atom",
        "/widget/v1/card.json",
        "/widget/v1/card.html",
        "/embed/products/late-tee",
        f"/oembed?url={page}",
    )
    assert all("Gay Nation" in reader.get(address).text for address in addresses)

    write(shop, **WORDS)

    silent = [one for one in addresses if "The Late Edition" not in reader.get(one).text]
    assert silent == []


def test_mails_and_the_pay_page_say_so(shop: Shop) -> None:
    write(shop, **WORDS)
    variant_id, reader = a_variant(shop), shop.browser()

    buy(shop, reader, variant_id)
    deliver(shop)

    with shop.app.app_context():
        mail = mails("orders.confirmed")[0]
        subject, text, html = mail.subject, mail.text, mail.html
        asked_of_stripe = str(the_order().session_request)
    assert subject.startswith("LE Post: ")
    assert "Late Edition Pty Ltd" in text
    assert "The Late Edition" in html
    assert "Printed after dark" in html
    assert "'LE POST'" in asked_of_stripe


def test_another_process_says_so_without_being_told(
    shop: Shop, database_url: str, tmp_path: Path
) -> None:
    other = open_shop(some_settings(tmp_path / "var", database_url), shop.clock)
    assert "Gay Nation" in other.browser().get("/").text

    write(shop, **WORDS)

    assert "The Late Edition" in other.browser().get("/").text
    assert "The Late Edition" in other.browser().get("/cart").text
    with other.app.app_context():
        db.engine.dispose()


def test_what_is_left_empty_is_as_the_environment_says(shop: Shop) -> None:
    write(shop, **WORDS)

    write(shop, name="The Late Edition", tagline="")

    page = Page(shop.browser().get("/"))
    assert page.title == "The Late Edition – The front page you can wear"
    assert "GST included" in page.text


def test_a_page_for_a_bad_day_says_it_from_memory(shop: Shop) -> None:
    write(shop, **WORDS)
    shop.browser().get("/")

    with shop.app.test_request_context("/"), counted_queries() as asked:
        text = render_template("errors/500.html", status=500, title="T", text="X", request_id="a")

    assert "The Late Edition" in text
    assert asked == []


def test_words_that_change_while_a_page_is_made_stand_on_the_next(shop: Shop) -> None:
    class Meanwhile:
        """Printed in the head of the page, before its masthead."""

        def __html__(self) -> str:
            write(shop, **WORDS)
            return "Meanwhile"

    given = {"status": 404, "title": Meanwhile(), "text": "X", "request_id": "a"}
    with shop.app.test_request_context("/"):
        render_template("errors/error.html", **given)

    text = shop.browser().get("/cart").text

    assert "The Late Edition" in text
    assert "Gay Nation" not in text
