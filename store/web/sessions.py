"""Sessions exist under /staff alone; the shop's pages can neither read nor start one."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from store.settings import Settings
from store.web.cookies import session_cookie_name

STAFF = "/staff"


class StaffSessions(SecureCookieSessionInterface):
    """Opens and saves under /staff; elsewhere Flask's null session reads empty, refuses writes."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if not is_staff_path(request.path):
            return None
        return super().open_session(app, request)


def is_staff_path(path: str) -> bool:
    return path == STAFF or path.startswith(f"{STAFF}/")


def install_sessions(app: Flask, settings: Settings) -> None:
    app.session_interface = StaffSessions()
    app.config.update(
        SESSION_COOKIE_NAME=session_cookie_name(settings),
        SESSION_COOKIE_PATH=STAFF,
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
