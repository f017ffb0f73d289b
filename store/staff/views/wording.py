"""What mails say to readers: a list, and a form for each with the mail as it would be sent."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.mail.rendering import Rendered
from store.mail.wording import ReaderMail, rewritten, wording_of
from store.staff import changes, mail_wordings
from store.staff.audit import Actor, history
from store.staff.forms.wording import WordingForm, in_braces
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.sample_mails import MAILS, sample_mail, sample_subject
from store.staff.saying import say
from store.staff.undoing import UNDOING
from store.web.doors import services
from store.web.letterhead import shop_settings

blueprint = Blueprint("wording", __name__, url_prefix="/wording")

SHEET_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'; sandbox"
)
"""Mailboxes want styles on the elements: the sheet may have them, and nothing else at all."""


@blueprint.get("/")
@may(Permission.EDIT_SETTINGS)
def index() -> str:
    own, settings = rewritten(), shop_settings()
    listed = [
        (mail, sample_subject(mail, own.get(mail.template), settings), mail.template in own)
        for mail in MAILS.values()
    ]
    return render_template("staff/wording/mails.html", mails=listed)


@blueprint.get("/<room>/<name>")
@may(Permission.EDIT_SETTINGS)
def mail(room: str, name: str) -> str:
    found = _mail(room, name)
    form = WordingForm.of(found, wording_of(found))
    form.validate()
    return _page(form)


@blueprint.post("/<room>/<name>")
@may(Permission.EDIT_SETTINGS)
def save(room: str, name: str) -> ResponseReturnValue:
    found, actor = _mail(room, name), Actor.of(signed_in())
    form = WordingForm(found, request.form)
    is_valid = form.validate()
    if not is_valid or "preview" in request.form:
        return _page(form), 200 if is_valid else 422
    with writing():
        mail_wordings.save_wording(found, form.to_wording(), actor, services())
    say(_("Saved; the next such mail says so."))
    return redirect(url_for("wording.mail", room=room, name=name), 303)


@blueprint.post("/<room>/<name>/preview")
@may(Permission.EDIT_SETTINGS)
def preview(room: str, name: str) -> str:
    form = WordingForm(_mail(room, name), request.form)
    form.validate()
    return render_template("staff/wording/preview.html", **_shown(form))


@blueprint.post("/<room>/<name>/sheet")
@may(Permission.EDIT_SETTINGS)
def sheet(room: str, name: str) -> ResponseReturnValue:
    """Show the mail as a mailbox does: a document of its own, that may do nothing."""
    form = WordingForm(_mail(room, name), request.form)
    if not form.validate():
        return _page(form), 422
    response = Response(_rendered(form).html)
    response.headers["Content-Security-Policy"] = SHEET_POLICY
    return response


@blueprint.post("/<room>/<name>/test")
@may(Permission.EDIT_SETTINGS)
def test(room: str, name: str) -> ResponseReturnValue:
    found, person = _mail(room, name), signed_in()
    form = WordingForm(found, request.form)
    if not form.validate():
        return _page(form), 422
    with writing():
        mail_wordings.mail_to_oneself(found, form.to_wording(), person, services())
    say(_("On its way to %(address)s. Nothing is saved by this.", address=person.email))
    # What was typed may not be saved yet, so the page stays as it was.
    return _page(form)


@blueprint.post("/<room>/<name>/reset")
@may(Permission.EDIT_SETTINGS)
def reset(room: str, name: str) -> ResponseReturnValue:
    found, actor = _mail(room, name), Actor.of(signed_in())
    with writing():
        mail_wordings.save_wording(found, found.shipped, actor, services())
    say(_("The words that came with the store count again."))
    return redirect(url_for("wording.mail", room=room, name=name), 303)


def _mail(room: str, name: str) -> ReaderMail:
    found = MAILS.get(f"{room}/{name}")
    if found is None:
        abort(404)
    return found


def _page(form: WordingForm) -> str:
    entries = history(mail_wordings.thing_of(form.mail), limit=10)
    room, _sep, name = form.mail.template.partition("/")
    return render_template(
        "staff/wording/mail.html",
        room=room,
        name=name,
        is_shipped=wording_of(form.mail) == form.mail.shipped,
        known_names=[in_braces(known) for known in form.mail.names],
        address=signed_in().email,
        changes=changes.shown(entries, UNDOING, may_undo=True),
        **_shown(form),
    )


def _shown(form: WordingForm) -> dict[str, object]:
    """Return the form with its mail; names that it does not know stand as they were typed."""
    rendered = _rendered(form)
    return {
        "form": form,
        "mail": form.mail,
        "faults": list(dict.fromkeys(fault for field in form for fault in field.errors)),
        "rendered": rendered,
        "sender": shop_settings().brand_sender,
        "telling": mail_wordings.telling(rendered.subject, shop_settings()),
    }


def _rendered(form: WordingForm) -> Rendered:
    return sample_mail(form.mail, form.to_wording(), shop_settings(), services().clock.now())
