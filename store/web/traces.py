"""Covers each answer that an application itself gives; what comes from memory has no span."""

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, request

from store import tracing
from store.web.logs import request_id

FOLLOWED = "store_followed"
"""Where an application keeps its own layer with spans, below the edge."""
NOWHERE = "(no address of ours)"


def install_traces(app: Flask) -> None:
    """Wrap the application, where somebody wants spans; else nothing is changed."""
    if not tracing.is_on():
        return
    inner: WSGIApplication = app.wsgi_app

    @app.before_request
    def name_it() -> None:
        made = _in_hand()
        # The rule and never the path: paths hold tokens and numbers of orders.
        rule = request.url_rule.rule if request.url_rule else NOWHERE
        made.update_name(f"{request.method} {rule}")
        made.set_attribute("http.route", rule)
        made.set_attribute("store.request_id", request_id())

    def traced(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        with tracing.span(method, {"http.request.method": method}) as made:
            return inner(environ, _noting_status(start_response, made))

    app.extensions[FOLLOWED] = traced
    app.wsgi_app = traced  # type: ignore[method-assign] # Flask's way to wrap


def _in_hand() -> Any:
    from opentelemetry.trace import get_current_span

    return get_current_span()


def _noting_status(start_response: StartResponse, made: Any) -> StartResponse:
    def start(status: str, *given: Any, **named: Any) -> Callable[[bytes], object]:
        made.set_attribute("http.response.status_code", int(status[:3]))
        if status.startswith("5"):
            from opentelemetry.trace import StatusCode

            made.set_status(StatusCode.ERROR)
        return start_response(status, *given, **named)

    return start
