"""Size charts are written once, and every product that is cut alike shows them."""

import pytest

from store.catalog.models import SizeChart
from store.database import db, writing
from tests.builders import a_product
from tests.shop import Shop
from tests.staff.product_forms import opened, sent
from tests.staffing import at_the_desk, token_of

NEW = "/staff/size-charts/new"
TABLE = "| Size | Chest |\n| --- | --- |\n| S | 96 |\n\n<script>alert(1)</script>"


def a_chart(shop: Shop, name: str = "Heavy tees") -> int:
    browser = at_the_desk(shop)
    form = {"name": name, "body": TABLE, "csrf_token": token_of(browser, NEW)}
    assert browser.post(NEW, data=form).status_code == 303
    with shop.app.app_context():
        return db.session.query(SizeChart).filter_by(name=name).one().id


def test_a_product_shows_its_chart_and_loses_it_with_the_chart(shop: Shop) -> None:
    chart, browser = a_chart(shop), at_the_desk(shop)
    with shop.app.app_context(), writing():
        page = f"/staff/products/{a_product(shop.clock, handle='tee').id}"

    assert sent(browser, page, opened(browser, page), size_chart="Heavy tees").status_code == 303
    shown = shop.browser().get("/products/tee").text
    assert "<td>96</td>" in shown
    assert "<script>alert" not in shown
    assert opened(browser, page)["size_chart"] == "Heavy tees"

    form = {"csrf_token": token_of(browser, NEW)}
    browser.post(f"/staff/size-charts/{chart}/delete", data=form)
    assert "Size chart" not in shop.browser().get("/products/tee").text


def test_a_chart_that_changes_is_another_on_every_page(shop: Shop) -> None:
    chart, browser = a_chart(shop), at_the_desk(shop)
    with shop.app.app_context(), writing():
        page = f"/staff/products/{a_product(shop.clock, handle='tee').id}"
    sent(browser, page, opened(browser, page), size_chart="Heavy tees")
    assert "<td>96</td>" in shop.browser().get("/products/tee").text

    address = f"/staff/size-charts/{chart}"
    form = {"name": "Heavy tees", "body": TABLE.replace("96", "99")}
    browser.post(address, data=form | {"csrf_token": token_of(browser, address)})

    assert "<td>99</td>" in shop.browser().get("/products/tee").text


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("", TABLE, "Give it a name"),
        ("New", "  ", "Write the measures"),
        ("New", "x" * 20_001, "Write the measures"),
        ("Heavy tees", TABLE, "Another chart"),
    ],
)
def test_a_chart_says_what_is_wrong(shop: Shop, name: str, body: str, said: str) -> None:
    a_chart(shop)
    browser = at_the_desk(shop)

    form = {"name": name, "body": body, "csrf_token": token_of(browser, NEW)}
    answer = browser.post(NEW, data=form)

    assert answer.status_code == 422
    assert said in answer.text
