"""The ways on when a refund did not arrive: ask again, pay by other means, or put it aside."""

from collections.abc import Sequence

from sqlalchemy import Select, exists, select, text
from sqlalchemy.orm import aliased

from store.database import db
from store.errors import ConflictError, InvalidError, NotFoundError
from store.orders.bounced.models import How, Remedy
from store.orders.lifecycle import note
from store.orders.models import IS_LOST, Order, Refund, RefundStatus
from store.orders.refund_plans import RefundWish
from store.orders.refunding import write_paid_otherwise, write_refund
from store.services import Services

LONGEST_NOTE = 400
NOT_LOST = (RefundStatus.PENDING, RefundStatus.REQUIRES_ACTION, RefundStatus.SUCCEEDED)


class RemediedError(ConflictError):
    """Something was done about this refund already, or it did not fail."""


class BlankNoteError(InvalidError):
    """Whoever pays by other means, or puts a refund aside, says how or why."""


def lost_refund(order: Order, refund_id: int) -> Refund:
    """Return a refund of an order that failed and that nothing was done about.

    Raises NotFoundError, RemediedError.
    """
    refund = next((refund for refund in order.refunds if refund.id == refund_id), None)
    if refund is None:
        raise NotFoundError(f"order {order.number} has no refund {refund_id}")
    if RefundStatus(refund.status).gives_back or remedy_of(refund_id) is not None:
        raise RemediedError(f"refund {refund_id} needs no remedy")
    return refund


def remedy_of(refund_id: int) -> Remedy | None:
    return db.session.get(Remedy, refund_id, populate_existing=True)


def give_again(order: Order, refund_id: int, services: Services, *, actor: str) -> Refund:
    """Write the refund of a locked order anew, which send_refund asks for next; flushes only.

    Raises RemediedError and what plan_refund raises.
    """
    lost = lost_refund(order, refund_id)
    again = write_refund(order, _wish(lost), services, actor=actor[:80])
    _remember(lost, How.AGAIN, again, services, actor=actor)
    return again


def pay_otherwise(
    order: Order, refund_id: int, words: str, services: Services, *, actor: str
) -> Refund:
    """Note that the money of a locked order was paid by other means; flushes only.

    Raises BlankNoteError, RemediedError and what plan_refund raises.
    """
    said, lost = _said(words), lost_refund(order, refund_id)
    paid = write_paid_otherwise(order, _wish(lost), services, actor=actor[:80])
    paid.reason = said[:200]
    _remember(lost, How.OTHERWISE, paid, services, actor=actor, words=said)
    return paid


def drop(order: Order, refund_id: int, words: str, services: Services, *, actor: str) -> None:
    """Put a refund aside that is owed to nobody any more; raises BlankNoteError, RemediedError."""
    said, lost = _said(words), lost_refund(order, refund_id)
    _remember(lost, How.DROPPED, None, services, actor=actor, words=said)
    note(order, "refund_dropped", services.clock, actor=actor[:80], why=said)


def lost_refunds() -> Select[Refund]:
    """Select the refunds that failed and that nothing was done about.

    What was given again from the page of its order is done: the same money or more, later.
    """
    later = aliased(Refund)
    was_given = exists().where(
        later.order_id == Refund.order_id,
        later.id > Refund.id,
        later.amount_minor >= Refund.amount_minor,
        later.status.in_(NOT_LOST),
    )
    was_remedied = exists().where(Remedy.refund_id == Refund.id)
    return select(Refund).where(text(f"refund.{IS_LOST}"), ~was_given, ~was_remedied)


def remedies_of(order: Order) -> dict[int, Remedy]:
    """Return what was done about the refunds of an order, by refund."""
    rows: Sequence[Remedy] = db.session.scalars(
        select(Remedy)
        .join(Refund, Refund.id == Remedy.refund_id)
        .where(Refund.order_id == order.id)
    ).all()
    return {row.refund_id: row for row in rows}


def _wish(lost: Refund) -> RefundWish:
    return RefundWish(
        amount=lost.amount,
        units={part.order_line_id: part.quantity for part in lost.lines},
        shipping=lost.shipping_minor > 0,
        reason=lost.reason,
        leaves_goods=lost.leaves_goods,
    )


def _remember(
    lost: Refund,
    how: How,
    in_place: Refund | None,
    services: Services,
    *,
    actor: str,
    words: str = "",
) -> None:
    db.session.flush()
    db.session.add(
        Remedy(
            refund_id=lost.id,
            how=how,
            in_place_id=in_place.id if in_place else None,
            note=words,
            actor=actor[:120],
            at=services.clock.now(),
        )
    )
    db.session.flush()


def _said(words: str) -> str:
    kept = " ".join(words.split())[:LONGEST_NOTE]
    if not kept:
        raise BlankNoteError("nothing was said")
    return kept
