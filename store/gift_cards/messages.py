"""The mail that carries a gift card's code."""

from store.gift_cards.codes import printed
from store.gift_cards.mail_words import CARD
from store.gift_cards.models import GiftCard
from store.mail.letterhead import branded
from store.mail.outgoing import write_mail
from store.mail.sending import CONFIDENTIAL
from store.mail.wording import render_worded
from store.services import Services
from store.web.filters import locale_in, money

KIND = f"gift_cards.card{CONFIDENTIAL}"


def mail_card(card: GiftCard, code: str, services: Services) -> None:
    """Write the mail; raises UnmailableError. The row forgets its words once it was sent."""
    settings = branded(services.settings)
    rendered = render_worded(
        CARD,
        settings=settings,
        names={"amount": money(card.free, locale_in(settings.country))},
        code=printed(code),
        giver=card.giver,
        name=card.recipient_name,
        message=card.message,
        last_day=card.last_moment,
        link=f"{settings.public_url}/gift-cards",
    )
    write_mail(
        rendered,
        recipient=card.recipient,
        dedupe_key=f"gift-card:{card.id}:{card.mailings + 1}",
        kind=KIND,
        clock=services.clock,
        settings=settings,
    )
