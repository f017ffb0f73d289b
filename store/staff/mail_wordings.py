"""The wording of mails as staff change it: written down, tried on oneself, taken back."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import select

from store.catalog.models import Product, ProductStatus
from store.database import db
from store.mail.discretion import revealing_words
from store.mail.letterhead import branded
from store.mail.outgoing import write_mail
from store.mail.wording import ReaderMail, Wording, wording_of, write_wording
from store.services import Services
from store.settings import Settings
from store.staff.audit import Actor, Thing, Values, record
from store.staff.models import AuditEntry, StaffUser
from store.staff.sample_mails import MAILS, sample_mail

KIND = "mail_wording"
TEST = "staff.wording_test"
SHORTEST_TITLE = 3
"""A product called "A" is no secret."""


def thing_of(mail: ReaderMail) -> Thing:
    return Thing(KIND, mail.template, str(mail.title))


def save_wording(mail: ReaderMail, wording: Wording, actor: Actor, services: Services) -> None:
    """Say this in every such mail from now on; flushes only."""
    before = _said(mail)
    write_wording(mail, wording, services.clock)
    record(
        actor,
        "wording.written",
        thing_of(mail),
        clock=services.clock,
        before=before,
        after=_said(mail),
    )


def mail_to_oneself(
    mail: ReaderMail, wording: Wording, person: StaffUser, services: Services
) -> None:
    """Send whoever works on it a mail in these words, saved or not; flushes only."""
    settings, now = branded(services.settings), services.clock.now()
    write_mail(
        sample_mail(mail, wording, settings, now),
        recipient=person.email,
        dedupe_key=f"{TEST}:{person.id}:{now.isoformat()}",
        kind=TEST,
        clock=services.clock,
        settings=settings,
    )
    record(Actor.of(person), "wording.tested", thing_of(mail), clock=services.clock)


def telling(subject: str, settings: Settings) -> list[str]:
    """Return what a finished subject tells over a shoulder: words of the brand, products."""
    folded = subject.casefold()
    titles = db.session.scalars(
        select(Product.title).where(Product.status == ProductStatus.ACTIVE).distinct()
    )
    named = [
        title for title in titles if len(title) >= SHORTEST_TITLE and title.casefold() in folded
    ]
    return [*revealing_words(subject, settings), *sorted(named)]


class WordingUndo:
    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        mail = MAILS.get(thing_id)
        return _said(mail) if mail else None

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        mail = MAILS[entry.thing_id]
        write_wording(mail, Wording(**{**_said(mail), **values}), services.clock)


def _said(mail: ReaderMail) -> dict[str, str]:
    return asdict(wording_of(mail))
