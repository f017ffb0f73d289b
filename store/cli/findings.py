"""What a look of `store doctor` has found, in words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look has found; mend says what to do, and is empty where nothing is.

    is_open: it cannot be told from here, so that somebody may want to look.
    """

    about: str
    words: str
    mend: str = ""
    is_open: bool = False
