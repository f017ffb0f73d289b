"""What staff changed, newest first, and the button that takes a change back."""

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from store.database import writing
from store.staff import changes
from store.staff.audit import Actor, ChangedSinceError, NotUndoableError
from store.staff.key_set import part_of
from store.staff.models import AuditEntry
from store.staff.permissions import may, may_do, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.undoing import PERMISSIONS, UNDOING, undoing_for
from store.web.doors import services

blueprint = Blueprint("changes", __name__, url_prefix="/changes")


@blueprint.get("/")
@may(Permission.SEE_AUDIT)
def index() -> str:
    part = part_of(select(AuditEntry), [AuditEntry.id], request.args.get("at", ""))
    return render_template(
        "staff/changes/changes.html",
        changes=changes.shown(
            part.rows,
            undoing_for(may_do),
            may_undo=True,
            sees_readers=may_do(Permission.SHIP),
        ),
        part=part,
    )


@blueprint.post("/<int:entry_id>/undo")
@may(Permission.OWN_ACCOUNT)
def undo(entry_id: int) -> ResponseReturnValue:
    """Whoever may edit a kind of thing may take its edits back; the kind says what that asks."""
    actor = Actor.of(signed_in())
    with writing() as session:
        entry = session.get(AuditEntry, entry_id)
        kind = entry.kind if entry else ""
        wanted = PERMISSIONS.get(kind)
        if wanted is None or not may_do(wanted):
            abort(403 if entry else 404)
        try:
            UNDOING.undo(entry_id, actor, services())
        except ChangedSinceError as error:
            session.rollback()
            return _refusal(changes.compared(kind, error.expected, error.found)), 409
        except NotUndoableError:
            session.rollback()
            say(_("That change was taken back before."))
            return redirect(_back(), 303)
    say(_("Taken back."))
    return redirect(_back(), 303)


def _refusal(fields: tuple[changes.FieldChange, ...]) -> str:
    return render_template("staff/changes/changed_since.html", fields=fields, back=_back())


def _back() -> str:
    """Return the page that the button stood on, if it is one of ours."""
    path = request.form.get("back", "")
    return path if path.startswith("/staff/") and "\\" not in path else "/staff/changes/"
