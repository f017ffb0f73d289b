"""One's own account: the password, what else one signs in with, and where one is signed in."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.staff.browsers import browser_name
from store.staff.codes import FEW, codes_left
from store.staff.door_models import Purpose
from store.staff.forms.passwords import ChangePasswordForm, is_password_of
from store.staff.limits import note_try, take_back_try
from store.staff.passwords import change
from store.staff.permissions import may, signed_in, this_session
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.sessions import end_session, end_sessions, sessions_of
from store.staff.views.tries import tried
from store.web.doors import services

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("/")
@may(Permission.OWN_ACCOUNT)
def account() -> str:
    user = signed_in()
    return render_template(
        "staff/account/account.html",
        user=user,
        codes_left=codes_left(user),
        has_few_codes=codes_left(user) <= FEW,
        sessions=sessions_of(user.id, services().clock),
        here_id=this_session().id,
        browser_name=browser_name,
    )


@blueprint.post("/sessions/<int:session_id>/end")
@may(Permission.OWN_ACCOUNT)
def end(session_id: int) -> ResponseReturnValue:
    user_id = signed_in().id
    with writing():
        end_session(session_id, user_id, services().clock)
    say(_("That browser is signed out."))
    return redirect(url_for("account.account"), 303)


@blueprint.post("/sessions/end-others")
@may(Permission.OWN_ACCOUNT)
def end_others() -> ResponseReturnValue:
    user_id, here = signed_in().id, this_session().id
    with writing():
        end_sessions(user_id, services().clock, but=here)
    say(_("All other browsers are signed out."))
    return redirect(url_for("account.account"), 303)


@blueprint.get("/password")
@may(Permission.OWN_ACCOUNT)
def password() -> str:
    return _password_page(ChangePasswordForm())


@blueprint.post("/password")
@may(Permission.OWN_ACCOUNT)
def change_password() -> ResponseReturnValue:
    form, user, doors = ChangePasswordForm(request.form), signed_in(), services()
    if not form.is_good_for(user):
        return _password_page(form), 422
    try_id = note_try(tried(Purpose.PROOF, user.email), doors.clock)
    if not is_password_of(user, form.old):
        form.old_password.errors = [_("That is not your password.")]
        return _password_page(form), 422
    password_hash, here = form.to_hash(), this_session().id
    with writing():
        change(user, password_hash, here, doors)
        take_back_try(try_id)
    say(_("Your password is changed, and all other browsers are signed out."))
    return redirect(url_for("account.account"), 303)


def _password_page(form: ChangePasswordForm) -> str:
    return render_template("staff/account/password.html", form=form, user=signed_in())
