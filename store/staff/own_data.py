"""What the audit says of readers, and how it forgets whom an order was of."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from store.database import db
from store.orders.disputing.standing import disputes_of
from store.orders.models import Order
from store.orders.returning.models import Return
from store.staff.changes import OF_READERS
from store.staff.models import AuditEntry


def forget_reader_of(order: Order) -> None:
    """Take out of the audit what says who bought this order; that it was changed stays."""
    returns = [
        str(found)
        for found in db.session.scalars(select(Return.id).where(Return.order_id == order.id))
    ]
    disputes = [str(dispute.id) for dispute in disputes_of(order)]
    entries = db.session.scalars(
        select(AuditEntry).where(
            or_(
                (AuditEntry.kind == "order") & (AuditEntry.thing_id == order.number),
                (AuditEntry.kind == "return") & AuditEntry.thing_id.in_(returns),
                (AuditEntry.kind == "dispute") & AuditEntry.thing_id.in_(disputes),
            )
        )
    )
    for entry in entries:
        entry.before = _without(entry.before, entry.kind)
        entry.after = _without(entry.after, entry.kind)
    db.session.flush()


def _without(values: Mapping[str, Any] | None, kind: str) -> dict[str, Any] | None:
    if values is None:
        return None
    hidden = OF_READERS.get(kind, frozenset())
    return {name: value for name, value in values.items() if name not in hidden}
