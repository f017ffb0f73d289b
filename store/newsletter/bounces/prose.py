"""Delivery reports in prose, as servers wrote them before RFC 3464 and some write them still."""

import re
from collections.abc import Iterator
from email.message import Message
from email.utils import getaddresses

from store.newsletter.bounces.events import UnclearReportError, one_line
from store.newsletter.bounces.original import original_id
from store.newsletter.bounces.parts import Said, header, parts_of, text_of
from store.newsletter.bounces.severity import is_gone, status_in

_daemon = re.compile(r"mailer-daemon|postmaster|mail delivery|<>", re.IGNORECASE)
_failed = re.compile(
    r"undeliver|not be delivered|could not be delivered|couldn[’']t be delivered|delivery"
    r" (?:to[^\n]{0,80})?(?:has )?failed|returned mail|failure notice|delivery (?:status"
    r" notification \(failure\)|failure)|permanent error|permanently|wasn[’']t able to deliver",
    re.IGNORECASE,
)
_delayed = re.compile(r"delayed|still being retried|will be retried|warning only", re.IGNORECASE)
_recipient = re.compile(r"<?([^\s<>:;,\"'()]{1,64}@[^\s<>:;,\"'()]{1,250}[^\s<>:;,\"'().])>?")
_begins_original = re.compile(
    r"^(?:-{2,} ?(?:This is a copy|Below this line|Original message|The original|Forwarded)|"
    r"Return-Path:|Received:)",
    re.IGNORECASE | re.MULTILINE,
)
LETTER = "It is no delivery report: a person may have written it."
LONGEST_REASON = 1_000


def failures_in(message: Message) -> list[Said]:
    """Return what did not arrive; an empty list where it is tried again.

    Raises UnclearReportError for what is no report, or none that can be read.
    """
    words = "\n".join(text_of(part) for part in parts_of(message))
    subject = header(message, "Subject")
    if not _is_report(message, f"{subject}\n{words}"):
        raise UnclearReportError(LETTER, is_letter=True)
    notice = _begins_original.split(words, maxsplit=1)[0]
    if _delayed.search(f"{subject}\n{notice}") and "X-Failed-Recipients" not in message:
        return []
    recipient = next(_recipients(message, notice), "")
    if not recipient:
        raise UnclearReportError("It says that something failed, and not for whom.")
    # Each mail of ours goes to one address; what else is named is whom to ask.
    return [_said(recipient, notice, original_id(message))]


def _is_report(message: Message, words: str) -> bool:
    if "X-Failed-Recipients" in message:
        return True
    is_daemon = _daemon.search(header(message, "From")) or _daemon.search(
        header(message, "Return-Path")
    )
    return bool(is_daemon) and bool(_failed.search(words))


def _recipients(message: Message, notice: str) -> Iterator[str]:
    """Yield addresses that may have failed: as a header of Exim names them, or as the text does."""
    named = [address for _name, address in getaddresses([header(message, "X-Failed-Recipients")])]
    written = (found[1] for found in _recipient.finditer(notice))
    for address in (*filter(None, named), *written):
        if not _daemon.search(address):
            yield address


def _said(recipient: str, notice: str, about: str) -> Said:
    at = notice.find(recipient)
    reason = notice[max(at, 0) :][:LONGEST_REASON].removeprefix(recipient)
    return Said(
        recipient=recipient,
        message_id=about,
        diagnostic=one_line(reason.lstrip(">: \n")),
        is_gone=is_gone(status_in(reason), reason),
    )
