"""Mails readers the links to their orders; a hit and a miss look the same from outside."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from sqlalchemy import func, select

from store.database import db
from store.errors import LimitError
from store.jobs.outbox import enqueue
from store.jobs.queue import Job
from store.keyed import email_hash_of
from store.mail.outgoing import mailable
from store.orders.messages import mail_links
from store.orders.models import OrderLookup
from store.orders.queries import orders_of
from store.services import Services

WINDOW = timedelta(hours=1)
MOST_OF_ONE_NETWORK = 20
MOST_TO_ONE_ADDRESS = 3


class LookupLimitError(LimitError):
    """One network asked for links too often."""


@dataclass(frozen=True, slots=True)
class MailLinks(Job):
    kind: ClassVar[str] = "orders.mail_links"

    lookup_id: int
    email: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question that was written down; whether it may be answered is for the worker alone."""

    id: int
    recipient: str
    may_mail: bool


def ask_for_links(email: str, network: str, services: Services) -> None:
    """Have a worker look and mail; raises UnmailableError, LookupLimitError, and tells nothing.

    Flushes only. Whether there are orders is not even looked up here, so no clock can tell.
    """
    lookup = note_lookup(email, network, services)
    if lookup.may_mail:
        enqueue(MailLinks(lookup.id, lookup.recipient), services.clock)


def note_lookup(email: str, network: str, services: Services) -> Lookup:
    """Count a question about this address; raises UnmailableError, LookupLimitError.

    All that is asked about an address counts together. Flushes only.
    """
    recipient, since = mailable(email), services.clock.now() - WINDOW
    email_hash = email_hash_of(recipient, services.settings)
    recent = select(func.count()).select_from(OrderLookup).where(OrderLookup.at > since)
    by_network = db.session.scalars(recent.where(OrderLookup.network == network)).one()
    if network and by_network >= MOST_OF_ONE_NETWORK:
        raise LookupLimitError(f"{by_network} questions in an hour")
    to_address = db.session.scalars(recent.where(OrderLookup.email_hash == email_hash)).one()
    lookup = OrderLookup(email_hash=email_hash, network=network, at=services.clock.now())
    db.session.add(lookup)
    db.session.flush()
    return Lookup(lookup.id, recipient, to_address < MOST_TO_ONE_ADDRESS)


def mail_found_links(lookup_id: int, email: str, services: Services) -> None:
    """Write the mail if this address bought anything; flushes only."""
    orders = orders_of(email, services.clock)
    if orders:
        mail_links(orders, email, lookup_id, services)
