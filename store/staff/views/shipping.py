"""What it costs to send a parcel: one table, saved whole, and a box to try it out."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.pricing.rates import RateKind
from store.pricing.shipping import groups
from store.pricing.tax import taxes
from store.pricing.writing_rates import RatesRefusedError, rate_rows
from store.staff import changes, postage
from store.staff.audit import Actor, history
from store.staff.forms.shipping import RateTable, read_table, table_of
from store.staff.forms.trial import TrialForm
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.trying_rates import try_rates
from store.staff.undoing import UNDOING
from store.staff.unweighed import count_unweighed
from store.web.doors import services

blueprint = Blueprint("shipping", __name__, url_prefix="/shipping")


@blueprint.get("/")
@may(Permission.EDIT_SETTINGS)
def index() -> str:
    rows, _is_shipped = rate_rows(services().settings)
    return _page(table_of(rows))


@blueprint.post("/")
@may(Permission.EDIT_SETTINGS)
def save() -> ResponseReturnValue:
    doors, actor = services(), Actor.of(signed_in())
    table = read_table(request.form, doors.settings.currency)
    if table.has_faults:
        return _page(table), 422
    try:
        with writing():
            postage.save_rates(table.rows, actor, doors)
    except RatesRefusedError as refused:
        table.refuse(refused.faults)
        return _page(table), 422
    if table.rows:
        say(_("Saved; carts are reckoned by it from now on."))
    else:
        say(_("Empty, so the rates that came with the store count again."))
    return redirect(url_for("shipping.index"), 303)


def _page(table: RateTable) -> str:
    settings = services().settings
    entries = history(postage.THING, limit=10)
    among = groups(settings)
    box = TrialForm.read(request.args, country=settings.country)
    sample = box.to_sample(settings.currency)
    by_weight = any(rate.kind is RateKind.WEIGHT for group in among for rate in group.rates)
    return render_template(
        "staff/shipping/shipping.html",
        table=table,
        is_shipped=rate_rows(settings)[1],
        box=box,
        trial=try_rates(sample, among, taxes(settings)) if sample else None,
        without_rates=[group.name for group in among if not group.rates],
        unweighed=count_unweighed() if by_weight else 0,
        changes=changes.shown(entries, UNDOING, may_undo=True),
    )
