"""What a reader agrees to who has her cart mailed to her, word for word, by its version."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from store.settings import Settings

WORDING = "left-cart-2026-11"
"""Raise it whenever a word of the consent changes: the ledger names the version agreed to."""
WORDINGS = frozenset({WORDING})
"""Every version that some page may still show."""


@dataclass(frozen=True, slots=True)
class LinkWords:
    heading: str
    consent: str
    more: str
    button: str
    wording: str


def link_words(settings: Settings) -> LinkWords:
    hours, days = settings.left_cart_hours, settings.left_cart_days
    return LinkWords(
        heading=_("Not today? Have this cart mailed to you"),
        consent=ngettext(
            "Yes, mail me a link to this cart, once, if I have not paid one hour from now.",
            "Yes, mail me a link to this cart, once, if I have not paid %(num)s hours from now.",
            hours,
        ),
        more=_(
            "One mail under a subject that says nothing, and no other. It leads back to this cart"
            " from any device. After %(days)s days we forget the address.",
            days=days,
        ),
        button=_("Mail it to me"),
        wording=WORDING,
    )
