"""What appears and ends by itself does so at its second: everywhere, and in every process."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import sleep

import pytest
from flask.testing import FlaskClient

from store.catalog.models import Product
from store.catalog.prices.changing import PriceWanted, change_prices
from store.catalog.publishing import schedule
from store.clock import FixedClock
from store.database import db, writing
from store.web.page_version import INTERVAL_SECONDS
from tests.builders import a_collection, a_product, aud
from tests.buying import FROM_OUR_PAGE
from tests.pages import Page
from tests.shop import Shop, open_shop, some_settings

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
LISTS = ("/", "/products", "/products?q=tee", "/products?sort=price", "/collections/front-page")


@pytest.fixture
def processes(tmp_path: Path, database_url: str, clock: FixedClock) -> Iterator[tuple[Shop, Shop]]:
    """Two processes of one shop: each with its own pool, page memory and cards."""
    settings = some_settings(tmp_path, database_url)
    shops = open_shop(settings, clock), open_shop(settings, clock)
    yield shops
    for shop in shops:
        with shop.app.app_context():
            db.engine.dispose()


def where_it_stands(reader: FlaskClient) -> set[str]:
    """Return every place that shows the tee to a reader."""
    named = {path for path in LISTS if "Late Edition tee" in reader.get(path).text}
    if reader.get("/products/tee").status_code == 200:
        named.add("page")
    if json.loads(reader.get("/feeds/products.json").data)["items"]:
        named.add("json feed")
    for path in ("/feeds/products.atom", "/feeds/google.xml", "/sitemap.xml"):
        if "/products/tee" in reader.get(path).text:
            named.add(path)
    card = reader.get("/widget/v1/card.json?products=tee").json
    if card and card["products"]:
        named.add("card")
    return named


EVERYWHERE = {
    *LISTS,
    *("page", "json feed", "card", "/feeds/products.atom", "/feeds/google.xml", "/sitemap.xml"),
}


def a_scheduled_tee(shop: Shop) -> int:
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock, handle="tee")
        a_collection(shop.clock, [tee])
        appears = shop.clock.now() + HOUR
        schedule(tee, shop.clock, appears=appears, ends=appears + HOUR)
        return tee.variants[0].id


def test_it_appears_and_ends_everywhere_at_its_second(processes: tuple[Shop, Shop]) -> None:
    a_scheduled_tee(processes[0])
    readers, clock = [shop.browser() for shop in processes], processes[0].clock

    def stands(after: timedelta) -> list[set[str]]:
        clock.move_to(clock.now() + after)
        # Asked twice: what the first leaves in the page memory is what others are shown.
        return [where_it_stands(reader) for reader in readers * 2]

    assert stands(timedelta()) == [set()] * 4
    assert stands(HOUR - SECOND) == [set()] * 4
    assert stands(SECOND) == [EVERYWHERE] * 4
    assert stands(HOUR - SECOND) == [EVERYWHERE] * 4
    assert stands(SECOND) == [set()] * 4


def test_a_cart_sells_it_in_its_time_only(processes: tuple[Shop, Shop]) -> None:
    variant = a_scheduled_tee(processes[0])
    clock, reader = processes[0].clock, processes[1].browser()

    def added() -> int:
        answer = processes[1].browser().post("/cart/lines", data={"variant_id": variant})
        return answer.status_code

    assert added() == 404
    clock.move_to(clock.now() + HOUR)
    assert added() == 303
    reader.post("/cart/lines", data={"variant_id": variant})
    clock.move_to(clock.now() + HOUR)
    assert added() == 404
    gone = Page(reader.get("/cart"))
    stopped = reader.post("/checkout", data={"shown": ""}, headers=FROM_OUR_PAGE)
    assert "No longer sold" in gone.text
    assert stopped.headers["Location"].startswith("/cart")


def test_a_schedule_made_in_one_process_is_kept_in_the_other(
    processes: tuple[Shop, Shop],
) -> None:
    here, there = processes
    with here.app.app_context(), writing():
        tee = a_product(here.clock, handle="tee")
        number = tee.id
    reader = there.browser()
    assert reader.get("/products/tee").status_code == 200

    with here.app.app_context(), writing():
        product = db.session.get_one(Product, number)
        ends = here.clock.now() + HOUR
        schedule(product, here.clock, appears=product.published_at, ends=ends)
    sleep(INTERVAL_SECONDS * 1.5)
    assert reader.get("/products/tee").status_code == 200
    here.clock.move_to(here.clock.now() + HOUR)

    assert reader.get("/products/tee").status_code == 410


def what_the_tee_costs(reader: FlaskClient) -> dict[str, str]:
    """Return what each place says of it; nothing where it does not stand."""

    def said(path: str) -> str:
        text = reader.get(path).text
        return "$15" if "$15.00" in text else "$45" if "$45.00" in text else ""

    cheapest_first = Page(reader.get("/products?sort=price")).links
    card = reader.get("/widget/v1/card.json?products=tee").json or {}
    return {
        "its page": said("/products/tee"),
        "from 25 to 50": said("/products?price=25-50"),
        "under 25": said("/products?price=0-25"),
        "beside the mug": said("/products/mug"),
        "looked at": said("/cards?handles=tee"),
        "suggested": said("/products/suggest?q=tee"),
        "under stories": card["products"][0]["price"],
        "sorted": next(link for link in cheapest_first if link.startswith("/products/")),
    }


def everywhere(price: str, *, band: str, first: str) -> dict[str, str]:
    said = dict.fromkeys(("its page", "beside the mug", "looked at", "suggested"), price)
    bands = {"from 25 to 50": "", "under 25": ""} | {band: price}
    return said | bands | {"under stories": f"{price}.00", "sorted": first}


DEAR = everywhere("$45", band="from 25 to 50", first="/products/mug")
CHEAP = everywhere("$15", band="under 25", first="/products/tee")


def test_a_price_moves_it_everywhere_at_its_second(processes: tuple[Shop, Shop]) -> None:
    here, clock = processes[0], processes[0].clock
    with here.app.app_context(), writing():
        tee = a_product(clock, handle="tee", price=aud(45))
        others = {"mug": 20, "cap": 30}
        goods = [a_product(clock, handle=h, title=h, price=aud(p)) for h, p in others.items()]
        a_collection(clock, [tee, *goods])
        begins = clock.now() + HOUR
        wanted = [PriceWanted(tee.variants[0].id, aud(15))]
        change_prices(tee, wanted, clock, starts_at=begins, ends_at=begins + HOUR)
    readers = [shop.browser() for shop in processes]

    def told(after: timedelta) -> list[dict[str, str]]:
        clock.move_to(clock.now() + after)
        return [what_the_tee_costs(reader) for reader in readers * 2]

    assert told(HOUR - SECOND) == [DEAR] * 4
    assert told(SECOND) == [CHEAP] * 4
    assert told(HOUR - SECOND) == [CHEAP] * 4
    assert told(SECOND) == [DEAR] * 4
