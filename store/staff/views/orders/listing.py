"""The list of orders: saved views, filters, search, and what is done with several at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from store.orders.lifecycle import FulfilmentStatus
from store.orders.listing import KEYS, MOST_COUNTED, Parcels, View, Wanted, counted, listed
from store.orders.models import Order, OrderState
from store.orders.readdressing import destination_of
from store.staff.forms.orders import read_wanted
from store.staff.key_set import part_of
from store.staff.order_words import PARCELS, STATES, State, parcel_words, payment_words
from store.staff.permissions import may, may_do
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.views.orders.blueprint import blueprint
from store.web.doors import services


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list says instead of nothing."""

    title: LazyString
    text: LazyString


VIEWS: Mapping[View, LazyString] = {
    View.TO_SHIP: _l("To ship"),
    View.PARKED: _l("Parked"),
    View.OPEN: _l("Unpaid"),
    View.REFUNDS: _l("Refunds under way"),
    View.ALL: _l("All"),
}
EMPTY: Mapping[View, Empty] = {
    View.TO_SHIP: Empty(
        _l("Nothing waits to be packed"),
        _l("An order appears here the moment it is paid, and leaves with its last parcel."),
    ),
    View.PARKED: Empty(
        _l("Nothing is parked"),
        _l("An order waits here when what was paid is not what was ordered. It never ships alone."),
    ),
    View.OPEN: Empty(
        _l("Nobody is paying just now"),
        _l("Orders stand here while their reader is on the pay page, or a bank takes its time."),
    ),
    View.REFUNDS: Empty(
        _l("No refund is under way"),
        _l("Refunds stay here until Stripe and the bank have finished with them."),
    ),
    View.ALL: Empty(
        _l("No orders yet"),
        _l("The first one appears here when a reader checks out."),
    ),
}
NAMES = ("state", "parcels", "since", "until", "goods", "story", "q")
PAPERS = {"slips": "orders.slips", "picks": "orders.picks", "ship": "orders.ship_many"}
MOST_CHOSEN = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One order of the list."""

    order: Order
    name: str
    payment: State
    parcels: State | None
    units: int
    what: str
    is_short: bool


@blueprint.get("/")
@may(Permission.SEE_ORDERS)
def index() -> str:
    wanted = _wanted()
    settings = services().settings
    is_descending = not wanted.view.is_oldest_first
    at = request.args.get("at", "")
    part = part_of(listed(wanted, settings), KEYS, at, is_descending=is_descending)
    return render_template(
        "staff/orders/orders.html",
        rows=[_row(order) for order in part.rows],
        part=part,
        wanted=wanted,
        asked={name: request.args.get(name, "") for name in NAMES},
        without_view={name: value for name in NAMES if (value := request.args.get(name))},
        empty=EMPTY[wanted.view],
        views=VIEWS,
        counts={view: _count(view) for view in VIEWS if view is not View.ALL},
        states=[("", _("Any")), *((s.value, w.words) for s, w in STATES.items())],
        parcels=[("", _("Any")), *((p.value, PARCELS[FulfilmentStatus(p)].words) for p in Parcels)],
    )


@blueprint.post("/batch")
@may(Permission.SHIP)
def batch() -> ResponseReturnValue:
    """Lead on to what was asked for, with the orders that were ticked in its address."""
    numbers, act = request.form.getlist("order")[:MOST_CHOSEN], request.form.get("act", "")
    if not numbers or act not in PAPERS:
        say(_("Tick the orders that are meant first."))
        return redirect(url_for("orders.index"), 303)
    return redirect(url_for(PAPERS[act], order=numbers), 303)


def _wanted() -> Wanted:
    return read_wanted(request.args, may_search_people=may_do(Permission.SHIP))


def _count(view: View) -> str:
    number = counted(view, services().settings)
    return f"{MOST_COUNTED - 1}+" if number >= MOST_COUNTED else str(number or "")


def _row(order: Order) -> Row:
    return Row(
        order=order,
        name=destination_of(order).name,
        payment=payment_words(order),
        parcels=parcel_words(order) if order.state == OrderState.PAID else None,
        units=sum(line.quantity for line in order.lines),
        what=_what(order),
        is_short=any(line.shortage and line.left_to_ship for line in order.lines),
    )


def _what(order: Order) -> str:
    titles: Sequence[str] = [line.title for line in order.lines]
    if len(titles) > 1:
        more = len(titles) - 1
        return str(_("%(title)s and %(more)s more", title=titles[0], more=more))
    return titles[0] if titles else ""
