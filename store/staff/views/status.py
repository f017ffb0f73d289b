"""Whether the shop is well: what is not on top, then everything that was looked at."""

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _l

from store.staff.permissions import may
from store.staff.roles import Permission
from store.staff.status.findings import Area, see, worst_first
from store.staff.status.ground import ground
from store.staff.status.money import payments, stock_and_cards
from store.staff.status.work import due_jobs, mail, work
from store.web.doors import services

blueprint = Blueprint("status", __name__, url_prefix="/status")

AREAS = (
    ("work", _l("What goes on by itself"), work),
    ("mail", _l("Mail"), mail),
    ("payments", _l("Payments"), payments),
    ("stock", _l("Stock and gift cards"), stock_and_cards),
    ("machine", _l("What it stands on"), ground),
)


@blueprint.get("")
@may(Permission.SEE_STATUS)
def status() -> str:
    seen = see(services())
    areas = [Area(key, title, list(look(seen))) for key, title, look in AREAS]
    return render_template(
        "staff/status/status.html",
        now=seen.now,
        areas=areas,
        wanting=worst_first(finding for area in areas for finding in area.findings),
        jobs=due_jobs(seen.now),
    )
