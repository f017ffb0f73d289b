"""Staff decide what stands under stories, try it, and take it back."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store.database import writing
from store.staff.roles import Role
from tests.builders import a_product
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of

PAGE = "/staff/widget/"
STORY = {"title": "Marathon at dawn", "section": "Sport", "tags": "running"}


@pytest.fixture
def browser(shop: Shop) -> FlaskClient:
    with shop.app.app_context(), writing():
        a_product(shop.clock, handle="mug", title="Deadline Mug", tags=["coffee"])
        a_product(shop.clock, handle="socks", title="Running Socks", tags=["running"])
    return at_the_desk(shop, role=Role.EDITOR)


def sent(browser: FlaskClient, path: str, **form: object) -> TestResponse:
    return browser.post(f"{PAGE}{path}", data=form | {"csrf_token": token_of(browser, PAGE)})


def card(shop: Shop) -> list[str]:
    shop.clock.move_to(shop.clock.now())
    answer = shop.browser().get("/widget/v1/card.json", query_string=STORY)
    assert answer.json is not None
    return [product["title"] for product in answer.json["products"]]


def undo_newest(browser: FlaskClient) -> TestResponse:
    page = at_page = "/staff/changes/"
    found = re.search(r"/staff/changes/(\d+)/undo", browser.get(page).text)
    assert found
    form = {"back": at_page, "csrf_token": token_of(browser, page)}
    return browser.post(f"/staff/changes/{found[1]}/undo", data=form)


def test_a_pin_stands_first_and_is_taken_back(shop: Shop, browser: FlaskClient) -> None:
    assert card(shop)[0] == "Running Socks"

    sent(browser, "rules/pin", scope="section", key="Sport", handle="mug")
    assert card(shop)[0] == "Deadline Mug"

    owner = at_the_desk(shop)
    assert undo_newest(owner).status_code == 303
    assert card(shop)[0] == "Running Socks"


def test_a_block_holds_whatever_the_story_says(shop: Shop, browser: FlaskClient) -> None:
    sent(browser, "rules/block", scope="tag", key="Running", handle="socks")

    assert "Running Socks" not in card(shop)


def test_a_quiet_topic_of_staff_silences_its_stories(shop: Shop, browser: FlaskClient) -> None:
    sent(browser, "rules/quiet", words="Marathon at Dawn")
    assert card(shop) == []

    sent(browser, "rules/remove", rule="quiet | marathon at dawn")
    assert card(shop) != []


def test_a_synonym_finds_what_products_are_called(shop: Shop, browser: FlaskClient) -> None:
    sent(browser, "rules/synonym", word="dawn", means="coffee")

    text = browser.get(PAGE, query_string={"title": "Out before dawn"}).text

    assert "Deadline Mug" in text


def test_the_switch_silences_every_story(shop: Shop, browser: FlaskClient) -> None:
    sent(browser, "switch", silent="1")
    assert card(shop) == []

    sent(browser, "switch", silent="0")
    assert card(shop) != []


@pytest.mark.parametrize(
    ("path", "form", "words"),
    [
        ("rules/pin", {"scope": "section", "key": "Sport", "handle": "nope"}, "No product has"),
        ("rules/pin", {"scope": "article", "key": "<b>", "handle": "mug"}, "no web address"),
        ("rules/quiet", {"words": "!!!"}, "holds no word"),
        ("rules/synonym", {"word": "", "means": "coffee"}, "Fill this in first"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_stays(
    browser: FlaskClient, path: str, form: dict[str, str], words: str
) -> None:
    answer = sent(browser, path, **form)

    assert answer.status_code == 422
    assert words in answer.text
    kept = next((value for value in reversed(form.values()) if value), "")
    assert kept.replace("<", "&lt;").replace(">", "&gt;") in answer.text


@pytest.mark.parametrize("line", ["", "nonsense", "pin | moon | x | y", "quiet", "synonym | a"])
def test_a_button_that_names_no_rule_changes_nothing(browser: FlaskClient, line: str) -> None:
    assert sent(browser, "rules/remove", rule=line).status_code == 303
