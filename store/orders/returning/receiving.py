"""What came back is counted: good units go on the shelf again, damaged ones leave the books."""

from collections.abc import Mapping
from dataclasses import dataclass

from store.errors import InvalidError
from store.inventory import stock
from store.inventory.models import MovementKind
from store.orders.refund_plans import returnable
from store.orders.returning.asking import TooManyUnitsError
from store.orders.returning.deciding import let_go, step, trace
from store.orders.returning.messages import mail_received
from store.orders.returning.models import Return, ReturnLine, ReturnState
from store.services import Services


@dataclass(frozen=True, slots=True)
class Arrived:
    """Units of one line as they came out of the parcel."""

    good: int = 0
    damaged: int = 0


NOTHING = Arrived()


def receive(
    asked: Return, arrived: Mapping[int, Arrived], services: Services, *, actor: str
) -> None:
    """Count what came back, by order line; what did not come stays with the reader. Flushes only.

    Raises InvalidError where nothing came, TooManyUnitsError, DecidedError.
    """
    step(asked, ReturnState.RECEIVED, services)
    if not any(one.good + one.damaged for one in arrived.values()):
        raise InvalidError("a parcel with nothing in it is none")
    for line in asked.lines:
        _count(asked, line, arrived.get(line.order_line_id, NOTHING), services, actor)
    let_go(asked, {line.order_line_id: line.quantity - line.received for line in asked.lines})
    units = sum(line.received for line in asked.lines)
    trace(asked, "return_received", services, actor=actor, units=units)
    mail_received(asked, services)


def _count(asked: Return, line: ReturnLine, came: Arrived, services: Services, actor: str) -> None:
    if min(came.good, came.damaged) < 0 or came.good + came.damaged > line.quantity:
        raise TooManyUnitsError(line.order_line_id, line.quantity)
    line.good, line.damaged = came.good, came.damaged
    variant_id = line.line.variant_id
    if not line.received or variant_id is None or variant_id not in stock.levels([variant_id]):
        return
    left = returnable(asked.order, line.line)
    if line.received > left:
        raise TooManyUnitsError(line.order_line_id, left)
    cause = f"order {asked.order.number}"
    stock.receive(
        variant_id,
        line.received,
        cause=cause,
        actor=actor[:80],
        clock=services.clock,
        kind=MovementKind.RETURN,
        note=f"return {asked.id}",
    )
    if line.damaged:
        stock.adjust(
            variant_id,
            -line.damaged,
            cause=cause,
            actor=actor[:80],
            clock=services.clock,
            kind=MovementKind.DAMAGE,
            note=f"return {asked.id}",
        )
