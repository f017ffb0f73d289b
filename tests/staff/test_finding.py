"""One line finds whatever somebody may go to or do, and nothing that she may not."""

import re

from flask.testing import FlaskClient

from store.database import writing
from store.staff.roles import Role
from tests.builders import a_product
from tests.buying import a_variant, buy, thanks, the_order
from tests.shop import Shop
from tests.staffing import at_the_desk


def hits(browser: FlaskClient, typed: str) -> dict[str, str]:
    """Return what the palette offers for these words: titles, and where each leads."""
    answer = browser.get("/staff/find", query_string={"q": typed}, headers={"X-Fragment": "hits"})
    assert answer.headers["X-Fragment"] == "hits"
    found = re.findall(r'role="option".*?href="([^"]+)"><span>(.*?)</span>', answer.text, re.DOTALL)
    return {title: path for path, title in found}


def test_acts_and_sections_are_found_by_the_beginnings_of_words(shop: Shop) -> None:
    browser = at_the_desk(shop)

    assert hits(browser, "rec del") == {"Receive a delivery": "/staff/stock/delivery"}
    assert hits(browser, "ship")["Shipping"] == "/staff/shipping/"
    assert hits(browser, "holiday") == {"Close or open the shop": "/staff/shop/#closing"}


def test_nobody_is_offered_what_her_role_may_not_do(shop: Shop) -> None:
    everything = hits(at_the_desk(shop), "")
    offered = hits(at_the_desk(shop, role=Role.FULFILMENT), "")

    assert "Receive a delivery" in offered
    assert {"New product", "Close or open the shop", "Reports"} <= set(everything) - set(offered)


def test_products_are_found_by_title_and_sku_whether_public_or_not(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock, title="Off the Record tee")
        path, sku = f"/staff/products/{tee.id}", tee.variants[0].sku or ""
    browser = at_the_desk(shop, role=Role.EDITOR)

    assert hits(browser, "record") == hits(browser, sku.lower()) == {"Off the Record tee": path}


def test_orders_are_found_by_number_and_address_by_those_who_may_see_them(shop: Shop) -> None:
    reader = shop.browser()
    thanks(reader, buy(shop, reader, a_variant(shop)))
    with shop.app.app_context():
        order = the_order()
        number, email = order.number, order.email
    packer, editor = at_the_desk(shop, role=Role.FULFILMENT), at_the_desk(shop, role=Role.EDITOR)

    for typed in (number, number.lower()[:7], number.replace("-", ""), email[:6].upper()):
        assert hits(packer, typed) == {number: f"/staff/orders/{number}"}
        assert hits(editor, typed) == {}


def test_signs_are_words_like_any_other(shop: Shop) -> None:
    browser = at_the_desk(shop)

    for typed in ("%", "_", "%%", "'", '"', "\\", "*", "(", "<b>", "OR 1=1", "x" * 500, "🦘"):
        assert browser.get("/staff/find", query_string={"q": typed}).status_code == 200
    assert hits(browser, "%%") == {}


def test_without_a_script_the_finds_are_a_page(shop: Shop) -> None:
    page = at_the_desk(shop).get("/staff/find?q=delivery").text

    assert '<a href="/staff/stock/delivery">Receive a delivery</a>' in page
    assert 'name="q"' in page
    assert 'value="delivery"' in page
