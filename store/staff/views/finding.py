"""One line from which everything is found; a fragment for the palette, else a page."""

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from store.staff.finding import found
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission, Role

blueprint = Blueprint("finding", __name__)

FRAGMENT = "hits"


@blueprint.get("/find")
@may(Permission.SEE_HOME)
def find() -> ResponseReturnValue:
    typed = request.args.get("q", "")
    groups = found(typed, Role(signed_in().role))
    if request.headers.get("X-Fragment") != FRAGMENT:
        return render_template("staff/finding/find.html", groups=groups, typed=typed)
    answer = make_response(render_template("staff/finding/hits.html", groups=groups, typed=typed))
    answer.headers["X-Fragment"] = FRAGMENT
    return answer


@blueprint.get("/keys")
@may(Permission.SEE_HOME)
def keys() -> str:
    return render_template("staff/finding/keys.html")
