"""Issues gift cards: one for each unit of a line that was paid, or by hand with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from store.database import db
from store.gift_cards import ledger
from store.gift_cards.ledger import Cause
from store.gift_cards.mailing import mail_later
from store.gift_cards.models import Addressed, GiftCard, OrderGift
from store.money import Money
from store.services import Services
from store.settings import Settings


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a card goes, from whom, with which words, and not before when."""

    recipient: str
    recipient_name: str = ""
    giver: str = ""
    message: str = ""
    send_at: datetime | None = None

    @classmethod
    def of(cls, row: Addressed) -> "Addressee":
        return cls(row.recipient, row.recipient_name, row.giver, row.message, row.send_at)


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """Units of gift cards that were paid: value is of each, buyer gets what goes to nobody else."""

    order_id: int
    order_line_id: int
    units: int
    value: Money
    buyer: str


def issue_for(line: BoughtLine, services: Services) -> list[GiftCard]:
    """Issue what a paid line lacks of its cards, and have them mailed; flushes only.

    Done twice it is done once. The caller holds the order's lock.
    """
    known = set(
        db.session.scalars(
            select(GiftCard.unit).where(GiftCard.order_line_id == line.order_line_id)
        )
    )
    gifts = db.session.scalars(
        select(OrderGift)
        .where(OrderGift.order_line_id == line.order_line_id)
        .order_by(OrderGift.id)
    ).all()
    made = []
    for unit in range(1, line.units + 1):
        if unit in known:
            continue
        gift = gifts[unit - 1] if unit <= len(gifts) else None
        addressee = Addressee.of(gift) if gift else Addressee(line.buyer)
        card = _made(line.value, addressee, services)
        card.order_id, card.order_line_id, card.unit = line.order_id, line.order_line_id, unit
        _begin(card, Cause(services.clock.now(), line.order_id), services)
        made.append(card)
    _forget(gifts)
    return made


def issue_by_hand(value: Money, addressee: Addressee, cause: Cause, services: Services) -> GiftCard:
    """Issue a card that nobody bought, and have it mailed; flushes only."""
    card = _made(value, addressee, services)
    _begin(card, cause, services)
    return card


def good_until(issued_at: datetime, settings: Settings) -> datetime | None:
    """Return the midnight at which a card issued now ends, so many years on; None for never."""
    if not settings.gift_card_years:
        return None
    day = issued_at.astimezone(settings.zone).date() + timedelta(days=1)
    year = day.year + settings.gift_card_years
    # Who was given one on the last of February has it until the first of March.
    month, date = (3, 1) if (day.month, day.day) == (2, 29) else (day.month, day.day)
    return datetime(year, month, date, tzinfo=settings.zone)


def _made(value: Money, addressee: Addressee, services: Services) -> GiftCard:
    now = services.clock.now()
    return GiftCard(
        currency=value.currency,
        value_minor=value.minor,
        balance_minor=value.minor,
        issued_at=now,
        expires_at=good_until(now, services.settings),
        recipient=addressee.recipient,
        recipient_name=addressee.recipient_name,
        giver=addressee.giver,
        message=addressee.message,
        mail_due_at=max(addressee.send_at or now, now),
    )


def _begin(card: GiftCard, cause: Cause, services: Services) -> None:
    db.session.add(card)
    db.session.flush()
    ledger.write_issued(card, cause)
    mail_later(card, services.clock)


def _forget(gifts: Sequence[OrderGift]) -> None:
    """Leave whom cards go to in one place: on the card."""
    for gift in gifts:
        db.session.delete(gift)
    db.session.flush()
