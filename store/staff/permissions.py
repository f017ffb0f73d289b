"""Who may see and do what: every staff view names one permission, and one hook asks for it."""

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import Forbidden, NotFound

from store.staff.models import StaffUser
from store.staff.roles import Permission, Role, grants

MARK = "staff_permission"
OPEN = frozenset({"assets.source", "static"})
"""Endpoints that anybody may ask for; those of Flask-Security look after themselves."""
SECURITY = "security."

View = TypeVar("View", bound=Callable[..., Any])

log = structlog.get_logger(__name__)


def may(permission: Permission) -> Callable[[View], View]:
    """Declare what a view asks of whoever calls it; a view without it is open to nobody."""

    def mark(view: View) -> View:
        setattr(view, MARK, permission)
        return view

    return mark


def permission_of(view: Callable[..., Any] | None) -> Permission | None:
    permission: Permission | None = getattr(view, MARK, None)
    return permission


def person() -> StaffUser | None:
    """Return who is signed in here, or None."""
    is_signed_in = current_user.is_authenticated
    return current_user._get_current_object() if is_signed_in else None  # noqa: SLF001 - the proxy's own name


def signed_in() -> StaffUser:
    """Return who is signed in; the guard lets nobody else reach a view."""
    found = person()
    assert found is not None
    return found


def may_do(permission: Permission) -> bool:
    """Whether who is signed in may do this; templates hide what is refused anyway."""
    found = person()
    return found is not None and grants(Role(found.role), permission)


def install_permissions(app: Flask, resume: Callable[[], ResponseReturnValue]) -> None:
    """Ask before every view; resume() answers a post of somebody who is not signed in any more."""

    @app.before_request
    def guard() -> ResponseReturnValue | None:
        endpoint = request.endpoint
        if endpoint is None or endpoint in OPEN or endpoint.startswith(SECURITY):
            return None
        if person() is None:
            if request.method == "POST":
                return resume()
            return redirect(url_for("security.login", next=request.full_path.rstrip("?")), 303)
        permission = permission_of(app.view_functions[endpoint])
        if permission is None:
            log.error("view_without_permission", endpoint=endpoint)
            raise NotFound
        if not may_do(permission):
            raise Forbidden
        return None
