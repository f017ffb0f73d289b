"""Takes what came back, once: who is not written to any more, and what became of which mail."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, tuple_, update

from store.database import db, insert_into
from store.keyed import email_hash_of
from store.mail.returned import note_returned
from store.newsletter.bounces.events import (
    LONGEST_DIAGNOSTIC,
    MAILBOX,
    Complaint,
    Event,
    HardBounce,
    SoftBounce,
    fingerprint,
    one_line,
    without_addresses,
)
from store.newsletter.bounces.models import MailReport, ReportKind
from store.newsletter.bounces.suppressing import (
    suppress_bounced,
    suppress_complaining,
    suppress_if_soft_too_often,
)
from store.newsletter.bounces.tying import SentMail, mails_behind, newest_mail_to
from store.newsletter.campaigns.models import Delivery, DeliveryState
from store.newsletter.campaigns.pausing import pause_if_over
from store.services import Services

AT_ONCE = 100
"""Events in one transaction: others wait to write meanwhile."""
KINDS: Mapping[type[Event], ReportKind] = {
    HardBounce: ReportKind.HARD,
    SoftBounce: ReportKind.SOFT,
    Complaint: ReportKind.COMPLAINT,
}
Key = tuple[str, str]
NOT_OURS = "It speaks of no mail that we sent."


@dataclass(frozen=True, slots=True)
class _Tied:
    """An event with the mail that it is about and the address that we wrote to."""

    event: Event
    mail: SentMail | None
    address: str

    @property
    def is_believed(self) -> bool:
        # Anybody can write to our mailbox that an address is dead; the Message-ID of a mail that
        # we sent is known to its reader and to the servers between us alone.
        return self.mail is not None or self.event.provider != MAILBOX


def take(events: Sequence[Event], services: Services) -> int:
    """Act on what was not taken before and return how many those were; flushes only.

    Told again it changes nothing, in whatever order and by however many at once. At most AT_ONCE
    events; whoever has more takes them one scope after the other.
    """
    before = known_keys(events)
    unknown = [event for event in events if key_of(event) not in before]
    tied = {key_of(one.event): one for one in _tied(unknown)}
    fresh = [tied[key] for key in _entered(list(tied.values()), services)]
    for one in fresh:
        if one.is_believed:
            _act(one, services)
    campaigns = {one.mail.campaign_id for one in fresh if one.mail and one.mail.campaign_id}
    for campaign_id in sorted(campaigns):
        pause_if_over(campaign_id, services.clock)
    return len(fresh)


def key_of(event: Event) -> Key:
    """Return what tells an event from every other."""
    return event.provider, fingerprint(event.event_id)


def known_keys(events: Sequence[Event]) -> set[Key]:
    """Return the keys of those of these events that were taken before."""
    row_key = tuple_(MailReport.provider, MailReport.event_id)
    rows = db.session.execute(
        select(MailReport.provider, MailReport.event_id).where(
            row_key.in_({key_of(event) for event in events})
        )
    )
    return {(row.provider, row.event_id) for row in rows}


def keep_unclear(
    provider: str, event_id: str, reason: str, excerpt: str, services: Services
) -> bool:
    """Keep for staff what cannot be told, once; return whether it is new. Flushes only."""
    now = services.clock.now()
    row = db.session.scalar(
        insert_into(MailReport)
        .values(
            provider=provider,
            event_id=fingerprint(event_id),
            kind=ReportKind.UNCLEAR,
            diagnostic=one_line(reason),
            excerpt=excerpt,
            at=now,
            received_at=now,
            **_nobody(),
        )
        .on_conflict_do_nothing(index_elements=[MailReport.provider, MailReport.event_id])
        .returning(MailReport.id)
    )
    return row is not None


def _nobody() -> dict[str, object]:
    return {"email_hash": "", "message_id": "", "counts": True}


def _tied(events: Sequence[Event]) -> Iterator[_Tied]:
    behind = mails_behind([event.message_id for event in events])
    for event in events:
        mail = behind.get(event.message_id)
        if mail is None and event.provider != MAILBOX and event.recipient:
            # Some providers give mails names of their own, and say whom alone.
            mail = newest_mail_to(event.recipient, event.at)
        # The address that we wrote to: where it forwards is none of our business.
        yield _Tied(event, mail, (mail.recipient if mail else "") or event.recipient)


def _entered(tied: Sequence[_Tied], services: Services) -> list[Key]:
    """Enter them all in one statement, and return the keys of those that were not there."""
    if not tied:
        return []
    rows = db.session.execute(
        insert_into(MailReport)
        .values([_row(one, services) for one in tied])
        .on_conflict_do_nothing(index_elements=[MailReport.provider, MailReport.event_id])
        .returning(MailReport.provider, MailReport.event_id)
    ).all()
    new = {(row.provider, row.event_id) for row in rows}
    return [key for one in tied if (key := key_of(one.event)) in new]


def _row(one: _Tied, services: Services) -> dict[str, object]:
    event, is_believed = one.event, one.is_believed
    said = without_addresses(one_line(event.diagnostic, LONGEST_DIAGNOSTIC))
    address = one.address if is_believed else ""
    return {
        "provider": event.provider,
        "event_id": fingerprint(event.event_id),
        "kind": KINDS[type(event)] if is_believed else ReportKind.UNCLEAR,
        "email_hash": email_hash_of(address, services.settings) if address else "",
        "message_id": one.mail.message_id if one.mail else "",
        "diagnostic": said if is_believed else NOT_OURS,
        "excerpt": "" if is_believed else one_line(f"{event.recipient} {event.diagnostic}"),
        "counts": True,
        "at": event.at,
        "received_at": services.clock.now(),
    }


def _act(one: _Tied, services: Services) -> None:
    said = without_addresses(one_line(one.event.diagnostic, LONGEST_DIAGNOSTIC))
    if one.mail is not None:
        _tell_mail(one.mail, one.event, said, services)
    if not one.address:
        return
    email_hash = email_hash_of(one.address, services.settings)
    match one.event:
        case HardBounce():
            suppress_bounced(email_hash, services)
        case SoftBounce():
            suppress_if_soft_too_often(email_hash, services)
        case Complaint():
            suppress_complaining(one.address, services)


def _tell_mail(mail: SentMail, event: Event, said: str, services: Services) -> None:
    """Note with the mail what became of it; a complaint is about one that arrived."""
    is_complaint = isinstance(event, Complaint)
    if not is_complaint:
        note_returned(mail.message_id, said or "It came back.", services.clock.now())
    if mail.campaign_id is None:
        return
    after = DeliveryState.COMPLAINED if is_complaint else DeliveryState.REFUSED
    before = {DeliveryState.WAITING, DeliveryState.SENT} | (
        {DeliveryState.REFUSED} if is_complaint else set()
    )
    db.session.execute(
        update(Delivery)
        .where(Delivery.message_id == mail.message_id, Delivery.state.in_(before))
        .values(state=after, answer=said[:300], claimed_until=None)
    )
