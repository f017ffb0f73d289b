"""Which mail of ours a report brings back: its Message-ID, wherever servers put it."""

import re
from email.message import Message

from store.newsletter.bounces.events import message_id_in
from store.newsletter.bounces.parts import header, parts_of, text_of

_in_text = re.compile(r"^[ \t>]*Message-ID:[ \t]*(<[^\s<>]{3,250}>)", re.IGNORECASE | re.MULTILINE)


def original_id(report: Message) -> str:
    """Return the Message-ID of the mail that is reported on, or nothing.

    The report's own comes last of all: it is none of ours, and only prose quotes without parts.
    """
    parts = list(parts_of(report))
    for part in parts[1:]:
        # The mail itself, as a part of its own; the parts of a report have no such header.
        if named := message_id_in(header(part, "Message-ID")):
            return named
    for part in parts:
        if named := _quoted(text_of(part)):
            return named
    # Exchange and Gmail answer the mail that they could not deliver.
    answered = header(report, "References").split()[-1:]
    for words in (
        header(report, "X-Original-Message-ID"),
        header(report, "In-Reply-To"),
        *answered,
    ):
        if named := message_id_in(words):
            return named
    return ""


def _quoted(text: str) -> str:
    found = _in_text.search(text)
    return message_id_in(found[1]) if found else ""
