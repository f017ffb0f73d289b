"""What stands under a story and why, as finished values: the answer of the matching."""

from dataclasses import dataclass
from enum import StrEnum


class Ground(StrEnum):
    """Why a product stands under a story, strongest first."""

    EDITOR = "editor"
    """Named in the story's own attribute."""
    PINNED = "pinned"
    """Pinned by staff to this story, its section or one of its tags."""
    MATCHED = "matched"
    BESTSELLER = "bestseller"


class QuietGround(StrEnum):
    """Why nothing is sold under a story."""

    EDITOR = "editor"
    TOPIC = "topic"
    """Words of the built-in list or of the staff's own."""
    SILENCED = "silenced"
    """The master switch."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One product, why it was picked, and the words of the story that spoke for it."""

    product_id: int
    ground: Ground
    words: tuple[str, ...] = ()
    """As the story spells them; empty for what no word decided."""
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Quiet:
    ground: QuietGround
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """The products of a story in order, or why there are none."""

    picks: tuple[Pick, ...] = ()
    quiet: Quiet | None = None
    unknown_products: tuple[str, ...] = ()
    """Handles that the editor named and that are not for sale or do not exist."""
