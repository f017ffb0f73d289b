"""The layers around Flask, outermost first: host and method, page memory, static files."""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from time import perf_counter
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request

from store.database import db
from store.services import Services
from store.settings import Settings
from store.web.assets import Assets, find_assets, install_assets
from store.web.bodies import limit_bodies
from store.web.csrf import install_forgery_check
from store.web.errors import install_errors
from store.web.fragments import install_fragments
from store.web.headers import Policy, install_policy
from store.web.health import HEALTH_PATHS, Measure, install_health, no_gauges
from store.web.late import LateApplication
from store.web.letterhead import Imprint, install_letterhead
from store.web.logs import REQUEST_ID, STARTED, configure_logs, install_request_log
from store.web.metrics import Counters
from store.web.page_memory import EXTENSION as PAGE_MEMORY
from store.web.page_memory import PageMemory
from store.web.page_rendering import install_lifetimes
from store.web.page_version import NextChange, VersionWatch
from store.web.proxies import TrustedProxies
from store.web.ratelimit import install_limits
from store.web.sessions import install_sessions
from store.web.shop_preview import MomentOf, ShopPreview
from store.web.slow_bodies import WaitingRoom, seat_body
from store.web.speculation import install_speculation
from store.web.static_files import static_files
from store.web.traces import install_traces

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
ASSETS = "store_assets"
COUNTERS = "store_counters"
LONGEST_ADDRESS = 8_000
LONGER_ADDRESSES = {"/widget/v1/card.json": 64_000, "/widget/v1/card.html": 64_000}
"""Cards are asked for with whole headlines, by pages that nobody proof-read: cut, never refused."""
HOSTS_REMEMBERED = 64
API_PAGE = "/api/v1"
API_GROUP = "api"
NO_GROUP = "none"
"""Answers to addresses that lead nowhere."""
ASCII = "".join(map(chr, range(128)))


def install_edge(
    app: Flask,
    services: Services,
    *,
    remembers_pages: bool = True,
    next_changes: Sequence[NextChange] = (),
    beside: Mapping[str, LateApplication] | None = None,
    previews: MomentOf | None = None,
    gauges: Measure = no_gauges,
) -> None:
    """Wrap the application's WSGI callable and register the request hooks of the public edge.

    It comes last, when every route is known. Next changes say when pages change by themselves;
    gauges are what the rooms measure for /metrics.
    """
    settings = services.settings
    counters, policy, assets = Counters(), Policy(settings), find_assets()
    configure_logs()
    install_health(app, services, counters, gauges)
    install_behind_edge(app, settings, counters, assets)
    inner: WSGIApplication = app.wsgi_app
    if beside:
        inner = _beside(inner, beside)
    inner = static_files(inner, assets.build, policy)
    if previews is not None:
        inner = ShopPreview(app, settings, inner, previews)
    with app.app_context():
        version = VersionWatch(db.engine, services.clock, next_changes)
    install_letterhead(app, Imprint(version))
    if remembers_pages:
        install_lifetimes(app, services, version)
        install_speculation(app)
        install_fragments(app, version.lately)
        inner = PageMemory(app, services, inner, version, counters)
        app.extensions[PAGE_MEMORY] = inner
    app.wsgi_app = Gate(inner, settings, policy, counters)  # type: ignore[method-assign] # Flask's way to wrap


def install_behind_edge(
    app: Flask,
    settings: Settings,
    counters: Counters,
    assets: Assets,
    *,
    error_pages: str = "errors",
    group: str = "",
) -> None:
    """Register what every application of this process does around its views.

    Its answers are counted as one group, or by blueprint where none is named.
    """
    install_errors(app, error_pages)
    install_sessions(app, settings)
    install_assets(app, settings, assets)
    _install_hooks(app, settings, Policy(settings), counters, group)
    install_traces(app)
    app.extensions[COUNTERS] = counters
    app.extensions[ASSETS] = assets


def assets_of(app: Flask) -> Assets:
    assets: Assets = app.extensions[ASSETS]
    return assets


def counters_of(app: Flask) -> Counters:
    counters: Counters = app.extensions[COUNTERS]
    return counters


def install_behind_edge_for_machines(app: Flask, settings: Settings, counters: Counters) -> None:
    """Register the same for an application without pages, cookies and sessions."""
    install_policy(app, Policy(settings))
    install_request_log(app)
    limit_bodies(app)
    _count_answers(app, counters, API_GROUP)
    install_traces(app)


