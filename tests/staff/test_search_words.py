"""Staff say which words mean the same to whoever searches, try it, and take it back."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store.catalog.synonyms import add_synonyms
from store.database import writing
from store.staff.roles import Role
from tests.builders import a_product
from tests.pages import Page
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of

PAGE = "/staff/search/"
LINE = "esky, cool box"


@pytest.fixture
def browser(shop: Shop) -> FlaskClient:
    with shop.app.app_context(), writing():
        a_product(shop.clock, title="Cool box for a beach")
        a_product(shop.clock, title="Press cap", product_type="Cap")
    return at_the_desk(shop, role=Role.EDITOR)


def sent(browser: FlaskClient, path: str = "", **form: str) -> TestResponse:
    return browser.post(f"{PAGE}{path}", data=form | {"csrf_token": token_of(browser, PAGE)})


def finds(shop: Shop, words: str) -> bool:
    shop.clock.move_to(shop.clock.now())
    found = shop.browser().get("/products/suggest", query_string={"q": words}).text
    return "Cool box for a beach" in found


def undo_newest(browser: FlaskClient) -> TestResponse:
    page = "/staff/changes/"
    found = re.search(r"/staff/changes/(\d+)/undo", browser.get(page).text)
    assert found
    form = {"back": page, "csrf_token": token_of(browser, page)}
    return browser.post(f"/staff/changes/{found[1]}/undo", data=form)


def test_a_line_lets_readers_find_and_is_taken_back(shop: Shop, browser: FlaskClient) -> None:
    assert not finds(shop, "esky")

    sent(browser, words="Esky,  Cool box")
    assert finds(shop, "esky")

    undo_newest(at_the_desk(shop))
    assert not finds(shop, "esky")


def test_a_line_that_was_removed_comes_back(shop: Shop, browser: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        add_synonyms(LINE)

    sent(browser, "remove", line=LINE)
    assert not finds(shop, "esky")

    undo_newest(at_the_desk(shop))
    assert finds(shop, "esky")


def test_a_search_that_is_tried_says_by_what_it_finds(shop: Shop, browser: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        add_synonyms(LINE)

    found = {q: Page(browser.get(PAGE, query_string={"q": q})).text for q in ("esky", "cap", "czp")}

    assert "“esky” also finds what is called cool box." in found["esky"]
    assert "Cool box for a beach words that mean the same" in found["esky"]
    assert "Press cap the words themselves" in found["cap"]
    assert "Readers are shown what “cap” finds" in found["czp"]
    assert "Press cap a near spelling" in found["czp"]


def test_whoever_added_a_line_sees_at_once_what_it_finds(browser: FlaskClient) -> None:
    answer = sent(browser, words=LINE)

    assert answer.headers["Location"] == f"{PAGE}?q=esky#try"


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("", "Fill this in first"),
        ("esky", "Name two things or more"),
        ("T-shirts, t shirt", "Name two things or more"),
        ("esky, a box that keeps cool", "Name two things or more"),
        ("tank, " * 90, "too long"),
        ("cool bag, icebox", "stands already"),
    ],
)
def test_what_is_no_line_is_said_beside_the_field_and_stays(
    shop: Shop, browser: FlaskClient, words: str, refusal: str
) -> None:
    with shop.app.app_context(), writing():
        add_synonyms("cool bag, icebox")

    answer = sent(browser, words=words)

    page = Page(answer)
    field = page.named("input", "words")
    assert answer.status_code == 422
    assert field["value"] == words
    assert field["aria-invalid"] == "true"
    assert refusal in page.text


def test_a_line_that_somebody_else_removed_is_no_fault(browser: FlaskClient) -> None:
    assert sent(browser, "remove", line="never, was").status_code == 303


@pytest.mark.parametrize("query", ["", " ", "?!", "x" * 500])
def test_a_search_for_nothing_is_no_fault(browser: FlaskClient, query: str) -> None:
    assert browser.get(PAGE, query_string={"q": query}).status_code == 200
