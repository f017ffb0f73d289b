"""`python -m bench.charging`: charges random carts in the sandbox, and counts what differs."""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import click
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples

from store.clock import FixedClock, SystemClock
from store.migrating import upgrade_url
from store.payments.stripe_gateway import StripeGateway
from store.sandbox.stripe import (
    SandboxHTTPClient,
    SandboxSettings,
    create_sandbox,
    sandbox_of,
)
from tests.checkout.charging import Charged, Journey, charge, journeys
from tests.shop import Shop, open_shop, some_settings

AT_ONCE = 1_000
"""Carts for one sandbox: it keeps every session, and a long run would fill the memory."""


class Tally:
    """What was seen so far."""

    def __init__(self) -> None:
        self.carts = self.charged = 0
        self.mismatches: list[str] = []

    def note(self, charged: Charged | None) -> None:
        self.carts += 1
        if charged is not None:
            self.charged += 1
            self.mismatches += [*charged.differences, *_sums(charged)]


@click.command()
@click.option("--carts", type=click.IntRange(1, 1_000_000), default=100_000, show_default=True)
def main(carts: int) -> None:
    """Charge so many carts; ends with 1 where a single one was charged something else."""
    tally, began = Tally(), perf_counter()
    with tempfile.TemporaryDirectory(prefix="charging-") as made:
        shop = _shop(Path(made))
        while tally.carts < carts and not tally.mismatches:
            _some(min(AT_ONCE, carts - tally.carts), _with_fresh_stripe(shop), tally)
    took = perf_counter() - began
    click.echo(f"{tally.carts} carts, {tally.charged} charged, {took:.0f} s")
    click.echo(f"{len(tally.mismatches)} mismatches")
    for line in tally.mismatches[:20]:
        click.echo(f"  {line}")
    sys.exit(1 if tally.mismatches else 0)


def _some(number: int, shop: Shop, tally: Tally) -> None:
    @examples(
        max_examples=number,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(journeys())
    def each(journey: Journey) -> None:
        tally.note(charge(journey, shop, f"charging-{tally.carts}"))

    with shop.app.app_context():
        each()


def _sums(charged: Charged) -> list[str]:
    """Return what does not add up in the order itself."""
    order = charged.order
    lines = sum(line.paid_minor for line in order.lines)
    received = charged.session.payment.received_minor if charged.session.payment else 0
    checks = {
        "lines and shipping": lines + order.shipping_paid_minor == order.total_minor,
        "tax by rate": sum(told["tax"] for told in order.tax_lines) == order.tax_minor,
        "received": received == order.charged_minor,
        "gift cards": received + order.on_cards_minor == order.total_minor,
    }
    return [
        f"{name} of {order.total_minor} {order.currency}" for name, ok in checks.items() if not ok
    ]


def _shop(folder: Path) -> Shop:
    url = f"sqlite:///{folder / 'shop.sqlite'}"
    upgrade_url(url)
    return open_shop(some_settings(folder, url), FixedClock(SystemClock().now()))


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


if __name__ == "__main__":
    main()
