"""What only a sandbox can do, over HTTP: time, faults, settling, disputes; all with the API key."""

import dataclasses
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.routing import Map, Rule

from store.sandbox.stripe.api import check_key
from store.sandbox.stripe.errors import RefusalError
from store.sandbox.stripe.faults import Faults
from store.sandbox.stripe.purchase import Address
from store.sandbox.stripe.sandbox import CardDeclinedError, Sandbox, SessionClosedError
from store.sandbox.stripe.state import Shelf


def hooks_blueprint(sandbox: Sandbox) -> Blueprint:
    blueprint = Blueprint("hooks", __name__, url_prefix="/_sandbox")
    hooks = Hooks(sandbox)

    def answer(_: str) -> Response:
        try:
            check_key(sandbox.account)
            verb, ids = _VERBS.match(request.path.removeprefix("/_sandbox"), request.method)
            return jsonify(verb(hooks, **ids))
        except RefusalError as refusal:
            return _refused(refusal.to_body(), refusal.status)
        except CardDeclinedError as declined:
            return _refused(dataclasses.asdict(declined.decline), 402)
        except (KeyError, TypeError, ValueError, LookupError, SessionClosedError) as error:
            return _refused({"error": {"message": f"{type(error).__name__}: {error}"}}, 400)

    blueprint.add_url_rule("/<path:_>", "answer", answer, methods=["GET", "POST"])
    return blueprint


class Hooks:
    """Each verb reads its JSON body and answers JSON."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def dump(self) -> Any:
        state = self._sandbox.account.state
        return {shelf.value: state.scan(shelf) for shelf in Shelf}

    def show_faults(self) -> Any:
        return dataclasses.asdict(self._sandbox.faults)

    def change_faults(self) -> Any:
        self._sandbox.faults = Faults.from_json(_body())
        return self.show_faults()

    def advance(self) -> Any:
        self._sandbox.advance(float(_body()["seconds"]))
        return {"now": self._sandbox.account.stamp()}

    def settle(self) -> Any:
        return {"settled": self._sandbox.settle_delayed()}

    def expire(self) -> Any:
        return {"expired": self._sandbox.expire_due()}

    def deliver(self) -> Any:
        return {"delivered": self._sandbox.deliver_now()}

    def pay(self) -> Any:
        body = _body()
        address = Address(**body.pop("address")) if body.get("address") else Address()
        return self._sandbox.pay(body.pop("session"), address=address, **body)

    def refund(self) -> Any:
        body = _body()
        return self._sandbox.refund(body["payment_intent"], body.get("amount"))

    def finish_refund(self, refund: str) -> Any:
        return self._sandbox.finish_refund(refund, _body()["status"])

    def dispute(self) -> Any:
        body = _body()
        return self._sandbox.dispute(
            body["payment_intent"],
            body.get("reason", "fraudulent"),
            is_warning=bool(body.get("is_warning")),
        )

    def close_dispute(self, dispute: str) -> Any:
        return self._sandbox.close_dispute(dispute, is_won=bool(_body()["won"]))


def _refused(body: dict[str, Any], status: int) -> Response:
    response = jsonify(body)
    response.status_code = status
    return response


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise TypeError("This hook takes a JSON object.")
    return body


_VERBS = Map(
    [
        Rule(rule, methods=[method], endpoint=verb)
        for method, rule, verb in (
            ("GET", "/state", Hooks.dump),
            ("GET", "/faults", Hooks.show_faults),
            ("POST", "/faults", Hooks.change_faults),
            ("POST", "/advance", Hooks.advance),
            ("POST", "/settle", Hooks.settle),
            ("POST", "/expire", Hooks.expire),
            ("POST", "/deliver", Hooks.deliver),
            ("POST", "/pay", Hooks.pay),
            ("POST", "/refunds", Hooks.refund),
            ("POST", "/refunds/<refund>/finish", Hooks.finish_refund),
            ("POST", "/disputes", Hooks.dispute),
            ("POST", "/disputes/<dispute>/close", Hooks.close_dispute),
        )
    ]
).bind("")
