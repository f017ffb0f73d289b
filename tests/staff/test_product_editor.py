"""Staff edit a product: nothing typed is lost, and nothing that was not touched is changed."""

import html
import re
from datetime import timedelta

import pytest
from werkzeug.datastructures import MultiDict

from store.catalog.models import Product, ProductStatus
from store.database import db, writing
from store.inventory import stock
from store.staff.models import AuditEntry
from store.staff.product_values import values_of
from store.staff.roles import Role
from tests.builders import a_collection, a_product, aud
from tests.shop import Shop
from tests.staff.product_forms import (
    acted,
    fields_of,
    keep_mine,
    opened,
    sent,
    typed_into,
    undo_newest,
)
from tests.staffing import at_the_desk, token_of

NEW = "/staff/products/new"


def a_tee(shop: Shop, **about: object) -> int:
    given: dict[str, object] = {"options": {"Colour": ["Ink", "Plum"], "Size": ["S", "M"]}}
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee", **{**given, **about})  # type: ignore[arg-type] # typed where it is called
        for variant in product.variants:
            variant.sku = None
        return product.id


def page_of(product_id: int) -> str:
    return f"/staff/products/{product_id}"


def kept(product_id: int) -> str:
    return f"/staff/unsaved/product/{product_id}"


def now_of(shop: Shop, product_id: int) -> dict[str, object]:
    with shop.app.app_context():
        return values_of(db.session.get_one(Product, product_id))


def stock_by_name(shop: Shop, product_id: int) -> dict[str, int]:
    with shop.app.app_context():
        product = db.session.get_one(Product, product_id)
        levels = stock.levels([variant.id for variant in product.variants])
        return {v.combination: levels[v.id].on_hand for v in product.variants if v.id in levels}


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


def test_a_value_renamed_keeps_its_variants_prices_and_stock(shop: Shop) -> None:
    number, browser = a_tee(shop, stock=7), at_the_desk(shop)
    form = opened(browser, page_of(number))
    form["value-2-1"] = "Small"

    assert sent(browser, page_of(number), form).status_code == 303

    units = stock_by_name(shop, number)
    assert units == dict.fromkeys(["Ink / Small", "Ink / M", "Plum / Small", "Plum / M"], 7)
    assert undo_newest(browser, page_of(number)) == 303
    assert set(stock_by_name(shop, number)) == {"Ink / S", "Ink / M", "Plum / S", "Plum / M"}


def test_an_option_is_renamed_and_moved_without_loss(shop: Shop) -> None:
    number, browser = a_tee(shop, stock=7), at_the_desk(shop)
    form = acted(browser, page_of(number), opened(browser, page_of(number)), "move-option:2:up")
    form["option-2"] = "Fit"

    assert sent(browser, page_of(number), form).status_code == 303

    assert stock_by_name(shop, number) == dict.fromkeys(
        ["S / Ink", "M / Ink", "S / Plum", "M / Plum"], 7
    )


def test_a_value_added_makes_variants_like_their_siblings(shop: Shop) -> None:
    number, browser = a_tee(shop, stock=7), at_the_desk(shop)
    form = opened(browser, page_of(number))
    form["new-2"] = "L, XL, m"
    form = acted(browser, page_of(number), form, "add-values")
    assert form.getlist("price") == ["45.00"] * 8
    units = ["5" if not known else "" for known in form.getlist("id")]

    answer = sent(browser, page_of(number), typed_into(form, "stock", *units))

    assert answer.status_code == 303
    found = stock_by_name(shop, number)
    assert found["Ink / L"] == found["Plum / XL"] == 5
    assert found["Ink / S"] == 7
    assert len(found) == 8


def test_the_first_option_takes_the_only_variant_along(shop: Shop) -> None:
    number, browser = a_tee(shop, options={}, stock=9), at_the_desk(shop)
    form = acted(browser, page_of(number), opened(browser, page_of(number)), "add-option")
    form["option-1"], form["new-1"] = "Size", "One, Two"

    assert sent(browser, page_of(number), form).status_code == 303

    assert stock_by_name(shop, number) == {"One": 9, "Two": 0}


