"""The sentences that the shop says of itself."""

from datetime import datetime

from flask_babel import format_datetime
from flask_babel import gettext as _


def closed_words(until: datetime | None, words: str) -> str:
    """Say that nothing can be bought now, and until when; staff's own words come first."""
    if until is None:
        told: str = _("The shop is closed for now. Look around; your cart is kept.")
    else:
        # Flask-Babel prints moments in the shop's zone.
        day = format_datetime(until, "EEEE d MMMM, h:mm a").replace("\u202f", " ")
        told = _("The shop is closed until %(day)s. Look around; your cart is kept.", day=day)
    return f"{words} {told}".strip()
