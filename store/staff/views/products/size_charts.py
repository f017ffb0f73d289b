"""Size charts: written once, shown by every product that is cut alike."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.catalog.models import SizeChart
from store.catalog.size_charts import (
    ChartNameTakenError,
    ChartRefusedError,
    delete_chart,
    save_chart,
    size_chart_of,
    size_charts,
)
from store.database import writing
from store.staff.audit import Actor, Thing, record
from store.staff.permissions import may, signed_in
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
    return render_template("staff/size_charts/charts.html", charts=size_charts())


@blueprint.get("/new")
@may(Permission.EDIT_PRODUCTS)
def new() -> str:
    return _page(None, "", EXAMPLE)


@blueprint.post("/new")
@may(Permission.EDIT_PRODUCTS)
def create() -> ResponseReturnValue:
    return _save(None)


@blueprint.get("/<int:chart_id>")
@may(Permission.SEE_PRODUCTS)
def edit(chart_id: int) -> str:
    chart = size_chart_of(chart_id)
    return _page(chart, chart.name, chart.body)


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
        thing, was = _thing(chart), {"name": chart.name, "body": chart.body}
        delete_chart(chart)
        record(actor, "size_chart.deleted", thing, clock=services().clock, before=was)
    say(_("Deleted; the products that showed it show none."))
    return redirect(url_for("size_charts.index"), 303)


def _save(chart_id: int | None) -> ResponseReturnValue:
    actor, clock = Actor.of(signed_in()), services().clock
    name, body = request.form.get("name", ""), request.form.get("body", "").replace("\r\n", "\n")
    try:
        with writing():
            chart = SizeChart() if chart_id is None else size_chart_of(chart_id)
            before = None if chart_id is None else {"name": chart.name, "body": chart.body}
            save_chart(chart, name, body, clock)
            act = "size_chart.created" if chart_id is None else "size_chart.edited"
            after = {"name": chart.name, "body": chart.body}
            record(actor, act, _thing(chart), clock=clock, before=before, after=after)
    except (ChartRefusedError, ChartNameTakenError) as error:
        chart_now = None if chart_id is None else size_chart_of(chart_id)
        is_taken = isinstance(error, ChartNameTakenError)
        return _page(chart_now, name, body, is_taken=is_taken, is_wrong=not is_taken), 422
    say(_("Saved."))
    return redirect(url_for("size_charts.index"), 303)


def _thing(chart: SizeChart) -> Thing:
    return Thing(KIND, str(chart.id), chart.name)


def _page(
    chart: SizeChart | None, name: str, body: str, *, is_taken: bool = False, is_wrong: bool = False
) -> str:
    faults = {}
    if is_taken:
        faults["name"] = _("Another chart has this name.")
    if is_wrong and not name.strip():
        faults["name"] = _("Give it a name, such as Heavy tees.")
    if is_wrong and (not body.strip() or name.strip()):
        faults["body"] = _("Write the measures as a table, in less than 20,000 characters.")
    return render_template(
        "staff/size_charts/chart.html", chart=chart, name=name, body=body, faults=faults
    )
