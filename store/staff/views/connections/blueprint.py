"""The addresses under /staff/connections, and the page that all of them start from."""

from flask import Blueprint, render_template

from store.connections.endpoints import counted, endpoints
from store.connections.tokens import counts, tokens
from store.staff.permissions import may
from store.staff.roles import Permission
from store.web.doors import services

blueprint = Blueprint("connections", __name__, url_prefix="/connections")


@blueprint.get("/")
@may(Permission.CONNECT)
def index() -> str:
    now, listening = services().clock.now(), endpoints()
    return render_template(
        "staff/connections/connections.html",
        tokens=[(token, counts(token, now)) for token in tokens()],
        endpoints=listening,
        numbers=counted([endpoint.id for endpoint in listening]),
    )
