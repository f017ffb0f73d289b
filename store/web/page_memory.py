"""Answers public pages before Flask is reached: each rendered once and kept ready compressed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock
from time import monotonic
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from store.services import Services
from store.web.metrics import Counters
from store.web.page_copies import IDENTITY, Page, best_coding, make_page, names_etag
from store.web.page_policy import PagePolicy, cached_for, policy_of
from store.web.page_rendering import (
    COUNTED,
    QUERIES,
    Answer,
    blank_environ,
    lifetime_of,
    render,
    with_query,
)
from store.web.page_shelf import Aliases, Key, Shelf
from store.web.page_version import VersionWatch
from store.web.tally import Tally

__all__ = ["PageMemory", "cached_for", "page_memory"]

EXTENSION = "store_page_memory"
READING = frozenset({"GET", "HEAD"})
PAGES_BYTES = 12_000_000
ASKED_PAGES_BYTES = 6_000_000
CARDS_BYTES = 5_000_000
LONGEST_WAIT_SECONDS = 15
STANDS_IN_SECONDS = 0.5
"""For how long the last version of a page may stand in for the one that is being rendered."""
CODINGS_REMEMBERED = 256
LONGEST_REMEMBERED_CODINGS = 100
"""Browsers say it in 40 letters; a header may have a hundred thousand."""


@dataclass(slots=True)
class Rendering:
    """One page being made, and what those get who wait for it."""

    done: Event = field(default_factory=Event)
    page: Page | None = None
    began: float = field(default_factory=monotonic)


class PageMemory:
    """A WSGI layer; a hit costs a few looks into dictionaries and no lock."""

    def __init__(
        self,
        flask: Flask,
        services: Services,
        inner: WSGIApplication,
        version: VersionWatch,
        counters: Counters,
    ) -> None:
        self._flask = flask
        self._settings = services.settings
        self._clock = services.clock
        self._inner = inner
        self._version = version
        self._counters = counters
        self._pages = Shelf(PAGES_BYTES)
        # Pages with parameters have a share of their own, so that no search pushes a product out.
        self._asked_pages = Shelf(ASKED_PAGES_BYTES, wants_second_sight=True)
        # Other sites ask for cards: no crawl of theirs pushes out a page of ours.
        self._cards = Shelf(CARDS_BYTES, wants_second_sight=True)
        self._shelves = dict.fromkeys(_card_paths(flask), self._cards)
        self._aliases = Aliases()
        self.tally = Tally()
        self._codings: dict[str, str] = {}
        self._renderings: dict[tuple[Key, int], Rendering] = {}
        self._lock = Lock()
        self._adapter: MapAdapter = flask.url_map.bind("")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in READING:
            return self._inner(environ, start_response)
        # An address in its canonical form is its own key, so a hit needs no parsing.
        key = (environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""))
        now = self._clock.now()
        page = self._fresh(key, now)
        if page is None and (same := self._aliases.get(key)) is not None:
            page = self._fresh(same, now)
        if page is not None:
            self._counters.memory_hits += 1
            return self._show(page, now, environ, start_response)
        policy = self._policy(key[0])
        if policy is None:
            return self._inner(environ, start_response)
        return self._answer(policy, now, environ, start_response)

    def clear(self) -> None:
        for shelf in (self._pages, self._asked_pages, self._cards):
            shelf.clear()
        self._aliases.clear()

    def _fresh(self, key: Key, now: datetime) -> Page | None:
        page = self._shelf(key).get(key)
        if page is None or now >= page.lifetime.fresh_until:
            return None
        return page if page.version == self._version.current() else None

    def _known(self, key: Key, now: datetime) -> Page | None:
        page = self._fresh(key, now) or self._plain(key, now)
        if page is not None:
            self._counters.memory_hits += 1
        return page

    def _plain(self, key: Key, now: datetime) -> Page | None:
        """Return the page without query, where it says that this query shows the same."""
        path, query = key
        page = self._fresh((path, ""), now) if query else None
        if page is None or page.queries is None or query in page.queries:
            return None
        return page

    def _shelf(self, key: Key) -> Shelf:
        return self._shelves.get(key[0], self._asked_pages if key[1] else self._pages)

    def _show(
        self,
        page: Page,
        now: datetime,
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> list[bytes]:
        if page.counted and environ["REQUEST_METHOD"] == "GET":
            self.tally.add(page.counted)
        copy = page.copies.get(self._coding(environ)) or page.copies[IDENTITY]
        age = ("Age", str(int((now - page.lifetime.rendered_at).total_seconds())))
        if_none_match = environ.get("HTTP_IF_NONE_MATCH")
        if if_none_match is not None and names_etag(if_none_match, copy.etag):
            self._counters.memory_unchanged += 1
            start_response("304 Not Modified", [*copy.unchanged_headers, age])
            return []
        start_response("200 OK", [*copy.headers, age])
        return [copy.body] if environ["REQUEST_METHOD"] == "GET" else []

    def _coding(self, environ: WSGIEnvironment) -> str:
        accepted: str = environ.get("HTTP_ACCEPT_ENCODING", "")
        coding = self._codings.get(accepted)
        if coding is None:
            coding = best_coding(accepted)
            if len(accepted) <= LONGEST_REMEMBERED_CODINGS:
                self._remember_coding(accepted, coding)
        return coding

    def _remember_coding(self, accepted: str, coding: str) -> None:
        if len(self._codings) >= CODINGS_REMEMBERED:
            self._codings.clear()
        self._codings[accepted] = coding

    def _policy(self, path: str) -> PagePolicy | None:
        try:
            endpoint, _ = self._adapter.match(
                path.encode("latin-1").decode(errors="replace"), "GET"
            )
        except (HTTPException, RequestRedirect):
            return None
        return policy_of(self._flask.view_functions.get(endpoint))

    def _answer(
        self,
        policy: PagePolicy,
        now: datetime,
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        path, raw = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        query = policy.query(raw)
        if query is None:
            return _replay(self._render_only((path, raw), environ), environ, start_response)
        key = (path, query)
        page = self._known(key, now) or self._once(key, now, environ)
        if isinstance(page, Answer):
            return _replay(page, environ, start_response)
        if _is_alias(raw, query, policy) and self._shelf(key).get(key) is page:
            self._aliases.put((path, raw), key)
        return self._show(page, now, environ, start_response)

    def _once(self, key: Key, now: datetime, environ: WSGIEnvironment) -> Page | Answer:
        """Render the page, or wait for whoever does; an Answer is not for everybody."""
        version = self._version.current()
        stale = self._stale(key, version, now)
        with self._lock:
            # Between the first look and this lock another thread may have finished it.
            page = self._known(key, now)
            if page is not None:
                return page
            rendering = self._renderings.get((key, version))
            if rendering is None:
                mine = self._renderings[key, version] = Rendering()
        if rendering is None:
            return self._render(key, version, stale, mine, environ)
        standing_in = stale or self._outgoing(key, rendering, now)
        if standing_in is not None:
            self._counters.memory_hits += 1
            self._counters.memory_stale += 1
            return standing_in
        rendering.done.wait(LONGEST_WAIT_SECONDS)
        if rendering.page is not None:
            self._counters.memory_hits += 1
            return rendering.page
        return self._render_only(key, environ)

    def _render_only(self, key: Key, environ: WSGIEnvironment) -> Answer:
        self._counters.memory_misses += 1
        return render(self._inner, blank_environ(environ, *key, self._settings))

    def _stale(self, key: Key, version: int, now: datetime) -> Page | None:
        page = self._shelf(key).get(key)
        if page is None or page.version != version or now >= page.lifetime.stale_until:
            return None
        return page

    def _outgoing(self, key: Key, rendering: Rendering, now: datetime) -> Page | None:
        """Return the page of the last version while the new one is in the making, but not for long.

        A wave of readers would otherwise stand still, and fill every thread, at each change.
        """
        page = self._shelf(key).get(key)
        is_young = monotonic() - rendering.began < STANDS_IN_SECONDS
        return page if page and is_young and now < page.lifetime.stale_until else None

    def _render(
        self,
        key: Key,
        version: int,
        stale: Page | None,
        rendering: Rendering,
        environ: WSGIEnvironment,
    ) -> Page | Answer:
        self._counters.memory_misses += 1
        try:
            blank = blank_environ(environ, *key, self._settings)
            answer = render(self._inner, blank)
            rendering.page = self._keep(key, version, blank, answer)
            if rendering.page is None and answer.tells_of_page:
                # It is gone, moved or nobody's: what it was must never stand in again.
                self._shelf(key).drop(key)
        finally:
            with self._lock:
                del self._renderings[key, version]
            rendering.done.set()
        return rendering.page or (stale if stale and answer.is_failure else answer)

    def _keep(
        self, key: Key, version: int, environ: WSGIEnvironment, answer: Answer
    ) -> Page | None:
        lifetime = lifetime_of(environ, answer)
        if lifetime is None:
            return None
        counted, queries = environ.get(COUNTED, ""), environ.get(QUERIES)
        if queries is not None:
            key, queries = (key, None) if key[1] in queries else ((key[0], ""), queries)
        page = make_page(
            answer.body, answer.headers, version, lifetime, counted=counted, queries=queries
        )
        if not self._is_outrun(key, page):
            self._shelf(key).put(key, page)
        self._counters.memory_renderings += 1
        shelves = (self._pages, self._asked_pages, self._cards)
        self._counters.memory_pages = sum(map(len, shelves))
        self._counters.memory_bytes = sum(shelf.size_bytes for shelf in shelves)
        self._counters.memory_evictions = sum(shelf.evictions for shelf in shelves)
        return page

    def _is_outrun(self, key: Key, page: Page) -> bool:
        """Say whether a newer one came first: whoever saw that must not be shown this one later."""
        current, held = self._version.at_hand(), self._shelf(key).get(key)
        return page.version != current and held is not None and held.version == current


def page_memory(app: Flask) -> PageMemory:
    memory: PageMemory = app.extensions[EXTENSION]
    return memory


def _card_paths(flask: Flask) -> list[str]:
    policies = (
        (rule.rule, policy_of(flask.view_functions.get(rule.endpoint)))
        for rule in flask.url_map.iter_rules()
    )
    return [path for path, policy in policies if policy and policy.canonical]


def _is_alias(raw: str, query: str, policy: PagePolicy) -> bool:
    """Say whether a way to ask is worth knowing: a card's, or the same parameters in another order.

    Our own links name facets in the order of the page. What else is asked has no end.
    """
    return query != raw and (policy.canonical is not None or len(query) == len(raw))


def _replay(answer: Answer, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    start_response(answer.status, with_query(answer, environ.get("QUERY_STRING", "")))
    return [answer.body] if environ["REQUEST_METHOD"] == "GET" else []
