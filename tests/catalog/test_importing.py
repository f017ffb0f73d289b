"""Promises about bringing products in from the files that other shops export."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from store.catalog.importing.applying import apply, prepare
from store.catalog.models import ProductStatus, StockPolicy
from store.catalog.queries import product_page
from store.catalog.searching import search
from store.clock import FixedClock
from store.database import PublicVersion, db, writing
from store.inventory.models import StockMovement
from tests.builders import aud
from tests.catalog.importing import FILES, a_file, handles, on_hand, product, run_import, shared
from tests.shop import Shop


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
