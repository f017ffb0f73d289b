"""`python -m bench.api`: what a partner's questions cost in a shop with 100,000 orders."""

import logging
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import click
from flask.testing import FlaskClient
from sqlalchemy import Select, select

from bench.staff import BAR_MS, TIMES, Cost, as_figures, cost_of, row, table
from bench.staff_shop import GrownShop, grown_shop
from bench.writing import put_part
from store.catalog.models import Variant
from store.clock import SystemClock
from store.connections.models import Scope
from store.connections.tokens import Wanted, make_token
from store.database import db, writing
from store.orders.models import Fulfilment, Order, OrderState
from store.web.doors import services
from store.web.logs import configure_logs

HOME = "/api/v1"
MOST = 100
"""As many as are answered at once."""
AGES = {"an hour": 1 / 24, "a day": 1, "a month": 30, "a year": 365, "ten years": 3650}
DEPTHS = (0.0, 0.5, 0.99)
"""How far down the list a partner has come, as a share of it."""


@click.command()
@click.option("--orders", default=100_000, show_default=True)
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the shop there for next time.")
@click.option("--postgresql", is_flag=True, help="On a throw-away server instead of SQLite.")
@click.option("--times", default=TIMES, show_default=True, help="How often each is asked.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures there.")
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="Write the table there."
)
def main(
    orders: int,
    keep: Path | None,
    json_path: Path | None,
    page_path: Path | None,
    *,
    postgresql: bool,
    times: int,
) -> None:
    """Ask the API again and again; ends with 1 where an answer is over the bar or is none."""
    with tempfile.TemporaryDirectory(prefix="bench-api-") as made:
        folder = keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        with grown_shop(folder.resolve(), orders, on_postgresql=postgresql) as shop:
            costs = _measured(shop, times)
    click.echo(table(costs))
    if json_path:
        json_path.write_text(as_figures(costs), encoding="utf-8")
    if page_path:
        put_part(page_path, _section(costs, orders, times, on_postgresql=postgresql))
    if any(cost.is_slow or cost.is_refused for cost in costs):
        sys.exit(1)


def _measured(shop: GrownShop, times: int) -> list[Cost]:
    # Thousands of requests are no news.
    configure_logs(logging.ERROR)
    with shop.inside():
        paths, engine = dict(_paths()), db.engine
    costs = []
    for name, path in paths.items():
        costs.append(cost_of(name, path, _partner(shop), engine, times))
        click.echo(row(costs[-1]), err=True)
    return sorted(costs, key=lambda cost: -cost.processor_ms)


def _partner(shop: GrownShop) -> FlaskClient:
    """Return somebody with a token of her own: each may ask so often in a minute."""
    with shop.inside(), writing():
        _token, key = make_token(Wanted("Bench", tuple(Scope), None), "bench", services())
    client = shop.app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client


def _paths() -> Iterator[tuple[str, str]]:
    """Yield what is asked, by what it is called in the table."""
    now = SystemClock().now()
    orders, variants = _ids(select(Order.id)), _ids(select(Variant.id))
    for status in ("to_ship", "any"):
        yield _asked("/orders", status=status)
        for depth in DEPTHS:
            yield _asked("/orders", _down(depth), status=status, limit=MOST, cursor=orders(depth))
        for age, days in AGES.items():
            since = (now - timedelta(days=days)).isoformat()
            for depth in (0.0, 0.99):
                name = f"{_down(depth)}, changed within {age}"
                asked = {"status": status, "limit": MOST, "updated_since": since}
                yield _asked("/orders", name, **asked, cursor=orders(depth))
    for depth in DEPTHS:
        yield _asked("/stock", _down(depth), limit=MOST, cursor=variants(depth))
    sku = db.session.scalar(select(Variant.sku).where(Variant.sku.is_not(None)).limit(1))
    yield _asked("/stock", "one", sku=sku)
    yield from _single()


def _single() -> Iterator[tuple[str, str]]:
    newest = select(Order.number).where(Order.shipping_kind == "post").order_by(Order.id.desc())
    paid = db.session.scalar(newest.where(Order.state == OrderState.PAID).limit(1))
    yield "/orders/…", f"{HOME}/orders/{paid}"
    number, parcel_id = db.session.execute(
        select(Order.number, Fulfilment.id)
        .join(Order, Order.id == Fulfilment.order_id)
        .where(Order.shipping_kind == "post", Order.state == OrderState.PAID)
        .order_by(Fulfilment.id.desc())
        .limit(1)
    ).one()
    yield "/orders/…/parcels/…", f"{HOME}/orders/{number}/parcels/{parcel_id}"


def _asked(path: str, name: str = "", **asked: object) -> tuple[str, str]:
    given = {key: value for key, value in asked.items() if value}
    told = {key: value for key, value in given.items() if key not in {"cursor", "updated_since"}}
    words = f" {name}" if name else ""
    return f"{path}?{urlencode(told)}{words}", f"{HOME}{path}?{urlencode(given)}"


def _down(depth: float) -> str:
    return f"{depth:.0%} down" if depth else "from the top"


def _ids(wanted: Select[int]) -> Callable[[float], int]:
    """Return what says which id stands so far down the list; 0 is before the first."""
    ids = db.session.scalars(wanted.order_by("id")).all()

    def at(depth: float) -> int:
        return ids[int(len(ids) * depth)] if depth else 0

    return at


def _section(costs: Sequence[Cost], orders: int, times: int, *, on_postgresql: bool) -> str:
    where = " (PostgreSQL)" if on_postgresql else ""
    return (
        f"## The API for partners{where}\n\nThe bar: no answer over {BAR_MS} ms of server time "
        f"with {orders:,} orders. Taken {SystemClock().now():%Y-%m-%d %H:%M} UTC in process, warm, "
        f"medians of {times}; {MOST} orders or shelves an answer where it says so.\n\n"
        f"{table(costs)}\n\nAgain: `.venv/bin/python -m bench.api --keep FOLDER --markdown "
        "docs/benchmarks.md`; `--postgresql` asks a throw-away server."
    )


if __name__ == "__main__":
    main()
