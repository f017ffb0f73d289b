"""What a person agrees to when she signs up, word for word, and by which version it was."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

WORDING = "2026-11-26"
"""Raise it whenever a word of the consent changes, and leave the words before where they are."""
CONSENTS: Mapping[str, LazyString] = {
    WORDING: _l(
        "%(name)s mails you what is new, on sale or back, about twice a month."
        " We first send one mail to ask whether it was you. Leave with one click."
    ),
    "2026-11": _l(
        "%(name)s mails you when something new comes out, about twice a month."
        " We first send one mail to ask whether it was you. Leave with one click."
    ),
}
"""Every version that some page may still show; the ledger keeps the words that were agreed to."""
WORDINGS = frozenset(CONSENTS)


@dataclass(frozen=True, slots=True)
class BoxWords:
    """The words of a signup box; page, footer, widget and fragment print the same."""

    heading: str
    label: str
    button: str
    consent: str
    privacy: str
    wording: str
    done: str
    failed: str


def box_words(brand_name: str) -> BoxWords:
    return BoxWords(
        heading=_("New in the shop, by mail"),
        label=_("Email"),
        button=_("Sign me up"),
        consent=consent_words(WORDING, brand_name),
        privacy=_("Privacy"),
        wording=WORDING,
        done=answer(),
        failed=_("That did not reach us. Try again in a moment."),
    )


def consent_words(version: str, brand_name: str) -> str:
    """Return what a box of this version says; nothing for a version that is none of ours."""
    found = CONSENTS.get(version)
    return str(found) % {"name": brand_name} if found else ""


def answer() -> str:
    """Return the one answer to every signup: it tells nobody who is on the list."""
    words: str = _(
        "Look into your mailbox: we have sent a mail that asks whether it was you."
        " If none comes, look into the spam folder, or ask again tomorrow."
    )
    return words
