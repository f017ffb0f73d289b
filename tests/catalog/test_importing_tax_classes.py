"""Product files keep how a product is taxed, by our own column or by WooCommerce's."""

from pathlib import Path

import pytest
from flask import Flask

from store.catalog.exporting import export
from store.catalog.importing.applying import prepare
from store.catalog.models import TaxClass
from store.database import writing
from tests.builders import a_product
from tests.catalog.importing import HEADER, a_file, product, run_import
from tests.shop import Shop

WOO = "ID,Type,SKU,Name,Published,Tax status,Tax class,Regular price,Parent"


@pytest.fixture(autouse=True)
def _inside_the_app(app: Flask) -> None:
    """What the tests read after a command, they read in the application's context."""


def written(shop: Shop) -> bytes:
    return "".join(export(shop.services.settings, shop.clock.now())).encode()


@pytest.mark.parametrize("tax_class", TaxClass)
def test_what_goes_out_comes_back_with_its_class(
    shop: Shop, tmp_path: Path, tax_class: TaxClass
) -> None:
    with writing():
        book = a_product(shop.clock, handle="book")
        book.tax_class = tax_class
    file = tmp_path / "export.csv"
    file.write_bytes(written(shop))
    assert not prepare(written(shop), "AUD", shop.clock.now()).differences
    with writing() as session:
        session.merge(book).tax_class = TaxClass.REDUCED

    outcome = run_import(shop, file)

    assert product("book").tax_class is tax_class
    is_same = tax_class is TaxClass.REDUCED
    assert outcome.summary.startswith("0 new, 0 changed" if is_same else "0 new, 1 changed")


def test_a_new_product_is_taxed_as_its_file_says(shop: Shop, tmp_path: Path) -> None:
    file = a_file(tmp_path, f"{HEADER},Tax Class", "book,Book,Title,Default Title,B,20,Reduced")

    run_import(shop, file)

    assert product("book").tax_class is TaxClass.REDUCED


@pytest.mark.parametrize(("column", "cell"), [("Tax Class", ""), ("Variant Tax Code", "P0000000")])
def test_what_a_file_does_not_say_stays(shop: Shop, tmp_path: Path, column: str, cell: str) -> None:
    with writing():
        book = a_product(shop.clock, handle="book", title="Book")
        book.tax_class = TaxClass.DIGITAL
    file = a_file(tmp_path, f"{HEADER},{column}", f"book,Book,Title,Default Title,B,20,{cell}")

    run_import(shop, file)

    assert product("book").tax_class is TaxClass.DIGITAL


def test_a_class_that_nobody_knows_is_said_and_left(shop: Shop, tmp_path: Path) -> None:
    file = a_file(tmp_path, f"{HEADER},Tax Class", "book,Book,Title,Default Title,B,20,luxury")

    outcome = run_import(shop, file)

    assert product("book").tax_class is TaxClass.STANDARD
    assert "'luxury' is unknown here" in outcome.stdout


@pytest.mark.parametrize(
    ("cell", "tax_class"),
    [
        ("", TaxClass.STANDARD),
        ("standard", TaxClass.STANDARD),
        ("Reduced-rate", TaxClass.REDUCED),
        ("zero-rate", TaxClass.ZERO),
        ("luxury", TaxClass.STANDARD),
    ],
)
def test_classes_of_woocommerce_are_read(
    shop: Shop, tmp_path: Path, cell: str, tax_class: TaxClass
) -> None:
    file = a_file(tmp_path, WOO, f"1,simple,B,Book,1,taxable,{cell},20,")

    outcome = run_import(shop, file)

    assert product("book").tax_class is tax_class
    assert ("none of ours" in outcome.stdout) == (cell == "luxury")
