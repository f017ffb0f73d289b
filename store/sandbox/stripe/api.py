"""How the API is asked over HTTP: key, faults, idempotency, endpoint, and Stripe's headers."""

import json
from collections.abc import Iterator
from functools import partial

from flask import Blueprint, Response, request
from werkzeug.http import http_date

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.errors import (
    Record,
    RefusalError,
    no_key,
    server_error,
    too_many_requests,
    unknown_address,
    wrong_key,
)
from store.sandbox.stripe.expansion import expanded
from store.sandbox.stripe.faults import ApiFault, FaultKind
from store.sandbox.stripe.idempotency import Answer, Call, IdempotencyKeys
from store.sandbox.stripe.ids import new_id
from store.sandbox.stripe.parameters import Parameters
from store.sandbox.stripe.routes import Endpoint, find_endpoint
from store.sandbox.stripe.settings import API_VERSION

IN_PROCESS = "store.sandbox.in_process"
CONNECTION = "X-Sandbox-Connection"
METHODS = ("GET", "POST", "DELETE", "PUT", "PATCH")


def api_blueprint(account: Account) -> Blueprint:
    blueprint = Blueprint("api", __name__)
    desk = Desk(account)
    for version in ("v1", "v2"):
        blueprint.add_url_rule(f"/{version}/<path:_>", version, desk.answer, methods=METHODS)
    return blueprint


class Desk:
    """Takes API requests for one account."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._keys = IdempotencyKeys(account)

    def answer(self, _: str) -> Response:
        call = _read_call()
        found = find_endpoint(call.method, call.path)
        if found is None:
            return self._refused(call, unknown_address(call.method, call.path))
        return self._answer(call, *found)

    def _answer(self, call: Call, endpoint: Endpoint, ids: dict[str, str]) -> Response:
        fault = self._account.faults.for_request(call.method, call.path)
        if fault and fault.kind is FaultKind.RESET_BEFORE:
            return _lost("reset")
        try:
            check_key(self._account)
            _refuse_early(fault)
            work = partial(self._work, call, endpoint, ids, fault)
            response = self._respond(call, self._keys.once(call, work, _pause_seconds(fault)))
        except RefusalError as refusal:
            response = self._refused(call, refusal)
        if fault and fault.kind is FaultKind.RESET_AFTER:
            return _lost("reset")
        if fault and fault.kind is FaultKind.HANG and _is_in_process():
            # Nobody waits in process: the work is done, the client hears of a time-out at once.
            return _lost("timeout")
        return response

    def _work(
        self, call: Call, endpoint: Endpoint, ids: dict[str, str], fault: ApiFault | None
    ) -> Record:
        if fault and fault.kind is FaultKind.SERVER_ERROR:
            raise server_error(500, starts_nothing=False)
        parameters = Parameters.decoded(call.pairs)
        paths = parameters.texts("expand")
        record = endpoint(self._account, parameters, **ids)
        parameters.refuse_unread()
        return expanded(self._account, record, paths)

    def _refused(self, call: Call, refusal: RefusalError) -> Response:
        return self._respond(call, Answer(refusal.status, refusal.to_body(), call.request_id))

    def _respond(self, call: Call, answer: Answer) -> Response:
        response = Response(json.dumps(answer.body, indent=2), answer.status)
        response.mimetype = "application/json"
        headers = response.headers
        headers["Date"] = http_date(self._account.now())
        headers["Request-Id"] = call.request_id
        headers["Stripe-Version"] = request.headers.get("Stripe-Version", API_VERSION)
        headers["Cache-Control"] = "no-cache, no-store"
        if call.key:
            headers["Idempotency-Key"] = call.key
            headers["Original-Request"] = answer.request_id
        if answer.is_replayed:
            headers["Idempotent-Replayed"] = "true"
        if answer.status in {409, 500, 503}:
            # A remembered 500 would only be replayed, so Stripe tells its clients not to try.
            headers["Stripe-Should-Retry"] = "false" if answer.status == 500 else "true"
        return response


def check_key(account: Account) -> None:
    """Refuse a request without the account's own secret key (Bearer, or Basic as curl -u)."""
    authorization = request.authorization
    if authorization is None:
        raise no_key()
    key = authorization.token or str(authorization.parameters.get("username", ""))
    if key != account.settings.api_key:
        raise wrong_key(key)


def _read_call() -> Call:
    source = request.form if request.method == "POST" else request.args
    return Call(
        method=request.method,
        path=request.path,
        pairs=tuple(source.items(multi=True)),
        request_id=new_id("req", 14),
        key=request.headers.get("Idempotency-Key"),
    )


def _refuse_early(fault: ApiFault | None) -> None:
    if fault and fault.kind is FaultKind.RATE_LIMITED:
        raise too_many_requests()
    if fault and fault.kind is FaultKind.UNAVAILABLE:
        raise server_error(503, starts_nothing=True)


def _pause_seconds(fault: ApiFault | None) -> float:
    hangs = fault is not None and fault.kind is FaultKind.HANG and not _is_in_process()
    return fault.seconds if fault and hangs else 0


def _is_in_process() -> bool:
    return bool(request.environ.get(IN_PROCESS))


def _lost(how: str) -> Response:
    """Answer nothing: in process by a mark, over HTTP by a body that breaks off."""
    if _is_in_process():
        return Response(status=200, headers={CONNECTION: how})
    response = Response(_broken_off(), 200, content_type="application/json")
    response.headers["Content-Length"] = "4096"
    return response


def _broken_off() -> Iterator[bytes]:
    yield b"{"
    raise ConnectionResetError("The sandbox loses this connection on purpose.")
