"""What was typed into a form and not saved: kept, discarded, and a note of who else is typing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.newsletter.campaigns.writing import campaign_of
from store.staff import kept_edits
from store.staff.collections import collection_of
from store.staff.kept_edits import FormKind
from store.staff.permissions import may, signed_in
from store.staff.products import product_of
from store.staff.roles import Permission
from store.staff.saying import say
from store.web.doors import services

blueprint = Blueprint("unsaved", __name__, url_prefix="/unsaved")


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form that is kept while it is typed: what it is about, and where it stands."""

    kind: FormKind
    find: Callable[[int], object]
    """Raises NotFoundError where there is no such thing."""
    page: str
    number: str
    new_page: str


FORMS: Mapping[str, KeptForm] = {
    "product": KeptForm(kept_edits.PRODUCT, product_of, "editor.edit", "product_id", "editor.new"),
    "collection": KeptForm(
        kept_edits.COLLECTION,
        collection_of,
        "collections.edit",
        "collection_id",
        "collections.new",
    ),
    "campaign": KeptForm(
        kept_edits.CAMPAIGN, campaign_of, "campaigns.edit", "campaign_id", "campaigns.index"
    ),
}


@blueprint.post("/<name>/<int:thing_id>")
@may(Permission.EDIT_PRODUCTS)
def keep(name: str, thing_id: int) -> ResponseReturnValue:
    """Keep what is typed, every few seconds and when she leaves the page."""
    form = _form(name)
    form.find(thing_id)
    return _keep(form.kind.of(thing_id))


@blueprint.post("/<name>/new/<key>")
@may(Permission.EDIT_PRODUCTS)
def keep_new(name: str, key: str) -> ResponseReturnValue:
    return _keep(_form(name).kind.new(key))


@blueprint.post("/<name>/<int:thing_id>/discard")
@may(Permission.EDIT_PRODUCTS)
def discard(name: str, thing_id: int) -> ResponseReturnValue:
    form = _form(name)
    where: dict[str, Any] = {form.number: thing_id}
    return _discard(form.kind.of(thing_id), url_for(form.page, **where))


@blueprint.post("/<name>/new/<key>/discard")
@may(Permission.EDIT_PRODUCTS)
def discard_new(name: str, key: str) -> ResponseReturnValue:
    form = _form(name)
    return _discard(form.kind.new(key), url_for(form.new_page))


@blueprint.get("/<name>/<int:thing_id>/others")
@may(Permission.EDIT_PRODUCTS)
def others(name: str, thing_id: int) -> str:
    """Say who else is editing, for the note at the top of the form."""
    about, user = _form(name).kind.of(thing_id), signed_in()
    names = kept_edits.others_editing(about, user.id, services().clock)
    return render_template("staff/editing/others.html", others=names)


def _form(name: str) -> KeptForm:
    return FORMS.get(name) or abort(404)


def _keep(about: str) -> ResponseReturnValue:
    user_id, pairs = signed_in().id, list(request.form.items(multi=True))
    with writing():
        kept_edits.keep(about, pairs, user_id, services().clock)
    return "", 204


def _discard(about: str, page: str) -> ResponseReturnValue:
    user_id = signed_in().id
    with writing():
        kept_edits.forget(about, user_id)
    say(_("Discarded."))
    return redirect(page, 303)
