"""Paid, and gone: what readers still have to choose, and choosing for one of them."""

from datetime import date

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import end_reading, writing
from store.errors import StoreError
from store.mail.letterhead import branded
from store.orders.models import Order
from store.orders.queries import locked_order
from store.orders.refund_plans import DisputedError
from store.orders.shortage.choosing import SwapSoldOutError, choose
from store.orders.shortage.expecting import expect
from store.orders.shortage.forms import ChoiceForm
from store.orders.shortage.presenting import shown_shortfalls
from store.orders.shortage.standing import all_live_shortfalls, live_shortfalls
from store.orders.shortage.tending import send_all
from store.staff.audit import Actor, record
from store.staff.order_words import SHORTFALLS
from store.staff.parcels import thing_of
from store.staff.permissions import may, signed_in, wants_fresh_factor
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.views.orders.blueprint import back_to, blueprint, found
from store.web.doors import services

MOST_LISTED = 200
EMPTY = ChoiceForm()


@blueprint.get("/missing")
@may(Permission.SHIP)
def all_missing() -> str:
    return render_template(
        "staff/orders/all_missing.html",
        rows=all_live_shortfalls(MOST_LISTED),
        states=SHORTFALLS,
        now=services().clock.now(),
    )


@blueprint.get("/<number>/missing")
@may(Permission.SHIP)
def missing(number: str) -> str:
    return _page(found(number), EMPTY)


@blueprint.post("/<number>/missing")
@may(Permission.REFUND)
@wants_fresh_factor
def choose_missing(number: str) -> ResponseReturnValue:
    """Do what staff choose for a reader, as if she had."""
    order, actor, doors = found(number), Actor.of(signed_in()), services()
    form = ChoiceForm.read(request.form, [one.id for one in live_shortfalls(order)])
    if form.wrong:
        return _page(order, form), 422
    order_id = order.id
    try:
        with writing():
            order = locked_order(order_id)
            refunds = choose(order, form.chosen, doors, actor=actor.name)
            told = {"choice": [str(pick.choice) for pick in form.chosen]}
            record(actor, "order.missing_chosen", thing_of(order), clock=doors.clock, after=told)
    except StoreError as refused:
        end_reading()
        return _page(found(number), form, alert=_words(refused)), 409
    send_all(refunds, doors)
    say(_("Done, and the reader is mailed what happens."))
    return back_to(number)


@blueprint.post("/<number>/missing/expected")
@may(Permission.SHIP)
def expect_missing(number: str) -> ResponseReturnValue:
    """Tell readers when the next delivery is expected: everybody who lacks the same variant."""
    order, actor, doors = found(number), Actor.of(signed_in()), services()
    day, order_id = _day(request.form.get("expected", "")), order.id
    shortfall_id = request.form.get("shortfall", "")
    rows = {str(one.id): one.id for one in live_shortfalls(order)}
    if shortfall_id not in rows or (request.form.get("expected") and day is None):
        return _page(order, EMPTY, alert=_("Write a day such as 2027-01-31.")), 422
    with writing():
        order = locked_order(order_id)
        number_of_readers = expect(rows[shortfall_id], day)
        told = {"expected": day.isoformat() if day else ""}
        record(actor, "order.expected", thing_of(order), clock=doors.clock, after=told)
    say(_("Readers who lack it see that: %(number)s.", number=number_of_readers))
    return back_to(number)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _words(refused: StoreError) -> str:
    match refused:
        case SwapSoldOutError():
            words = _("What was chosen instead is sold out by now. Nothing was done: choose again.")
        case DisputedError():
            words = _("The payment is disputed: the bank has the money, so none may go back.")
        case _:
            words = _("It was decided meanwhile, or cannot be done. This is how it stands.")
    return str(words)


def _page(order: Order, form: ChoiceForm, *, alert: str = "") -> str:
    doors = services()
    rows = shown_shortfalls(order, branded(doors.settings), doors.clock, has_offers=True)
    return render_template(
        "staff/orders/missing.html",
        order=order,
        rows=[one for one in rows if one.is_live],
        done=[one for one in rows if not one.is_live],
        states=SHORTFALLS,
        form=form,
        alert=alert or form.wrong.get("", ""),
        back=url_for("orders.sheet", number=order.number),
    )
