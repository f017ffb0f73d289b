"""Money for what came back, by the plan that all refunds follow."""

from dataclasses import dataclass

from sqlalchemy import update

from store.database import db
from store.money import Money
from store.orders.models import Refund
from store.orders.refund_plans import RefundPlan, RefundWish, plan_refund, want_undisputed
from store.orders.refunding import write_refund
from store.orders.returning.deciding import step, trace
from store.orders.returning.models import Return, ReturnState
from store.services import Services


@dataclass(frozen=True, slots=True)
class Giving:
    """What goes back for a return: its units, or less; with shipping, or without it."""

    amount: Money | None = None
    shipping: bool = False
    seen: int | None = None


def plan_for(asked: Return, giving: Giving) -> RefundPlan:
    """Return what would go back; raises what plan_refund raises, and DisputedError."""
    want_undisputed(asked.order)
    return plan_refund(asked.order, _wish(asked, giving))


def write_return_refund(asked: Return, giving: Giving, services: Services, *, actor: str) -> Refund:
    """Write the refund of a return of a locked order; send_refund asks for it next. Flushes only.

    Raises DecidedError and what plan_refund raises.
    """
    refund = write_refund(asked.order, _wish(asked, giving), services, actor=actor[:80])
    db.session.flush()
    step(asked, ReturnState.REFUNDED, services, refund_id=refund.id)
    trace(asked, "return_refunded", services, actor=actor, amount_minor=refund.amount_minor)
    return refund


def reopen(return_id: int, refund_id: int, services: Services) -> None:
    """Let a return wait again whose refund Stripe would not make; flushes only."""
    db.session.execute(
        update(Return)
        .where(Return.id == return_id, Return.refund_id == refund_id)
        .values(state=ReturnState.RECEIVED, refund_id=None, updated_at=services.clock.now())
    )


def _wish(asked: Return, giving: Giving) -> RefundWish:
    return RefundWish(
        amount=giving.amount,
        units={line.order_line_id: line.received for line in asked.lines if line.received},
        shipping=giving.shipping,
        reason=f"return {asked.id}",
        leaves_goods=True,
        seen=giving.seen,
    )
