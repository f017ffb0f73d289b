"""Options, variants and the grid: what is renamed, moved or added keeps its stock and prices."""

import pytest

from store.catalog.models import Product
from store.database import db, writing
from tests.builders import a_product
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
from tests.staffing import at_the_desk


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
        ("sent", "perhaps", "Choose yes or no"),
        ("taxed", "1", "Choose yes or no"),
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
    if column not in {"selling", "sent", "taxed"}:
        assert fields_of(answer.text).getlist(column)[0] == typed
    assert fields_of(answer.text)["title"] == "Kept <b>&amp;"


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


@pytest.mark.slow
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


def test_what_goes_by_post_and_what_is_taxed_is_said_for_each_variant(shop: Shop) -> None:
    number, browser = a_tee(shop, options={"Kind": ["Paper", "Download"]}), at_the_desk(shop)
    form = opened(browser, page_of(number))
    assert (form.getlist("sent"), form.getlist("taxed")) == (["yes", "yes"], ["yes", "yes"])
    form = typed_into(typed_into(form, "sent", "yes", "no"), "taxed", "no", "yes")

    assert sent(browser, page_of(number), form).status_code == 303

    assert said_of(shop, number) == {"Paper": (True, False), "Download": (False, True)}
    assert undo_newest(browser, page_of(number)) == 303
    assert said_of(shop, number) == {"Paper": (True, True), "Download": (True, True)}


def test_a_variant_added_is_sent_and_taxed_as_its_siblings(shop: Shop) -> None:
    number, browser = a_tee(shop, options={"Kind": ["Download"]}), at_the_desk(shop)
    form = typed_into(opened(browser, page_of(number)), "sent", "no")
    form = acted(browser, page_of(number), form, "add-missing", **{"new-1": "Ticket"})

    assert sent(browser, page_of(number), form).status_code == 303

    assert said_of(shop, number) == {"Download": (False, True), "Ticket": (False, True)}


def test_a_form_from_before_these_columns_changes_neither(shop: Shop) -> None:
    number, browser = a_tee(shop, options={"Kind": ["Download"]}), at_the_desk(shop)
    form = typed_into(opened(browser, page_of(number)), "sent", "no")
    sent(browser, page_of(number), form)
    older = opened(browser, page_of(number))
    del older["sent"], older["taxed"]

    assert sent(browser, page_of(number), older, title="Later").status_code == 303

    assert said_of(shop, number) == {"Download": (False, True)}


def said_of(shop: Shop, product_id: int) -> dict[str, tuple[bool, bool]]:
    """Return of each variant whether it is sent and whether it is taxed."""
    with shop.app.app_context():
        variants = db.session.get_one(Product, product_id).variants
        return {v.combination: (v.requires_shipping, v.taxable) for v in variants}
