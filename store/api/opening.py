"""Joins the API into an application of its own, made when the first token comes by.

It reads no cookie and knows no session, so nothing that a browser sends by itself opens anything:
what is forged has no token. Its failures are documents, its limits are counted by token.
"""

from flask import Flask, Response, g, request
from flask_babel import Babel
from flask_limiter import Limiter

from store.api.description import description
from store.api.operations import LARGEST_BODY_BYTES, Caller
from store.api.problems import UNAUTHENTICATED, Refusal, install_problems
from store.api.views.orders import blueprint as order_views
from store.api.views.stock import blueprint as stock_views
from store.connections.models import ApiToken
from store.connections.tokens import note_use, token_for
from store.database import SHARED_ENGINE, db
from store.services import Services
from store.web.doors import EXTENSION, services
from store.web.edge import counters_of, install_behind_edge_for_machines
from store.web.language import shop_language
from store.web.ratelimit import limiter_of, reader_network

PREFIX = "/api/v1"
RATE = "300 per minute"
DESCRIPTION = f"{PREFIX}/openapi.json"
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="store"'}


def create_api_app(shop: Flask, doors: Services) -> Flask:
    """Return the application under /api; it shares the shop's engine, counters and doors."""
    settings = doors.settings
    app = Flask("store.api", static_folder=None)
    app.extensions[EXTENSION] = doors
    with shop.app_context():
        engine = db.engine
    app.config.from_mapping(
        {
            "SQLALCHEMY_DATABASE_URI": settings.database_url,
            SHARED_ENGINE: engine,
            "BABEL_DEFAULT_TIMEZONE": settings.timezone,
        }
    )
    db.init_app(app)
    Babel(app, locale_selector=shop_language)
    install_behind_edge_for_machines(app, settings, counters_of(shop))
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    install_problems(app)
    _install_door(app)
    limiter = limiter_of(app, settings, _counted_by, default_limits=[RATE])
    _install_limit_headers(app, limiter)
    for blueprint in (order_views, stock_views):
        app.register_blueprint(blueprint, url_prefix=PREFIX)
    app.add_url_rule(DESCRIPTION, "description", _describe)
    return app


def _install_door(app: Flask) -> None:
    """Let nobody reach a view without a token that counts."""

    @app.before_request
    def ask_for_token() -> None:
        if request.endpoint in {None, "description"}:
            return
        token = _token()
        if token is None:
            words = "Send Authorization: Bearer, and a token that neither expired nor was revoked."
            raise Refusal(UNAUTHENTICATED, words, headers=CHALLENGE)
        g.api_caller = Caller(token.id, token.name, token.prefix, frozenset(token.scopes))
        note_use(token, services().clock)


def _token() -> ApiToken | None:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    return token_for(key.strip(), services())


def _counted_by() -> str:
    """Count by token; who has none is counted by network."""
    found: Caller | None = g.get("api_caller")
    return f"token:{found.token_id}" if found else reader_network()


def _install_limit_headers(app: Flask, limiter: Limiter) -> None:
    @app.after_request
    def tell_limit(response: Response) -> Response:
        limit = limiter.current_limit
        if limit is not None:
            window = limit.limit.get_expiry()
            left = max(0, limit.remaining)
            response.headers["RateLimit-Policy"] = f'"token";q={limit.limit.amount};w={window}'
            response.headers["RateLimit"] = f'"token";r={left};t={window}'
        return response


def _describe() -> Response:
    response = Response(description(services().settings), content_type="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
