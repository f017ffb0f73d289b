"""Staff say who the shop is: seen before it is saved, everywhere at once, and taken back."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store.staff.roles import Role
from tests.desk import as_read
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of

PAGE = "/staff/brand/"
WORDS = {"name": "The Late Edition", "tagline": "Printed after dark", "accent": "8A1C4F"}


def sent(browser: FlaskClient, path: str = PAGE, **form: str) -> TestResponse:
    return browser.post(path, data=form | {"csrf_token": token_of(browser, PAGE)})


def test_what_is_saved_is_what_the_shop_and_the_desk_say(shop: Shop) -> None:
    browser, reader = at_the_desk(shop, role=Role.MANAGER), shop.browser()
    assert "Gay Nation" in reader.get("/").text

    assert sent(browser, **WORDS).status_code == 303

    page = reader.get("/").text
    assert "<title>The Late Edition – Printed after dark</title>" in page
    assert "/brand/8a1c4f-" in page
    assert "· The Late Edition</title>" in browser.get(PAGE).text


def test_days_to_change_ones_mind_are_written_and_taken_back(shop: Shop) -> None:
    browser, reader = at_the_desk(shop), shop.browser()
    sent(browser, return_days="1")
    assert "1 day to change your mind" in as_read(sent(browser, preview="1", return_days="1"))
    assert "1 day on everything else" in reader.get("/pages/returns").text
    entry = re.search(r"/staff/changes/(\d+)/undo", browser.get(PAGE).text)
    assert entry

    sent(browser, f"/staff/changes/{entry[1]}/undo", back=PAGE)

    assert "30 days on everything else" in reader.get("/pages/returns").text


def test_empty_fields_say_what_stands_in_their_place(shop: Shop) -> None:
    page = as_read(at_the_desk(shop).get(PAGE))

    for words in ("Empty: Gay Nation.", "Empty: GN STORE.", "Empty: shop@example.org."):
        assert words in page
    assert "Empty: GST included." in page
    assert "Empty: 30." in page


def test_a_preview_shows_both_editions_and_saves_nothing(shop: Shop) -> None:
    browser, reader = at_the_desk(shop), shop.browser()

    page = sent(browser, preview="1", **WORDS).text
    fragment = sent(browser, f"{PAGE}preview", **WORDS).text

    for markup in (page, fragment):
        assert markup.count("Printed after dark") >= 2
        assert "brand_sheet--night" in markup
        assert "/brand/8a1c4f-" in markup
        assert "to 1 by day" in markup
    assert "Gay Nation" in reader.get("/").text


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("accent", "#ffee00", "Words in it could not be read: 1.0 to 1"),
        ("accent_night", "#331122", "would do."),
        ("accent", "mauve", "six figures behind a hash"),
        ("email", "letters", "That is no e-mail address."),
        ("statement", "GN*STORE", "5 to 22 letters"),
        ("statement", "GN", "5 to 22 letters"),
        ("name", "x" * 61, "Keep it under 60 characters."),
        ("return_days", "a month", "Write a whole number of days from 1 to 365."),
        ("return_days", "0", "Write a whole number of days from 1 to 365."),
        ("return_days", "366", "Write a whole number of days from 1 to 365."),
        ("return_days", "9" * 5000, "Write a whole number of days from 1 to 365."),
    ],
)
def test_what_cannot_stand_is_said_beside_its_field_and_kept(
    shop: Shop, name: str, typed: str, said: str
) -> None:
    browser = at_the_desk(shop)

    answer = sent(browser, **{name: typed, "tagline": "Words <kept>"})

    assert answer.status_code == 422
    assert said in as_read(answer)
    assert "Words &lt;kept&gt;" in answer.text
    assert re.search(rf'id="{name}"[^>]*value="#?{re.escape(typed)}"', answer.text)
    assert "Words" not in shop.browser().get("/").text


def test_a_colour_that_cannot_be_read_is_said_while_it_is_typed(shop: Shop) -> None:
    fragment = sent(at_the_desk(shop), f"{PAGE}preview", accent="#ffee00")

    assert fragment.status_code == 200
    assert "could not be read" in fragment.text
    assert "/brand/" not in fragment.text


def test_the_colour_that_is_proposed_would_do(shop: Shop) -> None:
    browser = at_the_desk(shop)
    proposed = re.search(r"(#[0-9a-f]{6}) would do", sent(browser, accent="#ffee00").text)
    assert proposed

    assert sent(browser, accent=proposed[1]).status_code == 303


def test_a_sender_that_tells_who_the_shop_is_is_pointed_out(shop: Shop) -> None:
    browser = at_the_desk(shop)

    page = as_read(sent(browser, preview="1", sender="Gay Nation Store"))

    assert "“Gay Nation” tells whoever sees it who the shop is." in page
    assert "tells whoever" not in as_read(browser.get(PAGE))


def test_no_line_breaks_out_of_a_head(shop: Shop) -> None:
    browser = at_the_desk(shop)

    sent(browser, sender="GN\r\nBcc: everyone@example.org", name="A\u2028B\u200bC")

    page = browser.get(PAGE).text
    assert 'value="GN Bcc: everyone@example.org"' in page
    assert 'value="A B C"' in page


def test_markup_in_a_name_is_words(shop: Shop) -> None:
    browser = at_the_desk(shop)

    sent(browser, name="<script>alert(1)</script>")

    assert "<script>alert" not in shop.browser().get("/").text
    assert "<script>alert" not in browser.get(PAGE).text


def test_a_change_is_written_down_and_taken_back(shop: Shop) -> None:
    browser, reader = at_the_desk(shop), shop.browser()
    sent(browser, name="First")
    sent(browser, name="Second", tagline="Kept")
    page = browser.get(PAGE).text
    assert "<del>First</del>" in re.sub(r"\s*\n\s*", "", page)
    entry = re.search(r"/staff/changes/(\d+)/undo", page)
    assert entry

    sent(browser, f"/staff/changes/{entry[1]}/undo", back=PAGE)

    assert "<title>First – The front page you can wear</title>" in reader.get("/").text


def test_what_was_changed_since_is_not_taken_back(shop: Shop) -> None:
    browser = at_the_desk(shop)
    sent(browser, name="First")
    entry = re.search(r"/staff/changes/(\d+)/undo", browser.get(PAGE).text)
    assert entry
    sent(browser, name="Second")

    answer = sent(browser, f"/staff/changes/{entry[1]}/undo", back=PAGE)

    assert answer.status_code == 409
    assert "Second" in shop.browser().get("/").text


def test_only_who_may_change_settings_comes_in(shop: Shop) -> None:
    assert at_the_desk(shop, role=Role.EDITOR).get(PAGE).status_code == 403
