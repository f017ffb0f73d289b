"""Asks one host for one thing: no cookie, no credentials, one deadline, so many bytes."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

from store.fetching.wire import Allowed, Wire, line_to
from store.story_urls import DEFAULT_PORTS

REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Place:
    """Where to ask: an origin in normal form, and what is asked of it."""

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


@contextmanager
def asked(
    place: Place,
    headers: Mapping[str, str],
    deadline: float,
    *,
    most_bytes: int,
    allowed: Allowed,
    body: bytes | None = None,
) -> Iterator[HTTPResponse]:
    """Ask, or give a body, and yield the answer; a redirect is an answer like any other.

    Raises OSError (TimeoutError among them), http.client.HTTPException and TooMuchError.
    """
    connection_to = _HTTPSConnection if place.is_https else HTTPConnection
    connection = connection_to(place.host, place.port)
    line = line_to(place.host, place.port, deadline, is_https=place.is_https, allowed=allowed)
    with closing(line):
        connection.sock = Wire(line, deadline, most_bytes)
        method = "GET" if body is None else "POST"
        connection.request(method, place.target, body=body, headers=dict(headers))
        with closing(connection.getresponse()) as answer:
            yield answer


def head(name: str, address: str, *, accept: str) -> dict[str, str]:
    """Return the headers of a request: who asks, for what, and nothing of anybody."""
    who = f"{name} store (+{address})"
    return {
        # A head carries ASCII.
        "User-Agent": "".join(letter for letter in who if " " <= letter <= "~").strip(),
        "Accept": accept,
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def location_of(answer: HTTPResponse) -> str:
    """Return where a redirect leads, as it was written."""
    # http.client reads a head as Latin-1; where it is not ASCII it was written as UTF-8.
    written = answer.getheader("Location", "").encode("latin-1", "replace")
    return written.decode(errors="replace")