def _beside(shop: WSGIApplication, others: Mapping[str, LateApplication]) -> WSGIApplication:
    """Send what lies below a prefix to its application, and everything else to the shop."""

    def by_path(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        for prefix, application in others.items():
            if path == prefix or path.startswith(f"{prefix}/"):
                # The page for people stands in the shop's own frame.
                inner: WSGIApplication = shop if path.rstrip("/") == API_PAGE else application
                return inner(environ, start_response)
        return shop(environ, start_response)

    return by_path


class Gate:
    """Refuses what no view may see, and gives every request its number."""

    def __init__(
        self, inner: WSGIApplication, settings: Settings, policy: Policy, counters: Counters
    ) -> None:
        self._inner = inner
        self._hosts = frozenset(host.lower() for host in settings.allowed_hosts)
        self._known_hosts: set[str] = set()
        self._proxies = TrustedProxies(settings.trusted_proxies)
        self._policy = policy
        self._counters = counters
        self._room = WaitingRoom()
        self._process = secrets.token_hex(4)
        self._numbers = count(1)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self._counters.requests += 1
        self._proxies.settle(environ)
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():
            # Browsers quote them; who does not is read by every layer as if she had.
            environ["QUERY_STRING"] = quote(query.encode("latin-1"), safe=ASCII)
        refusal = self._refusal(environ)
        if refusal:
            return self._refuse(refusal, environ, start_response)
        environ[REQUEST_ID] = f"{self._process}-{next(self._numbers):x}"
        environ[STARTED] = perf_counter()
        seat_body(environ, self._room)
        return self._inner(environ, start_response)

    def _refusal(self, environ: WSGIEnvironment) -> str:
        path = environ.get("PATH_INFO", "")
        if environ["REQUEST_METHOD"] not in METHODS:
            return "405 Method Not Allowed"
        if not self._is_our_host(environ.get("HTTP_HOST", "")) and path not in HEALTH_PATHS:
            return "400 Bad Request"
        length = len(path) + len(environ.get("QUERY_STRING", ""))
        if length > LONGEST_ADDRESS and length > LONGER_ADDRESSES.get(path, 0):
            return "414 URI Too Long"
        return ""

    def _is_our_host(self, given: str) -> bool:
        if given in self._known_hosts:
            return True
        is_ours = host_name(given) in self._hosts
        if is_ours and len(self._known_hosts) < HOSTS_REMEMBERED:
            self._known_hosts.add(given)
        return is_ours

    def _refuse(
        self, status: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> list[bytes]:
        self._counters.refused += 1
        is_for_machines = environ.get("PATH_INFO", "").startswith("/api/")
        body = (_as_problem(status) if is_for_machines else f"{status[4:]}\n").encode()
        kind = "application/problem+json" if is_for_machines else "text/plain; charset=utf-8"
        headers = [
            *self._policy.of("").items(),
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
        ]
        if status.startswith("405"):
            headers.append(("Allow", ", ".join(sorted(METHODS))))
        start_response(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _as_problem(status: str) -> str:
    told = {"type": "about:blank", "title": status[4:], "status": int(status[:3])}
    return json.dumps(told)


def host_name(given: str) -> str:
    """Return the name in a Host header, without its port; empty for what is no host at all."""
    name, separator, port = given.rpartition(":")
    if not separator or given.endswith("]"):
        name, port = given, ""
    is_sound = not port or (port.isascii() and port.isdigit() and len(port) <= 5)
    return name.strip("[]").lower().removesuffix(".") if is_sound else ""


def _install_hooks(
    app: Flask, settings: Settings, policy: Policy, counters: Counters, group: str
) -> None:
    # Flask runs what comes after a request in reverse: the first here has the last word.
    install_policy(app, policy)
    install_request_log(app)
    install_forgery_check(app, settings)
    limit_bodies(app)
    install_limits(app, settings)
    _count_answers(app, counters, group)


def _count_answers(app: Flask, counters: Counters, group: str) -> None:
    @app.after_request
    def count_answer(response: Response) -> Response:
        started = request.environ.get(STARTED, perf_counter())
        seconds = perf_counter() - started
        named = group or request.blueprint or NO_GROUP
        counters.count_answer(named, response.status_code, seconds)
        return response
