"""Pages of an order: the one behind its signed link, and the one that mails such links."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.errors import NotFoundError
from store.mail.outgoing import UnmailableError
from store.orders.finding import ask_for_links
from store.orders.forms import LONGEST_EMAIL, FindForm
from store.orders.links import order_behind
from store.orders.presenting import shown
from store.web.doors import services
from store.web.networks import counted_network

blueprint = Blueprint("orders", __name__)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    # The key stands in the address: it must not travel with a click to anywhere.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/orders/<number>")
def order(number: str) -> ResponseReturnValue:
    keys = request.args.getlist("key")
    if len(keys) != 1 or not keys[0]:
        raise NotFoundError("an order opens with one key")
    found = order_behind(number, keys[0], services().settings)
    return render_template("orders/order.html", order=shown(found))


@blueprint.get("/orders/find")
def find() -> ResponseReturnValue:
    return render_template("orders/find.html", is_asked="asked" in request.args, email="", error="")


@blueprint.post("/orders/find")
def ask() -> ResponseReturnValue:
    form = FindForm(request.form)
    try:
        with writing():
            ask_for_links(form.to_email(), counted_network(), services())
    except UnmailableError:
        error = _("That is no e-mail address. It looks like name@example.org.")
        typed = (form.email.data or "")[:LONGEST_EMAIL]
        page = render_template("orders/find.html", is_asked=False, email=typed, error=error)
        return page, 422
    return redirect(url_for("orders.find", asked=1), code=303)
