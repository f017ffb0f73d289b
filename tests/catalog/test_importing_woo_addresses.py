"""Promises about which product of the shop a product of a WooCommerce export is."""

from pathlib import Path

import pytest
from flask import Flask

from tests.catalog.importing import Outcome, a_file, handles, on_hand, product, run_import
from tests.shop import Shop

COLUMNS = "ID,Type,SKU,Name,Regular price,Stock,Parent,Attribute 1 name,Attribute 1 value(s)"
MUGS = ("1,simple,A,Mug,9,5", "2,simple,B,Mug,12,7")
NO_SKUS = ("1,simple,,Mug,9,5", "2,simple,,Mug,12,7")


@pytest.fixture(autouse=True)
def _inside_the_app(app: Flask) -> None:
    """What the tests read after a command, they read in the application's context."""


def told(shop: Shop, folder: Path, *rows: str) -> Outcome:
    width = COLUMNS.count(",")
    return run_import(
        shop, a_file(folder, COLUMNS, *(row + "," * (width - row.count(",")) for row in rows))
    )


def prices() -> dict[str | None, int]:
    """Return by SKU what each variant of the shop costs."""
    shown = (variant for handle in handles() for variant in product(handle).variants)
    return {variant.sku: variant.price.minor for variant in shown}


@pytest.mark.parametrize("rows", [MUGS[1:], MUGS[::-1], MUGS[:1]])
def test_part_of_a_file_in_any_order_is_about_the_same_products(
    shop: Shop, tmp_path: Path, rows: tuple[str, ...]
) -> None:
    told(shop, tmp_path, *MUGS)

    outcome = told(shop, tmp_path, *rows)

    assert outcome.summary == f"0 new, 0 changed, {len(rows)} unchanged, 0 warnings, 0 refused"
    assert prices() == {"A": 900, "B": 1200}
    assert (on_hand("mug"), on_hand("mug-b")) == ({"": 5}, {"": 7})


@pytest.mark.parametrize("rows", [NO_SKUS, NO_SKUS[::-1]])
def test_without_skus_numbers_tell_who_has_the_name(
    shop: Shop, tmp_path: Path, rows: tuple[str, ...]
) -> None:
    told(shop, tmp_path, *rows)

    assert [product(handle).variants[0].price.minor for handle in ("mug", "mug-2")] == [900, 1200]
    assert told(shop, tmp_path, NO_SKUS[1]).summary.startswith("0 new, 0 changed, 1 unchanged")


def test_other_name_is_no_other_product(shop: Shop, tmp_path: Path) -> None:
    told(shop, tmp_path, *MUGS)

    outcome = told(shop, tmp_path, "1,simple,A,Large mug,9,5")

    assert outcome.summary == "0 new, 1 changed, 0 unchanged, 0 warnings, 0 refused"
    assert (handles(), product("mug").title) == (["mug", "mug-b"], "Large mug")


def test_product_of_a_known_name_and_other_skus_is_another(shop: Shop, tmp_path: Path) -> None:
    told(shop, tmp_path, MUGS[1])

    outcome = told(shop, tmp_path, MUGS[0])

    assert outcome.section("Warnings") == [
        "line 2: 'mug' sells other SKUs here: this one becomes 'mug-a'"
    ]
    assert prices() == {"B": 1200, "A": 900}


def test_variations_know_their_product_by_any_of_their_skus(shop: Shop, tmp_path: Path) -> None:
    sold = ("4,variation,T-S,,20,3,T,Size,S", "5,variation,T-M,,20,3,T,Size,M")
    told(shop, tmp_path, "3,variable,T,Tee,,,,Size,", *sold)

    outcome = told(shop, tmp_path, "3,variable,T,Summer tee,,,,Size,", sold[1])

    assert outcome.summary == "0 new, 1 changed, 0 unchanged, 0 warnings, 0 refused"
    assert (handles(), product("tee").title) == (["tee"], "Summer tee")
    assert [variant.sku for variant in product("tee").variants] == ["T-S", "T-M"]


def test_single_product_does_not_take_the_place_of_variants(shop: Shop, tmp_path: Path) -> None:
    header = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price"
    run_import(shop, a_file(tmp_path, header, "tees,Tees,Size,S,T-S,20", "tees,,,M,T-M,20"))

    outcome = told(shop, tmp_path, "9,simple,T-S,Small tee,30,1")

    assert len(product("tees").variants) == 2
    assert product("small-tee").variants[0].sku is None
    assert outcome.section("Warnings") == ["line 2: Variant SKU T-S belongs to tees / S: left out"]
