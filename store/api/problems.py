"""Every refusal of the API as a problem document (RFC 9457): what, why, and what to mend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from flask import Flask, Response, request
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from store import reporting
from store.api.shapes import Fault, Problem
from store.database import db
from store.errors import StoreError
from store.web.doors import services
from store.web.errors import FAMILIES
from store.web.logs import request_id

MEDIA_TYPE = "application/problem+json"
PAGE = "/api/v1/"
MOST_FAULTS = 20

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to be refused; its name is the fragment of its type's address."""

    name: str
    status: int
    title: str


UNAUTHENTICATED = Kind("no-token", 401, "A token that counts is wanted")
SCOPE = Kind("scope", 403, "The token may not do this")
UNREADABLE = Kind("unreadable", 400, "The request cannot be read")
MISSING = Kind("not-found", 404, "There is no such thing")
METHOD = Kind("method", 405, "This address cannot do that")
CONFLICT = Kind("conflict", 409, "As it stands now, this cannot be done")
NO_LENGTH = Kind("no-length", 411, "A Content-Length is wanted")
TOO_LARGE = Kind("too-large", 413, "The body is too large")
TOO_LONG = Kind("too-long", 414, "The address is too long")
MEDIA = Kind("media-type", 415, "The body is to be JSON")
INVALID = Kind("invalid", 422, "A value is wrong")
KEY_USED = Kind("key-used", 422, "This Idempotency-Key came with another request")
NO_KEY = Kind("no-key", 400, "An Idempotency-Key is wanted")
TOO_FAST = Kind("too-fast", 429, "Too many requests")
BROKEN = Kind("broken", 500, "The fault is ours")
AWAY = Kind("away", 503, "Out of reach for a moment")
KINDS = (
    UNREADABLE,
    NO_KEY,
    UNAUTHENTICATED,
    SCOPE,
    MISSING,
    METHOD,
    CONFLICT,
    NO_LENGTH,
    TOO_LARGE,
    TOO_LONG,
    MEDIA,
    INVALID,
    KEY_USED,
    TOO_FAST,
    BROKEN,
    AWAY,
)
BY_STATUS: Mapping[int, Kind] = {kind.status: kind for kind in reversed(KINDS)}
RETRY_AFTER = {429: "60", 503: "30"}


@dataclass
class Refusal(Exception):  # noqa: N818 - what is raised is the refusal itself
    """Ends a request with this problem."""

    kind: Kind
    detail: str
    errors: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def install_problems(app: Flask) -> None:
    """Answer every failure by a document, and never by a page."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(ValidationError, _invalid)
    for family in FAMILIES:
        app.register_error_handler(family, _store_refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(PoolTimeoutError, _database_away)
    app.register_error_handler(Exception, _unexpected)


def problem(
    kind: Kind,
    detail: str,
    *,
    errors: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the document; nobody may keep it."""
    told = Problem(
        type=f"{services().settings.public_url}{PAGE}#{kind.name}",
        title=kind.title,
        status=kind.status,
        detail=detail,
        request_id=request_id(),
        errors=list(errors),
    )
    response = Response(
        told.model_dump_json(exclude_defaults=True), status=kind.status, content_type=MEDIA_TYPE
    )
    response.headers["Cache-Control"] = "no-store"
    if kind.status in RETRY_AFTER:
        response.headers["Retry-After"] = RETRY_AFTER[kind.status]
    response.headers.update(headers or {})
    return response


def faults_of(error: ValidationError, *, is_body: bool) -> list[Fault]:
    """Return each value that is wrong, and why; never the value itself."""
    return [
        Fault(pointer=_pointer(one["loc"], is_body=is_body), detail=one["msg"])
        for one in error.errors(include_input=False, include_url=False, include_context=False)
    ][:MOST_FAULTS]


def _pointer(place: Sequence[int | str], *, is_body: bool) -> str:
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in place]
    return "#" + "".join(f"/{part}" for part in parts) if is_body else ".".join(parts)


def _refused(refusal: Refusal) -> Response:
    return problem(refusal.kind, refusal.detail, errors=refusal.errors, headers=refusal.headers)


def _invalid(error: ValidationError) -> Response:
    return problem(INVALID, "See errors.", errors=faults_of(error, is_body=True))


def _store_refused(error: StoreError) -> Response:
    status = next(status for family, status in FAMILIES.items() if isinstance(error, family))
    log.info("refused", status=status, error=type(error).__name__)
    kind = BY_STATUS[status]
    return problem(kind, f"{kind.title}.")


def _http_error(error: HTTPException) -> Response:
    kind = BY_STATUS.get(error.code or 500, UNREADABLE if (error.code or 500) < 500 else BROKEN)
    given: Any = dict(error.get_headers(request.environ))
    kept = {name: given[name] for name in ("Allow", "WWW-Authenticate") if name in given}
    return problem(kind, f"{kind.title}.", headers=kept)


def _database_away(error: SQLAlchemyError) -> Response:
    log.error("database_away", exc_info=error)
    db.session.rollback()
    return problem(AWAY, "Try again in half a minute.")


def _unexpected(error: Exception) -> Response:
    log.error("unexpected_error", exc_info=error)
    route = request.url_rule.rule if request.url_rule else ""
    reporting.tell(error, route=route, request_id=request_id())
    db.session.rollback()
    return problem(BROKEN, "It has been noted under this request_id.")
