"""What a reader agrees to who leaves her address in the queue, word for word, by its version."""

from flask_babel import gettext as _

WORDING = "last-unit-2026-11"
"""Raise it whenever a word of the consent changes: the ledger names the version agreed to."""
WORDINGS = frozenset({WORDING})
"""Every version that some page may still show."""


def consent_words() -> str:
    words: str = _(
        "Without an address this browser keeps your place, and your cart shows it. With one we mail"
        " you when it is your turn, or when it is over, under a subject that says nothing; then we"
        " forget the address."
    )
    return words
