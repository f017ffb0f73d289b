"""What every page has on which two may edit one thing and nothing typed is lost."""

from collections.abc import Iterable
from typing import Any

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from store.staff import changes, kept_edits
from store.staff.audit import Thing, Values
from store.staff.kept_edits import FormKind
from store.staff.models import KeptEdit
from store.staff.permissions import signed_in
from store.web.doors import services

NOT_TYPED = frozenset({"csrf_token", "opened"})


def unsaved_of(
    kind: FormKind, about: str, *, kept: KeptEdit | None = None, is_restored: bool = False
) -> dict[str, Any]:
    """Return what a page says of forms that she did not save, and of others who type into it."""
    user_id, is_new = signed_in().id, about.startswith(kind.new())
    return {
        "about": about,
        "kept": kept,
        "kept_new": kept_edits.kept_new(kind, user_id) if is_new and not is_restored else (),
        "is_restored": is_restored,
        "others": kept_edits.others_editing(about, user_id, services().clock),
    }


def typed_in(found: KeptEdit) -> MultiDict[str, str]:
    """Return a form as it was sent when it was kept."""
    return MultiDict([(name, value) for name, value in found.form])


def both_versions(thing: Thing, page: str, *, theirs: Values, mine: Values, opened: str) -> str:
    """Show what she typed beside what somebody saved meanwhile; either can be kept."""
    typed: Iterable[tuple[str, str]] = request.form.items(multi=True)
    return render_template(
        "staff/editing/both.html",
        thing=thing,
        page=page,
        fields=changes.compared(thing.kind, theirs, mine),
        typed=[(name, value) for name, value in typed if name not in NOT_TYPED],
        opened=opened,
    )
