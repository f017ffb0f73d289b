"""Staff make the sections of the shop, by hand or by rules."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from store.catalog.models import Collection
from store.database import db, writing
from store.staff.models import AuditEntry
from tests.builders import a_collection, a_product, aud
from tests.shop import Shop
from tests.staff.product_forms import fields_of
from tests.staffing import at_the_desk, token_of

NEW = "/staff/collections/new"


def some_products(shop: Shop) -> list[int]:
    with shop.app.app_context(), writing():
        made = [
            a_product(shop.clock, title="Plain tee", price=aud(45), tags=["Pride"]),
            a_product(shop.clock, title="Fine mug", price=aud(26), product_type="Mugs"),
            a_product(shop.clock, title="Loud tee", price=aud(60), tags=["pride", "new"]),
        ]
        return [product.id for product in made]


def in_shop(shop: Shop, handle: str) -> list[str]:
    page = shop.browser().get(f"/collections/{handle}").text
    titles = re.findall(r"Plain tee|Fine mug|Loud tee", page)
    return list(dict.fromkeys(titles))


def form_of(collection_id: int) -> str:
    return f"/staff/collections/{collection_id}"


def test_a_collection_is_made_by_hand_in_an_order(shop: Shop) -> None:
    plain, mug, loud = some_products(shop)
    browser = at_the_desk(shop)
    form = opened_form(browser, NEW)
    form["title"] = "Late & Loud"
    for number in (plain, mug, loud):
        form = act(browser, NEW, form, f"add:{number}")
    form = act(browser, NEW, form, f"up:{loud}")

    answer = browser.post(NEW, data=form)

    assert answer.status_code == 303
    assert in_shop(shop, "late-loud") == ["Plain tee", "Loud tee", "Fine mug"]
    page = answer.headers["Location"]
    form = act(browser, page, opened_form(browser, page), f"remove:{mug}")
    browser.post(page, data=form)
    assert in_shop(shop, "late-loud") == ["Plain tee", "Loud tee"]


def test_rules_fill_a_collection_and_go_on_filling_it(shop: Shop) -> None:
    _plain, mug, _loud = some_products(shop)
    browser = at_the_desk(shop)
    form = opened_form(browser, NEW)
    form["title"], form["matching"] = "Proud", "all"
    form = act(browser, NEW, form, "add-rule")
    form = act(browser, NEW, form, "add-rule")
    form.setlist("rule", ["tag is", "price at_most"])
    form.setlist("value", ["PRIDE", "50"])
    assert "1 product answers" in browser.post("/staff/collections/preview", data=form).text

    answer = browser.post(NEW, data=form)

    assert answer.status_code == 303
    assert in_shop(shop, "proud") == ["Plain tee"]
    assert opened_form(browser, answer.headers["Location"]).getlist("value") == ["PRIDE", "50.00"]
    tagged = {"act": "tag", "tag": "Pride", "product": mug, "csrf_token": form["csrf_token"]}
    browser.post("/staff/products/acts", data=tagged)
    assert in_shop(shop, "proud") == ["Plain tee", "Fine mug"]


@pytest.mark.parametrize(
    ("rules", "matching", "titles"),
    [
        ([("type is", "mugs")], "all", ["Fine mug"]),
        ([("type is_not", "mugs")], "all", ["Loud tee", "Plain tee"]),
        ([("title contains", "TEE")], "all", ["Loud tee", "Plain tee"]),
        ([("title contains", "%")], "all", []),
        ([("tag is_not", "pride")], "all", ["Fine mug"]),
        ([("price at_least", "45"), ("tag is", "new")], "all", ["Loud tee"]),
        ([("price at_most", "26.00"), ("tag is", "new")], "any", ["Fine mug", "Loud tee"]),
        ([], "any", []),
    ],
)
def test_each_rule_asks_what_it_says(
    shop: Shop, rules: list[tuple[str, str]], matching: str, titles: list[str]
) -> None:
    some_products(shop)
    browser = at_the_desk(shop)
    form = {
        "matching": matching,
        "rule": [kind for kind, _ in rules],
        "value": [value for _, value in rules],
        "csrf_token": token_of(browser, NEW),
    }

    shown = browser.post("/staff/collections/preview", data=form).text

    assert re.findall(r"<li>([^<]+)</li>", shown) == titles


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("title", "  ", "Give it a title"),
        ("title", "x" * 300, "under 255"),
        ("handle", "front-page", "Another collection"),
        ("hue", "beige", "one of the six"),
        ("position", "-1", "whole number"),
        ("position", "²", "whole number"),
        ("matching", "any", "at least one rule"),
    ],
)
def test_a_field_says_what_is_wrong_and_keeps_what_was_typed(
    shop: Shop, name: str, typed: str, said: str
) -> None:
    browser = at_the_desk(shop)
    with shop.app.app_context(), writing():
        a_collection(shop.clock, [])
    form = opened_form(browser, NEW)
    form["title"] = "Kept"
    form[name] = typed

    answer = browser.post(NEW, data=form)

    assert answer.status_code == 422
    assert said in answer.text
    if name != "title":
        assert fields_of(answer.text, "collection")["title"] == "Kept"
    with shop.app.app_context():
        assert len(db.session.scalars(select(Collection)).all()) == 1


@pytest.mark.parametrize(
    ("kind", "value"),
    [("price at_most", "cheap"), ("tag is", ""), ("tag contains", "x"), ("1; DROP", "x")],
)
def test_a_rule_that_cannot_be_read_says_so(shop: Shop, kind: str, value: str) -> None:
    browser = at_the_desk(shop)
    form = opened_form(browser, NEW)
    form["title"], form["matching"] = "Odd", "all"
    form.setlist("rule", [kind])
    form.setlist("value", [value])

    answer = browser.post(NEW, data=form)

    assert answer.status_code == 422
    assert "field__error" in answer.text


def test_an_untouched_form_changes_nothing(shop: Shop) -> None:
    browser = at_the_desk(shop)
    some_products(shop)
    with shop.app.app_context(), writing():
        number = a_collection(shop.clock, []).id
    page = form_of(number)

    assert browser.post(page, data=opened_form(browser, page)).status_code == 303

    with shop.app.app_context():
        assert db.session.scalars(select(AuditEntry)).all() == []


def test_a_collection_goes_and_its_products_stay(shop: Shop) -> None:
    browser = at_the_desk(shop)
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee")
        number = a_collection(shop.clock, [product]).id
    page = form_of(number)

    browser.post(f"{page}/delete", data={"csrf_token": token_of(browser, page)})

    assert browser.get(page).status_code == 404
    assert shop.browser().get("/products/tee").status_code == 200


def opened_form(browser: FlaskClient, path: str) -> MultiDict[str, str]:
    answer = browser.get(path)
    return fields_of(answer.text, "collection")


def act(
    browser: FlaskClient, path: str, form: MultiDict[str, str], name: str
) -> MultiDict[str, str]:
    """Press a button of the form; return the form that comes back."""
    answer = browser.post(path, data=MultiDict([*form.items(multi=True), ("act", name)]))
    return fields_of(answer.text, "collection")
