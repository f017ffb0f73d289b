"""Staff look for products, and do things to many of them at once."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from store.catalog.models import Matching, Product, ProductStatus
from store.database import db, writing
from store.staff.models import AuditEntry
from store.staff.roles import Role
from tests.builders import a_collection, a_product
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of

LIST = "/staff/products/"


def some_products(shop: Shop) -> dict[str, int]:
    """Add one of every kind; return their numbers by title."""
    with shop.app.app_context(), writing():
        made = [
            a_product(shop.clock, title="Plain tee", tags=["cotton"], stock=3),
            a_product(shop.clock, title="Gone mug", product_type="Mugs", stock=0),
            a_product(shop.clock, title="Secret cap", status=ProductStatus.DRAFT),
            a_product(shop.clock, title="Old pin", status=ProductStatus.ARCHIVED),
        ]
        made[1].vendor = "Potters & Sons"
        return {product.title: product.id for product in made}


def shown(browser: FlaskClient, query: str = "") -> list[str]:
    page = browser.get(f"{LIST}?{query}").text
    return sorted(re.findall(r'/staff/products/\d+">([^<]+)</a>', page))


def done(browser: FlaskClient, act: str, ids: list[int], **form: object) -> int:
    given = {"act": act, "product": ids, "csrf_token": token_of(browser, LIST)} | form
    return browser.post(f"{LIST}acts", data=given).status_code


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Gone mug", "Old pin", "Plain tee", "Secret cap"]),
        ("view=active", ["Gone mug", "Plain tee"]),
        ("view=draft", ["Secret cap"]),
        ("view=archived", ["Old pin"]),
        ("view=sold_out", ["Gone mug"]),
        ("view=scheduled", []),
        ("q=plain", ["Plain tee"]),
        ("q=COTTON tee", ["Plain tee"]),
        ("q=potters", ["Gone mug"]),
        ("q=%25", []),
        ("tag=cotton", ["Plain tee"]),
        ("type=Mugs", ["Gone mug"]),
        ("type=Mugs&view=draft", []),
        ("collection=999999", []),
        (
            "collection=²&view=nonsense&at=%C3%A9",
            ["Gone mug", "Old pin", "Plain tee", "Secret cap"],
        ),
    ],
)
def test_the_list_is_narrowed_by_its_address(shop: Shop, query: str, titles: list[str]) -> None:
    some_products(shop)

    assert shown(at_the_desk(shop), query) == titles


def test_a_sku_finds_its_product(shop: Shop) -> None:
    some_products(shop)
    with shop.app.app_context():
        sku = db.session.scalars(select(Product).where(Product.title == "Old pin")).one()
        wanted = sku.variants[0].sku

    assert shown(at_the_desk(shop), f"q={wanted}") == ["Old pin"]


def test_the_list_goes_on_by_keys(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        for number in range(55):
            a_product(shop.clock, title=f"Tee {number:02}")
    browser = at_the_desk(shop)
    page = browser.get(LIST).text
    on = re.search(r'rel="next" href="([^"]+)"', page)
    assert on

    rest = browser.get(on[1].replace("&amp;", "&")).text

    first, second = (set(re.findall(r">(Tee \d\d)<", text)) for text in (page, rest))
    assert (len(first), len(second), len(first | second)) == (50, 5, 55)


def test_many_are_published_at_once_and_each_can_be_taken_back(shop: Shop) -> None:
    made, browser = some_products(shop), at_the_desk(shop)
    ids = [made["Secret cap"], made["Old pin"], made["Plain tee"]]

    assert done(browser, "publish", ids) == 303

    with shop.app.app_context():
        entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [entry.label for entry in entries] == ["Secret cap", "Old pin"]
        undone = entries[0].id
    token = token_of(browser, "/staff/changes/")
    browser.post(f"/staff/changes/{undone}/undo", data={"csrf_token": token})
    assert shown(browser, "view=draft") == ["Secret cap"]
    assert shown(browser, "view=active") == ["Gone mug", "Old pin", "Plain tee"]


def test_tags_are_added_and_removed_in_any_case(shop: Shop) -> None:
    made, browser = some_products(shop), at_the_desk(shop)
    ids = list(made.values())

    done(browser, "tag", ids, tag="  Pride   month ")
    assert len(shown(browser, "tag=Pride month")) == 4
    done(browser, "untag", ids[:1], tag="PRIDE MONTH")

    assert len(shown(browser, "tag=Pride month")) == 3


def test_products_go_into_a_collection_and_out(shop: Shop) -> None:
    made, browser = some_products(shop), at_the_desk(shop)
    with shop.app.app_context(), writing():
        section = a_collection(shop.clock, []).id

    done(browser, "collect", [made["Plain tee"], made["Gone mug"]], collection=section)
    done(browser, "uncollect", [made["Gone mug"]], collection=section)

    assert shown(browser, f"collection={section}") == ["Plain tee"]


def test_nobody_puts_products_where_rules_do(shop: Shop) -> None:
    made, browser = some_products(shop), at_the_desk(shop)
    with shop.app.app_context(), writing():
        section = a_collection(shop.clock, [])
        section.matching = Matching.ALL
        number = section.id

    assert done(browser, "collect", list(made.values()), collection=number) == 422
    assert shown(browser, f"collection={number}") == []


@pytest.mark.parametrize(
    ("act", "form"),
    [
        ("", {}),
        ("tag", {"tag": " "}),
        ("tag", {"tag": "x" * 81}),
        ("collect", {"collection": "999999"}),
        ("collect", {"collection": "1; DROP TABLE product"}),
        ("explode", {}),
    ],
)
def test_what_makes_no_sense_is_refused_and_the_boxes_stay_ticked(
    shop: Shop, act: str, form: dict[str, str]
) -> None:
    made, browser = some_products(shop), at_the_desk(shop)
    number = made["Plain tee"]
    given = {"act": act, "product": number, "csrf_token": token_of(browser, LIST)} | form

    answer = browser.post(f"{LIST}acts", data=given)

    assert answer.status_code == 422
    if act != "explode":
        box = rf'value="{number}"\s+aria-label="Plain tee"\s+checked'
        assert re.search(box, answer.text)
    with shop.app.app_context():
        assert db.session.scalars(select(AuditEntry)).all() == []


def test_nothing_is_done_without_a_tick_or_to_more_than_fit(shop: Shop) -> None:
    some_products(shop)
    browser = at_the_desk(shop)

    assert done(browser, "publish", []) == 422
    assert done(browser, "publish", list(range(1, 202))) == 422


def test_a_post_leads_back_to_the_list_as_it_was_and_nowhere_else(shop: Shop) -> None:
    made, browser = some_products(shop), at_the_desk(shop)
    form = {
        "act": "archive",
        "product": made["Plain tee"],
        "csrf_token": token_of(browser, LIST),
    }

    def leads(back: str) -> str:
        return browser.post(f"{LIST}acts", data=form | {"back": back}).headers["Location"]

    assert leads(f"{LIST}?view=active") == f"{LIST}?view=active"
    assert leads("https://evil.example/staff/products/?x=1") == LIST
    assert leads("//evil.example/staff/products/") == LIST


def test_what_somebody_called_a_product_is_no_markup(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, title="<script>alert(1)</script>", tags=['"><img src=x>'])

    page = at_the_desk(shop).get(LIST).text

    assert "<script>alert" not in page
    assert "<img src=x>" not in page


def test_whoever_only_looks_is_offered_no_acts(shop: Shop) -> None:
    made, browser = some_products(shop), at_the_desk(shop, role=Role.ANALYST)

    assert "New product" not in browser.get(LIST).text
    assert 'value="publish"' not in browser.get(LIST).text
    assert browser.get(f"{LIST}{made['Plain tee']}").status_code == 200


def test_an_empty_shop_says_how_to_begin(shop: Shop) -> None:
    assert "No products yet" in at_the_desk(shop).get(LIST).text
