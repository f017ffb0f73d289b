"""Says when what is sold ahead leaves: pages, carts, orders and mails use the same words."""

from datetime import date, timedelta

from babel import Locale
from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _

YEAR_UNDERSTOOD = timedelta(days=300)
"""Nearer than this nobody wonders which January is meant."""


def ships_words(day: date | None, today: date) -> str:
    """Return the words for this day; one that has passed is told nobody any more."""
    if day is None or day < today:
        return str(_("Pre-order – ships as soon as it is here"))
    return str(_("Pre-order – ships about %(day)s", day=day_words(day, today)))


def day_words(day: date, today: date) -> str:
    """Return the day without its year, where nobody wonders which year is meant."""
    pattern = "d MMMM" if abs(day - today) < YEAR_UNDERSTOOD else "d MMMM y"
    return format_date(day, pattern, locale=get_locale() or Locale("en"))
