"""Makes an order agree with what Stripe says of its pay page: the only way payment state moves.

The webhook, the thanks page and the sweep all call settle(); it may run many times and at once.
"""

from collections.abc import Iterator

import structlog

from store.cart.basket import take_out
from store.checkout.paid_terms import charged, take_terms
from store.database import end_reading, writing
from store.gift_cards import spending
from store.inventory import stock
from store.orders.disputing.following import sync_disputes
from store.orders.disputing.standing import disputes_of
from store.orders.downloads.giving import give_downloads
from store.orders.gift_cards import issue_cards, pay_by_cards
from store.orders.lifecycle import advance, note
from store.orders.messages import (
    mail_attention,
    mail_confirmation,
    mail_new_order,
    mail_payment_failed,
)
from store.orders.models import Order, OrderState, Payment
from store.orders.papers.issuing import issue_papers
from store.orders.queries import locked_order
from store.orders.refund_plans import adds_up, asked_of_stripe
from store.orders.refunding import sync_refunds
from store.orders.regions import objection_to_address
from store.orders.search_index import index_order
from store.orders.shortage.opening import open_shortfalls
from store.payments.gateway import PageStatus, PaySession, Recipient
from store.pricing import redeeming
from store.services import Services

NOT_YET_PAID = frozenset(
    {
        OrderState.PENDING,
        OrderState.UNKNOWN,
        OrderState.AWAITING,
        OrderState.EXPIRED,
        OrderState.CANCELLED,
    }
)
UNTOUCHED = frozenset({OrderState.PENDING, OrderState.UNKNOWN})

log = structlog.get_logger(__name__)


def settle(order: Order, services: Services) -> OrderState:
    """Ask Stripe and converge; raises GatewayUnknownError when it does not answer.

    An order without a pay page stays as it is. Opens transactions of its own.
    """
    if order.session_id is None:
        return OrderState(order.state)
    order_id, session_id = order.id, order.session_id
    end_reading()
    session = services.payments.session(session_id)
    with writing():
        order = locked_order(order_id)
        converge(order, session, services)
        state = OrderState(order.state)
        is_behind = _has_unknown_refunds(order, session)
        is_disputed = _has_unknown_dispute(order, session)
    if is_behind:
        sync_refunds(order, services)
    if is_disputed:
        sync_disputes(order, services)
    return state


def converge(
    order: Order,
    session: PaySession,
    services: Services,
    *,
    ended: OrderState = OrderState.EXPIRED,
    because: str = "expired",
) -> None:
    """Apply what Stripe says to a locked order; an ended page lets it go as `ended` says."""
    if session.id != order.session_id:
        raise ValueError("this is the pay page of another order")
    if session.is_paid:
        if order.state in NOT_YET_PAID:
            _take_payment(order, session, services)
    elif session.status is PageStatus.COMPLETE:
        _wait_or_give_up(order, session, services)
    elif session.status is PageStatus.EXPIRED:
        let_go(order, services, to=ended, because=because)


def let_go(order: Order, services: Services, *, to: OrderState, because: str) -> None:
    """Release the units of an order that can no longer be paid; the cart stays as it is."""
    if order.state in UNTOUCHED:
        stock.release([line.id for line in order.lines])
        redeeming.give_back(order.redemptions)
        spending.let_go(order.card_uses)
        advance(order, to, services.clock, because=because)


def differences(order: Order, session: PaySession) -> Iterator[str]:
    """Yield each part in which Stripe's page is not the order that we wrote, in plain words."""
    ours = charged(order)
    ours_and_theirs = {
        "order": (order.number, session.number),
        "currency": (order.currency, session.currency),
        "subtotal": (ours.subtotal, session.amounts.subtotal),
        "discount": (ours.discount, session.amounts.discount),
        "shipping": (ours.shipping, session.amounts.shipping),
        "tax": (ours.tax, session.amounts.tax),
        "total": (ours.total, session.amounts.total),
        "units": (sum(line.quantity for line in order.lines), session.units),
    }
    for part, (here, there) in ours_and_theirs.items():
        if here != there and there is not None:
            yield f"{part} is {here} here and {there} at Stripe"
    country = session.recipient.address.get("country", "")
    if order.countries and country not in order.countries:
        yield f"the parcel would go to {country or 'no country'}, outside what was paid for"
    elif reason := objection_to_address(order, session.recipient.address):
        yield reason
    received = session.payment.received_minor if session.is_paid and session.payment else ours.total
    if received != ours.total:
        yield f"total is {ours.total} here, {received} arrived"


