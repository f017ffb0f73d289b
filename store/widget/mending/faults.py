"""What is wrong at one place of a story, and how to mend it."""

from dataclasses import dataclass

SHOWN = 80
"""Characters of somebody's value that a sentence repeats."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An attribute or another place on the page, and a sentence for its editor."""

    at: str
    words: str
