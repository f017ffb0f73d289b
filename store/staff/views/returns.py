"""Returns: what readers would like to send back, decided, counted, and made good."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import db, end_reading, writing
from store.errors import InvalidError, StoreError
from store.inventory.stock import OutOfStockError
from store.money import Money
from store.orders.gift_cards import CardSpentError
from store.orders.models import Refund, RefundStatus
from store.orders.refund_plans import (
    OverRefundError,
    RefundPlan,
    StaleRefundError,
    gone_back,
    shipping_left,
)
from store.orders.refunding import send_refund
from store.orders.returning.asking import TooManyUnitsError
from store.orders.returning.deciding import LONGEST_WORDS, DecidedError
from store.orders.returning.exchanging import SwapGoneError
from store.orders.returning.giving_back import Giving, plan_for, reopen
from store.orders.returning.models import Return
from store.orders.returning.presenting import shown_return
from store.payments.gateway import GatewayRefusedError, GatewayUnknownError
from store.staff import changes
from store.staff.audit import Actor, history
from store.staff.forms.returns import ApproveForm, ArrivedForm, DeclineForm, GiveBackForm
from store.staff.order_words import RETURNS
from store.staff.permissions import may, signed_in, wants_fresh_factor
from store.staff.returns import (
    Which,
    approve,
    decline,
    give_back,
    known_return,
    last_instructions,
    returns,
    swap,
    take_in,
    thing_of,
    waiting_returns,
)
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.undoing import UNDOING
from store.web.doors import services

blueprint = Blueprint("returns", __name__, url_prefix="/returns")


@blueprint.get("/")
@may(Permission.SEE_ORDERS)
def index() -> str:
    asked = request.args.get("view", "")
    which = Which(asked) if asked in set(Which) else Which.WAITING
    part = returns(which, request.args.get("at", ""))
    return render_template(
        "staff/returns/returns.html",
        part=part,
        which=which,
        waiting=sum(waiting_returns().values()),
        shown=[shown_return(one, services().settings) for one in part.rows],
        states=RETURNS,
    )


@blueprint.get("/<int:return_id>")
@may(Permission.SEE_ORDERS)
def one(return_id: int) -> str:
    return _page(known_return(return_id))


@blueprint.post("/<int:return_id>/approval")
@may(Permission.SHIP)
def take(return_id: int) -> ResponseReturnValue:
    form, actor = ApproveForm(request.form), Actor.of(signed_in())
    if not form.validate():
        return _page(known_return(return_id), approve_form=form), 422
    try:
        with writing():
            approve(return_id, form.instructions.data or "", services(), actor)
    except StoreError as refused:
        return _refused(return_id, refused)
    say(_("Approved. The reader is mailed how to send it."))
    return _back(return_id)


@blueprint.post("/<int:return_id>/refusal")
@may(Permission.SHIP)
def refuse(return_id: int) -> ResponseReturnValue:
    form, actor = DeclineForm(request.form), Actor.of(signed_in())
    if not form.validate():
        return _page(known_return(return_id), decline_form=form), 422
    try:
        with writing():
            decline(return_id, form.refusal.data or "", services(), actor)
    except StoreError as refused:
        return _refused(return_id, refused)
    say(_("Declined. The reader is mailed why."))
    return _back(return_id)


@blueprint.post("/<int:return_id>/arrival")
@may(Permission.SHIP)
def count(return_id: int) -> ResponseReturnValue:
    asked, actor = known_return(return_id), Actor.of(signed_in())
    form = ArrivedForm.read_from(request.form, asked)
    if form.wrong:
        return _page(asked, arrived_form=form), 422
    try:
        with writing():
            take_in(return_id, form.read, services(), actor)
    except StoreError as refused:
        return _refused(return_id, refused)
    say(_("Counted. What is good lies on the shelf again."))
    return _back(return_id)


@blueprint.post("/<int:return_id>/exchange")
@may(Permission.SHIP)
def send_other(return_id: int) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    try:
        with writing():
            number = swap(return_id, services(), actor)
    except StoreError as refused:
        return _refused(return_id, refused)
    say(_("Order %(number)s sends the other one; it waits to be packed.", number=number))
    return _back(return_id)


@blueprint.get("/<int:return_id>/refund")
@may(Permission.REFUND)
@wants_fresh_factor
def refund(return_id: int) -> str:
    asked = known_return(return_id)
    return _refund_page(asked, GiveBackForm(data={"seen": gone_back(asked.order)}))


@blueprint.post("/<int:return_id>/refund")
@may(Permission.REFUND)
@wants_fresh_factor
def preview_refund(return_id: int) -> ResponseReturnValue:
    """Say what would go back; nothing is asked of anybody yet."""
    asked, form = known_return(return_id), GiveBackForm(request.form)
    giving = form.to_giving(asked)
    if giving is None:
        return _refund_page(asked, form), 422
    try:
        plan_for(asked, giving)
    except StoreError as refused:
        return _refund_page(asked, form, alert=_words(refused)), 409
    return _refund_page(asked, form, giving=giving)


@blueprint.post("/<int:return_id>/refunds")
@may(Permission.REFUND)
@wants_fresh_factor
def give(return_id: int) -> ResponseReturnValue:
    asked, form, actor = known_return(return_id), GiveBackForm(request.form), Actor.of(signed_in())
    giving = form.to_giving(asked)
    if giving is None:
        return _refund_page(asked, form), 422
    try:
        with writing():
            refund_id = give_back(return_id, giving, services(), actor)
    except StoreError as refused:
        end_reading()
        return _refund_page(known_return(return_id), form, alert=_words(refused)), 409
    return _sent(return_id, refund_id)


def _sent(return_id: int, refund_id: int) -> ResponseReturnValue:
    try:
        send_refund(refund_id, services())
    except (GatewayUnknownError, GatewayRefusedError):
        db.session.rollback()
        if db.session.get_one(Refund, refund_id).status == RefundStatus.FAILED:
            with writing():
                reopen(return_id, refund_id, services())
            words = _("Stripe refused the refund, and no money moved. The order says why.")
            return _page(known_return(return_id), alert=words), 409
        say(_("Stripe has not answered. The refund is written down and asked for again by itself."))
        return _back(return_id)
    say(_("The money is on its way back."))
    return _back(return_id)


def _back(return_id: int) -> ResponseReturnValue:
    return redirect(url_for("returns.one", return_id=return_id), 303)


def _refused(return_id: int, refused: StoreError) -> ResponseReturnValue:
    end_reading()
    status = 422 if isinstance(refused, InvalidError) else 409
    return _page(known_return(return_id), alert=_words(refused)), status


def _words(refused: StoreError) -> str:
    match refused:
        case DecidedError():
            words = _("Somebody has decided about it already, or its reader withdrew it.")
        case OutOfStockError():
            words = _(
                "The other one is not there any more. Give money back, or wait for a delivery."
            )
        case SwapGoneError():
            words = _("The other one is not sold any more. Give money back instead.")
        case TooManyUnitsError():
            words = _("By our books fewer units of it can come back: some were taken in before.")
        case StaleRefundError():
            words = _("Money went back since you opened this page. Look at the amounts again.")
        case CardSpentError():
            words = _(
                "A gift card among it was spent, or is being spent: its price cannot go back."
            )
        case OverRefundError():
            words = _("That is more than is left to give back of it.")
        case _:
            words = _("It cannot be done as it stands.")
    return str(words)


def _page(
    asked: Return,
    *,
    alert: str = "",
    approve_form: ApproveForm | None = None,
    decline_form: DeclineForm | None = None,
    arrived_form: ArrivedForm | None = None,
) -> str:
    return render_template(
        "staff/returns/return.html",
        asked=asked,
        order=asked.order,
        shown=shown_return(asked, services().settings),
        state=RETURNS[asked.state],
        alert=alert,
        approve_form=approve_form or ApproveForm(data={"instructions": last_instructions()}),
        decline_form=decline_form or DeclineForm(),
        arrived_form=arrived_form or ArrivedForm.of(asked),
        longest=LONGEST_WORDS,
        changes=changes.shown(history(thing_of(asked), limit=20), UNDOING, may_undo=False),
    )


def _refund_page(
    asked: Return, form: GiveBackForm, *, giving: Giving | None = None, alert: str = ""
) -> str:
    order = asked.order
    if alert:
        # Whoever asks again has seen by now what went back.
        form.seen.data = str(gone_back(order))
    plan: RefundPlan | None = plan_for(asked, giving) if giving else None
    return render_template(
        "staff/returns/refund.html",
        asked=asked,
        order=order,
        shown=shown_return(asked, services().settings),
        shipping=Money(max(0, shipping_left(order)), order.currency),
        form=form,
        plan=plan,
        alert=alert,
    )
