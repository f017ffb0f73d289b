"""Where a reader asks to send something back, and takes that wish back."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import end_reading, writing
from store.orders.cancelling import READER
from store.orders.forms import ReturnForm
from store.orders.models import Order
from store.orders.queries import locked_order
from store.orders.returning.asking import (
    NoSuchSwapError,
    TooManyReturnsError,
    TooManyUnitsError,
    ask_for_return,
)
from store.orders.returning.deciding import DecidedError, return_of, withdraw
from store.orders.returning.presenting import REASONS
from store.orders.returning.swapping import is_replacement, swaps_for
from store.orders.returning.windows import last_moment, return_days, returnable_now
from store.orders.views.blueprint import back_to, blueprint, key_given, opened
from store.orders.views.order import order_page
from store.web.doors import services

EMPTY = ReturnForm()


@blueprint.get("/orders/<number>/returns")
def new_return(number: str) -> ResponseReturnValue:
    order = opened(number)
    if not any(returnable_now(order, services()).values()):
        return order_page(order, alert=_nothing_left(order)), 409
    return _page(order, EMPTY)


@blueprint.post("/orders/<number>/returns")
def ask_return(number: str) -> ResponseReturnValue:
    order = opened(number)
    form = ReturnForm.read(request.form, returnable_now(order, services()))
    if form.wrong:
        return _page(order, form), 422
    order_id = order.id
    try:
        with writing():
            ask_for_return(locked_order(order_id), form.wished, form.note, services())
    except TooManyUnitsError:
        words = _("Less may come back by now than you named. This is how it stands.")
        return _refused(number, form, words)
    except NoSuchSwapError:
        words = _("What you would like instead is not there any more. Choose again.")
        return _refused(number, form, words)
    except TooManyReturnsError:
        words = _("This order has many returns already. Answer any of our mails instead.")
        return _refused(number, form, words)
    return back_to(opened(number), "return")


@blueprint.post("/orders/<number>/returns/<int:return_id>/withdrawal")
def withdraw_return(number: str, return_id: int) -> ResponseReturnValue:
    order_id = opened(number).id
    try:
        with writing():
            asked = return_of(locked_order(order_id), return_id)
            withdraw(asked, services(), actor=READER)
    except DecidedError:
        end_reading()
        words = _("That return has moved on, so it cannot be withdrawn. This is how it stands.")
        return order_page(opened(number), alert=words), 409
    return back_to(opened(number), "withdrawn")


def _refused(number: str, form: ReturnForm, alert: str) -> ResponseReturnValue:
    end_reading()
    order = opened(number)
    if not any(returnable_now(order, services()).values()):
        return order_page(order, alert=_nothing_left(order)), 409
    return _page(order, form, alert=alert), 409


def _page(order: Order, form: ReturnForm, *, alert: str = "") -> str:
    most, swaps = returnable_now(order, services()), swaps_for(order)
    return render_template(
        "orders/return.html",
        number=order.number,
        key=key_given(),
        lines=[line for line in order.lines if most.get(line.id)],
        most=most,
        swaps=swaps,
        reasons=[("", _("Choose")), *((why.value, words) for why, words in REASONS.items())],
        gives_money=not is_replacement(order),
        form=form,
        alert=alert or form.wrong.get("", ""),
    )


def _nothing_left(order: Order) -> str:
    last = last_moment(order, services())
    if last is not None and last < services().clock.now():
        words = _(
            "The %(days)s days for sending back are over. If something is faulty you have rights"
            " beyond them: answer any of our mails, and a person reads it.",
            days=return_days(services()),
        )
    elif last is None:
        words = _("Nothing of this order has left yet, so there is nothing to send back.")
    else:
        words = _("Everything that was sent has come back, is coming back, or was refunded.")
    return str(words)
