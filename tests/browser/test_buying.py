"""A reader buys with each test card, on a phone, with scripts and without."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from store.database import db, writing
from store.media.images import store_picture
from store.media.renditions import make_renditions
from store.orders.models import Order, OrderState
from tests.browser.conftest import DESK, NewPage
from tests.browser.live import LiveShop
from tests.builders import a_product, an_image
from tests.invariants import assert_invariants

PAYS = "4242 4242 4242 4242"
DECLINED = "4000 0000 0000 0002"
LACKS_FUNDS = "4000 0000 0000 9995"
PAYS_LATER = "4000 0000 0000 1117"
BOUNCES_LATER = "4000 0000 0000 2222"


WITH_AND_WITHOUT_SCRIPTS = pytest.mark.parametrize(
    "scripts", [True, False], ids=["scripts", "no scripts"]
)


@pytest.fixture(autouse=True)
def tee(live: LiveShop) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (400, 500), "darkslateblue").save(picture, "PNG")
    stored = store_picture(picture.getvalue(), live.services.media)
    make_renditions(stored.content_hash, live.services.media)
    with live.app.app_context(), writing():
        product = a_product(
            live.services.clock,
            handle="late-edition-tee",
            title="Late Edition tee",
            options={"Size": ["S", "M"], "Colour": ["Ink", "Paper"]},
        )
        an_image(product, content_hash=stored.content_hash).has_renditions = True


def put_in_cart(page: Page) -> None:
    page.goto("/products/late-edition-tee")
    page.get_by_role("button", name="Add to cart").first.click()
    # In the drawer where scripts run, else on the cart's page.
    page.get_by_role("button", name="Check out").wait_for()


def fill_pay_page(page: Page, card: str) -> None:
    page.get_by_label("Email").fill("robin@example.org")
    page.get_by_label("Card number").fill(card)
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    page.get_by_label("Name", exact=True).fill("Robin Reader")
    page.get_by_label("Address line 1").fill("1 Crown Street")
    page.get_by_label("Suburb").fill("Surry Hills")
    page.get_by_label("State").fill("NSW")
    page.get_by_label("Postcode").fill("2010")


def pay(page: Page, card: str) -> None:
    page.goto("/cart")
    page.get_by_role("button", name="Check out").click()
    fill_pay_page(page, card)
    page.get_by_role("button", name=re.compile("^Pay ")).click()


def order_state(live: LiveShop) -> str:
    with live.app.app_context():
        return db.session.scalars(select(Order.state)).one()


@WITH_AND_WITHOUT_SCRIPTS
def test_reader_buys_a_tee_on_a_phone(live: LiveShop, new_page: NewPage, *, scripts: bool) -> None:
    page = new_page(scripts=scripts)
    put_in_cart(page)

    pay(page, PAYS)

    expect(page.get_by_role("heading", name=re.compile("Thank you"))).to_be_visible()
    assert order_state(live) == OrderState.PAID
    with live.app.app_context():
        assert_invariants()


@WITH_AND_WITHOUT_SCRIPTS
@pytest.mark.parametrize("card", [DECLINED, LACKS_FUNDS], ids=["declined", "lacks funds"])
def test_refused_card_says_so_and_the_next_card_pays(
    live: LiveShop, new_page: NewPage, card: str, *, scripts: bool
) -> None:
    page = new_page(scripts=scripts)
    put_in_cart(page)
    pay(page, card)
    expect(page.get_by_role("alert")).to_be_visible()

    page.get_by_label("Card number").fill(PAYS)
    page.get_by_label("CVC").fill("123")
    page.get_by_role("button", name=re.compile("^Pay ")).click()

    expect(page.get_by_role("heading", name=re.compile("Thank you"))).to_be_visible()
    assert order_state(live) == OrderState.PAID


@WITH_AND_WITHOUT_SCRIPTS
@pytest.mark.parametrize(
    ("account", "ended"),
    [(PAYS_LATER, {OrderState.PAID}), (BOUNCES_LATER, {OrderState.EXPIRED, OrderState.CANCELLED})],
    ids=["pays later", "bounces later"],
)
def test_bank_debit_waits_for_the_bank(
    live: LiveShop, new_page: NewPage, account: str, ended: set[OrderState], *, scripts: bool
) -> None:
    page = new_page(scripts=scripts)
    put_in_cart(page)
    pay(page, account)
    expect(page.get_by_role("heading", name=re.compile("Thank you"))).to_be_visible()
    assert order_state(live) == OrderState.AWAITING

    live.sandbox.settle_delayed()
    live.sandbox.deliver_now()

    assert order_state(live) in ended
    with live.app.app_context():
        assert_invariants()


def test_going_back_from_the_pay_page_keeps_the_cart(live: LiveShop, new_page: NewPage) -> None:
    page = new_page(size=DESK, moves=True)
    put_in_cart(page)
    page.goto("/cart")
    page.get_by_role("button", name="Check out").click()

    page.get_by_role("link", name=re.compile("back", re.IGNORECASE)).first.click()

    page.wait_for_url(re.compile("/cart"))
    expect(page.get_by_text("Late Edition tee").first).to_be_visible()
    assert order_state(live) in {OrderState.EXPIRED, OrderState.CANCELLED}


def test_double_click_on_pay_charges_once(live: LiveShop, new_page: NewPage) -> None:
    page = new_page()
    put_in_cart(page)
    page.goto("/cart")
    page.get_by_role("button", name="Check out").click()
    fill_pay_page(page, PAYS)

    page.get_by_role("button", name=re.compile("^Pay ")).dblclick()

    expect(page.get_by_role("heading", name=re.compile("Thank you"))).to_be_visible()
    with live.app.app_context():
        assert_invariants()
