"""Makes the widths and formats that pages ask for, once for each picture."""

import re
import threading
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from enum import StrEnum

from store.errors import NotFoundError
from store.media.originals import original_name
from store.media.storage import MediaStore

WIDTHS = (160, 320, 480, 640, 960, 1280)
CARD_SIZE = (1200, 630)
"""What social networks show beside a link: https://ogp.me/, in the ratio that they agree on."""

# Encoders are hungry: two pictures at once would double what a process needs at its peak.
_one_at_a_time = threading.Lock()
_name = re.compile(r"[0-9a-f]{2}/([0-9a-f]{64})-(?:card\.jpg|(?:[0-9]{3,4})\.(?:webp|avif))")


class Format(StrEnum):
    WEBP = "webp"
    AVIF = "avif"


def rendition_name(content_hash: str, width: int, format: str) -> str:  # noqa: A002 - the word
    """Return such as ab/abcd…-640.avif; width is one of WIDTHS, format webp or avif."""
    return f"{content_hash[:2]}/{content_hash}-{width}.{Format(format)}"


def social_card_name(content_hash: str) -> str:
    """Return where the 1200 × 630 JPEG for links in social networks lies."""
    return f"{content_hash[:2]}/{content_hash}-card.jpg"


def rendition_names(content_hash: str) -> list[str]:
    """Return every name that pages may use of a picture, the larger widths first."""
    widths = sorted(WIDTHS, reverse=True)
    names = [rendition_name(content_hash, width, format_) for width in widths for format_ in Format]
    return [*names, social_card_name(content_hash)]


def make_renditions(
    content_hash: str, media: MediaStore, names: Collection[str] | None = None
) -> None:
    """Make what is missing of all widths in both formats, and the social card; or of some names.

    Nothing is enlarged: a width beyond the original's holds the picture at its own width, so
    that every name answers. Raises NotFoundError when the original is not there.
    """
    every = rendition_names(content_hash)
    wanted = every if names is None else [name for name in every if name in names]
    with _one_at_a_time:
        missing = {name for name in wanted if not media.exists(name)}
        if missing:
            _make(content_hash, missing, media)


def make_on_demand(name: str, media: MediaStore) -> bytes | None:
    """Return a rendition that a page names before it was made; None when it can be no picture's.

    A picture has only so many names, and each is made once: asking for more costs nobody.
    """
    match = _name.fullmatch(name)
    if match is None or name not in rendition_names(match[1]):
        return None
    try:
        make_renditions(match[1], media, [name])
    except NotFoundError:
        return None
    return media.get(name)


def _make(content_hash: str, missing: AbstractSet[str], media: MediaStore) -> None:
    # Imported by whoever makes pictures: who only names them, as pages do, needs no Pillow.
    from store.media.scaling import reduced, social_card, written_widths

    original = media.get(original_name(content_hash))
    if original is None:
        raise NotFoundError("the picture's original is not in the media store")
    picture = reduced(original, WIDTHS[-1])
    names: dict[tuple[int, str], str] = {
        (width, format_): name
        for width in WIDTHS
        for format_ in Format
        if (name := rendition_name(content_hash, width, format_)) in missing
    }
    for form, content in written_widths(picture, names):
        media.put(names[form], content)
    card = social_card_name(content_hash)
    if card in missing:
        media.put(card, social_card(picture, CARD_SIZE))
