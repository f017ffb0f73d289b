"""What orders have to do with gift cards: those they sell, those that pay, and the way back."""

from collections.abc import Sequence

from sqlalchemy import select

from store.database import db
from store.errors import ConflictError
from store.gift_cards import ledger, spending
from store.gift_cards.issuing import Addressee, BoughtLine, good_until, issue_by_hand, issue_for
from store.gift_cards.ledger import CardChangedError, Cause
from store.gift_cards.mailing import mail_again
from store.gift_cards.models import CardState, GiftCard, GiftCardEntry, GiftCardUse, UseState
from store.money import Money
from store.orders.lifecycle import note
from store.orders.models import Order, OrderLine, Payment, Refund
from store.services import Services


class CardSpentError(ConflictError):
    """A gift card whose price would go back was spent, or is being spent."""

    def __init__(self, wanted: int, untouched: int) -> None:
        super().__init__(f"{wanted} gift cards would go back, {untouched} are as they were bought")
        self.wanted, self.untouched = wanted, untouched


def issue_cards(order: Order, services: Services) -> None:
    """Issue the gift cards that a paid order bought, once; flushes only."""
    for line in order.lines:
        if line.is_gift_card:
            bought = BoughtLine(order.id, line.id, line.quantity, line.unit_price, order.email)
            issue_for(bought, services)


def pay_by_cards(order: Order, services: Services) -> list[str]:
    """Spend what gift cards pay of an order; return in plain words what is not there any more."""
    cause = Cause(services.clock.now(), order.id)
    lacking = spending.spend(order.card_uses, cause)
    for use in order.card_uses:
        if use.state == UseState.SPENT:
            order.payments.append(_payment(order, use, cause))
    db.session.flush()
    return [
        f"gift card ···{use.last_four} was to pay {use.amount_minor} and has less left"
        for use in lacking
    ]


def card_name(last_four: str) -> str:
    """Return a gift card as receipts name it."""
    return f"Gift card ···{last_four}"


def void_bought(order: Order, units: dict[int, int], refund: Refund, services: Services) -> None:
    """Void so many untouched cards of each of these lines; CardSpentError where there are fewer."""
    cause = Cause(services.clock.now(), order.id, reason=_reason(refund))
    for line_id, wanted in units.items():
        untouched = [card for card in bought_cards(order, line_id) if card.is_untouched]
        if len(untouched) < wanted:
            raise CardSpentError(wanted, len(untouched))
        # The last ones first: who was mailed first keeps hers.
        for card in untouched[::-1][:wanted]:
            try:
                ledger.void(card, cause, only_untouched=True)
            except CardChangedError as error:
                raise CardSpentError(wanted, len(untouched) - 1) from error


def live_cards(order: Order, line: OrderLine) -> int:
    """Return how many cards of a line are still good."""
    return sum(card.state == CardState.ACTIVE for card in bought_cards(order, line.id))


def revive_bought(order: Order, refund: Refund, services: Services) -> None:
    """Make cards good again whose refund failed: their price was paid after all."""
    voided = db.session.scalars(
        select(GiftCard)
        .join(GiftCardEntry, GiftCardEntry.gift_card_id == GiftCard.id)
        .where(
            GiftCard.order_id == order.id,
            GiftCard.state == CardState.VOIDED,
            GiftCardEntry.reason == _reason(refund),
        )
        .order_by(GiftCard.id)
    ).all()
    now = services.clock.now()
    for card in voided:
        until = good_until(now, services.settings)
        ledger.revive(card, card.value_minor, Cause(now, order.id), expires_at=until)
        if card.mailed_at is None:
            mail_again(card, card.recipient, services.clock)


def end_bought(order: Order, services: Services) -> int:
    """Void the untouched cards of an order whose money went back; return how many were spent."""
    cause = Cause(services.clock.now(), order.id, reason="refunded")
    spent = 0
    for card in bought_cards(order):
        if card.state != CardState.ACTIVE:
            continue
        if card.is_untouched:
            ledger.void(card, cause, only_untouched=True)
        else:
            spent += 1
    return spent


def bought_cards(order: Order, line_id: int | None = None) -> Sequence[GiftCard]:
    """Return the cards that an order, or one of its lines, bought."""
    wanted = select(GiftCard).where(GiftCard.order_id == order.id)
    if line_id is not None:
        wanted = wanted.where(GiftCard.order_line_id == line_id)
    return db.session.scalars(
        wanted.order_by(GiftCard.order_line_id, GiftCard.unit)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def give_back_to_cards(order: Order, refund: Refund, services: Services) -> None:
    """Put a refund's part back on the cards that paid; flushes only.

    What has expired is good again for as long as a new one; in place of what was voided the reader
    is mailed another card.
    """
    now = services.clock.now()
    until = good_until(now, services.settings)
    cause = Cause(now, order.id, reason=_reason(refund))
    for payment, minor in card_parts(order, refund):
        card_id = payment.gift_card_id or 0
        if not ledger.give_back(card_id, minor, cause, expires_at=until):
            _issue_instead(order, card_id, Money(minor, order.currency), services)


def take_from_cards_again(order: Order, refund: Refund, services: Services) -> int:
    """Take back what was given for a refund that failed later; return what was spent meanwhile."""
    cause = Cause(services.clock.now(), order.id, reason=_reason(refund))
    gone = 0
    for payment, minor in card_parts(order, refund):
        if not ledger.take_back(payment.gift_card_id or 0, minor, cause):
            gone += minor
    return gone


def card_parts(order: Order, refund: Refund) -> list[tuple[Payment, int]]:
    """Return what of a refund goes back to which gift card."""
    by_id = {payment.id: payment for payment in order.payments}
    return [(by_id[payment_id], minor) for payment_id, minor in refund.card_parts]


def _issue_instead(order: Order, card_id: int, value: Money, services: Services) -> None:
    before = db.session.get_one(GiftCard, card_id)
    reason = f"in place of ···{before.last_four}, refund of {order.number}"
    cause = Cause(services.clock.now(), order.id, reason=reason)
    issue_by_hand(value, Addressee(order.email), cause, services)
    note(order, "gift_card_reissued", services.clock, card=before.last_four)


def _payment(order: Order, use: GiftCardUse, cause: Cause) -> Payment:
    return Payment(
        # What stands for a payment at Stripe, where there is none; no intent is called so.
        intent_id=f"gift-card-use-{use.id}",
        gift_card_id=use.gift_card_id,
        amount_minor=use.amount_minor,
        currency=order.currency,
        method=card_name(use.last_four),
        at=cause.at,
    )


def _reason(refund: Refund) -> str:
    return f"refund {refund.id}"
