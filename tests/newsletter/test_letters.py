"""What a campaign says to its readers, in both parts of the mail."""

import re

import pytest
from flask import Flask

from store.catalog.models import ProductStatus
from store.database import db, writing
from store.newsletter.campaigns.checking import Refused
from store.newsletter.campaigns.letters import (
    LEAVE_LINK,
    PREFERENCES_LINK,
    Letter,
    UnfinishedLetterError,
    addressed,
    draft_of,
    letter_of,
)
from store.newsletter.campaigns.models import Campaign
from tests.builders import a_product, aud
from tests.campaigns import a_campaign
from tests.shop import Shop

CARD = "[[product:late-mug]]"


@pytest.fixture
def mug(app: Flask, shop: Shop) -> str:
    with writing():
        a_product(shop.clock, handle="late-mug", title="Late mug", price=aud(24))
    return "late-mug"


def written(shop: Shop, body: str, **given: str) -> Letter:
    with writing():
        number = a_campaign(shop.clock, body=body, **given).id
    return letter_of(db.session.get_one(Campaign, number), shop.services)


def refused(shop: Shop, body: str, **given: str) -> list[tuple[str, str]]:
    with pytest.raises(UnfinishedLetterError) as error:
        written(shop, body, **given)
    return [(fault.field, fault.why) for fault in error.value.faults]


def test_both_parts_say_the_same(app: Flask, shop: Shop) -> None:
    letter = written(
        shop, "# Hello\n\nA [page](/pages/about) and\n\n- one\n- two\n\n> quoted\n\n---\n\nBye"
    )

    assert letter.subject == "Something new this week"
    assert "Hello\n=====" in letter.text
    assert "A page (http://localhost/pages/about?campaign=1) and\n\n- one\n- two" in letter.text
    assert "> quoted" in letter.text
    assert re.search(r"<h1[^>]*>Hello</h1>", letter.html)
    assert re.search(r'href="http://localhost/pages/about\?campaign=1"[^>]*>page</a>', letter.html)


def test_card_says_title_price_and_way(app: Flask, shop: Shop, mug: str) -> None:
    letter = written(shop, f"Look:\n\n{CARD}\n\nNice.")

    assert "Late mug\n$24.00\nhttp://localhost/products/late-mug?campaign=1" in letter.text
    assert letter.html.count("http://localhost/products/late-mug?campaign=1") == 2
    assert "$24.00" in letter.html
    assert "[[" not in letter.html + letter.text


def test_each_reader_gets_links_of_her_own(app: Flask, shop: Shop) -> None:
    letter = written(shop, "Hello")

    hers = addressed(letter, "http://localhost/leave?a=1&b=2", "http://localhost/prefer")

    assert letter.html.count(LEAVE_LINK) == letter.text.count(LEAVE_LINK) == 1
    assert 'href="http://localhost/leave?a=1&amp;b=2"' in hers.html
    assert "\nhttp://localhost/leave?a=1&b=2\n" in hers.text
    for part in (hers.html, hers.text):
        assert "http://localhost/prefer" in part
        assert LEAVE_LINK not in part
        assert PREFERENCES_LINK not in part


def test_preview_line_address_and_reason_stand_in_the_mail(app: Flask, shop: Shop) -> None:
    letter = written(shop, "Hello", slug="spring")

    assert re.search(r'class="preview"[^>]*>Two things and a thought', letter.html)
    for part in (letter.html, letter.text):
        assert "Gay Nation" in part
        assert "because you asked for our mails" in part
        assert "http://localhost/newsletter/archive/spring" in part


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", Refused.NO_BODY),
        ("<b>bold</b>", Refused.MARKUP),
        ("<script>alert(1)</script>", Refused.MARKUP),
        ("![a cat](https://example.org/cat.png)", Refused.PICTURE),
        ("|a|b|\n|-|-|\n|1|2|", Refused.TABLE),
        ("[x](javascript:alert(1))", Refused.LINK),
        ("[x](http://example.org/)", Refused.LINK),
        ("[x](products/mug)", Refused.LINK),
        ("[x](//example.org/)", Refused.LINK),
        ("[x]()", Refused.LINK),
        ("Dear {{ first_name }}", Refused.NAME),
        ("{{leave}}", Refused.NAME),
        ("[[product:nothing-of-ours]]", Refused.UNKNOWN_PRODUCT),
        ("See [[product:late-mug]] here", Refused.CARD_IN_A_LINE),
        ("Bell \x07", Refused.CONTROL),
    ],
)
def test_what_no_mail_may_say_is_refused(
    app: Flask, shop: Shop, mug: str, body: str, why: Refused
) -> None:
    assert refused(shop, body) == [("body", why)]


def test_subject_is_one_line_and_finished(app: Flask, shop: Shop) -> None:
    assert refused(shop, "Hello", subject=" ") == [("subject", Refused.NO_SUBJECT)]
    assert refused(shop, "Hello", subject="A\nB") == [("subject", Refused.CONTROL)]
    assert refused(shop, "Hello", subject="{{ name }}") == [("subject", Refused.NAME)]


def test_product_that_was_withdrawn_is_left_out_and_named(app: Flask, shop: Shop) -> None:
    with writing():
        a_product(shop.clock, handle="late-mug", status=ProductStatus.DRAFT)
        campaign = a_campaign(shop.clock, body=f"Hello\n\n{CARD}")

    with pytest.raises(UnfinishedLetterError) as error:
        letter_of(campaign, shop.services)

    assert [fault.what for fault in error.value.faults] == ["late-mug"]
    assert "late-mug" not in draft_of(campaign, shop.services).html