def test_a_variant_with_a_history_cannot_go_and_the_form_says_so(shop: Shop) -> None:
    number, browser = a_tee(shop, stock=7), at_the_desk(shop)
    form = acted(browser, page_of(number), opened(browser, page_of(number)), "remove-value:2:1")

    answer = sent(browser, page_of(number), form, title="Kept as typed")

    assert answer.status_code == 422
    assert "was counted or ordered" in answer.text
    assert fields_of(answer.text)["title"] == "Kept as typed"
    assert len(stock_by_name(shop, number)) == 4


def test_variants_that_nobody_counted_go_with_their_option(shop: Shop) -> None:
    number, browser = a_tee(shop, stock=0), at_the_desk(shop)
    form = acted(browser, page_of(number), opened(browser, page_of(number)), "remove-option:2")

    assert sent(browser, page_of(number), form).status_code == 303

    assert set(stock_by_name(shop, number)) == {"Ink", "Plum"}


def test_missing_combinations_come_back(shop: Shop) -> None:
    number, browser = a_tee(shop, stock=0), at_the_desk(shop)
    form = acted(browser, page_of(number), opened(browser, page_of(number)), "remove-variant:0")
    sent(browser, page_of(number), form)
    assert len(stock_by_name(shop, number)) == 3

    form = acted(browser, page_of(number), opened(browser, page_of(number)), "add-missing")
    sent(browser, page_of(number), form)

    assert list(stock_by_name(shop, number)) == ["Ink / S", "Ink / M", "Plum / S", "Plum / M"]


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


@pytest.mark.parametrize(
    ("column", "typed", "said"),
    [
        ("price", "", "Give it a price"),
        ("price", "4x", "Write an amount"),
        ("price", "-1", "Write an amount"),
        ("price", "1e9", "Write an amount"),
        ("price", "²", "Write an amount"),
        ("price", "1.005", "Write an amount"),
        ("price", "=1+1", "Write an amount"),
        ("price", "€45", "Write an amount"),
        ("compare_at", "45", "above the price"),
        ("weight", "heavy", "Write grams"),
        ("sku", "x" * 121, "under 120"),
        ("selling", "steal", "Choose what happens"),
    ],
)
def test_a_cell_says_what_is_wrong_and_keeps_what_was_typed(
    shop: Shop, column: str, typed: str, said: str
) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    form = typed_into(opened(browser, page_of(number)), column, typed)

    answer = sent(browser, page_of(number), form, title="Kept <b>&amp;")

    assert answer.status_code == 422
    assert said in answer.text
    if column != "selling":
        assert fields_of(answer.text).getlist(column)[0] == typed
    assert fields_of(answer.text)["title"] == "Kept <b>&amp;"


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("title", " ", "Give it a title"),
        ("title", "\u200d", "Give it a title"),
        ("title", "x" * 256, "under 255"),
        ("handle", "!!!", "at least one letter"),
        ("handle", "taken", "Another product has this address"),
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


