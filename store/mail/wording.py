"""What mails say to readers: the words that ship with each, or those that staff wrote for it.

A wording is the subject and what stands above and below the part that a mail cannot do without:
links, sums and the way out are the template's, and no wording takes them away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from sqlalchemy import delete, select

from store.clock import Clock
from store.database import db, insert_into
from store.mail.models import MailWording
from store.mail.prose import Names, filled, said
from store.mail.rendering import Rendered, render
from store.settings import Settings

ALWAYS = ("brand", "sender", "email", "store")
"""Names that every mail knows."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A subject of one line, and two texts in Markdown; the texts may be empty."""

    subject: str
    opening: str
    closing: str


@dataclass(frozen=True, slots=True)
class ReaderMail:
    """A mail that readers get: its templates, when it is sent, and the words that ship with it."""

    template: str
    """Such as orders/confirmed."""
    title: LazyString
    cause: LazyString
    """When it is sent, as a sentence."""
    carries: LazyString
    """What stands between opening and closing whatever they say."""
    subject: LazyString
    opening: LazyString
    closing: LazyString | str = ""
    own_names: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What may stand in double braces."""
        return (*self.own_names, *ALWAYS)

    @property
    def shipped(self) -> Wording:
        return Wording(str(self.subject), str(self.opening), str(self.closing))


def wording_of(mail: ReaderMail) -> Wording:
    """Return what this mail says now."""
    columns = (MailWording.subject, MailWording.opening, MailWording.closing)
    row = db.session.execute(
        select(*columns).where(MailWording.template == mail.template)
    ).one_or_none()
    return Wording(*row) if row else mail.shipped


def rewritten() -> Mapping[str, str]:
    """Return the subjects of the mails that staff have worded, by template."""
    rows = db.session.execute(select(MailWording.template, MailWording.subject))
    return dict(rows.all())


def write_wording(mail: ReaderMail, wording: Wording, clock: Clock) -> None:
    """Say this from now on; the words that ship bring back what ships. Flushes only."""
    if wording == mail.shipped:
        db.session.execute(delete(MailWording).where(MailWording.template == mail.template))
        return
    written = {
        "subject": wording.subject,
        "opening": wording.opening,
        "closing": wording.closing,
        "changed_at": clock.now(),
    }
    db.session.execute(
        insert_into(MailWording)
        .values(template=mail.template, **written)
        .on_conflict_do_update(index_elements=[MailWording.template], set_=written)
        .execution_options(synchronize_session=False)
    )


def render_worded(
    mail: ReaderMail,
    *,
    settings: Settings,
    names: Names | None = None,
    wording: Wording | None = None,
    **values: Any,
) -> Rendered:
    """Render a mail in the words that count now, or in those that are given to be looked at."""
    words = wording or wording_of(mail)
    known = every_name(settings) | dict(names or {})
    return render(
        mail.template,
        settings=settings,
        subject=filled(words.subject, known),
        opening=said(words.opening, known, settings.public_url),
        closing=said(words.closing, known, settings.public_url),
        **values,
    )


def every_name(settings: Settings) -> dict[str, str]:
    """Return what stands for the names that every mail knows."""
    return {
        "brand": settings.brand_name,
        "sender": settings.brand_sender,
        "email": settings.brand_email or settings.mail_from,
        "store": settings.public_url,
    }
