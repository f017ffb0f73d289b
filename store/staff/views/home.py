"""The first page of staff: what needs a hand now, what came in, what readers are told."""

from typing import Any

from flask import Blueprint, render_template

from store.content.closing import closure
from store.content.queries import current_notice
from store.staff.desk import tasks_for
from store.staff.permissions import may, may_do, signed_in
from store.staff.roles import Permission, Role
from store.staff.tables import DAYS, Table
from store.staff.takings import recent_orders, takings
from store.staff.views.reports import day_chart, tick_words
from store.web.doors import services

blueprint = Blueprint("home", __name__)

MOST_RECENT = 8


@blueprint.get("/")
@may(Permission.SEE_HOME)
def home() -> str:
    doors = services()
    now = doors.clock.now()
    return render_template(
        "staff/home/home.html",
        now=now,
        tasks=tasks_for(Role(signed_in().role), doors),
        recent=recent_orders(MOST_RECENT) if may_do(Permission.SEE_ORDERS) else None,
        closed=closure(now),
        notice=current_notice(),
        **_sales(),
    )


def _sales() -> dict[str, Any]:
    if not may_do(Permission.SEE_REPORTS):
        return {"takings": None}
    settings = services().settings
    found = takings(services().clock.now(), settings)
    chart = day_chart(found.days, settings)
    return {
        "takings": found,
        "chart": chart,
        "tick_words": tick_words(chart, settings),
        "table": Table(DAYS, found.days[::-1]),
    }
