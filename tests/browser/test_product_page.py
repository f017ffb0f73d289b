"""The product page as hands and keyboards use it, with scripts and without."""

import pytest
from playwright.sync_api import Page, Request, expect
from sqlalchemy import select

from store.catalog.models import SizeChart
from store.database import db, writing
from store.inventory.models import StockLevel
from store.media.images import store_picture
from store.media.renditions import make_renditions
from tests.browser.axe import by_day_and_night
from tests.browser.conftest import DESK, PHONE, NewPage
from tests.browser.live import LiveShop
from tests.builders import a_collection, a_product, an_image
from tests.media.pictures import a_picture, as_file

CHART = "|Size|Chest (cm)|\n|-|-|\n|S|50|\n|M|53|"


@pytest.fixture(autouse=True)
def goods(live: LiveShop) -> None:
    """A tee in Ink and Plum, each with its picture; M in Plum is sold out. A mug beside it."""
    clock, media = live.services.clock, live.services.media
    hashes = []
    for side in (400, 401):
        stored = store_picture(as_file(a_picture(size=(side, 500))), media)
        make_renditions(stored.content_hash, media)
        hashes.append(stored.content_hash)
    with live.app.app_context(), writing():
        options = {"Colour": ["Ink", "Plum"], "Size": ["S", "M"]}
        tee = a_product(
            clock, title="Late tee", handle="tee", options=options, body="Words. " * 900
        )
        for content_hash, alt in zip(hashes, ["In ink", "In plum"], strict=True):
            an_image(tee, content_hash=content_hash, alt=alt).has_renditions = True
        for place, variant in enumerate(tee.variants):
            variant.images = [tee.images[place // 2]]
        db.session.get_one(StockLevel, tee.variants[3].id).on_hand = 0
        tee.variants[1].compare_at_minor = 6000
        tee.size_chart = SizeChart(name="Tees", body=CHART, updated_at=clock.now())
        mug = a_product(clock, title="Late mug", handle="mug", product_type="Mug")
        a_collection(clock, [tee, mug])


@pytest.fixture
def page(new_page: NewPage) -> Page:
    page = new_page(size=DESK)
    page.goto("/products/tee")
    return page


def test_size_chart_is_read_in_inches_and_gives_the_keyboard_back(page: Page) -> None:
    link = page.get_by_role("link", name="Size chart")
    link.focus()
    page.keyboard.press("Enter")

    chart = page.get_by_role("dialog", name="Size chart")
    expect(chart.get_by_role("row", name="S 50")).to_have_attribute("data-chosen", "")
    chart.get_by_label("Inches").check(force=True)
    expect(chart.get_by_role("row", name="M")).to_have_text("M 21", use_inner_text=True)
    page.keyboard.press("Escape")
    expect(chart).to_be_hidden()
    expect(link).to_be_focused()


def test_pictures_are_enlarged_turned_and_left_by_keyboard(page: Page) -> None:
    first = page.get_by_role("link", name="In ink Enlarge")
    first.focus()
    page.keyboard.press("Enter")

    plate = page.get_by_role("dialog", name="Late tee")
    expect(plate.get_by_role("img", name="In ink")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(plate.get_by_role("img", name="In plum")).to_be_visible()
    expect(plate.get_by_text("2 of 2")).to_be_visible()
    plate.get_by_role("button", name="Larger").click()
    is_panned = "(plate) => plate.scrollHeight > plate.clientHeight"
    assert plate.locator("[data-plate]").evaluate(is_panned)
    page.keyboard.press("Escape")
    expect(first).to_be_focused()


def test_arrows_go_through_the_small_pictures(page: Page) -> None:
    page.get_by_role("link", name="Picture 1").focus()
    page.keyboard.press("ArrowDown")

    expect(page.get_by_role("link", name="Picture 2")).to_be_focused()
    expect(page.locator("#view_2")).to_be_in_viewport(ratio=0.5)


def test_tab_stops_at_the_picture_that_is_shown_and_goes_on(page: Page) -> None:
    first, second = (page.get_by_role("link", name=f"In {hue} Enlarge") for hue in ("ink", "plum"))
    first.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Picture 1")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("picture-gallery :focus")).to_have_count(0)

    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("link", name="Picture 2")).to_be_focused()
    expect(second).to_have_attribute("tabindex", "0")
    page.keyboard.press("Shift+Tab")
    expect(second).to_be_focused()


def test_arrows_turn_the_large_picture_and_enlarge_the_one_that_is_shown(page: Page) -> None:
    second = page.get_by_role("link", name="In plum Enlarge")
    page.get_by_role("link", name="In ink Enlarge").focus()
    page.keyboard.press("ArrowRight")
    expect(second).to_be_focused()
    expect(page.locator("#view_2")).to_be_in_viewport(ratio=0.5)

    page.keyboard.press("Enter")
    plate = page.get_by_role("dialog", name="Late tee")
    expect(plate.get_by_role("img", name="In plum")).to_be_visible()
    page.keyboard.press("Escape")
    expect(second).to_be_focused()


def test_choice_is_in_the_address_that_is_handed_on(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/products/tee?story=mine#story")
    page.get_by_role("radio", name="Plum").check(force=True)
    page.get_by_role("button", name="Copy link").click()

    expect(page.get_by_text("Link copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "/products/tee?variant=" in copied
    page.goto(copied)
    expect(page.get_by_role("radio", name="Plum")).to_be_checked()


def test_sold_out_choice_brings_the_form_that_asks_to_be_told(page: Page) -> None:
    form = page.locator("form[action='/back-in-stock']")
    expect(form).to_be_hidden()

    page.get_by_role("radio", name="Plum").check(force=True)
    page.get_by_role("radio", name="M sold out", exact=True).check(force=True)
    form.get_by_label("Email").fill("river@example.org")
    form.get_by_role("button", name="Tell me").click()

    expect(page.get_by_role("heading", name="We will let you know")).to_be_visible()


def test_buy_bar_stands_in_for_the_button_and_never_beside_it(new_page: NewPage) -> None:
    page = new_page(touch=True)
    page.goto("/products/tee")
    bar = page.locator("buy-bar")
    main = page.locator("[data-buy]")

    main.scroll_into_view_if_needed()
    expect(bar).to_be_hidden()
    page.get_by_role("heading", name="The story").scroll_into_view_if_needed()
    page.mouse.wheel(0, 1500)
    expect(bar.get_by_role("button", name="Add to cart")).to_be_in_viewport()
    expect(bar).to_have_text("$45.00 Ink / S Add to cart", use_inner_text=True)
    page.locator(".imprint").scroll_into_view_if_needed()
    expect(bar).not_to_be_in_viewport()
    page.get_by_role("heading", name="The story").scroll_into_view_if_needed()
    page.mouse.wheel(0, 1500)
    bar.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("dialog", name="Cart")).to_be_visible()


def test_buy_bar_says_what_a_reduced_choice_was_before(new_page: NewPage) -> None:
    page = new_page(touch=True)
    page.goto("/products/tee")

    page.get_by_role("radio", name="M", exact=True).check(force=True)
    page.get_by_role("heading", name="The story").scroll_into_view_if_needed()
    page.mouse.wheel(0, 1500)

    expect(page.locator("buy-bar s")).to_be_in_viewport()
    expect(page.locator("buy-bar")).to_contain_text("was $60.00")


def test_wide_size_chart_scrolls_beside_its_sizes(new_page: NewPage, live: LiveShop) -> None:
    with live.app.app_context(), writing():
        heads = "|".join(f"Seam number {number} (cm)" for number in range(6))
        chart = db.session.scalars(select(SizeChart)).one()
        chart.body = f"|Size|{heads}|\n|-{'|-' * 6}|\n|S{'|50' * 6}|\n|M{'|53' * 6}|"
    page = new_page(touch=True)
    page.goto("/products/tee")
    page.get_by_role("link", name="Size chart").click()
    measures = page.get_by_role("region", name="Measures by size")

    measures.focus()
    for _press in range(12):
        page.keyboard.press("ArrowRight")

    expect(measures.get_by_role("columnheader", name="Seam number 5")).to_be_in_viewport(ratio=0.9)
    expect(measures.get_by_role("rowheader", name="M")).to_be_in_viewport(ratio=0.9)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_colour_on_a_card_shows_its_picture_only_when_asked(new_page: NewPage) -> None:
    page, asked = new_page(size=DESK), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/products")
    card = page.locator("[data-card=tee]")
    picture, plum = card.locator("img"), card.get_by_role("link", name="Plum")
    # A picture of a card has no address before it is on its way.
    page.wait_for_function("(image) => image.currentSrc", arg=picture.element_handle())
    before = picture.evaluate("(image) => image.currentSrc")
    frame = card.bounding_box()
    name = plum.get_attribute("data-picture") or "none"
    assert not [url for url in asked if name in url]

    plum.hover()

    page.wait_for_function(
        "([image, name]) => image.currentSrc.includes(name)", arg=[picture.element_handle(), name]
    )
    assert card.bounding_box() == frame
    page.get_by_role("heading", level=1).hover()
    page.wait_for_function(
        "([image, address]) => image.currentSrc === address",
        arg=[picture.element_handle(), before],
    )
    plum.click()
    expect(page.get_by_role("radio", name="Plum")).to_be_checked()


def test_fingers_first_tap_shows_and_the_second_goes(new_page: NewPage) -> None:
    page = new_page(touch=True)
    page.goto("/products")
    plum = page.locator("[data-card=tee]").get_by_role("link", name="Plum")

    plum.tap()
    expect(plum).to_have_attribute("data-shown", "")
    assert page.url.endswith("/products")
    plum.tap()

    expect(page.get_by_role("radio", name="Plum")).to_be_checked()


def test_device_remembers_until_its_reader_clears_it(new_page: NewPage) -> None:
    page, asked = new_page(size=DESK), []

    def note(request: Request) -> None:
        if "/cards?" in request.url:
            asked.append(request)

    page.on("request", note)
    page.goto("/products/mug")
    page.goto("/products/tee")
    shown = page.get_by_role("region", name="You looked at")
    page.locator("recently-viewed").scroll_into_view_if_needed()
    expect(shown.get_by_role("link", name="Late mug")).to_be_visible()
    assert {"cookie", "referer"}.isdisjoint(asked[0].all_headers())

    shown.get_by_role("button", name="Clear the list").click()
    expect(shown).to_be_hidden()
    page.goto("/products/mug")
    page.goto("/products/tee")
    page.locator("recently-viewed").scroll_into_view_if_needed()
    shown.get_by_role("button", name="Keep none").click()
    expect(page.get_by_role("button", name="Keep one")).to_be_focused()
    page.goto("/products/mug")

    assert page.evaluate("localStorage.getItem('store:viewed')") == '"off"'
    expect(page.get_by_text("This device keeps no list of what you look at.")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_faults_nothing_whatever_is_open(new_page: NewPage, size: tuple[int, int]) -> None:
    page = new_page(size=size)
    found = {}
    page.goto("/products/mug")
    page.goto("/products/tee")
    found["closed"] = faults_of(page)
    page.locator("recently-viewed").scroll_into_view_if_needed()
    expect(page.get_by_role("region", name="You looked at")).to_be_visible()
    page.get_by_role("radio", name="Plum").check(force=True)
    page.get_by_role("radio", name="M sold out", exact=True).check(force=True)
    found["sold out"] = faults_of(page)
    page.get_by_role("link", name="Size chart").click()
    found["size chart"] = faults_of(page)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="In plum Enlarge").click()
    found["enlarged"] = faults_of(page)
    page.goto("/back-in-stock?asked=1")
    found["asked"] = faults_of(page)
    assert not any(found.values()), found


def faults_of(page: Page) -> list[str]:
    faults = by_day_and_night(page)
    too_wide = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return [fault["id"] for fault in faults] + ["too wide"] * too_wide


def test_without_scripts_everything_is_a_page_or_a_link(new_page: NewPage) -> None:
    page = new_page(size=DESK, scripts=False)
    page.goto("/products")
    page.locator("[data-card=tee]").get_by_role("link", name="Plum").click()
    page.wait_for_url("**/products/tee?variant=*")
    expect(page.get_by_label("Colour / Size")).to_have_value(page.url.split("=")[1])

    page.locator("summary", has_text="Size chart").click()
    expect(page.get_by_role("row", name="M 53")).to_be_visible()
    page.get_by_text("Yours is missing?").click()
    page.locator("form[action='/back-in-stock']").get_by_label("Email").fill("river@example.org")
    page.get_by_role("button", name="Tell me").click()
    expect(page.get_by_role("heading", name="We will let you know")).to_be_visible()
    page.go_back()

    expect(page.locator("buy-bar")).to_be_hidden()
    expect(page.get_by_text("You looked at")).to_be_hidden()
    assert page.locator("picture-gallery a[tabindex]").count() == 0
    large = page.get_by_role("link", name="In plum Enlarge").get_attribute("href") or ""
    assert page.request.get(large).headers["content-type"] == "image/webp"
