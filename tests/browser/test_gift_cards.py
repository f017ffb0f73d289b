"""A gift card is bought for somebody, and spent: with scripts and without."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from store.database import db, writing
from store.gift_cards.issuing import Addressee, issue_by_hand
from store.gift_cards.ledger import Cause
from store.gift_cards.mailing import mail_if_due
from store.mail.models import Message
from tests.browser.axe import FaultsOf, by_day_and_night, violations
from tests.browser.conftest import DESK, PHONE, NewPage
from tests.browser.live import LiveShop
from tests.builders import a_product, aud
from tests.gift_cards.giving import CODE

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
HOME = {
    "Email": "robin@example.org",
    "Name": "Robin",
    "Street and number": "1 Oxford Street",
    "Town or suburb": "Darlinghurst",
    "State": "NSW",
    "Postcode": "2010",
}


@pytest.fixture
def handle(live: LiveShop) -> str:
    """Put a gift card of any value into the shop."""
    with live.app.app_context(), writing():
        product = a_product(live.services.clock, title="Gift Card", price=aud(10), tracked=False)
        variant = product.variants[0]
        variant.requires_shipping = variant.taxable = False
        variant.is_gift_card = True
        variant.least_minor, variant.most_minor = 1_000, 50_000
        variant.suggested = [2_500, 5_000]
        return product.handle


@pytest.fixture
def code(live: LiveShop) -> str:
    with live.app.app_context():
        with writing():
            cause = Cause.by("Kit", "late parcel", live.services.clock)
            addressee = Addressee("robin@example.org")
            card_id = issue_by_hand(aud(100), addressee, cause, live.services).id
        with writing():
            mail_if_due(card_id, live.services)
        mails = db.session.scalars(select(Message.text).where(Message.kind.startswith("gift_card")))
        found = CODE.search(mails.one())
        assert found
        return found.group()


def look(page: Page, faults_of: FaultsOf = violations) -> None:
    """Fail where axe faults something, or the page is wider than the screen."""
    faults = faults_of(page)
    assert [(one["id"], one["nodes"][0]["html"][:160]) for one in faults] == []
    assert page.evaluate(TOO_WIDE) <= 0


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
def test_a_card_is_put_into_the_cart_for_somebody(
    new_page: NewPage, handle: str, *, scripts: bool
) -> None:
    page = new_page(size=PHONE, scripts=scripts)
    page.goto(f"/products/{handle}")
    expect(page.get_by_label("Their email")).to_be_hidden()
    page.get_by_label("Another amount", exact=True).check()
    page.get_by_label("Another amount, in AUD").fill("30")
    page.get_by_label("Mail it to somebody else").check()
    page.get_by_label("Their email").fill("alex@example.org")
    page.get_by_label("A message").fill("For the shirt")

    page.locator("button[data-buy]").click()

    expect(page.locator("[data-units='1']")).to_be_visible()
    page.goto("/cart")
    expect(page.get_by_text("To alex@example.org, once it is paid")).to_be_visible()
    expect(page.get_by_label("What it comes to").get_by_text("1 × $30.00")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
def test_the_price_is_the_value_that_is_picked(
    new_page: NewPage, handle: str, *, scripts: bool
) -> None:
    page = new_page(size=DESK, scripts=scripts)
    page.goto(f"/products/{handle}")
    price = page.locator(".product__facts .price__now:visible")
    expect(price).to_have_text("$25.00")

    page.get_by_label("$50.00", exact=True).check()
    expect(price).to_have_text("$50.00")

    page.get_by_label("Another amount", exact=True).check()
    expect(price).to_have_text("From $10.00")
    page.get_by_label("Another amount, in AUD").fill("1234.5")
    expect(price).to_have_text("From $10.00")
    page.get_by_label("Another amount, in AUD").fill("123.5")
    expect(price).to_have_text("$123.50" if scripts else "From $10.00")


def test_the_bar_on_phones_follows_the_value_too(new_page: NewPage, handle: str) -> None:
    page = new_page(size=PHONE)
    page.goto(f"/products/{handle}")
    bar = page.locator("buy-bar .price__now")
    expect(bar).to_have_text("$25.00")

    page.get_by_label("$50.00", exact=True).check()

    expect(bar).to_have_text("$50.00")


def test_a_card_pays_a_whole_order_without_scripts(
    live: LiveShop, new_page: NewPage, code: str
) -> None:
    with live.app.app_context(), writing():
        tee = a_product(live.services.clock, price=aud(45)).handle
    page = new_page(size=PHONE, scripts=False)
    page.goto(f"/products/{tee}")
    page.locator("button[data-buy]").click()
    page.get_by_text("A discount code or gift card").click()
    page.get_by_label("Code", exact=True).fill(code.lower())
    page.get_by_role("button", name="Apply the code").click()
    expect(page.get_by_label("What it comes to").get_by_text("To pay", exact=True)).to_be_visible()
    page.get_by_role("button", name="Check out").click()
    for label, words in HOME.items():
        page.get_by_label(label, exact=True).first.fill(words)
    page.get_by_role("button", name="Order it").click()

    expect(page.get_by_text("Paid, and ours to pack")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_of_gift_cards_have_no_fault(
    new_page: NewPage, handle: str, code: str, size: tuple[int, int]
) -> None:
    page = new_page(size=size)
    page.goto(f"/products/{handle}")
    page.get_by_label("Mail it to somebody else").check()
    look(page, by_day_and_night)
    page.get_by_label("Their email").fill("alex@example.org")
    page.locator("button[data-buy]").click()
    expect(page.locator("[data-units='1']")).to_be_visible()
    page.goto("/cart")
    page.get_by_text("A discount code or gift card").click()
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Apply the code").click()
    expect(page.get_by_text("Nothing of it is needed here")).to_be_visible()
    look(page, by_day_and_night)
    page.goto("/gift-cards")
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="See what is left").click()
    expect(page.get_by_text("Left to spend")).to_be_visible()
    look(page, by_day_and_night)
