"""The files that buyers of one product download."""

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from store.catalog.files.keeping import (
    MOST_FILES,
    FileEmptyError,
    FileGoneError,
    FileTooLargeError,
    StoredFile,
    TooManyFilesError,
    store_file,
)
from store.catalog.files.kinds import KINDS, UnknownKindError
from store.catalog.models import Product
from store.database import end_reading, writing
from store.digits import whole_number
from store.errors import StoreError
from store.staff import changes
from store.staff.audit import Actor
from store.staff.permissions import may, may_do, signed_in
from store.staff.product_files import (
    add,
    changes_of,
    file_of,
    remove,
    replace,
    sold_files,
    variant_of,
)
from store.staff.products import product_of
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.undoing import UNDOING
from store.web.doors import services
from store.web.file_answers import AnsweredFile, file_answer

blueprint = Blueprint("files", __name__, url_prefix="/products")
ACCEPTED = ",".join(f".{ending}" for ending in KINDS)


@dataclass(frozen=True, slots=True)
class Refused:
    """What spoke against a file, beside which field: that of a file, or of new ones."""

    words: str
    file_id: int = 0


@blueprint.get("/<int:product_id>/files")
@may(Permission.SEE_PRODUCTS)
def index(product_id: int) -> str:
    return _page(product_of(product_id))


@blueprint.post("/<int:product_id>/files")
@may(Permission.EDIT_PRODUCTS)
def upload(product_id: int) -> ResponseReturnValue:
    """Take files in; a script sends them one by one and wants an answer in one line."""
    actor = Actor.of(signed_in())
    variant_id = variant_of(product_of(product_id), _number("variant")).id
    given = [file for file in request.files.getlist("files") if file.filename]
    # Reading and keeping a large file takes its time: nothing stays open meanwhile.
    end_reading()
    refusals = [words for file in given if (words := _take(product_id, variant_id, file, actor))]
    if "alone" in request.form:
        # A refusal is an answer here and no fault: the script shows it and goes on.
        return Response("\n".join(refusals), 200 if refusals else 201, mimetype="text/plain")
    if refusals or not given:
        words = "\n".join(refusals) or str(_("Choose at least one file."))
        return _page(product_of(product_id), Refused(words)), 422
    say(ngettext("%(num)s file added.", "%(num)s files added.", len(given)))
    return redirect(url_for("files.index", product_id=product_id), 303)


@blueprint.post("/<int:product_id>/files/<int:file_id>/edition")
@may(Permission.EDIT_PRODUCTS)
def new_edition(product_id: int, file_id: int) -> ResponseReturnValue:
    actor, tells = Actor.of(signed_in()), "tell" in request.form
    file_of(product_of(product_id), file_id)
    given = request.files.get("file")
    end_reading()
    if given is None or not given.filename:
        refused = Refused(str(_("Choose the new file.")), file_id)
        return _page(product_of(product_id), refused), 422
    try:
        stored = _stored(given)
        with writing():
            file = file_of(product_of(product_id), file_id)
            is_another = replace(file, stored, tells=tells, actor=actor, services=services())
    except (UnknownKindError, FileTooLargeError, FileEmptyError, FileGoneError) as error:
        end_reading()
        refused = Refused(_refusal(given.filename, error), file_id)
        return _page(product_of(product_id), refused), 422
    say(_replaced(is_another=is_another, tells=tells))
    return redirect(url_for("files.index", product_id=product_id), 303)


@blueprint.post("/<int:product_id>/files/<int:file_id>/removal")
@may(Permission.EDIT_PRODUCTS)
def take_off(product_id: int, file_id: int) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    with writing():
        remove(file_of(product_of(product_id), file_id), actor=actor, services=services())
    say(_("Taken off sale. Whoever bought it keeps it."))
    return redirect(url_for("files.index", product_id=product_id), 303)


@blueprint.get("/<int:product_id>/files/<int:file_id>")
@may(Permission.EDIT_PRODUCTS)
def look(product_id: int, file_id: int) -> Response:
    """Give the file to staff; nobody counts it."""
    file = file_of(product_of(product_id), file_id)
    kind = KINDS[file.kind]
    shown = AnsweredFile(file.name, kind.media_type, file.size_bytes, file.content_hash)
    end_reading()
    return file_answer(shown)


def _take(product_id: int, variant_id: int, given: FileStorage, actor: Actor) -> str:
    """Put one file on sale; return what spoke against it, or nothing."""
    try:
        stored = _stored(given)
        with writing():
            variant = variant_of(product_of(product_id), variant_id)
            add(variant, stored, actor=actor, services=services())
    except (UnknownKindError, FileTooLargeError, FileEmptyError, TooManyFilesError) as error:
        return _refusal(given.filename or "", error)
    return ""


def _stored(given: FileStorage) -> StoredFile:
    doors = services()
    with given.stream as content:
        return store_file(
            given.filename or "", content, doors.files, most=doors.settings.file_bytes
        )


def _refusal(name: str, error: StoreError) -> str:
    short = name[:80]
    match error:
        case UnknownKindError():
            words = _("%(name)s is no PDF, EPUB, ZIP, sound or picture.", name=short)
        case FileTooLargeError():
            most = services().settings.file_megabytes
            words = _("%(name)s is larger than %(most)s MB.", name=short, most=most)
        case FileEmptyError():
            words = _("%(name)s is empty.", name=short)
        case TooManyFilesError():
            words = _("A variant has at most %(most)s files.", most=MOST_FILES)
        case _:
            words = _("Somebody took this file off sale meanwhile.")
    return str(words)


def _replaced(*, is_another: bool, tells: bool) -> str:
    if not is_another:
        return str(_("It is the file that we had; nothing was changed."))
    if tells:
        return str(_("Replaced. Whoever bought it is told, and may fetch it anew."))
    return str(_("Replaced. Whoever bought it gets the new one from now on."))


def _number(name: str) -> int:
    return whole_number(request.form.get(name, "")) or 0


def _page(product: Product, refused: Refused | None = None) -> str:
    settings = services().settings
    return render_template(
        "staff/products/files.html",
        product=product,
        files=sold_files(product),
        refused=refused,
        accepted=ACCEPTED,
        settings=settings,
        changes=changes.shown(
            changes_of(product), UNDOING, may_undo=may_do(Permission.EDIT_PRODUCTS)
        ),
    )
