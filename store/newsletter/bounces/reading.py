"""Reads one mail from the mailbox of bounces: what came back, nothing of interest, or unclear.

Standards come first (RFC 6522 wraps RFC 3464 and RFC 5965); older servers write prose.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime

from store.newsletter.bounces.delivery_status import bounces_in
from store.newsletter.bounces.events import (
    MAILBOX,
    Complaint,
    Event,
    HardBounce,
    SoftBounce,
    UnclearReportError,
    fingerprint,
    message_id_in,
    one_line,
)
from store.newsletter.bounces.feedback import complaint_in
from store.newsletter.bounces.parts import Said, header, parts_of, text_of
from store.newsletter.bounces.prose import failures_in

MOST_RECIPIENTS = 100
LONGEST_EXCERPT = 2_000
_STRANGE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
)
"""What the standard library raises on mails that no program would write."""


@dataclass(frozen=True, slots=True)
class _Report:
    """A report with the hour at which it came."""

    message: Message
    now: datetime
    raw: bytes

    @property
    def at(self) -> datetime:
        """When it was written, as far as that can be: nothing comes from the future."""
        try:
            at = parsedate_to_datetime(header(self.message, "Date"))
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            return self.now
        return at if self.now - timedelta(days=60) < at <= self.now else self.now

    @property
    def name(self) -> str:
        return message_id_in(header(self.message, "Message-ID")) or fingerprint(repr(self.raw))


def read_report(raw: bytes, now: datetime) -> list[Event]:
    """Return what came back; nothing for a mail that was only delayed, and for holiday replies.

    Raises UnclearReportError, and nothing else, whatever the bytes are.
    """
    try:
        message = BytesParser(policy=compat32).parsebytes(raw)
        report = _Report(message, now, raw)
        return list(_events(report))
    except _STRANGE as error:
        raise UnclearReportError(f"It cannot be taken apart ({type(error).__name__}).") from error


def excerpt_of(raw: bytes) -> str:
    """Return how a mail begins, as people read it."""
    try:
        message = BytesParser(policy=compat32).parsebytes(raw)
        head = [f"{name}: {header(message, name)}" for name in ("From", "Subject")]
        text = next((text_of(part) for part in parts_of(message) if text_of(part).strip()), "")
    except _STRANGE:
        head, text = [], raw.decode("utf-8", "replace")
    lines = [*head, "", *text.splitlines()]
    return "\n".join(one_line(line) for line in lines)[:LONGEST_EXCERPT]


def _events(report: _Report) -> Iterator[Event]:
    message = report.message
    if complaint := complaint_in(message):
        yield from _complaints(report, complaint)
        return
    said = bounces_in(message)
    if said is None:
        if _is_reply_of_a_machine(message):
            return
        said = failures_in(message)
    if not said:
        return
    for number, one in enumerate(said[:MOST_RECIPIENTS]):
        kind = HardBounce if one.is_gone else SoftBounce
        yield _event(kind, report, one, number)


def _complaints(report: _Report, said: Said) -> Iterator[Event]:
    if said.is_spam:
        yield _event(Complaint, report, said, 0)


def _event(kind: type[Event], report: _Report, said: Said, number: int) -> Event:
    if not said.message_id:
        raise UnclearReportError("It does not say which mail it is about.")
    return kind(
        provider=MAILBOX,
        event_id=f"{report.name} {number}",
        recipient=one_line(said.recipient),
        message_id=said.message_id,
        at=report.at,
        diagnostic=one_line(said.diagnostic),
    )


def _is_reply_of_a_machine(message: Message) -> bool:
    """Whether nobody is meant to act on it: RFC 3834, and what was usual before."""
    submitted = header(message, "Auto-Submitted").lower()
    if submitted.startswith("auto-replied"):
        return "X-Failed-Recipients" not in message
    names = ("X-Autoreply", "X-Autorespond", "X-Autoresponder")
    return any(name in message for name in names)
