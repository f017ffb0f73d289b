"""A signed link shows the whole shop as it will be, to whoever has it, and lets nobody buy."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from store.catalog.previewing import preview_token, shop_preview_token
from store.catalog.prices.changing import PriceWanted, change_prices
from store.catalog.publishing import schedule
from store.catalog.renaming import give_handle
from store.catalog.saving import products_by_handle
from store.database import writing
from tests.builders import a_collection, a_product, aud
from tests.buying import FROM_OUR_PAGE
from tests.pages import Page
from tests.shop import Shop
from tests.staffing import at_the_desk

DAY = timedelta(days=1)


@pytest.fixture
def base(shop: Shop) -> str:
    """A shop where tomorrow a tee is cheaper, a mug appears and a cap is gone."""
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock, handle="tee", title="Tee", price=aud(45))
        mug = a_product(shop.clock, handle="mug", title="Mug", body="See [all](/products).")
        cap = a_product(shop.clock, handle="cap", title="Cap")
        tomorrow = shop.clock.now() + DAY
        schedule(mug, shop.clock, appears=tomorrow, ends=None)
        schedule(cap, shop.clock, appears=cap.published_at, ends=tomorrow)
        change_prices(
            tee,
            [PriceWanted(tee.variants[0].id, aud(30))],
            shop.clock,
            starts_at=tomorrow,
            ends_at=tomorrow + DAY,
        )
        a_collection(shop.clock, [tee, mug, cap])
        token = shop_preview_token(tomorrow, shop.services.settings, shop.clock)
    return f"/preview/{token}"


@pytest.mark.parametrize("path", ["/", "/products", "/collections/front-page"])
def test_lists_stand_as_they_will(reader: FlaskClient, base: str, path: str) -> None:
    today, then = Page(reader.get(path)).text, Page(reader.get(base + path)).text

    assert ("Cap" in today, "Mug" in today, "$30.00" in today) == (True, False, False)
    assert ("Cap" in then, "Mug" in then, "$30.00" in then) == (False, True, True)
    assert "The shop as of 23 November 2026, 9:30 am." in then
    assert "The shop as of" not in today


def test_products_stand_as_they_will(reader: FlaskClient, base: str) -> None:
    pages = {handle: reader.get(f"{base}/products/{handle}") for handle in ("tee", "mug", "cap")}

    assert [pages[handle].status_code for handle in pages] == [200, 200, 410]
    assert "$30.00 was $45.00" in Page(pages["tee"]).text


def test_products_only_look_on_sale(reader: FlaskClient, base: str) -> None:
    then, today = (reader.get(f"{start}/products/tee").text for start in (base, ""))

    assert re.search(r"data-buy=[^>]*\sdata-only-shown disabled>", then)
    assert "<buy-bar" in today
    assert "<buy-bar" not in then


def test_a_preview_changes_nothing_for_readers(reader: FlaskClient, base: str) -> None:
    before = reader.get("/products").data
    for _time in range(2):
        reader.get(f"{base}/products")

    assert reader.get("/products").data == before
    assert "$45.00" in reader.get("/products/tee").text


def test_whoever_looks_ahead_first_leaves_nothing_to_readers(
    reader: FlaskClient, base: str
) -> None:
    then = [Page(reader.get(base + path)).text for path in ("/products", "/products/suggest?q=tee")]
    today = Page(reader.get("/products")).text

    assert ["$30.00" in text for text in then] == [True, True]
    assert ("Cap" in today, "Mug" in today, "$30.00" in today) == (True, False, False)


def test_it_is_kept_nowhere_and_found_nowhere(reader: FlaskClient, base: str) -> None:
    answer = reader.get(f"{base}/products/tee")

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "ETag" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_its_links_stay_inside(reader: FlaskClient, base: str) -> None:
    source = reader.get(f"{base}/products/mug").text

    links = re.findall(r'\s(?:href|action)="(/[^"]*)"', source)
    inside = [link for link in links if not link.startswith(("/static/", "/media/"))]
    assert f"{base}/products" in inside
    assert all(link.startswith(f"{base}/") for link in inside)
    assert '<a href="http://localhost/">Leave the preview</a>' in source


def test_the_front_page_is_found_without_its_slash(reader: FlaskClient, base: str) -> None:
    assert reader.get(base).headers["Location"] == f"{base}/"


@pytest.mark.parametrize("query", ["?variant=7", "?sort=price&page=2", ""])
def test_an_address_that_moved_moves_inside_with_what_was_asked(
    shop: Shop, reader: FlaskClient, base: str, query: str
) -> None:
    with shop.app.app_context(), writing():
        [tee] = products_by_handle(["tee"]).values()
        give_handle(tee, "late-tee", shop.clock)

    answer = reader.get(f"{base}/products/tee{query}")

    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{base}/products/late-tee{query}"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/cart/lines"),
        ("POST", "/checkout"),
        ("POST", "/newsletter"),
        ("GET", "/cart"),
        ("GET", "/feeds/google.xml"),
        ("GET", "/staff/"),
        ("GET", "/nothing/of/ours"),
        ("GET", "/preview/x"),
    ],
)
def test_nothing_is_bought_or_sent_in_a_preview(
    reader: FlaskClient, base: str, method: str, path: str
) -> None:
    answer = reader.open(base + path, method=method, headers=FROM_OUR_PAGE)

    assert answer.status_code == 403
    assert "nothing is bought" in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(("method", "path"), [("GET", "/cart"), ("POST", "/cart/lines")])
def test_what_is_no_part_of_it_says_so_and_leads_back_and_out(
    reader: FlaskClient, base: str, method: str, path: str
) -> None:
    page = Page(reader.open(base + path, method=method, headers=FROM_OUR_PAGE))

    assert "The shop as of 23 November 2026, 9:30 am." in page.text
    assert '<a href="http://localhost/">Leave the preview</a>' in page.source
    links = re.findall(r'\s(?:href|action)="(/[^"]*)"', page.source)
    assert {link for link in links if not link.startswith((f"{base}/", "/static/"))} == set()


@pytest.mark.parametrize(("method", "path"), [("GET", "/products"), ("POST", "/cart/lines")])
def test_when_it_has_ended_it_says_so_and_leads_to_the_shop_of_now(
    shop: Shop, reader: FlaskClient, base: str, method: str, path: str
) -> None:
    shop.clock.move_to(shop.clock.now() + 8 * DAY)

    answer = reader.open(base + path, method=method, headers=FROM_OUR_PAGE)

    assert answer.status_code == 410
    assert answer.headers["Cache-Control"] == "no-store"
    assert "This preview has ended" in answer.text
    assert 'href="/products?sort=newest"' in answer.text
    assert "The shop as of" not in answer.text


def test_it_cannot_be_guessed(shop: Shop, reader: FlaskClient, base: str) -> None:
    other = base.replace("/preview/at1", "/preview/at2", 1)
    with shop.app.app_context():
        of_a_product = preview_token(1, shop.services.settings, shop.clock)

    for prefix in (other, f"/preview/{of_a_product}", "/preview/x", "/preview/at1-2.3"):
        assert reader.get(f"{prefix}/products").status_code == 404
        assert reader.post(f"{prefix}/cart/lines", headers=FROM_OUR_PAGE).status_code == 404


def test_once_its_moment_has_come_it_shows_the_shop_of_now(
    shop: Shop, reader: FlaskClient, base: str
) -> None:
    with shop.app.app_context(), writing():
        poster = a_product(shop.clock, handle="poster", title="Poster")
        schedule(poster, shop.clock, appears=poster.published_at, ends=shop.clock.now() + 2 * DAY)
    before = reader.get(f"{base}/products/poster").status_code
    shop.clock.move_to(shop.clock.now() + 2 * DAY)

    assert (before, reader.get(f"{base}/products/poster").status_code) == (200, 410)
    assert "$45.00" in reader.get(f"{base}/products/tee").text


def test_a_link_to_the_shop_shows_no_product_by_its_number(reader: FlaskClient, base: str) -> None:
    assert reader.get(base).status_code == 302


def test_staff_make_a_link(shop: Shop) -> None:
    browser = at_the_desk(shop)

    page = browser.get("/staff/shop/preview?moment=2026-12-24T18:00").text
    link = re.search(r'value="http://localhost(/preview/[^"]+)"', page)

    assert link is not None
    assert "The shop as of 24 December 2026, 6:00 pm." in shop.browser().get(link[1]).text


@pytest.mark.parametrize("moment", ["", "tomorrow", "2020-01-01T00:00"])
def test_staff_are_told_to_choose_a_moment_to_come(shop: Shop, moment: str) -> None:
    answer = at_the_desk(shop).get(f"/staff/shop/preview?moment={moment}")

    assert answer.status_code == 422
    assert "Choose a moment to come" in answer.text
