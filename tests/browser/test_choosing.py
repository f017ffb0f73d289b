"""A reader chooses a colour and a size: price, stock, picture and button follow."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from store.catalog.models import Variant
from store.database import db, writing
from store.inventory.models import StockLevel
from tests.browser.conftest import DESK, NewPage
from tests.browser.live import LiveShop
from tests.builders import a_product, an_image


@pytest.fixture(autouse=True)
def hoodie(live: LiveShop) -> None:
    """Ink in S and M, Plum in M alone; M in Ink is sold out and one S in Ink is left."""
    with live.app.app_context(), writing():
        hoodie = a_product(
            live.services.clock,
            handle="hoodie",
            stock=0,
            options={"Colour": ["Ink", "Plum"], "Size": ["S", "M"]},
        )
        for letter in "ab":
            an_image(hoodie, content_hash=letter * 64, alt=f"View {letter}")
        by_name = {variant.combination: variant for variant in hoodie.variants}
        set_stock(by_name["Ink / S"], 1)
        set_stock(by_name["Plum / M"], 9)
        by_name["Plum / M"].price_minor = 5500
        by_name["Plum / M"].images = [hoodie.images[1]]
        db.session.execute(
            delete(StockLevel).where(StockLevel.variant_id == by_name["Plum / S"].id)
        )
        db.session.delete(by_name["Plum / S"])


def set_stock(variant: Variant, quantity: int) -> None:
    level = db.session.scalars(select(StockLevel).filter_by(variant_id=variant.id)).one()
    level.on_hand = quantity


@pytest.fixture
def page(new_page: NewPage) -> Page:
    page = new_page(size=DESK)
    page.goto("/products/hoodie")
    return page


def test_page_opens_with_what_can_be_bought(page: Page) -> None:
    expect(page.get_by_text("Only 1 left")).to_be_visible()
    expect(page.get_by_role("button", name="Add to cart")).to_be_enabled()


def test_sold_out_size_can_be_looked_at(page: Page) -> None:
    page.get_by_role("radio", name="M sold out", exact=True).check(force=True)

    expect(page.get_by_text("Sold out in this choice")).to_be_visible()
    expect(page.get_by_role("button", name="Sold out")).to_be_disabled()


def test_colour_that_was_not_made_in_a_size_moves_to_one_that_was(page: Page) -> None:
    page.get_by_role("radio", name="Plum").check(force=True)

    expect(page.get_by_role("radio", name="M", exact=True)).to_be_checked()
    expect(page.locator("#buy [data-shown=price]")).to_have_text("$55.00")
    expect(page.get_by_role("button", name="Add to cart")).to_be_enabled()
    expect(page.locator(".gallery__index [aria-current]")).to_have_attribute("href", "#view_2")


def test_small_pictures_turn_the_strip(page: Page) -> None:
    page.get_by_role("link", name="Picture 2").click()

    expect(page.locator("#view_2")).to_be_in_viewport(ratio=0.5)
    assert "#" not in page.url


def test_without_scripts_the_list_says_it_all(new_page: NewPage) -> None:
    page = new_page(scripts=False)
    page.goto("/products/hoodie")

    listed = page.get_by_label("Colour / Size")

    expect(listed).to_be_visible()
    expect(listed.locator("option")).to_have_text(
        ["Ink / S – $45.00", "Ink / M – $45.00 – sold out", "Plum / M – $55.00"]
    )
