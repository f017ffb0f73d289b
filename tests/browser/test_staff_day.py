"""A staff member's day from signing in to a number explained, by pointer and by keys alone."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from store.app import job_handlers
from store.catalog.models import Product, ProductStatus
from store.clock import FixedClock
from store.database import db, writing
from store.inventory.models import StockLevel
from store.jobs.worker import Worker
from store.orders.models import Order
from store.sandbox.stripe.state import Shelf
from tests.browser import reader_day, staff_day
from tests.browser.conftest import DESK, PHONE, NewPage
from tests.browser.goods_to_sell import a_tee, an_export, real_exports
from tests.browser.hands import Keys, Pointer
from tests.browser.live import LiveShop
from tests.browser.staff_day import Day, Shown
from tests.builders import a_product
from tests.invariants import assert_invariants
from tests.shop import Shop
from tests.staffing import Colleague, a_colleague

# pragma: allowlist nextline secret - a number of a parcel
TRACKING = "33ABC012345601000935005"


@pytest.fixture(autouse=True)
def worker(live: LiveShop) -> Iterator[None]:
    """Somebody has to read the files and make the pictures' sizes, as `store worker` does."""
    doors = live.services
    hands = Worker(live.app, doors.queue, doors.clock, job_handlers(doors), threads=1)
    thread = threading.Thread(target=hands.run)
    thread.start()
    yield
    hands.stop()
    thread.join()


@pytest.fixture
def who(live: LiveShop) -> Colleague:
    with live.app.app_context(), writing():
        a_product(live.services.clock, handle="paper-round", title="Paper Round tote")
    clock = live.services.clock
    found = a_colleague(Shop(live.app, live.services, FixedClock(clock.now())), has_app=True)
    # The day takes longer than a code lives: the app goes by the clock of the shop.
    return replace(found, app=replace(found.app, clock=clock))


def on_sale(live: LiveShop) -> dict[str, int]:
    """Return what readers can see, with its first price."""
    active = select(Product).filter_by(status=ProductStatus.ACTIVE)
    with live.app.app_context():
        return {
            product.handle: product.variants[0].price_minor
            for product in db.session.scalars(active)
        }


def the_number(live: LiveShop) -> str:
    with live.app.app_context():
        return str(db.session.scalars(select(Order.number)).one())


def refunds_at_stripe(live: LiveShop) -> list[int]:
    return [refund["amount"] for refund in live.sandbox.account.state.scan(Shelf.REFUND)]


def units(live: LiveShop) -> dict[str, tuple[int, int]]:
    """Return what lies there and what of it is promised, for variants that were sold."""
    with live.app.app_context():
        product = db.session.scalars(select(Product).filter_by(handle=staff_day.HANDLE)).one()
        levels = {level.variant_id: level for level in db.session.scalars(select(StockLevel))}
        return {
            variant.combination: (levels[variant.id].on_hand, levels[variant.id].reserved)
            for variant in product.variants
        }


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody gets through the day."""

    size: tuple[int, int]
    hands: type[Pointer | Keys] = Pointer
    has_scripts: bool = True
    has_real_files: bool = False


WAYS = {
    "phone": Way(PHONE),
    "desk": Way(DESK, has_real_files=True),
    "keys alone": Way(DESK, Keys),
    "no scripts": Way(PHONE, has_scripts=False),
}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_a_day_at_the_shop(live: LiveShop, who: Colleague, new_page: NewPage, way: Way) -> None:
    hands = way.hands(new_page(size=way.size, scripts=way.has_scripts))
    day = Day(live, who, hands, way.has_scripts)
    reader = way.hands(new_page(size=way.size))
    open_for_sale(day)

    reader_day.buy(reader, staff_day.HANDLE, "Ink", "S")
    reader_day.buy(reader, staff_day.HANDLE, "Paper", "L")
    reader_day.pay(reader)
    number = the_number(live)
    send_and_give_back(day, reader.page, number)
    with live.app.app_context():
        assert_invariants(live.sandbox)

    staff_day.change_price_and_back(day)
    assert on_sale(live)[staff_day.HANDLE] == 4500
    take_a_file_in_and_out(day)
    if way.has_real_files:
        take_real_files_in_and_out(day)

    assert staff_day.why(day, "Ink / S") == Shown(5, 0, 5, (2, -2, 5))
    assert staff_day.why(day, "Paper / L") == Shown(5, 2, 3, (5,))
    assert day.found == {}


def open_for_sale(day: Day) -> None:
    staff_day.sign_in(day)
    staff_day.make_product(day)
    staff_day.add_pictures(day, [a_tee("#23252f", "ink.png"), a_tee("#e9e2d2", "paper.png")])
    staff_day.publish(day)
    assert set(units(day.live).values()) == {(staff_day.FIRST_STOCK, 0)}
    assert len(units(day.live)) == len(staff_day.COLOURS) * len(staff_day.SIZES)


def send_and_give_back(day: Day, reader: Page, number: str) -> None:
    staff_day.ship_half(day, number, TRACKING)
    reader.reload()
    expect(reader.get_by_role("heading", name="Partly on its way to you")).to_be_visible()
    expect(reader.get_by_text(TRACKING)).to_be_visible()
    assert (units(day.live)["Ink / S"], units(day.live)["Paper / L"]) == ((3, 0), (5, 2))

    staff_day.refund_first_line(day)
    assert refunds_at_stripe(day.live) == [9000]
    assert (units(day.live)["Ink / S"], units(day.live)["Paper / L"]) == ((5, 0), (5, 2))


def take_a_file_in_and_out(day: Day) -> None:
    before = on_sale(day.live)
    staff_day.bring_in(day, an_export(), "Write 3 products")
    new = {"erratum-mug": 2400, "stet-tote": 2800, "paper-round": 3000}
    assert on_sale(day.live) == before | new
    staff_day.take_import_back(day)
    assert on_sale(day.live) == before


def take_real_files_in_and_out(day: Day) -> None:
    before = on_sale(day.live)
    for export in real_exports():
        staff_day.bring_in(day, export, "Write 20 products")
        assert len(on_sale(day.live)) == len(before) + 20
        staff_day.take_import_back(day)
        assert on_sale(day.live) == before
