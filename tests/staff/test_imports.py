"""Product files in the browser: nothing is written unseen, and all of it can be taken back."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from store.catalog.exporting import BEGINS_FORMULA, export, safe_cells
from store.catalog.importing.applying import prepare
from store.catalog.models import Product, Variant
from store.clock import FixedClock
from store.database import db, writing
from store.inventory import stock
from store.inventory.proof import proof
from store.jobs.outbox import due_row_ids
from store.web.doors import EXTENSION
from tests.builders import a_product
from tests.media.pictures import a_media, a_picture, as_file
from tests.shop import Shop, open_shop, some_settings
from tests.staff.files import HEADER, a_row, press, uploaded, work
from tests.staffing import at_the_desk, token_of
from tests.widget.paper import Paper, a_paper, an_answer


def prices(shop: Shop) -> dict[str, int]:
    with shop.app.app_context():
        rows = db.session.execute(
            select(Product.handle, Variant.price_minor).join(Variant).order_by(Product.handle)
        )
        return dict(rows.all())


def test_a_file_is_compared_then_written_then_taken_back(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock, handle="late-tee", title="Late Tee", stock=7)
        variant_id = tee.variants[0].id
    browser = at_the_desk(shop)
    text = HEADER + a_row("late-tee", price="55", units=9) + a_row("new-mug", price="20")

    page = uploaded(shop, browser, text)
    assert "45.00" in browser.get(page).text
    assert prices(shop) == {"late-tee": 4500}

    press(shop, browser, page, "confirm")
    assert prices(shop) == {"late-tee": 5500, "new-mug": 2000}

    press(shop, browser, page, "undo")
    with shop.app.app_context():
        assert prices(shop)["late-tee"] == 4500
        assert stock.levels([variant_id])[variant_id].on_hand == 7
        mug = db.session.scalars(select(Product).where(Product.handle == "new-mug")).one()
        assert mug.status == "archived"
        assert proof() == []


def test_what_was_changed_since_stays_and_is_named_with_both_values(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, handle="late-tee", title="Late Tee")
        a_product(shop.clock, handle="early-tee", title="Early Tee")
    browser = at_the_desk(shop)
    page = uploaded(
        shop, browser, HEADER + a_row("late-tee", price="55") + a_row("early-tee", price="55")
    )
    press(shop, browser, page, "confirm")
    with shop.app.app_context(), writing() as session:
        late = session.scalars(select(Product).where(Product.handle == "late-tee")).one()
        late.title = "Later Tee"

    press(shop, browser, page, "undo")

    assert prices(shop) == {"early-tee": 4500, "late-tee": 5500}
    text = browser.get(page).text
    assert "Late Tee" in text
    assert "Later Tee" in text


@pytest.mark.slow
def test_a_large_file_is_written_in_parts_and_goes_on_where_it_was(shop: Shop) -> None:
    browser = at_the_desk(shop)
    rows = [a_row(f"product-{number}") for number in range(230)]
    page = uploaded(shop, browser, HEADER + "".join(rows))

    press(shop, browser, page, "confirm")

    assert len(prices(shop)) == 230
    assert "Written" in browser.get(page).text


@pytest.mark.slow
def test_skus_that_change_places_across_parts_arrive(shop: Shop) -> None:
    browser = at_the_desk(shop)
    handles = [f"product-{number:03}" for number in range(120)]
    first = HEADER + "".join(a_row(handle, sku=f"S-{handle}") for handle in handles)
    press(shop, browser, uploaded(shop, browser, first), "confirm")
    skus = {handle: f"S-{handle}" for handle in handles}
    skus[handles[0]], skus[handles[-1]] = skus[handles[-1]], skus[handles[0]]
    second = HEADER + "".join(a_row(h, sku=skus[h], price="41") for h in handles)

    press(shop, browser, uploaded(shop, browser, second), "confirm")

    with shop.app.app_context():
        now = dict(db.session.execute(select(Product.handle, Variant.sku).join(Variant)).all())
    assert now == skus


def test_ten_thousand_bad_rows_are_told_one_by_one(shop: Shop) -> None:
    browser = at_the_desk(shop)
    rows = "".join(f"bad-{number},Bad,dear\n" for number in range(10_000))

    page = uploaded(shop, browser, f"Handle,Title,Variant Price\n{rows}")

    text = browser.get(f"{page}?kind=refusal").text
    assert "10000" in text
    assert "Line 2" in text
    assert prices(shop) == {}


def test_a_file_that_is_none_is_refused_with_the_reason(shop: Shop) -> None:
    browser = at_the_desk(shop)

    page = uploaded(shop, browser, "a;b;c;d\n1;2;3;4\n")

    assert "separated by semicolons" in browser.get(page).text


def test_pressing_twice_writes_once(shop: Shop) -> None:
    browser = at_the_desk(shop)
    page = uploaded(shop, browser, HEADER + a_row("mug"))
    form = {"csrf_token": token_of(browser, page)}
    for _ in range(2):
        browser.post(f"{page}/confirm", data=form)
    work(shop)

    with shop.app.app_context():
        assert proof() == []
    assert prices(shop) == {"mug": 4000}


def test_an_export_comes_back_unchanged(shop: Shop) -> None:
    with shop.app.app_context():
        with writing():
            a_product(
                shop.clock,
                handle="tee",
                title="=SUM(A1) tee",
                options={"Colour": ["Ink", "Paper"], "Size": ["S", "M"]},
                body="# Late\n\nSome *words*, a list:\n\n- one\n- two\n",
                tags=["late", "tee"],
            )
            a_product(shop.clock, handle="mug", title="Mug", stock=3)
        written = "".join(export(shop.services.settings, shop.clock.now()))
        again = prepare(written.encode(), "AUD", shop.clock.now())

        assert "'=SUM(A1) tee" in written
        assert (list(again.differences), again.unchanged) == ([], 2)


@given(st.lists(st.text(max_size=20), max_size=5))
def test_no_cell_begins_a_formula(cells: list[str]) -> None:
    safe = safe_cells(cells)

    assert not any(cell.startswith(BEGINS_FORMULA) for cell in safe)
    assert [re.sub(r"^'(?=[=+\-@\t\r])", "", cell) for cell in safe] == [
        re.sub(r"^'(?=[=+\-@\t\r])", "", cell) for cell in cells
    ]


@pytest.fixture
def gallery(database_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[tuple[Shop, Paper]]:
    """A shop that may fetch from this machine, and a site that has one picture of two."""
    settings = some_settings(tmp_path, database_url, picture_networks="127.0.0.0/8")
    shop = open_shop(settings, clock)
    services = replace(shop.services, media=a_media(tmp_path))
    shop.app.extensions[EXTENSION] = services
    with a_paper() as site:
        site.pages["/a.png"] = an_answer(as_file(a_picture(size=(30, 40))), kind="image/png")
        yield replace(shop, services=services), site
    with shop.app.app_context():
        db.session.remove()
        db.engine.dispose()


def with_pictures(site: Paper) -> str:
    rows = [f"{name},{name.title()},40,{site.url}/{name}.png\n" for name in ("a", "b")]
    return "Handle,Title,Variant Price,Image Src\n" + "".join(rows)


def test_a_worker_fetches_pictures_and_says_which_are_missing(
    gallery: tuple[Shop, Paper],
) -> None:
    shop, site = gallery
    browser = at_the_desk(shop)
    page = uploaded(shop, browser, with_pictures(site), wants_pictures="1")
    assert site.asked == []

    press(shop, browser, page, "confirm")

    text = browser.get(page).text
    assert "1 fetched, 1 known by their address only, 1 of them failed" in text
    assert "the site answers 404" in text
    site.pages["/b.png"] = site.pages["/a.png"]
    press(shop, browser, page, "pictures")
    assert "2 fetched, 0 known by their address only" in browser.get(page).text


def test_pictures_are_fetched_by_one_worker_however_often_somebody_presses(
    gallery: tuple[Shop, Paper],
) -> None:
    shop, site = gallery
    browser = at_the_desk(shop)
    page = uploaded(shop, browser, with_pictures(site))
    press(shop, browser, page, "confirm")
    form = {"csrf_token": token_of(browser, page)}

    browser.post(f"{page}/pictures", data=form)
    first = browser.get(page)
    browser.post(f"{page}/pictures", data=form)
    second = browser.get(page)
    with shop.app.app_context():
        waiting = len(due_row_ids(shop.clock.now()))
    work(shop)
    after = browser.get(page)

    assert waiting == 1
    assert "A worker is fetching them" in first.text
    assert "Refresh" in first.headers
    assert "The pictures are being fetched already" in second.text
    assert "Fetch what is missing" not in first.text + second.text
    assert "Fetch what is missing" in after.text
    assert "Refresh" not in after.headers
    press(shop, browser, page, "pictures")
    assert "being fetched already" not in browser.get(page).text


def test_pictures_that_came_do_not_keep_an_import_from_being_taken_back(
    gallery: tuple[Shop, Paper],
) -> None:
    shop, site = gallery
    browser = at_the_desk(shop)
    page = uploaded(shop, browser, with_pictures(site), wants_pictures="1")
    press(shop, browser, page, "confirm")

    press(shop, browser, page, "undo")

    assert "2 products are what they were before" in browser.get(page).text


def test_files_that_are_known_are_listed(shop: Shop) -> None:
    text = at_the_desk(shop).get("/staff/imports/").text

    assert "Shopify product export, new header" in text
    assert "WooCommerce product export" in text