def test_a_sku_of_another_product_is_named_in_its_row(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    with shop.app.app_context(), writing():
        taken = a_product(shop.clock).variants[0].sku or ""

    answer = sent(
        browser, page_of(number), typed_into(opened(browser, page_of(number)), "sku", "", taken)
    )

    assert answer.status_code == 422
    assert "Another product has this SKU" in answer.text


def test_variants_of_other_products_cannot_be_claimed(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    with shop.app.app_context(), writing():
        other = a_product(shop.clock, handle="other")
        other_id, stolen = other.id, str(other.variants[0].id)
    before = now_of(shop, other_id)
    form = typed_into(opened(browser, page_of(number)), "id", stolen, "999999", "²")
    form = typed_into(form, "price", "1", "1", "1")

    sent(browser, page_of(number), form)

    assert now_of(shop, other_id) == before
    assert sum(stock_by_name(shop, number).values()) == 40


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


def test_two_thousand_variants_are_one_form(shop: Shop) -> None:
    browser = at_the_desk(shop)
    form = acted(browser, NEW, opened(browser, NEW), "add-option", title="Everything")
    form = typed_into(form, "price", "10")
    form["option-1"], form["new-1"] = "A", ", ".join(f"a{n}" for n in range(40))
    form = acted(browser, NEW, form, "add-option")
    form["option-2"], form["new-2"] = "B", ", ".join(f"b{n}" for n in range(50))
    form = acted(browser, NEW, form, "add-values")
    assert len(form.getlist("price")) == 2000

    answer = sent(browser, NEW, form)
    assert answer.status_code == 303
    page = answer.headers["Location"]
    form = opened(browser, page)
    form["new-1"] = "one more"
    refused = sent(browser, page, form)

    assert refused.status_code == 422
    assert "at most 2000" in refused.text
    assert len(fields_of(refused.text).getlist("price")) == 2000


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


def test_two_people_edit_one_product_and_both_versions_are_shown(shop: Shop) -> None:
    number, hers, his = a_tee(shop), at_the_desk(shop), at_the_desk(shop)
    form = opened(hers, page_of(number))
    sent(his, page_of(number), opened(his, page_of(number)), title="His title", vendor="His")

    answer = sent(hers, page_of(number), form, title="Her title\u2019s")

    assert answer.status_code == 409
    assert "His title" in answer.text
    assert now_of(shop, number)["title"] == "His title"
    typed = keep_mine(answer.text, page_of(number))
    assert hers.post(page_of(number), data=typed).status_code == 303
    assert now_of(shop, number)["title"] == "Her title\u2019s"
    assert undo_newest(hers, page_of(number)) == 303
    assert now_of(shop, number)["vendor"] == "His"


def test_what_was_typed_comes_back(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    form = opened(browser, page_of(number))
    form["title"], form["body"] = "Half a thought", "One\r\n\r\n\ttwo  "
    assert browser.post(kept(number), data=form).status_code == 204

    page = browser.get(page_of(number)).text
    assert "You have unsaved changes" in page
    assert fields_of(page)["title"] == "Late Edition tee"
    restored = opened(browser, f"{page_of(number)}?restore=1")
    assert restored["title"] == "Half a thought"
    assert restored["body"] == form["body"]
    assert sent(browser, page_of(number), restored).status_code == 303
    assert "You have unsaved changes" not in browser.get(page_of(number)).text
    assert now_of(shop, number)["title"] == "Half a thought"


def test_what_was_typed_is_discarded_when_she_says_so(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    form = opened(browser, page_of(number))
    browser.post(kept(number), data=form)

    browser.post(f"{kept(number)}/discard", data={"csrf_token": form["csrf_token"]})

    assert "You have unsaved changes" not in browser.get(page_of(number)).text


def test_a_new_product_that_was_not_saved_comes_back(shop: Shop) -> None:
    browser = at_the_desk(shop)
    form = opened(browser, NEW)
    form["title"] = "Not yet"
    browser.post(f"/staff/unsaved/product/new/{form['key']}", data=form)

    assert "“Not yet”" in browser.get(NEW).text
    restored = opened(browser, f"{NEW}?restore={form['key']}")
    assert restored["title"] == "Not yet"
    assert sent(browser, NEW, typed_into(restored, "price", "10")).status_code == 303
    assert "“Not yet”" not in browser.get(NEW).text


def test_somebody_elses_unsaved_form_is_hers_alone_but_a_note_tells_of_it(shop: Shop) -> None:
    number, hers, his = a_tee(shop), at_the_desk(shop), at_the_desk(shop)
    form = opened(hers, page_of(number))
    form["title"] = "Her secret"
    hers.post(kept(number), data=form)

    page = his.get(page_of(number)).text
    assert "is editing this now" in page
    assert "is editing" in his.get(f"{kept(number)}/others").text
    assert "You have unsaved changes" not in page
    assert "Her secret" not in his.get(f"{page_of(number)}?restore=1").text
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=3))
    assert "is editing" not in his.get(f"{kept(number)}/others").text


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
