"""`python -m bench.price_changes`: changes one product's price every second, and says when."""

import json
import sys
from dataclasses import replace
from itertools import count
from time import perf_counter, sleep

import click

from bench.filling import first_draft
from store.app import create_app, open_doors
from store.catalog.drafts import ProductDraft
from store.catalog.saving import save_product
from store.clock import SystemClock
from store.database import writing
from store.money import Money
from store.settings import Settings

FIRST_MINOR = 1_000_00
"""More than anything else on the page costs, and each change adds a cent."""


@click.command()
@click.option("--seconds", type=float, required=True)
def main(seconds: float) -> None:
    """Write a line for each change: the price, and the moment at which the change began."""
    settings = Settings.from_environment(_env_file=None)
    app, clock, draft = create_app(settings, open_doors(settings)), SystemClock(), first_draft()
    started = perf_counter()
    with app.app_context():
        for number in count():
            if (wait := started + number - perf_counter()) > 0:
                sleep(wait)
            began = perf_counter()
            if began - started > seconds:
                return
            with writing():
                save_product(priced(draft, FIRST_MINOR + number), clock)
            sys.stdout.write(json.dumps({"minor": FIRST_MINOR + number, "at": began}) + "\n")
            sys.stdout.flush()


def priced(draft: ProductDraft, minor: int) -> ProductDraft:
    price = Money(minor, "AUD")
    return replace(draft, variants=tuple(replace(v, price=price) for v in draft.variants))


if __name__ == "__main__":
    main()
