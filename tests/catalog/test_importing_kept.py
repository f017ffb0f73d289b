"""Promises about what an import leaves as it is: whatever the file does not speak of."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from store.catalog.importing.applying import apply, prepare
from store.catalog.models import Product, StockPolicy
from store.catalog.queries import product_page
from store.clock import FixedClock
from store.database import db, writing
from tests.builders import a_product, an_image, aud
from tests.catalog.importing import FILES, HEADER, a_file, on_hand, product, run_import
from tests.shop import Shop


@pytest.fixture(autouse=True)
def _inside_the_app(app: Flask) -> None:
    """What the tests read after a command, they read in the application's context."""


def test_missing_stock_column_is_never_read_as_zero(shop: Shop, tmp_path: Path) -> None:
    with_stock = (FILES / "no-stock-column.csv").read_text("utf-8").splitlines()
    counted = a_file(
        tmp_path, with_stock[0] + ",Variant Inventory Qty", with_stock[1].replace("21", "20") + ",9"
    )
    run_import(shop, counted)

    outcome = run_import(shop, "no-stock-column.csv")

    assert outcome.section("Prices") == ["stocked: its variant: 20.00 → 21.00"]
    assert on_hand("stocked") == {"": 9}


def test_blank_quantity_leaves_the_stock(shop: Shop, tmp_path: Path) -> None:
    header = f"{HEADER},Variant Inventory Tracker,Variant Inventory Qty"
    run_import(shop, a_file(tmp_path, header, "a,A,,,S1,10,shopify,5"))

    run_import(shop, a_file(tmp_path, header, "a,A,,,S1,10,shopify,"))

    assert on_hand("a") == {"": 5}


def test_tracked_variant_without_a_count_is_not_sold_without_limit(
    shop: Shop, clock: FixedClock
) -> None:
    run_import(shop, "no-stock-column.csv")

    assert on_hand("stocked") == {"": 0}
    assert not product_page("stocked", now=clock.now()).card.availability.can_buy


def test_absent_columns_leave_what_the_shop_has(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    run_import(shop, "tees.csv")
    before = product("late-tee")

    outcome = run_import(
        shop, a_file(tmp_path, "Handle,Variant SKU,Variant Price", "late-tee,TEE-B-S,44")
    )

    after = product("late-tee")
    assert outcome.summary == "0 new, 1 changed, 0 unchanged, 0 warnings, 0 refused"
    assert after.variants[0].price == aud(44)
    assert (after.title, after.body, after.tags, after.pictures, after.variants[1:]) == (
        before.title,
        before.body,
        before.tags,
        before.pictures,
        before.variants[1:],
    )


def test_variants_pictures_and_swatches_of_the_shop_stay(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    with writing():
        tee = a_product(clock, handle="tee", title="Tee", options={"Size": ["S", "M"]})
        an_image(tee, content_hash="a" * 64)
        tee.options[0].values[0].swatch = "#111111"
    before = product("tee")

    run_import(
        shop,
        a_file(tmp_path, f"{HEADER},Image Src", "tee,Tee,Size,XL,NEW,45,https://example.org/x.png"),
    )

    after = product("tee")
    assert after.variants[:2] == before.variants
    assert after.options[0].value_names == ("S", "M", "XL")
    assert after.options[0].values[0].swatch == "#111111"
    assert [p.key for p in after.pictures] == ["a" * 64, "https://example.org/x.png"]


def test_other_options_are_refused_where_stock_would_be_lost(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    with writing():
        a_product(clock, handle="tee", title="Tee", options={"Size": ["S", "M"]})

    outcome = run_import(shop, a_file(tmp_path, HEADER, "tee,Tee,Colour,Red,,45"))

    assert outcome.exit_code == 1
    assert "S has a stock history" in outcome.section("Refused")[0]
    assert product("tee").options[0].name == "Size"


def test_continue_keeps_a_preorder(shop: Shop, clock: FixedClock, tmp_path: Path) -> None:
    with writing():
        a_product(clock, handle="tee", title="Tee", policy=StockPolicy.PREORDER)

    header = "Handle,Title,Variant Inventory Policy"
    assert run_import(shop, a_file(tmp_path, header, "tee,Tee,continue")).summary.startswith(
        "0 new, 0 changed, 1 unchanged"
    )


def test_sale_between_comparison_and_writing_is_not_undone(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    run_import(shop, "tees.csv")
    text = (FILES / "tees.csv").read_text("utf-8").replace("Late Edition tee", "Early tee")
    prepared = prepare(text.replace(",5.7,", ",5.8,").encode(), "AUD", clock.now())
    db.session.rollback()
    with writing():
        mug = db.session.scalars(select(Product).where(Product.handle == "mug")).one()
        mug.body = "Written by staff meanwhile"

    with writing():
        apply(prepared, source="tees.csv", clock=clock)

    assert product("mug").variants[0].price == aud(5.80)
    assert product("late-tee").title == "Early tee"
