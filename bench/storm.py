"""`python -m bench.storm`: many buyers at once, from the cart to the order that Stripe tells of."""

import math
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, sleep

import click
from sqlalchemy import func, select

from bench.buying import STEPS, Crowd, Takings
from bench.machine import taken_at
from bench.serving import processor_seconds
from bench.whole_shop import DATABASES, WholeShop, whole_shop
from bench.writing import put_part, tell_figures
from store.database import db
from store.orders.models import Order, OrderState
from store.web.assets import ensure_built
from tests.invariants import assert_invariants

SETTLED_SECONDS = 90.0
"""How long the last orders may take to be told of."""
UNSEEN = "paid, to order"


@dataclass(frozen=True, slots=True)
class Waits:
    """How long one step took, in milliseconds."""

    times: int
    p50_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Storm:
    database: str
    buyers: int
    at_once: int
    webs: int
    seconds: float
    paid: int
    """Pay pages that were paid."""
    orders: int
    """Paid orders that came of them."""
    errors: Mapping[str, int]
    waits: Mapping[str, Waits]
    processor_ms: float
    """Of all web processes and workers, for each order."""
    broken: str
    """The invariant that does not hold, if any."""

    @property
    def per_second(self) -> float:
        return self.orders / self.seconds

    def judged(self) -> dict[str, bool]:
        return {
            "no error": not self.errors,
            "every buyer paid": self.paid == self.buyers,
            "every payment is one order": self.orders == self.paid,
            "every invariant holds": not self.broken,
        }


@click.command()
@click.option("--buyers", default=2_000, show_default=True)
@click.option("--at-once", default=50, show_default=True)
@click.option("--webs", default=2, show_default=True, help="Web processes.")
@click.option(
    "--most-seconds", default=600.0, show_default=True, help="Begin no cart after so long."
)
@click.option("--postgresql", is_flag=True, help="Measure on a throw-away PostgreSQL as well.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures there.")
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="Write a section there."
)
def main(
    buyers: int,
    at_once: int,
    webs: int,
    json_path: Path | None,
    page_path: Path | None,
    *,
    most_seconds: float,
    postgresql: bool,
) -> None:
    """Print what it came to as JSON; end with 1 where a promise was not kept."""
    ensure_built()
    # Whoever ends the program ends its processes.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    storms = []
    for database in DATABASES[: 1 + postgresql]:
        with tempfile.TemporaryDirectory(prefix="bench-storm-") as made:
            folder = Path(made)
            with whole_shop(folder, database, webs=webs) as shop:
                storms.append(_storm(shop, database, buyers, at_once, most_seconds))
    tell_figures([asdict(s) | {"judged": s.judged()} for s in storms], json_path)
    if page_path:
        put_part(page_path, section(storms))
    if not all(all(storm.judged().values()) for storm in storms):
        sys.exit(1)


def _storm(shop: WholeShop, database: str, buyers: int, at_once: int, most_seconds: float) -> Storm:
    takings = Takings()
    used_before, began = _used(shop), perf_counter()
    Crowd(shop, takings).buy(buyers, at_once, began + most_seconds)
    seconds = perf_counter() - began
    orders = orders_once_settled(shop, len(takings.paid_at))
    waits = {step: waits_of(takings.took_seconds[step]) for step in STEPS}
    waits[UNSEEN] = waits_of(_told_by_webhook(shop, takings))
    used_ms = (_used(shop) - used_before) * 1e3 / max(1, orders)
    return Storm(
        database=database,
        buyers=buyers,
        at_once=at_once,
        webs=len(shop.web_ports),
        seconds=seconds,
        paid=len(takings.paid_at),
        orders=orders,
        errors=dict(takings.errors),
        waits=waits,
        processor_ms=used_ms,
        broken=broken_invariant(shop),
    )


def waits_of(took_seconds: Sequence[float]) -> Waits:
    took = sorted(took_seconds) or [0.0]

    def part(share: float) -> float:
        return took[math.ceil(share * len(took)) - 1] * 1e3

    return Waits(len(took_seconds), part(0.5), part(0.95), part(0.99))


def orders_once_settled(shop: WholeShop, wanted: int) -> int:
    """Return how many orders are paid once all are, or once patience ends."""
    until = perf_counter() + SETTLED_SECONDS
    while (found := _paid_orders(shop)) < wanted and perf_counter() < until:
        sleep(0.25)
    return found


def _paid_orders(shop: WholeShop) -> int:
    with shop.app.app_context():
        paid = select(func.count()).where(Order.state == OrderState.PAID)
        found = db.session.scalars(paid).one()
        db.session.rollback()
        return found


def _told_by_webhook(shop: WholeShop, takings: Takings) -> list[float]:
    """Return how long after each payment the order was paid whose buyer never came back."""
    with shop.app.app_context():
        rows = db.session.execute(select(Order.session_id, Order.paid_at)).all()
        db.session.rollback()
    return [
        max(0.0, at.timestamp() - takings.paid_at[session_id])
        for session_id, at in rows
        if session_id in takings.unseen and at is not None
    ]


def _used(shop: WholeShop) -> float:
    """Return what the shop's own processes have used of the processors."""
    return sum(
        processor_seconds(pid)
        for process in shop.processes
        if not process.name.startswith("payments")
        for pid in process.pids
    )


def broken_invariant(shop: WholeShop) -> str:
    with shop.app.app_context():
        try:
            assert_invariants()
        except AssertionError as error:
            return str(error)[:300] or "an invariant"
    return ""


def section(storms: Sequence[Storm]) -> str:
    first = storms[0]
    head = (
        "| | buyers | orders/s | errors | step | p50 ms | p95 ms | p99 ms "
        "| processor ms an order | |"
    )
    lines = [line for storm in storms for line in _lines(storm)]
    taken = (
        f"Taken {taken_at()}: {first.at_once} buyers at once over "
        f"HTTP, each with two things in a cart, to {first.webs} web processes and one worker; "
        "the official SDK asks the sandbox, a process of its own on the same cores. Every "
        "second buyer never comes back from the pay page: her order is paid by the webhook "
        "alone. Afterwards every invariant is looked at."
    )
    return "\n".join(
        [
            "## A storm of checkouts",
            "",
            taken,
            "",
            head,
            "|---|--:|--:|--:|---|--:|--:|--:|--:|---|",
            *lines,
            "",
            "Again: `.venv/bin/python -m bench.storm --postgresql --markdown docs/benchmarks.md`.",
        ]
    )


def _lines(storm: Storm) -> list[str]:
    missed = [bar for bar, is_kept in storm.judged().items() if not is_kept]
    verdict = f"**missed: {', '.join(missed)}**" if missed else "kept"
    errors = sum(storm.errors.values())
    whole = f"| {storm.database} | {storm.buyers:,} | {storm.per_second:.1f} | {errors} "
    rows: list[str] = []
    for step, waits in storm.waits.items():
        cost, judged = (f"{storm.processor_ms:.1f}", verdict) if not rows else ("", "")
        start = whole if not rows else "| | | | "
        rows.append(
            f"{start}| {step} | {waits.p50_ms:.0f} | {waits.p95_ms:.0f} | {waits.p99_ms:.0f} "
            f"| {cost} | {judged} |"
        )
    return rows


if __name__ == "__main__":
    main()
