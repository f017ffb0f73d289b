"""Carts that hold, wait for and let go of a last unit, without the rooms above the stock."""

from itertools import count

from sqlalchemy import select

from store.clock import Clock
from store.database import db, writing
from store.inventory import stock
from store.inventory.models import QueuePlace, QueueState
from store.inventory.queueing import join
from store.inventory.stock import HoldLine, OutOfStockError
from tests.inventory.promises import an_order_line

_carts = count(1_000)


def a_cart() -> int:
    """Return the number of a cart that nobody has used; stock knows carts by number alone."""
    return next(_carts)


def hold(variant_id: int, cart_id: int, clock: Clock, units: int = 1) -> int | None:
    """Begin to pay; return the order line, None where too little is left."""
    try:
        with writing():
            line = an_order_line(variant_id, units, clock)
            stock.hold([HoldLine(variant_id, units, line)], clock.now(), holder=cart_id)
    except OutOfStockError:
        return None
    return line


def wait(variant_id: int, cart_id: int, clock: Clock, most: int = 20) -> int:
    with writing():
        return join(variant_id, cart_id, most=most, clock=clock).id


def states(variant_id: int) -> dict[int, str]:
    """Return the state of each cart's place, first come first."""
    db.session.rollback()
    rows = db.session.execute(
        select(QueuePlace.cart_id, QueuePlace.state)
        .where(QueuePlace.variant_id == variant_id)
        .order_by(QueuePlace.id)
    )
    return {row.cart_id: row.state for row in rows}


def called(variant_id: int) -> list[int]:
    return [cart for cart, state in states(variant_id).items() if state == QueueState.CALLED]
