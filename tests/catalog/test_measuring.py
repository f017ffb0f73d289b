"""Size charts as staff write them, read in both units."""

import pytest
from flask.testing import FlaskClient

from store.catalog.measuring import Cell, SizeTable, size_table
from store.catalog.models import SizeChart
from store.database import db, writing
from tests.builders import a_product
from tests.pages import Page
from tests.shop import Shop


def chart(body: str) -> SizeTable:
    found = size_table(body)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("head", "written", "cm", "inches"),
    [
        ("Chest (cm)", "50", "50", "19½"),
        ("Chest, cm", "53.5", "53.5", "21"),
        ("Chest cm", "88-92", "88–92", "34½–36"),
        ("Chest (in)", "20", "51", "20"),
        ("Chest", "52 cm", "52", "20½"),
        ("Chest (Inches)", "18 – 20", "46–51", "18–20"),
    ],
)
def test_measure_is_said_in_both_units(head: str, written: str, cm: str, inches: str) -> None:
    (row,) = chart(f"| Size | {head} |\n|---|:--:|\n| **S** | {written} |").rows

    assert row[0] == Cell("S")
    assert (row[1].cm, row[1].inches) == (cm, inches)


def test_unit_may_stand_at_the_start_of_a_row_or_in_the_text() -> None:
    by_row = chart("||S|M|\n|-|-|-|\n|Chest (cm)|50|53|\n|Fit|loose|slim|")
    by_text = chart("All in centimetres.\n\n|Size|Chest|\n|-|-|\n|S|50|\n\nGive or take.")

    assert [cell.inches for cell in by_row.rows[0]] == ["", "19½", "21"]
    assert by_row.rows[1][1] == Cell("loose")
    assert by_text.rows[0][1].inches == "19½"
    assert (by_text.before.strip(), by_text.after.strip()) == (
        "All in centimetres.",
        "Give or take.",
    )


@pytest.mark.parametrize(
    "body", ["| Stand-in | Zip in |\n|-|-|\n| S | 2 |", "|Size|Age|\n|-|-|\n|S|2|"]
)
def test_number_without_a_unit_stays_a_number(body: str) -> None:
    assert not chart(body).has_units


@pytest.mark.parametrize("body", ["Ask us.", "|", "a | b", "|-|-|", "| a |\n|-|\n" * 3, "\\|"])
def test_what_is_no_table_stays_text(body: str) -> None:
    assert chart(body) is not None
    assert size_table("  \n") is None


def test_ragged_rows_are_as_wide_as_the_head() -> None:
    rows = chart("|Size|Chest (cm)|\n|-|-|\n|S|\n|M|53|72|99|").rows

    assert [len(row) for row in rows] == [2, 2]


def test_chart_is_on_the_page_and_linked_beside_the_size(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock, handle="tee", options={"Colour": ["Ink"], "Size": ["S", "M"]})
        tee.size_chart = SizeChart(
            name="Tees",
            body="|Size|Chest (cm)|\n|-|-|\n|<b>S</b>|50|",
            updated_at=shop.clock.now(),
        )
        db.session.flush()

    page = Page(reader.get("/products/tee"))

    assert [link["href"] for link in page.all("a", href="#size_chart")] == ["#size_chart"]
    assert {"50", "19½"} <= {words for tag, words in page.words if tag == "span"}
    assert "<b>S</b>" not in page.source
