"""Draws the picture that social networks show beside a link to a product: its picture, its title.

No price stands on it: networks keep such a picture for weeks.
"""

import json
import re
import threading
from dataclasses import asdict, dataclass
from hashlib import sha256

from store.media.originals import original_name
from store.media.storage import MediaStore

DRAWING = 1
"""Rises when cards are drawn in another way: then each has another name."""
DRAWABLE = frozenset(range(0x20, 0x180)) | {
    *(0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026, 0x20AC)
}
"""The letters that the face holds; a title with others is not drawn, rather than in boxes."""

_digest = re.compile(r"[0-9a-f]{32}")

# Drawing is hungry: two at once would double what a process needs at its peak.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class CardWords:
    """All that a card is made of, beside the face."""

    brand: str
    title: str
    hue: str
    content_hash: str

    @property
    def digest(self) -> str:
        """The name of this very card: other words or another picture have another."""
        made_of = json.dumps([DRAWING, asdict(self)], sort_keys=True)
        return sha256(made_of.encode()).hexdigest()[:32]

    @property
    def can_be_drawn(self) -> bool:
        return bool(self.content_hash) and all(
            ord(letter) in DRAWABLE for letter in self.brand + self.title
        )


def card_name(digest: str) -> str:
    return f"cards/{digest[:2]}/{digest}.jpg"


def kept_card(digest: str, media: MediaStore) -> bytes | None:
    """Return a card that was drawn once, also of a product that is called otherwise by now."""
    return media.get(card_name(digest)) if _digest.fullmatch(digest) else None


def drawn_card(words: CardWords, media: MediaStore, face: bytes | None) -> bytes | None:
    """Return the card, drawn if nobody asked for it before; None without the picture's original.

    Without a face a plain one stands in.
    """
    name = card_name(words.digest)
    with _one_at_a_time:
        known = media.get(name)
        if known is not None:
            return known
        original = media.get(original_name(words.content_hash))
        if original is None:
            return None
        # Imported by whoever draws: most pages name a card that is kept already.
        from store.media.card_drawing import draw

        card = draw(words.brand, words.title, words.hue, original, face)
        media.put(name, card)
        return card
