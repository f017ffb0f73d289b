"""Measures how long products are chosen for stories, and what a process keeps in memory for it."""

import gc
import tomllib
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from threading import Barrier
from time import perf_counter
from typing import Any

from flask import Flask

from bench.figures import Amount
from bench.large_catalogue import PRODUCTS
from store.catalog.models import Product
from store.clock import FixedClock
from store.database import bump_public_version, db, writing
from store.story_urls import normal_url
from store.widget.bestsellers import forget_bestsellers
from store.widget.lexicon import forget_lexicons, lexicon_of
from store.widget.matching import choose, get_ready
from store.widget.rules import forget_rules
from store.widget.stories import Story

SETS = Path(__file__).parents[1] / "tests" / "widget" / "stories"
NAMES = (
    "tuning",
    "tuning_two",
    "held_out",
    "held_out_two",
    "held_out_three",
    "held_out_four",
    "held_out_five",
    "held_out_six",
    "held_out_seven",
)
"""Figures of whole sets only: who reads single stories of a held-out set has spent it."""
TIMES = 9
"""Each story and each change is measured so often; the median of them is its figure."""
READINGS = 3
READERS = 8


@dataclass(frozen=True, slots=True)
class Told:
    """A story of a set, and its row: what a good editor would have put under it."""

    row: dict[str, Any]
    story: Story


def told(name: str) -> list[Told]:
    rows = tomllib.loads((SETS / f"{name}.toml").read_text())["story"]
    return [
        Told(
            row,
            Story(normal_url(row["url"]), row["title"], row["section"], tuple(row.get("tags", ()))),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Choosing:
    """What is measured, in the context of an application whose catalogue is large."""

    database: str
    app: Flask
    clock: FixedClock

    def amounts(self) -> Iterator[Amount]:
        """Measure everything on this database."""
        story, *_ = stories = [row.story for name in NAMES for row in told(name)]
        first = median(self._anew(self._get_ready) for _ in range(READINGS))
        crowd = median(self._anew(partial(self._crowd, story)) for _ in range(READINGS))
        typical, slow = self._choosing(stories)
        yield self._amount("A card’s products, median", typical, "ms")
        yield self._amount("A card’s products, 95th percentile", slow, "ms", bar=5)
        changed = median(self._after(self._rewrite, story) for _ in range(TIMES))
        sold_out = median(self._after(bump_public_version, story) for _ in range(TIMES))
        yield self._amount("The next after one product was rewritten", changed, "ms", bar=20)
        yield self._amount("The next after something sold out", sold_out, "ms")
        yield self._amount("First reading in a process", first / 1000, "s")
        yield self._amount(f"Longest wait of {READERS} readers for it", crowd / 1000, "s")
        yield self._amount("What products speak of, in memory", self._megabytes(), "MB", bar=25)

    def _amount(self, name: str, value: float, unit: str, bar: float | None = None) -> Amount:
        return Amount(f"{name} ({self.database})", value, unit, bar)

    def _choosing(self, stories: Sequence[Story]) -> tuple[float, float]:
        """Return the median and the 95th percentile of all stories, in milliseconds."""
        taken: list[list[float]] = [[] for _ in stories]
        # In turn, so that what disturbs the machine does not fall on one story alone.
        for _ in range(TIMES):
            for times, story in zip(taken, stories, strict=True):
                times.append(timed(partial(self._choose, story)))
        cuts = quantiles(map(median, taken), n=100)
        return cuts[49], cuts[94]

    def _after(self, change: Callable[[], None], story: Story) -> float:
        with writing():
            change()
        return timed(partial(self._choose, story))

    def _rewrite(self) -> None:
        """Give a product the words of another, as if staff had found better ones."""
        self.clock.move_to(self.clock.now() + timedelta(seconds=1))
        product = db.session.get_one(Product, PRODUCTS // 2)
        product.body = db.session.get_one(Product, 1000 + self.clock.now().second).body
        product.updated_at = self.clock.now()
        bump_public_version()

    def _crowd(self, story: Story) -> None:
        start = Barrier(READERS)

        def read() -> None:
            with self.app.app_context():
                start.wait()
                choose(story, now=self.clock.now())

        with ThreadPoolExecutor(READERS) as readers:
            for reader in [readers.submit(read) for _ in range(READERS)]:
                reader.result()

    def _choose(self, story: Story) -> None:
        choose(story, now=self.clock.now())

    def _get_ready(self) -> None:
        get_ready(self.clock.now())

    def _anew(self, work: Callable[[], None]) -> float:
        _forget()
        return timed(work)

    def _megabytes(self) -> float:
        # Not what the driver keeps of its first reading.
        self._anew(self._get_ready)
        _forget()
        gc.collect()
        tracemalloc.start()
        lexicon_of(0)
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        _forget()
        return kept / 1e6


def timed(work: Callable[[], None]) -> float:
    """Return how many milliseconds it took; a reader's transaction ends outside of it."""
    db.session.rollback()
    started = perf_counter()
    work()
    taken = (perf_counter() - started) * 1000
    db.session.rollback()
    return taken


def _forget() -> None:
    forget_lexicons()
    forget_rules()
    forget_bestsellers()
