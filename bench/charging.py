"""`python -m bench.charging`: charges random carts in the sandbox, and counts what differs.

What is in a batch of carts follows from its number alone, so whatever differs is charged again by
`--seed`, and many processes charge what one would.
"""

import atexit
import gc
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time

import click
from hypothesis import HealthCheck, Phase, given
from hypothesis import seed as seeded
from hypothesis import settings as examples

from bench.machine import hardware
from bench.writing import put_part
from store.clock import FixedClock, SystemClock
from store.migrating import upgrade_url
from store.payments.stripe_gateway import StripeGateway
from store.sandbox.stripe import (
    SandboxHTTPClient,
    SandboxSettings,
    create_sandbox,
    sandbox_of,
)
from tests.checkout.charging import Charged, Journey, charge, journeys, kinds_of
from tests.shop import Shop, open_shop, some_settings

AT_ONCE = 200
"""Carts for one sandbox: it keeps every session, and a long run would fill the memory."""
MOST_TOLD = 20


@dataclass(slots=True)
class Tally:
    """What was seen so far; kinds counts what there was to the carts that were charged."""

    carts: int = 0
    charged: int = 0
    processor_seconds: float = 0
    kinds: Counter[str] = field(default_factory=Counter)
    mismatches: list[str] = field(default_factory=list)

    def note(self, journey: Journey, charged: Charged | None, batch: int) -> None:
        self.carts += 1
        if charged is None:
            return
        self.charged += 1
        self.kinds.update(kinds_of(journey, charged))
        found = [*charged.differences, *_sums(charged)]
        self.mismatches += [f"--seed {batch}: {words} in {journey}" for words in found]

    def add(self, other: "Tally") -> None:
        self.carts += other.carts
        self.charged += other.charged
        self.processor_seconds += other.processor_seconds
        self.kinds.update(other.kinds)
        self.mismatches += other.mismatches


@click.command()
@click.option("--carts", type=click.IntRange(1, 1_000_000), default=100_000, show_default=True)
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True)
@click.option("--seconds", type=click.IntRange(min=1), help="Begin no batch after so many.")
@click.option("--seed", "first", default=1, show_default=True, help="The number of batch one.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures there.")
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="Write a section there."
)
def main(
    carts: int,
    processes: int,
    seconds: int | None,
    first: int,
    *,
    json_path: Path | None,
    page_path: Path | None,
) -> None:
    """Charge so many carts; ends with 1 where a single one was charged something else."""
    began = perf_counter()
    until = began + seconds if seconds else float("inf")
    tally = _charged(_batches(carts, first), processes, until)
    section = _section(tally, perf_counter() - began, processes, first)
    click.echo(section)
    for words in tally.mismatches[:MOST_TOLD]:
        click.echo(words)
    if json_path:
        processor_ms = tally.processor_seconds * 1e3 / max(1, tally.carts)
        told = {"name": "a cart", "processor_ms": processor_ms, "carts": tally.carts}
        json_path.write_text(json.dumps(told) + "\n", encoding="utf-8")
    if page_path:
        put_part(page_path, section)
    sys.exit(1 if tally.mismatches else 0)


def _batches(carts: int, first: int) -> Iterator[tuple[int, int]]:
    """Yield each batch’s number and how many carts are in it."""
    for number in count(first):
        done = (number - first) * AT_ONCE
        if done >= carts:
            return
        yield number, min(AT_ONCE, carts - done)


def _charged(batches: Iterator[tuple[int, int]], processes: int, until: float) -> Tally:
    """Charge batches until none is left, the time is over, or something differs."""
    tally, running = Tally(), set[Future[Tally]]()
    # Spawned and not forked: none inherits an open database, nor the chance of another.
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        while True:
            if not tally.mismatches and perf_counter() < until:
                free = processes - len(running)
                running |= {pool.submit(_batch, *batch) for batch in islice(batches, free)}
            if not running:
                return tally
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for batch in done:
                tally.add(batch.result())
            click.echo(f"{tally.carts:,} carts", err=True)


def _batch(number: int, carts: int) -> Tally:
    shop, tally, began = _with_fresh_stripe(_shop()), Tally(), process_time()

    # By a number of its own: an attempt that fails uses one up as well.
    keys = count()

    @seeded(number)
    @examples(
        max_examples=carts,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(journeys())
    def each(journey: Journey) -> None:
        tally.note(journey, charge(journey, shop, f"charging-{next(keys)}"), number)

    with shop.app.app_context():
        each()
    tally.processor_seconds = process_time() - began
    return tally


def _sums(charged: Charged) -> list[str]:
    """Return what does not add up in the order itself."""
    order = charged.order
    lines = sum(line.paid_minor for line in order.lines)
    checks = {
        "lines and shipping": lines + order.shipping_paid_minor == order.total_minor,
        "tax by rate": sum(told["tax"] for told in order.tax_lines) == order.tax_minor,
        "received": charged.received_minor == order.charged_minor,
        "gift cards": charged.received_minor + order.on_cards_minor == order.total_minor,
    }
    return [
        f"{name} of {order.total_minor} {order.currency}" for name, ok in checks.items() if not ok
    ]


@cache
def _shop() -> Shop:
    """Open the shop of this process; its folder goes when the process does."""
    made = tempfile.TemporaryDirectory(prefix="charging-")
    atexit.register(made.cleanup)
    folder = Path(made.name)
    url = f"sqlite:///{folder / 'shop.sqlite'}"
    upgrade_url(url)
    shop = open_shop(some_settings(folder, url), FixedClock(SystemClock().now()))
    # Modules and the application stay for good: looking through them again costs a seventh.
    gc.freeze()
    return shop


def _with_fresh_stripe(shop: Shop) -> Shop:
    settings = shop.services.settings
    stripe = create_sandbox(
        SandboxSettings(
            origin=settings.stripe_api_base,
            api_key=settings.stripe_key.get_secret_value(),
            clock=shop.clock.now,
        )
    )
    payments = StripeGateway(settings, SandboxHTTPClient(stripe))
    services = replace(shop.services, payments=payments)
    return Shop(shop.app, services, shop.clock, sandbox_of(stripe))


def _section(tally: Tally, took: float, processes: int, first: int) -> str:
    rows = [f"| {kind} | {number:,} |" for kind, number in sorted(tally.kinds.items())]
    each = tally.processor_seconds / max(tally.carts, 1) * 1e3
    machine = hardware()
    return (
        f"## Random carts, charged\n\nTaken {SystemClock().now():%Y-%m-%d %H:%M} UTC: "
        f"{tally.carts:,} carts from number {first} on went through drafts and the sandbox’s pay "
        f"page; {tally.charged:,} of them could be ordered, in {took:,.0f} seconds by "
        f"{processes} process{'es' if processes > 1 else ''}, {each:.0f} ms of the processor a "
        f"cart ({machine['processor']}, Python {machine['Python']}). Lines, tax by rate, shipping, "
        "discounts and gift cards were compared with what Stripe charged, part by part: "
        f"**{len(tally.mismatches)} mismatches**.\n\n| of those that were ordered | carts |\n"
        "|---|--:|\n" + "\n".join(rows) + "\n\nAgain: `.venv/bin/python -m bench.charging "
        f"--processes {processes} --markdown docs/benchmarks.md`; `--seconds` bounds it."
    )


if __name__ == "__main__":
    main()
