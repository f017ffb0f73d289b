"""`python -m bench.signup`: whether the clock tells what a signup does not say of an address.

Each box that takes an address is asked for one in each of five states, in an order that changes
from round to round: how long it takes, how many statements it runs, what it leaves to a worker. The
bar: the same statements and jobs, and medians within a millisecond of a new address, with the
interval that holds the difference 95 times in a hundred (bootstrap by rounds).
"""

import json
import logging
import random
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import click
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from bench.machine import hardware
from bench.writing import put_part
from store.clock import FixedClock, SystemClock
from store.database import db, writing
from store.jobs.models import OutboxRow
from store.migrating import upgrade_url
from store.newsletter.limits import MOST_OF_ALL, WARM
from store.newsletter.models import SignupAttempt
from store.web.logs import configure_logs
from tests.builders import a_product
from tests.buying import fill_cart
from tests.newsletter.five_states import (
    HTML,
    JSON,
    STATES,
    Route,
    Shown,
    address,
    in_every_state,
    shown,
)
from tests.newsletter.signing_up import DAY, wait
from tests.shop import Shop, open_shop, some_settings
from tests.throwaway_postgresql import throwaway_server

BAR_MS = 1.0
RESAMPLES = 2_000
WARM_UP = 5
HOURS = {"quiet": 0, "busy": MOST_OF_ALL // WARM, "full": MOST_OF_ALL}
"""How many have signed up within the hour."""


@dataclass(frozen=True, slots=True)
class Time:
    """One request: as a clock saw it, and what the processor had to do."""

    clock_ms: float
    processor_ms: float


Taken = dict[str, list[Time]]


@dataclass(frozen=True, slots=True)
class Difference:
    """How much the median of a state lies above that of a new address, and between what."""

    state: str
    ms: float
    low_ms: float
    high_ms: float

    @property
    def is_small(self) -> bool:
        return self.low_ms >= -BAR_MS and self.high_ms <= BAR_MS

    def __str__(self) -> str:
        return f"{self.state} {self.ms:+.2f} ({self.low_ms:+.2f} to {self.high_ms:+.2f})"


@dataclass(frozen=True, slots=True)
class Told:
    """What one box lets see in one kind of hour."""

    box: str
    hour: str
    status: int
    medians_ms: Mapping[str, float]
    clock: Difference
    processor: Difference
    statements: Sequence[int]
    """How many for each state; they are compared word by word beside."""
    jobs: int
    is_alike: bool
    """Whether status, headers, body, statements and jobs are the same for all five."""

    def clears(self, *, by_clock: bool) -> bool:
        return self.is_alike and (self.clock if by_clock else self.processor).is_small


@click.command()
@click.option("--rounds", default=300, show_default=True, help="Requests of each state and box.")
@click.option("--postgresql", is_flag=True, help="On a throw-away server instead of SQLite.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures there.")
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="Write a section there."
)
def main(rounds: int, json_path: Path | None, page_path: Path | None, *, postgresql: bool) -> None:
    """Ask every box again and again; ends with 1 where one tells a state by its clock."""
    configure_logs(logging.ERROR)
    with (
        tempfile.TemporaryDirectory(prefix="signup-") as made,
        _database(Path(made), on_postgresql=postgresql) as url,
    ):
        shop = _shop(Path(made), url)
        configure_logs(logging.ERROR)
        told = [
            _measure(shop, name, route, hour, rounds)
            for name, route in _boxes().items()
            for hour in HOURS
        ]
        with shop.app.app_context():
            db.engine.dispose()
    section = _section(told, rounds, on_postgresql=postgresql)
    click.echo(section)
    if json_path:
        json_path.parent.mkdir(parents=True, exist_ok=True)
        figures = [asdict(one) | {"clears": one.clears(by_clock=postgresql)} for one in told]
        whole = {"machine": hardware(), "rounds": rounds, "told": figures}
        json_path.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
    if page_path:
        put_part(page_path, section)
    sys.exit(0 if all(one.clears(by_clock=postgresql) for one in told) else 1)


def _database(folder: Path, *, on_postgresql: bool) -> AbstractContextManager[str]:
    return throwaway_server() if on_postgresql else nullcontext(f"sqlite:///{folder}/store.sqlite")


def _shop(folder: Path, url: str) -> Shop:
    """Open a shop in which one address stands in each state since the day before yesterday."""
    upgrade_url(url)
    shop = open_shop(
        some_settings(folder, url), FixedClock(datetime(2026, 11, 21, 22, 30, tzinfo=UTC))
    )
    with shop.app.app_context():
        with writing():
            a_product(shop.clock, handle="mug", title="Late mug", stock=0)
            a_product(shop.clock, handle="tee", title="Late tee", stock=50)
        in_every_state(shop)
    wait(shop, 2 * DAY)
    return shop


def _boxes() -> dict[str, Route]:
    return {
        "Newsletter page": Route(
            "/newsletter", fields={"source": "page", "offers": "topics", "topics": "sales"}
        ),
        "Foot of a page": Route("/newsletter", fields={"source": "footer"}),
        "Newsletter page, JSON": Route("/newsletter", JSON),
        "Widget": Route("/widget/v1/newsletter", JSON, {"source": "widget"}),
        "Fragment": Route("/widget/v1/newsletter", HTML, {"source": "fragment"}),
        "Back in stock": Route("/back-in-stock", fields={"variant_id": "1"}),
        "Cart by mail": Route("/cart/link", fields={"agrees": "1"}, browser=_with_a_cart),
    }


