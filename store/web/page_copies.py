"""A rendered public page as it is kept: ready compressed, with its headers, for every reader."""

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import brotli

Header = tuple[str, str]

OVERHEAD_BYTES = 4_000
"""About what headers, keys and objects of one page weigh beside its bodies."""
QUERY_BYTES = 120
"""About what one short query weighs in a set."""
WORTH_COMPRESSING_BYTES = 200
COMPRESSIBLE = ("text/", "application/json", "application/xml", "image/svg+xml")
IDENTITY = "identity"
OURS_TO_SAY = frozenset(
    {"content-length", "content-encoding", "etag", "vary", "date", "set-cookie", "x-request-id"}
)
BODY_HEADERS = frozenset({"content-type", "content-length", "content-encoding"})


@dataclass(frozen=True, slots=True)
class Copy:
    """One encoding of a page, with the headers of a full answer and of a 304."""

    body: bytes
    etag: str
    headers: tuple[Header, ...]
    unchanged_headers: tuple[Header, ...]


@dataclass(frozen=True, slots=True)
class Lifetime:
    """From when to when a page is fresh, and how long it may stand in while another renders."""

    rendered_at: datetime
    fresh_until: datetime
    stale_until: datetime

    @property
    def cache_control(self) -> str:
        fresh = _seconds(self.rendered_at, self.fresh_until)
        stale = _seconds(self.fresh_until, self.stale_until)
        swr = f", stale-while-revalidate={stale}" if stale else ""
        return f"public, max-age={fresh}{swr}"


@dataclass(frozen=True, slots=True)
class Page:
    version: int
    lifetime: Lifetime
    copies: dict[str, Copy]
    size_bytes: int
    counted: str = ""
    """The name under which each showing of it is counted; empty for most."""
    queries: frozenset[str] | None = None
    """On a page without query: all queries that show another one; None where nobody said."""


def make_page(
    body: bytes,
    headers: Iterable[Header],
    version: int,
    lifetime: Lifetime,
    *,
    counted: str = "",
    queries: frozenset[str] | None = None,
) -> Page:
    kept = [(name, value) for name, value in headers if name.lower() not in OURS_TO_SAY]
    kept.append(("Vary", "Accept-Encoding"))
    digest = sha256(body).hexdigest()[:24]
    bodies = _encoded(body, kept)
    copies = {coding: _copy(coding, text, digest, kept) for coding, text in bodies.items()}
    size = OVERHEAD_BYTES + sum(len(copy.body) for copy in copies.values())
    size += QUERY_BYTES * len(queries or ())
    return Page(version, lifetime, copies, size, counted, queries)


def _encoded(body: bytes, headers: Iterable[Header]) -> dict[str, bytes]:
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    bodies = {IDENTITY: body}
    if len(body) >= WORTH_COMPRESSING_BYTES and content_type.startswith(COMPRESSIBLE):
        bodies["br"] = brotli.compress(body, quality=_effort(content_type))
        bodies["gzip"] = gzip.compress(body, compresslevel=6, mtime=0)
    return bodies


def _effort(content_type: str) -> int:
    """Return how hard to compress: pages change, scripts and styles are made once a process."""
    return 11 if content_type.startswith(("text/javascript", "text/css")) else 5


def _copy(coding: str, body: bytes, digest: str, headers: list[Header]) -> Copy:
    etag = f'"{digest}-{coding}"'
    own = [("ETag", etag), ("Content-Length", str(len(body)))]
    if coding != IDENTITY:
        own.append(("Content-Encoding", coding))
    full = (*headers, *own)
    unchanged = tuple(pair for pair in full if pair[0].lower() not in BODY_HEADERS)
    return Copy(body, etag, full, unchanged)


def best_coding(accepted: str) -> str:
    """Return the smallest coding that an Accept-Encoding header allows."""
    qualities = dict(_quality(part) for part in accepted.lower().split(",") if part.strip())
    anything = qualities.get("*", 0.0)
    for coding in ("br", "gzip"):
        if qualities.get(coding, anything) > 0:
            return coding
    return IDENTITY


def _quality(part: str) -> tuple[str, float]:
    coding, _, parameter = part.partition(";")
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return coding.strip(), 1.0
    try:
        return coding.strip(), float(value)
    except ValueError:
        return coding.strip(), 0.0


def names_etag(if_none_match: str, etag: str) -> bool:
    """Say whether an If-None-Match header names this ETag, weak or strong."""
    if if_none_match in (etag, "*"):
        return True
    listed = (part.strip().removeprefix("W/") for part in if_none_match.split(","))
    return etag in listed


def _seconds(since: datetime, until: datetime) -> int:
    return max(0, int((until - since).total_seconds()))
