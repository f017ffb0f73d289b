"""Mails a gift card to whoever it is for: only then it gets a code, which no table keeps.

The code stands in the mail's row until the mail was taken, and nowhere afterwards. Whoever needs
it again is mailed another one, and the one before opens nothing any more.
"""

from dataclasses import dataclass
from typing import ClassVar

import structlog
from sqlalchemy import delete, select

from store.clock import Clock
from store.database import db
from store.gift_cards.codes import hash_of, new_code
from store.gift_cards.messages import mail_card
from store.gift_cards.models import CardState, CartGiftCard, GiftCard
from store.jobs.outbox import enqueue
from store.jobs.queue import Job
from store.mail.outgoing import UnmailableError
from store.services import Services

LAST = 4
AT_ONCE = 200

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MailGiftCard(Job):
    kind: ClassVar[str] = "gift_cards.mail"

    card_id: int


def mail_later(card: GiftCard, clock: Clock) -> None:
    """Have a card mailed when its time has come; flushes only."""
    if card.mail_due_at is not None and card.mail_due_at <= clock.now():
        enqueue(MailGiftCard(card.id), clock)


def mail_again(card: GiftCard, recipient: str, clock: Clock) -> None:
    """Have a card mailed anew, with another code; carts that knew the last one lose it."""
    card.recipient, card.mail_due_at = recipient, clock.now()
    db.session.flush()
    mail_later(card, clock)


def mail_if_due(card_id: int, services: Services) -> None:
    """Give a card that waits for it a code, and mail that; flushes only. Twice is once."""
    now = services.clock.now()
    card = db.session.scalar(
        select(GiftCard)
        .where(GiftCard.id == card_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if card is None or card.mail_due_at is None or card.mail_due_at > now:
        return
    card.mail_due_at = None
    if card.state != CardState.ACTIVE:
        return
    code = new_code()
    try:
        mail_card(card, code, services)
    except UnmailableError:
        # It stays good; staff see that it was never mailed, and may mail it elsewhere.
        log.warning("gift_card_unmailable", card=card.id)
        return
    card.code_hash, card.last_four = hash_of(code, services.settings), code[-LAST:]
    card.mailed_at, card.mailings = now, card.mailings + 1
    db.session.execute(
        delete(CartGiftCard)
        .where(CartGiftCard.gift_card_id == card.id)
        .execution_options(synchronize_session=False)
    )
    db.session.flush()


def due_card_ids(clock: Clock) -> list[int]:
    """Return cards whose time has come."""
    return list(
        db.session.scalars(
            select(GiftCard.id)
            .where(GiftCard.mail_due_at.is_not(None), GiftCard.mail_due_at <= clock.now())
            .order_by(GiftCard.mail_due_at)
            .limit(AT_ONCE)
        )
    )
