"""The first page of staff: what needs a hand now."""

from flask import Blueprint, render_template

from store.staff.permissions import may
from store.staff.roles import Permission

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@may(Permission.SEE_HOME)
def home() -> str:
    return render_template("staff/home/home.html")
