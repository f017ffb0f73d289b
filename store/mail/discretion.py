"""Which words on the outside of a mail or a parcel would tell others who the shop is."""

import re

from store.settings import Settings

_WORD = re.compile(r"\w+")
SMALL_WORDS = frozenset("a an and at by for from in of on or the to with".split())


def revealing_words(text: str, settings: Settings) -> list[str]:
    """Return the words of a text that are words of the brand's name, as they were written.

    The plain sender may share some with it: those tell nothing that the sender does not.
    """
    plain = _words(settings.brand_sender) if text != settings.brand_sender else set()
    telling = _words(settings.brand_name) - plain - SMALL_WORDS
    found = (word for word in _WORD.findall(text) if word.casefold() in telling)
    return list(dict.fromkeys(found))


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}