def _with_a_cart(shop: Shop) -> FlaskClient:
    reader = shop.browser()
    fill_cart(reader, 2)
    return reader


def _measure(shop: Shop, box: str, route: Route, hour: str, rounds: int) -> Told:
    readers = {state: route.browser(shop) for state in STATES}
    chance = random.Random(20_261_126)
    taken: Taken = {state: [] for state in STATES}
    for turn in range(rounds + WARM_UP):
        order = chance.sample(STATES, len(STATES))
        _begin_hour(shop, HOURS[hour])
        for state in order:
            form = route.form(address(state))
            began, worked = perf_counter(), process_time()
            route.post(readers[state], form)
            time = Time((perf_counter() - began) * 1e3, (process_time() - worked) * 1e3)
            if turn >= WARM_UP:
                taken[state].append(time)
    looks = {}
    for state in STATES:
        _begin_hour(shop, HOURS[hour])
        with shop.app.app_context():
            form = route.form(address(state))
            looks[state] = shown(partial(route.post, readers[state], form), address(state))
    told = _told(box, hour, taken, looks)
    click.echo(_row(told), err=True)
    return told


def _begin_hour(shop: Shop, number: int) -> None:
    """Empty what the round before wrote, and let so many others have signed up."""
    # Carts are limited by the minute, and a minute holds many rounds.
    for limiter in shop.app.extensions["limiter"]:
        limiter.reset()
    with shop.app.app_context():
        present = select(func.count()).select_from(SignupAttempt).where(SignupAttempt.domain == "d")
        with writing():
            db.session.execute(delete(SignupAttempt).where(SignupAttempt.domain != "d"))
            db.session.execute(delete(OutboxRow))
            if db.session.scalar(present) == number:
                return
            db.session.execute(delete(SignupAttempt))
            db.session.add_all(
                SignupAttempt(network="n", domain="d", email_hash="", at=shop.clock.now())
                for _ in range(number)
            )


def _told(box: str, hour: str, taken: Taken, looks: Mapping[str, Shown]) -> Told:
    return Told(
        box=box,
        hour=hour,
        status=looks["new"].status,
        medians_ms={state: median(t.clock_ms for t in times) for state, times in taken.items()},
        clock=_farthest({state: [t.clock_ms for t in times] for state, times in taken.items()}),
        processor=_farthest(
            {state: [t.processor_ms for t in times] for state, times in taken.items()}
        ),
        statements=[len(looks[state].statements) for state in STATES],
        jobs=len(looks["new"].enqueued),
        is_alike=all(look == looks["new"] for look in looks.values()),
    )


def _farthest(times: Mapping[str, Sequence[float]]) -> Difference:
    """Return how far the state lies from a new address that lies farthest."""
    found = [_interval(state, times["new"], times[state]) for state in STATES if state != "new"]
    return max(found, key=lambda one: max(abs(one.low_ms), abs(one.high_ms)))


def _interval(state: str, first: Sequence[float], second: Sequence[float]) -> Difference:
    """Return the difference of two medians, and between what it lies 95 times in a hundred.

    Rounds are drawn, not single times: what slowed a round down slowed both.
    """
    chance, number = random.Random(len(first)), len(first)
    drawn = []
    for _ in range(RESAMPLES):
        rounds = chance.choices(range(number), k=number)
        drawn.append(median([second[n] for n in rounds]) - median([first[n] for n in rounds]))
    drawn.sort()
    low, high = drawn[round(RESAMPLES * 0.025)], drawn[round(RESAMPLES * 0.975) - 1]
    return Difference(state, median(second) - median(first), low, high)


def _section(told: Sequence[Told], rounds: int, *, on_postgresql: bool) -> str:
    head = (
        "| box | hour | answer | "
        + " | ".join(f"{state} ms" for state in STATES)
        + " | farthest by the clock | farthest by the processor | statements | jobs | cleared |"
    )
    rule = "|---|---|--:|" + "--:|" * len(STATES) + "---|---|--:|--:|---|"
    rows = [_row(one, by_clock=on_postgresql) for one in told]
    return (
        f"## Signups, on {'PostgreSQL' if on_postgresql else 'SQLite'}\n\nThe bar: an address"
        " that is new, invited, on the list, gone or suppressed gets the same answer by the same"
        f" statements and jobs, and its median is within {BAR_MS:.0f} ms of a new one’s, by the"
        " interval that holds the difference 95 times in a hundred; "
        + (
            "held against the clock. "
            if on_postgresql
            else "SQLite works in the process that is measured, so the bar is held against the"
            " time of the processor, which no neighbour lengthens. "
        )
        + f"Taken {SystemClock().now():%Y-%m-%d %H:%M} UTC in process, {rounds} rounds of all five"
        " in an order that changes; in a busy hour half of the limit of all is used, in a full one"
        " all of it. Medians are by the clock.\n\n"
        + "\n".join([head, rule, *rows])
        + "\n\nAgain: `.venv/bin/python -m bench.signup --markdown docs/benchmarks.md`;"
        " `--postgresql` asks a throw-away server."
    )


def _row(one: Told, *, by_clock: bool = False) -> str:
    cells = [
        one.box,
        one.hour,
        str(one.status),
        *(f"{one.medians_ms[state]:.2f}" for state in STATES),
        str(one.clock),
        str(one.processor),
        " or ".join(str(number) for number in sorted(set(one.statements))),
        str(one.jobs),
        "yes" if one.clears(by_clock=by_clock) else "**no**",
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
