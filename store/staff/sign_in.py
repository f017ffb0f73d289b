"""How staff sign in: Flask-Security, with our tables, our pages, our limits and our clock."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, g, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import (
    RoleMixin,
    Security,
    SQLAlchemyUserDatastore,
    logout_user,
    user_authenticated,
    wan_registered,
)
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from structlog.contextvars import bind_contextvars, unbind_contextvars

from store.database import WRITING, db, writing
from store.keyed import kept_hash
from store.services import Services
from store.settings import Settings
from store.staff import door_log
from store.staff.door_log import Step
from store.staff.forms.passkeys import NewPasskeyForm, PasskeyForm, PasskeyNameForm, StaffPasskeys
from store.staff.forms.second_factor import (
    NoRescueForm,
    SecondStepForm,
    SignInForm,
    StaffTotp,
)
from store.staff.messages import Notice, mail_notice
from store.staff.models import Passkey, StaffUser
from store.staff.permissions import OPEN, SECURITY, person, signed_in
from store.staff.saying import say
from store.staff.second_factors import note_passkey
from store.staff.sessions import (
    LONGEST,
    Proof,
    begin_session,
    live_session,
    owner_of,
    see,
    wants_sight,
)
from store.staff.views.keeping import LEFT, is_from_a_script, keep_form, resume
from store.staff.views.library import FIRST_STEP_DONE, adapt_library
from store.web.bodies import admit_files
from store.web.doors import services
from store.web.errors import error_answer
from store.web.networks import shown_network

TOKEN = "session_token"  # nosec B105 # noqa: S105 - a key of the session
PREFIX = "/staff"


class StaffDatastore(SQLAlchemyUserDatastore):
    """Writes inside the scope that its views are given; committing is that scope's business."""

    def commit(self) -> None:
        db.session.flush()


def install_sign_in(app: Flask, shop: Services) -> None:
    """Set up Flask-Security under /staff, forgery tokens, and sessions that can be ended."""
    app.config.from_mapping(_configuration(shop.settings))
    # First of all: whoever's session was ended is nobody to all that follows.
    app.before_request(_check_session)
    app.teardown_request(_say_no_more)
    # Before the forgery token is read, and the form with it: large files are for staff alone.
    app.before_request(_admit_files)
    CSRFProtect(app)
    app.register_error_handler(CSRFError, _answer_old_form)
    Security(
        app,
        StaffDatastore(db, StaffUser, RoleMixin, Passkey),
        login_form=SignInForm,
        totp_cls=StaffTotp,
        two_factor_verify_code_form=SecondStepForm,
        webauthn_util_cls=StaffPasskeys,
        two_factor_rescue_form=NoRescueForm,
        wan_register_form=PasskeyNameForm,
        wan_register_response_form=NewPasskeyForm,
        wan_signin_response_form=PasskeyForm,
    )
    adapt_library(app)
    user_authenticated.connect(_begin, app)
    wan_registered.connect(_note_passkey, app)


def _now() -> datetime:
    return services().clock.now()


def _configuration(settings: Settings) -> dict[str, Any]:
    return (
        _addresses()
        | _factors(settings)
        | _passwords(settings)
        | {
            "SECURITY_DATETIME_FACTORY": _now,
            "SECURITY_STATIC_FOLDER": None,
            "SECURITY_FLASH_MESSAGES": False,
            "SECURITY_RETURN_GENERIC_RESPONSES": True,
            "SECURITY_API_ENABLED_METHODS": ["session"],
            "SECURITY_JOIN_USER_ROLES": False,
            # It would write no-store=True, which no cache need obey; the policy writes no-store.
            "SECURITY_CACHE_CONTROL": {},
            "SECURITY_REDIRECT_BEHAVIOR": None,
            # How fresh a proof must be is asked of a row, by store.staff.permissions.
            "SECURITY_FRESHNESS": LONGEST,
            "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(0),
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_SSL_STRICT": False,
            "REMEMBER_COOKIE_PATH": PREFIX,
        }
    )


