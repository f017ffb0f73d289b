"""Tells a mailbox that is gone from a mail that did not arrive this time."""

import re

# RFC 3463 and its registry: the mailbox or its domain is not there, moved, or is switched off.
GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
# 5.7.1 and the like mean us, not the mailbox: whoever blocks us today reads us tomorrow.
_status = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_reply = re.compile(r"(?<![\d.])([45])\d\d(?=[ -])")
_nobody = re.compile(
    r"user (?:is )?unknown|unknown (?:user|recipient|local|address|mailbox)|no such (?:user|person"
    r"|recipient|mailbox|address)|(?:user|mailbox|address|recipient|account)[^.\n]{0,40}(?:does not"
    r" exist|doesn[’']t exist|not found|n[’']t found|not known|no longer|is disabled|is inactive"
    r"|has been disabled)|no mailbox here by that name|recipient ?not ?found|invalid (?:recipient"
    r"|mailbox)|recipient address rejected: access denied|unrouteable address|domain not found"
    r"|host or domain name not found|nullmx|does not accept mail",
    re.IGNORECASE,
)
_passing = re.compile(
    r"quota|mailbox (?:is )?full|over ?quota|try again|temporar|greylist|rate limit|too many"
    r"|spam|blocked|blacklist|blocklist|reputation|policy|dmarc|timed? ?out",
    re.IGNORECASE,
)


def status_in(text: str) -> str:
    """Return the enhanced status code of RFC 3463 that stands in a text, or nothing."""
    found = _status.search(text)
    return ".".join(str(int(part)) for part in found.groups()) if found else ""


def is_gone(status: str, words: str) -> bool:
    """Whether the address takes no mail any more; in doubt it does.

    status: such as 5.1.1, or nothing where none was given.
    """
    code = status_in(status) or status_in(words)
    reply = _reply.search(words)
    if code.startswith(("2", "4")) or (not code and reply and reply[1] == "4"):
        return False
    if code in GONE:
        return True
    return bool(_nobody.search(words)) and not _passing.search(words)
