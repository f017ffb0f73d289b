"""Makes the part of an address that names a product or a collection."""

import unicodedata

LONGEST_HANDLE = 160
"""Characters; orders keep a copy of it that is as long."""
RESERVED = frozenset({"suggest"})
"""What no product is called: beside the addresses of products these are the shop's own."""


def slugify(text: str, longest: int | None = LONGEST_HANDLE) -> str:
    """Return letters and digits of any script in lower case, with hyphens between words.

    Empty when the text holds neither. Accents stay: readers' browsers show them as written.
    """
    normal = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).lower())
    kept = "".join(char if _is_part_of_word(char) else " " for char in normal)
    return "-".join(filter(_is_word, kept.split()))[:longest].rstrip("-")


def _is_word(part: str) -> bool:
    # Marks alone, such as what makes a flag of an emoji, are nothing that anybody could read.
    return any(unicodedata.category(char)[0] in "LN" for char in part)


def _is_part_of_word(char: str) -> bool:
    # Marks are letters' vowels in many scripts.
    return unicodedata.category(char)[0] in "LMN"
