"""Setting up a second factor: an app, passkeys, and the codes for when both are lost."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.staff.browsers import browser_name
from store.staff.codes import plain
from store.staff.forms.proof import CodeForm
from store.staff.forms.second_factor import totp
from store.staff.messages import Notice, mail_notice
from store.staff.own_paths import own_path
from store.staff.permissions import may, signed_in, this_session, wants_fresh_sign_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.second_factors import remove_app, remove_passkey, renew_codes, set_app
from store.staff.sessions import Proof, prove
from store.web.doors import services

NEW_APP = "app_secret"
"""The key of the session under which the app that is being set up waits."""
ACCOUNT = "/staff/account/"

blueprint = Blueprint("factors", __name__, url_prefix="/account")


@blueprint.get("/second-factor")
@may(Permission.OWN_ACCOUNT)
@wants_fresh_sign_in
def choose() -> str:
    name = browser_name(request.user_agent.string)
    return _page("choose", suggestion=name, user=signed_in())


@blueprint.get("/app")
@may(Permission.OWN_ACCOUNT)
@wants_fresh_sign_in
def app() -> str:
    return _app_page()


@blueprint.post("/app")
@may(Permission.OWN_ACCOUNT)
@wants_fresh_sign_in
def set_up_app() -> ResponseReturnValue:
    form, secret = CodeForm(request.form), session.get(NEW_APP, "")
    if not secret or not form.validate():
        return _app_page(form.error or _("Please begin again with the new code.")), 422
    step = totp().step_of(plain(form.typed), secret)
    if step is None:
        return _app_page(_("That is not the code that the app shows now.")), 422
    user, here, doors = signed_in(), this_session().id, services()
    with writing():
        set_app(user, secret, step, doors.clock)
        prove(here, Proof.FACTOR, doors.clock)
        mail_notice(user, Notice.APP_SET_UP, doors)
    session.pop(NEW_APP)
    return redirect(url_for("factors.codes", next=_back()), 303)


@blueprint.post("/app/remove")
@may(Permission.OWN_ACCOUNT)
@wants_fresh_sign_in
def take_app_away() -> ResponseReturnValue:
    user, doors = signed_in(), services()
    with writing():
        remove_app(user, doors.clock)
        mail_notice(user, Notice.APP_REMOVED, doors)
    say(_("The app was removed: its codes are not asked for any more."))
    return redirect(ACCOUNT, 303)


@blueprint.post("/passkeys/<int:passkey_id>/remove")
@may(Permission.OWN_ACCOUNT)
@wants_fresh_sign_in
def take_passkey_away(passkey_id: int) -> ResponseReturnValue:
    user, doors = signed_in(), services()
    with writing():
        name = remove_passkey(user, passkey_id, doors.clock)
        mail_notice(user, Notice.PASSKEY_REMOVED, doors)
    say(_("The passkey “%(name)s” was removed.", name=name))
    return redirect(ACCOUNT, 303)


@blueprint.get("/recovery-codes")
@may(Permission.OWN_ACCOUNT)
@wants_fresh_sign_in
def codes() -> str:
    return _page("codes", user=signed_in(), codes=())


@blueprint.post("/recovery-codes")
@may(Permission.OWN_ACCOUNT)
@wants_fresh_sign_in
def make_codes() -> ResponseReturnValue:
    """Show them in the answer itself: they stand nowhere else, and never come again."""
    user, doors = signed_in(), services()
    if not user.has_second_factor:
        return redirect(url_for("factors.choose"), 303)
    with writing():
        had_some = bool(user.mf_recovery_codes)
        made = renew_codes(user, doors.settings, doors.clock)
    return _page("codes", user=user, codes=made, had_some=had_some)


def _app_page(error: str = "") -> str:
    """Keep the secret while somebody tries: her app knows it already."""
    if NEW_APP not in session:
        session[NEW_APP] = totp().generate_totp_secret()
    user = signed_in()
    values: dict[str, str] = totp().fetch_setup_values(session[NEW_APP], user)
    return _page("app", error=error, picture=values["image"], key=values["key"], user=user)


def _page(name: str, **values: Any) -> str:
    return render_template(f"staff/account/{name}.html", back=_back(), **values)


def _back() -> str:
    return own_path(request.args.get("next"), ACCOUNT)
