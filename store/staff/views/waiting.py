"""What readers wait for: sales ahead with their days, and who stands in line."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from store.database import writing
from store.staff import changes, waiting
from store.staff.audit import Actor, Thing, history
from store.staff.forms.waiting import AheadForm
from store.staff.permissions import may, may_do, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.undoing import UNDOING
from store.web.doors import services

blueprint = Blueprint("waiting", __name__, url_prefix="/waiting")


@blueprint.get("/")
@may(Permission.SEE_STOCK)
def index() -> str:
    return render_template(
        "staff/waiting/waiting.html",
        rows=waiting.ahead_rows(),
        queues=waiting.queue_rows(),
        today=_today(),
    )


@blueprint.get("/<int:variant_id>")
@may(Permission.SEE_STOCK)
def edit(variant_id: int) -> str:
    variant, _name = waiting.variant_called(variant_id)
    return _page(variant_id, AheadForm.of(waiting.terms_of(variant)))


@blueprint.post("/<int:variant_id>")
@may(Permission.EDIT_PRODUCTS)
def save(variant_id: int) -> ResponseReturnValue:
    form, actor = AheadForm(request.form), Actor.of(signed_in())
    form.today = _today()
    if not form.validate():
        return _page(variant_id, form), 422
    terms = form.to_terms()
    readers = waiting.told_another_day(variant_id, terms.ships_on)
    try:
        with writing():
            waiting.set_terms(
                variant_id,
                terms,
                services(),
                actor=actor,
                all_variants=bool(form.all_variants.data),
            )
    except waiting.UncountedAheadError:
        return _page(variant_id, form, alert=_("Nobody counts this: start its shelf first.")), 409
    mailed = ngettext("One order is told of it.", "%(num)s orders are told of it.", readers)
    say(_("Saved.") + (f" {mailed}" if readers else ""))
    return redirect(url_for("waiting.edit", variant_id=variant_id), 303)


def _page(variant_id: int, form: AheadForm, *, alert: str = "") -> str:
    variant, name = waiting.variant_called(variant_id)
    row = next((r for r in waiting.ahead_rows() if r.variant_id == variant_id), None)
    path = url_for("waiting.edit", variant_id=variant_id)
    edits = history(Thing(waiting.KIND, str(variant_id)), limit=20)
    return render_template(
        "staff/waiting/ahead.html",
        variant_id=variant_id,
        product_id=variant.product_id,
        name=name,
        has_siblings=len(variant.product.variants) > 1,
        form=form,
        row=row,
        today=_today(),
        path=path,
        alert=alert,
        changes=changes.shown(edits, UNDOING, may_undo=may_do(Permission.EDIT_PRODUCTS)),
    )


def _today() -> date:
    doors = services()
    return doors.clock.now().astimezone(doors.settings.zone).date()
