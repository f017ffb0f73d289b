"""However a product comes to be another one, the collections with rules follow it."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from store.catalog.models import Matching, RuleField, RuleRelation
from store.catalog.rules import Rule
from store.database import writing
from store.staff.audit import Actor
from store.staff.collection_values import CollectionWanted
from store.staff.collections import make_collection
from tests.catalog.importing import run_import
from tests.shop import Shop
from tests.staff.files import HEADER, a_row, press, uploaded
from tests.staff.product_forms import opened, sent, typed_into, undo_newest
from tests.staff.tees import a_tee, page_of
from tests.staffing import at_the_desk, token_of

CHEAP = Rule(RuleField.PRICE, RuleRelation.AT_MOST, "2000")
ON_SALE = Rule(RuleField.TAG, RuleRelation.IS, "sale")


@pytest.fixture
def bargains(shop: Shop) -> Shop:
    """A shop with a section of what costs twenty dollars at most or bears the tag of the sale."""
    words = {"title": "Bargains", "handle": "bargains", "standfirst": "", "body": "", "hue": "red"}
    claims = {"position": 1, "is_featured": False, "is_published": True}
    wanted = CollectionWanted(words | claims, Matching.ANY, (CHEAP, ON_SALE), ())
    with shop.app.app_context(), writing():
        make_collection(wanted, actor=Actor(None, "a test"), services=shop.services)
    return shop


def is_a_bargain(shop: Shop) -> bool:
    return "Late Edition tee" in shop.browser().get("/collections/bargains").text


def acted(browser: FlaskClient, act: str, product_id: int, **about: str) -> None:
    token = token_of(browser, "/staff/products/")
    form = {"act": act, "product": product_id, "csrf_token": token, **about}
    assert browser.post("/staff/products/acts", data=form).status_code == 303


def test_a_price_typed_in_the_editor_and_taken_back(bargains: Shop) -> None:
    number, browser = a_tee(bargains, options={}), at_the_desk(bargains)
    page = page_of(number)
    assert not is_a_bargain(bargains)

    sent(browser, page, typed_into(opened(browser, page), "price", "20"))
    assert is_a_bargain(bargains)

    undo_newest(browser, page)
    assert not is_a_bargain(bargains)


def test_a_tag_put_on_many_at_once_and_taken_back(bargains: Shop) -> None:
    number, browser = a_tee(bargains), at_the_desk(bargains)

    acted(browser, "tag", number, tag="Sale")
    assert is_a_bargain(bargains)
    undo_newest(browser, page_of(number))
    assert not is_a_bargain(bargains)

    acted(browser, "tag", number, tag="sale")
    acted(browser, "untag", number, tag="SALE")
    assert not is_a_bargain(bargains)


def test_a_file_in_the_browser_and_its_undo(bargains: Shop) -> None:
    a_tee(bargains, options={})
    browser = at_the_desk(bargains)
    row = a_row("tee", title="Late Edition tee", price="19", units=10)

    page = uploaded(bargains, browser, HEADER + row)
    assert not is_a_bargain(bargains)
    press(bargains, browser, page, "confirm")
    assert is_a_bargain(bargains)

    press(bargains, browser, page, "undo")
    assert not is_a_bargain(bargains)


def test_a_file_from_the_command_line(bargains: Shop, tmp_path: Path) -> None:
    a_tee(bargains, options={})
    file = tmp_path / "products.csv"
    file.write_text(HEADER + a_row("tee", title="Late Edition tee", price="19", units=10))

    assert run_import(bargains, file).exit_code == 0

    assert is_a_bargain(bargains)


def test_a_copy_is_where_its_original_is(bargains: Shop) -> None:
    number, browser = a_tee(bargains), at_the_desk(bargains)
    acted(browser, "tag", number, tag="sale")
    token = token_of(browser, page_of(number))

    answer = browser.post(f"{page_of(number)}/copies", data={"csrf_token": token})

    acted(browser, "publish", int(answer.headers["Location"].rpartition("/")[2]))
    assert "Late Edition tee, a copy" in bargains.browser().get("/collections/bargains").text
