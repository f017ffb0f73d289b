"""Money back, parked orders, and orders that are let go: looked at first, then done once."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.checkout.paying import PaymentMadeError, PayPageUnknownError
from store.checkout.staffing import release_hold, take_as_paid
from store.database import db, writing
from store.errors import ConflictError, InvalidError, StoreError
from store.money import Money
from store.orders.cancelling import cancel
from store.orders.gift_cards import CardSpentError
from store.orders.lifecycle import StepRefusedError, note
from store.orders.models import Order, OrderState, Refund, RefundStatus
from store.orders.queries import locked_order
from store.orders.refund_plans import (
    DisputedError,
    OverRefundError,
    RefundPlan,
    RefundWish,
    StaleRefundError,
    UndecidedError,
    gone_back,
    left_to_give,
    plan_refund,
    shipping_left,
    units_left,
    want_undisputed,
)
from store.orders.refund_split import shares_of
from store.orders.refunding import send_refund, write_refund
from store.payments.gateway import GatewayRefusedError, GatewayUnknownError
from store.staff.audit import Actor, record
from store.staff.changes import money_value
from store.staff.forms.orders import RefundForm, Units, read_units
from store.staff.parcels import thing_of
from store.staff.permissions import may, signed_in, wants_fresh_factor
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.views.orders.blueprint import back_to, blueprint, found
from store.staff.views.orders.sheet import refused_page
from store.web.doors import services

NO_UNITS = Units({}, {}, {})


@blueprint.get("/<number>/refund")
@may(Permission.REFUND)
@wants_fresh_factor
def refund(number: str) -> str:
    order = found(number)
    how = request.args.get("how", "")
    asked = {"how": how, "amount": request.args.get("amount", "")[:20]} if how else {}
    form = RefundForm(data={"seen": gone_back(order), **asked})
    return _refund_page(order, form, NO_UNITS)


@blueprint.post("/<number>/refund")
@may(Permission.REFUND)
@wants_fresh_factor
def preview_refund(number: str) -> ResponseReturnValue:
    """Say what would go back; nothing is asked of anybody yet."""
    order, form = found(number), RefundForm(request.form)
    units, wish = _read(order, form)
    if wish is None:
        return _refund_page(order, form, units), 422
    try:
        want_undisputed(order)
        plan = plan_refund(order, wish)
    except StoreError as refused:
        status = 409 if isinstance(refused, StaleRefundError) else 422
        return _refund_page(order, form, units, alert=_refusal(refused)), status
    return _refund_page(order, form, units, plan=plan)


@blueprint.post("/<number>/refunds")
@may(Permission.REFUND)
@wants_fresh_factor
def give_back(number: str) -> ResponseReturnValue:
    order, form, actor = found(number), RefundForm(request.form), Actor.of(signed_in())
    units, wish = _read(order, form)
    if wish is None:
        return _refund_page(order, form, units), 422
    try:
        refund_id = _write(order.id, wish, actor)
    except (ConflictError, InvalidError) as refused:
        return _refund_page(found(number), form, units, alert=_refusal(refused)), 409
    return sent(number, refund_id)


@blueprint.post("/<number>/acceptance")
@may(Permission.REFUND)
@wants_fresh_factor
def accept(number: str) -> ResponseReturnValue:
    order, actor, doors = found(number), Actor.of(signed_in()), services()
    order_id, reason = order.id, order.parked_reason
    try:
        with writing():
            order = locked_order(order_id)
            take_as_paid(order, doors, actor=actor.name[:80])
            record(
                actor,
                "order.accepted",
                thing_of(order),
                clock=doors.clock,
                before={"state": OrderState.PARKED.value, "reason": reason},
                after={"state": OrderState.PAID.value, "reason": reason},
            )
    except StepRefusedError:
        return refused_page(number, _("Somebody has decided about it already."))
    say(_("Accepted as it was paid. The reader has a confirmation on its way."))
    return back_to(number)


@blueprint.post("/<number>/release")
@may(Permission.REFUND)
def release(number: str) -> ResponseReturnValue:
    """Close the pay page of an order that nobody has paid, and put its units back on sale."""
    order, actor = found(number), Actor.of(signed_in())
    before = str(order.state)
    try:
        release_hold(order, services())
    except PaymentMadeError:
        return refused_page(number, _("The payment came first, or is under way with the bank."))
    except PayPageUnknownError:
        words = _("Stripe does not answer, so the pay page may still be open. Try again soon.")
        return refused_page(number, words, 503)
    _trace_end(number, "order.released", before, actor, "released")
    say(_("Its pay page is closed and its units are back on sale."))
    return back_to(number)


@blueprint.post("/<number>/cancellation")
@may(Permission.REFUND)
@wants_fresh_factor
def cancel_free(number: str) -> ResponseReturnValue:
    """End an order that cost nothing; one that was paid for is ended by a refund."""
    order_id, actor, doors = found(number).id, Actor.of(signed_in()), services()
    try:
        with writing():
            order = locked_order(order_id)
            cancel(order, doors, actor=actor.name)
            record(
                actor,
                "order.cancelled",
                thing_of(order),
                clock=doors.clock,
                before={"state": OrderState.PAID.value},
                after={"state": OrderState.REFUNDED.value},
            )
    except ConflictError:
        return refused_page(number, _("It was paid for, or has begun to leave: refund it instead."))
    say(_("Cancelled; its units are back on sale."))
    return back_to(number)


def _read(order: Order, form: RefundForm) -> tuple[Units, RefundWish | None]:
    units = read_units(request.form, {line.id: units_left(order, line) for line in order.lines})
    is_sound = form.validate() and not units.wrong
    return units, form.to_wish(order, units) if is_sound else None


def _write(order_id: int, wish: RefundWish, actor: Actor) -> int:
    """Write the refund down with its trace, in one scope; Stripe is asked afterwards."""
    doors = services()
    with writing():
        order = locked_order(order_id)
        refund = write_refund(order, wish, doors, actor=actor.name[:80])
        record(
            actor,
            "order.refunded",
            thing_of(order),
            clock=doors.clock,
            after=_told(order, refund),
        )
        return refund.id


def _told(order: Order, refund: Refund) -> dict[str, object]:
    titles = {line.id: line.title for line in order.lines}
    return {
        "amount": money_value(refund.amount),
        "lines": [f"{part.quantity} × {titles[part.order_line_id]}" for part in refund.lines],
        "returns": refund.restocks,
        "reason": refund.reason,
    }


def sent(number: str, refund_id: int) -> ResponseReturnValue:
    """Ask Stripe for a refund that is written, and say what came of it."""
    try:
        send_refund(refund_id, services())
    except (GatewayUnknownError, GatewayRefusedError):
        if _status(refund_id) is RefundStatus.PENDING:
            words = _(
                "Stripe has not answered. The refund is written down and asked for again within"
                " five minutes, once and no more; there is nothing to repeat by hand."
            )
            say(words)
            return back_to(number, "refunds")
        words = _("Stripe refused the refund, and no money moved. The timeline says why.")
        return refused_page(number, words)
    say(_("The money is on its way back."))
    return back_to(number, "refunds")


def _status(refund_id: int) -> RefundStatus:
    db.session.rollback()
    return RefundStatus(db.session.get_one(Refund, refund_id).status)


def _trace_end(number: str, act: str, before: str, actor: Actor, because: str) -> None:
    doors = services()
    with writing():
        order = locked_order(found(number).id)
        note(order, because, doors.clock, actor=actor.name[:80])
        thing, after = thing_of(order), {"state": str(order.state)}
        record(actor, act, thing, clock=doors.clock, before={"state": before}, after=after)


def _refusal(refused: StoreError) -> str:
    match refused:
        case StaleRefundError():
            words = _("Money went back since you opened this page. Look at the amounts again.")
        case DisputedError():
            words = _(
                "The payment is disputed: the bank has the money, or may take it, and Stripe"
                " refuses to give it back a second time. Answer the dispute, or accept it."
            )
        case UndecidedError():
            words = _(
                "It waits for a decision: accept it first, or give back an amount or whole lines."
            )
        case CardSpentError():
            words = _(
                "A gift card among it was spent, or is being spent: its price cannot go back."
            )
        case OverRefundError():
            words = _("That is more than is left to give back. Look at the amounts again.")
        case _:
            words = _("Nothing can be given back as it stands: it is not paid, or all is back.")
    return str(words)


def _refund_page(
    order: Order,
    form: RefundForm,
    units: Units,
    *,
    plan: RefundPlan | None = None,
    alert: str = "",
) -> str:
    if alert:
        # Whoever asks again has seen by now what went back.
        form.seen.data = str(gone_back(order))
    return render_template(
        "staff/orders/refund.html",
        order=order,
        left=Money(left_to_give(order), order.currency),
        given_back=Money(gone_back(order), order.currency),
        shipping=Money(max(0, shipping_left(order)), order.currency),
        form=form,
        units=units,
        most={line.id: units_left(order, line) for line in order.lines},
        plan=plan,
        shares=shares_of(order, plan.amount.minor) if plan else (),
        alert=alert,
    )
