"""Ends the cards whose time is over."""

from sqlalchemy import select

from store.clock import Clock
from store.database import db
from store.gift_cards import ledger
from store.gift_cards.ledger import CardChangedError, Cause
from store.gift_cards.models import CardState, GiftCard

AT_ONCE = 200


def expire_due(clock: Clock) -> int:
    """End a batch of cards; what an order still holds of waits for it. Flushes only."""
    now = clock.now()
    due = db.session.scalars(
        select(GiftCard)
        .where(
            GiftCard.state == CardState.ACTIVE,
            GiftCard.expires_at <= now,
            GiftCard.held_minor == 0,
        )
        .order_by(GiftCard.id)
        .limit(AT_ONCE)
    ).all()
    ended = 0
    for card in due:
        try:
            ledger.expire(card, Cause(now))
        except CardChangedError:
            # An order took hold of it this very moment; the next sweep looks again.
            continue
        ended += 1
    return ended
