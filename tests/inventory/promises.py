"""An order line to promise units to, without the rooms that make orders."""

from itertools import count

from store.clock import Clock
from store.database import db
from store.orders.models import Order, OrderLine

_numbers = count(1)


def an_order_line(variant_id: int | None, quantity: int, clock: Clock) -> int:
    number = next(_numbers)
    order = Order(
        number=f"GN-{number}",
        secret="s",
        currency="AUD",
        subtotal_minor=quantity * 100,
        shipping_minor=0,
        tax_minor=0,
        total_minor=quantity * 100,
        destination="AU",
        idempotency_key=f"key-{number}",
        session_request={},
        placed_at=clock.now(),
        expires_at=clock.now(),
        updated_at=clock.now(),
        lines=[
            OrderLine(
                position=1,
                variant_id=variant_id,
                product_handle="tee",
                title="Tee",
                quantity=quantity,
                unit_price_minor=100,
                total_minor=quantity * 100,
            )
        ],
    )
    db.session.add(order)
    db.session.flush()
    return order.lines[0].id
