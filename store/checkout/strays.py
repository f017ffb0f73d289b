"""Pay pages that no order knows: adopted by the order that lost them, else told to staff."""

import structlog

from store.database import end_reading, writing
from store.errors import NotFoundError
from store.orders.lifecycle import advance, note
from store.orders.messages import mail_attention
from store.orders.models import Order, OrderState
from store.orders.queries import locked_order, order_numbered, order_of_session
from store.payments.gateway import PaySession
from store.services import Services

log = structlog.get_logger(__name__)


def adopt_or_report(session_id: str, services: Services) -> Order | None:
    """Return the order that this page belongs to after all; opens a transaction of its own.

    What names none of our orders belongs to another seller on the same Stripe account.
    """
    end_reading()
    session = services.payments.session(session_id)
    try:
        order_id = order_numbered(session.number).id
    except NotFoundError:
        log.info("session_of_no_order", session=session_id)
        return None
    with writing():
        order = locked_order(order_id)
        if order.session_id is None:
            order.session_id, order.session_url = session.id, session.url
            note(order, "pay_page_adopted", services.clock)
            if order.state == OrderState.UNKNOWN:
                advance(order, OrderState.PENDING, services.clock, because="pay_page_found")
        elif order.session_id != session.id and session.is_paid:
            _report_second(order, session, services)
    return order_of_session(session_id)


def _report_second(order: Order, session: PaySession, services: Services) -> None:
    """Tell staff that a second page of one order was paid: its money belongs back."""
    intent_id = session.payment.intent_id if session.payment else ""
    if any(event.detail.get("session") == session.id for event in order.events):
        return
    note(order, "paid_twice", services.clock, session=session.id, intent=intent_id)
    mail_attention(order, "paid_twice", services, about=intent_id)
