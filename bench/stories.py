"""`python -m bench.stories`: how well and how fast products are chosen for stories."""

import random
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

import click
from flask import Flask
from sqlalchemy import select

from store.catalog.models import Product, ProductStatus
from store.clock import FixedClock, SystemClock
from store.database import bump_public_version, db, writing
from store.migrating import upgrade_url
from store.sandbox.catalogue import catalogue
from store.story_urls import normal_url
from store.widget.choosing import Choice
from store.widget.matching import choose
from store.widget.stories import Story
from tests.builders import a_product
from tests.shop import open_shop, some_settings

SETS = Path(__file__).parents[1] / "tests" / "widget" / "stories"
MANY = 10_000
ROUNDS = 4
"""Times that every story is asked on the large catalogue."""


@dataclass(frozen=True, slots=True)
class Told:
    row: dict[str, Any]
    story: Story


@click.command()
def main() -> None:
    """Print how both sets are answered, then how long it takes on 10,000 products."""
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        folder = Path(made)
        app, clock = _shop(folder)
        with app.app_context():
            _fill(clock)
            for name in ("tuning", "held_out"):
                _judge(name, clock)
            _fill_up(clock)
            _time(clock)
            db.engine.dispose()


def _shop(folder: Path) -> tuple[Flask, FixedClock]:
    url = f"sqlite:///{folder / 'store.sqlite'}"
    upgrade_url(url)
    clock = FixedClock(SystemClock().now())
    return open_shop(some_settings(folder, url), clock).app, clock


def _fill(clock: FixedClock) -> None:
    with writing():
        for product in catalogue().products:
            a_product(
                clock,
                title=product.title,
                handle=product.handle,
                product_type=product.product_type,
                tags=product.tags,
                body=product.body_markdown,
                status=ProductStatus(product.status),
                stock=5 if any(variant.stock > 0 for variant in product.variants) else 0,
            )


def _fill_up(clock: FixedClock) -> None:
    chance = random.Random(10)
    goods = catalogue().products
    tags = sorted({tag for product in goods for tag in product.tags})
    words = sorted({word for product in goods for word in product.body_markdown.split()})
    with writing():
        bump_public_version()
        for number in range(MANY - len(goods)):
            a_product(
                clock,
                title=" ".join(chance.sample(words, 3)) + f" {number}",
                tags=chance.sample(tags, 4),
                body=" ".join(chance.sample(words, 60)),
            )


def _told(name: str) -> list[Told]:
    rows = tomllib.loads((SETS / f"{name}.toml").read_text())["story"]
    return [
        Told(
            row,
            Story(normal_url(row["url"]), row["title"], row["section"], tuple(row.get("tags", ()))),
        )
        for row in rows
    ]


def _judge(name: str, clock: FixedClock) -> None:
    handles = dict(db.session.execute(select(Product.id, Product.handle)).all())
    answers = [(told.row, choose(told.story, now=clock.now())) for told in _told(name)]
    sad = [choice.quiet is not None for row, choice in answers if row.get("quiet")]
    glad = [(row["expected"], choice) for row, choice in answers if not row.get("quiet")]
    ranked = [(w, _handles(choice, handles)) for w, choice in glad if w != ["*"]]
    click.echo(
        f"{name}: top-1 {_share(got[:1] != [] and got[0] in w for w, got in ranked)}"
        f" top-3 {_share(bool(set(got[:3]) & set(w)) for w, got in ranked)}"
        f" quiet-recall {_share(sad)}"
        f" false-quiet {_share(choice.quiet is not None for _, choice in glad)}"
        f" ({len(answers)} stories)"
    )


def _handles(choice: Choice, handles: dict[int, str]) -> list[str]:
    return [handles[pick.product_id] for pick in choice.picks]


def _share(found: Any) -> str:
    listed = list(found)
    return f"{sum(listed) / len(listed):.3f}"


def _time(clock: FixedClock) -> None:
    stories = [told.story for name in ("tuning", "held_out") for told in _told(name)]
    started = perf_counter()
    choose(stories[0], now=clock.now())
    first = perf_counter() - started
    taken = []
    for story in stories * ROUNDS:
        started = perf_counter()
        choose(story, now=clock.now())
        taken.append((perf_counter() - started) * 1000)
        db.session.rollback()
    cuts = quantiles(taken, n=100)
    click.echo(
        f"{MANY:,} products: p50 {cuts[49]:.2f} ms, p95 {cuts[94]:.2f} ms;"
        f" the first of a process reads them all in {first:.2f} s"
    )


if __name__ == "__main__":
    main()
