"""Promises about files that are read piece by piece: nothing depends on where a piece ends."""

from pathlib import Path

import pytest
from flask import Flask

from store.catalog.importing.planning import parts_of
from store.catalog.importing.sheets import ProductSheet, VariantSheet
from tests.catalog.importing import HEADER, a_file, handles, product, run_import
from tests.shop import Shop

PIECE = 64 * 1024
"""Bytes that are decoded together."""


@pytest.fixture(autouse=True)
def _inside_the_app(app: Flask) -> None:
    """What the tests read after a command, they read in the application's context."""


def test_rows_of_one_product_may_stand_apart(shop: Shop, tmp_path: Path) -> None:
    outcome = run_import(
        shop,
        a_file(
            tmp_path,
            HEADER,
            "tee,Tee,Size,S,tee-s,10",
            "mug,Mug,,,mug,12",
            "cap,Cap,Size,One,cap-1,14",
            "tee,,,M,tee-m,11",
            "cap,,,Two,cap-2,x",
            "tee,,,L,tee-l,12",
        ),
    )

    assert outcome.summary == "3 new, 0 changed, 0 unchanged, 0 warnings, 1 refused"
    assert [variant.sku for variant in product("tee").variants] == ["tee-s", "tee-m", "tee-l"]
    assert [variant.sku for variant in product("cap").variants] == ["cap-1"]
    assert handles() == ["tee", "mug", "cap"]


@pytest.mark.parametrize("padding", range(4))
def test_letters_of_several_bytes_may_stand_where_a_piece_ends(
    shop: Shop, tmp_path: Path, padding: int
) -> None:
    rows = [f"p{number},{'é🏳' * 60},,,,10" for number in range(200)]
    file = a_file(tmp_path, HEADER, f"{'x' * (padding + 1)},X,,,,10", *rows)
    assert file.stat().st_size > PIECE

    outcome = run_import(shop, file, "--dry-run")

    assert outcome.summary == "201 new, 0 changed, 0 unchanged, 0 warnings, 0 refused"


@pytest.mark.parametrize("place", [100, PIECE - 2, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_byte_that_is_no_text_is_told_by_its_line(shop: Shop, tmp_path: Path, place: int) -> None:
    content = bytearray(b"\n".join([HEADER.encode(), *[b"p,P,,,,10"] * 40_000]))
    content[place] = 0xFF
    line = content.count(b"\n", 0, place) + 1
    file = tmp_path / "products.csv"
    file.write_bytes(content)

    assert f"line {line} is not UTF-8" in run_import(shop, file).stderr


def test_letter_that_breaks_off_at_the_end_is_told(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "products.csv"
    file.write_bytes(HEADER.encode() + b"\ntee,Tee,,,,10\ncap,Cap \xc3")

    assert "line 3 is not UTF-8" in run_import(shop, file).stderr


@pytest.mark.parametrize("rows_at_once", [1, 5, 6, 1000])
def test_products_are_written_in_parts_of_so_many_rows(app: Flask, rows_at_once: int) -> None:
    """Wherever a part ends, each product is in one, in the order of the file."""
    sheets = [_sheet(f"tee-{n}", variants=n % 3 + 1) for n in range(9)]

    parts = list(parts_of(sheets, rows_at_once))

    assert [sheet for part in parts for sheet in part] == sheets
    for part in parts:
        assert len(part) == 1 or sum(1 + len(sheet.variants) for sheet in part) <= rows_at_once


def test_products_between_which_a_sku_moves_are_one_part(app: Flask) -> None:
    sheets = [_sheet(f"tee-{n}", variants=1, sku="one" if n in {2, 7} else "") for n in range(9)]

    parts = list(parts_of(sheets, rows_at_once=4))

    assert [sheet.handle for sheet in parts[0]] == ["tee-2", "tee-7"]
    assert sum(map(len, parts)) == len(sheets)


def _sheet(handle: str, *, variants: int, sku: str = "") -> ProductSheet:
    rows = tuple(
        VariantSheet(1, (str(n),), {"sku": sku} if sku else {}, None) for n in range(variants)
    )
    return ProductSheet(1, (1,), handle, {}, ("Size",), rows, ())
