"""Takes readers out of their orders: at once where nothing needs a name, later where it still does.

What was sold for how much, with its tax, stays for as long as tax law asks; whom to is not asked.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from store.database import db, insert_into
from store.gift_cards.wishes import forget_wishes
from store.mail.sending import forget_mails_about
from store.orders.bounced.remedying import remedies_of
from store.orders.cancelling import READER
from store.orders.disputing.standing import disputes_of
from store.orders.lifecycle import note
from store.orders.models import Order, OrderState, Refund
from store.orders.own_data.exporting import as_json, orders_kept
from store.orders.own_data.keepers import Trace
from store.orders.own_data.models import OrderErasure
from store.orders.queries import locked_order
from store.orders.returning.models import Return, ReturnState
from store.orders.returning.presenting import returns_of
from store.orders.returning.windows import last_moment
from store.orders.search_index import index_order
from store.services import Services

DISPUTES = timedelta(days=120)
"""How long a buyer may dispute a payment with her bank: until then we must be able to answer."""
LONGEST_KEPT = timedelta(days=7 * 365 + 2)
"""After that no order names anybody, asked or not."""
AT_ONCE = 100
UNDER_WAY = frozenset({ReturnState.ASKED, ReturnState.APPROVED, ReturnState.RECEIVED})
OVER_UNPAID = frozenset({OrderState.EXPIRED, OrderState.CANCELLED})
OVER = frozenset({OrderState.PAID, OrderState.REFUNDED})


@dataclass(frozen=True, slots=True)
class OrderKeeper:
    """The part of this room in what is kept of a reader."""

    traces: tuple[Trace, ...] = ()

    def kept(self, email: str, services: Services) -> Mapping[str, object]:
        orders = orders_kept(email)
        return {"orders": [as_json(order) for order in orders]} if orders else {}

    def erase(self, email: str, services: Services) -> None:
        for found in orders_kept(email):
            order = locked_order(found.id)
            needed = needed_until(order, services)
            if needed is not None and needed <= services.clock.now():
                erase_order(order, self.traces, services)
            else:
                _remember(order, services)


def needed_until(order: Order, services: Services) -> datetime | None:
    """Return from when on nothing needs the names of an order; None while it is under way."""
    if order.state in OVER_UNPAID and not order.payments:
        return order.placed_at
    if order.state not in OVER or order.paid_at is None:
        return None
    waits = any(line.left_to_ship for line in order.lines) and order.state == OrderState.PAID
    is_disputed = any(dispute.is_open for dispute in disputes_of(order))
    if waits or is_disputed or _has_open_return(order) or _has_open_refund(order):
        return None
    back = last_moment(order, services) if order.state == OrderState.PAID else None
    until = order.paid_at + DISPUTES if order.payments else order.paid_at
    return max(until, back) if back else until


def erase_order(order: Order, traces: Sequence[Trace], services: Services) -> None:
    """Empty what an order says of its reader, wherever it stands; flushes only.

    Its link opens nothing any more, and what was sold stays as it was.
    """
    order.secret = secrets.token_hex(16)
    order.email = order.name = order.phone = order.note = order.network = order.session_url = ""
    # Where goods went decides their tax: the country stays, and nothing below it.
    order.address = {part: line for part, line in order.address.items() if part == "country"}
    order.region = order.postcode = ""
    order.presentment = {}
    for later in list(order.readdressings):
        db.session.delete(later)
    for parcel in order.fulfilments:
        parcel.sent_to, parcel.tracking_number = {}, ""
    for event in order.events:
        event.detail = {name: said for name, said in event.detail.items() if name != "text"}
    for refund in order.refunds:
        refund.reason = ""
    forget_wishes([line.id for line in order.lines])
    for dispute in disputes_of(order):
        dispute.statement, dispute.asked_evidence = "", {}
    for remedy in remedies_of(order).values():
        remedy.note = ""
    for one in returns_of(order):
        one.note = one.instructions = one.refusal = ""
    db.session.flush()
    db.session.expire(order, ["readdressings"])
    forget_mails_about(f"order:{order.number}:")
    for trace in traces:
        trace(order)
    note(order, "erased", services.clock, actor=READER)
    index_order(order)
    waiting = db.session.get(OrderErasure, order.id)
    if waiting is not None:
        db.session.delete(waiting)
    db.session.flush()


def erase_due(traces: Sequence[Trace], services: Services) -> int:
    """Erase a batch of orders whose time has come; return how many. Flushes only."""
    erased = 0
    for order_id in [*_asked_for(), *_oldest(services)]:
        order = locked_order(order_id)
        needed = needed_until(order, services)
        if needed is not None and needed <= services.clock.now():
            erase_order(order, traces, services)
            erased += 1
    return erased


def _asked_for() -> Sequence[int]:
    return db.session.scalars(select(OrderErasure.order_id).order_by(OrderErasure.order_id)).all()


def _oldest(services: Services) -> Sequence[int]:
    before = services.clock.now() - LONGEST_KEPT
    return db.session.scalars(
        select(Order.id)
        .where(Order.paid_at < before, Order.email != "")
        .order_by(Order.paid_at)
        .limit(AT_ONCE)
    ).all()


def _remember(order: Order, services: Services) -> None:
    db.session.execute(
        insert_into(OrderErasure)
        .values(order_id=order.id, asked_at=services.clock.now())
        .on_conflict_do_nothing(index_elements=[OrderErasure.order_id])
    )


def _has_open_return(order: Order) -> bool:
    found = select(Return.id).where(Return.order_id == order.id, Return.state.in_(UNDER_WAY))
    return db.session.scalar(found.limit(1)) is not None


def _has_open_refund(order: Order) -> bool:
    waiting = ("pending", "requires_action")
    found = select(Refund.id).where(Refund.order_id == order.id, Refund.status.in_(waiting))
    return db.session.scalar(found.limit(1)) is not None
