"""Fetches the page of a story from one of our news sites, and from nowhere else."""

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from urllib.parse import quote, urljoin, urlsplit

from store.fetching.asking import REDIRECTS, Place, asked, head, location_of
from store.fetching.wire import TooMuchError
from store.settings import Settings
from store.story_urls import is_ours, normal_url, origin_of
from store.widget.reading.unread import (
    LedAwayError,
    LedInCirclesError,
    NotHTMLError,
    NotOurPageError,
    PageAwayError,
    PageSlowError,
    PageStatusError,
    PageTooLargeError,
)

LARGEST_BYTES = 512 * 1024
"""Of one answer, its head included."""
SECONDS = 3.0
"""For all of it: looking up, connecting, every redirect, every byte."""
MOST_REDIRECTS = 3
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


def _place(url: str, origins: Collection[str]) -> Place | None:
    known_as = normal_url(url)
    if not is_ours(known_as, origins):
        return None
    # A query is kept here: some sites know their stories by nothing else.
    parts = urlsplit(url.strip())
    target = quote(parts.path or "/", safe=_KEPT_IN_TARGET)
    query = quote(parts.query, safe=_KEPT_IN_TARGET + "?")
    return Place(origin_of(known_as), f"{target}?{query}" if query else target)


def _next_place(answer: HTTPResponse, place: Place, origins: Collection[str]) -> Place:
    location = location_of(answer)
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
def _asked(place: Place, settings: Settings, deadline: float) -> Iterator[HTTPResponse]:
    who = head(settings.brand_name, settings.public_url, accept="text/html")
    try:
        with asked(place, who, deadline, most_bytes=LARGEST_BYTES, allowed=_anywhere) as answer:
            yield answer
    except TooMuchError as error:
        raise PageTooLargeError from error
    except TimeoutError as error:
        raise PageSlowError(place.origin) from error
    except (OSError, HTTPException) as error:
        raise PageAwayError(f"{place.origin}: {type(error).__name__}") from error


def _anywhere(_address: str, _port: int) -> bool:
    """Let a news site lie where it lies: whoever runs the store named it, readers cannot."""
    return True


def _page(answer: HTTPResponse, place: Place) -> FetchedPage:
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
