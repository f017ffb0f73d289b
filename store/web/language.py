"""Which language pages are written in, and our words in it: each looked up once and then kept."""

from functools import cache, lru_cache

from babel import Locale
from flask import g
from flask_babel import get_locale, get_translations

MESSAGES_HELD = 4096
NOTED = "_flask_babel"
"""Where Flask-Babel notes on `g` what it found; without it we ask as everybody does."""
_g_of_now = g._get_current_object  # noqa: SLF001 - as Werkzeug offers it; each look by proxy costs


@cache
def shop_language() -> Locale:
    """Return the language that ships; cards ask for another one by `force_locale`."""
    # Flask-Babel would parse it for each request, and two equal locales compare slowly.
    return Locale("en")


def language_now() -> Locale | None:
    """Return what `get_locale` answers, at a fraction of its cost: a page asks a hundred times."""
    try:
        noted = _g_of_now().get(NOTED)
    except RuntimeError:
        # Outside of an application nobody has noted anything.
        noted = None
    known: Locale | None = getattr(noted, "babel_locale", None) or get_locale()
    return known


def gettext(message: str, /, **variables: object) -> str:
    """Return our words in the language of the page, as Flask-Babel's own does."""
    pattern = pattern_in(language_now(), message)
    return pattern % variables if variables else pattern


@lru_cache(maxsize=MESSAGES_HELD)
def pattern_in(_language: Locale | None, message: str) -> str:
    """Return the words before anything is filled in; the language must be the one of now."""
    found: str = get_translations().ugettext(message)
    return found
