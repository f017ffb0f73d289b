"""The parts of a mail that came back, taken carefully: whoever wrote it may have meant harm."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

MOST_PARTS = 60
LONGEST_TEXT = 100_000


@dataclass(frozen=True, slots=True)
class Said:
    """What a report says of one recipient."""

    recipient: str
    message_id: str
    diagnostic: str = ""
    is_gone: bool = False
    is_spam: bool = False


def parts_of(message: Message) -> Iterator[Message]:
    """Yield the message and its parts in their order; bounded, and never deeper than the stack."""
    waiting, number = [message], 0
    while waiting and number < MOST_PARTS:
        part = waiting.pop(0)
        number += 1
        yield part
        inner = part.get_payload()
        if isinstance(inner, list):
            waiting[:0] = [one for one in inner if isinstance(one, Message)]


def header(message: Message, name: str) -> str:
    """Return a header as text; empty where it is missing."""
    return str(message.get(name, ""))


def text_of(part: Message) -> str:
    """Return the words of a part that has some."""
    if part.is_multipart() or part.get_content_maintype() not in {"text", "message"}:
        return ""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    charset = part.get_content_charset("utf-8")
    try:
        return content[:LONGEST_TEXT].decode(charset, "replace")
    except (LookupError, ValueError):
        return content[:LONGEST_TEXT].decode("utf-8", "replace")


def after_type(field: str) -> str:
    """Return the address in fields such as `rfc822; reader@example.org`."""
    _kind, separator, rest = field.partition(";")
    return (rest if separator else field).strip().strip("<>").strip()
