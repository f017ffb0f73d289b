"""What a mail server's answer means: for this address, for its domain, or for everybody.

RFC 5321 says what the codes are, RFC 3463 what the three numbers after one are.
"""

import re
from enum import StrEnum

from store.errors import StoreError
from store.mail.mailer import MailPutOffError, MailRefusedError, Reach

CLOSING = 421
"""The server closes the connection, whatever it was asked."""
ANSWER_LENGTH = 300
_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})\b")
_NO_SUCH_MAILBOX = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
"""No such mailbox, no such domain, no address, moved away, a domain that takes no mail."""
_THIS_MAILBOX, _THIS_SYSTEM = "4.2.", "4.3."


class Stage(StrEnum):
    SENDER = "sender"
    RECIPIENT = "recipient"
    WORDS = "words"


def refusal(stage: Stage, code: int, words: bytes | str) -> StoreError:
    """Return what an answer that is no yes means."""
    said = answer(code, words)
    enhanced = _enhanced(said)
    # Who refuses the sender, closes the door or speaks in riddles takes nothing that we bring.
    is_general = code < 400 or code == CLOSING or stage is Stage.SENDER
    if is_general or enhanced.startswith(_THIS_SYSTEM):
        return MailPutOffError(said, Reach.RELAY)
    if code >= 500:
        return MailRefusedError(said, is_unknown_mailbox=enhanced in _NO_SUCH_MAILBOX)
    is_alone = stage is Stage.RECIPIENT and enhanced.startswith(_THIS_MAILBOX)
    return MailPutOffError(said, Reach.MAILBOX if is_alone else Reach.DOMAIN)


def answer(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"[:ANSWER_LENGTH]


def without_address(said: str, recipient: str) -> str:
    """Return what was said without naming whom it was said of: it is kept when she is erased."""
    return re.sub(re.escape(recipient), "…", said, flags=re.IGNORECASE)


def _enhanced(said: str) -> str:
    found = _ENHANCED.match(said.partition(" ")[2])
    return found[0] if found else ""
