"""Paper for the packing table: slips and the pick list, as pages that print and as PDF."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from store.database import db, end_reading
from store.orders.disputing.standing import held_orders
from store.orders.listing import KEYS, numbered
from store.orders.models import Order, OrderState
from store.orders.packing import MOST_AT_ONCE, orders_to_print, picks_of, slips_of
from store.paths import STATIC
from store.staff.forms.orders import read_wanted
from store.staff.permissions import may
from store.staff.roles import Permission
from store.staff.views.orders.blueprint import blueprint
from store.web.doors import services
from store.web.printing import INSTALL, STYLESHEET, NoPrinterError, can_print, pdf_of
from store.web.stylesheets import PAPER_ENTRY, joined_stylesheet


@blueprint.get("/slips")
@may(Permission.SHIP)
def slips() -> str:
    return _slips(_orders(), is_pdf=False)


@blueprint.get("/slips.pdf")
@may(Permission.SHIP)
def slips_pdf() -> ResponseReturnValue:
    return _pdf("slips", _slips)


@blueprint.get("/picks")
@may(Permission.SHIP)
def picks() -> str:
    return _picks(_orders(), is_pdf=False)


@blueprint.get("/picks.pdf")
@may(Permission.SHIP)
def picks_pdf() -> ResponseReturnValue:
    return _pdf("picks", _picks)


def _slips(orders: Sequence[Order], *, is_pdf: bool) -> str:
    # What is not paid, or waits for a decision, must not look as if it could be packed.
    held = held_orders([order.id for order in orders])
    packable = [o for o in orders if o.state == OrderState.PAID and o.id not in held]
    slips = slips_of(packable)
    return _paper("slips", is_pdf=is_pdf, slips=slips, left_out=len(orders) - len(slips))


def _picks(orders: Sequence[Order], *, is_pdf: bool) -> str:
    picks = picks_of(orders)
    units = sum(pick.units for pick in picks)
    now = services().clock.now()
    return _paper("picks", is_pdf=is_pdf, picks=picks, units=units, number=len(orders), now=now)


def _paper(name: str, *, is_pdf: bool, **values: object) -> str:
    has_pdf = not is_pdf and can_print()
    query: dict[str, Any] = {key: request.args.getlist(key) for key in request.args}
    return render_template(
        f"staff/orders/{name}.html",
        stylesheet=STYLESHEET if is_pdf else "",
        pdf_url=url_for(f"orders.{name}_pdf", **query) if has_pdf else "",
        **values,
    )


def _orders() -> Sequence[Order]:
    """Return the orders that were ticked, or the first of the list that was looked at."""
    numbers = request.args.getlist("order")
    if not numbers:
        wanted = read_wanted(request.args, may_search_people=True)
        keys = [key if wanted.view.is_oldest_first else key.desc() for key in KEYS]
        first = numbered(wanted, services().settings).order_by(*keys).limit(MOST_AT_ONCE)
        numbers = list(db.session.scalars(first))
    return orders_to_print(numbers)


def _pdf(name: str, page: Callable[..., str]) -> ResponseReturnValue:
    orders = _orders()
    if not orders:
        # Laying nothing out would take as long; the page says that there is nothing.
        return redirect(url_for(f"orders.{name}"), 303)
    html = page(orders, is_pdf=True)
    # Laying out takes seconds: no transaction stays open meanwhile.
    end_reading()
    sheet = joined_stylesheet(STATIC, PAPER_ENTRY)
    try:
        made = pdf_of(html, sheet)
    except NoPrinterError:
        return render_template("staff/orders/no_pdf.html", install=INSTALL), 503
    response = Response(made, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
