"""Delivery reports as RFC 3464 has them: a part for machines, one block for each recipient."""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32

from store.newsletter.bounces.events import UnclearReportError, one_line
from store.newsletter.bounces.original import original_id
from store.newsletter.bounces.parts import Said, after_type, header, parts_of
from store.newsletter.bounces.severity import is_gone

DELIVERY_STATUS = ("message/delivery-status", "message/global-delivery-status")
FAILED = "failed"
_blank_line = re.compile(r"\r?\n[ \t]*\r?\n")
HARMLESS = frozenset({"delayed", "delivered", "relayed", "expanded"})


def bounces_in(report: Message) -> list[Said] | None:
    """Return what did not arrive; an empty list where all did, None where it is no such report."""
    status = next((p for p in parts_of(report) if p.get_content_type() in DELIVERY_STATUS), None)
    if status is None:
        return None
    blocks = list(_blocks(status))
    if not blocks:
        raise UnclearReportError("Its part for machines names no recipient.")
    failed = [block for block in blocks if _action(block) not in HARMLESS]
    about = original_id(report) if failed else ""
    return [_said(block, about) for block in failed]


def _blocks(status: Message) -> Iterator[Message]:
    """Yield the blocks that speak of a recipient; the first speaks of the mail as a whole."""
    inner = status.get_payload()
    for block in inner if isinstance(inner, list) else []:
        if not isinstance(block, Message):
            continue
        if _has_recipient(block):
            yield block
        # RFC 6533's type is not known to the library, which takes the blocks for a mail's text.
        rest = block.get_payload()
        if isinstance(rest, str) and "recipient:" in rest.lower():
            for piece in _blank_line.split(rest):
                if _has_recipient(parsed := HeaderParser(policy=compat32).parsestr(piece)):
                    yield parsed


def _has_recipient(block: Message) -> bool:
    return "Final-Recipient" in block or "Original-Recipient" in block


def _action(block: Message) -> str:
    action = header(block, "Action").strip().lower()
    # Some leave it out; what they report then is a failure by its status.
    if not action:
        return "delayed" if header(block, "Status").strip().startswith(("2", "4")) else FAILED
    return action.split()[0]


def _said(block: Message, about: str) -> Said:
    recipient = header(block, "Original-Recipient") or header(block, "Final-Recipient")
    diagnostic = one_line(header(block, "Diagnostic-Code"))
    status = header(block, "Status").strip()
    return Said(
        recipient=after_type(recipient),
        message_id=about,
        diagnostic=one_line(f"{status} {after_type(diagnostic)}"),
        is_gone=is_gone(status, diagnostic),
    )
