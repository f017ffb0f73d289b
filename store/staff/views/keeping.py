"""A form that was sent at a bad moment: kept, shown, and sent again by one button."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import Unauthorized

from store.database import writing
from store.staff.changes import field_words
from store.staff.door_models import ParkedForm
from store.staff.own_paths import HOME, own_path
from store.staff.parking import (
    NoRoomError,
    NoSuchFormError,
    SecretFormError,
    Sender,
    SentForm,
    forget,
    park,
    parked,
)
from store.staff.permissions import may, person, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.web.doors import services
from store.web.networks import counted_network

TOKENS = "parked"
MOST_TOKENS = 5
"""In one browser; each makes its cookie longer."""
LEFT = "staff_left"
"""Where a request remembers whose session had ended."""
NOT_KEPT = frozenset({"csrf_token"})
LONG_VALUE = 200

blueprint = Blueprint("keeping", __name__, url_prefix="/kept")


@dataclass(frozen=True, slots=True)
class KeptField:
    """One field as it is shown and as it is sent."""

    name: str
    value: str

    @property
    def label(self) -> str:
        return field_words(self.name.replace("-", " "))

    @property
    def is_long(self) -> bool:
        return len(self.value) > LONG_VALUE


def resume() -> ResponseReturnValue:
    """Answer a post of somebody who is not signed in: keep it, and ask her to."""
    refuse_scripts()
    return redirect(url_for("security.login", next=keep_form()), 303)


def keep_form() -> str:
    """Keep what was posted and return the path that leads back to it; say so where it cannot be."""
    form = _sent()
    found = person()
    sender = Sender(found.id if found else g.get(LEFT), counted_network())
    try:
        with writing():
            form_id, token = park(form, sender, services().clock)
    except SecretFormError:
        say(_("What you sent holds a password, so it was not kept. Please type it again."))
        return HOME
    except NoRoomError:
        say(_("What you sent could not be kept. Please go back to it after signing in."))
        return HOME
    kept: dict[str, str] = session.get(TOKENS, {})
    session[TOKENS] = dict([*kept.items(), (str(form_id), token)][-MOST_TOKENS:])
    return url_for("keeping.show", form_id=form_id)


@blueprint.get("/<int:form_id>")
@may(Permission.OWN_ACCOUNT)
def show(form_id: int) -> str:
    form = _kept(form_id)
    fields = [KeptField(name, value) for name, value in form.fields]
    return render_template(
        "staff/keeping/kept.html", form=form, fields=fields, shown=_to_be_read(fields)
    )


@blueprint.post("/<int:form_id>/forget")
@may(Permission.OWN_ACCOUNT)
def throw_away(form_id: int) -> ResponseReturnValue:
    with writing():
        forget(_kept(form_id))
    say(_("Thrown away."))
    return redirect(HOME, 303)


def _kept(form_id: int) -> ParkedForm:
    token = session.get(TOKENS, {}).get(str(form_id), "")
    form = parked(form_id, token, signed_in().id, services().clock)
    if own_path(form.path, "") != form.path:
        raise NoSuchFormError("a form that leads elsewhere")
    return form


def _sent() -> SentForm:
    fields = [
        (name, value) for name, value in request.form.items(multi=True) if name not in NOT_KEPT
    ]
    files = [file.filename or "" for file in request.files.values() if file.filename]
    return SentForm(own_path(request.full_path.rstrip("?"), ""), fields, files)


def _to_be_read(fields: Sequence[KeptField]) -> list[KeptField]:
    """Leave out what says nothing to people: empty fields."""
    return [field for field in fields if field.value.strip()]


def refuse_scripts() -> None:
    """Answer a post by a script with 401: it knows better than a page what to do with it."""
    if request.method == "POST" and is_from_a_script():
        raise Unauthorized


def is_from_a_script() -> bool:
    return request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
