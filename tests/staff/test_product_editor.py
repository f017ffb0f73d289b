"""Staff edit a product: nothing typed is lost, and nothing that was not touched is changed."""

import html
import re
from datetime import timedelta

import pytest
from werkzeug.datastructures import MultiDict

from store.catalog.models import Product, ProductStatus
from store.catalog.prices.changing import PriceWanted, change_prices
from store.database import db, writing
from store.staff.models import AuditEntry
from store.staff.roles import Role
from tests.builders import a_collection, a_product, aud
from tests.shop import Shop
from tests.staff.product_forms import (
    acted,
    fields_of,
    opened,
    sent,
    typed_into,
    undo_newest,
)
from tests.staff.tees import NEW, a_tee, now_of, page_of, stock_by_name
from tests.staffing import at_the_desk, token_of


def test_saving_what_nobody_touched_changes_nothing(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    before = now_of(shop, number)

    answer = sent(browser, page_of(number), opened(browser, page_of(number)))

    assert answer.status_code == 303
    assert now_of(shop, number) == before
    with shop.app.app_context():
        assert db.session.query(AuditEntry).count() == 0


def test_words_and_prices_are_edited_and_taken_back(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    before = now_of(shop, number)
    form = typed_into(opened(browser, page_of(number)), "price", "1,299.50", "$40")

    answer = sent(browser, page_of(number), form, title="Second Edition", tags="pride, Cotton")

    assert answer.status_code == 303
    with shop.app.app_context():
        product = db.session.get_one(Product, number)
        assert product.title == "Second Edition"
        assert sorted(product.tags) == ["Cotton", "pride"]
        assert [v.price for v in product.variants] == [aud(1299.5), aud(40), aud(45), aud(45)]
    assert "$1,299.50" in browser.get(page_of(number)).text
    assert undo_newest(browser, page_of(number)) == 303
    assert now_of(shop, number) == before


def test_a_price_for_good_that_no_worker_followed_stops_nobody_twice(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    with shop.app.app_context(), writing():
        tee = db.session.get_one(Product, number)
        wanted = [PriceWanted(variant.id, aud(77)) for variant in tee.variants]
        soon = shop.clock.now() + timedelta(minutes=1)
        change_prices(tee, wanted, shop.clock, starts_at=soon, ends_at=None)
    shop.clock.move_to(soon)

    stopped = sent(browser, page_of(number), opened(browser, page_of(number)), title="First")
    again = sent(browser, page_of(number), opened(browser, page_of(number)), title="First")

    assert (stopped.status_code, again.status_code) == (409, 303)
    assert "77.00" in stopped.text
    with shop.app.app_context():
        tee = db.session.get_one(Product, number)
        assert {variant.price for variant in tee.variants} == {aud(77)}


def test_an_undo_is_refused_when_the_same_field_was_changed_since(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    sent(browser, page_of(number), opened(browser, page_of(number)), title="First")
    first = re.search(r"/staff/changes/(\d+)/undo", browser.get(page_of(number)).text)
    sent(browser, page_of(number), opened(browser, page_of(number)), title="Second")
    sent(browser, page_of(number), opened(browser, page_of(number)), vendor="Somebody")
    assert first

    token = token_of(browser, page_of(number))
    answer = browser.post(f"/staff/changes/{first[1]}/undo", data={"csrf_token": token})

    assert answer.status_code == 409
    assert "First" in answer.text
    assert "Second" in answer.text


def test_a_new_product_is_made_with_two_by_four_variants_and_stock(shop: Shop) -> None:
    browser = at_the_desk(shop)
    form = acted(browser, NEW, opened(browser, NEW), "add-option", title="Late tee")
    form["option-1"], form["new-1"] = "Colour", "Ink, Plum"
    form = acted(browser, NEW, form, "add-option")
    form["option-2"], form["new-2"] = "Size", "S, M, L, XL"
    form = acted(browser, NEW, form, "add-values")
    form = typed_into(form, "price", *["45"] * 8)
    form = typed_into(form, "stock", *"12345678")
    form["swatch-1-1"] = "1D3B6F"

    answer = sent(browser, NEW, form, status="active")

    assert answer.status_code == 303
    shown = shop.browser().get("/products/late-tee")
    assert shown.status_code == 200
    assert "#1d3b6f" in shown.text
    number = int(answer.headers["Location"].rpartition("/")[2])
    assert list(stock_by_name(shop, number).values()) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_title_like_an_address_of_the_shop_finds_another(shop: Shop) -> None:
    browser = at_the_desk(shop)
    form = typed_into(opened(browser, NEW), "price", "45")

    sent(browser, NEW, form, title="Suggest", status="active")

    assert shop.browser().get("/products/suggest-2").status_code == 200


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("title", " ", "Give it a title"),
        ("title", "\u200d", "Give it a title"),
        ("title", "x" * 256, "under 255"),
        ("handle", "!!!", "at least one letter"),
        ("handle", "taken", "Another product has this address"),
        ("handle", "Suggest", "The shop itself answers at this address"),
        ("status", "sold", "Choose a status"),
        ("published_at", "tomorrow", "Write a date"),
        ("published_at", "0001-01-01T00:00", "Write a date"),
        ("unpublish_at", "2001-01-01T00:00", "end before"),
        ("tags", "x" * 81, "each tag"),
        ("option-1", "", "Name the option"),
        ("option-1", "Size", "Two options"),
        ("value-1-1", "", "Name this value"),
        ("value-1-1", "Plum", "Two v"),
        ("swatch-1-1", "blue", "written as #1d3b6f"),
    ],
)
def test_a_field_says_what_is_wrong_and_keeps_what_was_typed(
    shop: Shop, name: str, typed: str, said: str
) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    with shop.app.app_context(), writing():
        a_product(shop.clock, handle="taken")
    before = now_of(shop, number)

    answer = sent(browser, page_of(number), opened(browser, page_of(number)), **{name: typed})

    assert answer.status_code == 422
    assert said in html.unescape(answer.text)
    assert fields_of(answer.text)[name] == typed or name == "status"
    assert now_of(shop, number) == before


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE product; --",
        '=HYPERLINK("http://evil")',
        "{{ 7*7 }}",
        "💥 \u202e تسجيل",
    ],
)
def test_hostile_words_are_words(shop: Shop, text: str) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    names = ("title", "vendor", "product_type", "seo_title", "tags", "option-1", "value-1-1")
    form = opened(browser, page_of(number))

    answer = sent(browser, page_of(number), form, body=text, **dict.fromkeys(names, text))

    assert answer.status_code == 303
    for page in (
        browser.get(page_of(number)),
        browser.get("/staff/products/"),
        browser.get("/staff/changes/"),
        shop.browser().get("/products/tee"),
    ):
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert ">49<" not in page.text


