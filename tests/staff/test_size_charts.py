"""Size charts are written once, and every product that is cut alike shows them."""

import pytest

from store.catalog.models import SizeChart, SizeChartType
from store.database import db, writing
from tests.builders import a_product
from tests.shop import Shop
from tests.staff.product_forms import fields_of, opened, sent, undo_newest
from tests.staffing import at_the_desk, token_of

NEW = "/staff/size-charts/new"
TABLE = "| Size | Chest |\n| --- | --- |\n| S | 96 |\n\n<script>alert(1)</script>"


def a_chart(shop: Shop, name: str = "Heavy tees", *types: str, chest: int = 96) -> int:
    browser = at_the_desk(shop)
    body, token = TABLE.replace("96", str(chest)), token_of(browser, NEW)
    form = {"name": name, "body": body, "types": list(types), "csrf_token": token}
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
        ("New", "x" * 20_001, "under 20,000"),
        ("–", TABLE, "Give it another name"),
        ("x" * 121, TABLE, "Give it another name"),
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


def test_products_of_a_type_show_its_chart_until_another_is_chosen(shop: Shop) -> None:
    a_chart(shop, "Heavy tees", "T-shirts")
    a_chart(shop, "Slim tees", chest=88)
    browser = at_the_desk(shop)
    with shop.app.app_context(), writing():
        page = f"/staff/products/{a_product(shop.clock, handle='tee', product_type='T-shirts').id}"
        a_product(shop.clock, handle="mug", product_type="Mugs")
    assert "<td>96</td>" in shown(shop, "tee")
    assert "Size chart" not in shown(shop, "mug")
    assert "As its type: Heavy tees" in browser.get(page).text

    sent(browser, page, opened(browser, page), size_chart="Slim tees")
    assert "<td>88</td>" in shown(shop, "tee")
    sent(browser, page, opened(browser, page), size_chart="–")
    assert "Size chart" not in shown(shop, "tee")
    assert opened(browser, page)["size_chart"] == "–"
    undo_newest(browser, page)
    assert "<td>88</td>" in shown(shop, "tee")
    sent(browser, page, opened(browser, page), size_chart="")
    assert "<td>96</td>" in shown(shop, "tee")


def test_a_chart_ceases_to_be_that_of_a_type(shop: Shop) -> None:
    chart, browser = a_chart(shop, "Heavy tees", "T-shirts"), at_the_desk(shop)
    with shop.app.app_context(), writing():
        a_product(shop.clock, handle="tee", product_type="T-shirts")
    address = f"/staff/size-charts/{chart}"
    assert "<td>96</td>" in shown(shop, "tee")
    form = fields_of(browser.get(address).text, "chart")
    assert form.getlist("types") == ["T-shirts"]

    del form["types"]
    browser.post(address, data=form)

    assert "Size chart" not in shown(shop, "tee")


def test_a_type_has_one_chart(shop: Shop) -> None:
    a_chart(shop, "Heavy tees", "T-shirts")
    chart, browser = a_chart(shop, "Slim tees"), at_the_desk(shop)
    with shop.app.app_context(), writing():
        a_product(shop.clock, product_type="T-shirts")
    address = f"/staff/size-charts/{chart}"
    form = fields_of(browser.get(address).text, "chart")

    form["types"] = "T-shirts"
    answer = browser.post(address, data=form)

    assert answer.status_code == 422
    assert "has another chart" in answer.text
    with shop.app.app_context():
        assert db.session.get_one(SizeChartType, "T-shirts").size_chart_id != chart


def test_a_copy_shows_the_chart_that_was_chosen(shop: Shop) -> None:
    a_chart(shop, "Heavy tees", "T-shirts")
    browser = at_the_desk(shop)
    with shop.app.app_context(), writing():
        page = f"/staff/products/{a_product(shop.clock, product_type='T-shirts').id}"
    sent(browser, page, opened(browser, page), size_chart="–")

    copy = browser.post(f"{page}/copies", data={"csrf_token": token_of(browser, page)})

    assert opened(browser, copy.headers["Location"])["size_chart"] == "–"


def shown(shop: Shop, handle: str) -> str:
    return shop.browser().get(f"/products/{handle}").text
