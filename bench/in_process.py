"""What is measured without a server: checkouts, queries, start-up and the weight of a page."""

import math
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Any, ClassVar
from urllib.parse import urljoin

import stripe
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import Client

from bench.recording import UnexpectedAnswerError, ask
from bench.rendering import rendering_only
from store.app import create_app, open_doors
from store.clock import SystemClock
from store.database import db
from store.jobs.queue import SilentQueue
from store.mail.opening import open_mailer
from store.media.private_files import open_files
from store.media.storage import open_media
from store.paths import ROOT
from store.payments.stripe_gateway import StripeGateway
from store.sandbox.stripe import (
    Sandbox,
    SandboxHTTPClient,
    SandboxSettings,
    create_sandbox,
    sandbox_of,
)
from store.services import Services
from store.settings import Settings

FEWEST_CHECKOUTS = 30
MOST_CHECKOUTS = 400
WARM_UP_CHECKOUTS = 5
STARTS = 3
LONGEST_START_SECONDS = 300
"""A process ends with its last work, and a large catalogue takes long to read on a busy machine."""
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}
ASSETS = re.compile(
    r"<(?:link|script)\b[^>]*?\b(?:href|src)=\"(?P<path>/static/[^\"]+\.(?:css|js))\""
)
IMPORTS = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.{1,2}/[^"']+)["']""")


class TimedHTTPClient(stripe.HTTPClient):
    """Adds up the seconds that the sandbox behind it takes, so that they can be taken off."""

    name: ClassVar[str] = "timed"

    def __init__(self, inner: SandboxHTTPClient) -> None:
        super().__init__()
        self._inner = inner
        self.seconds = 0.0

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        started = perf_counter()
        try:
            return self._inner.request(method, url, headers, post_data)
        finally:
            self.seconds += perf_counter() - started

    def close(self) -> None:
        self._inner.close()


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one step without the sandbox's share, and what that share was."""

    median_ms: float
    p95_ms: float
    sandbox_median_ms: float
    times: int


@dataclass(frozen=True, slots=True)
class Watch:
    """Times one step again and again."""

    wire: TimedHTTPClient
    own: list[float] = field(default_factory=list)
    sandbox: list[float] = field(default_factory=list)

    @contextmanager
    def timing(self) -> Iterator[None]:
        before, started = self.wire.seconds, perf_counter()
        yield
        whole, share = perf_counter() - started, self.wire.seconds - before
        self.own.append(whole - share)
        self.sandbox.append(share)

    def result(self) -> Timing:
        own, sandbox = self.own[WARM_UP_CHECKOUTS:], self.sandbox[WARM_UP_CHECKOUTS:]
        p95 = sorted(own)[math.ceil(len(own) * 0.95) - 1]
        return Timing(median(own) * 1e3, p95 * 1e3, median(sandbox) * 1e3, len(own))


def time_checkouts(
    settings: Settings, variant_ids: Sequence[int], *, seconds: float
) -> tuple[Timing, Timing]:
    """Buy again and again: time the way to the pay page, and the thanks page that settles."""
    stripe_app = create_sandbox(
        SandboxSettings(
            origin=settings.stripe_api_base,
            api_key=settings.stripe_key.get_secret_value(),
            currency=settings.currency.lower(),
        )
    )
    wire = TimedHTTPClient(SandboxHTTPClient(stripe_app))
    services = Services(
        settings=settings,
        clock=SystemClock(),
        payments=StripeGateway(settings, wire),
        mailer=open_mailer(settings),
        media=open_media(settings.media_url),
        queue=SilentQueue(),
        files=open_files(settings.files_url),
    )
    app = create_app(settings, services)
    buyers = Buyers(app, sandbox_of(stripe_app), variant_ids, Watch(wire), Watch(wire))
    until, bought = perf_counter() + seconds, 0
    while bought < FEWEST_CHECKOUTS or (perf_counter() < until and bought < MOST_CHECKOUTS):
        buyers.buy(bought)
        bought += 1
    buyers.sandbox.close()
    _close(app)
    return buyers.to_pay_page.result(), buyers.to_thanks.result()


@dataclass(frozen=True, slots=True)
class Buyers:
    """Readers who each buy two things, one reader after the other."""

    app: Flask
    sandbox: Sandbox
    variant_ids: Sequence[int]
    to_pay_page: Watch
    to_thanks: Watch

    def buy(self, number: int) -> None:
        reader = self.app.test_client()
        for step in range(2):
            variant_id = self.variant_ids[(2 * number + step) % len(self.variant_ids)]
            _post(reader, "/cart/lines", {"variant_id": str(variant_id), "quantity": "1"})
        with self.to_pay_page.timing():
            pay_page = _post(reader, "/checkout", {})
        session_id = pay_page.rsplit("/", 1)[1]
        self.sandbox.pay(session_id)
        with self.to_thanks.timing():
            answer = reader.get("/checkout/thanks", query_string={"session_id": session_id})
        if answer.status_code != 200 or "Thank you" not in answer.text:
            raise UnexpectedAnswerError(f"the thanks page answered {answer.status}")


def _post(reader: FlaskClient, path: str, form: Mapping[str, str]) -> str:
    """Post a form and return where it leads."""
    answer = reader.post(path, data=form, headers=FROM_OUR_PAGE)
    if answer.status_code != 303:
        raise UnexpectedAnswerError(f"{path} answered {answer.status}")
    return answer.headers["Location"]


def count_queries(settings: Settings, path: str) -> int:
    """Return how many statements one rendering of a page asks of the database."""
    app = create_app(settings, open_doors(settings))
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    reader = Client(rendering_only(app))
    # The first rendering also reads what a process asks only once.
    reader.get(path)
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = reader.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    _close(app)
    if answer.status_code != 200:
        raise UnexpectedAnswerError(f"{path} answered {answer.status}")
    return sum(1 for statement in asked if statement.lstrip().upper().startswith("SELECT"))


def _close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def seconds_to_first_answer(
    path: str, environment: Mapping[str, str], *, core: int
) -> tuple[float, float]:
    """Return the median time from import to the first page, and the processor's share of it."""
    command = ["taskset", "-c", str(core), sys.executable, "-m", "bench.targets.first_answer", path]
    times = []
    for _ in range(STARTS + 1):
        said = subprocess.run(
            command,
            cwd=ROOT,
            # Where a developer keeps Python from writing, every start would compile everything.
            env=os.environ | environment | {"PYTHONDONTWRITEBYTECODE": ""},
            capture_output=True,
            text=True,
            check=True,
            timeout=LONGEST_START_SECONDS,
        )
        times.append([float(part) for part in said.stdout.splitlines()[-1].split()])
    # The first start may have had to compile.
    whole, used = zip(*times[1:], strict=True)
    return median(whole), median(used)


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes by kind; without a build they travel uncompressed, and count for nothing."""

    by_kind: dict[str, int]
    is_built: bool


def page_weight(port: int, path: str) -> Weight:
    """Return the bytes that travel for a page as Brotli: HTML, CSS and JS."""
    weight = {"html": len(ask(port, path, coding="br").body), "css": 0, "js": 0}
    html = ask(port, path, coding="identity").body.decode()
    assets = list(dict.fromkeys(ASSETS.findall(html)))
    # What it imports joins the end, and is weighed in its turn.
    for asset in assets:
        answer = ask(port, asset, coding="br")
        if answer.status != 200:
            raise UnexpectedAnswerError(f"{asset} answered {answer.status}")
        weight[asset.rsplit(".", 1)[1]] += len(answer.body)
        if asset.endswith(".js"):
            script = ask(port, asset, coding="identity").body.decode()
            imported = (urljoin(asset, name) for name in IMPORTS.findall(script))
            assets += [name for name in dict.fromkeys(imported) if name not in assets]
    return Weight(weight, all(not asset.startswith("/static/src/") for asset in assets))
