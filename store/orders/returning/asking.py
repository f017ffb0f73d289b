"""A reader asks to send something back; never more than was sent, in however many windows."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select, update

from store.database import db
from store.errors import ConflictError, InvalidError
from store.orders.lifecycle import note
from store.orders.messages import mail_attention
from store.orders.models import Order, OrderLine
from store.orders.returning.messages import mail_asked
from store.orders.returning.models import Return, ReturnLine, Why, Wish
from store.orders.returning.swapping import is_replacement, swaps_for
from store.orders.returning.windows import refunded_otherwise, returnable_now
from store.services import Services

MOST_OF_ONE_ORDER = 12
"""Asking and withdrawing writes mails: nobody needs more than these."""
READER = "reader"


class TooManyUnitsError(ConflictError):
    """Fewer units of a line may come back than were named."""

    def __init__(self, line_id: int, left: int) -> None:
        super().__init__(f"of line {line_id} {left} may come back")
        self.line_id, self.left = line_id, left


class NoSuchSwapError(InvalidError):
    """What was wished for is no variant of the same product at the same price."""


class TooManyReturnsError(ConflictError):
    """So many returns were asked for that a person must look."""


@dataclass(frozen=True, slots=True)
class WishedLine:
    """Units of a line that shall come back, and what is wished for instead; None is money."""

    line_id: int
    quantity: int
    reason: Why
    swap_variant_id: int | None = None


def ask_for_return(
    order: Order, wished: Collection[WishedLine], words: str, services: Services
) -> list[Return]:
    """Write down what shall come back of a locked order: what wants money apart from swaps.

    Raises TooManyUnitsError, NoSuchSwapError, TooManyReturnsError. Flushes only.
    """
    if not wished:
        raise InvalidError("a return names at least one unit")
    before = select(func.count()).select_from(Return).where(Return.order_id == order.id)
    if db.session.scalars(before).one() >= MOST_OF_ONE_ORDER:
        raise TooManyReturnsError(f"{order.number} has {MOST_OF_ONE_ORDER} returns")
    _check(order, wished, services)
    for line in wished:
        _claim(order, line)
    parts = {
        Wish.REFUND: [line for line in wished if line.swap_variant_id is None],
        Wish.EXCHANGE: [line for line in wished if line.swap_variant_id is not None],
    }
    return [_write(order, wish, lines, words, services) for wish, lines in parts.items() if lines]


def _check(order: Order, wished: Collection[WishedLine], services: Services) -> None:
    left, swaps = returnable_now(order, services), swaps_for(order)
    for line in wished:
        most = left.get(line.line_id, 0)
        if not 1 <= line.quantity <= most:
            raise TooManyUnitsError(line.line_id, most)
        offered = {swap.variant_id for swap in swaps.get(line.line_id, ()) if swap.is_there}
        is_money = line.swap_variant_id is None
        if is_money and is_replacement(order):
            raise NoSuchSwapError("nothing was paid for this order")
        if not is_money and line.swap_variant_id not in offered:
            raise NoSuchSwapError(f"variant {line.swap_variant_id} is not to be had for this")


def _claim(order: Order, wished: WishedLine) -> None:
    """Count the units as coming back, in one conditional statement."""
    others = refunded_otherwise(order, wished.line_id)
    claimed = db.session.scalar(
        update(OrderLine)
        .where(
            OrderLine.id == wished.line_id,
            OrderLine.order_id == order.id,
            OrderLine.coming_back + wished.quantity + others <= OrderLine.shipped,
        )
        .values(coming_back=OrderLine.coming_back + wished.quantity)
        .returning(OrderLine.id)
    )
    if claimed is None:
        raise TooManyUnitsError(wished.line_id, 0)


def _write(
    order: Order, wish: Wish, lines: Collection[WishedLine], words: str, services: Services
) -> Return:
    now = services.clock.now()
    asked = Return(
        order=order,
        wish=wish,
        note=words[:1000],
        asked_at=now,
        updated_at=now,
        lines=[
            ReturnLine(
                order_line_id=line.line_id,
                quantity=line.quantity,
                reason=line.reason,
                swap_variant_id=line.swap_variant_id,
            )
            for line in lines
        ],
    )
    db.session.add(asked)
    db.session.flush()
    note(order, "return_asked", services.clock, actor=READER, **{"return": asked.id})
    mail_asked(asked, services)
    mail_attention(order, "return_asked", services, about=str(asked.id))
    return asked
