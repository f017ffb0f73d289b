"""Who may see and do what: every staff view names one permission, and one hook asks for it."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

import structlog
from flask import Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from werkzeug.exceptions import Forbidden, NotFound

from store.staff import door_log
from store.staff.models import StaffSession, StaffUser
from store.staff.roles import Permission, Role, grants
from store.staff.sessions import Proof, is_fresh
from store.web.doors import services

MARK = "staff_permission"
FRESHNESS = "staff_freshness"
OPEN = frozenset(
    {
        "assets.source",
        "static",
        "passwords.forgotten",
        "passwords.ask",
        "passwords.choose",
        "passwords.take",
    }
)
"""Endpoints that anybody may ask for; those of Flask-Security look after themselves."""
SECURITY = "security."
DOORSTEP = frozenset({"account", "factors", "keeping", "verify"})
"""Blueprints that somebody reaches before a second factor was shown: to set one up, to show it, to
change her own password, and to find what she had sent."""

View = TypeVar("View", bound=Callable[..., Any])

log = structlog.get_logger(__name__)


def may(permission: Permission) -> Callable[[View], View]:
    """Declare what a view asks of whoever calls it; a view without it is open to nobody."""

    def mark(view: View) -> View:
        setattr(view, MARK, permission)
        return view

    return mark


class Freshness(StrEnum):
    """What must have been shown within ten minutes."""

    FACTOR = "factor"
    SIGN_IN = "sign_in"
    """The best that this person has: a second factor, or the password where there is none yet."""


def wants_fresh_factor(view: View) -> View:
    """Let nobody do this who gave no second factor within ten minutes; stands under `@may(…)`.

    For acts that cannot be taken back: refunds, cancelling, roles, the shop's doors::

        @blueprint.post("/<number>/refunds")
        @may(Permission.REFUND)
        @wants_fresh_factor
        def refund(number: str) -> ResponseReturnValue: ...

    Whoever gave none is asked at /staff/verify; whoever has none is led to set one up first. A GET
    comes back by itself. What a POST had sent is kept and shown, and one button sends it again;
    files are not kept, nor is any form with a field of the name password. So put the mark on the
    page with the form as well: then nobody is asked after filling it in. The view itself runs only
    when everything is right and needs to know nothing of this. A post by a script is answered 401.
    """
    setattr(view, FRESHNESS, Freshness.FACTOR)
    return view


def wants_fresh_sign_in(view: View) -> View:
    """Ask anew for the second factor, or for the password of whoever has none yet."""
    setattr(view, FRESHNESS, Freshness.SIGN_IN)
    return view


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


def this_session() -> StaffSession:
    """Return the session that this request belongs to; the guard lets nobody come without."""
    found = g.get("staff_session")
    assert isinstance(found, StaffSession)
    return found


def known_here() -> StaffUser | None:
    """Return who is signed in by a session that was looked at; nobody before that was done."""
    return person() if isinstance(g.get("staff_session"), StaffSession) else None


def is_fresh_here(freshness: Freshness) -> bool:
    """Whether enough was shown in this browser lately."""
    here, clock = this_session(), services().clock
    if is_fresh(here, Proof.FACTOR, clock):
        return True
    if freshness is Freshness.FACTOR or signed_in().has_second_factor:
        return False
    return is_fresh(here, Proof.PASSWORD, clock)


def owes_factor() -> bool:
    """Whether a second factor must be shown in this browser before the desk opens.

    By everybody; or, where the shop asks it for certain deeds only, by whoever has one: she set it
    up elsewhere since this browser signed in.
    """
    is_asked_of_all = services().settings.staff_second_factor == "door"
    return this_session().factor_at is None and (is_asked_of_all or signed_in().has_second_factor)


def may_do(permission: Permission) -> bool:
    """Whether who is signed in may do this; templates hide what is refused anyway."""
    found = person()
    return found is not None and grants(Role(found.role), permission)


def install_permissions(
    app: Flask,
    resume: Callable[[], ResponseReturnValue],
    prove: Callable[[Freshness], ResponseReturnValue],
) -> None:
    """Ask before every view.

    resume() answers a post of somebody who is not signed in any more, prove() whoever has to show
    anew who she is.
    """

    @app.before_request
    def guard() -> ResponseReturnValue | None:
        endpoint = request.endpoint
        if endpoint is None or endpoint in OPEN or endpoint.startswith(SECURITY):
            return None
        if person() is None:
            if request.method == "POST":
                return resume()
            return redirect(url_for("security.login", next=request.full_path.rstrip("?")), 303)
        view = app.view_functions[endpoint]
        permission = permission_of(view)
        if permission is None:
            log.error("view_without_permission", endpoint=endpoint)
            raise NotFound
        if not may_do(permission):
            user = signed_in()
            door_log.permission_refused(user.id, user.role, permission, endpoint)
            raise Forbidden
        if request.blueprint not in DOORSTEP and owes_factor():
            door_log.factor_owed(signed_in().id, endpoint)
            return prove(Freshness.FACTOR)
        freshness: Freshness | None = getattr(view, FRESHNESS, None)
        if freshness is not None and not is_fresh_here(freshness):
            return prove(freshness)
        return None
