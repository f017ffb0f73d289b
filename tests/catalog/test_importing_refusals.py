"""Promises about what an import refuses or leaves out: line by line, and never unsaid."""

from pathlib import Path

import pytest
from flask import Flask

from store.catalog.importing.applying import prepare
from store.catalog.models import ProductStatus
from store.clock import FixedClock
from tests.catalog.importing import (
    HEADER,
    a_file,
    handles,
    product,
    run_import,
)
from tests.shop import Shop


@pytest.fixture(autouse=True)
def _inside_the_app(app: Flask) -> None:
    """What the tests read after a command, they read in the application's context."""


def test_rows_are_refused_one_by_one_with_line_and_reason(shop: Shop) -> None:
    outcome = run_import(shop, "refused.csv")

    assert outcome.exit_code == 1
    assert outcome.summary == "2 new, 0 changed, 0 unchanged, 0 warnings, 14 refused"
    assert handles() == ["gift", "tee"]
    assert outcome.section("Refused") == [
        "line 5: Variant Price 'twenty' is not a number such as 1299.50",
        "line 6: Variant Price '19.999' has more decimals than AUD",
        "line 7: Variant Price '-5' is not between 0 and the most that can be paid",
        "line 8: Variant Inventory Qty '1.5' is no number of units",
        "line 9: Variant Inventory Policy 'maybe' is neither deny nor continue",
        "line 10: Variant Requires Shipping 'perhaps' is neither TRUE nor FALSE",
        "line 11: S stands on line 4 already",
        "line 12: Option1 Value is missing",
        "line 13: its price is missing",
        "line 14: none of its variants can be imported",
        "line 15: Title is missing, and the shop has no such product yet",
        "line 16: Handle is missing",
        "line 17: the row has 3 cells, the header 13 columns",
        "line 18: the row has 14 cells, the header 13 columns",
    ]


def test_whatever_is_left_out_is_said(shop: Shop) -> None:
    outcome = run_import(shop, "warned.csv")

    assert outcome.exit_code == 0
    assert outcome.section("Warnings") == [
        "line 2: Image Src is no address of a picture: left out",
        "line 2: Option2 Name 'Fit' has no values: left out",
        "line 2: Variant Barcode 3.65275E+11 lost its digits in a spreadsheet: left out",
        "line 2: Variant Compare At Price is not above the price: left out",
        "line 2: left out of the description: iframe, img",
        "line 3: Title differs from line 2, which has the same handle: left out",
        "line 3: Variant Image is no address of a picture: left out",
        "line 3: Variant Price is 0: this is given away",
        "line 3: Variant SKU SAME belongs to a / S: left out",
        "line 4: Option1 Name is missing: called 'Option 1'",
        "line 4: Status 'unlisted' is unknown here: kept as a draft",
        "line 4: Variant SKU SAME belongs to a / S: left out",
    ]
    assert product("b").status is ProductStatus.DRAFT


def test_both_spellings_of_colour_are_two_options(shop: Shop) -> None:
    run_import(shop, "two-spellings.csv")

    assert [option.name for option in product("both").options] == ["Color", "Colour"]


@pytest.mark.parametrize(
    ("currency", "cell", "minor"),
    [
        ("AUD", "50", 5000),
        ("AUD", "5.7", 570),
        ("AUD", "$1,299.50", 129950),
        ("AUD", "AUD 20", 2000),
        ("AUD", ".5", 50),
        ("JPY", "1000.00", 1000),
        ("KWD", "5.705", 5705),
        ("AUD", "0.29", 29),
        ("AUD", "1.005", None),
        ("JPY", "10.5", None),
        ("AUD", "12,50", None),
        ("AUD", "1e3", None),
        ("AUD", "NaN", None),
        ("AUD", "Infinity", None),
        ("AUD", "1_000", None),
        ("AUD", "٣", None),
        ("AUD", "9999999999", None),
        ("AUD", "1" * 5000, None),
        ("AUD", "A$25", 2500),
        ("AUD", "25 AUD", 2500),
        ("EUR", "25,00 €", None),
        ("EUR", "25.00 €", 2500),
        ("AUD", "€25", None),
        ("AUD", "US$25", None),
        ("NZD", "A$25", None),
        ("EUR", "$25", None),
    ],
)
def test_prices_are_exact_or_refused(
    clock: FixedClock, currency: str, cell: str, minor: int | None
) -> None:
    content = f'{HEADER}\nx,X,,,,"{cell}"\n'.encode()

    prepared = prepare(content, currency, clock.now())

    prices = [one.lowest.minor for one in prepared.differences]
    assert prices == ([] if minor is None else [minor])
    assert len(prepared.notes.refusals) == (minor is None)


