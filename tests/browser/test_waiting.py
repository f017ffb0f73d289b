"""Two readers and one unit in Chromium, with scripts and without; and every page of waiting."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from store.cart.models import Cart
from store.catalog.models import StockPolicy
from store.database import db, writing
from store.inventory import stock
from store.inventory.proof import proof
from store.mail.models import Message
from store.staff.roles import Role
from store.waiting.last_unit.calling import keep_moving
from store.waiting.left_carts.mailing import mail_left_carts
from store.waiting.left_carts.models import CartLink
from tests.browser.axe import by_day_and_night
from tests.browser.conftest import DESK, PHONE, NewPage
from tests.browser.live import LiveShop
from tests.browser.signing_in import sign_in
from tests.browser.test_buying import PAYS, WITH_AND_WITHOUT_SCRIPTS, fill_pay_page
from tests.builders import a_product

ADDRESS = "river@example.org"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def mug(live: LiveShop) -> int:
    with live.app.app_context(), writing():
        clock = live.services.clock
        zine = a_product(
            clock, handle="zine", title="Zine", stock=0, policy=StockPolicy.PREORDER
        ).variants[0]
        day = (clock.now() + timedelta(days=40)).date()
        stock.expect(zine.id, comes_on=day, to_come=20)
        return a_product(clock, handle="mug", title="Late mug", stock=1).variants[0].id


def sweep(live: LiveShop) -> None:
    with live.app.app_context():
        keep_moving(live.services)


def to_pay_page(page: Page) -> None:
    page.goto("/products/mug")
    page.get_by_role("button", name="Add to cart").first.click()
    page.get_by_role("button", name="Check out").wait_for()
    page.goto("/cart")
    page.get_by_role("button", name="Check out").click()
    page.get_by_label("Card number").wait_for()


def wait_in_line(page: Page, email: str = "") -> None:
    page.goto("/products/mug")
    page.get_by_role("link", name="Wait in line").click()
    page.get_by_label(re.compile("^Email")).first.fill(email)
    page.get_by_role("button", name="Wait in line").click()


@WITH_AND_WITHOUT_SCRIPTS
def test_who_waits_gets_what_the_other_lets_go(
    live: LiveShop, new_page: NewPage, mug: int, *, scripts: bool
) -> None:
    ada, bea = new_page(scripts=scripts), new_page(size=DESK, scripts=scripts)
    to_pay_page(ada)

    wait_in_line(bea)
    expect(bea.get_by_role("heading", name="You are in line")).to_be_visible()
    expect(bea.get_by_text("You are first in line.")).to_be_visible()

    ada.goto("/checkout/back")
    sweep(live)
    expect(ada.get_by_text("Someone is paying for the last one")).to_be_visible()
    bea.goto("/cart")
    expect(bea.get_by_text("It is your turn")).to_be_visible()
    bea.get_by_role("button", name="Put it in the cart").click()
    bea.get_by_role("button", name="Check out").click()
    fill_pay_page(bea, PAYS)
    bea.get_by_role("button", name=re.compile("^Pay ")).click()
    expect(bea.get_by_role("heading", name=re.compile("Thank you"))).to_be_visible()

    ada.goto(f"/last-unit/{mug}")
    expect(ada.get_by_role("heading", name="It is sold out")).to_be_visible()
    with live.app.app_context():
        assert proof() == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_of_waiting_are_accessible_and_fit(
    live: LiveShop, new_page: NewPage, mug: int, size: tuple[int, int]
) -> None:
    reader, other = new_page(size=size), new_page()
    found: dict[str, list[str]] = {}
    look = Looking(found)
    to_pay_page(other)
    reader.goto("/products/mug")
    look(reader, "held product")
    reader.goto(f"/last-unit/{mug}")
    look(reader, "line")
    wait_in_line(reader, ADDRESS)
    look(reader, "in line")
    reader.goto("/products/zine")
    look(reader, "pre-order")
    reader.goto("/products")
    look(reader, "listing")
    reader.goto("/products/zine")
    reader.get_by_role("button", name="Add to cart").first.click()
    reader.get_by_role("button", name="Check out").wait_for()
    reader.goto("/cart")
    reader.get_by_text("Not today?").click()
    look(reader, "cart")
    other.goto("/checkout/back")
    sweep(live)
    reader.goto("/cart")
    look(reader, "cart called")
    reader.goto(f"/last-unit/{mug}")
    look(reader, "called")
    reader.goto("/cart/link")
    reader.get_by_role("button", name="Mail it to me").click()
    look(reader, "link refused")
    reader.get_by_label(re.compile("^Yes, mail me")).check()
    reader.get_by_label(re.compile("^Email")).first.fill(ADDRESS)
    reader.get_by_role("button", name="Mail it to me").click()
    look(reader, "link noted")
    for path in _mailed(live):
        other.goto(path)
        reader.goto(path)
        look(reader, path.split("?")[0].rsplit("/", 1)[0])
    sign_in(reader, live, role=Role.OWNER)
    for path in ("/staff/waiting/", f"/staff/waiting/{mug}", "/staff/reports/carts"):
        reader.goto(path)
        look(reader, path)
    assert found == {}


class Looking:
    """Looks at a page as axe does, by day and by night, and whether it fits."""

    def __init__(self, found: dict[str, list[str]]) -> None:
        self._found = found

    def __call__(self, page: Page, name: str) -> None:
        faults = [violation["id"] for violation in by_day_and_night(page)]
        if page.evaluate(TOO_WIDE) > 0:
            faults.append("wider than the screen")
        if faults:
            self._found[name] = faults


def _mailed(live: LiveShop) -> list[str]:
    """Have both mails written, and return where their links lead."""
    with live.app.app_context():
        with writing():
            long_ago = live.services.clock.now() - timedelta(hours=9)
            db.session.execute(update(CartLink).values(asked_at=long_ago))
            db.session.execute(update(Cart).values(updated_at=long_ago))
        mail_left_carts(live.services)
        mails = db.session.scalars(
            select(Message).where(Message.kind.in_(("left_carts.link", "last_unit.turn")))
        ).all()
        links = [re.findall(rf"{live.url}(/\S+)", mail.text) for mail in mails]
    return [path for found in links for path in found if "/pages/" not in path]
