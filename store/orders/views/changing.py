"""What a reader may change herself before her order leaves: where it goes, and whether at all."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import end_reading, writing
from store.orders.ahead.calling_off import can_call_ahead_off, put_off_units, wish_for_put_off
from store.orders.cancelling import (
    READER,
    TooLateToCancelError,
    call_ahead_off,
    can_be_cancelled_by_reader,
    cancel_for_reader,
)
from store.orders.forms import AddressForm
from store.orders.models import Order
from store.orders.presenting import country_name, label_lines
from store.orders.queries import locked_order
from store.orders.readdressing import (
    Destination,
    NothingLeftToSendError,
    OutsideError,
    ReaddressedSinceError,
    can_be_readdressed,
    destination_of,
    readdress,
)
from store.orders.refund_plans import plan_refund
from store.orders.regions import objection_to_address
from store.orders.views.blueprint import back_to, blueprint, key_given, opened
from store.orders.views.order import order_page
from store.payments.gateway import GatewayRefusedError, GatewayUnknownError
from store.web.doors import services


@blueprint.get("/orders/<number>/address")
def address(number: str) -> ResponseReturnValue:
    order = opened(number)
    if not can_be_readdressed(order):
        return order_page(order, alert=_left(order)), 409
    return _address_page(order, AddressForm.of(destination_of(order)))


@blueprint.post("/orders/<number>/address")
def change_address(number: str) -> ResponseReturnValue:
    order, form = opened(number), AddressForm(request.form)
    if not form.validate():
        return _address_page(order, form), 422
    if objection_to_address(order, form.to_destination(destination_of(order)).address):
        words = _(
            "The shipping or tax that you paid does not lead to that part of the country."
            " Answer any of our mails instead, and we find a way."
        )
        return _address_page(order, form, alert=words), 409
    try:
        has_changed = _write(order.id, form.to_destination(destination_of(order)))
    except ReaddressedSinceError:
        words = _("The address was changed since you opened this page. It stands above.")
        return _address_page(opened(number), form, alert=words), 409
    except OutsideError:
        words = _("The shipping was paid for another country. Answer any of our mails instead.")
        return _address_page(opened(number), form, alert=words), 409
    except NothingLeftToSendError:
        end_reading()
        order = opened(number)
        return order_page(order, alert=_left(order)), 409
    return back_to(opened(number), "address" if has_changed else "same")


@blueprint.get("/orders/<number>/cancellation")
def cancellation(number: str) -> ResponseReturnValue:
    order = opened(number)
    if can_be_cancelled_by_reader(order, services()):
        return render_template(
            "orders/cancel.html", number=order.number, total=order.total, key=key_given()
        )
    if can_call_ahead_off(order):
        return _part_page(order)
    return order_page(order, alert=_too_late()), 409


@blueprint.post("/orders/<number>/cancellation")
def cancel(number: str) -> ResponseReturnValue:
    order_id, is_part = opened(number).id, request.form.get("what") == "ahead"
    end_reading()
    try:
        (call_ahead_off if is_part else cancel_for_reader)(order_id, services())
    except TooLateToCancelError:
        end_reading()
        return order_page(opened(number), alert=_too_late()), 409
    except GatewayRefusedError:
        end_reading()
        words = _(
            "Your bank’s side did not take the money back just now, so the order stands."
            " We know of it and look at it; answer any of our mails to reach us."
        )
        return order_page(opened(number), alert=words), 409
    except GatewayUnknownError:
        # The refund is written down and asked for again: for the reader it is done.
        end_reading()
    return back_to(opened(number), "called_off" if is_part else "cancelled")


def _part_page(order: Order) -> str:
    """Ask about what was put off alone: the rest has left."""
    plan, units = plan_refund(order, wish_for_put_off(order)), put_off_units(order)
    return render_template(
        "orders/cancel.html",
        number=order.number,
        total=plan.amount,
        key=key_given(),
        put_off=[
            (line.title, line.combination, units[line.id])
            for line in order.lines
            if line.id in units
        ],
    )


def _write(order_id: int, to: Destination) -> bool:
    with writing():
        before, after = readdress(locked_order(order_id), to, services(), actor=READER)
        return before != after


def _address_page(order: Order, form: AddressForm, *, alert: str = "") -> str:
    now = destination_of(order)
    if alert:
        form.version.data = str(now.version)
    return render_template(
        "orders/address.html",
        number=order.number,
        key=key_given(),
        now=label_lines(now.label()),
        country=country_name(now.address.get("country", "")),
        form=form,
        alert=alert,
        has_left_in_part=bool(order.fulfilments),
    )


def _left(order: Order) -> str:
    if order.fulfilments:
        words = _(
            "It has left already, so the address on the parcel cannot be changed any more."
            " Whoever carries it may send it elsewhere: ask them with the number of the parcel."
        )
    else:
        words = _("Nothing of this order waits for a parcel, so there is no address to change.")
    return str(words)


def _too_late() -> str:
    words = _(
        "It cannot be called off here any more: its time is over, or it is being packed."
        " You may still send it back when it is with you."
    )
    return str(words)