def test_names_that_nobody_could_read_are_refused(shop: Shop, tmp_path: Path) -> None:
    lines = [
        "---,Rule,,,,10",
        "\U0001f3f3\ufe0f\u200d\U0001f308,Flag,,,,10",
        "nothing,\u200b\ufe0f,,,,10",
        "turned,a\u202ebc\u2069,,,,10",
        "love,\U0001f3f3\ufe0f\u200d\U0001f308,,,,10",
    ]

    outcome = run_import(shop, a_file(tmp_path, HEADER, *lines))

    assert outcome.summary == "2 new, 0 changed, 0 unchanged, 0 warnings, 3 refused"
    refused = outcome.section("Refused")
    assert refused[0] == "line 2: Handle '---' holds no letter and no digit"
    assert refused[1].endswith("holds no letter and no digit")
    assert refused[2] == "line 4: Title holds nothing that can be read"
    assert product("turned").title == "abc"
    assert product("love").title == "\U0001f3f3\ufe0f\u200d\U0001f308"


@pytest.mark.parametrize(
    "address", ["https://e.test:99999/x.jpg", "https://e.test:0/x.jpg", "http://[bad/x", "data:,x"]
)
def test_address_that_no_picture_can_have_is_left_out(
    shop: Shop, tmp_path: Path, address: str
) -> None:
    row = f'tee,Tee,,,,10,"{address}"'

    outcome = run_import(shop, a_file(tmp_path, f"{HEADER},Image Src", row))

    assert outcome.section("Warnings") == ["line 2: Image Src is no address of a picture: left out"]
    assert product("tee").pictures == ()


def test_report_holds_nothing_that_a_terminal_obeys(shop: Shop, tmp_path: Path) -> None:
    row = "tee,\x1b[2J\x07Tee,,,,\x1b]0;x\x07oops"

    outcome = run_import(shop, a_file(tmp_path, HEADER, row))

    assert "\x1b" not in outcome.stdout
    assert "\x07" not in outcome.stdout


def test_too_long_texts_are_refused_or_cut_with_a_word(shop: Shop, tmp_path: Path) -> None:
    header = "Handle,Title,Vendor,Tags,Variant Price,Variant SKU"
    lines = [
        f"{'h' * 161},Long handle,,,10,",
        f"{'h' * 162},Another,,,10,",
        f"title,{'t' * 256},,,10,",
        f"sku,Sku,,,10,{'s' * 121}",
        f"cut,Cut,{'v' * 200},{'t' * 100},10,",
    ]

    outcome = run_import(shop, a_file(tmp_path, header, *lines))

    assert outcome.summary == "3 new, 0 changed, 0 unchanged, 4 warnings, 2 refused"
    assert product("h" * 160).title == "Long handle"
    assert product("sku").variants[0].sku is None
    assert (len(product("cut").vendor), len(product("cut").tags[0])) == (120, 80)


def test_handles_that_only_we_would_write_alike_are_two_products(
    shop: Shop, tmp_path: Path
) -> None:
    header = "Handle,Title,Option1 Name,Option1 Value,Variant Price"
    lines = ["my_tee,A,Size,S,9", "my-tee,B,Colour,Red,8", "my_tee,,,M,9", "My_tee,,,L,9"]

    outcome = run_import(shop, a_file(tmp_path, header, *lines))

    (refused,) = outcome.section("Refused")
    assert refused.startswith(
        "line 3: Handle 'my-tee' becomes 'my-tee' here, as 'my_tee' on line 2"
    )
    assert [variant.values for variant in product("my-tee").variants] == [("S",), ("M",), ("L",)]


@pytest.mark.parametrize(
    ("sku", "kept"), [("4.99587E+11", "499587000001"), ("1E5", "1E5"), ("S" * 121, "499587000001")]
)
def test_sku_that_a_spreadsheet_rounded_is_left_as_it_was(
    shop: Shop, tmp_path: Path, sku: str, kept: str
) -> None:
    header = "Handle,Title,Variant SKU,Variant Price"
    run_import(shop, a_file(tmp_path, header, "tee,Tee,499587000001,10"))

    outcome = run_import(shop, a_file(tmp_path, header, f"tee,Tee,{sku},11"))

    assert (product("tee").variants[0].sku, product("tee").variants[0].price.minor) == (kept, 1100)
    assert len(outcome.section("Warnings")) == (kept != sku)
