"""What gift cards keep of a reader, and forget when she asks."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from store.database import db
from store.gift_cards.models import GiftCard
from store.mail.sending import forget_mails_to
from store.services import Services


class GiftCardKeeper:
    """Its part in what is kept: the cards that were mailed to an address."""

    def kept(self, email: str, services: Services) -> Mapping[str, object]:
        found = _mailed_to(email)
        return {"gift_cards": [_as_json(card) for card in found]} if found else {}

    def erase(self, email: str, services: Services) -> None:
        """Forget whom cards were for; their codes stay good for whoever has them."""
        for card in _mailed_to(email):
            if card.mail_due_at is not None:
                # It was paid for her and is not mailed yet: without an address nobody gets it.
                continue
            card.recipient = card.recipient_name = card.giver = card.message = ""
        forget_mails_to(email, room="gift_cards")
        db.session.flush()


def _mailed_to(email: str) -> Sequence[GiftCard]:
    return db.session.scalars(
        select(GiftCard)
        .where(func.lower(GiftCard.recipient) == email.lower())
        .order_by(GiftCard.id)
    ).all()


def _as_json(card: GiftCard) -> dict[str, object]:
    return {
        "ends_in": card.last_four,
        "value": card.value_minor,
        "left": card.balance_minor,
        "currency": card.currency,
        "state": card.state,
        "issued_at": card.issued_at.isoformat(),
        "for": card.recipient_name,
        "from": card.giver,
        "message": card.message,
    }
