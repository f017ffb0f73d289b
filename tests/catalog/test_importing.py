"""Promises about bringing products in from the files that other shops export."""

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
from store.catalog.models import Product, ProductStatus, StockPolicy
from store.catalog.queries import product_page
from store.catalog.searching import search
from store.clock import FixedClock
from store.database import PublicVersion, db, writing
from store.inventory.models import StockLevel, StockMovement
from tests.builders import a_product, an_image, aud
from tests.catalog.importing import FILES, handles, on_hand, product, run_import, shared
from tests.catalog.undoing import UndoneError
from tests.shop import Shop

HEADER = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price"


def a_file(folder: Path, *lines: str, name: str = "products.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    return path


@pytest.fixture(autouse=True)
def _inside_the_app(app: Flask) -> None:
    """What the tests read after a command, they read in the application's context."""


def test_product_comes_in_whole(shop: Shop, clock: FixedClock) -> None:
    outcome = run_import(shop, "tees.csv")

    assert outcome.summary == "2 new, 0 changed, 0 unchanged, 4 warnings, 0 refused"
    assert outcome.exit_code == 0
    tee = product("late-tee")
    assert (tee.title, tee.vendor, tee.product_type) == (
        "Late Edition tee",
        "Gay Nation",
        "T-shirts",
    )
    assert (tee.status, tee.seo_title, tee.tags) == (
        ProductStatus.ACTIVE,
        "Tee by SEO",
        ("Print", "cotton"),
    )
    assert tee.body == 'Heavy **cotton**.\n\n- Printed in Marrickville\n- 9" x 12"'
    assert [(o.name, o.value_names) for o in tee.options] == [
        ("Colour", ("Black", "Red")),
        ("Size", ("S", "M")),
    ]
    assert product_page("late-tee", now=clock.now()).card.price_from == aud(45)
    assert search("marrickville tee", now=clock.now())


def test_variants_come_in_with_everything_that_their_rows_say(shop: Shop) -> None:
    run_import(shop, "tees.csv")

    small, medium, red = product("late-tee").variants

    assert (small.sku, small.price, small.compare_at) == ("TEE-B-S", aud(45), aud(60))
    assert (small.weight_grams, small.barcode, small.policy) == (227, "3212483", StockPolicy.DENY)
    assert (medium.price, medium.compare_at, medium.barcode) == (aud(50), None, "")
    assert (medium.policy, medium.taxable) == (StockPolicy.BACKORDER, False)
    assert (red.sku, red.values) == (None, ("Red", "S"))
    assert product("mug").variants[0].price == aud(5.70)
    assert product("mug").options == ()


def test_pictures_come_in_order_and_with_their_variants(shop: Shop) -> None:
    run_import(shop, "tees.csv")

    tee = product("late-tee")

    assert [(p.source_url[20:], p.alt) for p in tee.pictures] == [
        ("red.png", "Red tee"),
        ("black.png", "Black tee"),
        ("back.png", ""),
        ("only-here.png", ""),
    ]
    assert [v.pictures for v in tee.variants] == [
        ("https://example.org/black.png",),
        ("https://example.org/black.png",),
        ("https://example.org/only-here.png",),
    ]


def test_stock_comes_in_by_the_ledger(shop: Shop) -> None:
    run_import(shop, "tees.csv")

    assert on_hand("late-tee") == {"Black / S": 10, "Black / M": 0, "Red / S": 0}
    assert on_hand("mug") == {}
    movement = db.session.scalars(select(StockMovement)).one()
    assert (movement.delta, movement.kind, movement.cause) == (10, "import", "import tees.csv")


@pytest.mark.parametrize(
    "name", ["tees.csv", "other-casing.csv", "new-header.csv", "hybrid-header.csv", "warned.csv"]
)
def test_same_file_twice_changes_nothing(shop: Shop, name: str) -> None:
    first = run_import(shop, name)
    version = db.session.scalars(select(PublicVersion.version)).one()
    db.session.rollback()

    second = run_import(shop, name)

    new = first.summary.split()[0]
    assert second.summary.startswith(f"0 new, 0 changed, {new} unchanged, ")
    assert db.session.scalars(select(PublicVersion.version)).one() == version


def test_byte_order_mark_and_crlf_change_nothing(shop: Shop) -> None:
    run_import(shop, "tees.csv")

    assert run_import(shop, "bom-and-crlf.csv").summary.startswith("0 new, 0 changed, 2 unchanged")


def test_dry_run_prints_the_same_and_writes_nothing(shop: Shop) -> None:
    dry = run_import(shop, "tees.csv", "--dry-run")

    assert handles() == []
    assert dry.summary == run_import(shop, "tees.csv").summary
    assert "late-tee: Late Edition tee, active, 3 variants, 45.00 to 50.00 AUD" in dry.section(
        "New"
    )
    assert dry.section("Stock") == ["late-tee, Black / S: not counted → 10"]


def test_difference_tells_fields_prices_and_stock_apart(shop: Shop, tmp_path: Path) -> None:
    run_import(shop, "tees.csv")
    text = (FILES / "tees.csv").read_text("utf-8")
    changed = text.replace("Late Edition tee", "Early tee").replace(",5.7,", ",6.70,")
    changed = changed.replace("shopify,10,deny", "shopify,4,deny")

    outcome = run_import(shop, a_file(tmp_path, changed.rstrip("\n")))

    assert outcome.summary == "0 new, 2 changed, 0 unchanged, 4 warnings, 0 refused"
    assert outcome.section("Changed") == ["late-tee: title: Late Edition tee → Early tee"]
    assert outcome.section("Prices") == ["mug: its variant: 5.70 → 6.70"]
    assert outcome.section("Stock") == ["late-tee, Black / S: 10 → 4"]
    assert on_hand("late-tee")["Black / S"] == 4


def test_headers_of_other_case_and_spelling_are_known(shop: Shop, clock: FixedClock) -> None:
    run_import(shop, "other-casing.csv")

    page = product_page("彩虹-t恤", now=clock.now())

    assert [picker.name for picker in page.options] == ["Title"]
    assert [c.value for c in page.options[0].choices] == [
        'Lithograph - Height: 9" x Width: 12"',
        "小",
    ]
    assert on_hand("彩虹-t恤") == {'Lithograph - Height: 9" x Width: 12"': 3, "小": 4}


def test_new_header_is_known(shop: Shop) -> None:
    run_import(shop, "new-header.csv")

    navy, teal = product("press-cap").variants

    assert (navy.price, navy.policy, navy.barcode) == (
        aud(1299.50),
        StockPolicy.BACKORDER,
        "9312345678907",
    )
    assert (teal.price, teal.taxable, teal.policy) == (aud(1299.50), False, StockPolicy.DENY)
    assert on_hand("press-cap") == {"Navy": 4, "Teal": 5}


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


def test_rows_are_refused_one_by_one_with_line_and_reason(shop: Shop) -> None:
    outcome = run_import(shop, "refused.csv")

    assert outcome.exit_code == 1
    assert outcome.summary == "1 new, 0 changed, 0 unchanged, 0 warnings, 16 refused"
    assert handles() == ["tee"]
    assert outcome.section("Refused") == [
        "line 2: gift cards are money, not goods, and are not imported",
        "line 3: gift cards are money, not goods, and are not imported",
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


def test_wrong_usage_ends_with_two(shop: Shop, tmp_path: Path) -> None:
    assert run_import(shop, tmp_path / "missing.csv").exit_code == 2
    assert run_import(shop, "tees.csv", "--force").exit_code == 2


def test_failure_half_way_leaves_nothing(shop: Shop, clock: FixedClock) -> None:
    prepared = prepare((FILES / "tees.csv").read_bytes(), "AUD", clock.now())

    def unplug(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), writing():
        apply(prepared, source="tees.csv", clock=clock, on_progress=unplug)

    assert handles() == []


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


def test_line_that_excel_writes_before_the_header_is_passed_over(
    shop: Shop, tmp_path: Path
) -> None:
    outcome = run_import(shop, a_file(tmp_path, "sep=,", HEADER, "tee,Tee,,,,10", "mug,Mug,,,,x"))

    assert outcome.summary == "1 new, 0 changed, 0 unchanged, 0 warnings, 1 refused"
    assert outcome.section("Refused") == [
        "line 4: Variant Price 'x' is not a number such as 1299.50"
    ]


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


@pytest.mark.slow
def test_file_of_two_hundred_thousand_rows_is_answered(shop: Shop, tmp_path: Path) -> None:
    rows = (f"p{n // 4},P,Size,{n % 4},,x" for n in range(200_000))

    outcome = run_import(shop, a_file(tmp_path, HEADER, *rows), "--dry-run")

    assert outcome.summary == "0 new, 0 changed, 0 unchanged, 0 warnings, 200000 refused"


def test_report_holds_nothing_that_a_terminal_obeys(shop: Shop, tmp_path: Path) -> None:
    row = "tee,\x1b[2J\x07Tee,,,,\x1b]0;x\x07oops"

    outcome = run_import(shop, a_file(tmp_path, HEADER, row))

    assert "\x1b" not in outcome.stdout
    assert "\x07" not in outcome.stdout


def test_too_long_texts_are_refused_or_cut_with_a_word(shop: Shop, tmp_path: Path) -> None:
    header = "Handle,Title,Vendor,Tags,Variant Price,Variant SKU"
    lines = [
        f"{'h' * 161},Long handle,,,10,",
        f"title,{'t' * 256},,,10,",
        f"sku,Sku,,,10,{'s' * 121}",
        f"cut,Cut,{'v' * 200},{'t' * 100},10,",
    ]

    outcome = run_import(shop, a_file(tmp_path, header, *lines))

    assert outcome.summary == "1 new, 0 changed, 0 unchanged, 2 warnings, 3 refused"
    assert (len(product("cut").vendor), len(product("cut").tags[0])) == (120, 80)


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        (
            "shopify-legacy-apparel.csv",
            "20 new, 0 changed, 0 unchanged, 0 warnings, 0 refused",
            "0 new, 0 changed, 20 unchanged, 0 warnings, 0 refused",
        ),
        (
            "shopify-legacy-other-casing.csv",
            "99 new, 0 changed, 0 unchanged, 0 warnings, 1 refused",
            "0 new, 0 changed, 99 unchanged, 0 warnings, 1 refused",
        ),
        (
            "shopify-template-2019.csv",
            "1 new, 0 changed, 0 unchanged, 0 warnings, 0 refused",
            "0 new, 0 changed, 1 unchanged, 0 warnings, 0 refused",
        ),
    ],
)
def test_real_files_come_in_once(shop: Shop, name: str, first: str, second: str) -> None:
    path = shared(name)

    assert run_import(shop, path).summary == first
    assert run_import(shop, path).summary == second


def test_real_file_of_others_is_refused(shop: Shop) -> None:
    assert "known formats" in run_import(shop, shared("medusa-semicolon.csv")).stderr


cell = st.one_of(
    st.sampled_from(
        ["", "a", "A", "b", "tee", "Title", "Default Title", "S", "M", "10", "5.7", "-1", "shopify"]
    ),
    st.sampled_from(
        ["TRUE", "false", "deny", "continue", "active", "https://x.test/a.png", "<b>x"]
    ),
    st.text(max_size=12),
)


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

        assert prepare(content, "AUD", clock.now()).differences == ()
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
