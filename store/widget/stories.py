"""What a card is asked about: one story, as its own page describes it in public."""

from dataclasses import dataclass

LONGEST_TITLE = 300
LONGEST_SECTION = 120
LONGEST_TAG = 80
MOST_TAGS = 30
MOST_PRODUCTS = 4
LONGEST_HANDLE = 160


@dataclass(frozen=True, slots=True)
class Story:
    """A story whose words are bounded and whose address is in normal form."""

    url: str = ""
    """Empty when none was given or what was given is no web address."""
    title: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    """Handles that the editor of the story chose herself, in her order."""
    is_quiet: bool = False
    """The editor's own word; nothing is sold under it."""
    count: int = 3
    """How many products there is room for, 0 to 4."""
