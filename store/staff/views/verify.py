"""Shows anew who somebody is, before what cannot be taken back."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.staff import door_log
from store.staff.door_log import Step
from store.staff.door_models import Purpose
from store.staff.forms.passwords import is_password_of
from store.staff.forms.proof import CodeForm, PasswordForm
from store.staff.forms.second_factor import takes_code
from store.staff.limits import note_try, take_back_try
from store.staff.own_paths import own_path
from store.staff.permissions import Freshness, may, signed_in, this_session
from store.staff.roles import Permission
from store.staff.sessions import Proof, prove
from store.staff.views.keeping import keep_form, refuse_scripts
from store.staff.views.tries import tried
from store.web.doors import services

blueprint = Blueprint("verify", __name__, url_prefix="/verify")


def prove_first(freshness: Freshness) -> ResponseReturnValue:
    """Ask for a fresh proof, and lead back to where somebody was on her way to.

    Whoever must show a second factor and has none is led to set one up.
    """
    refuse_scripts()
    is_post = request.method == "POST"
    back = keep_form() if is_post else own_path(request.full_path.rstrip("?"))
    has_none = freshness is Freshness.FACTOR and not signed_in().has_second_factor
    return redirect(url_for("factors.choose" if has_none else "verify.ask", next=back), 303)


@blueprint.get("")
@may(Permission.OWN_ACCOUNT)
def ask() -> str:
    return _page()


@blueprint.post("")
@may(Permission.OWN_ACCOUNT)
def take() -> ResponseReturnValue:
    user = signed_in()
    form = CodeForm(request.form) if user.has_second_factor else PasswordForm(request.form)
    if not form.validate():
        return _page(form.error), 422
    clock = services().clock
    try_id = note_try(tried(Purpose.PROOF, user.email), clock)
    proof = _proof_in(form)
    step = Step.CODE if isinstance(form, CodeForm) else Step.PASSWORD
    door_log.proof(user.id, step, is_right=proof is not None)
    if proof is None:
        return _page(_wrong_words()), 422
    session_id = this_session().id
    with writing():
        prove(session_id, proof, clock)
        take_back_try(try_id)
    return redirect(own_path(request.args.get("next")), 303)


def _proof_in(form: CodeForm | PasswordForm) -> Proof | None:
    user = signed_in()
    if isinstance(form, PasswordForm):
        return Proof.PASSWORD if is_password_of(user, form.typed) else None
    with writing():
        return Proof.FACTOR if takes_code(user, form.typed) else None


def _wrong_words() -> str:
    if signed_in().has_second_factor:
        words: str = _("That code is wrong, or was used before. An app shows a new one soon.")
    else:
        words = _("That is not your password.")
    return words


def _page(error: str = "") -> str:
    back = own_path(request.args.get("next"))
    return render_template("staff/account/verify.html", error=error, back=back)
