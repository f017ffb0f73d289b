"""A reader asks what is kept of her: a worker looks, and the link goes to that mailbox alone."""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import ClassVar

from sqlalchemy import delete, update

from store.clock import Clock
from store.database import db
from store.digits import whole_number
from store.errors import ConflictError, NotFoundError
from store.jobs.outbox import enqueue
from store.jobs.queue import Job
from store.keyed import is_signed, keyed
from store.mail.letterhead import branded
from store.mail.outgoing import write_mail
from store.mail.wording import render_worded
from store.orders.finding import note_lookup
from store.orders.mail_words import DATA_LINK
from store.orders.own_data.keepers import Keepers
from store.orders.own_data.models import DataRequest
from store.services import Services
from store.settings import Settings

OPEN_FOR = timedelta(days=1)
KEY_BYTES = 18


class ErasedError(ConflictError):
    """This link has been used to erase: what it led to is gone, or going."""


@dataclass(frozen=True, slots=True)
class MailDataLink(Job):
    kind: ClassVar[str] = "orders.mail_data_link"

    lookup_id: int
    email: str


@dataclass(frozen=True, slots=True)
class EraseData(Job):
    kind: ClassVar[str] = "orders.erase_data"

    request_id: int


def ask_for_data(email: str, network: str, services: Services) -> None:
    """Have a worker look and mail; raises UnmailableError, LookupLimitError, and tells nothing.

    Flushes only; it counts together with questions for links to orders.
    """
    lookup = note_lookup(email, network, services)
    if lookup.may_mail:
        enqueue(MailDataLink(lookup.id, lookup.recipient), services.clock)


def mail_data_link(lookup_id: int, email: str, keepers: Keepers, services: Services) -> None:
    """Write the mail with the link if anything is kept of this address; flushes only."""
    if not keepers.kept(email, services):
        return
    wanted = DataRequest(email=email, secret=secrets.token_hex(16), at=services.clock.now())
    db.session.add(wanted)
    db.session.flush()
    settings = branded(services.settings)
    link = f"{settings.public_url}{data_path(wanted, settings)}"
    write_mail(
        render_worded(DATA_LINK, settings=settings, link=link),
        recipient=email,
        dedupe_key=f"data-link:{lookup_id}",
        kind="orders.data_link",
        clock=services.clock,
        settings=settings,
    )


def data_path(wanted: DataRequest, settings: Settings) -> str:
    return f"/orders/your-data/{wanted.id}-{_key(wanted, settings)}"


def request_behind(token: str, services: Services) -> DataRequest:
    """Return whose data this link opens; NotFoundError for an old one, or one that is not ours."""
    given, _, key = token.partition("-")
    number = whole_number(given)
    found = None if number is None else db.session.get(DataRequest, number)
    # A key is reckoned for nobody too, so that both answers take the same time.
    made = partial(_key, found or DataRequest(id=0, secret=""))  # nosec B106 # empty: of nobody
    is_ours = is_signed(key, made, services.settings)
    if not is_ours or found is None or services.clock.now() - found.at > OPEN_FOR:
        raise NotFoundError("no data opens with this link")
    return found


def ask_to_erase(wanted: DataRequest, services: Services) -> None:
    """Have a worker erase what is kept; raises ErasedError for a second click. Flushes only."""
    moved = db.session.scalar(
        update(DataRequest)
        .where(DataRequest.id == wanted.id, DataRequest.erased_at.is_(None))
        .values(erased_at=services.clock.now())
        .returning(DataRequest.id)
    )
    if moved is None:
        raise ErasedError("erased before")
    enqueue(EraseData(wanted.id), services.clock)


def erase_all(request_id: int, keepers: Keepers, services: Services) -> None:
    """Erase what is kept of whoever asked, and at last whom that was; flushes only."""
    wanted = db.session.get(DataRequest, request_id)
    if wanted is not None and wanted.email and wanted.erased_at:
        keepers.erase(wanted.email, services)
        wanted.email = ""
        db.session.flush()


def forget_requests(clock: Clock) -> None:
    """Forget links that open nothing any more; flushes only."""
    db.session.execute(delete(DataRequest).where(DataRequest.at < clock.now() - 2 * OPEN_FOR))


def _key(wanted: DataRequest, settings: Settings) -> str:
    signed = keyed(settings, "own data", f"{wanted.id}:{wanted.secret}")
    return urlsafe_b64encode(signed[:KEY_BYTES]).decode()
