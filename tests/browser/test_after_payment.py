"""After the payment: a reader whose goods are gone chooses, and staff answer a bank."""

import re
from functools import partial

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from store.catalog.models import Variant
from store.database import db, writing
from store.inventory import stock
from store.mail.models import Message
from store.orders.disputing.following import sync_disputes
from store.orders.disputing.models import Dispute
from store.orders.models import Order
from store.sandbox.stripe import Address
from store.staff.models import StaffSession
from tests.browser.axe import violations
from tests.browser.conftest import DESK, PHONE, NewPage
from tests.browser.live import LiveShop
from tests.browser.signing_in import sign_in
from tests.builders import a_product, aud
from tests.buying import check_out, fill_cart, session_of, thanks

HOME = Address("12 Galley Street", "", "Newtown", "NSW", "2042", "AU")


@pytest.fixture
def sizes(live: LiveShop) -> list[int]:
    """A tee in M and L, and a mug that costs less."""
    clock = live.services.clock
    with live.app.app_context(), writing():
        tee = a_product(clock, title="Late Edition tee", options={"Size": ["M", "L"]})
        mug = a_product(clock, title="No Comment mug", price=aud(25))
        return [variant.id for variant in (*tee.variants, *mug.variants)]


def _buy(live: LiveShop, units: dict[int, int], *, gone: bool = False) -> int:
    """Buy as a reader does; what is gone was let go and sold before the payment was told."""
    reader: FlaskClient = live.app.test_client()
    reader.open = partial(reader.open, base_url=live.url)  # type: ignore[method-assign] # its host
    for variant_id, number in units.items():
        fill_cart(reader, variant_id, number)
    session_id = session_of(check_out(reader))
    live.sandbox.stop()
    with live.app.app_context():
        order = db.session.scalars(select(Order).where(Order.session_id == session_id)).one()
        order_id, line_ids = order.id, [line.id for line in order.lines]
        if gone:
            with writing():
                stock.release(line_ids)
                for variant_id in units:
                    stock.count(
                        variant_id, 0, cause="a count", actor="Sam", clock=live.services.clock
                    )
        live.sandbox.pay(session_id, address=HOME)
    thanks(reader, session_id)
    return order_id


def _link_mailed(live: LiveShop, kind: str) -> str:
    with live.app.app_context():
        mail = db.session.scalars(select(Message).where(Message.kind == kind)).one()
        found = re.search(r"https?://\S+/orders/\S+", mail.text)
    assert found
    return found[0]


def _faults(page: Page, *, scripts: bool = True) -> list[str]:
    if not scripts:
        return []
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    faults = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in violations(page)]
    return faults + (["too wide"] if wide > 0 else [])


@pytest.mark.parametrize(
    ("scripts", "dark"), [(True, False), (True, True), (False, False)], ids=str
)
def test_a_reader_whose_tee_is_gone_takes_a_mug_and_waits(
    live: LiveShop, sizes: list[int], new_page: NewPage, *, scripts: bool, dark: bool
) -> None:
    medium, large, _mug = sizes
    _buy(live, {medium: 1, large: 2}, gone=True)
    with live.app.app_context():
        name = db.session.get_one(Variant, large).combination
    page = new_page(size=PHONE, scripts=scripts, dark=dark)

    page.goto(_link_mailed(live, "orders.missing"))
    expect(page.get_by_role("heading", name="Please choose")).to_be_visible()
    assert _faults(page, scripts=scripts) == []
    group = page.get_by_role("group", name=re.compile(f"tee {name}"))
    group.get_by_role("radio", name="Wait for it").check()
    page.get_by_role("button", name="This is my choice").click()
    expect(page.get_by_text("We have your choice")).to_be_visible()
    assert _faults(page, scripts=scripts) == []

    page.get_by_role("link", name="Choose what happens").click()
    page.get_by_role("link", name="Take something else instead").first.click()
    page.get_by_label("What you are looking for").fill("mug")
    page.get_by_role("button", name="Look").click()
    offer = page.get_by_role("radio", name=re.compile("No Comment mug"))
    expect(page.get_by_text("$20.00 back to you")).to_be_visible()
    assert _faults(page, scripts=scripts) == []
    offer.check()
    page.get_by_role("button", name="Take this instead").click()

    expect(page.get_by_text("something else is sent instead").first).to_be_visible()
    expect(page.get_by_text("waits for the next delivery").first).to_be_visible()
    expect(page.get_by_text("Given back: $20.00")).to_be_visible()
    assert _faults(page, scripts=scripts) == []


@pytest.mark.parametrize(
    ("size", "dark"), [(DESK, False), (PHONE, True)], ids=["desk", "phone by night"]
)
def test_staff_answer_a_dispute(
    live: LiveShop,
    sizes: list[int],
    new_page: NewPage,
    size: tuple[int, int],
    *,
    dark: bool,
) -> None:
    order_id = _buy(live, {sizes[0]: 1})
    with live.app.app_context():
        order = db.session.get_one(Order, order_id)
        live.sandbox.dispute(order.payments[0].intent_id, "product_not_received")
        sync_disputes(order, live.services)
    page = new_page(size=size, dark=dark)
    # The paper for the bank is laid out by a process of its own, which takes its time.
    page.set_default_timeout(60_000)
    sign_in(page, live)
    with live.app.app_context(), writing():
        db.session.execute(update(StaffSession).values(factor_at=live.services.clock.now()))

    page.goto("/staff/")
    page.get_by_role("link", name="1 dispute to answer").click()
    expect(page.get_by_text("it did not arrive").first).to_be_visible()
    assert _faults(page) == []
    page.get_by_role("link", name="Answer …").click()
    page.get_by_label("Why the payment was right").fill("It was handed over on Monday.")
    assert _faults(page) == []
    page.get_by_role("button", name="Submit to the bank").click()
    submitted = page.get_by_role("status").filter(has_text="Submitted.")
    expect(submitted).to_be_visible(timeout=60_000)
    expect(page.get_by_text("The bank reads our answer").first).to_be_visible()
    assert _faults(page) == []
    page.goto("/staff/disputes/?view=all")
    assert _faults(page) == []
    with live.app.app_context():
        assert db.session.scalars(select(Dispute.submissions)).one() == 1
