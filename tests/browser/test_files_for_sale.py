"""Files for sale as people see them: sent by staff, fetched by their buyer, and over one day."""

from functools import partial
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from store.catalog.files.keeping import add_file, store_file
from store.catalog.models import Product, Variant
from store.database import db, writing
from store.orders.downloads.models import DownloadTaking
from store.orders.downloads.taking import OPEN_FOR
from store.orders.links import order_path
from store.orders.models import Order
from tests.browser.axe import violations
from tests.browser.conftest import DESK, PHONE, NewPage
from tests.browser.live import LiveShop
from tests.browser.signing_in import sign_in
from tests.builders import a_product, aud
from tests.buying import check_out, fill_cart, session_of, thanks
from tests.selling_files import PDF

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NAME = "A Saturday crossword with a name that goes on for quite a while.pdf"


@pytest.fixture
def order(live: LiveShop) -> Order:
    """A paid order of a crossword, in a shop that sells it as a file."""
    services = live.services
    with live.app.app_context():
        with writing():
            product = a_product(services.clock, title="Crossword", price=aud(4), tracked=False)
            variant_id = product.variants[0].id
        stored = store_file(NAME, BytesIO(PDF), services.files, most=len(PDF))
        with writing():
            add_file(db.session.get_one(Variant, variant_id), stored, services.clock)
    reader: FlaskClient = live.app.test_client()
    reader.open = partial(reader.open, base_url=live.url)  # type: ignore[method-assign] # its host
    fill_cart(reader, variant_id)
    session_id = session_of(check_out(reader))
    live.sandbox.pay(session_id, address=None)
    thanks(reader, session_id)
    with live.app.app_context():
        return db.session.scalars(select(Order).where(Order.session_id == session_id)).one()


def look(page: Page) -> None:
    faults = violations(page)
    assert [(one["id"], one["nodes"][0]["html"][:160]) for one in faults] == []
    assert page.evaluate(TOO_WIDE) <= 0


@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_of_what_was_downloaded_have_no_fault(
    live: LiveShop, new_page: NewPage, order: Order, size: tuple[int, int], *, dark: bool
) -> None:
    page = new_page(size=size, dark=dark)
    with live.app.app_context():
        path = order_path(db.session.merge(order), live.services.settings)
    page.goto(path)
    expect(page.get_by_role("heading", name="Your downloads")).to_be_visible()
    look(page)
    with page.expect_download() as given:
        page.get_by_role("button", name="Download").click()
    assert given.value.suggested_filename == NAME
    with live.app.app_context(), writing():
        long_ago = live.services.clock.now() - OPEN_FOR
        db.session.execute(update(DownloadTaking).values(at=long_ago))

    page.goto(given.value.url)

    expect(page.get_by_text("good for two hours").first).to_be_visible()
    look(page)


@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_desk_of_files_has_no_fault(
    live: LiveShop, new_page: NewPage, order: Order, size: tuple[int, int], *, dark: bool
) -> None:
    page = new_page(size=size, dark=dark)
    sign_in(page, live)
    with live.app.app_context():
        product_id, number = db.session.scalars(select(Product.id)).one(), order.number
    page.goto(f"/staff/products/{product_id}/files")
    expect(page.get_by_text(NAME).first).to_be_visible()
    look(page)
    page.goto(f"/staff/orders/{number}")
    expect(page.get_by_text(NAME).first).to_be_visible()
    look(page)
    for path in ("/staff/reports/gift-cards", "/staff/reports/days", "/staff/disputes/"):
        page.goto(path)
        look(page)
