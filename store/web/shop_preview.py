"""Shows the whole shop as it will be: what lies under a signed address, as of its moment.

Such a page is rendered for nobody, kept nowhere and found nowhere. Its links stay under the signed
address. What is no page of the catalogue, and what is posted, is left to the view of the signed
address itself, which says that it is no part of a preview.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from store.database import APART, db
from store.settings import Settings
from store.web.doors import AS_OF, shown_as_of
from store.web.page_copies import Header
from store.web.page_policy import policy_of
from store.web.page_rendering import blank_environ, render, with_query

READING = frozenset({"GET", "HEAD"})
SHOWN = frozenset({"catalog", "content"})
"""The rooms whose public pages belong to a preview; feeds and cards are for machines."""
OURS_TO_SAY = frozenset(
    {"cache-control", "content-length", "etag", "speculation-rules", "x-robots-tag"}
)
MomentOf = Callable[[str], datetime | None]
"""Returns the moment that a token signs, or none where it is not one of ours or too old."""

_address = re.compile(r"(/preview/[^/]+)(/.*)", re.DOTALL)
_own_links = re.compile(rb'(\s(?:href|action|formaction|src|data-address)=")/(?!/|static/|media/)')


class ShopPreview:
    """A WSGI layer beneath the page memory, which does not know these addresses."""

    def __init__(
        self, flask: Flask, settings: Settings, inner: WSGIApplication, moment_of: MomentOf
    ) -> None:
        self._flask, self._settings = flask, settings
        self._inner, self._moment_of = inner, moment_of
        self._adapter: MapAdapter = flask.url_map.bind("")
        flask.before_request(_stand_apart)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = _address.fullmatch(environ.get("PATH_INFO", ""))
        if asked is None:
            return self._inner(environ, start_response)
        moment = self._moment_of(asked[1].rpartition("/")[2])
        if moment is None:
            return self._inner(environ, start_response)
        query, is_read = environ.get("QUERY_STRING", ""), environ["REQUEST_METHOD"] in READING
        path = asked[2] if is_read and self._shows(asked[2]) else asked[0]
        blank = blank_environ(environ, path, query, self._settings)
        answer = render(self._inner, blank | {AS_OF: moment})
        body = _own_links.sub(rb"\1" + asked[1].encode("latin-1") + b"/", answer.body)
        headers = self._headers(with_query(answer, query), asked[1], len(body))
        start_response(answer.status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _shows(self, path: str) -> bool:
        try:
            endpoint, _ = self._adapter.match(
                path.encode("latin-1").decode(errors="replace"), "GET"
            )
        except (HTTPException, RequestRedirect):
            return False
        is_public = policy_of(self._flask.view_functions.get(endpoint)) is not None
        return is_public and endpoint.partition(".")[0] in SHOWN

    def _headers(self, said: Sequence[Header], prefix: str, length: int) -> list[Header]:
        changed = OURS_TO_SAY | {"location"}
        kept = [(name, value) for name, value in said if name.lower() not in changed]
        where = [value for name, value in said if name.lower() == "location"]
        own = [("Location", prefix + value) for value in where if value.startswith("/")]
        return [
            *kept,
            *own,
            ("Content-Length", str(length)),
            ("Cache-Control", "no-store"),
            ("X-Robots-Tag", "noindex, nofollow"),
        ]


def _stand_apart() -> None:
    """Let nothing that is read for a moment to come stay in memory for readers of now."""
    if shown_as_of() is not None:
        db.session.info[APART] = True
