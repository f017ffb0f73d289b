"""Promises about files that are none, or not ours: each is answered, whatever it holds."""

import csv
import io
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from store.catalog.importing.applying import apply, prepare
from store.catalog.importing.formats import Field
from store.catalog.importing.notes import FileRefusedError
from store.catalog.importing.reading import MOST_BYTES
from store.catalog.importing.report import difference_lines, summary
from store.clock import FixedClock
from store.database import writing
from store.inventory.models import StockLevel
from tests.catalog.importing import (
    HEADER,
    a_file,
    run_import,
    shared,
)
from tests.catalog.undoing import UndoneError
from tests.shop import Shop

cell = st.one_of(
    st.sampled_from(
        ["", "a", "A", "b", "tee", "Title", "Default Title", "S", "M", "10", "5.7", "-1", "shopify"]
    ),
    st.sampled_from(
        ["TRUE", "false", "deny", "continue", "active", "https://x.test/a.png", "<b>x"]
    ),
    st.text(max_size=12),
)


@pytest.fixture(autouse=True)
def _inside_the_app(app: Flask) -> None:
    """What the tests read after a command, they read in the application's context."""


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("empty.csv", "the file is empty"),
        ("blank.csv", "the file is empty"),
        ("header-only.csv", "has a header and no products"),
        ("unclosed-quote.csv", "line 2: a quotation mark that opens here is never closed"),
        ("text-after-quote.csv", "line 2: text follows a closing quotation mark"),
        ("nul.csv", "line 2 holds a NUL byte"),
        ("latin-1.csv", "line 3 is not UTF-8"),
        ("utf-16.csv", "UTF-16"),
        ("workbook.csv", "Excel workbook"),
        ("semicolons.csv", "separated by semicolons"),
        ("unknown.csv", "known formats"),
    ],
)
def test_what_is_no_product_file_is_refused_in_a_clear_line(
    shop: Shop, name: str, reason: str
) -> None:
    outcome = run_import(shop, name)

    assert reason in outcome.stderr
    assert outcome.summary == "0 new, 0 changed, 0 unchanged, 0 warnings, 1 refused"
    assert outcome.exit_code == 1


@pytest.mark.parametrize(
    ("lines", "separators"),
    [
        (['"Handle";"Title";"Variant Price"', '"tee";"Tee";"10"'], "semicolons"),
        (
            ["ID;Type;SKU;GTIN, UPC, EAN, or ISBN;Name;Regular price", "1;simple;A;;T;1"],
            "semicolons",
        ),
        (["sep=;", "Handle;Title", "tee;Tee"], "semicolons"),
        (["\ufeffHandle\tTitle\tVariant Price", "tee\tTee\t10"], "tabs"),
        (["Handle|Title|Variant Price\rtee|Tee|10,50,60,70"], "vertical bars"),
    ],
)
def test_what_stands_between_cells_is_named_before_anything_else(
    shop: Shop, tmp_path: Path, lines: list[str], separators: str
) -> None:
    answer = run_import(shop, a_file(tmp_path, *lines)).stderr

    assert f"separated by {separators}, not by commas" in answer
    assert "known formats" in answer


def test_header_that_begins_with_half_of_a_mark_is_answered(shop: Shop, tmp_path: Path) -> None:
    assert "known formats" in run_import(shop, a_file(tmp_path, "\uff1aa,b,c", "1,2,3")).stderr


def test_woocommerce_in_another_language_is_told_what_to_do(shop: Shop, tmp_path: Path) -> None:
    lines = ["\t\ufeffID,Typ,Artikelnummer,Name,Regulärer Preis", '1,"simple, virtual",A,Becher,9']

    assert "choose English" in run_import(shop, a_file(tmp_path, *lines)).stderr


def test_unknown_formats_are_answered_with_the_known_ones(shop: Shop) -> None:
    answer = run_import(shop, "unknown.csv").stderr

    assert "Shopify product export, legacy header" in answer
    assert "WooCommerce product export" in answer


def test_file_larger_than_any_export_is_refused(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)

    outcome = run_import(shop, path)

    assert "larger than 15 MB" in outcome.stderr
    assert outcome.exit_code == 1


def test_line_that_excel_writes_before_the_header_is_passed_over(
    shop: Shop, tmp_path: Path
) -> None:
    outcome = run_import(shop, a_file(tmp_path, "sep=,", HEADER, "tee,Tee,,,,10", "mug,Mug,,,,x"))

    assert outcome.summary == "1 new, 0 changed, 0 unchanged, 0 warnings, 1 refused"
    assert outcome.section("Refused") == [
        "line 4: Variant Price 'x' is not a number such as 1299.50"
    ]


@pytest.mark.slow
def test_file_of_two_hundred_thousand_rows_is_answered(shop: Shop, tmp_path: Path) -> None:
    rows = (f"p{n // 4},P,Size,{n % 4},,x" for n in range(200_000))

    outcome = run_import(shop, a_file(tmp_path, HEADER, *rows), "--dry-run")

    assert outcome.summary == "0 new, 0 changed, 0 unchanged, 0 warnings, 200000 refused"


def test_real_file_of_others_is_refused(shop: Shop) -> None:
    assert "known formats" in run_import(shop, shared("medusa-semicolon.csv")).stderr


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    columns=st.lists(st.sampled_from(list(Field)), unique=True, max_size=12),
    rows=st.lists(st.lists(cell, min_size=12, max_size=14), max_size=6),
)
def test_any_table_is_imported_or_refused_with_a_reason(
    shop: Shop, clock: FixedClock, columns: list[Field], rows: list[list[str]]
) -> None:
    names = [Field.HANDLE, *(name for name in columns if name is not Field.HANDLE)]
    written = io.StringIO()
    csv.writer(written).writerows([names, *(row[: len(names)] for row in rows)])
    content = written.getvalue().encode("utf-8", "ignore")

    try:
        prepare(content, "AUD", clock.now())
    except FileRefusedError as refusal:
        event(str(refusal).splitlines()[0])
        return
    with pytest.raises(UndoneError), writing() as session:
        prepared = prepare(content, "AUD", clock.now())
        apply(prepared, source="any.csv", clock=clock)

        assert not prepare(content, "AUD", clock.now()).differences
        assert list(difference_lines(prepared))
        assert summary(prepared).endswith(f"{len(prepared.notes.refusals)} refused")
        assert all(level.on_hand >= 0 for level in session.scalars(select(StockLevel)))
        raise UndoneError


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_answered(app: Flask, clock: FixedClock, content: bytes) -> None:
    with pytest.raises(FileRefusedError) as refusal:
        prepare(content, "AUD", clock.now())
    assert str(refusal.value)


def test_limit_is_what_other_shops_write() -> None:
    assert MOST_BYTES == 15 * 1024 * 1024
