"""Refunds that did not arrive, and the ways on: again, by other means, or put aside."""

from collections.abc import Callable

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from store.database import db, end_reading, writing
from store.errors import NotFoundError, StoreError
from store.orders.bounced.remedying import (
    LONGEST_NOTE,
    BlankNoteError,
    RemediedError,
    drop,
    give_again,
    lost_refund,
    lost_refunds,
    pay_otherwise,
)
from store.orders.models import Order, Refund, RefundStatus
from store.orders.queries import locked_order
from store.orders.refund_plans import DisputedError, OverRefundError
from store.staff.audit import Actor, record
from store.staff.changes import money_value
from store.staff.order_words import REFUNDS
from store.staff.parcels import thing_of
from store.staff.permissions import may, signed_in, wants_fresh_factor
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.views.orders.blueprint import back_to, blueprint, found
from store.staff.views.orders.money import sent
from store.staff.views.orders.sheet import refused_page
from store.web.doors import services

MOST_LISTED = 200
Verb = Callable[[Order, str], int | None]


@blueprint.get("/failed-refunds")
@may(Permission.REFUND)
def failed_refunds() -> str:
    wanted = lost_refunds().options(selectinload(Refund.order)).order_by(Refund.id)
    return render_template(
        "staff/orders/failed_refunds.html",
        refunds=db.session.scalars(wanted.limit(MOST_LISTED)).all(),
        states=REFUNDS,
    )


@blueprint.get("/<number>/refunds/<int:refund_id>/ways-on")
@may(Permission.REFUND)
@wants_fresh_factor
def ways_on(number: str, refund_id: int) -> ResponseReturnValue:
    order = found(number)
    try:
        lost_refund(order, refund_id)
    except RemediedError:
        return refused_page(number, _words(RemediedError()))
    return _page(order, refund_id)


@blueprint.post("/<number>/refunds/<int:refund_id>/again")
@may(Permission.REFUND)
@wants_fresh_factor
def refund_again(number: str, refund_id: int) -> ResponseReturnValue:
    def again(order: Order, actor: str) -> int:
        return give_again(order, refund_id, services(), actor=actor).id

    answer = _do(number, refund_id, again, "order.refunded_again")
    return sent(number, answer) if isinstance(answer, int) else answer


@blueprint.post("/<number>/refunds/<int:refund_id>/other-means")
@may(Permission.REFUND)
@wants_fresh_factor
def refund_otherwise(number: str, refund_id: int) -> ResponseReturnValue:
    def otherwise(order: Order, actor: str) -> int:
        return pay_otherwise(order, refund_id, _note(), services(), actor=actor).id

    answer = _do(number, refund_id, otherwise, "order.paid_otherwise")
    if not isinstance(answer, int):
        return answer
    say(_("Noted as paid. The reader is mailed, and it counts as every refund does."))
    return back_to(number, "refunds")


@blueprint.post("/<number>/refunds/<int:refund_id>/aside")
@may(Permission.REFUND)
@wants_fresh_factor
def refund_aside(number: str, refund_id: int) -> ResponseReturnValue:
    def aside(order: Order, actor: str) -> int:
        drop(order, refund_id, _note(), services(), actor=actor)
        return refund_id

    answer = _do(number, refund_id, aside, "order.refund_dropped")
    if not isinstance(answer, int):
        return answer
    say(_("Put aside. No money moved."))
    return back_to(number, "refunds")


def _do(
    number: str, refund_id: int, verb: Callable[[Order, str], int], act: str
) -> int | ResponseReturnValue:
    """Do it with its trace, in one scope; return what it made, or the page that says why not."""
    order, actor, doors = found(number), Actor.of(signed_in()), services()
    order_id = order.id
    try:
        with writing():
            order = locked_order(order_id)
            made = verb(order, actor.name)
            refund = db.session.get_one(Refund, refund_id)
            told = {"amount": money_value(refund.amount), "note": _note()}
            record(actor, act, thing_of(order), clock=doors.clock, after=told)
    except BlankNoteError:
        end_reading()
        return _page(found(number), refund_id, error_of=act), 422
    except NotFoundError:
        raise
    except StoreError as refused:
        return refused_page(number, _words(refused))
    return made


def _note() -> str:
    return " ".join(request.form.get("note", "").split())[:LONGEST_NOTE]


def _words(refused: StoreError) -> str:
    match refused:
        case RemediedError():
            words = _("Something was done about that refund already. This is how it stands.")
        case DisputedError():
            words = _("The payment is disputed: the bank has the money, so none may go back.")
        case OverRefundError():
            words = _("Less is left to give back by now than that refund was. Look at the amounts.")
        case _:
            words = _("It cannot be done as it stands.")
    return str(words)


def _page(order: Order, refund_id: int, *, error_of: str = "") -> str:
    refund = next((refund for refund in order.refunds if refund.id == refund_id), None)
    if refund is None:
        raise NotFoundError(f"order {order.number} has no refund {refund_id}")
    titles = {line.id: line.title for line in order.lines}
    return render_template(
        "staff/orders/ways_on.html",
        order=order,
        refund=refund,
        state=REFUNDS[RefundStatus(refund.status)],
        contents=[(part.quantity, titles[part.order_line_id]) for part in refund.lines],
        note=_note(),
        error_of=error_of,
        error=_("Say how or why first.") if error_of else "",
        longest=LONGEST_NOTE,
    )
