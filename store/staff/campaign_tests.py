"""A campaign mailed to those who work here, before any reader gets it."""

import re
from collections.abc import Sequence

from sqlalchemy import func, select

from store.database import db
from store.mail.letterhead import branded
from store.mail.outgoing import write_mail
from store.newsletter.campaigns.letters import addressed, letter_of
from store.newsletter.campaigns.models import Campaign
from store.services import Services
from store.staff.audit import Actor, Thing, record
from store.staff.models import StaffUser

TEST = "staff.campaign_test"
MOST = 10
_BETWEEN = re.compile(r"[\s,;]+")


def addresses_in(typed: str) -> list[str]:
    """Return the addresses that were typed, each once, as they are compared."""
    return list(dict.fromkeys(one.casefold() for one in _BETWEEN.split(typed) if one))


def strangers(addresses: Sequence[str]) -> list[str]:
    """Return those that belong to nobody who works here now: none of them is mailed."""
    known = db.session.scalars(
        select(func.lower(StaffUser.email)).where(
            func.lower(StaffUser.email).in_(addresses), StaffUser.active
        )
    ).all()
    return [address for address in addresses if address not in set(known)]


def mail_to_staff(
    campaign: Campaign,
    thing: Thing,
    addresses: Sequence[str],
    actor: Actor,
    services: Services,
) -> None:
    """Send the letter as it is typed to colleagues; flushes only.

    Raises UnfinishedLetterError where nobody may be sent it.
    """
    settings, now = branded(services.settings), services.clock.now()
    letter = letter_of(campaign, services)
    # Nobody's list is left by a test: its links lead to the page of the newsletter.
    link = f"{settings.public_url}/newsletter"
    for address in addresses:
        write_mail(
            addressed(letter, link, link),
            recipient=address,
            dedupe_key=f"{TEST}:{thing.id}:{now.isoformat()}:{address}"[:160],
            kind=TEST,
            clock=services.clock,
            settings=settings,
        )
    record(
        actor, "campaign.tested", thing, clock=services.clock, after={"addresses": list(addresses)}
    )
