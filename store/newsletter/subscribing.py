"""How an address comes onto the list and leaves it: only its owner decides, with one click each."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar

from sqlalchemy import delete, select, update

from store.clock import Clock
from store.database import db, insert_into
from store.jobs.outbox import enqueue
from store.jobs.queue import Job
from store.keyed import email_hash_of
from store.mail.letterhead import branded
from store.mail.outgoing import mailable
from store.mail.sending import forget_mails_to
from store.newsletter.back_in_stock.forgetting import forget_requests_of
from store.newsletter.bounces.forgetting import forget_reports_of
from store.newsletter.campaigns.models import Delivery
from store.newsletter.importing.models import ImportedAddress
from store.newsletter.ledger import NOWHERE, Circumstances, enter, may_be_invited
from store.newsletter.limits import Attempt, note_attempt
from store.newsletter.messages import ROOM, mail_already, mail_invitation, mail_welcome
from store.newsletter.models import (
    ConsentKind,
    Subscriber,
    SubscriberState,
    Suppression,
    SuppressionReason,
)
from store.newsletter.second_step.asking import NO_ANSWER, GivenAnswer, Step
from store.newsletter.topics import EVERYTHING, known_topics
from store.newsletter.wording import consent_words
from store.services import Services


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """A signup as it was asked for; network is what limits count, a keyed hash."""

    email: str
    network: str = ""
    section: str = ""
    topics: tuple[str, ...] = EVERYTHING
    seen: Circumstances = NOWHERE
    answer: GivenAnswer = NO_ANSWER


@dataclass(frozen=True, slots=True)
class Invite(Job):
    """What a worker needs to look the address up; it is forgotten with the job."""

    kind: ClassVar[str] = "newsletter.invite"

    email: str
    section: str
    source: str
    page: str
    locale: str
    wording: str
    network: str
    topics: Sequence[str] = EVERYTHING


def ask_to_join(request: JoinRequest, services: Services) -> Step | None:
    """Have a worker invite this address, or return the question that has to be answered first.

    Raises UnmailableError, SignupLimitError. Flushes only. Whether the address is known is not
    even looked up here, so that neither answer nor clock can tell.
    """
    email = mailable(request.email).lower()
    domain = email.rpartition("@")[2]
    email_hash = email_hash_of(email, services.settings)
    attempt = Attempt(request.network, domain, email_hash)
    step = note_attempt(attempt, services, request.answer)
    if step is None:
        topics = list(known_topics(request.topics))
        seen = asdict(request.seen)
        enqueue(Invite(email=email, section=request.section, topics=topics, **seen), services.clock)
    return step


def invite(wanted: Invite, services: Services) -> None:
    """Mail the address what its state calls for, or nothing at all; flushes only."""
    settings, now = services.settings, services.clock.now()
    email_hash = email_hash_of(wanted.email, settings)
    if reason_to_stay_silent(email_hash):
        return
    if not may_be_invited(email_hash, now) and not _is_known(wanted.email):
        return
    subscriber = _row_of(wanted, services.clock)
    if subscriber.state == SubscriberState.CONFIRMED:
        mail_already(subscriber, services)
    elif may_be_invited(email_hash, now):
        subscriber.state, subscriber.asked_at = SubscriberState.PENDING, now
        subscriber.source, subscriber.section = wanted.source, wanted.section
        subscriber.locale = wanted.locale or subscriber.locale
        subscriber.topics = list(known_topics(wanted.topics))
        seen = Circumstances(
            wanted.source, wanted.page, wanted.locale, wanted.wording, wanted.network
        )
        enter(
            ConsentKind.ASKED,
            subscriber_id=subscriber.id,
            email_hash=email_hash,
            at=now,
            seen=seen,
            words=consent_words(seen.wording, branded(settings).brand_name),
            detail={"topics": list(subscriber.topics)},
        )
        mail_invitation(subscriber, services)


def confirm(subscriber: Subscriber, network: str, services: Services) -> None:
    """Put an invited address on the list; done twice it is done once. Flushes only.

    An old link brings nobody back who has left since: the row is no longer pending.
    """
    now, email_hash = services.clock.now(), email_hash_of(subscriber.email, services.settings)
    if not _moved(
        subscriber,
        SubscriberState.PENDING,
        SubscriberState.CONFIRMED,
        updated_at=now,
        confirmed_at=now,
        # Whoever says yes anew is not held to the pause of another time.
        paused_until=None,
    ):
        return
    # Only the person herself can undo what she once had erased.
    db.session.execute(
        delete(Suppression).where(
            Suppression.email_hash == email_hash, Suppression.reason == SuppressionReason.ERASED
        )
    )
    enter(
        ConsentKind.CONFIRMED,
        subscriber_id=subscriber.id,
        email_hash=email_hash,
        at=now,
        seen=Circumstances(locale=subscriber.locale, network=network),
        detail={"topics": list(subscriber.topics)},
    )
    mail_welcome(subscriber, services)


def leave(subscriber: Subscriber, network: str, services: Services) -> None:
    """Take the address off the list; done twice it is done once. Flushes only."""
    now = services.clock.now()
    before = SubscriberState(subscriber.state)
    if before is not SubscriberState.LEFT and _moved(
        subscriber, before, SubscriberState.LEFT, updated_at=now, left_at=now
    ):
        enter(
            ConsentKind.LEFT,
            subscriber_id=subscriber.id,
            email_hash=email_hash_of(subscriber.email, services.settings),
            at=now,
            seen=Circumstances(network=network),
        )


def disown(subscriber: Subscriber, network: str, services: Services) -> None:
    """Forget an address that somebody else typed, and never write to it again; flushes only."""
    now, email_hash = services.clock.now(), email_hash_of(subscriber.email, services.settings)
    suppress(email_hash, SuppressionReason.DISOWNED, services.clock)
    _forget_traces(subscriber, email_hash)
    enter(
        ConsentKind.DISOWNED,
        subscriber_id=None,
        email_hash=email_hash,
        at=now,
        seen=Circumstances(network=network),
    )
    db.session.delete(subscriber)
    db.session.flush()


def erase(subscriber: Subscriber, services: Services) -> None:
    """Forget a person at her wish; only her own new confirmation brings her back. Flushes only."""
    now, email_hash = services.clock.now(), email_hash_of(subscriber.email, services.settings)
    suppress(email_hash, SuppressionReason.ERASED, services.clock)
    enter(ConsentKind.ERASED, subscriber_id=None, email_hash=email_hash, at=now)
    _forget_traces(subscriber, email_hash)
    db.session.delete(subscriber)
    db.session.flush()


def silence(email: str, services: Services) -> None:
    """See to it, for staff, that an address is never written to again; flushes only."""
    now, email_hash = services.clock.now(), email_hash_of(email, services.settings)
    suppress(email_hash, SuppressionReason.BY_HAND, services.clock)
    forget_imported(email_hash)
    enter(
        ConsentKind.SUPPRESSED,
        subscriber_id=None,
        email_hash=email_hash,
        at=now,
        seen=Circumstances(source="desk"),
    )


def suppress(email_hash: str, reason: SuppressionReason, clock: Clock) -> None:
    """Note that this address is not written to; flushes only.

    What was noted first stands, except an erasure: its owner's own click undoes it, and no later
    reason may be undone so.
    """
    values = {"reason": reason, "at": clock.now()}
    db.session.execute(
        insert_into(Suppression)
        .values(email_hash=email_hash, **values)
        .on_conflict_do_update(
            index_elements=[Suppression.email_hash],
            set_=values,
            where=Suppression.reason == SuppressionReason.ERASED,
        )
        .execution_options(synchronize_session=False)
    )


def reason_to_stay_silent(email_hash: str) -> str | None:
    """Return why this address is not written to; none for one that may be asked."""
    reason = db.session.scalar(
        select(Suppression.reason).where(Suppression.email_hash == email_hash)
    )
    # Who had herself erased may come back, and nobody but her own click brings her back.
    return None if reason == SuppressionReason.ERASED else reason


def forget_imported(email_hash: str) -> None:
    """Take the address out of lists whose people are still to be asked; flushes only."""
    db.session.execute(
        delete(ImportedAddress)
        .where(ImportedAddress.email_hash == email_hash)
        .execution_options(synchronize_session=False)
    )


def _forget_traces(subscriber: Subscriber, email_hash: str) -> None:
    """Forget what stands of this address beside its row."""
    forget_mails_to(subscriber.email, room=ROOM)
    forget_requests_of(subscriber.email, email_hash)
    forget_imported(email_hash)
    forget_reports_of(subscriber.email)
    # What a mail server answered may name whom it would not take.
    db.session.execute(
        update(Delivery)
        .where(Delivery.subscriber_id == subscriber.id)
        .values(answer="")
        .execution_options(synchronize_session=False)
    )


def _is_known(email: str) -> bool:
    known = select(Subscriber.id).where(Subscriber.email == email)
    return db.session.scalar(known) is not None


def _row_of(wanted: Invite, clock: Clock) -> Subscriber:
    """Return the row of this address, made if need be, locked until the transaction ends."""
    now = clock.now()
    row_id = db.session.scalar(
        insert_into(Subscriber)
        .values(
            email=wanted.email,
            secret=secrets.token_urlsafe(24),
            state=SubscriberState.PENDING,
            locale=wanted.locale or "en",
            topics=list(known_topics(wanted.topics)),
            source=wanted.source,
            section=wanted.section,
            asked_at=now,
            updated_at=now,
        )
        .on_conflict_do_update(index_elements=[Subscriber.email], set_={"updated_at": now})
        .returning(Subscriber.id)
    )
    return db.session.get_one(Subscriber, row_id, populate_existing=True)


def _moved(
    subscriber: Subscriber, before: SubscriberState, after: SubscriberState, **changed: object
) -> bool:
    """Move the row in one statement; of two clicks at once one finds it moved already."""
    moved = db.session.scalar(
        update(Subscriber)
        .where(Subscriber.id == subscriber.id, Subscriber.state == before)
        .values(state=after, **changed)
        .returning(Subscriber.id)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(subscriber)
    return moved is not None
