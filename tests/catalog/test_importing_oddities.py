"""Promises about what real files of Shopify hold beside what its documentation says."""

from pathlib import Path

import pytest
from flask import Flask

from store.catalog.models import ProductStatus
from tests.builders import aud
from tests.catalog.importing import Outcome, handles, on_hand, product, run_import
from tests.shop import Shop

LEGACY = (
    "Handle,Title,Body (HTML),Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,"
    "Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Variant Taxable,Image Src,"
    "Image Position,Variant Weight Unit"
)


@pytest.fixture(autouse=True)
def _inside_the_app(app: Flask) -> None:
    """What the tests read after a command, they read in the application's context."""


def told(shop: Shop, folder: Path, header: str, *lines: str) -> Outcome:
    path = folder / "products.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return run_import(shop, path)


def test_variants_need_no_sku(shop: Shop, tmp_path: Path) -> None:
    rows = ["tee,Tee,,TRUE,Size,S,,,shopify,1,10,,,,", "tee,,,,,M,,,shopify,2,10,,,,"]
    told(shop, tmp_path, LEGACY, *rows)

    again = told(shop, tmp_path, LEGACY, rows[0], rows[1].replace(",2,10", ",5,12"))

    assert again.summary == "0 new, 1 changed, 0 unchanged, 0 warnings, 0 refused"
    assert on_hand("tee") == {"S": 1, "M": 5}
    assert [variant.price for variant in product("tee").variants] == [aud(10), aud(12)]


def test_eighteen_rows_of_pictures_are_one_product(shop: Shop, tmp_path: Path) -> None:
    pictures = [f"tee,,,,,,,,,,,,https://e.test/{n}.png,{n}," for n in range(19, 1, -1)]

    outcome = told(
        shop,
        tmp_path,
        LEGACY,
        "tee,Tee,,true,Title,Default Title,T,,,,10,,https://e.test/1.png,1,",
        *pictures,
    )

    assert outcome.summary == "1 new, 0 changed, 0 unchanged, 0 warnings, 0 refused"
    assert len(product("tee").variants) == 1
    assert [p.source_url[15:] for p in product("tee").pictures] == [
        f"{n}.png" for n in range(1, 20)
    ]


def test_pictures_come_by_position_whatever_variant_stands_beside_them(
    shop: Shop, tmp_path: Path
) -> None:
    told(
        shop,
        tmp_path,
        LEGACY,
        "tee,Tee,,true,Size,S,,,,,10,,https://e.test/second.png,2,",
        "tee,,,,,M,,,,,10,,https://e.test/first.png,1,",
    )

    assert [p.source_url[15:] for p in product("tee").pictures] == ["first.png", "second.png"]
    assert [variant.pictures for variant in product("tee").variants] == [(), ()]


def test_true_and_false_are_written_in_any_case(shop: Shop, tmp_path: Path) -> None:
    told(
        shop,
        tmp_path,
        LEGACY,
        "a,A,,true,Title,Default Title,A,,,,10,TRUE,,,",
        "b,B,,TRUE,Title,Default Title,B,,,,10,False,,,",
        "c,C,,false,Title,default title,C,,,,10,true,,,",
    )

    assert [product(handle).status for handle in handles()] == [
        ProductStatus.ACTIVE,
        ProductStatus.ACTIVE,
        ProductStatus.DRAFT,
    ]
    assert [product(handle).variants[0].taxable for handle in handles()] == [True, False, True]
    assert product("c").options == ()


def test_grams_are_grams_whatever_unit_is_shown(shop: Shop, tmp_path: Path) -> None:
    told(shop, tmp_path, LEGACY, "a,A,,true,Title,Default Title,A,226.796185,,,10,,,,lb")

    assert product("a").variants[0].weight_grams == 227


def test_description_of_several_lines_keeps_its_quotes(shop: Shop, tmp_path: Path) -> None:
    told(
        shop,
        tmp_path,
        LEGACY,
        'a,A,"<p>Print,\n9"" x 12""</p>\n<p>尺寸</p>",true,Title,Default Title,A,,,,10,,,,',
    )

    assert product("a").body == 'Print, 9" x 12"\n\n尺寸'


def test_metafields_and_markets_are_named_and_left_out(shop: Shop, tmp_path: Path) -> None:
    header = (
        "Handle,Title,Product Category,Option1 Name,Option1 Value,Option1 Linked To,Variant Price,"
        "Sizes (product.metafields.shopify.size),Included / Australia,Price / Australia,Status"
    )

    outcome = told(
        shop,
        tmp_path,
        header,
        "a,A,Apparel,Size,XS,product.metafields.shopify.size,10,xs; s; m,TRUE,12,active",
    )

    assert outcome.stdout.startswith("format: Shopify product export, legacy header with Status")
    (remark,) = [line for line in outcome.section("Remarks") if "does not keep" in line]
    for name in (
        "Product Category",
        "Option1 Linked To",
        "Sizes (product.metafields.shopify.size)",
        "Included / Australia",
        "Price / Australia",
    ):
        assert name in remark
    assert product("a").variants[0].price == aud(10)
    assert outcome.summary == "1 new, 0 changed, 0 unchanged, 0 warnings, 0 refused"


def test_active_product_that_is_not_published_is_a_draft(shop: Shop, tmp_path: Path) -> None:
    header = "Handle,Title,Published,Status,Variant Price"

    told(shop, tmp_path, header, "a,A,false,active,1", "b,B,true,draft,1", "c,C,true,archived,1")

    assert [product(handle).status for handle in handles()] == [
        ProductStatus.DRAFT,
        ProductStatus.DRAFT,
        ProductStatus.ARCHIVED,
    ]


def test_five_hundred_products_without_pictures_come_in(shop: Shop, tmp_path: Path) -> None:
    rows = [f"p{n},P {n},,TRUE,Title,Default Title,S{n},,,,10,,,," for n in range(500)]

    outcome = told(shop, tmp_path, LEGACY, *rows)

    assert outcome.summary == "500 new, 0 changed, 0 unchanged, 0 warnings, 0 refused"


def test_skus_that_change_places_far_apart_arrive(shop: Shop, tmp_path: Path) -> None:
    header = "Handle,Title,Variant SKU,Variant Price"
    skus = [f"S{n}" for n in range(250)]
    told(shop, tmp_path, header, *(f"p{n},P,{sku},10" for n, sku in enumerate(skus)))
    skus[0], skus[249] = skus[249], skus[0]

    outcome = told(shop, tmp_path, header, *(f"p{n},P,{sku},10" for n, sku in enumerate(skus)))

    assert outcome.summary == "0 new, 2 changed, 248 unchanged, 0 warnings, 0 refused"
    assert [product(h).variants[0].sku for h in ("p0", "p249")] == ["S249", "S0"]
