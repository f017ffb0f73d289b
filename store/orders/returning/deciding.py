"""What becomes of a return that was asked for: taken, declined, or withdrawn by its reader."""

from sqlalchemy import select, update

from store.database import db
from store.errors import ConflictError, InvalidError, NotFoundError
from store.orders.lifecycle import note
from store.orders.models import Order, OrderLine
from store.orders.returning.messages import mail_approved, mail_declined
from store.orders.returning.models import NEXT, Return, ReturnState
from store.services import Services

LONGEST_WORDS = 2_000


class DecidedError(ConflictError):
    """The return stands where this step cannot be taken, or stood there when it was tried."""


class BlankWordsError(InvalidError):
    """Whoever takes something back says how, and whoever does not says why."""


def return_of(order: Order, return_id: int) -> Return:
    """Return one return of an order as it is now; NotFoundError for any other."""
    found = db.session.scalar(
        select(Return)
        .where(Return.id == return_id, Return.order_id == order.id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFoundError(f"order {order.number} has no return {return_id}")
    return found


def approve(asked: Return, instructions: str, services: Services, *, actor: str) -> None:
    """Take a return and mail how to send it; raises BlankWordsError, DecidedError. Flushes only."""
    words = _said(instructions)
    step(asked, ReturnState.APPROVED, services, instructions=words)
    trace(asked, "return_approved", services, actor=actor)
    mail_approved(asked, services)


def decline(asked: Return, refusal: str, services: Services, *, actor: str) -> None:
    """Say no, and why; raises BlankWordsError, DecidedError. Flushes only."""
    words = _said(refusal)
    step(asked, ReturnState.DECLINED, services, refusal=words)
    let_go(asked, {line.order_line_id: line.quantity for line in asked.lines})
    trace(asked, "return_declined", services, actor=actor)
    mail_declined(asked, services)


def withdraw(asked: Return, services: Services, *, actor: str) -> None:
    """Let a reader keep what she meant to send; raises DecidedError. Flushes only."""
    step(asked, ReturnState.WITHDRAWN, services)
    let_go(asked, {line.order_line_id: line.quantity for line in asked.lines})
    trace(asked, "return_withdrawn", services, actor=actor)


def step(asked: Return, to: ReturnState, services: Services, **values: object) -> None:
    """Move a return in one conditional statement; else DecidedError."""
    before = [state for state, following in NEXT.items() if to in following]
    moved = db.session.scalar(
        update(Return)
        .where(Return.id == asked.id, Return.state.in_(before))
        .values(state=to, updated_at=services.clock.now(), **values)
        .returning(Return.id)
    )
    if moved is None:
        raise DecidedError(f"return {asked.id} is {asked.state}, and cannot become {to}")


def let_go(asked: Return, units: dict[int, int]) -> None:
    """Count units of these lines as staying with the reader."""
    for line_id, number in sorted(units.items()):
        if number:
            db.session.execute(
                update(OrderLine)
                .where(OrderLine.id == line_id, OrderLine.order_id == asked.order_id)
                .values(coming_back=OrderLine.coming_back - number)
            )


def trace(asked: Return, kind: str, services: Services, *, actor: str, **detail: object) -> None:
    """Put a step on the order's timeline."""
    note(asked.order, kind, services.clock, actor=actor[:80], **{"return": asked.id}, **detail)


def _said(words: str) -> str:
    kept = words.strip()[:LONGEST_WORDS]
    if not kept:
        raise BlankWordsError("nothing was said")
    return kept