def _addresses() -> dict[str, Any]:
    return {
        "SECURITY_URL_PREFIX": PREFIX,
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_POST_LOGIN_VIEW": f"{PREFIX}/",
        "SECURITY_POST_LOGOUT_VIEW": f"{PREFIX}/sign-in",
        "SECURITY_LOGIN_USER_TEMPLATE": "staff/security/sign_in.html",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/second-step",  # nosec B105 # a name and no secret
        "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "staff/security/second_step.html",
        "SECURITY_WAN_SIGNIN_URL": "/passkeys/sign-in",
        "SECURITY_WAN_REGISTER_URL": "/passkeys/new",
        "SECURITY_WAN_VERIFY_URL": "/passkeys/verify",
        # Shut, and none of them may stand in the way of a page of ours.
        "SECURITY_VERIFY_URL": "/shut/verify",
        "SECURITY_TWO_FACTOR_SETUP_URL": "/shut/set-up",
        "SECURITY_TWO_FACTOR_RESCUE_URL": "/shut/rescue",
        "SECURITY_TWO_FACTOR_SELECT_URL": "/shut/select",
        "SECURITY_WAN_DELETE_URL": "/shut/passkey",
    }


def _factors(settings: Settings) -> dict[str, Any]:
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {"code": "store.staff.views.second_step.SecondStep"},
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TOTP_SECRETS": {"1": _secret(settings, "totp")},
        "SECURITY_TOTP_ISSUER": settings.brand_name,
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": settings.brand_name,
        "SECURITY_WAN_NAME_ALLOWED_CHARS": None,
        # A typed address would be answered with its passkeys, and so with whether anybody has it.
        "SECURITY_WAN_ALLOW_USER_HINTS": False,
    }


def _passwords(settings: Settings) -> dict[str, Any]:
    return {
        "SECURITY_PASSWORD_SALT": _secret(settings, "password salt"),
        "SECURITY_PASSWORD_HASH": "argon2",  # nosec B105 # a name and no secret
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        # OWASP's smallest, which is enough: guesses are counted as well.
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__memory_cost": 19_456,
            "argon2__time_cost": 2,
            "argon2__parallelism": 1,
        },
    }


def _secret(settings: Settings, purpose: str) -> str:
    return urlsafe_b64encode(kept_hash(settings, "staff", purpose)).decode()


def _begin(
    _app: Flask, user: StaffUser, authn_via: Sequence[str] | None = None, **_how: object
) -> None:
    is_second_step = FIRST_STEP_DONE in session or authn_via == ["webauthn"]
    proof, user_id = Proof.FACTOR if is_second_step else Proof.PASSWORD, user.id
    role, step = user.role, _step_of(authn_via, is_second_step=is_second_step)
    with _writing_here():
        browser = request.user_agent.string
        session[TOKEN] = begin_session(user_id, browser, services().clock, proof=proof)
    door_log.signed_in(user_id, role, step)


def _step_of(authn_via: Sequence[str] | None, *, is_second_step: bool) -> Step:
    """Return what somebody showed last before she was in."""
    if authn_via == ["invitation"]:
        return Step.LINK
    if (request.endpoint or "").startswith(f"{SECURITY}wan_"):
        return Step.PASSKEY
    return Step.CODE if is_second_step else Step.PASSWORD


def _note_passkey(_app: Flask, name: str, **_how: object) -> None:
    user, doors = signed_in(), services()
    note_passkey(user, name, doors.clock)
    mail_notice(user, Notice.PASSKEY_ADDED, doors)


def _writing_here() -> AbstractContextManager[Any]:
    return nullcontext() if db.session().info.get(WRITING) else writing()


def _check_session() -> None:
    """Sign out a browser whose session was ended elsewhere, or was left alone for too long."""
    found, token, clock = person(), session.get(TOKEN, ""), services().clock
    bind_contextvars(person=found.id if found else None, network=shown_network())
    if found is None:
        setattr(g, LEFT, owner_of(token) if token else None)
        return
    live = live_session(found.id, token, clock)
    if live is None:
        setattr(g, LEFT, found.id)
        logout_user()
        session.clear()
        return
    g.staff_session = live
    if wants_sight(live, clock):
        session_id = live.id
        with writing():
            see(session_id, clock)


def _say_no_more(_error: BaseException | None) -> None:
    """Leave nobody's name on what this thread logs next."""
    unbind_contextvars("person", "network")


def _admit_files() -> None:
    admit_files(services().settings.file_bytes if person() is not None else None)


def _answer_old_form(_error: CSRFError) -> ResponseReturnValue:
    """Answer a form whose token is none of this session: it was open while somebody signed out."""
    endpoint, is_known = request.endpoint or "", person() is not None
    if is_from_a_script() or request.is_json:
        return error_answer(400 if is_known else 401)
    if endpoint == f"{SECURITY}logout":
        return redirect(f"{PREFIX}/sign-in", 303)
    if endpoint in OPEN or endpoint.startswith(SECURITY):
        say(_("That page had been open for too long. Please try again."))
        return redirect(request.full_path.rstrip("?"), 303)
    return redirect(keep_form(), 303) if is_known else resume()
