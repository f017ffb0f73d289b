"""The shelves: what lies there, why, and what staff do about it."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.digits import whole_number
from store.errors import InvalidError
from store.inventory.models import MovementKind
from store.inventory.proof import last_proof
from store.inventory.stock import NotOnShelfError
from store.newsletter.back_in_stock.queries import waiting_for
from store.staff import changes, counting, shelves
from store.staff.audit import Actor, history
from store.staff.counting import CountedMeanwhileError, DeliveryRefusedError, UncountedError
from store.staff.forms.stock import REASONS, WORDS, DeliveryForm, MovementForm, read_count
from store.staff.permissions import may, may_do, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.shelves import MOST_COUNTED, Narrowed
from store.staff.undoing import UNDOING
from store.web.doors import services

blueprint = Blueprint("stock", __name__, url_prefix="/stock")


@blueprint.get("/")
@may(Permission.SEE_STOCK)
def index() -> str:
    narrowed, search = _narrowed(), request.args.get("q", "").strip()
    part = shelves.shelves(narrowed, search, request.args.get("at", ""))
    return render_template(
        "staff/stock/stock.html",
        part=part,
        waiting=waiting_for([shelf.variant_id for shelf in part.rows]),
        narrowed=narrowed,
        views=Narrowed,
        counts=shelves.counts(),
        search=search,
        proof=last_proof(),
    )


@blueprint.get("/<int:variant_id>")
@may(Permission.SEE_STOCK)
def shelf(variant_id: int) -> str:
    return _shelf_page(variant_id, MovementForm())


@blueprint.post("/<int:variant_id>/movements")
@may(Permission.EDIT_STOCK)
def move(variant_id: int) -> ResponseReturnValue:
    form = MovementForm(request.form)
    if not form.validate():
        return _shelf_page(variant_id, form), 422
    fault = _moved(variant_id, form)
    if fault:
        form.quantity.errors = [*form.quantity.errors, fault]
        return _shelf_page(variant_id, form), 422
    say(_("Written into the ledger."))
    return redirect(url_for("stock.shelf", variant_id=variant_id), 303)


@blueprint.get("/delivery")
@may(Permission.EDIT_STOCK)
def delivery() -> str:
    return render_template("staff/stock/delivery.html", form=DeliveryForm(), faults=())


@blueprint.post("/delivery")
@may(Permission.EDIT_STOCK)
def receive() -> ResponseReturnValue:
    form, actor = DeliveryForm(request.form), Actor.of(signed_in())
    if not form.validate():
        return render_template("staff/stock/delivery.html", form=form, faults=()), 422
    try:
        with writing():
            units = counting.deliver(
                form.lines.data or "", form.reference.data or "", actor=actor, services=services()
            )
    except DeliveryRefusedError as refused:
        faults = [_delivery_fault(number, fault) for number, fault in refused.faults]
        return render_template("staff/stock/delivery.html", form=form, faults=faults), 422
    say(_("%(units)s units received.", units=units))
    return redirect(url_for("stock.index"), 303)


@blueprint.get("/count")
@may(Permission.EDIT_STOCK)
def count() -> str:
    return _count_page({}, {})


@blueprint.post("/count")
@may(Permission.EDIT_STOCK)
def compare() -> ResponseReturnValue:
    """Compare first, write when the comparison was seen; what was typed is never lost."""
    sheet, actor = read_count(request.form), Actor.of(signed_in())
    if sheet.wrong or not sheet.units:
        return _count_page(sheet.units, sheet.wrong, is_empty=not sheet.units), 422
    if "confirm" not in request.form:
        return _comparison(sheet.units)
    try:
        with writing():
            changed = counting.take_stock(
                sheet.units,
                read_count(request.form, "was").units,
                cause=request.form.get("cause", "").strip() or "stock-take",
                actor=actor,
                services=services(),
            )
    except CountedMeanwhileError:
        return _comparison(sheet.units, has_moved=True), 409
    say(_("Counted: %(changed)s shelves were set right.", changed=changed))
    return redirect(url_for("stock.index"), 303)


def _narrowed() -> Narrowed:
    asked = request.args.get("view", "")
    return Narrowed(asked) if asked in set(Narrowed) else Narrowed.ALL


def _shelf_page(variant_id: int, form: MovementForm) -> str:
    explanation = shelves.explain(variant_id, request.args.get("at", ""))
    entries = history(counting.thing_of(explanation.shelf), limit=10)
    return render_template(
        "staff/stock/shelf.html",
        why=explanation,
        readers=waiting_for([variant_id]).get(variant_id),
        form=form,
        reasons=REASONS,
        movement_words=WORDS,
        changes=changes.shown(entries, UNDOING, may_undo=may_do(Permission.EDIT_STOCK)),
    )


def _moved(variant_id: int, form: MovementForm) -> str:
    """Write the movement; return why it was refused, or nothing."""
    actor, doors = Actor.of(signed_in()), services()
    words = {"cause": form.cause.data or "", "note": form.note.data or ""}
    number = form.quantity.data or 0
    try:
        with writing():
            if form.is_count:
                counting.count(variant_id, number, actor=actor, services=doors, **words)
            else:
                kind = MovementKind(form.kind.data or "")
                counting.move(
                    variant_id, form.delta, kind=kind, actor=actor, services=doors, **words
                )
    except NotOnShelfError as error:
        return str(_("Only %(units)s lie there; count the shelf first.", units=error.on_hand))
    except UncountedError:
        return str(_("Nobody counts this variant. Turn counting on at its product first."))
    except InvalidError:
        return str(_("That changes nothing, or counts fewer than none."))
    return ""


def _delivery_fault(number: int, fault: str) -> str:
    words = {
        "unreadable": _("Line %(n)s: write a SKU and a number, such as GN-TEE-S, 12.", n=number),
        "unknown": _("Line %(n)s: no variant has this SKU.", n=number),
        "uncounted": _("Line %(n)s: nobody counts this variant; turn counting on first.", n=number),
        "nothing": _("Line %(n)s: a delivery brings at least one unit.", n=number),
    }
    return str(words[fault])


def _count_page(
    units: Mapping[int, int], wrong: Mapping[int, str], *, is_empty: bool = False
) -> str:
    search = request.values.get("q", "").strip()
    chosen = request.values.get("collection", "")
    found = shelves.shelves_to_count(search, whole_number(chosen))
    return render_template(
        "staff/stock/count.html",
        shelves=found[:MOST_COUNTED],
        has_more=len(found) > MOST_COUNTED,
        search=search,
        collection=chosen,
        collections=[("", _("Every collection")), *shelves.collections()],
        units=units,
        wrong=wrong,
        is_empty=is_empty,
    )


def _comparison(units: Mapping[int, int], *, has_moved: bool = False) -> str:
    return render_template(
        "staff/stock/comparison.html",
        lines=counting.compare(units),
        has_moved=has_moved,
        cause=request.form.get("cause", ""),
    )
