"""`python -m bench.orders`: how long staff wait for each list of a hundred thousand orders."""

import json
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import click
from sqlalchemy import delete, select
from werkzeug.test import Client

from bench.many_orders import fill_orders
from store.clock import FixedClock, SystemClock
from store.database import db, writing
from store.migrating import upgrade_url
from store.orders.models import Order, OrderState
from store.staff.models import StaffUser
from tests.shop import Shop, open_shop, some_settings
from tests.staffing import at_the_desk

ROUNDS = 7
LISTS: tuple[Mapping[str, str], ...] = (
    {"view": "to_ship"},
    {"view": "parked"},
    {"view": "refunds"},
    {"view": "all"},
    {"view": "all", "state": "refunded"},
    {"view": "all", "parcels": "shipped"},
    {"view": "all", "since": "2024-03-01", "until": "2024-03-31"},
    {"view": "all", "goods": "BENCH-00042"},
    {"view": "all", "story": "https://news.example/story-3"},
    {"q": "tee"},
    {"q": "late edition tee"},
    {"q": "newtown"},
    {"q": "2042"},
    {"q": "alex abbott"},
    {"q": "alex.abbott12@reader.example"},
    {"q": "12 galley street fitzroy"},
    {"q": "BENCH-04230-M"},
    {"q": "GN-7K"},
    {"q": "99702"},
    {"q": "reader"},
    {"q": "nobody by this name"},
    {"view": "to_ship", "q": "tee"},
    {"view": "parked", "q": "reader"},
)


@click.command()
@click.option("--orders", default=100_000, show_default=True)
@click.option("--postgresql", "url", default="", help="Fill this empty database instead of SQLite.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures there.")
@click.option("--filled", is_flag=True, help="The database was filled before.")
def main(orders: int, url: str, json_path: Path | None, *, filled: bool) -> None:
    """Fill a database, then print the milliseconds of server time of each list and of an order."""
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        folder = Path(made)
        address = url or f"sqlite:///{folder / 'store.sqlite'}"
        upgrade_url(address)
        shop = open_shop(some_settings(folder, address), FixedClock(SystemClock().now()))
        with shop.app.app_context():
            if not filled:
                fill_orders(orders, shop.clock.now())
            _send_home_whoever_measured_before()
            numbers = list(_some_orders())
        told = _time(shop, numbers)
        with shop.app.app_context():
            db.engine.dispose()
    if json_path:
        json_path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _send_home_whoever_measured_before() -> None:
    with writing():
        db.session.execute(delete(StaffUser))


def _some_orders() -> Iterator[str]:
    for state in (OrderState.PAID, OrderState.PARKED):
        newest = select(Order.number).where(Order.state == state).order_by(Order.id.desc())
        yield from db.session.scalars(newest.limit(1))


def _time(shop: Shop, numbers: list[str]) -> list[dict[str, object]]:
    browser = at_the_desk(shop)
    asked = [f"/staff/orders/?{urlencode(one)}" for one in LISTS]
    told = [_told(browser, path, path) for path in asked]
    pages = [f"/staff/orders/{number}" for number in numbers]
    return told + [_told(browser, path, f"order {n}") for n, path in enumerate(pages, start=1)]


def _told(browser: Client, path: str, name: str) -> dict[str, object]:
    waits, cpu = zip(*(_once(browser, path) for _ in range(ROUNDS)), strict=True)
    click.echo(f"{median(waits):8.1f} ms  {median(cpu):8.1f} ms of CPU  {path}")
    return {"name": name, "median_ms": median(waits), "processor_ms": median(cpu)}


def _once(browser: Client, path: str) -> tuple[float, float]:
    began, used = time.perf_counter(), time.process_time()
    answer: Any = browser.get(path)
    assert answer.status_code == 200, path
    return (time.perf_counter() - began) * 1000, (time.process_time() - used) * 1000


if __name__ == "__main__":
    main()
