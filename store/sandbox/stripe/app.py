"""Where the sandbox's parts are joined: one WSGI app with API, hooks and pay page."""

from flask import Flask, Response

from store.sandbox.stripe.api import api_blueprint
from store.sandbox.stripe.hooks import hooks_blueprint
from store.sandbox.stripe.pay_page import pay_blueprint
from store.sandbox.stripe.sandbox import Sandbox
from store.sandbox.stripe.settings import SandboxSettings

EXTENSION = "stripe_sandbox"


def create_sandbox(settings: SandboxSettings | None = None) -> Flask:
    """Return the app; no thread runs until `sandbox_of(app).start()`."""
    sandbox = Sandbox(settings or SandboxSettings())
    app = Flask(__name__, static_url_path="/assets")
    app.extensions[EXTENSION] = sandbox
    app.jinja_env.globals["merchant"] = sandbox.account.settings.account_name
    app.register_blueprint(api_blueprint(sandbox.account))
    app.register_blueprint(hooks_blueprint(sandbox))
    app.register_blueprint(pay_blueprint(sandbox))
    app.after_request(_secure)
    return app


def sandbox_of(app: Flask) -> Sandbox:
    sandbox = app.extensions[EXTENSION]
    assert isinstance(sandbox, Sandbox)
    return sandbox


def _secure(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
