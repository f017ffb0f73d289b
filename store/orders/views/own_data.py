"""Where readers see what is kept of them, take it with them, and have it erased."""

import json

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import end_reading, writing
from store.mail.outgoing import UnmailableError
from store.orders.forms import LONGEST_EMAIL, FindForm
from store.orders.own_data.asking import (
    ErasedError,
    ask_for_data,
    ask_to_erase,
    request_behind,
)
from store.orders.own_data.erasing import needed_until
from store.orders.own_data.exporting import orders_kept
from store.orders.own_data.keepers import KEEPERS, Keepers
from store.orders.views.blueprint import blueprint
from store.web.doors import services
from store.web.networks import counted_network


@blueprint.get("/orders/your-data")
def ask_data() -> str:
    return _question(is_asked="asked" in request.args)


@blueprint.post("/orders/your-data")
def mail_data() -> ResponseReturnValue:
    form = FindForm(request.form)
    try:
        with writing():
            ask_for_data(form.to_email(), counted_network(), services())
    except UnmailableError:
        error = _("That is no e-mail address. It looks like name@example.org.")
        return _question(typed=(form.email.data or "")[:LONGEST_EMAIL], error=error), 422
    return redirect(url_for("orders.ask_data", asked=1), 303)


@blueprint.get("/orders/your-data/<token>")
def own_data(token: str) -> str:
    return _page(token)


@blueprint.get("/orders/your-data/<token>/export.json")
def export_data(token: str) -> Response:
    wanted = request_behind(token, services())
    kept = _keepers().kept(wanted.email, services()) if wanted.email else {}
    body = json.dumps({"of": wanted.email, **kept}, ensure_ascii=False, indent=2)
    response = Response(body, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="your-data.json"'
    return response


@blueprint.post("/orders/your-data/<token>/erasure")
def erase_data(token: str) -> ResponseReturnValue:
    if request.form.get("sure") != "1":
        return _page(token, error=_("Tick the box first: this cannot be taken back.")), 422
    try:
        with writing():
            ask_to_erase(request_behind(token, services()), services())
    except ErasedError:
        # A second click is no second wish.
        end_reading()
    return redirect(url_for("orders.own_data", token=token), 303)


def _question(*, is_asked: bool = False, typed: str = "", error: str = "") -> str:
    return render_template("orders/ask_data.html", is_asked=is_asked, email=typed, error=error)


def _page(token: str, *, error: str = "") -> str:
    doors = services()
    wanted = request_behind(token, doors)
    kept = _keepers().kept(wanted.email, doors) if wanted.email else {}
    now, orders = doors.clock.now(), orders_kept(wanted.email) if wanted.email else ()
    needed = [(order.number, needed_until(order, doors)) for order in orders]
    return render_template(
        "orders/own_data.html",
        token=token,
        email=wanted.email,
        is_erased=wanted.erased_at is not None,
        orders=len(orders),
        newsletter="newsletter" in kept,
        waits="back_in_stock" in kept,
        later=[(number, until) for number, until in needed if until is None or until > now],
        error=error,
    )


def _keepers() -> Keepers:
    keepers: Keepers = current_app.extensions[KEEPERS]
    return keepers
