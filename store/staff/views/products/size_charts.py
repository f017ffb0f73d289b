"""Size charts: written once, shown by every product that is cut alike."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.catalog.models import SizeChart
from store.catalog.size_charts import (
    ChartNameTakenError,
    ChartRefusedError,
    TypeTakenError,
    charts_by_type,
    delete_chart,
    save_chart,
    size_chart_of,
    size_charts,
    types_of,
)
from store.database import writing
from store.staff.audit import Actor, Thing, record
from store.staff.forms.size_chart import ChartForm
from store.staff.permissions import may, signed_in
from store.staff.products import product_types
from store.staff.roles import Permission
from store.staff.saying import say
from store.web.doors import services

blueprint = Blueprint("size_charts", __name__, url_prefix="/size-charts")

KIND = "size_chart"
EXAMPLE = (
    "| Size | Chest, cm | Length, cm |\n| --- | --- | --- |\n| S | 96 | 70 |\n| M | 104 | 72 |\n"
)


@blueprint.get("/")
@may(Permission.SEE_PRODUCTS)
def index() -> str:
    owners = charts_by_type()
    charts = [(c, [name for name, owner in owners.items() if owner is c]) for c in size_charts()]
    return render_template("staff/size_charts/charts.html", charts=charts)


@blueprint.get("/new")
@may(Permission.EDIT_PRODUCTS)
def new() -> str:
    return _page(None, ChartForm("", EXAMPLE))


@blueprint.post("/new")
@may(Permission.EDIT_PRODUCTS)
def create() -> ResponseReturnValue:
    return _save(None)


@blueprint.get("/<int:chart_id>")
@may(Permission.SEE_PRODUCTS)
def edit(chart_id: int) -> str:
    chart = size_chart_of(chart_id)
    return _page(chart, ChartForm(chart.name, chart.body, types_of(chart)))


@blueprint.post("/<int:chart_id>")
@may(Permission.EDIT_PRODUCTS)
def save(chart_id: int) -> ResponseReturnValue:
    size_chart_of(chart_id)
    return _save(chart_id)


@blueprint.post("/<int:chart_id>/delete")
@may(Permission.EDIT_PRODUCTS)
def delete(chart_id: int) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    with writing():
        chart = size_chart_of(chart_id)
        thing, was = _thing(chart), _values(chart)
        delete_chart(chart)
        record(actor, "size_chart.deleted", thing, clock=services().clock, before=was)
    say(_("Deleted; products that showed it show the chart of their type, or none."))
    return redirect(url_for("size_charts.index"), 303)


def _save(chart_id: int | None) -> ResponseReturnValue:
    actor, clock = Actor.of(signed_in()), services().clock
    form = ChartForm.read(request.form)
    try:
        with writing():
            chart = SizeChart() if chart_id is None else size_chart_of(chart_id)
            before = None if chart_id is None else _values(chart)
            save_chart(chart, form.name, form.body, form.types, clock)
            act = "size_chart.created" if chart_id is None else "size_chart.edited"
            record(actor, act, _thing(chart), clock=clock, before=before, after=_values(chart))
    except (ChartRefusedError, ChartNameTakenError, TypeTakenError) as error:
        form.explain(error)
        return _page(None if chart_id is None else size_chart_of(chart_id), form), 422
    say(_("Saved."))
    return redirect(url_for("size_charts.index"), 303)


def _thing(chart: SizeChart) -> Thing:
    return Thing(KIND, str(chart.id), chart.name)


def _values(chart: SizeChart) -> dict[str, object]:
    return {"name": chart.name, "body": chart.body, "types": types_of(chart)}


def _page(chart: SizeChart | None, form: ChartForm) -> str:
    owners = {name: other for name, other in charts_by_type().items() if other is not chart}
    return render_template(
        "staff/size_charts/chart.html",
        chart=chart,
        form=form,
        # Also types that no product has any more.
        types=sorted({*product_types(), *form.types} - owners.keys()),
        owners=owners,
    )
