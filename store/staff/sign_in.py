"""How staff sign in: Flask-Security, with our tables, our pages, our mail and our clock."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from flask import Flask, request, session
from flask_login import logout_user
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore, user_authenticated
from flask_wtf import CSRFProtect

from store.database import db, writing
from store.keyed import keyed
from store.services import Services
from store.settings import Settings
from store.staff.models import Passkey, StaffUser
from store.staff.permissions import SECURITY, person
from store.staff.sessions import begin_session, live_session, see, wants_sight
from store.web.doors import services

TOKEN = "session_token"  # noqa: S105 - a key of the session
PREFIX = "/staff"
SHORTEST_PASSWORD = 12
FRESH = timedelta(minutes=10)
"""How long a second factor speaks for dangerous acts."""


class StaffDatastore(SQLAlchemyUserDatastore):
    """Writes inside the scope that `_write_in_scope` opens; committing is that scope's business."""

    def commit(self) -> None:
        db.session.flush()


def install_sign_in(app: Flask, shop: Services) -> None:
    """Set up Flask-Security under /staff, forgery tokens, and sessions that can be ended."""
    app.config.from_mapping(_configuration(shop.settings))
    CSRFProtect(app)
    datastore = StaffDatastore(db, StaffUser, RoleMixin, Passkey)
    Security(app, datastore)
    _write_in_scope(app)
    user_authenticated.connect(_begin, app)
    app.before_request(_check_session)


def _now() -> datetime:
    return services().clock.now()


def _configuration(settings: Settings) -> dict[str, Any]:
    def secret(purpose: str) -> str:
        return urlsafe_b64encode(keyed(settings, "staff", purpose)).decode()

    return {
        "SECURITY_DATETIME_FACTORY": _now,
        "SECURITY_URL_PREFIX": PREFIX,
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_POST_LOGIN_VIEW": f"{PREFIX}/",
        "SECURITY_POST_LOGOUT_VIEW": f"{PREFIX}/sign-in",
        "SECURITY_LOGIN_USER_TEMPLATE": "staff/security/sign_in.html",
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_REDIRECT_BEHAVIOR": None,
        "SECURITY_PASSWORD_SALT": secret("password salt"),
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        # OWASP's smallest: a sign-in holds the turn to write while its password is hashed.
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__memory_cost": 19_456,
            "argon2__time_cost": 2,
            "argon2__parallelism": 1,
        },
        "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST_PASSWORD,
        "SECURITY_TOTP_SECRETS": {"1": secret("totp")},
        "SECURITY_TOTP_ISSUER": settings.brand_name,
        "SECURITY_WAN_RP_NAME": settings.brand_name,
        "SECURITY_FRESHNESS": FRESH,
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(0),
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "REMEMBER_COOKIE_PATH": PREFIX,
    }


def _write_in_scope(app: Flask) -> None:
    """Give every post of Flask-Security one writing scope: it knows sessions, and not ours."""
    for endpoint, view in list(app.view_functions.items()):
        if endpoint.startswith(SECURITY):
            app.view_functions[endpoint] = _in_scope(view)


def _in_scope(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def scoped(*args: Any, **named: Any) -> Any:
        if request.method != "POST":
            return view(*args, **named)
        with writing():
            return view(*args, **named)

    return scoped


def _begin(_app: Flask, user: StaffUser, **_how: object) -> None:
    session[TOKEN] = begin_session(user.id, request.user_agent.string, services().clock)


def _check_session() -> None:
    """Sign out a browser whose session was ended elsewhere, or was left alone for too long."""
    found = person()
    if found is None:
        return
    clock = services().clock
    live = live_session(found.id, session.get(TOKEN, ""), clock)
    if live is None:
        logout_user()
        session.clear()
    elif wants_sight(live, clock):
        session_id = live.id
        with writing():
            see(session_id, clock)
