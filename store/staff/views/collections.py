"""Collections: the sections of the shop, filled by hand or by rules."""

import secrets
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.catalog.models import Collection, Hue, Matching
from store.catalog.rules import RELATIONS
from store.database import end_reading, writing
from store.media.images import PictureRefusedError, StoredPicture, store_picture
from store.staff import changes, collections, kept_edits
from store.staff.audit import Actor, history
from store.staff.collection_values import CollectionWanted, thing_of, values_meant, values_of
from store.staff.collections import CollectionHandleTakenError, collection_of
from store.staff.forms.collection import CollectionForm
from store.staff.kept_edits import COLLECTION
from store.staff.models import KeptEdit
from store.staff.permissions import may, may_do, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.table_words import rule_words
from store.staff.undoing import UNDOING
from store.staff.versions import EditedMeanwhileError, fingerprint
from store.staff.views.editing import both_versions, typed_in, unsaved_of
from store.web.doors import services

blueprint = Blueprint("collections", __name__, url_prefix="/collections")


@blueprint.get("/")
@may(Permission.SEE_PRODUCTS)
def index() -> str:
    lines = collections.collection_lines()
    return render_template("staff/collections/collections.html", lines=lines)


@blueprint.get("/new")
@may(Permission.EDIT_PRODUCTS)
def new() -> str:
    asked = request.args.get("restore", "")
    found = kept_edits.kept_of(COLLECTION.new(asked), signed_in().id) if asked else None
    form = CollectionForm.read(typed_in(found)) if found else CollectionForm.blank()
    form.key = asked if found else secrets.token_hex(8)
    return _page(None, form, is_restored=found is not None)


@blueprint.post("/new")
@may(Permission.EDIT_PRODUCTS)
def create() -> ResponseReturnValue:
    form, actor = CollectionForm.read(request.form), Actor.of(signed_in())
    if act := request.form.get("act", ""):
        form.do(act)
        return _page(None, form, act=act)
    wanted = _wanted(form)
    if wanted is None:
        return _page(None, form), 422
    try:
        with writing():
            made = collections.make_collection(wanted, actor=actor, services=services()).id
            kept_edits.forget(COLLECTION.new(form.key), actor.id or 0)
    except CollectionHandleTakenError:
        form.errors["handle"] = _("Another collection has this address.")
        return _page(None, form), 422
    say(_("Saved."))
    return redirect(url_for("collections.edit", collection_id=made), 303)


@blueprint.get("/<int:collection_id>")
@may(Permission.SEE_PRODUCTS)
def edit(collection_id: int) -> str:
    collection = collection_of(collection_id)
    found = kept_edits.kept_of(COLLECTION.of(collection_id), signed_in().id)
    if found and "restore" in request.args:
        return _page(collection, CollectionForm.read(typed_in(found)), is_restored=True)
    form = CollectionForm.of(collection, services().settings.currency)
    form.opened = fingerprint(values_of(collection))
    return _page(collection, form, kept=found)


@blueprint.post("/<int:collection_id>")
@may(Permission.EDIT_PRODUCTS)
def save(collection_id: int) -> ResponseReturnValue:
    form, actor = CollectionForm.read(request.form), Actor.of(signed_in())
    collection = collection_of(collection_id)
    if act := request.form.get("act", ""):
        form.do(act)
        return _page(collection, form, act=act)
    wanted = _wanted(form)
    if wanted is None:
        return _page(collection_of(collection_id), form), 422
    try:
        with writing():
            found = collection_of(collection_id)
            collections.edit_collection(
                found, wanted, form.opened, actor=actor, services=services()
            )
            kept_edits.forget(COLLECTION.of(collection_id), actor.id or 0)
    except EditedMeanwhileError:
        return _both_versions(collection_of(collection_id), wanted), 409
    except CollectionHandleTakenError:
        form.errors["handle"] = _("Another collection has this address.")
        return _page(collection_of(collection_id), form), 422
    say(_("Saved."))
    return redirect(url_for("collections.edit", collection_id=collection_id), 303)


@blueprint.post("/preview")
@may(Permission.EDIT_PRODUCTS)
def preview() -> str:
    """Say which products the rules ask for, while they are typed."""
    form = CollectionForm.read(request.form)
    return render_template("staff/collections/members.html", **_members(form))


@blueprint.post("/<int:collection_id>/delete")
@may(Permission.EDIT_PRODUCTS)
def delete(collection_id: int) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    with writing():
        found = collection_of(collection_id)
        collections.delete_collection(found, actor=actor, services=services())
    say(_("Deleted; its products stay."))
    return redirect(url_for("collections.index"), 303)


def _wanted(form: CollectionForm) -> CollectionWanted | None:
    wanted, picture = form.wanted(services().settings.currency), _picture(form)
    if wanted is None or form.errors:
        return None
    return replace(wanted, picture=picture)


def _both_versions(collection: Collection, wanted: CollectionWanted) -> str:
    theirs = values_of(collection)
    return both_versions(
        thing_of(collection),
        url_for("collections.edit", collection_id=collection.id),
        theirs=theirs,
        mine=values_meant(collection, wanted),
        opened=fingerprint(theirs),
    )


def _picture(form: CollectionForm) -> StoredPicture | None:
    file = request.files.get("picture")
    if file is None or not file.filename or form.errors:
        return None
    end_reading()
    try:
        with file.stream as stream:
            return store_picture(stream.read(), services().media)
    except PictureRefusedError:
        form.errors["picture"] = _("That is no picture the shop can keep: JPEG, PNG, WebP, AVIF.")
        return None


def _members(form: CollectionForm) -> dict[str, object]:
    rules = form.rules_meant(services().settings.currency)
    number, titles = collections.members(form.matching, rules, services().clock.now())
    return {"number": number, "titles": titles, "matching": form.matching}


def _page(
    collection: Collection | None,
    form: CollectionForm,
    *,
    act: str = "",
    kept: KeptEdit | None = None,
    is_restored: bool = False,
) -> str:
    about = COLLECTION.of(collection.id) if collection else COLLECTION.new(form.key)
    entries = history(thing_of(collection), limit=10) if collection else ()
    by_rules = form.matching is not Matching.BY_HAND
    return render_template(
        "staff/collections/collection.html",
        collection=collection,
        form=form,
        act=act,
        hues=[(hue.value, hue.value.capitalize()) for hue in Hue],
        kinds=_kinds(),
        titles_of=collections.titles_of(form.products),
        found=() if by_rules else collections.find_products(form.words["find"], form.products),
        changes=changes.shown(entries, UNDOING, may_undo=may_do(Permission.EDIT_PRODUCTS)),
        **unsaved_of(COLLECTION, about, kept=kept, is_restored=is_restored),
        **_members(form),
    )


def _kinds() -> list[tuple[str, str]]:
    return [
        (kind := f"{name} {relation}", rule_words(kind))
        for name, relations in RELATIONS.items()
        for relation in relations
    ]
