"""Fetches the page of a story from one of our news sites, and from nowhere else."""

import time
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import quote, urljoin, urlsplit

from store.settings import Settings
from store.story_urls import DEFAULT_PORTS, is_ours, normal_url, origin_of
from store.widget.reading.unread import (
    LedAwayError,
    LedInCirclesError,
    NotHTMLError,
    NotOurPageError,
    PageAwayError,
    PageSlowError,
    PageStatusError,
)
from store.widget.reading.wire import LARGEST_BYTES, Wire, line_to

SECONDS = 3.0
"""For all of it: looking up, connecting, every redirect, every byte."""
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEPT_IN_TARGET = "/~!$&'()*+,;=:@-._%"


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page as its site sent it."""

    url: str
    """Where it was found in the end, without what follows a #."""
    body: bytes
    charset: str = ""
    """What the answer's head calls its charset; empty where it does not say."""


def fetch_page(url: str, settings: Settings, *, seconds: float = SECONDS) -> FetchedPage:
    """Return the page at this address; raise an UnreadPageError when there is none to read.

    No cookie and no credentials are sent, and redirects lead to our news sites only.
    """
    deadline = time.monotonic() + seconds
    place = _place(url, settings.news_origins)
    if place is None:
        raise NotOurPageError(url[:200])
    for _turn in range(MOST_REDIRECTS + 1):
        with _asked(place, settings, deadline) as answer:
            if answer.status not in REDIRECTS:
                return _page(answer, place)
            place = _next_place(answer, place, settings.news_origins)
    raise LedInCirclesError(place.url[:200])


@dataclass(frozen=True, slots=True)
class _Place:
    """Where to ask: the origin is one of the settings' own, so no spelling leads elsewhere."""

    origin: str
    target: str

    @property
    def url(self) -> str:
        return self.origin + self.target

    @property
    def is_https(self) -> bool:
        return self.origin.startswith("https:")

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""

    @property
    def port(self) -> int:
        parts = urlsplit(self.origin)
        return parts.port or DEFAULT_PORTS[parts.scheme]


class _HTTPSConnection(HTTPConnection):
    """Says the host without its port; the line below it is encrypted already."""

    default_port = DEFAULT_PORTS["https"]


def _place(url: str, origins: Collection[str]) -> _Place | None:
    known_as = normal_url(url)
    if not is_ours(known_as, origins):
        return None
    # A query is kept here: some sites know their stories by nothing else.
    parts = urlsplit(url.strip())
    target = quote(parts.path or "/", safe=_KEPT_IN_TARGET)
    query = quote(parts.query, safe=_KEPT_IN_TARGET + "?")
    return _Place(origin_of(known_as), f"{target}?{query}" if query else target)


def _next_place(answer: HTTPResponse, place: _Place, origins: Collection[str]) -> _Place:
    # http.client reads a head as Latin-1; where it is not ASCII it was written as UTF-8.
    location = (
        answer.getheader("Location", "").encode("latin-1", "replace").decode(errors="replace")
    )
    try:
        url = urljoin(place.url, location)
    except ValueError:
        raise LedAwayError(location[:200]) from None
    found = _place(url, origins)
    if found is None:
        known_as = normal_url(url)
        raise LedAwayError(origin_of(known_as) if known_as else location[:200])
    return found


@contextmanager
def _asked(place: _Place, settings: Settings, deadline: float) -> Iterator[HTTPResponse]:
    connection_to = _HTTPSConnection if place.is_https else HTTPConnection
    connection = connection_to(place.host, place.port)
    try:
        line = line_to(place.host, place.port, deadline, is_https=place.is_https)
        with closing(line):
            connection.sock = Wire(line, deadline)
            connection.request("GET", place.target, headers=_head(settings))
            with closing(connection.getresponse()) as answer:
                yield answer
    except TimeoutError as error:
        raise PageSlowError(place.origin) from error
    except (OSError, HTTPException) as error:
        raise PageAwayError(f"{place.origin}: {type(error).__name__}") from error


def _head(settings: Settings) -> dict[str, str]:
    who = f"{settings.brand_name} store (+{settings.public_url})"
    return {
        # A head carries ASCII.
        "User-Agent": "".join(letter for letter in who if " " <= letter <= "~").strip(),
        "Accept": "text/html",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def _page(answer: HTTPResponse, place: _Place) -> FetchedPage:
    if answer.status != 200:
        raise PageStatusError(answer.status)
    kind = answer.headers.get_content_type()
    if kind != "text/html":
        raise NotHTMLError(kind[:100])
    packed = answer.getheader("Content-Encoding", "identity").strip().lower()
    if packed not in {"", "identity"}:
        raise NotHTMLError(packed[:100])
    # More than this never comes through the wire, whatever the head says of its length.
    body = answer.read(LARGEST_BYTES)
    if answer.length:
        raise PageAwayError(f"{place.origin}: {answer.length} bytes are missing")
    return FetchedPage(place.url, body, answer.headers.get_content_charset("") or "")