def _take_payment(order: Order, session: PaySession, services: Services) -> None:
    take_terms(order, session)
    _remember_recipient(order, session)
    _remember_payment(order, session, services)
    take_out(order.cart_id, {line.variant_id: line.quantity for line in order.lines})
    reasons = [*differences(order, session), *pay_by_cards(order, services)]
    if reasons:
        _park(order, reasons, services)
        return
    _take_in(order, services, because="paid")


def take_for_nothing(order: Order, recipient: Recipient, services: Services) -> None:
    """Take a locked order that leaves nothing to charge as paid: Stripe is not asked."""
    if order.charged_minor or order.session_id is not None:
        raise ValueError("only what leaves nothing to charge is taken without a pay page")
    _remember(order, recipient)
    order.paid_at = services.clock.now()
    take_out(order.cart_id, {line.variant_id: line.quantity for line in order.lines})
    if any(pay_by_cards(order, services)):
        raise ValueError("what was held a moment ago is gone")
    _take_in(order, services, because="paid" if order.payments else "nothing_to_pay")


def _take_in(order: Order, services: Services, *, because: str) -> None:
    """Promise the goods and keep the discounts of an order that is paid, and tell everybody."""
    missing = claim_stock(order)
    _keep_discounts(order, services)
    advance(order, OrderState.PAID, services.clock, because=because)
    give_downloads(order, services)
    issue_cards(order, services)
    mail_confirmation(order, services)
    mail_new_order(order, services)
    if missing:
        note(order, "shortage", services.clock, units=sum(missing.values()))
        mail_attention(order, "shortage", services)
        open_shortfalls(order, services)
    issue_papers(order, services)


def _keep_discounts(order: Order, services: Services) -> None:
    beyond = redeeming.keep(order.redemptions)
    if beyond:
        names = [use.name for use in beyond]
        note(order, "discount_beyond_limit", services.clock, discounts=names)


def claim_stock(order: Order) -> dict[int, int]:
    """Allocate what the order holds, or again what was let go; return units missing by line."""
    # Whose money went back while the order waited for a person is not promised again.
    line_ids = [line.id for line in order.lines if line.cancelled < line.quantity]
    stock.allocate(line_ids)
    missing = {line: units for line, units in stock.take_again(line_ids).items() if units}
    for line in order.lines:
        line.shortage = missing.get(line.id, 0)
    return missing


def _park(order: Order, reasons: list[str], services: Services) -> None:
    # What is held stays promised while staff look; what was let go stays in the shop.
    stock.allocate([line.id for line in order.lines])
    _keep_discounts(order, services)
    order.parked_reason = "; ".join(reasons)[:400]
    advance(order, OrderState.PARKED, services.clock, because="parked", reasons=reasons)
    mail_attention(order, "parked", services)
    log.warning("order_parked", number=order.number, reasons=reasons)


def _wait_or_give_up(order: Order, session: PaySession, services: Services) -> None:
    has_failed = session.payment is not None and session.payment.has_failed
    if has_failed and order.state in UNTOUCHED | {OrderState.AWAITING}:
        _remember_recipient(order, session)
        stock.release([line.id for line in order.lines])
        redeeming.give_back(order.redemptions)
        spending.let_go(order.card_uses)
        advance(order, OrderState.CANCELLED, services.clock, because="payment_failed")
        mail_payment_failed(order, services)
    elif not has_failed and order.state in UNTOUCHED:
        take_terms(order, session)
        _remember_recipient(order, session)
        advance(order, OrderState.AWAITING, services.clock, because="awaiting_payment")


def _remember_recipient(order: Order, session: PaySession) -> None:
    order.presentment = dict(session.presentment)
    _remember(order, session.recipient)


def _remember(order: Order, recipient: Recipient) -> None:
    order.email = recipient.email
    order.name = recipient.name
    order.phone = recipient.phone
    order.address = dict(recipient.address)
    index_order(order)


def _remember_payment(order: Order, session: PaySession, services: Services) -> None:
    order.paid_at = services.clock.now()
    if session.payment is None:
        # Nothing was to pay: no intent, no charge, nothing that could ever be refunded.
        return
    order.intent_id = session.payment.intent_id
    order.payments.append(
        Payment(
            intent_id=session.payment.intent_id,
            amount_minor=session.payment.received_minor,
            currency=session.currency,
            method=session.payment.method[:60],
            at=services.clock.now(),
        )
    )


def _has_unknown_refunds(order: Order, session: PaySession) -> bool:
    if session.payment is None:
        return False
    return session.payment.refunded_minor != asked_of_stripe(order) or not adds_up(order)


def _has_unknown_dispute(order: Order, session: PaySession) -> bool:
    is_disputed = session.payment is not None and session.payment.is_disputed
    return is_disputed and bool(order.payments) and not disputes_of(order)