def test_a_form_of_nonsense_is_refused_and_breaks_nothing(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    before, token = now_of(shop, number), token_of(browser, page_of(number))
    odd: list[list[tuple[str, str]]] = [
        [],
        [("pick", "1:1")],
        [("title", "x"), ("pick", "::: a b:c"), ("price", "1"), ("option", "1")],
        [("option", "é"), ("option", "1"), ("values-1", "../..")],
        [("title", "x"), ("act", "remove-variant:99999999999")],
        [("title", "x"), ("act", "move-option:nope:up:down:left")],
    ]

    statuses = {
        browser.post(page_of(number), data=MultiDict([("csrf_token", token), *pairs])).status_code
        for pairs in odd
    }

    assert statuses <= {200, 409, 422}
    assert now_of(shop, number) == before


def test_a_product_is_copied_as_a_draft_without_skus(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="mug", stock=4)
        a_collection(shop.clock, [product])
        number = product.id
    browser = at_the_desk(shop)
    token = token_of(browser, page_of(number))

    answer = browser.post(f"{page_of(number)}/copies", data={"csrf_token": token})

    copy = int(answer.headers["Location"].rpartition("/")[2])
    values = now_of(shop, copy)
    assert values["status"] == ProductStatus.DRAFT
    assert values["collections"] == ["front-page"]
    assert list(stock_by_name(shop, copy).values()) == [0]


def test_only_what_was_never_counted_can_be_deleted(shop: Shop) -> None:
    counted, fresh = a_tee(shop, stock=3), 0
    with shop.app.app_context(), writing():
        fresh = a_product(shop.clock, options={"Size": ["S", "M"]}, stock=0).id
    browser = at_the_desk(shop)
    token = token_of(browser, page_of(counted))

    for number in (counted, fresh):
        browser.post(f"{page_of(number)}/delete", data={"csrf_token": token})

    assert browser.get(page_of(counted)).status_code == 200
    assert browser.get(page_of(fresh)).status_code == 404


def test_a_scheduled_product_appears_at_its_hour_in_the_shops_time(shop: Shop) -> None:
    number, browser = a_tee(shop, status=ProductStatus.DRAFT), at_the_desk(shop)
    form = opened(browser, page_of(number))

    sent(browser, page_of(number), form, status="active", published_at="2026-11-22T10:00")

    assert "Scheduled" in browser.get(page_of(number)).text
    assert shop.browser().get("/products/tee").status_code == 404
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=30))
    assert shop.browser().get("/products/tee").status_code == 200


def test_an_editor_types_no_first_stock(shop: Shop) -> None:
    browser = at_the_desk(shop, role=Role.EDITOR)
    form = typed_into(opened(browser, NEW), "price", "10")
    form.setlist("stock", ["500"])

    answer = sent(browser, NEW, form, title="A mug")

    number = int(answer.headers["Location"].rpartition("/")[2])
    assert list(stock_by_name(shop, number).values()) == [0]


def test_a_text_is_shown_as_the_shop_shows_it(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    token = token_of(browser, page_of(number))
    form = {"csrf_token": token, "body": "**Bold** <script>alert(1)</script>"}

    shown = browser.post("/staff/products/text", data=form).text

    assert "<strong>Bold</strong>" in shown
    assert "<script" not in shown
