"""Renders a public page for nobody: from its path and known parameters, and nothing of a reader."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request

from store.services import Services
from store.settings import Settings
from store.web.page_copies import Header, Lifetime
from store.web.page_policy import lifetime, policy_of
from store.web.page_version import VersionWatch
from store.web.shown import begin_page, finish_page

LIFETIME = "store.page_lifetime"
BEGAN = "store.page_began"
"""When the rendering of a page began, and the next change that was known then."""
COUNTED = "store.page_counted"
"""Where a view leaves the name under which each showing of its page is counted."""
QUERIES = "store.page_queries"
"""Where a view leaves those queries by which its page differs; any other shows the plain page."""
KEPT = frozenset({"REMOTE_ADDR", "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL"})
"""What a page is rendered from, beside wsgi.* and store.*; the address is for limits alone."""
KEPT_PREFIXES = ("wsgi.", "store.")

_printable = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    headers: list[Header]
    body: bytes

    @property
    def is_failure(self) -> bool:
        return self.status.startswith("5")

    @property
    def tells_of_page(self) -> bool:
        """Say whether it is about the page, and not about whoever happened to ask for it."""
        return not self.is_failure and not self.status.startswith("429")


def blank_environ(
    environ: WSGIEnvironment, path: str, query: str, settings: Settings
) -> WSGIEnvironment:
    """Return the request that every reader of this page would have made."""
    own = urlsplit(settings.public_url)
    blank = {
        name: value
        for name, value in environ.items()
        if name in KEPT or name.startswith(KEPT_PREFIXES)
    }
    return blank | {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": own.netloc,
        "wsgi.url_scheme": own.scheme,
        "wsgi.input": BytesIO(),
    }


def render(inner: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """Run the application to its end and hold its whole answer."""
    started: list[tuple[str, list[Header]]] = []

    def start_response(status: str, headers: list[Header], _error: Any = None) -> Any:
        started.append((status, headers))
        return _no_write

    parts = inner(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        _close(parts)
    status, headers = started[-1]
    return Answer(status, headers, body)


def with_query(answer: Answer, query: str) -> list[Header]:
    """Return its headers; a page that moved for good takes along what its address was asked with.

    The view that answered saw only the parameters that it knows.
    """
    if not answer.status.startswith("301 ") or not _printable.fullmatch(query):
        return answer.headers
    return [
        (name, f"{value}?{query}" if name.lower() == "location" and "?" not in value else value)
        for name, value in answer.headers
    ]


def lifetime_of(environ: WSGIEnvironment, answer: Answer) -> Lifetime | None:
    """Return how long the answer may be kept; None when it is not for everybody."""
    kept: Lifetime | None = environ.get(LIFETIME)
    names = {name.lower() for name, _ in answer.headers}
    if not answer.status.startswith("200 ") or "set-cookie" in names:
        return None
    return kept


def install_lifetimes(app: Flask, services: Services, version: VersionWatch) -> None:
    """Say of every answer of a public view how long anybody may keep it, and what it shows."""
    zone = services.settings.zone
    app.before_request(begin_page)

    @app.before_request
    def note_beginning() -> None:
        if policy_of(app.view_functions.get(request.endpoint or "")) is not None:
            # Asked before anything is read: a page that was begun before a change and ended after
            # it would otherwise live on with what is over.
            now = services.clock.now()
            request.environ[BEGAN] = now, version.next_change(now)

    @app.after_request
    def state_lifetime(response: Response) -> Response:
        keys = finish_page()
        policy = policy_of(app.view_functions.get(request.endpoint or ""))
        if policy is not None and BEGAN in request.environ and _is_public(response):
            now, next_change = request.environ[BEGAN]
            kept = lifetime(policy, now, zone, next_change)
            request.environ[LIFETIME] = kept
            # What its own address pins says more than any lifetime of a page.
            if not response.cache_control.immutable:
                response.headers["Cache-Control"] = kept.cache_control
            response.headers["Surrogate-Key"] = " ".join(keys)  # as Fastly reads it
            response.headers["Cache-Tag"] = ",".join(keys)  # as Cloudflare does
        return response


def _is_public(response: Response) -> bool:
    control = response.cache_control
    is_closed = bool(control.no_store or control.private)
    return response.status_code == 200 and "Set-Cookie" not in response.headers and not is_closed


def _close(parts: Iterable[bytes]) -> None:
    close = getattr(parts, "close", None)
    if close is not None:
        close()


def _no_write(_body: bytes) -> None:
    raise NotImplementedError("the application answers with an iterable")
