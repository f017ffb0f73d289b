"""Where everything is asked: a full shop, whoever asks, and what must be true of each answer."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from structlog.testing import capture_logs
from werkzeug.test import run_wsgi_app

from store.app import API, STAFF
from store.database import commits_here, db
from tests.api.partner import Partner
from tests.beginning import at_stripe
from tests.databases import PostgreSQLDatabases, SQLiteDatabases
from tests.everything import empty_tables, fill
from tests.fuzz.asking import Asked
from tests.fuzz.hostile import MARK
from tests.fuzz.routes import Atlas, links_of
from tests.newsletter.test_scanners import everything_kept
from tests.shop import Shop, forget_what_was_read
from tests.staffing import at_the_desk

LONGEST_SECONDS = 5.0
"""Of this thread's own work, so that a busy machine is no fault; what children do is not in it."""
OWN_HOSTS = frozenset({"", "localhost"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MAY_CHANGE_BY_GET = frozenset({"/from"})
"""It counts a click, which is the one thing that a GET may."""


NOTED = frozenset({"api_token", "staff_session"})
"""When a token or a session was last used is written whenever it is."""
STATED = {"/oembed": 501}
"""A form of answer that is not spoken here: oEmbed wants this status for it."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    faults: Sequence[str] = ()


@dataclass(slots=True)
class Ground:
    """A full shop that is put back whenever somebody changed it."""

    shop: Shop
    databases: SQLiteDatabases | PostgreSQLDatabases
    atlas: Atlas
    cookies: dict[str, str]
    keys: dict[str, str]
    kept: Any = None
    stripe: dict[str, dict[str, Any]] = field(default_factory=dict)
    commits: int = 0
    asked: int = 0

    def ask(self, asked: Asked) -> str:
        """Send a request, and return what is wrong with its answer; nothing, if nothing is."""
        self._put_back()
        before = commits_here.count
        answer = self._answered(asked)
        self.asked += 1
        wrong = wrong_with(asked, answer)
        has_written = commits_here.count != before
        if not wrong and has_written and asked.method in SAFE:
            wrong = self._written_by_looking(asked)
        return wrong

    def _answered(self, asked: Asked) -> Answer:
        environ = asked.environ(self.cookies.get(asked.who, ""), self.keys.get(asked.who, ""))
        started = time.thread_time()
        with capture_logs() as told:
            try:
                body, status, headers = run_wsgi_app(self.shop.app, environ, buffered=True)
                content = b"".join(body)
            except Exception as error:  # noqa: BLE001 - whatever comes through is the worst fault
                return Answer(599, {}, b"", 0.0, [_place_of(error)])
        seconds = time.thread_time() - started
        faults = [_place_of(one["exc_info"]) for one in told if _is_error(one.get("exc_info"))]
        return Answer(int(status[:3]), dict(headers.items()), content, seconds, faults)

    def remember(self) -> None:
        db.session.rollback()
        self.kept, self.stripe = self.databases.keep(), at_stripe(self.shop.sandbox)
        self.commits = commits_here.count

    def _put_back(self) -> None:
        late = (self.shop.app.extensions[name].app for name in (STAFF, API))
        for app in (self.shop.app, *late):
            for limiter in app.extensions["limiter"]:
                limiter.reset()
        if commits_here.count == self.commits:
            return
        self.databases.put_back(self.kept)
        shelves = self.shop.sandbox.account.state._shelves
        shelves.clear()
        shelves.update({name: dict(records) for name, records in self.stripe.items()})
        forget_what_was_read(self.shop.app)
        self.commits = commits_here.count

    def _written_by_looking(self, asked: Asked) -> str:
        if asked.path.decode("latin-1") in MAY_CHANGE_BY_GET:
            return ""
        with self.shop.app.app_context():
            after = everything_kept()
            self._put_back()
            before = everything_kept()
        changed = [name for name in before if before[name] != after[name] and name not in NOTED]
        return f"a look changed {changed}" if changed else ""


def open_ground(shop: Shop, databases: SQLiteDatabases | PostgreSQLDatabases) -> Ground:
    """Fill the shop, and walk through it as everybody who may come."""
    with shop.app.app_context():
        everything = fill(shop)
        assert empty_tables() == [], "fill them in tests/everything.py"
    owner, partner = at_the_desk(shop), Partner(shop)
    reader = everything.reader
    atlas = Atlas(shop)
    atlas.walk(reader, ["/", "/cart", "/orders/find", "/tips", *links_of(everything.texts)])
    atlas.walk(owner, ["/staff/"])
    atlas.fill_gaps()
    cookies = {"reader": _cookies(reader, "/"), "owner": _cookies(owner, "/staff/")}
    ground = Ground(shop, databases, atlas, cookies, {"partner": partner.key})
    with shop.app.app_context():
        ground.remember()
    return ground


def wrong_with(asked: Asked, answer: Answer) -> str:
    """Return what is wrong with an answer, or nothing."""
    if answer.status >= 500 and STATED.get(asked.path.decode("latin-1")) != answer.status:
        return f"{answer.status} {' | '.join(answer.faults)}"
    if answer.seconds > LONGEST_SECONDS:
        return f"took {answer.seconds:.1f} s"
    host = urlsplit(_sound(answer.headers.get("Location", ""))).hostname or ""
    if "elsewhere" in host:
        return f"leads to {host}"
    if "Set-Cookie" in answer.headers and f"{MARK}=" in answer.headers["Set-Cookie"]:
        return "sets a cookie of the asker's"
    kind = answer.headers.get("Content-Type", "")
    if kind.startswith(("text/html", "image/svg", "application/xhtml")):
        return _runs(answer.body.decode("utf-8", "replace"))
    return ""


def _sound(address: str) -> str:
    return re.sub(r"\[[^/]*", "", address)


def _runs(page: str) -> str:
    if MARK not in page:
        return ""
    finder = _Finder()
    finder.feed(page)
    return finder.found


class _Finder(HTMLParser):
    """Looks for elements, handlers and addresses that only a request can have brought."""

    found = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == MARK or any(name == f"on{MARK}" for name, _value in attrs):
            self.found = f"markup came back as markup: {self.get_starttag_text()}"
        for name, value in attrs:
            runs = (value or "").strip().lower().startswith(("javascript:", "data:text/html"))
            if name in {"href", "src", "action", "formaction"} and runs:
                self.found = f"an address that runs: {self.get_starttag_text()}"


def _cookies(browser: FlaskClient, path: str) -> str:
    found = browser._cookies or {}
    return "; ".join(
        f"{cookie.key}={cookie.value}"
        for cookie in found.values()
        if path.startswith(cookie.path) or cookie.path == path.rstrip("/")
    )


def _is_error(given: object) -> bool:
    return isinstance(given, BaseException) or given is True


def _place_of(given: object) -> str:
    """Say in short what was raised, and in which line of ours."""
    if not isinstance(given, BaseException):
        return "an error in an error page"
    place, trace = "", given.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if "/store/" in name and "/site-packages/" not in name:
            place = f"{name.rpartition('/store/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(given).__name__}: {str(given)[:160]} at {place}"
