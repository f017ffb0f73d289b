"""What a person agrees to when she asks to be told, word for word, and by which version it was."""

from dataclasses import dataclass

from flask_babel import gettext as _

WORDING = "stock-2026-11"
"""Raise it whenever a word of the consent changes: the ledger names the version agreed to."""
WORDINGS = frozenset({WORDING})
"""Every version that some page may still show."""


@dataclass(frozen=True, slots=True)
class StockWords:
    heading: str
    label: str
    button: str
    consent: str
    privacy: str
    wording: str


def stock_words() -> StockWords:
    return StockWords(
        heading=_("Tell me when it is back"),
        label=_("Email"),
        button=_("Tell me"),
        consent=consent_words(),
        privacy=_("Privacy"),
        wording=WORDING,
    )


def consent_words() -> str:
    words: str = _(
        "One mail when it is back, under a subject that says nothing, and none after it."
        " We may first ask whether it was you. Then, or after ninety days, we forget the"
        " address."
    )
    return words


def answer() -> str:
    """Return the one answer to everybody who asks: it tells nobody who is known here."""
    words: str = _(
        "Noted. If we do not know your address yet, a mail asks whether it was you: look into"
        " your mailbox, and into the spam folder. Nothing is held for you; who asked first is told"
        " first."
    )
    return words
