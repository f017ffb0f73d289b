"""Which language pages are written in: one object, so that what is kept by it is found at once."""

from functools import cache

from babel import Locale


@cache
def shop_language() -> Locale:
    """Return the language that ships; cards ask for another one by `force_locale`."""
    # Flask-Babel would parse it for each request, and two equal locales compare slowly.
    return Locale("en")
