"""`python -m bench.stories`: how well and how fast products are chosen for stories."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import select

from bench.choosing import NAMES, Choosing, told
from bench.figures import Amount, Chosen
from bench.large_catalogue import ORDERS, PRODUCTS, VARIANTS, fill_demonstration, fill_up
from bench.writing import put_part, stories_section
from store.catalog.models import Product
from store.clock import FixedClock, SystemClock
from store.database import db
from store.migrating import upgrade_url
from store.widget.choosing import Choice
from store.widget.matching import choose
from tests.shop import open_shop, some_settings
from tests.throwaway_postgresql import throwaway_server


@click.command()
@click.option("--postgresql", is_flag=True, help="Measure on a throw-away PostgreSQL as well.")
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="And a section here."
)
def main(page_path: Path | None, *, postgresql: bool) -> None:
    """Print how both sets are answered, then how long it takes on 10,000 products."""
    section = "\n".join(stories_section(measure_stories(on_postgresql=postgresql)))
    click.echo(section)
    if page_path:
        put_part(page_path, section)


@dataclass(frozen=True, slots=True)
class Found:
    """What one database answered, and how fast."""

    quality: tuple[str, ...]
    answers: tuple[Choice, ...]
    amounts: tuple[Amount, ...]


def measure_stories(*, on_postgresql: bool) -> Chosen:
    """Judge both sets on the demonstration's goods, then measure on a large catalogue."""
    taken_at = SystemClock().now().strftime("%Y-%m-%d %H:%M UTC")
    load = os.getloadavg()[0]
    found = _on_sqlite()
    amounts = found.amounts
    if on_postgresql:
        other = _on_postgresql()
        if other.answers != found.answers:
            raise click.ClickException("the two databases answer stories differently")
        amounts += other.amounts
    return Chosen(taken_at, _set_up_words(load), found.quality, amounts)


def _set_up_words(load: float) -> str:
    return (
        f"{PRODUCTS:,} products of {VARIANTS} variants, {ORDERS:,} orders; in process, nothing "
        "cached but the words of the products; of each story the median of several times; the "
        f"machine’s load was {load:.1f} on {os.cpu_count()} cores when it began."
    )


def _on_sqlite() -> Found:
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        return _found("SQLite", Path(made), f"sqlite:///{made}/store.sqlite")


def _on_postgresql() -> Found:
    with tempfile.TemporaryDirectory(prefix="bench-") as made, throwaway_server() as url:
        return _found("PostgreSQL", Path(made), url)


def _found(database: str, folder: Path, url: str) -> Found:
    upgrade_url(url)
    clock = FixedClock(SystemClock().now())
    with _opened(folder, url, clock) as app:
        fill_demonstration(clock)
        quality = tuple(_judge(name, clock) for name in NAMES)
        few = _answers(clock)
        fill_up(clock)
        return Found(
            quality, few + _answers(clock), tuple(Choosing(database, app, clock).amounts())
        )


def _answers(clock: FixedClock) -> tuple[Choice, ...]:
    return tuple(choose(read.story, now=clock.now()) for name in NAMES for read in told(name))


@contextmanager
def _opened(folder: Path, url: str, clock: FixedClock) -> Iterator[Flask]:
    app = open_shop(some_settings(folder, url), clock).app
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _judge(name: str, clock: FixedClock) -> str:
    handles = dict(db.session.execute(select(Product.id, Product.handle)).all())
    answers = [(read.row, choose(read.story, now=clock.now())) for read in told(name)]
    sad = [choice.quiet is not None for row, choice in answers if row.get("quiet")]
    glad = [(row["expected"], choice) for row, choice in answers if not row.get("quiet")]
    ranked = [(w, _handles(choice, handles)) for w, choice in glad if w != ["*"]]
    return (
        f"{name.replace('_', '-')}, {len(answers)} stories:"
        f" top-1 {_share(got[:1] != [] and got[0] in w for w, got in ranked)},"
        f" top-3 {_share(bool(set(got[:3]) & set(w)) for w, got in ranked)},"
        f" quiet recall {_share(sad)},"
        f" falsely quiet {_share(choice.quiet is not None for _, choice in glad)}"
    )


def _handles(choice: Choice, handles: dict[int, str]) -> Sequence[str]:
    return [handles[pick.product_id] for pick in choice.picks]


def _share(found: Iterable[bool]) -> str:
    listed = list(found)
    return f"{sum(listed) / len(listed):.3f}"


if __name__ == "__main__":
    main()
