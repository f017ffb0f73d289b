"""Every failure as a page in the shop's look, or as a small problem document for machines."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from jinja2 import TemplateNotFound
from markupsafe import escape
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from store import reporting
from store.database import db
from store.errors import (
    ConflictError,
    InvalidError,
    LimitError,
    NotFoundError,
    StoreError,
    UnavailableError,
)
from store.web.csrf import ForgeryError
from store.web.logs import request_id

log = structlog.get_logger(__name__)

FAMILIES: Mapping[type[StoreError], int] = {
    NotFoundError: 404,
    ConflictError: 409,
    InvalidError: 422,
    LimitError: 429,
    UnavailableError: 503,
}
FOLDER = "store_error_pages"
RETRY_AFTER_SECONDS = {429: 60, 503: 30}
MACHINE_PATHS = ("/webhooks/", "/feeds/", "/widget/v1", "/oembed", "/healthz", "/readyz")


@dataclass(frozen=True, slots=True)
class Words:
    """What happened, and what to do."""

    title: LazyString
    text: LazyString


WORDS: Mapping[int, Words] = {
    400: Words(
        _l("We could not read that request"),
        _l("Something in it was garbled. Go back, reload the page and try once more."),
    ),
    403: Words(
        _l("That request did not come from this shop"),
        _l("To protect you, the shop only accepts what its own pages send. Go back and try again."),
    ),
    404: Words(
        _l("Correction: we printed an address that does not exist"),
        _l("The page may have moved or sold out for good. The front page has everything we print."),
    ),
    405: Words(
        _l("This page cannot do that"),
        _l("It can be read but not written to, or the other way round. Start from the front page."),
    ),
    409: Words(
        _l("Something changed while you were reading"),
        _l("Reload the page to see how things stand now, then try again."),
    ),
    410: Words(
        _l("That is out of print"),
        _l("It was here once and will not come back. The front page has everything we print."),
    ),
    411: Words(
        _l("We cannot tell where that ends"),
        _l("It came in pieces, without its length. Send it again with a Content-Length."),
    ),
    413: Words(
        _l("That is more than we can take at once"),
        _l("Send less text or a smaller file, then try again."),
    ),
    414: Words(
        _l("That address is too long to print"),
        _l("Shorten what you are looking for, then try again."),
    ),
    422: Words(
        _l("That does not add up"),
        _l("A value in the form is missing or out of range. Go back, check it and send it again."),
    ),
    429: Words(
        _l("A little too fast"),
        _l("Many requests came from your network. Wait a minute, then try again."),
    ),
    500: Words(
        _l("We dropped the type"),
        _l("The fault is ours and it has been noted. Nothing was charged by this. Try again soon."),
    ),
    503: Words(
        _l("We are out of reach for a moment"),
        _l("Somebody we rely on is not answering. Wait half a minute, then try again."),
    ),
}

PLAIN_PAGE = """<!doctype html>
<html lang="en-AU">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{title}</title></head>
<body><main><h1>{title}</h1><p>{text}</p><p><a href="/">Front page</a></p>
<p><small>{request_id}</small></p></main></body>
</html>
"""


def install_errors(app: Flask, folder: str = "errors") -> None:
    """Answer every failure by a page from this folder of templates."""
    app.extensions[FOLDER] = folder
    for family, status in FAMILIES.items():
        app.register_error_handler(family, _answer_with(status))
    # Busy or away is no fault of the code, and the next try may well succeed.
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(PoolTimeoutError, _database_away)
    app.register_error_handler(ForgeryError, _forged)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def error_answer(
    status: int,
    *,
    headers: Mapping[str, str] | None = None,
    page: str = "",
    more: Mapping[str, object] | None = None,
) -> Response:
    """Return the page or document for this status; nobody may keep it.

    The page is the one that is named where the folder has it, else the status's own; more is what
    it tells beside what all of them do.
    """
    words = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    is_document = _is_for_machines()
    response = _document(status, words) if is_document else _page(status, words, page, more or {})
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    if status in RETRY_AFTER_SECONDS:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS[status])
    response.headers.update(headers or {})
    return response


class _AnswerWith:
    def __init__(self, status: int) -> None:
        self._status = status

    def __call__(self, error: StoreError) -> Response:
        log.info("refused", status=self._status, error=type(error).__name__)
        return error_answer(self._status)


def _answer_with(status: int) -> _AnswerWith:
    return _AnswerWith(status)


def _http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400 or error.response is not None:
        return error
    headers = {
        name: value
        for name, value in error.get_headers(request.environ)
        if name in {"Allow", "Retry-After", "WWW-Authenticate"}
    }
    return error_answer(error.code, headers=headers)


def _forged(_error: ForgeryError) -> Response:
    # Nobody lacks a right here, which is what staff are told by their page of this status.
    return error_answer(403, page="forged")


def _database_away(error: SQLAlchemyError) -> Response:
    log.error("database_away", exc_info=error)
    _forget_transaction()
    return error_answer(503)


def _unexpected(error: Exception) -> Response:
    log.error("unexpected_error", exc_info=error)
    route = request.url_rule.rule if request.url_rule else ""
    reporting.tell(error, route=route, request_id=request_id())
    _forget_transaction()
    return error_answer(500)


def _forget_transaction() -> None:
    # The page below may ask the database, and a failed transaction answers nothing.
    try:
        db.session.rollback()
    except SQLAlchemyError as error:
        log.warning("rollback_failed", error=type(error).__name__)


def _page(status: int, words: Words, page: str, more: Mapping[str, object]) -> Response:
    shown = {
        **more,
        "status": status,
        "title": str(words.title),
        "text": str(words.text),
        "request_id": request_id(),
    }
    folder = current_app.extensions[FOLDER]
    names = (page, status, "error") if page else (status, "error")
    try:
        return make_response(render_template([f"{folder}/{name}.html" for name in names], **shown))
    except TemplateNotFound:
        log.warning("error_template_missing", status=status)
    except Exception:
        # A page that tells of a failure must not fail itself.
        log.exception("error_page_failed")
    escaped = {name: escape(value) for name, value in shown.items()}
    return make_response(PLAIN_PAGE.format(**escaped))


def _document(status: int, words: Words) -> Response:
    response = jsonify(
        type="about:blank", title=str(words.title), status=status, request_id=request_id()
    )
    response.content_type = "application/problem+json"
    return response


def _is_for_machines() -> bool:
    if request.path.startswith(MACHINE_PATHS):
        return True
    accepts = request.accept_mimetypes
    return accepts["application/json"] > accepts["text/html"]
