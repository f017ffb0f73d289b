"""How a reader comes to wait for a variant: what was asked for is noted, and confirmed once."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import ColumnElement, case, exists, func, or_, select

from store.catalog.models import Product, Variant
from store.catalog.rows import is_public
from store.database import db, insert_into
from store.jobs.outbox import enqueue
from store.jobs.queue import Job
from store.keyed import email_hash_of
from store.mail.outgoing import mailable
from store.newsletter.back_in_stock.messages import mail_invitation
from store.newsletter.back_in_stock.models import RequestState, StockRequest
from store.newsletter.back_in_stock.wording import consent_words
from store.newsletter.ledger import NOWHERE, Circumstances, enter, may_be_invited
from store.newsletter.limits import Attempt, note_attempt
from store.newsletter.models import ConsentKind, Purpose, Subscriber, SubscriberState
from store.newsletter.second_step.asking import NO_ANSWER, GivenAnswer, Step
from store.newsletter.subscribing import reason_to_stay_silent
from store.services import Services

PENDING_KEPT = timedelta(days=7)
WAITING_KEPT = timedelta(days=90)
MOST_OF_ONE_ADDRESS = 30
"""More than anybody misses at once; what goes beyond is not noted."""
KNOWN = "known"
"""The source of a consent that an address had confirmed before: no second mail asks for it."""


@dataclass(frozen=True, slots=True)
class StockQuestion:
    """What a reader asked for; network is what limits count, a keyed hash."""

    variant_id: int
    email: str
    network: str = ""
    seen: Circumstances = NOWHERE
    answer: GivenAnswer = NO_ANSWER


@dataclass(frozen=True, slots=True)
class NoteRequest(Job):
    """What a worker needs to look the address up; it is forgotten with the job."""

    kind: ClassVar[str] = "back_in_stock.note"

    variant_id: int
    email: str
    source: str
    page: str
    locale: str
    wording: str
    network: str


def ask_to_be_told(question: StockQuestion, services: Services) -> Step | None:
    """Have a worker note who waits, or return the question that has to be answered first.

    Raises UnmailableError, SignupLimitError. Flushes only. As with the newsletter nothing is looked
    up here, so that neither answer nor clock can tell who is known; and the limits are those of
    signing up, counted with them.
    """
    email = mailable(question.email).lower()
    domain = email.rpartition("@")[2]
    email_hash = email_hash_of(email, services.settings)
    attempt = Attempt(question.network, domain, email_hash)
    step = note_attempt(attempt, services, question.answer)
    if step is None:
        enqueue(
            NoteRequest(variant_id=question.variant_id, email=email, **asdict(question.seen)),
            services.clock,
        )
    return step


def note_request(wanted: NoteRequest, services: Services) -> None:
    """Write who waits for what, and ask an address that nobody confirmed; flushes only."""
    now = services.clock.now()
    email_hash = email_hash_of(wanted.email, services.settings)
    if reason_to_stay_silent(email_hash) or not _may_be_noted(wanted.variant_id, email_hash, now):
        return
    is_known = _is_confirmed(wanted.email, email_hash)
    request = _row_of(wanted, email_hash, now, is_known=is_known)
    seen = Circumstances(wanted.source, wanted.page, wanted.locale, wanted.wording, wanted.network)
    if is_known:
        _enter(ConsentKind.ASKED, email_hash, now, seen)
        _enter(ConsentKind.CONFIRMED, email_hash, now, Circumstances(source=KNOWN))
    elif may_be_invited(email_hash, now, Purpose.BACK_IN_STOCK):
        _enter(ConsentKind.ASKED, email_hash, now, seen)
        mail_invitation(request, services)


def _enter(kind: ConsentKind, email_hash: str, now: datetime, seen: Circumstances) -> None:
    words = consent_words() if seen.wording else ""
    enter(
        kind,
        purpose=Purpose.BACK_IN_STOCK,
        subscriber_id=None,
        email_hash=email_hash,
        at=now,
        seen=seen,
        words=words,
    )


def _may_be_noted(variant_id: int, email_hash: str, now: datetime) -> bool:
    for_sale = (
        select(Variant.id)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.id == variant_id, is_public(now))
    )
    if db.session.scalar(for_sale) is None:
        return False
    own = select(func.count()).where(StockRequest.email_hash == email_hash)
    return (db.session.scalar(own) or 0) < MOST_OF_ONE_ADDRESS


def _is_confirmed(email: str, email_hash: str) -> bool:
    """Say whether the owner of this address has said yes to us before, and not left since."""
    subscribed = exists().where(
        Subscriber.email == email, Subscriber.state == SubscriberState.CONFIRMED
    )
    waited = exists().where(
        StockRequest.email_hash == email_hash, StockRequest.state != RequestState.PENDING
    )
    return bool(db.session.scalar(select(or_(subscribed, waited))))


def _row_of(wanted: NoteRequest, email_hash: str, now: datetime, *, is_known: bool) -> StockRequest:
    """Return the row of this address and variant, made or begun anew if need be."""
    fresh = insert_into(StockRequest).values(
        variant_id=wanted.variant_id,
        email=wanted.email,
        email_hash=email_hash,
        secret=secrets.token_urlsafe(24),
        state=RequestState.WAITING if is_known else RequestState.PENDING,
        asked_at=now,
        confirmed_at=now if is_known else None,
        ends_at=now + (WAITING_KEPT if is_known else PENDING_KEPT),
    )
    # Who was told and asks again stands at the end of the line; who waits keeps her place.
    begins_anew: ColumnElement[bool] = StockRequest.state == RequestState.TOLD
    row_id = db.session.scalar(
        fresh.on_conflict_do_update(
            index_elements=[StockRequest.variant_id, StockRequest.email_hash],
            set_={
                "email": fresh.excluded.email,
                "asked_at": case((begins_anew, now), else_=StockRequest.asked_at),
                "told_at": None,
                "state": case(
                    (StockRequest.state == RequestState.WAITING, StockRequest.state),
                    else_=fresh.excluded.state,
                ),
                "confirmed_at": func.coalesce(
                    StockRequest.confirmed_at, fresh.excluded.confirmed_at
                ),
                "ends_at": fresh.excluded.ends_at,
            },
        )
        .returning(StockRequest.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.get_one(StockRequest, row_id, populate_existing=True)
