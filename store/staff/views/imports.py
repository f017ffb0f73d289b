"""Product files in the browser: upload, difference, confirm, progress, report, and the way back."""

from itertools import chain

from flask import (
    Blueprint,
    Response,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from store.catalog.exporting import export
from store.catalog.importing import pictures, runs, undoing
from store.catalog.importing.formats import KNOWN_FORMATS
from store.catalog.importing.models import ImportRow, ImportState, ProductImport, RowKind
from store.catalog.importing.reading import MOST_BYTES
from store.database import read_one_moment, writing
from store.staff.audit import Actor, Thing, record
from store.staff.key_set import part_of
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.web.doors import services

blueprint = Blueprint("imports", __name__, url_prefix="/imports")

WORKING = frozenset({ImportState.READING, ImportState.WRITING, ImportState.UNDOING})
SECONDS_BETWEEN_LOOKS = 2


@blueprint.get("/")
@may(Permission.IMPORT)
def index() -> str:
    return _index_page()


@blueprint.post("/")
@may(Permission.IMPORT)
def upload() -> ResponseReturnValue:
    file = request.files.get("file")
    fault = _fault_of(file)
    if fault or file is None:
        return _index_page(fault), 422
    with file.stream as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return _index_page(_("That file is larger than 15 MB; split it between two products.")), 422
    actor = Actor.of(signed_in())
    with writing():
        name = file.filename or "products.csv"
        run = runs.begin(
            name,
            content,
            actor=actor.name,
            clock=services().clock,
            wants_pictures="wants_pictures" in request.form,
        )
        run_id = run.id
    return redirect(url_for("imports.show", import_id=run_id), 303)


@blueprint.get("/<int:import_id>")
@may(Permission.IMPORT)
def show(import_id: int) -> ResponseReturnValue:
    run = runs.import_of(import_id)
    kind = request.args.get("kind", RowKind.CHANGE.value)
    rows = select(ImportRow).where(
        ImportRow.import_id == import_id,
        ImportRow.kind == (kind if kind in set(RowKind) else RowKind.CHANGE),
    )
    is_fetching = runs.is_fetching(import_id)
    page = render_template(
        "staff/imports/import.html",
        run=run,
        kind=kind,
        part=part_of(rows, [ImportRow.id], request.args.get("at", ""), is_descending=False),
        is_working=run.state in WORKING,
        conflicts=undoing.conflicts_of(import_id) if run.state == ImportState.UNDONE else (),
        is_fetching=is_fetching,
        pictures=pictures.counts_of_import(import_id),
        picture_faults=pictures.faults_of_import(import_id),
        put_back=undoing.put_back_count(import_id) if run.state == ImportState.UNDONE else 0,
    )
    response = Response(page)
    if run.state in WORKING or is_fetching:
        # Without scripts the page asks again by itself until the worker is through.
        response.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return response


@blueprint.post("/<int:import_id>/confirm")
@may(Permission.IMPORT)
def confirm(import_id: int) -> ResponseReturnValue:
    return _step(import_id, "import.confirmed")


@blueprint.post("/<int:import_id>/discard")
@may(Permission.IMPORT)
def discard(import_id: int) -> ResponseReturnValue:
    return _step(import_id, "import.discarded")


@blueprint.post("/<int:import_id>/undo")
@may(Permission.IMPORT)
def undo(import_id: int) -> ResponseReturnValue:
    return _step(import_id, "import.undone")


@blueprint.post("/<int:import_id>/pictures")
@may(Permission.IMPORT)
def fetch(import_id: int) -> ResponseReturnValue:
    return _step(import_id, "import.pictures")


@blueprint.get("/export.csv")
@may(Permission.IMPORT)
def download() -> Response:
    read_one_moment()
    # A mark at the start lets spreadsheets know the encoding; our own import passes over it.
    lines = chain(["\ufeff"], export(services().settings, services().clock.now()))
    response = Response(stream_with_context(lines), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="products.csv"'
    return response


def _step(import_id: int, act: str) -> ResponseReturnValue:
    actor, clock = Actor.of(signed_in()), services().clock
    try:
        with writing():
            run = runs.import_of(import_id)
            if act == "import.confirmed":
                runs.confirm(import_id, clock)
            elif act == "import.discarded":
                runs.discard(import_id)
            elif act == "import.pictures":
                runs.fetch_later(import_id, clock)
            else:
                undoing.ask_undo(import_id, clock)
            record(actor, act, Thing("import", str(import_id), run.name), clock=clock)
    except runs.AlreadyFetchingError:
        say(_("The pictures are being fetched already; this page says how far it is."))
    except runs.ImportStepRefusedError:
        say(_("That was done before, or cannot be done any more; here is how it stands."))
    return redirect(url_for("imports.show", import_id=import_id), 303)


def _fault_of(file: FileStorage | None) -> str:
    if file is None or not file.filename:
        return str(_("Choose a file first."))
    return ""


def _index_page(fault: str = "") -> str:
    return render_template(
        "staff/imports/imports.html",
        part=part_of(select(ProductImport), [ProductImport.id], request.args.get("at", "")),
        fault=fault,
        known_formats=KNOWN_FORMATS,
    )
