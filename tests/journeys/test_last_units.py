"""Two hundred readers, over HTTP and at once, for the last ten units."""

import http.client
import threading
from collections import Counter
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import select

from store.catalog.models import Variant
from store.database import db, writing
from store.inventory import stock
from store.orders.models import Order, OrderState
from store.sandbox.stripe import SessionClosedError
from tests.browser.live import LiveShop, live_shop
from tests.builders import a_product
from tests.invariants import assert_invariants

pytestmark = pytest.mark.slow

READERS, UNITS = 200, 10


@pytest.fixture
def live(tmp_path: Path, database_url: str) -> Iterator[LiveShop]:
    # Readers come through a proxy, each from a network of their own.
    with live_shop(tmp_path, database_url, trusted_proxies="127.0.0.0/8") as shop:
        yield shop


class Reader:
    """One reader's connection, network and cookies."""

    def __init__(self, shop: LiveShop, number: int) -> None:
        self._shop = shop
        self._address = f"203.{number // 200}.{number % 200}.7"
        self._cookies: SimpleCookie = SimpleCookie()

    def buy(self, variant_id: int) -> str:
        """Go as far as the shop lets; return how it ended."""
        self._post("/cart/lines", variant_id=str(variant_id), quantity="1")
        status, location = self._post("/checkout")
        if status != 303 or "/pay/" not in location:
            return "sold out"
        session_id = urlsplit(location).path.rsplit("/", 1)[-1]
        try:
            self._shop.sandbox.pay(session_id)
        except SessionClosedError:
            return "too late"
        self._get(f"/checkout/thanks?session_id={session_id}")
        return "paid"

    def _post(self, path: str, **fields: str) -> tuple[int, str]:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        headers["Origin"] = self._shop.url
        return self._ask("POST", path, urlencode(fields), headers)

    def _get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path, None, {})

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, str]:
        connection = http.client.HTTPConnection(urlsplit(self._shop.url).netloc, timeout=120)
        cookies = "; ".join(f"{one.key}={one.value}" for one in self._cookies.values())
        headers |= {"X-Forwarded-For": self._address, "Cookie": cookies}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            for header in answer.headers.get_all("Set-Cookie", []):
                self._cookies.load(header)
            return answer.status, answer.headers.get("Location", "")
        finally:
            connection.close()


def test_ten_units_become_ten_paid_orders(live: LiveShop) -> None:
    variant_id = ten_units(live)
    endings: list[str] = []
    start = threading.Barrier(READERS)

    def race(number: int) -> None:
        reader = Reader(live, number)
        start.wait()
        endings.append(reader.buy(variant_id))

    readers = [threading.Thread(target=race, args=(number,)) for number in range(READERS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert Counter(endings) == {"paid": UNITS, "sold out": READERS - UNITS}
    with live.app.app_context():
        states = Counter(db.session.scalars(select(Order.state)))
        assert states == {OrderState.PAID: UNITS}
        assert stock.levels([variant_id])[variant_id].available == 0
        assert_invariants(live.sandbox)


def ten_units(live: LiveShop) -> int:
    with live.app.app_context(), writing():
        a_product(live.services.clock, handle="last-tee", stock=UNITS)
        return db.session.scalars(select(Variant.id)).one()
