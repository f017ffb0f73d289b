"""The mails about a place in the queue; their subjects tell a mailbox's other readers nothing."""

from datetime import datetime
from typing import Any

from store.mail.letterhead import branded
from store.mail.outgoing import write_mail
from store.mail.wording import ReaderMail, render_worded
from store.newsletter.back_in_stock.queries import wanted_variant
from store.services import Services
from store.waiting.last_unit import mail_words
from store.waiting.last_unit.models import QueueReader
from store.waiting.last_unit.tokens import token_for
from store.web.filters import moment_words

ROOM = "last_unit"
KINDS = (f"{ROOM}.turn", f"{ROOM}.sold")


def mail_turn(reader: QueueReader, until: datetime, services: Services) -> None:
    """Tell her that one is kept for her, and until when."""
    link, leave = (_link(reader, act, services) for act in ("place", "leave"))
    # RFC 8058: both headers, so that a mail program's own button gives the place up in one click.
    headers = {
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    told = moment_words(until, services.settings, "h:mm a, d MMMM")
    _mail(reader, mail_words.TURN, services, headers, until=told, link=link, leave=leave)


def mail_sold(reader: QueueReader, services: Services) -> None:
    """Tell her kindly that it is over, and how to hear of it when it is back."""
    link = f"{services.settings.public_url}/back-in-stock?variant={reader.variant_id}"
    _mail(reader, mail_words.SOLD, services, {}, link=link)


def _link(reader: QueueReader, act: str, services: Services) -> str:
    token = token_for(reader, act, services.settings, services.clock)
    return f"{services.settings.public_url}/last-unit/{act}/{token}"


def _mail(
    reader: QueueReader,
    mail: ReaderMail,
    services: Services,
    headers: dict[str, str],
    **values: Any,
) -> None:
    what, settings = mail.template.partition("/")[2], branded(services.settings)
    wanted = wanted_variant(reader.variant_id)
    write_mail(
        render_worded(mail, settings=settings, name=wanted.name if wanted else "", **values),
        recipient=reader.email,
        dedupe_key=f"{ROOM}:{reader.place_id}:{what}",
        kind=f"{ROOM}.{what}",
        clock=services.clock,
        settings=settings,
        headers=headers,
    )
