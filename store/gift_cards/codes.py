"""What the code of a gift card looks like, and the hash by which it is found again."""

import secrets
import unicodedata

from store.keyed import kept_hash
from store.settings import Settings

# pragma: allowlist nextline secret - the signs of which codes are made
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""None that is taken for another one: five bits each."""
LENGTH = 16
"""Eighty bits: nobody finds a code by trying."""
GROUP = 4
# Nobody's code holds these, so whoever types one has misread the other.
_MISREAD = str.maketrans({"1": "L", "I": "L", "0": "Q", "O": "Q"})


def new_code() -> str:
    """Return a code without its dashes."""
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def printed(code: str) -> str:
    """Return a code as people read it, in groups of four."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read_code(typed: str) -> str:
    """Return what was typed as a code, however it is spaced; "" where it cannot be one."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    code = "".join(sign for sign in folded if sign.isalnum()).translate(_MISREAD)
    return code if len(code) == LENGTH and set(code) <= set(SIGNS) else ""


def hash_of(code: str, settings: Settings) -> str:
    return kept_hash(settings, "gift-card", code).hex()
