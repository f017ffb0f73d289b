"""What a reader is told after the payment: that it has arrived, went back, or is called off."""

from typing import Any

from store.mail.letterhead import branded
from store.mail.wording import ReaderMail, render_worded
from store.money import Money
from store.orders.gift_cards import card_parts
from store.orders.links import order_url
from store.orders.mail_words import (
    CANCELLED,
    DELIVERED,
    PAID_OTHERWISE,
    REFUND_FAILED,
    REFUND_WAITS,
    REFUNDED,
    TRACKING_CORRECTED,
)
from store.orders.messages import mail_reader
from store.orders.models import Fulfilment, Order, OrderState, Refund, RefundStatus
from store.orders.parcels_shown import mailed_parcel
from store.services import Services


def mail_delivered(order: Order, parcel: Fulfilment, services: Services) -> None:
    """Tell the reader that a parcel is said to have arrived."""
    told = mailed_parcel(order, parcel)
    _mail(DELIVERED, order, f"delivered:{parcel.id}", services, parcel=told)


def mail_tracking_corrected(
    order: Order, parcel: Fulfilment, services: Services, *, turn: int
) -> None:
    """Tell the reader the number that is right; the turn tells one correction from the next."""
    told = mailed_parcel(order, parcel)
    _mail(TRACKING_CORRECTED, order, f"tracking:{parcel.id}:{turn}", services, parcel=told)


def mail_refunded(order: Order, refund: Refund, services: Services) -> None:
    """Tell the reader that money went back; of an order of which nothing left, that it ended."""
    sent = [line for line in order.lines if line.requires_shipping]
    is_over = order.state == OrderState.REFUNDED and bool(sent)
    if is_over and not any(line.shipped for line in sent):
        mail_cancelled(order, services)
        return
    parts = refund_parts(order, refund) if refund.card_parts else []
    _mail(REFUNDED, order, f"refunded:{refund.id}", services, amount=refund.amount, parts=parts)


def mail_refund_waits(order: Order, refund: Refund, services: Services) -> None:
    """Tell the reader that money is on its way, or that her bank wants something of her first."""
    _mail(
        REFUND_WAITS,
        order,
        f"refund_waits:{refund.id}:{refund.status}",
        services,
        amount=refund.amount,
        wants_action=refund.status == RefundStatus.REQUIRES_ACTION,
    )


def mail_refund_failed(order: Order, refund: Refund, services: Services) -> None:
    """Tell the reader that her money did not arrive, and that somebody looks after it."""
    _mail(REFUND_FAILED, order, f"refund_failed:{refund.id}", services, amount=refund.amount)


def mail_paid_otherwise(order: Order, refund: Refund, services: Services) -> None:
    """Tell the reader that what could not be refunded was paid to her in another way."""
    _mail(PAID_OTHERWISE, order, f"paid_otherwise:{refund.id}", services, amount=refund.amount)


def mail_cancelled(order: Order, services: Services) -> None:
    """Tell the reader that nothing will be sent, and what went back."""
    back = sum(payment.refunded_minor for payment in order.payments)
    has_cards = any(payment.gift_card_id is not None for payment in order.payments)
    parts = [
        (payment.method, Money(payment.refunded_minor, order.currency))
        for payment in order.payments
        if has_cards and payment.refunded_minor
    ]
    amount = Money(back, order.currency)
    _mail(CANCELLED, order, "cancelled", services, amount=amount, parts=parts)


def refund_parts(order: Order, refund: Refund) -> list[tuple[str, Money]]:
    """Return which part of a refund went where."""
    by_service = next((p.method for p in order.payments if p.gift_card_id is None), "")
    parts = [(by_service, refund.by_service)] if refund.by_service else []
    return [
        *parts,
        *((paid.method, Money(m, order.currency)) for paid, m in card_parts(order, refund)),
    ]


def _mail(mail: ReaderMail, order: Order, what: str, services: Services, **values: Any) -> None:
    settings = branded(services.settings)
    rendered = render_worded(
        mail,
        settings=settings,
        names={"number": order.number},
        link=order_url(order, settings),
        **values,
    )
    mail_reader(order, rendered, what, services)
