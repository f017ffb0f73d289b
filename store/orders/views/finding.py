"""The page that mails links to orders, and says the same to everybody."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.mail.outgoing import UnmailableError
from store.orders.finding import ask_for_links
from store.orders.forms import LONGEST_EMAIL, FindForm
from store.orders.views.blueprint import blueprint
from store.web.doors import services
from store.web.networks import counted_network


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
