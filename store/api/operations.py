"""What the API can do: each operation declared once, with the types that check and describe it."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Response, g, request
from flask.typing import RouteCallable
from pydantic import BaseModel, ValidationError

from store.api.problems import (
    INVALID,
    KEY_USED,
    MEDIA,
    NO_KEY,
    SCOPE,
    UNREADABLE,
    Refusal,
    faults_of,
)
from store.api.shapes import KEY_PATTERN, Asked, Given, Nothing, single
from store.connections.models import Scope
from store.connections.remembering import (
    LONGEST_KEY,
    KeyUsedError,
    Remembered,
    recall,
    remember,
)
from store.connections.remembering import Asked as AskedBefore
from store.database import writing
from store.staff.audit import Actor
from store.web.doors import services

MEDIA_TYPE = "application/json"
KEY = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LARGEST_BODY_BYTES = 64 * 1024

View = Callable[..., tuple[int, BaseModel]]
OPERATIONS: list["Operation"] = []
"""All that were declared, in the order of their modules."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose token it is; what it does is written down under this name."""

    token_id: int
    name: str
    prefix: str
    scopes: frozenset[str]

    @property
    def actor(self) -> Actor:
        return Actor(None, f"{self.name[:60]} (API {self.prefix}…)")


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    name: str
    summary: str
    scope: Scope
    answer: type[BaseModel]
    status: int = 200
    asked: type[Asked] | None = None
    given: type[Given] | None = None
    wants_key: bool = False
    """Twice would do it twice: a key is wanted that tells a repetition from a second wish."""
    refusals: Mapping[int, str] | None = None
    """What may stand against it besides what all operations share."""

    @property
    def is_write(self) -> bool:
        return self.method == "POST"


def caller() -> Caller:
    """Return whose token came; the guard lets nobody else reach a view."""
    found: Caller = g.api_caller
    return found


def operation(blueprint: Blueprint, declared: Operation) -> Callable[[View], View]:
    """Put a view behind its operation: scope, types, and for writes one transaction and the key.

    The view is given what its path names, and `asked` or `given` where the operation has them.
    """

    def declare(view: View) -> View:
        OPERATIONS.append(declared)

        def answer(**named: Any) -> Response:
            if declared.scope not in caller().scopes:
                raise Refusal(SCOPE, f"It needs the scope {declared.scope}.")
            if declared.asked is not None:
                named["asked"] = _asked(declared.asked)
            else:
                _refuse_parameters()
            if declared.given is not None:
                given = _given(declared.given)
                named |= {} if declared.given is Nothing else {"given": given}
            return _written(declared, view, named) if declared.is_write else _read(view, named)

        rule = declared.path.replace("{", "<").replace("}", ">")
        rule = rule.replace("<parcel_id>", "<int:parcel_id>")
        blueprint.add_url_rule(
            rule, declared.name, cast(RouteCallable, answer), methods=[declared.method]
        )
        return view

    return declare


def _read(view: View, named: Mapping[str, Any]) -> Response:
    status, told = view(**named)
    return _response(Remembered(status, told.model_dump_json()))


def _written(declared: Operation, view: View, named: Mapping[str, Any]) -> Response:
    before = _asked_before(declared)
    with writing():
        known = _recalled(before) if before else None
        if known is not None:
            return _response(known, is_repeated=True)
        status, told = view(**named)
        answer = Remembered(status, told.model_dump_json())
        if before is not None:
            remember(before, answer)
    return _response(answer)


def _recalled(before: AskedBefore) -> Remembered | None:
    try:
        return recall(before, services().clock)
    except KeyUsedError:
        words = f"Send another {KEY}, or the same request."
        raise Refusal(KEY_USED, words) from None


def _asked_before(declared: Operation) -> AskedBefore | None:
    key = request.headers.get(KEY, "")
    if not key:
        if declared.wants_key:
            raise Refusal(NO_KEY, f"Send {KEY} with a value of your own, such as a UUID.")
        return None
    if not re.fullmatch(KEY_PATTERN, key):
        words = f"{KEY} is to be up to {LONGEST_KEY} printable ASCII characters without a space."
        raise Refusal(UNREADABLE, words)
    asked = b"\0".join([request.method.encode(), request.path.encode(), request.get_data()])
    return AskedBefore(caller().token_id, key, hashlib.sha256(asked).hexdigest())


def _asked(asked: type[Asked]) -> Asked:
    try:
        return asked.model_validate(single(request.args.to_dict(flat=False)))
    except ValidationError as error:
        errors = faults_of(error, is_body=False)
        raise Refusal(INVALID, "A parameter is wrong; see errors.", errors) from None


def _refuse_parameters() -> None:
    if request.args:
        raise Refusal(INVALID, "This address takes no parameters.")


def _given(given: type[Given]) -> Given:
    body = request.get_data()
    if given is Nothing and not body:
        return Nothing()
    if request.mimetype != MEDIA_TYPE:
        raise Refusal(MEDIA, f"Send {MEDIA_TYPE}.")
    try:
        return given.model_validate_json(body)
    except ValidationError as error:
        if any(one["type"] == "json_invalid" for one in error.errors(include_url=False)):
            raise Refusal(UNREADABLE, "The body is no JSON.") from None
        errors = faults_of(error, is_body=True)
        raise Refusal(INVALID, "A value of the body is wrong; see errors.", errors) from None


def _response(answer: Remembered, *, is_repeated: bool = False) -> Response:
    response = Response(answer.body, status=answer.status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    if is_repeated:
        response.headers[REPLAYED] = "true"
    return response
