"""Reads whole numbers that somebody else wrote: in forms, in addresses, in links."""

MOST_DIGITS = 9
"""So many that every column holds it: those of PostgreSQL end at 2,147,483,647."""


def whole_number(typed: str) -> int | None:
    """Return a number written in plain digits; None for anything else, and for one too large."""
    # isdigit() alone is true for "²", which int() refuses.
    is_plain = typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS
    return int(typed) if is_plain else None
