"""Complaints as RFC 5965 has them: a reader's provider tells that she called a mail spam."""

from email.message import Message

from store.newsletter.bounces.events import one_line
from store.newsletter.bounces.original import original_id
from store.newsletter.bounces.parts import Said, after_type, header, parts_of

FEEDBACK = "message/feedback-report"
SPAM = frozenset({"abuse", "fraud", "virus", "opt-out", "opt-out-list", "other", ""})
"""What a reader means by it; not-spam is the contrary, auth-failure (RFC 6591) no reader's."""


def complaint_in(report: Message) -> Said | None:
    """Return who complained about which mail; None where it is no such report."""
    part = next((p for p in parts_of(report) if p.get_content_type() == FEEDBACK), None)
    if part is None:
        return None
    fields = _fields(part)
    kind = header(fields, "Feedback-Type").strip().lower()
    teller = header(fields, "User-Agent") or header(fields, "Reporting-MTA")
    recipient = header(fields, "Original-Rcpt-To") or header(fields, "Removal-Recipient")
    return Said(
        recipient=after_type(recipient),
        message_id=original_id(report),
        diagnostic=one_line(f"{kind} {teller}"),
        is_spam=kind in SPAM,
    )


def _fields(part: Message) -> Message:
    """Return what the part says; the standard library takes it for a mail inside a mail."""
    inner = part.get_payload()
    if isinstance(inner, list) and inner and isinstance(inner[0], Message):
        return inner[0]
    return part
