"""A guest from the lost link to a return with part of her money back, scripts or none."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from store.app import job_handlers
from store.database import db, writing
from store.jobs.outbox import due_row_ids, run_row
from store.jobs.queue import Handler
from store.mail.models import Message
from store.orders.delivering import delivered
from store.orders.models import Order
from store.orders.queries import locked_order
from store.orders.refunding import send_refund
from store.orders.returning.deciding import approve, return_of
from store.orders.returning.giving_back import Giving, write_return_refund
from store.orders.returning.models import Return
from store.orders.returning.receiving import Arrived, receive
from store.orders.shipping import Parcel, ship_parcel
from tests.browser.axe import violations
from tests.browser.conftest import PHONE, NewPage
from tests.browser.hands import Pointer
from tests.browser.live import LiveShop
from tests.browser.reader_day import CARD, pay
from tests.builders import a_product, aud

EMAIL = CARD["Email"]


@pytest.fixture
def tee(live: LiveShop) -> None:
    with live.app.app_context(), writing():
        a_product(
            live.services.clock,
            handle="tee",
            title="Late Edition tee",
            price=aud(45),
            options={"Size": ["M", "L"]},
        )


def _work(live: LiveShop) -> None:
    """Run what waits, as a worker does; mails stay where they can be read."""
    with live.app.app_context():
        known: dict[str, Handler] = {**job_handlers(live.services), "mail.send": lambda _p: None}
        for row in due_row_ids(live.services.clock.now()):
            run_row(row, known, live.services.clock)


def _link_mailed(live: LiveShop, kind: str) -> str:
    with live.app.app_context():
        mail = db.session.scalars(
            select(Message).where(Message.kind == kind).order_by(Message.id.desc()).limit(1)
        ).one()
        found = re.search(r"https?://\S+/orders/\S+", mail.text)
    assert found
    return found[0]


def _send(live: LiveShop) -> None:
    """Have the parcel leave and arrive."""
    with live.app.app_context():
        order_id = db.session.scalars(select(Order.id)).one()
        with writing():
            order = locked_order(order_id)
            sent = ship_parcel(order, Parcel({}), live.services, actor="Sam")
            db.session.flush()
            delivered(order, sent, live.services, actor="Sam")


def _make_good(live: LiveShop) -> None:
    """Decide as staff do: take it, count it, and give less back, because it was worn."""
    with live.app.app_context():
        return_id, order_id = db.session.execute(select(Return.id, Return.order_id)).one()
        with writing():
            asked = return_of(locked_order(order_id), return_id)
            approve(asked, "To 1 Press Lane, Newtown.", live.services, actor="Sam")
        with writing():
            asked = return_of(locked_order(order_id), return_id)
            line_id = asked.lines[0].order_line_id
            receive(asked, {line_id: Arrived(damaged=1)}, live.services, actor="Sam")
        with writing():
            asked = return_of(locked_order(order_id), return_id)
            giving = Giving(amount=aud(30))
            refund_id = write_return_refund(asked, giving, live.services, actor="Sam").id
        send_refund(refund_id, live.services)


def _faults(page: Page) -> list[str]:
    faults = violations(page)
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return [one["id"] for one in faults] + (["too wide"] if wide > 0 else [])


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_guest_finds_her_order_and_sends_a_part_of_it_back(
    tee: None, live: LiveShop, new_page: NewPage, *, scripts: bool
) -> None:
    page = new_page(size=PHONE, scripts=scripts)
    page.goto("/products/tee")
    page.get_by_role("radio", name="M", exact=True).check(force=True)
    page.get_by_role("button", name="Add to cart").first.click()
    expect(page.get_by_role("button", name="Check out")).to_be_visible()
    pay(Pointer(page))
    _send(live)

    page.context.clear_cookies()
    page.goto("/orders/find")
    page.get_by_label("Email").first.fill(EMAIL)
    page.get_by_role("button", name="Mail me the links").click()
    expect(page.get_by_text("links are on their way")).to_be_visible()
    _work(live)
    page.goto(_link_mailed(live, "orders.links"))

    page.get_by_role("link", name="Send something back").click()
    if scripts:
        assert _faults(page) == []
    page.get_by_label("How many of 1").fill("1")
    page.get_by_label("Why").select_option(label="Faulty or damaged")
    page.get_by_label("Anything that we need to know").fill("The seam at the collar is open.")
    page.get_by_role("button", name="Ask to send it back").click()
    expect(page.get_by_text("Waits for us")).to_be_visible()
    _make_good(live)

    page.goto(_link_mailed(live, "orders.refunded"))
    expect(page.get_by_text("Money given back").first).to_be_visible()
    expect(
        page.get_by_role("region", name="Money back").get_by_text("Given back: $30.00")
    ).to_be_visible()
    if scripts:
        assert _faults(page) == []
    page.get_by_role("link", name="GN-CRN-000001").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("$30.00").first).to_be_visible()
    if scripts:
        assert _faults(page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["paper", "night"])
def test_pages_of_own_data_are_accessible(live: LiveShop, new_page: NewPage, *, dark: bool) -> None:
    page = new_page(size=PHONE, dark=dark)
    page.goto("/orders/your-data")
    assert _faults(page) == []
