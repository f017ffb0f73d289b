"""Returns as the page of their order shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from store.catalog.models import Variant
from store.database import db
from store.money import Money
from store.orders.links import order_path
from store.orders.models import Order, Refund
from store.orders.returning.models import Return, ReturnState, Why, Wish
from store.settings import Settings

REASONS: Mapping[Why, LazyString] = {
    Why.TOO_SMALL: _l("Too small"),
    Why.TOO_LARGE: _l("Too large"),
    Why.NOT_AS_SHOWN: _l("Not as it looked or was described"),
    Why.FAULTY: _l("Faulty or damaged"),
    Why.WRONG_ITEM: _l("Not what I ordered"),
    Why.CHANGED_MIND: _l("I have changed my mind"),
    Why.OTHER: _l("Something else"),
}
STATES: Mapping[ReturnState, LazyString] = {
    ReturnState.ASKED: _l("Waits for us"),
    ReturnState.APPROVED: _l("Approved: send it back"),
    ReturnState.DECLINED: _l("Declined"),
    ReturnState.WITHDRAWN: _l("Withdrawn"),
    ReturnState.RECEIVED: _l("Here with us"),
    ReturnState.REFUNDED: _l("Money given back"),
    ReturnState.EXCHANGED: _l("Exchanged"),
}
WITHDRAWABLE = frozenset({ReturnState.ASKED, ReturnState.APPROVED})


@dataclass(frozen=True, slots=True)
class ShownReturnLine:
    """Units of one line; instead is the variant that was wished for, empty where it is money."""

    quantity: int
    title: str
    reason: LazyString
    instead: str
    received: int
    damaged: int


@dataclass(frozen=True, slots=True)
class ShownReturn:
    id: int
    state: str
    words: LazyString
    is_exchange: bool
    asked_at: datetime
    lines: Sequence[ShownReturnLine]
    note: str
    instructions: str
    refusal: str
    refunded: Money | None
    replacement: tuple[str, str] | None
    """Number and path of the order that sends the other one."""
    may_withdraw: bool


def returns_of(order: Order) -> Sequence[Return]:
    return db.session.scalars(
        select(Return)
        .where(Return.order_id == order.id)
        .options(selectinload(Return.lines))
        .order_by(Return.id)
    ).all()


def shown_returns(order: Order, settings: Settings) -> list[ShownReturn]:
    """Return the returns of an order as its reader follows them."""
    return [shown_return(one, settings) for one in returns_of(order)]


def shown_return(asked: Return, settings: Settings) -> ShownReturn:
    state = ReturnState(asked.state)
    names = _combinations(asked)
    refund = db.session.get(Refund, asked.refund_id) if asked.refund_id else None
    other = asked.replacement
    return ShownReturn(
        id=asked.id,
        state=state,
        words=STATES[state],
        is_exchange=asked.wish == Wish.EXCHANGE,
        asked_at=asked.asked_at,
        lines=[
            ShownReturnLine(
                quantity=line.quantity,
                title=line.line.called,
                reason=REASONS[Why(line.reason)],
                instead=names.get(line.swap_variant_id or 0, ""),
                received=line.received,
                damaged=line.damaged,
            )
            for line in asked.lines
        ],
        note=asked.note,
        instructions=asked.instructions,
        refusal=asked.refusal,
        refunded=refund.amount if refund else None,
        replacement=(other.number, order_path(other, settings)) if other else None,
        may_withdraw=state in WITHDRAWABLE,
    )


def replacement_words(order: Order, settings: Settings) -> tuple[str, str] | None:
    """Return number and path of the order that this one replaces something of; None if none."""
    asked = db.session.scalar(select(Return).where(Return.replacement_id == order.id))
    return (asked.order.number, order_path(asked.order, settings)) if asked else None


def _combinations(asked: Return) -> dict[int, str]:
    wanted = {line.swap_variant_id for line in asked.lines if line.swap_variant_id}
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Variant.id, Variant.combination, Variant.sku).where(Variant.id.in_(wanted))
    )
    return {row.id: row.combination or row.sku or str(row.id) for row in rows}
