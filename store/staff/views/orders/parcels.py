"""Sending: one parcel from the page of its order, or many orders at once."""

from collections.abc import Mapping

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from store.database import writing
from store.digits import whole_number
from store.errors import StoreError
from store.inventory.reservations import NotAllocatedError
from store.inventory.stock import NotOnShelfError
from store.orders.ahead.served import missing_units
from store.orders.carriers import doubt_about
from store.orders.disputing.standing import held_orders
from store.orders.models import Order, OrderState
from store.orders.packing import MOST_AT_ONCE, orders_to_print
from store.orders.queries import locked_order
from store.orders.readdressing import destination_of
from store.orders.shipping import (
    DisputeHoldsError,
    NotItsTurnError,
    Parcel,
    RefundUnderWayError,
)
from store.staff import parcels
from store.staff.audit import Actor
from store.staff.forms.orders import ParcelForm, read_units
from store.staff.forms.tracking import doubt_of
from store.staff.order_words import payment_words
from store.staff.parcels import ShippedSinceError, Wanted, recent_carriers
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.tracking_words import doubt_words
from store.staff.views.orders.blueprint import back_to, blueprint, found
from store.staff.views.orders.sheet import refused_page, sheet_page
from store.web.doors import services


@blueprint.post("/<number>/parcels")
@may(Permission.SHIP)
def ship(number: str) -> ResponseReturnValue:
    order, form, actor = found(number), ParcelForm(request.form), Actor.of(signed_in())
    units = read_units(request.form, {line.id: line.left_to_ship for line in order.lines})
    if not form.validate() or units.wrong or not any(units.read.values()):
        alert = "" if units.wrong else _("Say how many units of what lie in the parcel.")
        page = sheet_page(order, parcel_form=form, units=units, alert=alert)
        return page, 409 if _has_moved(order, form) else 422
    to, home = destination_of(order).address.get("country", ""), services().settings.country
    if form.is_doubted(doubt_of(form, to=to, home=home)):
        return sheet_page(order, parcel_form=form, units=units), 422
    try:
        with writing():
            sent = parcels.send(
                locked_order(order.id),
                form.to_parcel(units),
                services(),
                actor=actor,
                mails=bool(form.mails.data),
                seen=whole_number(str(form.seen.data or "")),
            )
            number_of_units = sum(line.quantity for line in sent.lines)
    except StoreError as refused:
        return refused_page(number, refusal_words(refused))
    say(ngettext("One unit is on its way.", "%(num)s units are on their way.", number_of_units))
    return back_to(number)


@blueprint.post("/<number>/parcels/<int:parcel_id>/arrival")
@may(Permission.SHIP)
def arrived(number: str, parcel_id: int) -> ResponseReturnValue:
    order_id, actor = found(number).id, Actor.of(signed_in())
    with writing():
        is_news = parcels.arrive(locked_order(order_id), parcel_id, services(), actor=actor)
    if is_news:
        say(_("Noted. The reader is mailed that it has arrived."))
    return back_to(number, "parcels")


@blueprint.get("/ship")
@may(Permission.SHIP)
def ship_many() -> str:
    numbers = request.args.getlist("order")
    return _many_page(list(orders_to_print(numbers)), {}, len(numbers))


@blueprint.post("/ship")
@may(Permission.SHIP)
def send_many() -> ResponseReturnValue:
    orders = list(orders_to_print(request.form.getlist("order")[:MOST_AT_ONCE]))
    form, actor = ParcelForm(request.form), Actor.of(signed_in())
    typed = {order.number: _tracking(order) for order in orders}
    too_long = {
        number: _("Keep it under 120 characters.")
        for number, text in typed.items()
        if len(text) > 120
    }
    wrong = too_long or ({} if "keeps" in request.form else _doubts(orders, typed, form))
    if not form.validate() or wrong or not orders:
        return _many_page(orders, typed, len(orders), form=form, wrong=wrong), 422
    carrier = form.carrier.data or ""
    wanted = [
        Wanted(order.id, order.number, Parcel({}, carrier, typed[order.number])) for order in orders
    ]
    outcomes = parcels.send_all(wanted, services(), actor=actor, mails=bool(form.mails.data))
    return render_template(
        "staff/orders/sent.html", outcomes=outcomes, refusal_words=refusal_words, list_id=None
    )


def refusal_words(refused: StoreError) -> str:
    """Say why a parcel cannot leave, and what to do."""
    match refused:
        case ShippedSinceError():
            words = _("Another parcel left since you opened this page. This is how it stands now.")
        case RefundUnderWayError():
            words = _("The money of it is on its way back, so it must not leave.")
        case DisputeHoldsError():
            words = _(
                "The payment is disputed, so it stays here: if the dispute is lost, goods and money"
                " are gone. Who wants to send it anyway says so on the page of the dispute."
            )
        case NotItsTurnError():
            words = _("What is here of it belongs to orders that were paid earlier.")
        case NotOnShelfError():
            words = _("By our books fewer units lie on the shelf. Count it, then ship again.")
        case NotAllocatedError():
            words = _("Fewer units are promised to this order. Somebody may have given money back.")
        case _:
            words = _("It cannot leave as it stands: not paid, sent already, or given back.")
    return str(words)


def _has_moved(order: Order, form: ParcelForm) -> bool:
    return whole_number(str(form.seen.data or "")) not in {None, parcels.units_shipped(order)}


def _tracking(order: Order) -> str:
    return " ".join(request.form.get(f"tracking-{order.number}", "").split())


def _doubts(orders: list[Order], typed: dict[str, str], form: ParcelForm) -> dict[str, str]:
    """Return what speaks against the numbers that look wrong; the page then offers to keep them."""
    carrier, home = form.carrier.data or "", services().settings.country
    doubts = {}
    for order in orders:
        to = destination_of(order).address.get("country", "")
        doubt = doubt_about(typed[order.number], carrier, to=to, home=home)
        if doubt is not None:
            doubts[order.number] = doubt_words(doubt)
    form.doubted = ", ".join(doubts)
    return doubts


def _many_page(
    orders: list[Order],
    typed: dict[str, str],
    asked: int,
    *,
    form: ParcelForm | None = None,
    wrong: dict[str, str] | None = None,
) -> str:
    carriers = recent_carriers()
    held, missing = held_orders([order.id for order in orders]), missing_units(orders)
    units = {order.number: _units_ready(order, missing) for order in orders}
    ready = [order for order in orders if units[order.number] and order.id not in held]
    return render_template(
        "staff/orders/ship.html",
        ready=ready,
        others=[(order, payment_words(order)) for order in orders if order not in ready],
        names={order.number: destination_of(order).name for order in ready},
        units=units,
        typed=typed,
        wrong=wrong or {},
        missing=max(0, asked - len(orders)),
        carriers=carriers,
        form=form or ParcelForm(data={"carrier": carriers[0] if carriers else "", "mails": True}),
    )


def _units_ready(order: Order, missing: Mapping[int, int]) -> int:
    """Return how many units of an order can leave now."""
    if order.state != OrderState.PAID:
        return 0
    return sum(line.left_to_ship - missing.get(line.id, 0) for line in order.lines)
