"""Reads the mailbox of bounces: what came back is taken first, and put away afterwards."""

from dataclasses import dataclass

import structlog

from store.database import end_reading, writing
from store.mail.mailboxes import open_mailbox
from store.mail.waiting_mail import WaitingMail
from store.newsletter.bounces.events import MAILBOX, UnclearReportError, fingerprint
from store.newsletter.bounces.reading import excerpt_of, read_report
from store.newsletter.bounces.taking import AT_ONCE, keep_unclear, take
from store.services import Services

MOST_AT_ONCE = 500
"""In one turn; the rest waits for the next."""
TAKEN, UNCLEAR = "Taken", "Unclear"
"""Folders of the mailbox: nobody needs to look at the one, somebody may at the other."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Swept:
    """How many mails were looked at, and how many of them say something new."""

    mails: int = 0
    new: int = 0


def sweep_mailbox(services: Services, most: int = MOST_AT_ONCE) -> Swept:
    """Take so much of what lies in the mailbox; raises UnavailableError while it cannot be opened.

    Whoever is killed between taking and putting away takes the mail again, which changes nothing.
    """
    swept = Swept()
    if not services.settings.bounces_url.get_secret_value():
        return swept
    # Nothing of the database stays open while the mailbox answers.
    end_reading()
    with open_mailbox(services.settings.bounces_url) as mailbox:
        for mail in mailbox.waiting(most):
            folder = _taken(mail, services, swept)
            mailbox.put_away(mail, folder)
    if swept.mails:
        log.info("mailbox_swept", mails=swept.mails, new=swept.new)
    return swept


def _taken(mail: WaitingMail, services: Services, swept: Swept) -> str:
    swept.mails += 1
    try:
        events = read_report(mail.raw, services.clock.now())
    except UnclearReportError as unclear:
        # The same bytes are the same mail, whatever the mailbox calls it.
        name = fingerprint(repr(mail.raw))
        excerpt = "" if unclear.is_letter else excerpt_of(mail.raw)
        with writing():
            swept.new += keep_unclear(MAILBOX, name, unclear.reason, excerpt, services)
        return UNCLEAR
    with writing():
        swept.new += take(events[:AT_ONCE], services)
    return TAKEN
