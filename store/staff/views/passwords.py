"""Choosing a password by a link: who was invited, and who forgot it. Anybody may ask."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import login_user

from store.database import db, writing
from store.mail.outgoing import UnmailableError, mailable
from store.staff.door_models import Purpose
from store.staff.forgotten import ask_for_help
from store.staff.forms.passwords import NewPasswordForm
from store.staff.limits import note_try
from store.staff.links import LinkKind, NoSuchLinkError, Opened, opened
from store.staff.models import StaffUser
from store.staff.passwords import choose_by_link
from store.staff.permissions import person
from store.staff.saying import say
from store.staff.views.tries import tried
from store.web.doors import services

LONGEST_ADDRESS = 320

blueprint = Blueprint("passwords", __name__, url_prefix="/password")


@blueprint.get("")
def forgotten() -> str:
    return _forgotten_page()


@blueprint.post("")
def ask() -> ResponseReturnValue:
    """Give every address the same answer: neither words, status nor time tell who works here."""
    typed, doors = request.form.get("email", "")[:LONGEST_ADDRESS], services()
    try:
        address = mailable(typed)
    except UnmailableError:
        words = _("That is no e-mail address. It looks like name@example.org.")
        return _forgotten_page(typed, words), 422
    cause = note_try(tried(Purpose.LINK, address), doors.clock)
    with writing():
        ask_for_help(address, cause, doors)
    return redirect(url_for("passwords.forgotten", asked=1), 303)


@blueprint.get("/<token>")
def choose(token: str) -> ResponseReturnValue:
    return _choice_page(_behind(token), NewPasswordForm())


@blueprint.post("/<token>")
def take(token: str) -> ResponseReturnValue:
    link, form = _behind(token), NewPasswordForm(request.form)
    if person() or not form.is_good_for(link.user):
        return _choice_page(link, form), 422
    password_hash = form.to_hash()
    with writing():
        user_id, kind = choose_by_link(token, password_hash, services())
    if kind is LinkKind.PASSWORD:
        say(_("Your new password is set. Sign in with it."))
        return redirect(url_for("security.login"), 303)
    login_user(db.session.get_one(StaffUser, user_id), authn_via=["invitation"])
    say(_("Welcome. One more step makes your sign-in safe."))
    return redirect(url_for("factors.choose", next="/staff/"), 303)


@blueprint.errorhandler(NoSuchLinkError)
def offer_another(_error: NoSuchLinkError) -> ResponseReturnValue:
    return render_template("staff/password/void.html"), 410


@blueprint.after_request
def keep_links_private(response: Response) -> Response:
    # The token stands in the address: it must not travel with a click to anywhere.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _behind(token: str) -> Opened:
    return opened(token, services().settings, services().clock)


def _choice_page(link: Opened, form: NewPasswordForm) -> str:
    return render_template(
        "staff/password/choose.html",
        form=form,
        user=link.user,
        is_invitation=link.kind is LinkKind.INVITATION,
        path=request.path,
    )


def _forgotten_page(email: str = "", error: str = "") -> str:
    is_asked = "asked" in request.args
    return render_template(
        "staff/password/forgotten.html", email=email, error=error, is_asked=is_asked
    )
